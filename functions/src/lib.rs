//! Every operation of the contract as a handler, and what all of them share at the edge.
//!
//! A handler turns a request into an operation of `owp_logic`, has it decided and committed, and turns the outcome into an
//! answer. It holds no scheduling rule and no database call. The same handlers are Lambda functions (`src/bin`) and
//! routes of the bundled server.

pub mod app;
pub mod audit;
pub mod auth;
pub mod books;
pub mod clock;
pub mod edge;
pub mod embedded;
pub mod endpoints;
mod figures;
pub mod github;
pub mod input;
pub mod lambda;
mod latest;
pub mod limits;
pub mod live;
mod logs;
pub mod meters;
pub mod operation;
mod paging;
pub mod problem;
mod quiet_hours;
pub mod schema;
mod search;
pub mod settings;
pub mod stores;
mod task_refs;
pub mod tokens;
mod views;
mod vouched;
mod yaml;

pub use app::{App, Route, router};
pub use problem::Problem;
pub use settings::Settings;
