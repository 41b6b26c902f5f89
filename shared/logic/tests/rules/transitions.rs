//! The life of a task as one table, written by hand.

use owp_logic::lifecycle::{action_state, actions_allowed, check_transition, reported_state, reports_allowed};
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

const ACTIONS: [TaskAction; 5] =
    [TaskAction::Cancel, TaskAction::Requeue, TaskAction::RequestChanges, TaskAction::Merge, TaskAction::Close];

const TABLE: [Row; 12] = [
    Row { state: TaskState::Waiting, takes: Holding::Nothing, reports: "----", actions: "x----" },
    Row { state: TaskState::Ready, takes: Holding::Nothing, reports: "----", actions: "x----" },
    Row { state: TaskState::Leased, takes: Holding::Lease, reports: "xxx-", actions: "xx---" },
    Row { state: TaskState::InProgress, takes: Holding::Lease, reports: "xxx-", actions: "xx---" },
    Row { state: TaskState::Blocked, takes: Holding::Lease, reports: "xxx-", actions: "xx---" },
    Row { state: TaskState::PrOpened, takes: Holding::Review, reports: "--xx", actions: "xxxxx" },
    Row { state: TaskState::ChangesRequested, takes: Holding::Lease, reports: "xxx-", actions: "xx-xx" },
    Row { state: TaskState::Merged, takes: Holding::Nothing, reports: "----", actions: "-----" },
    Row { state: TaskState::Closed, takes: Holding::Nothing, reports: "----", actions: "-x---" },
    Row { state: TaskState::Failed, takes: Holding::Nothing, reports: "----", actions: "xx---" },
    Row { state: TaskState::NeedsInfo, takes: Holding::Nothing, reports: "----", actions: "xx---" },
    Row { state: TaskState::Cancelled, takes: Holding::Nothing, reports: "----", actions: "-x---" },
];

#[test]
fn reports_move_a_task_only_as_the_table_says() {
    for row in TABLE {
        let targets: Vec<TaskState> = REPORTS.into_iter().map(reported_state).collect();
        check(row.state, &targets, row.reports, reports_allowed(row.state));
    }
}

#[test]
fn actions_move_a_task_only_as_the_table_says() {
    for row in TABLE {
        let targets: Vec<TaskState> = ACTIONS.into_iter().map(action_state).collect();
        check(row.state, &targets, row.actions, actions_allowed(row.state));
    }
}

fn check(from: TaskState, targets: &[TaskState], expected: &str, allowed: &[TaskState]) {
    for (to, expected) in targets.iter().zip(expected.chars()) {
        let result = check_transition(from, *to, allowed);
        let refused = Refusal::TransitionNotAllowed { from, to: *to, allowed: allowed.to_vec() };
        let due = if expected == 'x' { Ok(()) } else { Err(refused) };
        assert_eq!(result, due, "from {from} to {to}");
    }
    assert!(allowed.iter().all(|to| targets.contains(to)), "from {from} more is allowed than anybody can ask");
}

#[test]
fn every_state_takes_what_the_table_says() {
    for row in TABLE {
        assert_eq!(holding_of(row.state), row.takes, "{}", row.state);
    }
}

#[test]
fn a_refused_transition_names_what_is_allowed() {
    let refused = |from, to, allowed| check_transition(from, to, allowed).unwrap_err().to_string();
    let text = refused(TaskState::Closed, TaskState::Merged, actions_allowed(TaskState::Closed));
    assert_eq!(text, "a task that is closed can't become merged; from there it may become ready");
    let text = refused(TaskState::Merged, TaskState::Ready, actions_allowed(TaskState::Merged));
    assert_eq!(text, "a task that is merged can't become ready; it can't change any more");
}
