//! `send-heartbeat` as a Lambda function.

use owp_functions::{endpoints::send_heartbeat, lambda};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lambda::serve(send_heartbeat::route()).await
}
