//! Building, unpacking, indexing and formatting.

use super::attempt;
use super::special::{call_special, special_method};
use crate::bytecode::Opcode;
use crate::interp::dispatch::State;
use crate::interp::unwind;
use crate::object::class::class_ref;
use crate::object::layout::{ListObject, TupleObject, ValueArray};
use crate::object::spec::MatchedAs;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::Vm;
use crate::vm::{PyResult, Raised};

#[inline(always)]
pub unsafe fn store_subscript(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (value, owner, index) = (s.peek(3), s.peek(2), s.peek(1));
        if index.is_int() && vm.is_exact(owner, BuiltinType::List) {
            let list = owner.as_ptr::<ListObject>();
            let i = index.as_int();
            let i = if i < 0 { i + (*list).len as i64 } else { i };
            if (i as u64) < (*list).len as u64 {
                let array = (*list).items.as_ptr::<ValueArray>();
                *(&raw mut (*array).elements).cast::<Value>().add(i as usize) = value;
                if value.is_object() {
                    vm.barrier(array);
                }
                return s.drop(3);
            }
        }
        s.out_of_line(vm, |vm, s| store_subscript_slow(vm, s))
    }
}
pub unsafe fn delete_subscript(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        attempt!(vm, s, vm.del_item(s.peek(2), s.peek(1)));
        s.drop(2)
    }
}
/// The items that `list[start:stop]` covers, for an exact list and bounds that are small ints or None.
fn list_bounds(vm: &Vm, list: Value, start: Value, stop: Value) -> Option<(usize, usize)> {
    if !vm.is_exact(list, BuiltinType::List) {
        return None;
    }
    // SAFETY: an exact list.
    let len = unsafe { (*list.as_ptr::<ListObject>()).len };
    let bound = |value: Value, default: usize| {
        if value.is_none() {
            return Some(default);
        }
        let index = value.is_int().then(|| value.as_int())?;
        let index = if index < 0 { index + len as i64 } else { index };
        Some(index.clamp(0, len as i64) as usize)
    };
    let start = bound(start, 0)?;
    Some((start, bound(stop, len)?.max(start)))
}
pub unsafe fn binary_slice(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if let Some((start, stop)) = list_bounds(vm, s.peek(3), s.peek(2), s.peek(1)) {
            let items = &(*s.peek(3).as_ptr::<ListObject>()).items()[start..stop];
            let list = attempt!(vm, s, vm.new_list(items));
            return s.reduce(3, list);
        }
        let slice = vm.new_slice(s.peek(2), s.peek(1), Value::NONE);
        let value = attempt!(vm, s, vm.get_item(s.peek(3), slice));
        s.reduce(3, value)
    }
}
pub unsafe fn store_slice(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if let Some((start, stop)) = list_bounds(vm, s.peek(3), s.peek(2), s.peek(1))
            && vm.is_exact(s.peek(4), BuiltinType::List)
            && s.peek(4) != s.peek(3)
        {
            let new = (*s.peek(4).as_ptr::<ListObject>()).items();
            attempt!(vm, s, vm.list_splice(s.peek(3).as_ptr(), start, stop, new));
            return s.drop(4);
        }
        let slice = vm.new_slice(s.peek(2), s.peek(1), Value::NONE);
        attempt!(vm, s, vm.set_item(s.peek(3), slice, s.peek(4)));
        s.drop(4)
    }
}
pub unsafe fn build_tuple(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let n = s.arg();
        let tuple = vm.new_tuple(s.top(n));
        s.reduce(n, tuple)
    }
}
pub unsafe fn build_list(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let n = s.arg();
        let list = attempt!(vm, s, vm.new_list(s.top(n)));
        s.reduce(n, list)
    }
}
pub unsafe fn build_map(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let n = s.arg();
        let dict = attempt!(vm, s, vm.new_dict_with_capacity(n));
        for pair in s.top(2 * n).as_chunks::<2>().0 {
            attempt!(vm, s, vm.dict_set(dict, pair[0], pair[1]));
        }
        s.reduce(2 * n, dict)
    }
}
pub unsafe fn build_set(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let n = s.arg();
        let set = attempt!(vm, s, vm.new_set(BuiltinType::Set));
        for &element in s.top(n) {
            attempt!(vm, s, vm.set_add(set, element));
        }
        s.reduce(n, set)
    }
}
pub unsafe fn build_slice(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let n = s.arg();
        let slice = if n == 3 {
            vm.new_slice(s.peek(3), s.peek(2), s.peek(1))
        } else {
            vm.new_slice(s.peek(2), s.peek(1), Value::NONE)
        };
        s.reduce(n, slice)
    }
}
pub unsafe fn build_string(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let n = s.arg();
        let string = attempt!(vm, s, vm.str_concat_all(s.top(n)));
        s.reduce(n, string)
    }
}
pub unsafe fn build_template(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let template = attempt!(vm, s, vm.new_template(s.peek(2), s.peek(1)));
        s.reduce(2, template)
    }
}
pub unsafe fn build_interpolation(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let has_spec = s.arg() & 1;
        let format_spec = (has_spec == 1).then(|| s.peek(1));
        let (value, expression) = (s.peek(2 + has_spec), s.peek(1 + has_spec));
        let made = attempt!(vm, s, vm.new_interpolation(value, expression, s.arg() >> 2, format_spec));
        s.reduce(2 + has_spec, made)
    }
}
#[inline(always)]
pub unsafe fn list_append(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let list = s.peek(s.arg() + 1).as_ptr::<ListObject>();
        attempt!(vm, s, vm.list_push(list, s.peek(1)));
        s.drop(1)
    }
}
pub unsafe fn list_extend(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let list = s.peek(s.arg() + 1);
        let items = match vm.collect(s.peek(1)) {
            Ok(items) => items,
            Err(Raised) => {
                if vm.exception_matches(vm.exceptions.TypeError) && vm.lacks_iter(s.peek(1)) {
                    vm.clear_exception();
                    let message = format!("Value after * must be an iterable, not {}", vm.class_name(s.peek(1)));
                    vm.raise_type(&message);
                }
                return unwind::raise(vm, s);
            }
        };
        let mut i = 0;
        while let Some(&item) = (*items.as_ptr::<ListObject>()).items().get(i) {
            attempt!(vm, s, vm.list_push(list.as_ptr(), item));
            i += 1;
        }
        s.drop(1)
    }
}
pub unsafe fn set_add(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        attempt!(vm, s, vm.set_add(s.peek(s.arg() + 1), s.peek(1)));
        s.drop(1)
    }
}
pub unsafe fn set_update(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (set, items) = (s.peek(s.arg() + 1), s.peek(1));
        if vm.is_set(items) {
            attempt!(vm, s, vm.set_update(set, items));
            return s.drop(1);
        }
        let items = attempt!(vm, s, vm.collect_unasked(items));
        let mut i = 0;
        while let Some(&item) = (*items.as_ptr::<ListObject>()).items().get(i) {
            attempt!(vm, s, vm.set_add(set, item));
            i += 1;
        }
        s.drop(1)
    }
}
pub unsafe fn map_add(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let dict = s.peek(s.arg() + 2);
        attempt!(vm, s, vm.dict_set(dict, s.peek(2), s.peek(1)));
        s.drop(2)
    }
}
pub unsafe fn dict_update(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let dict = s.peek(s.arg() + 1);
        attempt!(vm, s, update_from_mapping(vm, dict, s.peek(1)));
        s.drop(1)
    }
}
pub unsafe fn dict_merge(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        attempt!(vm, s, merge_keywords(vm, s.peek(s.arg() + 1), s.peek(1), s.peek(s.arg() + 4)));
        s.drop(1)
    }
}
#[inline(always)]
pub unsafe fn unpack_sequence(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let n = s.arg();
        let value = s.peek(1);
        if value.is_object() {
            let shape = vm.shape_of(value);
            let items: *const Value =
                if shape == BuiltinType::Tuple.shape() && (*value.as_ptr::<TupleObject>()).len == n {
                    (&raw const (*value.as_ptr::<TupleObject>()).items).cast()
                } else if shape == BuiltinType::List.shape() && (*value.as_ptr::<ListObject>()).len == n {
                    (*value.as_ptr::<ListObject>()).items().as_ptr()
                } else {
                    return s.out_of_line(vm, |vm, s| unpack_slow(vm, s));
                };
            let base = s.sp.sub(1);
            for i in 0..n {
                *base.add(n - 1 - i) = *items.add(i);
            }
            return State { ip: s.ip.add(1), sp: base.add(n), frame: s.frame };
        }
        s.out_of_line(vm, |vm, s| unpack_slow(vm, s))
    }
}
pub unsafe fn unpack_ex(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (before, after) = (s.arg() & 0xFF, s.arg() >> 8);
        let value = s.peek(1);
        attempt!(vm, s, vm.check_unpackable(value));
        let list = match vm.collect_sequence(value) {
            Ok(list) => list,
            Err(Raised) => return unwind::raise(vm, s),
        };
        let len = (*list.as_ptr::<ListObject>()).len;
        if len < before + after {
            let least = before + after;
            let message = format!("not enough values to unpack (expected at least {least}, got {len})");
            vm.raise_value(&message);
            return unwind::raise(vm, s);
        }
        let middle = attempt!(vm, s, vm.new_list(&(*list.as_ptr::<ListObject>()).items()[before..len - after]));
        let items = (*list.as_ptr::<ListObject>()).items();
        let mut at = s.sp.sub(1);
        for i in (len - after..len).rev() {
            *at = items[i];
            at = at.add(1);
        }
        *at = middle;
        at = at.add(1);
        for i in (0..before).rev() {
            *at = items[i];
            at = at.add(1);
        }
        State { ip: s.ip.add(1), sp: at, frame: s.frame }
    }
}
pub unsafe fn format_simple(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = s.peek(1);
        if vm.is_exact(value, BuiltinType::Str) {
            return s.next();
        }
        let empty = vm.str_from_latin1(b"");
        let text = attempt!(vm, s, vm.format(value, empty));
        s.reduce(1, text)
    }
}
pub unsafe fn format_with_spec(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let text = attempt!(vm, s, vm.format(s.peek(2), s.peek(1)));
        s.reduce(2, text)
    }
}
pub unsafe fn convert_value(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = s.peek(1);
        let text = match s.arg() {
            1 => attempt!(vm, s, vm.str(value)),
            2 => attempt!(vm, s, vm.repr(value)),
            _ => attempt!(vm, s, vm.ascii(value)),
        };
        s.reduce(1, text)
    }
}
pub unsafe fn get_len(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let len = attempt!(vm, s, vm.len(s.peek(1)));
        let len = vm.new_int_from_usize(len);
        s.reduce(0, len)
    }
}
pub unsafe fn match_sequence(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let is_sequence = vm.matched_as(s.peek(1)) == MatchedAs::Sequence;
        s.reduce(0, Value::bool(is_sequence))
    }
}
pub unsafe fn match_mapping(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let is_mapping = vm.matched_as(s.peek(1)) == MatchedAs::Mapping;
        s.reduce(0, Value::bool(is_mapping))
    }
}
pub unsafe fn match_keys(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (subject, keys) = (s.peek(2), s.peek(1));
        let found = attempt!(vm, s, match_keys_of(vm, subject, keys));
        s.reduce(0, found)
    }
}
pub unsafe fn match_class(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let (subject, class, names) = (s.peek(3), s.peek(2), s.peek(1));
        let found = attempt!(vm, s, match_class_of(vm, subject, class, s.arg(), names));
        s.reduce(3, found)
    }
}

#[inline(always)]
unsafe fn store_subscript_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        if let Some(special) = special_method(vm, s, Opcode::StoreSubscr, 0) {
            return call_special(vm, s, special);
        }
        attempt!(vm, s, vm.set_item(s.peek(2), s.peek(1), s.peek(3)));
        s.drop(3)
    }
}

unsafe fn unpack_slow(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let n = s.arg();
        let list = attempt!(vm, s, vm.unpack(s.peek(1), n));
        let items = (*list.as_ptr::<ListObject>()).items();
        let base = s.sp.sub(1);
        for (i, &item) in items.iter().enumerate().take(n) {
            *base.add(n - 1 - i) = item;
        }
        State { ip: s.ip.add(1), sp: base.add(n), frame: s.frame }
    }
}

/// Adds a `**` argument to the keywords of a call of `callee`.
pub fn merge_keywords(vm: &mut Vm, keywords: Value, mapping: Value, callee: Value) -> PyResult<()> {
    let source = match mapping_to_dict(vm, mapping) {
        Ok(source) => source,
        Err(Raised) => {
            if vm.exception_matches(vm.exceptions.TypeError) {
                vm.clear_exception();
                let name = super::calls::callee_name(vm, callee);
                let message = format!("{name} argument after ** must be a mapping, not {}", vm.class_name(mapping));
                vm.raise_type(&message);
            }
            return Err(Raised);
        }
    };
    if let Some(key) = vm.merge_keywords(keywords, source)? {
        let name = super::calls::callee_name(vm, callee);
        let key = vm.str_string(key)?;
        let message = format!("{name} got multiple values for keyword argument '{key}'");
        return Err(vm.raise_type(&message));
    }
    Ok(())
}

/// Is it a dict whose entries say what it holds? Its class may iterate over something else.
fn is_plain_mapping(vm: &mut Vm, mapping: Value) -> bool {
    vm.has_layout(mapping, BuiltinType::Dict) && vm.is_inherited(mapping, vm.names.__iter__)
}

/// Any mapping's entries as a dict.
pub fn mapping_to_dict(vm: &mut Vm, mapping: Value) -> PyResult {
    if is_plain_mapping(vm, mapping) {
        return Ok(mapping);
    }
    let dict = vm.new_dict();
    update_from_mapping(vm, dict, mapping)?;
    Ok(dict)
}

/// Adds what a mapping holds to a dict.
pub fn update_from_mapping(vm: &mut Vm, dict: Value, mapping: Value) -> PyResult<()> {
    if is_plain_mapping(vm, mapping) {
        return vm.dict_merge(dict, mapping);
    }
    let Some(keys) = vm.get_attr_opt(mapping, vm.names.keys)? else {
        let message = format!("'{}' object is not a mapping", vm.class_name(mapping));
        return Err(vm.raise_type(&message));
    };
    let keys = vm.call(keys, &[])?;
    let iterator = vm.get_iter(keys)?;
    while let Some(key) = vm.iter_next(iterator)? {
        let value = vm.get_item(mapping, key)?;
        vm.dict_set(dict, key, value)?;
    }
    Ok(())
}

fn match_keys_of(vm: &mut Vm, subject: Value, keys: Value) -> PyResult {
    // SAFETY: the compiler makes the keys a tuple.
    let keys = unsafe { (*keys.as_ptr::<TupleObject>()).items() };
    for (at, &key) in keys.iter().enumerate() {
        for &other in &keys[..at] {
            if vm.equal(other, key)? {
                let shown = vm.repr_string(key)?;
                return Err(vm.raise_value(&format!("mapping pattern checks duplicate key ({shown})")));
            }
        }
    }
    let list = vm.new_list_with_capacity(0)?;
    let is_plain = vm.is_exact(subject, BuiltinType::Dict);
    // A mapping of another kind is asked by `get`, with something to give back that is nowhere else.
    let missing = if is_plain { Value::UNBOUND } else { vm.new_list_with_capacity(0)? };
    for &key in keys {
        let found = if is_plain {
            vm.dict_get(subject, key)?
        } else {
            let name = vm.intern("get");
            let value = vm.call_method(subject, name, &[key, missing])?;
            (value != missing).then_some(value)
        };
        match found {
            Some(value) => vm.list_push(list.as_ptr(), value)?,
            None => return Ok(Value::NONE),
        }
    }
    Ok(vm.tuple_of_list(list))
}

fn match_class_of(vm: &mut Vm, subject: Value, class: Value, n_positional: usize, names: Value) -> PyResult {
    if !vm.has_layout(class, BuiltinType::Type) {
        return Err(vm.raise_type("called match pattern must be a class"));
    }
    if !vm.is_instance_of(subject, class)? {
        return Ok(Value::NONE);
    }
    let list = vm.new_list_with_capacity(0)?;
    let match_args = if n_positional > 0 { match_args_of(vm, class, n_positional)? } else { None };
    // SAFETY: an exact tuple of so many at least, which the class holds; one that is replaced meanwhile, `match_args` does.
    let positional: &[Value] =
        match_args.map_or(&[], |names| unsafe { &(*names.as_ptr::<TupleObject>()).items()[..n_positional] });
    if match_args.is_none() && n_positional > 0 {
        vm.list_push(list.as_ptr(), subject)?;
    }
    for (i, &name) in positional.iter().enumerate() {
        if !vm.is_exact(name, BuiltinType::Str) {
            let message = format!("__match_args__ elements must be strings (got {})", vm.class_name(name));
            return Err(vm.raise_type(&message));
        }
        let name = vm.intern_value(name);
        match attribute_for_match(vm, subject, class, name, &positional[..i])? {
            Some(value) => vm.list_push(list.as_ptr(), value)?,
            None => return Ok(Value::NONE),
        }
    }
    // SAFETY: the compiler makes the names a tuple.
    for &name in unsafe { (*names.as_ptr::<TupleObject>()).items() } {
        match attribute_for_match(vm, subject, class, name, positional)? {
            Some(value) => vm.list_push(list.as_ptr(), value)?,
            None => return Ok(Value::NONE),
        }
    }
    Ok(vm.tuple_of_list(list))
}

/// A class's `__match_args__`, of as many items at least as there are positional patterns; `None`: the one pattern is
/// for the subject itself.
fn match_args_of(vm: &mut Vm, class: Value, n_positional: usize) -> PyResult<Option<Value>> {
    let match_args = vm.get_attr_opt(class, vm.names.__match_args__)?;
    let n_allowed = match match_args {
        Some(match_args) if vm.is_exact(match_args, BuiltinType::Tuple) => {
            // SAFETY: an exact tuple.
            unsafe { (*match_args.as_ptr::<TupleObject>()).len }
        }
        Some(other) => {
            let (name, got) = (vm.type_name(class.as_ptr()), vm.class_name(other));
            return Err(vm.raise_type(&format!("{name}.__match_args__ must be a tuple (got {got})")));
        }
        None => {
            let class = class_ref(class.as_ptr());
            // SAFETY: the specification of a live class is static.
            unsafe { (*class.spec).is_matched_itself as usize }
        }
    };
    if n_allowed < n_positional {
        let (name, plural) = (vm.type_name(class.as_ptr()), if n_allowed == 1 { "" } else { "s" });
        let message = format!("{name}() accepts {n_allowed} positional sub-pattern{plural} ({n_positional} given)");
        return Err(vm.raise_type(&message));
    }
    Ok(match_args)
}

/// The subject's attribute of an interned name, which may not be among those `before` it (strings). The compiler sees
/// to it that no keyword pattern comes twice.
fn attribute_for_match(
    vm: &mut Vm,
    subject: Value,
    class: Value,
    name: Value,
    before: &[Value],
) -> PyResult<Option<Value>> {
    if before.iter().any(|&other| vm.intern_value(other).0 == name.0) {
        let (class, name) = (vm.type_name(class.as_ptr()), vm.repr_string(name)?);
        return Err(vm.raise_type(&format!("{class}() got multiple sub-patterns for attribute {name}")));
    }
    vm.get_attr_opt(subject, name)
}
