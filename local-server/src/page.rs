//! What people see at `/`: the dashboard, where this program was built with it, else a page that says what this is and
//! where to go on. The dashboard's files are the same that lie on S3 elsewhere.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use std::hash::{DefaultHasher, Hasher};

mod dashboard {
    include!(concat!(env!("OUT_DIR"), "/dashboard.rs"));
}

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");

/// Nothing but the page's own style may be loaded.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Scripts, styles and answers of this server, and nothing from anywhere else. `infra/template.yaml` has the same.
const DASHBOARD_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The names of these files have a hash of what is in them, so they never change.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub fn routes() -> Router {
    match file("index.html") {
        Some(_) => Router::new().route("/", get(index)).route("/assets/{name}", get(asset)),
        None => Router::new().route("/", get(page)).route("/page.css", get(style)),
    }
}

async fn page() -> impl IntoResponse {
    (guarded(POLICY), Html(PAGE.replace("{{version}}", env!("CARGO_PKG_VERSION"))))
}

async fn style() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")], STYLE)
}

/// Asked for again each time, and sent only where it is another one: it names the files of this build.
async fn index(headers: HeaderMap) -> Response {
    let Some(page) = file("index.html") else { return StatusCode::NOT_FOUND.into_response() };
    let mut hasher = DefaultHasher::new();
    hasher.write(page);
    let tag = format!("W/\"{:016x}\"", hasher.finish());
    let caching = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "no-cache".to_owned())];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, guarded(DASHBOARD_POLICY), caching).into_response();
    }
    let kind = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
    (guarded(DASHBOARD_POLICY), caching, kind, page).into_response()
}

async fn asset(Path(name): Path<String>) -> Response {
    let Some(content) = file(&format!("assets/{name}")) else { return StatusCode::NOT_FOUND.into_response() };
    let kind = match name.rsplit_once('.') {
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)];
    (headers, [(header::X_CONTENT_TYPE_OPTIONS, "nosniff")], content).into_response()
}

fn guarded(policy: &'static str) -> [(HeaderName, &'static str); 3] {
    [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ]
}

fn file(name: &str) -> Option<&'static [u8]> {
    dashboard::FILES.iter().find(|(found, _)| *found == name).map(|(_, content)| *content)
}
