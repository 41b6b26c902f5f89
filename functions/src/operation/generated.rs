// Generated from protocol/openapi.yaml; do not edit. `make generate` refreshes it.
//
// One constant per operation: its name, method and path, for the router, the logs and the validators.

use super::Operation;
use axum::http::Method;

/// `GET /healthz`
pub const GET_HEALTH: Operation =
    Operation { id: "getHealth", name: "get-health", method: Method::GET, path: "/healthz", safe: true };

/// `GET /readyz`
pub const GET_READINESS: Operation =
    Operation { id: "getReadiness", name: "get-readiness", method: Method::GET, path: "/readyz", safe: true };

/// `GET /v1/admin/admission`
pub const GET_ADMISSION: Operation =
    Operation { id: "getAdmission", name: "get-admission", method: Method::GET, path: "/v1/admin/admission", safe: true };

/// `POST /v1/admin/admission`
pub const PUT_ADMISSION: Operation =
    Operation { id: "putAdmission", name: "put-admission", method: Method::POST, path: "/v1/admin/admission", safe: false };

/// `GET /v1/admin/backup`
pub const GET_BACKUP: Operation =
    Operation { id: "getBackup", name: "get-backup", method: Method::GET, path: "/v1/admin/backup", safe: true };

/// `GET /v1/admin/limits`
pub const GET_LIMITS: Operation =
    Operation { id: "getLimits", name: "get-limits", method: Method::GET, path: "/v1/admin/limits", safe: true };

/// `GET /v1/admin/repos`
pub const LIST_REPOS: Operation =
    Operation { id: "listRepos", name: "list-repos", method: Method::GET, path: "/v1/admin/repos", safe: true };

/// `POST /v1/admin/repos`
pub const PUT_REPO: Operation =
    Operation { id: "putRepo", name: "put-repo", method: Method::POST, path: "/v1/admin/repos", safe: false };

/// `GET /v1/admin/state`
pub const GET_STATE: Operation =
    Operation { id: "getState", name: "get-state", method: Method::GET, path: "/v1/admin/state", safe: true };

/// `GET /v1/admin/tasks`
pub const LIST_TASKS: Operation =
    Operation { id: "listTasks", name: "list-tasks", method: Method::GET, path: "/v1/admin/tasks", safe: true };

/// `POST /v1/admin/tasks`
pub const CREATE_TASK: Operation =
    Operation { id: "createTask", name: "create-task", method: Method::POST, path: "/v1/admin/tasks", safe: false };

/// `POST /v1/admin/tasks/import`
pub const IMPORT_TASKS: Operation =
    Operation { id: "importTasks", name: "import-tasks", method: Method::POST, path: "/v1/admin/tasks/import", safe: false };

/// `PATCH /v1/admin/tasks/{task_id}`
pub const UPDATE_TASK: Operation =
    Operation { id: "updateTask", name: "update-task", method: Method::PATCH, path: "/v1/admin/tasks/{task_id}", safe: false };

/// `GET /v1/admin/workers`
pub const LIST_WORKERS: Operation =
    Operation { id: "listWorkers", name: "list-workers", method: Method::GET, path: "/v1/admin/workers", safe: true };

/// `POST /v1/admin/workers/{worker_id}/revoke`
pub const REVOKE_WORKER: Operation =
    Operation { id: "revokeWorker", name: "revoke-worker", method: Method::POST, path: "/v1/admin/workers/{worker_id}/revoke", safe: false };

/// `GET /v1/analytics/pool`
pub const GET_POOL_ANALYTICS: Operation =
    Operation { id: "getPoolAnalytics", name: "get-pool-analytics", method: Method::GET, path: "/v1/analytics/pool", safe: true };

/// `GET /v1/analytics/repositories/{owner}/{repo}`
pub const GET_REPO_ANALYTICS: Operation =
    Operation { id: "getRepoAnalytics", name: "get-repo-analytics", method: Method::GET, path: "/v1/analytics/repositories/{owner}/{repo}", safe: true };

/// `GET /v1/analytics/workers/{worker_id}`
pub const GET_WORKER_ANALYTICS: Operation =
    Operation { id: "getWorkerAnalytics", name: "get-worker-analytics", method: Method::GET, path: "/v1/analytics/workers/{worker_id}", safe: true };

/// `GET /v1/audit/events`
pub const LIST_AUDIT_EVENTS: Operation =
    Operation { id: "listAuditEvents", name: "list-audit-events", method: Method::GET, path: "/v1/audit/events", safe: true };

/// `GET /v1/audit/seals`
pub const LIST_AUDIT_SEALS: Operation =
    Operation { id: "listAuditSeals", name: "list-audit-seals", method: Method::GET, path: "/v1/audit/seals", safe: true };

/// `GET /v1/events`
pub const LIST_EVENTS: Operation =
    Operation { id: "listEvents", name: "list-events", method: Method::GET, path: "/v1/events", safe: true };

/// `POST /v1/github/repos/{owner}/{repo}/sync`
pub const SYNC_GITHUB_REPO: Operation =
    Operation { id: "syncGithubRepo", name: "sync-github-repo", method: Method::POST, path: "/v1/github/repos/{owner}/{repo}/sync", safe: false };

/// `POST /v1/leases/{lease_id}/park`
pub const PARK_LEASE: Operation =
    Operation { id: "parkLease", name: "park-lease", method: Method::POST, path: "/v1/leases/{lease_id}/park", safe: false };

/// `POST /v1/leases/{lease_id}/release`
pub const RELEASE_LEASE: Operation =
    Operation { id: "releaseLease", name: "release-lease", method: Method::POST, path: "/v1/leases/{lease_id}/release", safe: false };

/// `POST /v1/leases/{lease_id}/renew`
pub const RENEW_LEASE: Operation =
    Operation { id: "renewLease", name: "renew-lease", method: Method::POST, path: "/v1/leases/{lease_id}/renew", safe: false };

/// `GET /v1/server`
pub const GET_SERVER_INFO: Operation =
    Operation { id: "getServerInfo", name: "get-server-info", method: Method::GET, path: "/v1/server", safe: true };

/// `GET /v1/tasks/{task_id}`
pub const GET_TASK: Operation =
    Operation { id: "getTask", name: "get-task", method: Method::GET, path: "/v1/tasks/{task_id}", safe: true };

/// `GET /v1/tasks/{task_id}/explain`
pub const EXPLAIN_TASK: Operation =
    Operation { id: "explainTask", name: "explain-task", method: Method::GET, path: "/v1/tasks/{task_id}/explain", safe: true };

/// `POST /v1/tasks/{task_id}/status`
pub const REPORT_TASK_STATUS: Operation =
    Operation { id: "reportTaskStatus", name: "report-task-status", method: Method::POST, path: "/v1/tasks/{task_id}/status", safe: false };

/// `GET /v1/work`
pub const FETCH_WORK: Operation =
    Operation { id: "fetchWork", name: "fetch-work", method: Method::GET, path: "/v1/work", safe: false };

/// `GET /v1/work/explain`
pub const EXPLAIN_WORK: Operation =
    Operation { id: "explainWork", name: "explain-work", method: Method::GET, path: "/v1/work/explain", safe: true };

/// `POST /v1/work/offers`
pub const REQUEST_OFFERS: Operation =
    Operation { id: "requestOffers", name: "request-offers", method: Method::POST, path: "/v1/work/offers", safe: false };

/// `POST /v1/work/offers/{offer_id}/accept`
pub const ACCEPT_OFFER: Operation =
    Operation { id: "acceptOffer", name: "accept-offer", method: Method::POST, path: "/v1/work/offers/{offer_id}/accept", safe: false };

/// `POST /v1/work/offers/{offer_id}/reject`
pub const REJECT_OFFER: Operation =
    Operation { id: "rejectOffer", name: "reject-offer", method: Method::POST, path: "/v1/work/offers/{offer_id}/reject", safe: false };

/// `POST /v1/workers/heartbeat`
pub const SEND_HEARTBEAT: Operation =
    Operation { id: "sendHeartbeat", name: "send-heartbeat", method: Method::POST, path: "/v1/workers/heartbeat", safe: false };

/// `GET /v1/workers/me`
pub const GET_OWN_WORKER: Operation =
    Operation { id: "getOwnWorker", name: "get-own-worker", method: Method::GET, path: "/v1/workers/me", safe: true };

/// `PATCH /v1/workers/me`
pub const UPDATE_OWN_WORKER: Operation =
    Operation { id: "updateOwnWorker", name: "update-own-worker", method: Method::PATCH, path: "/v1/workers/me", safe: false };

/// `POST /v1/workers/register`
pub const REGISTER_WORKER: Operation =
    Operation { id: "registerWorker", name: "register-worker", method: Method::POST, path: "/v1/workers/register", safe: false };

/// `GET /v1/workers/{worker_id}/reputation`
pub const GET_REPUTATION: Operation =
    Operation { id: "getReputation", name: "get-reputation", method: Method::GET, path: "/v1/workers/{worker_id}/reputation", safe: true };

/// `POST /v1/workers/{worker_id}/trust-tier`
pub const SET_TRUST_TIER: Operation =
    Operation { id: "setTrustTier", name: "set-trust-tier", method: Method::POST, path: "/v1/workers/{worker_id}/trust-tier", safe: false };

/// `POST /webhooks/github`
pub const RECEIVE_GITHUB_WEBHOOK: Operation =
    Operation { id: "receiveGithubWebhook", name: "receive-github-webhook", method: Method::POST, path: "/webhooks/github", safe: false };
