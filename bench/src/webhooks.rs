//! GitHub tells of a lot at once, and itself answers slowly, or not at all, or is gone: is each delivery answered at once?
//!
//! Deliveries are of many kinds, signed as GitHub signs them, and each is another one. What takes asking GitHub is done after
//! the answer, so that only the store is waited for.

use crate::calls::{Admin, write_request};
use crate::elsewhere::{Elsewhere, Mood};
use crate::http::Connection;
use crate::options::Extent;
use crate::report::{Goal, Report};
use crate::server::Site;
use crate::stopwatch::{Latencies, Stopwatch};
use anyhow::{Context, bail};
use futures::future::try_join_all;
use owp_wire::Timestamp;
use serde_json::{Value, json};
use std::cell::Cell;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::time::Instant;

const GOAL: Goal = Goal::AtMost(1000.0, "ms");

const SECRET: &str = "the webhook secret of the load generator";

/// More at once than GitHub sends to anybody but the largest.
const AT_ONCE: usize = 32;

const REPOS: usize = 8;

/// Issues that are labelled, and edited and closed again later.
const ISSUES: u64 = 500;

/// One delivery in so many is a push of thousands of commits.
const LARGE_EVERY: u64 = 200;
const LARGE_COMMITS: usize = 2000;

pub async fn measure(site: Site, extent: &Extent, report: &mut Report) -> anyhow::Result<()> {
    let mut elsewhere = Elsewhere::start().await?;
    let settings = vec![
        ("GITHUB_WEBHOOK_SECRET", SECRET.to_owned()),
        ("GITHUB_TOKEN", "github_pat_of_the_load_generator".to_owned()),
        ("GITHUB_API_URL", format!("http://{}", elsewhere.address)),
    ];
    let server = Site { settings, ..site }.start().await?;
    let mut admin = Admin::connect(server.address).await?;
    for repo in 0..REPOS {
        let name = name_of(repo);
        admin.put_repo(&name, 3, false).await?;
        let link =
            json!({ "sync_type": "bidirectional", "write_permissions": ["comments", "labels", "assignees", "status"] });
        admin.post(&format!("/v1/github/repos/{name}/sync"), &link).await?;
    }
    let count = Cell::new(0);
    for mood in [Mood::Well, Mood::Slow, Mood::Silent, Mood::Gone] {
        elsewhere.be(mood);
        let until = Instant::now() + Duration::from_secs_f64(extent.webhooks_turn_s);
        let sent = (0..AT_ONCE).map(|_| deliver(server.address, &count, until));
        let mut took = Latencies::default();
        for one in try_join_all(sent).await? {
            took.merge(&one);
        }
        let longest = took.percentile_ms(100.0);
        let said = format!(
            "{longest:.0} ms; p50 {:.1}, p99 {:.1} ms of {} deliveries",
            took.percentile_ms(50.0),
            took.percentile_ms(99.0),
            took.count()
        );
        report.compare(format!("webhooks: the longest answer, GitHub {}", mood.name()), GOAL, longest, said);
    }
    let state = admin.get("/v1/admin/state").await?;
    let tasks = ["tasks_ready", "tasks_cancelled"].map(|name| state[name].as_u64().unwrap_or_default());
    if tasks == [0, 0] {
        report.failures.push("no issue that was told of has become a task".to_owned());
    }
    report.note(format!(
        "webhooks: {AT_ONCE} deliveries at a time, of {REPOS} repositories; {} tasks came of them, and {} were cancelled",
        tasks[0], tasks[1]
    ));
    server.stop().await
}

fn name_of(repo: usize) -> String {
    format!("bench/webhooks-{repo}")
}

/// One after the other on one connection.
async fn deliver(address: SocketAddr, count: &Cell<u64>, until: Instant) -> anyhow::Result<Latencies> {
    let (mut took, mut request) = (Latencies::default(), Vec::new());
    let mut connection = Connection::open(address).await?;
    while Instant::now() < until {
        let number = count.get();
        count.set(number + 1);
        let (event, payload) = told(number);
        let body = payload.to_string();
        let signature = owp_github::sign(SECRET, body.as_bytes());
        let headers =
            format!("x-github-event: {event}\r\nx-github-delivery: {number}\r\nx-hub-signature-256: {signature}\r\n");
        write_request(&mut request, "POST", "/webhooks/github", &headers, &body)?;
        let watch = Stopwatch::start();
        let answer = connection.call(&request).await.with_context(|| format!("{event} {number}"))?;
        took.record(watch.elapsed());
        if answer.status != 202 {
            bail!("{event} was answered with {}: {}", answer.status, String::from_utf8_lossy(answer.body));
        }
    }
    Ok(took)
}

/// The delivery of a number: of each repository all kinds in turn.
fn told(number: u64) -> (&'static str, Value) {
    let repo = name_of(usize::try_from(number).unwrap_or_default() % REPOS);
    let round = number / REPOS as u64;
    let base = json!({
        "sender": { "login": "somebody", "id": 1 }, "installation": { "id": 1 },
        "repository": { "full_name": repo, "default_branch": "main" },
    });
    let (event, mut payload) =
        if number.is_multiple_of(LARGE_EVERY) { ("push", push(LARGE_COMMITS)) } else { kind(&repo, round) };
    let fields = payload.as_object_mut().expect("a payload is an object");
    fields.extend(base.as_object().expect("an object").clone());
    (event, payload)
}

fn kind(repo: &str, round: u64) -> (&'static str, Value) {
    let (kind, number) = (round % 14, 1 + round / 14 % ISSUES);
    let (at, sha) = (moment(round), format!("{round:040x}"));
    let ready = json!({ "name": "pool:ready" });
    match kind {
        0 => (
            "issues",
            json!({ "action": "labeled", "label": ready, "issue": issue(repo, number, &at, "open", "As it says.") }),
        ),
        1 => ("issues", json!({ "action": "edited", "issue": issue(repo, number, &at, "open", "As it says now.") })),
        2 => ("issues", json!({ "action": "closed", "issue": issue(repo, number, &at, "closed", "As it says.") })),
        3 => ("pull_request", json!({ "action": "opened", "pull_request": pull(repo, number, &at, &sha, "open") })),
        4 => {
            ("pull_request", json!({ "action": "synchronize", "pull_request": pull(repo, number, &at, &sha, "open") }))
        }
        5 => ("pull_request", json!({ "action": "closed", "pull_request": pull(repo, number, &at, &sha, "closed") })),
        6 => {
            let review = json!({
                "id": round, "state": "changes_requested", "user": { "login": "maintainer" }, "submitted_at": at,
                "author_association": "MEMBER", "commit_id": sha,
            });
            let pull = pull(repo, number, &at, &sha, "open");
            ("pull_request_review", json!({ "action": "submitted", "review": review, "pull_request": pull }))
        }
        7 => ("push", push(3)),
        8 => {
            let run = json!({ "name": "OWP admission", "head_sha": sha, "pull_requests": [] });
            ("check_run", json!({ "action": "rerequested", "check_run": run }))
        }
        9 => {
            ("check_suite", json!({ "action": "rerequested", "check_suite": { "head_sha": sha, "pull_requests": [] } }))
        }
        10 => ("label", json!({ "action": "deleted", "label": { "name": "size:3" } })),
        11 => (
            "workflow_job",
            json!({ "action": "completed", "workflow_job": { "logs": "a line of a log\n".repeat(1000) } }),
        ),
        12 => ("star", json!({ "action": "created" })),
        _ => ("ping", json!({ "zen": "Keep it logically awesome." })),
    }
}

/// Each is a second later than the one before.
fn moment(round: u64) -> String {
    let start = Timestamp::from_millis(1_800_000_000_000);
    start.plus_s(u32::try_from(round).unwrap_or(u32::MAX)).to_string()
}

fn issue(repo: &str, number: u64, at: &str, state: &str, body: &str) -> Value {
    json!({
        "number": number, "html_url": format!("https://github.com/{repo}/issues/{number}"), "title": format!("Do {number}"),
        "body": body.repeat(50), "state": state, "user": { "login": "author" }, "assignees": [], "updated_at": at,
        "labels": [{ "name": "pool:ready" }, { "name": "size:2" }, { "name": "skills:rust,docs" }],
    })
}

fn pull(repo: &str, issue: u64, at: &str, sha: &str, state: &str) -> Value {
    // Issues and pull requests share their numbers.
    let number = ISSUES + issue;
    json!({
        "number": number, "html_url": format!("https://github.com/{repo}/pull/{number}"), "title": format!("Does {issue}"),
        "body": format!("Closes #{issue}"), "state": state, "draft": false, "merged_at": null, "updated_at": at,
        "user": { "login": "contributor" }, "author_association": "CONTRIBUTOR", "merge_commit_sha": null,
        "head": { "ref": "work", "sha": sha }, "base": { "ref": "main", "repo": { "full_name": repo, "default_branch": "main" } },
    })
}

fn push(commits: usize) -> Value {
    let commit = |number: usize| {
        json!({
            "id": format!("{number:040x}"), "message": format!("Change {number}\n\n{}", "Because it is better so. ".repeat(20)),
            "added": [format!("src/{number}.rs")], "removed": [], "modified": [".github/owp.yml"],
        })
    };
    json!({ "ref": "refs/heads/main", "commits": (0..commits).map(commit).collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use owp_github::webhook;
    use owp_logic::github::Event;
    use std::collections::BTreeSet;

    #[test]
    fn deliveries_are_of_every_kind_that_means_something_and_of_some_that_do_not() {
        let mut read = BTreeSet::new();
        for number in 1..200 {
            let (event, payload) = told(number);
            let delivery = webhook::read(event, payload.to_string().as_bytes()).expect("as GitHub sends it");
            read.insert((event, delivery.event == Event::Unknown));
        }
        let meant: Vec<&str> = read.iter().filter(|(_, unknown)| !unknown).map(|(event, _)| *event).collect();
        let all =
            ["check_run", "check_suite", "issues", "label", "ping", "pull_request", "pull_request_review", "push"];
        assert_eq!(meant, all);
        assert_eq!(read.len(), all.len() + 2);
    }

    #[test]
    fn a_large_push_is_one_that_a_server_takes() {
        let (event, payload) = told(0);
        let bytes = payload.to_string().len();
        assert!(event == "push" && (1_000_000..5_000_000).contains(&bytes), "{bytes}");
    }
}
