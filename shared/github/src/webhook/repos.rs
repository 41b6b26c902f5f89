//! What becomes of repositories, and of the app's access to them.

use super::{InstallationView, Malformed, Reader};
use crate::views::{AccountView, RepoView};
use owp_logic::github::Event;
use owp_wire::RepoName;
use serde::Deserialize;

#[derive(Deserialize)]
struct RepoNameView {
    full_name: String,
}

impl Reader<'_> {
    pub fn installation(self, action: &str) -> Result<Event, Malformed> {
        #[derive(Deserialize)]
        struct View {
            installation: InstallationView,
            #[serde(default)]
            repositories: Option<Vec<RepoNameView>>,
        }
        let View { installation: InstallationView { id: installation_id }, repositories } = self.view()?;
        let repos = names_of(repositories.unwrap_or_default());
        let is_gone = action == "deleted" || action == "suspend";
        Ok(if is_gone {
            Event::Uninstalled { installation_id, repos }
        } else {
            Event::Installed { installation_id, repos }
        })
    }

    pub fn installation_repos(self) -> Result<Event, Malformed> {
        #[derive(Deserialize)]
        struct View {
            installation: InstallationView,
            #[serde(default)]
            repositories_added: Vec<RepoNameView>,
            #[serde(default)]
            repositories_removed: Vec<RepoNameView>,
        }
        let View { installation: InstallationView { id: installation_id }, repositories_added, repositories_removed } =
            self.view()?;
        Ok(if repositories_removed.is_empty() {
            Event::Installed { installation_id, repos: names_of(repositories_added) }
        } else {
            Event::Uninstalled { installation_id, repos: names_of(repositories_removed) }
        })
    }

    /// Where it is told what it was called before, or that it is gone.
    pub fn repository(self, action: &str) -> Result<Event, Malformed> {
        #[derive(Deserialize)]
        struct View {
            repository: RepoView,
            changes: Option<ChangesView>,
        }
        #[derive(Default, Deserialize)]
        struct ChangesView {
            repository: Option<RepositoryChangesView>,
            owner: Option<FromView<OwnerView>>,
        }
        #[derive(Deserialize)]
        struct RepositoryChangesView {
            name: Option<FromView<String>>,
        }
        #[derive(Deserialize)]
        struct FromView<T> {
            from: T,
        }
        #[derive(Deserialize)]
        struct OwnerView {
            user: Option<AccountView>,
            organization: Option<AccountView>,
        }
        if !["deleted", "renamed", "transferred"].contains(&action) {
            return Ok(Event::Unknown);
        }
        let View { repository, changes } = self.view()?;
        let (to, changes) = (repository.name(), changes.unwrap_or_default());
        let Some((owner, name)) = to.0.split_once('/') else { return Ok(Event::Unknown) };
        let before = match action {
            "deleted" => return Ok(Event::Moved { repo: to, to: None }),
            "renamed" => {
                let name = changes.repository.and_then(|repository| repository.name).map(|name| name.from);
                name.map(|name| format!("{owner}/{name}"))
            }
            _ => {
                let owner = changes.owner.and_then(|owner| owner.from.user.or(owner.from.organization));
                owner.map(|owner| format!("{}/{name}", owner.login))
            }
        };
        Ok(before.map_or(Event::Unknown, |before| Event::Moved { repo: RepoName(before), to: Some(to) }))
    }
}

fn names_of(repos: Vec<RepoNameView>) -> Vec<RepoName> {
    repos.into_iter().map(|repo| RepoName(repo.full_name)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{event_of, repository};
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn an_app_comes_and_goes() {
        let repos = json!([{ "full_name": "owner/repo" }]);
        let repo = vec![RepoName("owner/repo".into())];
        for action in ["created", "unsuspend", "new_permissions_accepted"] {
            let body = json!({ "action": action, "installation": { "id": 7 }, "repositories": repos });
            let installed = Event::Installed { installation_id: 7, repos: repo.clone() };
            assert_eq!(event_of("installation", &body), installed, "{action}");
        }
        for action in ["deleted", "suspend"] {
            let body = json!({ "action": action, "installation": { "id": 7 } });
            assert_eq!(
                event_of("installation", &body),
                Event::Uninstalled { installation_id: 7, repos: vec![] },
                "{action}"
            );
        }
        let body = json!({ "action": "removed", "installation": { "id": 7 }, "repositories_added": [], "repositories_removed": repos });
        assert_eq!(
            event_of("installation_repositories", &body),
            Event::Uninstalled { installation_id: 7, repos: repo }
        );
    }

    #[test]
    fn a_repository_that_goes_elsewhere_says_what_it_was_called() {
        let moved = |action: &str, changes: Value| {
            event_of("repository", &json!({ "action": action, "changes": changes, "repository": repository() }))
        };
        let from =
            |before: &str| Event::Moved { repo: RepoName(before.into()), to: Some(RepoName("owner/repo".into())) };
        assert_eq!(moved("renamed", json!({ "repository": { "name": { "from": "old" } } })), from("owner/old"));
        for kind in ["user", "organization"] {
            let changes = json!({ "owner": { "from": { kind: { "login": "before" } } } });
            assert_eq!(moved("transferred", changes), from("before/repo"), "{kind}");
        }
        assert_eq!(moved("deleted", json!({})), Event::Moved { repo: RepoName("owner/repo".into()), to: None });
        for (action, changes) in
            [("renamed", json!({})), ("transferred", json!({})), ("edited", json!({ "topics": {} }))]
        {
            assert_eq!(moved(action, changes), Event::Unknown, "{action}");
        }
    }
}
