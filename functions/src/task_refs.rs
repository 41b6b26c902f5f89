//! How a maintainer names a task that another depends on: by its id, by its key, or by its key in another repository.

use owp_logic::TaskRef;
use owp_wire::{RepoName, TaskId};

/// Reads what the contract calls `TaskRef`. A key stands for a task of `repo` unless it names another repository; what
/// looks like an id is one, so a key of that look has to be written with its repository.
pub fn task_ref(text: &str, repo: &RepoName) -> TaskRef {
    match text.split_once('@') {
        Some((key, other)) => TaskRef::Key(RepoName(other.to_owned()), key.to_owned()),
        None if is_id(text) => TaskRef::Id(TaskId(text.to_owned())),
        None => TaskRef::Key(repo.clone(), text.to_owned()),
    }
}

pub fn task_refs(texts: &[String], repo: &RepoName) -> Vec<TaskRef> {
    texts.iter().map(|text| task_ref(text, repo)).collect()
}

/// Whether it can be read only where it is known which repository it is said in.
pub fn is_of_same_repo(text: &str) -> bool {
    !text.contains('@') && !is_id(text)
}

/// The most that an id has behind its prefix.
const ID_LENGTH_MAX: usize = 40;

/// As the contract's `TaskId`.
fn is_id(text: &str) -> bool {
    text.strip_prefix("t_").is_some_and(|rest| {
        (1..=ID_LENGTH_MAX).contains(&rest.len())
            && rest.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_is_named_by_id_by_key_or_by_key_and_repository() {
        let here = RepoName("owner/here".to_owned());
        let key = |repo: &str, key: &str| TaskRef::Key(RepoName(repo.to_owned()), key.to_owned());
        for (text, expected) in [
            ("t_def456", TaskRef::Id(TaskId("t_def456".to_owned()))),
            ("docs-1", key("owner/here", "docs-1")),
            ("T_1", key("owner/here", "T_1")),
            ("t_", key("owner/here", "t_")),
            ("t_UPPER", key("owner/here", "t_UPPER")),
            ("cli-1@owner/repo", key("owner/repo", "cli-1")),
            ("a/b#3@demo", key("demo", "a/b#3")),
            ("t_def456@owner/repo", key("owner/repo", "t_def456")),
        ] {
            assert_eq!(task_ref(text, &here), expected, "{text}");
            assert_eq!(is_of_same_repo(text), matches!(&expected, TaskRef::Key(repo, _) if *repo == here), "{text}");
        }
    }
}
