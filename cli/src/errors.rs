//! Everything that can go wrong, said so that the reader knows what to do next. A server's refusal is read leniently: a
//! code this version does not know still shows its text.

use crate::api::Auth;
use crate::output::{clean_block, clean_line};
use owp_wire::{InputError, ProblemCode};
use serde_json::{Value, json};
use std::fmt::{self, Write as _};
use std::process::ExitCode;

/// Why a command did not succeed.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The command line itself asks for something impossible.
    Usage { what: String, hint: String },
    /// No answer came. `sent` says that the request may have arrived all the same.
    Unreachable { server: String, cause: String, sent: bool },
    /// The server answered, with a no.
    Refused(Box<Refusal>),
    /// Something on this machine, or an answer that can't be read.
    Local { what: String, hint: String },
}

/// A problem document, or what could be made of an answer that is none.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub status: u16,
    pub code: Option<ProblemCode>,
    pub detail: String,
    pub errors: Vec<InputError>,
    pub allowed: Vec<String>,
    pub request_id: Option<String>,
    pub retry_after_s: Option<u64>,
    pub auth: Auth,
    pub document: Value,
}

impl Refusal {
    /// Reads an answer that is not a success.
    pub fn read(status: u16, body: &[u8], retry_after_s: Option<u64>, request_id: Option<&str>, auth: Auth) -> Self {
        let document: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
        let text = |name: &str| document.get(name).and_then(Value::as_str).map(str::to_owned);
        let list = |name: &str| document.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let said = text("detail").or_else(|| text("title")).filter(|said| !said.is_empty());
        Self {
            status,
            code: text("code").and_then(|code| code.parse().ok()),
            detail: said.unwrap_or_else(|| format!("the server answered {status} and did not say why")),
            errors: list("errors").into_iter().filter_map(|error| serde_json::from_value(error).ok()).collect(),
            allowed: list("allowed").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            request_id: text("request_id").or_else(|| request_id.map(str::to_owned)),
            retry_after_s,
            auth,
            document,
        }
    }

    /// Whether a fault tells more than what was said already, where it is the only one.
    fn has_not_said(&self, error: &InputError) -> bool {
        let says_line = error.line.is_none_or(|line| self.detail.contains(&format!("line {line}")));
        self.errors.len() > 1 || !self.detail.contains(&error.detail) || !says_line
    }

    fn hint(&self) -> String {
        match self.code {
            Some(code) => self.hint_for(code),
            None => match self.status {
                300..=399 => {
                    "the server has moved; ask whoever runs it for the address and name it with --server".to_owned()
                }
                401 | 403 => self.hint_for(ProblemCode::Unauthenticated),
                404 | 405 => {
                    "check that --server names an OWP server: `owp server` tells what answers there".to_owned()
                }
                429 => "wait a moment, then try again".to_owned(),
                500.. => "try again in a moment; if it stays so, tell whoever runs the server".to_owned(),
                _ => "see `owp help` for what this command takes".to_owned(),
            },
        }
    }

    fn hint_for(&self, code: ProblemCode) -> String {
        let hint = match code {
            ProblemCode::Unauthenticated if self.auth == Auth::Admin => {
                "give the server's admin token with OWP_ADMIN_TOKEN, or save it with `owp admin login --token T`"
            }
            ProblemCode::Unauthenticated => {
                "register first: `owp worker register --name YOU` (`--force` if you were registered)"
            }
            ProblemCode::TokenExpired => "register again: `owp worker register --name YOU --force`",
            ProblemCode::TokenRevoked => "a maintainer shut this worker out; talk to them before you register again",
            ProblemCode::Forbidden => "this token may not do that; an admin token may, see `owp admin login`",
            ProblemCode::RegistrationClosed => "ask the maintainers to open registration",
            ProblemCode::InviteNeeded => "ask a maintainer for an invite code and pass it with --invite-code",
            ProblemCode::NotFound | ProblemCode::MethodNotAllowed => {
                "the server does not know this call; `owp server` shows its version"
            }
            ProblemCode::TaskNotFound if self.auth == Auth::Admin => "list the tasks with `owp admin tasks --all`",
            ProblemCode::TaskNotFound => "see what you hold with `owp worker status`",
            ProblemCode::RepoNotFound => "register it first: `owp admin init-repo OWNER/NAME`",
            ProblemCode::WorkerNotFound => "list the workers with `owp admin workers`",
            ProblemCode::CursorNotFound => "list again from the start",
            ProblemCode::LeaseStale => "the task is no longer yours; `owp worker fetch` shows what you hold now",
            ProblemCode::OfferGone => {
                "it ran out, was answered or was withdrawn; `owp worker offers` shows what is open now"
            }
            ProblemCode::NotParkable => {
                "hand it back instead, with what is done: `owp worker release TASK --reason quota_exhausted --branch B`"
            }
            ProblemCode::TransitionNotAllowed => return self.hint_for_transition(),
            ProblemCode::TaskHeld => {
                "a worker holds it; `owp admin requeue TASK` takes it back, or wait until it is done"
            }
            ProblemCode::KeyTaken => "choose another key, or import under the same key to update that task",
            ProblemCode::DependencyCycle => {
                "leave one of these dependencies away; `owp admin show TASK` tells what a task depends on"
            }
            ProblemCode::TooMany => "keep to the number that is named above",
            ProblemCode::IdempotencyKeyReused => "run the command again; it makes a fresh key",
            ProblemCode::BodyTooLarge => "send less at a time; `owp server` shows the limits",
            ProblemCode::UnsupportedMediaType => "send YAML (.yaml) or JSON (.json)",
            ProblemCode::MalformedBody | ProblemCode::InvalidRequest => "correct what is named above and try again",
            ProblemCode::RateLimited => match self.retry_after_s {
                Some(seconds) => return format!("wait {seconds} s, then try again; `owp server` shows the limits"),
                None => "wait a moment, then try again; `owp server` shows the limits",
            },
            ProblemCode::GithubOff => {
                "whoever runs the server sets it up for GitHub: GITHUB_TOKEN, or GITHUB_APP_ID and GITHUB_APP_KEY"
            }
            ProblemCode::GithubFailed if self.may_pass() => "GitHub is away; try again in a few minutes",
            ProblemCode::GithubFailed => {
                "mend at GitHub, or in the server's credentials for it, what is named above; until then asking again is in vain"
            }
            ProblemCode::NotSupported => "do what is said above; `owp server` lists what this server can do",
            ProblemCode::Unavailable => "the server is busy; try again in a moment",
            ProblemCode::CursorGone => "start again with --after latest, or export the audit trail in time",
            ProblemCode::Internal => "try again; if it stays so, give the request id to whoever runs the server",
        };
        hint.to_owned()
    }

    /// Whether the same call may succeed later although nobody does anything about it. What GitHub refused the server, it will
    /// refuse again; where it is away, the server says when to come back.
    pub fn may_pass(&self) -> bool {
        match self.status {
            429 | 503 | 504 => true,
            502 => self.code != Some(ProblemCode::GithubFailed) || self.retry_after_s.is_some(),
            _ => false,
        }
    }

    fn hint_for_transition(&self) -> String {
        if self.allowed.is_empty() {
            return "nothing more can be reported for it; `owp admin show TASK` or `owp worker status` tells how it stands".to_owned();
        }
        format!("from here it may go to: {}", self.allowed.join(", "))
    }
}

impl Failure {
    pub fn local(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Local { what: what.into(), hint: hint.into() }
    }

    pub fn usage(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { what: what.into(), hint: hint.into() }
    }

    pub fn exit_code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Local { .. } | Self::Refused(_) => 1,
            Self::Usage { .. } => 2,
            Self::Unreachable { .. } => 3,
        })
    }

    pub fn code(&self) -> Option<ProblemCode> {
        if let Self::Refused(refusal) = self { refusal.code } else { None }
    }

    pub fn is_stale_lease(&self) -> bool {
        self.code() == Some(ProblemCode::LeaseStale)
    }

    pub fn is_unauthenticated(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.status == 401)
    }

    /// What happened, on one line and without what to do next.
    pub fn what(&self) -> String {
        clean_line(&match self {
            Self::Usage { what, .. } | Self::Local { what, .. } => what.clone(),
            Self::Unreachable { server, cause, .. } => format!("no answer from {server}: {cause}"),
            Self::Refused(refusal) => refusal.detail.clone(),
        })
    }

    pub fn hint(&self) -> String {
        clean_line(&match self {
            Self::Usage { hint, .. } | Self::Local { hint, .. } => hint.clone(),
            Self::Unreachable { .. } => {
                "start the server with `make run` or `owp-server`, or name another with --server or OWP_SERVER"
                    .to_owned()
            }
            Self::Refused(refusal) => refusal.hint(),
        })
    }

    /// The server's problem document as it came, or the same facts about what went wrong here.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Refused(refusal) if refusal.document.is_object() => refusal.document.clone(),
            _ => json!({ "error": self.what(), "hint": self.hint() }),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.what())?;
        if let Self::Refused(refusal) = self {
            for error in refusal.errors.iter().filter(|error| refusal.has_not_said(error)) {
                write!(f, "\n  {}", clean_line(&place_and_fault(error)))?;
            }
            if let Some(request_id) = &refusal.request_id {
                write!(f, "\n  request: {}", clean_line(request_id))?;
            }
        }
        write!(f, "\n  hint: {}", clean_block(&self.hint()))
    }
}

fn place_and_fault(error: &InputError) -> String {
    let mut place = String::new();
    if let Some(line) = error.line {
        let _ = write!(place, "line {line}");
    }
    if let Some(name) = error.pointer.as_ref().or(error.parameter.as_ref()).filter(|name| !name.is_empty()) {
        let _ = if place.is_empty() { write!(place, "{name}") } else { write!(place, " ({name})") };
    }
    if place.is_empty() { error.detail.clone() } else { format!("{place}: {}", error.detail) }
}

#[cfg(test)]
mod tests {
    use super::{Failure, Refusal};
    use crate::api::Auth;
    use owp_wire::ProblemCode;
    use serde_json::json;

    fn refused(status: u16, document: &serde_json::Value, auth: Auth) -> Failure {
        Failure::Refused(Box::new(Refusal::read(status, document.to_string().as_bytes(), None, None, auth)))
    }

    #[test]
    fn a_problem_shows_detail_faults_request_and_the_next_step() {
        let failure = refused(
            404,
            &json!({ "code": "repo_not_found", "detail": "there is no repository owner/repo", "request_id": "r1",
                "errors": [{ "pointer": "/3/repo", "line": 12, "detail": "unknown repository" }, { "parameter": "limit", "detail": "too large" }] }),
            Auth::Admin,
        );
        assert_eq!(
            failure.to_string(),
            "error: there is no repository owner/repo\n  line 12 (/3/repo): unknown repository\n  limit: too large\n  \
             request: r1\n  hint: register it first: `owp admin init-repo OWNER/NAME`"
        );
    }

    #[test]
    fn a_single_fault_is_not_told_twice_unless_its_line_is_new() {
        let told = |detail: &str, error: serde_json::Value| {
            let document = json!({ "code": "invalid_request", "detail": detail, "errors": [error] });
            refused(400, &document, Auth::Admin).to_string().lines().count()
        };
        let error = |line: Option<u32>| json!({ "pointer": "/0/tier", "line": line, "detail": "is too large" });
        assert_eq!(told("/0/tier: is too large", error(None)), 2);
        assert_eq!(told("line 4: is too large", error(Some(4))), 2);
        assert_eq!(told("/0/tier: is too large", error(Some(4))), 3);
        assert_eq!(told("the list has a fault", error(None)), 3);
    }

    #[test]
    fn an_unknown_code_still_shows_its_text() {
        let failure = refused(418, &json!({ "code": "teapot", "detail": "short and stout" }), Auth::Worker);
        assert!(failure.to_string().starts_with("error: short and stout\n  hint: "));
        assert_eq!(failure.code(), None);
    }

    #[test]
    fn an_answer_that_is_no_problem_document_is_still_an_error_with_a_hint() {
        let refusal = Refusal::read(502, b"<html>bad gateway</html>", None, Some("r9"), Auth::None);
        let text = Failure::Refused(Box::new(refusal)).to_string();
        assert!(text.contains("answered 502") && text.contains("request: r9") && text.contains("hint: "), "{text}");
    }

    #[test]
    fn a_refused_transition_names_the_allowed_ones() {
        let failure = refused(
            409,
            &json!({ "code": "transition_not_allowed", "detail": "no", "allowed": ["in_progress", "blocked"] }),
            Auth::Worker,
        );
        assert!(failure.to_string().ends_with("hint: from here it may go to: in_progress, blocked"));
    }

    #[test]
    fn a_missing_token_is_explained_to_whoever_asked() {
        let document = json!({ "code": "unauthenticated", "detail": "no" });
        assert!(refused(401, &document, Auth::Admin).hint().contains("OWP_ADMIN_TOKEN"));
        assert!(refused(401, &document, Auth::Worker).hint().contains("owp worker register"));
    }

    #[test]
    fn every_code_of_the_contract_has_a_hint() {
        let contract: serde_json::Value = serde_json::from_str(owp_wire::CONTRACT_JSON).unwrap();
        let codes = contract.pointer("/components/schemas/ProblemCode/enum");
        for code in codes.and_then(|codes| codes.as_array()).expect("the contract lists its codes") {
            let known: ProblemCode = serde_json::from_value(code.clone()).unwrap();
            for auth in [Auth::None, Auth::Worker, Auth::Admin] {
                let failure = refused(400, &json!({ "code": known, "detail": "x" }), auth);
                assert!(failure.hint().len() > 10, "{code}");
            }
        }
    }

    #[test]
    fn hostile_text_in_a_problem_is_made_harmless() {
        let failure = refused(400, &json!({ "detail": "a\u{1b}[31mb\nerror: c" }), Auth::None);
        assert!(
            !failure.to_string().contains('\u{1b}')
                && failure.to_string().starts_with("error: a\u{fffd}[31mb error: c")
        );
    }
}
