//! Tracebacks: the places that an exception came through, and what their frames were like.
//!
//! An entry is made where the exception is raised or arrives in a frame. A frame that catches it, and goes on, gives the entry
//! its object, which sees the frame as long as that runs and takes over its variables when it ends. One that the exception leaves
//! gives it the variables themselves: most entries are never asked for a frame.

use super::code::code_of;
use crate::interp::frame::Frame;
use crate::object::argument::{ClassOf, This, method};
use crate::object::layout::{CodeObject, FrameObject, TracebackObject};
use crate::object::spec::{GetSetRow, TypeSpec, field};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static TRACEBACK: TypeSpec = TypeSpec {
    name: "traceback",
    doc: "A place that an exception came through.",
    new: Some(
        method("__new__", "($type, /, tb_next, tb_frame, tb_lasti, tb_lineno)", new_traceback)
            .doc("An entry before others."),
    ),
    getters: TRACEBACK_GETTERS,
    ..TypeSpec::NEW
};

const TRACEBACK_GETTERS: &[GetSetRow] = &[
    field("tb_frame", |vm: &mut Vm, this: This<TracebackObject>| vm.traceback_frame(this)).doc("The frame."),
    field("tb_next", |this: This<TracebackObject>| this.next.or_none())
        .set_by(set_next)
        .doc("The next entry, towards the raise, or None."),
    field("tb_lineno", |this: This<TracebackObject>| this.line as i64).doc("The line where the frame stood."),
    field("tb_lasti", |vm: &mut Vm, this: This<TracebackObject>| {
        code_of(This::expect(vm, this.code)).byte_of(this.instruction as usize)
    })
    .doc("The byte of the code where the frame stood."),
];

fn new_traceback(
    vm: &mut Vm,
    _: ClassOf<TracebackObject>,
    next: Value,
    frame: This<FrameObject>,
    instruction: i32,
    line: i32,
) -> PyResult {
    if !next.is_none() && !vm.is_exact(next, BuiltinType::Traceback) {
        let message = format!("expected traceback object or None, got '{}'", vm.class_name(next));
        return Err(vm.raise_type(&message));
    }
    let (code, globals, frame) = (frame.code, frame.globals, frame.value());
    let at = code_of(This::expect(vm, code)).instruction_at(instruction.max(0) as usize);
    Ok(vm.make(BuiltinType::Traceback, |header| TracebackObject {
        header,
        next,
        code,
        globals,
        frame,
        variables: Value::UNBOUND,
        outer: Value::UNBOUND,
        instruction: at as u32,
        line,
        is_over: false,
    }))
}

fn set_next(vm: &mut Vm, mut this: This<TracebackObject>, next: Option<Value>) -> PyResult<()> {
    let Some(next) = next else { return Err(vm.raise_type("can't delete tb_next attribute")) };
    if !next.is_none() && !vm.is_exact(next, BuiltinType::Traceback) {
        let message = format!("expected traceback object, got '{}'", vm.class_name(next));
        return Err(vm.raise_type(&message));
    }
    let mut at = next;
    while let Some(entry) = This::<TracebackObject>::of(vm, at) {
        if at == this.value() {
            return Err(vm.raise_value("traceback loop detected"));
        }
        at = entry.next;
    }
    this.next = next;
    vm.barrier(this.pointer());
    Ok(())
}

impl Vm {
    /// A frame goes on in its handler of the pending exception.
    ///
    /// # Safety
    /// The frame is the running one, in memory.
    pub(crate) unsafe fn frame_catches(&mut self, frame: *mut Frame) {
        let exception = self.exception;
        // SAFETY: the caller's promise.
        unsafe { self.frame_catches_this(exception, frame) };
    }

    /// Likewise of an exception that is not pending any more.
    ///
    /// # Safety
    /// As above.
    pub(crate) unsafe fn frame_catches_this(&mut self, exception: Value, frame: *mut Frame) {
        // SAFETY: the caller's promise.
        let code = unsafe { (*frame).code_object };
        if let Some(entry) = self.entry_of(exception, code) {
            self.give_object(entry, frame);
        }
    }

    /// The entry is of that frame, which is in memory.
    pub(crate) fn give_object(&mut self, mut entry: This<TracebackObject>, frame: *mut Frame) {
        if entry.frame.is_unbound() {
            entry.frame = self.object_of_memory(frame);
            self.barrier(entry.pointer());
        }
    }

    /// The pending exception is about to leave a frame.
    ///
    /// # Safety
    /// The frame is the running one, in memory.
    pub(crate) unsafe fn frame_is_left(&mut self, frame: *mut Frame) {
        let exception = self.exception;
        // SAFETY: the caller's promise.
        let (code, flags, generator) = unsafe { ((*frame).code_object, (*frame).flags, (*frame).generator) };
        let Some(mut entry) = self.entry_of(exception, code) else { return };
        entry.is_over = true;
        if !entry.frame.is_unbound() {
            return;
        }
        // SAFETY: a frame's generator is alive.
        let has_object = flags & Frame::HAS_OBJECT != 0
            || !generator.is_null() && unsafe { !(*generator).frame_object.is_unbound() };
        if has_object {
            entry.frame = self.object_of_memory(frame);
        } else {
            entry.variables = self.variables_of(frame);
        }
        self.barrier(entry.pointer());
    }

    /// An exception is about to leave a frame that exists in an executor alone: what is in its variables.
    pub(crate) fn inlined_frame_is_left(&mut self, exception: Value, variables: &[Value]) {
        if let Some(mut entry) = self.newest_entry(exception) {
            entry.is_over = true;
            self.keep_variables(entry, variables);
        }
    }

    /// A frame that exists in an executor alone, and has caught an exception, ends: what is in its variables.
    pub(crate) fn keep_variables(&mut self, mut entry: This<TracebackObject>, variables: &[Value]) {
        if entry.frame.is_unbound() {
            entry.variables = self.array_of(variables);
            self.barrier(entry.pointer());
        }
    }

    /// The newest entry of an exception's traceback, if it is of a frame of this code that is not over.
    fn entry_of(&mut self, exception: Value, code: *mut CodeObject) -> Option<This<TracebackObject>> {
        let entry = self.newest_entry(exception)?;
        (entry.code.as_ptr() == code && !entry.is_over).then_some(entry)
    }

    /// The frame of an entry.
    pub(super) fn traceback_frame(&mut self, mut entry: This<TracebackObject>) -> Value {
        let code = entry.code;
        if let Some(mut object) = This::<FrameObject>::of(self, entry.frame) {
            if !self.show_if_live(object) && object.back.is_none() && !entry.outer.is_unbound() {
                object.back = entry.outer;
                self.barrier(object.pointer());
            }
            return entry.frame;
        }
        let is_over = entry.is_over || !entry.variables.is_unbound();
        let mut frames = self.frames();
        let live = if is_over { None } else { frames.find(|frame| frame.code_object() == code.as_ptr()) };
        let frame = match live {
            Some(frame) => self.object_of_frame(frame),
            None => {
                let locals = if entry.variables.is_unbound() { self.new_dict() } else { entry.variables };
                let back = if entry.outer.is_unbound() { Value::NONE } else { entry.outer };
                let builtins = self.builtins;
                self.make(BuiltinType::Frame, |header| FrameObject {
                    globals: entry.globals,
                    builtins,
                    locals,
                    back,
                    instruction: entry.instruction,
                    line: entry.line,
                    is_shown: true,
                    ..FrameObject::of_code(header, code)
                })
            }
        };
        entry.frame = frame;
        entry.variables = Value::UNBOUND;
        self.barrier(entry.pointer());
        frame
    }
}
