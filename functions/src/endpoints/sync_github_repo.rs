//! `POST /v1/github/repos/{owner}/{repo}/sync`

use crate::app::{App, AppState, Asked, Route};
use crate::auth::AdminToken;
use crate::github::permissions::missing;
use crate::github::policy_file;
use crate::github::sync::Reading;
use crate::input::{BodyDigest, Input, Params};
use crate::operation::SYNC_GITHUB_REPO;
use crate::problem::Problem;
use crate::views::{self, count};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use owp_logic::operations::{IssueImported, KeepOutcome, LinkRepo, NoteSynced};
use owp_logic::{Actor, RepoLink};
use owp_wire::{IssueAction, RepoName, SyncGithubRepoRequest, SyncGithubRepoResponse, SyncedIssue};
use serde::{Deserialize, Serialize};

/// Issues told one by one in an answer; the counts are of all. An answer is kept with the caller's key, and what keeps it
/// takes 400 KB.
const TOLD_MAX: usize = 500;

const HOOK_PATH: &str = "/webhooks/github";

pub fn route() -> Route {
    Route::new(SYNC_GITHUB_REPO, handle)
}

#[derive(Deserialize)]
struct Query {
    owner: String,
    repo: String,
    dry_run: bool,
}

/// What came of it, kept for a repeated call.
#[derive(Clone, Serialize, Deserialize)]
struct Synced {
    link: RepoLink,
    granted: Vec<String>,
    missing: Vec<String>,
    counts: Vec<(IssueAction, u32)>,
    told: Vec<IssueImported>,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    _: AdminToken,
    Params(Query { owner, repo, dry_run }): Params<Query>,
    headers: HeaderMap,
    Input { body, digest }: Input<SyncGithubRepoRequest>,
) -> Result<Json<SyncGithubRepoResponse>, Problem> {
    let named = RepoName(format!("{owner}/{repo}"));
    let repo = app.registered_as(&named).await?.unwrap_or(named);
    let webhook_url = webhook_url(&app, &headers);
    let earlier = if dry_run { None } else { app.answered_before(&asked, &Actor::Admin, &digest).await? };
    let synced = match earlier {
        Some(earlier) => earlier,
        None => sync(&app, &asked, &digest, &repo, body, dry_run).await?,
    };
    Ok(Json(answer(repo, dry_run, webhook_url, synced)))
}

async fn sync(
    app: &AppState,
    asked: &Asked,
    digest: &BodyDigest,
    repo: &RepoName,
    body: SyncGithubRepoRequest,
    is_dry: bool,
) -> Result<Synced, Problem> {
    let begun_at = app.clock.now();
    let github = app.github()?;
    let (write, admission) = (body.write_permissions, body.admission);
    let link = LinkRepo { repo: repo.clone(), sync: body.sync_type, write, admission };
    let foreseen = app.try_out(asked, &link).await?;
    let access = github.access(repo).await.map_err(|error| Problem::of_github(&error, begun_at))?;
    let linked =
        if is_dry { foreseen } else { app.carry_out(&asked.without_key(), Actor::Admin, digest, link).await? };
    let mut link = *linked.github.expect("it was just linked");
    if !is_dry {
        let read = policy_file::read(app, &*github, &asked.request_id, Actor::Admin, repo).await;
        read.map_err(|error| error.into_problem(app.clock.now()))?;
        link = app.link_of(repo).await?.unwrap_or(link);
    }
    let mut imported = Vec::new();
    if link.imports() {
        let reading = Reading {
            app,
            github: &*github,
            request_id: &asked.request_id,
            repo,
            actor: Actor::Admin,
            since: None,
            is_asked_for: true,
            accepts_edits: body.accept_edits,
            is_dry,
        };
        imported = reading.read().await.map_err(|error| error.into_problem(app.clock.now()))?.issues;
        if !is_dry {
            let noted = NoteSynced { repo: repo.clone(), at: begun_at };
            app.carry_out(&asked.without_key(), Actor::Admin, digest, noted).await?;
        }
    }
    let synced = Synced {
        granted: access.granted(),
        missing: missing(&access, &link),
        counts: counted(&imported),
        told: imported.into_iter().filter(is_worth_telling).take(TOLD_MAX).collect(),
        link,
    };
    if is_dry {
        return Ok(synced);
    }
    app.carry_out(asked, Actor::Admin, digest, KeepOutcome(synced)).await
}

fn counted(imported: &[IssueImported]) -> Vec<(IssueAction, u32)> {
    const ACTIONS: [IssueAction; 6] = [
        IssueAction::Created,
        IssueAction::Updated,
        IssueAction::Unchanged,
        IssueAction::Kept,
        IssueAction::Cancelled,
        IssueAction::Skipped,
    ];
    let of = |action| count(imported.iter().filter(|issue| issue.action == action).count());
    ACTIONS.map(|action| (action, of(action))).to_vec()
}

fn is_worth_telling(issue: &IssueImported) -> bool {
    !matches!(issue.action, IssueAction::Unchanged | IssueAction::Skipped) || !issue.faults.is_empty()
}

/// What GitHub shall call: the server's address as it is set, or else as whoever calls has reached it.
fn webhook_url(app: &App, headers: &HeaderMap) -> String {
    if let Some(url) = &app.settings.github.public_url {
        return format!("{url}{HOOK_PATH}");
    }
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    let scheme = text("x-forwarded-proto").filter(|scheme| *scheme == "https").unwrap_or("http");
    let host = text(header::HOST.as_str()).unwrap_or("localhost");
    format!("{scheme}://{host}{HOOK_PATH}")
}

fn answer(repo: RepoName, dry_run: bool, webhook_url: String, synced: Synced) -> SyncGithubRepoResponse {
    let Synced { link, granted, missing, counts, told } = synced;
    let number = |action| counts.iter().find(|(counted, _)| *counted == action).map_or(0, |(_, number)| *number);
    let issues = told.into_iter().map(|issue| SyncedIssue {
        number: issue.number,
        // Of a new task in a dry run there is no id yet.
        task_id: issue.task_id.filter(|_| !dry_run || issue.action != IssueAction::Created),
        title: issue.title,
        action: issue.action,
        changed: issue.changed,
        faults: issue.faults,
    });
    SyncGithubRepoResponse {
        ok: true,
        repo,
        dry_run,
        webhook_url,
        permissions_granted: granted,
        permissions_missing: missing,
        created: number(IssueAction::Created),
        updated: number(IssueAction::Updated),
        unchanged: number(IssueAction::Unchanged),
        kept: number(IssueAction::Kept),
        cancelled: number(IssueAction::Cancelled),
        skipped: number(IssueAction::Skipped),
        issues: issues.collect(),
        link: views::link(&link),
    }
}
