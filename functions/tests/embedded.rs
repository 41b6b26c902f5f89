//! The lines that CloudWatch makes metrics of, as its Embedded Metric Format wants them. In a process of its own, because
//! there is one recorder in each.

use axum::http::StatusCode;
use owp_functions::embedded::Embedded;
use owp_functions::meters;
use owp_wire::ProblemCode;
use serde_json::{Value, json};
use std::time::Duration;

fn lines(embedded: Embedded) -> Vec<Value> {
    let mut written = Vec::new();
    embedded.write_to(&mut written);
    let text = String::from_utf8(written).expect("text");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

#[test]
fn each_invocation_writes_its_own_figures_and_no_others() {
    let silent = Embedded::install(|_| None).expect("nothing to install");
    meters::refused(ProblemCode::LeaseStale);
    assert_eq!(lines(silent), Vec::<Value>::new());

    let asked = |name: &str| (name == "OWP_EMBEDDED_METRICS").then(|| "my-pool".to_owned());
    let embedded = Embedded::install(asked).expect("the first in this process");
    meters::answered(Some("fetchWork"), StatusCode::OK, false, Duration::from_millis(250));
    meters::refused(ProblemCode::LeaseStale);
    let written = lines(embedded);
    let of = |metric: &str| {
        let line = written.iter().find(|line| line.get(metric).is_some());
        line.unwrap_or_else(|| panic!("{metric} is not in {written:#?}"))
    };
    let told = |line: &Value, metric: &str| {
        assert!(line["_aws"]["Timestamp"].as_u64().is_some_and(|millis| millis > 1_700_000_000_000), "{line}");
        let directive = &line["_aws"]["CloudWatchMetrics"][0];
        assert_eq!(directive["Namespace"], "OwpPool");
        let metrics = directive["Metrics"].as_array().expect("a list");
        let unit = metrics.iter().find(|known| known["Name"] == metric).expect("it is declared")["Unit"].clone();
        (directive["Dimensions"].clone(), unit, line[metric].clone())
    };
    let calls = of("owp_http_requests_total");
    assert_eq!(
        (&calls["stack"], &calls["operation"], &calls["status"]),
        (&json!("my-pool"), &json!("fetchWork"), &json!("200"))
    );
    assert_eq!(told(calls, "owp_http_requests_total").0, json!([["stack", "operation", "status"]]));
    assert_eq!(told(calls, "owp_http_requests_total").2, json!(1));
    let (dimensions, unit, values) = told(of("owp_http_request_duration_seconds"), "owp_http_request_duration_seconds");
    assert_eq!(dimensions, json!([["stack", "operation", "waits"]]));
    assert_eq!((unit, values), (json!("Seconds"), json!([0.25])));
    let refused = of("owp_refusals_total");
    assert_eq!((&refused["code"], &refused["owp_refusals_total"]), (&json!("lease_stale"), &json!(1)));

    assert_eq!(lines(embedded), Vec::<Value>::new(), "what was written is not written again");
    meters::refused(ProblemCode::LeaseStale);
    assert_eq!(lines(embedded).len(), 1);
}
