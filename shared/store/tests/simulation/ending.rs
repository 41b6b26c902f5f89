//! No task is stuck: time, maintainers and one able worker bring every one to an end.

use crate::action::Skills;
use crate::violation::{Violation, ensure};
use crate::whole::{compare_all, each_repo, each_task};
use crate::world::{World, edit};
use owp_logic::limits::PARK_MAX_S;
use owp_logic::operations::{ExpireLeases, PutRepo, RegisterWorker, ReportTaskStatus, UpdateTask};
use owp_logic::{Actor, Availability, Caller, QuietHours, Refusal, Repo};
use owp_wire::{ReportedStatus, TaskAction, TaskId, TaskState, TrustTier, WorkMode};

/// Leaves repositories with the settings that they had.
pub fn end_all(world: &mut World) -> Result<(), Violation> {
    let rules = world.pool.rules();
    let until_all_is_dead_s = rules.response_ttl_s.max(rules.lease_hold_max_s()) + PARK_MAX_S;
    world.pool.wait_past_all(until_all_is_dead_s);
    loop {
        let settled = must(world.ask(Actor::System, ExpireLeases)?)?;
        world.look()?;
        if !settled.more {
            break;
        }
        ensure(settled.count() > 0, || "there was more to settle, and nothing of it was settled".into())?;
    }
    for (task_id, action) in maintainers_turn(world)? {
        must(world.admin(UpdateTask { action: Some(action), ..edit(&task_id) })?)?;
        world.look()?;
    }
    for task_id in waiting_in_vain(world)? {
        must(world.admin(UpdateTask { depends_on: Some(Vec::new()), ..edit(&task_id) })?)?;
        world.look()?;
    }
    let repos = open_all(world)?;
    work_it_off(world)?;
    for repo in repos {
        let (policy, name) = (repo.policy.clone(), repo.name);
        put(
            world,
            PutRepo {
                max_open_prs: Some(repo.max_open_prs),
                paused: Some(repo.paused),
                allow_listed_only: Some(policy.allow_listed_only),
                quiet_hours: Some(policy.quiet_hours),
                prs_per_hour_max: Some(policy.prs_per_hour_max),
                reputation_bar: Some(policy.reputation.bar),
                ..PutRepo::named(name)
            },
        )?;
    }
    each_task(&world.pool, |task| {
        let ended = matches!(task.state, TaskState::Merged | TaskState::Closed | TaskState::Cancelled);
        ensure(ended, || format!("{} is stuck as {}", task.id.0, task.state))
    })?;
    compare_all(&world.pool, &world.watch)
}

/// What only a maintainer can move on.
fn maintainers_turn(world: &World) -> Result<Vec<(TaskId, TaskAction)>, Violation> {
    let mut turn = Vec::new();
    each_task(&world.pool, |task| {
        let action = match task.state {
            TaskState::Failed | TaskState::NeedsInfo => Some(TaskAction::Requeue),
            TaskState::PrOpened => Some(TaskAction::Merge),
            _ => None,
        };
        turn.extend(action.map(|action| (task.id, action)));
        Ok(())
    })?;
    Ok(turn)
}

/// Tasks that wait for what nobody will do: only their maintainer can say that they need not.
fn waiting_in_vain(world: &World) -> Result<Vec<TaskId>, Violation> {
    let mut vain = Vec::new();
    each_task(&world.pool, |task| {
        let over = |id: &TaskId| {
            let state = world.watch.facts(id).map(|facts| facts.state);
            matches!(state, Some(TaskState::Closed | TaskState::Cancelled))
        };
        vain.extend((task.state == TaskState::Waiting && task.waits_for.iter().any(over)).then_some(task.id));
        Ok(())
    })?;
    Ok(vain)
}

/// Gives back the repositories as they were.
fn open_all(world: &mut World) -> Result<Vec<Repo>, Violation> {
    let mut repos = Vec::new();
    each_repo(&world.pool, |repo| {
        repos.push(repo);
        Ok(())
    })?;
    for repo in &repos {
        put(
            world,
            PutRepo {
                max_open_prs: Some(100),
                paused: Some(false),
                allow_listed_only: Some(false),
                quiet_hours: Some(Vec::<QuietHours>::new()),
                prs_per_hour_max: Some(0),
                reputation_bar: Some(0),
                ..PutRepo::named(repo.name.clone())
            },
        )?;
    }
    Ok(repos)
}

fn put(world: &mut World, put: PutRepo) -> Result<(), Violation> {
    must(world.admin(put)?)?;
    world.look()
}

fn work_it_off(world: &mut World) -> Result<(), Violation> {
    world.pool.set_new_worker_tier(TrustTier::Maintainer);
    let able = RegisterWorker {
        name: "Able".into(),
        github_handle: None,
        skills: Skills::ALL.named(),
        capacity_points: 100,
        max_concurrent_tasks: 4,
        work_mode: WorkMode::Auto,
        availability: Availability::default(),
        handle_verified: false,
    };
    let registered = must(world.ask(Actor::Anonymous, able)?)?;
    let caller = Caller { worker_id: registered.worker_id, token_version: registered.token_version };
    loop {
        let work = must(world.fetch_by(&caller, true)?)?;
        let leases = work.map(|work| work.leases).unwrap_or_default();
        if leases.is_empty() {
            return world.look();
        }
        for (task, _) in leases {
            if world.following.is_linked(&task.repo) {
                world.merge_at_github(&caller, &task)?;
                continue;
            }
            for status in [ReportedStatus::PrOpened, ReportedStatus::Merged] {
                must(world.by(&caller, report(&caller, &task.id, status))?)?;
            }
        }
        world.look()?;
    }
}

fn report(caller: &Caller, task_id: &TaskId, status: ReportedStatus) -> ReportTaskStatus {
    let (lease_id, message, artifact, branch, notes) = Default::default();
    let (caller, task_id) = (caller.clone(), task_id.clone());
    ReportTaskStatus { caller, task_id, lease_id, status, message, artifact, branch, notes }
}

fn must<T>(answer: Result<T, Refusal>) -> Result<T, Violation> {
    answer.map_err(|refusal| Violation::new(format!("while everything was brought to an end: {refusal}")))
}
