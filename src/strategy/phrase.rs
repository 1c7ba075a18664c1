//! Opcodes whose argument is chosen, and the condition on the stack under which each is right.

use super::stack::{Made, Slot, of_items};
use crate::op::{Code, Op};

/// Numbers that a phrase makes its argument of.
pub(super) type Choice = (u16, u32, u64);

/// Whether an opcode may come next, so that CPython goes on. MARK and what needs nothing may always.
pub(super) fn may_follow(code: Code, made: &Made) -> bool {
    let above = made.above_mark();
    let top = above.last().copied();
    let below = |n: usize| above.len().checked_sub(n + 1).map(|at| above[at]);
    let has_mark = made.has_mark();
    let is_paired =
        above.len().is_multiple_of(2) && above.iter().step_by(2).all(|key| key.is_hashable());
    match code {
        // These are written by `phrase` itself, with what they need, or at the ends.
        Code::Stop | Code::Proto | Code::Frame => false,
        Code::Append => top.is_some() && below(1) == Some(Slot::List),
        Code::Appends => has_mark && made.below_mark() == Some(Slot::List),
        Code::List | Code::Tuple | Code::PopMark => has_mark,
        Code::FrozenSet => has_mark && above.iter().all(|item| item.is_hashable()),
        Code::Dict => has_mark && is_paired,
        Code::SetItem => {
            top.is_some() && below(1).is_some_and(Slot::is_hashable) && below(2) == Some(Slot::Dict)
        }
        Code::SetItems => has_mark && is_paired && made.below_mark() == Some(Slot::Dict),
        Code::AddItems => top == Some(Slot::Set),
        Code::Tuple1 | Code::Dup | Code::Pop => top.is_some(),
        Code::Tuple2 => above.len() >= 2,
        Code::Tuple3 => above.len() >= 3,
        Code::Put | Code::BinPut | Code::LongBinPut | Code::Memoize => top.is_some(),
        Code::Get | Code::LongBinGet => !made.memo.is_empty(),
        Code::BinGet => made.memo.iter().any(|(index, _)| *index < 256),
        Code::BinPersId => top.is_some_and(Slot::is_hashable),
        Code::Build => top == Some(Slot::Instance),
        _ => true,
    }
}

/// Appends an opcode, and where it needs special objects these before.
pub(super) fn phrase(code: Code, choice: Choice, made: &mut Made) {
    let (_, small, large) = choice;
    let text = TEXTS[small as usize % TEXTS.len()];
    let bytes = &BYTES[..small as usize % BYTES.len()];
    let line = format!("{}", small as i32).into_bytes();
    let taken = made
        .memo
        .get(small as usize % made.memo.len().max(1))
        .copied();
    let op: Op<Vec<u8>> = match code {
        Code::Int if small.is_multiple_of(4) => {
            Op::Int([b"00", b"01"][large as usize % 2].to_vec())
        }
        Code::Int => Op::Int(line),
        Code::BinInt => Op::BinInt(small as i32),
        Code::BinInt1 => Op::BinInt1(small as u8),
        Code::BinInt2 => Op::BinInt2(small as u16),
        Code::Long => Op::Long(format!("{}L", large as i64).into_bytes()),
        Code::Long1 => Op::Long1(bytes.to_vec()),
        Code::Long4 => Op::Long4(bytes.to_vec()),
        Code::String => Op::String(b"'a text'".to_vec()),
        Code::BinString => Op::BinString(text.as_bytes().to_vec()),
        Code::ShortBinString => Op::ShortBinString(text.as_bytes().to_vec()),
        Code::BinBytes => Op::BinBytes(bytes.to_vec()),
        Code::ShortBinBytes => Op::ShortBinBytes(bytes.to_vec()),
        Code::BinBytes8 => Op::BinBytes8(bytes.to_vec()),
        Code::ByteArray8 => Op::ByteArray8(bytes.to_vec()),
        Code::Unicode => Op::Unicode(b"a \\u4e2d".to_vec()),
        Code::ShortBinUnicode => Op::ShortBinUnicode(text.as_bytes().to_vec()),
        Code::BinUnicode => Op::BinUnicode(text.as_bytes().to_vec()),
        Code::BinUnicode8 => Op::BinUnicode8(text.as_bytes().to_vec()),
        Code::Float => Op::Float(format!("{:e}", float(large)).into_bytes()),
        Code::BinFloat => Op::BinFloat(float(large)),
        Code::Get | Code::BinGet | Code::LongBinGet => return get(code, taken, made),
        Code::Put => Op::Put((small % 300).to_string().into_bytes()),
        Code::BinPut => Op::BinPut(small as u8),
        Code::LongBinPut => Op::LongBinPut(small % 70_000),
        Code::Ext1 => Op::Ext1(EXTENSIONS[0]),
        Code::Ext2 => Op::Ext2(u16::from(EXTENSIONS[0])),
        Code::Ext4 => Op::Ext4(i32::from(EXTENSIONS[0])),
        Code::Global => Op::Global(global(small)),
        Code::PersId => Op::PersId(line),
        Code::StackGlobal
        | Code::Reduce
        | Code::NewObj
        | Code::NewObjEx
        | Code::Inst
        | Code::Obj => {
            return call(code, small, made);
        }
        Code::Build => return build(choice, made),
        Code::AddItems => return add_items(choice, made),
        // Right behind the buffer, which is then held by nothing else: Python would make a read-only view beside it.
        Code::ReadonlyBuffer => {
            made.bytes.push(Code::NextBuffer.byte());
            return plain(code, made);
        }
        code => return plain(code, made),
    };
    op.encode(&mut made.bytes);
    match op {
        Op::Put(_) => made.memoise(small % 300),
        Op::BinPut(index) => made.memoise(index.into()),
        Op::LongBinPut(index) => made.memoise(index),
        Op::ByteArray8(_) => made.stack.push(Slot::Other),
        _ => made.stack.push(Slot::Hashable),
    }
}

/// The code under which [`streams`](super::streams) expect `collections.OrderedDict` in the extension registry.
const EXTENSIONS: [u8; 1] = [240];

const TEXTS: [&str; 8] = [
    "",
    "a",
    "key",
    "it's",
    "\u{e9}",
    "\u{4e2d}\u{6587}",
    "\u{1f600}",
    "a longer text \\ of words\n",
];

const BYTES: &[u8] =
    b"\x01\x7f\x80\xff\0\n'\\ some bytes of a length that no short int has \xff\xff";

/// A float that is a number, so that it is equal to itself.
fn float(bits: u64) -> f64 {
    let value = f64::from_bits(bits);
    if value.is_nan() { 0.5 } else { value }
}

/// Classes that are data.
fn global(choice: u32) -> (Vec<u8>, Vec<u8>) {
    let names = [
        ("collections", "OrderedDict"),
        ("collections", "deque"),
        ("datetime", "date"),
    ];
    let (module, name) = names[choice as usize % names.len()];
    (module.into(), name.into())
}

/// The entry of the memo that was chosen; BINGET takes the first one that it can tell.
fn get(code: Code, taken: Option<(u32, Slot)>, made: &mut Made) {
    let short = || made.memo.iter().find(|(index, _)| *index < 256).copied();
    let found = match code {
        Code::BinGet => taken.filter(|(index, _)| *index < 256).or_else(short),
        _ => taken,
    };
    let Some((index, slot)) = found else { return };
    let op: Op<Vec<u8>> = match code {
        Code::Get => Op::Get(index.to_string().into_bytes()),
        Code::BinGet => Op::BinGet(index as u8),
        _ => Op::LongBinGet(index),
    };
    op.encode(&mut made.bytes);
    made.stack.push(slot);
}

/// Elements for the set on top.
fn add_items((_, small, large): Choice, made: &mut Made) {
    let ops: [Op<Vec<u8>>; 4] = [
        Op::Mark,
        Op::BinInt(small as i32),
        Op::BinFloat(float(large)),
        Op::AddItems,
    ];
    ops.iter().for_each(|op| op.encode(&mut made.bytes));
}

/// A state of one attribute, for the instance on top.
fn build((_, small, _): Choice, made: &mut Made) {
    let ops: [Op<Vec<u8>>; 5] = [
        Op::Mark,
        Op::BinUnicode(b"held".to_vec()),
        Op::BinInt(small as i32),
        Op::Dict,
        Op::Build,
    ];
    ops.iter().for_each(|op| op.encode(&mut made.bytes));
}

/// A call of a class, whose callable and arguments come right before it.
fn call(code: Code, choice: u32, made: &mut Made) {
    let out = &mut made.bytes;
    let mut push = |op: Op<Vec<u8>>| op.encode(out);
    let global = |module: &str, name: &str| Op::Global((module.into(), name.into()));
    let slot = match (code, choice % 3) {
        (Code::StackGlobal, _) => {
            push(Op::ShortBinUnicode(b"collections".to_vec()));
            push(Op::BinUnicode(b"OrderedDict".to_vec()));
            push(Op::StackGlobal);
            Slot::Hashable
        }
        (Code::Reduce, 0) => {
            push(global("builtins", "complex"));
            push(Op::BinFloat(f64::from(choice)));
            push(Op::BinFloat(-0.5));
            push(Op::Tuple2);
            push(Op::Reduce);
            Slot::Hashable
        }
        (Code::Reduce, 1) => {
            push(global("collections", "OrderedDict"));
            push(Op::EmptyTuple);
            push(Op::Reduce);
            Slot::Dict
        }
        (Code::Reduce, _) => {
            push(global("collections", "deque"));
            push(Op::EmptyTuple);
            push(Op::Reduce);
            Slot::List
        }
        (Code::NewObj, _) => {
            push(global("argparse", "Namespace"));
            push(Op::EmptyTuple);
            push(Op::NewObj);
            Slot::Instance
        }
        (Code::NewObjEx, _) => {
            push(global("argparse", "Namespace"));
            push(Op::EmptyTuple);
            push(Op::EmptyDict);
            push(Op::NewObjEx);
            Slot::Instance
        }
        (Code::Inst, _) => {
            push(Op::Mark);
            push(Op::Inst((b"argparse".to_vec(), b"Namespace".to_vec())));
            Slot::Instance
        }
        _ => {
            push(Op::Mark);
            push(global("argparse", "Namespace"));
            push(Op::Obj);
            Slot::Instance
        }
    };
    made.stack.push(slot);
}

/// An opcode without an argument.
fn plain(code: Code, made: &mut Made) {
    made.bytes.push(code.byte());
    let above = made.above_mark().to_vec();
    let last = |n: usize| of_items(&above[above.len().saturating_sub(n)..]);
    match code {
        Code::Mark => made.stack.push(Slot::Mark),
        Code::EmptyList => made.stack.push(Slot::List),
        Code::EmptyDict => made.stack.push(Slot::Dict),
        Code::EmptySet => made.stack.push(Slot::Set),
        Code::NextBuffer | Code::ReadonlyBuffer => made.stack.push(Slot::Other),
        Code::Append => drop(made.stack.pop()),
        Code::SetItem => made.stack.truncate(made.stack.len() - 2),
        Code::Appends | Code::SetItems | Code::PopMark => {
            made.take_mark();
        }
        Code::List => {
            made.take_mark();
            made.stack.push(Slot::List);
        }
        Code::Tuple | Code::FrozenSet => {
            let items = made.take_mark();
            made.stack.push(of_items(&items));
        }
        Code::Dict => {
            made.take_mark();
            made.stack.push(Slot::Dict);
        }
        Code::Tuple1 => made.replace(1, last(1)),
        Code::Tuple2 => made.replace(2, last(2)),
        Code::Tuple3 => made.replace(3, last(3)),
        Code::Dup => made.stack.extend(above.last()),
        Code::Pop => drop(made.stack.pop()),
        Code::Memoize => made.memoise(made.memo.len() as u32),
        Code::BinPersId => made.replace(1, Slot::Hashable),
        _ => made.stack.push(Slot::Hashable),
    }
}
