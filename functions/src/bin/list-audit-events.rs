//! `list-audit-events` as a Lambda function. Generated from protocol/openapi.yaml; `make generate` refreshes it.

use owp_functions::{endpoints::list_audit_events, lambda};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lambda::serve(list_audit_events::route()).await
}
