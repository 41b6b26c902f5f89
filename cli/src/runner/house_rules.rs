//! What the policy file of a repository asks of a pull request, said for whoever does the task. It is text from a repository
//! like the task's own, and its commands are shown and not run: that is for the tool, and for who lets it.

use crate::output::clean_line;
use owp_wire::{Lease, WorkPolicy};

/// Nothing where it asks nothing.
pub fn word(lease: &Lease) -> Option<String> {
    let policy = lease.policy.as_ref()?;
    let mut text = String::new();
    for rule in rules(lease, policy) {
        text.push_str(&format!("- {rule}\n"));
    }
    for (when, commands) in [("before the work", &policy.setup), ("after it, all of which should pass", &policy.test)] {
        if !commands.is_empty() {
            let lines = commands.iter().map(|command| format!("    {}\n", clean_line(command)));
            text.push_str(&format!("\nTo run in the clone {when}:\n\n{}", lines.collect::<String>()));
        }
    }
    (!text.is_empty()).then_some(text)
}

fn rules(lease: &Lease, policy: &WorkPolicy) -> Vec<String> {
    let mut rules = Vec::new();
    if !policy.paths_allowed.is_empty() {
        rules.push(format!("change only: {}", patterns(&policy.paths_allowed)));
    }
    if !policy.paths_denied.is_empty() {
        rules.push(format!("leave alone: {}", patterns(&policy.paths_denied)));
    }
    for above in policy.tiers.iter().filter(|rule| rule.tier > lease.tier) {
        rules.push(format!(
            "leave alone, being for tasks of tier {} and above: {}",
            above.tier,
            patterns(&above.paths)
        ));
    }
    if let Some(most) = policy.files_max {
        rules.push(format!("change at most {}", counted(most, "file")));
    }
    if let Some(most) = lines_max(lease, policy) {
        rules.push(format!("change at most {}, those added and those removed together", counted(most, "line")));
    }
    if let Some(line) = &policy.disclosure_line {
        let line = clean_line(line);
        rules.push(format!("have a line in the description of the pull request that begins with `{line}`"));
    }
    rules.extend(policy.disclosure.as_deref().map(|text| format!("on the tools that were used: {}", clean_line(text))));
    rules
}

/// The tighter of two limits, as the check on the pull request takes it.
fn lines_max(lease: &Lease, policy: &WorkPolicy) -> Option<u32> {
    let by_points = policy.lines_per_point_max.map(|lines| lines.saturating_mul(lease.estimate_points));
    [policy.lines_max, by_points].into_iter().flatten().min()
}

fn patterns(paths: &[String]) -> String {
    let quoted: Vec<String> = paths.iter().map(|path| format!("`{}`", clean_line(path))).collect();
    quoted.join(", ")
}

fn counted(count: u32, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::word;
    use owp_wire::Lease;
    use serde_json::{Value, json};

    fn lease(policy: &Value) -> Lease {
        serde_json::from_value(json!({
            "lease_id": "l_1", "task_id": "t_1", "repo": "owner/repo", "title": "x", "description": "", "estimate_points": 2,
            "priority": 10, "area": null, "tier": 1, "required_skills": [], "state": "leased",
            "lease_expires_at": "2026-01-18T05:00:00.000Z", "attempt": 1, "policy": policy,
        }))
        .unwrap()
    }

    #[test]
    fn everything_that_a_policy_file_asks_is_said_for_this_task() {
        let policy = json!({
            "paths_allowed": ["src/", "docs/**/*.md"], "paths_denied": [".github/"],
            "tiers": [{ "paths": ["www/"], "tier": 1 }, { "paths": ["migrations/"], "tier": 2 }],
            "setup": ["npm ci"], "test": ["npm test", "npm run lint"], "files_max": 1, "lines_max": 400,
            "lines_per_point_max": 150, "disclosure_line": "Assisted-by:", "disclosure": "Name your tools.",
        });
        let expected = "\
- change only: `src/`, `docs/**/*.md`
- leave alone: `.github/`
- leave alone, being for tasks of tier 2 and above: `migrations/`
- change at most 1 file
- change at most 300 lines, those added and those removed together
- have a line in the description of the pull request that begins with `Assisted-by:`
- on the tools that were used: Name your tools.

To run in the clone before the work:

    npm ci

To run in the clone after it, all of which should pass:

    npm test
    npm run lint
";
        assert_eq!(word(&lease(&policy)).as_deref(), Some(expected));
    }

    #[test]
    fn of_two_limits_on_lines_the_tighter_one_is_said() {
        let policy = json!({ "lines_max": 100, "lines_per_point_max": 150 });
        let said = word(&lease(&policy)).unwrap();
        assert!(said.contains("at most 100 lines"), "{said}");
    }

    #[test]
    fn a_policy_that_asks_nothing_is_not_mentioned() {
        assert_eq!(word(&lease(&json!({}))), None);
        assert_eq!(word(&lease(&Value::Null)), None);
    }

    #[test]
    fn what_a_terminal_would_obey_is_taken_out() {
        let said = word(&lease(&json!({ "setup": ["a\u{1b}[2J\nb"], "disclosure": "x\u{7}" }))).unwrap();
        assert!(!said.contains('\u{1b}') && !said.contains('\u{7}'), "{said:?}");
        assert_eq!(
            said.lines().filter(|line| line.starts_with("    ")).count(),
            1,
            "one command stays one line: {said:?}"
        );
    }
}
