//! `put-admission` as a Lambda function. Generated from protocol/openapi.yaml; `make generate` refreshes it.

use owp_functions::{endpoints::put_admission, lambda};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lambda::serve(put_admission::route()).await
}
