//! How often somebody may call, who calls most and what is open, in words.

use crate::output::{Table, facts, span};
use owp_wire::{GetLimitsResponse, LimitsEnforcer, Rate};

pub fn word_rates(rates: &[Rate]) -> String {
    if rates.is_empty() {
        return "not limited by the server itself".to_owned();
    }
    let each = rates.iter().map(|rate| format!("{} {} in {}", rate.policy, rate.quota, span(rate.window_s)));
    each.collect::<Vec<_>>().join(", ")
}

pub fn word_limits(limits: &GetLimitsResponse) -> String {
    let enforced_by = match limits.enforced_by {
        LimitsEnforcer::Server => "this server, each process for itself",
        LimitsEnforcer::Gateway => "a gateway before the server, which alone knows what is used",
        LimitsEnforcer::Nobody => "nobody",
    };
    let mut known = vec![("calls limited by", enforced_by.to_owned())];
    if let Some(connections) = &limits.connections {
        let (open, max, each) = (connections.open, connections.max, connections.per_address_max);
        known.push(("connections", format!("{open} of {max}, {each} from one address")));
    }
    known.push(("event streams", format!("{} of {}", limits.streams.open, limits.streams.max)));
    let mut text = facts(&known);
    if !limits.rates.is_empty() {
        let mut table = Table::new(&["LIMIT", "QUOTA", "CALLERS", "REFUSED"]);
        for rate in &limits.rates {
            let quota = format!("{} in {}", rate.quota, span(rate.window_s));
            table.row([rate.policy.to_string(), quota, rate.callers.to_string(), rate.refused.to_string()]);
        }
        text.push_str(&table.render());
    }
    if !limits.most_used.is_empty() {
        let mut table = Table::new(&["LIMIT", "LEFT", "WHOLE IN", "CALLER"]);
        for of in &limits.most_used {
            table.row([of.policy.to_string(), of.remaining.to_string(), span(of.resets_in_s), of.caller.clone()]);
        }
        text.push_str(&table.render());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn who_calls_most_is_named_beside_the_limit() {
        let limits: GetLimitsResponse = serde_json::from_value(json!({
            "enforced_by": "server",
            "rates": [{ "policy": "worker", "quota": 300, "window_s": 60, "callers": 2, "refused": 7 }],
            "most_used": [{ "policy": "worker", "caller": "w_abc123", "remaining": 0, "resets_in_s": 60 }],
            "connections": { "open": 3, "max": 8192, "per_address_max": 2048 },
            "streams": { "open": 1, "max": 4096 },
        }))
        .unwrap();
        let text = word_limits(&limits);
        for said in ["this server", "3 of 8192, 2048 from one address", "1 of 4096", "300 in", "w_abc123"] {
            assert!(text.contains(said), "{said} is not in {text}");
        }
    }

    #[test]
    fn a_gateway_has_nothing_to_list() {
        let limits: GetLimitsResponse = serde_json::from_value(json!({
            "enforced_by": "gateway", "rates": [], "most_used": [], "streams": { "open": 0, "max": 4096 },
        }))
        .unwrap();
        assert!(word_limits(&limits).contains("a gateway before the server"));
        assert_eq!(word_rates(&[]), "not limited by the server itself");
    }
}
