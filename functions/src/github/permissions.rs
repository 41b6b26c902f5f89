//! What GitHub has to allow for each thing that the pool does there.

use owp_github::Access;
use owp_logic::RepoLink;
use owp_wire::WritePermission;

/// What a link asks for beyond what was granted.
pub fn missing(access: &Access, link: &RepoLink) -> Vec<String> {
    let mut asked = vec![("issues", false), ("pull_requests", false), ("contents", false)];
    for write in link.write.iter().filter(|write| link.may_write(**write)) {
        asked.extend(match write {
            // A comment on a pull request counts as one on an issue, or as one on a pull request.
            WritePermission::Comments => [("issues", true), ("pull_requests", true)].as_slice(),
            WritePermission::Labels | WritePermission::Assignees => &[("issues", true)],
            WritePermission::Status => &[("checks", true)],
        });
    }
    let has = |(name, writes): &(&str, bool)| {
        if *writes { access.may_write(name) } else { access.permissions.contains_key(*name) }
    };
    // A token makes commit statuses instead of check runs.
    let stands_in = |(name, _): &(&str, bool)| *name == "checks" && access.may_write("statuses");
    let mut missing: Vec<String> = asked
        .into_iter()
        .filter(|asked| !has(asked) && !stands_in(asked))
        .map(|(name, writes)| format!("{name}:{}", if writes { "write" } else { "read" }))
        .collect();
    missing.sort();
    missing.dedup();
    missing
}

#[cfg(test)]
mod tests {
    use super::*;
    use owp_wire::{AdmissionMode, SyncType, Timestamp};

    fn check(granted: &[(&str, &str)], write: &[WritePermission], expected: &[&str]) {
        let permissions = granted.iter().map(|(name, level)| ((*name).to_owned(), (*level).to_owned())).collect();
        let access = Access { login: "pool[bot]".to_owned(), permissions, installation_id: None };
        let link = RepoLink {
            sync: SyncType::Bidirectional,
            write: write.to_vec(),
            admission: AdmissionMode::Report,
            linked_at: Timestamp::default(),
            synced_at: None,
            policy: None,
            suspended: false,
            suspended_because: None,
            suspended_at: None,
        };
        assert_eq!(missing(&access, &link), expected, "{granted:?} {write:?}");
    }

    #[test]
    fn what_is_set_asks_for_what_it_takes_and_no_more() {
        let read = [("issues", "read"), ("pull_requests", "read"), ("contents", "read")];
        check(&read, &[], &[]);
        check(&[("issues", "write")], &[], &["contents:read", "pull_requests:read"]);
        check(&read, &[WritePermission::Comments], &["issues:write", "pull_requests:write"]);
        check(&read, &[WritePermission::Labels, WritePermission::Assignees], &["issues:write"]);
        check(&read, &[WritePermission::Status], &["checks:write"]);
        let with_statuses = [&read[..], &[("statuses", "write")]].concat();
        check(&with_statuses, &[WritePermission::Status], &[]);
    }
}
