//! `GET /v1/work/explain`

use crate::app::{AppState, Asked, Route};
use crate::auth::WorkerOrAdmin;
use crate::input::Params;
use crate::operation::EXPLAIN_WORK;
use crate::problem::Problem;
use crate::search::explain;
use crate::views;
use axum::Json;
use axum::extract::State;
use owp_logic::Rules;
use owp_logic::fit::remedy;
use owp_logic::operations::{ExplainWork, WorkExplained};
use owp_wire::{ExplainWorkResponse, NearestChange, ProblemCode, Timestamp, WorkerId};
use serde::Deserialize;

pub fn route() -> Route {
    Route::new(EXPLAIN_WORK, handle)
}

#[derive(Deserialize)]
struct Query {
    worker_id: Option<WorkerId>,
}

async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    who: WorkerOrAdmin,
    Params(query): Params<Query>,
) -> Result<Json<ExplainWorkResponse>, Problem> {
    let actor = who.actor();
    let worker_id = whom(&who, query.worker_id)?;
    let operation = || ExplainWork { caller: who.answerable(), worker_id: worker_id.clone() };
    let explained = explain(&app, &asked, actor, operation).await?;
    let retry_after_s = retry_after_s(&explained, &app.settings.rules, app.clock.now());
    Ok(Json(ExplainWorkResponse {
        worker_id,
        summary: summary(&explained),
        ready_looked_at: views::count(explained.looked_at),
        fitting: views::count(explained.fitting),
        reasons: explained.reasons.iter().map(views::reason).collect(),
        truncated: explained.truncated,
        nearest: explained.nearest.map(|(code, at)| NearestChange { code, at, detail: remedy(code).to_owned() }),
        retry_after_s,
    }))
}

/// Until the clock changes something, but not sooner than a poll would be welcome, nor later than anything may happen. Where
/// something fits there is nothing to wait for.
fn retry_after_s(explained: &WorkExplained, rules: &Rules, now: Timestamp) -> u32 {
    let poll_after_s = rules.poll_after_s();
    let nearest = explained.nearest.filter(|_| explained.fitting == 0);
    let nearest_s = nearest.map_or(poll_after_s, |(_, at)| at.seconds_after(now));
    nearest_s.min(rules.retry_after_max_s()).max(poll_after_s)
}

fn whom(who: &WorkerOrAdmin, named: Option<WorkerId>) -> Result<WorkerId, Problem> {
    let own = who.caller.as_ref().map(|caller| caller.worker_id.clone());
    match (named, own) {
        (Some(named), own) if who.is_admin || own.as_ref() == Some(&named) => Ok(named),
        (Some(_), _) => Err(Problem::new(ProblemCode::Forbidden, "a worker may only ask about itself")),
        (None, Some(own)) => Ok(own),
        (None, None) => Err(Problem::invalid_parameter("worker_id", "is needed from an administrator")),
    }
}

fn summary(explained: &WorkExplained) -> String {
    let ready = explained.looked_at;
    match (ready, explained.fitting, explained.reasons.first()) {
        (0, ..) => "no task is ready in the whole pool".to_owned(),
        (_, 0, Some(first)) => format!("none of {ready} ready tasks fits, most often because {}", remedy(first.code)),
        (_, fitting, _) => format!("{fitting} of {ready} ready tasks fit; the next fetch gives what there is room for"),
    }
}
