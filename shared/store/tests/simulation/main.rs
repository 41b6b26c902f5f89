//! A pool as it might be, many times over: thousands of workers, tasks and repositories, workers that vanish and write when
//! it is too late, sweeps that come late and clocks that jump, all chosen by a seed. After every step the invariants must
//! hold. What breaks one is told as a short story.
//!
//! `make simulate` runs it for longer, or again from a seed. A new operation is one more [`action::What`], carried out in
//! `world`, told in `sentences` and chosen in `choose`; a new invariant is one more comparison in `watch`. What happens at
//! GitHub is a [`deed::Deed`]; `github` is how things are there, and `follow` what the pool must make of it.

mod action;
mod choose;
mod deed;
mod defect;
mod ending;
mod follow;
mod found;
mod github;
mod kinds;
mod pool;
mod random;
mod sentences;
mod slots;
mod story;
mod tally;
mod violation;
mod watch;
mod whole;
mod world;

use action::{Action, What};
use choose::Chooser;
use defect::Defect;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;
use story::Story;
use tally::Tally;
use violation::{keep_panics, print_panics};
use world::World;

/// A step makes and drops a few hundred small things, which is most of what it costs.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Steps in one world. Each has its own seed, its own size and temper.
const WORLD_STEPS: u64 = 100_000;

/// A short look, for a build that is not optimized; `make test` and `make simulate` say more.
const STEPS: u64 = 30_000;

/// From so many steps on, everything that can happen must have happened.
const STEPS_FOR_ALL: u64 = 2_000_000;

#[test]
fn no_rule_is_ever_broken() {
    let (seed, steps) = (number("SEED").unwrap_or(1), number("STEPS").unwrap_or(STEPS));
    #[allow(clippy::disallowed_methods, reason = "how fast the simulation is is told, and decides nothing")]
    let start = Instant::now();
    let tally = match simulate(seed, steps) {
        Ok(tally) => tally,
        Err(story) => panic!("{story}"),
    };
    let seconds = start.elapsed().as_secs_f64();
    println!("{tally}");
    let worlds = steps.div_ceil(WORLD_STEPS);
    #[allow(clippy::cast_precision_loss, reason = "a rough figure")]
    let pace = steps as f64 / seconds;
    println!(
        "{steps} steps in {worlds} worlds from seed {seed}: {seconds:.1} s, {pace:.0} steps/s; no rule was broken"
    );
    if steps >= STEPS_FOR_ALL {
        assert_eq!(tally.missing(), Vec::<String>::new());
    }
}

fn number(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok().filter(|text| !text.is_empty())?;
    Some(text.replace('_', "").parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

/// As many worlds as it takes, on all cores.
fn simulate(first_seed: u64, steps: u64) -> Result<Tally, Story> {
    let (next, failed) = (AtomicU64::new(0), AtomicBool::new(false));
    let result = Mutex::new(Ok(Tally::default()));
    let run = || {
        while !failed.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let left = steps.saturating_sub(index * WORLD_STEPS).min(WORLD_STEPS);
            if left == 0 {
                return;
            }
            let lived = live(first_seed + index, usize::try_from(left).expect("few"), None);
            let mut result = result.lock().expect("no world panics");
            match (lived, &mut *result) {
                (Ok(tally), Ok(sum)) => sum.add(&tally),
                (Err(story), Ok(_)) => *result = Err(story),
                (_, Err(_)) => {}
            }
            failed.fetch_or(result.is_err(), Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        (0..cores).for_each(|_| drop(scope.spawn(run)));
    });
    result.into_inner().expect("no world panics")
}

/// The life of one world.
fn live(seed: u64, steps: usize, defect: Option<Defect>) -> Result<Tally, Story> {
    keep_panics();
    let (mut world, mut chooser) = (World::new(defect), Chooser::new(seed));
    let mut actions = Vec::with_capacity(steps);
    for count in 1..=steps {
        let action = if count == steps { Action { what: What::EndAll, under: None } } else { chooser.next(&world) };
        let done = story::step(&mut world, &action);
        actions.push(action);
        if let Err(violation) = done {
            if defect.is_none() {
                // Past what keeps the output of tests: a short story may take minutes to find, and not everybody waits for it.
                let told =
                    format!("seed {seed} broke a rule at step {count}: {}; shortening the story\n", violation.text);
                std::io::stderr().write_all(told.as_bytes()).expect("stderr takes it");
            }
            return Err(Story::of(seed, actions, violation, defect));
        }
    }
    print_panics();
    Ok(world.tally)
}
