//! What the reference client of version 0.1 sends and reads, call by call. It must work as it is.

use crate::pool::{Answer, Ask, Pool, START, Worker, text};
use serde_json::{Value, json};

fn words(length: usize) -> String {
    "w".repeat(length)
}

/// Sends the least body with one field set to each value; the first ones are taken, the others refused at that field.
async fn check_bounds(pool: &Pool, least: &Value, field: &str, taken: Vec<Value>, refused: Vec<Value>, send: Send<'_>) {
    for value in taken {
        let mut body = least.clone();
        body[field] = value.clone();
        let answer = send.to(pool, &body).await;
        assert!((200..300).contains(&answer.status), "{field} {value}: {:#}", answer.body);
    }
    for value in refused {
        let mut body = least.clone();
        body[field] = value.clone();
        let answer = send.to(pool, &body).await.refused(400, "invalid_request");
        let pointer = text(&answer["errors"][0]["pointer"]);
        assert!(pointer.starts_with(&format!("/{field}")), "{field} {value}: {answer:#}");
    }
}

#[derive(Clone, Copy)]
enum Send<'a> {
    Anybody(&'a str),
    Admin(&'a str),
    By(&'a str, &'a Worker),
}

impl Send<'_> {
    async fn to(self, pool: &Pool, body: &Value) -> Answer {
        pool.ask(match self {
            Send::Anybody(path) => Ask::post(path, body),
            Send::Admin(path) => Ask::post(path, body).by_admin(),
            Send::By(path, worker) => Ask::post(path, body).by(worker),
        })
        .await
    }
}

#[tokio::test]
async fn register_takes_all_fields_or_only_a_name() {
    let pool = Pool::new();
    let all = json!({
        "name": "Alice", "github_handle": "alice-dev", "skills": ["python", "docs"], "capacity_points": 7,
        "max_concurrent_tasks": 3,
    });
    let null = json!({ "name": "Alice", "github_handle": null });
    let least = json!({ "name": "Alice" });
    for (body, skills, points, tasks) in
        [(all, json!(["docs", "python"]), 7, 3), (null, json!([]), 5, 2), (least, json!([]), 5, 2)]
    {
        let answer = pool.ask(Ask::post("/v1/workers/register", &body)).await.ok(201);
        let worker = Worker { id: text(&answer["worker_id"]), token: text(&answer["token"]) };
        let me = pool.ask(Ask::get("/v1/workers/me").by(&worker)).await.ok(200);
        assert_eq!(me["worker_id"], answer["worker_id"]);
        assert_eq!(me["skills"], skills);
        assert_eq!((&me["capacity_points"], &me["max_concurrent_tasks"]), (&json!(points), &json!(tasks)));
        assert_eq!(me.get("github_handle"), body.get("github_handle").filter(|handle| !handle.is_null()));
    }
}

#[tokio::test]
async fn register_keeps_its_bounds() {
    let (pool, least, send) = (Pool::new(), json!({ "name": "A" }), Send::Anybody("/v1/workers/register"));
    for (field, taken, refused) in [
        ("name", vec![json!("A"), json!(words(120))], vec![json!(""), json!(words(121)), json!(null), json!(7)]),
        ("github_handle", vec![json!(words(120)), json!("")], vec![json!(words(121)), json!(7)]),
        ("capacity_points", vec![json!(1), json!(100)], vec![json!(0), json!(101), json!("5"), json!(1.5)]),
        ("max_concurrent_tasks", vec![json!(1), json!(20)], vec![json!(0), json!(21), json!(null)]),
        ("skills", vec![json!([]), json!(["a", "A "])], vec![json!("python"), json!([7]), json!(null)]),
    ] {
        check_bounds(&pool, &least, field, taken, refused, send).await;
    }
}

#[tokio::test]
async fn heartbeat_answers_ok_and_the_time() {
    let pool = Pool::new();
    let worker = pool.roomy_worker().await;
    for body in [
        json!({ "status": "idle" }),
        json!({ "status": "working", "note": "half-way" }),
        json!({ "status": "paused", "note": null }),
    ] {
        let answer = pool.ask(Ask::post("/v1/workers/heartbeat", &body).by(&worker)).await.ok(200);
        assert_eq!(answer["ok"], true);
        assert_eq!(answer["server_time"], START.to_string());
    }
    let least = json!({ "status": "idle" });
    let send = Send::By("/v1/workers/heartbeat", &worker);
    let refused = vec![json!("asleep"), json!(null), json!(1), json!("IDLE")];
    check_bounds(&pool, &least, "status", vec![json!("paused")], refused, send).await;
    check_bounds(&pool, &least, "note", vec![json!(""), json!(words(500))], vec![json!(words(501))], send).await;
}

#[tokio::test]
async fn work_shows_every_named_field_and_area_is_null_where_there_is_none() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let all = json!({
        "repo": "demo", "title": "Add tests", "description": "All of them", "estimate_points": 3, "priority": 50,
        "required_skills": ["Python"], "area": "auth", "tier": 0,
    });
    let with_all = pool.task(all).await;
    let with_least = pool.task(json!({ "repo": "demo", "title": "Fix it" })).await;
    let worker = pool.worker(json!({ "skills": ["python"] })).await;
    let work = pool.fetch(&worker).await;
    assert_eq!(work["worker_id"], worker.id.as_str());
    let ends = START.plus_s(4 * 3600).to_string();
    let named = |lease: &Value| {
        let names = [
            "task_id",
            "repo",
            "title",
            "description",
            "estimate_points",
            "priority",
            "area",
            "tier",
            "required_skills",
            "lease_expires_at",
        ];
        names.into_iter().map(|name| (name.to_owned(), lease.get(name).expect(name).clone())).collect::<Value>()
    };
    let leases: Vec<Value> = work["leases"].as_array().unwrap().iter().map(named).collect();
    assert_eq!(
        leases,
        [
            json!({
                "task_id": with_all, "repo": "demo", "title": "Add tests", "description": "All of them",
                "estimate_points": 3, "priority": 50, "area": "auth", "tier": 0, "required_skills": ["python"],
                "lease_expires_at": ends,
            }),
            json!({
                "task_id": with_least, "repo": "demo", "title": "Fix it", "description": "", "estimate_points": 1,
                "priority": 10, "area": null, "tier": 0, "required_skills": [], "lease_expires_at": ends,
            }),
        ]
    );
}

#[tokio::test]
async fn status_takes_all_fields_or_only_a_status() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let worker = pool.roomy_worker().await;
    let task_id = pool.task(json!({})).await;
    assert_eq!(pool.fetched(&worker).await, [task_id.as_str()]);
    for body in [
        json!({ "status": "in_progress" }),
        json!({ "status": "blocked", "message": null, "artifact": null }),
        json!({ "status": "in_progress", "message": "on it", "artifact": {} }),
        json!({
            "status": "pr_opened", "message": "done",
            "artifact": {
                "pr_url": "https://github.com/owner/repo/pull/1", "commit_sha": "abcdef0",
                "patch_url": "https://example.org/1.patch", "extra": { "model": "x", "deep": [1, { "a": null }] },
            },
        }),
        json!({
            "status": "pr_opened",
            "artifact": { "pr_url": null, "commit_sha": null, "patch_url": null, "extra": null },
        }),
        json!({ "status": "merged" }),
    ] {
        let answer = pool.report(&worker, &task_id, body).await.ok(200);
        assert_eq!(answer["ok"], true);
    }
    let path = format!("/v1/tasks/{}/status", pool.task(json!({})).await);
    pool.fetch(&worker).await;
    let (least, send) = (json!({ "status": "in_progress" }), Send::By(&path, &worker));
    check_bounds(&pool, &least, "status", vec![], vec![json!("ready"), json!("done"), json!(null)], send).await;
    let refused = vec![json!(words(4001)), json!(1)];
    check_bounds(&pool, &least, "message", vec![json!(""), json!(words(4000))], refused, send).await;
    check_bounds(&pool, &least, "artifact", vec![json!({ "new": 1 })], vec![json!("x"), json!([])], send).await;
}

#[tokio::test]
async fn repos_are_made_and_updated_by_the_same_call() {
    let pool = Pool::new();
    let settings =
        |answer: &Value| (answer["settings"]["max_open_prs"].clone(), answer["settings"]["area_locks_enabled"].clone());
    for (body, expected) in [
        (json!({ "repo": "demo" }), (json!(3), json!(true))),
        (json!({ "repo": "demo", "max_open_prs": 7, "area_locks_enabled": false }), (json!(7), json!(false))),
        (json!({ "repo": "demo", "max_open_prs": 0 }), (json!(0), json!(false))),
        (json!({ "repo": "owner/name" }), (json!(3), json!(true))),
    ] {
        let answer = pool.post("/v1/admin/repos", body.clone()).await.ok(200);
        assert_eq!((&answer["ok"], &answer["repo"]), (&json!(true), &body["repo"]));
        assert_eq!(settings(&answer), expected, "{body}");
    }
    assert_eq!(pool.state().await["repos_total"], 2);
    let (least, send) = (json!({ "repo": "demo" }), Send::Admin("/v1/admin/repos"));
    let longest = format!("{}/{}", words(99), words(98));
    let refused = ["", "other", "owner/", "/name", "a/b/c", "owner/na me", "https://github.com/o/n"];
    let mut refused: Vec<Value> = refused.iter().map(|name| json!(name)).collect();
    refused.push(json!(format!("{}/{}", words(100), words(100))));
    check_bounds(&pool, &least, "repo", vec![json!("demo"), json!("a/b"), json!(longest)], refused, send).await;
    let (taken, refused) = (vec![json!(0), json!(100)], vec![json!(-1), json!(101), json!("3")]);
    check_bounds(&pool, &least, "max_open_prs", taken, refused, send).await;
    check_bounds(&pool, &least, "area_locks_enabled", vec![json!(false)], vec![json!("yes"), json!(1)], send).await;
}

#[tokio::test]
async fn no_budget_stops_assignment() {
    let pool = Pool::new();
    pool.repo("demo", 0).await;
    let task_id = pool.task(json!({})).await;
    let worker = pool.roomy_worker().await;
    assert!(pool.fetched(&worker).await.is_empty());
    pool.repo("demo", 1).await;
    assert_eq!(pool.fetched(&worker).await, [task_id]);
}

#[tokio::test]
async fn tasks_keep_their_bounds_and_need_a_known_repo() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let answer = pool.post("/v1/admin/tasks", json!({ "repo": "demo", "title": "T", "area": null })).await.ok(201);
    assert_eq!(answer["ok"], true);
    assert!(text(&answer["task_id"]).starts_with("t_"));
    let unknown = pool.post("/v1/admin/tasks", json!({ "repo": "owner/unknown", "title": "T" })).await;
    let unknown = unknown.refused(404, "repo_not_found");
    assert_eq!(unknown["errors"][0]["pointer"], "/repo");
    let (least, send) = (json!({ "repo": "demo", "title": "T" }), Send::Admin("/v1/admin/tasks"));
    for (field, taken, refused) in [
        ("title", vec![json!("T"), json!(words(300))], vec![json!(""), json!(words(301)), json!(" ")]),
        ("description", vec![json!(""), json!("# Head\n\ttext")], vec![json!(null), json!(1)]),
        ("estimate_points", vec![json!(1), json!(100)], vec![json!(0), json!(101)]),
        ("priority", vec![json!(0), json!(1000)], vec![json!(-1), json!(1001)]),
        ("tier", vec![json!(0), json!(3)], vec![json!(-1), json!(4)]),
        ("area", vec![json!(""), json!(words(120)), json!(null)], vec![json!(words(121)), json!(1)]),
        ("required_skills", vec![json!([]), json!(["a"])], vec![json!("a"), json!([""])]),
    ] {
        check_bounds(&pool, &least, field, taken, refused, send).await;
    }
}

#[tokio::test]
async fn state_counts_a_task_through_its_life() {
    let pool = Pool::new();
    pool.repo("demo", 3).await;
    let worker = pool.roomy_worker().await;
    let task_id = pool.task(json!({})).await;
    let counted = async |expected: &str| {
        let state = pool.state().await;
        for name in ["ready", "leased", "in_progress", "pr_opened", "blocked", "merged"] {
            let count = state[format!("tasks_{name}")].as_u64().unwrap_or_else(|| panic!("tasks_{name} in {state:#}"));
            assert_eq!(count, u64::from(name == expected), "tasks_{name} while {expected}");
        }
        assert_eq!(state["workers_online"], 1);
    };
    counted("ready").await;
    pool.fetch(&worker).await;
    counted("leased").await;
    for status in ["in_progress", "blocked", "in_progress", "pr_opened", "merged"] {
        pool.report(&worker, &task_id, json!({ "status": status })).await.ok(200);
        counted(status).await;
    }
    pool.clock.advance_s(90);
    assert_eq!(pool.state().await["workers_online"], 0);
}

#[tokio::test]
async fn a_blocked_task_keeps_its_area_budget_and_capacity() {
    let pool = Pool::new();
    pool.repo("demo", 1).await;
    let worker = pool.worker(json!({ "capacity_points": 1 })).await;
    let task_id = pool.task(json!({ "area": "auth" })).await;
    pool.fetch(&worker).await;
    pool.report(&worker, &task_id, json!({ "status": "blocked" })).await.ok(200);
    let other = pool.task(json!({ "area": "auth" })).await;
    assert_eq!(pool.fetched(&worker).await, [task_id]);
    let explained = pool.get(&format!("/v1/tasks/{other}/explain")).await.ok(200);
    assert_eq!(explained["blockers"], json!(["review_budget_spent", "area_locked"]));
    assert_eq!(explained["reasons"][0]["code"], "points_exceeded");
}
