//! Recording calls whose arguments take binding: keywords, defaults, `*args` and `**kwargs`.

use super::Abort;
use super::calls::Called;
use super::frames::{Recorded, Recorder};
use super::step::{Expected, Flow};
use crate::interp::code::{CO_VARARGS, CO_VARKEYWORDS};
use crate::interp::dispatch::State;
use crate::object::argument::This;
use crate::object::dict::ENTRY_WORDS;
use crate::object::layout::{BoundMethod, CodeObject, DictObject, FunctionObject, TupleObject};
use crate::object::types::BuiltinType;
use crate::uop::{ExitKind, Field, Helper, Op, UopIdx};
use crate::value::Value;
use crate::vm::Vm;

/// So many arguments of a tuple or dict are told apart.
const MAX_SPREAD: usize = 16;

/// What a parameter gets.
#[derive(Clone, Debug)]
pub(super) enum Bound {
    Argument(UopIdx),
    /// Its default, by its place among the function's.
    Default(usize),
    /// What the function's dict of defaults has under its name.
    KeywordDefault(Value),
    /// The positional arguments that are left, as a tuple.
    Rest(Vec<UopIdx>),
    /// The keyword arguments that are left, as a dict.
    Keywords(Vec<(Value, UopIdx)>),
}

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
        // SAFETY: the compiler makes a call's names a tuple.
        let keywords = unsafe { (*names.as_ptr::<TupleObject>()).items() };
        if !has_other_callee
            && !self.has_many_targets(vm)
            && let Some(flow) = self.call_bound(vm, actual, callee, &given, keywords, n + 3)?
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

    /// `callee(*arguments, **keywords)`, of an exact tuple.
    pub(super) unsafe fn call_star(&mut self, vm: &mut Vm, s: State) -> Recorded<Flow> {
        // SAFETY: callee, null, tuple of arguments, dict or null.
        let (callee_now, arguments_now, keywords_now) = unsafe { (s.peek(4), s.peek(2), s.peek(1)) };
        let has_keywords = vm.is_exact(keywords_now, BuiltinType::Dict);
        if !has_keywords && !keywords_now.is_unbound() || !vm.is_exact(arguments_now, BuiltinType::Tuple) {
            return Err(Abort::Unsupported);
        }
        let (callee, arguments, keywords) = (self.peek(4)?, self.peek(2)?, self.peek(1)?);
        self.guard_shape(arguments, BuiltinType::Tuple.shape())?;
        if has_keywords {
            self.guard_shape(keywords, BuiltinType::Dict.shape())?;
        } else {
            self.guarded(Op::GuardIs { bits: Value::UNBOUND.bits() }, &[keywords])?;
        }
        // SAFETY: an exact tuple.
        let n = unsafe { (*arguments_now.as_ptr::<TupleObject>()).len };
        if n <= MAX_SPREAD
            && !self.has_many_targets(vm)
            && let Some(flow) = self.spread(vm, callee_now, [callee, arguments, keywords], n, keywords_now)?
        {
            return Ok(flow);
        }
        self.guard_type(vm, callee, callee_now)?;
        let exit = self.exit(ExitKind::Deopt);
        self.emit(Op::GuardStack {}, &[], Some(exit))?;
        let result = if has_keywords {
            self.escaping(Op::CallHelper { helper: Helper::CallExpanded }, &[callee, arguments, keywords])?
        } else {
            self.escaping(Op::CallHelper { helper: Helper::CallTuple }, &[callee, arguments])?
        };
        self.reduce(4, result);
        Ok(Flow::Continue(Expected::AfterCall(self.ip + 1)))
    }

    /// Calls a Python function, or a method of one, with so many items of a tuple, and the values of a dict's keys as they are
    /// now.
    fn spread(
        &mut self,
        vm: &mut Vm,
        mut actual: Value,
        [mut callee, arguments, keywords]: [UopIdx; 3],
        n: usize,
        keywords_now: Value,
    ) -> Recorded<Option<Flow>> {
        let is_method = vm.is_exact(actual, BuiltinType::BoundMethod);
        if is_method {
            // SAFETY: an exact bound method.
            actual = unsafe { (*actual.as_ptr::<BoundMethod>()).function };
        }
        let names = match keywords_now.is_unbound() {
            true => Vec::new(),
            false => match keyword_names(vm, keywords_now) {
                Some(names) => names,
                None => return Ok(None),
            },
        };
        // It has to be seen before anything is guarded that it will be followed.
        let probe = vec![UopIdx::NONE; n + usize::from(is_method) + names.len()];
        if !vm.is_exact(actual, BuiltinType::Function) || bind(vm, actual, &probe, &names).is_none() {
            return Ok(None);
        }
        self.guard_word(arguments, Field::TupleLen, n as i64)?;
        let mut given = Vec::with_capacity(n + 1);
        if is_method {
            self.guard_shape(callee, BuiltinType::BoundMethod.shape())?;
            given.push(self.emit(Op::LoadField { field: Field::MethodOwner }, &[callee], None)?);
            callee = self.emit(Op::LoadField { field: Field::MethodFunction }, &[callee], None)?;
        }
        for place in 0..n {
            let place = self.emitter.const_int(place as i64);
            given.push(self.emit(Op::LoadElement { field: Field::TupleElement }, &[arguments, place], None)?);
        }
        if !keywords_now.is_unbound() && names.is_empty() {
            self.guard_word(keywords, Field::DictLen, 0)?;
        } else if !keywords_now.is_unbound() {
            let tuple = vm.new_tuple(&names);
            let tuple = self.constant(vm, tuple);
            let exit = self.error();
            let has_names = self.emit(Op::CallTest { helper: Helper::KeysAre }, &[keywords, tuple], Some(exit))?;
            self.guarded(Op::GuardTrue {}, &[has_names])?;
            let entries = self.emit(Op::LoadField { field: Field::DictEntries }, &[keywords], None)?;
            for place in 0..names.len() {
                let place = self.emitter.const_int((place * ENTRY_WORDS + 2) as i64);
                given.push(self.emit(Op::LoadElement { field: Field::ArrayElement }, &[entries, place], None)?);
            }
        }
        self.call_bound(vm, actual, callee, &given, &names, 4)
    }

    /// Inlines a call of a Python function, or of a class with a Python `__init__`, whose last arguments have these names;
    /// `None` where it takes more than that.
    pub(super) fn call_bound(
        &mut self,
        vm: &mut Vm,
        actual: Value,
        callee: UopIdx,
        given: &[UopIdx],
        names: &[Value],
        popped: usize,
    ) -> Recorded<Option<Flow>> {
        if vm.is_exact(actual, BuiltinType::Function) {
            return match bind(vm, actual, given, names) {
                Some(bound) => self.enter_function(vm, actual, callee, bound, popped, Called::Plain),
                None => Ok(None),
            };
        }
        if vm.is_exact(actual, BuiltinType::Type)
            && let Some(init) = vm.plain_init(actual.as_ptr())
        {
            return self.construct(vm, actual, callee, init, given, names, popped);
        }
        Ok(None)
    }

    /// What a parameter gets.
    pub(super) fn argument(&mut self, vm: &mut Vm, actual: Value, callee: UopIdx, bound: Bound) -> Recorded<UopIdx> {
        Ok(match bound {
            Bound::Argument(value) => value,
            Bound::Default(place) => self.default(vm, actual, callee, place)?,
            Bound::KeywordDefault(name) => {
                // SAFETY: an exact function, whose defaults by name are a dict.
                let defaults = unsafe { (*actual.as_ptr::<FunctionObject>()).kwdefaults };
                self.name_of_module(vm, defaults, name)?.ok_or(Abort::Unsupported)?
            }
            Bound::Rest(items) => {
                let items: Vec<UopIdx> = items.into_iter().map(|item| self.emitter.boxed(item)).collect();
                self.tuple_of(vm, &items)?
            }
            Bound::Keywords(items) if items.is_empty() => self.emit(Op::NewDict {}, &[], None)?,
            Bound::Keywords(items) => {
                let mut inputs = Vec::with_capacity(2 * items.len());
                for (name, value) in items {
                    let name = vm.intern_value(name);
                    inputs.push(self.constant(vm, name));
                    inputs.push(self.emitter.boxed(value));
                }
                let dict = self.reading(Helper::SimpleMap, &inputs)?;
                self.emitter.assume_shape(dict, BuiltinType::Dict.shape());
                dict
            }
        })
    }

    /// A default of a function's, by its place among them.
    fn default(&mut self, vm: &mut Vm, actual: Value, callee: UopIdx, place: usize) -> Recorded<UopIdx> {
        // SAFETY: an exact function with defaults, which are a tuple.
        let defaults = unsafe { (*(*actual.as_ptr::<FunctionObject>()).defaults.as_ptr::<TupleObject>()).items() };
        if self.emitter.known_value(callee) == Some(actual) {
            return Ok(self.constant(vm, defaults[place]));
        }
        let tuple = self.emit(Op::LoadField { field: Field::FunctionDefaults }, &[callee], None)?;
        self.guard_shape(tuple, BuiltinType::Tuple.shape())?;
        self.guard_word(tuple, Field::TupleLen, defaults.len() as i64)?;
        let place = self.emitter.const_int(place as i64);
        self.emit(Op::LoadElement { field: Field::TupleElement }, &[tuple, place], None)
    }
}

/// The keys of a dict of keywords, if there are few, none was deleted, and all are strings.
fn keyword_names(vm: &mut Vm, keywords: Value) -> Option<Vec<Value>> {
    let table = vm.table(keywords);
    let n = table.len;
    if n > MAX_SPREAD || table.used != n {
        return None;
    }
    let mut names = Vec::with_capacity(n);
    let mut at = 0;
    while let Some((index, entry)) = vm.table(keywords).next_entry(at) {
        names.push(entry.key);
        at = index + 1;
    }
    names.iter().all(|&name| vm.is_exact(name, BuiltinType::Str)).then_some(names)
}

/// Which parameter of a function gets what of a call whose last arguments have these names. `None` where the call raises, or
/// takes more than this to bind.
pub(super) fn bind(vm: &Vm, function: Value, given: &[UopIdx], names: &[Value]) -> Option<Vec<Bound>> {
    // SAFETY: an exact function with a code object, whose names are a tuple.
    let (function, code, parameters) = unsafe {
        let function = &*function.as_ptr::<FunctionObject>();
        let code_object = &*function.code.as_ptr::<CodeObject>();
        (function, &*code_object.code, (*code_object.localsplus_names.as_ptr::<TupleObject>()).items())
    };
    let n_positional = given.len().checked_sub(names.len())?;
    let n_named = code.arg_count + code.keyword_only;
    let (has_rest, has_keywords) = (code.flags & CO_VARARGS != 0, code.flags & CO_VARKEYWORDS != 0);
    if n_positional > code.arg_count && !has_rest {
        return None;
    }
    let (positional, named) = given.split_at(n_positional);
    let (direct, rest) = positional.split_at(n_positional.min(code.arg_count));
    let mut bound: Vec<Option<Bound>> = vec![None; n_named];
    for (slot, &value) in bound.iter_mut().zip(direct) {
        *slot = Some(Bound::Argument(value));
    }
    let mut others = Vec::new();
    for (&name, &value) in names.iter().zip(named) {
        let is_it = |place: &usize| {
            parameters[*place] == name || vm.str_of(parameters[*place]).view() == vm.str_of(name).view()
        };
        match (code.positional_only..n_named).find(is_it) {
            Some(place) if bound[place].is_some() => return None,
            Some(place) => bound[place] = Some(Bound::Argument(value)),
            None if has_keywords => others.push((name, value)),
            None => return None,
        }
    }
    let n_defaults = This::<TupleObject>::of(vm, function.defaults).map_or(0, |defaults| defaults.len);
    let first_default = code.arg_count.checked_sub(n_defaults)?;
    for (place, slot) in bound.iter_mut().enumerate().filter(|(_, slot)| slot.is_none()) {
        *slot = Some(if (first_default..code.arg_count).contains(&place) {
            Bound::Default(place - first_default)
        } else if place >= code.arg_count && This::<DictObject>::of(vm, function.kwdefaults).is_some() {
            Bound::KeywordDefault(parameters[place])
        } else {
            return None;
        });
    }
    let mut bound = bound.into_iter().collect::<Option<Vec<Bound>>>()?;
    if has_rest {
        bound.push(Bound::Rest(rest.to_vec()));
    }
    if has_keywords {
        bound.push(Bound::Keywords(others));
    }
    Some(bound)
}
