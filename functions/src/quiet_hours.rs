//! Quiet hours between the wire, which has `22:00`, and the record, which counts minutes.

use crate::problem::Problem;
use owp_logic::QuietHours;
use owp_wire as wire;

const HOUR_MINUTES: u32 = 60;

pub fn to_record(list: Vec<wire::QuietHours>) -> Result<Vec<QuietHours>, Problem> {
    let read = |(index, hours): (usize, wire::QuietHours)| {
        let minute = |name: &str, text: &str| {
            let unreadable =
                || Problem::invalid_at(format!("/quiet_hours/{index}/{name}"), "is not a time such as 22:00");
            minute_of(text).ok_or_else(unreadable)
        };
        let (from_minute, to_minute) = (minute("from", &hours.from)?, minute("to", &hours.to)?);
        Ok(QuietHours { days: hours.days, from_minute, to_minute })
    };
    list.into_iter().enumerate().map(read).collect()
}

pub fn to_wire(hours: &QuietHours) -> wire::QuietHours {
    wire::QuietHours { days: hours.days.clone(), from: time_of(hours.from_minute), to: time_of(hours.to_minute) }
}

fn minute_of(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    Some(hours.parse::<u32>().ok()? * HOUR_MINUTES + minutes.parse::<u32>().ok()?)
}

fn time_of(minute: u32) -> String {
    format!("{:02}:{:02}", minute / HOUR_MINUTES, minute % HOUR_MINUTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_of_day_survives_being_read_and_shown() {
        for (text, minute) in [("00:00", 0), ("07:05", 425), ("23:59", 1439), ("24:00", 1440)] {
            assert_eq!(minute_of(text), Some(minute));
            assert_eq!(time_of(minute), text);
        }
    }
}
