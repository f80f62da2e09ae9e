//! Collecting: marking from roots and remembered objects, then making holes of what is left.

use super::block::{BlockMeta, CHUNK_BYTES, LINE_BYTES, META_LINES};
use super::heap::{Bump, Heap, RootSource};
use super::stack::scan_stack;
use super::{GRANULE, Object, with_registers_on_stack};
use crate::object::header::Header;
use crate::value::Value;

const POISON: u8 = 0xDB;

/// A full collection comes after so many bytes became old, or more where more were alive after the last one.
const MIN_PROMOTED_BYTES: usize = 4 << 20;
/// No more is allocated between two collections, unless more is alive.
const MAX_NURSERY_BYTES: usize = 16 << 20;

/// Words of roots that may point into the heap, which lies between two addresses.
struct FoundWords {
    low: usize,
    high: usize,
    words: Vec<usize>,
}

impl FoundWords {
    #[inline(always)]
    fn add(&mut self, word: usize) {
        if self.low <= word && word < self.high {
            self.words.push(word);
        }
    }
}

/// Places of the words of an object that are values.
struct ValueWords {
    first: usize,
    count: usize,
    last: Option<usize>,
}

impl Heap {
    /// Collects: minor unless much was promoted since the last full collection, or `full`.
    pub fn collect(&mut self, bump: &mut Bump, roots: &dyn RootSource, full: bool) {
        let is_first = self.n_minor + self.n_full == 0;
        let full = full
            || is_first
            || self.config.stress
            || self.promoted_bytes > self.live_bytes_full.max(MIN_PROMOTED_BYTES);
        self.was_full = full;
        self.peak_bytes = self.peak_bytes.max(self.reckoned_bytes());
        self.marked_shapes.clear();
        self.marked_shapes.resize(roots.n_shapes(), 0);
        self.classes_marked.clear();
        self.classes_marked.resize(roots.n_shapes(), !full);
        self.close_hole(bump);
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
        let promoted_before = self.promoted_bytes;
        for object in std::mem::take(&mut self.remembered) {
            // SAFETY: remembered objects were alive at the last collection and are old, hence kept by a minor one.
            unsafe { (*object).gc |= Header::UNLOGGED };
            self.trace(object, roots);
        }
        let mut words = self.found_words();
        roots.visit_roots(full, &mut |word| words.add(word));
        self.mark_words(words);
        self.mark_farewells();
        self.drain_mark_stack(roots);
        if let Some(mut certain) = self.certain.take() {
            certain.extend(self.finalizable.iter().copied().filter(|&object| self.is_marked(object)));
            self.certain = Some(certain);
        }
        let mut words = self.found_words();
        with_registers_on_stack(|stack_pointer| {
            let mut own = roots.running_stack();
            own.words.start = own.words.start.max(stack_pointer);
            for stack in std::iter::once(own).chain(roots.parked_stacks()) {
                scan_stack(&stack, |word| words.add(word));
            }
        });
        self.mark_words(words);
        self.drain_mark_stack(roots);
        self.mark_keyed(roots, full);
        self.find_cycles(roots);
        self.resurrect_finalizable(roots, full);
        self.mark_classes(roots, full);
        self.count_cycles(roots);
        self.clear_weak_references(full);
        self.sweep(roots, full, promoted_before);
    }

    /// Takes all that there is for alive and old, unless there was a collection already. What a machine has made before its program
    /// begins stays, or is little: so the first collection need not go through it.
    pub fn settle(&mut self, bump: &mut Bump, roots: &dyn RootSource) {
        if self.config.stress || self.n_minor + self.n_full > 0 {
            return;
        }
        self.close_hole(bump);
        self.marked_shapes.clear();
        self.marked_shapes.resize(roots.n_shapes(), 0);
        for object in self.objects() {
            self.mark(object);
        }
        // What they refer to is among them.
        self.mark_stack.clear();
        self.resurrect_finalizable(roots, false);
        self.clear_weak_references(false);
        self.sweep(roots, false, 0);
        self.n_minor += 1;
        self.live_bytes_full = self.live_bytes_full.max(self.promoted_bytes);
        self.promoted_bytes = 0;
        self.nursery_bytes = self.config.nursery_bytes;
    }

    fn found_words(&mut self) -> FoundWords {
        let (low, high) = self.large.bounds();
        let (first, last) = (self.chunks.first(), self.chunks.last());
        FoundWords {
            low: first.map_or(low, |&first| low.min(first)),
            high: last.map_or(high, |&last| high.max(last + CHUNK_BYTES)),
            words: std::mem::take(&mut self.words),
        }
    }

    /// Marks the objects that words point to or into.
    fn mark_words(&mut self, found: FoundWords) {
        let mut words = found.words;
        for &word in &words {
            if let Some(object) = self.object_containing(word) {
                self.mark(object);
            }
        }
        words.clear();
        self.words = words;
    }

    /// In a full collection, what is alive keeps its class alive; in others all classes are.
    fn mark_classes(&mut self, roots: &dyn RootSource, full: bool) {
        let mut is_over = !full;
        while !is_over {
            is_over = true;
            for shape in 0..self.marked_shapes.len() {
                if self.marked_shapes[shape] != 0 && !self.classes_marked[shape] {
                    self.classes_marked[shape] = true;
                    let class = roots.class_of_shape(shape);
                    if !class.is_null() {
                        self.mark(class);
                        is_over = false;
                    }
                }
            }
            self.drain_mark_stack(roots);
        }
    }

    /// Classes, and in a full collection what keys keep alive. Where keys are dead it lives on once more: its owner is told.
    fn mark_keyed(&mut self, roots: &dyn RootSource, full: bool) {
        self.mark_classes(roots, full);
        if !full {
            return;
        }
        let mut waiting: Vec<usize> = (0..roots.n_keyed()).filter(|&index| roots.key(index).is_some()).collect();
        loop {
            let n_before = waiting.len();
            waiting.retain(|&index| {
                let lives = roots.key(index).is_some_and(|key| !key.is_null() && self.is_marked(key));
                if lives {
                    roots.visit_keyed(index, &mut |value| self.mark_value(value));
                }
                !lives
            });
            if waiting.len() == n_before {
                break;
            }
            self.drain_mark_stack(roots);
            self.mark_classes(roots, full);
        }
        for &index in &waiting {
            roots.visit_keyed(index, &mut |value| self.mark_value(value));
        }
        self.drain_mark_stack(roots);
        self.mark_classes(roots, full);
        self.unreached = waiting;
    }

    /// Indices of what the last collection, a full one, kept though its keys were dead.
    pub fn take_unreached(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.unreached)
    }

    pub(super) fn drain_mark_stack(&mut self, roots: &dyn RootSource) {
        while let Some(object) = self.mark_stack.pop() {
            self.trace(object, roots);
        }
    }

    pub(super) fn mark(&mut self, object: Object) {
        // SAFETY: callers pass the start of an object.
        let header = unsafe { &mut *object };
        let newly_taken_bytes = match header.size_granules as usize * GRANULE {
            0 => self.large.mark(object),
            // SAFETY: small objects lie in blocks.
            size_bytes => unsafe { (*BlockMeta::of(object as usize)).mark(object, size_bytes) }.map(|n| n * LINE_BYTES),
        };
        if let Some(size_bytes) = newly_taken_bytes {
            self.marked_shapes[header.shape as usize] = 1;
            header.gc |= Header::UNLOGGED;
            self.promoted_bytes += size_bytes;
            if header.trace != 0 {
                self.mark_stack.push(object);
            }
        }
    }

    pub(super) fn is_marked(&self, object: Object) -> bool {
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
        let Some(words) = self.value_words(object) else {
            let mut words = self.found_words();
            roots.visit_generator(object, self.size_bytes(object), &mut |word| words.add(word));
            self.mark_words(words);
            return;
        };
        // SAFETY: marked objects are whole; these of their words are values.
        unsafe {
            if let Some(last) = words.last {
                self.mark_value(Value(*object.cast::<u64>().add(last)));
            }
            for index in words.first..words.first + words.count {
                self.mark_value(Value(*object.cast::<u64>().add(index)));
            }
        }
    }

    /// What the object refers to.
    pub(super) fn children_of(&mut self, object: Object, roots: &dyn RootSource, children: &mut Vec<Object>) {
        let Some(words) = self.value_words(object) else {
            let mut words = self.found_words();
            roots.visit_generator(object, self.size_bytes(object), &mut |word| words.add(word));
            children.extend(words.words.iter().filter_map(|&word| self.object_containing(word)));
            words.words.clear();
            self.words = words.words;
            return;
        };
        for index in (words.first..words.first + words.count).chain(words.last) {
            // SAFETY: as in `trace`.
            let value = unsafe { Value(*object.cast::<u64>().add(index)) };
            if value.is_object() {
                children.push(value.as_ptr());
            }
        }
    }

    /// Which words of an object are values; `None`: it is a generator.
    #[inline(always)]
    fn value_words(&self, object: Object) -> Option<ValueWords> {
        // SAFETY: callers pass an object that is whole; `trace` tells which of its words are values.
        unsafe {
            let counted = || *object.cast::<u64>().add(1) as usize;
            let last = || self.size_bytes(object) / 8 - 1;
            Some(match (*object).trace {
                Header::TRACE_COUNTED => ValueWords { first: 2, count: counted(), last: None },
                Header::TRACE_GENERATOR => return None,
                Header::TRACE_APPENDED => ValueWords { first: last(), count: 1, last: None },
                Header::TRACE_COUNTED_AND_LAST => ValueWords { first: 2, count: counted(), last: Some(last()) },
                trace @ Header::TRACE_AND_LAST.. => {
                    ValueWords { first: 1, count: (trace - Header::TRACE_AND_LAST) as usize, last: Some(last()) }
                }
                trace => ValueWords { first: 1, count: trace as usize, last: None },
            })
        }
    }

    /// The object that a word points to or into, if it points into the heap.
    pub(super) fn object_containing(&mut self, word: usize) -> Option<Object> {
        let chunk = word & !(CHUNK_BYTES - 1);
        if self.chunks.binary_search(&chunk).is_err() {
            return self.large.containing(word);
        }
        let meta = BlockMeta::of(word);
        if (word - meta as usize) < META_LINES * LINE_BYTES {
            return None;
        }
        // SAFETY: the word lies in a mapped chunk; untouched blocks are zero and have no starts. Start bits are set at object
        // starts, and where the next object would have started: there the size is 0. In fresh lines, object follows
        // object from each start on, up to zeros or the end of what is fresh.
        unsafe {
            if word.is_multiple_of(GRANULE) && (*meta).is_marked(word as Object) {
                return Some(word as Object);
            }
            let mut at = (*meta).start_at_or_below(word)?;
            let is_fresh = (*meta).is_fresh(word);
            loop {
                let size_bytes = (*(at as Object)).size_granules as usize * GRANULE;
                if word < at + size_bytes {
                    return Some(at as Object);
                }
                if !is_fresh || size_bytes == 0 {
                    return None;
                }
                at += size_bytes;
                (*meta).note_start(at);
            }
        }
    }

    fn sweep(&mut self, roots: &dyn RootSource, full: bool, promoted_before: usize) {
        self.finalize_dead(roots, full);
        self.large.sweep(full);
        // A minor collection has marked objects nowhere but in the blocks that were allocated from.
        for &block in if full { &self.blocks } else { &self.taken } {
            // SAFETY: blocks of mapped chunks.
            let meta = unsafe { &mut *block };
            meta.sweep();
            if self.config.stress {
                poison(meta);
            }
        }
        if full {
            // SAFETY: blocks of mapped chunks.
            let free_lines: usize = self.blocks.iter().map(|&block| unsafe { (*block).n_free_lines() }).sum();
            let lines = self.blocks.len() * (super::block::LINES - META_LINES);
            self.live_bytes_full = (lines - free_lines) * LINE_BYTES + self.large.used_bytes();
            self.promoted_bytes = 0;
            self.take_back_reserve();
            self.give_back_all();
        } else {
            self.give_back_taken();
            // Where much survives, collections are worth less: let more be allocated before the next.
            let most = self.live_bytes_full.max(MAX_NURSERY_BYTES).max(self.config.nursery_bytes);
            let survived = self.promoted_bytes - promoted_before;
            self.nursery_bytes = (survived * 8).clamp(self.config.nursery_bytes, most);
        }
        self.bytes_since_collection = 0;
    }

    /// Finalizes what died of those that wait for it; a minor collection asks the young ones only.
    fn finalize_dead(&mut self, roots: &dyn RootSource, full: bool) {
        let first = if full { 0 } else { self.n_old_finalizable };
        let mut finalizable = std::mem::take(&mut self.finalizable);
        let n_young = finalizable.len() - first;
        let mut n_alive = first;
        for index in first..finalizable.len() {
            let object = finalizable[index];
            if self.is_marked(object) {
                finalizable[n_alive] = object;
                n_alive += 1;
            } else {
                roots.finalize(object);
            }
        }
        finalizable.truncate(n_alive);
        self.finalizable = finalizable;
        self.n_old_finalizable = n_alive;
        // What they hold outside the heap got old with those that live, in proportion.
        if n_young > 0 {
            self.promoted_bytes += (self.external_bytes as f64 * ((n_alive - first) as f64 / n_young as f64)) as usize;
        }
        self.external_bytes = 0;
    }
}

fn poison(meta: &mut BlockMeta) {
    let base = std::ptr::from_mut(meta) as usize;
    let mut line = META_LINES;
    while let Some((first, end)) = meta.next_free_lines(line) {
        // SAFETY: lines without a mark hold no live object.
        unsafe { std::ptr::write_bytes((base + first * LINE_BYTES) as *mut u8, POISON, (end - first) * LINE_BYTES) };
        line = end;
    }
}
