//! Reading the policy file of a repository, where it has changed since it was read last.

use super::sync::ReadError;
use crate::app::AppState;
use crate::yaml::{self, Places};
use owp_github::GitHub;
use owp_logic::Actor;
use owp_logic::github::{POLICY_BYTES_MAX, POLICY_PATH, Policy, PolicyFault};
use owp_logic::operations::AcceptPolicy;
use owp_wire::RepoName;

pub async fn read(
    app: &AppState,
    github: &dyn GitHub,
    request_id: &str,
    actor: Actor,
    repo: &RepoName,
) -> Result<(), ReadError> {
    let Some(link) = app.link_of(repo).await?.filter(|link| !link.suspended) else { return Ok(()) };
    let file = github.file(repo, POLICY_PATH).await?;
    let blob_sha = file.as_ref().map(|file| file.blob_sha.clone());
    if link.policy.as_deref().and_then(|known| known.blob_sha.as_ref()) == blob_sha.as_ref() {
        return Ok(());
    }
    if file.is_none() {
        // In a repository that can't be seen any more no file is found, which takes no policy away.
        github.access(repo).await?;
    }
    let read = file.map_or_else(|| Ok(Policy::default()), |file| policy_in(file.text.as_deref()));
    let operation = AcceptPolicy { repo: repo.clone(), blob_sha, read };
    app.run(request_id, actor, None, operation).await?.map_err(|refusal| ReadError::Store(refusal.into()))?;
    Ok(())
}

fn policy_in(text: Option<&str>) -> Result<Policy, Vec<PolicyFault>> {
    let whole = |because: String, place| vec![PolicyFault { pointer: String::new(), because, place }];
    let text = text.filter(|text| text.len() <= POLICY_BYTES_MAX);
    let text =
        text.ok_or_else(|| whole(format!("is longer than {POLICY_BYTES_MAX} bytes, or no text in UTF-8"), None))?;
    let file = yaml::parse(text).map_err(|error| {
        let (words, place) = (yaml::words_of(&error), yaml::place_of(&error));
        // The parser says at the end where it is.
        let words = place.map_or(words.as_str(), |place| words.trim_end_matches(&place.to_string()).trim_end());
        whole(format!("is not YAML: {}", words.trim_end_matches(" at")), place)
    })?;
    Policy::read(&file).map_err(|faults| {
        let places = Places::of(text);
        let placed = |fault: PolicyFault| PolicyFault { place: places.find(&fault.pointer), ..fault };
        faults.into_iter().map(placed).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let faults = policy_in(Some(text)).expect_err("it has a mistake");
        assert_eq!(faults.iter().map(ToString::to_string).collect::<Vec<_>>(), expected, "{text}");
    }

    #[test]
    fn a_mistake_is_named_with_its_line_and_column() {
        check(
            "version: 1\n\nsize:\n  lines: 3\n",
            &["line 4, column 3, /size/lines: is unknown; did you mean lines_max?"],
        );
        check(
            "version: 1\nbudget: { max_open_prs: many }\n",
            &["line 2, column 11, /budget/max_open_prs: is no whole number from 0 to 100"],
        );
        check(
            "version: 1\npaths:\n  allow:\n    - src/\n    - 'docs/['\n",
            &["line 5, column 7, /paths/allow/1: is no pattern"],
        );
        check(
            "version: 1\nquiet_hours:\n  - from: 22:00\n    to: '25:00'\n  - from: '22:00'\n",
            &[
                "line 4, column 5, /quiet_hours/0/to: is no time of day in UTC such as \"22:00\"; put it into quotes",
                "line 5, column 5, /quiet_hours/1/to: is missing",
            ],
        );
        check("# nothing but this\nsize: {}\n", &["line 2, column 1, /version: is missing; write `version: 1`"]);
        check("- version: 1\n", &["line 1, column 1, the file: is no mapping; begin with `version: 1`"]);
    }

    #[test]
    fn what_is_no_yaml_is_said_with_its_line() {
        check("version: 1\nsize: {\n", &["line 2, column 7, the file: is not YAML: unclosed bracket '{'"]);
        for (text, place) in [("a: 1\n  b: 2\n", "line 2, column "), ("a: \"b\n", "line 2, column ")] {
            let said = policy_in(Some(text)).expect_err("it is not YAML")[0].to_string();
            assert!(said.starts_with(place) && said.contains(", the file: is not YAML: "), "{said}");
            assert!(!said.contains(" at line"), "its place is said once: {said}");
        }
    }

    #[test]
    fn what_is_too_long_or_no_text_is_refused_as_a_whole() {
        for text in [None, Some("#".repeat(POLICY_BYTES_MAX + 1))] {
            let faults = policy_in(text.as_deref()).expect_err("it is not read");
            assert_eq!(faults[0].to_string(), "the file: is longer than 65536 bytes, or no text in UTF-8");
        }
    }
}
