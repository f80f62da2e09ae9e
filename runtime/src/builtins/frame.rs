//! Frame objects: what `sys._getframe` and tracebacks show of frames. They are read anew as long as the frame runs, wherever
//! it is by then: in tier 1, or in an executor, inlined or not. One that ends leaves in its object what it was like.
//! (What it leaves in tracebacks: `traceback`.)

use super::code::code_of;
use crate::bytecode::LocalKind;
use crate::exec::{LightFrame, Place, RunningFrame};
use crate::interp::code::CO_OPTIMIZED;
use crate::interp::frame::Frame;
use crate::object::argument::{This, method};
use crate::object::convert::text::Text;
use crate::object::layout::{
    CellObject, CodeObject, FrameObject, GeneratorObject, GeneratorState, TracebackObject, TupleObject, ValueArray,
};
use crate::object::native::NativeRow;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{GetSetRow, TypeSpec, field};
use crate::object::types::BuiltinType;
use crate::thread::Thread;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static FRAME: TypeSpec = TypeSpec {
    name: "frame",
    doc: "A call that runs, or ran.",
    slots: Slots { repr: slot(write_repr), ..Slots::NONE },
    methods: FRAME_METHODS,
    getters: FRAME_GETTERS,
    ..TypeSpec::NEW
};
fn write_repr(vm: &mut Vm, out: &mut Text, this: This<FrameObject>) -> PyResult<()> {
    let code = This::<CodeObject>::expect(vm, this.code);
    let (_, line) = vm.position_of(this);
    out.push_str(&format!("<frame at {:#x}, file ", this.value().0));
    vm.write_repr(out, code.filename)?;
    out.push_str(&format!(", line {line}, code "));
    out.push_view(vm.str_of(code.name).view());
    out.push('>' as u32);
    Ok(())
}

/// A frame object whose frame runs. (Of generators' frames the generators know.)
pub(crate) struct LiveFrame {
    pub place: Place,
    pub object: Value,
}

impl LiveFrame {
    pub fn code(&self) -> *mut CodeObject {
        // SAFETY: a live frame object.
        unsafe { (*self.object.as_ptr::<FrameObject>()).code.as_ptr() }
    }
}

const FRAME_GETTERS: &[GetSetRow] = &[
    field("f_code", |this: This<FrameObject>| this.code).doc("The code that runs."),
    field("f_back", |vm: &mut Vm, this: This<FrameObject>| vm.caller_of(this)).doc("The caller's frame, or None."),
    field("f_globals", |this: This<FrameObject>| this.globals).doc("The variables of the module."),
    field("f_builtins", |this: This<FrameObject>| this.builtins).doc("Where built-in names are looked up."),
    field("f_locals", |vm: &mut Vm, this: This<FrameObject>| {
        // Of functions they are variables, of modules and classes a mapping.
        if code_of(This::expect(vm, this.code)).flags & CO_OPTIMIZED != 0 {
            vm.new_frame_locals(this)
        } else {
            vm.locals_of(this)
        }
    })
    .doc("The local variables."),
    field("f_lineno", |vm: &mut Vm, this: This<FrameObject>| {
        let (_, line) = vm.position_of(this);
        (line >= 0).then_some(line as i64)
    })
    .set_by(|vm: &mut Vm, this: This<FrameObject>, line: Option<Value>| vm.set_line(this, line))
    .doc("The line where it stands."),
    field("f_lasti", |vm: &mut Vm, this: This<FrameObject>| {
        let (instruction, _) = vm.position_of(this);
        code_of(This::expect(vm, this.code)).byte_of(instruction)
    })
    .doc("The byte of the code where it stands."),
    field("f_trace", |this: This<FrameObject>| this.trace)
        .set_by(|vm: &mut Vm, mut this: This<FrameObject>, function: Option<Value>| {
            this.trace = function.unwrap_or(Value::NONE);
            vm.barrier(this.pointer());
            PyResult::Ok(())
        })
        .doc("The function that is called as the frame runs, or None."),
    field("f_trace_lines", |this: This<FrameObject>| this.traces_lines)
        .set_by(|vm: &mut Vm, mut this: This<FrameObject>, value: Option<Value>| {
            this.traces_lines = truth(vm, value)?;
            PyResult::Ok(())
        })
        .doc("Is it called at each line?"),
    field("f_trace_opcodes", |this: This<FrameObject>| this.traces_instructions)
        .set_by(|vm: &mut Vm, this: This<FrameObject>, value: Option<Value>| {
            let is_traced = truth(vm, value)?;
            vm.trace_instructions(this, is_traced);
            PyResult::Ok(())
        })
        .doc("Is it called at each instruction?"),
    field("f_generator", |this: This<FrameObject>| this.generator.or_none())
        .doc("The generator that has the frame, or None."),
];

const FRAME_METHODS: &[NativeRow] =
    &[method("clear", "($self, /)", clear).doc("Lets go of the local variables of a frame that is over.")];

fn truth(vm: &mut Vm, value: Option<Value>) -> PyResult<bool> {
    match value {
        Some(value) if value.is_bool() => Ok(value.as_bool()),
        Some(_) => Err(vm.raise_type("attribute value type must be bool")),
        None => Err(vm.raise_type("can't delete numeric/char attribute")),
    }
}

fn clear(vm: &mut Vm, mut this: This<FrameObject>) -> PyResult<()> {
    if let Some(generator) = This::<GeneratorObject>::of(vm, this.generator) {
        match generator.state {
            GeneratorState::Running => {}
            GeneratorState::Suspended => return Err(vm.raise_runtime("cannot clear a suspended frame")),
            GeneratorState::Created => return vm.generator_close(generator.value()).map(|_| ()),
            GeneratorState::Finished => return Ok(()),
        }
    }
    if vm.live_frame(this).is_some() {
        return Err(vm.raise_runtime("cannot clear an executing frame"));
    }
    let locals = vm.new_dict();
    this.locals = locals;
    vm.barrier(this.pointer());
    Ok(())
}

/// `gi_frame` and its like: None of a generator that is over.
pub(super) fn generator_frame(vm: &mut Vm, this: This<GeneratorObject>) -> Value {
    if this.state == GeneratorState::Finished {
        return Value::NONE;
    }
    let running = vm.frames().find(|frame| frame.generator() == this.value().as_ptr());
    if let Some(run) = running.as_ref().and_then(RunningFrame::run) {
        vm.make_leave(run);
    }
    vm.generator_frame_object(this.value().as_ptr())
}

/// The line of a code object's instruction.
pub(crate) fn line_of(code: *mut CodeObject, instruction: usize) -> i32 {
    // SAFETY: callers pass a live code object.
    unsafe { &*(*code).code }.positions().get(instruction).map_or(-1, |position| position.line)
}

impl Vm {
    /// The frame `depth` calls up from the running one.
    pub fn frame_object(&mut self, depth: i64) -> PyResult {
        match self.visible_frames().nth(depth.max(0) as usize) {
            Some(frame) => Ok(self.object_of_frame(frame)),
            None => Err(self.raise_value("call stack is not deep enough")),
        }
    }

    /// For each thread that runs Python code: its handle, and the frame object of its innermost frame.
    pub(crate) fn thread_frames(&mut self) -> Vec<(i64, Value)> {
        let running = [&mut self.thread].into_iter().chain(self.threads.parked_mut());
        let frames: Vec<_> = running.filter_map(|thread| Some((thread.ident(), thread.running_frame()?))).collect();
        frames.into_iter().map(|(ident, frame)| (ident, self.object_of_frame(frame))).collect()
    }

    /// The frame object of a frame that runs. An executor that has the frame leaves, so that the frame becomes real.
    pub(super) fn object_of_frame(&mut self, frame: RunningFrame) -> Value {
        if let Some(run) = frame.run() {
            self.make_leave(run);
        }
        let object = match frame.place() {
            Place::Memory(frame) => self.object_of_memory(frame),
            place => {
                let namespaces = [frame.globals(), frame.builtins(), frame.mapping()];
                self.known_at(place, frame.code_object())
                    .unwrap_or_else(|| self.new_frame_object(place, frame.code_object(), namespaces))
            }
        };
        if let Some(light) = frame.light() {
            light.look_at();
        }
        This::<FrameObject>::expect(self, object).is_shown = true;
        object
    }

    /// The object of a frame in memory, which it has from now on.
    pub(super) fn object_of_memory(&mut self, frame: *mut Frame) -> Value {
        // SAFETY: callers pass a live frame.
        let (generator, flags) = unsafe { ((*frame).generator, (*frame).flags) };
        if !generator.is_null() {
            return self.generator_frame_object(generator);
        }
        let place = Place::Memory(frame);
        // SAFETY: as above.
        let (code, namespaces) =
            unsafe { ((*frame).code_object, [(*frame).globals, (*frame).builtins, (*frame).locals]) };
        if flags & Frame::HAS_OBJECT != 0
            && let Some(known) = self.known_at(place, code)
        {
            return known;
        }
        // SAFETY: as above.
        unsafe { (*frame).flags |= Frame::HAS_OBJECT };
        self.new_frame_object(place, code, namespaces)
    }

    fn known_at(&self, place: Place, code: *mut CodeObject) -> Option<Value> {
        let known = self.frame_objects.iter().rev().find(|live| live.place == place);
        known.filter(|live| live.code() == code).map(|live| live.object)
    }

    /// A frame object of a frame that runs there.
    fn new_frame_object(&mut self, place: Place, code: *mut CodeObject, namespaces: [Value; 3]) -> Value {
        let [globals, builtins, locals] = namespaces;
        let object = self.make(BuiltinType::Frame, |header| FrameObject {
            globals,
            builtins,
            locals,
            ..FrameObject::of_code(header, Value::object(code))
        });
        self.frame_objects.retain(|live| live.place != place);
        self.frame_objects.push(LiveFrame { place, object });
        object
    }

    /// Is it the frame's object?
    pub(crate) fn is_frame_of(&mut self, object: This<FrameObject>, frame: *mut Frame) -> bool {
        self.live_frame(object).is_some_and(|live| live.place() == Place::Memory(frame))
    }

    /// The object of a frame in memory, which runs, as it is shown to programs.
    pub(crate) fn frame_object_at(&mut self, frame: *mut Frame) -> Value {
        let object = self.object_of_memory(frame);
        This::<FrameObject>::expect(self, object).is_shown = true;
        object
    }

    /// The object of a frame in memory, which runs, if it has one.
    pub(crate) fn known_object_at(&mut self, frame: *mut Frame) -> Option<This<FrameObject>> {
        // SAFETY: callers pass a live frame.
        let (generator, flags, code) = unsafe { ((*frame).generator, (*frame).flags, (*frame).code_object) };
        let object = match generator.is_null() {
            true if flags & Frame::HAS_OBJECT == 0 => return None,
            true => self.known_at(Place::Memory(frame), code)?,
            // SAFETY: the frame's generator, which runs.
            false => unsafe { (*generator).frame_object },
        };
        This::of(self, object)
    }

    /// The object of a running frame, if it has one.
    fn known_object_of(&mut self, frame: &RunningFrame) -> Option<This<FrameObject>> {
        let generator = frame.generator();
        let object = match generator.is_null() {
            true => self.known_at(frame.place(), frame.code_object())?,
            // SAFETY: the frame's generator, which runs.
            false => unsafe { (*generator).frame_object },
        };
        This::of(self, object)
    }

    /// Puts what was written through a running frame's `f_locals`, and is not in its variables, into a dict.
    pub(crate) fn add_what_is_beside(&mut self, frame: &RunningFrame, locals: Value) -> PyResult<()> {
        match self.known_object_of(frame).filter(|object| !object.beside.is_unbound()) {
            Some(object) => self.dict_update(locals, object.beside),
            None => Ok(()),
        }
    }

    fn generator_frame_object(&mut self, generator: *mut GeneratorObject) -> Value {
        // SAFETY: callers pass a generator, which owns its frame.
        unsafe {
            if (*generator).frame_object.is_unbound() {
                let frame = &raw const (*generator).frame;
                (*generator).frame_object = self.make(BuiltinType::Frame, |header| FrameObject {
                    globals: (*frame).globals,
                    builtins: (*frame).builtins,
                    generator: Value::object(generator),
                    ..FrameObject::of_code(header, Value::object((*frame).code_object))
                });
                self.barrier(generator);
            }
            (*generator).frame_object
        }
    }

    /// The frame of a frame object and its caller's, if it runs.
    fn live_frames(&mut self, this: This<FrameObject>) -> Option<(RunningFrame, Option<RunningFrame>)> {
        let (object, generator) = (this.value(), this.generator);
        let place = self.frame_objects.iter().find(|live| live.object == object).map(|live| live.place);
        if generator.is_unbound() && place.is_none() {
            return None;
        }
        let find = |thread: &mut Thread| {
            let mut frames = thread.visible_frames();
            let frame = frames.find(|frame| match place {
                Some(place) => frame.place() == place,
                None => frame.generator() == generator.as_ptr(),
            })?;
            Some((frame, frames.next()))
        };
        find(&mut self.thread).or_else(|| self.threads.parked_mut().find_map(find))
    }

    fn live_frame(&mut self, object: This<FrameObject>) -> Option<RunningFrame> {
        self.live_frames(object).map(|(frame, _)| frame)
    }

    /// The frame in the generator whose frame object it is.
    fn frame_in_generator(object: This<FrameObject>) -> Option<*mut Frame> {
        let generator = object.generator;
        // SAFETY: a generator, which owns its frame.
        (!generator.is_unbound()).then(|| unsafe { &raw mut (*generator.as_ptr::<GeneratorObject>()).frame })
    }

    /// Instruction and line that a frame object's frame stands at.
    fn position_of(&mut self, object: This<FrameObject>) -> (usize, i32) {
        let instruction = match (self.live_frame(object), Self::frame_in_generator(object)) {
            (Some(frame), _) => frame.instruction(),
            // SAFETY: the generator's own frame. A suspended one stands where it goes on, which is of the line of the `yield`.
            (None, Some(frame)) => unsafe { Frame::instruction_index(frame) },
            (None, None) => {
                return (object.instruction as usize, object.line);
            }
        };
        (instruction, line_of(object.code.as_ptr(), instruction))
    }

    /// The mapping of a module's or class's frame; of a function's a dict of what its variables are now.
    pub(super) fn locals_of(&mut self, object: This<FrameObject>) -> PyResult {
        let locals = match (self.live_frame(object), Self::frame_in_generator(object)) {
            (Some(frame), _) => self.running_locals(frame)?,
            (None, Some(frame)) => self.frame_locals(frame)?,
            (None, None) if object.locals.is_unbound() => self.new_dict(),
            (None, None) => return self.locals_left(object),
        };
        if !object.beside.is_unbound() {
            self.dict_update(locals, object.beside)?;
        }
        Ok(locals)
    }

    /// The mapping of a frame that is over; of a function's variables it is made when somebody asks.
    fn locals_left(&mut self, mut object: This<FrameObject>) -> PyResult {
        if self.is_exact(object.locals, BuiltinType::Array) {
            // SAFETY: an array, which this frame holds: as many elements as the code has variables.
            let slots = unsafe { (*object.locals.as_ptr::<ValueArray>()).elements() };
            let locals = self.locals_dict(object.code.as_ptr(), slots)?;
            if !object.beside.is_unbound() {
                self.dict_update(locals, object.beside)?;
            }
            object.locals = locals;
            self.barrier(object.pointer());
        }
        Ok(object.locals)
    }

    /// What a frame in memory leaves when it ends: its mapping, or an array of what is in its variables; unbound where there
    /// is none, or no memory for it.
    pub(super) fn variables_of(&mut self, frame: *mut Frame) -> Value {
        // SAFETY: callers pass a live frame; its variables stay where they are meanwhile.
        unsafe {
            if !(*frame).locals.is_unbound() {
                return (*frame).locals;
            }
            let slots = std::slice::from_raw_parts(Frame::slot(frame, 0), (*(*frame).code).n_localsplus);
            self.array_of(slots)
        }
    }

    /// An array of these values; unbound where there are none, or no memory for it.
    pub(crate) fn array_of(&mut self, values: &[Value]) -> Value {
        if values.is_empty() {
            return Value::UNBOUND;
        }
        let raised = self.take_exception();
        let array = self.new_array(values.len()).unwrap_or(Value::UNBOUND);
        self.exception = raised;
        if !array.is_unbound() {
            // SAFETY: a fresh array of as many elements.
            unsafe { (*array.as_ptr::<ValueArray>()).elements_mut().copy_from_slice(values) };
        }
        array
    }

    /// The slot of a function's variable.
    pub(super) fn slot_of_local(&mut self, object: This<FrameObject>, key: Value) -> PyResult<Option<usize>> {
        // SAFETY: a frame object's code is a code object, whose names are a tuple of interned strs.
        let names =
            unsafe { (*(*object.code.as_ptr::<CodeObject>()).localsplus_names.as_ptr::<TupleObject>()).items() };
        if self.is_exact(key, BuiltinType::Str) {
            let key = self.intern_value(key);
            return Ok(names.iter().position(|&name| name == key));
        }
        let hash = self.hash(key)?;
        for (slot, &name) in names.iter().enumerate() {
            if self.hash(name)? == hash && self.equal(key, name)? {
                return Ok(Some(slot));
            }
        }
        Ok(None)
    }

    /// Sets a variable of a function's frame, or what is kept beside them. What an executor has in its hands is set when it has
    /// left, which it was told to; until then it is kept beside, too.
    pub(super) fn set_frame_local(&mut self, mut object: This<FrameObject>, key: Value, value: Value) -> PyResult<()> {
        let slot = self.slot_of_local(object, key)?;
        // SAFETY: as in `slot_of_local`, which gave it.
        let name_of = |slot: usize| unsafe {
            (*(*object.code.as_ptr::<CodeObject>()).localsplus_names.as_ptr::<TupleObject>()).items()[slot]
        };
        let key = slot.map_or(key, name_of);
        let (live, own) = (self.live_frame(object), Self::frame_in_generator(object));
        let is_over = live.is_none() && own.is_none();
        let frame = match live {
            Some(live) if live.run().is_some() => {
                let cell = slot.map(|slot| self.running_slots(live)[slot]);
                if let (Some(cell), Some(slot)) = (cell, slot)
                    && let Some(cell) = self.cell_of_variable(object.code.as_ptr(), slot, cell)
                {
                    self.set_cell(cell, value);
                    return Ok(());
                }
                None
            }
            Some(live) => match live.place() {
                Place::Memory(frame) => Some(frame),
                Place::Inlined(..) | Place::Light(_) => None,
            },
            None => own,
        };
        if let (Some(frame), Some(slot)) = (frame, slot) {
            // SAFETY: a live frame of the object's code, in memory.
            unsafe { self.set_variable(frame, slot, value) };
            return Ok(());
        }
        if is_over && !object.locals.is_unbound() {
            let locals = self.locals_left(object)?;
            return self.dict_set(locals, key, value);
        }
        if object.beside.is_unbound() {
            let beside = self.new_dict();
            object.beside = beside;
            self.barrier(object.pointer());
        }
        self.dict_set(object.beside, key, value)
    }

    /// # Safety
    /// The frame is alive, in memory, and has such a variable.
    unsafe fn set_variable(&mut self, frame: *mut Frame, slot: usize, value: Value) {
        // SAFETY: the caller's promise.
        unsafe {
            let place = Frame::slot(frame, slot);
            match self.cell_of_variable((*frame).code_object, slot, *place) {
                Some(cell) => self.set_cell(cell, value),
                None => *place = value,
            }
            if !(*frame).generator.is_null() {
                self.barrier((*frame).generator);
            }
        }
    }

    /// The cell that a variable is in, if it is one that closures share.
    fn cell_of_variable(&self, code: *mut CodeObject, slot: usize, content: Value) -> Option<This<CellObject>> {
        // SAFETY: callers pass a live code object, which has such a variable.
        let kind = unsafe { (&(*(*code).code).localsplus_kinds)[slot] };
        if kind & (LocalKind::CELL | LocalKind::FREE) == 0 {
            return None;
        }
        This::of(self, content)
    }

    fn set_cell(&mut self, mut cell: This<CellObject>, value: Value) {
        cell.content = value;
        self.barrier(cell.pointer());
    }

    /// An executor has left a frame, which is in memory now: its variables are set to what was written meanwhile.
    pub(crate) fn set_what_was_written(&mut self, frame: *mut Frame) {
        // SAFETY: callers pass a live frame.
        let (generator, code) = unsafe { ((*frame).generator, (*frame).code_object) };
        let object = match generator.is_null() {
            true => self.known_at(Place::Memory(frame), code).unwrap_or(Value::UNBOUND),
            // SAFETY: a frame's generator is alive.
            false => unsafe { (*generator).frame_object },
        };
        let Some(object) = This::<FrameObject>::of(self, object).filter(|object| !object.beside.is_unbound()) else {
            return;
        };
        let raised = self.take_exception();
        let (beside, mut at) = (object.beside, 0);
        while let Some((index, entry)) = self.table(beside).next_entry(at) {
            at = index + 1;
            let (key, value) = (entry.key, entry.value);
            if self.is_exact(key, BuiltinType::Str)
                && let Ok(Some(slot)) = self.slot_of_local(object, key)
            {
                // SAFETY: the frame is of the object's code.
                unsafe { self.set_variable(frame, slot, value) };
                if self.del_item(beside, key).is_err() {
                    self.clear_exception();
                }
            }
        }
        self.exception = raised;
    }

    fn caller_of(&mut self, mut object: This<FrameObject>) -> Value {
        match self.live_frames(object) {
            Some((_, Some(caller))) => return self.object_of_frame(caller),
            Some((_, None)) => return Value::NONE,
            None => {}
        }
        if let Some(entry) = This::<TracebackObject>::of(self, object.back) {
            object.back = self.traceback_frame(entry);
            self.barrier(object.pointer());
        }
        object.back
    }

    /// The running frame whose object it is, if it runs, is shown to Python code.
    pub(super) fn show_if_live(&mut self, object: This<FrameObject>) -> bool {
        let live = self.live_frame(object);
        live.is_some_and(|live| self.object_of_frame(live) == object.value())
    }

    /// The running frame, which has an object, is about to be popped: the object keeps what it was like. A generator keeps
    /// its frame, though not who called it last.
    #[cold]
    #[inline(never)]
    pub(crate) fn frame_is_over(&mut self, frame: *mut Frame) {
        // SAFETY: a live frame.
        let generator = unsafe { (*frame).generator };
        let object = if generator.is_null() {
            let live = self.frame_objects.iter().rfind(|live| live.place == Place::Memory(frame));
            live.map(|live| live.object)
        } else {
            // SAFETY: a running generator.
            Some(unsafe { (*generator).frame_object })
        };
        let Some(mut object) = object.map(|object| This::<FrameObject>::expect(self, object)) else { return };
        if object.is_shown {
            let raised = self.take_exception();
            object.back = self.caller_of(object);
            self.exception = raised;
        }
        if generator.is_null() {
            // SAFETY: a live frame, whose instruction is known.
            let instruction = unsafe { Frame::instruction_index(frame) };
            object.locals = self.variables_of(frame);
            object.instruction = instruction as u32;
            object.line = line_of(object.code.as_ptr(), instruction);
            self.frame_objects.retain(|live| live.object != object.value());
        }
        self.barrier(object.pointer());
    }

    /// The innermost executable's frame, which has an object, is about to be unlinked: the object keeps what it was like.
    #[cold]
    #[inline(never)]
    pub(crate) fn light_frame_is_over(&mut self, frame: &LightFrame) {
        let live = self.frame_objects.iter().rfind(|live| live.place == Place::Light(frame));
        let Some(mut object) = live.map(|live| This::<FrameObject>::expect(self, live.object)) else { return };
        let raised = self.take_exception();
        let back = self.caller_of(object);
        let locals = self.locals_of(object).unwrap_or(Value::NONE);
        let (instruction, line) = self.position_of(object);
        (object.back, object.locals) = (back, locals);
        (object.instruction, object.line) = (instruction as u32, line);
        self.frame_objects.retain(|live| live.object != object.value());
        self.exception = raised;
        self.barrier(object.pointer());
    }
}
