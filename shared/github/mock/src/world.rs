//! What there is on this GitHub.

use owp_wire::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub struct World {
    pub repos: BTreeMap<String, Repo>,
    /// Names that repositories had before.
    pub moved: BTreeSet<String>,
    pub tokens: Vec<Token>,
    last_id: u64,
}

pub struct Token {
    pub text: String,
    pub expires_at: Timestamp,
    pub installation_id: u64,
}

#[derive(Default)]
pub struct Repo {
    pub installation_id: u64,
    pub threads: BTreeMap<u64, Thread>,
    pub files: BTreeMap<String, String>,
    pub check_runs: Vec<CheckRun>,
    pub statuses: Vec<(String, Value)>,
    /// Who may be assigned; others are left out without a word.
    pub assignable: BTreeSet<String>,
}

/// An issue, or a pull request, which shares its numbers, labels and comments.
pub struct Thread {
    pub number: u64,
    pub title: String,
    pub body: Option<String>,
    pub author: String,
    pub author_association: String,
    pub is_open: bool,
    pub labels: Vec<String>,
    pub assignees: Vec<String>,
    pub comments: Vec<Comment>,
    pub pull: Option<Pull>,
    pub updated_at: Timestamp,
}

pub struct Comment {
    pub id: u64,
    pub author: String,
    pub body: String,
    /// How often it was written, the first time included.
    pub writes: u32,
}

pub struct Pull {
    pub head_sha: String,
    pub head_branch: String,
    pub base_branch: String,
    pub is_draft: bool,
    pub merged_at: Option<Timestamp>,
    pub files: Vec<File>,
    pub reviews: Vec<Review>,
}

#[derive(Clone, Debug)]
pub struct Review {
    pub id: u64,
    pub author: String,
    pub author_association: String,
    /// As lists write it: `CHANGES_REQUESTED`.
    pub state: String,
    pub head_sha: String,
    pub submitted_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct File {
    pub path: String,
    pub previous_path: Option<String>,
    pub additions: u32,
    pub deletions: u32,
}

pub struct CheckRun {
    pub id: u64,
    pub head_sha: String,
    pub name: String,
    /// As it was last written.
    pub written: Value,
    pub writes: u32,
}

/// What a test says of a new issue; the rest is ordinary.
#[derive(Clone, Debug)]
pub struct NewIssue {
    pub title: String,
    pub body: String,
    pub author: String,
    pub labels: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct NewPull {
    pub title: String,
    pub body: String,
    pub author: String,
    pub author_association: String,
    pub head_sha: String,
    pub base_branch: String,
    pub files: Vec<File>,
}

impl File {
    pub fn changed(path: &str, additions: u32, deletions: u32) -> Self {
        Self { path: path.to_owned(), previous_path: None, additions, deletions }
    }
}

impl World {
    pub fn fresh_id(&mut self) -> u64 {
        self.last_id += 1;
        1_000_000 + self.last_id
    }

    /// How the name of a repository is written, which may be asked for in any case.
    pub fn name_of(&self, asked: &str) -> Option<String> {
        self.repos.keys().find(|name| name.eq_ignore_ascii_case(asked)).cloned()
    }
}

impl Repo {
    pub fn fresh_number(&self) -> u64 {
        self.threads.keys().next_back().map_or(1, |last| last + 1)
    }
}
