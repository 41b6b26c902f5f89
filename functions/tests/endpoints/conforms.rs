//! Holds an answer to the contract: its media type, the schema for its status, and for errors the codes that the contract
//! names for that status.

use jsonschema::{Draft, Validator};
use owp_protocol::{Operation, contract, operations};
use owp_wire::CONTRACT_JSON;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

static EMBEDDED: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(CONTRACT_JSON).expect("generated JSON"));
static CONTRACT: LazyLock<Value> = LazyLock::new(contract);
static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| operations(&CONTRACT));
static COMPILED: Mutex<BTreeMap<String, Arc<Validator>>> = Mutex::new(BTreeMap::new());

/// The operation behind a method and a path; `None` where the contract has none.
pub fn operation_at(method: &str, path: &str) -> Option<&'static Value> {
    let method = if method == "HEAD" { "GET" } else { method };
    let path = path.split('?').next().unwrap_or_default();
    let all = EMBEDDED["operations"].as_array().expect("generated");
    let fits = |spec: &&Value| spec["method"] == method && fits_template(path, spec["path"].as_str().expect("a path"));
    // `/v1/admin/tasks/import` fits a template as well as a path of its own.
    all.iter().filter(fits).min_by_key(|spec| spec["path"].as_str().expect("a path").matches('{').count())
}

fn fits_template(path: &str, template: &str) -> bool {
    let (path, template): (Vec<&str>, Vec<&str>) = (path.split('/').collect(), template.split('/').collect());
    path.len() == template.len()
        && path.iter().zip(&template).all(|(said, known)| said == known || (known.starts_with('{') && !said.is_empty()))
}

/// Panics, in words, where a success is not what the contract says.
#[track_caller]
pub fn check_success(operation: &Value, status: u16, content_type: &str, body: &Value) {
    let id = operation["id"].as_str().expect("generated");
    let schema = &operation["responses"][status.to_string()];
    assert!(!schema.is_null(), "{id} answered {status}, which the contract does not list");
    assert_eq!(content_type, "application/json", "of the answer to {id}");
    check(&format!("{id} {status}"), schema, body);
}

/// The same for an error. `operation` is `None` where no operation of the contract was asked.
#[track_caller]
pub fn check_problem(operation: Option<&Value>, status: u16, content_type: &str, body: &Value) {
    assert_eq!(content_type, "application/problem+json", "of {status}: {body}");
    check_schema("Problem", body);
    assert_eq!(body["status"], status, "in the body: {body}");
    let code = body["code"].as_str().expect("a code");
    assert_eq!(body["type"], format!("urn:owp:problem:{code}"));
    for error in body["errors"].as_array().into_iter().flatten() {
        let places = usize::from(error.get("pointer").is_some()) + usize::from(error.get("parameter").is_some());
        assert_eq!(places, 1, "a fault has a pointer or a parameter: {body}");
    }
    if let Some(operation) = operation {
        let id = operation["id"].as_str().expect("generated");
        let described = description_of(id, status);
        assert!(described.contains(&format!("`{code}`")), "{id} answered {status} {code}, listed are: {described}");
    }
}

/// What the contract says about a status of an operation, with `default` for those it does not list.
fn description_of(id: &str, status: u16) -> String {
    let operation = OPERATIONS.iter().find(|operation| operation.id == id).expect("the same contract");
    let responses = &operation.spec["responses"];
    let response = responses.get(status.to_string()).unwrap_or(&responses["default"]);
    let response = match response["$ref"].as_str() {
        Some(reference) => CONTRACT.pointer(&reference[1..]).expect("a response that exists"),
        None => response,
    };
    response["description"].as_str().expect("a description").to_owned()
}

/// A value that is not an answer by itself.
#[track_caller]
pub fn check_schema(name: &str, value: &Value) {
    check(name, &serde_json::json!({ "$ref": format!("#/components/schemas/{name}") }), value);
}

#[track_caller]
fn check(name: &str, schema: &Value, body: &Value) {
    let validator = compiled(name, schema);
    let faults: Vec<String> =
        validator.iter_errors(body).map(|error| format!("{} {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "the answer is not a {name}: {faults:?}\n{body:#}");
}

fn compiled(name: &str, schema: &Value) -> Arc<Validator> {
    let mut known = COMPILED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    known.entry(name.to_owned()).or_insert_with(|| Arc::new(compile(schema))).clone()
}

fn compile(schema: &Value) -> Validator {
    let mut document: Map<String, Value> = schema.as_object().expect("a schema").clone();
    document.insert("components".to_owned(), EMBEDDED["components"].clone());
    let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
    options.build(&Value::Object(document)).expect("the contract's schemas are valid")
}

#[test]
fn every_answer_of_the_contract_has_a_schema_that_compiles() {
    let mut seen = 0;
    for operation in EMBEDDED["operations"].as_array().unwrap() {
        // A file has none.
        for (status, schema) in
            operation["responses"].as_object().unwrap().iter().filter(|(_, schema)| !schema.is_null())
        {
            compiled(&format!("{} {status}", operation["id"].as_str().unwrap()), schema);
            seen += 1;
        }
    }
    assert!(seen >= 22, "{seen}");
}

#[test]
fn a_path_of_its_own_goes_before_a_template() {
    let id = |method, path| operation_at(method, path).map(|operation| operation["id"].as_str().unwrap());
    assert_eq!(id("POST", "/v1/admin/tasks/import?dry_run=true"), Some("importTasks"));
    assert_eq!(id("PATCH", "/v1/admin/tasks/t_1"), Some("updateTask"));
    assert_eq!(id("HEAD", "/v1/work"), Some("fetchWork"));
    assert_eq!(id("GET", "/v1/work/"), None);
}
