//! Changes that go past what shapes promise: another class for an instance, a hook for a class that has instances.

use super::class::{class_ref, mro_of};
use super::header::Header;
use super::layout::*;
use super::slots::SlotSet;
use super::subclasses::next_subclass;
use super::types::BuiltinType;
use crate::builtins::specs::MODULE;
use crate::interp::handlers::attributes::is_plain_value;
use crate::interp::op::Op;
use crate::object::argument::This;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// What was looked up on a class and those derived from it is not remembered.
fn forget_versions(class: *mut TypeObject) {
    class_ref(class).version = 0;
    let mut place = 0;
    while let Some(subclass) = next_subclass(class, &mut place) {
        forget_versions(subclass);
    }
}

/// Does tier 1 read or write slots of the class's instances by shape? Nobody does where a class is still being made.
fn has_slot_caches(class: *mut TypeObject) -> bool {
    let mut place = 0;
    class_ref(class).flags & TypeObject::SLOT_CACHED != 0
        || std::iter::from_fn(|| next_subclass(class, &mut place)).any(has_slot_caches)
}

impl Vm {
    /// Compiled code is about to change what a class has under a name, a plain value. From now on compiled code loads it where
    /// it stands, and those that took it for constant are gone. `false`: the name is none for that.
    pub(crate) fn assume_class_variable(&mut self, class: *mut TypeObject, name: Value) -> bool {
        let object = class_ref(class);
        if self.jit.class_variables.contains(&(class as u64, name.0)) {
            return true;
        }
        let is_slot = self.shapes.get(object.instance_shape).names.contains(&name);
        let is_plain = self.dict_get_name(object.dict, name).is_some_and(|value| is_plain_value(self, value));
        // Names that mean something to the machine look like this.
        let is_special = self.string_of(name).starts_with("__");
        if object.flags & TypeObject::HEAP == 0 || is_slot || !is_plain || is_special {
            return false;
        }
        // No other class may come to lie there as long as compiled code changes this one.
        self.jit.pin(Value::object(class));
        self.class_changed(class);
        self.jit.class_variables.insert((class as u64, name.0));
        true
    }

    /// The class in whose dict a plain value of a class is found, if compiled code takes it for a variable.
    pub(crate) fn class_variable(&mut self, class: *mut TypeObject, name: Value) -> Option<*mut TypeObject> {
        if self.jit.class_variables.is_empty() {
            return None;
        }
        let mut order = mro_of(class).iter().map(|base| base.as_ptr::<TypeObject>());
        let found = order.find(|&base| self.dict_get_name(class_ref(base).dict, name).is_some())?;
        self.jit.class_variables.contains(&(found as u64, name.0)).then_some(found)
    }

    /// Something else, or nothing any more, stands under a name in the dict of a class. The dict itself says so, whoever
    /// wrote there: nothing about classes has to be told by those who change one.
    pub(super) fn class_entry_changed(&mut self, class: *mut TypeObject, name: Value) {
        if class_ref(class).flags & TypeObject::IMMUTABLE != 0 {
            // A built-in class that is being made.
            class_ref(class).version = 0;
            return;
        }
        if self.jit.class_variables.contains(&(class as u64, name.0)) {
            let now = self.dict_get_name(class_ref(class).dict, name);
            if now.is_some_and(|value| is_plain_value(self, value)) {
                // No compiled code takes it for constant.
                return forget_versions(class);
            }
            self.jit.class_variables.remove(&(class as u64, name.0));
        }
        let names = &self.names;
        let finalizer = names.__del__;
        let is_hook = [names.__getattribute__, names.__setattr__].contains(&name);
        let makes_descriptors = [names.__get__, names.__set__, names.__delete__].contains(&name);
        let is_slot = self.shapes.get(class_ref(class).instance_shape).names.contains(&name);
        let now = self.dict_get_name(class_ref(class).dict, name);
        let goes_first = is_hook || is_slot || now.is_some_and(|value| self.is_data_descriptor(value));
        if goes_first && has_slot_caches(class) {
            self.forget_slot_caches();
        }
        self.slots_changed(class, self.slot_names.of(name));
        if name == finalizer && now.is_some() {
            self.note_finalizer_of_all(class);
        }
        if makes_descriptors {
            return self.descriptors_changed();
        }
        self.class_changed(class);
    }

    /// What classes have in their dicts may be bound in another way from now on: objects became descriptors or ceased to be
    /// ones, or a descriptor calls another function. Nobody keeps track of which classes have which objects.
    pub(crate) fn descriptors_changed(&mut self) {
        self.forget_slot_caches();
        for &ty in BuiltinType::ALL {
            self.class_changed(self.class(ty));
        }
    }

    /// Are instances of the class descriptors?
    fn makes_descriptors(&mut self, class: *mut TypeObject) -> bool {
        let names = self.names;
        [names.__get__, names.__set__, names.__delete__].iter().any(|&name| self.class_lookup(class, name).is_some())
    }

    /// A special method that a class has instead of the one of the built-in type whose layout it has.
    pub(crate) fn own_hook(&mut self, class: *mut TypeObject, name: Value) -> Option<Value> {
        let native = self.class(class_ref(class).base_layout);
        let hook = self.class_lookup(class, name)?;
        (self.class_lookup(native, name) != Some(hook)).then_some(hook)
    }

    /// Is `value.__class__` the class that it is of?
    pub(crate) fn tells_its_class(&mut self, value: Value) -> bool {
        let (class, name) = (self.class_of(value), self.names.__class__);
        let object = self.class(BuiltinType::Object);
        // A type made elsewhere may have attributes of its own making.
        let is_asked = !class_ref(class).base_layout.has_attributes()
            && class_ref(class).slots.get_attribute.map(|slot| slot as usize)
                != class_ref(object).slots.get_attribute.map(|slot| slot as usize);
        class_ref(class).flags & TypeObject::CUSTOM_GETATTRIBUTE == 0
            && !is_asked
            && self.class_lookup(class, name) == self.class_lookup(object, name)
    }

    /// `owner.__class__ = class`.
    pub fn assign_class(&mut self, owner: Value, class: Value) -> PyResult<()> {
        if !self.is_a::<TypeObject>(class) {
            let message = format!("__class__ must be set to a class, not '{}' object", self.class_name(class));
            return Err(self.raise_type(&message));
        }
        let (old, new) = (class_ref(self.class_of(owner)), class_ref(class.as_ptr()));
        let are_modules = [old.spec, new.spec].iter().all(|&spec| std::ptr::eq(spec, &MODULE));
        if !are_modules && old.flags & new.flags & TypeObject::HEAP == 0 || !owner.is_object() {
            return Err(
                self.raise_type("__class__ assignment only supported for mutable types or ModuleType subclasses")
            );
        }
        let are_bare_modules = are_modules && std::ptr::eq(old.solid, new.solid);
        if !are_bare_modules && !self.have_same_memory(old, new) {
            let message = format!(
                "__class__ assignment: '{}' object layout differs from '{}'",
                self.string_of(new.name),
                self.string_of(old.name)
            );
            return Err(self.raise_type(&message));
        }
        let n_reserved = self.shapes.get(old.instance_shape).names.len();
        let from = self.shape_of(owner);
        let (same_room, is_dict_mode) = {
            let (from, to) = (self.shapes.get(from), self.shapes.get(new.instance_shape));
            (from.inline_slots == to.inline_slots, from.is_dict_mode)
        };
        // `None`: the attributes have to lie in a dict.
        let mut shape = None;
        if same_room && !is_dict_mode {
            shape = Some(new.instance_shape);
            for slot in n_reserved..self.shapes.get(from).names.len() {
                let name = self.shapes.get(from).names[slot];
                shape = shape.and_then(|shape| self.shapes.with_name(shape, name));
            }
        }
        let shape = if let Some(shape) = shape {
            shape
        } else if old.flags & TypeObject::HAS_DICT != 0
            && self.shapes.get(from).n_reserved_outside() == self.shapes.get(new.instance_shape).n_reserved_outside()
        {
            self.instance_dict(owner)?;
            self.shapes.dict_mode(new.instance_shape)
        } else {
            return Err(self.raise_type("__class__ assignment: object layout differs"));
        };
        // SAFETY: a live object; its memory suits the shape: as many slots, or none but what `__slots__` reserved.
        unsafe { (*owner.as_ptr::<Header>()).shape = shape };
        self.note_finalizer(self.class_of(owner), owner);
        if self.is_a::<TypeObject>(owner) {
            // The metaclass has a say in what is found on the class.
            self.class_changed(owner.as_ptr());
        }
        if self.makes_descriptors(old) || self.makes_descriptors(new) {
            // A class may have it.
            self.descriptors_changed();
        }
        Ok(())
    }

    /// Are instances of the classes laid out in the same way?
    fn have_same_memory(&mut self, a: &TypeObject, b: &TypeObject) -> bool {
        if a.base_layout != b.base_layout
            || (a.flags ^ b.flags) & (TypeObject::HAS_DICT | TypeObject::WEAKLY_REFERABLE) != 0
        {
            return false;
        }
        std::ptr::eq(a.solid, b.solid)
            || self.members_of(a) == self.members_of(b) && self.base_below(a.solid) == self.base_below(b.solid)
    }

    /// What a class adds its slots to.
    fn base_below(&mut self, class: *mut TypeObject) -> Option<*mut TypeObject> {
        let bases = class_ref(class).bases;
        self.best_base(self.tuple_items(bases)).ok()
    }

    /// The names of `__slots__` in the order of their slots.
    fn members_of(&mut self, class: &TypeObject) -> Vec<(usize, Value)> {
        let mut members = Vec::new();
        for &base in mro_of(std::ptr::from_ref(class).cast_mut()) {
            for entry in self.table(class_ref(base.as_ptr()).dict).iter() {
                if self.is_exactly::<MemberObject>(entry.value) {
                    // SAFETY: an exact member descriptor.
                    let member = unsafe { &*entry.value.as_ptr::<MemberObject>() };
                    members.push((member.slot, member.name));
                }
            }
        }
        members.sort_by_key(|member| member.0);
        members
    }

    /// Has tier 1 look attributes up anew where it reads or writes slots by shape alone: a hook or a data descriptor
    /// that goes before the instances' own attributes was set on a class.
    pub(super) fn forget_slot_caches(&mut self) {
        for &object in self.heap.finalizable() {
            // SAFETY: registered objects are alive; code objects own their code.
            unsafe {
                if let Some(code) = self.exactly::<CodeObject>(Value::object(object)) {
                    let code = code.code;
                    for instruction in &mut (*code).instructions {
                        let general = match instruction.op() {
                            Op::LoadAttrSlot => Op::LoadAttr,
                            Op::StoreAttrSlot | Op::StoreAttrAdd => Op::StoreAttr,
                            _ => continue,
                        };
                        instruction.set_op(general);
                    }
                }
            }
        }
    }

    /// `class.__bases__ = bases`: new orders of resolution for the class and all below it.
    pub fn set_bases(&mut self, class: *mut TypeObject, bases: Value) -> PyResult<()> {
        if !self.is_a::<TupleObject>(bases) {
            let name = self.type_name(class);
            let message = format!("can only assign tuple to {name}.__bases__, not {}", self.class_name(bases));
            return Err(self.raise_type(&message));
        }
        // SAFETY: the layout was checked; tuples do not change.
        let items = unsafe { (*bases.as_ptr::<TupleObject>()).items() };
        if items.is_empty() {
            let message = format!("can only assign non-empty tuple to {}.__bases__, not ()", self.type_name(class));
            return Err(self.raise_type(&message));
        }
        for &base in items {
            if !self.is_a::<TypeObject>(base) {
                let message = format!(
                    "{}.__bases__ must be tuple of classes, not '{}'",
                    self.type_name(class),
                    self.class_name(base)
                );
                return Err(self.raise_type(&message));
            }
            if self.is_subclass(base.as_ptr(), class) || self.derives_from(base.as_ptr(), class)? {
                return Err(self.raise_type("a __bases__ item causes an inheritance cycle"));
            }
        }
        let new_best = self.best_base(items)?;
        // SAFETY: `bases` is a tuple of classes from the class's birth on.
        let old_bases = unsafe { (*class_ref(class).bases.as_ptr::<TupleObject>()).items() };
        let old_best = self.best_base(old_bases)?;
        if !self.have_same_memory(class_ref(old_best), class_ref(new_best)) {
            let names = (self.type_name(new_best), self.type_name(old_best));
            let message = format!("__bases__ assignment: '{}' object layout differs from '{}'", names.0, names.1);
            return Err(self.raise_type(&message));
        }
        let made_descriptors = self.makes_descriptors(class);
        let old = class_ref(class).bases;
        class_ref(class).bases = bases;
        self.barrier(class);
        let changes = self.new_list(&[])?;
        let updated = self.update_orders(class, This::expect(self, changes));
        if class_ref(class).bases != bases {
            // The class's own `mro` has set others, and seen to the rest.
            return updated;
        }
        if let Err(raised) = updated {
            class_ref(class).bases = old;
            self.take_back_orders(This::expect(self, changes));
            return Err(raised);
        }
        // SAFETY: bases are tuples of classes.
        unsafe {
            for &base in (*old.as_ptr::<TupleObject>()).items() {
                self.remove_subclass(base.as_ptr(), class);
            }
            for &base in items {
                self.add_subclass(base.as_ptr(), class);
            }
        }
        self.forget_slot_caches();
        self.class_changed(class);
        self.slots_changed(class, SlotSet::ALL);
        if made_descriptors || self.makes_descriptors(class) {
            self.descriptors_changed();
        }
        Ok(())
    }

    /// Does a class derive from another by the bases that they have, which their orders of resolution may not yet follow?
    fn derives_from(&mut self, class: *mut TypeObject, other: *mut TypeObject) -> PyResult<bool> {
        self.check_native_stack()?;
        // SAFETY: `bases` is a tuple of classes from the class's birth on.
        for &base in unsafe { (*class_ref(class).bases.as_ptr::<TupleObject>()).items() } {
            if base.as_ptr() == other || self.derives_from(base.as_ptr(), other)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Computes the resolution order of a class and of those below it anew; appends each class with its old order and its new one.
    fn update_orders(&mut self, class: *mut TypeObject, changes: This<ListObject>) -> PyResult<()> {
        self.check_native_stack()?;
        // SAFETY: `bases` is a tuple from the class's birth on.
        let bases = unsafe { (*class_ref(class).bases.as_ptr::<TupleObject>()).items() };
        let old = class_ref(class).mro;
        let order = self.order_of(class, bases)?;
        if class_ref(class).mro != old {
            // While its own `mro` ran, the class got another order.
            return Ok(());
        }
        for value in [Value::object(class), old, order] {
            self.list_push(changes.pointer(), value)?;
        }
        self.set_order(class, order);
        let mut place = 0;
        while let Some(subclass) = next_subclass(class, &mut place) {
            self.update_orders(subclass, changes)?;
        }
        Ok(())
    }

    /// Gives the classes that have got new orders their old ones, but for those that have got others since.
    fn take_back_orders(&mut self, changes: This<ListObject>) {
        let mut end = changes.items().len();
        while let Some([class, old, new]) = end.checked_sub(3).and_then(|at| changes.items().get(at..end)) {
            let (class, old) = (class.as_ptr::<TypeObject>(), *old);
            if class_ref(class).mro == *new {
                self.set_order(class, old);
            }
            end -= 3;
        }
    }

    fn set_order(&mut self, class: *mut TypeObject, order: Value) {
        class_ref(class).mro = order;
        self.barrier(class);
        self.order_changed(class);
    }
}
