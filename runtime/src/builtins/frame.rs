//! Frame objects: what `sys._getframe` and tracebacks show of frames. They are pictures, taken when they are asked for,
//! and again while a frame of the same code runs at the same place.

use super::receiver::object_of;
use crate::interp::frame::Frame;
use crate::object::layout::{CodeObject, FrameObject, GeneratorObject, GeneratorState, TracebackObject};
use crate::object::spec::TypeSpec;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub static FRAME: TypeSpec = TypeSpec { name: "frame", doc: "A call that runs, or ran.", ..TypeSpec::NEW };
pub static TRACEBACK: TypeSpec =
    TypeSpec { name: "traceback", doc: "A place that an exception came through.", ..TypeSpec::NEW };

pub fn install(vm: &mut Vm) {
    fn frame(vm: &mut Vm, value: Value) -> PyResult<&'static FrameObject> {
        vm.check_receiver(value, BuiltinType::Frame)?;
        vm.refresh_picture(value)?;
        Ok(object_of(value))
    }
    vm.add_getters(
        BuiltinType::Frame,
        &[
            ("f_code", |vm, value| frame(vm, value).map(|f| f.code)),
            ("f_back", |vm, value| frame(vm, value).map(|f| f.back)),
            ("f_globals", |vm, value| frame(vm, value).map(|f| f.globals)),
            ("f_builtins", |vm, value| frame(vm, value).map(|f| f.builtins)),
            ("f_locals", |vm, value| frame(vm, value).map(|f| f.locals)),
            ("f_lineno", |vm, value| {
                frame(vm, value).map(|f| if f.line < 0 { Value::NONE } else { Value::small_int(f.line as i64) })
            }),
            ("f_lasti", |vm, value| frame(vm, value).map(|f| Value::small_int(f.instruction as i64 * 2))),
            ("f_trace", |_, _| Ok(Value::NONE)),
        ],
    );
    vm.add_getters(
        BuiltinType::Traceback,
        &[("tb_frame", |vm, value| {
            vm.check_receiver(value, BuiltinType::Traceback)?;
            vm.traceback_frame(value)
        })],
    );
    for (ty, name) in [
        (BuiltinType::Generator, "gi_frame"),
        (BuiltinType::Coroutine, "cr_frame"),
        (BuiltinType::AsyncGenerator, "ag_frame"),
    ] {
        vm.add_getters(ty, &[(name, generator_frame)]);
    }
}

fn generator_frame(vm: &mut Vm, value: Value) -> PyResult {
    let layout = vm.layout_of(value);
    if !matches!(layout, BuiltinType::Generator | BuiltinType::Coroutine | BuiltinType::AsyncGenerator) {
        vm.check_receiver(value, BuiltinType::Generator)?;
    }
    let generator = value.as_ptr::<GeneratorObject>();
    // SAFETY: the layout was checked; a generator that has not finished owns a live frame.
    unsafe {
        match (*generator).state {
            GeneratorState::Finished => Ok(Value::NONE),
            state => {
                vm.picture(&raw mut (*generator).frame, Value::NONE, (state == GeneratorState::Suspended) as usize)
            }
        }
    }
}

impl Vm {
    /// The frame `depth` calls up from the running one, with its callers.
    pub fn frame_object(&mut self, depth: i64) -> PyResult {
        let mut frame = self.frame;
        for _ in 0..depth.max(0) {
            if !frame.is_null() {
                // SAFETY: linked frames are live.
                frame = unsafe { Frame::visible((*frame).previous) };
            }
        }
        if frame.is_null() {
            return Err(self.raise_value("call stack is not deep enough"));
        }
        self.pictures(frame)
    }

    /// Pictures of a live frame and its callers.
    fn pictures(&mut self, mut frame: *mut Frame) -> PyResult {
        let first = self.picture(frame, Value::NONE, 0)?;
        let mut last = first;
        loop {
            // SAFETY: linked frames are live.
            frame = unsafe { Frame::visible((*frame).previous) };
            if frame.is_null() {
                return Ok(first);
            }
            let next = self.picture(frame, Value::NONE, 0)?;
            object_of::<FrameObject>(last).back = next;
            self.barrier(last.as_ptr::<FrameObject>());
            last = next;
        }
    }

    /// A picture of one live frame, `behind` instructions before where it goes on.
    fn picture(&mut self, frame: *mut Frame, back: Value, behind: usize) -> PyResult {
        let locals = self.frame_locals(frame)?;
        // SAFETY: callers pass a live frame.
        let (code, globals, builtins, instruction, line) = unsafe {
            let instruction = Frame::instruction_index(frame).saturating_sub(behind);
            let code = &*(*frame).code;
            let line = code.positions.get(instruction).map_or(-1, |position| position.line);
            (Value::object((*frame).code_object), (*frame).globals, (*frame).builtins, instruction as u32, line)
        };
        Ok(self.make(BuiltinType::Frame, |header| FrameObject {
            header,
            back,
            code,
            globals,
            builtins,
            locals,
            instruction,
            line,
            frame,
        }))
    }

    /// Takes the picture anew if its frame still runs.
    fn refresh_picture(&mut self, picture: Value) -> PyResult<()> {
        let (at, code) = {
            let object = object_of::<FrameObject>(picture);
            (object.frame, object.code)
        };
        let mut frame = self.frame;
        while !frame.is_null() {
            // SAFETY: linked frames are live.
            unsafe {
                if frame == at && (*frame).code_object == code.as_ptr::<CodeObject>() {
                    let now = self.picture(frame, Value::NONE, 0)?;
                    let (object, now) = (object_of::<FrameObject>(picture), object_of::<FrameObject>(now));
                    (object.locals, object.instruction, object.line) = (now.locals, now.instruction, now.line);
                    self.barrier(picture.as_ptr::<FrameObject>());
                    return Ok(());
                }
                frame = (*frame).previous;
            }
        }
        Ok(())
    }

    /// The frame of a traceback entry: of its function if that still runs, else without locals.
    fn traceback_frame(&mut self, traceback: Value) -> PyResult {
        let (code, instruction, line) = {
            let entry = object_of::<TracebackObject>(traceback);
            (entry.code, entry.instruction, entry.line)
        };
        let mut frame = self.frame;
        while !frame.is_null() {
            // SAFETY: linked frames are live.
            unsafe {
                if (*frame).code_object == code.as_ptr::<CodeObject>() {
                    return self.pictures(frame);
                }
                frame = (*frame).previous;
            }
        }
        let (globals, locals) = (self.new_dict(), self.new_dict());
        let builtins = self.builtins;
        Ok(self.make(BuiltinType::Frame, |header| FrameObject {
            header,
            back: Value::NONE,
            code,
            globals,
            builtins,
            locals,
            instruction,
            line,
            frame: std::ptr::null_mut(),
        }))
    }
}
