//! Globals, builtins, and the names of modules and class bodies.

use super::attempt;
use crate::interp::dispatch::State;
use crate::interp::op::Op;
use crate::interp::unwind;
use crate::object::dict::Table;
use crate::object::layout::{CellObject, TupleObject};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::Vm;
use crate::vm::{PyResult, Raised};

pub unsafe fn load_global(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let name = s.name(s.arg() >> 1);
        let (globals, builtins) = ((*s.frame).globals, (*s.frame).builtins);
        let value = if let Some(entry) = vm.dict_entry_of_name(globals, name) {
            if entry < u32::MAX as usize
                && let Some(version) = vm.dict_keys_version(globals)
            {
                (*s.ip).op = Op::LoadGlobalModule as u16;
                (*s.ip).cache[0] = version as u64 | (entry as u64) << 32;
            }
            vm.table(globals).value_at(entry)
        } else if !vm.is_exact(globals, BuiltinType::Dict)
            && let Some(value) = attempt!(vm, s, mapping_get(vm, globals, name))
        {
            // A class that derives from `dict` may have values for what it does not hold.
            value
        } else if let Some(entry) = vm.dict_entry_of_name(builtins, name) {
            let versions = [globals, builtins].map(|dict| vm.dict_keys_version(dict));
            if let [Some(of_globals), Some(of_builtins)] = versions
                && vm.is_exact(globals, BuiltinType::Dict)
            {
                (*s.ip).op = Op::LoadGlobalBuiltin as u16;
                (*s.ip).cache[0] = of_globals as u64 | (of_builtins as u64) << 32;
                (*s.ip).cache[1] = entry as u64;
            }
            vm.table(builtins).value_at(entry)
        } else {
            attempt!(vm, s, vm.missing_name(globals, builtins, name))
        };
        push_global(s, value)
    }
}
#[inline(always)]
pub unsafe fn load_global_module(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let globals = Table::of_known((*s.frame).globals);
        let cache = (*s.ip).cache[0];
        if globals.keys_version != cache as u32 {
            (*s.ip).op = Op::LoadGlobal as u16;
            return s.out_of_line(vm, |vm, s| load_global(vm, s));
        }
        push_global(s, globals.value_at((cache >> 32) as usize))
    }
}
#[inline(always)]
pub unsafe fn load_global_builtin(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let builtins = Table::of_known((*s.frame).builtins);
        let cache = (*s.ip).cache[0];
        if Table::of_known((*s.frame).globals).keys_version != cache as u32
            || builtins.keys_version != (cache >> 32) as u32
        {
            (*s.ip).op = Op::LoadGlobal as u16;
            return s.out_of_line(vm, |vm, s| load_global(vm, s));
        }
        push_global(s, builtins.value_at((*s.ip).cache[1] as usize))
    }
}
pub unsafe fn store_global(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let name = s.name(s.arg());
        vm.dict_set_name((*s.frame).globals, name, s.peek(1));
        s.drop(1)
    }
}
pub unsafe fn delete_global(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let name = s.name(s.arg());
        match vm.dict_entry_of_name((*s.frame).globals, name) {
            Some(entry) => {
                vm.dict_remove_entry((*s.frame).globals, entry);
                s.next()
            }
            None => {
                vm.raise_name(name);
                unwind::raise(vm, s)
            }
        }
    }
}
pub unsafe fn load_name(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let name = s.name(s.arg());
        let value = attempt!(vm, s, name_in_locals(vm, s, name));
        let value = match value {
            Some(value) => value,
            None => match attempt!(vm, s, global_or_builtin(vm, s, name)) {
                Some(value) => value,
                None => attempt!(vm, s, vm.missing_name((*s.frame).globals, (*s.frame).builtins, name)),
            },
        };
        s.reduce(0, value)
    }
}
pub unsafe fn store_name(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let name = s.name(s.arg());
        let locals = namespace(s);
        if vm.is_exact(locals, BuiltinType::Dict) {
            vm.dict_set_name(locals, name, s.peek(1));
        } else {
            attempt!(vm, s, vm.set_item(locals, name, s.peek(1)));
        }
        s.drop(1)
    }
}
pub unsafe fn delete_name(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let name = s.name(s.arg());
        let locals = namespace(s);
        if vm.is_exact(locals, BuiltinType::Dict) {
            match vm.dict_entry_of_name(locals, name) {
                Some(entry) => {
                    vm.dict_remove_entry(locals, entry);
                    return s.next();
                }
                None => {
                    vm.raise_name(name);
                    return unwind::raise(vm, s);
                }
            }
        }
        let deleted = vm.del_item(locals, name);
        if deleted.is_err() && vm.exception_matches(vm.exceptions.KeyError) {
            vm.clear_exception();
            vm.raise_name(name);
            return unwind::raise(vm, s);
        }
        attempt!(vm, s, deleted);
        s.next()
    }
}
pub unsafe fn load_from_dict_or_globals(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let name = s.name(s.arg());
        let mapping = s.peek(1);
        let found = attempt!(vm, s, mapping_get(vm, mapping, name));
        let found = match found {
            None => attempt!(vm, s, global_or_builtin(vm, s, name)),
            found => found,
        };
        let value = match found {
            Some(value) => value,
            None => attempt!(vm, s, vm.missing_name((*s.frame).globals, (*s.frame).builtins, name)),
        };
        s.reduce(1, value)
    }
}
pub unsafe fn load_from_dict_or_deref(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let slot = s.arg();
        let names = (*(*s.frame).code_object).localsplus_names.as_ptr::<TupleObject>();
        let name = (*names).items()[slot];
        let found = attempt!(vm, s, mapping_get(vm, s.peek(1), name));
        let value = found.unwrap_or_else(|| (*(*s.local(slot)).as_ptr::<CellObject>()).content);
        if value.is_unbound() {
            return super::moves::raise_unbound(vm, s, slot);
        }
        s.reduce(1, value)
    }
}
pub unsafe fn load_locals(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let locals = attempt!(vm, s, vm.frame_locals(s.frame));
        s.reduce(0, locals)
    }
}
pub unsafe fn load_build_class(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let name = vm.names.__build_class__;
        match vm.dict_get_name((*s.frame).builtins, name) {
            Some(value) => s.reduce(0, value),
            None => {
                vm.raise(vm.exceptions.NameError, "__build_class__ not found");
                unwind::raise(vm, s)
            }
        }
    }
}
pub unsafe fn load_common_constant(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let value = vm.common_constant(s.arg());
        s.reduce(0, value)
    }
}
pub unsafe fn setup_annotations(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let locals = namespace(s);
        let name = vm.names.__annotations__;
        if attempt!(vm, s, mapping_get(vm, locals, name)).is_none() {
            let dict = vm.new_dict();
            attempt!(vm, s, vm.set_item(locals, name, dict));
        }
        s.next()
    }
}
pub unsafe fn import_name(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let name = s.name(s.arg());
        let module = attempt!(vm, s, vm.import_statement((*s.frame).globals, name, s.peek(1), s.peek(2)));
        s.reduce(2, module)
    }
}
pub unsafe fn import_from(vm: &mut Vm, s: State) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        let name = s.name(s.arg());
        let value = attempt!(vm, s, vm.import_from(s.peek(1), name));
        s.reduce(0, value)
    }
}

#[inline(always)]
unsafe fn push_global(s: State, value: Value) -> State {
    // SAFETY: see the module `handlers`.
    unsafe {
        *s.sp = value;
        *s.sp.add(1) = Value::UNBOUND;
        State { ip: s.ip.add(1), sp: s.sp.add(1 + (s.arg() & 1)), frame: s.frame }
    }
}

unsafe fn global_or_builtin(vm: &mut Vm, s: State, name: Value) -> PyResult<Option<Value>> {
    // SAFETY: see the module `handlers`.
    let (globals, builtins) = unsafe { ((*s.frame).globals, (*s.frame).builtins) };
    Ok(mapping_get(vm, globals, name)?.or_else(|| vm.dict_get_name(builtins, name)))
}

/// Where names are stored: a function of code that has no fast locals stores its names among the globals.
pub(super) unsafe fn namespace(s: State) -> Value {
    // SAFETY: see the module `handlers`.
    let (locals, globals) = unsafe { ((*s.frame).locals, (*s.frame).globals) };
    if locals.is_unbound() { globals } else { locals }
}

unsafe fn name_in_locals(vm: &mut Vm, s: State, name: Value) -> PyResult<Option<Value>> {
    // SAFETY: see the module `handlers`.
    let locals = unsafe { (*s.frame).locals };
    if locals.is_unbound() { Ok(None) } else { mapping_get(vm, locals, name) }
}

/// A mapping's value under a name; `None` on KeyError.
pub(crate) fn mapping_get(vm: &mut Vm, mapping: Value, name: Value) -> PyResult<Option<Value>> {
    if vm.is_exact(mapping, BuiltinType::Dict) {
        return Ok(vm.dict_get_name(mapping, name));
    }
    match vm.get_item(mapping, name) {
        Ok(value) => Ok(Some(value)),
        Err(Raised) if vm.exception_matches(vm.exceptions.KeyError) => {
            vm.clear_exception();
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

impl Vm {
    /// What LOAD_COMMON_CONSTANT loads; none of these changes.
    pub(crate) fn common_constant(&mut self, which: usize) -> Value {
        match which {
            0 => Value::object(self.exceptions.AssertionError),
            1 => Value::object(self.exceptions.NotImplementedError),
            2 => Value::object(self.class(BuiltinType::Tuple)),
            3 => self.quantifiers[0],
            4 => self.quantifiers[1],
            5 => Value::object(self.class(BuiltinType::List)),
            _ => Value::object(self.class(BuiltinType::Set)),
        }
    }
}
