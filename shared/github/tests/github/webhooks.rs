//! Every payload that GitHub's own examples have.

use owp_github::{sign, verify, webhook};
use owp_github_mock::{WebhookExample, webhook_examples};
use owp_logic::github::Event;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What the pool has nothing to do with though it reads the event: a label that was only made, a check that is not asked
/// for again, and an issue that is a pull request or told by halves.
fn is_passed_over(event: &str, payload: &Value) -> bool {
    match event {
        "ping" | "pull_request" | "pull_request_review" | "installation" | "installation_repositories" | "push" => {
            false
        }
        "issues" => payload["issue"].get("pull_request").is_some() || payload["issue"].get("labels").is_none(),
        "label" => payload["action"] == "created",
        "check_run" | "check_suite" => payload["action"] != "rerequested",
        "repository" => {
            !["deleted", "renamed", "transferred"].contains(&payload["action"].as_str().unwrap_or_default())
        }
        _ => true,
    }
}

#[test]
fn every_example_of_github_is_read_and_what_is_not_ours_is_unknown() {
    let mut read = BTreeMap::new();
    for WebhookExample { event, payload } in webhook_examples() {
        let delivery = webhook::read(&event, payload.to_string().as_bytes());
        let delivery = delivery.unwrap_or_else(|error| panic!("{error}: {payload:.300}"));
        let is_unknown = delivery.event == Event::Unknown;
        assert_eq!(is_unknown, is_passed_over(&event, &payload), "{event} {}", payload["action"]);
        *read.entry(event).or_insert(0) += u32::from(!is_unknown);
    }
    let read: Vec<&str> = read.iter().filter(|(_, count)| **count > 0).map(|(event, _)| event.as_str()).collect();
    let expected = [
        "check_run",
        "check_suite",
        "installation",
        "installation_repositories",
        "issues",
        "label",
        "ping",
        "pull_request",
        "pull_request_review",
        "push",
        "repository",
    ];
    assert_eq!(read, expected);
}

#[test]
fn every_example_is_verified_as_github_signs_it() {
    for example in webhook_examples() {
        let body = example.payload.to_string().into_bytes();
        let signature = sign("a secret", &body);
        assert_eq!(verify("a secret", &body, Some(&signature)), Ok(()));
        assert!(verify("another", &body, Some(&signature)).is_err());
    }
}

#[test]
fn the_app_asks_for_the_events_that_are_read_and_for_no_permission_that_no_call_needs() {
    let file = format!("{}/../../infra/github-app.json", env!("CARGO_MANIFEST_DIR"));
    let manifest: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    // GitHub sends the others to every app, or to every one that may write checks.
    let events = json!(["check_run", "issues", "label", "pull_request", "pull_request_review", "push", "repository"]);
    assert_eq!(manifest["default_events"], events);
    // To GitHub the pull request of a comment is a pull request and an issue, so that both may be asked for.
    let mut needed = owp_github_mock::permissions_needed();
    needed.insert("pull_requests".to_owned(), "write".to_owned());
    needed.remove("statuses");
    assert_eq!(manifest["default_permissions"], json!(needed));
}
