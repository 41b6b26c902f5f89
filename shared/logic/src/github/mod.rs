//! The rules of what GitHub tells and is told: which issue is a task and what its labels say, what of a text is kept,
//! which pull request may come in, and what is written back.
//!
//! Pure like everything here: who asks GitHub, and how, is `shared/github`, which brings what it hears into the words of
//! [`seen`].

pub mod admission;
pub mod comment;
pub mod labels;
pub mod policy;
pub mod seen;
pub mod text;
pub mod ticket;

pub use admission::{CHECK_NAME, Case, Ticket, judge, tell_policy_faults};
pub use labels::{LabelFault, TaskLabels};
pub use policy::{AdmissionMode, POLICY_BYTES_MAX, POLICY_PATH, Place, Policy, PolicyFault};
pub use seen::{
    ChangedFile, Check, Conclusion, Delivery, Event, Issue, IssueEvent, PullRequest, PullRequestEvent, PullState, Push,
    Review, ReviewEvent, ReviewVerdict,
};
pub use text::{Accepted, accept};
