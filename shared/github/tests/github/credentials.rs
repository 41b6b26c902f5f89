//! A token, an app's key, and the tokens that it earns: renewed in time, and never shown.

use crate::{Clock, REPO, app, as_app, issue, mock, repo, settings, with_token};
use owp_github::{Client, Credentials, Error, GitHub};

fn tokens_made(mock: &owp_github_mock::Mock) -> usize {
    mock.requests().iter().filter(|request| request.path.ends_with("/access_tokens")).count()
}

#[tokio::test]
async fn a_token_of_an_installation_is_used_until_shortly_before_its_end() {
    let setting = as_app().await;
    let number = setting.mock.add_issue(REPO, issue("one", &[]));
    for (pass_s, made) in [(0, 1), (0, 1), (3299, 1), (2, 2), (3600, 3)] {
        setting.clock.pass_s(pass_s);
        setting.client.issue(&repo(), number).await.unwrap();
        assert_eq!(tokens_made(&setting.mock), made, "after {pass_s} s");
    }
    assert!(setting.mock.requests().iter().all(|request| request.status < 400), "nobody was turned away");
    setting.mock.assert_described();
}

#[tokio::test]
async fn a_token_that_ended_early_is_replaced_once() {
    let setting = as_app().await;
    let number = setting.mock.add_issue(REPO, issue("one", &[]));
    setting.client.issue(&repo(), number).await.unwrap();
    setting.mock.end_tokens();
    setting.client.issue(&repo(), number).await.unwrap();
    assert_eq!(tokens_made(&setting.mock), 2);
    setting.mock.fail(owp_github_mock::When::Path("/issues/"), owp_github_mock::Fault::Status(401));
    setting.mock.fail(owp_github_mock::When::Path("/issues/"), owp_github_mock::Fault::Status(401));
    assert_eq!(setting.client.issue(&repo(), number).await, Err(Error::Unauthorized));
    setting.client.issue(&repo(), number).await.unwrap();
}

#[tokio::test]
async fn many_requests_at_once_make_one_token() {
    let setting = as_app().await;
    let number = setting.mock.add_issue(REPO, issue("one", &[]));
    let client = std::sync::Arc::new(setting.client);
    let asks = (0..20).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { client.issue(&repo(), number).await })
    });
    for asked in asks.collect::<Vec<_>>() {
        asked.await.unwrap().unwrap();
    }
    assert_eq!(tokens_made(&setting.mock), 1);
}

#[tokio::test]
async fn an_app_that_is_taken_away_and_comes_back_is_found_under_its_new_number() {
    let setting = as_app().await;
    let before = setting.client.access(&repo()).await.unwrap().installation_id;
    setting.mock.uninstall(REPO);
    let asked = setting.client.access(&repo()).await;
    // The old token is known still, so that this is told by whoever uses it.
    assert!(asked.is_ok());
    assert_eq!(setting.client.issue(&repo(), 1).await, Err(Error::NotInstalled { repo: repo() }));
    let anew = setting.mock.add_repo(REPO);
    let found = setting.client.access(&repo()).await.unwrap().installation_id;
    assert_eq!(found, Some(anew));
    assert_ne!(found, before);
    setting.mock.assert_described();
}

#[tokio::test]
async fn access_says_who_writes_and_what_is_granted() {
    let setting = as_app().await;
    let access = setting.client.access(&repo()).await.unwrap();
    assert_eq!(access.login, "owp-pool[bot]");
    assert_eq!(
        access.granted(),
        ["checks:write", "contents:read", "issues:write", "metadata:read", "pull_requests:write"]
    );
    assert!(access.may_write("issues") && !access.may_write("contents") && !access.may_write("statuses"));
    let setting = with_token().await;
    let access = setting.client.access(&repo()).await.unwrap();
    assert_eq!((access.login.as_str(), access.installation_id), ("maintainer", None));
    assert!(access.may_write("statuses") && !access.may_write("checks"));
    setting.mock.assert_described();
}

#[tokio::test]
async fn a_permission_that_is_missing_is_named() {
    let setting = as_app().await;
    let number = setting.mock.add_issue(REPO, issue("one", &[]));
    setting.mock.set_permission("issues", Some("read"));
    setting.client.issue(&repo(), number).await.unwrap();
    let refused = setting.client.add_labels(&repo(), number, &["x".to_owned()]).await;
    assert_eq!(refused, Err(Error::Forbidden { permission: Some("issues=write".to_owned()) }));
    setting.mock.assert_described();
}

#[tokio::test]
async fn a_key_of_another_app_is_not_taken() {
    let clock = Clock::new();
    let (right, wrong) = (mock(&clock).await, mock(&clock).await);
    let client = Client::new(settings(&clock, &right, app(&wrong))).unwrap();
    assert_eq!(client.issue(&repo(), 1).await, Err(Error::Unauthorized));
}

#[tokio::test]
async fn what_can_never_work_is_said_at_the_start() {
    let clock = Clock::new();
    let mock = mock(&clock).await;
    let why = |credentials| Client::new(settings(&clock, &mock, credentials)).err().map(|error| error.to_string());
    let app = |key_pem: &str| Credentials::App { id: "1".to_owned(), key_pem: key_pem.to_owned() };
    assert!(why(Credentials::Token(String::new())).unwrap().contains("GITHUB_TOKEN"));
    assert!(why(Credentials::Token("a\nb".to_owned())).unwrap().contains("GITHUB_TOKEN"));
    assert!(why(Credentials::Token("ghs_short".to_owned())).unwrap().contains("GITHUB_APP_ID"));
    assert!(why(app("no key")).unwrap().contains("PEM"));
    for url in ["", "github.com", "ftp://github.com", "https://"] {
        let credentials = Credentials::Token("x".to_owned());
        let settings = owp_github::Settings { api_url: url.to_owned(), ..settings(&clock, &mock, credentials) };
        assert!(Client::new(settings).is_err(), "{url}");
    }
}

#[test]
fn credentials_never_show_what_they_hold() {
    let shown = format!(
        "{:?} {:?}",
        Credentials::Token("hush".to_owned()),
        Credentials::App { id: "7".to_owned(), key_pem: "hush".to_owned() }
    );
    assert_eq!(shown, "Token App(7)");
}
