//! Who asks GitHub, made from the settings. A function that asks nothing there must not call this, so that it stays small.

use super::GithubSettings;
use crate::clock::Clock;
use anyhow::Context;
use owp_github::{Client, GitHub, Settings};
use std::sync::Arc;

/// `None` where no credentials are set.
pub fn connect(settings: &GithubSettings, clock: Arc<dyn Clock>) -> anyhow::Result<Option<Arc<dyn GitHub>>> {
    let Some(credentials) = settings.credentials.clone() else { return Ok(None) };
    let mut asked = Settings::new(credentials, move || clock.now());
    if let Some(url) = &settings.api_url {
        asked.api_url.clone_from(url);
    }
    let client = Client::new(asked).context("GitHub can't be asked")?;
    Ok(Some(Arc::new(client)))
}
