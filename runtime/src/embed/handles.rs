//! Values that an embedder keeps: roots, each with a place in a table.

use crate::value::Value;
use std::cell::RefCell;

/// The table of a machine. It lives on when the machine is gone: handles are dropped whenever their owner likes.
#[derive(Debug, Default)]
pub struct HandleTable(RefCell<Places>);

#[derive(Debug, Default)]
struct Places {
    /// Unbound where nobody has the place.
    values: Vec<Value>,
    free: Vec<u32>,
}

impl HandleTable {
    /// Keeps a value alive until its place is given back. Panics beyond 2^32 handles.
    pub fn keep(&self, value: Value) -> u32 {
        let places = &mut *self.0.borrow_mut();
        if let Some(place) = places.free.pop() {
            places.values[place as usize] = value;
            return place;
        }
        let place = u32::try_from(places.values.len()).expect("fewer than 2^32 handles");
        places.values.push(value);
        place
    }

    /// The value at a place that was not given back.
    pub fn get(&self, place: u32) -> Value {
        self.0.borrow().values[place as usize]
    }

    /// Gives a place back.
    pub fn release(&self, place: u32) {
        let places = &mut *self.0.borrow_mut();
        places.values[place as usize] = Value::UNBOUND;
        places.free.push(place);
    }

    /// How many values are kept.
    pub fn len(&self) -> usize {
        let places = self.0.borrow();
        places.values.len() - places.free.len()
    }

    /// Is none kept?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The machine is gone, and its values with it; places stay their owners'.
    pub(super) fn forget_values(&self) {
        self.0.borrow_mut().values.fill(Value::UNBOUND);
    }

    /// Shows the collector what is kept.
    pub(crate) fn visit(&self, visit: &mut dyn FnMut(usize)) {
        self.0.borrow().values.iter().for_each(|value| visit(value.0 as usize));
    }
}
