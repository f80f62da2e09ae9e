//! Objects that roots refer to, in whatever way, stay as they are; memory of others comes back.

use super::heap::{Bump, Heap, HeapConfig, RootSource, Stack};
use super::{Fill, LARGE_BYTES, Object};
use crate::object::header::Header;
use crate::value::Value;

/// Its words may point anywhere into objects.
#[derive(Default)]
struct Roots(Vec<usize>);

impl RootSource for Roots {
    fn visit_roots(&self, _all: bool, visit: &mut dyn FnMut(usize)) {
        self.0.iter().for_each(|&word| visit(word));
    }
    fn is_container(&self, _object: Object) -> bool {
        true
    }
    /// No stack: only registers are looked at.
    fn running_stack(&self) -> Stack {
        Stack { words: 0..0, dead: Vec::new() }
    }
    fn visit_generator(&self, _: Object, _: usize, _: &mut dyn FnMut(usize)) {}
    fn finalize(&self, _: Object) {}
    fn n_shapes(&self) -> usize {
        2
    }
    fn class_of_shape(&self, _: usize) -> Object {
        std::ptr::null_mut()
    }
    fn wants_finalizing(&self, _: Object) -> bool {
        false
    }
}

/// A heap with its bump region, and random numbers.
struct Machine {
    heap: Heap,
    bump: Bump,
    random: u64,
}

impl Machine {
    fn new(config: HeapConfig) -> Machine {
        Machine { heap: Heap::new(config), bump: Bump { cursor: 0, limit: 0 }, random: 0x9E37_79B9 }
    }

    fn random(&mut self, below: usize) -> usize {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.random >> 33) as usize % below
    }

    /// As the VM does it: an object of `n_values` values, all zero.
    fn allocate(&mut self, roots: &Roots, n_values: usize) -> Object {
        let size_bytes = size_of_object(n_values);
        if size_bytes > LARGE_BYTES {
            if self.heap.wants_collection() {
                self.heap.collect(&mut self.bump, roots, false);
            }
            let object = self.heap.allocate_large(size_bytes, Fill::Zeros).expect("memory for a test");
            return begin(object, Header { shape: 1, gc: 0, trace: Header::TRACE_COUNTED, size_granules: 0 }, n_values);
        }
        if self.bump.cursor + size_bytes > self.bump.limit {
            if self.heap.wants_collection() {
                self.heap.collect(&mut self.bump, roots, false);
            }
            assert!(self.heap.refill(&mut self.bump, size_bytes));
        }
        let object = self.bump.cursor as Object;
        self.bump.cursor += size_bytes;
        if self.heap.sees_every_allocation() {
            self.bump.limit = self.bump.cursor;
        }
        let header = Header { shape: 1, gc: 0, trace: Header::TRACE_COUNTED, size_granules: (size_bytes / 16) as u16 };
        begin(object, header, n_values)
    }

    /// Gives an object more values, if nothing lies behind it yet; how many it has then.
    fn grow(&mut self, object: Object, n_values: usize, more: usize) -> usize {
        let size_bytes = size_of_object(n_values + more);
        let is_newest = object as usize + size_of_object(n_values) == self.bump.cursor;
        if !is_newest
            || object as usize + size_bytes > self.bump.limit
            || !self.heap.grow_newest(object, &mut self.bump, size_bytes)
        {
            return n_values;
        }
        // SAFETY: the object has grown by so much.
        unsafe {
            *object.cast::<usize>().add(1) = n_values + more;
            assert!((n_values..n_values + more).all(|i| *value(object, i) == 0), "fresh memory is zero");
        }
        n_values + more
    }
}

fn begin(object: Object, header: Header, n_values: usize) -> Object {
    // SAFETY: fresh memory of that size.
    unsafe {
        *object = header;
        *object.cast::<usize>().add(1) = n_values;
        assert!((0..n_values).all(|i| *value(object, i) == 0), "fresh memory is zero");
    }
    object
}

/// Bytes of an object of `n_values`.
fn size_of_object(n_values: usize) -> usize {
    (16 + n_values * 8).next_multiple_of(16)
}

fn value(object: Object, index: usize) -> *mut u64 {
    // SAFETY: an address; who uses it knows the index to be in the object.
    unsafe { object.cast::<u64>().add(2 + index) }
}

/// Values that are no pointers, and that tell whose they are.
fn fill(object: Object, first: usize, n_values: usize) {
    for index in first..n_values {
        // SAFETY: the object has so many values.
        unsafe { *value(object, index) = Value::small_int(((object as i64) << 8 ^ index as i64) & 0xFFFF_FFFF).0 };
    }
}

fn is_filled(object: Object, first: usize, n_values: usize) -> bool {
    (first..n_values).all(|index| {
        // SAFETY: as above; the object is to be alive.
        unsafe { *value(object, index) == Value::small_int(((object as i64) << 8 ^ index as i64) & 0xFFFF_FFFF).0 }
    })
}

/// Allocates objects of all sizes, of which some are kept through words that point to or into them, others through a kept
/// object, and looks at them again and again.
fn keep_some(config: HeapConfig, n_objects: usize) {
    let mut machine = Machine::new(config);
    let mut roots = Roots::default();
    let mut kept: Vec<(Object, usize)> = Vec::new();
    let check = |kept: &[(Object, usize)]| {
        for &(object, n_values) in kept {
            assert!(is_filled(object, 1, n_values));
            // SAFETY: a kept object refers to another one.
            unsafe {
                let other = Value(*value(object, 0)).as_ptr::<Header>();
                assert!(is_filled(other, 0, *other.cast::<usize>().add(1)));
            }
        }
    };
    for round in 0..n_objects {
        let n_values = 1 + match machine.random(100) {
            0 => machine.random(3000),
            1..10 => machine.random(300),
            _ => machine.random(10),
        };
        let object = machine.allocate(&roots, n_values);
        let more = machine.random(4) * machine.random(60);
        let n_values = machine.grow(object, n_values, more);
        fill(object, 0, n_values);
        if machine.random(20) == 0 {
            // What comes next may collect: the new object is a root from here on.
            roots.0.push(object as usize + machine.random(16 + n_values * 8));
            let n_other = machine.random(40);
            let other = machine.allocate(&roots, n_other);
            fill(other, 0, n_other);
            // SAFETY: the object has a value; an old one is remembered, as barriers do.
            unsafe {
                *value(object, 0) = Value::object(other).0;
                if (*object).gc & Header::UNLOGGED != 0 {
                    machine.heap.remember(object);
                }
            }
            kept.push((object, n_values));
        }
        if kept.len() > 500 {
            // Most are dropped, in no order, so that blocks get holes of all sizes.
            for _ in 0..400 {
                let place = machine.random(kept.len());
                kept.swap_remove(place);
                roots.0.swap_remove(place);
            }
        }
        if round % 4096 == 0 {
            check(&kept);
        }
    }
    check(&kept);
    assert!(config.stress || machine.heap.n_minor > 0 && machine.heap.n_full > 0);
    assert!(machine.heap.mapped_bytes() <= 16 << 20, "{}", machine.heap.mapped_bytes());
}

#[test]
fn what_roots_refer_to_stays() {
    keep_some(HeapConfig { nursery_bytes: 256 << 10, ..HeapConfig::default() }, 300_000);
}

#[test]
fn what_roots_refer_to_stays_under_stress() {
    keep_some(HeapConfig { stress: true, ..HeapConfig::default() }, 3_000);
}

#[test]
fn what_roots_refer_to_stays_where_each_allocation_is_seen() {
    let config = HeapConfig { nursery_bytes: 256 << 10, stress: false, fail_at: Some(u32::MAX), limit_bytes: None };
    keep_some(config, 300_000);
}

/// Large objects that were alive at a collection are freed when they have died.
#[test]
fn large_objects_that_got_old_come_back() {
    let mut machine = Machine::new(HeapConfig::default());
    let mut roots = Roots::default();
    for _ in 0..500 {
        let object = machine.allocate(&roots, 100_000);
        roots.0 = vec![object as usize];
        assert!(machine.heap.large.used_bytes() < 64 << 20);
    }
}

/// An object has no room in what is left of a hole, and the next one is looked for.
#[test]
fn medium_objects_leave_small_holes_alone() {
    let mut machine = Machine::new(HeapConfig { nursery_bytes: 64 << 10, ..HeapConfig::default() });
    let mut roots = Roots::default();
    for round in 0..4_000 {
        let n_values = if round % 3 == 0 { 1000 } else { 30 };
        let object = machine.allocate(&roots, n_values);
        fill(object, 0, n_values);
        if round % 64 == 0 {
            roots.0.push(object as usize);
        }
    }
    for &root in &roots.0 {
        let object = root as Object;
        // SAFETY: a kept object.
        assert!(is_filled(object, 0, unsafe { *object.cast::<usize>().add(1) }));
    }
}

/// An old object does not grow into the hole behind it, which would count as free again after the next collection.
#[test]
fn old_objects_do_not_grow() {
    let mut machine = Machine::new(HeapConfig::default());
    let mut roots = Roots::default();
    let n_values = (512 - 16) / 8;
    let object = machine.allocate(&roots, n_values);
    fill(object, 0, n_values);
    assert_eq!(machine.grow(object, n_values, 2), n_values + 2);
    roots.0.push(object as usize);
    let object = machine.allocate(&roots, n_values - 2);
    roots.0.push(object as usize);
    machine.heap.collect(&mut machine.bump, &roots, false);
    assert!(machine.heap.refill(&mut machine.bump, 16));
    assert_eq!(object as usize + size_of_object(n_values - 2), machine.bump.cursor, "it lies before the hole");
    assert_eq!(machine.grow(object, n_values - 2, 2), n_values - 2);
}

/// What small objects have taken of a limit, large ones get when they are gone, and small ones again.
#[test]
fn empty_blocks_are_not_counted_where_the_heap_is_limited() {
    const LIMIT: usize = 8 << 20;
    let mut machine = Machine::new(HeapConfig { limit_bytes: Some(LIMIT), ..HeapConfig::default() });
    machine.heap.is_paused = true;
    let nothing = Roots::default();
    let mut roots = Roots::default();
    for round in 0..3 {
        let mut used = 0;
        while machine.heap.used_bytes() < LIMIT - (64 << 10) {
            let object = machine.allocate(&roots, 100);
            fill(object, 0, 100);
            // Some stay, on blocks far apart.
            if used % 4000 == 0 && round == 0 {
                roots.0.push(object as usize);
            }
            used += 1;
        }
        assert!(machine.heap.allocate_large(1 << 20, Fill::Nothing).is_none(), "{round}");
        machine.heap.collect(&mut machine.bump, &roots, true);
        let left = machine.heap.used_bytes();
        assert!(left < 1 << 20, "{round}: {left}");
        assert!(machine.heap.allocate_large(6 << 20, Fill::Zeros).is_some(), "{round}");
        assert!(machine.heap.used_bytes() <= LIMIT);
        // What the large one has taken, small ones do not get.
        while machine.heap.used_bytes() + (32 << 10) <= LIMIT {
            machine.allocate(&roots, 100);
        }
        machine.bump.cursor = machine.bump.limit;
        let size_bytes = size_of_object(1000);
        assert!((0..4).any(|_| {
            machine.bump.cursor = machine.bump.limit;
            !machine.heap.refill(&mut machine.bump, size_bytes)
        }));
        machine.heap.collect(&mut machine.bump, &roots, true);
        assert!(roots.0.iter().all(|&root| is_filled(root as Object, 0, 100)));
    }
    machine.heap.collect(&mut machine.bump, &nothing, true);
    assert_eq!(machine.heap.used_bytes() - machine.heap.large.mapped_bytes(), 0);
    machine.heap.set_limit(None);
    assert!(machine.heap.used_bytes() >= 7 << 20);
    machine.heap.set_limit(Some(LIMIT));
    assert!(machine.heap.used_bytes() < 5 << 20, "{}", machine.heap.used_bytes());
}

/// What there is when a heap is settled is old: no minor collection asks whether it is alive, a full one does.
#[test]
fn what_is_there_when_a_heap_is_settled_is_old() {
    let mut machine = Machine::new(HeapConfig::default());
    let mut roots = Roots::default();
    let [kept, left] = [0, 1].map(|_| machine.allocate(&roots, 4));
    [kept, left].into_iter().for_each(|object| fill(object, 0, 4));
    roots.0.push(kept as usize);
    machine.heap.settle(&mut machine.bump, &roots);
    machine.heap.collect(&mut machine.bump, &roots, false);
    assert!(!machine.heap.was_full, "it is not the first");
    assert!(machine.heap.objects().contains(&left));
    machine.heap.collect(&mut machine.bump, &roots, true);
    assert!(!machine.heap.objects().contains(&left));
    assert!(is_filled(kept, 0, 4));
}
