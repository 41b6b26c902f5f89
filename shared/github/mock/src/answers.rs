//! Whole answers: the description's own examples, with what this world knows put in.

use crate::description::description;
use crate::server::{APP_ID, APP_SLUG};
use crate::world::{CheckRun, Comment, File, Pull, Repo, Review, Thread};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

pub const DEFAULT_BRANCH: &str = "main";

fn example(name: &str) -> Value {
    description().example(name)
}

/// The example of one account, under this handle.
pub fn account(login: &str) -> Value {
    let mut account = example("issue")["user"].clone();
    account["login"] = json!(login);
    account["type"] = json!(if login.ends_with("[bot]") { "Bot" } else { "User" });
    account
}

fn label(name: &str) -> Value {
    let mut label = example("label-items")[0].clone();
    label["name"] = json!(name);
    label
}

pub fn labels(thread: &Thread) -> Value {
    thread.labels.iter().map(|name| label(name)).collect()
}

/// What an issue and a pull request have in common.
fn put_thread(answer: &mut Value, full_name: &str, thread: &Thread) {
    let kind = if thread.pull.is_some() { "pull" } else { "issues" };
    put(
        answer,
        json!({
            "number": thread.number,
            "html_url": format!("https://github.com/{full_name}/{kind}/{}", thread.number),
            "title": thread.title,
            "body": thread.body,
            "state": if thread.is_open { "open" } else { "closed" },
            "user": account(&thread.author),
            "author_association": thread.author_association,
            "labels": labels(thread),
            "updated_at": seconds(thread.updated_at),
        }),
    );
}

pub fn issue(full_name: &str, thread: &Thread) -> Value {
    let mut issue = example("issue");
    put_thread(&mut issue, full_name, thread);
    put(
        &mut issue,
        json!({
            "assignees": thread.assignees.iter().map(|login| account(login)).collect::<Vec<_>>(),
            "assignee": thread.assignees.first().map(|login| account(login)),
            "comments": thread.comments.len(),
        }),
    );
    if thread.pull.is_none() {
        remove(&mut issue, "pull_request");
    }
    issue
}

pub fn pull_request(full_name: &str, thread: &Thread) -> Option<Value> {
    let pull = thread.pull.as_ref()?;
    let mut answer = example("pull-request");
    put_pull(&mut answer, full_name, thread, pull);
    let lines = |of: fn(&File) -> u32| pull.files.iter().map(of).sum::<u32>();
    put(
        &mut answer,
        json!({
            "merged": pull.merged_at.is_some(),
            "additions": lines(|file| file.additions),
            "deletions": lines(|file| file.deletions),
            "changed_files": pull.files.len(),
        }),
    );
    Some(answer)
}

/// As it stands in a list, which tells less of it.
pub fn listed_pull_request(full_name: &str, thread: &Thread) -> Option<Value> {
    let mut answer = example("pull-request-simple-items")[0].clone();
    put_pull(&mut answer, full_name, thread, thread.pull.as_ref()?);
    Some(answer)
}

fn put_pull(answer: &mut Value, full_name: &str, thread: &Thread, pull: &Pull) {
    put_thread(answer, full_name, thread);
    put(
        answer,
        json!({
            "draft": pull.is_draft,
            "requested_teams": [],
            "merged_at": pull.merged_at.map(seconds),
            "merge_commit_sha": pull.merged_at.map(|_| format!("{:0>40}", thread.number)),
        }),
    );
    put(&mut answer["head"], json!({ "sha": pull.head_sha, "ref": pull.head_branch }));
    put(&mut answer["base"], json!({ "ref": pull.base_branch }));
    put(&mut answer["base"]["repo"], json!({ "full_name": full_name, "default_branch": DEFAULT_BRANCH }));
}

pub fn changed_file(file: &File) -> Value {
    let mut answer = example("diff-entry-items")[0].clone();
    put(
        &mut answer,
        json!({
            "filename": file.path,
            "additions": file.additions,
            "deletions": file.deletions,
            "changes": file.additions + file.deletions,
        }),
    );
    if let Some(before) = &file.previous_path {
        put(&mut answer, json!({ "status": "renamed", "previous_filename": before }));
    }
    answer
}

pub fn review(review: &Review) -> Value {
    let mut answer = example("pull-request-review-items")[0].clone();
    put_review(&mut answer, review);
    answer
}

/// What a review in a list and in a webhook have in common.
pub fn put_review(answer: &mut Value, review: &Review) {
    put(
        answer,
        json!({
            "id": review.id,
            "state": review.state,
            "user": account(&review.author),
            "author_association": review.author_association,
            "submitted_at": seconds(review.submitted_at),
            "commit_id": review.head_sha,
        }),
    );
}

pub fn comment(comment: &Comment) -> Value {
    let mut answer = example("issue-comment");
    put(&mut answer, json!({ "id": comment.id, "body": comment.body, "user": account(&comment.author) }));
    answer
}

pub fn file(path: &str, text: &str) -> Value {
    let mut answer = example("content-file-response-if-content-is-a-file");
    // Wrapped as GitHub does.
    let content = STANDARD
        .encode(text)
        .as_bytes()
        .chunks(60)
        .map(|line| String::from_utf8_lossy(line) + "\n")
        .collect::<String>();
    let name = path.rsplit('/').next();
    put(
        &mut answer,
        json!({ "path": path, "name": name, "size": text.len(), "content": content, "sha": blob_sha(text) }),
    );
    answer
}

/// Another for each text, which is all that anybody relies on.
pub fn blob_sha(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:040x}")
}

pub fn check_run(run: &CheckRun) -> Value {
    let mut answer = example("check-run");
    let output = &run.written["output"];
    put(
        &mut answer,
        json!({
            "id": run.id,
            "name": run.name,
            "head_sha": run.head_sha,
            "status": run.written["status"],
            "conclusion": run.written["conclusion"],
        }),
    );
    put(
        &mut answer["output"],
        json!({ "title": output["title"], "summary": output["summary"], "text": output["text"] }),
    );
    answer
}

pub fn check_runs(repo: &Repo, head_sha: &str, name: Option<&str>) -> Value {
    let fits = |run: &&CheckRun| run.head_sha == head_sha && name.is_none_or(|name| run.name == name);
    let runs: Vec<Value> = repo.check_runs.iter().filter(fits).map(check_run).collect();
    json!({ "total_count": runs.len(), "check_runs": runs })
}

pub fn status(body: &Value) -> Value {
    let mut answer = example("status");
    put(&mut answer, body.clone());
    answer
}

pub fn repository(full_name: &str) -> Value {
    let mut answer = example("full-repository-default-response");
    let name = full_name.rsplit('/').next();
    let fields = json!({ "full_name": full_name, "name": name, "default_branch": DEFAULT_BRANCH, "language": "Rust" });
    put(&mut answer, fields);
    // The example is of a fork, in words that its own schema does not take.
    ["parent", "source", "template_repository"].iter().for_each(|other| drop(remove(&mut answer, other)));
    put(&mut answer["permissions"], json!({ "admin": false, "push": true, "triage": true, "pull": true }));
    answer
}

pub fn user(login: &str) -> Value {
    let mut answer = example("private-user-response-with-public-profile-information");
    answer["login"] = json!(login);
    answer
}

pub fn app() -> Value {
    let mut answer = example("integration");
    put(&mut answer, json!({ "id": APP_ID, "slug": APP_SLUG }));
    answer
}

pub fn installation(id: u64) -> Value {
    let mut answer = example("installation");
    put(&mut answer, json!({ "id": id, "app_id": APP_ID, "app_slug": APP_SLUG }));
    answer
}

pub fn put(target: &mut Value, fields: Value) {
    let (Value::Object(target), Value::Object(fields)) = (target, fields) else { panic!("both are objects") };
    target.extend(fields);
}

fn remove(target: &mut Value, field: &str) -> Option<Value> {
    target.as_object_mut().expect("an object").remove(field)
}

/// GitHub tells whole seconds.
pub fn seconds(at: owp_wire::Timestamp) -> String {
    let whole = owp_wire::Timestamp::from_millis(at.as_millis().div_euclid(1000) * 1000);
    whole.to_string().replace(".000Z", "Z")
}
