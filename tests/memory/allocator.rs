//! What the tests measure with: live bytes, their peak, and the number of allocations, of one thread at a time.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    /// Whether this thread is measured; live bytes since then, their peak, and allocations.
    static COUNTS: Cell<Option<Counts>> = const { Cell::new(None) };
}

/// What a piece of code allocated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) live: i64,
    pub(crate) peak: i64,
    pub(crate) allocations: u64,
    /// The largest single block.
    pub(crate) largest: usize,
}

struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn count(change: i64) {
    // Gone while the thread ends: then nothing is measured any more.
    let _ = COUNTS.try_with(|cell| {
        if let Some(mut counts) = cell.get() {
            counts.live += change;
            counts.peak = counts.peak.max(counts.live);
            if change > 0 {
                counts.allocations += 1;
                counts.largest = counts.largest.max(change as usize);
            }
            cell.set(Some(counts));
        }
    });
}

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as i64);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as i64);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-(layout.size() as i64));
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both blocks exist while one is copied to the other.
        count(size as i64);
        count(-(layout.size() as i64));
        unsafe { System.realloc(block, layout, size) }
    }
}

/// Runs `f` and says what this thread allocated meanwhile; what `f` returns counts as live.
pub(crate) fn measure<T>(f: impl FnOnce() -> T) -> (T, Counts) {
    COUNTS.with(|cell| cell.set(Some(Counts::default())));
    let value = f();
    let counts = COUNTS.with(|cell| cell.take());
    (value, counts.expect("measuring"))
}

#[test]
fn it_counts() {
    let (block, counts) = measure(|| {
        drop(vec![0u8; 5000]);
        vec![0u8; 1000]
    });
    assert_eq!(
        (counts.live, counts.peak, counts.allocations),
        (1000, 5000, 2)
    );
    let (grown, counts) = measure(|| {
        let mut block = block;
        block.reserve_exact(3000);
        block
    });
    assert_eq!(
        (counts.peak, counts.largest),
        (grown.capacity() as i64, grown.capacity())
    );
}
