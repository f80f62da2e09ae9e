//! Recording names of modules: globals and builtins.
//!
//! A name that is only read is a constant that the trace depends on. One that compiled code writes is a variable: it is
//! read and written where it stands in the dict's entries, as long as the dict's keys are those of the recording.

use super::frames::{Recorded, Recorder};
use super::{Abort, RecorderStart};
use crate::bytecode::Opcode;
use crate::exec::Dependency;
use crate::interp::code::CO_OPTIMIZED;
use crate::interp::dispatch::State;
use crate::object::dict::{ENTRY_WORDS, WATCHED};
use crate::object::types::BuiltinType;
use crate::uop::{Field, Helper, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

impl Recorder {
    /// The trace relies on what a dict has under a name.
    fn depend_on_name(&mut self, vm: &mut Vm, dict: Value, name: Value) {
        vm.table(dict).flags |= WATCHED;
        vm.jit.pin(dict);
        self.depend(Dependency::Name(dict.0, name.0));
    }

    /// The value of a dict's name as a constant that executors depend on.
    pub(super) fn dict_constant(&mut self, vm: &mut Vm, dict: Value, name: Value) -> Option<UopIdx> {
        let value = vm.dict_get_name(dict, name)?;
        if vm.jit.is_unstable(dict, name) {
            return None;
        }
        self.depend_on_name(vm, dict, name);
        Some(self.constant(vm, value))
    }

    pub(super) unsafe fn load_global(&mut self, vm: &mut Vm, s: State, arg: usize) -> Recorded<()> {
        // SAFETY: a live frame.
        let value = unsafe { self.global(vm, s, arg >> 1)? };
        self.push(value);
        if arg & 1 != 0 {
            let unbound = self.emitter.const_value(Value::UNBOUND);
            self.push(unbound);
        }
        Ok(())
    }

    /// LOAD_NAME of a module.
    pub(super) unsafe fn load_name(&mut self, vm: &mut Vm, s: State, name: usize) -> Recorded<()> {
        // SAFETY: a live frame.
        let value = unsafe {
            self.must_be_module(vm, s)?;
            self.global(vm, s, name)?
        };
        self.push(value);
        Ok(())
    }

    /// STORE_NAME of a module.
    pub(super) unsafe fn store_name(&mut self, vm: &mut Vm, s: State, name: usize) -> Recorded<()> {
        // SAFETY: a live frame.
        unsafe {
            self.must_be_module(vm, s)?;
            self.store_global(vm, s, name)
        }
    }

    /// Elsewhere names may be found in other mappings.
    unsafe fn must_be_module(&self, vm: &Vm, s: State) -> Recorded<()> {
        // SAFETY: a live frame.
        let (locals, globals) = unsafe { ((*s.frame).locals, (*s.frame).globals) };
        if locals == globals && vm.is_exact(locals, BuiltinType::Dict) { Ok(()) } else { Err(Abort::Unsupported) }
    }

    unsafe fn global(&mut self, vm: &mut Vm, s: State, place: usize) -> Recorded<UopIdx> {
        // SAFETY: a live frame.
        let (globals, builtins, name) = unsafe { ((*s.frame).globals, (*s.frame).builtins, s.name(place)) };
        if vm.dict_get_name(globals, name).is_none() {
            // It has to stay so, and nothing else to be asked for.
            if vm.jit.is_unstable(globals, name) || !vm.is_exact(globals, BuiltinType::Dict) {
                return Err(Abort::Unsupported);
            }
            self.depend_on_name(vm, globals, name);
            return self.dict_constant(vm, builtins, name).ok_or(Abort::Unsupported);
        }
        // SAFETY: a live frame.
        let is_variable = unsafe { self.is_stored_here(s, place) };
        if !is_variable && let Some(value) = self.dict_constant(vm, globals, name) {
            return Ok(value);
        }
        let (entries, index) = self.value_place(vm, globals, name)?;
        self.emit(Op::LoadElement { field: Field::ArrayElement }, &[entries, index], None)
    }

    pub(super) unsafe fn store_global(&mut self, vm: &mut Vm, s: State, place: usize) -> Recorded<()> {
        // SAFETY: a live frame.
        let (globals, name) = unsafe { ((*s.frame).globals, s.name(place)) };
        let value = self.peek(1)?;
        let value = self.emitter.boxed(value);
        if vm.dict_entry_of_name(globals, name).is_some() {
            vm.assume_variable(Dependency::Name(globals.0, name.0));
            let (entries, index) = self.value_place(vm, globals, name)?;
            self.emit(Op::StoreElement { field: Field::ArrayElement }, &[entries, index, value], None)?;
        } else {
            let (globals, name) = (self.constant(vm, globals), self.constant(vm, name));
            self.escaping(Op::CallHelper { helper: Helper::StoreGlobal }, &[globals, name, value])?;
        }
        self.drop(1);
        Ok(())
    }

    /// DELETE_NAME of a module.
    pub(super) unsafe fn delete_name(&mut self, vm: &mut Vm, s: State, name: usize) -> Recorded<()> {
        // SAFETY: a live frame.
        unsafe {
            self.must_be_module(vm, s)?;
            self.delete_global(vm, s, name)
        }
    }

    pub(super) unsafe fn delete_global(&mut self, vm: &mut Vm, s: State, place: usize) -> Recorded<()> {
        // SAFETY: a live frame.
        let (globals, name) = unsafe { ((*s.frame).globals, s.name(place)) };
        vm.assume_variable(Dependency::Name(globals.0, name.0));
        let (globals, name) = (self.constant(vm, globals), self.constant(vm, name));
        self.escaping(Op::CallHelper { helper: Helper::DelGlobal }, &[globals, name])?;
        Ok(())
    }

    /// Where the value of a name stands: the dict's entries, and the index in them.
    pub(super) fn value_place(&mut self, vm: &mut Vm, dict: Value, name: Value) -> Recorded<(UopIdx, UopIdx)> {
        let entry = vm.dict_entry_of_name(dict, name).expect("the name is there");
        let loses_keys = vm.table(dict).loses_keys();
        let version = vm.dict_keys_version(dict).ok_or(Abort::Unsupported)?;
        let dict = self.constant(vm, dict);
        if !loses_keys {
            self.guard_word(dict, Field::DictKeysVersion, version.into())?;
        }
        let entries = self.emit(Op::LoadField { field: Field::DictEntries }, &[dict], None)?;
        if loses_keys {
            // Other names come and go: this one is looked at.
            let used = self.emit(Op::LoadWord { field: Field::DictUsed }, &[dict], None)?;
            let number = self.emitter.const_int(entry as i64);
            let is_inside = self.emit(Op::IntUlt {}, &[number, used], None)?;
            self.guarded(Op::GuardTrue {}, &[is_inside])?;
            let key_at = self.emitter.const_int((entry * ENTRY_WORDS + 1) as i64);
            let key = self.emit(Op::LoadElement { field: Field::ArrayElement }, &[entries, key_at], None)?;
            let key_now = vm.table(self.emitter.known_value(dict).expect("a constant")).key_at(entry);
            self.guard_is(vm, key, key_now)?;
        }
        let index = self.emitter.const_int((entry * ENTRY_WORDS + 2) as i64);
        Ok((entries, index))
    }

    /// Does the code that is being recorded assign the name, by its place among the code's names? Of a module it is the
    /// loop that counts: all functions are assigned once.
    unsafe fn is_stored_here(&self, s: State, place: usize) -> bool {
        // SAFETY: a live frame.
        let code = unsafe { &*(*s.frame).code };
        let is_root = self.frames.len() == 1 && matches!(self.start, RecorderStart::Loop);
        let range = match code.flags & CO_OPTIMIZED != 0 {
            true => 0..code.original.len(),
            false if is_root => self.start_ip as usize..self.install_ip as usize,
            false => return false,
        };
        let stores = |opcode| matches!(opcode, Opcode::StoreName | Opcode::StoreGlobal);
        code.original[range].iter().any(|decoded| stores(decoded.opcode) && decoded.arg as usize == place)
    }
}
