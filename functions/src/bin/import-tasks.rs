//! `import-tasks` as a Lambda function. Generated from protocol/openapi.yaml; `make generate` refreshes it.

use owp_functions::{endpoints::import_tasks, lambda};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lambda::serve(import_tasks::route()).await
}
