//! Looking for tasks on behalf of a worker, until there is an answer: first what has ended by time is settled, then the
//! look is widened where a narrow one was not enough.

use crate::app::{AppState, Asked};
use crate::input::BodyDigest;
use crate::problem::Problem;
use owp_logic::limits::{CANDIDATES_FIRST, CANDIDATES_MAX};
use owp_logic::operations::{Fetched, Operation};
use owp_logic::{Actor, Caller};
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
            Fetched::LookWider => candidates_max = CANDIDATES_MAX,
            Fetched::SettleFirst => {
                app.settle(&asked.request_id).await?;
            }
        }
    }
    Err(Problem::unavailable(StoreError::Contended))
}
