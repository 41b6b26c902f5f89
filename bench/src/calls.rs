//! What the pool is asked, as an administrator and as workers. Any answer but a success is an error that names the call.

use crate::http::Connection;
use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::{Value, json};
use std::io::Write;
use std::net::SocketAddr;

pub const ADMIN_TOKEN: &str = "the-admin-token-of-the-load-generator";

/// Tasks in one import, and room below the server's bound on its bytes.
pub const IMPORT_TASKS_MAX: usize = 1000;

pub struct Admin {
    connection: Connection,
}

impl Admin {
    pub async fn connect(address: SocketAddr) -> anyhow::Result<Self> {
        Ok(Self { connection: Connection::open(address).await? })
    }

    pub async fn put_repo(&mut self, repo: &str, max_open_prs: usize, paused: bool) -> anyhow::Result<()> {
        let body = json!({ "repo": repo, "max_open_prs": max_open_prs, "paused": paused });
        self.post("/v1/admin/repos", &body).await
    }

    /// Any number of tasks, in as many calls as that takes.
    pub async fn import(&mut self, tasks: &[Value]) -> anyhow::Result<()> {
        for part in tasks.chunks(IMPORT_TASKS_MAX) {
            self.post("/v1/admin/tasks/import", &Value::from(part)).await?;
        }
        Ok(())
    }

    pub async fn look_at_state(&mut self) -> anyhow::Result<()> {
        self.get("/v1/admin/state").await.map(drop)
    }

    pub async fn get(&mut self, path: &str) -> anyhow::Result<Value> {
        let request = format!("GET {path} HTTP/1.1\r\nhost: bench\r\nx-admin-token: {ADMIN_TOKEN}\r\n\r\n");
        let answer = succeed(&mut self.connection, request.as_bytes(), path).await?;
        serde_json::from_slice(answer).with_context(|| path.to_owned())
    }

    pub async fn post(&mut self, path: &str, body: &Value) -> anyhow::Result<()> {
        let mut request = Vec::new();
        write_request(&mut request, "POST", path, &admin_header(), &body.to_string())?;
        succeed(&mut self.connection, &request, path).await.map(drop)
    }
}

/// One worker on a connection of its own.
pub struct Worker {
    connection: Connection,
    bearer: String,
    fetch: Vec<u8>,
    request: Vec<u8>,
}

/// The first lease of an answer, and how many there were.
pub struct Leases {
    pub first: Option<Lease>,
    pub count: usize,
}

pub struct Lease {
    pub task_id: String,
    pub lease_id: String,
}

#[derive(Clone, Copy)]
pub enum Report {
    InProgress,
    PrOpened,
    Merged,
}

#[derive(Deserialize)]
struct Fetched<'a> {
    #[serde(borrow)]
    leases: Vec<FetchedLease<'a>>,
}

#[derive(Deserialize)]
struct FetchedLease<'a> {
    task_id: &'a str,
    lease_id: &'a str,
}

#[derive(Deserialize)]
struct Registered<'a> {
    token: &'a str,
}

impl Worker {
    pub async fn register(
        address: SocketAddr,
        skills: &[&str],
        capacity_points: usize,
        max_concurrent_tasks: usize,
    ) -> anyhow::Result<Self> {
        Self::register_on(Connection::open(address).await?, skills, capacity_points, max_concurrent_tasks).await
    }

    /// Another worker on this one's connection.
    pub async fn succeeded_by(self, skills: &[&str]) -> anyhow::Result<Self> {
        Self::register_on(self.connection, skills, 5, 1).await
    }

    async fn register_on(
        mut connection: Connection,
        skills: &[&str],
        capacity_points: usize,
        max_concurrent_tasks: usize,
    ) -> anyhow::Result<Self> {
        let body = json!({
            "name": "A worker of the load generator", "skills": skills,
            "capacity_points": capacity_points, "max_concurrent_tasks": max_concurrent_tasks,
        });
        let mut request = Vec::new();
        write_request(&mut request, "POST", "/v1/workers/register", "", &body.to_string())?;
        let answer = succeed(&mut connection, &request, "POST /v1/workers/register").await?;
        let token = serde_json::from_slice::<Registered>(answer)?.token.to_owned();
        let bearer = format!("authorization: Bearer {token}\r\n");
        let fetch = format!("GET /v1/work HTTP/1.1\r\nhost: bench\r\n{bearer}\r\n").into_bytes();
        Ok(Self { connection, bearer, fetch, request })
    }

    pub async fn fetch(&mut self) -> anyhow::Result<Leases> {
        let answer = succeed(&mut self.connection, &self.fetch, "GET /v1/work").await?;
        let leases = serde_json::from_slice::<Fetched>(answer).context("GET /v1/work")?.leases;
        let owned = |lease: &FetchedLease| Lease { task_id: lease.task_id.into(), lease_id: lease.lease_id.into() };
        Ok(Leases { first: leases.first().map(owned), count: leases.len() })
    }

    /// Asks for work and takes whatever is answered; gives the status.
    pub async fn poll(&mut self) -> anyhow::Result<u16> {
        Ok(self.connection.call(&self.fetch).await.context("GET /v1/work")?.status)
    }

    pub async fn report(&mut self, lease: &Lease, report: Report) -> anyhow::Result<()> {
        let path = format!("/v1/tasks/{}/status", lease.task_id);
        let lease_id = &lease.lease_id;
        let body = match report {
            Report::InProgress => format!(r#"{{"status":"in_progress","lease_id":"{lease_id}"}}"#),
            Report::PrOpened => format!(
                r#"{{"status":"pr_opened","lease_id":"{lease_id}","message":"tests added and green","artifact":{{"pr_url":"https://github.com/owner/repo/pull/123"}}}}"#
            ),
            Report::Merged => format!(r#"{{"status":"merged","lease_id":"{lease_id}"}}"#),
        };
        write_request(&mut self.request, "POST", &path, &self.bearer, &body)?;
        succeed(&mut self.connection, &self.request, "POST /v1/tasks/{task_id}/status").await.map(drop)
    }

    /// Has the administrator put the task back, over this worker's connection.
    pub async fn have_requeued(&mut self, task_id: &str) -> anyhow::Result<()> {
        let path = format!("/v1/admin/tasks/{task_id}");
        write_request(&mut self.request, "PATCH", &path, &admin_header(), r#"{"action":"requeue"}"#)?;
        succeed(&mut self.connection, &self.request, "PATCH /v1/admin/tasks/{task_id}").await.map(drop)
    }
}

pub async fn is_healthy(connection: &mut Connection) -> anyhow::Result<()> {
    succeed(connection, b"GET /healthz HTTP/1.1\r\nhost: bench\r\n\r\n", "GET /healthz").await.map(drop)
}

fn admin_header() -> String {
    format!("x-admin-token: {ADMIN_TOKEN}\r\n")
}

pub fn write_request(request: &mut Vec<u8>, method: &str, path: &str, header: &str, body: &str) -> anyhow::Result<()> {
    request.clear();
    let length = body.len();
    write!(
        request,
        "{method} {path} HTTP/1.1\r\nhost: bench\r\n{header}content-type: application/json\r\n\
        content-length: {length}\r\n\r\n{body}"
    )?;
    Ok(())
}

async fn succeed<'a>(connection: &'a mut Connection, request: &[u8], name: &str) -> anyhow::Result<&'a [u8]> {
    let answer = connection.call(request).await.with_context(|| name.to_owned())?;
    if !(200..300).contains(&answer.status) {
        bail!("{name} was answered with {}: {}", answer.status, String::from_utf8_lossy(answer.body));
    }
    Ok(answer.body)
}
