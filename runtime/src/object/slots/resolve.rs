//! Filling the slots of a class.
//!
//! A slot comes from the special methods that stand for it, found along the resolution order as any attribute is: where all
//! that are found wrap the slot of one built-in type, it is that type's function; else it is the one that asks Python.

use super::Slots;
use super::table::{MethodRow, SLOTS, SlotId, SlotRow, SlotSet};
use crate::object::class::{class_ref, mro_of};
use crate::object::layout::StrObject;
use crate::object::layout::{NativeFunction, TupleObject, TypeObject};
use crate::object::native::NativeTarget;
use crate::object::string::View;
use crate::object::subclasses::next_subclass;
use crate::object::typed::SlotWrapper;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Which slots a name stands for; a special method's name may stand for more than one.
#[derive(Default)]
pub struct SlotNames {
    sets: hashbrown::HashMap<u64, SlotSet>,
}

impl SlotNames {
    /// The slots that an interned name stands for.
    pub fn of(&self, name: Value) -> SlotSet {
        self.sets.get(&name.0).copied().unwrap_or_default()
    }
}

/// TypeError: what `__hash__ = None` means.
pub fn unhashable(vm: &mut Vm, value: Value) -> PyResult<i64> {
    Err(vm.raise_unhashable(value))
}

/// Is it a name such as `__add__`?
fn is_special(name: View<'_>) -> bool {
    match name {
        View::One(text) => text.starts_with(b"__") && text.ends_with(b"__"),
        _ => false,
    }
}

/// What the resolution order has for a slot.
enum Found {
    Nothing,
    /// All of it wraps this type's slot.
    Native(*mut TypeObject),
    Unhashable,
    Python,
}

impl Vm {
    pub(crate) fn make_slot_names(&mut self) {
        let mut names = SlotNames::default();
        for row in SLOTS {
            for method in row.methods {
                names.sets.entry((method.interned)(&self.names).0).or_default().insert(row.id);
            }
        }
        self.slot_names = names;
    }

    /// The slots of the built-in type whose slot a special method wraps.
    pub(crate) fn wrapped_slots(&self, method: Value) -> Option<&'static Slots> {
        // SAFETY: the class of a wrapper is a built-in one, which lives as long as the VM; its slots do not change.
        self.wrapped(method).map(|(class, _)| unsafe { &(*class).slots })
    }

    /// The built-in type and the slot that a special method wraps.
    fn wrapped(&self, method: Value) -> Option<(*mut TypeObject, SlotId)> {
        if !self.is_exactly::<SlotWrapper>(method) {
            return None;
        }
        // SAFETY: an exact slot wrapper; bindings live as long as the VM.
        match unsafe { (*(*method.as_ptr::<NativeFunction>()).binding).target } {
            NativeTarget::Slot { class, id, .. } => Some((class, id)),
            NativeTarget::Function(_) => None,
        }
    }

    /// Gives a built-in class its wrappers of the slots that its specification fills, but for methods that it has itself.
    pub(crate) fn add_slot_wrappers(&mut self, class: *mut TypeObject, own: &Slots) {
        for row in SLOTS.iter().filter(|row| (row.is_filled)(own)) {
            for method in row.methods {
                let name = (method.interned)(&self.names);
                if self.dict_get_name(class_ref(class).dict, name).is_none() {
                    self.add_slot_wrapper(class, row, method, name);
                }
            }
        }
    }

    fn add_slot_wrapper(&mut self, class: *mut TypeObject, row: &SlotRow, method: &MethodRow, name: Value) {
        let Some(wrap) = method.wrap else { return };
        let binding = self.bind_slot(class, row.id, method, wrap);
        let wrapper = self.make(BuiltinType::SlotWrapper, |header| NativeFunction {
            header,
            owner: Value::UNBOUND,
            module: Value::NONE,
            binding,
        });
        self.dict_set_name(class_ref(class).dict, name, wrapper);
    }

    /// Fills slots of a built-in class that other built-in classes derive from already.
    pub(crate) fn fill_slots(&mut self, class: *mut TypeObject, own: Slots) {
        self.add_slot_wrappers(class, &own);
        let mut set = SlotSet::default();
        for row in SLOTS.iter().filter(|row| (row.is_filled)(&own)) {
            (row.copy)(&mut class_ref(class).slots, &own);
            set.insert(row.id);
        }
        class_ref(class).own_slots.0 |= set.0;
        let mut place = 0;
        while let Some(subclass) = next_subclass(class, &mut place) {
            self.slots_changed(subclass, set);
        }
    }

    /// The slots that a class's own dict has a say in.
    fn own_slots(&mut self, class: *mut TypeObject) -> SlotSet {
        let mut set = SlotSet::default();
        let mut at = 0;
        while let Some((index, entry)) = self.table(class_ref(class).dict).next_entry(at) {
            at = index + 1;
            if self.is_exactly::<StrObject>(entry.key) && is_special(self.str_of(entry.key).view()) {
                let name = self.intern_value(entry.key);
                set.0 |= self.slot_names.of(name).0;
            }
        }
        set
    }

    /// Fills the slots of a class that was just made: those of its first base, and anew what its own dict or another base
    /// has a say in.
    pub(crate) fn inherit_slots(&mut self, class: *mut TypeObject) {
        // A metaclass may have left all bases out.
        let bases = class_ref(class).bases.as_ptr::<TupleObject>();
        // SAFETY: `bases` is a tuple from the class's birth on.
        let Some(&first) = mro_of(class).get(1).or(unsafe { (*bases).items() }.first()) else { return };
        let first = first.as_ptr::<TypeObject>();
        let own = self.own_slots(class);
        let mut said = own;
        for &base in mro_of(class).iter().skip(1) {
            if !self.is_subclass(first, base.as_ptr()) {
                said.0 |= class_ref(base.as_ptr()).own_slots.0;
            }
        }
        let object = class_ref(class);
        object.slots = class_ref(first).slots;
        object.python_slots = class_ref(first).python_slots;
        object.own_slots = own;
        self.resolve_slots(class, said);
    }

    /// The special method `name` of a class was set or deleted, or (`ALL`) its resolution order has changed.
    pub(crate) fn slots_changed(&mut self, class: *mut TypeObject, slots: SlotSet) {
        if slots.is_empty() {
            return;
        }
        class_ref(class).own_slots = self.own_slots(class);
        self.resolve_slots(class, slots);
        let mut place = 0;
        while let Some(subclass) = next_subclass(class, &mut place) {
            self.slots_changed(subclass, slots);
        }
    }

    fn resolve_slots(&mut self, class: *mut TypeObject, slots: SlotSet) {
        for row in slots.rows() {
            let found = self.find_slot(class, row);
            let object = class_ref(class);
            object.python_slots.remove(row.id);
            match found {
                Found::Nothing => (row.clear)(&mut object.slots),
                Found::Native(base) => (row.copy)(&mut object.slots, &class_ref(base).slots),
                Found::Unhashable => object.slots.hash = Some(unhashable),
                Found::Python => {
                    (row.set_python)(&mut object.slots);
                    if (row.is_filled)(&object.slots) {
                        object.python_slots.insert(row.id);
                    }
                }
            }
        }
    }

    fn find_slot(&mut self, class: *mut TypeObject, row: &SlotRow) -> Found {
        let mut found = Found::Nothing;
        for method in row.methods {
            let name = (method.interned)(&self.names);
            let Some(value) = self.mro_find(class, name) else { continue };
            if row.id == SlotId::Hash && value.is_none() {
                return Found::Unhashable;
            }
            found = match (self.wrapped(value), found) {
                // Of another slot that the name stands for, too.
                (Some((_, id)), found) if id != row.id && id.row().methods.iter().any(|m| m.name == method.name) => {
                    found
                }
                (Some((_, id)), _) if id != row.id => return Found::Python,
                // Of a type that the class does not derive from: its wrapper says so.
                (Some((base, _)), _) if !self.is_subclass(class, base) => return Found::Python,
                (Some((base, _)), Found::Nothing) => Found::Native(base),
                (Some((base, _)), Found::Native(other)) if base == other => Found::Native(base),
                _ => return Found::Python,
            };
        }
        found
    }

    /// What the resolution order has under a name, the caches left alone.
    fn mro_find(&mut self, class: *mut TypeObject, name: Value) -> Option<Value> {
        mro_of(class).iter().find_map(|&base| self.dict_get_name(class_ref(base.as_ptr()).dict, name))
    }
}
