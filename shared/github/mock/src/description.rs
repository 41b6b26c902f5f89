//! GitHub's description of its API, cut down to the operations that the pool uses.

use jsonschema::Validator;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

/// An operation that the pool uses, with the permission that GitHub's documentation asks for.
pub struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    pub permission: Option<(&'static str, &'static str)>,
}

const READ_ISSUES: Option<(&str, &str)> = Some(("issues", "read"));
const WRITE_ISSUES: Option<(&str, &str)> = Some(("issues", "write"));
const READ_PULLS: Option<(&str, &str)> = Some(("pull_requests", "read"));
const READ_CHECKS: Option<(&str, &str)> = Some(("checks", "read"));
const WRITE_CHECKS: Option<(&str, &str)> = Some(("checks", "write"));

const fn operation(
    method: &'static str,
    path: &'static str,
    permission: Option<(&'static str, &'static str)>,
) -> Operation {
    Operation { method, path, permission }
}

pub const OPERATIONS: [Operation; 24] = [
    operation("get", "/app", None),
    operation("post", "/app/installations/{installation_id}/access_tokens", None),
    operation("get", "/user", None),
    operation("get", "/repos/{owner}/{repo}", Some(("metadata", "read"))),
    operation("get", "/repos/{owner}/{repo}/installation", None),
    operation("get", "/repos/{owner}/{repo}/issues", READ_ISSUES),
    operation("get", "/repos/{owner}/{repo}/issues/{issue_number}", READ_ISSUES),
    operation("get", "/repos/{owner}/{repo}/issues/{issue_number}/comments", READ_ISSUES),
    operation("post", "/repos/{owner}/{repo}/issues/{issue_number}/comments", WRITE_ISSUES),
    operation("patch", "/repos/{owner}/{repo}/issues/comments/{comment_id}", WRITE_ISSUES),
    operation("post", "/repos/{owner}/{repo}/issues/{issue_number}/labels", WRITE_ISSUES),
    operation("delete", "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}", WRITE_ISSUES),
    operation("post", "/repos/{owner}/{repo}/issues/{issue_number}/assignees", WRITE_ISSUES),
    operation("delete", "/repos/{owner}/{repo}/issues/{issue_number}/assignees", WRITE_ISSUES),
    operation("get", "/repos/{owner}/{repo}/pulls", READ_PULLS),
    operation("get", "/repos/{owner}/{repo}/pulls/{pull_number}", READ_PULLS),
    operation("get", "/repos/{owner}/{repo}/pulls/{pull_number}/files", READ_PULLS),
    operation("get", "/repos/{owner}/{repo}/pulls/{pull_number}/reviews", READ_PULLS),
    operation("get", "/repos/{owner}/{repo}/contents/{path}", Some(("contents", "read"))),
    operation("get", "/repos/{owner}/{repo}/commits/{ref}/check-runs", READ_CHECKS),
    operation("post", "/repos/{owner}/{repo}/check-runs", WRITE_CHECKS),
    operation("patch", "/repos/{owner}/{repo}/check-runs/{check_run_id}", WRITE_CHECKS),
    operation("get", "/repos/{owner}/{repo}/check-runs/{check_run_id}", READ_CHECKS),
    operation("post", "/repos/{owner}/{repo}/statuses/{sha}", Some(("statuses", "write"))),
];

/// The most that any call of the pool needs of each permission. Commit statuses are for tokens only.
pub fn permissions_needed() -> BTreeMap<String, String> {
    let mut needed: BTreeMap<String, String> = BTreeMap::new();
    for (name, level) in OPERATIONS.iter().filter_map(|operation| operation.permission) {
        let most = needed.entry(name.to_owned()).or_default();
        // `write` comes behind `read` in the alphabet, too.
        *most = level.max(most.as_str()).to_owned();
    }
    needed
}

pub struct Description {
    /// Bodies of requests, by method and path.
    bodies: BTreeMap<(&'static str, &'static str), Validator>,
    /// Parameters, each by its name and place.
    parameters: BTreeMap<(&'static str, &'static str), Vec<Parameter>>,
    answers: BTreeMap<(&'static str, &'static str, u16), Validator>,
    examples: Value,
}

struct Parameter {
    name: String,
    is_query: bool,
    is_number: bool,
    is_required: bool,
    schema: Validator,
}

/// Read and made ready once for each program of tests.
pub fn description() -> &'static Description {
    static DESCRIPTION: OnceLock<Description> = OnceLock::new();
    DESCRIPTION.get_or_init(Description::read)
}

/// A file that `make github-descriptions` brings.
pub fn brought(name: &str) -> Value {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../.tooling/github").join(name);
    let bytes = fs::read(&file)
        .unwrap_or_else(|error| panic!("{}: {error}; `make github-descriptions` brings it", file.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

impl Description {
    fn read() -> Self {
        let mut whole = brought("api.github.com.json");
        let examples = whole["components"]["examples"].take();
        let (mut bodies, mut parameters, mut answers) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for Operation { method, path, .. } in OPERATIONS {
            let told = &whole["paths"][path][method];
            assert!(told.is_object(), "GitHub describes no {method} {path}");
            let shared = whole["paths"][path]["parameters"].as_array().into_iter().flatten();
            let own = told["parameters"].as_array().into_iter().flatten();
            parameters.insert((method, path), shared.chain(own).map(|told| parameter(&whole, told)).collect());
            if let Some(schema) = told.pointer("/requestBody/content/application~1json/schema") {
                bodies.insert((method, path), validator(&whole, schema));
            }
            for (status, answer) in told["responses"].as_object().into_iter().flatten() {
                let answer = resolve(&whole, answer);
                if let (Ok(status), Some(schema)) =
                    (status.parse(), answer.pointer("/content/application~1json/schema"))
                {
                    answers.insert((method, path, status), validator(&whole, schema));
                }
            }
        }
        Self { bodies, parameters, answers, examples }
    }

    /// The value of one of the description's own examples.
    pub fn example(&self, name: &str) -> Value {
        let value = &self.examples[name]["value"];
        assert!(!value.is_null(), "the description has no example {name}");
        value.clone()
    }

    /// What is wrong with a request.
    pub fn faults_of_request(
        &self,
        operation: &Operation,
        path: &BTreeMap<String, String>,
        query: &BTreeMap<String, String>,
        body: Option<&Value>,
    ) -> Vec<String> {
        let mut faults = Vec::new();
        let known = &self.parameters[&(operation.method, operation.path)];
        for name in query.keys().filter(|name| !known.iter().any(|known| known.is_query && known.name == **name)) {
            faults.push(format!("no query parameter {name}"));
        }
        for parameter in known {
            let value = if parameter.is_query { query } else { path }.get(&parameter.name);
            let Some(text) = value else {
                if parameter.is_required {
                    faults.push(format!("{} is missing", parameter.name));
                }
                continue;
            };
            let number = text.parse::<i64>().ok().filter(|_| parameter.is_number);
            let value = number.map_or_else(|| json!(text), |number| json!(number));
            faults.extend(parameter.schema.iter_errors(&value).map(|error| format!("{}: {error}", parameter.name)));
        }
        match (self.bodies.get(&(operation.method, operation.path)), body) {
            (Some(schema), Some(body)) => {
                faults.extend(schema.iter_errors(body).map(|error| format!("body{}: {error}", error.instance_path())));
            }
            (None, Some(_)) => faults.push("it takes no body".to_owned()),
            (_, None) => {}
        }
        faults
    }

    /// What is wrong with an answer that the mock gives, so that it does not teach a client what GitHub would not say.
    pub fn faults_of_answer(&self, operation: &Operation, status: u16, body: &Value) -> Vec<String> {
        let schema = self.answers.get(&(operation.method, operation.path, status));
        let errors = schema.into_iter().flat_map(|schema| schema.iter_errors(body));
        errors.map(|error| format!("answer{}: {error}", error.instance_path())).collect()
    }
}

fn parameter(whole: &Value, told: &Value) -> Parameter {
    let told = resolve(whole, told);
    Parameter {
        name: told["name"].as_str().expect("a name").to_owned(),
        is_query: told["in"] == "query",
        is_number: told["schema"]["type"] == "integer",
        is_required: told["required"] == true,
        schema: validator(whole, &told["schema"]),
    }
}

fn resolve<'a>(whole: &'a Value, told: &'a Value) -> &'a Value {
    match told["$ref"].as_str() {
        Some(reference) => whole.pointer(reference.trim_start_matches('#')).expect("a reference leads somewhere"),
        None => told,
    }
}

/// One schema with all that it refers to, in the words of JSON Schema: OpenAPI 3.0 has one of its own for what may be null.
fn validator(whole: &Value, schema: &Value) -> Validator {
    let mut named = BTreeSet::new();
    let mut open = vec![schema];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(name) = fields.get("$ref").and_then(Value::as_str).and_then(|name| name.rsplit('/').next())
                    && named.insert(name.to_owned())
                {
                    open.push(&whole["components"]["schemas"][name]);
                }
                open.extend(fields.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
    let schemas = named.iter().map(|name| (name.clone(), in_json_schema(&whole["components"]["schemas"][name])));
    let schemas: Map<String, Value> = schemas.collect();
    let root = json!({ "allOf": [in_json_schema(schema)], "components": { "schemas": schemas } });
    jsonschema::validator_for(&root).expect("GitHub's schemas are schemas")
}

fn in_json_schema(schema: &Value) -> Value {
    match schema {
        Value::Array(items) => items.iter().map(in_json_schema).collect(),
        Value::Object(fields) => {
            let kept = fields.iter().filter(|(name, _)| !["example", "examples", "nullable"].contains(&name.as_str()));
            let kept: Map<String, Value> = kept.map(|(name, value)| (name.clone(), in_json_schema(value))).collect();
            let may_be_null = fields.get("nullable") == Some(&Value::Bool(true));
            if may_be_null { json!({ "anyOf": [kept, { "type": "null" }] }) } else { Value::Object(kept) }
        }
        other => other.clone(),
    }
}
