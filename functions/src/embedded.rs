//! The figures of a Lambda function, as lines of its log that CloudWatch makes metrics of (its Embedded Metric Format).
//!
//! Written at the end of each invocation: afterwards the function is frozen, and nobody knows for how long. Each operation,
//! status and code is a metric that is paid for, so there are none unless the deployment asks for them.

use anyhow::anyhow;
use metrics_cloudwatch_embedded::{Builder, Collector};
use std::io::Write;
use tracing::error;

const NAMESPACE: &str = "OwpPool";

/// What it is called in the deployment's settings: the name that the metrics have as their dimension `stack`.
const SETTING: &str = "OWP_EMBEDDED_METRICS";

/// Where the figures go; nowhere by default.
#[derive(Clone, Copy, Default)]
pub struct Embedded(Option<&'static Collector>);

impl Embedded {
    /// From now on what is recorded anywhere in the process is kept until it is written.
    pub fn install(get: impl Fn(&str) -> Option<String>) -> anyhow::Result<Self> {
        let Some(stack) = get(SETTING).filter(|stack| !stack.is_empty()) else { return Ok(Self(None)) };
        let builder = Builder::new().cloudwatch_namespace(NAMESPACE).with_dimension("stack", stack);
        let collector = builder.init().map_err(|error| anyhow!("the figures can't be kept: {error}"))?;
        crate::meters::describe();
        Ok(Self(Some(collector)))
    }

    /// Writes what was recorded since it last did: a line for each set of labels.
    pub fn write_to(self, out: impl Write) {
        if let Some(Err(error)) = self.0.map(|collector| collector.flush(out)) {
            error!(%error, "the figures of this call can't be written");
        }
    }
}
