//! Tasks that wait for others to be merged: how they are named, what a merge and a revert do, and what is refused.

use crate::pool::{Pool, text, texts};
use serde_json::{Value, json};

async fn keyed(pool: &Pool, key: &str, depends_on: Value) -> String {
    pool.task(json!({ "key": key, "title": key, "depends_on": depends_on })).await
}

#[tokio::test]
async fn a_task_depends_on_others_by_key_by_id_and_across_repositories() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 9).await;
        pool.repo("owner/lib", 9).await;
        let by_key = keyed(&pool, "docs-1", json!([])).await;
        let by_id = pool.task(json!({})).await;
        let elsewhere = pool.task(json!({ "repo": "owner/lib", "key": "docs-1" })).await;
        let body = json!({
            "repo": "demo", "title": "Last", "depends_on": ["docs-1", by_id, "docs-1@owner/lib", by_key],
        });
        let created = pool.post("/v1/admin/tasks", body).await.ok(201);
        assert_eq!(created["state"], "waiting");
        let last = text(&created["task_id"]);
        let task = pool.read(&last).await;
        assert_eq!(task["depends_on"], json!([by_key, by_id, elsewhere]), "each once");
        assert_eq!(task["waits_for"], task["depends_on"]);
        assert_eq!(pool.read(&elsewhere).await["dependents"], json!([last]));
        let worker = pool.roomy_worker().await;
        assert_eq!(pool.fetched(&worker).await.len(), 3);
        for (merged, left) in [(&by_id, 2), (&elsewhere, 1)] {
            pool.merge(&worker, merged).await;
            let task = pool.read(&last).await;
            assert_eq!((&task["state"], task["waits_for"].as_array().unwrap().len()), (&json!("waiting"), left));
            assert!(!pool.fetched(&worker).await.contains(&last));
        }
        pool.clock.advance_s(60);
        pool.merge(&worker, &by_key).await;
        assert_eq!(pool.state_of(&last).await, "ready");
        assert_eq!(pool.fetched(&worker).await, [last]);
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn a_merge_that_the_holder_reports_sets_others_free_too() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let first = keyed(&pool, "a", json!([])).await;
    let second = keyed(&pool, "b", json!(["a"])).await;
    let worker = pool.roomy_worker().await;
    pool.fetch(&worker).await;
    for status in ["pr_opened", "merged"] {
        assert_eq!(pool.state_of(&second).await, "waiting");
        pool.report(&worker, &first, json!({ "status": status })).await.ok(200);
    }
    assert_eq!(pool.fetched(&worker).await, [second]);
}

#[tokio::test]
async fn a_dependency_that_is_closed_or_cancelled_sets_nothing_free() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let first = keyed(&pool, "a", json!([])).await;
    let second = keyed(&pool, "b", json!(["a"])).await;
    pool.update(&first, json!({ "action": "cancel" })).await.ok(200);
    let explained = pool.explain_task(&second).await;
    assert_eq!(explained["blockers"], json!(["dependency_open"]));
    let open = json!([{ "task_id": first, "repo": "demo", "title": "a", "state": "cancelled" }]);
    assert_eq!(explained["waits_for"], open);
    assert_eq!(explained["summary"], format!("it waits for {first} (cancelled) to be merged"));
    // The maintainer lets go of it.
    let task = pool.update(&second, json!({ "depends_on": [] })).await.ok(200);
    assert_eq!((&task["state"], &task["depends_on"], &task["waits_for"]), (&json!("ready"), &json!([]), &json!([])));
    assert_eq!(pool.read(&first).await["dependents"], json!([]));
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn an_edit_makes_a_ready_task_wait_and_one_that_depends_on_what_is_merged_stays_ready() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let merged = keyed(&pool, "merged", json!([])).await;
    let worker = pool.roomy_worker().await;
    pool.fetch(&worker).await;
    pool.merge(&worker, &merged).await;
    keyed(&pool, "open", json!([])).await;
    let task_id = keyed(&pool, "last", json!(["merged"])).await;
    assert_eq!(pool.state_of(&task_id).await, "ready");
    let task = pool.update(&task_id, json!({ "depends_on": ["merged", "open"] })).await.ok(200);
    assert_eq!((&task["state"], task["waits_for"].as_array().unwrap().len()), (&json!("waiting"), 1));
    let task = pool.update(&task_id, json!({ "depends_on": null, "title": "Last" })).await.ok(200);
    assert_eq!(task["depends_on"].as_array().unwrap().len(), 2, "null leaves them");
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn after_a_revert_what_depends_on_it_waits_again_unless_somebody_is_at_it() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let first = keyed(&pool, "a", json!([])).await;
    let ready = pool.task(json!({ "depends_on": ["a"], "tier": 3 })).await;
    let held = keyed(&pool, "held", json!(["a"])).await;
    let worker = pool.roomy_worker().await;
    pool.fetch(&worker).await;
    pool.merge(&worker, &first).await;
    assert_eq!(pool.fetched(&worker).await, [held.as_str()]);
    pool.update(&first, json!({ "action": "revert", "reason": "it broke the build" })).await.ok(200);
    assert_eq!(pool.state_of(&ready).await, "waiting");
    assert_eq!(pool.state_of(&held).await, "leased");
    pool.report(&worker, &held, json!({ "status": "in_progress" })).await.ok(200);
    // Once it comes back, it waits as well.
    let lease_id = pool.lease_of(&worker, &held).await;
    let released = pool.release(&worker, &lease_id, json!({ "reason": "blocked" })).await.ok(200);
    assert_eq!(released["state"], "waiting");
    // Done once more, it sets both free.
    pool.update(&first, json!({ "action": "requeue" })).await.ok(200);
    let next = pool.roomy_worker().await;
    assert_eq!(pool.fetched(&next).await, [first.as_str()]);
    pool.merge(&next, &first).await;
    assert_eq!((pool.state_of(&ready).await, pool.state_of(&held).await), ("ready".into(), "ready".into()));
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn a_cycle_is_refused_and_named() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let first = keyed(&pool, "a", json!([])).await;
    keyed(&pool, "b", json!(["a"])).await;
    keyed(&pool, "c", json!(["b"])).await;
    let before = pool.everything().await;
    for (depends_on, names) in
        [(json!(["c"]), vec!["a", "b", "c"]), (json!(["a"]), vec!["a"]), (json!([first]), vec!["a"])]
    {
        let refused = pool.update(&first, json!({ "depends_on": depends_on })).await.refused(409, "dependency_cycle");
        assert_eq!(refused["errors"][0]["pointer"], "/depends_on");
        let detail = text(&refused["detail"]);
        let named: Vec<&str> = detail.rsplit(": ").next().unwrap().split(" -> ").collect();
        assert_eq!((named.first(), named.last()), (Some(&"a"), Some(&"a")), "{detail}");
        assert!(names.iter().all(|name| named.contains(name)), "{detail}");
        assert_eq!(pool.everything().await, before);
    }
}

#[tokio::test]
async fn what_is_not_there_can_not_be_waited_for() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let task_id = keyed(&pool, "a", json!([])).await;
    let before = pool.everything().await;
    for (reference, named) in [
        ("nothere", "nothere@demo"),
        ("t_nothere", "t_nothere"),
        ("a@owner/unknown", "a@owner/unknown"),
        ("a@owner/name", "a@owner/name"),
    ] {
        let edit = json!({ "depends_on": ["a", reference] });
        let create = json!({ "repo": "demo", "title": "T", "depends_on": ["a", reference] });
        for refused in [pool.post("/v1/admin/tasks", create).await, pool.update(&task_id, edit).await] {
            let refused = refused.refused(404, "task_not_found");
            assert_eq!(refused["errors"][0]["pointer"], "/depends_on/1");
            assert!(text(&refused["detail"]).contains(named), "{refused}");
        }
    }
    assert_eq!(pool.everything().await, before);
    pool.update("t_nothere", json!({ "depends_on": ["a"] })).await.refused(404, "task_not_found");
}

#[tokio::test]
async fn a_list_may_name_its_own_tasks_before_and_after_and_is_refused_whole_where_they_go_in_circles() {
    let folder = tempfile::tempdir().unwrap();
    for pool in [Pool::new(), Pool::on_disk(folder.path()).await] {
        pool.repo("demo", 9).await;
        pool.repo("owner/lib", 9).await;
        let list = |first: Value| {
            json!([
                { "repo": "demo", "title": "Top", "key": "top", "depends_on": ["middle", "base@owner/lib"] },
                { "repo": "demo", "title": "Middle", "key": "middle", "depends_on": ["base@owner/lib"] },
                { "repo": "owner/lib", "title": "Base", "key": "base", "depends_on": first },
            ])
        };
        let import = async |list: &Value| pool.post("/v1/admin/tasks/import", list.clone()).await;
        let circle = import(&list(json!(["top@demo"]))).await.refused(409, "dependency_cycle");
        let pointer = text(&circle["errors"][0]["pointer"]);
        assert!(pointer.ends_with("/depends_on"), "{pointer}");
        assert!(["top", "middle", "base"].iter().all(|name| text(&circle["detail"]).contains(name)), "{circle}");
        let unknown = import(&list(json!(["nothere"]))).await.refused(404, "task_not_found");
        assert_eq!(unknown["errors"][0]["pointer"], "/2/depends_on/0");
        assert_eq!(pool.state().await["tasks_total"], 0, "nothing was written");

        let done = import(&list(json!([]))).await.ok(200);
        let ids = texts(&done["tasks"], "task_id");
        let mut states = Vec::new();
        for task_id in &ids {
            states.push(pool.state_of(task_id).await);
        }
        assert_eq!(states, ["waiting", "waiting", "ready"]);
        let again = import(&list(json!([]))).await.ok(200);
        assert_eq!(again["unchanged"], 3, "{again:#}");
        // Known tasks may not be closed to a circle either.
        import(&list(json!(["top@demo"]))).await.refused(409, "dependency_cycle");
        let edited = json!([{ "repo": "demo", "title": "Middle", "key": "middle" }]);
        let edited = import(&edited).await.ok(200);
        assert_eq!(edited["tasks"][0]["changed"], json!(["depends_on"]));
        assert_eq!(pool.state_of(&ids[1]).await, "ready");
        pool.assert_history_is_sound().await;
    }
}

#[tokio::test]
async fn twenty_tasks_may_depend_on_one() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    let first = keyed(&pool, "a", json!([])).await;
    for _ in 0..20 {
        pool.task(json!({ "depends_on": ["a"], "tier": 3 })).await;
    }
    let one_more = json!({ "repo": "demo", "title": "T", "depends_on": ["a"] });
    let refused = pool.post("/v1/admin/tasks", one_more).await.refused(409, "too_many");
    assert_eq!(refused["errors"][0]["pointer"], "/depends_on");
    let worker = pool.roomy_worker().await;
    pool.fetch(&worker).await;
    pool.merge(&worker, &first).await;
    assert_eq!(pool.state().await["tasks_ready"], 20);
    pool.assert_history_is_sound().await;
}

#[tokio::test]
async fn a_chain_is_followed_for_fifty_steps() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    keyed(&pool, "k0", json!([])).await;
    for number in 1..=50 {
        keyed(&pool, &format!("k{number}"), json!([format!("k{}", number - 1)])).await;
    }
    let last = keyed(&pool, "last", json!([])).await;
    let refused = pool.update(&last, json!({ "depends_on": ["k50"] })).await.refused(409, "too_many");
    assert_eq!(refused["errors"][0]["pointer"], "/depends_on");
    pool.update(&last, json!({ "depends_on": ["k48"] })).await.ok(200);
}

#[tokio::test]
async fn what_a_holder_relied_on_stays_as_it_is_while_it_is_held() {
    let pool = Pool::new();
    pool.repo("demo", 9).await;
    pool.task(json!({ "key": "a", "tier": 3 })).await;
    let held = keyed(&pool, "b", json!([])).await;
    let worker = pool.roomy_worker().await;
    assert_eq!(pool.fetched(&worker).await, [held.as_str()]);
    pool.update(&held, json!({ "depends_on": ["a"] })).await.refused(409, "task_held");
    pool.update(&held, json!({ "depends_on": [] })).await.ok(200);
}
