//! Collecting: marking from roots and remembered objects, then making holes of what is left.

use super::block::{BlockMeta, CHUNK_BYTES, LINE_BYTES, META_LINES};
use super::heap::{Bump, Heap, RootSource};
use super::{GRANULE, Object, scan_registers_and_stack};
use crate::object::header::Header;
use crate::value::Value;

const POISON: u8 = 0xDB;

impl Heap {
    /// Collects: minor unless much was promoted since the last full collection, or `full`.
    pub fn collect(&mut self, bump: &mut Bump, roots: &dyn RootSource, full: bool) {
        let full = full || self.config.stress || self.promoted_bytes > self.live_bytes_full.max(16 << 20);
        self.close_run(bump);
        self.fresh_runs.sort_unstable();
        let mut parsed = vec![false; self.fresh_runs.len()];
        if full {
            for &block in &self.blocks {
                // SAFETY: `blocks` holds blocks of mapped chunks.
                unsafe { (*block).clear_marks() };
            }
            self.large.clear_marks();
            self.remembered.clear();
            self.n_full += 1;
        } else {
            self.n_minor += 1;
        }
        for object in std::mem::take(&mut self.remembered) {
            // SAFETY: remembered objects were alive at the last collection and are old, hence kept by a minor one.
            unsafe { (*object).gc |= Header::UNLOGGED };
            self.trace(object, roots);
        }
        let mut words = Vec::new();
        scan_registers_and_stack(roots.stack_base(), &roots.dead_stack(), &mut |word| words.push(word));
        roots.visit_roots(&mut |word| words.push(word));
        for word in words {
            if let Some(object) = self.object_containing(word, &mut parsed) {
                self.mark(object);
            }
        }
        self.drain_mark_stack(roots);
        self.sweep(roots, full);
    }

    fn drain_mark_stack(&mut self, roots: &dyn RootSource) {
        while let Some(object) = self.mark_stack.pop() {
            self.trace(object, roots);
        }
    }

    fn mark(&mut self, object: Object) {
        // SAFETY: callers pass the start of an object.
        let header = unsafe { &mut *object };
        let newly = match header.size_granules {
            0 => self.large.mark(object),
            // SAFETY: small objects lie in blocks.
            granules => unsafe { (*BlockMeta::of(object as usize)).mark(object, granules as usize * GRANULE) },
        };
        if newly {
            header.gc |= Header::UNLOGGED;
            self.promoted_bytes += header.size_granules as usize * GRANULE;
            self.mark_stack.push(object);
        }
    }

    fn is_marked(&self, object: Object) -> bool {
        // SAFETY: callers pass the start of an object.
        match unsafe { (*object).size_granules } {
            0 => self.large.is_marked(object),
            // SAFETY: small objects lie in blocks.
            _ => unsafe { (*BlockMeta::of(object as usize)).is_marked(object) },
        }
    }

    fn mark_value(&mut self, value: Value) {
        if value.is_object() {
            self.mark(value.as_ptr());
        }
    }

    /// Marks what the object refers to.
    fn trace(&mut self, object: Object, roots: &dyn RootSource) {
        // SAFETY: marked objects are whole; `trace` tells which of their words are values.
        unsafe {
            let words = object.cast::<u64>();
            let (first, count) = match (*object).trace {
                Header::TRACE_COUNTED => (2, *words.add(1) as usize),
                Header::TRACE_GENERATOR => {
                    let mut found = Vec::new();
                    roots.visit_generator(object, &mut |word| found.push(word));
                    let mut parsed = vec![false; self.fresh_runs.len()];
                    for word in found {
                        if let Some(object) = self.object_containing(word, &mut parsed) {
                            self.mark(object);
                        }
                    }
                    return;
                }
                n => (1, n as usize),
            };
            for i in first..first + count {
                self.mark_value(Value(*words.add(i)));
            }
        }
    }

    /// The object that a word points to or into, if it points into the heap.
    pub(super) fn object_containing(&mut self, word: usize, parsed: &mut [bool]) -> Option<Object> {
        let chunk = word & !(CHUNK_BYTES - 1);
        if self.chunks.binary_search(&chunk).is_err() {
            return self.large.containing(word);
        }
        let meta = BlockMeta::of(word);
        if (word - meta as usize) < META_LINES * LINE_BYTES {
            return None;
        }
        let run = self.fresh_runs.partition_point(|&(start, _)| start <= word);
        if run > 0 && word < self.fresh_runs[run - 1].1 && !parsed[run - 1] {
            parsed[run - 1] = true;
            let (mut at, end) = self.fresh_runs[run - 1];
            while at < end {
                // SAFETY: from the start of a run to its end, object follows object; each header gives its size.
                unsafe {
                    (*meta).note_start(at);
                    at += (*(at as Object)).size_granules as usize * GRANULE;
                }
            }
        }
        // SAFETY: the word lies in a mapped chunk; untouched blocks are zero and have no starts.
        let start = unsafe { (*meta).start_at_or_below(word) }?;
        // SAFETY: start bits are set at object starts alone.
        let size = unsafe { (*(start as Object)).size_granules } as usize * GRANULE;
        (word < start + size).then_some(start as Object)
    }

    fn sweep(&mut self, roots: &dyn RootSource, full: bool) {
        let registered = std::mem::take(&mut self.finalizable);
        let (alive, dead): (Vec<_>, Vec<_>) = registered.into_iter().partition(|&object| self.is_marked(object));
        self.finalizable = alive;
        dead.into_iter().for_each(|object| roots.finalize(object));
        let large_bytes = self.large.sweep();
        self.fresh_runs.clear();
        let mut free_lines = 0;
        for &block in &self.blocks {
            // SAFETY: `blocks` holds blocks of mapped chunks.
            let meta = unsafe { &mut *block };
            meta.forget_dead_starts();
            free_lines += meta.free_lines();
            if self.config.stress {
                poison(meta);
            }
        }
        if full {
            let lines = self.blocks.len() * (super::block::LINES - META_LINES);
            self.live_bytes_full = (lines - free_lines) * LINE_BYTES + large_bytes;
            self.promoted_bytes = 0;
            self.take_back_reserve();
        }
        self.bytes_since_collection = 0;
        self.current_block = 0;
        self.current_line = META_LINES;
    }
}

fn poison(meta: &mut BlockMeta) {
    let base = std::ptr::from_mut(meta) as usize;
    let mut line = META_LINES;
    while let Some((first, end)) = meta.next_hole(line) {
        // SAFETY: lines without a mark hold no live object.
        unsafe { std::ptr::write_bytes((base + first * LINE_BYTES) as *mut u8, POISON, (end - first) * LINE_BYTES) };
        line = end;
    }
}
