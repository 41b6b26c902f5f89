//! What a Lambda function logs: one JSON object a line, with the invocation's request and trace ids beside each event, so
//! that a line leads to its call and its trace, and the other way round.

use anyhow::Context as _;
use tracing_subscriber::EnvFilter;

/// Kept at every level: the span that holds the ids, and the line of the scheduled function that an alarm reads.
const ALWAYS: &str = "lambda_runtime::layers::trace=info,owp_functions::lambda=info";

/// Logs to the standard output from now on. The level is what `OWP_LOG` says, or else what the function's own logging
/// configuration does.
pub fn init(get: impl Fn(&str) -> Option<String>) -> anyhow::Result<()> {
    let set = |name: &str| get(name).filter(|level| !level.is_empty());
    let level = set("OWP_LOG").or_else(|| set("AWS_LAMBDA_LOG_LEVEL")).unwrap_or_else(|| "info".to_owned());
    let filter = EnvFilter::try_new(format!("{level},{ALWAYS}")).context("OWP_LOG can't be read")?;
    // Lambda tells levels and times by fields of these names, so the events' own fields stand beside them.
    tracing_subscriber::fmt().json().flatten_event(true).with_span_list(false).with_env_filter(filter).init();
    Ok(())
}
