//! A repository's link to GitHub: what is read and written there, and bringing tasks to what its issues say.

use crate::api::operations;
use crate::cli::parsed;
use crate::errors::Failure;
use crate::output::{Table, clean_line, facts, list_or_dash};
use crate::session::Session;
use clap::{Args, Subcommand};
use owp_wire::{AdmissionMode, RepoName, SyncGithubRepoRequest, SyncGithubRepoResponse, SyncType, WritePermission};

const EXAMPLES: &str = "\
Examples:
  owp admin github sync owner/repo --dry-run
  owp admin github sync owner/repo --type bidirectional --write comments,labels,status --admission report
  owp admin github sync owner/repo --type import --accept-edits

Open issues labelled `pool:ready` become tasks; size:3, priority:high, skills:python,docs, area:auth and tier:1 say the rest. \
A text that was edited after its task was put in is kept as it was and told here, until you accept it.";

#[derive(Subcommand)]
pub enum GithubCommand {
    /// Link a repository to GitHub, or change its link, and read its issues
    Sync(SyncArgs),
}

#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub struct SyncArgs {
    /// `owner/name`, as GitHub spells it
    repo: String,
    /// Issues become tasks, what becomes of tasks is said at GitHub, or both
    #[arg(long = "type", value_name = "TYPE", default_value = "import", value_parser = ["import", "export", "bidirectional"])]
    sync_type: String,
    /// What may be written there, separated by commas, or `none`; without this it stays as it is
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = ["comments", "labels", "assignees", "status", "none"])]
    write: Vec<String>,
    /// What the check on pull requests does without a live lease; without this it stays as it is
    #[arg(long, value_name = "MODE", value_parser = ["off", "report", "enforce"])]
    admission: Option<String>,
    /// Take over texts that were edited after their tasks were put in
    #[arg(long)]
    accept_edits: bool,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
}

pub async fn run(session: &Session, command: GithubCommand) -> Result<(), Failure> {
    let GithubCommand::Sync(args) = command;
    let Some((owner, name)) = args.repo.split_once('/') else {
        return Err(Failure::local(
            format!("{} is no repository of GitHub", clean_line(&args.repo)),
            "name it as owner/name, as GitHub spells it",
        ));
    };
    let repo = RepoName(format!("{owner}/{name}"));
    let named = args.write.iter().filter(|word| *word != "none").map(|word| parsed::<WritePermission>(word));
    let request = SyncGithubRepoRequest {
        sync_type: parsed::<SyncType>(&args.sync_type),
        write_permissions: (!args.write.is_empty()).then(|| named.collect()),
        admission: args.admission.as_deref().map(parsed::<AdmissionMode>),
        accept_edits: args.accept_edits,
    };
    session.send_and_show(&operations::sync_github_repo(&repo, &request, args.dry_run), word_sync).await
}

fn word_sync(answer: &SyncGithubRepoResponse) -> String {
    let would = if answer.dry_run { " (dry run, nothing was written)" } else { "" };
    let mut text = format!(
        "{} created, {} updated, {} unchanged, {} kept, {} cancelled, {} skipped{would}\n",
        answer.created, answer.updated, answer.unchanged, answer.kept, answer.cancelled, answer.skipped
    );
    if !answer.issues.is_empty() {
        let mut table = Table::new(&["ISSUE", "ACTION", "TASK", "CHANGED", "TITLE"]);
        for issue in &answer.issues {
            let task = issue.task_id.as_ref().map_or_else(|| "-".to_owned(), ToString::to_string);
            let title = clean_line(&issue.title);
            table.row([
                format!("#{}", issue.number),
                issue.action.to_string(),
                task,
                list_or_dash(&issue.changed),
                title,
            ]);
        }
        text.push_str(&table.render());
        for issue in &answer.issues {
            for fault in &issue.faults {
                text.push_str(&format!("#{}: the label {}\n", issue.number, clean_line(fault)));
            }
        }
    }
    let link = &answer.link;
    let write: Vec<String> = link.write_permissions.iter().map(ToString::to_string).collect();
    let mut known = vec![
        ("webhook", answer.webhook_url.clone()),
        ("sync", link.sync_type.to_string()),
        ("writes", list_or_dash(&write)),
        ("admission", link.admission.to_string()),
        ("granted", list_or_dash(&answer.permissions_granted)),
    ];
    if !answer.permissions_missing.is_empty() {
        known.push(("missing", format!("{}; give them at GitHub", answer.permissions_missing.join(", "))));
    }
    text.push_str(&facts(&known));
    for fault in &link.policy_faults {
        text.push_str(&format!(".github/owp.yml, {}\n", clean_line(fault)));
    }
    if answer.issues.iter().any(|issue| issue.changed.iter().any(|field| field == "text")) {
        text.push_str("text: edited at GitHub since it was accepted; read it, then sync with --accept-edits\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_sync_is_told_as_counts_changes_and_what_is_missing() {
        let answer: SyncGithubRepoResponse = serde_json::from_value(json!({
            "ok": true, "repo": "owner/repo", "dry_run": true, "webhook_url": "https://pool.example.org/webhooks/github",
            "permissions_granted": ["issues:read"], "permissions_missing": ["checks:write"],
            "link": { "sync_type": "bidirectional", "write_permissions": ["status"], "admission": "off", "linked_at": "2026-01-18T01:00:00Z", "policy_faults": ["line 3, column 1, /size: is no mapping"] },
            "created": 1, "updated": 0, "unchanged": 3, "kept": 1, "cancelled": 0, "skipped": 2,
            "issues": [
                { "number": 7, "title": "New\u{1b}[2J", "action": "created", "changed": [], "faults": ["size:XL: is no whole number"] },
                { "number": 8, "task_id": "t_1", "title": "Edited", "action": "kept", "changed": ["text"], "faults": [] },
            ],
        }))
        .unwrap();
        let text = word_sync(&answer);
        for said in [
            "1 created, 0 updated, 3 unchanged, 1 kept, 0 cancelled, 2 skipped (dry run, nothing was written)\n",
            "#7: the label size:XL: is no whole number\n",
            "https://pool.example.org/webhooks/github",
            ".github/owp.yml, line 3, column 1, /size: is no mapping\n",
            "checks:write; give them at GitHub",
            "sync with --accept-edits\n",
        ] {
            assert!(text.contains(said), "{said} is not in {text}");
        }
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }
}
