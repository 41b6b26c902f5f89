//! Reading the policy file of a repository, where it has changed since it was read last.

use super::sync::ReadError;
use crate::app::AppState;
use crate::yaml;
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
    let read = file.map_or_else(|| Ok(Policy::default()), |file| policy_in(file.text.as_deref()));
    let operation = AcceptPolicy { repo: repo.clone(), blob_sha, read };
    app.run(request_id, actor, None, operation).await?.map_err(|refusal| ReadError::Store(refusal.into()))?;
    Ok(())
}

fn policy_in(text: Option<&str>) -> Result<Policy, Vec<PolicyFault>> {
    let whole = |because: String| vec![PolicyFault { pointer: String::new(), because }];
    let text = text.filter(|text| text.len() <= POLICY_BYTES_MAX);
    let text = text.ok_or_else(|| whole(format!("is longer than {POLICY_BYTES_MAX} bytes, or no text in UTF-8")))?;
    let file = yaml::parse(text).map_err(|error| {
        let what = error.to_string();
        whole(format!("is not YAML: {}", what.lines().next().unwrap_or_default()))
    })?;
    Policy::read(&file)
}
