//! What is outside of the pickle: objects by persistent ids and extension codes, and buffers.

use super::pass::{Fill, Pass, is_bare};
use crate::error::{Error, Result};
use crate::graph::{Id, Kind, Node, Raw, Tag};
use crate::payload::Buffer;

/// Digits of the longest int that is spelled in decimal: Python's own limit.
const DIGITS: u64 = 4300;

impl<'p, 'a> Pass<'p, 'a> {
    pub(super) fn outside(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        let id = match node.kind() {
            Kind::Buffer => self.buffer_object(node),
            Kind::Extension => self.extension(node),
            _ => self.persistent(node),
        }?;
        // Python's picklers put none of these in the memo; what is one object in a pickle of others stays one.
        if node.is_memoised() {
            self.builder.graph.memoise(id);
        }
        Ok(id)
    }

    /// A buffer by itself: where it cannot be out of band, what `save_picklebuffer` in CPython's `_pickle.c` makes of it.
    fn buffer_object(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        let (index, read_only) = node.buffer().unwrap_or_default();
        let payload = node.buffer_payload();
        let payload = payload
            .ok_or_else(|| node.error(format!("out-of-band buffer {index} was not given")))?;
        match (self.protocol(), read_only) {
            (5.., _) => {
                let buffer = Buffer { payload, read_only };
                // OK because the index is a half of a node's value.
                self.builder.graph.buffer(index as u32, Some(buffer), 0)
            }
            _ if !is_bare(node) => Err(Error::unsupported(
                "an out-of-band buffer that was given a state or items needs protocol 5",
            )),
            (_, true) => self.builder.bytes(payload),
            (_, false) => self.builder.bytearray(payload),
        }
    }

    /// A class or function that the extension registry of Python has a number for.
    fn extension(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        let code = node.extension().unwrap_or_default();
        if self.protocol() < 2 {
            return Err(Error::unsupported(format!(
                "extension code {code} needs protocol 2: only its registry knows the name"
            )));
        }
        let graph = &mut self.builder.graph;
        graph.push(Raw::new(Tag::Extension, 0, 0, code as u64))
    }

    /// An object by its persistent id: a line of text in protocol 0, any object from then on (`save_pers` in `_pickle.c`).
    fn persistent(&mut self, node: Node<'p, 'a>) -> Result<Id> {
        let pid = node.persistent_id().unwrap_or(node);
        match (self.protocol(), pid.kind()) {
            (0, _) => {
                let line = line_of(pid)?;
                let place = self.builder.graph.store.copy(line.as_bytes())?;
                let raw = Raw::new(Tag::PersId, 0, 0, place.0);
                self.builder.graph.push(raw)
            }
            (_, Kind::Persistent) if pid == node => {
                // Each line is a text of its own, whatever Python had.
                let pid = self.builder.new_str(&line_of(pid)?)?;
                self.builder.persistent(pid)
            }
            _ => self.later(node, Tag::BinPersId, Fill::Parts),
        }
    }

    pub(super) fn fill_persistent(&mut self, node: Node<'p, 'a>, id: Id) -> Result<()> {
        if let Some(pid) = node.persistent_id() {
            let pid = self.of(pid)?;
            self.builder.graph.fill_persistent(id, pid);
        }
        self.fill_rest(node, id)
    }
}

/// What `str` makes of a persistent id, which must be a line of ASCII. Of what is neither text nor an int nobody could make it
/// again, and on a line nothing hangs.
fn line_of(pid: Node<'_, '_>) -> Result<String> {
    let wrong = || Error::unsupported("a persistent id in protocol 0 must be a line of ASCII");
    if pid.kind() != Kind::Persistent && pid.has_extras() {
        return Err(wrong());
    }
    let line = match (pid.kind(), pid.place_payload()) {
        (Kind::Str | Kind::Py2Str | Kind::Persistent, Some(text)) => {
            String::from_utf8(text.to_vec()?).map_err(|_| wrong())?
        }
        // log10(256) is 2.408….
        (Kind::Int, Some(bytes)) if bytes.len() * 12 / 5 > DIGITS => {
            return Err(Error::limit("digits", DIGITS));
        }
        (Kind::Int, _) => pid.to_bigint().ok_or_else(wrong)?.to_string(),
        _ => return Err(wrong()),
    };
    match line.is_ascii() && !line.contains('\n') {
        true => Ok(line),
        false => Err(wrong()),
    }
}
