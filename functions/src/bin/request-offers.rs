//! `request-offers` as a Lambda function. Generated from protocol/openapi.yaml; `make generate` refreshes it.

use owp_functions::{endpoints::request_offers, lambda};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lambda::serve(request_offers::route()).await
}
