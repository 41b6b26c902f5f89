//! `.github/owp.yml`: what the maintainers of a repository say about it, kept where they keep everything else.
//!
//! Whoever can change the file on the default branch is a maintainer, so that it counts as soon as it is there. A file with
//! a mistake in it is not followed in part: what was accepted before goes on. Reading YAML is the edge's; this takes the
//! JSON that it stands for, and says where in it a fault is. The JSON Schema beside the contract says the same to editors.

mod reader;

pub use owp_wire::AdmissionMode;

use crate::record::QuietHours;
use reader::Reader;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;

/// Where the file is looked for, on the default branch.
pub const POLICY_PATH: &str = ".github/owp.yml";

/// A longer file is none that anybody wrote by hand.
pub const POLICY_BYTES_MAX: usize = 64 * 1024;

/// Patterns in one list: each is tried on every file of a pull request.
const PATTERNS_MAX: usize = 50;
const PATTERN_CHARS_MAX: usize = 200;
const PATH_TIERS_MAX: usize = 20;
const COMMANDS_MAX: usize = 10;
const COMMAND_CHARS_MAX: usize = 500;
const TEXT_CHARS_MAX: usize = 1000;
const LINE_CHARS_MAX: usize = 60;
const HANDLES_MAX: usize = 50;
const HANDLE_CHARS_MAX: usize = 120;
const QUIET_HOURS_MAX: usize = 14;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Policy {
    pub budget: Budget,
    /// `None` leaves those of the repository as they are.
    pub quiet_hours: Option<Vec<QuietHours>>,
    pub paths: PathRules,
    pub tiers: Vec<PathTier>,
    pub commands: Commands,
    pub size: SizeLimits,
    pub disclosure: Option<Disclosure>,
    pub admission: AdmissionRule,
}

/// What is left out stays as the repository's settings have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Budget {
    pub max_open_prs: Option<u32>,
    pub prs_per_hour_max: Option<u32>,
    pub security_extra_slots: Option<u32>,
}

/// Which paths a pull request for a task may touch: those allowed, where any are named, and never those denied.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PathRules {
    pub allow: Vec<String>,
    pub deny: Vec<String>,
}

/// Paths that only tasks of this tier and above may touch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathTier {
    pub paths: Vec<String>,
    pub tier: u32,
}

/// What a contributor runs before and after the work, each a line for a shell. The pool only passes them on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Commands {
    pub setup: Vec<String>,
    pub test: Vec<String>,
}

/// How much a pull request for a task may change; lines are those added and those removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SizeLimits {
    pub files_max: Option<u32>,
    pub lines_max: Option<u32>,
    /// For each point of the task's estimate.
    pub lines_per_point_max: Option<u32>,
}

impl SizeLimits {
    /// The most lines for a task of so many points; the tighter of two limits.
    pub fn lines_max_for(&self, points: u32) -> Option<u32> {
        let by_points = self.lines_per_point_max.map(|lines| lines.saturating_mul(points));
        [self.lines_max, by_points].into_iter().flatten().min()
    }
}

/// How a contributor says which tools were used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disclosure {
    /// For people to read.
    pub text: Option<String>,
    /// A line of the pull request's text begins like this, as in `Assisted-by:`.
    pub line: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AdmissionRule {
    /// `None` leaves it as the repository is set.
    pub mode: Option<AdmissionMode>,
    /// Handles in lower case whose pull requests need no lease, such as a bot for updates.
    pub exempt: Vec<String>,
}

/// A mistake in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyFault {
    /// A JSON pointer; empty for the whole.
    pub pointer: String,
    pub because: String,
    /// Where in the text it is, which whoever read the text may know.
    pub place: Option<Place>,
}

/// A line and a column of a text, each from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: u32,
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

impl fmt::Display for PolicyFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = self.place {
            write!(f, "{place}, ")?;
        }
        let what = if self.pointer.is_empty() { "the file" } else { &self.pointer };
        write!(f, "{what}: {}", self.because)
    }
}

impl Policy {
    /// Reads a whole file and names every fault in it, not only the first.
    pub fn read(file: &Value) -> Result<Self, Vec<PolicyFault>> {
        let mut reader = Reader::default();
        let policy = reader.policy(file);
        if reader.faults.is_empty() { Ok(policy) } else { Err(reader.faults) }
    }
}

/// Whether a path is one of those that a pattern means. A pattern is of the whole path from the root of the repository; `*`
/// stays within a folder, `**` does not, and one that ends in `/` means all that is below.
pub fn is_path_of(pattern: &str, path: &str) -> bool {
    match pattern.strip_suffix('/') {
        Some(folder) => fast_glob::glob_match(format!("{folder}/**"), path),
        None => fast_glob::glob_match(pattern, path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn refused(file: &Value, expected: &[&str]) {
        let faults = Policy::read(file).expect_err("no fault found");
        assert_eq!(faults.iter().map(ToString::to_string).collect::<Vec<_>>(), expected, "{file}");
    }

    #[test]
    fn the_least_file_changes_nothing() {
        assert_eq!(Policy::read(&json!({ "version": 1 })), Ok(Policy::default()));
    }

    #[test]
    fn a_file_says_all_there_is_to_say() {
        let file = json!({
            "version": 1,
            "budget": { "max_open_prs": 3, "prs_per_hour_max": 2, "security_extra_slots": 1 },
            "quiet_hours": [{ "from": "22:00", "to": "07:00" }, { "days": ["sat", "sun"], "from": "00:00", "to": "24:00" }],
            "paths": { "allow": ["src/", "docs/**/*.md"], "deny": [".github/"] },
            "tiers": [{ "paths": ["migrations/"], "tier": 2 }],
            "commands": { "setup": ["npm ci"], "test": ["npm test"] },
            "size": { "files_max": 20, "lines_max": 400, "lines_per_point_max": 100 },
            "disclosure": { "line": "Assisted-by:", "text": "Name your tools." },
            "admission": { "mode": "enforce", "exempt": ["Dependabot[bot]"] },
        });
        let policy = Policy::read(&file).unwrap();
        assert_eq!(policy.budget.max_open_prs, Some(3));
        let quiet = policy.quiet_hours.as_ref().unwrap();
        assert_eq!((quiet[0].from_minute, quiet[0].to_minute, quiet[1].to_minute), (22 * 60, 7 * 60, 24 * 60));
        assert_eq!(quiet[1].days.len(), 2);
        assert_eq!(policy.tiers, [PathTier { paths: vec!["migrations/".into()], tier: 2 }]);
        assert_eq!((policy.size.lines_max_for(2), policy.size.lines_max_for(9)), (Some(200), Some(400)));
        assert_eq!(policy.admission.mode, Some(AdmissionMode::Enforce));
        assert_eq!(policy.admission.exempt, ["dependabot[bot]"]);
        let kept = serde_json::to_value(&policy).unwrap();
        assert_eq!(serde_json::from_value::<Policy>(kept).unwrap(), policy);
    }

    #[test]
    fn every_fault_is_named_with_its_place_and_how_to_mend_it() {
        refused(&json!(null), &["the file: is no mapping; begin with `version: 1`"]);
        refused(&json!({}), &["/version: is missing; write `version: 1`"]);
        refused(&json!({ "version": 2 }), &["/version: is not 1, the one version that there is"]);
        refused(
            &json!({ "version": 1, "bugdet": {}, "size": { "files": 3 } }),
            &["/bugdet: is unknown; did you mean budget?", "/size/files: is unknown; did you mean files_max?"],
        );
        refused(
            &json!({ "version": 1, "colour": 1 }),
            &[
                "/colour: is unknown; known are admission, budget, commands, disclosure, paths, quiet_hours, size, tiers, version",
            ],
        );
        refused(
            &json!({ "version": 1, "budget": { "max_open_prs": 101, "prs_per_hour_max": "2" } }),
            &[
                "/budget/max_open_prs: is no whole number from 0 to 100",
                "/budget/prs_per_hour_max: is no whole number from 0 to 100",
            ],
        );
        refused(
            &json!({ "version": 1, "quiet_hours": [{ "from": "22:00" }, { "days": ["mo"], "from": "7", "to": "07:60" }] }),
            &[
                "/quiet_hours/0/to: is missing",
                "/quiet_hours/1/days/0: is none of mon, tue, wed, thu, fri, sat, sun",
                "/quiet_hours/1/from: is no time of day in UTC such as \"22:00\"; put it into quotes",
                "/quiet_hours/1/to: is no time of day in UTC such as \"22:00\"; put it into quotes",
            ],
        );
        refused(
            &json!({ "version": 1, "paths": { "allow": "src/", "deny": ["", "/etc", "!x", "a[", "{a,b}", "a/../b"] } }),
            &[
                "/paths/allow: is no list",
                "/paths/deny/0: is empty",
                "/paths/deny/1: begins with a slash; paths are from the root of the repository",
                "/paths/deny/2: begins with !; put what is not allowed under deny",
                "/paths/deny/3: is no pattern",
                "/paths/deny/4: has braces; write one pattern for each",
                "/paths/deny/5: has . or .. as a folder, which no path of a repository has",
            ],
        );
        refused(
            &json!({ "version": 1, "tiers": [{ "paths": [], "tier": 4 }] }),
            &["/tiers/0/paths: names nothing", "/tiers/0/tier: is no whole number from 1 to 3"],
        );
        refused(
            &json!({ "version": 1, "commands": { "test": ["a\nb"] }, "size": { "lines_max": 0 } }),
            &["/commands/test/0: is more than one line", "/size/lines_max: is no whole number from 1 to 1000000"],
        );
        refused(
            &json!({ "version": 1, "admission": { "mode": false, "exempt": ["a b"] }, "disclosure": {} }),
            &[
                "/disclosure: has neither line nor text",
                "/admission/mode: is none of off, report, enforce; put off into quotes",
                "/admission/exempt/0: is no handle",
            ],
        );
        let many = vec!["src/"; 51];
        refused(&json!({ "version": 1, "paths": { "allow": many } }), &["/paths/allow: has more than 50 entries"]);
        let long = "a".repeat(201);
        refused(
            &json!({ "version": 1, "paths": { "allow": [long] } }),
            &["/paths/allow/0: is longer than 200 characters"],
        );
    }

    #[test]
    fn a_pattern_is_of_the_whole_path() {
        for (pattern, path, is_of) in [
            ("src/", "src/a.rs", true),
            ("src/", "src/a/b/c.rs", true),
            ("src/", "src", false),
            ("src/", "lib/src/a.rs", false),
            ("src", "src/a.rs", false),
            ("**/*.md", "README.md", true),
            ("**/*.md", "docs/a/b.md", true),
            ("*.md", "docs/a.md", false),
            ("docs/*.md", "docs/a.md", true),
            ("docs/*.md", "docs/a/b.md", false),
            ("**/test_*.py", "a/b/test_x.py", true),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            (".github/", ".github/workflows/ci.yml", true),
            ("**", "any/thing", true),
        ] {
            assert_eq!(is_path_of(pattern, path), is_of, "{pattern} {path}");
        }
    }
}
