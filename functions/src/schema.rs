//! Holds requests to the contract: every body and parameter is checked against its schema before a handler sees it.

use crate::operation::Operation;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use owp_wire::{CONTRACT_JSON, InputError, Timestamp};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Faults told in one answer. More would only hide the first ones.
const ERRORS_MAX: usize = 20;

static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(CONTRACT_JSON).expect("the embedded contract is generated JSON"));

/// What each pattern of the contract asks for, in words.
static FORMS: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
    let schemas = CONTRACT["components"]["schemas"].as_object().expect("generated");
    let told =
        schemas.values().filter_map(|schema| Some((schema["pattern"].as_str()?, schema["x-owp-form"].as_str()?)));
    told.collect()
});

/// The schemas of one operation, compiled.
pub struct Schemas {
    pub parameters: Vec<Parameter>,
    /// What it reads, and the schema of that; `None` where it takes no body.
    pub body: Option<(Vec<String>, Validator)>,
}

pub struct Parameter {
    pub name: String,
    pub place: Place,
    pub kind: Kind,
    pub default: Option<Value>,
    /// Of the query: it has to be there.
    pub required: bool,
    validator: Validator,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
    Header,
}

/// What the text of a parameter is turned into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Boolean,
}

impl Schemas {
    pub fn of(operation: &Operation) -> Self {
        let all = CONTRACT["operations"].as_array().expect("generated");
        let found = all.iter().find(|spec| spec["id"] == operation.id).expect("operations come from the same contract");
        let parameters = found["parameters"].as_array().expect("generated").iter().map(Parameter::of).collect();
        let media = found["request"].as_object().expect("generated");
        let body = media.values().next().map(|schema| (media.keys().cloned().collect(), compile(schema)));
        Self { parameters, body }
    }
}

impl Parameter {
    fn of(spec: &Value) -> Self {
        let schema = &spec["schema"];
        let target = schema["$ref"].as_str().and_then(|reference| CONTRACT.pointer(&reference[1..])).unwrap_or(schema);
        Self {
            name: spec["name"].as_str().expect("generated").to_owned(),
            place: match spec["in"].as_str() {
                Some("path") => Place::Path,
                Some("query") => Place::Query,
                _ => Place::Header,
            },
            kind: match target["type"].as_str() {
                Some("integer") => Kind::Integer,
                Some("boolean") => Kind::Boolean,
                _ => Kind::Text,
            },
            default: schema.get("default").cloned(),
            required: spec["required"] == true,
            validator: compile(schema),
        }
    }

    /// The value that a text stands for, or what is wrong with it.
    pub fn read(&self, text: &str) -> Result<Value, String> {
        let value = match self.kind {
            Kind::Text => json!(text),
            Kind::Integer => json!(text.parse::<i64>().map_err(|_| "is not a whole number")?),
            Kind::Boolean => match text {
                "true" => json!(true),
                "false" => json!(false),
                _ => return Err("is neither true nor false".to_owned()),
            },
        };
        let fault = self.validator.iter_errors(&value).next().map(|error| said(&error));
        fault.map_or(Ok(value), Err)
    }
}

/// Every fault of a body, with a JSON pointer to each, up to a bound.
pub fn faults(validator: &Validator, body: &Value) -> Vec<InputError> {
    validator.iter_errors(body).flat_map(|error| located(&error)).take(ERRORS_MAX).collect()
}

/// A field that does not belong is named itself, not the object that holds it; and where a value may be absent, what is told
/// is what is wrong with one that is there.
fn located(error: &ValidationError) -> Vec<InputError> {
    let place = error.instance_path().to_string();
    let fault = |pointer, detail| InputError { pointer: Some(pointer), detail, line: None, parameter: None };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let unknown =
                unexpected.iter().map(|name| format!("{place}/{}", name.replace('~', "~0").replace('/', "~1")));
            unknown.map(|pointer| fault(pointer, "is not a field that belongs here".to_owned())).collect()
        }
        ValidationErrorKind::OneOfNotValid { context } => {
            let is_of_another_type = |errors: &&Vec<ValidationError>| {
                let at_place = |error: &ValidationError| error.instance_path().to_string() == place;
                errors.iter().any(|error| matches!(error.kind(), ValidationErrorKind::Type { .. }) && at_place(error))
            };
            let meant = context.iter().find(|errors| !is_of_another_type(errors)).or(context.first());
            meant.into_iter().flatten().flat_map(located).collect()
        }
        _ => vec![fault(place, said(error))],
    }
}

/// In the validator's words, with the value left out: it is the sender's own and may be long. A pattern is for programs, so
/// what it asks for is told in ours.
fn said(error: &ValidationError) -> String {
    if let ValidationErrorKind::Pattern { pattern } = error.kind()
        && let Some(form) = FORMS.get(pattern.as_str())
    {
        return format!("is not {form}");
    }
    error.masked_with("the value").to_string()
}

fn compile(schema: &Value) -> Validator {
    let mut document: Map<String, Value> = schema.as_object().expect("a schema").clone();
    document.insert("components".to_owned(), CONTRACT["components"].clone());
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_format("date-time", is_moment)
        .build(&Value::Object(document))
        .expect("the contract's schemas are valid; a test compiles each")
}

/// The first and the last moment that four digits of a year can tell. With an offset, RFC 3339 reaches a little further,
/// to moments that could be read once and never again.
const MOMENTS: std::ops::RangeInclusive<i64> = -62_167_219_200_000..=253_402_300_799_999;

/// Exactly what the type takes, so that no moment passes here and fails there.
fn is_moment(text: &str) -> bool {
    text.parse::<Timestamp>().is_ok_and(|moment| MOMENTS.contains(&moment.as_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{REGISTER_WORKER, REPORT_TASK_STATUS};

    #[track_caller]
    fn check(operation: &Operation, body: &Value, expected: &[(&str, &str)]) {
        let (_, validator) = Schemas::of(operation).body.expect("it takes a body");
        let found = faults(&validator, body);
        let found: Vec<_> =
            found.iter().map(|error| (error.pointer.as_deref().unwrap_or("-"), error.detail.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn of_a_value_that_may_be_absent_is_told_what_is_wrong_with_it() {
        let handle = |value: Value| json!({ "name": "Alice", "github_handle": value });
        check(&REGISTER_WORKER, &handle(Value::Null), &[]);
        let long = handle(json!("x".repeat(121)));
        check(&REGISTER_WORKER, &long, &[("/github_handle", "the value is longer than 120 characters")]);
        let lines = handle(json!("a\nb"));
        check(&REGISTER_WORKER, &lines, &[("/github_handle", "is not one line without control characters")]);
        check(&REGISTER_WORKER, &handle(json!(7)), &[("/github_handle", "the value is not of type \"string\"")]);
    }

    #[test]
    fn what_is_wrong_within_it_is_told_where_it_is() {
        let body = |url: &str| json!({ "status": "pr_opened", "artifact": { "pr_url": url, "commit_sha": "abcd" } });
        check(&REPORT_TASK_STATUS, &body("https://example.org/1"), &[]);
        let expected = "is not an address that begins with https:// or http://, without spaces";
        check(&REPORT_TASK_STATUS, &body("javascript:alert(1)"), &[("/artifact/pr_url", expected)]);
    }

    #[test]
    fn every_pattern_of_the_contract_is_told_in_words() {
        let schemas = CONTRACT["components"]["schemas"].as_object().unwrap();
        let mute = schemas.iter().filter(|(_, schema)| schema.get("pattern").is_some());
        let mute: Vec<_> =
            mute.filter(|(_, schema)| schema.get("x-owp-form").is_none()).map(|(name, _)| name).collect();
        assert_eq!(mute, Vec::<&String>::new(), "give it an x-owp-form in protocol/openapi.yaml");
        let patterns = serde_json::to_string(&*CONTRACT).unwrap().matches("\"pattern\":").count();
        let told = schemas.values().filter(|schema| schema.get("pattern").is_some()).count();
        assert_eq!(told, patterns, "a pattern belongs into a schema with a name");
        let forms =
            schemas.values().filter_map(|schema| Some((schema["pattern"].as_str()?, schema["x-owp-form"].as_str()?)));
        for (pattern, form) in forms {
            assert_eq!(FORMS.get(pattern), Some(&form), "one pattern has one form");
        }
    }
}
