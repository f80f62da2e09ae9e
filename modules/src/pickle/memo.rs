//! What has been pickled already, by identity. The objects are kept alive by whoever has the memo: they do not move.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use stitch_runtime::Value;

/// Hashes the addresses of objects.
#[derive(Default)]
pub struct AddressHasher(u64);

impl Hasher for AddressHasher {
    #[inline]
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }
    #[inline]
    fn write_u64(&mut self, address: u64) {
        let mixed = (address >> 4).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = mixed ^ mixed >> 32;
    }
}

/// Room that a memo has at first.
const MIN_PLACES: usize = 28;

#[derive(Default, Clone)]
pub struct Memo {
    places: HashMap<u64, usize, BuildHasherDefault<AddressHasher>>,
}

impl Memo {
    #[inline]
    pub fn get(&self, object: Value) -> Option<usize> {
        self.places.get(&object.0).copied()
    }
    #[inline]
    pub fn insert(&mut self, object: Value, place: usize) {
        let n_places = self.places.len();
        if n_places == self.places.capacity() {
            // Growing is most of what a memo costs.
            self.places.reserve((n_places * 3).max(MIN_PLACES));
        }
        self.places.insert(object.0, place);
    }
    pub fn len(&self) -> usize {
        self.places.len()
    }
    pub fn clear(&mut self) {
        self.places.clear();
    }
}
