//! What the pool says at GitHub about a task, by how it stands.

use super::records::{NOW, attempt, task, worker};
use owp_logic::github::comment::{label_of, marker, on_issue, on_pull_request};
use owp_logic::{PullRequest, PullStage, Task, TaskSource, Worker};
use owp_wire::{LeaseId, TaskState, WorkerId};

fn taken(state: TaskState) -> Task {
    let source = TaskSource {
        issue: 12,
        url: "https://github.com/owner/repo/issues/12".to_owned(),
        author: Some("ada".to_owned()),
        text_hash: String::new(),
        edited_at: None,
        seen_at: NOW,
        withdrawn: None,
    };
    Task { state, source: Some(Box::new(source)), attempts: vec![attempt("w1")], ..task() }
}

fn with_pull(state: TaskState) -> Task {
    let pull = PullRequest {
        number: 13,
        url: "https://github.com/owner/repo/pull/13".to_owned(),
        author: Some("grace".to_owned()),
        head_sha: None,
        merge_sha: None,
        worker_id: WorkerId("w1".to_owned()),
        lease_id: LeaseId("l1".to_owned()),
        stage: PullStage::Open,
        seen_at: None,
        pushed_at: None,
        reviews: Vec::new(),
    };
    Task { pull_request: Some(Box::new(pull)), ..taken(state) }
}

fn known(handle: &str, handle_verified: bool) -> Worker {
    Worker { github_handle: Some(handle.to_owned()), handle_verified, ..worker() }
}

#[test]
fn an_issue_says_how_its_task_stands() {
    for (state, expected) in [
        (TaskState::Leased, "@grace is working on this."),
        (TaskState::Blocked, "@grace is working on this, and waits for something."),
        (TaskState::PrOpened, "@grace has opened a pull request in #13, which waits for review."),
        (TaskState::ChangesRequested, "Reviewers asked @grace for changes in #13."),
        (TaskState::Merged, "Done by @grace in #13. Thank you!"),
        (TaskState::Closed, "The pull request #13 was closed or taken back."),
        (TaskState::Ready, "This is free for the next contributor."),
        (TaskState::Failed, "Every attempt came to nothing. A maintainer may requeue the task, or cut it smaller."),
        (TaskState::Cancelled, "This was taken out of the pool."),
    ] {
        let task = with_pull(state);
        let said = on_issue(&task, Some(&known("grace", true))).unwrap();
        assert!(said.starts_with(&marker(&task)) && said.contains(expected), "{state}: {said}");
        assert_eq!(on_issue(&task, Some(&known("grace", true))), Some(said), "the same again");
    }
}

#[test]
fn nothing_is_said_before_anybody_took_it_unless_its_text_was_edited() {
    let mut untouched = Task { attempts: vec![], ..taken(TaskState::Ready) };
    assert_eq!(on_issue(&untouched, None), None);
    untouched.source.as_mut().unwrap().edited_at = Some(NOW);
    assert!(on_issue(&untouched, None).unwrap().contains("edited since it was accepted"));
}

#[test]
fn a_pull_request_has_the_credit_for_whose_work_it_is() {
    let said = on_pull_request(&with_pull(TaskState::Merged), &known("grace", true));
    assert!(said.contains("This is the work of @grace on the task `a` (#12). Merged. Thank you!"), "{said}");
}

/// Anybody may claim any handle, and call themselves what they like: that must call nobody and write nothing.
#[test]
fn nobody_is_called_whose_handle_is_not_known_to_be_theirs() {
    let nameless = |name: &str| Worker { name: name.to_owned(), ..worker() };
    for (worker, shown) in [
        (known("torvalds", false), "`torvalds`"),
        (nameless("@everybody"), "`@everybody`"),
        (nameless("x`\n![](https://evil.example/p.png) @all"), "`x' ![](https://evil.example/p.png) @all`"),
    ] {
        for said in [
            on_issue(&taken(TaskState::Leased), Some(&worker)).unwrap(),
            on_pull_request(&with_pull(TaskState::PrOpened), &worker),
        ] {
            assert!(said.contains(shown), "{said}");
            assert!(!said.replace(shown, "").contains(['@', '[']), "{said}");
        }
    }
}

#[test]
fn the_labels_of_the_pool_never_take_the_maintainers_own_away() {
    for state in [TaskState::Ready, TaskState::Leased, TaskState::PrOpened, TaskState::Failed, TaskState::Merged] {
        assert_ne!(label_of(state), Some("pool:ready"), "{state}");
    }
}
