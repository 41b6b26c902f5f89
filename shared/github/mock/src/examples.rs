//! The payloads of `@octokit/webhooks-examples`: what GitHub has sent, of every event.

use crate::description::brought;
use serde_json::Value;
use std::sync::OnceLock;

#[derive(Clone, Debug)]
pub struct WebhookExample {
    /// As in `X-GitHub-Event`.
    pub event: String,
    pub payload: Value,
}

/// Where there are examples of: github.com, and Enterprise servers by their versions.
const SERVERS: [&str; 6] = ["ghes-31", "ghes-32", "ghes-33", "ghes-34", "ghes-35", GITHUB_COM];

const GITHUB_COM: &str = "api.github.com";

/// All of them, in the order in which they come.
pub fn webhook_examples() -> Vec<WebhookExample> {
    let mut found = Vec::new();
    for event in SERVERS.iter().flat_map(|server| of(server)) {
        let name = event["name"].as_str().expect("a name");
        let payloads = event["examples"].as_array().expect("a list of examples");
        found
            .extend(payloads.iter().map(|payload| WebhookExample { event: name.to_owned(), payload: payload.clone() }));
    }
    assert!(found.len() > 700, "only {} examples", found.len());
    found
}

/// The first example of an event on github.com.
pub(crate) fn payload(event: &str) -> Value {
    static EXAMPLES: OnceLock<Vec<Value>> = OnceLock::new();
    let found = EXAMPLES.get_or_init(|| of(GITHUB_COM)).iter().find(|told| told["name"] == event);
    found.unwrap_or_else(|| panic!("no example of {event}"))["examples"][0].clone()
}

fn of(server: &str) -> Vec<Value> {
    let events = brought(&format!("webhooks/{server}/index.json"));
    events.as_array().expect("a list of events").clone()
}
