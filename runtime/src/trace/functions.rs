//! Recording the making of functions.

use super::Abort;
use super::frames::{Recorded, Recorder};
use crate::interp::dispatch::State;
use crate::object::types::BuiltinType;
use crate::uop::{Helper, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

/// SET_FUNCTION_ATTRIBUTE's argument for the closure.
const CLOSURE: usize = 8;

impl Recorder {
    pub(super) unsafe fn make_function(&mut self, vm: &mut Vm, s: State) -> Recorded<()> {
        // SAFETY: a live frame.
        let globals = unsafe { (*s.frame).globals };
        let code = self.peek(1)?;
        let function = match (self.emitter.known_value(code), self.names_of_functions(vm, globals)) {
            (Some(code), Some([builtins, module])) => {
                vm.jit.pin(code);
                let (globals, none) = (self.constant(vm, globals), self.emitter.const_value(Value::NONE));
                self.emit(Op::NewFunction { code: code.bits() }, &[globals, builtins, module, none], None)?
            }
            _ => {
                let (code, globals) = (self.emitter.boxed(code), self.constant(vm, globals));
                let exit = self.error();
                let made = self.emit(Op::CallHelper { helper: Helper::MakeFunction }, &[code, globals], Some(exit))?;
                self.emitter.assume_shape(made, BuiltinType::Function.shape());
                made
            }
        };
        self.reduce(1, function);
        Ok(())
    }

    /// Builtins and module of the functions that are made where the globals are these, as long as nothing changes.
    fn names_of_functions(&mut self, vm: &mut Vm, globals: Value) -> Option<[UopIdx; 2]> {
        let module = self.dict_constant(vm, globals, vm.names.__name__)?;
        self.dict_constant(vm, globals, vm.names.__builtins__)?;
        let builtins = vm.builtins_of(globals);
        Some([self.constant(vm, builtins), module])
    }

    /// A closure is part of the making: the function that is known to nobody yet is made with it instead.
    pub(super) fn set_function_attribute(&mut self, which: usize) -> Recorded<()> {
        let (value, function) = (self.peek(2)?, self.peek(1)?);
        let value = self.emitter.boxed(value);
        let made = *self.emitter.op(function);
        if which == CLOSURE && matches!(made, Op::NewFunction { .. }) {
            let is_used = |uop: &crate::uop::Uop| uop.inputs.contains(&function);
            if self.emitter.superblock.uops[function.index()..].iter().any(is_used) {
                return Err(Abort::Unsupported);
            }
            let [globals, builtins, module] = [0, 1, 2].map(|place| self.emitter.inputs(function)[place]);
            let closed = self.emit(made, &[globals, builtins, module, value], None)?;
            self.reduce(2, closed);
            return Ok(());
        }
        let which = self.emitter.const_int(which as i64);
        let exit = self.error();
        self.emit(Op::CallHelper { helper: Helper::SetFunctionAttribute }, &[function, value, which], Some(exit))?;
        self.reduce(2, function);
        Ok(())
    }
}
