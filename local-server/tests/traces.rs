//! Traces, as a collector on this machine gets them.

mod support;

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Said;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use reqwest::StatusCode;
use serde_json::json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use support::{ADMIN_TOKEN, Server, until};

/// Takes whatever is sent to it.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Vec<u8>>>>);

impl Collector {
    /// Says where it is to be found.
    fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let collector = self.clone();
        std::thread::spawn(move || {
            listener.incoming().map_while(Result::ok).for_each(|stream| collector.serve(stream));
        });
        url
    }

    fn serve(&self, stream: TcpStream) {
        let mut reader = BufReader::new(stream);
        let (mut head, mut length) = (String::new(), 0);
        while reader.read_line(&mut head).is_ok_and(|read| read > 2) {
            let line = head.lines().last().unwrap_or_default().to_ascii_lowercase();
            if let Some(said) = line.strip_prefix("content-length:") {
                length = said.trim().parse().expect("a number");
            }
        }
        assert!(head.starts_with("POST /v1/traces "), "{head}");
        let mut body = vec![0; length];
        reader.read_exact(&mut body).expect("all of it");
        self.0.lock().expect("not poisoned").push(body);
        let answer =
            "HTTP/1.1 200 OK\r\ncontent-type: application/x-protobuf\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        reader.get_mut().write_all(answer.as_bytes()).expect("the server listens");
    }

    fn spans(&self) -> Vec<Span> {
        let bodies = self.0.lock().expect("not poisoned").clone();
        let requests = bodies.iter().map(|body| ExportTraceServiceRequest::decode(&**body).expect("OTLP"));
        let scopes =
            requests.flat_map(|request| request.resource_spans).flat_map(|of_resource| of_resource.scope_spans);
        scopes.flat_map(|scope| scope.spans).collect()
    }

    fn has(&self, text: &str) -> bool {
        let bodies = self.0.lock().expect("not poisoned");
        bodies.iter().any(|body| body.windows(text.len()).any(|part| part == text.as_bytes()))
    }
}

fn attribute(span: &Span, name: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key == name)?;
    Some(match found.value.as_ref()?.value.as_ref()? {
        Said::StringValue(text) => text.clone(),
        Said::IntValue(number) => number.to_string(),
        other => panic!("{name} is {other:?}"),
    })
}

#[tokio::test]
async fn a_request_and_its_commit_are_told_under_the_callers_trace_and_nothing_secret_is() {
    let (folder, collector) = (tempfile::tempdir().expect("a folder"), Collector::default());
    let url = collector.start();
    let server =
        Server::start(folder.path(), &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url), ("OTEL_BSP_SCHEDULE_DELAY", "50")]);
    let pool = server.pool();
    pool.put_repo("owner/repo", 1).await;
    let (trace, parent) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331");
    let ask = pool.http.post(format!("{}/v1/admin/tasks", server.url)).header("X-Admin-Token", ADMIN_TOKEN);
    let ask =
        ask.header("traceparent", format!("00-{trace}-{parent}-01")).header("X-Request-Id", "the-request-of-the-test");
    let answer = ask.json(&json!({ "repo": "owner/repo", "title": "a title that is nobody's business" })).send().await;
    assert_eq!(answer.expect("an answer").status(), StatusCode::CREATED);
    let wrong =
        pool.http.get(format!("{}/v1/work", server.url)).header("Authorization", "Bearer a.bad.token").send().await;
    assert_eq!(wrong.expect("an answer").status(), StatusCode::UNAUTHORIZED);

    let named = |name: &str| {
        collector.spans().into_iter().find(|span| attribute(span, "owp.operation").as_deref() == Some(name))
    };
    let request = until("the request's span", async || named("createTask")).await;
    assert_eq!((request.name.as_str(), request.kind), ("createTask", 2), "of a server");
    assert_eq!(hexadecimal(&request.trace_id), trace);
    assert_eq!(hexadecimal(&request.parent_span_id), parent);
    assert_eq!(attribute(&request, "http.response.status_code").as_deref(), Some("201"));
    assert_eq!(attribute(&request, "http.request.method").as_deref(), Some("POST"));
    assert_eq!(attribute(&request, "owp.request_id").as_deref(), Some("the-request-of-the-test"));
    let below = || collector.spans().into_iter().find(|span| span.parent_span_id == request.span_id);
    let commit = until("the commit's span", async || below()).await;
    assert_eq!((commit.name.as_str(), attribute(&commit, "owp.store").as_deref()), ("commit", Some("libsql")));
    assert_eq!(commit.trace_id, request.trace_id);
    assert!(commit.start_time_unix_nano >= request.start_time_unix_nano);
    assert!(commit.end_time_unix_nano <= request.end_time_unix_nano);
    let refused = until("the refused call's span", async || named("fetchWork")).await;
    assert_eq!(attribute(&refused, "http.response.status_code").as_deref(), Some("401"));
    assert!(refused.parent_span_id.is_empty(), "it begins a trace of its own");

    // What is traced last is sent before the process ends.
    let state =
        pool.http.get(format!("{}/v1/admin/state", server.url)).header("X-Admin-Token", ADMIN_TOKEN).send().await;
    assert_eq!(state.expect("an answer").status(), StatusCode::OK);
    assert!(server.process.terminate().success());
    assert!(named("getState").is_some());
    assert!(collector.has("owp-server"), "the service has a name");
    for secret in [ADMIN_TOKEN, "a.bad.token", "nobody's business", "127.0.0.1"] {
        assert!(!collector.has(secret), "{secret} was sent");
    }
}

#[tokio::test]
async fn a_collector_that_is_away_harms_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let nobody = TcpListener::bind("127.0.0.1:0").expect("a free port").local_addr().expect("it was bound");
    let url = format!("http://{nobody}");
    let server =
        Server::start(folder.path(), &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url), ("OTEL_BSP_SCHEDULE_DELAY", "50")]);
    let pool = server.pool();
    for _ in 0..20 {
        pool.put_repo("owner/repo", 1).await;
    }
    assert!(server.process.terminate().success());
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
