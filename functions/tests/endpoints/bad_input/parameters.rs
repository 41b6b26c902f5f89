//! Paths, queries and methods that are not those of the contract.

use super::{Besieged, Place, fault, long};
use crate::pool::{Ask, Pool};
use owp_protocol::{contract, operations};
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test]
async fn query_parameters_are_held_to_the_contract() {
    let besieged = Besieged::new().await;
    let parameter = |path: &'static str, name: &'static str| {
        let ask =
            if path.starts_with("/v1/work") { Ask::get(path).by(&besieged.worker) } else { Ask::get(path).by_admin() };
        fault(path, ask, 400, "invalid_request", Place::Parameter(name))
    };
    let mut faults = vec![
        parameter("/v1/work?wait_s=-1", "wait_s"),
        parameter("/v1/work?wait_s=61", "wait_s"),
        parameter("/v1/work?wait_s=abc", "wait_s"),
        parameter("/v1/work?wait_s=", "wait_s"),
        parameter("/v1/work?wait_s=1.0", "wait_s"),
        parameter("/v1/work?wait_s=99999999999999999999", "wait_s"),
        parameter("/v1/work?wait_s=0&wait_s=0", "wait_s"),
        parameter("/v1/work?wait=1", "wait"),
        parameter("/v1/work/explain?worker_id=..", "worker_id"),
        parameter("/v1/admin/tasks?limit=0", "limit"),
        parameter("/v1/admin/tasks?limit=101", "limit"),
        parameter("/v1/admin/tasks?limit=ten", "limit"),
        parameter("/v1/admin/tasks?cursor=", "cursor"),
        parameter("/v1/admin/tasks?cursor=%00", "cursor"),
        parameter("/v1/admin/tasks?state=done", "state"),
        parameter("/v1/admin/tasks?state=ready&state=leased", "state"),
        parameter("/v1/admin/tasks?repo=nowhere", "repo"),
        parameter("/v1/admin/tasks?Repo=demo", "Repo"),
        parameter("/v1/admin/tasks?skill=", "skill"),
        parameter("/v1/admin/tasks?skill=%20", "skill"),
        parameter("/v1/admin/tasks?area=a%0Ab", "area"),
        parameter("/v1/admin/tasks?worker_id=w_UPPER", "worker_id"),
        parameter("/v1/admin/workers?online=yes", "online"),
        parameter("/v1/admin/workers?online=TRUE", "online"),
        parameter("/v1/admin/repos?sort=name", "sort"),
        parameter("/v1/admin/admission", "repo"),
        parameter("/v1/admin/admission?repo=", "repo"),
        parameter("/v1/admin/admission?repo=nowhere", "repo"),
    ];
    for path in ["/v1/admin/tasks", "/v1/admin/workers"] {
        // Of the right alphabet, and not of this list.
        for cursor in ["AAAA", "bm90LWEtcGxhY2U", "_", long(300).as_str()] {
            let path = format!("{path}?cursor={cursor}");
            let ask = Ask::get(&path).by_admin();
            faults.push(fault(path, ask, 404, "cursor_not_found", Place::Parameter("cursor")));
        }
    }
    let unknown = Ask::get("/v1/admin/admission?repo=owner/unknown").by_admin();
    faults.push(fault("lists of no repository", unknown, 404, "repo_not_found", Place::Parameter("repo")));
    let dry_run = Ask::new("POST", "/v1/admin/tasks/import?dry_run=1").json(&serde_json::json!([])).by_admin();
    faults.push(fault("dry_run=1", dry_run, 400, "invalid_request", Place::Parameter("dry_run")));
    besieged.withstands(faults).await;
}

#[tokio::test]
async fn ids_in_paths_are_held_to_the_contract() {
    let besieged = Besieged::new().await;
    let ids = [
        "%00",
        "t_%00",
        "..%2f..%2fetc",
        "%2e%2e%2f",
        "t_%2e%2e",
        "t_ABC",
        "T_1",
        "t_",
        "w_1",
        "t_1%20",
        "t_%E2%82%AC",
        "%FF",
        "t_1%0a",
        "t_1'--",
        "t_*",
        &format!("t_{}", long(41)),
        &format!("t_{}", long(10_000)),
    ];
    let body = serde_json::json!({ "status": "in_progress" });
    let mut faults = Vec::new();
    for id in ids {
        // What is not UTF-8 names no parameter's value.
        let place = if id == "%FF" { Place::None } else { Place::Parameter("task_id") };
        for path in [format!("/v1/tasks/{id}"), format!("/v1/tasks/{id}/explain")] {
            faults.push(fault(&path[..path.len().min(60)], Ask::get(&path).by_admin(), 400, "invalid_request", place));
        }
        let path = format!("/v1/tasks/{id}/status");
        faults.push(fault(id, Ask::post(&path, &body).by(&besieged.worker), 400, "invalid_request", place));
        let path = format!("/v1/admin/tasks/{id}");
        let edit = serde_json::json!({ "priority": 1 });
        faults.push(fault(id, Ask::patch(&path, &edit).by_admin(), 400, "invalid_request", place));
    }
    for id in ["%00", "l_", "t_1", "l_%2e%2e%2f", "o_", &long(5000)] {
        for (path, name) in [
            (format!("/v1/leases/{id}/renew"), "lease_id"),
            (format!("/v1/leases/{id}/park"), "lease_id"),
            (format!("/v1/work/offers/{id}/accept"), "offer_id"),
            (format!("/v1/work/offers/{id}/reject"), "offer_id"),
        ] {
            let ask = Ask::new("POST", &path).by(&besieged.worker);
            faults.push(fault(path, ask, 400, "invalid_request", Place::Parameter(name)));
        }
        let path = format!("/v1/workers/{id}/reputation");
        faults.push(fault(&path, Ask::get(&path).by_admin(), 400, "invalid_request", Place::Parameter("worker_id")));
    }
    let tier = serde_json::json!({ "tier": "basic", "reason": "r" });
    let ask = Ask::post("/v1/workers/t_1/trust-tier", &tier).by_admin();
    faults.push(fault("trust tier", ask, 400, "invalid_request", Place::Parameter("worker_id")));
    let revoke = serde_json::json!({ "reason": "r" });
    let ask = Ask::post("/v1/admin/workers/%2e%2e/revoke", &revoke).by_admin();
    faults.push(fault("revoke", ask, 400, "invalid_request", Place::Parameter("worker_id")));
    besieged.withstands(faults).await;
}

#[tokio::test]
async fn other_paths_do_not_exist() {
    let besieged = Besieged::new().await;
    let paths = [
        "/",
        "/v1",
        "/v1/",
        "/v2/work",
        "/V1/work",
        "/v1/work/",
        "//v1/work",
        "/v1//work",
        "/v1/./work",
        "/v1/x/../work",
        "/v1/tasks/../admin/state",
        "/v1/%77ork",
        "/v1/admin/../admin/state",
        "/v1/admin%2fstate",
        "/v1/tasks/",
        "/v1/tasks/t_1/",
        "/v1/tasks/t_1/status/more",
        "/healthz/",
        "/metrics/../healthz",
        "/.env",
        "/%00",
    ];
    let faults = paths.map(|path| fault(path, Ask::get(path).by_admin(), 404, "not_found", Place::None));
    besieged.withstands(faults.into()).await;
}

#[tokio::test]
async fn other_methods_are_refused_with_the_ones_that_are_allowed() {
    let pool = Pool::new();
    let mut paths: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in operations(&contract()) {
        let path = super::any_path(&operation.path);
        let allowed = paths.entry(path).or_default();
        if operation.method == "GET" && operation.id != "fetchWork" {
            allowed.insert("HEAD".to_owned());
        }
        allowed.insert(operation.method);
    }
    assert!(paths.len() >= 26);
    for (path, allowed) in paths {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"] {
            if allowed.contains(method) {
                continue;
            }
            let answer = pool.ask(Ask::new(method, &path).by_admin()).await;
            let allow = answer.header("allow").unwrap_or_default().to_owned();
            answer.refused(405, "method_not_allowed");
            let named: BTreeSet<String> = allow.split(", ").map(str::to_owned).collect();
            assert_eq!(named, allowed, "{method} {path}");
        }
    }
}
