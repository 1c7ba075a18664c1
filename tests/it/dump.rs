//! A document as text, by which documents are compared: a line for every node, in the order in which they are first
//! mentioned, with everything that cursors tell about it. Nodes are numbered by first mention, so that sharing and cycles
//! are in the text too.

use std::collections::HashMap;
use std::fmt::Write as _;

use ndpickle::{Id, Kind, Node, Payload, Pickle};
use sha2::{Digest, Sha256};

use super::hex::hex;

/// Everything, down to offsets and memo.
pub(crate) fn exact(pickle: &Pickle<'_>) -> String {
    let mut text = dump(&pickle.roots().collect::<Vec<_>>(), true);
    let _ = writeln!(
        text,
        "{}..{} {:?}",
        pickle.start(),
        pickle.end(),
        pickle.dialect()
    );
    text
}

/// The value alone: what stays when it is written in another way.
pub(crate) fn value(pickle: &Pickle<'_>) -> String {
    dump(&pickle.roots().collect::<Vec<_>>(), false)
}

/// The first line that differs, with its number.
pub(crate) fn difference(a: &str, b: &str) -> String {
    let (mut a, mut b) = (a.lines(), b.lines());
    for n in 1.. {
        match (a.next(), b.next()) {
            (None, None) => break,
            (left, right) if left != right => {
                return format!("line {n}\n  {left:?}\n  {right:?}");
            }
            _ => {}
        }
    }
    "none".into()
}

/// The ids of all nodes that are reachable by cursors.
pub(crate) fn reachable(pickle: &Pickle<'_>) -> Vec<Id> {
    let mut dump = Dump {
        exact: true,
        ..Dump::default()
    };
    pickle.roots().for_each(|root| drop(dump.mention(root)));
    while let Some(node) = dump.next() {
        dump.line(node);
    }
    dump.nodes.iter().map(|node| node.id()).collect()
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn dump<'p, 'a>(roots: &[Node<'p, 'a>], exact: bool) -> String {
    let mut dump = Dump {
        exact,
        ..Dump::default()
    };
    let mut text = String::new();
    for root in roots {
        let mention = dump.mention(*root);
        let _ = writeln!(text, "root {mention}");
    }
    while let Some(node) = dump.next() {
        let line = dump.line(node);
        let _ = writeln!(text, "#{} {line}", dump.done - 1);
    }
    text
}

#[derive(Default)]
struct Dump<'p, 'a> {
    exact: bool,
    numbers: HashMap<Id, usize>,
    nodes: Vec<Node<'p, 'a>>,
    done: usize,
}

impl<'p, 'a> Dump<'p, 'a> {
    fn next(&mut self) -> Option<Node<'p, 'a>> {
        self.done += 1;
        self.nodes.get(self.done - 1).copied()
    }

    /// The number of a node; in values, numbers and constants have no identity and are told in place.
    fn mention(&mut self, node: Node<'p, 'a>) -> String {
        let atom = match node.kind() {
            Kind::None | Kind::Bool | Kind::Int | Kind::Float => true,
            Kind::Tuple => node.is_empty(),
            _ => false,
        };
        if atom && !self.exact && node.popped().count() + node.popped_before().count() == 0 {
            return format!("{:?}{}", node.kind(), atom_text(node));
        }
        let number = *self.numbers.entry(node.id()).or_insert_with(|| {
            self.nodes.push(node);
            self.nodes.len() - 1
        });
        format!("#{number}")
    }

    fn line(&mut self, node: Node<'p, 'a>) -> String {
        let mut line = format!("{:?}{}", node.kind(), atom_text(node));
        if self.exact {
            let memo = if node.is_memoised() { " memo" } else { "" };
            let _ = write!(line, " @{}{memo}", node.offset());
        }
        if let Some(made) = node.constructor() {
            let _ = write!(line, " {made:?}");
        }
        let pairs = node.pairs().flat_map(|(key, value)| [key, value]).collect();
        let pid = node.persistent_id().filter(|pid| *pid != node);
        let parts: [(&str, Vec<Node<'p, 'a>>); 9] = [
            ("before", node.popped_before().collect()),
            ("callable", node.callable().into_iter().collect()),
            ("args", node.args().into_iter().collect()),
            ("kwargs", node.kwargs().into_iter().collect()),
            ("pid", pid.into_iter().collect()),
            ("items", node.items().collect()),
            ("pairs", pairs),
            ("states", node.states().collect()),
            ("popped", node.popped().collect()),
        ];
        for (name, part) in parts {
            if !part.is_empty() {
                let mentions: Vec<String> = part.iter().map(|node| self.mention(*node)).collect();
                let _ = write!(line, " {name}=[{}]", mentions.join(" "));
            }
        }
        line
    }
}

/// What a node is beside what it holds.
fn atom_text(node: Node<'_, '_>) -> String {
    let long = if node.is_long() { " long" } else { "" };
    match node.kind() {
        Kind::Bool => format!(" {:?}", node.as_bool()),
        Kind::Int => match node.as_i64() {
            Some(value) => format!(" {value}{long}"),
            None => {
                let value = node.to_bigint().expect("an int");
                format!(" {}{long}", hex(&value.to_signed_bytes_be()))
            }
        },
        Kind::Float => format!(" {:016x}", node.as_f64().expect("a float").to_bits()),
        Kind::Global => format!(" {:?}", node.global().expect("a global")),
        Kind::Extension => format!(" {:?}", node.extension()),
        Kind::Buffer => format!(" {:?}", node.buffer()),
        _ => node
            .payload()
            .map_or(String::new(), |payload| bytes_text(&payload)),
    }
}

fn bytes_text(payload: &Payload<'_>) -> String {
    let bytes = payload.to_vec().expect("a readable payload");
    if bytes.len() > 100 {
        let mut sum = flate2::Crc::new();
        sum.update(&bytes);
        format!(" {} bytes {:08x}", bytes.len(), sum.sum())
    } else {
        format!(" '{}'", bytes.escape_ascii())
    }
}
