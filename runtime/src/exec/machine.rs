//! The uop interpreter's world: the VM's heap, the root frame and the homes. It does what compiled code does, at the
//! same offsets and with the same barriers.

use super::Executor;
use super::helpers::{self, LAYOUT};
use super::lists;
use crate::backend::uops::{FrameCall, HasRaised, Machine};
use crate::gc;
use crate::interp::code::Instruction;
use crate::interp::frame::Frame;
use crate::object::header::Header;
use crate::object::integer::are_one_word_int;
use crate::object::layout::CodeObject;
use crate::object::native::{Arguments, NativeBinding};
use crate::uop::{ElementKind, ExitIdx, Field, Helper, Storage};
use crate::value::Value;
use crate::vm::{Raised, Vm};
use std::sync::atomic::Ordering;

/// What a superblock runs on. Who makes one promises that the superblock is verified and its guards establish the
/// layouts that its other micro-ops ask for, and keeps what the fields say as long as it runs.
pub struct VmMachine<'v> {
    pub vm: &'v mut Vm,
    /// The running frame, of the code that the superblock was recorded in; once it has pushed frames, the last of them.
    pub frame: *mut Frame,
    /// Room for `MAX_HOMES` words, where the collector sees them.
    pub homes: *mut u64,
    /// Alive.
    pub executor: *const Executor,
}

impl From<Raised> for HasRaised {
    fn from(_: Raised) -> HasRaised {
        HasRaised
    }
}

impl VmMachine<'_> {
    /// Where a field of an object lies.
    fn field(&self, owner: Value, field: Field) -> *mut u8 {
        owner.as_ptr::<u8>().wrapping_add(LAYOUT.field(field) as usize)
    }

    fn slot(&self, owner: Value, slot: u16) -> *mut Value {
        owner.as_ptr::<u8>().wrapping_add(LAYOUT.instance_slots as usize + slot as usize * 8).cast()
    }

    fn generator_slot(&self, generator: Value, slot: u16) -> *mut Value {
        generator.as_ptr::<u8>().wrapping_add(LAYOUT.generator_slots as usize + slot as usize * 8).cast()
    }

    fn element(&self, array: Value, field: Field, index: i64) -> *mut Value {
        self.field(array, field).cast::<Value>().wrapping_offset(index as isize)
    }

    /// The bytes of an element in raw storage.
    fn raw(&self, storage: Value, element: ElementKind, index: i64) -> &'static mut [u8] {
        let size_bytes = element.size_bytes();
        let offset = LAYOUT.raw_data as usize + index as usize * size_bytes;
        // SAFETY: a bounds check dominates, so that the element is in the storage, which the reference does not outlive.
        unsafe { std::slice::from_raw_parts_mut(storage.as_ptr::<u8>().add(offset), size_bytes) }
    }

    /// Writes a value into an object, with the barrier.
    ///
    /// # Safety
    /// `at` is a value of the live object `owner`.
    unsafe fn store(&mut self, owner: Value, at: *mut Value, value: Value) {
        // SAFETY: the caller's promise.
        unsafe { *at = value };
        if value.is_object() {
            self.vm.barrier(owner.as_ptr::<Header>());
        }
    }
}

impl Machine for VmMachine<'_> {
    fn frame_slot(&mut self, slot: u16) -> Value {
        // SAFETY: the slots of a superblock are those of the frame's code.
        unsafe { *Frame::slot(self.frame, slot as usize) }
    }
    fn set_frame_slot(&mut self, slot: u16, value: Value) {
        // SAFETY: as above. Running frames are roots: no barrier.
        unsafe { *Frame::slot(self.frame, slot as usize) = value }
    }
    fn home(&mut self, home: u16) -> u64 {
        // SAFETY: homes are below `MAX_HOMES`: executors with more are not made.
        unsafe { *self.homes.add(home as usize) }
    }
    fn set_home(&mut self, home: u16, word: u64) {
        // SAFETY: as above.
        unsafe { *self.homes.add(home as usize) = word }
    }

    fn shape(&mut self, object: Value) -> u32 {
        self.vm.shape_of(object)
    }
    fn load_field(&mut self, owner: Value, field: Field) -> Value {
        // SAFETY: a shape guard established that the owner has the field.
        unsafe { *self.field(owner, field).cast() }
    }
    fn store_field(&mut self, owner: Value, field: Field, value: Value) {
        // SAFETY: as in `load_field`.
        unsafe { self.store(owner, self.field(owner, field).cast(), value) }
    }
    fn load_word(&mut self, owner: Value, field: Field) -> i64 {
        let at = self.field(owner, field);
        // SAFETY: as in `load_field`; the field's storage says how wide it is.
        unsafe {
            match field.storage() {
                Storage::Value | Storage::Word => *at.cast::<i64>(),
                Storage::Half => i64::from(*at.cast::<u32>()),
            }
        }
    }
    fn store_word(&mut self, owner: Value, field: Field, word: i64) {
        let at = self.field(owner, field);
        // SAFETY: as in `load_word`.
        unsafe {
            match field.storage() {
                Storage::Value | Storage::Word => *at.cast::<i64>() = word,
                Storage::Half => *at.cast::<u32>() = word as u32,
            }
        }
    }
    fn load_slot(&mut self, owner: Value, slot: u16) -> Value {
        // SAFETY: a shape guard established that the instance has the slot inline.
        unsafe { *self.slot(owner, slot) }
    }
    fn store_slot(&mut self, owner: Value, slot: u16, value: Value) {
        // SAFETY: as in `load_slot`.
        unsafe { self.store(owner, self.slot(owner, slot), value) }
    }
    fn add_slot(&mut self, owner: Value, slot: u16, shape: u32, value: Value) {
        // SAFETY: as in `load_slot`, for the shape that has one slot less; both have as many inline slots.
        unsafe {
            (*owner.as_ptr::<Header>()).shape = shape;
            self.store(owner, self.slot(owner, slot), value);
        }
    }
    fn load_generator_slot(&mut self, generator: Value, slot: u16) -> Value {
        // SAFETY: guards established that it is a generator, and of which code.
        unsafe { *self.generator_slot(generator, slot) }
    }
    fn store_generator_slot(&mut self, generator: Value, slot: u16, value: Value) {
        // SAFETY: as in `load_generator_slot`.
        unsafe { self.store(generator, self.generator_slot(generator, slot), value) }
    }
    fn suspend(&mut self, generator: Value, top: u16, ip: i64) {
        self.store_word(generator, Field::GeneratorIp, ip);
        let at = generator.as_ptr::<u8>().wrapping_add(LAYOUT.generator_sp as usize);
        // SAFETY: as in `load_generator_slot`.
        unsafe { *at.cast::<*mut Value>() = self.generator_slot(generator, top) };
    }
    fn load_element(&mut self, array: Value, field: Field, index: i64) -> Value {
        // SAFETY: a bounds check dominates.
        unsafe { *self.element(array, field, index) }
    }
    fn store_element(&mut self, array: Value, field: Field, index: i64, value: Value) {
        // SAFETY: as in `load_element`.
        unsafe { self.store(array, self.element(array, field, index), value) }
    }
    fn load_raw(&mut self, storage: Value, element: ElementKind, index: i64) -> u64 {
        element.load(self.raw(storage, element, index))
    }
    fn store_raw(&mut self, storage: Value, element: ElementKind, index: i64, word: u64) {
        element.store(self.raw(storage, element, index), word);
    }
    fn copy_elements(&mut self, to: (Value, i64), from: (Value, i64), count: i64, step: i64) {
        lists::copy_elements(self.vm, to, from, count, step);
    }

    fn are_one_int(&mut self, lhs: Value, rhs: Value) -> bool {
        are_one_word_int(lhs, rhs)
    }
    fn box_large_int(&mut self, integer: i64) -> Value {
        self.vm.new_int(integer)
    }
    fn new_tuple(&mut self, items: &[Value]) -> Value {
        self.vm.new_tuple(items)
    }
    fn new_list(&mut self, items: &[Value]) -> Value {
        lists::list_of(self.vm, items)
    }
    fn new_dict(&mut self) -> Value {
        self.vm.new_dict()
    }
    fn list_slice(&mut self, list: Value, start: i64, count: i64, step: i64) -> Value {
        lists::list_slice(self.vm, list, start, count, step)
    }
    fn new_slice(&mut self, start: Value, stop: Value, step: Value) -> Value {
        self.vm.new_slice(start, stop, step)
    }
    fn new_instance(&mut self, shape: u32, slots: u16, initial: &[Value]) -> Value {
        helpers::instance_of(self.vm, shape, slots, initial)
    }
    fn new_cell(&mut self, content: Value) -> Value {
        self.vm.new_cell(content)
    }
    fn new_generator(&mut self, code: u64, ip: i64, awaited: bool, function: Value, slots: &[Value]) -> Value {
        self.vm.new_generator(code as *mut CodeObject, ip as *mut Instruction, function, awaited, slots)
    }
    fn new_function(&mut self, code: u64, parts: [Value; 4]) -> Value {
        self.vm.new_function_of(code as *mut CodeObject, parts)
    }
    fn new_range(&mut self, start: Value, stop: Value, step: Value, len: Value) -> Value {
        self.vm.new_range_of(start, stop, step, len)
    }
    fn new_range_iter(&mut self, next: i64, step: i64, remaining: i64) -> Value {
        self.vm.new_range_iter(next, step, remaining)
    }
    fn new_bound_method(&mut self, function: Value, owner: Value) -> Value {
        self.vm.new_bound_method(function, owner)
    }

    fn announce(&mut self, exit: ExitIdx) {
        self.vm.exit_index = exit.0;
    }
    fn call_helper(&mut self, helper: Helper, words: &[u64]) -> Result<Value, HasRaised> {
        let word = helpers::call(self.vm, helper, words);
        Ok(helpers::value_of_word(self.vm, word)?)
    }
    fn call_test(&mut self, helper: Helper, words: &[u64]) -> Result<bool, HasRaised> {
        let word = helpers::call(self.vm, helper, words);
        Ok(helpers::truth_of_word(word)?)
    }
    fn call_native(&mut self, binding: u64, arguments: &[Value]) -> Result<Value, HasRaised> {
        // SAFETY: the recorder took it from a native function; bindings live as long as the VM.
        let binding = unsafe { &*(binding as *const NativeBinding) };
        Ok(self.vm.call_binding(binding, Arguments::positional(arguments))?)
    }
    fn call_value(&mut self, callee: Value, arguments: &[Value]) -> Result<Value, HasRaised> {
        Ok(self.vm.call(callee, arguments)?)
    }

    fn has_pending(&mut self) -> bool {
        self.vm.pending.load(Ordering::Relaxed) != 0
    }
    fn count_steps(&mut self, steps: u32) {
        self.vm.executor_steps += u64::from(steps);
    }
    fn is_valid(&mut self) -> bool {
        // SAFETY: the executor is alive, as who made the machine promised.
        unsafe { (*self.executor).valid != 0 }
    }
    fn forces_exit(&mut self) -> bool {
        self.vm.forced_exit.is_due()
    }
    fn has_stack(&mut self) -> bool {
        gc::native_stack_pointer() >= self.vm.native_stack_limit
    }
    fn has_frames(&mut self, frames: u16, words: u32) -> bool {
        self.vm.has_frames(frames, words)
    }
    fn push_frame(&mut self, call: &FrameCall, values: &[Value]) {
        // SAFETY: the recorder made the call's addresses of live code, and `guard_frames` dominates.
        self.frame = unsafe { self.vm.push_frame_of_call(self.frame, call, values) };
    }
    fn return_to_caller(&mut self, value: Value) -> bool {
        // SAFETY: the root frame is the running one, and no generator's.
        unsafe { self.vm.return_to_caller(self.frame, value) }
    }
}
