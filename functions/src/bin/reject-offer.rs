//! `reject-offer` as a Lambda function.

use owp_functions::{endpoints::reject_offer, lambda};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lambda::serve(reject_offer::route()).await
}
