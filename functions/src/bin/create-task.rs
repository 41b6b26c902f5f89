//! `create-task` as a Lambda function.

use owp_functions::{endpoints::create_task, lambda};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lambda::serve(create_task::route()).await
}
