//! The names in bytes that begin like a pickle and are none: Python executes them up to where they break.

use std::collections::HashMap;
use std::ops::Range;

use ndpickle::ReadAt;
use ndpickle::op::{Argument, Code, Input, Item, Op, Slice, decode};

use super::report::Report;

/// What is looked at; the names of an exploit stand at its beginning or between ordinary data.
const LONGEST: u64 = 1 << 28;

/// Adds the names that stand before the first byte that is no opcode. Offsets count from `base`.
pub(crate) fn scan(
    storage: &dyn ReadAt,
    range: Range<u64>,
    base: u64,
    report: &mut Report,
    place: &str,
) {
    let len = range.end.saturating_sub(range.start).min(LONGEST);
    let mut bytes = vec![0; len as usize];
    if storage.read_exact_at(&mut bytes, range.start).is_err() {
        return;
    }
    let mut input = Slice::new(&bytes);
    let mut stack = Stack::default();
    loop {
        let at = base + Input::position(&input);
        let Ok(op) = decode(&mut input) else {
            return;
        };
        match (op.code(), op.argument()) {
            (Code::Stop, _) => return,
            (Code::Global | Code::Inst, Argument::Pair(module, name)) => {
                report.add_name(module, name, at, place);
            }
            (Code::StackGlobal, _) => {
                let [module, name] = stack.last_two();
                let unknown = &b"?"[..];
                report.add_name(
                    module.unwrap_or(unknown),
                    name.unwrap_or(unknown),
                    at,
                    place,
                );
            }
            (Code::Ext1 | Code::Ext2 | Code::Ext4, Argument::Int(code)) => {
                report.add_code(code, at, place);
            }
            _ => {}
        }
        stack.step(&op);
    }
}

/// As much of the stack as is needed to know the strings that STACK_GLOBAL takes.
#[derive(Default)]
struct Stack<'i> {
    /// Strings; `None` for anything else.
    items: Vec<Option<&'i [u8]>>,
    marks: Vec<usize>,
    memo: HashMap<u64, Option<&'i [u8]>>,
}

impl<'i> Stack<'i> {
    fn last_two(&self) -> [Option<&'i [u8]>; 2] {
        match self.items[..] {
            [.., module, name] => [module, name],
            _ => [None, None],
        }
    }

    fn step(&mut self, op: &Op<&'i [u8]>) {
        let code = op.code();
        let top = self.items.last().copied().flatten();
        let line = |line: &[u8]| std::str::from_utf8(line).ok()?.trim().parse().ok();
        let number = match op.argument() {
            Argument::Int(index) => u64::try_from(index).ok(),
            Argument::Bytes(bytes) => line(bytes),
            _ => None,
        };
        match (code, number) {
            (Code::Memoize, _) => drop(self.memo.insert(self.memo.len() as u64, top)),
            (Code::Put | Code::BinPut | Code::LongBinPut, Some(index)) => {
                self.memo.insert(index, top);
            }
            (Code::Get | Code::BinGet | Code::LongBinGet, Some(index)) => {
                let item = self.memo.get(&index).copied().flatten();
                return self.items.push(item);
            }
            (Code::Dup, _) => return self.items.push(top),
            (Code::Mark, _) => return self.marks.push(self.items.len()),
            (
                Code::Unicode
                | Code::BinUnicode
                | Code::ShortBinUnicode
                | Code::BinUnicode8
                | Code::BinString
                | Code::ShortBinString,
                _,
            ) => {
                let Argument::Bytes(bytes) = op.argument() else {
                    return;
                };
                return self.items.push(Some(bytes));
            }
            (Code::String, _) => {
                let Argument::Bytes(line) = op.argument() else {
                    return;
                };
                // Escapes stay: a name that has any is other than it looks, and so it is shown.
                return self.items.push(line.get(1..line.len().saturating_sub(1)));
            }
            _ => {}
        }
        if matches!(
            code,
            Code::Memoize | Code::Put | Code::BinPut | Code::LongBinPut
        ) {
            return;
        }
        let before = code.before();
        let pops = match before.iter().position(|item| *item == Item::Mark) {
            Some(mark) => {
                self.items.truncate(self.marks.pop().unwrap_or(0));
                mark
            }
            None => before.len(),
        };
        self.items.truncate(self.items.len().saturating_sub(pops));
        let after = code.after().len();
        self.items.extend(std::iter::repeat_n(None, after));
    }
}
