//! Executables: what runs Python code without an interpreter's frame, and the lightweight frames of it.
//!
//! ```text
//!   thread.light ─► LightFrame { outer, below, executable } ─► Executable { code, state, reifier }     on the native stack
//!                                 │ the interpreter's frame that called
//!                                 ▼ a few stores; all else is asked of the reifier when somebody looks
//! ```
//!
//! Frames that look like the interpreter's: `sys._getframe`, tracebacks, `locals()` and their like find them by the way on which
//! they find the inlined calls of executors (see `frames`).

use super::frames::Place;
use crate::interp::frame::Frame;
use crate::object::header::Header;
use crate::object::layout::{CodeObject, FunctionObject};
use crate::object::types::BuiltinType;
use crate::optimizer::CodeId;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use smallvec::SmallVec;
use std::any::Any;
use std::cell::Cell;

/// Something that runs a function's code in its own way.
#[derive(Clone, Copy)]
pub struct Executable<'a> {
    /// Whose code it runs.
    pub code: CodeId,
    /// For the reifier alone, which may be called on another thread of the program while this one waits.
    pub state: &'a (dyn Any + Send + Sync),
    pub reifier: Reifier,
}

/// Says what the interpreter's frame would be now. Called when somebody looks: it cannot run Python code, and should not panic.
pub type Reifier = fn(state: &(dyn Any + Send + Sync), frame: &mut Reified);

/// A frame as a reifier fills it in.
pub struct Reified {
    /// The instruction that runs, in bytes of `co_code`, as `f_lasti` has it. 0 if nothing is said.
    pub offset: u32,
    /// Whose globals and builtins the frame has; unbound: nothing was said.
    function: Value,
    /// Variables that have a value, by slot. Of variables that inner functions share it is the cell.
    locals: SmallVec<[(usize, Value); 8]>,
}

impl Reified {
    /// The Python function that runs, whose globals and builtins are the frame's. Without one it has its caller's.
    pub fn set_function(&mut self, function: Value) {
        self.function = function;
    }

    pub fn set_local(&mut self, slot: usize, value: Value) {
        self.locals.push((slot, value));
    }
}

/// A frame that runs without being one. It lies on the native stack.
pub(crate) struct LightFrame {
    pub outer: *const LightFrame,
    /// The running frame of the interpreter's when it began.
    pub below: *mut Frame,
    executable: *const Executable<'static>,
    /// It has a frame object, which takes over what is left of it when it ends.
    is_looked_at: Cell<bool>,
}

impl LightFrame {
    fn executable(&self) -> &Executable<'_> {
        // SAFETY: who made the frame holds the executable as long as it is linked.
        unsafe { &*self.executable }
    }

    pub fn code_object(&self) -> *mut CodeObject {
        self.executable().code.0 as *mut CodeObject
    }

    pub fn reify(&self) -> Reified {
        let Executable { state, reifier, .. } = *self.executable();
        let mut reified = Reified { offset: 0, function: Value::UNBOUND, locals: SmallVec::new() };
        reifier(state, &mut reified);
        reified
    }

    pub fn look_at(&self) {
        self.is_looked_at.set(true);
    }

    /// Index of the instruction that runs.
    pub fn instruction(&self) -> usize {
        // SAFETY: a code object that an id was given of is pinned.
        unsafe { &*(*self.code_object()).code }.instruction_at(self.reify().offset as usize)
    }

    /// Globals and builtins: without a function, those of the frame below.
    pub fn namespaces(&self) -> [Value; 2] {
        // SAFETY: linked frames are live.
        let below = || unsafe { self.below.as_ref() }.map(|frame| [frame.globals, frame.builtins]);
        self.reify().namespaces().or_else(below).unwrap_or([Value::NONE; 2])
    }

    /// What the collector would not find where a reifier's state is.
    pub fn visit(&self, visit: &mut dyn FnMut(usize)) {
        let reified = self.reify();
        visit(reified.function.0 as usize);
        reified.locals.iter().for_each(|(_, value)| visit(value.0 as usize));
    }
}

impl Reified {
    /// Globals and builtins, if it has said whose.
    fn namespaces(&self) -> Option<[Value; 2]> {
        let is_function = self.function.is_object() && {
            // SAFETY: an object, whose header says what it is.
            let shape = unsafe { (*self.function.as_ptr::<Header>()).shape };
            shape == BuiltinType::Function.shape()
        };
        // SAFETY: the shape of functions.
        let function = is_function.then(|| unsafe { &*self.function.as_ptr::<FunctionObject>() });
        function.map(|function| [function.globals, function.builtins])
    }

    pub(super) fn fill(&self, slots: &mut [Value]) {
        for &(slot, value) in &self.locals {
            if let Some(place) = slots.get_mut(slot) {
                *place = value;
            }
        }
    }
}

/// Unlinks a frame, whatever ends what ran in it.
struct Linked<'a> {
    vm: &'a mut Vm,
    frame: &'a LightFrame,
}

impl Drop for Linked<'_> {
    fn drop(&mut self) {
        if self.frame.is_looked_at.get() {
            if std::thread::panicking() {
                self.vm.frame_objects.retain(|live| live.place != Place::Light(self.frame));
            } else {
                self.vm.light_frame_is_over(self.frame);
            }
        }
        self.vm.thread.light = self.frame.outer;
    }
}

impl Vm {
    /// Runs `body` as the code of the executable, in a lightweight frame that is there until it returns. What it raises gets the
    /// frame's entry in its traceback.
    ///
    /// While `tells_of` says that somebody is told of what runs in the code, call the function instead: nobody is told of what a
    /// body does.
    pub fn run_executable(&mut self, executable: &Executable<'_>, body: impl FnOnce(&mut Vm) -> PyResult) -> PyResult {
        let frame = LightFrame {
            outer: self.thread.light,
            below: self.thread.frame,
            executable: std::ptr::from_ref(executable).cast(),
            is_looked_at: Cell::new(false),
        };
        self.thread.light = &raw const frame;
        let linked = Linked { vm: self, frame: &frame };
        let result = body(linked.vm);
        if result.is_err() {
            linked.vm.add_light_traceback(&frame);
        }
        result
    }

    /// Is a debugger, a profiler or a monitoring tool told of what runs in this code?
    pub fn tells_of(&self, code: CodeId) -> bool {
        // SAFETY: a code object that an id was given of is pinned.
        let code = unsafe { &*(*(code.0 as *const CodeObject)).code };
        self.watchers.is_anybody_told(code)
    }

    #[cold]
    fn add_light_traceback(&mut self, frame: &LightFrame) {
        let exception = self.exception;
        let [globals, _] = frame.namespaces();
        let instruction = frame.instruction();
        // SAFETY: a code object that an id was given of is pinned.
        unsafe { self.add_traceback_of(exception, frame.code_object(), globals, instruction) };
    }
}
