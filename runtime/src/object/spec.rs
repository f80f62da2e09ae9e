//! What a type made in Rust is, in one static value: the VM's own types, those of native modules, those of embedders.
//!
//! ```text
//!   static DEQUE: TypeSpec = TypeSpec {
//!       name: "deque",
//!       module: "collections",
//!       layout: Some(Layout::of::<Deque>(2)),        // a header, two values, then raw words
//!       slots: Slots { len: Some(len), … },           // what it can do; special methods are derived from these
//!       methods: &[method("append", "($self, item, /)", append).doc("…"), …],
//!       …
//!   };
//!   let class = vm.type_of_spec(&DEQUE);
//! ```

use super::header::Header;
use super::layout::{Getter, Setter, TypeObject};
use super::native::NativeRow;
use super::slots::Slots;
use crate::value::Value;
use crate::vm::Vm;

/// The specification of a type.
pub struct TypeSpec {
    /// As `__name__` gives it.
    pub name: &'static str,
    /// As `__module__` gives it.
    pub module: &'static str,
    /// As `__doc__` gives it.
    pub doc: &'static str,
    /// `None`: `object`.
    pub base: Option<&'static TypeSpec>,
    /// The base where it has no specification of its own: an exception class. Such a type is as a class of Python; of the rest its
    /// name, module and doc count.
    pub base_class: Option<fn(&Vm) -> *mut TypeObject>,
    /// The memory of its objects; `None`: that of the base.
    pub layout: Option<Layout>,
    /// May Python classes derive from it?
    pub is_base: bool,
    /// Its objects have a `__dict__`, in the word that the layout of the base keeps for that.
    pub has_dict: bool,
    /// Its objects begin with a `RawSequence`.
    pub has_raw_items: bool,
    /// As a class attribute of tuples each of its objects gives the item at this index, and is a data descriptor.
    pub tuple_index: Option<fn(&Vm, Value) -> i64>,
    /// `__hash__` is None.
    pub is_unhashable: bool,
    /// Takes one positional class pattern, for the object itself.
    pub is_matched_itself: bool,
    pub slots: Slots,
    /// `__new__`, whose first argument is the class.
    pub new: Option<NativeRow>,
    pub methods: &'static [NativeRow],
    pub class_methods: &'static [NativeRow],
    pub static_methods: &'static [NativeRow],
    pub getters: &'static [GetSetRow],
}

impl TypeSpec {
    /// A type of which nothing is said yet.
    pub const NEW: TypeSpec = TypeSpec {
        name: "",
        module: "builtins",
        doc: "",
        base: None,
        base_class: None,
        layout: None,
        is_base: false,
        has_dict: false,
        has_raw_items: false,
        tuple_index: None,
        is_unhashable: false,
        is_matched_itself: false,
        slots: Slots::NONE,
        new: None,
        methods: &[],
        class_methods: &[],
        static_methods: &[],
        getters: &[],
    };

    /// The name with the module's, as messages have it.
    pub fn full_name(&self) -> String {
        match self.module {
            "builtins" => self.name.to_string(),
            module => format!("{module}.{}", self.name),
        }
    }

    /// Is it the other one, or derived from it?
    pub fn derives_from(&'static self, other: &'static TypeSpec) -> bool {
        let mut spec = Some(self);
        while let Some(one) = spec {
            if std::ptr::eq(one, other) {
                return true;
            }
            spec = one.base;
        }
        false
    }
}

/// The memory of a type's objects: the header, values, then raw words that the collector does not look at.
#[derive(Clone, Copy)]
pub struct Layout {
    pub size_bytes: usize,
    /// As in the header.
    pub trace: u8,
    /// Frees what a dead object owns outside of the heap. What the object refers to is still whole, be it dead too; runs no
    /// Python code.
    pub finalize: Option<unsafe fn(*mut Header)>,
}

impl Layout {
    /// Of a `#[repr(C)]` struct that begins with a header and `n_values` values.
    pub const fn of<T>(n_values: u8) -> Layout {
        assert!(size_of::<T>() >= size_of::<Header>() + 8 * n_values as usize);
        Layout { size_bytes: size_of::<T>(), trace: n_values, finalize: None }
    }
    /// One with a value in the last word, too: a word behind those of a base that has raw words at its end. Such a base keeps the
    /// attributes of instances in front.
    pub const fn and_last(mut self) -> Layout {
        self.trace = Header::and_last(self.trace);
        self
    }
    /// Whose objects own something outside of the heap.
    pub const fn finalized_by(mut self, finalize: unsafe fn(*mut Header)) -> Layout {
        self.finalize = Some(finalize);
        self
    }
}

/// A Rust struct that is the memory of a type's objects.
///
/// # Safety
/// The struct is `#[repr(C)]` and begins with a `Header`; objects of the specification's type and of all that derive from it begin
/// with it.
pub unsafe trait Object {
    const SPEC: &'static TypeSpec;
}

/// A computed attribute.
#[derive(Clone, Copy)]
pub struct GetSetRow {
    pub name: &'static str,
    pub getter: Getter,
    pub setter: Option<Setter>,
    pub doc: &'static str,
}

/// A read-only computed attribute.
pub const fn getter(name: &'static str, getter: Getter) -> GetSetRow {
    GetSetRow { name, getter, setter: None, doc: "" }
}

impl GetSetRow {
    pub const fn doc(mut self, doc: &'static str) -> GetSetRow {
        self.doc = doc;
        self
    }
    pub const fn settable(mut self, setter: Setter) -> GetSetRow {
        self.setter = Some(setter);
        self
    }
}
