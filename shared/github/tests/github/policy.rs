//! The policy file for editors and for the pool: the published schema and the rules take the same files.

use owp_logic::github::{AdmissionMode, Policy};
use serde_json::{Value, json};
use std::fs;

fn read(file: &str) -> String {
    let path = format!("{}/../../{file}", env!("CARGO_MANIFEST_DIR"));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(&read("protocol/owp-policy.schema.json")).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

fn example() -> Value {
    serde_saphyr::from_str(&read("examples/owp.yml")).unwrap()
}

#[test]
fn the_example_is_taken_by_both() {
    let example = example();
    let faults: Vec<String> = schema().iter_errors(&example).map(|error| error.to_string()).collect();
    assert!(faults.is_empty(), "{faults:?}");
    let policy = Policy::read(&example).unwrap();
    assert_eq!(policy.commands.test, ["npm test", "npm run lint"]);
    assert_eq!(policy.admission.mode, Some(AdmissionMode::Report));
}

/// Puts a value to a place of the example.
fn with(pointer: &str, value: &Value) -> Value {
    let mut file = example();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match file.pointer_mut(parent).unwrap_or_else(|| panic!("{parent}")) {
        Value::Object(fields) => drop(fields.insert(name.to_owned(), value.clone())),
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value.clone(),
        other => panic!("{parent} is {other}"),
    }
    file
}

#[test]
fn what_one_refuses_the_other_refuses_too() {
    let schema = schema();
    let long = |length| json!("x".repeat(length));
    let many = |length, value: &str| json!(vec![value; length]);
    for (pointer, value, is_good) in [
        ("/version", json!(1), true),
        ("/version", json!(2), false),
        ("/version", json!("1"), false),
        ("/other", json!({}), false),
        ("/budget", json!(null), true),
        ("/budget", json!([]), false),
        ("/budget/other", json!(1), false),
        ("/budget/max_open_prs", json!(0), true),
        ("/budget/max_open_prs", json!(100), true),
        ("/budget/max_open_prs", json!(101), false),
        ("/budget/max_open_prs", json!(-1), false),
        ("/budget/max_open_prs", json!(1.5), false),
        ("/budget/max_open_prs", json!("3"), false),
        ("/budget/security_extra_slots", json!(21), false),
        ("/quiet_hours", json!([]), true),
        ("/quiet_hours/0/from", json!("24:00"), true),
        ("/quiet_hours/0/from", json!("24:01"), false),
        ("/quiet_hours/0/from", json!("7:00"), false),
        ("/quiet_hours/0/from", json!(700), false),
        ("/quiet_hours/0/from", json!(null), false),
        ("/quiet_hours/0/other", json!(1), false),
        ("/quiet_hours/1/days/0", json!("sunday"), false),
        ("/paths/allow/0", json!("**/*.rs"), true),
        ("/paths/allow/0", json!(""), false),
        ("/paths/allow/0", json!(" "), false),
        ("/paths/allow/0", json!("/src"), false),
        ("/paths/allow/0", json!("!src"), false),
        ("/paths/allow/0", json!("{a,b}"), false),
        ("/paths/allow/0", json!("a/../b"), false),
        ("/paths/allow/0", json!("a..b/...c"), true),
        ("/paths/allow/0", json!("a\nb"), false),
        ("/paths/allow/0", long(200), true),
        ("/paths/allow/0", long(201), false),
        ("/paths/allow", many(50, "src/"), true),
        ("/paths/allow", many(51, "src/"), false),
        ("/paths/allow", json!("src/"), false),
        ("/tiers/0/paths", json!([]), false),
        ("/tiers/0/paths", json!(null), false),
        ("/tiers/0/tier", json!(0), false),
        ("/tiers/0/tier", json!(3), true),
        ("/tiers/0/tier", json!(4), false),
        ("/commands/setup/0", long(500), true),
        ("/commands/setup/0", long(501), false),
        ("/commands/test", many(11, "x"), false),
        ("/size/files_max", json!(0), false),
        ("/size/files_max", json!(3000), true),
        ("/size/lines_max", json!(1_000_001), false),
        ("/disclosure", json!({}), false),
        ("/disclosure", json!({ "text": "x" }), true),
        ("/disclosure/line", long(61), false),
        ("/disclosure/line", json!(3), false),
        ("/disclosure/text", long(1001), false),
        ("/admission/mode", json!("off"), true),
        ("/admission/mode", json!(false), false),
        ("/admission/mode", json!("Enforce"), false),
        ("/admission/exempt/0", json!("a b"), false),
        ("/admission/exempt/0", json!("@ada"), true),
        ("/admission/exempt/0", json!("@"), false),
    ] {
        let file = with(pointer, &value);
        let (by_schema, by_rules) = (schema.is_valid(&file), Policy::read(&file));
        assert_eq!(by_schema, is_good, "the schema on {pointer} {value:.80}");
        assert_eq!(by_rules.is_ok(), is_good, "the rules on {pointer} {value:.80}: {by_rules:?}");
        let faults = by_rules.err().unwrap_or_default();
        assert!(faults.iter().all(|fault| fault.pointer.starts_with(pointer)), "{pointer}: {faults:?}");
    }
}
