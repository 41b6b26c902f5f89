//! What one client can take from the others: nothing that lasts. Raw sockets do what no proper client does.

mod support;

use reqwest::{Method, StatusCode};
use serde_json::Value;
use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;
use support::{PATIENCE, Pool, Server, until};

/// As soon as the settings allow, and one address may hold two connections of eight.
const IMPATIENT: [(&str, &str); 4] = [
    ("OWP_HEADER_TIMEOUT_S", "1"),
    ("OWP_BODY_TIMEOUT_S", "1"),
    ("OWP_WRITE_TIMEOUT_S", "1"),
    ("OWP_CONNECTIONS_MAX", "8"),
];

fn start(more: &[(&str, &str)]) -> (tempfile::TempDir, Server, Pool) {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path(), &[&IMPATIENT[..], more].concat());
    let pool = server.pool();
    (folder, server, pool)
}

fn connect(server: &Server) -> TcpStream {
    let stream = TcpStream::connect(server.url.trim_start_matches("http://")).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
    stream
}

/// Everything until the server closes the connection, which it must.
fn read_to_end(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    match stream.read_to_end(&mut bytes) {
        Ok(_) => {}
        // It had not read what we sent when it closed.
        Err(error) if [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe].contains(&error.kind()) => {}
        Err(error) => panic!("the server keeps the connection: {error}"),
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// As an administrator sees it, on a connection of its own.
async fn connections_open(pool: &Pool) -> u64 {
    let (status, limits) = pool.admin(Method::GET, "/v1/admin/limits", None).await;
    assert_eq!(status, StatusCode::OK);
    limits["connections"]["open"].as_u64().expect("a number")
}

async fn is_healthy(pool: &Pool) {
    let answer = pool.http.get(format!("{}/healthz", pool.url)).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_head_that_never_ends_is_given_up_and_others_are_served_meanwhile() {
    let (_folder, server, pool) = start(&[]);
    let mut slow = connect(&server);
    slow.write_all(b"GET /v1/server HTTP/1.1\r\nHost: pool\r\nX-Slow: ").expect("it listens");
    is_healthy(&pool).await;
    let dripping = std::thread::spawn(move || {
        // A byte now and then does not buy more time.
        while slow.write_all(b"a").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    until("the slow head to be given up", async || dripping.is_finished().then_some(())).await;
    is_healthy(&pool).await;
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    let (_folder, server, pool) = start(&[]);
    let mut slow = connect(&server);
    let head = "POST /v1/workers/register HTTP/1.1\r\nHost: pool\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{";
    slow.write_all(head.as_bytes()).expect("it listens");
    is_healthy(&pool).await;
    let answer = tokio::task::spawn_blocking(move || read_to_end(slow)).await.expect("it reads");
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("malformed_body"), "{answer}");
}

#[tokio::test]
async fn huge_and_countless_headers_are_refused_unread() {
    let (_folder, server, pool) = start(&[]);
    let long = format!("X-Long: {}\r\n", "a".repeat(20 * 1024));
    let many = (0..200).fold(String::new(), |all, number| all + &format!("X-{number}: a\r\n"));
    for (headers, may_be_cut_off) in [(long, true), (many, false)] {
        let mut greedy = connect(&server);
        let sent = greedy.write_all(format!("GET /healthz HTTP/1.1\r\nHost: pool\r\n{headers}\r\n").as_bytes());
        let answer = tokio::task::spawn_blocking(move || read_to_end(greedy)).await.expect("it reads");
        // What it has not read when it closes takes the answer along, as TCP has it.
        let is_cut_off = may_be_cut_off && answer.is_empty();
        assert!(answer.starts_with("HTTP/1.1 431 ") || is_cut_off, "{sent:?} {answer}");
    }
    let mut endless = connect(&server);
    let flooding = std::thread::spawn(move || {
        let line = format!("X-Long: {}\r\n", "a".repeat(1024));
        let started = endless.write_all(b"GET /healthz HTTP/1.1\r\n");
        started.and_then(|()| (0..100_000).try_for_each(|_| endless.write_all(line.as_bytes()))).is_err()
    });
    assert!(tokio::task::spawn_blocking(move || flooding.join().expect("it writes")).await.expect("it ends"));
    is_healthy(&pool).await;
}

#[tokio::test]
async fn a_flood_from_one_address_leaves_room_for_the_others() {
    let (_folder, server, _) = start(&[("OWP_HOST", "0.0.0.0"), ("OWP_HEADER_TIMEOUT_S", "60")]);
    let port = server.url.rsplit(':').next().expect("a port").to_owned();
    // On Linux every address of 127.0.0.0/8 is this machine's, so these come from another one than the flood.
    let elsewhere = reqwest::Client::builder().local_address(Some([127, 0, 0, 2].into())).build().expect("a client");
    let pool = Pool { url: format!("http://127.0.0.1:{port}"), http: elsewhere };
    let address = format!("127.0.0.1:{port}");
    let flood: Vec<TcpStream> = (0..100).map(|_| TcpStream::connect(&address).expect("it listens")).collect();
    for stream in &flood {
        stream.set_read_timeout(Some(Duration::from_millis(20))).expect("a socket");
    }
    // An open one has nothing to say, so reading it takes until its time is over.
    let is_open =
        |mut stream: &TcpStream| stream.read(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
    until("all but two of the flood to be closed", async || {
        (flood.iter().filter(|stream| is_open(stream)).count() == 2).then_some(())
    })
    .await;
    is_healthy(&pool).await;
    assert_eq!(connections_open(&pool).await, 3);
    let (_, limits) = pool.admin(Method::GET, "/v1/admin/limits", None).await;
    assert_eq!((&limits["connections"]["max"], &limits["connections"]["per_address_max"]), (&8.into(), &2.into()));
    drop(flood);
    until("their places to be free", async || (connections_open(&pool).await == 1).then_some(())).await;
}

#[tokio::test]
async fn a_reader_that_never_reads_is_let_go() {
    let (_folder, server, pool) = start(&[]);
    let mut deaf = connect(&server);
    let asking = std::thread::spawn(move || {
        // Far more answers than the sockets' buffers hold. Once those are full the server reads no more of this either.
        let request = "GET /v1/server HTTP/1.1\r\nHost: pool\r\n\r\n".repeat(100);
        (0..100_000).try_for_each(|_| deaf.write_all(request.as_bytes())).expect_err("the server lets go")
    });
    is_healthy(&pool).await;
    until("the deaf reader to be let go", async || asking.is_finished().then_some(())).await;
    let error = asking.join().expect("it ends");
    assert!([ErrorKind::ConnectionReset, ErrorKind::BrokenPipe].contains(&error.kind()), "{error}");
    until("its place to be free", async || (connections_open(&pool).await == 1).then_some(())).await;
}

#[tokio::test]
async fn a_stream_of_events_outlives_the_patience_for_heads_and_ends_with_the_server() {
    let (_folder, server, pool) = start(&[]);
    let url = format!("{}/v1/events", pool.url);
    let ask = pool.http.get(url).header("X-Admin-Token", support::ADMIN_TOKEN).header("Accept", "text/event-stream");
    let mut stream = ask.send().await.expect("a stream");
    let mut told =
        String::from_utf8(stream.chunk().await.expect("a chunk").expect("it goes on").to_vec()).expect("text");
    let since = support::now();
    let mut repos = 0;
    while since.elapsed() < Duration::from_secs(3) {
        repos += 1;
        pool.put_repo(&format!("owner/repo{repos}"), 1).await;
        let chunk = stream.chunk().await.expect("the stream goes on").expect("it does not end");
        told += &String::from_utf8_lossy(&chunk);
    }
    let status = tokio::task::spawn_blocking(move || server.process.terminate()).await.expect("it ends");
    assert!(status.success());
    while let Some(chunk) = stream.chunk().await.expect("it ends in order") {
        told += &String::from_utf8_lossy(&chunk);
    }
    assert!(told.contains("event: repo_created") && told.contains(r#""reason":"stopping""#), "{told}");
}

#[tokio::test]
async fn limits_are_per_address_and_worker_and_trust_no_unknown_proxy() {
    let (_folder, _server, pool) = start(&[("OWP_RATE_LIMIT", "0.1"), ("OWP_TRUSTED_PROXIES", "127.0.0.0/8")]);
    let ask = async |client: &str| {
        let ask = pool.http.get(format!("{}/v1/server", pool.url)).header("X-Forwarded-For", client);
        ask.send().await.expect("an answer")
    };
    let mut answers = Vec::new();
    for _ in 0..14 {
        answers.push(ask("192.0.2.1").await);
    }
    let refused =
        answers.iter().find(|answer| answer.status() == StatusCode::TOO_MANY_REQUESTS).expect("12 in a minute");
    assert_eq!(refused.headers()["ratelimit-policy"], "\"address\";q=12;w=60");
    assert!(refused.headers()["retry-after"].to_str().expect("ASCII").parse::<u32>().expect("seconds") <= 5);
    assert_eq!(ask("192.0.2.2").await.status(), StatusCode::OK);
    for _ in 0..20 {
        is_healthy(&pool).await;
    }
    let (_, limits) = pool.admin(Method::GET, "/v1/admin/limits", None).await;
    let callers: Vec<&Value> =
        limits["most_used"].as_array().expect("a list").iter().map(|use_| &use_["caller"]).collect();
    assert!(callers.contains(&&Value::from("192.0.2.1")), "{limits}");
}
