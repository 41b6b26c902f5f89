//! What attempts count for, and that `docs/reputation.md` says just that: its tables are read from the page and
//! computed.

use crate::records::NOW;
use owp_logic::reputation::{
    BASIC_BAR, Delivery, Ending, HALF_LIFE_DAYS, PRIOR_GOOD, PRIOR_WEIGHT, SMALL_SAMPLE, TRUSTED_BAR, TrackRecord, Z,
    tier_suggested,
};
use owp_wire::{Timestamp, TrustTier};

const PAGE: &str = include_str!("../../../../docs/reputation.md");

const TIERS: [TrustTier; 4] = [TrustTier::Untrusted, TrustTier::Basic, TrustTier::Trusted, TrustTier::Maintainer];

const ENDINGS: [Ending; 8] = [
    Ending::Merged,
    Ending::Closed,
    Ending::Reverted,
    Ending::RanOut,
    Ending::Released,
    Ending::ReleasedFairly,
    Ending::Withdrawn,
    Ending::Revoked,
];

fn days_ago(days: u32) -> Timestamp {
    NOW.minus_s(days * 86_400)
}

fn ended(ending: Ending) -> Delivery {
    let on_time = match ending {
        Ending::Merged | Ending::Closed | Ending::Reverted => Some(true),
        Ending::RanOut => Some(false),
        _ => None,
    };
    Delivery { ending, change_rounds: 0, rating: None, on_time, self_filed: false, counted_at: NOW }
}

fn counted<'a>(deliveries: impl IntoIterator<Item = &'a Delivery>) -> TrackRecord {
    let mut record = TrackRecord::default();
    deliveries.into_iter().for_each(|delivery| record.count(delivery));
    record
}

/// Reads what the page writes: "3 merged late, 1 ran out 90 days ago".
fn read(what_happened: &str) -> TrackRecord {
    let parts = what_happened.split(", ").filter(|part| *part != "nothing");
    counted(&parts.flat_map(read_part).collect::<Vec<_>>())
}

fn read_part(part: &str) -> Vec<Delivery> {
    let words: Vec<&str> = part.split(' ').collect();
    let number = |word: &str| word.parse::<u32>().unwrap_or_else(|_| panic!("{word} in {part}"));
    let (times, words) = match words[0].parse::<usize>() {
        Ok(times) => (times, &words[1..]),
        Err(_) => (1, &words[..]),
    };
    let (ending, mut words) = match words {
        ["merged", rest @ ..] => (Ending::Merged, rest),
        ["closed", rest @ ..] => (Ending::Closed, rest),
        ["reverted", rest @ ..] => (Ending::Reverted, rest),
        ["ran", "out", rest @ ..] => (Ending::RanOut, rest),
        ["revoked", rest @ ..] => (Ending::Revoked, rest),
        ["released", "fairly", rest @ ..] => (Ending::ReleasedFairly, rest),
        ["released", rest @ ..] => (Ending::Released, rest),
        ["withdrawn", rest @ ..] => (Ending::Withdrawn, rest),
        _ => panic!("how did {part} end?"),
    };
    let mut delivery = ended(ending);
    while !words.is_empty() {
        words = match words {
            ["late", rest @ ..] => {
                delivery.on_time = Some(false);
                rest
            }
            ["self-filed", rest @ ..] => {
                delivery.self_filed = true;
                rest
            }
            ["after", rounds, "round" | "rounds", rest @ ..] => {
                delivery.change_rounds = number(rounds);
                rest
            }
            ["rated", rating, rest @ ..] => {
                delivery.rating = rating.parse().ok();
                rest
            }
            [days, "days", "ago", rest @ ..] => {
                delivery.counted_at = days_ago(number(days));
                rest
            }
            _ => panic!("what does {words:?} say of {part}?"),
        };
    }
    vec![delivery; times]
}

/// The rows of the table on the page that begins with this heading.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let lines = PAGE.lines().skip_while(|line| !line.starts_with(heading)).skip(2).take_while(|line| !line.is_empty());
    let rows: Vec<Vec<_>> = lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect();
    assert!(!rows.is_empty(), "no table begins with {heading}");
    rows
}

fn or_dash(figure: Option<String>) -> String {
    figure.unwrap_or_else(|| "–".to_owned())
}

#[test]
fn an_attempt_counts_for_what_the_page_says() {
    for row in table("| the attempt |") {
        let record = read(row[0]);
        let weighs = record.weight_millionths > 0;
        let value = weighs.then(|| (record.reputation(NOW).good / record.reputation(NOW).weight).to_string());
        let weight = weighs.then(|| record.reputation(NOW).weight.to_string());
        assert_eq!((or_dash(value).as_str(), or_dash(weight).as_str()), (row[1], row[2]), "{}", row[0]);
    }
}

#[test]
fn the_worked_examples_on_the_page_are_what_comes_out() {
    for row in table("| what happened | score") {
        let reputation = read(row[0]).reputation(NOW);
        let small = if reputation.small_sample { ", small" } else { "" };
        let computed = [
            row[0].to_owned(),
            format!("{:.1}", reputation.score),
            format!("{:.3}", reputation.mean),
            format!("{:.1}{small}", reputation.sample_size),
            or_dash(reputation.completion_rate.map(|rate| format!("{rate:.3}"))),
            or_dash(reputation.avg_pr_quality.map(|quality| format!("{quality:.2}"))),
            or_dash(reputation.on_time_delivery.map(|rate| format!("{rate:.3}"))),
        ];
        assert_eq!(computed.join(" | "), row.join(" | "));
    }
}

#[test]
fn tiers_are_suggested_as_the_page_says() {
    for row in table("| what happened | present tier") {
        let suggested = tier_suggested(row[1].parse().unwrap(), &read(row[0]), NOW);
        assert_eq!(or_dash(suggested.map(|tier| tier.to_string())), row[2], "{} as {}", row[0], row[1]);
    }
    let bars = [BASIC_BAR, TRUSTED_BAR].map(|bar| {
        [bar.tier.to_string(), bar.merged_min.to_string(), bar.score_min.to_string(), bar.mean_min.to_string()]
    });
    assert_eq!(table("| tier |"), bars);
}

#[test]
fn the_page_names_the_constants() {
    let says = |text: String| assert!(PAGE.contains(&text), "the page does not say {text}");
    says(format!("Weights halve every {HALF_LIFE_DAYS} days"));
    says(format!("with z = {Z},"));
    says(format!("n = weight + {PRIOR_WEIGHT}, mean = (good + {PRIOR_GOOD}) / n"));
    says(format!("Below {SMALL_SAMPLE} it is marked as small"));
}

#[test]
fn the_score_is_the_lower_end_of_wilsons_interval() {
    for what_happened in ["nothing", "1 merged", "5 closed", "3 merged late, 7 closed", "95 merged, 5 closed"] {
        let reputation = read(what_happened).reputation(NOW);
        let n = reputation.weight + PRIOR_WEIGHT;
        let mean = (reputation.good + PRIOR_GOOD) / n;
        let (mut low, mut high) = (0.0, mean);
        for _ in 0..60 {
            let share: f64 = f64::midpoint(low, high);
            if (mean - share).powi(2) > Z * Z * share * (1.0 - share) / n { low = share } else { high = share }
        }
        assert!((reputation.score - 100.0 * low).abs() <= 0.05 + 1e-9, "{what_happened}: {low}");
    }
}

#[test]
fn one_of_one_stays_behind_95_of_100() {
    let (newcomer, veteran) = (read("1 merged").reputation(NOW), read("95 merged, 5 closed").reputation(NOW));
    assert!(newcomer.completion_rate > veteran.completion_rate);
    assert!(newcomer.score * 2.0 < veteran.score);
    assert!(newcomer.small_sample && !veteran.small_sample);
}

#[test]
fn a_merge_is_rated_between_one_and_five() {
    let quality = |rating, change_rounds| Delivery { rating, change_rounds, ..ended(Ending::Merged) }.quality();
    assert_eq!([0, 1, 4, 5, u32::MAX].map(|rounds| quality(None, rounds)), [5, 4, 1, 1, 1]);
    assert_eq!([0, 1, 5, 255].map(|rating| quality(Some(rating), 3)), [1, 1, 5, 5]);
}

#[test]
fn doing_ones_own_tasks_gains_exactly_nothing() {
    let mut record = read("3 merged 20 days ago, 1 closed 10 days ago");
    let before = record.clone();
    for ending in ENDINGS {
        let own = Delivery { self_filed: true, ..ended(ending) };
        record.count(&own);
        record.recount(&own, &Delivery { rating: Some(5), ..own.clone() }, NOW);
    }
    assert_eq!(record, before);
    assert!(read("500 merged self-filed").is_default());
}

#[test]
fn what_is_nobodys_fault_leaves_no_trace() {
    assert!(read("9 released fairly, 9 withdrawn").is_default());
}

#[test]
fn a_half_life_halves_what_was_good_and_what_was_bad() {
    let record = read("6 merged, 2 closed");
    let later = record.reputation(NOW.plus_s(HALF_LIFE_DAYS * 86_400));
    assert_eq!((later.good.to_string(), later.weight.to_string()), ("3".into(), "4".into()));
    let much_later = record.reputation(Timestamp::from_millis(i64::MAX));
    let newcomer = TrackRecord::default().score(NOW);
    assert!((much_later.score - newcomer).abs() < f64::EPSILON, "an old record fades to a newcomer's");
    assert_eq!((much_later.total_tasks, much_later.completion_rate), (8, Some(0.75)), "the counts stay");
    assert!(much_later.small_sample);
    let earlier = record.reputation(days_ago(900));
    assert_eq!(earlier, record.reputation(NOW), "a clock that runs backwards makes nothing grow");
}

#[test]
fn at_one_instant_the_order_does_not_matter() {
    let mut chance = Chance(1);
    for _ in 0..50 {
        let mut deliveries: Vec<_> = (0..12).map(|_| chance.delivery(NOW)).collect();
        let forwards = counted(&deliveries);
        deliveries.reverse();
        assert_eq!(counted(&deliveries), forwards);
    }
}

#[test]
fn an_attempt_counted_out_of_order_is_as_old_as_it_is() {
    let mut chance = Chance(2);
    for _ in 0..50 {
        let mut deliveries: Vec<_> = (0..12).map(|day| chance.delivery(days_ago(13 * day))).collect();
        let backwards = counted(&deliveries);
        deliveries.reverse();
        check_alike(&counted(&deliveries), &backwards);
    }
}

#[test]
fn a_later_judgement_counts_as_if_it_had_been_the_first() {
    let mut chance = Chance(3);
    for _ in 0..200 {
        let at = days_ago(chance.below(200));
        let (before, after) = (chance.delivery(at), chance.delivery(NOW));
        let after_then = Delivery { counted_at: at, ..after.clone() };
        let since: Vec<_> = (0..5).map(|day| chance.delivery(days_ago(day))).collect();
        let mut judged_again = counted(std::iter::once(&before).chain(&since));
        judged_again.recount(&before, &after, NOW);
        check_alike(&judged_again, &counted(std::iter::once(&after_then).chain(&since)));

        let mut alone = counted([&before]);
        alone.recount(&before, &after, at);
        assert_eq!(alone, TrackRecord { as_of: alone.as_of, ..counted([&after_then]) }, "exactly, at one instant");
    }
}

/// Equal but for what rounding to millionths at different times leaves.
fn check_alike(one: &TrackRecord, other: &TrackRecord) {
    let plain = |record: &TrackRecord| TrackRecord {
        good_millionths: 0,
        weight_millionths: 0,
        as_of: Timestamp::default(),
        ..record.clone()
    };
    assert_eq!(plain(one), plain(other));
    let (one, other) = (one.reputation(NOW), other.reputation(NOW));
    assert!((one.good - other.good).abs() < 2e-5 && (one.weight - other.weight).abs() < 2e-5, "{one:?} {other:?}");
}

#[test]
fn a_merge_never_harms_and_a_failure_never_helps() {
    let mut chance = Chance(4);
    for _ in 0..500 {
        let record = chance.record();
        let with = |ending| {
            let mut more = record.clone();
            more.count(&ended(ending));
            more.score(NOW)
        };
        let score = record.score(NOW);
        assert!(with(Ending::Merged) >= score, "{record:?}");
        for ending in [Ending::Closed, Ending::Reverted, Ending::RanOut, Ending::Revoked, Ending::Released] {
            assert!(with(ending) <= score, "{ending:?} {record:?}");
        }
        assert!(with(Ending::Released) >= with(Ending::RanOut), "handing back is better than running out");
    }
}

#[test]
fn every_figure_stays_in_its_range() {
    let mut chance = Chance(5);
    for _ in 0..1000 {
        let reputation = chance.record().reputation(NOW);
        assert!((0.0..=100.0).contains(&reputation.score) && (0.0..=1.0).contains(&reputation.mean));
        assert!(0.0 <= reputation.good && reputation.good <= reputation.weight);
        assert!(reputation.score <= 100.0 * reputation.mean, "the score is the cautious end");
        assert!(reputation.completion_rate.is_none_or(|rate| (0.0..=1.0).contains(&rate)));
        assert!(reputation.on_time_delivery.is_none_or(|rate| (0.0..=1.0).contains(&rate)));
        assert!(reputation.avg_pr_quality.is_none_or(|quality| (1.0..=5.0).contains(&quality)));
        assert_eq!(reputation.small_sample, reputation.sample_size < SMALL_SAMPLE);
    }
}

#[test]
fn a_suggestion_is_one_step_and_never_touches_maintainers() {
    let mut chance = Chance(6);
    for _ in 0..500 {
        let record = chance.record();
        assert_eq!(tier_suggested(TrustTier::Maintainer, &record, NOW), None);
        for (place, present) in TIERS.into_iter().enumerate().take(3) {
            let Some(suggested) = tier_suggested(present, &record, NOW) else { continue };
            assert_ne!(suggested, TrustTier::Maintainer);
            assert_eq!(TIERS.iter().position(|tier| *tier == suggested).unwrap().abs_diff(place), 1);
            let back = tier_suggested(suggested, &record, NOW);
            assert_ne!(back, Some(present), "following a suggestion brings none to undo it");
        }
    }
}

#[test]
fn idleness_alone_suggests_no_lower_tier() {
    let mut chance = Chance(7);
    for _ in 0..300 {
        let record = chance.record();
        for present in TIERS {
            let lowered =
                |days| tier_suggested(present, &record, NOW.plus_s(days * 86_400)).is_some_and(|to| to < present);
            if !lowered(0) {
                assert!((1..500_u32).step_by(7).all(|days| !lowered(days)), "{present} {record:?}");
            }
        }
    }
}

#[test]
fn a_record_survives_being_written_and_read() {
    let mut chance = Chance(8);
    for _ in 0..100 {
        let (record, delivery) = (chance.record(), chance.delivery(NOW));
        let written = serde_json::to_string(&record).unwrap();
        assert!(written.len() < 300, "it is part of a record that every fetch reads");
        assert_eq!(serde_json::from_str::<TrackRecord>(&written).unwrap(), record);
        let written = serde_json::to_string(&delivery).unwrap();
        assert_eq!(serde_json::from_str::<Delivery>(&written).unwrap(), delivery);
    }
    assert!(serde_json::from_str::<TrackRecord>("{}").unwrap().is_default());
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same numbers in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u32::try_from((bits ^ (bits >> 31)) % u64::from(bound)).unwrap()
    }

    fn delivery(&mut self, counted_at: Timestamp) -> Delivery {
        // Half of all are merged, as otherwise nothing would ever be suggested.
        let ending = if self.below(2) == 0 { Ending::Merged } else { ENDINGS[self.below(8) as usize] };
        Delivery {
            ending,
            change_rounds: self.below(7),
            rating: (self.below(3) == 0).then(|| u8::try_from(self.below(7)).unwrap()),
            on_time: [None, Some(true), Some(false)][self.below(3) as usize],
            self_filed: self.below(9) == 0,
            counted_at,
        }
    }

    /// Up to 40 attempts of up to 400 days ago, in no order; some workers are good at it.
    fn record(&mut self) -> TrackRecord {
        let clean = self.below(4) == 0;
        let deliveries: Vec<_> = (0..self.below(40))
            .map(|_| {
                let at = days_ago(self.below(400));
                if clean && self.below(10) > 0 {
                    Delivery { counted_at: at, ..ended(Ending::Merged) }
                } else {
                    self.delivery(at)
                }
            })
            .collect();
        counted(&deliveries)
    }
}
