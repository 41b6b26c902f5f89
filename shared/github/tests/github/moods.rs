//! A GitHub that is slow, limits, breaks or is away: what the client says of it, so that whoever waits knows for how long.

use crate::{Clock, REPO, app, as_app, issue, mock, repo, settings};
use owp_github::{Client, Comment, Error, GitHub, Settings};
use owp_github_mock::{Fault, When};
use std::time::Duration;

#[tokio::test]
async fn limits_are_told_with_their_end() {
    let setting = as_app().await;
    let number = setting.mock.add_issue(REPO, issue("one", &[]));
    let now = setting.clock.now();
    setting.mock.fail(When::Path("/issues/"), Fault::SecondaryLimit { retry_after_s: 30 });
    let answer = setting.client.issue(&repo(), number).await;
    assert_eq!(answer, Err(Error::Limited { until: now.plus_s(30) }));
    let reset_at_s = now.plus_s(900).as_millis() / 1000;
    setting.mock.fail(When::Path("/issues/"), Fault::PrimaryLimit { reset_at_s });
    let answer = setting.client.issue(&repo(), number).await;
    assert_eq!(answer, Err(Error::Limited { until: now.plus_s(900) }));
    let asked = setting.mock.requests().iter().filter(|request| request.path.contains("/issues/")).count();
    assert_eq!(asked, 2, "the client itself does not ask again");
    setting.client.issue(&repo(), number).await.unwrap();
}

#[tokio::test]
async fn more_writes_than_github_takes_in_a_minute_are_limited() {
    let setting = as_app().await;
    setting.mock.mind_the_pace();
    let number = setting.mock.add_issue(REPO, issue("one", &[]));
    let mut written = 0;
    let limited = loop {
        match setting.client.add_labels(&repo(), number, &[format!("l{written}")]).await {
            Ok(()) => written += 1,
            Err(error) => break error,
        }
    };
    assert_eq!((written, limited), (80, Error::Limited { until: setting.clock.now().plus_s(60) }));
    setting.clock.pass_s(61);
    setting.client.add_labels(&repo(), number, &["later".to_owned()]).await.unwrap();
}

#[tokio::test]
async fn what_breaks_on_the_other_side_is_unavailable_and_passes() {
    let setting = as_app().await;
    let number = setting.mock.add_issue(REPO, issue("one", &[]));
    for status in [500, 502, 503, 504] {
        setting.mock.fail(When::Path("/issues/"), Fault::Status(status));
        let error = setting.client.issue(&repo(), number).await.unwrap_err();
        assert!(matches!(error, Error::Unavailable { .. }) && error.is_passing(), "{status}: {error}");
    }
    setting.client.issue(&repo(), number).await.unwrap();
    assert!(setting.mock.is_out_of_faults());
}

#[tokio::test]
async fn no_answer_in_time_is_unavailable() {
    let clock = Clock::new();
    let mock = mock(&clock).await;
    let number = mock.add_issue(REPO, issue("one", &[]));
    let request_timeout = Duration::from_secs(2);
    let client = Client::new(Settings { request_timeout, ..settings(&clock, &mock, app(&mock)) }).unwrap();
    client.access(&repo()).await.unwrap();
    mock.fail(When::Path("/issues/"), Fault::Slow(Duration::from_mins(1)));
    let answer = client.issue(&repo(), number).await;
    assert!(matches!(answer, Err(Error::Unavailable { .. })), "{answer:?}");
    client.issue(&repo(), number).await.unwrap();
}

#[tokio::test]
async fn nobody_there_is_unavailable_and_shows_no_credentials() {
    let clock = Clock::new();
    let mock = mock(&clock).await;
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let token = owp_github::Credentials::Token(mock.token().to_owned());
    let api_url = format!("http://127.0.0.1:{port}");
    let client = Client::new(Settings { api_url, ..settings(&clock, &mock, token) }).unwrap();
    let error = client.issue(&repo(), 1).await.unwrap_err();
    assert!(error.to_string().contains("refused") && error.is_passing(), "{error}");
    assert!(!format!("{error:?}").contains(mock.token()));
}

#[tokio::test]
async fn a_request_that_github_finds_wrong_is_not_worth_repeating() {
    let setting = as_app().await;
    setting.mock.fail(When::Writes, Fault::Status(422));
    let comment = Comment { body: "x".to_owned(), marker: "x".to_owned() };
    let number = setting.mock.add_issue(REPO, issue("one", &[]));
    let error = setting.client.put_comment(&repo(), number, &comment, None).await.unwrap_err();
    assert_eq!(error, Error::Refused { status: 422, message: "This is not your day.".to_owned() });
    assert!(!error.is_passing());
}
