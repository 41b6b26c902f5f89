//! Settles dead leases on a schedule, as a Lambda function.

use owp_functions::lambda;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    lambda::serve_expiry().await
}
