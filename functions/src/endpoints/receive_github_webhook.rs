//! `POST /webhooks/github`

use crate::app::{AppState, Asked, Route};
use crate::github::deliveries::{self, Received};
use crate::input::{BodyDigest, announced, bounded, is_json};
use crate::operation::RECEIVE_GITHUB_WEBHOOK;
use crate::problem::Problem;
use axum::Json;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use owp_github::{verify, webhook};
use owp_wire::{ProblemCode, ReceiveGithubWebhookResponse};

/// GitHub sends up to 25 MB, but of what matters here only pushes of thousands of commits come near this. A function takes
/// 6 MB.
const WEBHOOK_BYTES_MAX: usize = 5 * 1024 * 1024;

/// Issues, pull requests and reviews are far shorter. Whoever signed a body is known when all of it is there, so of longer ones
/// a few are read at once.
const SHORT_BYTES_MAX: usize = 256 * 1024;

const SIGNATURE: &str = "X-Hub-Signature-256";
const EVENT: &str = "X-GitHub-Event";
const DELIVERY: &str = "X-GitHub-Delivery";

pub fn route() -> Route {
    Route::new(RECEIVE_GITHUB_WEBHOOK, handle)
}

/// Nothing of the body is looked at before its signature fits, and nothing else is waited for than the store.
async fn handle(
    State(app): State<AppState>,
    asked: Asked,
    request: Request,
) -> Result<(StatusCode, Json<ReceiveGithubWebhookResponse>), Problem> {
    let secrets = &app.settings.github.webhook_secrets;
    if secrets.is_empty() {
        let off =
            "this server takes no webhooks; set GITHUB_WEBHOOK_SECRET to what GitHub signs with and start it again";
        return Err(Problem::new(ProblemCode::GithubOff, off));
    }
    let (parts, body) = request.into_parts();
    let headers = &parts.headers;
    if !is_json(headers) {
        let detail = "send the body as application/json; choose that as the webhook's content type at GitHub";
        return Err(Problem::new(ProblemCode::UnsupportedMediaType, detail));
    }
    let is_short = announced(headers).is_some_and(|length| length <= SHORT_BYTES_MAX);
    let place = if is_short { None } else { Some(app.long_bodies.try_acquire()) };
    let _place = place.transpose().map_err(|_| Problem::too_many_long_bodies())?;
    let bytes = bounded(headers, body, if is_short { SHORT_BYTES_MAX } else { WEBHOOK_BYTES_MAX }).await?;
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
    if !secrets.iter().any(|secret| verify(secret, &bytes, signature).is_ok()) {
        let forged =
            "the delivery is not signed with the secret of this server; give GitHub the one in GITHUB_WEBHOOK_SECRET";
        return Err(Problem::unauthenticated(forged));
    }
    let (event, id) = (word(headers, &asked, EVENT)?, word(headers, &asked, DELIVERY)?);
    let malformed = |because: String| Problem::new(ProblemCode::MalformedBody, because);
    let delivery = webhook::read(&event, &bytes).map_err(|error| malformed(error.to_string()))?;
    let envelope =
        serde_json::from_slice(&bytes).map_err(|error| malformed(format!("the body is not JSON: {error}")))?;
    let (request_id, digest) = (asked.request_id, BodyDigest::of(&bytes));
    deliveries::take(&app, Received { request_id, id, digest, delivery, envelope }).await?;
    Ok((StatusCode::ACCEPTED, Json(ReceiveGithubWebhookResponse { ok: true })))
}

/// A header that has to be there, of the shape that the contract says.
fn word(headers: &HeaderMap, asked: &Asked, name: &str) -> Result<String, Problem> {
    let text = headers.get(name).ok_or_else(|| Problem::invalid_parameter(name, "is needed"))?;
    let text = text.to_str().map_err(|_| Problem::invalid_parameter(name, "is not plain ASCII"))?;
    let mut parameters = asked.schemas().parameters.iter();
    let known = parameters.find(|parameter| parameter.name == name).expect("the contract has it");
    known.read(text).map_err(|what| Problem::invalid_parameter(name, what))?;
    Ok(text.to_owned())
}
