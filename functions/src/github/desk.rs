//! Does at GitHub what events and schedules ask for: follows the log from its own place, puts what is to be done on the desk,
//! each thing once, and carries it out, one after the other.
//!
//! What is written is a function of how things stand when it is written, and not of what happened, so a thousand events of a
//! task are one comment, and a desk that was away for a day has no more to do than one that was not. Called now and then, by
//! a timer or a schedule; who finds the desk taken leaves it.

use super::errands::{Errands, Stopped};
use super::find::{held_in, number_in, number_of_pull};
use crate::app::AppState;
use crate::problem::Problem;
use owp_logic::operations::{KeepDesk, Look, SILENT_SINCE, TakeDesk};
use owp_logic::{Actor, Desk, ErrandKind, Event, EventKind, Key, Need, Told};
use owp_store::{Cursor, StoreError};
use owp_wire::{RepoName, Timestamp};
use std::collections::BTreeSet;
use tracing::{error, info, warn};

/// Events looked at together.
const EVENTS_AT_ONCE: usize = 500;

/// Things on the desk. With more, the log is followed no further: what waits there is not lost.
const ERRANDS_MAX: usize = 500;

/// Things done in one call, and seconds after which no other is begun, so that it ends within a function's minute.
const DONE_MAX: usize = 100;
const BEGUN_WITHIN_S: u32 = 20;

/// After so many failures in a row GitHub is taken to be away, and the rest waits for the next call.
const FAILURES_MAX: usize = 3;

/// How often a thing that GitHub refuses is tried again: permissions may be given meanwhile.
const REFUSALS_MAX: u32 = 5;
const REFUSED_WAIT_S: u32 = 3600;

/// The wait after a failure doubles from the first to the second of these.
const WAIT_FIRST_S: u32 = 10;
const WAIT_LAST_S: u32 = 3600;

/// How long nothing is asked where the credentials are not taken.
const UNAUTHORIZED_REST_S: u32 = 300;

/// How many things were done; none where the server asks no GitHub, or somebody else works at the desk.
pub async fn work(app: &AppState, request_id: &str) -> Result<usize, Problem> {
    let Some(github) = app.github.clone() else { return Ok(0) };
    let holder = crate::clock::fresh_request_id();
    let taken = app.run(request_id, Actor::System, None, TakeDesk { holder: holder.clone() }).await??;
    let Some(desk) = taken else { return Ok(0) };
    let mut sitting = Sitting { app, request_id, holder, desk };
    if !sitting.follow_log().await? || !sitting.read_by_the_clock().await? {
        return Ok(0);
    }
    let done = sitting.carry_out(&Errands { app, github: &*github, request_id }).await?;
    sitting.keep(Vec::new(), true).await?;
    Ok(done)
}

struct Sitting<'a> {
    app: &'a AppState,
    request_id: &'a str,
    holder: String,
    desk: Desk,
}

impl Sitting<'_> {
    /// Commits the desk as it is; `false` where somebody else has taken it meanwhile.
    async fn keep(&self, told: Vec<Told>, leaves: bool) -> Result<bool, Problem> {
        let operation = KeepDesk { holder: self.holder.clone(), desk: self.desk.clone(), told, leaves };
        Ok(self.app.run(self.request_id, Actor::System, None, operation).await??)
    }

    /// Puts on the desk what events since the last time ask for; `false` where the desk is somebody else's by now.
    async fn follow_log(&mut self) -> Result<bool, Problem> {
        while self.desk.errands.len() < ERRANDS_MAX {
            let after = self.desk.until.clone().map(Cursor);
            let events = match self.app.store.events(after.as_ref(), None, EVENTS_AT_ONCE).await {
                // What was dropped asks for nothing any more; how things stand is seen by reading all.
                Err(StoreError::CursorGone) => {
                    self.desk.until = None;
                    self.desk.reads_at = self.app.clock.now();
                    continue;
                }
                events => events?,
            };
            let links = self.links_of(events.iter().map(|(_, event)| event)).await?;
            let now = self.app.clock.now();
            let linked = |event: &Event| event.repo.as_ref().is_some_and(|repo| links.contains(repo));
            for (place, event) in &events {
                if linked(event) {
                    errands_of(event).into_iter().for_each(|what| self.desk.add(what, now));
                }
                // What may be written has changed, and with it what is to be said of tasks of which nothing is new.
                if event.kind == EventKind::RepoLinked {
                    self.desk.reads_at = now;
                }
                self.desk.until = Some(place.0.clone());
                if self.desk.errands.len() >= ERRANDS_MAX {
                    break;
                }
            }
            if events.is_empty() {
                break;
            }
            if !self.keep(Vec::new(), false).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Those of the repositories that are linked now.
    async fn links_of<'e>(&self, events: impl Iterator<Item = &'e Event>) -> Result<BTreeSet<RepoName>, StoreError> {
        let repos: BTreeSet<RepoName> = events.filter_map(|event| event.repo.clone()).collect();
        let needs = repos.into_iter().map(|repo| Need::Record(Key::Repo(repo))).collect();
        let snapshot = self.app.store.look(needs).await?;
        let linked = snapshot.records().filter_map(|(_, _, record)| record.as_repo());
        Ok(linked.filter(|repo| repo.github.is_some()).map(|repo| repo.name.clone()).collect())
    }

    /// Webhooks may be lost, or not be set up: now and then everything is read that they would have told. `false` as above.
    async fn read_by_the_clock(&mut self) -> Result<bool, Problem> {
        let (now, interval_s) = (self.app.clock.now(), self.app.settings.github.sync_interval_s);
        if interval_s == 0 || now < self.desk.reads_at || self.desk.errands.len() >= ERRANDS_MAX {
            return Ok(true);
        }
        for repo in self.app.linked_repos().await? {
            self.desk.add(ErrandKind::Issues { repo: repo.clone() }, now);
            self.desk.add(ErrandKind::Policy { repo: repo.clone() }, now);
            for task in held_in(self.app, &repo).await? {
                if let Some(number) = number_of_pull(&task) {
                    self.desk.add(ErrandKind::PullRequest { repo: repo.clone(), number, again: false }, now);
                }
                self.desk.add(ErrandKind::Tell { task_id: task.id }, now);
            }
        }
        self.desk.reads_at = now.plus_s(interval_s);
        self.keep(Vec::new(), false).await
    }

    async fn carry_out(&mut self, errands: &Errands<'_>) -> Result<usize, Problem> {
        let (mut done, mut failures) = (0, 0);
        let begun_at = self.app.clock.now();
        while done < DONE_MAX && failures < FAILURES_MAX {
            let now = self.app.clock.now();
            if now >= begun_at.plus_s(BEGUN_WITHIN_S) || self.desk.rests_until.is_some_and(|until| now < until) {
                break;
            }
            self.desk.rests_until = None;
            let Some(errand) = self.desk.next_due(now).cloned() else { break };
            let mut told = Vec::new();
            let outcome = errands.carry_out(&errand.what, &mut self.desk, &mut told).await;
            let now = self.app.clock.now();
            match outcome {
                Ok(()) => {
                    (done, failures) = (done + 1, 0);
                    self.desk.remove(&errand.what);
                }
                Err(stopped) => {
                    failures += 1;
                    self.put_off(&errand.what, errand.tries, stopped, now);
                }
            }
            if !self.keep(told, false).await? {
                warn!(
                    request_id = self.request_id,
                    "somebody else has taken the desk; what was begun there is found again"
                );
                break;
            }
        }
        if done > 0 {
            info!(
                request_id = self.request_id,
                done,
                left = self.desk.errands.len(),
                "worked off what GitHub asks for"
            );
        }
        Ok(done)
    }

    /// What could not be done waits, or is given up where waiting does not help.
    fn put_off(&mut self, what: &ErrandKind, tries: u32, stopped: Stopped, now: Timestamp) {
        use owp_github::Error::{
            Forbidden, Limited, Moved, NotFound, NotInstalled, Refused, Unauthorized, Unavailable,
        };
        let (not_before, counts) = match stopped {
            Stopped::Store(problem) => {
                let cause = problem.cause.as_deref().map(tracing::field::display);
                error!(request_id = self.request_id, ?what, detail = problem.detail, cause, "tried again later");
                (now.plus_s(wait_s(tries)), true)
            }
            Stopped::Paced(until) | Stopped::Github(Limited { until }) => {
                self.desk.rests_until = Some(until);
                (until, false)
            }
            Stopped::Crowded(until) => (until, false),
            Stopped::Github(Unauthorized) => {
                error!(
                    request_id = self.request_id,
                    "GitHub does not take the credentials; nothing is lost, and it is tried again"
                );
                let until = now.plus_s(UNAUTHORIZED_REST_S);
                self.desk.rests_until = Some(until);
                (until, false)
            }
            Stopped::Github(NotFound | Moved) => {
                info!(request_id = self.request_id, ?what, "GitHub knows it no more, so there is nothing to do");
                self.desk.remove(what);
                return;
            }
            Stopped::Github(error @ Unavailable { .. }) => {
                warn!(
                    request_id = self.request_id,
                    ?what,
                    error = &error as &dyn std::error::Error,
                    "tried again later"
                );
                (now.plus_s(wait_s(tries)), true)
            }
            Stopped::Github(error @ (Forbidden { .. } | NotInstalled { .. } | Refused { .. })) => {
                let error = &error as &dyn std::error::Error;
                if tries + 1 >= REFUSALS_MAX {
                    error!(request_id = self.request_id, ?what, error, "given up");
                    self.desk.remove(what);
                    return;
                }
                warn!(request_id = self.request_id, ?what, error, "tried again later");
                (now.plus_s(REFUSED_WAIT_S), true)
            }
        };
        if let Some(errand) = self.desk.errands.iter_mut().find(|errand| errand.what == *what) {
            errand.not_before = not_before;
            errand.tries += u32::from(counts);
        }
    }
}

fn wait_s(tries: u32) -> u32 {
    WAIT_FIRST_S.saturating_mul(1 << tries.min(10)).min(WAIT_LAST_S)
}

/// What an event of a linked repository asks for.
fn errands_of(event: &Event) -> Vec<ErrandKind> {
    let Some(repo) = event.repo.clone() else { return Vec::new() };
    let reported = event.details.get("artifact").and_then(|artifact| artifact["pr_url"].as_str());
    let reported = reported.filter(|_| matches!(event.actor, Actor::Worker(_))).and_then(|url| number_in(url, &repo));
    let look = reported.map(|number| ErrandKind::PullRequest { repo: repo.clone(), number, again: false });
    let silent_since = event.details.get(SILENT_SINCE).and_then(|since| serde_json::from_value(since.clone()).ok());
    let caught_up = silent_since.filter(|_| event.kind == EventKind::RepoLinked);
    let catch_up = caught_up.map(|since| ErrandKind::CatchUp { repo: repo.clone(), since, after: None });
    look.into_iter().chain(catch_up).chain(errand_of(event, repo)).collect()
}

fn errand_of(event: &Event, repo: RepoName) -> Option<ErrandKind> {
    match (event.kind, &event.task_id) {
        (EventKind::RepoLookDue, _) => {
            let details = serde_json::Value::Object(event.details.clone());
            Some(match serde_json::from_value(details).ok()? {
                Look::Issues => ErrandKind::Issues { repo },
                Look::Policy => ErrandKind::Policy { repo },
                Look::PullRequest { number, again } => ErrandKind::PullRequest { repo, number, again },
                Look::Commit { head_sha } => ErrandKind::Commit { repo, head_sha },
            })
        }
        (EventKind::RepoLinked, _) => Some(ErrandKind::Policy { repo }),
        // These change nothing that is said at GitHub.
        (EventKind::LeaseRenewed | EventKind::TaskRated | EventKind::TaskOffered | EventKind::TaskDeclined, _) => None,
        (_, Some(task_id)) => Some(ErrandKind::Tell { task_id: task_id.clone() }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pull_request_is_known_by_its_address() {
        let repo = RepoName("owner/repo".to_owned());
        for (url, expected) in [
            ("https://github.com/owner/repo/pull/12", Some(12)),
            ("https://github.example/Owner/Repo/pull/12/files?w=1", Some(12)),
            ("https://github.com/other/repo/pull/12", None),
            ("https://github.com/x-owner/repo/pull/12", None),
            ("https://github.com/owner/repo/pull/", None),
            ("https://github.com/owner/repo/issues/12", None),
        ] {
            assert_eq!(number_in(url, &repo), expected, "{url}");
        }
    }
}
