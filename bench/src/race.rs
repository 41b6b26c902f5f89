//! The claim race: 64 workers ask at once for the one task there is. Exactly one of them may get it, every time.

use crate::audit::audit;
use crate::calls::{Admin, Worker};
use crate::cycles::WORKERS;
use crate::report::{Goal, Report, count};
use crate::server::Site;
use crate::stopwatch::Stopwatch;
use crate::tasks::{SKILLS, TaskMade};
use anyhow::Context;
use futures::future::try_join_all;

/// Rounds with another number of winners than one.
const GOAL: Goal = Goal::AtMost(0.0, "rounds without exactly one winner");

const REPO: &str = "bench/race";

pub async fn measure(site: &Site, rounds: usize, report: &mut Report) -> anyhow::Result<()> {
    let server = site.start().await?;
    let mut admin = Admin::connect(server.address).await?;
    admin.put_repo(REPO, 1, false).await?;
    let task = TaskMade { index: 0, repo: REPO.into(), area: "all".into(), skill: SKILLS[0], points: 1, priority: 10 };
    admin.import(&[task.to_json()]).await?;
    let mut workers = Vec::new();
    for _ in 0..WORKERS {
        workers.push(Worker::register(server.address, &SKILLS[..1], 5, 1).await?);
    }
    let mut wins = vec![0; WORKERS];
    let mut wrong = 0;
    let watch = Stopwatch::start();
    for _ in 0..rounds {
        let fetched = try_join_all(workers.iter_mut().map(Worker::fetch)).await?;
        let winners: Vec<usize> = (0..WORKERS).filter(|&index| fetched[index].count > 0).collect();
        let leases: usize = fetched.iter().map(|fetched| fetched.count).sum();
        if leases != 1 {
            wrong += 1;
            report.failures.push(format!("{leases} of {WORKERS} workers were given the one task"));
        }
        let winner = *winners.first().context("nobody was given the one task, so there is no next round")?;
        wins[winner] += 1;
        let lease = fetched[winner].first.as_ref().context("the winner has a lease")?;
        workers[winner].have_requeued(&lease.task_id).await?;
    }
    let seconds = watch.elapsed().as_secs_f64();
    server.stop().await?;
    let winners = wins.iter().filter(|&&wins| wins > 0).count();
    let said =
        format!("{wrong} of {rounds} rounds, {:.0} rounds/s, {winners} different winners", count(rounds) / seconds);
    report.compare(format!("claim race, {WORKERS} workers, 1 task"), GOAL, count(wrong), said);

    let log = audit(&site.database()).await?;
    if log.assigned != rounds {
        report.failures.push(format!("{rounds} rounds gave the task, but the log has {} assignments", log.assigned));
    }
    report.note(format!("the log of the race: {}", log.summary()));
    report.failures.extend(log.violations);
    Ok(())
}
