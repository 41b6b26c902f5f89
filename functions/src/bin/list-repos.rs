//! `list-repos` as a Lambda function.

use owp_functions::{endpoints::list_repos, lambda};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lambda::serve(list_repos::route()).await
}
