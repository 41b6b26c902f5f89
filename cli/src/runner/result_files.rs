//! What the command leaves in its directory: `result.json`, or files that hold one value each. A value that the contract
//! does not allow is left out and named, so that one bad field does not cost the whole report.

use crate::output::bounded;
use crate::when::When;
use owp_wire::ReleaseReason;
use serde_json::{Map, Value};
use std::io::Read;
use std::path::Path;

pub const RESULT_FILE: &str = "result.json";
/// Far more than any of the values may hold.
const FILE_BYTES_MAX: u64 = 256 * 1024;
// The limits of the contract.
const NOTES_CHARS_MAX: usize = 8000;
const MESSAGE_CHARS_MAX: usize = 4000;
const BRANCH_CHARS_MAX: usize = 300;
const URL_CHARS_MAX: usize = 2000;

/// Where the work so far is, and what the next holder should know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Handoff {
    pub branch: Option<String>,
    pub notes: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    pub pr_url: Option<String>,
    pub commit_sha: Option<String>,
    pub patch_url: Option<String>,
    pub message: Option<String>,
    pub release: Option<ReleaseReason>,
    /// With a quota that is spent: when it is back.
    pub quota_resets_at: Option<When>,
    pub handoff: Handoff,
    /// What was there and could not be used.
    pub faults: Vec<String>,
}

/// Reads what is there now. While the command runs a file may be half written; the next look sees the rest.
pub fn read(directory: &Path) -> Results {
    let mut faults = Vec::new();
    let fields = read_result_json(directory, &mut faults);
    let mut text = |name: &str, chars_max: usize, is_fit: fn(&str) -> bool, takes_file: bool| {
        let in_json = match fields.get(name) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                faults.push(format!("{name} is not a text"));
                None
            }
        };
        let found = in_json.or_else(|| if takes_file { read_file(&directory.join(name)) } else { None })?;
        let found = found.trim();
        if found.is_empty() {
            return None;
        }
        if found.chars().count() > chars_max || !is_fit(found) {
            faults.push(format!("{name} is not of the form that the server takes"));
            return None;
        }
        Some(found.to_owned())
    };
    let pr_url = text("pr_url", URL_CHARS_MAX, is_web_url, true);
    let commit_sha = text("commit_sha", 64, is_commit, true);
    let patch_url = text("patch_url", URL_CHARS_MAX, is_web_url, false);
    let branch = text("branch", BRANCH_CHARS_MAX, |branch| !branch.chars().any(char::is_control), true);
    let notes = text("notes", usize::MAX, |_| true, true).map(|notes| bounded(&notes, NOTES_CHARS_MAX));
    let message = text("message", usize::MAX, |_| true, false).map(|message| bounded(&message, MESSAGE_CHARS_MAX));
    let release = text("release", 60, |reason| reason.parse::<ReleaseReason>().is_ok(), false)
        .and_then(|reason| reason.parse().ok());
    let quota_resets_at = text("quota_resets_at", 60, |when| when.parse::<When>().is_ok(), true);
    let quota_resets_at = quota_resets_at.and_then(|when| when.parse().ok());
    let handoff = Handoff { branch, notes };
    Results { pr_url, commit_sha, patch_url, message, release, quota_resets_at, handoff, faults }
}

/// Takes away what was said about an end that is no longer the end; branch and notes stay true.
pub fn forget_end(directory: &Path) -> std::io::Result<()> {
    for name in [RESULT_FILE, "pr_url", "commit_sha", "quota_resets_at"] {
        match std::fs::remove_file(directory.join(name)) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(cause),
            _ => {}
        }
    }
    Ok(())
}

fn read_result_json(directory: &Path, faults: &mut Vec<String>) -> Map<String, Value> {
    let Some(text) = read_file(&directory.join(RESULT_FILE)) else {
        return Map::new();
    };
    match serde_json::from_str(&text) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => {
            faults.push(format!("{RESULT_FILE} is not an object"));
            Map::new()
        }
        Err(cause) => {
            faults.push(format!("{RESULT_FILE} is not valid JSON: {cause}"));
            Map::new()
        }
    }
}

/// A link is not followed: a task's text may have talked the command into pointing one at a secret.
fn read_file(path: &Path) -> Option<String> {
    if !std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file()) {
        return None;
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path).and_then(|file| file.take(FILE_BYTES_MAX).read_to_end(&mut bytes)).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn is_web_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.chars().any(|char| char <= ' ' || char == '\u{7f}'))
}

fn is_commit(text: &str) -> bool {
    (4..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{RESULT_FILE, forget_end, read};
    use crate::when::When;
    use owp_wire::ReleaseReason;
    use std::fs;

    fn left(files: &[(&str, &str)]) -> super::Results {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(directory.path().join(name), text).unwrap();
        }
        read(directory.path())
    }

    #[test]
    fn result_json_wins_over_the_simple_files_field_by_field() {
        let results = left(&[
            (RESULT_FILE, r#"{"pr_url":"https://x.example/pull/1","release":null,"message":"done"}"#),
            ("pr_url", "https://x.example/pull/2\n"),
            ("branch", "owp/t_1\n"),
            ("notes", "line 1\nline 2\n"),
        ]);
        assert_eq!(results.pr_url.as_deref(), Some("https://x.example/pull/1"));
        assert_eq!(results.handoff.branch.as_deref(), Some("owp/t_1"));
        assert_eq!(results.handoff.notes.as_deref(), Some("line 1\nline 2"));
        assert_eq!(results.message.as_deref(), Some("done"));
        assert!(results.faults.is_empty());
    }

    #[test]
    fn what_the_server_would_refuse_is_left_out_and_named() {
        let results = left(&[
            ("pr_url", "javascript:alert(1)"),
            ("commit_sha", "xyz"),
            ("branch", "a\u{7}b"),
            (RESULT_FILE, r#"{"release":"bored","notes":3}"#),
        ]);
        assert_eq!((results.pr_url, results.commit_sha, results.release), (None, None, None));
        assert_eq!(results.faults.len(), 5, "{:?}", results.faults);
    }

    #[test]
    fn long_notes_are_cut_and_a_half_written_result_is_a_fault_only() {
        let results = left(&[("notes", &"x".repeat(9000)), (RESULT_FILE, r#"{"pr_url":"https:"#)]);
        assert_eq!(results.handoff.notes.map(|notes| notes.chars().count()), Some(8000));
        assert!(results.faults[0].contains("not valid JSON"));
    }

    #[test]
    fn a_release_reason_is_taken_from_result_json() {
        assert_eq!(
            left(&[(RESULT_FILE, r#"{"release":"skill_mismatch"}"#)]).release,
            Some(ReleaseReason::SkillMismatch)
        );
    }

    #[test]
    fn when_the_quota_is_back_is_a_time_or_a_distance_in_the_result_or_a_file() {
        let midnight = "2026-01-19T00:00:00Z";
        let in_result = left(&[(RESULT_FILE, &format!(r#"{{"quota_resets_at":"{midnight}"}}"#))]);
        assert_eq!(in_result.quota_resets_at, Some(When::At(midnight.parse().unwrap())));
        assert_eq!(left(&[("quota_resets_at", "3h\n")]).quota_resets_at, Some(When::In(3 * 3600)));
        let bad = left(&[("quota_resets_at", "soon")]);
        assert_eq!((bad.quota_resets_at, bad.faults.len()), (None, 1));
    }

    #[test]
    fn what_is_forgotten_is_the_end_and_not_the_work() {
        let directory = tempfile::tempdir().unwrap();
        for name in [RESULT_FILE, "quota_resets_at", "branch"] {
            fs::write(directory.path().join(name), "{}").unwrap();
        }
        forget_end(directory.path()).unwrap();
        assert!(!directory.path().join(RESULT_FILE).exists() && directory.path().join("branch").exists());
        assert_eq!(read(directory.path()).quota_resets_at, None);
    }

    #[test]
    fn a_link_to_somewhere_else_is_not_read() {
        let directory = tempfile::tempdir().unwrap();
        let secret = directory.path().join("secret");
        fs::write(&secret, "hush").unwrap();
        std::os::unix::fs::symlink(&secret, directory.path().join("notes")).unwrap();
        assert_eq!(read(directory.path()).handoff.notes, None);
    }
}
