//! Faults that are put in are found, each under its own name and told in a few actions: otherwise a simulation in which no
//! rule is ever broken would prove nothing.

use crate::defect::Defect;
use crate::live;
use crate::story::Story;
use crate::violation::Violation;

/// Steps within which a fault must show; most show far sooner.
const STEPS: usize = 20_000;

/// Worlds in which most repositories are linked to GitHub.
const LINKED_SEEDS: [u64; 2] = [2, 3];

fn story_of(defect: Defect, seed: u64) -> Story {
    live(seed, STEPS, Some(defect)).err().unwrap_or_else(|| panic!("{defect:?} was not found with seed {seed}"))
}

/// Two worlds of different temper find it, and neither needs a long story.
#[track_caller]
fn is_found(defect: Defect, rule: &str, actions_max: usize) {
    for seed in [10, 17] {
        found_with(seed, defect, rule, actions_max);
    }
}

#[track_caller]
fn found_with(seed: u64, defect: Defect, rule: &str, actions_max: usize) {
    let story = story_of(defect, seed);
    assert!(story.violation.text.contains(rule), "{defect:?} was told as something else: {story}");
    assert!(story.actions.len() <= actions_max, "{defect:?} takes too long to tell: {story}");
}

#[test]
fn an_ignored_budget_is_found() {
    is_found(Defect::BudgetIgnored, "the review budget was spent", 11);
}

#[test]
fn a_write_from_a_dead_lease_is_found() {
    is_found(Defect::DeadLeasesWrite, "a write from a dead lease was accepted", 6);
}

#[test]
fn a_budget_that_is_not_given_back_is_found() {
    is_found(Defect::BudgetNotGivenBack, "the open pull requests of", 7);
}

#[test]
fn an_area_that_is_not_taken_is_found() {
    is_found(Defect::AreaNotTaken, "who holds area", 5);
}

#[test]
fn an_event_that_is_left_out_is_found() {
    is_found(Defect::EventLeftOut, "the record says Blocked", 6);
}

#[test]
fn a_task_that_is_lost_is_found() {
    is_found(Defect::ReleaseForgotten, "the state of task", 6);
}

#[test]
fn a_decision_that_panics_is_found() {
    is_found(Defect::Panic, "a closed task is too much", 7);
}

#[test]
fn a_task_that_is_stuck_is_found() {
    is_found(Defect::Stuck, "is stuck as ready", 4);
}

/// In worlds whose repositories are linked.
#[track_caller]
fn is_found_with_github(defect: Defect, rule: &str, actions_max: usize) {
    for seed in LINKED_SEEDS {
        found_with(seed, defect, rule, actions_max);
    }
}

#[test]
fn an_edit_that_is_taken_over_unasked_is_found() {
    is_found_with_github(Defect::EditsTakenOver, "is known to be edited", 5);
}

#[test]
fn an_old_word_on_an_issue_that_is_followed_is_found() {
    is_found_with_github(Defect::OldNewsFollowed, "an older word on issue", 8);
}

#[test]
fn the_same_seed_does_the_same_again() {
    let told = |seed| story_of(Defect::BudgetIgnored, seed).to_string();
    assert_eq!(told(2), told(2));
    let tally = |seed| live(seed, 3000, None).map(|tally| tally.to_string()).expect("no rule is broken");
    assert_eq!(tally(3), tally(3));
}

#[test]
fn a_story_is_told_in_sentences_with_the_command_that_repeats_it() {
    let story = story_of(Defect::BudgetIgnored, 1).to_string();
    for part in ["seed 1 broke a rule at step", "fetches work", "make simulate SEED=1 STEPS="] {
        assert!(story.contains(part), "{part:?} is not in {story}");
    }
}

#[test]
fn a_violation_is_the_same_whichever_task_it_is_about() {
    let rule = |text: &str| Violation::new(text.into()).rule;
    assert_eq!(rule("t00000012 was given to w3"), rule("t00000345 was given to w00"));
    assert_ne!(rule("t1 was given to w3"), rule("t1 was taken from w3"));
}
