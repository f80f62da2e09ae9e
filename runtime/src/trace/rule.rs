//! What traces do in place of calls of natives. A native's rule stands on its row, next to it:
//!
//! ```text
//!   method("append", "($self, object, /)", append).traced(trace_append)
//!
//!   fn trace_append(call: &mut NativeCall<'_>) -> Traced {
//!       let &[list, item] = call.arguments() else { return Ok(None) };
//!                                                   └ another number of arguments: the native is called
//!       call.guard_shape(list)?;
//!       …
//!       Ok(Some(call.none()))
//!   }        └ what stands for the call's result
//! ```
//!
//! A rule looks at the arguments as they are now, guards what it relies on, and emits what the native would do with such
//! arguments. What it guards it may leave by, so it guards before it changes anything: tier 1 then does the whole call.

use super::Abort;
use super::frames::{Recorded, Recorder};
use crate::object::types::BuiltinType;
use crate::uop::{Effect, Kind, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

/// A native's rule.
pub type TraceRule = fn(&mut NativeCall<'_>) -> Traced;

/// What a rule makes of a call: what stands for the result; `None`: such arguments are not for it (the native is called);
/// or the recording ends.
pub type Traced = Result<Option<UopIdx>, Abort>;

/// An argument: what stands for it in the trace, and what it is now.
#[derive(Clone, Copy)]
pub struct Operand {
    pub uop: UopIdx,
    pub now: Value,
}

/// The call of a native that is being recorded.
pub struct NativeCall<'r> {
    pub vm: &'r mut Vm,
    pub(crate) recorder: &'r mut Recorder,
    arguments: &'r [Operand],
}

impl<'r> NativeCall<'r> {
    pub(super) fn new(recorder: &'r mut Recorder, vm: &'r mut Vm, arguments: &'r [Operand]) -> NativeCall<'r> {
        NativeCall { vm, recorder, arguments }
    }

    /// The arguments that are given, by position; a method's receiver and a constructor's class are the first.
    pub fn arguments(&self) -> &'r [Operand] {
        self.arguments
    }

    /// Guards that the argument is of the class and the layout that it is of now. (Of its layout alone, where its class
    /// may be changed: who looks things up on the class uses `guard_class`.)
    pub fn guard_shape(&mut self, operand: Operand) -> Recorded<()> {
        if !operand.now.is_object() {
            return Err(Abort::Unsupported);
        }
        self.recorder.guard_shape(operand.uop, self.vm.shape_of(operand.now))
    }

    /// Guards that the argument is of the class that it is of now, and that this class stays as it is.
    pub fn guard_class(&mut self, operand: Operand) -> Recorded<()> {
        self.recorder.guard_type(self.vm, operand.uop, operand.now)
    }

    /// Guards that the argument is the very object that it is now.
    pub fn guard_is(&mut self, operand: Operand) -> Recorded<UopIdx> {
        self.recorder.guard_is(self.vm, operand.uop, operand.now)
    }

    /// The machine integer of an argument, guarded; `None` where it is no small int now.
    pub fn int(&mut self, operand: Operand) -> Recorded<Option<UopIdx>> {
        if operand.now.is_int() { self.recorder.int(operand.uop).map(Some) } else { Ok(None) }
    }

    /// The machine float of an argument, guarded; `None` where it is no float now.
    pub fn float(&mut self, operand: Operand) -> Recorded<Option<UopIdx>> {
        if operand.now.is_float() { self.recorder.float(operand.uop).map(Some) } else { Ok(None) }
    }

    /// The machine float of a float or small int, guarded; `None` where the argument is neither now.
    pub fn number(&mut self, operand: Operand) -> Recorded<Option<UopIdx>> {
        if operand.now.is_float() || operand.now.is_int() {
            self.recorder.as_float(operand.uop, operand.now).map(Some)
        } else {
            Ok(None)
        }
    }

    /// Arithmetic: a micro-op over machine numbers, which leaves where it has no result.
    pub fn compute(&mut self, op: Op, inputs: &[UopIdx]) -> Recorded<UopIdx> {
        let is_arithmetic = matches!(op.effect(), Effect::Pure | Effect::Guard | Effect::Exits | Effect::Raises);
        let is_number = |kind: Option<Kind>| !matches!(kind, Some(Kind::Value | Kind::Any));
        let fits = inputs.iter().enumerate().all(|(place, &input)| {
            let kind = op.input_kind(place);
            kind.is_some() && is_number(kind) && self.recorder.emitter.kind(input) == kind
        });
        let is_complete = op.input_kind(inputs.len()).is_none();
        if is_arithmetic && is_complete && fits && is_number(op.output_kind()) {
            self.recorder.guarded(op, inputs)
        } else {
            Err(Abort::Unsupported)
        }
    }

    /// Leaves unless the truth value that stands here is the one that it has now.
    pub fn guard_truth(&mut self, condition: UopIdx, now: bool) -> Recorded<()> {
        let op = if now { Op::GuardTrue {} } else { Op::GuardFalse {} };
        self.compute(op, &[condition]).map(|_| ())
    }

    /// A machine integer.
    pub fn const_int(&mut self, value: i64) -> UopIdx {
        self.recorder.emitter.const_int(value)
    }

    /// A value that stays the same; the trace keeps it alive.
    pub fn constant(&mut self, value: Value) -> UopIdx {
        self.recorder.constant(self.vm, value)
    }

    /// None, the result of what has none.
    pub fn none(&mut self) -> UopIdx {
        self.recorder.emitter.const_value(Value::NONE)
    }

    /// The Python object of a machine number.
    pub fn boxed(&mut self, number: UopIdx) -> UopIdx {
        self.recorder.emitter.boxed(number)
    }

    /// Has the argument this layout now, be it of a derived class?
    pub(crate) fn has_layout(&self, operand: Operand, layout: BuiltinType) -> bool {
        self.vm.has_layout(operand.now, layout)
    }
}
