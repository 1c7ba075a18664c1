//! Disassembly: the text that CPython 3.13's `python -m pickletools` prints.
//!
//! What is printed is `dis` in CPython's `Lib/pickletools.py`; arguments are read as the `read_…` functions there read
//! them, which is not always how the unpickler does. Where those raise although the opcode itself can be decoded, the
//! line is printed nevertheless and the disassembly goes on.

use std::collections::HashSet;
use std::io::{BufWriter, Write};

use num_bigint::BigInt;

use super::text;
use super::{Argument, Code, Input, Item, Op, Slice, decode};
use crate::error::{Category, Error, ErrorKind, Result};
use crate::repr;

/// Bytes of indentation beyond [`SHALLOW`] that are written whatever the input: 5,000 lists inside each other take so
/// much. A million MARKs would take two terabytes, and so much text for so little input helps nobody.
const INDENTATION: u64 = 256 << 20;

/// And so many more for each byte of input, so that long files which are moderately deep never run out.
const INDENTATION_PER_BYTE: u64 = 256;

/// Indentation that every line gets, and all that lines get once the budget is used up: 16 levels.
const SHALLOW: u64 = 64;

/// Most digits of an int that Python turns into decimal (`sys.int_info.default_max_str_digits`).
const DIGITS: usize = 4300;

/// Bytes in two's complement of the largest such int.
const DIGITS_BYTES: usize = 1786;

/// Strings are shown in pieces of so many bytes: a payload of gigabytes never has a `repr` in memory.
const PIECE: usize = 1 << 16;

/// Prints the first pickle of `bytes` as CPython 3.13's `pickletools.dis` does and gives the offset behind its STOP.
///
/// Where pickletools succeeds the text is the same byte for byte, but for indentation beyond 16 levels after a quarter
/// of a gigabyte of it. Pickletools stops at what it holds to be a mistake; here the same line is printed and the
/// disassembly goes on: after operands, MARKs and memo entries that are missing, memo entries that are stored twice,
/// objects left behind by STOP, STRING arguments outside of ASCII (shown as latin-1), names outside of ASCII (as UTF-8)
/// and ints of more than 4300 digits (shown in hexadecimal where the pickle has them in binary). Nothing is executed.
/// Counted strings go out piece by piece; the other arguments, MARKs and memo entries take memory linear in their size.
///
/// # Errors
///
/// Category `Eof` where the bytes end before STOP, `Syntax` at a byte that is no opcode and for a negative length, after
/// everything before it has been printed. Also `Syntax`, but only after the whole text, when the text argument of an
/// opcode is not what it should be; the line shows its bytes. It is the first such mistake that is reported. `Io` when
/// `out` fails.
///
/// # Examples
///
/// ```
/// let mut out = Vec::new();
/// let end = ndpickle::op::dis::dis(b"(K\x01t.", &mut out)?;
/// assert_eq!(end, 5);
/// assert_eq!(String::from_utf8_lossy(&out), "    \
///     0: (    MARK
///     1: K        BININT1    1
///     3: t        TUPLE      (MARK at 0)
///     4: .    STOP
/// highest protocol among opcodes = 1
/// ");
/// # Ok::<(), ndpickle::Error>(())
/// ```
pub fn dis(bytes: &[u8], out: &mut dyn Write) -> Result<u64> {
    let mut out = BufWriter::with_capacity(PIECE, out);
    let end = print(bytes, &mut out);
    out.flush()?;
    end
}

fn print(bytes: &[u8], out: &mut impl Write) -> Result<u64> {
    let mut input = Slice::new(bytes);
    let mut stack = Stack::default();
    let mut indentation = INDENTATION + INDENTATION_PER_BYTE * bytes.len() as u64;
    let mut highest = 0;
    let mut fault = None;
    loop {
        let at = input.position();
        let op = match decode(&mut input) {
            Ok(op) => op,
            Err(error) => return Err(fault.unwrap_or(error)),
        };
        let code = op.code();
        highest = highest.max(code.protocol());

        match code.byte() {
            byte @ 0x80.. => write!(out, "{at:5}: \\x{byte:02x} ")?,
            byte => write!(out, "{at:5}: {}    ", char::from(byte))?,
        }
        indent(stack.depth(), &mut indentation, out)?;
        out.write_all(code.name().as_bytes())?;

        let argument = op.argument();
        let note = stack.step(&op, at);
        if argument != Argument::None || note != Note::None {
            write!(out, "{:1$}", "", 10_usize.saturating_sub(code.name().len()))?;
        }
        if argument != Argument::None {
            out.write_all(b" ")?;
        }
        if let Err(error) = write_argument(code, argument, out) {
            if error.category() == Category::Io {
                return Err(error);
            }
            fault.get_or_insert(error.at(at, Some(code.name())));
        }
        match note {
            Note::None => {}
            Note::NoMark => out.write_all(b" no MARK exists on stack")?,
            Note::MarkAt(mark) => write!(out, " (MARK at {mark})")?,
            Note::MemoizedAs(index) => write!(out, " (as {index})")?,
        }
        out.write_all(b"\n")?;
        if code == Code::Stop {
            break;
        }
    }
    writeln!(out, "highest protocol among opcodes = {highest}")?;
    fault.map_or(Ok(input.position()), Err)
}

fn indent(depth: usize, left: &mut u64, out: &mut impl Write) -> Result<()> {
    const BLANK: &[u8] = &[b' '; 4096];
    let mut width = 4 * depth as u64;
    let deep = width.saturating_sub(SHALLOW);
    if deep <= *left {
        *left -= deep;
    } else {
        width = SHALLOW;
    }
    while width > 0 {
        let len = width.min(BLANK.len() as u64);
        out.write_all(&BLANK[..len as usize])?;
        width -= len;
    }
    Ok(())
}

/// What a line says behind the argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Note {
    None,
    NoMark,
    MarkAt(u64),
    MemoizedAs(u64),
}

/// Stack and memo as far as they can be seen in the text. Of the objects only their number matters, so that a stack of
/// any height costs nothing.
#[derive(Debug, Default)]
struct Stack {
    /// Objects and MARKs on the stack.
    len: u64,
    /// Which of them are MARKs, lowest first.
    marks: Vec<u64>,
    /// Offsets of the MARK opcodes that nothing has closed. Pickletools keeps them apart from the stack: an opcode that
    /// takes a MARK for an object (such as TUPLE1) leaves its offset, and with it the indentation.
    open: Vec<u64>,
    /// Keys of the memo.
    memo: HashSet<i64>,
    /// Memo entries under keys that no `i64` holds. Pickletools stops when a key occurs again; here each counts.
    far: u64,
}

impl Stack {
    /// Levels of indentation.
    fn depth(&self) -> usize {
        self.open.len()
    }

    fn pop(&mut self, count: u64) {
        self.len = self.len.saturating_sub(count);
        while self.marks.last().is_some_and(|mark| *mark >= self.len) {
            self.marks.pop();
        }
    }

    /// Does what the opcode at this offset does.
    fn step(&mut self, op: &Op<&[u8]>, at: u64) -> Note {
        let code = op.code();
        let mut note = Note::None;
        let mut count = code.before().len() as u64;
        let needed = code.before().iter().position(|item| *item == Item::Mark);
        let pops_mark = code == Code::Pop && self.marks.last().is_some_and(|m| m + 1 == self.len);
        if needed.is_some() || pops_mark {
            note = self.open.pop().map_or(Note::NoMark, Note::MarkAt);
            self.len = self.marks.pop().unwrap_or(0);
            count = needed.unwrap_or(0) as u64;
        }
        match *op {
            Op::Memoize => {
                let index = self.memo.len() as u64 + self.far;
                note = Note::MemoizedAs(index);
                self.store(i64::try_from(index).ok());
            }
            Op::Put(line) => self.store(decimal(line).and_then(|digits| digits.parse().ok())),
            Op::BinPut(index) => self.store(Some(i64::from(index))),
            Op::LongBinPut(index) => self.store(Some(i64::from(index))),
            _ => {}
        }
        self.pop(count);
        if code == Code::Mark {
            self.open.push(at);
            self.marks.push(self.len);
        }
        self.len += code.after().len() as u64;
        note
    }

    fn store(&mut self, key: Option<i64>) {
        match key {
            Some(key) => drop(self.memo.insert(key)),
            None => self.far += 1,
        }
    }
}

/// Writes the argument as `repr` shows it; one that cannot be read as what it should be is shown as its bytes, and is
/// an error of category `Syntax` once it is written.
fn write_argument(code: Code, argument: Argument<&[u8]>, out: &mut impl Write) -> Result<()> {
    let bytes = match argument {
        Argument::None => return Ok(()),
        Argument::Int(value) => return Ok(write!(out, "{value}")?),
        Argument::Length(value) => return Ok(write!(out, "{value}")?),
        Argument::Float(value) => return Ok(out.write_all(repr::float(value).as_bytes())?),
        Argument::Pair(module, name) => {
            let pair = [unescape(module), unescape(name)].join(&b' ');
            return write_name(&pair, out);
        }
        Argument::Bytes(bytes) => bytes,
    };
    let mut decoded = Vec::new();
    let written = match code {
        Code::Int | Code::Get | Code::Put if bytes == b"00" => Ok("False".to_owned()),
        Code::Int | Code::Get | Code::Put if bytes == b"01" => Ok("True".to_owned()),
        Code::Int => decimal(bytes).map_or_else(|| prefixed(bytes, "INT argument"), Ok),
        Code::Long => {
            let line = bytes.strip_suffix(b"L").unwrap_or(bytes);
            decimal(line).map_or_else(|| prefixed(line, "LONG argument"), Ok)
        }
        Code::Get | Code::Put => decimal(bytes).ok_or_else(|| bad("memo index")),
        Code::Float => float(bytes),
        Code::Long1 | Code::Long4 => Ok(binary(bytes)),
        Code::String => match string(bytes, &mut decoded) {
            Ok(()) => return write_string(&decoded, Kind::Latin1, out),
            Err(error) => Err(error),
        },
        Code::Unicode => match text::unicode(bytes, &mut decoded) {
            Ok(()) => return write_string(&decoded, Kind::Utf8, out),
            Err(error) => Err(error),
        },
        Code::PersId => return write_name(&unescape(bytes), out),
        Code::BinString | Code::ShortBinString => return write_string(bytes, Kind::Latin1, out),
        Code::BinUnicode | Code::ShortBinUnicode | Code::BinUnicode8 => {
            match repr::wtf8::is_valid(bytes) {
                true => return write_string(bytes, Kind::Utf8, out),
                false => Err(bad("UTF-8")),
            }
        }
        Code::ByteArray8 => {
            out.write_all(b"bytearray(")?;
            write_string(bytes, Kind::ByteArray, out)?;
            return Ok(out.write_all(b")")?);
        }
        _ => return write_string(bytes, Kind::Bytes, out),
    };
    match written {
        Ok(written) => Ok(out.write_all(written.as_bytes())?),
        Err(error) => write_string(bytes, Kind::Bytes, out).and(Err(error)),
    }
}

fn bad(what: &'static str) -> Error {
    Error::new(ErrorKind::BadText(what))
}

/// A number without what `int` and `float` of Python pass over: blanks around it, single underscores between digits.
fn number(line: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(line).ok()?;
    let line = text.trim_matches(text::BLANKS).as_bytes();
    let digit = |at: Option<usize>| {
        at.and_then(|at| line.get(at))
            .is_some_and(u8::is_ascii_digit)
    };
    let mut number = String::with_capacity(line.len());
    for (at, byte) in line.iter().enumerate() {
        match byte {
            b'_' if digit(at.checked_sub(1)) && digit(at.checked_add(1)) => {}
            0x21..=0x7e if *byte != b'_' => number.push(char::from(*byte)),
            _ => return None,
        }
    }
    Some(number)
}

/// What `repr(int(line))` says, without making the number: digits are digits, however many.
fn decimal(line: &[u8]) -> Option<String> {
    let mut number = number(line)?;
    let negative = number.starts_with('-');
    let digits = number.strip_prefix(['-', '+']).unwrap_or(&number);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let zeros = digits.len() - digits.trim_start_matches('0').len();
    let zeros = zeros.min(digits.len() - 1);
    let signed = number.len() - digits.len();
    number.replace_range(..signed + zeros, "");
    if negative && number != "0" {
        number.insert(0, '-');
    }
    Some(number)
}

/// A number that pickletools cannot read but the unpickler can, such as `0x10`: as it stands.
fn prefixed(line: &[u8], what: &'static str) -> Result<String> {
    match text::int(line, DIGITS as u64) {
        Ok(_) => {
            let text = String::from_utf8_lossy(line);
            Ok(text.trim_matches(text::BLANKS).to_owned())
        }
        Err(_) => Err(bad(what)),
    }
}

fn float(line: &[u8]) -> Result<String> {
    let number = number(line).ok_or_else(|| bad("FLOAT argument"))?;
    Ok(repr::float(text::float(number.as_bytes())?))
}

/// The int of LONG1 and LONG4: decimal where Python can, else hexadecimal, since decimal takes quadratic time.
fn binary(mut bytes: &[u8]) -> String {
    // Bytes that only repeat the sign say nothing about the number's size.
    while let [.., below, 0x00] | [.., below, 0xff] = bytes
        && (below >> 7 == 1) == (bytes[bytes.len() - 1] == 0xff)
    {
        bytes = &bytes[..bytes.len() - 1];
    }
    let value = BigInt::from_signed_bytes_le(bytes);
    if bytes.len() <= DIGITS_BYTES {
        let text = value.to_string();
        if text.trim_start_matches('-').len() <= DIGITS {
            return text;
        }
    }
    format!("{value:#x}")
}

/// The argument of STRING. Pickletools takes a lone quote for an empty string.
fn string(line: &[u8], decoded: &mut Vec<u8>) -> Result<()> {
    match line {
        b"'" | b"\"" => Ok(()),
        _ => text::string(line, decoded),
    }
}

/// A line of GLOBAL, INST or PERSID: pickletools resolves escapes in it. The unpickler does not, so that a broken one is
/// no mistake and the line is taken as it stands.
fn unescape(line: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    match line.contains(&b'\\') && text::string(&[b"'", line, b"'"].concat(), &mut decoded).is_ok()
    {
        true => decoded,
        false => line.to_owned(),
    }
}

/// Writes a name that pickletools wants to be ASCII and the unpickler UTF-8.
fn write_name(name: &[u8], out: &mut impl Write) -> Result<()> {
    let utf8 = repr::wtf8::is_valid(name);
    write_string(name, if utf8 { Kind::Utf8 } else { Kind::Latin1 }, out)
}

/// What the bytes of a string are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Bytes,
    /// Bytes with single quotes escaped even between double ones (`bytearray_repr` in CPython's `bytearrayobject.c`).
    ByteArray,
    /// A str, a byte for each character.
    Latin1,
    /// A str in UTF-8 that may hold surrogates.
    Utf8,
}

/// Writes the `repr` of a string, piece by piece.
fn write_string(bytes: &[u8], kind: Kind, out: &mut impl Write) -> Result<()> {
    let double = bytes.contains(&b'\'') && !bytes.contains(&b'"');
    let quote = if double { "\"" } else { "'" };
    let other = if double && kind != Kind::ByteArray {
        b'\''
    } else {
        b'"'
    };
    if matches!(kind, Kind::Bytes | Kind::ByteArray) {
        out.write_all(b"b")?;
    }
    out.write_all(quote.as_bytes())?;
    let mut rest = bytes;
    let mut piece = Vec::new();
    while !rest.is_empty() {
        let mut len = rest.len().min(PIECE);
        while kind == Kind::Utf8 && rest.get(len).is_some_and(|byte| byte & 0xc0 == 0x80) {
            len += 1;
        }
        piece.clear();
        match kind {
            Kind::Latin1 => rest[..len]
                .iter()
                .for_each(|byte| repr::wtf8::push_code_point(u32::from(*byte), &mut piece)),
            _ => piece.extend_from_slice(&rest[..len]),
        }
        // With this at its end the quotes inside a piece come out as in the whole; it is not escaped, and dropped.
        piece.push(other);
        let shown = match kind {
            Kind::Bytes | Kind::ByteArray => repr::py2_str(&piece),
            Kind::Latin1 | Kind::Utf8 => repr::str(&piece),
        };
        out.write_all(&shown.as_bytes()[1..shown.len() - 2])?;
        rest = &rest[len..];
    }
    Ok(out.write_all(quote.as_bytes())?)
}
