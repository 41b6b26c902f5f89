//! A pool whose backlog is nearly all out of reach: budgets spent, repositories paused, areas locked.
//!
//! What can't be given is of higher priority than what can, and what is locked lies in the same repositories, so a search
//! that walked past it would pay for each task. The few that can be given rotate: a worker leases one, the administrator
//! puts it back.

use crate::calls::{Admin, Report as Stands, Worker};
use crate::cycles::WORKERS;
use crate::server::{Server, Site};
use crate::tasks::TaskMade;
use serde_json::Value;

/// The skill of the tasks that can be given, and of half of the others.
const SERVED_SKILL: &str = "rust";

/// The skill of tasks of which none can be given.
const STARVED_SKILL: &str = "docs";

const OPEN_REPOS: usize = 16;
/// Areas of each open repository that are locked by a pull request in review.
const LOCKED_AREAS: usize = 4;
/// Room for those pull requests and for all workers at once.
const OPEN_BUDGET: usize = 100;
const AREAS: usize = 8;

/// Enough for each of the workers that are served, however small the backlog.
const IN_REACH_MIN: usize = WORKERS;

/// Pull requests that one worker opens to spend budgets and lock areas; the pool lets nobody have more than 50 in review.
const REVIEWS_PER_HOLDER: usize = 40;

pub struct Backlog {
    pub site: Site,
    pub tasks: usize,
    pub in_reach: usize,
    pub server: Server,
    /// Workers that find something each time.
    pub fed: Vec<Worker>,
    /// Workers that find nothing.
    pub starved: Vec<Worker>,
}

impl Backlog {
    /// A pool of so many tasks, 99 % of them out of reach.
    pub async fn make(site: Site, tasks: usize) -> anyhow::Result<Self> {
        let server = site.start().await?;
        let mut admin = Admin::connect(server.address).await?;
        let in_reach = (tasks / 100).max(IN_REACH_MIN);
        let shut_repos = (tasks / 600).clamp(4, 200);
        for index in 0..OPEN_REPOS {
            admin.put_repo(&open_repo(index), OPEN_BUDGET, false).await?;
        }
        for index in 0..shut_repos {
            admin.put_repo(&spent_repo(index), 1, false).await?;
            admin.put_repo(&paused_repo(index), 3, true).await?;
        }
        let holding = holding_tasks(shut_repos);
        admin.import(&holding).await?;
        open_pull_requests(&server, holding.len()).await?;

        let out_of_reach = tasks - in_reach - holding.len().min(tasks - in_reach);
        let blocked = (0..out_of_reach).map(|index| blocked_task(index, shut_repos));
        let all: Vec<Value> = blocked.chain((0..in_reach).map(task_in_reach)).collect();
        admin.import(&all).await?;

        let (mut fed, mut starved) = (Vec::new(), Vec::new());
        for _ in 0..WORKERS / 2 {
            fed.push(Worker::register(server.address, &[SERVED_SKILL], 5, 1).await?);
            starved.push(Worker::register(server.address, &[STARVED_SKILL], 5, 1).await?);
        }
        Ok(Self { site, tasks, in_reach, server, fed, starved })
    }

    /// More workers that have registered and have asked for work once.
    pub async fn register_many(&self, workers: usize) -> anyhow::Result<()> {
        let mut worker = Worker::register(self.server.address, &[STARVED_SKILL], 5, 1).await?;
        for _ in 1..workers {
            worker.fetch().await?;
            worker = worker.succeeded_by(&[STARVED_SKILL]).await?;
        }
        Ok(())
    }
}

/// Their pull requests spend the budgets and lock the areas.
fn holding_tasks(shut_repos: usize) -> Vec<Value> {
    let locking = (0..OPEN_REPOS * LOCKED_AREAS).map(|index| (open_repo(index), locked_area(index)));
    let spending = (0..shut_repos).map(|index| (spent_repo(index), "any".to_owned()));
    let task =
        |(index, (repo, area))| TaskMade { index, repo, area, skill: SERVED_SKILL, points: 1, priority: 500 }.to_json();
    locking.chain(spending).enumerate().map(task).collect()
}

async fn open_pull_requests(server: &Server, tasks: usize) -> anyhow::Result<()> {
    let mut opened = 0;
    while opened < tasks {
        let mut holder = Worker::register(server.address, &[SERVED_SKILL], 100, 1).await?;
        for _ in 0..REVIEWS_PER_HOLDER.min(tasks - opened) {
            let lease = holder.fetch().await?.first;
            let lease = lease.ok_or_else(|| anyhow::anyhow!("a task to open a pull request for was not given"))?;
            holder.report(&lease, Stands::PrOpened).await?;
            opened += 1;
        }
    }
    Ok(())
}

fn blocked_task(index: usize, shut_repos: usize) -> Value {
    let nth = index / 3;
    let (repo, area) = match index % 3 {
        0 => (open_repo(nth), locked_area(nth)),
        1 => (spent_repo(nth % shut_repos), format!("area-{}", nth / shut_repos % AREAS)),
        _ => (paused_repo(nth % shut_repos), format!("area-{}", nth / shut_repos % AREAS)),
    };
    let skill = if (nth / 2).is_multiple_of(2) { SERVED_SKILL } else { STARVED_SKILL };
    let (points, priority) = (1 + nth / 4 % 3, 100 + nth % 100);
    TaskMade { index: 1_000_000 + index, repo, area, skill, points, priority }.to_json()
}

fn task_in_reach(index: usize) -> Value {
    let (repo, area) = (open_repo(index), format!("free-{}", index / OPEN_REPOS));
    let (points, priority) = (1 + index % 3, 10 + index % 5);
    TaskMade { index: 2_000_000 + index, repo, area, skill: SERVED_SKILL, points, priority }.to_json()
}

fn open_repo(index: usize) -> String {
    format!("bench/open-{}", index % OPEN_REPOS)
}

fn spent_repo(index: usize) -> String {
    format!("bench/spent-{index}")
}

fn paused_repo(index: usize) -> String {
    format!("bench/paused-{index}")
}

fn locked_area(index: usize) -> String {
    format!("locked-{}", index / OPEN_REPOS % LOCKED_AREAS)
}
