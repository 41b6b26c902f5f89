//! `GET /v1/admin/state`

use crate::app::{AppState, Route};
use crate::auth::AdminToken;
use crate::operation::GET_STATE;
use crate::problem::Problem;
use crate::views::count;
use axum::Json;
use axum::extract::State;
use owp_wire::{GetStateResponse, TaskState};

pub fn route() -> Route {
    Route::new(GET_STATE, handle)
}

async fn handle(State(app): State<AppState>, _: AdminToken) -> Result<Json<GetStateResponse>, Problem> {
    let server_time = app.clock.now();
    let online_since = server_time.minus_s(app.settings.rules.heartbeat_ttl_s);
    let counts = app.store.counts(online_since).await?;
    let tasks = |state| count(counts.tasks.get(&state).copied().unwrap_or_default());
    Ok(Json(GetStateResponse {
        workers_online: count(counts.workers_online),
        workers_total: count(counts.workers_total),
        repos_total: count(counts.repos_total),
        review_slots_used: u32::try_from(counts.slots_used).unwrap_or(u32::MAX),
        review_slots_total: u32::try_from(counts.slots_total).unwrap_or(u32::MAX),
        tasks_total: count(counts.tasks.values().sum()),
        tasks_waiting: tasks(TaskState::Waiting),
        tasks_ready: tasks(TaskState::Ready),
        tasks_offered: tasks(TaskState::Offered),
        tasks_leased: tasks(TaskState::Leased),
        tasks_in_progress: tasks(TaskState::InProgress),
        tasks_blocked: tasks(TaskState::Blocked),
        tasks_pr_opened: tasks(TaskState::PrOpened),
        tasks_changes_requested: tasks(TaskState::ChangesRequested),
        tasks_merged: tasks(TaskState::Merged),
        tasks_closed: tasks(TaskState::Closed),
        tasks_failed: tasks(TaskState::Failed),
        tasks_needs_info: tasks(TaskState::NeedsInfo),
        tasks_cancelled: tasks(TaskState::Cancelled),
        server_time,
    }))
}
