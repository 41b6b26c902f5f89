//! The life of a task as one table, written by hand.

use owp_logic::lifecycle::{
    action_state, actions_allowed, check_action, check_report, reported_state, reports_allowed,
};
use owp_logic::{Holding, Refusal, holding_of};
use owp_wire::{ReportedStatus, TaskAction, TaskState};

struct Row {
    state: TaskState,
    takes: Holding,
    /// In the order of [`REPORTS`].
    reports: &'static str,
    /// In the order of [`ACTIONS`].
    actions: &'static str,
}

const REPORTS: [ReportedStatus; 4] =
    [ReportedStatus::InProgress, ReportedStatus::Blocked, ReportedStatus::PrOpened, ReportedStatus::Merged];

const ACTIONS: [TaskAction; 6] = [
    TaskAction::Cancel,
    TaskAction::Requeue,
    TaskAction::RequestChanges,
    TaskAction::Merge,
    TaskAction::Close,
    TaskAction::Revert,
];

const TABLE: [Row; 13] = [
    Row { state: TaskState::Waiting, takes: Holding::Nothing, reports: "----", actions: "x-----" },
    Row { state: TaskState::Ready, takes: Holding::Nothing, reports: "----", actions: "x-----" },
    Row { state: TaskState::Offered, takes: Holding::Offer, reports: "----", actions: "xx----" },
    Row { state: TaskState::Leased, takes: Holding::Lease, reports: "xxx-", actions: "xx----" },
    Row { state: TaskState::InProgress, takes: Holding::Lease, reports: "xxx-", actions: "xx----" },
    Row { state: TaskState::Blocked, takes: Holding::Lease, reports: "xxx-", actions: "xx----" },
    Row { state: TaskState::PrOpened, takes: Holding::Review, reports: "--xx", actions: "xxxxx-" },
    Row { state: TaskState::ChangesRequested, takes: Holding::Lease, reports: "xxx-", actions: "xx-xx-" },
    Row { state: TaskState::Merged, takes: Holding::Nothing, reports: "----", actions: "-----x" },
    Row { state: TaskState::Closed, takes: Holding::Nothing, reports: "----", actions: "-x----" },
    Row { state: TaskState::Failed, takes: Holding::Nothing, reports: "----", actions: "xx----" },
    Row { state: TaskState::NeedsInfo, takes: Holding::Nothing, reports: "----", actions: "xx----" },
    Row { state: TaskState::Cancelled, takes: Holding::Nothing, reports: "----", actions: "-x----" },
];

#[test]
fn reports_move_a_task_only_as_the_table_says() {
    for row in TABLE {
        for (status, expected) in REPORTS.into_iter().zip(row.reports.chars()) {
            let to = reported_state(status);
            let refused = refused(row.state, to, reports_allowed(row.state));
            let due = if expected == 'x' { Ok(()) } else { Err(refused) };
            assert_eq!(check_report(row.state, to), due, "from {} to {to}", row.state);
        }
        let targets = REPORTS.map(reported_state);
        assert!(reports_allowed(row.state).iter().all(|to| targets.contains(to)), "more than anybody can report");
    }
}

#[test]
fn actions_move_a_task_only_as_the_table_says() {
    for row in TABLE {
        let states: Vec<TaskState> = actions_allowed(row.state).iter().map(|action| action_state(*action)).collect();
        for (action, expected) in ACTIONS.into_iter().zip(row.actions.chars()) {
            let to = action_state(action);
            let others: Vec<TaskState> = states.iter().copied().filter(|state| *state != to).collect();
            let due = if expected == 'x' { Ok(()) } else { Err(refused(row.state, to, &others)) };
            assert_eq!(check_action(row.state, action), due, "{action} from {}", row.state);
        }
    }
}

fn refused(from: TaskState, to: TaskState, allowed: &[TaskState]) -> Refusal {
    Refusal::TransitionNotAllowed { from, to, allowed: allowed.to_vec() }
}

#[test]
fn every_state_takes_what_the_table_says() {
    for row in TABLE {
        assert_eq!(holding_of(row.state), row.takes, "{}", row.state);
    }
}

#[test]
fn a_refused_transition_names_what_is_allowed() {
    let refused = |from, action| check_action(from, action).unwrap_err().to_string();
    let text = refused(TaskState::Closed, TaskAction::Merge);
    assert_eq!(text, "a task that is closed can't become merged; from there it may become ready");
    let text = check_report(TaskState::Merged, TaskState::InProgress).unwrap_err().to_string();
    assert_eq!(text, "a task that is merged can't become in_progress; a maintainer may revert what was merged");
}
