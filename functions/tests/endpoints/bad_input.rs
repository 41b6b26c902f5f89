//! What is wrong with a request is told with a code and a place, nothing is written, and the server still answers.

mod bodies;
mod imports;
mod parameters;
mod tokens;

use crate::pool::{Ask, Pool, Worker, text};
use serde_json::{Value, json};

/// A path of the contract that names something of the right shape.
fn any_path(path: &str) -> String {
    let named = [("{task_id}", "t_1"), ("{lease_id}", "l_1"), ("{worker_id}", "w_1"), ("{offer_id}", "o_1")];
    named.iter().fold(path.to_owned(), |path, (name, id)| path.replace(name, id))
}

/// A pool in which everything that is named exists, so that only the fault in question can be the reason to refuse.
struct Besieged {
    pool: Pool,
    worker: Worker,
    task_id: String,
    lease_id: String,
    /// Of another task, offered to the same worker.
    offer_path: String,
}

/// A request that must be refused: what it is for people, itself, and what it must be answered.
struct Fault {
    what: String,
    ask: Ask,
    status: u16,
    code: &'static str,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nothing in the input is at fault.
    None,
    Body(&'static str),
    Line(&'static str, u64),
    Parameter(&'static str),
}

fn fault(what: impl Into<String>, ask: Ask, status: u16, code: &'static str, place: Place) -> Fault {
    Fault { what: what.into(), ask, status, code, place }
}

/// One field of a body is at fault.
fn invalid(what: impl Into<String>, ask: Ask, pointer: &'static str) -> Fault {
    fault(what, ask, 400, "invalid_request", Place::Body(pointer))
}

impl Besieged {
    async fn new() -> Self {
        let pool = Pool::new();
        pool.repo("demo", 3).await;
        let worker = pool.roomy_worker().await;
        let task_id = pool.task(json!({ "title": "Held", "key": "held" })).await;
        let lease_id = pool.lease_of(&worker, &task_id).await;
        pool.task(json!({ "title": "Offered", "key": "offered" })).await;
        let offer_path = format!("/v1/work/offers/{}", text(&pool.offer(&worker).await["offer_id"]));
        Self { pool, worker, task_id, lease_id, offer_path }
    }

    fn status_path(&self) -> String {
        format!("/v1/tasks/{}/status", self.task_id)
    }

    fn release_path(&self) -> String {
        format!("/v1/leases/{}/release", self.lease_id)
    }

    /// Sends each request and says in words which of them were answered otherwise or left a trace.
    async fn withstands(&self, faults: Vec<Fault>) {
        let before = self.pool.everything().await;
        let mut wrong = Vec::new();
        for Fault { what, ask, status, code, place } in faults {
            let answer = self.pool.ask(ask).await;
            let said = (answer.status, answer.body["code"].as_str().unwrap_or_default());
            if said != (status, code) {
                wrong.push(format!("{what}: {said:?} instead of {:?}: {}", (status, code), answer.body));
            } else if !names(&answer.body, place) {
                wrong.push(format!("{what}: {place:?} is not named: {}", answer.body));
            }
            if self.pool.everything().await != before {
                wrong.push(format!("{what}: something was written"));
                break;
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        self.pool.report(&self.worker, &self.task_id, json!({ "status": "in_progress" })).await.ok(200);
    }
}

fn names(body: &Value, place: Place) -> bool {
    let mut errors = body["errors"].as_array().into_iter().flatten();
    match place {
        Place::None => errors.next().is_none(),
        Place::Body(pointer) => errors.any(|error| error["pointer"] == pointer),
        Place::Line(pointer, line) => errors.any(|error| error["pointer"] == pointer && error["line"] == line),
        Place::Parameter(name) => errors.any(|error| error["parameter"] == name),
    }
}

/// A long text that a table can hold without being read.
fn long(length: usize) -> String {
    "x".repeat(length)
}
