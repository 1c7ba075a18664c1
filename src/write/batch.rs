//! How the items of a container are cut into batches: `batch_list`, `batch_dict` and `save_set` of the picklers.

use crate::graph::{Dialect, Python};
use crate::op::Code;

/// `BATCHSIZE`.
const BATCH: u32 = 1000;

/// Which habit closes a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    /// One opcode an item: protocol 0.
    OneByOne,
    /// Batches; a last single item has the opcode for one: everything that is iterated, and Python 2's lists.
    Iterated,
    /// Batches of a list whose length is known; one item in all has the opcode for one.
    List,
    /// As `List`; a full last batch is followed by an empty one.
    Dict,
    /// Batches; a full last batch is followed by an empty one, one item has no opcode of its own.
    Set,
    /// Batches only.
    PureSet,
}

impl Habit {
    pub(super) fn new(dialect: Dialect, iterated: bool, exact: Habit) -> Habit {
        match dialect {
            Dialect { protocol: 0, .. } => Habit::OneByOne,
            Dialect { pure: true, .. } if exact == Habit::Set => Habit::PureSet,
            _ if exact == Habit::Set => Habit::Set,
            Dialect { pure: true, .. } => Habit::Iterated,
            Dialect {
                python: Python::Py2,
                ..
            } if exact == Habit::List => Habit::Iterated,
            _ if iterated => Habit::Iterated,
            _ => exact,
        }
    }
}

/// What to write next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The item, or the key and the value.
    Item,
    /// An opcode.
    Op(Code),
    Done,
}

/// The progress through the batches of one container.
#[derive(Clone, Debug)]
pub(crate) struct Batches {
    /// Items of this batch that are still to come: most calls look at nothing else.
    to_come: u32,
    /// Items of this batch in all.
    size: u32,
    state: State,
    habit: Habit,
    /// The opcodes for one and for many.
    one: Code,
    many: Code,
    /// Whether there has been a batch, and how many items are in none yet.
    begun: bool,
    left: usize,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// Between batches; whether the last one was full.
    Between { is_full: bool },
    /// Behind MARK.
    Many,
    /// In a batch that is one item.
    One,
}

impl Batches {
    pub(super) fn new(habit: Habit, one: Code, many: Code, len: usize) -> Self {
        Batches {
            to_come: 0,
            size: 0,
            state: State::Between { is_full: false },
            habit,
            one,
            many,
            begun: false,
            left: len,
        }
    }

    #[inline]
    pub(super) fn next(&mut self) -> Next {
        match self.to_come.checked_sub(1) {
            Some(to_come) => {
                self.to_come = to_come;
                Next::Item
            }
            None => self.turn(),
        }
    }

    /// What is next where a batch ends or begins.
    fn turn(&mut self) -> Next {
        let is_full = self.size == BATCH;
        match self.state {
            State::Many => {
                self.state = State::Between { is_full };
                Next::Op(self.many)
            }
            State::One => {
                self.state = State::Between { is_full: false };
                Next::Op(self.one)
            }
            State::Between { is_full } => {
                let one_more = is_full && matches!(self.habit, Habit::Dict | Habit::Set);
                if self.left == 0 && !one_more {
                    return Next::Done;
                }
                self.open()
            }
        }
    }

    fn open(&mut self) -> Next {
        let is_one = match self.habit {
            Habit::OneByOne => true,
            Habit::Iterated => self.left == 1,
            Habit::List | Habit::Dict => self.left == 1 && !self.begun,
            Habit::Set | Habit::PureSet => false,
        };
        self.begun = true;
        if is_one {
            self.left -= 1;
            self.state = State::One;
            return Next::Item;
        }
        // OK because it is at most `BATCH`.
        self.size = self.left.min(BATCH as usize) as u32;
        self.left -= self.size as usize;
        self.to_come = self.size;
        self.state = State::Many;
        Next::Op(Code::Mark)
    }
}

/// Containers whose items are told one by one.
#[cfg(feature = "serde")]
impl Batches {
    /// The length of what comes to an end when it is [told](Batches::end) so.
    pub(super) const ENDLESS: usize = usize::MAX;

    /// Lets more items come than were expected.
    pub(super) fn go_on(&mut self) {
        self.left = Batches::ENDLESS;
    }

    /// Lets no more items come: the batch that is open ends with what it has.
    pub(super) fn end(&mut self) {
        self.left = 0;
        self.size -= self.to_come;
        self.to_come = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `(` MARK, `.` item, `e` many, `a` one; counts of equal neighbours.
    fn spelled(habit: Habit, len: usize) -> String {
        runs(
            Batches::new(habit, Code::Append, Code::Appends, len),
            len,
            |_| {},
        )
    }

    /// What is spelled, and what happens when so many items are.
    fn runs(mut batches: Batches, len: usize, at_end: fn(&mut Batches)) -> String {
        let mut runs: Vec<(char, usize)> = Vec::new();
        let mut items = 0;
        loop {
            if items == len {
                at_end(&mut batches);
            }
            let letter = match batches.next() {
                Next::Item => {
                    items += 1;
                    '.'
                }
                Next::Op(Code::Mark) => '(',
                Next::Op(Code::Append) => 'a',
                Next::Op(_) => 'e',
                Next::Done => break,
            };
            match runs.last_mut() {
                Some((last, n)) if *last == letter => *n += 1,
                _ => runs.push((letter, 1)),
            }
        }
        runs.iter()
            .map(|(letter, n)| {
                if *n == 1 {
                    letter.to_string()
                } else {
                    format!("{letter}{n}")
                }
            })
            .collect()
    }

    // Expectations: opcodes of `pickle.dumps` and `pickle._dumps` of CPython 3.13 and 2.7.
    #[test]
    fn batches() {
        for (habit, expected) in [
            (Habit::OneByOne, ["", ".a", ".a.a", "", "", ""]),
            (
                Habit::Iterated,
                ["", ".a", "(.2e", "(.1000e", "(.1000e.a", "(.1000e(.1000e"],
            ),
            (
                Habit::List,
                ["", ".a", "(.2e", "(.1000e", "(.1000e(.e", "(.1000e(.1000e"],
            ),
            (
                Habit::Dict,
                [
                    "",
                    ".a",
                    "(.2e",
                    "(.1000e(e",
                    "(.1000e(.e",
                    "(.1000e(.1000e(e",
                ],
            ),
            (
                Habit::Set,
                [
                    "",
                    "(.e",
                    "(.2e",
                    "(.1000e(e",
                    "(.1000e(.e",
                    "(.1000e(.1000e(e",
                ],
            ),
            (
                Habit::PureSet,
                ["", "(.e", "(.2e", "(.1000e", "(.1000e(.e", "(.1000e(.1000e"],
            ),
        ] {
            for (len, expected) in [0, 1, 2, 1000, 1001, 2000].into_iter().zip(expected) {
                if habit != Habit::OneByOne || len < 3 {
                    assert_eq!(spelled(habit, len), expected, "{habit:?} {len}");
                    #[cfg(feature = "serde")]
                    if len != 1 && matches!(habit, Habit::List | Habit::Dict | Habit::Set) {
                        let endless =
                            Batches::new(habit, Code::Append, Code::Appends, Batches::ENDLESS);
                        assert_eq!(
                            runs(endless, len, Batches::end),
                            expected,
                            "{habit:?} {len}"
                        );
                    }
                }
            }
        }
    }
}
