//! What a profiler has counted: numbers alone, by the places of functions in its list.

use std::collections::{BTreeMap, HashMap};

/// Of a function, or of what it was called for by one other.
#[derive(Clone, Copy, Default)]
pub struct Count {
    pub n_calls: i64,
    /// Of these, while another one was under way.
    pub n_recursive: i64,
    /// Ticks of the outermost calls, with all that was called.
    pub total: i64,
    /// Ticks without what was called.
    pub own: i64,
    n_under_way: i64,
}

impl Count {
    fn end(&mut self, total: i64, own: i64) {
        self.n_under_way -= 1;
        if self.n_under_way == 0 {
            self.total += total;
        } else {
            self.n_recursive += 1;
        }
        self.own += own;
        self.n_calls += 1;
    }
}

#[derive(Default)]
pub struct Entry {
    pub count: Count,
    /// What it called, by places.
    pub callees: BTreeMap<usize, Count>,
}

/// A call under way.
struct Call {
    place: usize,
    began: i64,
    /// Ticks of what it called.
    below: i64,
}

#[derive(Default)]
pub struct Recording {
    pub entries: Vec<Entry>,
    /// By what identifies functions.
    places: HashMap<usize, usize>,
    calls: Vec<Call>,
}

impl Recording {
    pub fn place_of(&self, key: usize) -> Option<usize> {
        self.places.get(&key).copied()
    }

    /// A place for one more function, behind the others.
    pub fn add(&mut self, key: usize) -> usize {
        let place = self.entries.len();
        self.entries.push(Entry::default());
        self.places.insert(key, place);
        place
    }

    pub fn is_in_call(&self) -> bool {
        !self.calls.is_empty()
    }

    pub fn begin(&mut self, place: usize, follows_callees: bool) {
        self.entries[place].count.n_under_way += 1;
        if let Some(caller) = self.calls.last().filter(|_| follows_callees) {
            self.entries[caller.place].callees.entry(place).or_default().n_under_way += 1;
        }
        self.calls.push(Call { place, began: 0, below: 0 });
    }

    /// The call that began last begins now: what it took to find its place does not count.
    pub fn began(&mut self, now: i64) {
        if let Some(call) = self.calls.last_mut() {
            call.began = now;
        }
    }

    /// Ends the call that began last.
    pub fn end(&mut self, now: i64) {
        let Some(Call { place, began, below }) = self.calls.pop() else { return };
        let total = now.wrapping_sub(began);
        let own = total.wrapping_sub(below);
        self.entries[place].count.end(total, own);
        if let Some(caller) = self.calls.last_mut() {
            caller.below = caller.below.wrapping_add(total);
            if let Some(callee) = self.entries[caller.place].callees.get_mut(&place) {
                callee.end(total, own);
            }
        }
    }
}
