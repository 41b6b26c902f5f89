//! Every payload that GitHub's own examples have.

use owp_github::{sign, verify, webhook};
use owp_github_mock::{WebhookExample, webhook_examples};
use owp_logic::github::Event;
use serde_json::Value;
use std::collections::BTreeMap;

/// What the pool has nothing to do with though it reads the event: a label that was only made, a check that is not asked
/// for again, and an issue that is a pull request.
fn is_passed_over(event: &str, payload: &Value) -> bool {
    match event {
        "ping" | "pull_request" | "pull_request_review" | "installation" | "installation_repositories" | "push" => {
            false
        }
        "issues" => payload["issue"].get("pull_request").is_some(),
        "label" => payload["action"] == "created",
        "check_run" => payload["action"] != "rerequested",
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
        "installation",
        "installation_repositories",
        "issues",
        "label",
        "ping",
        "pull_request",
        "pull_request_review",
        "push",
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
