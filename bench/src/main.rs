//! `owp-bench`: starts release servers, puts load on them over loopback and prints what it measured beside the goals.
//!
//! It knows the protocol from outside, as any client does; only the event log is read from the database, once its server
//! has stopped, to hold what happened against the invariants.

mod analytics;
mod audit;
mod backlog;
mod calls;
mod cycles;
mod elsewhere;
mod events;
mod http;
mod limits;
mod memory;
mod options;
mod race;
mod reader;
mod report;
mod server;
mod start;
mod stopwatch;
mod tasks;
mod webhooks;
mod work;

use backlog::Backlog;
use clap::Parser;
use options::{Extent, Options, Scenario};
use report::Report;
use server::Site;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    let options = Options::parse();
    let measured = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(measure(&options)));
    let printed = measured.and_then(|report| report.print(options.json).map(|()| report.failures.is_empty()));
    match printed {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

struct Bench<'a> {
    options: &'a Options,
    extent: Extent,
    program: PathBuf,
    data: PathBuf,
    report: Report,
}

async fn measure(options: &Options) -> anyhow::Result<Report> {
    let (program, data) = (options.server()?, options.data()?);
    fs::create_dir_all(&data)?;
    let mut bench =
        Bench { options, extent: options.extent(), program, data: data.canonicalize()?, report: Report::default() };
    if let Err(error) = bench.run().await {
        bench.report.failures.push(format!("{error:#}"));
    }
    fs::remove_dir_all(&data)?;
    Ok(bench.report)
}

impl Bench<'_> {
    fn site(&self, name: &str) -> Site {
        Site {
            program: self.program.clone(),
            folder: self.data.join(name),
            port: 0,
            rate_limit: "off",
            settings: Vec::new(),
        }
    }

    async fn run(&mut self) -> anyhow::Result<()> {
        let (options, extent) = (self.options, self.extent.clone());
        if options.wants(Scenario::Cycles) {
            eprintln!("cycles …");
            cycles::measure(&self.site("cycles"), &extent, &mut self.report).await?;
        }
        if options.wants(Scenario::Race) {
            eprintln!("race …");
            race::measure(&self.site("race"), extent.race_rounds, &mut self.report).await?;
        }
        if options.wants(Scenario::Start) {
            eprintln!("start …");
            start::measure_empty(&self.site("empty"), extent.runs, &mut self.report).await?;
        }
        if options.wants(Scenario::Limits) {
            eprintln!("limits …");
            let site = Site { rate_limit: "1", ..self.site("limits") };
            limits::measure(&site, &extent, &mut self.report).await?;
        }
        if options.wants(Scenario::Events) {
            eprintln!("events …");
            events::measure(self.site("events"), &extent, &mut self.report).await?;
        }
        if options.wants(Scenario::Analytics) {
            eprintln!("analytics …");
            analytics::measure(&self.site("analytics"), &extent, &mut self.report).await?;
        }
        if options.wants(Scenario::Webhooks) {
            eprintln!("webhooks …");
            webhooks::measure(self.site("webhooks"), &extent, &mut self.report).await?;
        }
        let needs_big = [Scenario::Work, Scenario::Memory, Scenario::Start].map(|scenario| options.wants(scenario));
        if needs_big.contains(&true) {
            self.run_with_big_backlog(&extent).await?;
        }
        Ok(())
    }

    /// One big backlog serves all that need one; making it takes longest.
    async fn run_with_big_backlog(&mut self, extent: &Extent) -> anyhow::Result<()> {
        eprintln!("a backlog of {} tasks …", extent.backlog_big);
        let mut big = Backlog::make(self.site("big"), extent.backlog_big).await?;
        if self.options.wants(Scenario::Work) {
            eprintln!("work …");
            let mut small = Backlog::make(self.site("small"), extent.backlog_small).await?;
            work::measure(&mut small, &mut big, extent, &mut self.report).await?;
            small.server.stop().await?;
        }
        if self.options.wants(Scenario::Memory) {
            eprintln!("memory …");
            memory::measure(&mut big, extent, &mut self.report).await?;
        }
        let Backlog { site, tasks, server, .. } = big;
        server.stop().await?;
        if self.options.wants(Scenario::Start) {
            eprintln!("start …");
            start::measure_full(&site, tasks, extent.runs, &mut self.report).await?;
        }
        Ok(())
    }
}
