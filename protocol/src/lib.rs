//! Reads `openapi.yaml`, the single source of truth, for the tests that generate code from it and hold the rest to it.
//!
//! Nothing that runs in production depends on this crate.

use serde_json::Value;
use std::path::{Path, PathBuf};

/// The contract as it is committed.
pub const CONTRACT_YAML: &str = include_str!("../openapi.yaml");

/// The folder that holds the workspace.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("protocol/ lies in the workspace").to_path_buf()
}

/// The contract as JSON.
pub fn contract() -> Value {
    serde_saphyr::from_str(CONTRACT_YAML).expect("openapi.yaml is YAML")
}

/// One operation of the contract.
pub struct Operation {
    /// `fetchWork`
    pub id: String,
    /// `GET`
    pub method: String,
    /// `/v1/work`
    pub path: String,
    /// The operation object, with parameter references resolved.
    pub spec: Value,
}

impl Operation {
    /// `fetch_work`: the name of its module and handler.
    pub fn snake(&self) -> String {
        words(&self.id, '_')
    }

    /// `fetch-work`: the name of its binary and function.
    pub fn kebab(&self) -> String {
        words(&self.id, '-')
    }

    /// `FetchWork`: the name of its resource in a deployment.
    pub fn pascal(&self) -> String {
        let (first, rest) = self.id.split_at(1);
        first.to_uppercase() + rest
    }

    /// Whether it gives nothing away and changes nothing that its caller could be held to, as HTTP says that a GET should.
    pub fn safe(&self) -> bool {
        self.method == "GET" && self.spec.get("x-owp-safe").is_none_or(|safe| safe.as_bool().expect("true or false"))
    }

    /// Whether somebody waits for GitHub in it, so that it can fail because of GitHub.
    pub fn asks_github(&self) -> bool {
        self.spec["responses"].get("502").is_some()
    }

    /// What it may do with the store.
    pub fn access(&self) -> Access {
        match self.spec.get("x-owp-access").map(|access| access.as_str().expect("a text")) {
            None => Access::Write,
            Some("read") => Access::Read,
            Some("none") => Access::None,
            Some(other) => panic!("{}: x-owp-access is read, none or left out, not {other}", self.id),
        }
    }
}

/// What an operation may do with the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It needs no store.
    None,
    /// It looks and commits nothing.
    Read,
    /// It decides and commits. Where a worker asks, that may be no more than its sign of life.
    Write,
}

/// Every operation, in the order of the contract's paths.
pub fn operations(contract: &Value) -> Vec<Operation> {
    let mut found = Vec::new();
    for (path, item) in contract["paths"].as_object().expect("paths") {
        for (method, spec) in item.as_object().expect("a path item") {
            let mut spec = spec.clone();
            if let Some(parameters) = spec.get_mut("parameters").and_then(Value::as_array_mut) {
                for parameter in parameters {
                    if let Some(reference) = parameter.get("$ref").and_then(Value::as_str) {
                        let target = contract.pointer(&reference[1..]).expect("a parameter that exists");
                        *parameter = target.clone();
                    }
                }
            }
            found.push(Operation {
                id: spec["operationId"].as_str().expect("an operationId").to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                spec,
            });
        }
    }
    found
}

fn words(camel: &str, between: char) -> String {
    let mut out = String::new();
    for c in camel.chars() {
        if c.is_uppercase() {
            out.push(between);
        }
        out.extend(c.to_lowercase());
    }
    out
}
