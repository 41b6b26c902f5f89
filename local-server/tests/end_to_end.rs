//! The main job on real input: a maintainer puts this project's example tasks in, workers lease them at once and only once,
//! do real work in a real git repository and report pull requests, and what a killed worker held goes to another.
//!
//! `OWP_TEST_URL` runs it against a deployment on an empty DynamoDB table, `OWP_DYNAMODB_TABLE`, instead of a server of its
//! own; `make test-lambda` does.

mod support;

use owp_logic::EventKind;
use owp_logic::history::TaskFacts;
use owp_store::Store;
use owp_store::dynamodb::DynamoStore;
use owp_store::libsql::LibsqlStore;
use owp_wire::{AttemptOutcome, TaskState, WorkerId};
use reqwest::Method;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::time::Duration;
use support::{ADMIN_TOKEN, PATIENCE, Pool, Process, Server, checked_events, now, until};

const MAX_OPEN_PRS: u32 = 4;

/// What a worker's own tool would do: clone, branch, commit, push, and leave word of it.
const DO_TASK: &str = r#"
set -eu
git clone -q "$OWP_CLONE_URL" repo
cd repo
git config user.name "A worker"
git config user.email worker@example.org
branch="owp/$OWP_TASK_ID"
if [ -n "${OWP_PREVIOUS_BRANCH:-}" ]; then
  git fetch -q origin "$OWP_PREVIOUS_BRANCH"
  git checkout -q -b "$branch" FETCH_HEAD
else
  git checkout -q -b "$branch"
fi
mkdir -p done
printf '%s\n' "$OWP_TITLE" >"done/$OWP_TASK_ID"
printf '%s\n' "${OWP_PREVIOUS_NOTES:-}" >>"done/$OWP_TASK_ID"
git add done
git commit -qm "$OWP_TITLE"
git push -q origin "$branch"
git rev-parse HEAD >../commit_sha
printf '%s\n' "$branch" >../branch
printf 'https://forge.example/demo/owp-pool/pull/%s\n' "$OWP_TASK_ID" >../pr_url
"#;

/// Gets half-way, says so, and never ends.
const GET_STUCK: &str = r#"
set -eu
git clone -q "$OWP_CLONE_URL" repo
cd repo
git config user.name "A worker"
git config user.email worker@example.org
git checkout -q -b "owp/half-way"
echo half >half-way
git add half-way
git commit -qm "Half of it"
git push -q origin "owp/half-way"
cut -d" " -f5 /proc/$$/stat >"$STUCK_GROUP_FILE"
printf 'owp/half-way\n' >../branch
printf 'the first half is pushed, the tests are missing\n' >../notes
sleep 300
"#;

const NOTES: &str = "the first half is pushed, the tests are missing";

struct Scene {
    folder: PathBuf,
    url: String,
    remote: PathBuf,
    owp: PathBuf,
}

impl Scene {
    fn new(folder: &Path, url: &str) -> Self {
        let owp = Path::new(env!("CARGO_BIN_EXE_owp-server")).with_file_name("owp");
        assert!(owp.exists(), "build the command line first: `cargo build -p owp` (`make test` does)");
        Self { folder: folder.to_path_buf(), url: url.to_owned(), remote: folder.join("origin.git"), owp }
    }

    fn owp(&self, profile: &str) -> Command {
        let mut command = Command::new(&self.owp);
        let config = self.folder.join(format!("{profile}.json"));
        command.env("OWP_SERVER", &self.url).env("OWP_CONFIG", config).current_dir(&self.folder);
        command.env("STUCK_GROUP_FILE", self.folder.join("stuck.group"));
        command
    }

    fn admin(&self, args: &[&str]) -> Output {
        let mut command = self.owp("admin");
        run(command.env("OWP_ADMIN_TOKEN", ADMIN_TOKEN).arg("admin").args(args))
    }

    /// A bare remote with one commit.
    fn make_remote(&self) {
        let (remote, seed) = (self.remote.to_str().expect("UTF-8"), self.folder.join("seed"));
        run(Command::new("git").args(["init", "-q", "--bare", "-b", "main", remote]));
        run(Command::new("git").args(["clone", "-q", remote]).arg(&seed).stderr(Stdio::null()));
        std::fs::write(seed.join("README.md"), "# Demo\n").expect("writable");
        for args in [
            &["checkout", "-q", "-b", "main"][..],
            &["add", "."],
            &["commit", "-qm", "Begin"],
            &["push", "-q", "origin", "main"],
        ] {
            let identity = ["-c", "user.name=Maintainer", "-c", "user.email=maintainer@example.org"];
            run(Command::new("git").current_dir(&seed).args(identity).args(args));
        }
    }

    fn git(&self, args: &[&str]) -> String {
        let output = run(Command::new("git").arg("--git-dir").arg(&self.remote).args(args));
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    fn register(&self, profile: &str, skills: &str) -> WorkerId {
        let args = [
            "worker",
            "register",
            "--name",
            profile,
            "--skills",
            skills,
            "--points",
            "8",
            "--max-tasks",
            "1",
            "--json",
        ];
        let output = run(self.owp(profile).args(args));
        let answer: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        WorkerId(answer["worker_id"].as_str().expect("an id").to_owned())
    }

    fn start_worker(&self, profile: &str, command: &str) -> Process {
        let script = self.folder.join(format!("{profile}.sh"));
        std::fs::write(&script, command).expect("writable");
        let exec = format!("sh {}", script.display());
        let work = self.folder.join(format!("{profile}-work"));
        let mut owp = self.owp(profile);
        owp.args(["worker", "run", "--exec", &exec, "--work-dir"]).arg(work);
        let log = std::fs::File::create(self.folder.join(format!("{profile}.log"))).expect("writable");
        Process(owp.stdout(log.try_clone().expect("a handle")).stderr(log).spawn().expect("the worker starts"))
    }

    fn log(&self, profile: &str) -> String {
        std::fs::read_to_string(self.folder.join(format!("{profile}.log"))).unwrap_or_default()
    }
}

fn run(command: &mut Command) -> Output {
    let output = command.output().expect("the program is there");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {said}{}", String::from_utf8_lossy(&output.stdout));
    output
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_task_that_fits_somebody_is_done_once_within_the_budget() {
    let folder = tempfile::tempdir().expect("a folder");
    let quick = [
        ("OWP_HEARTBEAT_TTL_S", "3"),
        ("OWP_OFFLINE_GRACE_S", "1"),
        ("OWP_SWEEP_INTERVAL_S", "1"),
        ("OWP_LEASE_TTL_S", "60"),
    ];
    let site = match std::env::var("OWP_TEST_URL") {
        Ok(url) => Site::Deployed(url),
        Err(_) => Site::Own(Server::start(folder.path(), &quick)),
    };
    let pool = site.pool();
    let scene = Scene::new(folder.path(), &pool.url);
    scene.make_remote();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/tasks.yaml");
    let (clone_url, budget) = (scene.remote.to_str().expect("UTF-8"), MAX_OPEN_PRS.to_string());
    scene.admin(&["init-repo", "demo/owp-pool", "--max-open-prs", &budget, "--clone-url", clone_url]);
    scene.admin(&["import", examples.to_str().expect("UTF-8")]);
    let count = pool.tasks(Some("ready")).await.len();
    assert!(count >= 25, "the examples are at least 25 tasks, not {count}");

    let killed = scene.register("killed", "docs,testing");
    let killed_task = kill_a_worker_half_way(&scene, &pool).await;

    let profiles = [
        ("rust", "rust,testing,security,sql"),
        ("docs", "docs,shell,testing,sql,python"),
        ("web", "typescript,css,docs,security,shell,rust"),
    ];
    let mut workers: Vec<(&str, Process)> = Vec::new();
    for (profile, skills) in profiles {
        scene.register(profile, skills);
        workers.push((profile, scene.start_worker(profile, DO_TASK)));
    }
    let unfit = review_until_done(&scene, &pool).await;

    for (profile, worker) in workers {
        let status = worker.terminate();
        assert!(status.success(), "{profile} ended with {status}: {}", scene.log(profile));
    }
    for task_id in &unfit {
        let why = scene.admin(&["why", task_id]);
        let why = String::from_utf8_lossy(&why.stdout).into_owned();
        assert!(why.contains("skills_missing") || why.contains("tier_too_low") || why.contains("no worker"), "{why}");
    }
    check_the_end(&scene, site.end().await, &killed, &killed_task, &unfit).await;
}

/// What is tested: a server of the test's own, or functions that somebody else has started.
enum Site {
    Own(Server),
    Deployed(String),
}

impl Site {
    fn pool(&self) -> Pool {
        match self {
            Self::Own(server) => server.pool(),
            Self::Deployed(url) => Pool { url: url.clone(), http: reqwest::Client::new() },
        }
    }

    /// Ends the server, and gives what it leaves behind.
    async fn end(self) -> Arc<dyn Store> {
        match self {
            Self::Own(server) => {
                let db = server.db.clone();
                assert!(server.process.terminate().success(), "the server ends cleanly");
                Arc::new(LibsqlStore::open(&db).await.expect("the database opens"))
            }
            Self::Deployed(_) => {
                let table = std::env::var("OWP_DYNAMODB_TABLE").expect("the table of the deployment");
                Arc::new(DynamoStore::from_env(&table).await)
            }
        }
    }
}

/// The fourth worker leases a task, pushes half of it and is killed without a word.
async fn kill_a_worker_half_way(scene: &Scene, pool: &Pool) -> String {
    let worker = scene.start_worker("killed", GET_STUCK);
    let task_id = until("the notes of a worker that is half-way", async || {
        let held = pool.tasks(Some("in_progress")).await;
        held.iter().find(|task| task["notes"] == NOTES).map(|task| task["task_id"].as_str().expect("an id").to_owned())
    })
    .await;
    worker.kill();
    // Its command lives on in a group of its own, as it would after a crash; it must not finish the task after all.
    let stuck = std::fs::read_to_string(scene.folder.join("stuck.group")).expect("it wrote its process group");
    let group = Pid::from_raw(stuck.trim().parse().expect("a number")).expect("not zero");
    kill_process_group(group, Signal::KILL).expect("it sleeps");
    task_id
}

/// The maintainer merges the oldest pull request whenever the budget is spent or nothing moves; ends when only tasks that
/// fit nobody are left. Gives their ids.
async fn review_until_done(scene: &Scene, pool: &Pool) -> Vec<String> {
    let since = now();
    loop {
        assert!(since.elapsed() < PATIENCE, "not done in time: {}", scene.log("rust"));
        let (_, state) = pool.admin(Method::GET, "/v1/admin/state", None).await;
        let number = |name: &str| state[name].as_u64().expect("a number");
        let live = number("tasks_leased") + number("tasks_in_progress") + number("tasks_blocked");
        assert!(number("review_slots_used") <= u64::from(MAX_OPEN_PRS), "{state}");
        let ready = pool.tasks(Some("ready")).await;
        let fits = |task: &&Value| {
            let skills = task["required_skills"].as_array().expect("a list");
            task["tier"].as_u64() <= Some(2) && !skills.contains(&json!("formal-methods"))
        };
        if live == 0 && !ready.iter().any(|task| fits(&task)) {
            return ready.iter().map(|task| task["task_id"].as_str().expect("an id").to_owned()).collect();
        }
        let in_review = pool.tasks(Some("pr_opened")).await;
        let stalled = live == 0 || in_review.len() as u64 == u64::from(MAX_OPEN_PRS);
        if let Some(oldest) = in_review.last().filter(|_| stalled) {
            scene.admin(&["merge", oldest["task_id"].as_str().expect("an id")]);
        }
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

async fn check_the_end(scene: &Scene, left: Arc<dyn Store>, killed: &WorkerId, killed_task: &str, unfit: &[String]) {
    let (events, history) = checked_events(left.as_ref()).await;
    let assigned = events.iter().filter(|event| event.kind == EventKind::TaskAssigned).count();
    let mut finished = 0;
    for (id, task) in history.tasks() {
        if unfit.contains(&id.0) {
            assert_eq!((task.state, task.attempts.len()), (TaskState::Ready, 0), "{}", task.title);
            continue;
        }
        finished += 1;
        assert!(matches!(task.state, TaskState::Merged | TaskState::PrOpened), "{}: {:?}", task.title, task.state);
        let attempts = if id.0 == killed_task { 2 } else { 1 };
        assert_eq!(task.attempts.len(), attempts, "{} was done once", task.title);
        let branch = format!("owp/{}", id.0);
        let written = scene.git(&["show", &format!("{branch}:done/{}", id.0)]);
        assert_eq!(written.lines().next(), Some(task.title.as_str()), "{branch} is in the remote");
    }
    assert_eq!(assigned, finished + 1, "each task was leased once, the killed worker's twice");
    assert_eq!(unfit.len() + finished, history.tasks().len());
    check_handoff(scene, killed, killed_task, history.tasks().values().find(|task| task.attempts.len() == 2));
}

fn check_handoff(scene: &Scene, killed: &WorkerId, killed_task: &str, task: Option<&TaskFacts>) {
    let task = task.expect("one task was attempted twice");
    let [first, second] = task.attempts.as_slice() else { panic!("{task:?}") };
    assert_eq!((&first.worker, first.outcome), (killed, Some(AttemptOutcome::WorkerOffline)));
    assert_ne!(&second.worker, killed, "another worker finished it");
    let branch = format!("owp/{killed_task}");
    assert!(
        scene.git(&["show", &format!("{branch}:done/{killed_task}")]).contains(NOTES),
        "the notes reached the next"
    );
    assert_eq!(scene.git(&["show", &format!("{branch}:half-way")]), "half\n", "the branch reached the next");
}
