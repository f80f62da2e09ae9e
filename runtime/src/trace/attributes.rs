//! Recording attributes.

use super::Abort;
use super::frames::{Recorded, Recorder};
use super::rule::{NativeCall, Operand};
use crate::exec::Dependency;
use crate::interp::dispatch::State;
use crate::interp::handlers::attributes::{LoadKind, StoreKind, classify_load, classify_store, is_plain_value};
use crate::object::class::class_ref;
use crate::object::layout::{GetSetObject, ModuleObject, TypeObject};
use crate::object::types::BuiltinType;
use crate::uop::{Field, Helper, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

/// Has a built-in type a data descriptor of this name, which goes before what its instances have?
fn goes_before(vm: &mut Vm, ty: BuiltinType, name: Value) -> bool {
    let class = vm.class(ty);
    vm.class_lookup(class, name).is_some_and(|attribute| vm.is_data_descriptor(attribute))
}

/// The method of this name that a number, None or a truth value has, which are no heap objects.
fn method_of_immediate(vm: &mut Vm, owner: Value, name: Value) -> Option<Value> {
    if owner.is_object() || owner.is_unbound() {
        return None;
    }
    let class = vm.class_of(owner);
    vm.class_lookup(class, name).filter(|&method| vm.takes_receiver(method))
}

impl Recorder {
    /// The trace relies on all lookups on a class.
    pub(crate) fn depend_on_class(&mut self, class: *mut TypeObject) {
        // Built-in classes do not change.
        if class_ref(class).flags & TypeObject::IMMUTABLE == 0 {
            class_ref(class).flags |= TypeObject::WATCHED;
            self.depend(Dependency::Class(class as u64));
        }
    }

    /// Pushes what a LOAD_ATTR pushes: the value, and a null under a call's arguments.
    fn push_attribute(&mut self, value: UopIdx, owner: Option<UopIdx>, for_call: bool) {
        self.push(value);
        if for_call {
            let second = owner.unwrap_or_else(|| self.emitter.const_value(Value::UNBOUND));
            self.push(second);
        }
    }

    pub(super) unsafe fn load_attr(&mut self, vm: &mut Vm, s: State, arg: usize) -> Recorded<()> {
        // SAFETY: the stack has the owner.
        let (actual, name) = unsafe { (s.peek(1), s.name(arg >> 1)) };
        let for_call = arg & 1 != 0;
        let owner = self.peek(1)?;
        if self.emitter.known_value(owner).is_none() && self.has_many_targets(vm) {
            return self.load_any_attr(vm, owner, name, for_call);
        }
        if vm.is_exact(actual, BuiltinType::Module) {
            // SAFETY: an exact module.
            let dict = unsafe { (*actual.as_ptr::<ModuleObject>()).dict };
            self.guard_is(vm, owner, actual)?;
            if !goes_before(vm, BuiltinType::Module, name)
                && let Some(value) = self.name_of_module(vm, dict, name)?
            {
                self.drop(1);
                self.push_attribute(value, None, for_call);
                return Ok(());
            }
        }
        if name == vm.names.__class__
            && actual.is_object()
            && vm.layout_of(actual).has_inline_slots()
            && vm.tells_its_class(actual)
        {
            let class = vm.class_of(actual);
            self.guard_object(vm, owner, actual)?;
            let class = self.constant(vm, Value::object(class));
            self.drop(1);
            self.push_attribute(class, None, for_call);
            return Ok(());
        }
        if for_call && let Some(method) = method_of_immediate(vm, actual, name) {
            self.guard_type(vm, owner, actual)?;
            let method = self.constant(vm, method);
            self.drop(1);
            self.push_attribute(method, Some(owner), true);
            return Ok(());
        }
        match classify_load(vm, actual, name) {
            Some(LoadKind::Method(method)) if for_call => {
                self.guard_object(vm, owner, actual)?;
                let method = self.constant(vm, method);
                self.drop(1);
                self.push_attribute(method, Some(owner), true);
            }
            Some(LoadKind::ClassMethod(function)) if for_call => {
                let class = if vm.has_layout(actual, BuiltinType::Type) {
                    self.guard_class_object(vm, owner, actual)?;
                    actual
                } else {
                    self.guard_object(vm, owner, actual)?;
                    Value::object(vm.class_of(actual))
                };
                let (function, class) = (self.constant(vm, function), self.constant(vm, class));
                self.drop(1);
                self.push_attribute(function, Some(class), true);
            }
            kind => match self.read_attribute(vm, owner, actual, name, kind)? {
                Some(value) => {
                    self.drop(1);
                    self.push_attribute(value, None, for_call);
                }
                None => match self.computed_attribute(vm, Operand { uop: owner, now: actual }, name)? {
                    Some(value) => {
                        self.drop(1);
                        self.push_attribute(value, None, for_call);
                    }
                    None => return self.load_any_attr(vm, owner, name, for_call),
                },
            },
        }
        Ok(())
    }

    /// What a computed attribute of an exact instance of a built-in type is, by the rule that it has for that.
    fn computed_attribute(&mut self, vm: &mut Vm, owner: Operand, name: Value) -> Recorded<Option<UopIdx>> {
        if vm.exact_spec(owner.now).is_none() {
            return Ok(None);
        }
        let class = vm.class_of(owner.now);
        let Some(attribute) = vm.class_lookup(class, name) else { return Ok(None) };
        let Some(rule) = vm.exactly::<GetSetObject>(attribute).and_then(|attribute| attribute.trace) else {
            return Ok(None);
        };
        self.guard_object(vm, owner.uop, owner.now)?;
        rule(&mut NativeCall::new(self, vm, &[owner]))
    }

    /// What an attribute reached in this way is; `None`: it takes more to read it.
    fn read_attribute(
        &mut self,
        vm: &mut Vm,
        owner: UopIdx,
        actual: Value,
        name: Value,
        kind: Option<LoadKind>,
    ) -> Recorded<Option<UopIdx>> {
        Ok(Some(match kind {
            Some(LoadKind::Slot(offset)) => {
                self.guard_object(vm, owner, actual)?;
                let slot = ((offset - 16) / 8) as u16;
                let value = self.emit(Op::LoadSlot { slot }, &[owner], None)?;
                if slot < vm.shapes.get(vm.shape_of(actual)).n_reserved {
                    self.guarded(Op::GuardIsNot { bits: 0 }, &[value])?;
                }
                value
            }
            Some(LoadKind::Method(method)) if vm.is_exact(method, BuiltinType::Function) => {
                self.guard_object(vm, owner, actual)?;
                let method = self.constant(vm, method);
                self.emit(Op::NewBoundMethod {}, &[method, owner], None)?
            }
            Some(LoadKind::ClassValue(value)) => {
                self.guard_object(vm, owner, actual)?;
                self.value_of_class(vm, vm.class_of(actual), name, value)?
            }
            Some(LoadKind::TupleItem(index)) => {
                self.guard_object(vm, owner, actual)?;
                let len = self.emit(Op::LoadWord { field: Field::TupleLen }, &[owner], None)?;
                let index = self.emitter.const_int(index as i64);
                let inside = self.emit(Op::IntUlt {}, &[index, len], None)?;
                self.guarded(Op::GuardTrue {}, &[inside])?;
                self.emit(Op::LoadElement { field: Field::TupleElement }, &[owner, index], None)?
            }
            Some(LoadKind::OfClass(value)) => {
                self.guard_class_object(vm, owner, actual)?;
                self.value_of_class(vm, actual.as_ptr(), name, value)?
            }
            _ => return Ok(None),
        }))
    }

    /// `getattr(owner, name, default)`, of an interned name; `None`: it takes more to tell.
    pub(crate) fn get_attribute(
        &mut self,
        vm: &mut Vm,
        owner: Operand,
        name: Value,
        default: Option<UopIdx>,
    ) -> Recorded<Option<UopIdx>> {
        if let Some(default) = default
            && self.lacks_attribute(vm, owner, name)?
        {
            return Ok(Some(default));
        }
        let kind = classify_load(vm, owner.now, name);
        if let Some(LoadKind::Slot(offset)) = kind {
            // SAFETY: the object has a slot there.
            let now = unsafe { *owner.now.as_ptr::<u8>().add(offset).cast::<Value>() };
            if now.is_unbound() {
                return Ok(None);
            }
        }
        self.read_attribute(vm, owner.uop, owner.now, name, kind)
    }

    /// Has an object, or a class, surely no attribute of this name, and will have none as long as the trace is valid?
    fn lacks_attribute(&mut self, vm: &mut Vm, owner: Operand, name: Value) -> Recorded<bool> {
        if !owner.now.is_object() {
            return Ok(false);
        }
        let shape = vm.shapes.get(vm.shape_of(owner.now));
        let is_of_class = shape.layout == BuiltinType::Type;
        if shape.is_dict_mode
            || !is_of_class && (shape.layout.spec().namespace.is_some() || shape.slot_of(name).is_some())
        {
            return Ok(false);
        }
        // Proxies and the like look elsewhere.
        let plain = if is_of_class { BuiltinType::Type } else { BuiltinType::Object };
        let reads = [vm.slots_of(owner.now).get_attribute, plain.spec().slots.get_attribute];
        let reads_plainly = matches!(reads, [Some(own), Some(plain)] if std::ptr::fn_addr_eq(own, plain));
        let class = vm.class_of(owner.now);
        if !reads_plainly
            || class_ref(class).flags & TypeObject::CUSTOM_GETATTRIBUTE != 0
            || vm.class_lookup(class, vm.names.__getattr__).is_some()
            || vm.class_lookup(class, name).is_some()
            || is_of_class && vm.class_lookup(owner.now.as_ptr(), name).is_some()
        {
            return Ok(false);
        }
        if is_of_class {
            self.guard_class_object(vm, owner.uop, owner.now)?;
        } else {
            self.guard_object(vm, owner.uop, owner.now)?;
        }
        Ok(true)
    }

    /// What a class, on which the trace depends, has under a name: a constant, or a variable where compiled code changes it.
    fn value_of_class(&mut self, vm: &mut Vm, class: *mut TypeObject, name: Value, now: Value) -> Recorded<UopIdx> {
        let Some(base) = vm.class_variable(class, name) else { return Ok(self.constant(vm, now)) };
        let (entries, index) = self.value_place(vm, class_ref(base).dict, name)?;
        self.emit(Op::LoadElement { field: Field::ArrayElement }, &[entries, index], None)
    }

    /// What a dict of names has under a name: a constant, or a variable where that changes; `None` where it is not there.
    pub(super) fn name_of_module(&mut self, vm: &mut Vm, dict: Value, name: Value) -> Recorded<Option<UopIdx>> {
        if let Some(value) = self.dict_constant(vm, dict, name) {
            return Ok(Some(value));
        }
        if vm.dict_entry_of_name(dict, name).is_none() || vm.dict_keys_version(dict).is_none() {
            return Ok(None);
        }
        let (entries, index) = self.value_place(vm, dict, name)?;
        self.emit(Op::LoadElement { field: Field::ArrayElement }, &[entries, index], None).map(Some)
    }

    /// An attribute, whatever its owner.
    fn load_any_attr(&mut self, vm: &mut Vm, owner: UopIdx, name: Value, for_call: bool) -> Recorded<()> {
        let name = self.constant(vm, name);
        let value = self.escaping(Op::CallHelper { helper: Helper::GetAttr }, &[owner, name])?;
        self.drop(1);
        self.push_attribute(value, None, for_call);
        Ok(())
    }

    /// Guards that the owner of an attribute is this very class, and depends on what is found on it and on its metaclass.
    fn guard_class_object(&mut self, vm: &mut Vm, owner: UopIdx, class: Value) -> Recorded<()> {
        self.guard_is(vm, owner, class)?;
        self.depend_on_class(class.as_ptr());
        self.depend_on_class(vm.class_of(class));
        Ok(())
    }

    /// Guards an object's shape and depends on its class.
    pub(super) fn guard_object(&mut self, vm: &mut Vm, owner: UopIdx, actual: Value) -> Recorded<()> {
        let shape = vm.shape_of(actual);
        self.guard_shape(owner, shape)?;
        let class = vm.class_of(actual);
        self.depend_on_class(class);
        Ok(())
    }

    pub(super) unsafe fn store_attr(&mut self, vm: &mut Vm, s: State, arg: usize) -> Recorded<()> {
        // SAFETY: the stack has value and owner.
        let (actual, name) = unsafe { (s.peek(1), s.name(arg)) };
        let (value, owner) = (self.peek(2)?, self.peek(1)?);
        match classify_store(vm, actual, name) {
            Some(StoreKind::Slot(offset)) => {
                self.guard_object(vm, owner, actual)?;
                let value = self.emitter.boxed(value);
                self.emit(Op::StoreSlot { slot: ((offset - 16) / 8) as u16 }, &[owner, value], None)?;
            }
            Some(StoreKind::Add { offset, to, .. }) => {
                self.guard_object(vm, owner, actual)?;
                let value = self.emitter.boxed(value);
                self.emit(Op::AddSlot { slot: ((offset - 16) / 8) as u16, shape: to }, &[owner, value], None)?;
            }
            None => {
                // SAFETY: the stack has the value.
                let is_plain = is_plain_value(vm, unsafe { s.peek(2) });
                if is_plain && vm.has_layout(actual, BuiltinType::Type) {
                    vm.assume_class_variable(actual.as_ptr(), name);
                }
                let name = self.constant(vm, name);
                self.escaping(Op::CallHelper { helper: Helper::SetAttr }, &[owner, name, value])?;
            }
        }
        self.drop(2);
        Ok(())
    }

    pub(super) unsafe fn load_super_attr(&mut self, vm: &mut Vm, s: State, arg: usize) -> Recorded<()> {
        // SAFETY: the stack has super, class and owner.
        let (global_super, class, actual) = unsafe { (s.peek(3), s.peek(2), s.peek(1)) };
        // SAFETY: as above.
        let name = unsafe { s.name(arg >> 2) };
        let is_plain = global_super.0 == vm.class(BuiltinType::Super) as u64 && vm.has_layout(class, BuiltinType::Type);
        if !is_plain || arg & 1 == 0 || !vm.layout_of(actual).has_inline_slots() {
            return Err(Abort::Unsupported);
        }
        // What the owner says it is of is not asked: that may run Python code.
        let owner_class = vm.class_of(actual);
        if !vm.is_subclass(owner_class, class.as_ptr()) {
            return Err(Abort::Unsupported);
        }
        let method = vm.super_find(class.as_ptr(), owner_class, name).ok_or(Abort::Unsupported)?;
        let is_method = vm.takes_receiver(method);
        if !is_method {
            return Err(Abort::Unsupported);
        }
        let (super_value, class_value, owner) = (self.peek(3)?, self.peek(2)?, self.peek(1)?);
        self.guard_is(vm, super_value, global_super)?;
        self.guard_is(vm, class_value, class)?;
        self.guard_object(vm, owner, actual)?;
        self.depend_on_class(owner_class);
        let method = self.constant(vm, method);
        self.drop(3);
        self.push_attribute(method, Some(owner), true);
        Ok(())
    }
}
