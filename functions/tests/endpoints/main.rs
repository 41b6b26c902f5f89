//! The operations as clients meet them: every call goes through the real router, and every answer is held to the contract.
//!
//! One module per operation, named like its handler, and a few for what concerns them all.

mod accept_offer;
mod analytics;
mod bad_input;
mod bounded;
mod conforms;
mod create_task;
mod dependencies;
mod edge;
#[cfg(feature = "dynamodb")]
#[path = "../../../shared/store/tests/conformance/dynamodb/emulator.rs"]
mod emulator;
mod event_stream;
mod examples;
mod expiry;
mod explain_task;
mod explain_work;
mod fake_github;
mod fetch_order;
mod fetch_work;
mod get_admission;
mod get_backup;
mod get_health;
mod get_limits;
mod get_own_worker;
mod get_pool_analytics;
mod get_readiness;
mod get_repo_analytics;
mod get_reputation;
mod get_server_info;
mod get_state;
mod get_task;
mod get_worker_analytics;
mod github_admission;
mod github_desk;
mod github_reviews;
mod github_whole_way;
mod idempotency;
mod import_tasks;
mod list_audit_events;
mod list_audit_seals;
mod list_events;
mod list_repos;
mod list_tasks;
mod list_workers;
mod long_poll;
mod mains;
mod park_lease;
mod pool;
mod put_admission;
mod put_repo;
mod rate_limits;
mod receive_github_webhook;
mod register_worker;
mod reject_offer;
mod release_lease;
mod renew_lease;
mod repo_policy;
mod report_task_status;
mod request_offers;
mod revoke_worker;
mod send_heartbeat;
mod set_trust_tier;
mod stages;
mod sync_github_repo;
#[cfg(feature = "dynamodb")]
mod trail_in_dynamodb;
mod update_own_worker;
mod update_task;
mod version_0_1;
