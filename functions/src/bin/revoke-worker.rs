//! `revoke-worker` as a Lambda function. Generated from protocol/openapi.yaml; `make generate` refreshes it.

use owp_functions::{endpoints::revoke_worker, lambda};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lambda::serve(revoke_worker::route()).await
}
