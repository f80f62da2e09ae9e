//! Recording calls with keywords.

use super::Abort;
use super::calls::Called;
use super::frames::{Recorded, Recorder};
use super::step::{Expected, Flow};
use crate::interp::code::{CO_VARARGS, CO_VARKEYWORDS};
use crate::interp::dispatch::State;
use crate::object::argument::This;
use crate::object::layout::{BoundMethod, CodeObject, FunctionObject, TupleObject};
use crate::object::types::BuiltinType;
use crate::uop::{ExitKind, Helper, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

impl Recorder {
    pub(super) unsafe fn call_keywords(&mut self, vm: &mut Vm, s: State) -> Recorded<Flow> {
        // Callee, self or null, arguments…, names.
        // SAFETY: the stack has them all.
        let n = unsafe { s.arg() };
        // SAFETY: as above.
        let (mut actual, mut self_or_null, names) = unsafe { (s.peek(n + 3), s.peek(n + 2), s.peek(1)) };
        let mut has_other_callee = false;
        if !self.has_receiver_as(n + 2, self_or_null)? {
            if !self_or_null.is_unbound() {
                // The trace has the bound method.
                (self_or_null, has_other_callee) = (Value::UNBOUND, true);
            } else if vm.is_exact(actual, BuiltinType::BoundMethod) {
                // The trace has what tier 1's bound method is made of.
                // SAFETY: an exact bound method.
                let method = unsafe { &*actual.as_ptr::<BoundMethod>() };
                (actual, self_or_null) = (method.function, method.owner);
            } else {
                return Err(Abort::Unsupported);
            }
        }
        let mut given: Vec<UopIdx> = Vec::with_capacity(n + 1);
        if !self_or_null.is_unbound() {
            given.push(self.peek(n + 2)?);
        }
        for depth in (2..=n + 1).rev() {
            given.push(self.peek(depth)?);
        }
        let callee = self.peek(n + 3)?;
        if !has_other_callee
            && !self.has_many_targets(vm)
            && vm.is_exact(actual, BuiltinType::Function)
            && let Some(bound) = bind(vm, actual, &given, names)
            && let Some(flow) = self.enter_function(vm, actual, callee, bound, n + 3, Called::Plain)?
        {
            return Ok(flow);
        }
        let mut inputs = vec![callee, self.peek(1)?];
        inputs.extend_from_slice(&given);
        let exit = self.exit(ExitKind::Deopt);
        self.emit(Op::GuardStack {}, &[], Some(exit))?;
        let inputs = inputs.into_iter().map(|input| self.emitter.boxed(input)).collect::<Vec<_>>();
        let result = self.escaping(Op::CallHelper { helper: Helper::CallKeywords }, &inputs)?;
        self.reduce(n + 3, result);
        Ok(Flow::Continue(Expected::AfterCall(self.ip + 1)))
    }
}

/// Which parameter of a function gets which argument of a call whose last ones have these names; those without one have
/// defaults. `None` where it takes more than that to bind them.
fn bind(vm: &Vm, function: Value, given: &[UopIdx], names: Value) -> Option<Vec<Option<UopIdx>>> {
    // SAFETY: an exact function with a code object, whose names are a tuple; the compiler makes the call's names one.
    let (function, code, parameters, names) = unsafe {
        let function = &*function.as_ptr::<FunctionObject>();
        let code_object = &*function.code.as_ptr::<CodeObject>();
        let items = |tuple: Value| (*tuple.as_ptr::<TupleObject>()).items();
        (function, &*code_object.code, items(code_object.localsplus_names), items(names))
    };
    let n_positional = given.len().checked_sub(names.len())?;
    if code.flags & (CO_VARARGS | CO_VARKEYWORDS) != 0 || n_positional > code.arg_count {
        return None;
    }
    let n_parameters = code.arg_count + code.keyword_only;
    let mut bound = vec![None; n_parameters];
    let (positional, named) = given.split_at(n_positional);
    for (place, &value) in positional.iter().enumerate() {
        bound[place] = Some(value);
    }
    for (name, &value) in names.iter().zip(named) {
        let mut free = n_positional.max(code.positional_only)..n_parameters;
        bound[free.find(|&place| parameters[place] == *name)?] = Some(value);
    }
    let n_defaults = This::<TupleObject>::of(vm, function.defaults).map_or(0, |defaults| defaults.len);
    let first_default = code.arg_count.checked_sub(n_defaults)?;
    let has_value = |place: usize| bound[place].is_some() || (first_default..code.arg_count).contains(&place);
    (0..n_parameters).all(has_value).then_some(bound)
}
