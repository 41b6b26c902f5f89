//! Every call, and what is on GitHub after it.

use crate::{REPO, as_app, issue, pull, repo, with_token};
use owp_github::{Comment, Error, GitHub, RepoFile};
use owp_github_mock::{Fault, File, When};
use owp_logic::github::{Check, Conclusion, PullState, Review, ReviewVerdict};

fn comment(body: &str) -> Comment {
    Comment { body: format!("{body}\n<!-- owp:t_1 -->"), marker: "<!-- owp:t_1 -->".to_owned() }
}

fn check(conclusion: Conclusion) -> Check {
    let words = |text: &str| text.to_owned();
    Check {
        name: words("OWP admission"),
        head_sha: words("c0ffee"),
        conclusion,
        title: words("Not admitted yet"),
        summary: words("There is no live lease."),
        text: words("Lease the task first."),
    }
}

#[tokio::test]
async fn a_thousand_issues_come_over_pages_without_the_pull_requests_among_them() {
    let setting = as_app().await;
    for number in 0..1000 {
        setting.mock.add_issue(REPO, issue(&format!("issue {number}"), &["pool:ready", "size:2"]));
    }
    setting.mock.add_issue(REPO, issue("not for the pool", &["bug"]));
    let number = setting.mock.add_pull(REPO, pull());
    setting.mock.edit(REPO, number, |pull| pull.labels.push("pool:ready".to_owned()));
    let closed = setting.mock.add_issue(REPO, issue("closed", &["pool:ready"]));
    setting.mock.edit(REPO, closed, |issue| issue.is_open = false);
    let (mut found, mut next, mut pages) = (Vec::new(), Some(1), 0);
    while let Some(page) = next {
        let got = setting.client.issues(&repo(), "pool:ready", None, page).await.unwrap();
        (next, pages) = (got.next, pages + 1);
        found.extend(got.items);
    }
    assert_eq!((found.len(), pages), (1001, 11));
    assert_eq!((found[0].title.as_str(), found[0].body.as_str(), found[0].is_open), ("issue 0", "Do this.", true));
    assert_eq!(found[0].labels, ["pool:ready", "size:2"]);
    assert_eq!(found[0].author.as_deref(), Some("ada"));
    assert!(!found[1000].is_open);
    setting.mock.assert_described();
}

#[tokio::test]
async fn issues_changed_since_then_are_asked_for_alone() {
    let setting = as_app().await;
    setting.mock.add_issue(REPO, issue("old", &["pool:ready"]));
    setting.clock.pass_s(60);
    let since = setting.clock.now();
    setting.mock.add_issue(REPO, issue("new", &["pool:ready"]));
    let page = setting.client.issues(&repo(), "pool:ready", Some(since), 1).await.unwrap();
    assert_eq!(page.items.iter().map(|issue| issue.title.as_str()).collect::<Vec<_>>(), ["new"]);
    setting.mock.assert_described();
}

#[tokio::test]
async fn one_issue_is_told_and_a_pull_request_is_none() {
    let setting = as_app().await;
    let number = setting.mock.add_issue(REPO, issue("one", &[]));
    assert_eq!(setting.client.issue(&repo(), number).await.unwrap().title, "one");
    let pull = setting.mock.add_pull(REPO, pull());
    assert_eq!(setting.client.issue(&repo(), pull).await, Err(Error::NotFound));
    assert_eq!(setting.client.issue(&repo(), 999).await, Err(Error::NotFound));
    setting.mock.assert_described();
}

#[tokio::test]
async fn the_open_pull_requests_of_a_commit_are_found_also_far_behind() {
    let setting = as_app().await;
    let at = |sha: &str| owp_github_mock::NewPull { head_sha: sha.to_owned(), ..pull() };
    let wanted = setting.mock.add_pull(REPO, at("wanted"));
    let closed = setting.mock.add_pull(REPO, at("closed"));
    setting.mock.edit(REPO, closed, |thread| thread.is_open = false);
    setting.clock.pass_s(60);
    for number in 0..120 {
        setting.mock.add_pull(REPO, at(&format!("other {number}")));
    }
    assert_eq!(setting.client.pull_requests_at(&repo(), "wanted").await, Ok(vec![wanted]));
    assert_eq!(setting.client.pull_requests_at(&repo(), "closed").await, Ok(vec![]));
    assert_eq!(setting.client.pull_requests_at(&repo(), "nobody's").await, Ok(vec![]));
    setting.mock.assert_described();
}

#[tokio::test]
async fn a_repository_that_was_renamed_is_not_followed() {
    for setting in [as_app().await, with_token().await] {
        let number = setting.mock.add_issue(REPO, issue("one", &["pool:ready"]));
        setting.client.access(&repo()).await.unwrap();
        setting.mock.rename_repo(REPO, "owner/renamed");
        assert_eq!(setting.client.issues(&repo(), "pool:ready", None, 1).await, Err(Error::Moved));
        assert_eq!(setting.client.file(&repo(), ".github/owp.yml").await, Err(Error::Moved));
        assert_eq!(setting.client.issue(&repo(), number).await, Err(Error::NotFound), "which one issue may be alone");
        setting.mock.assert_described();
    }
}

#[tokio::test]
async fn a_pull_request_is_told_with_all_its_files() {
    let setting = as_app().await;
    let mut files: Vec<File> = (0..249).map(|number| File::changed(&format!("src/{number}.rs"), 1, 2)).collect();
    files.push(File { previous_path: Some("a.rs".to_owned()), ..File::changed("b.rs", 0, 0) });
    let number = setting.mock.add_pull(REPO, owp_github_mock::NewPull { files, ..pull() });
    let found = setting.client.pull_request(&repo(), number).await.unwrap();
    assert_eq!((found.state, found.head_sha.as_str(), found.base_branch.as_str()), (PullState::Open, "c0ffee", "main"));
    assert_eq!((found.base_repo, found.author.as_deref(), found.author_belongs), (repo(), Some("grace"), false));
    assert_eq!(found.changes.map(|changes| (changes.files, changes.lines)), Some((250, 747)));
    let files = setting.client.changed_files(&repo(), number).await.unwrap();
    assert_eq!((files.len(), files[0].lines), (250, 3));
    assert_eq!((files[249].path.as_str(), files[249].previous_path.as_deref()), ("b.rs", Some("a.rs")));
    setting.mock.assert_described();
}

#[tokio::test]
async fn reviews_are_told_over_pages_the_earliest_first() {
    let setting = as_app().await;
    let number = setting.mock.add_pull(REPO, pull());
    for reviewer in 0..120 {
        setting.mock.review_event(REPO, number, &format!("reviewer{reviewer}"), "MEMBER", "commented");
    }
    setting.mock.review_event(REPO, number, "ada", "NONE", "changes_requested");
    setting.mock.review_event(REPO, number, "grace", "OWNER", "approved");
    setting.mock.dismiss_event(REPO, number, "grace");
    let found = setting.client.pull_request(&repo(), number).await.unwrap();
    let reviews = setting.client.reviews(&repo(), &found).await.unwrap();
    assert_eq!((reviews.len(), reviews[0].author.as_deref()), (122, Some("reviewer0")));
    let told = |review: &Review| (review.verdict, review.author_belongs, review.head_sha.clone());
    let head = Some("c0ffee".to_owned());
    assert_eq!(told(&reviews[120]), (ReviewVerdict::ChangesRequested, false, head.clone()));
    assert_eq!(told(&reviews[121]), (ReviewVerdict::Dismissed, true, head));
    setting.mock.assert_described();
}

#[tokio::test]
async fn a_file_is_read_or_is_not_there() {
    let setting = as_app().await;
    assert_eq!(setting.client.file(&repo(), ".github/owp.yml").await, Ok(None));
    let text = "version: 1\n# grüße\n".repeat(20);
    setting.mock.set_file(REPO, ".github/owp.yml", Some(&text));
    let RepoFile { blob_sha, text: found } = setting.client.file(&repo(), ".github/owp.yml").await.unwrap().unwrap();
    assert_eq!((blob_sha.len(), found), (40, Some(text)));
    setting.mock.assert_described();
}

#[tokio::test]
async fn a_comment_is_made_once_and_then_kept_up_to_date() {
    let setting = as_app().await;
    let number = setting.mock.add_issue(REPO, issue("one", &[]));
    let id = setting.client.put_comment(&repo(), number, &comment("first"), None).await.unwrap();
    assert_eq!(setting.client.put_comment(&repo(), number, &comment("second"), Some(id)).await, Ok(id));
    assert_eq!(setting.client.put_comment(&repo(), number, &comment("third"), None).await, Ok(id), "its id was lost");
    setting.mock.look(REPO, |repo| {
        let comments = &repo.threads[&number].comments;
        assert_eq!((comments.len(), comments[0].writes), (1, 3));
        assert!(comments[0].body.starts_with("third"));
        assert_eq!(comments[0].author, setting.mock.app_login());
    });
    setting.mock.edit(REPO, number, |issue| issue.comments.clear());
    let anew = setting.client.put_comment(&repo(), number, &comment("fourth"), Some(id)).await.unwrap();
    assert_ne!(anew, id, "somebody deleted it");
    setting.mock.assert_described();
}

#[tokio::test]
async fn a_comment_whose_answer_was_lost_is_found_again_among_many() {
    let setting = as_app().await;
    let number = setting.mock.add_issue(REPO, issue("one", &[]));
    for _ in 0..150 {
        let said = Comment { body: "me too".to_owned(), marker: "another marker".to_owned() };
        setting.client.put_comment(&repo(), number, &said, None).await.unwrap();
    }
    setting.mock.fail(When::Writes, Fault::DoneButCut);
    let lost = setting.client.put_comment(&repo(), number, &comment("first"), None).await;
    assert!(matches!(lost, Err(Error::Unavailable { .. })), "{lost:?}");
    setting.client.put_comment(&repo(), number, &comment("again"), None).await.unwrap();
    setting.mock.look(REPO, |repo| {
        let own = repo.threads[&number].comments.iter().filter(|said| said.body.contains("owp:t_1"));
        assert_eq!(own.map(|said| said.writes).collect::<Vec<_>>(), [2]);
    });
    setting.mock.assert_described();
}

#[tokio::test]
async fn what_others_wrote_with_the_marker_in_it_is_left_alone() {
    let setting = as_app().await;
    let number = setting.mock.add_issue(REPO, issue("one", &[]));
    let own = setting.client.put_comment(&repo(), number, &comment("of the pool"), None).await.unwrap();
    setting.mock.edit(REPO, number, |issue| issue.comments[0].author = "mallory".to_owned());
    let fresh = setting.client.put_comment(&repo(), number, &comment("of the pool"), None).await.unwrap();
    assert_ne!(fresh, own);
    setting.mock.look(REPO, |repo| assert_eq!(repo.threads[&number].comments[0].writes, 1));
    setting.mock.assert_described();
}

#[tokio::test]
async fn labels_and_assignees_come_and_go() {
    let setting = as_app().await;
    let number = setting.mock.add_issue(REPO, issue("one", &["bug"]));
    let state = || {
        setting.mock.look(REPO, |repo| {
            let issue = &repo.threads[&number];
            (issue.labels.join(" "), issue.assignees.join(" "))
        })
    };
    setting.client.add_labels(&repo(), number, &["pool: in progress?/ü".to_owned()]).await.unwrap();
    setting.client.add_labels(&repo(), number, &["pool: in progress?/ü".to_owned()]).await.unwrap();
    assert_eq!(state().0, "bug pool: in progress?/ü");
    for _ in 0..2 {
        setting.client.remove_label(&repo(), number, "pool: in progress?/ü").await.unwrap();
        assert_eq!(state().0, "bug");
    }
    setting.mock.let_be_assigned(REPO, "grace");
    setting.client.assign(&repo(), number, &["grace".to_owned(), "stranger".to_owned()]).await.unwrap();
    assert_eq!(state().1, "grace");
    setting.client.unassign(&repo(), number, &["grace".to_owned()]).await.unwrap();
    assert_eq!(state().1, "");
    setting.mock.assert_described();
}

#[tokio::test]
async fn a_check_is_one_run_for_each_commit() {
    let setting = as_app().await;
    let id = setting.client.put_check(&repo(), &check(Conclusion::Failure), None).await.unwrap();
    assert!(id.is_some());
    assert_eq!(setting.client.put_check(&repo(), &check(Conclusion::Success), id).await, Ok(id));
    assert_eq!(setting.client.put_check(&repo(), &check(Conclusion::Neutral), None).await, Ok(id), "its id was lost");
    let next = Check { head_sha: "decade".to_owned(), ..check(Conclusion::Skipped) };
    assert_ne!(setting.client.put_check(&repo(), &next, None).await, Ok(id), "another commit");
    setting.mock.look(REPO, |repo| {
        let runs: Vec<_> = repo.check_runs.iter().map(|run| (run.head_sha.as_str(), run.writes)).collect();
        assert_eq!(runs, [("c0ffee", 3), ("decade", 1)]);
        assert_eq!(repo.check_runs[0].written["conclusion"], "neutral");
        assert_eq!(repo.check_runs[0].written["output"]["title"], "Not admitted yet");
    });
    setting.mock.assert_described();
}

#[tokio::test]
async fn with_a_token_a_check_is_a_commit_status() {
    let setting = with_token().await;
    for (conclusion, state) in [
        (Conclusion::Failure, "failure"),
        (Conclusion::Neutral, "success"),
        (Conclusion::Success, "success"),
        (Conclusion::Skipped, "success"),
    ] {
        setting.mock.set_permission("statuses", Some("write"));
        assert_eq!(setting.client.put_check(&repo(), &check(conclusion), None).await, Ok(None));
        setting.mock.look(REPO, |repo| {
            let (sha, status) = repo.statuses.last().unwrap();
            assert_eq!((sha.as_str(), status["state"].as_str()), ("c0ffee", Some(state)));
            assert_eq!(status["context"], "OWP admission");
        });
    }
    setting.mock.assert_described();
}
