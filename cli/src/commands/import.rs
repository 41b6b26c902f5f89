//! Putting a file of tasks in. The file goes to the server as it is: the server checks it, knows its lines, and takes all
//! of it or nothing.

use crate::api::{self, operations};
use crate::errors::Failure;
use crate::output::{self, Table, list_or_dash};
use crate::session::Session;
use clap::Args;
use indicatif::ProgressBar;
use owp_wire::{ImportAction, ImportTasksResponse};
use std::io::{IsTerminal, Read};
use std::time::Duration;

#[derive(Args)]
pub struct ImportArgs {
    /// A list of tasks as YAML or JSON; `-` reads from standard input
    file: String,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

pub async fn run(session: &Session, args: ImportArgs) -> Result<(), Failure> {
    let text = read(&args.file)?;
    let call = operations::import_tasks(content_type(&args.file, &text), text, args.dry_run);
    let progress = progress(&args.file);
    let answer = session.send(&call).await;
    progress.finish_and_clear();
    let answer = answer?;
    if session.in_json {
        output::print_json(&answer);
    } else {
        output::print(&word_import(&api::decode(answer)?));
    }
    Ok(())
}

fn read(file: &str) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let result = if file == "-" {
        std::io::stdin().lock().read_to_end(&mut bytes)
    } else {
        std::fs::File::open(file).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    result.map_err(|cause| {
        Failure::local(
            format!("cannot read {file}: {cause}"),
            "name a file with a list of tasks, or `-` for standard input",
        )
    })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::local(format!("{file} is not UTF-8 text"), "save it as UTF-8"))?;
    if text.trim().is_empty() {
        let hint = "a task file is a list; each task begins with `- repo: OWNER/NAME` and a `title`";
        return Err(Failure::local(format!("{file} is empty"), hint));
    }
    Ok(text)
}

/// By the name's ending; without one that says so, a text that is JSON is sent as JSON.
fn content_type(file: &str, text: &str) -> &'static str {
    let ending = std::path::Path::new(file)
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    let is_json = match ending.as_str() {
        "json" => true,
        "yaml" | "yml" => false,
        _ => serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok(),
    };
    if is_json { "application/json" } else { "application/yaml" }
}

fn progress(file: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let progress = ProgressBar::new_spinner().with_message(format!("importing {file}"));
    progress.enable_steady_tick(Duration::from_millis(100));
    progress
}

fn word_import(answer: &ImportTasksResponse) -> String {
    let would = if answer.dry_run { " (dry run, nothing was written)" } else { "" };
    let mut text = format!(
        "{} created, {} updated, {} unchanged, {} kept{would}\n",
        answer.created, answer.updated, answer.unchanged, answer.kept
    );
    let moved: Vec<_> = answer.tasks.iter().filter(|task| task.action != ImportAction::Unchanged).collect();
    if !moved.is_empty() {
        let mut table = Table::new(&["ACTION", "TASK", "CHANGED", "TITLE"]);
        for task in moved {
            let task_id = if answer.dry_run && task.action == ImportAction::Created {
                "-".to_owned()
            } else {
                task.task_id.to_string()
            };
            table.row([task.action.to_string(), task_id, list_or_dash(&task.changed), task.title.clone()]);
        }
        text.push_str(&table.render());
    }
    if answer.kept > 0 {
        text.push_str("kept: held, in review or over, so left as they are\n");
    }
    if answer.tasks.is_empty() {
        text.push_str("the file holds no tasks; a task needs at least `repo` and `title`\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{content_type, word_import};
    use serde_json::json;

    #[test]
    fn the_form_is_told_by_the_name_and_else_by_the_text() {
        for (file, text, expected) in [
            ("a.json", "- x", "application/json"),
            ("a.YML", "[]", "application/yaml"),
            ("-", " [{\"repo\":\"demo\"}]", "application/json"),
            ("-", "- repo: demo", "application/yaml"),
            ("-", "[{repo: demo}]", "application/yaml"),
        ] {
            assert_eq!(content_type(file, text), expected, "{file} {text}");
        }
    }

    #[test]
    fn an_import_is_told_as_counts_and_changes() {
        let answer = serde_json::from_value(json!({
            "ok": true, "dry_run": true, "created": 1, "updated": 0, "unchanged": 1, "kept": 1,
            "tasks": [
                { "task_id": "t_1", "title": "New", "action": "created" },
                { "task_id": "t_2", "title": "Same", "action": "unchanged" },
                { "task_id": "t_3", "title": "Held", "action": "kept", "changed": ["title", "tier"] },
            ],
        }))
        .unwrap();
        let text = word_import(&answer);
        assert!(text.starts_with("1 created, 0 updated, 1 unchanged, 1 kept (dry run, nothing was written)\n"));
        assert!(
            text.contains("kept     t_3   title,tier  Held") && !text.contains("Same") && !text.contains("t_1"),
            "{text}"
        );
    }
}
