//! Points in time, as Python shows them.

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
