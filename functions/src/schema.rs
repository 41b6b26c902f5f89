//! Holds requests to the contract: every body and parameter is checked against its schema before a handler sees it.

use crate::operation::Operation;
use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use owp_wire::{CONTRACT_JSON, InputError, Timestamp};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;

/// Faults told in one answer. More would only hide the first ones.
const ERRORS_MAX: usize = 20;

static CONTRACT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(CONTRACT_JSON).expect("the embedded contract is generated JSON"));

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

/// A field that does not belong is named itself, not the object that holds it.
fn located(error: &ValidationError) -> Vec<InputError> {
    let place = error.instance_path().to_string();
    let fault = |pointer, detail| InputError { pointer: Some(pointer), detail, line: None, parameter: None };
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let unknown =
                unexpected.iter().map(|name| format!("{place}/{}", name.replace('~', "~0").replace('/', "~1")));
            unknown.map(|pointer| fault(pointer, "is not a field that belongs here".to_owned())).collect()
        }
        _ => vec![fault(place, said(error))],
    }
}

/// In the validator's words, with the value left out: it is the sender's own and may be long.
fn said(error: &ValidationError) -> String {
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
