//! Holds the workspace to its own rules: one name per operation in every room, who may import what, files that can be
//! read in one go, links that lead somewhere. What is missing or wrong is said in plain words, with where to mend it.

use owp_protocol::{Access, contract, operations, workspace};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A longer file tells more than one story.
const LINES_MAX: usize = 450;

/// The one function that is no operation of the contract: it runs on a schedule.
const SCHEDULED: &str = "expire-leases";

/// Where Rust lives.
const ROOMS: [&str; 5] = ["shared", "functions", "local-server", "cli", "protocol"];

#[test]
fn every_operation_has_its_place_in_every_room() {
    let operations = operations(&contract());
    let snakes: BTreeSet<String> = operations.iter().map(owp_protocol::Operation::snake).collect();
    let kebabs: BTreeSet<String> = operations.iter().map(owp_protocol::Operation::kebab).collect();
    let mut binaries = kebabs.clone();
    binaries.insert(SCHEDULED.to_owned());
    let mut wrong = Vec::new();
    let mut compare = |expected: &BTreeSet<String>, found: &BTreeSet<String>, missing: &str, extra: &str| {
        wrong.extend(expected.difference(found).map(|name| missing.replace("{}", name)));
        wrong.extend(found.difference(expected).map(|name| extra.replace("{}", name)));
    };
    let handlers = stems("functions/src/endpoints", &["mod"]);
    compare(
        &snakes,
        &handlers,
        "functions/src/endpoints/{}.rs is missing: write the handler of this operation there",
        "functions/src/endpoints/{}.rs is the handler of no operation: add it to protocol/openapi.yaml or remove it",
    );
    compare(
        &binaries,
        &stems("functions/src/bin", &[]),
        "functions/src/bin/{}.rs is missing: run `make generate`",
        "functions/src/bin/{}.rs is the main of no operation: add it to protocol/openapi.yaml or remove it",
    );
    let mut tested = stems("functions/tests/endpoints", &[]);
    tested.retain(|name| snakes.contains(name));
    compare(
        &snakes,
        &tested,
        "functions/tests/endpoints/{}.rs is missing: test this operation there, and name it in main.rs beside it",
        "",
    );
    let main = read("functions/tests/endpoints/main.rs");
    let modules: BTreeSet<String> =
        snakes.iter().filter(|name| main.contains(&format!("mod {name};"))).cloned().collect();
    compare(&snakes, &modules, "functions/tests/endpoints/main.rs does not name {}: its tests never run", "");
    let manifest = read("functions/Cargo.toml");
    let (_, table) = manifest.split_once("[package.metadata.lambda.watch.router]").expect("the table of routes");
    let routed: BTreeSet<String> =
        table.split("function = \"").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect();
    compare(
        &kebabs,
        &routed,
        "the router table of functions/Cargo.toml lacks {}: run `make generate`",
        "the router table of functions/Cargo.toml names {}, which is no operation: run `make generate`",
    );
    assert_none(&wrong);
}

#[test]
fn every_operation_says_what_its_handler_does_with_the_store() {
    let mut wrong = Vec::new();
    for operation in operations(&contract()) {
        let file = format!("functions/src/endpoints/{}.rs", operation.snake());
        let handler = read(&file);
        let calls = |names: &[&str]| names.iter().any(|name| handler.contains(name));
        let does = match (
            calls(&[".carry_out(", "search(", "explain(&app", "deliveries::take("]),
            calls(&["app.store.", ".try_out(", "analytics("]),
        ) {
            (true, _) => Access::Write,
            (false, true) => Access::Read,
            (false, false) => Access::None,
        };
        if operation.access() != does {
            wrong.push(format!(
                "{}: {file} shows {does:?}, its x-owp-access in protocol/openapi.yaml says {:?}",
                operation.id,
                operation.access()
            ));
        }
    }
    assert_none(&wrong);
}

#[test]
fn the_guide_tells_every_operation_and_every_code() {
    let guide = read("protocol/guide.md");
    let contract = contract();
    let codes = |schema: &str| {
        let values = contract["components"]["schemas"][schema]["enum"].as_array().expect("an enumeration").clone();
        values.into_iter().map(|value: Value| value.as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    let ids = operations(&contract).into_iter().map(|operation| operation.id);
    let words: Vec<String> = ids.chain(codes("ProblemCode")).chain(codes("FitCode")).collect();
    let untold = words.iter().filter(|word| !guide.contains(&format!("`{word}`")));
    assert_none(
        &untold.map(|word| format!("protocol/guide.md does not mention `{word}`: explain it")).collect::<Vec<_>>(),
    );
}

#[test]
fn no_file_is_longer_than_can_be_read_in_one_go() {
    let long = rust_files().into_iter().filter_map(|file| {
        let lines = read(&file).lines().count();
        (lines > LINES_MAX).then(|| format!("{file} has {lines} lines: split it where it begins another story"))
    });
    assert_none(&long.collect::<Vec<_>>());
}

#[test]
fn nothing_is_left_undone_or_switched_off() {
    // Put together here, so that this file does not find itself.
    let words = ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!("));
    let ignored = format!("#[{}", "ignore");
    let mut found = Vec::new();
    for file in rust_files() {
        for (number, line) in read(&file).lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if words.iter().chain([&ignored]).any(|word| code.contains(word.as_str())) {
                found.push(format!("{file}:{}: finish it or take it out: {}", number + 1, line.trim()));
            }
        }
    }
    assert_none(&found);
}

/// Who may depend on what, of ours and of what tells which layer a crate is in. The words say what to do instead.
struct Border {
    manifest: &'static str,
    ours: &'static [&'static str],
    never: &'static [&'static str],
    instead: &'static str,
}

const BORDERS: [Border; 8] = [
    Border {
        manifest: "shared/wire/Cargo.toml",
        ours: &[],
        never: &["tokio", "axum", "jsonschema", "libsql", "lambda_http"],
        instead: "the wire holds generated types only; put behaviour into shared/logic or functions",
    },
    Border {
        manifest: "shared/logic/Cargo.toml",
        ours: &["owp-wire"],
        never: &[
            "tokio",
            "axum",
            "libsql",
            "async-trait",
            "rand",
            "chrono",
            "ulid",
            "lambda_http",
            "reqwest",
            "aws-sdk-dynamodb",
            "tracing",
            "anyhow",
        ],
        instead: "decisions are pure: take time, ids and records as arguments, and do I/O in shared/store or functions",
    },
    Border {
        manifest: "shared/store/Cargo.toml",
        ours: &["owp-wire", "owp-logic"],
        never: &["axum", "lambda_http", "lambda_runtime", "tower-http", "jsonwebtoken"],
        instead: "a store loads and commits; HTTP belongs into functions, rules into shared/logic",
    },
    Border {
        manifest: "shared/chain/Cargo.toml",
        ours: &["owp-wire"],
        never: &["tokio", "axum", "libsql", "aws-sdk-dynamodb"],
        instead: "sealing and verifying is pure; whoever reads events and keeps seals is its caller",
    },
    Border {
        manifest: "shared/github/Cargo.toml",
        ours: &["owp-wire", "owp-logic"],
        never: &["axum", "lambda_http", "libsql", "aws-sdk-dynamodb"],
        instead: "GitHub is asked and understood here; records belong into shared/store, rules into shared/logic",
    },
    Border {
        manifest: "functions/Cargo.toml",
        ours: &["owp-wire", "owp-chain", "owp-logic", "owp-store", "owp-github"],
        never: &["libsql", "aws-sdk-dynamodb", "rusqlite"],
        instead: "a handler asks through owp_store::Store; SQL and DynamoDB calls belong into shared/store",
    },
    Border {
        manifest: "local-server/Cargo.toml",
        ours: &["owp-functions", "owp-store", "owp-wire", "owp-github"],
        never: &["libsql", "jsonwebtoken"],
        instead: "the server puts handlers and a store together; endpoints belong into functions, rules into shared/logic",
    },
    Border {
        manifest: "cli/Cargo.toml",
        ours: &["owp-wire", "owp-chain"],
        never: &["libsql", "axum", "lambda_http"],
        instead: "the command line speaks HTTP as any client does; ask the server for it",
    },
];

#[test]
fn every_crate_keeps_to_its_layer() {
    let mut wrong = Vec::new();
    for Border { manifest, ours, never, instead } in BORDERS {
        for name in dependencies(&read(manifest)) {
            let foreign = name.starts_with("owp-") && !ours.contains(&name.as_str());
            if foreign || never.contains(&name.as_str()) {
                wrong.push(format!("{manifest} depends on {name}: {instead}"));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn every_link_between_documents_leads_somewhere() {
    let mut dead = Vec::new();
    for file in files("", "md") {
        let folder = Path::new(&file).parent().expect("a folder").to_path_buf();
        for link in links(&read(&file)) {
            let target = link.split(['#', '?']).next().unwrap_or_default();
            let elsewhere = target.contains("://") || target.starts_with("mailto:") || target.is_empty();
            if !elsewhere && !workspace().join(&folder).join(target).exists() {
                dead.push(format!("{file} links to {target}, which is not there: mend the link or write the file"));
            }
        }
    }
    assert_none(&dead);
}

/// Where the server reads its settings.
const SETTINGS: [&str; 3] = ["functions/src/settings.rs", "functions/src/stores.rs", "local-server/src/config.rs"];

#[test]
fn every_setting_that_is_read_is_told_and_every_one_told_is_read() {
    let is_name = |word: &&str| {
        (word.starts_with("OWP_") || word.starts_with("GITHUB_"))
            && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    };
    let named = |text: &str, around: char| -> BTreeSet<String> {
        text.split(around).filter(is_name).map(str::to_owned).collect()
    };
    let read_there: BTreeSet<_> = SETTINGS.iter().flat_map(|file| named(&read(file), '"')).collect();
    let lines = read(".env.example");
    let commented = lines.lines().filter_map(|line| Some(line.strip_prefix('#')?.split_once('=')?.0));
    let example: BTreeSet<String> = commented.filter(is_name).map(str::to_owned).collect();
    let readme = read("README.md");
    let (_, table) = readme.split_once("## Configuration").expect("the table of settings");
    let (table, _) = table.split_once("\n## ").expect("what follows it");
    let mut wrong = Vec::new();
    for (told, place) in [(example, ".env.example"), (named(table, '`'), "README.md")] {
        wrong.extend(read_there.difference(&told).map(|name| format!("{place} does not tell of {name}")));
        wrong.extend(told.difference(&read_there).map(|name| format!("{place} tells of {name}, which nothing reads")));
    }
    assert_none(&wrong);
}

/// What a record of a decision has, in this order, below its number and name.
const RECORD: [&str; 3] = ["## Context", "## Decision", "## Consequence"];

#[test]
fn every_decision_is_recorded_in_one_form() {
    let mut wrong = Vec::new();
    let list = read("docs/decisions/README.md");
    for file in files("docs/decisions", "md").iter().filter(|file| !file.ends_with("README.md")) {
        let (text, name) = (read(file), file.rsplit('/').next().expect("a name"));
        let headings: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
        let title =
            headings.first().and_then(|heading| heading.strip_prefix("# ")?.strip_prefix(&format!("{} ", &name[..4])));
        if title.is_none_or(str::is_empty) || headings.get(1..) != Some(&RECORD) {
            wrong.push(format!("{file}: begin with `# {} Title`, then {}", &name[..4], RECORD.join(", ")));
        }
        if text.lines().count() >= 30 {
            wrong.push(format!("{file} is longer than a short record"));
        }
        if !list.contains(&format!("| [{}]({name}) |", &name[..4])) {
            wrong.push(format!("docs/decisions/README.md does not list {name}"));
        }
    }
    assert_none(&wrong);
}

#[track_caller]
fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n  {}\n", wrong.join("\n  "));
}

/// Names of the crates under `[dependencies]`, with those of one target or one feature; tests may use what they like.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.contains("dependencies]") && !line.contains("dev-dependencies");
        } else if inside && line.starts_with(|first: char| first.is_ascii_alphanumeric()) {
            names.push(line.split(['.', '=', ' ']).next().unwrap_or_default().to_owned());
        }
    }
    names
}

/// Targets of inline links outside of code.
fn links(markdown: &str) -> Vec<String> {
    let prose = markdown.split("```").step_by(2).collect::<String>();
    let without_code = prose.split('`').step_by(2).collect::<String>();
    let targets = without_code.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.map(|target| target.split(' ').next().unwrap_or_default().to_owned()).collect()
}

fn rust_files() -> Vec<String> {
    let all = ROOMS.iter().flat_map(|room| files(room, "rs"));
    all.filter(|file| !file.ends_with("generated.rs") || file.contains("/tests/")).collect()
}

/// Files below a folder with this ending, by their paths in the workspace. What is built or brought in is no part of it.
fn files(folder: &str, ending: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![workspace().join(folder)];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            let name = entry.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if entry.is_dir() {
                if !name.starts_with('.') && !["target", "node_modules", "dist", "data"].contains(&name) {
                    open.push(entry);
                }
            } else if entry.extension().is_some_and(|found| found == ending) {
                let inside = entry.strip_prefix(workspace()).expect("below the workspace");
                found.push(inside.to_str().expect("UTF-8").to_owned());
            }
        }
    }
    found.sort();
    found
}

/// Names of the Rust files of one folder, without their ending.
fn stems(folder: &str, but: &[&str]) -> BTreeSet<String> {
    let direct = |file: &String| Path::new(file).parent() == Some(Path::new(folder));
    let stem = |file: String| Path::new(&file).file_stem().and_then(|stem| stem.to_str()).map(str::to_owned);
    let names = files(folder, "rs").into_iter().filter(direct).filter_map(stem);
    names.filter(|name| !but.contains(&name.as_str())).collect()
}

fn read(file: &str) -> String {
    fs::read_to_string(workspace().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}
