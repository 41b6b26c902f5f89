//! Every case of admission with what its check says, as people read it: `docs/admission.md` is made from this table.

use owp_logic::github::policy::{AdmissionRule, Disclosure, PathRules, PathTier, SizeLimits};
use owp_logic::github::seen::Changes;
use owp_logic::github::{
    AdmissionMode, ChangedFile, Check, Conclusion, Policy, PullRequest, PullState, Ticket, judge, tell_policy_faults,
};
use owp_wire::{RepoName, TaskId, Timestamp};
use std::fmt::Write;
use std::{env, fs};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/admission.md");

const HEAD: &str = "# What the check says

<!-- Made by the tests from the rules; `UPDATE=1 cargo test -p owp-logic --test rules admission` refreshes it. -->

The check `OWP admission` on a pull request says whether it has a live lease and keeps to what was agreed on. This is the
table of its cases, with its words where the repository is set to `enforce`. With `report` the words are the same, the title
begins with *To put right* and the conclusion is `neutral`. [GitHub](github.md) says how to set it.
";

struct Row {
    when: &'static str,
    pull: PullRequest,
    files: Vec<ChangedFile>,
    has_ticket: bool,
    policy: Policy,
    edited: bool,
    expected: (Conclusion, &'static str),
}

fn pull() -> PullRequest {
    PullRequest {
        number: 13,
        url: "https://github.com/owner/repo/pull/13".to_owned(),
        title: "Fix it".to_owned(),
        body: "Fixes #12\n\nOWP-Lease: l_ghi789".to_owned(),
        state: PullState::Open,
        is_draft: false,
        author: Some("Grace".to_owned()),
        author_belongs: false,
        head_sha: "c0ffee".to_owned(),
        head_branch: "fix".to_owned(),
        base_repo: RepoName("owner/repo".to_owned()),
        base_branch: "main".to_owned(),
        default_branch: "main".to_owned(),
        merge_sha: None,
        changes: None,
        updated_at: Timestamp::from_millis(0),
    }
}

fn file(path: &str, lines: u32) -> ChangedFile {
    ChangedFile { path: path.to_owned(), previous_path: None, lines }
}

fn moved(from: &str, to: &str) -> ChangedFile {
    ChangedFile { previous_path: Some(from.to_owned()), ..file(to, 0) }
}

fn policy() -> Policy {
    let texts = |list: &[&str]| list.iter().map(|text| (*text).to_owned()).collect();
    Policy {
        paths: PathRules { allow: texts(&["src/", "migrations/", "docs/"]), deny: texts(&["src/vendor/"]) },
        tiers: vec![PathTier { paths: texts(&["migrations/"]), tier: 2 }],
        size: SizeLimits { files_max: Some(4), lines_max: None, lines_per_point_max: Some(100) },
        admission: AdmissionRule { mode: None, exempt: texts(&["dependabot[bot]"]) },
        ..Policy::default()
    }
}

fn row(when: &'static str, expected: (Conclusion, &'static str)) -> Row {
    Row {
        when,
        pull: pull(),
        files: vec![file("src/a.rs", 40)],
        has_ticket: true,
        policy: policy(),
        edited: false,
        expected,
    }
}

fn check_of(row: &Row, mode: AdmissionMode) -> Check {
    let (task_id, repo) = (TaskId("t_def456".to_owned()), RepoName("owner/repo".to_owned()));
    let edited_at = row.edited.then(|| Timestamp::from_millis(1));
    let ticket = Ticket { task_id: &task_id, repo: &repo, points: 2, tier: 0, issue: Some(12), edited_at };
    judge(&row.pull, &row.files, row.has_ticket.then_some(ticket), &row.policy, mode)
}

fn without_lease() -> Vec<Row> {
    use Conclusion::{Failure, Skipped};
    let alone = |when, pull, expected| Row { pull, has_ticket: false, ..row(when, expected) };
    let silent = PullRequest { body: "Fixes #12".to_owned(), ..pull() };
    let bot = PullRequest { author: Some("Dependabot[bot]".to_owned()), ..silent.clone() };
    let ghost = PullRequest { author: None, ..silent.clone() };
    let member = PullRequest { author_belongs: true, ..silent.clone() };
    vec![
        alone("It names no lease.", silent, (Failure, "Not admitted: no lease")),
        alone(
            "It names a lease that has ended, or that another pull request has.",
            pull(),
            (Failure, "Not admitted: the lease is not live"),
        ),
        alone("Its author belongs to the repository.", member, (Skipped, "No lease is needed")),
        alone("Its author is named in the policy.", bot, (Skipped, "No lease is needed")),
        alone("The account of its author is gone.", ghost, (Failure, "Not admitted: no lease")),
    ]
}

fn with_lease() -> Vec<Row> {
    use Conclusion::{Failure, Success};
    let size = |files, lines| PullRequest { changes: Some(Changes { files, lines }), ..pull() };
    let disclosed = |when, body: &str, expected| Row {
        pull: PullRequest { body: body.to_owned(), ..pull() },
        policy: Policy {
            disclosure: Some(Disclosure { text: None, line: Some("Assisted-by:".to_owned()) }),
            ..policy()
        },
        ..row(when, expected)
    };
    let files = |when, files, expected| Row { files, ..row(when, expected) };
    vec![
        row("It has a live lease and keeps to everything.", (Success, "Admitted for t_def456")),
        Row {
            pull: PullRequest { base_repo: RepoName("fork/repo".to_owned()), ..pull() },
            ..row("It is against another repository.", (Failure, "Not admitted: the task is of owner/repo"))
        },
        files(
            "It touches what is not allowed.",
            vec![file("src/a.rs", 1), file("Makefile", 1), file("src/vendor/x`](y)\n.c", 1)],
            (Failure, "Not admitted: 2 paths not allowed"),
        ),
        files(
            "It moves a file out of where it may work.",
            vec![moved(".github/workflows/ci.yml", "src/ci.yml")],
            (Failure, "Not admitted: 1 path not allowed"),
        ),
        files(
            "It touches what is for tasks of a higher tier.",
            vec![file("migrations/1.sql", 1)],
            (Failure, "Not admitted: 1 path for tier 2"),
        ),
        Row {
            pull: size(5, 10),
            files: (0..5).map(|number| file(&format!("src/{number}.rs"), 2)).collect(),
            ..row("It changes too many files.", (Failure, "Not admitted: 5 files, at most 4"))
        },
        files(
            "It changes more lines than the task's points stand for.",
            vec![file("src/a.rs", 201)],
            (Failure, "Not admitted: 201 changed lines, at most 200"),
        ),
        files("It changes as many lines as it may.", vec![file("src/a.rs", 200)], (Success, "Admitted for t_def456")),
        Row {
            pull: size(4, 10),
            ..row(
                "GitHub does not list all its files.",
                (Failure, "Not admitted: more files than the 1 that GitHub lists"),
            )
        },
        Row { edited: true, ..row("The issue was edited since.", (Failure, "Not admitted: the issue was edited")) },
        disclosed(
            "It says nothing about tools.",
            "OWP-Lease: l_ghi789\nAssisted-by:",
            (Failure, "Not admitted: no word on the tools used"),
        ),
        disclosed(
            "It names its tools.",
            "OWP-Lease: l_ghi789\n  assisted-by: a tool",
            (Success, "Admitted for t_def456"),
        ),
        disclosed(
            "It names them where nobody sees it.",
            "<!-- Assisted-by: x -->",
            (Failure, "Not admitted: no word on the tools used"),
        ),
        Row {
            edited: true,
            files: vec![file("Makefile", 300)],
            ..row("Several things are wrong.", (Failure, "Not admitted: 3 things, first: 1 path not allowed"))
        },
    ]
}

fn rows() -> Vec<Row> {
    without_lease().into_iter().chain(with_lease()).collect()
}

#[test]
fn every_case_has_its_conclusion_and_title() {
    for row in rows() {
        let check = check_of(&row, AdmissionMode::Enforce);
        assert_eq!((check.conclusion, check.title.as_str()), row.expected, "{}", row.when);
        assert_eq!((check.name.as_str(), check.head_sha.as_str()), ("OWP admission", "c0ffee"));
        assert!(check.title.chars().count() <= 140 && !check.summary.is_empty(), "{}", row.when);
    }
}

#[test]
fn a_report_says_the_same_and_fails_nothing() {
    for row in rows() {
        let (enforced, reported) = (check_of(&row, AdmissionMode::Enforce), check_of(&row, AdmissionMode::Report));
        let softer = if enforced.conclusion == Conclusion::Failure { Conclusion::Neutral } else { enforced.conclusion };
        assert_eq!((reported.conclusion, &reported.text), (softer, &enforced.text), "{}", row.when);
        assert_eq!(reported.title, enforced.title.replace("Not admitted", "To put right"));
    }
}

#[test]
fn the_mode_of_the_policy_file_counts_before_that_of_the_repository() {
    let with = |mode| {
        let mut row = row("", (Conclusion::Skipped, ""));
        (row.has_ticket, row.pull.body) = (false, String::new());
        row.policy.admission.mode = mode;
        row
    };
    for (file, repo, expected) in [
        (None, AdmissionMode::Off, Conclusion::Skipped),
        (None, AdmissionMode::Report, Conclusion::Neutral),
        (Some(AdmissionMode::Off), AdmissionMode::Enforce, Conclusion::Skipped),
        (Some(AdmissionMode::Enforce), AdmissionMode::Report, Conclusion::Failure),
    ] {
        assert_eq!(check_of(&with(file), repo).conclusion, expected, "{file:?} {repo:?}");
    }
}

#[test]
fn a_path_can_not_write_markdown_into_the_check() {
    let mut row = row("", (Conclusion::Failure, ""));
    row.files = (0..20).map(|number| file(&format!("x`\n[a](https://evil.example/{number})"), 1)).collect();
    let text = check_of(&row, AdmissionMode::Enforce).text;
    assert!(text.contains("`x??[a](https://evil.example/0)`, ") && text.contains("and 10 more"), "{text}");
}

#[test]
fn the_page_on_admission_is_the_table() {
    let mut page = HEAD.to_owned();
    for row in rows() {
        let check = check_of(&row, AdmissionMode::Enforce);
        let conclusion = format!("{:?}", check.conclusion).to_lowercase();
        write!(
            page,
            "\n## {}\n\n**{}** (`{conclusion}`)\n\n{}\n",
            row.when.trim_end_matches('.'),
            check.title,
            check.summary
        )
        .unwrap();
        if !check.text.is_empty() {
            write!(page, "\n{}", check.text).unwrap();
        }
    }
    if env::var_os("UPDATE").is_some() {
        fs::write(PAGE, &page).unwrap();
    }
    let written = fs::read_to_string(PAGE).unwrap_or_default();
    assert!(written == page, "docs/admission.md is not what the rules say; UPDATE=1 writes it");
}

#[test]
fn what_a_template_leaves_to_be_filled_in_names_no_lease() {
    for body in ["OWP-Lease: l_…", "<!-- OWP-Lease: (the id of your lease) -->"] {
        let pull = PullRequest { body: body.to_owned(), ..pull() };
        let check =
            check_of(&Row { pull, has_ticket: false, ..row("", (Conclusion::Failure, "")) }, AdmissionMode::Enforce);
        assert_eq!(check.title, "Not admitted: no lease", "{body}");
    }
}

#[test]
fn mistakes_in_the_policy_file_are_told_beside_the_verdict() {
    let mut check = check_of(&row("", (Conclusion::Success, "")), AdmissionMode::Enforce);
    let before = check.clone();
    tell_policy_faults(&mut check, &[]);
    assert_eq!(check, before);
    tell_policy_faults(&mut check, &["line 3, column 1, /si`ze: is unknown".to_owned()]);
    assert!(check.text.ends_with("\n\n- `line 3, column 1, /si?ze: is unknown`\n"), "{}", check.text);
    assert_eq!((check.conclusion, check.title), (before.conclusion, before.title));
}
