//! Release servers under test: started on a free port with a database of their own, looked at from outside, stopped.

use crate::calls::{ADMIN_TOKEN, is_healthy};
use crate::http::Connection;
use crate::stopwatch::Stopwatch;
use anyhow::{Context, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

/// What the kernel counts processor time in.
const TICKS_PER_S: f64 = 100.0;

/// A folder with a database in it, and the program that serves it.
#[derive(Clone)]
pub struct Site {
    pub program: PathBuf,
    pub folder: PathBuf,
    /// Where it is to be found again once it was restarted; 0 for any that is free.
    pub port: u16,
    /// As in OWP_RATE_LIMIT.
    pub rate_limit: &'static str,
    /// More of the server's variables.
    pub settings: Vec<(&'static str, String)>,
}

pub struct Server {
    child: Child,
    /// Kept open: a server that can't print would fail.
    _lines: Lines<BufReader<ChildStdout>>,
    pub pid: u32,
    pub address: SocketAddr,
    /// From its start to its first answer.
    pub first_answer: Duration,
}

impl Site {
    pub fn database(&self) -> PathBuf {
        self.folder.join("pool.db")
    }

    pub async fn start(&self) -> anyhow::Result<Server> {
        fs::create_dir_all(&self.folder)?;
        let mut command = Command::new(&self.program);
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OWP_") || name.starts_with("GITHUB_")) {
            command.env_remove(name);
        }
        command
            .args(["--host", "127.0.0.1", "--port", &self.port.to_string()])
            .env("OWP_DB_PATH", self.database())
            .env("OWP_ADMIN_TOKEN", ADMIN_TOKEN)
            .env("OWP_NEW_WORKER_TIER", "trusted")
            .env("OWP_LOG", "error")
            // The load is far above what anybody may ask for; those who measure limits set their own.
            .env("OWP_RATE_LIMIT", self.rate_limit)
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            // Where no env file lies that it would read.
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let watch = Stopwatch::start();
        let mut child = command.spawn().with_context(|| format!("can't start {}", self.program.display()))?;
        let pid = child.id().context("a process that was just started has an id")?;
        let mut lines = BufReader::new(child.stdout.take().context("its output is a pipe")?).lines();
        let line = lines.next_line().await?.context("the server ended before it was ready")?;
        let Some((_, address)) = line.split_once("http://") else { bail!("the server said {line:?} and no address") };
        let address = address.trim().parse().with_context(|| format!("the server said {line:?}"))?;
        is_healthy(&mut Connection::open(address).await?).await?;
        Ok(Server { child, _lines: lines, pid, address, first_answer: watch.elapsed() })
    }
}

impl Server {
    /// As a service manager stops it. Anything but a clean end is an error.
    pub async fn stop(mut self) -> anyhow::Result<()> {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw).context("process ids are positive")?;
        kill_process(pid, Signal::TERM)?;
        let status = self.child.wait().await?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        Ok(())
    }

    /// At once, as a power cut would; for a server that may not listen to signals yet.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    pub fn memory(&self) -> anyhow::Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let mib = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let kib = line.and_then(|rest| rest.trim_start_matches(':').split_whitespace().next()?.parse::<f64>().ok());
            kib.map(|kib| kib / 1024.0).with_context(|| format!("/proc has no {name}"))
        };
        Ok(Memory { now_mib: mib("VmRSS")?, peak_mib: mib("VmHWM")? })
    }

    /// Processor time spent so far, in seconds.
    pub fn cpu_s(&self) -> anyhow::Result<f64> {
        cpu_s(&PathBuf::from(format!("/proc/{}/stat", self.pid)))
    }
}

/// Resident, in MiB.
#[derive(Clone, Copy)]
pub struct Memory {
    pub now_mib: f64,
    pub peak_mib: f64,
}

/// Processor time spent so far by this process, in seconds.
pub fn own_cpu_s() -> anyhow::Result<f64> {
    cpu_s(Path::new("/proc/self/stat"))
}

/// Processor time spent so far by all processes, in seconds.
pub fn machine_cpu_s() -> anyhow::Result<f64> {
    let stat = fs::read_to_string("/proc/stat")?;
    let line = stat.lines().next().context("/proc/stat begins with all processors")?;
    let fields: Vec<f64> = line.split_whitespace().skip(1).filter_map(|field| field.parse().ok()).collect();
    // All but idle and waiting for the disk, the 4th and 5th; guests count as their users too.
    let busy: f64 =
        fields.iter().enumerate().filter(|(index, _)| !(3..=4).contains(index)).take(6).map(|(_, field)| field).sum();
    Ok(busy / TICKS_PER_S)
}

/// User and system time are the 14th and 15th field; the second may hold spaces and ends with the last parenthesis.
fn cpu_s(stat: &Path) -> anyhow::Result<f64> {
    let stat = fs::read_to_string(stat)?;
    let (_, fields) = stat.rsplit_once(')').context("a stat line names its program")?;
    let ticks = |index: usize| fields.split_whitespace().nth(index).and_then(|field| field.parse::<f64>().ok());
    let (user, system) = ticks(11).zip(ticks(12)).context("a stat line counts processor time")?;
    Ok((user + system) / TICKS_PER_S)
}
