// Generated from protocol/openapi.yaml; do not edit. `make generate` refreshes it.
//
// One module per operation, and the routes of all of them.

use crate::app::Route;

pub mod accept_offer;
pub mod create_task;
pub mod explain_task;
pub mod explain_work;
pub mod fetch_work;
pub mod get_admission;
pub mod get_backup;
pub mod get_health;
pub mod get_limits;
pub mod get_own_worker;
pub mod get_pool_analytics;
pub mod get_readiness;
pub mod get_repo_analytics;
pub mod get_reputation;
pub mod get_server_info;
pub mod get_state;
pub mod get_task;
pub mod get_worker_analytics;
pub mod import_tasks;
pub mod list_audit_events;
pub mod list_audit_seals;
pub mod list_events;
pub mod list_repos;
pub mod list_tasks;
pub mod list_workers;
pub mod park_lease;
pub mod put_admission;
pub mod put_repo;
pub mod receive_github_webhook;
pub mod register_worker;
pub mod reject_offer;
pub mod release_lease;
pub mod renew_lease;
pub mod report_task_status;
pub mod request_offers;
pub mod revoke_worker;
pub mod send_heartbeat;
pub mod set_trust_tier;
pub mod sync_github_repo;
pub mod update_own_worker;
pub mod update_task;

/// Every operation of the contract, in its order.
pub fn routes() -> Vec<Route> {
    vec![
        get_health::route(),
        get_readiness::route(),
        get_admission::route(),
        put_admission::route(),
        get_backup::route(),
        get_limits::route(),
        list_repos::route(),
        put_repo::route(),
        get_state::route(),
        list_tasks::route(),
        create_task::route(),
        import_tasks::route(),
        update_task::route(),
        list_workers::route(),
        revoke_worker::route(),
        get_pool_analytics::route(),
        get_repo_analytics::route(),
        get_worker_analytics::route(),
        list_audit_events::route(),
        list_audit_seals::route(),
        list_events::route(),
        sync_github_repo::route(),
        park_lease::route(),
        release_lease::route(),
        renew_lease::route(),
        get_server_info::route(),
        get_task::route(),
        explain_task::route(),
        report_task_status::route(),
        fetch_work::route(),
        explain_work::route(),
        request_offers::route(),
        accept_offer::route(),
        reject_offer::route(),
        send_heartbeat::route(),
        get_own_worker::route(),
        update_own_worker::route(),
        register_worker::route(),
        get_reputation::route(),
        set_trust_tier::route(),
        receive_github_webhook::route(),
    ]
}
