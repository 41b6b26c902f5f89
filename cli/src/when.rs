//! Moments as people type them: a full time with its zone, or how long from now. What is read here knows no clock; it is
//! resolved where it is used.

use owp_wire::Timestamp;
use std::fmt::Display;
use std::str::FromStr;

/// Nobody plans further ahead than ten years; what is longer is a slip of the finger.
const AHEAD_MAX_S: u32 = 10 * 366 * 86_400;

/// A moment, or a distance from now in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    At(Timestamp),
    In(u32),
}

impl When {
    pub fn seen_from(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(moment) => moment,
            Self::In(seconds) => now.plus_s(seconds),
        }
    }
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let moment = text.parse().ok().map(Self::At);
        moment.or_else(|| seconds(text).map(Self::In)).ok_or_else(|| {
            "give a time with its zone, such as 2026-01-18T23:00:00Z, or how long from now, such as 90m, 3h or 1d12h"
                .to_owned()
        })
    }
}

/// A moment in the past: a full time with its zone, or how long ago.
pub fn ago(text: &str) -> Result<Timestamp, String> {
    match text.parse() {
        Ok(When::At(moment)) => Ok(moment),
        Ok(When::In(seconds)) => Ok(crate::clock::now().minus_s(seconds)),
        Err(_) => {
            Err("give a time with its zone, such as 2026-01-18T23:00:00Z, or how long ago, such as 90m or 7d"
                .to_owned())
        }
    }
}

/// Numbers, each with a unit: `1h30m`.
fn seconds(text: &str) -> Option<u32> {
    let mut total: u32 = 0;
    let mut number = String::new();
    for char in text.chars() {
        if char.is_ascii_digit() {
            number.push(char);
            continue;
        }
        let unit = match char {
            'd' => 86_400,
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        total = total.checked_add(number.parse::<u32>().ok()?.checked_mul(unit)?)?;
        number.clear();
    }
    (number.is_empty() && (1..=AHEAD_MAX_S).contains(&total)).then_some(total)
}

/// A value, or the word `none` to take away what was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrNone<T> {
    Some(T),
    None,
}

impl<T> OrNone<T> {
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Some(value) => Some(value),
            Self::None => None,
        }
    }
}

impl<T: FromStr<Err: Display>> FromStr for OrNone<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "none" => Ok(Self::None),
            text => text.parse().map(Self::Some).map_err(|cause| format!("{cause}; `none` takes it away")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{OrNone, When};
    use owp_wire::Timestamp;

    #[test]
    fn a_moment_is_a_time_with_its_zone_or_a_distance_from_now() {
        let now: Timestamp = "2026-01-18T20:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("2026-01-19T01:00:00+02:00", "2026-01-18T23:00:00.000Z"),
            ("3h", "2026-01-18T23:00:00.000Z"),
            (" 1h30m ", "2026-01-18T21:30:00.000Z"),
            ("1d12h", "2026-01-20T08:00:00.000Z"),
            ("45s", "2026-01-18T20:00:45.000Z"),
        ] {
            assert_eq!(text.parse::<When>().unwrap().seen_from(now).to_string(), expected, "{text}");
        }
        for bad in ["", "3", "h", "3x", "0m", "-3h", "23:00", "2026-01-18T23:00:00", "99999d", "99999999999h"] {
            assert!(bad.parse::<When>().unwrap_err().contains("3h"), "{bad}");
        }
    }

    #[test]
    fn none_takes_away_what_was_set() {
        assert_eq!("none".parse::<OrNone<When>>(), Ok(OrNone::None));
        assert_eq!("1m".parse::<OrNone<When>>(), Ok(OrNone::Some(When::In(60))));
        assert!("soon".parse::<OrNone<When>>().unwrap_err().ends_with("`none` takes it away"));
    }
}
