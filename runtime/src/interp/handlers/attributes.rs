//! Attribute access, specialized by shape and class version.

use super::attempt;
use super::special::{call_special, special_method};
use crate::bytecode::Opcode;
use crate::interp::attribute_cache::{Found, Question};
use crate::interp::dispatch::State;
use crate::interp::op::Op;
use crate::interp::unwind;
use crate::object::class::class_ref;
use crate::object::layout::{Instance, MemberKind, MemberObject, MethodWrapper, TypeObject};
use crate::object::slots::SlotId;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::Vm;
use crate::vm::{PyResult, Raised};

#[inline(always)]
pub unsafe fn load_attr(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`; cached offsets are of the owner's shape.
    unsafe {
        let owner = s.peek(1);
        let counter = (*s.ip).counter;
        if counter != 0 && owner.is_object() {
            let arg = s.arg();
            let (value, rest) = match vm.attribute_cached(vm.shape_of(owner), s.name(arg >> 1), Question::Load) {
                Found::Slot(offset) => (*owner.as_ptr::<u8>().add(offset as usize).cast::<Value>(), Value::UNBOUND),
                Found::Method(method) if arg & 1 != 0 => (method, owner),
                Found::ClassValue(value) => (value, Value::UNBOUND),
                _ => (Value::UNBOUND, Value::UNBOUND),
            };
            if !value.is_unbound() {
                (*s.ip).counter = counter - 1;
                *s.sp.sub(1) = value;
                *s.sp = rest;
                return State { ip: s.ip.add(1), sp: s.sp.add(arg & 1), frame: s.frame };
            }
        }
        s.out_of_line(vm, |vm, s| load_attr_slow(vm, s))
    }
}
#[inline(always)]
unsafe fn load_attr_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let arg = s.arg();
        let (owner, name) = (s.peek(1), s.name(arg >> 1));
        // For frame objects, whose attributes tell the line.
        (*s.frame).ip = s.ip;
        if let Some(special) = special_method(vm, s, Opcode::LoadAttr, arg as u32) {
            return call_special(vm, s, special);
        }
        specialize_load(vm, s, owner, name, arg & 1 != 0);
        if arg & 1 != 0 {
            let found = attempt!(vm, s, method_for_call(vm, owner, name));
            if let Some(method) = found {
                return push_method(s, method, owner);
            }
            let value = attempt!(vm, s, vm.get_attr(owner, name));
            return push_method(s, value, Value::UNBOUND);
        }
        let value = attempt!(vm, s, vm.get_attr(owner, name));
        s.reduce(1, value)
    }
}
#[inline(always)]
pub unsafe fn load_attr_slot(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // cache 0: shape | byte offset << 32
        let owner = s.peek(1);
        let cache = (*s.ip).cache[0];
        if owner.is_object() && vm.shape_of(owner) == cache as u32 {
            let value = *owner.as_ptr::<u8>().add((cache >> 32) as usize).cast::<Value>();
            if !value.is_unbound() {
                *s.sp.sub(1) = value;
                *s.sp = Value::UNBOUND;
                return State { ip: s.ip.add(1), sp: s.sp.add(s.arg() & 1), frame: s.frame };
            }
        }
        s.out_of_line(vm, |vm, s| {
            despecialize(s, Op::LoadAttr);
            load_attr(vm, s)
        })
    }
}
#[inline(always)]
pub unsafe fn load_attr_method(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // cache 0: shape | class version << 32; cache 1: the method
        let owner = s.peek(1);
        let cache = (*s.ip).cache[0];
        if owner.is_object() && vm.shape_of(owner) == cache as u32 {
            let class = vm.shapes.get(cache as u32).class;
            if (*class).version == (cache >> 32) as u32 {
                return push_method(s, Value((*s.ip).cache[1]), owner);
            }
        }
        s.out_of_line(vm, |vm, s| {
            despecialize(s, Op::LoadAttr);
            load_attr(vm, s)
        })
    }
}
#[inline(always)]
pub unsafe fn load_attr_class_value(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // As above; cache 1: a plain value that the class has.
        let owner = s.peek(1);
        let cache = (*s.ip).cache[0];
        if owner.is_object() && vm.shape_of(owner) == cache as u32 {
            let class = vm.shapes.get(cache as u32).class;
            if (*class).version == (cache >> 32) as u32 {
                *s.sp.sub(1) = Value((*s.ip).cache[1]);
                *s.sp = Value::UNBOUND;
                return State { ip: s.ip.add(1), sp: s.sp.add(s.arg() & 1), frame: s.frame };
            }
        }
        s.out_of_line(vm, |vm, s| {
            despecialize(s, Op::LoadAttr);
            load_attr(vm, s)
        })
    }
}
#[inline(always)]
pub unsafe fn load_attr_of_class(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // cache 0: class version; cache 1: the value
        let owner = s.peek(1);
        if vm.is_exact(owner, BuiltinType::Type) && (*owner.as_ptr::<TypeObject>()).version == (*s.ip).cache[0] as u32 {
            *s.sp.sub(1) = Value((*s.ip).cache[1]);
            *s.sp = Value::UNBOUND;
            return State { ip: s.ip.add(1), sp: s.sp.add(s.arg() & 1), frame: s.frame };
        }
        s.out_of_line(vm, |vm, s| {
            despecialize(s, Op::LoadAttr);
            load_attr(vm, s)
        })
    }
}
#[inline(always)]
pub unsafe fn store_attr(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`; cached offsets are of the owner's shape.
    unsafe {
        let (value, owner) = (s.peek(2), s.peek(1));
        let counter = (*s.ip).counter;
        if counter != 0
            && owner.is_object()
            && let Found::Slot(offset) = vm.attribute_cached(vm.shape_of(owner), s.name(s.arg()), Question::Store)
        {
            (*s.ip).counter = counter - 1;
            *owner.as_ptr::<u8>().add(offset as usize).cast::<Value>() = value;
            if value.is_object() {
                vm.barrier(owner.as_ptr::<Instance>());
            }
            return s.drop(2);
        }
        s.out_of_line(vm, |vm, s| store_attr_slow(vm, s))
    }
}
#[inline(always)]
unsafe fn store_attr_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (value, owner, name) = (s.peek(2), s.peek(1), s.name(s.arg()));
        if let Some(special) = special_method(vm, s, Opcode::StoreAttr, s.arg() as u32) {
            return call_special(vm, s, special);
        }
        let before = if owner.is_object() { vm.shape_of(owner) } else { 0 };
        attempt!(vm, s, vm.set_attr(owner, name, value));
        specialize_store(vm, s, owner, name, before);
        s.drop(2)
    }
}
#[inline(always)]
pub unsafe fn store_attr_slot(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // cache 0: shape | byte offset << 32
        let (value, owner) = (s.peek(2), s.peek(1));
        let cache = (*s.ip).cache[0];
        if owner.is_object() && vm.shape_of(owner) == cache as u32 {
            *owner.as_ptr::<u8>().add((cache >> 32) as usize).cast::<Value>() = value;
            if value.is_object() {
                vm.barrier(owner.as_ptr::<Instance>());
            }
            return s.drop(2);
        }
        s.out_of_line(vm, |vm, s| {
            despecialize(s, Op::StoreAttr);
            store_attr(vm, s)
        })
    }
}
#[inline(always)]
pub unsafe fn store_attr_add(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        // cache 0: shape | byte offset << 32; cache 1: next shape | class version << 32
        let (value, owner) = (s.peek(2), s.peek(1));
        let cache = (*s.ip).cache;
        if owner.is_object()
            && vm.shape_of(owner) == cache[0] as u32
            && (*vm.shapes.get(cache[0] as u32).class).version == (cache[1] >> 32) as u32
        {
            let instance = owner.as_ptr::<Instance>();
            (*instance).header.shape = cache[1] as u32;
            *owner.as_ptr::<u8>().add((cache[0] >> 32) as usize).cast::<Value>() = value;
            vm.barrier(instance);
            return s.drop(2);
        }
        s.out_of_line(vm, |vm, s| {
            despecialize(s, Op::StoreAttr);
            store_attr(vm, s)
        })
    }
}
pub unsafe fn delete_attr(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        attempt!(vm, s, vm.del_attr(s.peek(1), s.name(s.arg())));
        s.drop(1)
    }
}
pub unsafe fn load_super_attr(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        match super_attr(vm, s) {
            Ok(after) => after,
            Err(Raised) => unwind::raise(vm, s),
        }
    }
}
/// What `load_super_attr` does, where it raises nothing.
pub unsafe fn super_attr(vm: &mut Vm, s: State) -> PyResult<State> {
    // SAFETY: see the module `handlers`.
    unsafe {
        s.save();
        // super, class, self
        let arg = s.arg();
        let (global_super, class, owner) = (s.peek(3), s.peek(2), s.peek(1));
        let name = s.name(arg >> 2);
        let is_plain = global_super.0 == vm.class(BuiltinType::Super) as u64 && vm.has_layout(class, BuiltinType::Type);
        if !is_plain {
            let arguments: &[Value] = if arg & 2 != 0 { &[class, owner] } else { &[] };
            let object = vm.call(global_super, arguments)?;
            let value = vm.get_attr(object, name)?;
            *s.sp.sub(3) = value;
            *s.sp.sub(2) = Value::UNBOUND;
            return Ok(State { ip: s.ip.add(1), sp: s.sp.sub(2).add(arg & 1), frame: s.frame });
        }
        let owner_class = vm.super_owner_class(class.as_ptr(), owner)?;
        if arg & 1 != 0
            && let Some(method) = vm.super_find(class.as_ptr(), owner_class, name)
            && vm.takes_receiver(method)
            && owner.0 != owner_class as u64
        {
            *s.sp.sub(3) = method;
            *s.sp.sub(2) = owner;
            return Ok(State { ip: s.ip.add(1), sp: s.sp.sub(1), frame: s.frame });
        }
        let value = vm.super_attribute(class.as_ptr(), owner, owner_class, name)?;
        *s.sp.sub(3) = value;
        *s.sp.sub(2) = Value::UNBOUND;
        Ok(State { ip: s.ip.add(1), sp: s.sp.sub(2).add(arg & 1), frame: s.frame })
    }
}
pub unsafe fn load_special(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let owner = s.peek(1);
        let (name, text) = match s.arg() {
            0 => (vm.names.__enter__, "__enter__"),
            1 => (vm.names.__exit__, "__exit__"),
            2 => (vm.names.__aenter__, "__aenter__"),
            _ => (vm.names.__aexit__, "__aexit__"),
        };
        let Some(method) = vm.lookup_special(owner, name) else {
            let names = vm.names;
            let plain = ("context manager", "with", [names.__enter__, names.__exit__]);
            let asynchronous = ("asynchronous context manager", "async with", [names.__aenter__, names.__aexit__]);
            let ((protocol, ..), (other, statement, methods)) =
                if s.arg() < 2 { (plain, asynchronous) } else { (asynchronous, plain) };
            let mut message = format!(
                "'{}' object does not support the {protocol} protocol (missed {text} method)",
                vm.full_class_name(owner)
            );
            if methods.into_iter().all(|method| vm.lookup_special(owner, method).is_some()) {
                message += &format!(" but it supports the {other} protocol. Did you mean to use '{statement}'?");
            }
            vm.raise_type(&message);
            return unwind::raise(vm, s);
        };
        if vm.takes_receiver(method) {
            *s.sp.sub(1) = method;
            *s.sp = owner;
        } else {
            let class = vm.class_of(owner);
            *s.sp.sub(1) = attempt!(vm, s, vm.bind(method, owner, class));
            *s.sp = Value::UNBOUND;
        }
        State { ip: s.ip.add(1), sp: s.sp.add(1), frame: s.frame }
    }
}

#[inline(always)]
unsafe fn push_method(s: State, method: Value, owner: Value) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        *s.sp.sub(1) = method;
        *s.sp = owner;
        State { ip: s.ip.add(1), sp: s.sp.add(1), frame: s.frame }
    }
}

unsafe fn despecialize(s: State, op: Op) {
    // SAFETY: see the module `handlers`.
    unsafe {
        (*s.ip).op = op as u16;
        (*s.ip).counter = RETRY_AFTER;
    }
}

/// A site that lost its specialization runs so often before it may get another.
const RETRY_AFTER: u16 = 100;

/// A function or native method of the owner's class that can be called with the owner in front, unbound.
fn method_for_call(vm: &mut Vm, owner: Value, name: Value) -> PyResult<Option<Value>> {
    let class = vm.class_of(owner);
    if matches!(vm.layout_of(owner), BuiltinType::Type | BuiltinType::Module | BuiltinType::Super)
        || class_ref(class).flags & TypeObject::CUSTOM_GETATTRIBUTE != 0
    {
        return Ok(None);
    }
    let Some(method) = vm.class_lookup(class, name) else { return Ok(None) };
    let is_method = vm.takes_receiver(method);
    Ok((is_method && vm.own_attribute(owner, name).is_none()).then_some(method))
}

/// What a load of `owner.name` can be turned into.
pub enum LoadKind {
    /// Inline slot of the instance, at this byte offset.
    Slot(usize),
    /// A function or native method of the class, not shadowed by the instance.
    Method(Value),
    /// The function of a classmethod of the class, not shadowed by the instance: it is called with the class.
    ClassMethod(Value),
    /// Another value of the class, as reading it through the instance gives it; not shadowed.
    ClassValue(Value),
    /// An attribute of a class.
    OfClass(Value),
    /// The item of a tuple at this index, which there is.
    TupleItem(usize),
}

/// Finds out how an attribute of an object is reached, for tier 1's caches and the recorder alike.
pub fn classify_load(vm: &mut Vm, owner: Value, name: Value) -> Option<LoadKind> {
    if !owner.is_object() {
        return None;
    }
    if vm.has_layout(owner, BuiltinType::Type) {
        let (class, meta) = (owner.as_ptr::<TypeObject>(), vm.class_of(owner));
        if class_ref(meta).flags & TypeObject::CUSTOM_GETATTRIBUTE != 0
            || vm.class_lookup(meta, name).is_some_and(|attribute| vm.is_data_descriptor(attribute))
        {
            return None;
        }
        let attribute = vm.class_lookup(class, name)?;
        if let Some(function) = function_of(vm, attribute, BuiltinType::ClassMethod) {
            return Some(LoadKind::ClassMethod(function));
        }
        // On a class, functions stand for themselves.
        let is_itself = is_plain_value(vm, attribute) || vm.takes_receiver(attribute);
        return read_value(vm, attribute, is_itself).map(LoadKind::OfClass);
    }
    let shape_id = vm.shape_of(owner);
    let shape = vm.shapes.get(shape_id);
    let (class, is_dict_mode, layout) = (shape.class, shape.is_dict_mode, shape.layout);
    if class_ref(class).flags & TypeObject::CUSTOM_GETATTRIBUTE != 0
        || is_dict_mode
        || matches!(layout, BuiltinType::Type | BuiltinType::Module | BuiltinType::Super | BuiltinType::Function)
    {
        return None;
    }
    let slot = shape.slot_of(name);
    let inline_slots = shape.inline_slots as usize;
    let attribute = vm.class_lookup(class, name);
    if let Some(attribute) = attribute
        && vm.is_data_descriptor(attribute)
    {
        if layout == BuiltinType::Tuple {
            return tuple_item(vm, owner, attribute);
        }
        return member_offset(vm, attribute, owner).map(LoadKind::Slot);
    }
    if let Some(slot) = slot {
        return (slot < inline_slots).then_some(LoadKind::Slot(16 + slot * 8));
    }
    let attribute = attribute?;
    if vm.takes_receiver(attribute) {
        return Some(LoadKind::Method(attribute));
    }
    if let Some(function) = function_of(vm, attribute, BuiltinType::ClassMethod) {
        return Some(LoadKind::ClassMethod(function));
    }
    let is_plain = is_plain_value(vm, attribute);
    read_value(vm, attribute, is_plain).map(LoadKind::ClassValue)
}

/// What reading a class attribute gives, if that is always the same: itself, or a staticmethod's function.
fn read_value(vm: &Vm, attribute: Value, is_itself: bool) -> Option<Value> {
    if is_itself { Some(attribute) } else { function_of(vm, attribute, BuiltinType::StaticMethod) }
}

/// What a staticmethod or classmethod of the very type wraps, if it is a function. (Wrapping another is noted: see
/// `descriptors_changed`.)
fn function_of(vm: &Vm, attribute: Value, wrapper: BuiltinType) -> Option<Value> {
    // They have attributes of their own, and so ever other shapes.
    if vm.class_of(attribute) != vm.class(wrapper) {
        return None;
    }
    // SAFETY: a wrapper of the very type.
    let function = unsafe { (*attribute.as_ptr::<MethodWrapper>()).function };
    vm.is_exact(function, BuiltinType::Function).then_some(function)
}

/// Is a class attribute what is read through it?
pub(crate) fn is_plain_value(vm: &Vm, attribute: Value) -> bool {
    !attribute.is_object() || vm.slots_of(attribute).get.is_none()
}

/// The byte offset of the slot that a name of `__slots__` stands for; `None` of other descriptors, and for objects that
/// have no such slot.
fn member_offset(vm: &Vm, attribute: Value, owner: Value) -> Option<usize> {
    if !vm.is_exact(attribute, BuiltinType::Member) {
        return None;
    }
    // SAFETY: an exact member.
    let member = unsafe { &*attribute.as_ptr::<MemberObject>() };
    let is_checked = matches!(member.kind, MemberKind::Index | MemberKind::ReadOnly);
    let has_slot = !is_checked
        && vm.is_instance(owner, member.class.as_ptr())
        && member.slot < vm.shapes.get(vm.shape_of(owner)).inline_slots as usize;
    has_slot.then_some(16 + member.slot * 8)
}

/// A field of a named tuple.
fn tuple_item(vm: &Vm, tuple: Value, attribute: Value) -> Option<LoadKind> {
    // SAFETY: a live class, whose specification is static.
    let index = unsafe { (*class_ref(vm.class_of(attribute)).spec).tuple_index }?;
    let index = usize::try_from(index(vm, attribute)).ok()?;
    (index < vm.tuple_items(tuple).len()).then_some(LoadKind::TupleItem(index))
}

unsafe fn specialize_load(vm: &mut Vm, s: State, owner: Value, name: Value, for_call: bool) {
    // SAFETY: see the module `handlers`.
    unsafe {
        let Some(kind) = classify_load(vm, owner, name) else { return };
        let shape = vm.shape_of(owner);
        let found = match kind {
            LoadKind::Slot(offset) => Found::Slot(offset as u32),
            LoadKind::Method(method) => Found::Method(method),
            LoadKind::ClassValue(value) => Found::ClassValue(value),
            LoadKind::OfClass(_) | LoadKind::ClassMethod(_) | LoadKind::TupleItem(_) => Found::Nothing,
        };
        if found != Found::Nothing {
            vm.cache_attribute(shape, name, Question::Load, found);
        }
        if (*s.ip).counter > 0 && (*s.ip).counter <= RETRY_AFTER {
            (*s.ip).counter -= 1;
            return;
        }
        let class = if matches!(kind, LoadKind::OfClass(_)) { owner.as_ptr() } else { vm.shapes.get(shape).class };
        let version = vm.class_version(class);
        if version == 0 {
            return;
        }
        let (op, cache) = match kind {
            LoadKind::Slot(offset) => (Op::LoadAttrSlot, [shape as u64 | (offset as u64) << 32, 0]),
            LoadKind::Method(method) if for_call => {
                (Op::LoadAttrMethod, [shape as u64 | (version as u64) << 32, method.0])
            }
            // A metaclass may change while its classes stay what they are.
            LoadKind::OfClass(_) if !vm.is_exact(owner, BuiltinType::Type) => return,
            LoadKind::Method(_) | LoadKind::ClassMethod(_) | LoadKind::TupleItem(_) => return,
            LoadKind::ClassValue(value) => (Op::LoadAttrClassValue, [shape as u64 | (version as u64) << 32, value.0]),
            LoadKind::OfClass(value) => (Op::LoadAttrOfClass, [version as u64, value.0]),
        };
        if op == Op::LoadAttrSlot {
            class_ref(class).flags |= TypeObject::SLOT_CACHED;
        }
        (*s.ip).cache = cache;
        (*s.ip).op = op as u16;
    }
}

/// What a store to `owner.name` just did.
pub enum StoreKind {
    /// Wrote an inline slot, at this byte offset.
    Slot(usize),
    /// Added an inline slot.
    Add { offset: usize, to: u32 },
}

/// How a store reaches the attribute; `None` where it takes the slow way.
pub fn classify_store(vm: &mut Vm, owner: Value, name: Value) -> Option<StoreKind> {
    if !owner.is_object() {
        return None;
    }
    let shape_id = vm.shape_of(owner);
    let shape = vm.shapes.get(shape_id);
    let (class, is_dict_mode, layout) = (shape.class, shape.is_dict_mode, shape.layout);
    if is_dict_mode || shape_id < crate::object::types::FIRST_INSTANCE_SHAPE || !layout.has_inline_slots() {
        return None;
    }
    let (slot, inline_slots, n_names) = (shape.slot_of(name), shape.inline_slots as usize, shape.names.len());
    if class_ref(class).python_slots.has(SlotId::SetAttribute) {
        return None;
    }
    if let Some(attribute) = vm.class_lookup(class, name)
        && vm.is_data_descriptor(attribute)
    {
        return member_offset(vm, attribute, owner).map(StoreKind::Slot);
    }
    if let Some(slot) = slot {
        return (slot < inline_slots).then_some(StoreKind::Slot(16 + slot * 8));
    }
    if n_names >= inline_slots || class_ref(class).flags & TypeObject::HAS_DICT == 0 {
        return None;
    }
    let to = vm.shapes.with_name(shape_id, name)?;
    Some(StoreKind::Add { offset: 16 + n_names * 8, to })
}

unsafe fn specialize_store(vm: &mut Vm, s: State, owner: Value, name: Value, before: u32) {
    // SAFETY: see the module `handlers`.
    unsafe {
        if !owner.is_object() || before < crate::object::types::FIRST_INSTANCE_SHAPE {
            return;
        }
        let after = vm.shape_of(owner);
        let Some(StoreKind::Slot(offset)) = classify_store(vm, owner, name) else { return };
        vm.cache_attribute(after, name, Question::Store, Found::Slot(offset as u32));
        if (*s.ip).counter > 0 && (*s.ip).counter <= RETRY_AFTER {
            (*s.ip).counter -= 1;
            return;
        }
        class_ref(vm.shapes.get(after).class).flags |= TypeObject::SLOT_CACHED;
        if before == after {
            (*s.ip).cache[0] = after as u64 | (offset as u64) << 32;
            (*s.ip).op = Op::StoreAttrSlot as u16;
        } else if !vm.shapes.get(before).is_dict_mode
            && vm.shapes.get(before).names.len() + 1 == vm.shapes.get(after).names.len()
        {
            let class = vm.shapes.get(before).class;
            let version = vm.class_version(class);
            if version == 0 {
                return;
            }
            (*s.ip).cache = [before as u64 | (offset as u64) << 32, after as u64 | (version as u64) << 32];
            (*s.ip).op = Op::StoreAttrAdd as u16;
        }
    }
}
