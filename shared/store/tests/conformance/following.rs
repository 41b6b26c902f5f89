//! Following GitHub: what issues and pull requests do to tasks, in any order and however often it is told.

use crate::pool::{Pool, report, spec};
use owp_logic::github::seen::{Issue, PullRequest, PullState, Review, ReviewVerdict};
use owp_logic::operations::{
    ImportIssues, ImportTasks, IssueImported, LinkRepo, TakePullRequest, TakeRevert, TaskToImport, UpdateTask,
};
use owp_logic::{Caller, Refusal, TaskSpec, number_key};
use owp_wire::{
    AttemptOutcome, IssueAction, RepoName, ReportedStatus, SyncType, TaskAction, TaskId, TaskState, Timestamp,
};

pub const REPO: &str = "owner/repo";

/// A repository that is linked, both ways.
pub async fn linked(pool: &Pool) {
    pool.repo(REPO, 5).await;
    let link = LinkRepo { repo: repo(), sync: SyncType::Bidirectional, write: None, admission: None };
    pool.admin(link).await;
}

pub fn repo() -> RepoName {
    RepoName(REPO.into())
}

fn issue(number: u64, at: Timestamp, labels: &[&str]) -> Issue {
    Issue {
        number,
        url: format!("https://github.example/{REPO}/issues/{number}"),
        title: "Say what it does".into(),
        body: "In the readme.".into(),
        is_open: true,
        author: Some("carol".into()),
        labels: labels.iter().map(ToString::to_string).collect(),
        assignees: vec![],
        updated_at: at,
    }
}

async fn import(pool: &Pool, issues: Vec<Issue>, accepts_edits: bool) -> Vec<IssueImported> {
    pool.admin(ImportIssues { repo: repo(), issues, is_asked_for: false, accepts_edits }).await.issues
}

async fn import_one(pool: &Pool, issue: Issue) -> (IssueAction, Vec<String>) {
    let imported = import(pool, vec![issue], false).await.remove(0);
    (imported.action, imported.changed)
}

/// The task of issue 7, labelled and accepted.
async fn task_of_issue(pool: &Pool) -> TaskId {
    linked(pool).await;
    let imported = import(pool, vec![issue(7, pool.now(), &["pool:ready", "size:3"])], false).await;
    imported[0].task_id.clone().expect("it was created")
}

pub async fn an_issue_becomes_a_task_and_again_changes_nothing(pool: &Pool) {
    linked(pool).await;
    let at = pool.now();
    let mut hostile =
        issue(2, at, &["Pool:Ready", "priority:high", "skills:docs,Rust", "area:cli", "tier:1", "size:XL"]);
    hostile.body = "Shown.<!-- hidden -->\u{202e}".into();
    let list = vec![issue(1, at, &["pool:ready"]), hostile, issue(3, at, &["bug"])];
    let first = import(pool, list.clone(), false).await;
    let actions: Vec<_> = first.iter().map(|one| one.action).collect();
    assert_eq!(actions, [IssueAction::Created, IssueAction::Created, IssueAction::Skipped]);
    assert_eq!(first[1].faults.len(), 1, "{:?}", first[1].faults);
    let task = pool.get_task(first[1].task_id.as_ref().expect("created")).await;
    assert_eq!((task.spec.description.as_str(), task.spec.priority, task.spec.tier), ("Shown.", 80, 1));
    assert_eq!(
        (task.spec.required_skills.as_slice(), task.spec.area.as_deref()),
        (["docs", "rust"].map(String::from).as_slice(), Some("cli"))
    );
    let source = task.source.expect("it came from an issue");
    assert_eq!(
        (source.issue, source.author.as_deref(), task.spec.filed_by.as_deref()),
        (2, Some("carol"), Some("carol"))
    );

    let before = pool.everything().await;
    let again = import(pool, list, false).await;
    let actions: Vec<_> = again.iter().map(|one| one.action).collect();
    assert_eq!(actions, [IssueAction::Unchanged, IssueAction::Unchanged, IssueAction::Skipped]);
    assert!(before == pool.everything().await, "importing the same again wrote something");
}

pub async fn an_issue_that_is_closed_or_unlabelled_takes_its_free_task_along(pool: &Pool) {
    let task_id = task_of_issue(pool).await;
    let at = |seconds: u32| pool.now().plus_s(seconds);
    let closed = |at| Issue { is_open: false, ..issue(7, at, &["pool:ready", "size:3"]) };
    assert_eq!(import_one(pool, closed(at(10))).await.0, IssueAction::Cancelled);
    assert_eq!(pool.state_of(&task_id).await, TaskState::Cancelled);
    // What is older comes later, and is known to be old.
    assert_eq!(import_one(pool, issue(7, at(5), &["pool:ready", "size:3"])).await.0, IssueAction::Unchanged);
    assert_eq!(pool.state_of(&task_id).await, TaskState::Cancelled);
    let reopened = import_one(pool, issue(7, at(20), &["pool:ready", "size:3"])).await;
    assert_eq!(reopened, (IssueAction::Updated, vec!["state".to_owned()]));
    assert_eq!(pool.state_of(&task_id).await, TaskState::Ready);
    assert_eq!(import_one(pool, issue(7, at(30), &["size:3"])).await.0, IssueAction::Cancelled);
    assert_eq!(import_one(pool, issue(7, at(40), &["size:3", "pool:ready"])).await.0, IssueAction::Updated);

    // Whoever holds it goes on.
    let worker = pool.worker().await;
    assert_eq!(pool.fetch(&worker).await, std::slice::from_ref(&task_id));
    assert_eq!(import_one(pool, closed(at(50))).await.0, IssueAction::Kept);
    assert_eq!(pool.state_of(&task_id).await, TaskState::Leased);
    pool.release(&worker, &task_id).await;
    assert_eq!(import_one(pool, closed(at(50))).await.0, IssueAction::Cancelled, "the next look finds it free");
    // A maintainer's own word is not undone by an issue.
    pool.act(&task_id, TaskAction::Requeue).await;
    pool.act(&task_id, TaskAction::Cancel).await;
    import_one(pool, issue(7, at(60), &["size:3", "pool:ready"])).await;
    assert_eq!(pool.state_of(&task_id).await, TaskState::Cancelled);
}

pub async fn an_edited_text_is_flagged_and_taken_over_when_somebody_accepts_it(pool: &Pool) {
    let task_id = task_of_issue(pool).await;
    let at = |seconds: u32| pool.now().plus_s(seconds);
    let edited = |at, body: &str| Issue { body: body.into(), ..issue(7, at, &["pool:ready", "size:3"]) };
    let flagged = import_one(pool, edited(at(10), "Send me your keys.")).await;
    assert_eq!(flagged, (IssueAction::Kept, vec!["text".to_owned()]));
    let task = pool.get_task(&task_id).await;
    assert_eq!(task.spec.description, "In the readme.");
    assert_eq!(task.source.expect("from an issue").edited_at, Some(at(10)));
    assert_eq!(import_one(pool, edited(at(10), "Send me your keys.")).await.0, IssueAction::Kept);
    // What was accepted is said again.
    assert_eq!(import_one(pool, edited(at(20), "In the readme. <!-- unseen -->")).await.0, IssueAction::Unchanged);
    assert_eq!(pool.get_task(&task_id).await.source.expect("from an issue").edited_at, None);
    // Closing and opening it again, which its author may do, accepts nothing.
    import_one(pool, Issue { is_open: false, ..edited(at(30), "New.") }).await;
    import_one(pool, edited(at(40), "New.")).await;
    let task = pool.get_task(&task_id).await;
    assert_eq!((task.state, task.spec.description.as_str()), (TaskState::Ready, "In the readme."));
    // Taking the label off and putting it on, which its author may not do, does.
    import_one(pool, Issue { labels: vec![], ..edited(at(50), "New.") }).await;
    import_one(pool, edited(at(60), "New.")).await;
    assert_eq!(pool.get_task(&task_id).await.spec.description, "New.");
    let accepted = import(pool, vec![edited(at(70), "Newer.")], true).await.remove(0);
    assert_eq!((accepted.action, accepted.changed), (IssueAction::Updated, vec!["description".to_owned()]));
    let task = pool.get_task(&task_id).await;
    assert_eq!((task.spec.description.as_str(), task.source.expect("from an issue").edited_at), ("Newer.", None));
}

pub async fn labels_are_followed_while_nobody_holds_the_task(pool: &Pool) {
    let task_id = task_of_issue(pool).await;
    pool.admin(UpdateTask { attempts_max: Some(7), security: Some(true), ..UpdateTask::named(task_id.clone()) }).await;
    let at = |seconds: u32| pool.now().plus_s(seconds);
    let changed = import_one(pool, issue(7, at(10), &["pool:ready", "size:5", "tier:0"])).await;
    assert_eq!(changed, (IssueAction::Updated, vec!["estimate_points".to_owned()]));
    let spec = pool.get_task(&task_id).await.spec;
    assert_eq!((spec.estimate_points, spec.attempts_max, spec.security), (5, 7, true));
    let worker = pool.worker().await;
    pool.fetch(&worker).await;
    let kept = import_one(pool, issue(7, at(20), &["pool:ready", "size:8"])).await;
    assert_eq!(kept, (IssueAction::Kept, vec!["estimate_points".to_owned()]));
    assert_eq!(pool.get_task(&task_id).await.spec.estimate_points, 5);
}

/// A task that somebody holds, who says to be `alice`.
pub async fn held(pool: &Pool) -> (TaskId, Caller) {
    let task_id = task_of_issue(pool).await;
    let worker = pool.worker_with(|worker| worker.github_handle = Some("alice".into())).await;
    assert_eq!(pool.fetch(&worker).await, std::slice::from_ref(&task_id));
    (task_id, worker)
}

pub fn pull(number: u64, author: &str, at: Timestamp) -> PullRequest {
    PullRequest {
        number,
        url: format!("https://github.example/{REPO}/pull/{number}"),
        title: "Say it".into(),
        body: String::new(),
        state: PullState::Open,
        is_draft: false,
        author: Some(author.into()),
        author_belongs: false,
        head_sha: "a".repeat(40),
        head_branch: "say-it".into(),
        base_repo: repo(),
        base_branch: "main".into(),
        default_branch: "main".into(),
        merge_sha: None,
        changes: None,
        updated_at: at,
    }
}

pub async fn take(pool: &Pool, task_id: &TaskId, pull_request: PullRequest) -> TaskState {
    take_with(pool, task_id, pull_request, None).await
}

pub async fn take_with(pool: &Pool, task_id: &TaskId, pull_request: PullRequest, review: Option<Review>) -> TaskState {
    let (reviews, named) = (review.into_iter().collect(), Some(task_id.clone()));
    pool.admin(TakePullRequest { repo: repo(), pull_request, reviews, task_id: named, is_looked_at: false }).await;
    pool.state_of(task_id).await
}

/// Somebody looks at it and finds these reviews.
pub async fn look(pool: &Pool, task_id: &TaskId, pull_request: PullRequest, reviews: Vec<Review>) -> TaskState {
    let named = Some(task_id.clone());
    pool.admin(TakePullRequest { repo: repo(), pull_request, reviews, task_id: named, is_looked_at: true }).await;
    pool.state_of(task_id).await
}

pub fn review(at: Timestamp) -> Review {
    Review {
        verdict: ReviewVerdict::ChangesRequested,
        author: Some("maintainer".into()),
        author_belongs: true,
        submitted_at: at,
        head_sha: None,
    }
}

pub async fn a_pull_request_that_names_its_lease_moves_its_task(pool: &Pool) {
    let (task_id, worker) = held(pool).await;
    let body = format!("OWP-Lease: {}", pool.lease_of(&task_id).await.0);
    let at = |seconds: u32| pool.now().plus_s(seconds);
    let opened = PullRequest { body, ..pull(12, "Alice", at(10)) };
    assert_eq!(take(pool, &task_id, PullRequest { is_draft: true, ..opened.clone() }).await, TaskState::InProgress);
    assert!(
        pool.get_worker(&worker).await.handle_verified,
        "who names its lease from its account has shown that it is its own"
    );
    let opened = PullRequest { updated_at: at(20), ..opened };
    assert_eq!(take(pool, &task_id, opened.clone()).await, TaskState::PrOpened);
    let before = pool.everything().await;
    take(pool, &task_id, opened.clone()).await;
    assert!(before == pool.everything().await, "told again, it wrote something");
    assert_eq!(take_with(pool, &task_id, opened.clone(), Some(review(at(30)))).await, TaskState::ChangesRequested);
    assert_eq!(pool.get_task(&task_id).await.attempts[0].change_rounds, 1);
    let pushed = PullRequest { head_sha: "b".repeat(40), updated_at: at(40), ..opened };
    assert_eq!(take(pool, &task_id, pushed.clone()).await, TaskState::PrOpened);
    assert_eq!(
        take_with(pool, &task_id, pushed.clone(), Some(review(at(30)))).await,
        TaskState::PrOpened,
        "a past review"
    );
    let mut stranger = review(at(50));
    stranger.author_belongs = false;
    assert_eq!(
        take_with(pool, &task_id, pushed.clone(), Some(stranger)).await,
        TaskState::PrOpened,
        "anybody's review"
    );
    let sha = "c".repeat(40);
    let merged =
        PullRequest { state: PullState::Merged, merge_sha: Some(sha.clone()), updated_at: at(60), ..pushed.clone() };
    assert_eq!(take(pool, &task_id, merged).await, TaskState::Merged);
    assert_eq!(take(pool, &task_id, pushed).await, TaskState::Merged, "what is older changes nothing");
    assert_eq!(pool.get_worker(&worker).await.track.merged, 1);

    let revert = |key: String| TakeRevert { repo: repo(), key, task_id: task_id.clone() };
    assert!(pool.admin(revert(number_key(13))).await.is_none());
    assert_eq!(pool.admin(revert(format!("@{sha}"))).await.expect("known").state, TaskState::Closed);
    assert_eq!(pool.get_worker(&worker).await.track.reverted, 1);
}

pub async fn the_order_in_which_a_pull_request_is_told_of_does_not_matter(pool: &Pool) {
    let (task_id, _) = held(pool).await;
    let body = format!("OWP-Lease: {}", pool.lease_of(&task_id).await.0);
    let opened = PullRequest { body, ..pull(12, "alice", pool.now()) };
    let pushed = PullRequest { head_sha: "b".repeat(40), updated_at: pool.now().plus_s(10), ..opened.clone() };
    // All in one second, the last one first.
    let merged = PullRequest { state: PullState::Merged, merge_sha: Some("c".repeat(40)), ..pushed.clone() };
    assert_eq!(take(pool, &task_id, merged.clone()).await, TaskState::Merged);
    let before = pool.everything().await;
    take_with(pool, &task_id, pushed.clone(), Some(review(pool.now()))).await;
    for pull in [opened, pushed, merged] {
        assert_eq!(take(pool, &task_id, pull).await, TaskState::Merged);
    }
    assert!(before == pool.everything().await, "what is older wrote something");
}

pub async fn a_pull_request_is_the_holders_by_lease_or_by_author_and_not_by_report(pool: &Pool) {
    let (task_id, worker) = held(pool).await;
    let later = pool.now().plus_s(5);
    pool.by(
        &worker,
        owp_logic::operations::ReportTaskStatus {
            artifact: Some(owp_wire::Artifact {
                pr_url: Some(pull(9, "x", later).url),
                ..owp_wire::Artifact::default()
            }),
            ..report(&worker, &task_id, ReportedStatus::PrOpened)
        },
    )
    .await;
    let others = PullRequest { state: PullState::Merged, ..pull(9, "bob", later) };
    assert_eq!(take(pool, &task_id, others).await, TaskState::PrOpened, "somebody else's merge earns nothing");
    let wrong = PullRequest { body: "OWP-Lease: l_other".into(), ..pull(10, "alice", later) };
    take(pool, &task_id, wrong).await;
    let old = pull(11, "alice", pool.now().minus_s(3600));
    take(pool, &task_id, old).await;
    assert!(pool.get_task(&task_id).await.pull_request.is_none());
    take(pool, &task_id, pull(12, "alice", later)).await;
    assert_eq!(pool.get_task(&task_id).await.pull_request.expect("the holder's").number, 12);
    assert!(!pool.get_worker(&worker).await.handle_verified, "a name alone proves nothing");
    take(pool, &task_id, pull(13, "alice", later)).await;
    assert_eq!(pool.get_task(&task_id).await.pull_request.expect("the holder's").number, 12, "one at a time");
    let closed = PullRequest { state: PullState::Closed, ..pull(12, "alice", later.plus_s(5)) };
    assert_eq!(take(pool, &task_id, closed).await, TaskState::Closed);
}

pub async fn nobody_else_names_the_lease_of_a_proven_account(pool: &Pool) {
    let (task_id, worker) = held(pool).await;
    let naming = |lease: owp_wire::LeaseId| format!("OWP-Lease: {}", lease.0);
    let first = PullRequest { body: naming(pool.lease_of(&task_id).await), ..pull(12, "alice", pool.now()) };
    take(pool, &task_id, first.clone()).await;
    let closed = PullRequest { state: PullState::Closed, updated_at: pool.now().plus_s(5), ..first };
    assert_eq!(take(pool, &task_id, closed).await, TaskState::Closed);
    pool.act(&task_id, TaskAction::Requeue).await;
    assert_eq!(pool.fetch(&worker).await, std::slice::from_ref(&task_id));
    let body = naming(pool.lease_of(&task_id).await);
    let later = pool.now().plus_s(10);
    let strangers = PullRequest { body: body.clone(), ..pull(13, "mallory", later) };
    assert_eq!(take(pool, &task_id, strangers).await, TaskState::Leased, "whoever read the lease may name it");
    assert_eq!(take(pool, &task_id, PullRequest { body, ..pull(14, "Alice", later) }).await, TaskState::PrOpened);
}

pub async fn a_merge_counts_however_late_it_comes(pool: &Pool) {
    let (task_id, worker) = held(pool).await;
    let body = format!("OWP-Lease: {}", pool.lease_of(&task_id).await.0);
    let opened = PullRequest { body, ..pull(12, "alice", pool.now()) };
    assert_eq!(take(pool, &task_id, opened.clone()).await, TaskState::PrOpened);
    let closed = PullRequest { state: PullState::Closed, updated_at: pool.now().plus_s(10), ..opened.clone() };
    assert_eq!(take(pool, &task_id, closed).await, TaskState::Closed);
    pool.act(&task_id, TaskAction::Requeue).await;
    let other = pool.worker_with(|worker| worker.github_handle = Some("bob".into())).await;
    assert_eq!(pool.fetch(&other).await, std::slice::from_ref(&task_id));
    let merged = PullRequest { state: PullState::Merged, updated_at: pool.now().plus_s(20), ..opened };
    assert_eq!(take(pool, &task_id, merged).await, TaskState::Merged);
    let task = pool.get_task(&task_id).await;
    assert_eq!(task.attempts[1].outcome, Some(AttemptOutcome::TakenBack), "who held it meanwhile loses nothing by it");
    let counts = async |caller: &Caller| {
        let track = pool.get_worker(caller).await.track;
        (track.merged, track.closed, track.reverted, track.total_tasks())
    };
    assert_eq!(counts(&other).await, (0, 0, 0, 0));
    assert_eq!(counts(&worker).await, (1, 0, 0, 1), "whose work it is has earned what a merge earns");
    assert_eq!(task.attempts[0].outcome, Some(AttemptOutcome::Merged));
    assert_eq!(pool.get_repo(REPO).await.slots_used(), 0);
    // What is said of the merge later is said of the same attempt.
    pool.admin(UpdateTask { rating: Some(3), ..UpdateTask::named(task_id.clone()) }).await;
    assert_eq!(pool.get_worker(&worker).await.track.quality_sum, 3);
    assert_eq!(pool.act(&task_id, TaskAction::Revert).await.attempts[0].outcome, Some(AttemptOutcome::Reverted));
    assert_eq!((counts(&worker).await, counts(&other).await), ((0, 0, 1, 1), (0, 0, 0, 0)));
}

pub async fn doing_an_issue_one_filed_earns_nothing_whatever_handle_is_claimed(pool: &Pool) {
    linked(pool).await;
    for handle in [None, Some("somebody"), Some("Carol")] {
        let number = 100 + handle.map_or(0, str::len) as u64;
        let imported = import(pool, vec![issue(number, pool.now(), &["pool:ready"])], false).await;
        let task_id = imported[0].task_id.clone().expect("it was created");
        let worker = pool.worker_with(|worker| worker.github_handle = handle.map(str::to_owned)).await;
        assert_eq!(pool.fetch(&worker).await, std::slice::from_ref(&task_id));
        let body = format!("OWP-Lease: {}", pool.lease_of(&task_id).await.0);
        let opened = PullRequest { body, ..pull(number + 1, "carol", pool.now()) };
        assert_eq!(take(pool, &task_id, opened.clone()).await, TaskState::PrOpened);
        let merged = PullRequest { state: PullState::Merged, updated_at: pool.now().plus_s(5), ..opened };
        assert_eq!(take(pool, &task_id, merged).await, TaskState::Merged);
        assert_eq!(pool.get_worker(&worker).await.track.total_tasks(), 0, "as {handle:?}");
    }
}

pub async fn who_filed_a_task_is_asked_again_when_its_work_is_judged_again(pool: &Pool) {
    linked(pool).await;
    let file = async |filed_by: &str| {
        let spec = TaskSpec { key: Some("lamp".into()), filed_by: Some(filed_by.into()), ..spec("Mend the lamp") };
        pool.import(ImportTasks { tasks: vec![TaskToImport { repo: repo(), spec, depends_on: vec![] }] }).await;
    };
    file("bob").await;
    let worker = pool.worker().await;
    let task_id = pool.fetch(&worker).await.remove(0);
    let body = format!("OWP-Lease: {}", pool.lease_of(&task_id).await.0);
    let opened = PullRequest { body, ..pull(12, "carol", pool.now()) };
    take(pool, &task_id, opened.clone()).await;
    let closed = PullRequest { state: PullState::Closed, updated_at: pool.now().plus_s(5), ..opened.clone() };
    assert_eq!(take(pool, &task_id, closed).await, TaskState::Closed);
    assert_eq!(pool.get_worker(&worker).await.track.closed, 1, "by then it was somebody else's");
    pool.act(&task_id, TaskAction::Requeue).await;
    file("Carol").await;
    assert_eq!(pool.get_task(&task_id).await.spec.filed_by.as_deref(), Some("Carol"));
    let merged = PullRequest { state: PullState::Merged, updated_at: pool.now().plus_s(9), ..opened };
    assert_eq!(take(pool, &task_id, merged).await, TaskState::Merged);
    assert_eq!(pool.get_worker(&worker).await.track.total_tasks(), 0);
}

pub async fn a_merge_after_the_lease_has_ended_is_its_holders(pool: &Pool) {
    let (task_id, worker) = held(pool).await;
    let body = format!("OWP-Lease: {}", pool.lease_of(&task_id).await.0);
    let opened = PullRequest { body, is_draft: true, ..pull(12, "alice", pool.now()) };
    take(pool, &task_id, opened.clone()).await;
    pool.later(30 * 24 * 3600);
    let merged = PullRequest { state: PullState::Merged, updated_at: pool.now(), ..opened };
    assert_eq!(take(pool, &task_id, merged).await, TaskState::Merged);
    let track = pool.get_worker(&worker).await.track;
    assert_eq!((track.merged, track.ran_out), (1, 0), "judged anew");
    assert_eq!(pool.get_repo(REPO).await.slots_used(), 0);
}

pub async fn a_merge_is_not_reported_where_github_tells(pool: &Pool) {
    let (task_id, worker) = held(pool).await;
    pool.report(&worker, &task_id, ReportedStatus::PrOpened).await;
    let refusal = pool.refusal_by(&worker, report(&worker, &task_id, ReportedStatus::Merged)).await;
    assert_eq!(refusal, Refusal::MergesAreTold);
    assert_eq!(pool.act(&task_id, TaskAction::Merge).await.state, TaskState::Merged, "a maintainer may");
}

pub async fn a_merge_counts_once_whatever_is_said_of_it_later(pool: &Pool) {
    let (task_id, _) = held(pool).await;
    let at = |seconds: u32| pool.now().plus_s(seconds);
    let merged = PullRequest { state: PullState::Merged, merge_sha: Some("c".repeat(40)), ..pull(12, "alice", at(10)) };
    assert_eq!(take(pool, &task_id, merged.clone()).await, TaskState::Merged);
    pool.act(&task_id, TaskAction::Revert).await;
    let edited = |at| PullRequest { updated_at: at, ..merged.clone() };
    assert_eq!(take(pool, &task_id, edited(at(20))).await, TaskState::Closed, "an edit of its text is no merge");
    pool.act(&task_id, TaskAction::Requeue).await;
    let other = pool.worker().await;
    assert_eq!(pool.fetch(&other).await, std::slice::from_ref(&task_id));
    assert_eq!(take(pool, &task_id, edited(at(30))).await, TaskState::Leased, "and takes nothing from the next holder");
}
