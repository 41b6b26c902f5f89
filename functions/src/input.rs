//! What a request brings: parameters and a body, held to the contract and turned into the types made from it.

use crate::app::{AppState, Asked};
use crate::problem::Problem;
use crate::schema::{Parameter, Place, faults};
use crate::yaml::{self, Places};
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::{HeaderMap, header, request::Parts};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use owp_wire::{InputError, ProblemCode};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Bodies other than imports.
pub const BODY_BYTES_MAX: usize = 64 * 1024;
pub const IMPORT_BYTES_MAX: usize = 1024 * 1024;

/// Bodies beyond what their operation usually takes that are read at once, of those who can't show who they are before it is
/// read: each waits in memory for its last byte, however slowly that comes.
pub const LONG_BODIES_MAX: usize = 8;

/// Whole numbers below 2⁵³ are the same number as a fraction and as an integer.
const EXACT_BELOW: f64 = 9_007_199_254_740_992.0;

/// Path and query parameters.
pub struct Params<T>(pub T);

/// A body, and the digest of its bytes.
pub struct Input<T> {
    pub body: T,
    pub digest: BodyDigest,
}

/// What makes two bodies the same request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BodyDigest(pub String);

impl BodyDigest {
    pub fn of(bytes: &[u8]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(Sha256::digest(bytes)))
    }

    /// Of an operation that takes no body.
    pub fn none() -> Self {
        Self::of(b"")
    }
}

impl<T: DeserializeOwned> FromRequestParts<AppState> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Problem> {
        let asked = Asked::from_request_parts(parts, app).await?;
        let path = RawPathParams::from_request_parts(parts, app).await;
        let path = path.map_err(|_| Problem::new(ProblemCode::InvalidRequest, "the path is not valid UTF-8"))?;
        let path: BTreeMap<&str, &str> = path.iter().collect();
        let query = query(parts.uri.query().unwrap_or_default(), &asked)?;
        let mut values = Map::new();
        for parameter in asked.schemas().parameters.iter().filter(|parameter| parameter.place != Place::Header) {
            let text = match parameter.place {
                Place::Path => path.get(parameter.name.as_str()).copied(),
                _ => query.get(&parameter.name).map(String::as_str),
            };
            if let Some(value) = read(parameter, text)? {
                values.insert(parameter.name.clone(), value);
            }
        }
        serde_json::from_value(Value::Object(values)).map(Self).map_err(Problem::internal)
    }
}

fn read(parameter: &Parameter, text: Option<&str>) -> Result<Option<Value>, Problem> {
    let Some(text) = text else {
        let missing = || Problem::invalid_parameter(&parameter.name, "is needed");
        return if parameter.required { Err(missing()) } else { Ok(parameter.default.clone()) };
    };
    parameter.read(text).map(Some).map_err(|what| Problem::invalid_parameter(&parameter.name, what))
}

/// The query's parameters. An unknown one is refused: a filter that is misspelt must not list everything.
fn query(text: &str, asked: &Asked) -> Result<BTreeMap<String, String>, Problem> {
    let known = |name: &str| {
        let mut parameters = asked.schemas().parameters.iter();
        parameters.any(|parameter| parameter.place == Place::Query && parameter.name == name)
    };
    let mut found = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        if name.starts_with("x_") {
            continue;
        }
        if !known(&name) {
            return Err(Problem::invalid_parameter(&name, "is not a parameter of this operation"));
        }
        if found.insert(name.to_string(), value.into_owned()).is_some() {
            return Err(Problem::invalid_parameter(&name, "is given more than once"));
        }
    }
    Ok(found)
}

/// Whether a client names this type of media among those it takes.
pub fn accepts(headers: &HeaderMap, media: &str) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut named =
        accepted.flat_map(|value| value.split(',')).map(|named| named.split(';').next().unwrap_or_default());
    named.any(|named| named.trim().eq_ignore_ascii_case(media))
}

/// The idempotency key, where one was sent.
pub fn idempotency_key(headers: &HeaderMap, asked: &Asked) -> Result<Option<String>, Problem> {
    let mut parameters = asked.schemas().parameters.iter();
    let Some(parameter) = parameters.find(|parameter| parameter.place == Place::Header) else { return Ok(None) };
    let Some(value) = headers.get(&parameter.name) else { return Ok(None) };
    let text = value.to_str().map_err(|_| Problem::invalid_parameter(&parameter.name, "is not plain ASCII"))?;
    parameter.read(text).map_err(|what| Problem::invalid_parameter(&parameter.name, what))?;
    Ok(Some(text.to_owned()))
}

impl<T: DeserializeOwned> FromRequest<AppState> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let asked = Asked::from_request_parts(&mut parts, app).await?;
        let (media, validator) = asked.schemas().body.as_ref().expect("an operation that takes a body has a schema");
        let format = Format::of(&parts.headers, media)?;
        let limit = if media.len() > 1 { IMPORT_BYTES_MAX } else { BODY_BYTES_MAX };
        let bytes = bounded(&parts.headers, body, limit).await?;
        let value = format.parse(&bytes)?;
        let mut errors = faults(validator, &value);
        if !errors.is_empty() {
            if let (Format::Yaml, Ok(text)) = (format, std::str::from_utf8(&bytes)) {
                add_lines(&mut errors, text);
            }
            return Err(Problem::invalid(errors));
        }
        let value = with_whole_numbers(value);
        // What the schema lets through and the type does not would be a fault of the contract, and a 500.
        let body = serde_json::from_value(value).map_err(Problem::internal)?;
        Ok(Self { body, digest: BodyDigest::of(&bytes) })
    }
}

/// `5.0` is an integer to JSON Schema and a fraction to the types; it becomes `5`.
fn with_whole_numbers(value: Value) -> Value {
    match value {
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) if float.fract() == 0.0 && float.abs() < EXACT_BELOW => whole(float),
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(with_whole_numbers).collect(),
        Value::Object(fields) => fields.into_iter().map(|(name, value)| (name, with_whole_numbers(value))).collect(),
        other => other,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "it is whole and below 2⁵³")]
fn whole(float: f64) -> Value {
    Value::from(float as i64)
}

/// Says in which line of a YAML text each fault is.
pub fn add_lines(errors: &mut [InputError], text: &str) {
    let places = Places::of(text);
    for error in errors {
        error.line = error.pointer.as_ref().and_then(|pointer| places.find(pointer)).map(|place| place.line);
    }
}

/// Whether a body is said to be JSON.
pub fn is_json(headers: &HeaderMap) -> bool {
    Format::of(headers, &["application/json".to_owned()]).is_ok()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Yaml,
}

impl Format {
    fn of(headers: &HeaderMap, media: &[String]) -> Result<Self, Problem> {
        let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = sent.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let essence = match essence.as_str() {
            "application/x-yaml" | "text/yaml" | "text/x-yaml" => "application/yaml",
            other => other,
        };
        if !media.iter().any(|known| known == essence) {
            let detail = format!("send the body as {}", media.join(" or "));
            return Err(Problem::new(ProblemCode::UnsupportedMediaType, detail));
        }
        Ok(if essence == "application/yaml" { Self::Yaml } else { Self::Json })
    }

    fn parse(self, bytes: &[u8]) -> Result<Value, Problem> {
        let malformed = |line: Option<u32>, detail: String| Problem {
            errors: vec![InputError { pointer: Some(String::new()), line, detail: detail.clone(), parameter: None }],
            ..Problem::new(ProblemCode::MalformedBody, detail)
        };
        let text = std::str::from_utf8(bytes).map_err(|error| {
            malformed(None, format!("the body is not UTF-8: the byte at {} is not valid", error.valid_up_to()))
        })?;
        match self {
            Self::Json => serde_json::from_str(text)
                .map_err(|error| malformed(u32::try_from(error.line()).ok(), format!("the body is not JSON: {error}"))),
            Self::Yaml => yaml::parse(text).map_err(|error| {
                let line = yaml::place_of(&error).map(|place| place.line);
                malformed(line, format!("the body is not YAML: {}", yaml::words_of(&error)))
            }),
        }
    }
}

/// The whole body, if it is not longer than allowed. One that says so itself is refused before it is read.
pub async fn bounded(headers: &HeaderMap, body: Body, limit: usize) -> Result<Vec<u8>, Problem> {
    let too_large = || Problem::new(ProblemCode::BodyTooLarge, format!("the body is longer than {limit} bytes"));
    if announced(headers).is_some_and(|length| length > limit) {
        return Err(too_large());
    }
    match to_bytes(body, limit).await {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) if is_length_limit(&error) => Err(too_large()),
        Err(_) => Err(Problem::new(ProblemCode::MalformedBody, "the body ended before it was complete")),
    }
}

/// How long a body says that it is.
pub fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok())
}

fn is_length_limit(error: &axum::Error) -> bool {
    let source = std::error::Error::source(error);
    source.is_some_and(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>)
}
