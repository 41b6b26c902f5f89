//! Looking for tasks on behalf of a worker, until there is an answer: first what has ended by time is settled, then the
//! look is widened where a narrow one was not enough. And explaining what such a look would find.

use crate::app::{AppState, Asked};
use crate::input::BodyDigest;
use crate::problem::Problem;
use owp_logic::limits::{CANDIDATES_FIRST, wider};
use owp_logic::operations::{Fetched, Operation};
use owp_logic::{Actor, Caller, Need};
use owp_store::StoreError;

/// Rounds of settling and looking wider within one call. Each settles a bounded number of dead leases; whoever still
/// finds some after so many rounds comes back later.
const ROUNDS_MAX: usize = 64;

/// Has the operation that `looking_at` makes for so many candidates carried out until it has found an answer.
///
/// It is not kept under the client's idempotency key: what is held or offered is added to and never doubled, so a repeat
/// is answered as things stand, and the steps on the way are no answers.
pub async fn search<O, T>(
    app: &AppState,
    asked: &Asked,
    caller: &Caller,
    looking_at: impl Fn(usize) -> O,
) -> Result<T, Problem>
where
    O: Operation<Outcome = Fetched<T>> + 'static,
    T: 'static,
{
    let asked = asked.without_key();
    let mut candidates_max = CANDIDATES_FIRST;
    for _ in 0..ROUNDS_MAX {
        let actor = Actor::Worker(caller.worker_id.clone());
        match app.carry_out(&asked, actor, &BodyDigest::none(), looking_at(candidates_max)).await? {
            Fetched::Found(found) => return Ok(found),
            Fetched::LookWider => candidates_max = wider(candidates_max),
            Fetched::SettleFirst => {
                app.settle(&asked.request_id).await?;
            }
        }
    }
    Err(Problem::unavailable(StoreError::Contended))
}

/// Explains how things stand by the clock: a budget or an area that only a dead lease takes up keeps nothing back.
///
/// It is explained first and settled then, because the call is a sign of life of whoever asks. What is left after so many
/// rounds is explained as it is recorded.
pub async fn explain<O>(
    app: &AppState,
    asked: &Asked,
    actor: Actor,
    operation: impl Fn() -> O,
) -> Result<O::Outcome, Problem>
where
    O: Operation + 'static,
    O::Outcome: 'static,
{
    let nothing = BodyDigest::none();
    let ask = || app.carry_out(asked, actor.clone(), &nothing, operation());
    let mut explained = ask().await?;
    for _ in 0..ROUNDS_MAX {
        if !is_anything_due(app).await? {
            break;
        }
        app.settle(&asked.request_id).await?;
        explained = ask().await?;
    }
    Ok(explained)
}

async fn is_anything_due(app: &AppState) -> Result<bool, Problem> {
    let now = app.clock.now();
    let silent_since = app.settings.rules.silent_since(now);
    Ok(app.store.look(vec![Need::AnyDue { now, silent_since }]).await?.any_due)
}
