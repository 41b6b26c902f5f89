//! One DynamoDB Local for the whole test program, on a free port, in memory.

use std::io::Read;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::Duration;

const LOOKS_MAX: usize = 300;
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// The emulator ends when its standard input does, and so with this program, however that ends. It would tell its maker of each
/// start if it were let.
const RUN: &str = r#"cd "$1" || exit
java -Xmx1g -Djava.library.path=DynamoDBLocal_lib -jar DynamoDBLocal.jar -inMemory -disableTelemetry -port "$2" &
emulator=$!
cat >/dev/null
kill $emulator"#;

/// Where it is to be found; starts it first where it does not run yet.
pub fn url() -> &'static str {
    static RUNNING: OnceLock<(Child, String)> = OnceLock::new();
    let (_, url) = RUNNING.get_or_init(start);
    url
}

#[allow(clippy::zombie_processes, reason = "it ends with this program, which nothing outlives to wait for it")]
fn start() -> (Child, String) {
    let folder = folder();
    assert!(
        folder.join("DynamoDBLocal.jar").exists(),
        "there is no DynamoDB Local in {}: run `make dynamodb-local` once",
        folder.display()
    );
    let port = free_port();
    let mut child = Command::new("sh")
        .args(["-c", RUN, "sh"])
        .arg(&folder)
        .arg(port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a shell");
    for _ in 0..LOOKS_MAX {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return (child, format!("http://127.0.0.1:{port}"));
        }
        sleep(LOOK_EVERY);
    }
    drop(child.stdin.take());
    let mut said = String::new();
    let _ = child.stderr.take().map(|mut stderr| stderr.read_to_string(&mut said));
    panic!("DynamoDB Local does not start; it needs a Java runtime (default-jre-headless on Debian): {said}");
}

/// `OWP_DYNAMODB_LOCAL`, or where the Makefile puts it.
fn folder() -> PathBuf {
    let above =
        || Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join(".tooling/dynamodb-local"));
    let made = || above().find(|folder| folder.exists()).or_else(|| above().next()).expect("a folder has itself");
    std::env::var_os("OWP_DYNAMODB_LOCAL").map_or_else(made, PathBuf::from)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    listener.local_addr().expect("it is bound").port()
}
