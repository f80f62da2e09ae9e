//! Recording special methods that are Python functions.

use super::Abort;
use super::calls::Called;
use super::frames::{Recorded, Recorder};
use super::step::Flow;
use crate::bytecode::Opcode;
use crate::interp::dispatch::State;
use crate::interp::handlers::special::{decoded, may_call, negates, special_method};
use crate::object::layout::{CodeObject, FunctionObject};
use crate::uop::{Helper, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

impl Recorder {
    /// Calls the special method of the current instruction; `None` where it has none that is a Python function, or that
    /// cannot be followed.
    pub(super) unsafe fn special(&mut self, vm: &mut Vm, s: State) -> Recorded<Option<Flow>> {
        // SAFETY: the state is that before the instruction.
        let (opcode, arg) = unsafe { decoded(s) };
        if !may_call(opcode) {
            return Ok(None);
        }
        // SAFETY: as above.
        let Some(special) = (unsafe { special_method(vm, s, opcode, arg) }) else { return Ok(None) };
        // SAFETY: a Python function, whose code is a code object.
        let code = unsafe { (*(*special.function.as_ptr::<FunctionObject>()).code.as_ptr::<CodeObject>()).code };
        if !self.follows(vm, code) {
            return Ok(None);
        }
        if opcode == Opcode::Call {
            // SAFETY: the callee is below null and the argument.
            let (callee, actual) = (self.peek(3)?, unsafe { s.peek(3) });
            self.guard_is(vm, callee, actual)?;
        }
        for &place in special.asked {
            // SAFETY: the operands are on the stack.
            let actual = unsafe { s.peek(place) };
            let operand = self.peek(place)?;
            self.guard_type(vm, operand, actual)?;
        }
        let arguments = special.arguments.iter().map(|&place| self.peek(place));
        let arguments = arguments.collect::<Recorded<Vec<UopIdx>>>()?;
        let callee = self.constant(vm, special.function);
        self.call_function(vm, special.function, callee, &arguments, 0, Called::Operator).map(Some)
    }

    /// Guards that a value is of the class that it is of now, of which the trace depends.
    pub(super) fn guard_type(&mut self, vm: &mut Vm, value: UopIdx, actual: Value) -> Recorded<()> {
        if actual.is_object() {
            return self.guard_object(vm, value, actual);
        }
        if actual.is_int() {
            self.int(value)?;
        } else if actual.is_float() {
            self.float(value)?;
        } else if actual.is_bool() {
            self.bool(value)?;
        } else {
            self.guarded(Op::GuardIs { bits: actual.bits() }, &[value])?;
        }
        Ok(())
    }

    /// The method has answered (with a generator that is about to be made, where `actual` is not given): pops its frame, and
    /// does with the answer what the caller's instruction does.
    pub(super) fn finish_special(&mut self, vm: &mut Vm, actual: Option<Value>, answer: UopIdx) -> Recorded<()> {
        let caller = &self.frames[self.frames.len() - 2];
        // SAFETY: tier 1 has the caller's frame, with its state as it called.
        let (before, opcode, arg) = unsafe {
            let frame = caller.frame;
            let state = State { ip: (*frame).ip, sp: (*frame).sp, frame };
            let (opcode, arg) = decoded(state);
            (state, opcode, arg)
        };
        if matches!(opcode, Opcode::BinaryOp | Opcode::CompareOp) {
            if actual == Some(vm.not_implemented) {
                return self.declined(vm, opcode, arg, answer);
            }
            if self.emitter.known_kind(answer).is_none() && self.emitter.known_shape(answer).is_none() {
                let answer = self.emitter.boxed(answer);
                self.guarded(Op::GuardIsNot { bits: vm.not_implemented.bits() }, &[answer])?;
            }
        }
        let negated = match opcode {
            // SAFETY: the state is that before the caller's instruction.
            Opcode::CompareOp => unsafe { negates(vm, before, arg >> 5) },
            Opcode::ContainsOp => arg == 1,
            _ => false,
        };
        let wants_bool = negated
            || matches!(opcode, Opcode::ContainsOp | Opcode::ToBool)
            || opcode == Opcode::CompareOp && arg & 16 != 0;
        let result = if wants_bool {
            if !actual.is_some_and(Value::is_bool) {
                return Err(Abort::Unsupported);
            }
            let truth = self.bool(answer)?;
            let truth = if negated { self.emit(Op::BoolNot {}, &[truth], None)? } else { truth };
            self.box_bool(truth)?
        } else {
            match opcode {
                Opcode::GetIter | Opcode::GetYieldFromIter => self.must_be_iterator(vm, actual, answer)?,
                // A length.
                Opcode::Call if actual.is_some_and(|len| len.is_int() && len.as_int() >= 0) => {
                    let (len, zero) = (self.int(answer)?, self.emitter.const_int(0));
                    let is_length = self.emit(Op::IntLe {}, &[zero, len], None)?;
                    self.guarded(Op::GuardTrue {}, &[is_length])?;
                }
                Opcode::Call => return Err(Abort::Unsupported),
                _ => {}
            }
            answer
        };
        self.frames.pop();
        match opcode {
            Opcode::StoreSubscr => self.drop(3),
            Opcode::StoreAttr => self.drop(2),
            Opcode::BinaryOp | Opcode::CompareOp | Opcode::ContainsOp => self.reduce(2, result),
            Opcode::Call => self.reduce(3, result),
            _ => self.reduce(1, result),
        }
        if opcode == Opcode::LoadAttr && arg & 1 != 0 {
            let unbound = self.emitter.const_value(Value::UNBOUND);
            self.push(unbound);
        }
        Ok(())
    }

    /// The method that was asked first has declined: the caller's instruction asks others.
    fn declined(&mut self, vm: &mut Vm, opcode: Opcode, arg: u32, answer: UopIdx) -> Recorded<()> {
        self.guard_is(vm, answer, vm.not_implemented)?;
        self.frames.pop();
        // What it raises, the caller's instruction raises.
        (self.ip, self.snapshot) = (self.top().call_ip, None);
        let (left, right) = (self.peek(2)?, self.peek(1)?);
        let is_comparison = opcode == Opcode::CompareOp;
        let operation = self.emitter.const_int(if is_comparison { arg >> 5 } else { arg }.into());
        let inputs = [left, right, operation];
        let result = if !is_comparison {
            self.escaping(Op::CallHelper { helper: Helper::BinaryDeclined }, &inputs)?
        } else if arg & 16 == 0 {
            self.escaping(Op::CallHelper { helper: Helper::CompareDeclined }, &inputs)?
        } else {
            let truth = self.escaping(Op::CallTest { helper: Helper::CompareDeclinedTest }, &inputs)?;
            self.box_bool(truth)?
        };
        self.reduce(2, result);
        Ok(())
    }

    /// Guards that what an `__iter__` has given is of a type that is an iterator.
    fn must_be_iterator(&mut self, vm: &mut Vm, actual: Option<Value>, answer: UopIdx) -> Recorded<()> {
        let Some(actual) = actual else { return Ok(()) };
        if !actual.is_object() || !vm.is_iterator(actual) {
            return Err(Abort::Unsupported);
        }
        self.guard_object(vm, answer, actual)
    }
}
