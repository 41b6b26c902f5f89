//! `owp admin backup`: a file appears whole or not at all.

use crate::home::{Home, text};
use crate::stub::{Answer, Stub};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use owp_chain::hexadecimal;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Output;

/// What the stub sends as a database, and its digest.
fn pool() -> (String, Vec<u8>) {
    let file = json!("SQLite format 3, and the pool").to_string();
    let digest = Sha256::digest(&file).to_vec();
    (file, digest)
}

fn sent(digest: &[u8]) -> Answer {
    let digest = format!("sha-256=:{}:", STANDARD.encode(digest));
    (200, vec![("repr-digest", digest)], json!("SQLite format 3, and the pool"))
}

fn backup(home: &Home, stub: &Stub, arguments: &[&str]) -> Output {
    home.command(&["--server", &stub.address, "--admin-token", "boss", "admin", "backup"])
        .args(arguments)
        .output()
        .unwrap()
}

fn files(home: &Home) -> Vec<String> {
    let entries = fs::read_dir(home.path()).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_backup_is_written_for_its_owner_only_and_told_with_its_digest() {
    let (file, digest) = pool();
    let stub = Stub::start({
        let digest = digest.clone();
        move |_, _| sent(&digest)
    });
    let home = Home::new();
    let output = backup(&home, &stub, &["pool.db"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let written = home.path().join("pool.db");
    assert_eq!(fs::read_to_string(&written).unwrap(), file);
    assert_eq!(fs::metadata(&written).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(text(&output.stdout).contains(&hexadecimal(&digest)), "{}", text(&output.stdout));
    let request = &stub.requests()[0];
    assert!(request.is("GET", "/v1/admin/backup") && request.headers["x-admin-token"] == "boss");

    let output = backup(&home, &stub, &["-"]);
    assert_eq!(text(&output.stdout), file, "nothing else goes to standard output");
    let output = backup(&home, &stub, &["other.db", "--json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told, json!({ "file": "other.db", "bytes": file.len(), "sha256": hexadecimal(&digest) }));
}

#[test]
fn what_does_not_arrive_as_it_was_sent_leaves_no_file_and_touches_none() {
    let stub = Stub::start(|_, alike| match alike {
        0 => sent(&[7; 32]),
        1 => (200, vec![], json!("no digest")),
        _ => {
            let detail = "the records are in a DynamoDB table: restore it by its point-in-time recovery";
            (501, vec![], json!({ "code": "not_supported", "detail": detail }))
        }
    });
    let home = Home::new();
    fs::write(home.path().join("pool.db"), "yesterday's").unwrap();
    for (name, words) in [
        ("pool.db", "did not arrive as it was sent"),
        ("new.db", "it has no digest"),
        ("new.db", "point-in-time recovery"),
        ("no/such/folder/pool.db", "can't write no/such/folder/pool.db"),
    ] {
        let output = backup(&home, &stub, &[name, "--force"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).contains(words), "{}", text(&output.stderr));
        assert_eq!(files(&home), ["pool.db"], "{words}");
        assert_eq!(fs::read_to_string(home.path().join("pool.db")).unwrap(), "yesterday's");
    }
    assert_eq!(stub.requests().len(), 3, "for a place that can't be written to nobody is asked");
}

#[test]
fn a_file_that_is_there_is_replaced_only_if_that_is_said() {
    let (file, digest) = pool();
    let stub = Stub::start(move |_, _| sent(&digest));
    let home = Home::new();
    fs::write(home.path().join("pool.db"), "yesterday's").unwrap();
    let output = backup(&home, &stub, &["pool.db"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("is there already") && text(&output.stderr).contains("--force"));
    assert!(stub.requests().is_empty(), "the server is not asked for what can't be kept");
    assert!(backup(&home, &stub, &["pool.db", "--force"]).status.success());
    assert_eq!(fs::read_to_string(home.path().join("pool.db")).unwrap(), file);
}
