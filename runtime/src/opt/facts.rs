//! What is known at one point of a superblock under construction: of values, and of heap locations.
//!
//! Facts of values hold for good once a guard established them, shapes of instances excepted: those, and facts of
//! mutable heap locations, hold until a store may hit the location or something escapes.

use crate::uop::{FIRST_INSTANCE_SHAPE, Field, Kind, Op, Uop, UopIdx};
use hashbrown::HashTable;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// Multiplicative hashing: keys are small and made by the program's own recorder.
#[derive(Clone, Copy, Default)]
pub struct WordHasher(u64);

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.write_u64(u64::from_le_bytes(word));
        }
    }
    fn write_u8(&mut self, word: u8) {
        self.write_u64(word.into());
    }
    fn write_u16(&mut self, word: u16) {
        self.write_u64(word.into());
    }
    fn write_u32(&mut self, word: u32) {
        self.write_u64(word.into());
    }
    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
    fn write_isize(&mut self, word: isize) {
        self.write_u64(word as u64);
    }
}

pub type WordMap<K, V> = HashMap<K, V, BuildHasherDefault<WordHasher>>;

/// What is known of one value.
#[derive(Clone, Debug, Default)]
pub struct ValueFacts {
    /// Its kind when unboxed, by a guard.
    pub kind: Option<Kind>,
    /// Its shape, and how many micro-ops there were when that was established.
    pub shape: Option<(u32, u32)>,
    /// The very word that it is (of its kind: a boxed value, or a machine integer).
    pub is: Option<u64>,
    /// Words that it is not.
    pub is_not: Vec<u64>,
    /// Its truth (of Bools).
    pub truth: Option<bool>,
    /// It was allocated by this superblock.
    pub fresh: bool,
    /// It was stored, passed or carried somewhere: other values may be the same object.
    pub leaked: bool,
}

/// A kind of heap location; with an owner (and an index) it is one location.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    Field(Field),
    Slot(u16),
    GeneratorSlot(u16),
    Element(Field),
}

/// One heap location, or all elements of an array where an element has no index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    pub place: Place,
    pub owner: UopIdx,
    pub index: Option<UopIdx>,
}

/// What a heap location holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    Value(UopIdx),
    Int(i64),
    Constant(crate::value::Value),
}

#[derive(Clone, Copy, Debug)]
pub struct HeapFact {
    pub content: Content,
    /// How many micro-ops there were when it was established.
    pub since: u32,
}

/// Micro-ops of one superblock, found by what they do. Their places alone are kept: the superblock has the rest.
#[derive(Clone, Default)]
pub struct Results(HashTable<UopIdx>);

impl Results {
    fn with_capacity(n_uops: usize) -> Results {
        Results(HashTable::with_capacity(n_uops))
    }

    fn hash_of(op: &Op, inputs: &[UopIdx]) -> u64 {
        let mut hasher = WordHasher::default();
        op.hash(&mut hasher);
        inputs.hash(&mut hasher);
        hasher.finish()
    }

    /// The micro-op among `uops` that does this.
    pub fn get(&self, uops: &[Uop], op: &Op, inputs: &[UopIdx]) -> Option<UopIdx> {
        let is_it = |known: &UopIdx| uops[known.index()].op == *op && uops[known.index()].inputs[..] == *inputs;
        self.0.find(Self::hash_of(op, inputs), is_it).copied()
    }

    /// The micro-op that does this is `idx` now; it comes behind `uops`, or is one of them.
    pub fn insert(&mut self, uops: &[Uop], op: &Op, inputs: &[UopIdx], idx: UopIdx) {
        let is_it = |known: &UopIdx| uops[known.index()].op == *op && uops[known.index()].inputs[..] == *inputs;
        let hash_of = |known: &UopIdx| Self::hash_of(&uops[known.index()].op, &uops[known.index()].inputs);
        let hash = Self::hash_of(op, inputs);
        match self.0.find_mut(hash, is_it) {
            Some(known) => *known = idx,
            None => _ = self.0.insert_unique(hash, idx, hash_of),
        }
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    fn held_bytes(&self) -> usize {
        self.0.capacity() * (size_of::<UopIdx>() + 1)
    }
}

/// Everything known at one point.
#[derive(Clone, Default)]
pub struct Facts {
    values: Vec<ValueFacts>,
    /// Results of ops that depend on their inputs alone.
    pub results: Results,
    pub heap: WordMap<Location, HeapFact>,
    /// Results of lookups in dicts, sets and sequences; they hold until any of these may change.
    pub lookups: Results,
    /// The executor was found valid, and nothing escaped since.
    pub valid: bool,
    /// The native stack was found to have room.
    pub stack_checked: bool,
    /// There is room above the root frame for so many frames and so many of their words.
    pub room: (u16, u32),
}

static NOTHING: ValueFacts =
    ValueFacts { kind: None, shape: None, is: None, is_not: Vec::new(), truth: None, fresh: false, leaked: false };

impl Facts {
    /// Nothing known, with room for facts about so many micro-ops.
    pub fn with_capacity(n_uops: usize) -> Facts {
        Facts { values: Vec::with_capacity(n_uops), results: Results::with_capacity(n_uops / 2), ..Facts::default() }
    }

    /// Gives back the room that was taken to grow: for long, nothing is added.
    pub fn shrink(&mut self) {
        self.values.shrink_to_fit();
        self.heap.shrink_to_fit();
    }

    /// What it holds on the heap, near enough.
    pub fn held_bytes(&self) -> usize {
        let of_locations = self.heap.capacity() * size_of::<(Location, HeapFact)>();
        let of_results = self.results.held_bytes() + self.lookups.held_bytes();
        self.values.capacity() * size_of::<ValueFacts>() + of_results + of_locations
    }

    pub fn of(&self, value: UopIdx) -> &ValueFacts {
        self.values.get(value.index()).unwrap_or(&NOTHING)
    }

    pub fn of_mut(&mut self, value: UopIdx) -> &mut ValueFacts {
        if self.values.len() <= value.index() {
            self.values.resize(value.index() + 1, NOTHING.clone());
        }
        &mut self.values[value.index()]
    }

    /// Anything may have run: only what cannot change stays known.
    pub fn clobber(&mut self) {
        self.heap.clear();
        self.lookups.clear();
        self.forget_instance_shapes();
        self.valid = false;
    }

    /// Values that are known to be instances of some shape.
    pub fn instances(&self) -> impl Iterator<Item = UopIdx> + '_ {
        let shaped = |facts: &ValueFacts| facts.shape.is_some_and(|(shape, _)| shape >= FIRST_INSTANCE_SHAPE);
        self.values.iter().enumerate().filter(move |(_, facts)| shaped(facts)).map(|(index, _)| UopIdx(index as u32))
    }

    /// Forgets the shapes of all instances.
    pub fn forget_instance_shapes(&mut self) {
        for facts in &mut self.values {
            facts.shape.take_if(|(shape, _)| *shape >= FIRST_INSTANCE_SHAPE);
        }
    }
}

/// The location that a load reads or a store writes.
pub fn location(op: &Op, inputs: &[UopIdx]) -> Option<Location> {
    let (place, index) = match *op {
        Op::LoadField { field } | Op::StoreField { field } | Op::LoadWord { field } | Op::StoreWord { field } => {
            (Place::Field(field), None)
        }
        Op::LoadSlot { slot } | Op::StoreSlot { slot } | Op::AddSlot { slot, .. } => (Place::Slot(slot), None),
        Op::LoadGeneratorSlot { slot } | Op::StoreGeneratorSlot { slot } => (Place::GeneratorSlot(slot), None),
        Op::Suspend { .. } => (Place::Field(Field::GeneratorIp), None),
        Op::LoadElement { field } | Op::StoreElement { field } => (Place::Element(field), Some(inputs[1])),
        Op::CopyElements { .. } => (Place::Element(Field::ArrayElement), None),
        _ => return None,
    };
    Some(Location { place, owner: inputs[0], index })
}

impl Place {
    pub fn is_immutable(self) -> bool {
        match self {
            Place::Field(field) | Place::Element(field) => field.is_immutable(),
            Place::Slot(_) | Place::GeneratorSlot(_) => false,
        }
    }
}
