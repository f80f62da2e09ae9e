//! Indices into pools, as objects.

use stitch_runtime::object::layout::ValueArray;
use stitch_runtime::{PyResult, Value, Vm};

/// Numbers that change: small ints in a value array, so that they need no finalizer, and no barrier.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Indices(Value);

impl Indices {
    pub fn new(vm: &mut Vm, len: usize, number: impl Fn(usize) -> usize) -> PyResult<Indices> {
        let indices = Indices(vm.new_array(len)?);
        for (at, place) in indices.places().iter_mut().enumerate() {
            *place = Value::small_int(number(at) as i64);
        }
        Ok(indices)
    }

    fn places<'a>(self) -> &'a mut [Value] {
        // SAFETY: made of a value array, which nobody else has; the slice is not held across calls.
        unsafe { (*self.0.as_ptr::<ValueArray>()).elements_mut() }
    }
    pub fn get(self, at: usize) -> usize {
        self.places()[at].as_int() as usize
    }
    pub fn set(self, at: usize, number: usize) {
        self.places()[at] = Value::small_int(number as i64);
    }
    pub fn swap(self, one: usize, other: usize) {
        self.places().swap(one, other);
    }
    /// Moves the number at `from` behind all that follow it.
    pub fn rotate_from(self, from: usize) {
        self.places()[from..].rotate_left(1);
    }
}

/// A tuple that is being made of another: nobody else has it yet.
pub struct Fresh(Value);

impl Fresh {
    /// As long as, and with the items of, `tuple`.
    pub fn copy_of(vm: &mut Vm, tuple: Value) -> Fresh {
        Fresh(vm.new_tuple(vm.tuple_items(tuple)))
    }
    pub fn set(&self, vm: &mut Vm, at: usize, item: Value) {
        vm.tuple_init(self.0, at, item);
    }
    pub fn finish(self) -> Value {
        self.0
    }
}
