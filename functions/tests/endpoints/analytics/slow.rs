//! The figures once more, the slow way: what every task, worker and repository did is followed event by event, and each
//! question is answered by going through all of it. Reads no figure that the events already bring along.

#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    reason = "counts and milliseconds of months are small numbers"
)]

use owp_logic::Event;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const DAY: i64 = 24 * 3_600_000;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Whose {
    Pool,
    Repo(String),
    Worker(String),
}

/// Something that happened once, with whom it concerns.
struct Happened {
    at: i64,
    what: &'static str,
    repo: Option<String>,
    worker: Option<String>,
    /// Of a merge: waiting, leased, work and review, in milliseconds.
    spent: [i64; 4],
}

/// Something that lasted.
struct Lasted {
    what: &'static str,
    from: i64,
    to: i64,
    whose: Whose,
    /// It has not ended: counted where it is asked for, and not yet for the pool.
    is_open: bool,
}

#[derive(Default)]
struct TaskLife {
    state: String,
    since: i64,
    repo: String,
    spent: [i64; 4],
    holder: Option<String>,
    off_budget: bool,
}

pub struct Slow {
    now: i64,
    happened: Vec<Happened>,
    lasted: Vec<Lasted>,
    tasks: BTreeMap<String, TaskLife>,
    begun: BTreeMap<Whose, i64>,
    /// What lasts: since when, for whom.
    since: BTreeMap<(&'static str, Whose), i64>,
    budgets: BTreeMap<String, u64>,
}

const HELD: [&str; 4] = ["leased", "in_progress", "blocked", "changes_requested"];

impl Slow {
    pub fn read(events: &[Event], now: i64) -> Self {
        let mut slow = Self {
            now,
            happened: Vec::new(),
            lasted: Vec::new(),
            tasks: BTreeMap::new(),
            begun: BTreeMap::new(),
            since: BTreeMap::new(),
            budgets: BTreeMap::new(),
        };
        events.iter().for_each(|event| slow.follow(event));
        let open: Vec<_> = slow.since.iter().map(|((what, whose), from)| (*what, whose.clone(), *from)).collect();
        for (what, whose, from) in open {
            slow.lasted.push(Lasted { what, from, to: now, whose, is_open: true });
        }
        slow
    }

    fn follow(&mut self, event: &Event) {
        let kind = event.kind.to_string();
        let at = event.at.as_millis();
        let worker = event.worker_id.as_ref().map(|id| id.0.clone());
        let detail = |name: &str| event.details.get(name).cloned().unwrap_or(Value::Null);
        match kind.as_str() {
            "repo_created" | "repo_updated" => {
                let repo = event.repo.clone().expect("its name").0;
                self.begun.entry(Whose::Repo(repo.clone())).or_insert(at);
                self.budgets.insert(repo, detail("max_open_prs").as_u64().expect("a budget"));
            }
            "worker_registered" | "worker_online" => {
                let whose = Whose::Worker(worker.clone().expect("its id"));
                self.begun.entry(whose.clone()).or_insert(at);
                self.since.insert(("online", whose), at);
            }
            "worker_offline" => {
                let until: owp_wire::Timestamp =
                    detail("online_until").as_str().expect("a moment").parse().expect("a moment");
                self.ends("online", &Whose::Worker(worker.clone().expect("its id")), until.as_millis());
            }
            _ => {}
        }
        if let Some(task_id) = &event.task_id {
            self.follow_task(event, &task_id.0, &kind, at, worker.as_ref());
        }
        self.look_at_budgets(at);
    }

    fn follow_task(&mut self, event: &Event, id: &str, kind: &str, at: i64, worker: Option<&String>) {
        let state = event.state.expect("every event of a task tells its state").to_string();
        let task = self.tasks.entry(id.to_owned()).or_insert_with(|| TaskLife {
            state: state.clone(),
            since: at,
            repo: event.repo.clone().expect("its repository").0,
            ..TaskLife::default()
        });
        let moved = task.state != state;
        if moved {
            let part = match task.state.as_str() {
                "waiting" | "ready" | "offered" | "needs_info" | "failed" => Some(0),
                "leased" => Some(1),
                "in_progress" | "blocked" | "changes_requested" => Some(2),
                "pr_opened" => Some(3),
                _ => None,
            };
            if let Some(part) = part {
                task.spent[part] += at - task.since;
            }
            (task.state, task.since) = (state.clone(), at);
        }
        if kind == "task_assigned" {
            task.holder = worker.cloned();
        }
        task.off_budget = (task.off_budget || kind == "task_review_idle") && state == "pr_opened";
        let (repo, spent) = (task.repo.clone(), task.spent);
        let outcome = event.details.get("outcome").and_then(Value::as_str).unwrap_or_default();
        let mut note = |what| {
            self.happened.push(Happened { at, what, repo: Some(repo.clone()), worker: worker.cloned(), spent });
        };
        match kind {
            "task_created" => note("created"),
            "task_merged" => note("merged"),
            "task_closed" => note("closed"),
            "task_cancelled" => note("cancelled"),
            "task_failed" => note("failed"),
            "task_reverted" => note("reverted"),
            "task_assigned" => note("granted"),
            "task_pr_opened" if moved => note("opened"),
            "task_changes_requested" => note("sent back"),
            _ => {}
        }
        if (kind == "task_requeued" || kind == "task_failed") && !outcome.is_empty() {
            note("requeued");
            match outcome {
                "expired" | "worker_offline" => note("expired"),
                "released" => note("released"),
                _ => {}
            }
        }
        self.look_at_holders(at);
    }

    /// Who holds something, and who does not any more.
    fn look_at_holders(&mut self, at: i64) {
        let held = self.tasks.values().filter(|task| HELD.contains(&task.state.as_str()));
        let busy: BTreeSet<String> = held.filter_map(|task| task.holder.clone()).collect();
        let workers: Vec<Whose> =
            self.begun.keys().filter(|whose| matches!(whose, Whose::Worker(_))).cloned().collect();
        for whose in workers {
            let Whose::Worker(id) = &whose else { continue };
            if busy.contains(id) {
                self.since.entry(("busy", whose)).or_insert(at);
            } else {
                self.ends("busy", &whose, at);
            }
        }
    }

    /// Which budget is spent, and which is not any more.
    fn look_at_budgets(&mut self, at: i64) {
        for (repo, budget) in self.budgets.clone() {
            let takes_slot = |task: &&TaskLife| {
                task.repo == repo
                    && !task.off_budget
                    && (HELD.contains(&task.state.as_str()) || ["offered", "pr_opened"].contains(&task.state.as_str()))
            };
            let used = self.tasks.values().filter(takes_slot).count() as u64;
            let whose = Whose::Repo(repo);
            if budget > 0 && used >= budget {
                self.since.entry(("full", whose)).or_insert(at);
            } else {
                self.ends("full", &whose, at);
            }
        }
    }

    fn ends(&mut self, what: &'static str, whose: &Whose, at: i64) {
        if let Some(from) = self.since.remove(&(what, whose.clone())) {
            self.lasted.push(Lasted { what, from, to: at, whose: whose.clone(), is_open: false });
        }
    }

    fn concerned<'a>(&'a self, whose: &'a Whose, from: i64, to: i64) -> impl Iterator<Item = &'a Happened> {
        self.happened.iter().filter(move |it| {
            let fits = match whose {
                Whose::Pool => true,
                Whose::Repo(name) => it.repo.as_ref() == Some(name),
                Whose::Worker(id) => it.worker.as_ref() == Some(id),
            };
            fits && (from..to).contains(&it.at)
        })
    }

    fn lasted_ms(&self, what: &str, of: &Whose, from: i64, to: i64) -> i64 {
        let fits = |it: &&Lasted| it.what == what && (it.whose == *of || (*of == Whose::Pool && !it.is_open));
        self.lasted.iter().filter(fits).map(|it| (it.to.min(to) - it.from.max(from)).max(0)).sum()
    }

    /// Holds an answer to what was read.
    #[track_caller]
    pub fn compare(&self, whose: &Whose, days: u32, told: &Value) {
        let end = (self.now.div_euclid(DAY) + 1) * DAY;
        let start = end - i64::from(days) * DAY;
        let expected = self.figures(whose, start, end);
        for (name, expected) in expected.as_object().expect("figures") {
            assert_eq!(&told["metrics"][name], expected, "{name} of {whose:?} in {days} days");
        }
        let series = told["series"].as_array().expect("days");
        assert_eq!(series.len(), days as usize);
        for (day, told) in (0..).zip(series) {
            let from = start + day * DAY;
            let count = |what| self.concerned(whose, from, from + DAY).filter(|it| it.what == what).count();
            let expected = json!({
                "tasks_created": count("created"), "tasks_completed": count("merged"), "tasks_closed": count("closed"),
                "leases_granted": count("granted"), "leases_expired": count("expired"), "prs_opened": count("opened"),
                "changes_requested": count("sent back"),
                "throttled_s": self.lasted_ms("full", whose, from, from + DAY) / 1000,
                "busy_s": self.lasted_ms("busy", whose, from, from + DAY) / 1000,
                "online_s": self.lasted_ms("online", whose, from, from + DAY) / 1000,
                "lead_p50_s": self.spread(whose, from, from + DAY, |spent| spent.iter().sum())["p50_s"],
            });
            for (name, expected) in expected.as_object().expect("figures") {
                assert_eq!(&told[name], expected, "{name} of {whose:?} on {}", told["date"]);
            }
        }
    }

    fn figures(&self, whose: &Whose, from: i64, to: i64) -> Value {
        let count = |what| self.concerned(whose, from, to).filter(|it| it.what == what).count() as u64;
        let share = |part: f64, whole: f64| if whole > 0.0 { json!(part / whole) } else { Value::Null };
        let (merged, closed, granted) = (count("merged"), count("closed"), count("granted"));
        let [full, busy, online] = ["full", "busy", "online"].map(|what| self.lasted_ms(what, whose, from, to));
        let begun = self.begun.get(whose).copied().unwrap_or(i64::MIN).max(from);
        let repos = if *whose == Whose::Pool { self.budgets.len() as i64 } else { 1 };
        let passed = (to.min(self.now) - begun) * repos;
        let lead = self.spread(whose, from, to, |spent| spent.iter().sum());
        json!({
            "tasks_created": count("created"), "tasks_completed": merged, "tasks_closed": closed,
            "tasks_cancelled": count("cancelled"), "tasks_failed": count("failed"), "tasks_reverted": count("reverted"),
            "leases_granted": granted, "leases_expired": count("expired"), "leases_released": count("released"),
            "prs_opened": count("opened"), "changes_requested": count("sent back"),
            "pr_merge_rate": share(merged as f64, (merged + closed) as f64),
            "lease_expiry_rate": share(count("expired") as f64, granted as f64),
            "requeue_rate": share(count("requeued") as f64, granted as f64),
            "worker_utilization": share(busy.min(online) as f64, online as f64),
            "throttled_s": full / 1000,
            "throttled_share": share(full.min(passed) as f64, passed as f64),
            "avg_completion_time_s": lead["mean_s"],
            "lead_time": lead,
            "wait_time": self.spread(whose, from, to, |spent| spent[0]),
            "lease_time": self.spread(whose, from, to, |spent| spent[1]),
            "work_time": self.spread(whose, from, to, |spent| spent[2]),
            "review_time": self.spread(whose, from, to, |spent| spent[3]),
        })
    }

    fn spread(&self, whose: &Whose, from: i64, to: i64, part: impl Fn(&[i64; 4]) -> i64) -> Value {
        let merged = self.concerned(whose, from, to).filter(|it| it.what == "merged");
        let mut all: Vec<i64> = merged.map(|it| part(&it.spent)).collect();
        all.sort_unstable();
        let at = |percent: usize| all.get((all.len() * percent).div_ceil(100).max(1) - 1).map(|ms| told_as(ms / 1000));
        let mean = (!all.is_empty()).then(|| all.iter().sum::<i64>() / all.len() as i64 / 1000);
        json!({ "count": all.len(), "mean_s": mean, "p50_s": at(50), "p90_s": at(90) })
    }
}

/// A duration as the figures tell it: to one part in eight of the power of two below it.
fn told_as(seconds: i64) -> i64 {
    if seconds < 8 {
        return seconds;
    }
    let mut width = 1;
    while seconds / width >= 16 {
        width *= 2;
    }
    seconds / width * width + width / 2
}
