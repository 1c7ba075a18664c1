//! Points in time and spans of it, as NumPy and Python show them.

/// Ticks of these units in a second, and digits behind the point.
const FRACTIONS: [(&str, u64, usize); 6] = [
    ("ms", 1_000, 3),
    ("us", 1_000_000, 6),
    ("ns", 1_000_000_000, 9),
    ("ps", 1_000_000_000_000, 12),
    ("fs", 1_000_000_000_000_000, 15),
    ("as", 1_000_000_000_000_000_000, 18),
];

/// Unit and count of a dtype's text: `<M8[25us]` is 25 and `us`.
pub(super) fn unit(dtype: &str) -> Option<(i64, &str)> {
    let inner = dtype.split_once('[')?.1.strip_suffix(']')?;
    let unit = inner.trim_start_matches(|c: char| c.is_ascii_digit());
    let count = &inner[..inner.len() - unit.len()];
    match count {
        "" => Some((1, unit)),
        _ => Some((count.parse().ok()?, unit)),
    }
}

/// A `datetime64`: ISO 8601 up to its unit.
pub(super) fn datetime64(value: i64, dtype: &str) -> String {
    let Some((count, unit)) = unit(dtype) else {
        return not_a_time(value).unwrap_or_else(|| value.to_string());
    };
    if let Some(text) = not_a_time(value) {
        return text;
    }
    let value = i128::from(value) * i128::from(count);
    match unit {
        "Y" => return format!("{:04}", 1970 + value),
        "M" => {
            let year = 1970 + value.div_euclid(12);
            return format!("{year:04}-{:02}", value.rem_euclid(12) + 1);
        }
        "W" => return date(value * 7),
        "D" => return date(value),
        "h" => return moment(value * 3600, 13),
        "m" => return moment(value * 60, 16),
        "s" => return moment(value, 19),
        _ => {}
    }
    match FRACTIONS.iter().find(|(name, ..)| *name == unit) {
        Some((_, ticks, digits)) => {
            let ticks = i128::from(*ticks);
            let seconds = moment(value.div_euclid(ticks), 19);
            format!("{seconds}.{:0digits$}", value.rem_euclid(ticks))
        }
        None => value.to_string(),
    }
}

/// A `timedelta64`: a number and its unit.
pub(super) fn timedelta64(value: i64, dtype: &str) -> String {
    match (not_a_time(value), unit(dtype)) {
        (Some(text), _) => text,
        (None, Some((count, unit))) => {
            format!("{} {unit}", i128::from(value) * i128::from(count))
        }
        (None, None) => value.to_string(),
    }
}

fn not_a_time(value: i64) -> Option<String> {
    (value == i64::MIN).then(|| "NaT".to_owned())
}

/// Seconds since 1970 as date and time, cut to so many characters (for years of four digits).
fn moment(seconds: i128, width: usize) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let time = format!(
        "T{:02}:{:02}:{:02}",
        second / 3600,
        second / 60 % 60,
        second % 60
    );
    date(days) + &time[..width - 10]
}

/// Days since 1970 as a date of the Gregorian calendar.
fn date(days: i128) -> String {
    // Years begin in March here, so that the leap day is the last of its year. 719,468 days before 1970 is 0000-03-01.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = era * 400 + year + i128::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `datetime.datetime` of its ten bytes (`datetime_getstate` in CPython's `_datetimemodule.c`).
pub(super) fn datetime(state: &[u8]) -> Option<String> {
    let (day, time) = state.split_at_checked(4)?;
    Some(format!("{} {}", self::day(day)?, self::time(time)?))
}

/// `datetime.date` of its four bytes.
pub(super) fn day(state: &[u8]) -> Option<String> {
    let [high, low, month, day] = state else {
        return None;
    };
    // The highest bit of the month is `fold`, where no room was left for it.
    let (year, month) = (u16::from_be_bytes([*high, *low]), month & 0x7f);
    Some(format!("{year:04}-{month:02}-{day:02}"))
}

/// `datetime.time` of its six bytes.
pub(super) fn time(state: &[u8]) -> Option<String> {
    let [hour, minute, second, a, b, c] = state else {
        return None;
    };
    let text = format!("{:02}:{minute:02}:{second:02}", hour & 0x7f);
    Some(match u32::from_be_bytes([0, *a, *b, *c]) {
        0 => text,
        fraction => format!("{text}.{fraction:06}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expectations: `str` of NumPy 2.3's `datetime64`.
    #[test]
    fn points_in_time() {
        for (value, dtype, text) in [
            (0, "<M8[D]", "1970-01-01"),
            (-1, "<M8[D]", "1969-12-31"),
            (19_782, "<M8[D]", "2024-02-29"),
            (11_016, "<M8[D]", "2000-02-29"),
            (-719_528, "<M8[D]", "0000-01-01"),
            (54, "<M8[Y]", "2024"),
            (650, "<M8[M]", "2024-03"),
            (2, "<M8[W]", "1970-01-15"),
            (1, "<M8[h]", "1970-01-01T01"),
            (61, "<M8[m]", "1970-01-01T01:01"),
            (-1, "<M8[ms]", "1969-12-31T23:59:59.999"),
            (3, "<M8[25us]", "1970-01-01T00:00:00.000075"),
            (i64::MIN, "<M8[ns]", "NaT"),
        ] {
            assert_eq!(datetime64(value, dtype), text);
        }
        assert_eq!(timedelta64(5, "<m8[ns]"), "5 ns");
        assert_eq!(timedelta64(5, "<m8"), "5");
    }

    #[test]
    fn python_dates() {
        let state = [0x07, 0xe8, 2, 29, 13, 5, 9, 0, 0x01, 0x02];
        assert_eq!(
            datetime(&state).as_deref(),
            Some("2024-02-29 13:05:09.000258")
        );
        assert_eq!(datetime(b""), None);
    }
}
