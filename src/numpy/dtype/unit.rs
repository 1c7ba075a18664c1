//! The units of `datetime64` and `timedelta64`.

use std::fmt;

/// A unit of time. Years and months have no fixed length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TimeUnit {
    /// `Y`
    Year,
    /// `M`
    Month,
    /// `W`
    Week,
    /// `D`
    Day,
    /// `h`
    Hour,
    /// `m`
    Minute,
    /// `s`
    Second,
    /// `ms`
    Milli,
    /// `us`
    Micro,
    /// `ns`
    Nano,
    /// `ps`
    Pico,
    /// `fs`
    Femto,
    /// `as`
    Atto,
    /// No unit was given: only NaT has a meaning.
    Generic,
}

/// All units with NumPy's names (`_datetime_strings` in `datetime.c`).
const NAMES: [(TimeUnit, &str); 14] = [
    (TimeUnit::Year, "Y"),
    (TimeUnit::Month, "M"),
    (TimeUnit::Week, "W"),
    (TimeUnit::Day, "D"),
    (TimeUnit::Hour, "h"),
    (TimeUnit::Minute, "m"),
    (TimeUnit::Second, "s"),
    (TimeUnit::Milli, "ms"),
    (TimeUnit::Micro, "us"),
    (TimeUnit::Nano, "ns"),
    (TimeUnit::Pico, "ps"),
    (TimeUnit::Femto, "fs"),
    (TimeUnit::Atto, "as"),
    (TimeUnit::Generic, "generic"),
];

impl TimeUnit {
    /// NumPy's name: `D`, `ns`, …, `generic`.
    pub fn name(self) -> &'static str {
        NAMES[self as usize].1
    }

    pub(super) fn from_name(name: &str) -> Option<TimeUnit> {
        // Both signs for micro, as in `parse_datetime_unit_from_string`.
        let name = if matches!(name, "μs" | "µs") {
            "us"
        } else {
            name
        };
        let found = NAMES.iter().find(|(_, known)| *known == name);
        found.map(|(unit, _)| *unit)
    }

    /// The finer units that a part of this one is told in, and how many of each it has
    /// (`convert_datetime_divisor_to_multiple` in NumPy's `datetime.c`).
    fn finer(self) -> &'static [(TimeUnit, u32)] {
        use TimeUnit as U;
        match self {
            U::Year => &[(U::Month, 12), (U::Week, 52), (U::Day, 365)],
            U::Month => &[(U::Week, 4), (U::Day, 30), (U::Hour, 720)],
            U::Week => &[(U::Day, 7), (U::Hour, 168), (U::Minute, 10_080)],
            U::Day => &[(U::Hour, 24), (U::Minute, 1440), (U::Second, 86_400)],
            U::Hour => &[(U::Minute, 60), (U::Second, 3600)],
            U::Minute => &[(U::Second, 60), (U::Milli, 60_000)],
            U::Second => &[(U::Milli, 1000), (U::Micro, 1_000_000)],
            U::Milli => &[(U::Micro, 1000), (U::Nano, 1_000_000)],
            U::Micro => &[(U::Nano, 1000), (U::Pico, 1_000_000)],
            U::Nano => &[(U::Pico, 1000), (U::Femto, 1_000_000)],
            U::Pico => &[(U::Femto, 1000), (U::Atto, 1_000_000)],
            U::Femto => &[(U::Atto, 1000)],
            U::Atto | U::Generic => &[],
        }
    }
}

/// The unit of a `datetime64` or `timedelta64` dtype: so many of a unit of time are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Unit {
    /// The unit of time.
    pub unit: TimeUnit,
    /// How many of it: 25 of `[25s]`.
    pub count: u32,
}

impl Unit {
    /// No unit.
    pub const GENERIC: Unit = Unit {
        unit: TimeUnit::Generic,
        count: 1,
    };

    /// The unit that `count` × `unit` ÷ `divisor` is: 250 ms are a fourth of a second. `None` where no finer unit is a part
    /// of it.
    pub(super) fn divided(unit: TimeUnit, count: u32, divisor: u32) -> Option<Unit> {
        if divisor == 1 {
            return Some(Unit { unit, count });
        }
        let finer = unit.finer().iter();
        let mut parts = finer.filter(|(_, parts)| divisor > 0 && parts % divisor == 0);
        let (unit, parts) = parts.next()?;
        Some(Unit {
            unit: *unit,
            count: count.checked_mul(parts / divisor)?,
        })
    }

    /// The unit of the text between brackets: `25s`, `D`, `s/4`.
    pub(in crate::numpy) fn parse(text: &str) -> Option<Unit> {
        let digits = text.find(|c: char| !c.is_ascii_digit())?;
        let (count, rest) = text.split_at(digits);
        let (unit, divisor) = rest.split_once('/').unwrap_or((rest, "1"));
        let count = if count.is_empty() { "1" } else { count };
        let count: u32 = count.parse().ok().filter(|count| *count > 0)?;
        let unit = TimeUnit::from_name(unit)?;
        if unit == TimeUnit::Generic && text != "generic" {
            return None;
        }
        Unit::divided(unit, count, divisor.parse().ok()?)
    }
}

impl fmt::Display for Unit {
    /// As `dtype.str` has it: `[ns]`, `[25s]`; nothing for a generic one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.unit, self.count) {
            (TimeUnit::Generic, _) => Ok(()),
            (unit, 1) => write!(f, "[{}]", unit.name()),
            (unit, count) => write!(f, "[{count}{}]", unit.name()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Expectations: `numpy.dtype('M8[…]').str` of NumPy 2.4.
    #[test]
    fn divisors() {
        for (text, expected) in [
            ("s/4", "[250ms]"),
            ("D/2", "[12h]"),
            ("Y/13", "[4W]"),
            ("m/8", "[7500ms]"),
            ("fs/10", "[100as]"),
            ("25s", "[25s]"),
            ("μs", "[us]"),
            ("generic", ""),
        ] {
            let unit = Unit::parse(text).expect(text);
            assert_eq!(unit.to_string(), expected, "{text}");
        }
        for text in ["", "7", "0s", "s/7", "as/2", "x", "3generic", "s/0", "s/"] {
            assert_eq!(Unit::parse(text), None, "{text}");
        }
    }
}
