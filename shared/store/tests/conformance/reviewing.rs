//! Reviews at GitHub: which of them send work back, and when nobody asks for changes any more.

use crate::following::{held, look, pull, review, take, take_with};
use crate::pool::{Pool, report};
use owp_logic::github::seen::{PullRequest, Review, ReviewVerdict};
use owp_wire::{ReportedStatus, TaskAction, TaskId, TaskState, Timestamp};

/// A task in review, and its pull request.
async fn in_review(pool: &Pool) -> (TaskId, PullRequest, owp_logic::Caller) {
    let (task_id, worker) = held(pool).await;
    let body = format!("OWP-Lease: {}", pool.lease_of(&task_id).await.0);
    let opened = PullRequest { body, ..pull(12, "alice", pool.now()) };
    assert_eq!(take(pool, &task_id, opened.clone()).await, TaskState::PrOpened);
    (task_id, opened, worker)
}

fn says(by: &str, verdict: ReviewVerdict, at: Timestamp) -> Review {
    Review { verdict, author: Some(by.into()), ..review(at) }
}

async fn rounds(pool: &Pool, task_id: &TaskId) -> u32 {
    pool.get_task(task_id).await.attempts[0].change_rounds
}

pub async fn a_dismissed_review_asks_for_nothing_any_more(pool: &Pool) {
    let (task_id, opened, _) = in_review(pool).await;
    let at = pool.now().plus_s(10);
    let told = async |verdict| take_with(pool, &task_id, opened.clone(), Some(says("carol", verdict, at))).await;
    assert_eq!(told(ReviewVerdict::ChangesRequested).await, TaskState::ChangesRequested);
    assert_eq!(rounds(pool, &task_id).await, 1);
    assert_eq!(told(ReviewVerdict::Dismissed).await, TaskState::PrOpened);
    assert_eq!(rounds(pool, &task_id).await, 0, "nothing had to be changed");
    let before = pool.everything().await;
    assert_eq!(told(ReviewVerdict::ChangesRequested).await, TaskState::PrOpened, "it was dismissed since");
    assert_eq!(told(ReviewVerdict::Dismissed).await, TaskState::PrOpened);
    assert!(before == pool.everything().await, "told again, it wrote something");
    assert_eq!(pool.get_repo(crate::following::REPO).await.prs_open, 1);
}

pub async fn a_dismissal_may_be_told_before_what_it_dismisses(pool: &Pool) {
    let (task_id, opened, _) = in_review(pool).await;
    let at = pool.now().plus_s(10);
    for verdict in [ReviewVerdict::Dismissed, ReviewVerdict::ChangesRequested] {
        let review = says("carol", verdict, at);
        assert_eq!(take_with(pool, &task_id, opened.clone(), Some(review)).await, TaskState::PrOpened);
    }
    assert_eq!(rounds(pool, &task_id).await, 0);
    let newer = says("Carol", ReviewVerdict::ChangesRequested, at.plus_s(1));
    assert_eq!(take_with(pool, &task_id, opened, Some(newer)).await, TaskState::ChangesRequested);
}

pub async fn each_reviewer_who_asked_for_changes_has_to_be_content(pool: &Pool) {
    use ReviewVerdict::{Approved, ChangesRequested, Dismissed, Other};
    let (task_id, opened, _) = in_review(pool).await;
    let at = |seconds: u32| pool.now().plus_s(seconds);
    for (by, verdict, seconds, state) in [
        ("carol", ChangesRequested, 10, TaskState::ChangesRequested),
        ("dave", ChangesRequested, 20, TaskState::ChangesRequested),
        ("erin", Approved, 30, TaskState::ChangesRequested),
        ("carol", Dismissed, 10, TaskState::ChangesRequested),
        ("dave", Other, 40, TaskState::ChangesRequested),
        ("dave", Approved, 5, TaskState::ChangesRequested),
        ("dave", Approved, 50, TaskState::PrOpened),
        ("dave", ChangesRequested, 20, TaskState::PrOpened),
    ] {
        let found = take_with(pool, &task_id, opened.clone(), Some(says(by, verdict, at(seconds)))).await;
        assert_eq!(found, state, "{by} {verdict:?} {seconds}");
    }
    assert_eq!(rounds(pool, &task_id).await, 0);
    let strangers = Review { author_belongs: false, ..says("mallory", Approved, at(70)) };
    let asked = says("carol", ChangesRequested, at(60));
    assert_eq!(take_with(pool, &task_id, opened.clone(), Some(asked)).await, TaskState::ChangesRequested);
    assert_eq!(take_with(pool, &task_id, opened.clone(), Some(strangers)).await, TaskState::ChangesRequested);
    // Whoever belonged to the repository may have left it when its review is dismissed.
    let left = Review { author_belongs: false, ..says("carol", Dismissed, at(60)) };
    assert_eq!(take_with(pool, &task_id, opened, Some(left)).await, TaskState::PrOpened);
}

pub async fn a_push_answers_reviews_and_their_dismissal_changes_nothing(pool: &Pool) {
    let (task_id, opened, _) = in_review(pool).await;
    let at = |seconds: u32| pool.now().plus_s(seconds);
    let asked = says("carol", ReviewVerdict::ChangesRequested, at(10));
    assert_eq!(take_with(pool, &task_id, opened.clone(), Some(asked)).await, TaskState::ChangesRequested);
    let pushed = PullRequest { head_sha: "b".repeat(40), updated_at: at(20), ..opened };
    assert_eq!(take(pool, &task_id, pushed.clone()).await, TaskState::PrOpened);
    let asked = says("dave", ReviewVerdict::ChangesRequested, at(30));
    assert_eq!(take_with(pool, &task_id, pushed.clone(), Some(asked)).await, TaskState::ChangesRequested);
    let dismissed = says("carol", ReviewVerdict::Dismissed, at(10));
    assert_eq!(take_with(pool, &task_id, pushed, Some(dismissed)).await, TaskState::ChangesRequested);
    assert_eq!(rounds(pool, &task_id).await, 2);
}

pub async fn what_a_maintainer_has_sent_back_no_reviewer_at_github_takes_back(pool: &Pool) {
    let (task_id, opened, worker) = in_review(pool).await;
    let at = |seconds: u32| pool.now().plus_s(seconds);
    let asked = says("carol", ReviewVerdict::ChangesRequested, at(10));
    assert_eq!(take_with(pool, &task_id, opened.clone(), Some(asked)).await, TaskState::ChangesRequested);
    // The holder has answered it without a push, and a maintainer wants more.
    pool.by(&worker, report(&worker, &task_id, ReportedStatus::PrOpened)).await;
    pool.act(&task_id, TaskAction::RequestChanges).await;
    for review in [
        says("carol", ReviewVerdict::Dismissed, at(10)),
        says("dave", ReviewVerdict::ChangesRequested, at(20)),
        says("dave", ReviewVerdict::Dismissed, at(20)),
    ] {
        assert_eq!(take_with(pool, &task_id, opened.clone(), Some(review)).await, TaskState::ChangesRequested);
    }
    assert_eq!(rounds(pool, &task_id).await, 2);
}

pub async fn a_review_that_was_told_and_read_counts_once(pool: &Pool) {
    use ReviewVerdict::{Approved, ChangesRequested, Dismissed, Other};
    let (task_id, opened, _) = in_review(pool).await;
    let at = |seconds: u32| pool.now().plus_s(seconds);
    let asked = says("carol", ChangesRequested, at(10));
    let stranger = Review { author_belongs: false, ..says("mallory", ChangesRequested, at(5)) };
    let found = vec![stranger, asked.clone(), says("Carol", Other, at(15))];
    assert_eq!(look(pool, &task_id, opened.clone(), found.clone()).await, TaskState::ChangesRequested);
    let before = pool.everything().await;
    look(pool, &task_id, opened.clone(), found).await;
    take_with(pool, &task_id, opened.clone(), Some(asked)).await;
    assert!(before == pool.everything().await, "read or told again, it wrote something");
    assert_eq!(rounds(pool, &task_id).await, 1);
    let taken_back = vec![says("carol", Dismissed, at(10))];
    assert_eq!(look(pool, &task_id, opened.clone(), taken_back).await, TaskState::PrOpened);
    let before = pool.everything().await;
    // What was wanted in between was settled before anybody heard of it.
    let found = vec![says("dave", ChangesRequested, at(20)), says("dave", Approved, at(30))];
    assert_eq!(look(pool, &task_id, opened, found).await, TaskState::PrOpened);
    assert_eq!(rounds(pool, &task_id).await, 0);
    assert_eq!(before.events, pool.everything().await.events, "nobody needs to hear of it");
}

pub async fn a_review_of_a_head_that_was_noticed_late_counts(pool: &Pool) {
    let (task_id, opened, _) = in_review(pool).await;
    let at = |seconds: u32| pool.now().plus_s(seconds);
    let head = "b".repeat(40);
    // Pushed, reviewed, and talked about since; nobody told of any of it.
    let pushed = PullRequest { head_sha: head.clone(), updated_at: at(60), ..opened.clone() };
    let of_before = Review { head_sha: Some(opened.head_sha), ..says("dave", ReviewVerdict::ChangesRequested, at(5)) };
    let of_head = Review { head_sha: Some(head), ..says("carol", ReviewVerdict::ChangesRequested, at(20)) };
    assert_eq!(look(pool, &task_id, pushed.clone(), vec![of_before.clone()]).await, TaskState::PrOpened);
    let found = vec![of_before, of_head];
    assert_eq!(look(pool, &task_id, pushed.clone(), found.clone()).await, TaskState::ChangesRequested);
    let before = pool.everything().await;
    assert_eq!(look(pool, &task_id, pushed, found).await, TaskState::ChangesRequested);
    assert!(before == pool.everything().await, "read again, it wrote something");
    assert_eq!(rounds(pool, &task_id).await, 1);
}

pub async fn more_reviewers_than_are_remembered_count_once(pool: &Pool) {
    let (task_id, opened, worker) = in_review(pool).await;
    let at = |seconds: u32| pool.now().plus_s(seconds);
    let found: Vec<Review> =
        (0..25).map(|who| says(&format!("r{who}"), ReviewVerdict::ChangesRequested, at(10 + who))).collect();
    assert_eq!(look(pool, &task_id, opened.clone(), found.clone()).await, TaskState::ChangesRequested);
    pool.by(&worker, report(&worker, &task_id, ReportedStatus::PrOpened)).await;
    let before = pool.everything().await;
    assert_eq!(look(pool, &task_id, opened, found).await, TaskState::PrOpened);
    assert!(before == pool.everything().await, "read again, it wrote something");
}
