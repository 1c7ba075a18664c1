//! Points in time and spans of it: `datetime64` and `timedelta64`.

use std::fmt;

use ndarray::{ArrayD, IxDyn};

use super::array::NdArray;
use super::dtype::{ElementKind, TimeUnit, Unit};
use crate::error::{Error, Result};

impl NdArray<'_> {
    /// The numbers of an array of `datetime64` or `timedelta64`, in the dtype's [`Unit`]: since 1970 for points in time. `None`
    /// is NaT.
    ///
    /// # Errors
    ///
    /// Category `Data` for another dtype, `Io`.
    pub fn to_times(&self) -> Result<ArrayD<Option<i64>>> {
        if self.dtype.unit().is_none() {
            let what = format!("expected datetime64 or timedelta64, found {self}");
            return Err(Error::data(what));
        }
        let numbers: ArrayD<i64> = self.to_array::<i64, IxDyn>()?;
        Ok(numbers.mapv(|number| (number != NAT).then_some(number)))
    }

    /// The element of an array of one as a point in time; `None` for other dtypes and other numbers of elements.
    pub fn as_datetime(&self) -> Option<DateTime64> {
        let unit = self.dtype.unit()?;
        let is_point = self.dtype.kind() == ElementKind::DateTime;
        let value = self.item().ok().filter(|_| is_point)?;
        Some(DateTime64 { value, unit })
    }

    /// The element of an array of one as a span of time; `None` for other dtypes and other numbers of elements.
    pub fn as_timedelta(&self) -> Option<TimeDelta64> {
        let unit = self.dtype.unit()?;
        let is_span = self.dtype.kind() == ElementKind::TimeDelta;
        let value = self.item().ok().filter(|_| is_span)?;
        Some(TimeDelta64 { value, unit })
    }
}

/// "Not a time" (`NPY_DATETIME_NAT`).
const NAT: i64 = i64::MIN;

/// A point in time, as `numpy.datetime64` is one. Displays as NumPy's `str` does: ISO 8601 up to its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DateTime64 {
    /// Units since 1970; `i64::MIN` is NaT.
    pub value: i64,
    /// The unit.
    pub unit: Unit,
}

/// A span of time, as `numpy.timedelta64` is one. Displays as NumPy's `str` does, but with the short name of the unit: `5 ns`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeDelta64 {
    /// Units; `i64::MIN` is NaT.
    pub value: i64,
    /// The unit.
    pub unit: Unit,
}

impl DateTime64 {
    /// Whether this is NaT: not a time.
    pub fn is_nat(self) -> bool {
        self.value == NAT
    }
}

impl TimeDelta64 {
    /// Whether this is NaT: not a time.
    pub fn is_nat(self) -> bool {
        self.value == NAT
    }
}

/// How a point in time is written.
enum Digits {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    /// So many digits behind the point.
    Fraction(usize),
}

/// Ticks of a unit in a second and the digits behind the point, or the seconds of a tick.
fn ticks(unit: TimeUnit) -> (i128, i128, Digits) {
    let fraction = |digits: u32| (10i128.pow(digits), 1, Digits::Fraction(digits as usize));
    match unit {
        TimeUnit::Year => (1, 0, Digits::Year),
        TimeUnit::Month => (1, 0, Digits::Month),
        TimeUnit::Week => (1, 604_800, Digits::Day),
        TimeUnit::Day => (1, 86_400, Digits::Day),
        TimeUnit::Hour => (1, 3600, Digits::Hour),
        TimeUnit::Minute => (1, 60, Digits::Minute),
        TimeUnit::Second | TimeUnit::Generic => (1, 1, Digits::Second),
        TimeUnit::Milli => fraction(3),
        TimeUnit::Micro => fraction(6),
        TimeUnit::Nano => fraction(9),
        TimeUnit::Pico => fraction(12),
        TimeUnit::Femto => fraction(15),
        TimeUnit::Atto => fraction(18),
    }
}

impl fmt::Display for DateTime64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_nat() {
            return f.write_str("NaT");
        }
        if self.unit.unit == TimeUnit::Generic {
            return write!(f, "{}", self.value);
        }
        let value = i128::from(self.value) * i128::from(self.unit.count);
        let (per_second, seconds, digits) = ticks(self.unit.unit);
        match digits {
            Digits::Year => return write!(f, "{:04}", 1970 + value),
            Digits::Month => {
                let year = 1970 + value.div_euclid(12);
                return write!(f, "{year:04}-{:02}", value.rem_euclid(12) + 1);
            }
            _ => {}
        }
        let second = (value * seconds).div_euclid(per_second);
        let (days, second) = (second.div_euclid(86_400), second.rem_euclid(86_400));
        let (year, month, day) = civil(days);
        write!(f, "{year:04}-{month:02}-{day:02}")?;
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        match digits {
            Digits::Year | Digits::Month | Digits::Day => Ok(()),
            Digits::Hour => write!(f, "T{hour:02}"),
            Digits::Minute => write!(f, "T{hour:02}:{minute:02}"),
            Digits::Second => write!(f, "T{hour:02}:{minute:02}:{second:02}"),
            Digits::Fraction(digits) => {
                let fraction = value.rem_euclid(per_second);
                write!(f, "T{hour:02}:{minute:02}:{second:02}.{fraction:0digits$}")
            }
        }
    }
}

impl fmt::Display for TimeDelta64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_nat() {
            return f.write_str("NaT");
        }
        let value = i128::from(self.value) * i128::from(self.unit.count);
        match self.unit.unit {
            TimeUnit::Generic => write!(f, "{value}"),
            unit => write!(f, "{value} {}", unit.name()),
        }
    }
}

/// Year, month and day of the Gregorian calendar, so many days after 1970-01-01.
fn civil(days: i128) -> (i128, i128, i128) {
    // Years begin in March here, so that the leap day is the last of its year. 719,468 days before 1970 is 0000-03-01.
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + i128::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expectations: `str` of NumPy 2.3's `datetime64`.
    #[test]
    fn points_in_time() {
        for (value, unit, text) in [
            (0, "D", "1970-01-01"),
            (-1, "D", "1969-12-31"),
            (19_782, "D", "2024-02-29"),
            (11_016, "D", "2000-02-29"),
            (-719_528, "D", "0000-01-01"),
            (54, "Y", "2024"),
            (650, "M", "2024-03"),
            (2, "W", "1970-01-15"),
            (1, "h", "1970-01-01T01"),
            (61, "m", "1970-01-01T01:01"),
            (-1, "ms", "1969-12-31T23:59:59.999"),
            (3, "25us", "1970-01-01T00:00:00.000075"),
            (i64::MIN, "ns", "NaT"),
        ] {
            let unit = Unit::parse(unit).expect(unit);
            assert_eq!(DateTime64 { value, unit }.to_string(), text);
        }
        let span = |value, unit| TimeDelta64 { value, unit }.to_string();
        assert_eq!(span(5, Unit::parse("ns").expect("ns")), "5 ns");
        assert_eq!(span(5, Unit::GENERIC), "5");
    }
}
