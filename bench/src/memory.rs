//! What the server holds in memory with a big backlog and many workers, after having loaded them and some traffic.

use crate::backlog::Backlog;
use crate::calls::Admin;
use crate::options::Extent;
use crate::report::{Goal, Report};
use crate::work::traffic;

const GOAL: Goal = Goal::AtMost(100.0, "MiB");

pub async fn measure(big: &mut Backlog, extent: &Extent, report: &mut Report) -> anyhow::Result<()> {
    big.register_many(extent.workers_many).await?;
    traffic(big, extent.seconds).await?;
    Admin::connect(big.server.address).await?.look_at_state().await?;
    let memory = big.server.memory()?;
    let what = format!("memory, {} tasks, {} workers", big.tasks, extent.workers_many);
    let said = format!("{:.0} MiB resident, {:.0} MiB at its peak", memory.now_mib, memory.peak_mib);
    report.compare(what, GOAL, memory.peak_mib, said);
    Ok(())
}
