//! The command that does a task: a process group of its own, so that it and all it started can be stopped together, and
//! a look at what it last said.

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use std::collections::VecDeque;
use std::io::{self, Write};
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

/// How long a command may take to end when asked to.
const STOP_GRACE: Duration = Duration::from_secs(10);
const STOP_LOOK_EVERY: Duration = Duration::from_millis(50);
/// Something the command left running may hold its output open; nobody waits for that.
const OUTPUT_GRACE: Duration = Duration::from_secs(1);
/// Enough for the last lines of an error message.
const TAIL_BYTES: usize = 4000;
/// What proves who we are is no business of the command.
const SECRETS: [&str; 2] = ["OWP_TOKEN", "OWP_ADMIN_TOKEN"];

pub struct Running {
    child: Child,
    group: Option<Pid>,
    tail: Arc<Mutex<VecDeque<u8>>>,
    copying: Vec<JoinHandle<()>>,
}

/// Starts the command. With `stdout_is_ours` its output goes to stderr, because stdout carries events.
pub fn start(
    exec: &str,
    directory: &Path,
    environment: &[(&str, String)],
    stdout_is_ours: bool,
) -> io::Result<Running> {
    let mut command = Command::new("sh");
    command.arg("-c").arg(exec).current_dir(directory).envs(environment.iter().map(|(name, value)| (*name, value)));
    for name in SECRETS {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0).kill_on_drop(true);
    let mut child = command.spawn()?;
    let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
    let tail = Arc::new(Mutex::new(VecDeque::new()));
    let mut copying = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        copying.push(tokio::spawn(copy(stderr, io::stderr(), Some(Arc::clone(&tail)))));
    }
    if let Some(stdout) = child.stdout.take() {
        copying.push(if stdout_is_ours {
            tokio::spawn(copy(stdout, io::stderr(), None))
        } else {
            tokio::spawn(copy(stdout, io::stdout(), None))
        });
    }
    Ok(Running { child, group, tail, copying })
}

impl Running {
    /// Waits for the command to end by itself. May be dropped and called again.
    pub async fn ended(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Asks the whole group to end, and makes it.
    pub async fn stop(&mut self) {
        let Some(group) = self.group else { return };
        let _ = kill_process_group(group, Signal::TERM);
        let deadline = Instant::now() + STOP_GRACE;
        while Instant::now() < deadline {
            // Reaps the shell, which would else count as a living member of its group.
            let _ = self.child.try_wait();
            if test_kill_process_group(group).is_err() {
                return;
            }
            sleep(STOP_LOOK_EVERY).await;
        }
        let _ = kill_process_group(group, Signal::KILL);
        let _ = timeout(OUTPUT_GRACE, self.child.wait()).await;
    }

    /// The last of what the command wrote to stderr, once it has ended.
    pub async fn last_words(&mut self) -> String {
        for copying in &mut self.copying {
            if timeout(OUTPUT_GRACE, &mut *copying).await.is_err() {
                copying.abort();
            }
        }
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes: Vec<u8> = tail.iter().copied().collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

async fn copy(mut from: impl AsyncRead + Unpin, mut to: impl Write, tail: Option<Arc<Mutex<VecDeque<u8>>>>) {
    let mut buffer = vec![0; 8192];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let said = &buffer[..count];
        // Our own output may be gone; the command goes on.
        let _ = to.write_all(said).and_then(|()| to.flush());
        if let Some(tail) = &tail {
            let mut tail = tail.lock().unwrap_or_else(PoisonError::into_inner);
            tail.extend(said);
            let surplus = tail.len().saturating_sub(TAIL_BYTES);
            tail.drain(..surplus);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::start;
    use std::time::{Duration, Instant};

    #[tokio::test]
    async fn stopping_ends_what_the_command_started_too() {
        let directory = tempfile::tempdir().unwrap();
        let mut running = start("sleep 600 & sleep 600", directory.path(), &[], true).unwrap();
        let begun = Instant::now();
        running.stop().await;
        assert!(begun.elapsed() < Duration::from_secs(5));
        assert!(!running.ended().await.unwrap().success());
        assert!(rustix::process::test_kill_process_group(running.group.unwrap()).is_err());
    }

    #[tokio::test]
    async fn the_last_words_are_the_end_of_stderr() {
        let directory = tempfile::tempdir().unwrap();
        let mut running =
            start("printf %05000d 0 >&2; echo out; echo the end >&2; exit 3", directory.path(), &[], true).unwrap();
        assert_eq!(running.ended().await.unwrap().code(), Some(3));
        let words = running.last_words().await;
        assert!(words.ends_with("the end\n") && words.len() <= 4000 && !words.contains("out"));
    }
}
