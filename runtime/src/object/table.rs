//! Dicts and sets as the functions over them take them: known to be tables, or asked once.

use super::argument::This;
use super::layout::DictObject;
use super::typed::{AnySet, FrozenSetObject, SetObject};
use super::types::BuiltinType;
use crate::value::Value;
use crate::vm::Vm;
use std::ops::{Deref, DerefMut};

/// A dict or set, as the functions here take it: what is known to be one is not asked again.
#[derive(Clone, Copy)]
pub struct Table(pub(super) *mut DictObject);

impl Table {
    /// The table that a value is, if it is one.
    #[inline(always)]
    pub fn of(vm: &Vm, value: Value) -> Option<Table> {
        const TABLES: [BuiltinType; 3] = [BuiltinType::Dict, BuiltinType::Set, BuiltinType::FrozenSet];
        if !value.is_object() {
            return None;
        }
        let shape = vm.shape_of(value);
        let is_table = shape == TABLES[0].shape() || TABLES.contains(&vm.shapes.get(shape).layout);
        is_table.then(|| Table(value.as_ptr()))
    }
    /// The table that a value is known to be, unchecked.
    ///
    /// # Safety
    /// It is a dict or a set, or derives from them, and stays alive.
    #[inline(always)]
    pub unsafe fn of_known(value: Value) -> Table {
        Table(value.as_ptr())
    }
    pub fn value(self) -> Value {
        Value::object(self.0)
    }
    #[inline(always)]
    pub(super) fn object<'a>(self) -> &'a mut DictObject {
        // SAFETY: made of a live table, which does not move.
        unsafe { &mut *self.0 }
    }
}

impl Deref for Table {
    type Target = DictObject;
    #[inline(always)]
    fn deref(&self) -> &DictObject {
        self.object()
    }
}
impl DerefMut for Table {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut DictObject {
        self.object()
    }
}

/// What may be passed as a table.
pub trait IsTable: Copy {
    fn table(self, vm: &Vm) -> Table;
}

/// A value that is known to be a table: a bug where it is none.
impl IsTable for Value {
    #[inline(always)]
    #[track_caller]
    fn table(self, vm: &Vm) -> Table {
        match Table::of(vm, self) {
            Some(table) => table,
            None => no_table(vm, self),
        }
    }
}
impl IsTable for Table {
    #[inline(always)]
    fn table(self, _: &Vm) -> Table {
        self
    }
}
macro_rules! tables {
    ($($memory:ty),*) => {$(
        impl IsTable for This<$memory> {
            #[inline(always)]
            fn table(self, _: &Vm) -> Table {
                Table(self.pointer().cast())
            }
        }
    )*};
}
tables! { DictObject, SetObject, FrozenSetObject, AnySet }

#[cold]
#[track_caller]
fn no_table(vm: &Vm, value: Value) -> ! {
    panic!("{} where there can only be a dict or a set", vm.class_name(value))
}
