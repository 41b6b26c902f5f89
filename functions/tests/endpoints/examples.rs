//! Every example of a request in the contract works, word for word.

use crate::pool::{Answer, Ask};
use crate::receive_github_webhook::delivery;
use crate::stages::{Stage, stage};
use owp_protocol::{Operation, contract, operations};
use serde_json::{Value, json};

/// Every example: its operation, its name and its body. Operations without a body have one nameless call.
fn examples() -> Vec<(Operation, String, Option<Value>)> {
    let mut found = Vec::new();
    let contract = contract();
    for operation in operations(&contract) {
        let body = operation.spec["requestBody"]["content"]["application/json"]["examples"].clone();
        let Some(named) = body.as_object() else {
            assert!(operation.spec.get("requestBody").is_none(), "{} has a body and no example", operation.id);
            found.push((operation, String::new(), None));
            continue;
        };
        for (name, example) in named {
            let again = operations(&contract).into_iter().find(|other| other.id == operation.id).expect("it is there");
            found.push((again, name.clone(), Some(example["value"].clone())));
        }
    }
    found
}

#[tokio::test]
async fn every_example_is_sent_once_and_works() {
    let examples = examples();
    assert!(examples.iter().filter(|(_, name, _)| !name.is_empty()).count() >= 25);
    // What answers with a file has a test of its own.
    let in_json = |(operation, ..): &(Operation, String, Option<Value>)| {
        let answers = operation.spec["responses"].as_object().expect("responses");
        answers
            .iter()
            .any(|(status, answer)| status.starts_with('2') && !answer["content"]["application/json"].is_null())
    };
    for (operation, name, body) in examples.into_iter().filter(in_json) {
        let stage = prepared(&operation.id).await;
        let answer = send(&stage, &operation, body.as_ref()).await;
        assert!((200..300).contains(&answer.status), "{} {name}: {:#}", operation.id, answer.body);
    }
}

#[tokio::test]
async fn every_example_of_a_value_is_a_value_of_its_kind() {
    let contract = contract();
    for (name, schema) in contract["components"]["schemas"].as_object().expect("schemas") {
        for example in schema["examples"].as_array().into_iter().flatten() {
            let validator = jsonschema::options().should_validate_formats(true).build(schema).expect(name);
            assert!(validator.is_valid(example), "{example} is not a {name}");
        }
    }
}

/// A pool in which the operation's examples can be carried out.
async fn prepared(operation: &str) -> Stage {
    let state = match operation {
        "reportTaskStatus" => "leased",
        "updateTask" => "pr_opened",
        "acceptOffer" | "rejectOffer" => "offered",
        _ => "in_progress",
    };
    let stage = stage(state).await;
    stage.pool.repo("owner/repo", 3).await;
    // The examples are of that night.
    stage.pool.clock.set("2026-01-18T01:00:00Z".parse().expect("a moment"));
    stage
}

/// The operation's path, with what it names and asks for filled in.
async fn path_of(stage: &Stage, operation: &Operation) -> String {
    let Stage { pool, worker, task_id, lease_id } = stage;
    let path = operation.path.replace("{task_id}", task_id).replace("{lease_id}", lease_id);
    let mut path = path.replace("{worker_id}", &worker.id).replace("{owner}/{repo}", "owner/repo");
    if path.contains("{offer_id}") {
        let offer = pool.offer(worker).await;
        path = path.replace("{offer_id}", offer["offer_id"].as_str().expect("an id"));
    }
    if operation.id == "receiveGithubWebhook" {
        return path;
    }
    if operation.id == "getAdmission" {
        path.push_str("?repo=owner/repo");
    }
    assert!(!path.contains('{'), "{path} names something that these tests don't know how to fill in");
    path
}

async fn send(stage: &Stage, operation: &Operation, body: Option<&Value>) -> Answer {
    let (pool, worker, path) = (&stage.pool, &stage.worker, path_of(stage, operation).await);
    let method = match operation.method.as_str() {
        "GET" => "GET",
        "POST" => "POST",
        "PATCH" => "PATCH",
        other => panic!("these tests don't know {other}"),
    };
    let mut ask = Ask::new(method, &path);
    if let Some(body) = body {
        ask = ask.json(body);
    }
    if operation.id == "receiveGithubWebhook" {
        return pool.ask(delivery("ping", "d1", body.expect("it has a body"))).await;
    }
    let takes = |scheme: &str| {
        let schemes = operation.spec["security"].as_array().expect("every operation says who may call it");
        schemes.iter().any(|named| named.get(scheme).is_some())
    };
    let ask = if takes("workerToken") {
        ask.by(worker)
    } else if takes("adminToken") {
        ask.by_admin()
    } else {
        ask
    };
    pool.ask(ask).await
}

#[tokio::test]
async fn what_the_contract_opens_to_all_needs_no_token_and_the_rest_does() {
    for (operation, name, body) in examples() {
        let stage = prepared(&operation.id).await;
        let path = path_of(&stage, &operation).await;
        let method = ["GET", "POST", "PATCH"].into_iter().find(|known| **known == operation.method).expect("known");
        let ask = Ask::new(method, &path);
        let ask = if let Some(body) = &body { ask.json(body) } else { ask };
        let answer = stage.pool.ask(ask).await;
        let schemes = operation.spec["security"].as_array().expect("security").clone();
        let open = schemes.is_empty() || schemes.contains(&json!({}));
        assert_eq!(answer.status == 401, !open, "{} {name}: {:#}", operation.id, answer.body);
    }
}
