//! What later layers remember about nodes, so that a node shared by many is understood once.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::raw::Id;
use crate::error::{Error, ErrorKind, Result};

#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// One thing about one node: the first that was asked for. A hundred thousand arrays mostly share one dtype.
    first: OnceLock<(Id, Box<dyn Any + Send + Sync>)>,
    /// Characters of long texts, which arrays may share without end.
    lengths: Mutex<HashMap<Id, u64>>,
    /// What took long to understand, or why it cannot be, by what it was understood as.
    understood: Mutex<HashMap<(Id, TypeId), Understood>>,
    /// See [`identity`](Memory::identity).
    identity: OnceLock<u64>,
}

type Understood = Result<Arc<dyn Any + Send + Sync>, (ErrorKind, Option<u64>)>;

impl Memory {
    /// Forgets what a change of the document may have made untrue. Texts never change.
    pub(crate) fn forget(&mut self) {
        self.first = OnceLock::new();
        self.identity = OnceLock::new();
        self.understood
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// A number that no other document of this process has, nor this one after a change.
    pub(crate) fn identity(&self) -> u64 {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        *(self.identity).get_or_init(|| NEXT.fetch_add(1, Ordering::Relaxed))
    }

    /// How many characters the text of a node has, or what `count` counts.
    pub(crate) fn length(&self, id: Id, count: impl FnOnce() -> Result<u64>) -> Result<u64> {
        // A poisoned map is whole: entries are inserted in one step.
        let known = self
            .lengths
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .copied();
        if let Some(known) = known {
            return Ok(known);
        }
        let counted = count()?;
        self.lengths
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, counted);
        Ok(counted)
    }

    /// What is known of a node, or what `make` makes of it.
    #[inline]
    pub(crate) fn recall<T>(&self, id: Id, make: impl FnOnce() -> Result<T>) -> Result<T>
    where
        T: Clone + Send + Sync + 'static,
    {
        if let Some((first, known)) = self.first.get() {
            return match known.downcast_ref::<T>() {
                Some(known) if *first == id => Ok(known.clone()),
                _ => make(),
            };
        }
        let made = make()?;
        // Another thread may have been faster; then its node is the first.
        let _ = self.first.set((id, Box::new(made.clone())));
        Ok(made)
    }

    /// What `make` makes of a node, made once; an error is made once too.
    pub(crate) fn understand<T>(&self, id: Id, make: impl FnOnce() -> Result<T>) -> Result<T>
    where
        T: Clone + Send + Sync + 'static,
    {
        let key = (id, TypeId::of::<T>());
        // A poisoned map is whole: entries are inserted in one step.
        let lock = || {
            self.understood
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        match lock().get(&key) {
            Some(Ok(known)) => {
                if let Some(known) = known.downcast_ref::<T>() {
                    return Ok(known.clone());
                }
            }
            Some(Err((what, offset))) => {
                let error = Error::new(what.clone());
                return Err(match offset {
                    Some(offset) => error.at(*offset, None),
                    None => error,
                });
            }
            None => {}
        }
        let made = make();
        let kept: Understood = match &made {
            Ok(made) => Ok(Arc::new(made.clone())),
            Err(error) => Err((error.kind().clone(), error.offset())),
        };
        lock().insert(key, kept);
        made
    }
}
