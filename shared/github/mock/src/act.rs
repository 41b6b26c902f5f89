//! What each operation does with the world.

use crate::answers;
use crate::description::Operation;
use crate::server::{Asker, Shared, repo_of, token_answer};
use crate::world::{CheckRun, Comment, NewIssue, NewPull, Pull, Repo, Thread, Token, World};
use owp_wire::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How long a token of an installation lasts.
const TOKEN_S: u32 = 3600;

pub struct Answer {
    pub status: u16,
    pub body: Value,
    pub headers: Vec<(&'static str, String)>,
    /// It is done, and who asked never hears of it.
    pub is_cut: bool,
}

impl Answer {
    fn new(status: u16, body: Value) -> Self {
        Self { status, body, headers: Vec::new(), is_cut: false }
    }

    pub fn problem(status: u16, message: &str) -> Self {
        let told = json!({ "message": message, "documentation_url": "https://docs.github.com/rest", "status": status.to_string() });
        Self::new(status, told)
    }

    pub fn with(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }
}

/// A request as the operations see it.
struct Asked<'a> {
    parts: &'a BTreeMap<String, String>,
    query: &'a BTreeMap<String, String>,
    body: Value,
    asker: &'a Asker,
    now: Timestamp,
}

impl Asked<'_> {
    fn number(&self, name: &str) -> u64 {
        self.parts.get(name).and_then(|text| text.parse().ok()).unwrap_or_default()
    }

    fn texts(&self, field: &str) -> Vec<String> {
        self.body[field].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }
}

pub fn act(
    shared: &Shared,
    operation: &Operation,
    parts: &BTreeMap<String, String>,
    query: &BTreeMap<String, String>,
    body: Option<&Value>,
    asker: &Asker,
) -> Answer {
    let asked = Asked { parts, query, body: body.cloned().unwrap_or_default(), asker, now: (shared.now)() };
    let mut world = shared.world.lock().expect("no panic while held");
    let done = match (operation.method, operation.path) {
        ("get", "/user") if *asker == Asker::Person => Some(Answer::new(200, answers::user(&asker.login()))),
        ("get", "/app") if *asker == Asker::App => Some(Answer::new(200, answers::app())),
        ("post", "/app/installations/{installation_id}/access_tokens") if *asker == Asker::App => {
            give_token(&mut world, &asked, &shared.permissions())
        }
        ("get", "/user" | "/app") | ("post", "/app/installations/{installation_id}/access_tokens") => {
            Some(Answer::problem(403, "Resource not accessible by integration"))
        }
        _ => in_repo(&mut world, operation, &asked),
    };
    done.unwrap_or_else(|| Answer::problem(404, "Not Found"))
}

fn give_token(world: &mut World, asked: &Asked, permissions: &BTreeMap<String, String>) -> Option<Answer> {
    let id = asked.number("installation_id");
    world.repos.values().any(|repo| repo.installation_id == id).then(|| {
        let (text, expires_at) = (format!("ghs_{}", world.fresh_id()), asked.now.plus_s(TOKEN_S));
        let answer = token_answer(&text, expires_at, permissions);
        world.tokens.push(Token { text, expires_at, installation_id: id });
        Answer::new(201, answer)
    })
}

fn in_repo(world: &mut World, operation: &Operation, asked: &Asked) -> Option<Answer> {
    let name = repo_of(asked.parts).0;
    if world.moved.contains(&name) {
        let location = "https://api.github.com/repositories/1".to_owned();
        return Some(Answer::problem(301, "Moved Permanently").with("location", location));
    }
    let (name, fresh_id) = (world.name_of(&name)?, world.fresh_id());
    let repo = world.repos.get_mut(&name)?;
    if let Asker::Installation(id) = asked.asker
        && *id != repo.installation_id
    {
        return None;
    }
    let path = operation.path.strip_prefix("/repos/{owner}/{repo}").expect("a path in a repository");
    match (operation.method, path) {
        ("get", "") => Some(Answer::new(200, answers::repository(&name))),
        ("get", "/installation") => {
            (repo.installation_id != 0).then(|| Answer::new(200, answers::installation(repo.installation_id)))
        }
        ("get", "/issues") => Some(list_issues(repo, &name, asked)),
        ("get", "/issues/{issue_number}") => Some(Answer::new(200, answers::issue(&name, repo.thread(asked)?))),
        ("get", "/issues/{issue_number}/comments") => {
            let thread = repo.thread(asked)?;
            Some(page(asked, thread.comments.iter().map(answers::comment).collect()))
        }
        ("post", "/issues/{issue_number}/comments") => {
            let body = asked.body["body"].as_str()?.to_owned();
            let comment = Comment { id: fresh_id, author: asked.asker.login(), body, writes: 1 };
            let answer = answers::comment(&comment);
            repo.thread(asked)?.comments.push(comment);
            Some(Answer::new(201, answer))
        }
        ("patch", "/issues/comments/{comment_id}") => {
            let id = asked.number("comment_id");
            let comments = repo.threads.values_mut().flat_map(|thread| &mut thread.comments);
            let comment = comments.into_iter().find(|comment| comment.id == id)?;
            asked.body["body"].as_str()?.clone_into(&mut comment.body);
            comment.writes += 1;
            Some(Answer::new(200, answers::comment(comment)))
        }
        ("post", "/issues/{issue_number}/labels") => {
            let thread = repo.thread(asked)?;
            let fresh =
                asked.texts("labels").into_iter().filter(|label| !thread.labels.contains(label)).collect::<Vec<_>>();
            thread.labels.extend(fresh);
            Some(Answer::new(200, answers::labels(thread)))
        }
        ("delete", "/issues/{issue_number}/labels/{name}") => {
            let thread = repo.thread(asked)?;
            let place = thread.labels.iter().position(|label| *label == asked.parts["name"])?;
            thread.labels.remove(place);
            Some(Answer::new(200, answers::labels(thread)))
        }
        ("post" | "delete", "/issues/{issue_number}/assignees") => {
            assign(repo, &name, asked, operation.method == "post")
        }
        ("get", "/pulls") => Some(list_pulls(repo, &name, asked)),
        ("get", "/pulls/{pull_number}") => {
            answers::pull_request(&name, repo.thread(asked)?).map(|body| Answer::new(200, body))
        }
        ("get", "/pulls/{pull_number}/files") => {
            let pull = repo.thread(asked)?.pull.as_ref()?;
            Some(page(asked, pull.files.iter().map(answers::changed_file).collect()))
        }
        ("get", "/pulls/{pull_number}/reviews") => {
            let pull = repo.thread(asked)?.pull.as_ref()?;
            Some(page(asked, pull.reviews.iter().map(answers::review).collect()))
        }
        ("get", "/contents/{path}") => {
            let path = &asked.parts["path"];
            repo.files.get(path).map(|text| Answer::new(200, answers::file(path, text)))
        }
        ("post", "/statuses/{sha}") => {
            repo.statuses.push((asked.parts["sha"].clone(), asked.body.clone()));
            Some(Answer::new(201, answers::status(&asked.body)))
        }
        _ => check_runs(repo, operation.method, path, asked, fresh_id),
    }
}

fn list_issues(repo: &Repo, name: &str, asked: &Asked) -> Answer {
    let wanted: Vec<&str> = asked.query.get("labels").map(|labels| labels.split(',').collect()).unwrap_or_default();
    let since = asked.query.get("since").and_then(|since| since.parse::<Timestamp>().ok());
    let state = asked.query.get("state").map_or("open", String::as_str);
    let fits = |thread: &&Thread| {
        wanted.iter().all(|label| thread.labels.iter().any(|known| known == label))
            && since.is_none_or(|since| thread.updated_at >= since)
            && (state == "all" || thread.is_open == (state == "open"))
    };
    page(asked, repo.threads.values().filter(fits).map(|thread| answers::issue(name, thread)).collect())
}

/// Those that changed last come first, which is how the pool asks.
fn list_pulls(repo: &Repo, name: &str, asked: &Asked) -> Answer {
    let state = asked.query.get("state").map_or("open", String::as_str);
    let mut fitting: Vec<&Thread> =
        repo.threads.values().filter(|thread| state == "all" || thread.is_open == (state == "open")).collect();
    fitting.sort_by_key(|thread| std::cmp::Reverse(thread.updated_at));
    page(asked, fitting.into_iter().filter_map(|thread| answers::listed_pull_request(name, thread)).collect())
}

/// One page of a list, with the link to the next as GitHub gives it.
fn page(asked: &Asked, all: Vec<Value>) -> Answer {
    let number =
        |name: &str, otherwise: usize| asked.query.get(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise);
    let (rows, page) = (number("per_page", 30).clamp(1, 100), number("page", 1).max(1));
    let has_more = all.len() > rows * page;
    let answer = Answer::new(200, all.into_iter().skip(rows * (page - 1)).take(rows).collect());
    if !has_more {
        return answer;
    }
    let link = |page: usize, rel: &str| format!("<https://api.github.com/x?page={page}>; rel=\"{rel}\"");
    answer.with("link", format!("{}, {}", link(page + 1, "next"), link(99, "last")))
}

fn assign(repo: &mut Repo, name: &str, asked: &Asked, is_added: bool) -> Option<Answer> {
    let mut handles = asked.texts("assignees");
    handles.retain(|handle| repo.assignable.contains(handle));
    let thread = repo.thread(asked)?;
    thread.assignees.retain(|known| !handles.contains(known));
    if is_added {
        thread.assignees.extend(handles);
    }
    Some(Answer::new(if is_added { 201 } else { 200 }, answers::issue(name, thread)))
}

fn check_runs(repo: &mut Repo, method: &str, path: &str, asked: &Asked, fresh_id: u64) -> Option<Answer> {
    let id = asked.number("check_run_id");
    match (method, path) {
        ("get", "/commits/{ref}/check-runs") => {
            let name = asked.query.get("check_name").map(String::as_str);
            Some(Answer::new(200, answers::check_runs(repo, &asked.parts["ref"], name)))
        }
        ("post", "/check-runs") => {
            let text = |field: &str| asked.body[field].as_str().map(str::to_owned);
            let (head_sha, name) = (text("head_sha")?, text("name")?);
            let run = CheckRun { id: fresh_id, head_sha, name, written: asked.body.clone(), writes: 1 };
            let answer = answers::check_run(&run);
            repo.check_runs.push(run);
            Some(Answer::new(201, answer))
        }
        ("get", "/check-runs/{check_run_id}") => {
            repo.check_runs.iter().find(|run| run.id == id).map(|run| Answer::new(200, answers::check_run(run)))
        }
        ("patch", "/check-runs/{check_run_id}") => {
            let run = repo.check_runs.iter_mut().find(|run| run.id == id)?;
            run.written = asked.body.clone();
            run.writes += 1;
            Some(Answer::new(200, answers::check_run(run)))
        }
        _ => None,
    }
}

impl Repo {
    fn thread(&mut self, asked: &Asked) -> Option<&mut Thread> {
        let number = asked.number("issue_number").max(asked.number("pull_number"));
        self.threads.get_mut(&number)
    }

    pub fn add_issue(&mut self, issue: NewIssue, now: Timestamp) -> u64 {
        self.add(issue, "CONTRIBUTOR".to_owned(), None, now)
    }

    pub fn add_pull(&mut self, pull: NewPull, now: Timestamp) -> u64 {
        let NewPull { title, body, author, author_association, head_sha, base_branch, files } = pull;
        let issue = NewIssue { title, body, author, labels: Vec::new() };
        let head_branch = format!("branch-{head_sha}");
        let pull =
            Pull { head_sha, head_branch, base_branch, is_draft: false, merged_at: None, files, reviews: Vec::new() };
        self.add(issue, author_association, Some(pull), now)
    }

    fn add(&mut self, issue: NewIssue, author_association: String, pull: Option<Pull>, now: Timestamp) -> u64 {
        let number = self.fresh_number();
        let NewIssue { title, body, author, labels } = issue;
        self.threads.insert(
            number,
            Thread {
                number,
                title,
                body: Some(body),
                author,
                author_association,
                is_open: true,
                labels,
                assignees: Vec::new(),
                comments: Vec::new(),
                pull,
                updated_at: now,
            },
        );
        number
    }
}
