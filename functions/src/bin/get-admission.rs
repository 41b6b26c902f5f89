//! `get-admission` as a Lambda function.

use owp_functions::{endpoints::get_admission, lambda};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lambda::serve(get_admission::route()).await
}
