//! What went wrong.

use owp_logic::Refusal;
use std::any::Any;
use std::cell::RefCell;
use std::fmt::Debug;
use std::panic::PanicHookInfo;
use std::sync::Once;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The text without its numbers, so that the same fault of another task is the same.
    pub rule: String,
    pub text: String,
}

impl Violation {
    pub fn new(text: String) -> Self {
        let mut rule = String::with_capacity(text.len());
        for letter in text.chars() {
            match letter {
                '0'..='9' if rule.ends_with('#') => {}
                '0'..='9' => rule.push('#'),
                _ => rule.push(letter),
            }
        }
        Self { rule, text }
    }

    pub fn of_panic(payload: &(dyn Any + Send)) -> Self {
        let said = payload.downcast_ref::<&str>().map(ToString::to_string);
        let said = said.or_else(|| payload.downcast_ref::<String>().cloned());
        Self::new(last_panic().or(said).unwrap_or_else(|| "a panic".into()))
    }
}

/// Two ways to know the same must agree.
#[allow(clippy::needless_pass_by_value, reason = "most are small, and a reference can be given")]
pub fn same<T: PartialEq + Debug>(recorded: T, expected: T, what: impl FnOnce() -> String) -> Result<(), Violation> {
    if recorded == expected {
        return Ok(());
    }
    Err(Violation::new(format!("{}: the record says {recorded:?}, and the events say {expected:?}", what())))
}

pub fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(Violation::new(what())) }
}

thread_local! {
    static LAST_PANIC: RefCell<Option<String>> = const { RefCell::new(None) };
    static SIMULATES: RefCell<bool> = const { RefCell::new(false) };
}

/// Panics of this thread are kept for the story, and not printed at once: while a story is shortened, there are many.
pub fn keep_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
            if !SIMULATES.with_borrow(|simulates| *simulates) {
                return before(info);
            }
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            let said = info.payload_as_str().unwrap_or("something that is no text");
            LAST_PANIC.set(Some(format!("{said} at {place}")));
        }));
    });
    SIMULATES.set(true);
}

/// Panics of this thread are printed again.
pub fn print_panics() {
    SIMULATES.set(false);
}

pub fn last_panic() -> Option<String> {
    LAST_PANIC.take()
}

/// The name of a refusal, for the tally.
pub fn refusal_named(refusal: &Refusal) -> &'static str {
    use owp_logic::refusal::{NotParkableBecause, OfferGoneBecause, StaleBecause};
    match refusal {
        Refusal::TokenRevoked => "token_revoked",
        Refusal::TaskNotFound(_) => "task_not_found",
        Refusal::WorkerNotFound(_) => "worker_not_found",
        Refusal::RepoNotFound { .. } => "repo_not_found",
        Refusal::LeaseStale(StaleBecause::Expired) => "lease_stale: expired",
        Refusal::LeaseStale(StaleBecause::Superseded) => "lease_stale: superseded",
        Refusal::LeaseStale(StaleBecause::NotHeld) => "lease_stale: not held",
        Refusal::TransitionNotAllowed { .. } => "transition_not_allowed",
        Refusal::TaskHeld { .. } => "task_held",
        Refusal::KeyTaken { .. } => "key_taken",
        Refusal::IdempotencyKeyReused => "idempotency_key_reused",
        Refusal::KeyRepeated { .. } => "key_repeated",
        Refusal::OfferGone(OfferGoneBecause::Expired) => "offer_gone: expired",
        Refusal::OfferGone(OfferGoneBecause::NotOffered) => "offer_gone: not offered",
        Refusal::OfferGone(OfferGoneBecause::NoLongerFits) => "offer_gone: no longer fits",
        Refusal::NotParkable(NotParkableBecause::ParkedBefore) => "not_parkable: parked before",
        Refusal::NotParkable(NotParkableBecause::ResponseDue) => "not_parkable: response due",
        Refusal::NotParkable(NotParkableBecause::NothingToWaitFor) => "not_parkable: nothing to wait for",
        Refusal::DependencyNotFound { .. } => "dependency_not_found",
        Refusal::DependencyCycle { .. } => "dependency_cycle",
        Refusal::TooMany { .. } => "too_many",
        Refusal::NothingToRate => "nothing_to_rate",
        Refusal::MergesAreTold => "merges_are_told",
    }
}

/// Every name that [`refusal_named`] gives.
pub const REFUSALS: [&str; 23] = [
    "token_revoked",
    "task_not_found",
    "worker_not_found",
    "repo_not_found",
    "lease_stale: expired",
    "lease_stale: superseded",
    "lease_stale: not held",
    "transition_not_allowed",
    "task_held",
    "key_taken",
    "idempotency_key_reused",
    "key_repeated",
    "offer_gone: expired",
    "offer_gone: not offered",
    "offer_gone: no longer fits",
    "not_parkable: parked before",
    "not_parkable: response due",
    "not_parkable: nothing to wait for",
    "dependency_not_found",
    "dependency_cycle",
    "too_many",
    "nothing_to_rate",
    "merges_are_told",
];
