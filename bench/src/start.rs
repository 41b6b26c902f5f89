//! How long the server takes from being started to its first answer.

use crate::report::{Goal, Report};
use crate::server::Site;
use crate::stopwatch::Spread;
use std::fs;

const GOAL: Goal = Goal::AtMost(200.0, "ms");

/// With no database yet: each start makes one.
pub async fn measure_empty(site: &Site, starts: usize, report: &mut Report) -> anyhow::Result<()> {
    let mut took_ms = Vec::new();
    for _ in 0..starts {
        if site.folder.exists() {
            fs::remove_dir_all(&site.folder)?;
        }
        took_ms.push(start_and_kill(site).await?);
    }
    tell("start, no database yet".to_owned(), took_ms, report);
    Ok(())
}

pub async fn measure_full(site: &Site, tasks: usize, starts: usize, report: &mut Report) -> anyhow::Result<()> {
    let mut took_ms = Vec::new();
    for _ in 0..starts {
        took_ms.push(start_and_kill(site).await?);
    }
    tell(format!("start, database of {tasks} tasks"), took_ms, report);
    Ok(())
}

async fn start_and_kill(site: &Site) -> anyhow::Result<f64> {
    let server = site.start().await?;
    let took = server.first_answer;
    server.kill().await?;
    Ok(took.as_secs_f64() * 1000.0)
}

fn tell(what: String, took_ms: Vec<f64>, report: &mut Report) {
    let starts = took_ms.len();
    let ms = Spread::of(took_ms);
    let said = format!("{:.0} ms ({:.0} to {:.0} in {starts} starts)", ms.median, ms.least, ms.most);
    report.compare(what, GOAL, ms.median, said);
}
