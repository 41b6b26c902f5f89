//! Whether the records and the events of a pool agree, and whether both keep the rules.

use crate::pool::Pool;
use owp_logic::history::{History, TaskFacts};
use owp_logic::{Event, Holding, Key, Record, Repo, Subject, Task, Worker, holding_of};
use owp_store::{Cursor, Page, TaskFilter, WorkerFilter};
use owp_wire::{RepoName, TaskId, TaskState};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Everything that can be listed, oldest first.
#[derive(Clone, Debug, PartialEq)]
pub struct Everything {
    pub tasks: Vec<Task>,
    pub workers: Vec<Worker>,
    pub repos: Vec<Repo>,
    pub events: Vec<Event>,
}

impl Pool {
    pub async fn everything(&self) -> Everything {
        Everything {
            tasks: self.list_tasks(TaskFilter::default(), 500).await,
            workers: self.list_workers(WorkerFilter::default(), 100).await,
            repos: self.list_repos(100).await,
            events: self.events_after(&mut None).await,
        }
    }

    /// Walks all pages; oldest first.
    pub async fn list_tasks(&self, filter: TaskFilter, limit: usize) -> Vec<Task> {
        let (mut tasks, mut after) = (Vec::new(), None);
        loop {
            let listed = self.store.list_tasks(filter.clone(), Page { after, limit }).await.expect("the store works");
            assert!(listed.items.len() <= limit);
            tasks.extend(listed.items);
            after = listed.next;
            if after.is_none() {
                tasks.reverse();
                return tasks;
            }
        }
    }

    pub async fn list_workers(&self, filter: WorkerFilter, limit: usize) -> Vec<Worker> {
        let (mut workers, mut after) = (Vec::new(), None);
        loop {
            let page = Page { after, limit };
            let listed = self.store.list_workers(filter.clone(), page).await.expect("the store works");
            assert!(listed.items.len() <= limit);
            workers.extend(listed.items);
            after = listed.next;
            if after.is_none() {
                workers.reverse();
                return workers;
            }
        }
    }

    pub async fn list_repos(&self, limit: usize) -> Vec<Repo> {
        let (mut repos, mut after) = (Vec::new(), None);
        loop {
            let listed = self.store.list_repos(Page { after, limit }).await.expect("the store works");
            assert!(listed.items.len() <= limit);
            repos.extend(listed.items);
            after = listed.next;
            if after.is_none() {
                return repos;
            }
        }
    }

    pub async fn events(&self) -> Vec<Event> {
        self.events_after(&mut None).await
    }

    /// The events after a place, which moves to the last of them, read page by page; no place may come twice.
    pub async fn events_after(&self, last: &mut Option<Cursor>) -> Vec<Event> {
        let (mut events, mut places) = (Vec::new(), HashSet::new());
        loop {
            let page = self.store.events(last.as_ref(), None, 100).await.expect("the store works");
            if page.is_empty() {
                return events;
            }
            for (place, event) in page {
                assert!(places.insert(place.clone()), "two events have the place {place}");
                *last = Some(place);
                events.push(event);
            }
        }
    }

    /// Compares every record with what the events say.
    pub async fn check(&self) {
        if !self.has_all_events() {
            return;
        }
        let everything = self.everything().await;
        let history = History::of(&everything.events);
        assert_eq!(history.violations, Vec::<String>::new());
        check_tasks(&everything, &history);
        check_workers(&everything);
        check_repos(&everything);
        self.check_areas(&everything).await;
        self.check_counts(&everything).await;
    }

    async fn check_areas(&self, everything: &Everything) {
        let mut held: BTreeMap<(RepoName, String), BTreeSet<TaskId>> = BTreeMap::new();
        for task in &everything.tasks {
            if let Some(area) = &task.spec.area {
                let tasks = held.entry((task.repo.clone(), area.clone())).or_default();
                tasks.extend((task.holding() != Holding::Nothing).then(|| task.id.clone()));
            }
        }
        for ((repo, area), tasks) in held {
            let claimed = match self.record(Key::Area(repo.clone(), area.clone())).await {
                Some(Record::Area(claim)) => {
                    assert!(!claim.tasks.is_empty(), "an empty claim of {area} was kept");
                    claim.tasks.into_iter().collect()
                }
                _ => BTreeSet::new(),
            };
            assert_eq!(claimed, tasks, "the claim of area {area} of {}", repo.0);
        }
    }

    async fn check_counts(&self, everything: &Everything) {
        let counts = self.store.counts(self.now().minus_s(90)).await.expect("the store works");
        let mut tasks: BTreeMap<TaskState, usize> = BTreeMap::new();
        everything.tasks.iter().for_each(|task| *tasks.entry(task.state).or_default() += 1);
        assert_eq!(counts.tasks, tasks);
        assert_eq!(counts.workers_total, everything.workers.len());
        assert_eq!(counts.repos_total, everything.repos.len());
        assert_eq!(counts.slots_used, everything.repos.iter().map(|repo| u64::from(repo.slots_used())).sum::<u64>());
        assert_eq!(counts.slots_total, everything.repos.iter().map(|repo| u64::from(repo.max_open_prs)).sum::<u64>());
    }
}

fn check_tasks(everything: &Everything, history: &History) {
    let mut last: BTreeMap<&Subject, u64> = BTreeMap::new();
    everything.events.iter().for_each(|event| *last.entry(&event.subject).or_default() += 1);
    assert_eq!(everything.tasks.len(), history.tasks().len());
    for task in &everything.tasks {
        let facts = &history.tasks()[&task.id];
        check_task(task, facts);
        assert_eq!(task.event_seq, last[&Subject::Task(task.id.clone())], "events of {:?}", task.id);
    }
    for worker in &everything.workers {
        assert_eq!(worker.event_seq, last[&Subject::Worker(worker.id.clone())], "events of {:?}", worker.id);
    }
    for repo in &everything.repos {
        assert_eq!(repo.event_seq, last[&Subject::Repo(repo.name.clone())], "events of {:?}", repo.name);
    }
}

pub fn check_task(task: &Task, facts: &TaskFacts) {
    let (spec, id) = (&task.spec, &task.id);
    assert_eq!(task.state, facts.state, "the state of {id:?}");
    let offered_to = task.offer.as_ref().map(|offer| offer.worker_id.clone());
    assert_eq!(offered_to, facts.offered_to, "to whom {id:?} is offered");
    assert_eq!(offered_to.is_some(), task.state == TaskState::Offered);
    assert_eq!(task.off_budget, facts.off_budget, "whether {id:?} takes a slot");
    let holder = task.lease.as_ref().map(|lease| (lease.worker_id.clone(), lease.id.clone()));
    assert_eq!(holder, facts.holder, "the holder of {id:?}");
    assert_eq!(
        holder.is_some(),
        matches!(holding_of(task.state), Holding::Lease | Holding::Review),
        "{id:?} is {} with {holder:?}",
        task.state
    );
    assert_eq!(spec.estimate_points, facts.points);
    assert_eq!(spec.required_skills, facts.skills);
    assert_eq!((&spec.area, spec.tier, spec.security), (&facts.area, facts.tier, facts.security));
    assert_eq!(spec.depends_on, facts.depends_on);
    assert!(task.state != TaskState::Ready || task.waits_for.is_empty(), "{id:?} is ready and waits");
    assert!(task.state != TaskState::Waiting || !task.waits_for.is_empty(), "{id:?} waits for nothing");
    let attempts = task.attempts.iter().map(|attempt| (attempt.worker_id.clone(), attempt.outcome));
    let kept = facts.attempts.len() - task.attempts.len();
    let told = facts.attempts[kept..].iter().map(|attempt| (attempt.worker.clone(), attempt.outcome));
    assert!(attempts.eq(told), "the attempts of {id:?}: {:?} and {:?}", task.attempts, facts.attempts);
}

fn check_workers(everything: &Everything) {
    for worker in &everything.workers {
        let of_worker = |task: &&Task| task.lease.as_ref().is_some_and(|lease| lease.worker_id == worker.id);
        let held: BTreeSet<_> = everything
            .tasks
            .iter()
            .filter(of_worker)
            .filter(|task| task.holding() == Holding::Lease)
            .map(|task| (&task.id, &task.lease.as_ref().expect("it is held").id, task.spec.estimate_points))
            .collect();
        let listed: BTreeSet<_> = worker.held.iter().map(|held| (&held.task_id, &held.lease_id, held.points)).collect();
        assert_eq!(listed, held, "what {:?} holds", worker.id);
        assert_eq!(listed.len(), worker.held.len(), "{:?} holds something twice", worker.id);
        let offered: BTreeSet<_> = everything
            .tasks
            .iter()
            .filter_map(|task| task.offer.as_ref().map(|offer| (task, offer)))
            .filter(|(_, offer)| offer.worker_id == worker.id)
            .map(|(task, offer)| (&task.id, &offer.id, task.spec.estimate_points))
            .collect();
        let listed = worker.offered.iter().map(|offered| (&offered.task_id, &offered.offer_id, offered.points));
        assert_eq!(listed.collect::<BTreeSet<_>>(), offered, "what {:?} is offered", worker.id);
        assert_eq!(worker.offered.len(), offered.len(), "{:?} is offered something twice", worker.id);
        let reviewed: BTreeSet<_> = everything
            .tasks
            .iter()
            .filter(of_worker)
            .filter(|task| task.holding() == Holding::Review)
            .map(|task| &task.id)
            .collect();
        assert_eq!(worker.in_review.iter().collect::<BTreeSet<_>>(), reviewed, "in review of {:?}", worker.id);
        assert_eq!(worker.in_review.len(), reviewed.len());
    }
}

fn check_repos(everything: &Everything) {
    for repo in &everything.repos {
        let out = everything.tasks.iter().filter(|task| task.repo == repo.name && task.holding() != Holding::Nothing);
        let out: Vec<&Task> = out.collect();
        let count =
            |takes: fn(&Task) -> bool| u32::try_from(out.iter().filter(|task| takes(task)).count()).expect("few tasks");
        let on_budget = |task: &Task| !task.off_budget;
        let leases = count(|task| !task.off_budget && task.holding() == Holding::Lease);
        assert_eq!(repo.leases_live, leases, "leases of {}", repo.name.0);
        assert_eq!(repo.offers_open, count(|task| task.holding() == Holding::Offer), "offers of {}", repo.name.0);
        let reviews = count(|task| !task.off_budget && task.holding() == Holding::Review);
        assert_eq!(repo.prs_open, reviews, "pull requests of {}", repo.name.0);
        assert_eq!(repo.prs_idle, count(|task| task.off_budget), "idle pull requests of {}", repo.name.0);
        assert_eq!(repo.slots_used(), count(on_budget), "slots of {}", repo.name.0);
    }
    check_dependencies(&everything.tasks);
}

/// Both ends of a dependency know of each other, and who waits waits for what is not merged.
fn check_dependencies(tasks: &[Task]) {
    let by_id: BTreeMap<&TaskId, &Task> = tasks.iter().map(|task| (&task.id, task)).collect();
    for task in tasks {
        for id in &task.spec.depends_on {
            let dependency = by_id[id];
            assert!(dependency.dependents.contains(&task.id), "{id:?} does not know of {:?}", task.id);
            let waits = task.waits_for.contains(id);
            assert_eq!(waits, dependency.state != TaskState::Merged, "{:?} waits for {id:?}", task.id);
        }
        for id in &task.dependents {
            assert!(by_id[id].spec.depends_on.contains(&task.id), "{id:?} does not depend on {:?}", task.id);
        }
    }
}
