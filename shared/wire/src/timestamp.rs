//! A moment, in milliseconds; RFC 3339 in UTC on the wire.

use chrono::{DateTime, Datelike, SecondsFormat};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};
use std::fmt;
use std::str::FromStr;

/// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// This moment and so many seconds; stays at the end of time rather than going past it.
    #[must_use]
    pub const fn plus_s(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(seconds as i64 * 1000))
    }

    #[must_use]
    pub const fn minus_s(self, seconds: u32) -> Self {
        Self(self.0.saturating_sub(seconds as i64 * 1000))
    }

    /// To the second, as a part of a file's name: without colons, which some systems don't take there.
    pub fn in_file_names(self) -> String {
        let text = self.to_string();
        format!("{}Z", text.split('.').next().unwrap_or_default().replace(':', ""))
    }

    /// Whole seconds from `now` until this moment, rounded up; 0 if it is past.
    pub fn seconds_after(self, now: Self) -> u32 {
        let millis = self.0.saturating_sub(now.0).max(0);
        u32::try_from(millis.saturating_add(999) / 1000).unwrap_or(u32::MAX)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = DateTime::from_timestamp_millis(self.0).ok_or(fmt::Error)?;
        f.write_str(&moment.to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

/// Why a text is no moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoMoment {
    Malformed(chrono::ParseError),
    /// In UTC it lies outside the years 0000 to 9999, which RFC 3339 can't write.
    OutOfRange,
}

impl fmt::Display for NoMoment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => error.fmt(f),
            Self::OutOfRange => f.write_str("a moment lies within the years 0000 to 9999, in UTC"),
        }
    }
}

impl std::error::Error for NoMoment {}

impl FromStr for Timestamp {
    type Err = NoMoment;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let moment = DateTime::parse_from_rfc3339(text).map_err(NoMoment::Malformed)?.to_utc();
        if (0..=9999).contains(&moment.year()) {
            Ok(Self(moment.timestamp_millis()))
        } else {
            Err(NoMoment::OutOfRange)
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn a_moment_survives_the_wire_and_always_shows_milliseconds() {
        for text in ["2026-01-18T01:00:00.000Z", "2026-01-18T01:00:00.125Z", "1969-12-31T23:59:59.999Z"] {
            let json = format!("{text:?}");
            let moment: Timestamp = serde_json::from_str(&json).unwrap();
            assert_eq!(serde_json::to_string(&moment).unwrap(), json);
        }
        let offset: Timestamp = "2026-01-18T03:00:00+02:00".parse().unwrap();
        assert_eq!(offset.to_string(), "2026-01-18T01:00:00.000Z");
    }

    #[test]
    fn in_a_files_name_it_has_no_colon() {
        let moment: Timestamp = "2026-01-18T01:02:03.456Z".parse().unwrap();
        assert_eq!(moment.in_file_names(), "2026-01-18T010203Z");
    }

    #[test]
    fn what_could_not_be_written_again_is_not_read() {
        for text in ["9999-12-31T23:59:59-12:00", "0000-01-01T00:00:00+01:00", "tomorrow", ""] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
        for text in ["9999-12-31T23:59:59.999Z", "0000-01-01T00:00:00.000Z"] {
            assert_eq!(text.parse::<Timestamp>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_wait_is_rounded_up_and_never_negative() {
        let now = Timestamp::from_millis(10_000);
        assert_eq!(now.plus_s(5).seconds_after(now), 5);
        assert_eq!(Timestamp::from_millis(10_001).seconds_after(now), 1);
        assert_eq!(now.minus_s(5).seconds_after(now), 0);
    }
}
