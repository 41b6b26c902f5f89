//! Traces by OTLP, for whoever names a collector in `OTEL_EXPORTER_OTLP_ENDPOINT`: a span for each request, under the trace of
//! the caller where it has one (W3C `traceparent`), and below it one for each commit, which the store tells.
//!
//! A span says which operation it was, how it was answered and the request's id, by which the log has the rest. No header,
//! body, address or token is in it.

use anyhow::Context;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{TraceContextExt, TracerProvider};
use opentelemetry_http::HeaderExtractor;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::SdkTracerProvider;
use owp_functions::edge::AnsweredBy;
use owp_store::TRACES;
use tracing::field::Empty;
use tracing::{Instrument, Span, error, info_span};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, filter::LevelFilter};

/// Either names a collector. These and the others that OpenTelemetry has are read from the process's environment alone.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

/// Unless `OTEL_SERVICE_NAME` or `OTEL_RESOURCE_ATTRIBUTES` says so.
const SERVICE: &str = "owp-server";

/// How what is traced gets to a collector.
pub struct Traces(SdkTracerProvider);

impl Traces {
    /// `None` where no collector is named. Nobody is asked yet: a collector that is away is logged, and harms nothing.
    pub fn to_collector() -> anyhow::Result<Option<Self>> {
        if ENDPOINTS.iter().all(|name| variable(name).is_none()) {
            return Ok(None);
        }
        let exporter = SpanExporter::builder().with_http().build();
        let exporter = exporter.context("can't send traces as the OTEL_… variables say")?;
        Ok(Some(Self(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource()).build())))
    }

    /// Takes the spans of this server and no others.
    pub fn layer<S>(&self) -> impl Layer<S>
    where
        S: tracing::Subscriber + for<'span> LookupSpan<'span>,
    {
        let layer = tracing_opentelemetry::layer().with_tracer(self.0.tracer(SERVICE));
        let layer = layer.with_location(false).with_threads(false).with_target(false).with_level(false);
        layer.with_filter(Targets::new().with_target(TRACES, LevelFilter::TRACE))
    }

    /// Sends what is not sent yet.
    pub fn end(self) {
        if let Err(failure) = self.0.shutdown() {
            error!(error = &failure as &dyn std::error::Error, "the last traces could not be sent");
        }
    }
}

fn resource() -> Resource {
    let named = variable("OTEL_SERVICE_NAME").is_some()
        || variable("OTEL_RESOURCE_ATTRIBUTES").is_some_and(|attributes| attributes.contains("service.name="));
    let resource = Resource::builder();
    let resource = if named { resource } else { resource.with_service_name(SERVICE) };
    resource.with_attribute(opentelemetry::KeyValue::new("service.version", env!("CARGO_PKG_VERSION"))).build()
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Around everything that a request meets.
pub async fn traced(request: Request, next: Next) -> Response {
    let span = info_span!(
        target: TRACES,
        "request",
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = %request.method(),
        http.response.status_code = Empty,
        owp.operation = Empty,
        owp.request_id = Empty,
    );
    let caller = TraceContextPropagator::new().extract(&HeaderExtractor(request.headers()));
    if caller.span().span_context().is_valid()
        && let Err(failure) = span.set_parent(caller)
    {
        tracing::debug!(error = &failure as &dyn std::error::Error, "the caller's trace could not be taken up");
    }
    let response = next.run(request).instrument(span.clone()).await;
    tell(&span, &response);
    response
}

fn tell(span: &Span, response: &Response) {
    let operation = response.extensions().get().map_or("none", |AnsweredBy(operation)| operation);
    // The name was given when the span began, and which operation it would be was not known.
    span.context().span().update_name(operation);
    span.record("owp.operation", operation);
    span.record("http.response.status_code", response.status().as_u16());
    if response.status().is_server_error() {
        span.record("otel.status_code", "ERROR");
    }
    if let Some(request_id) = response.headers().get("x-request-id").and_then(|id| id.to_str().ok()) {
        span.record("owp.request_id", request_id);
    }
}
