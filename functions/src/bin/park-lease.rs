//! `park-lease` as a Lambda function.

use owp_functions::{endpoints::park_lease, lambda};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lambda::serve(park_lease::route()).await
}
