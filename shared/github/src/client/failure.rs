//! What an answer that is no success means, and when to ask again.

use crate::api::Error;
use http::{HeaderMap, StatusCode};
use owp_wire::Timestamp;
use serde::Deserialize;

/// GitHub asks for "at least one minute" where it limits and does not say for how long.
const LIMITED_AT_LEAST_S: u32 = 60;

/// No limit of GitHub's lasts longer; a header that says more is a mistake somewhere on the way.
const LIMITED_AT_MOST_S: u32 = 24 * 3600;

const MESSAGE_CHARS_MAX: usize = 200;

#[derive(Deserialize)]
struct Told {
    message: String,
}

pub fn of_answer(status: StatusCode, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Error {
    let message = serde_json::from_slice::<Told>(body).map(|told| told.message).unwrap_or_default();
    let until = limited_until(status, headers, &message, now);
    match status {
        _ if let Some(until) = until => Error::Limited { until },
        StatusCode::UNAUTHORIZED => Error::Unauthorized,
        StatusCode::FORBIDDEN => {
            let permission = text_of(headers, "x-accepted-github-permissions").filter(|named| !named.is_empty());
            Error::Forbidden { permission: permission.map(str::to_owned) }
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => Error::NotFound,
        _ if status.is_redirection() => Error::Moved,
        _ if status.is_server_error() => Error::Unavailable { because: format!("it answers with {}", status.as_u16()) },
        _ => Error::Refused { status: status.as_u16(), message: message.chars().take(MESSAGE_CHARS_MAX).collect() },
    }
}

/// By the order that GitHub documents: `retry-after`, then `x-ratelimit-reset` where nothing remains, then a minute.
fn limited_until(status: StatusCode, headers: &HeaderMap, message: &str, now: Timestamp) -> Option<Timestamp> {
    let number = |name| text_of(headers, name).and_then(|value| value.trim().parse::<i64>().ok());
    let may_limit = [StatusCode::FORBIDDEN, StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE];
    if !may_limit.contains(&status) {
        return None;
    }
    let bounded = |until: Timestamp| until.clamp(now.plus_s(1), now.plus_s(LIMITED_AT_MOST_S));
    if let Some(seconds) = number("retry-after") {
        return Some(bounded(now.plus_s(u32::try_from(seconds.max(0)).unwrap_or(u32::MAX))));
    }
    if number("x-ratelimit-remaining") == Some(0)
        && let Some(reset) = number("x-ratelimit-reset")
    {
        return Some(bounded(Timestamp::from_millis(reset.saturating_mul(1000))));
    }
    let message = message.to_lowercase();
    let says_so = ["rate limit", "abuse detection"].iter().any(|words| message.contains(words));
    (status == StatusCode::TOO_MANY_REQUESTS || (status == StatusCode::FORBIDDEN && says_so))
        .then(|| now.plus_s(LIMITED_AT_LEAST_S))
}

fn text_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// What went wrong below, innermost: "connection refused" tells more than "service error".
pub fn words_of(error: &(dyn std::error::Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    #[track_caller]
    fn check(status: u16, headers: &[(&'static str, &str)], message: &str, expected: &Error) {
        let map = headers.iter().map(|(name, value)| ((*name).parse().unwrap(), HeaderValue::from_str(value).unwrap()));
        let body = format!(r#"{{"message":{message:?}}}"#);
        let found = of_answer(StatusCode::from_u16(status).unwrap(), &map.collect(), body.as_bytes(), NOW);
        assert_eq!(&found, expected, "{status} {headers:?} {message}");
    }

    fn limited(seconds: u32) -> Error {
        Error::Limited { until: NOW.plus_s(seconds) }
    }

    #[test]
    fn a_limit_ends_when_github_says() {
        check(403, &[("retry-after", "30")], "You have exceeded a secondary rate limit", &limited(30));
        check(429, &[("retry-after", "0")], "", &limited(1));
        check(403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1800000090")], "", &limited(90));
        check(429, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1700000000")], "", &limited(1));
        check(403, &[("x-ratelimit-remaining", "12")], "You have exceeded a secondary rate limit.", &limited(60));
        check(429, &[], "slow down", &limited(60));
        check(503, &[("retry-after", "7")], "", &limited(7));
        check(403, &[("retry-after", "99999999999")], "", &limited(LIMITED_AT_MOST_S));
    }

    #[test]
    fn every_other_answer_says_whether_another_try_helps() {
        check(401, &[], "Bad credentials", &Error::Unauthorized);
        let permission = Some("issues=write".to_owned());
        let header = [("x-accepted-github-permissions", "issues=write"), ("x-ratelimit-remaining", "4999")];
        check(403, &header, "Resource not accessible by integration", &Error::Forbidden { permission });
        check(403, &[], "no", &Error::Forbidden { permission: None });
        for (status, error) in
            [(404, Error::NotFound), (410, Error::NotFound), (301, Error::Moved), (307, Error::Moved)]
        {
            check(status, &[], "", &error);
        }
        check(422, &[], "Validation Failed", &Error::Refused { status: 422, message: "Validation Failed".into() });
        for status in [500, 502, 503, 504] {
            check(status, &[], "", &Error::Unavailable { because: format!("it answers with {status}") });
        }
    }
}
