//! How a reputation is worded: the score never without the number of attempts it comes from, and calmly where they are
//! few.

use crate::output::facts;
use owp_wire::{GetReputationResponse, ReputationSample, TrustTier};

const WHAT_THE_SCORE_IS: &str = "The score is the cautious end of what these attempts allow one to believe. It starts low for everybody, comes closer \
     to the average as they become more, and old ones fade. Declining an offer costs nothing.\n";

pub fn word_reputation(answer: &GetReputationResponse) -> String {
    let (metrics, parts) = (&answer.metrics, &answer.parts);
    let outcomes = &parts.outcomes;
    let percent = |share: Option<f64>| share.map(|share| format!("{:.0} %", share * 100.0));
    let attempts = metrics.total_tasks;
    let mut text = facts(&[
        ("worker", answer.worker_id.to_string()),
        ("score", score(answer.reputation_score, &answer.sample)),
        ("merged", percent(metrics.completion_rate).map(|rate| format!("{rate} of {attempts}")).unwrap_or_default()),
        ("quality", metrics.avg_pr_quality.map(|quality| format!("{quality:.1} of 5")).unwrap_or_default()),
        ("in time", percent(metrics.on_time_delivery).unwrap_or_default()),
        (
            "attempts",
            format!(
                "{} merged, {} closed, {} reverted, {} ran out, {} handed back",
                outcomes.merged, outcomes.closed, outcomes.reverted, outcomes.ran_out, outcomes.released
            ),
        ),
        ("trust tier", tier(answer.trust_tier, answer.trust_tier_suggested)),
        (
            "computed from",
            format!(
                "good {:.2} of weight {:.2}, and {} of {} that nobody made; mean {:.3}, z {}, half-life {} days",
                parts.good,
                parts.weight,
                parts.prior_good,
                parts.prior_weight,
                parts.mean,
                parts.z,
                parts.half_life_days
            ),
        ),
    ]);
    text.push_str(WHAT_THE_SCORE_IS);
    text
}

/// A score with what it comes from.
pub fn score(score: f64, sample: &ReputationSample) -> String {
    if sample.size <= 0.0 {
        return format!("{score:.1} of 100: no attempt counts yet, so it says nothing");
    }
    let unsure = if sample.small { ": too few to say much" } else { "" };
    let attempts = if (sample.size - 1.0).abs() < 0.05 { "attempt" } else { "attempts" };
    format!("{score:.1} of 100, from {:.1} {attempts}{unsure}", sample.size)
}

/// A trust tier, and the one that the record speaks for.
pub fn tier(tier: TrustTier, suggested: Option<TrustTier>) -> String {
    match suggested {
        Some(suggested) => format!("{tier}; the record speaks for {suggested}, a maintainer decides"),
        None => tier.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{score, word_reputation};
    use owp_wire::ReputationSample;
    use serde_json::json;

    #[test]
    fn a_score_always_says_how_much_it_comes_from() {
        let sample = |size, small| ReputationSample { size, small };
        assert_eq!(score(27.7, &sample(0.0, true)), "27.7 of 100: no attempt counts yet, so it says nothing");
        assert_eq!(score(38.1, &sample(1.0, true)), "38.1 of 100, from 1.0 attempt: too few to say much");
        assert_eq!(score(88.0, &sample(41.3, false)), "88.0 of 100, from 41.3 attempts");
    }

    #[test]
    fn what_there_is_nothing_to_take_from_is_left_out() {
        let answer = serde_json::from_value(json!({
            "worker_id": "w_1", "reputation_score": 27.7, "trust_tier": "untrusted", "trust_tier_suggested": "basic",
            "metrics": { "completion_rate": null, "avg_pr_quality": null, "on_time_delivery": null, "total_tasks": 0 },
            "sample": { "size": 0.0, "small": true },
            "parts": { "good": 0.0, "weight": 0.0, "prior_good": 1.0, "prior_weight": 2.0, "mean": 0.5, "z": 1.2816,
                "half_life_days": 90, "outcomes": { "merged": 0, "closed": 0, "reverted": 0, "ran_out": 0, "released": 0 } },
        }))
        .unwrap();
        let text = word_reputation(&answer);
        assert!(!text.contains("quality") && !text.contains("in time"), "{text}");
        assert!(text.contains("untrusted; the record speaks for basic, a maintainer decides"), "{text}");
        assert!(text.contains("good 0.00 of weight 0.00, and 1 of 2 that nobody made; mean 0.500, z 1.2816"), "{text}");
    }
}
