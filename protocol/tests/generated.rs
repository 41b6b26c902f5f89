//! Makes every generated file from the contract and compares it with what is committed.
//!
//! `UPDATE=1 cargo test -p owp-protocol --test generated` (or `make generate`) writes them.

use owp_protocol::{Access, Operation, contract, operations, workspace};
use serde_json::{Map, Value, json};
use std::fmt::Write;

const HEADER: &str = "// Generated from protocol/openapi.yaml; do not edit. `make generate` refreshes it.\n";

#[test]
fn wire_types_are_those_of_the_contract() {
    let schemas = contract()["components"]["schemas"].take();
    let mut definitions = schemas.clone();
    definitions.as_object_mut().unwrap().retain(|name, schema| !is_plain(name, schema));
    inline_plain(&mut definitions, schemas.as_object().unwrap());
    rewrite(&mut definitions);
    let mut settings = typify::TypeSpaceSettings::default();
    settings.with_derive("PartialEq".into());
    let mut space = typify::TypeSpace::new(&settings);
    let schemas: Vec<(String, schemars::schema::Schema)> = definitions
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, schema)| (name.clone(), serde_json::from_value(schema.clone()).expect(name)))
        .collect();
    space.add_ref_types(schemas).expect("typify reads every schema");
    let tokens = space.to_stream().to_string();
    let file = syn::parse_file(&tokens).expect("typify writes Rust");
    let code = prettyplease::unparse(&file).replace("::chrono::DateTime<::chrono::offset::Utc>", "crate::Timestamp");
    compare("shared/wire/src/generated.rs", &format!("{HEADER}\n{code}"));
}

#[test]
fn the_embedded_contract_is_the_contract_without_prose() {
    let contract = contract();
    let mut schemas = contract["components"]["schemas"].clone();
    strip_prose(&mut schemas);
    let operations: Vec<Value> = operations(&contract).iter().map(embedded).collect();
    let embedded = json!({ "operations": operations, "components": { "schemas": schemas } });
    compare("shared/wire/src/contract.json", &format!("{}\n", serde_json::to_string_pretty(&embedded).unwrap()));
}

#[test]
fn every_operation_has_a_constant_and_a_module() {
    let operations = operations(&contract());
    let mut code = format!(
        "{HEADER}//\n// One constant per operation: its name, method and path, for the router, the logs and the validators.\n\n\
         use super::Operation;\nuse axum::http::Method;\n"
    );
    for operation in &operations {
        let Operation { id, method, path, .. } = operation;
        let name = operation.snake().to_uppercase();
        write!(
            code,
            "\n/// `{method} {path}`\npub const {name}: Operation =\n    Operation {{ id: \"{id}\", name: \"{}\", method: Method::{method}, path: \"{path}\", safe: {} }};\n",
            operation.kebab(),
            operation.safe()
        )
        .unwrap();
    }
    compare("functions/src/operation/generated.rs", &code);

    let mut code = format!(
        "{HEADER}//\n// One module per operation, and the routes of all of them.\n\nuse crate::app::Route;\n\n"
    );
    let mut modules: Vec<String> = operations.iter().map(Operation::snake).collect();
    modules.sort();
    for module in modules {
        writeln!(code, "pub mod {module};").unwrap();
    }
    code.push_str("\n/// Every operation of the contract, in its order.\npub fn routes() -> Vec<Route> {\n    vec![\n");
    for operation in &operations {
        writeln!(code, "        {}::route(),", operation.snake()).unwrap();
    }
    code.push_str("    ]\n}\n");
    compare("functions/src/endpoints/mod.rs", &code);
}

#[test]
fn the_router_of_the_local_lambda_emulator_knows_every_operation() {
    let operations = operations(&contract());
    let mut rows: Vec<String> = operations
        .iter()
        .map(|operation| {
            let (method, path, name) = (&operation.method, &operation.path, operation.kebab());
            format!("\"{path}\" = [{{ method = \"{method}\", function = \"{name}\" }}]")
        })
        .collect();
    rows.sort();
    // A path with two methods is one row with two entries.
    let mut merged: Vec<(String, Vec<String>)> = Vec::new();
    for row in rows {
        let (path, target) = row.split_once(" = ").unwrap();
        let target = target.trim_matches(['[', ']']).to_owned();
        match merged.last_mut() {
            Some((last, targets)) if last == path => targets.push(target),
            _ => merged.push((path.to_owned(), vec![target])),
        }
    }
    let table: String = merged
        .into_iter()
        .fold(String::new(), |table, (path, targets)| table + &format!("{path} = [{}]\n", targets.join(", ")));
    compare_section("functions/Cargo.toml", "[package.metadata.lambda.watch.router]\n", &(table + &mains(&operations)));
}

/// A main has no tests of its own; without this, one or two more programs would be linked for each whenever tests are built.
fn mains(operations: &[Operation]) -> String {
    let scheduled = "expire-leases".to_owned();
    let names = operations.iter().map(Operation::kebab).chain([scheduled]);
    let main = |name| format!("\n[[bin]]\nname = \"{name}\"\ntest = false\nrequired-features = [\"mains\"]\n");
    names.fold(String::new(), |mains, name| mains + &main(name))
}

#[test]
fn every_operation_has_a_main_of_one_form() {
    for operation in operations(&contract()) {
        let (snake, kebab) = (operation.snake(), operation.kebab());
        let serve = if operation.asks_github() { "serve_asking_github" } else { "serve" };
        let main = format!(
            "//! `{kebab}` as a Lambda function. Generated from protocol/openapi.yaml; `make generate` refreshes it.\n\n\
             use owp_functions::{{endpoints::{snake}, lambda}};\nuse std::process::ExitCode;\n\n\
             #[tokio::main]\nasync fn main() -> ExitCode {{\n    lambda::{serve}({snake}::route()).await\n}}\n"
        );
        compare(&format!("functions/src/bin/{kebab}.rs"), &main);
    }
}

#[test]
fn the_deployment_has_a_function_with_a_route_for_every_operation() {
    let functions: String = operations(&contract()).iter().map(deployed).collect();
    compare_section(
        "infra/template.yaml",
        "  # make generate: a function for every operation of the contract.\n",
        &functions,
    );
}

/// A function as AWS SAM knows it. What all have in common is said once, in the template's `Globals`.
fn deployed(operation: &Operation) -> String {
    let Operation { method, path, .. } = operation;
    let (resource, name) = (operation.pascal(), operation.kebab());
    let summary = operation.spec["summary"].as_str().expect("a summary");
    let policies = match operation.access() {
        Access::None => "",
        Access::Read => "      Policies: [!Ref MayRead, !Ref MayNote]\n",
        Access::Write => "      Policies: [!Ref MayRead, !Ref MayCommit]\n",
    };
    format!(
        "\n  {resource}:\n    Type: AWS::Serverless::Function\n    Properties:\n      \
         FunctionName: !Sub ${{AWS::StackName}}-{name}\n      Description: {summary}\n      \
         CodeUri: ../target/lambda/{name}\n{policies}      Events:\n        Route:\n          Type: HttpApi\n          \
         Properties: {{ ApiId: !Ref Api, Method: {method}, Path: '{path}' }}\n"
    )
}

/// Constraints are checked by the schema at the edge; the types carry the shape only, so that values are easy to make.
fn rewrite(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.get("type").and_then(Value::as_str).is_some() || map.contains_key("items") {
                for constraint in [
                    "minimum",
                    "maximum",
                    "minLength",
                    "maxLength",
                    "pattern",
                    "maxItems",
                    "minProperties",
                    "maxProperties",
                    "const",
                    "examples",
                ] {
                    map.remove(constraint);
                }
            }
            // `x_*` fields are ignored, so the types need not keep them.
            if map.remove("patternProperties").is_some() {
                map.remove("additionalProperties");
            }
            reshape(map);
            map.values_mut().for_each(rewrite);
        }
        Value::Array(items) => items.iter_mut().for_each(rewrite),
        _ => {}
    }
}

/// Ids keep a type of their own, so that one can't be passed for another. Other constrained words and numbers are plain.
fn is_plain(name: &str, schema: &Value) -> bool {
    const TYPED: [&str; 5] = ["WorkerId", "TaskId", "LeaseId", "OfferId", "RepoName"];
    const LISTS: [&str; 4] = ["Skills", "TaskRefs", "Handles", "QuietHoursList"];
    let scalar = matches!(schema["type"].as_str(), Some("string" | "integer")) && schema.get("enum").is_none();
    (scalar || LISTS.contains(&name)) && !TYPED.contains(&name)
}

fn inline_plain(value: &mut Value, schemas: &Map<String, Value>) {
    match value {
        Value::Object(map) => {
            let target = map
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|reference| reference.strip_prefix("#/components/schemas/"))
                .filter(|name| is_plain(name, &schemas[*name]))
                .map(|name| schemas[name].as_object().unwrap().clone());
            if let Some(target) = target {
                map.remove("$ref");
                for (key, value) in target {
                    map.entry(key).or_insert(value);
                }
            }
            map.values_mut().for_each(|value| inline_plain(value, schemas));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| inline_plain(item, schemas)),
        _ => {}
    }
}

/// What may be null and what may be absent are both an `Option`; a `$ref` with siblings becomes an `allOf`, which is how
/// the dialect that typify reads says the same.
fn reshape(map: &mut Map<String, Value>) {
    if let Some(Value::String(reference)) = map.get("$ref") {
        let reference = reference.replace("#/components/schemas/", "#/definitions/");
        map.remove("$ref");
        if map.is_empty() {
            map.insert("$ref".into(), json!(reference));
        } else {
            map.insert("allOf".into(), json!([{ "$ref": reference }]));
        }
    }
}

fn strip_prose(value: &mut Value) {
    match value {
        Value::Object(map) => {
            if map.contains_key("type") || map.contains_key("$ref") || map.contains_key("oneOf") {
                if map.get("description").is_some_and(Value::is_string) {
                    map.remove("description");
                }
                map.remove("examples");
            }
            map.values_mut().for_each(strip_prose);
        }
        Value::Array(items) => items.iter_mut().for_each(strip_prose),
        _ => {}
    }
}

/// What the edge needs to know of an operation: its parameters and bodies.
fn embedded(operation: &Operation) -> Value {
    let spec = &operation.spec;
    let parameters: Vec<Value> = spec["parameters"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default()
        .iter()
        .map(|parameter| {
            let mut schema = parameter["schema"].clone();
            strip_prose(&mut schema);
            let mut known = json!({ "name": parameter["name"], "in": parameter["in"], "schema": schema });
            // A path without one of its parameters is another path.
            if parameter["in"] == "query" && parameter["required"] == true {
                known["required"] = json!(true);
            }
            known
        })
        .collect();
    let media: Map<String, Value> = spec["requestBody"]["content"]
        .as_object()
        .map(|content| content.iter().map(|(media, body)| (media.clone(), body["schema"].clone())).collect())
        .unwrap_or_default();
    let responses: Map<String, Value> = spec["responses"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(status, _)| status.starts_with('2'))
        .map(|(status, response)| (status.clone(), response["content"]["application/json"]["schema"].clone()))
        .collect();
    json!({
        "id": operation.id, "method": operation.method, "path": operation.path,
        "parameters": parameters, "request": media, "responses": responses,
    })
}

fn compare(path: &str, fresh: &str) {
    let file = workspace().join(path);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, fresh).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == fresh,
        "{path} is not what the contract makes of it; run `make generate` and commit the result"
    );
}

/// The same for the rows of one table of a file that is otherwise written by hand; the table is the file's last.
fn compare_section(path: &str, heading: &str, fresh: &str) {
    let file = workspace().join(path);
    let whole = std::fs::read_to_string(&file).unwrap();
    let (before, _) = whole.split_once(heading).unwrap_or_else(|| panic!("{path} has no table {heading}"));
    compare(path, &format!("{before}{heading}{fresh}"));
}
