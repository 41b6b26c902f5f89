//! The operations as clients meet them: every call goes through the real router, and every answer is held to the contract.
//!
//! One module per operation, named like its handler, and a few for what concerns them all.

mod bad_input;
mod conforms;
mod create_task;
mod edge;
mod examples;
mod expiry;
mod explain_task;
mod explain_work;
mod fetch_order;
mod fetch_work;
mod get_health;
mod get_own_worker;
mod get_readiness;
mod get_server_info;
mod get_state;
mod get_task;
mod idempotency;
mod import_tasks;
mod list_repos;
mod list_tasks;
mod list_workers;
mod long_poll;
mod pool;
mod put_repo;
mod register_worker;
mod release_lease;
mod renew_lease;
mod report_task_status;
mod revoke_worker;
mod send_heartbeat;
mod stages;
mod update_task;
mod version_0_1;
