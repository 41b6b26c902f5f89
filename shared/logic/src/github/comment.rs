//! What the pool says on an issue and on a pull request: one comment on each, a function of how the task stands. It changes
//! when that changes, and not with every renewal of a lease.

use crate::github::text::clean_line;
use crate::record::{Task, Worker};
use owp_wire::TaskState;

/// The label that an issue has while its task is in such a state; `pool:ready` is the maintainer's own and stays.
pub fn label_of(state: TaskState) -> Option<&'static str> {
    match state {
        TaskState::Leased | TaskState::InProgress | TaskState::Blocked | TaskState::ChangesRequested => {
            Some("pool:in-progress")
        }
        TaskState::PrOpened => Some("pool:in-review"),
        TaskState::Failed | TaskState::NeedsInfo => Some("pool:needs-maintainer"),
        TaskState::Waiting
        | TaskState::Ready
        | TaskState::Offered
        | TaskState::Merged
        | TaskState::Closed
        | TaskState::Cancelled => None,
    }
}

/// By what the comment about a task is known again. Nobody sees it.
pub fn marker(task: &Task) -> String {
    format!("<!-- owp-pool:{} -->", task.id.0)
}

/// On the issue that a task was made of. Nothing before anybody took it: a thousand imported issues are no thousand
/// comments.
pub fn on_issue(task: &Task, worker: Option<&Worker>) -> Option<String> {
    if task.attempts.is_empty() && task.source.as_ref().is_none_or(|source| source.edited_at.is_none()) {
        return None;
    }
    let who = worker.map_or_else(|| "Somebody".to_owned(), called);
    let number = task.pull_request.as_ref().map(|pull| pull.number);
    let pull = number.map(|number| format!(" in #{number}")).unwrap_or_default();
    let stands = match task.state {
        TaskState::Leased | TaskState::InProgress => format!("{who} is working on this."),
        TaskState::Blocked => format!("{who} is working on this, and waits for something."),
        TaskState::PrOpened => format!("{who} has opened a pull request{pull}, which waits for review."),
        TaskState::ChangesRequested => format!("Reviewers asked {who} for changes{pull}."),
        TaskState::Merged => format!("Done by {who}{pull}. Thank you!"),
        TaskState::Closed => {
            let which = number.map(|number| format!(" #{number}")).unwrap_or_default();
            format!("The pull request{which} was closed or taken back. A maintainer may requeue the task.")
        }
        TaskState::Ready | TaskState::Offered => "This is free for the next contributor.".to_owned(),
        TaskState::Waiting => "This waits for other tasks to be merged.".to_owned(),
        TaskState::Failed => {
            "Every attempt came to nothing. A maintainer may requeue the task, or cut it smaller.".to_owned()
        }
        TaskState::NeedsInfo => {
            "Two contributors called the text unclear. A maintainer may mend it and requeue the task.".to_owned()
        }
        TaskState::Cancelled => "This was taken out of the pool.".to_owned(),
    };
    Some(format!("{}\n{stands}{}\n{}", marker(task), edited(task), signed(task)))
}

/// On the pull request for a task, with the credit for whose work it is.
pub fn on_pull_request(task: &Task, worker: &Worker) -> String {
    let who = called(worker);
    let source = task.source.as_ref().map(|source| format!(" (#{})", source.issue)).unwrap_or_default();
    let stands = match task.state {
        TaskState::ChangesRequested => "Changes were asked for; the task stays with its holder meanwhile.",
        TaskState::Merged => "Merged. Thank you!",
        TaskState::Closed | TaskState::Cancelled => "Closed; nobody holds the task any more.",
        _ => "It holds one slot of the review budget until it is merged or closed.",
    };
    let title = quoted(&task.spec.title);
    format!("{}\nThis is the work of {who} on the task {title}{source}. {stands}\n{}", marker(task), signed(task))
}

fn edited(task: &Task) -> &'static str {
    if task.source.as_ref().is_some_and(|source| source.edited_at.is_some()) {
        "\n\nThe text was edited since it was accepted, and contributors still get the accepted one. To accept the new text, \
         take the label `pool:ready` off and put it on again."
    } else {
        ""
    }
}

fn signed(task: &Task) -> String {
    format!("\n<sub>OWP Pool, task `{}`</sub>", task.id.0)
}

/// A handle is said so that its owner is told only where it is known to be its own: anybody may claim any.
fn called(worker: &Worker) -> String {
    match &worker.github_handle {
        Some(handle) if worker.handle_verified => format!("@{handle}"),
        Some(handle) => quoted(handle),
        None => quoted(&worker.name),
    }
}

/// As code, so that nothing in it is a mention, a link or a picture.
fn quoted(text: &str) -> String {
    format!("`{}`", clean_line(text).replace('`', "'"))
}
