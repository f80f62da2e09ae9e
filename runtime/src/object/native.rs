//! Native functions: one row a function, and the binding of arguments by its signature.
//!
//! A row's signature is CPython's `__text_signature__`: `($self, object, /, *, key=None)`. A native gets one value a
//! parameter, in order: unbound where an optional one was not given, a tuple for `*args`, a dict for `**kwargs`.

use super::argument::{CheckedFn, This};
use super::class::class_ref;
use super::layout::{NativeFunction, TupleObject, TypeObject, ValueArray};
use super::slots::table::MethodRow;
use super::slots::{self, SlotId, Wrap};
use super::spec::TypeSpec;
use super::suggest::nearest;
use super::types::BuiltinType;
use crate::debug::sampler::call_timed;
use crate::trace::TraceRule;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use smallvec::SmallVec;

/// How a native resumes a generator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resumes {
    /// `next(generator)`, `next(generator, default)`.
    Next,
    /// `generator.send(value)`, of coroutines as well.
    Send,
}

/// One row of a natives table.
#[derive(Clone, Copy)]
pub struct NativeRow {
    pub name: &'static str,
    pub signature: &'static str,
    /// Converts its arguments by its parameters' types.
    pub function: CheckedFn,
    /// What traces do in place of a call, if the arguments are right for it.
    pub trace: Option<TraceRule>,
    /// The special method that a call with one argument comes to.
    pub special: Option<SlotId>,
    /// What it does with a generator that it is called for, if it resumes that.
    pub resumes: Option<Resumes>,
    pub doc: &'static str,
    /// Too many arguments are told of before their names are looked at, as where there are no names.
    pub is_counted_first: bool,
    /// Compiled code does not call it; see `outside_traces`.
    pub is_outside_traces: bool,
    /// What messages about its arguments call it, where that is not its name.
    pub alias: Option<&'static str>,
}

/// The alias of natives that CPython has no name for.
const NAMELESS: &str = "function";

impl NativeRow {
    pub(super) const fn checked(name: &'static str, signature: &'static str, function: CheckedFn) -> NativeRow {
        NativeRow {
            name,
            signature,
            function,
            trace: None,
            special: None,
            resumes: None,
            doc: "",
            is_counted_first: false,
            is_outside_traces: false,
            alias: None,
        }
    }
    /// As CPython does it for `str`.
    pub const fn counted_first(mut self) -> NativeRow {
        self.is_counted_first = true;
        self
    }
    /// It is called by tier 1 alone, which then has nothing on the native stack that is not in its frame too: a collection may
    /// pass over the words that are left there. A call from compiled code ends the recording.
    pub const fn outside_traces(mut self) -> NativeRow {
        self.is_outside_traces = true;
        self
    }
    /// Messages about its arguments call it so: `__new__()`.
    pub const fn called(mut self, alias: &'static str) -> NativeRow {
        self.alias = Some(alias);
        self
    }
    /// Messages about its arguments have no name for it.
    pub const fn nameless(self) -> NativeRow {
        self.called(NAMELESS)
    }
    /// Its doc text.
    pub const fn doc(mut self, doc: &'static str) -> NativeRow {
        self.doc = doc;
        self
    }
    /// A call with one argument asks that for this.
    pub const fn asks(mut self, special: SlotId) -> NativeRow {
        self.special = Some(special);
        self
    }
    /// A call with a generator, which comes first, resumes it.
    pub const fn resuming(mut self, resumes: Resumes) -> NativeRow {
        self.resumes = Some(resumes);
        self
    }
    /// Has a rule for traces.
    pub const fn traced(mut self, rule: TraceRule) -> NativeRow {
        self.trace = Some(rule);
        self
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum ParameterKind {
    PositionalOnly,
    Either,
    VarArgs,
    KeywordOnly,
    VarKeywords,
}

struct Parameter {
    name: &'static str,
    kind: ParameterKind,
    is_optional: bool,
}

/// What a binding calls.
#[derive(Clone, Copy)]
pub enum NativeTarget {
    Function(CheckedFn),
    /// The slot of a built-in type.
    Slot {
        class: *mut TypeObject,
        id: SlotId,
        wrap: Wrap,
    },
}

/// A row with its parsed signature, bound into a VM.
pub struct NativeBinding {
    pub row: NativeRow,
    pub target: NativeTarget,
    /// The class whose method it is, for error messages.
    pub qualifier: &'static str,
    /// The module whose function it is, for error messages; empty for those of `builtins`.
    module: &'static str,
    /// What its receiver has to be; none: what the parameter's type says.
    pub owner: Option<&'static TypeSpec>,
    parameters: Vec<Parameter>,
    n_positional: usize,
    n_required: usize,
    /// Positional parameters alone: arguments can be passed through as they stand when their number fits.
    is_plain: bool,
    /// Neither `*args` nor `**kwargs`, and what has to be named need not be given: positional arguments can be passed in front.
    is_fixed: bool,
    has_varargs: bool,
    pub has_self: bool,
}

impl NativeBinding {
    pub fn new(row: NativeRow, qualifier: &'static str) -> NativeBinding {
        let inner = row.signature.trim().trim_start_matches('(').trim_end_matches(')');
        let mut parameters: Vec<Parameter> = Vec::new();
        let (mut keyword_only, mut is_bracketed) = (false, false);
        for part in inner.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match part {
                "/" => parameters.iter_mut().for_each(|p| p.kind = ParameterKind::PositionalOnly),
                "*" => keyword_only = true,
                _ => {
                    let bare = part.trim_matches(['[', ']']);
                    let (name, default) = bare.split_once('=').map_or((bare, None), |(n, d)| (n, Some(d)));
                    let (name, kind) = if let Some(name) = name.strip_prefix("**") {
                        (name, ParameterKind::VarKeywords)
                    } else if let Some(name) = name.strip_prefix('*') {
                        keyword_only = true;
                        (name, ParameterKind::VarArgs)
                    } else if keyword_only {
                        (name, ParameterKind::KeywordOnly)
                    } else {
                        (name.trim_start_matches('$'), ParameterKind::Either)
                    };
                    parameters.push(Parameter { name, kind, is_optional: default.is_some() || is_bracketed });
                    is_bracketed |= part.ends_with('[');
                }
            }
        }
        let is_positional = |p: &&Parameter| matches!(p.kind, ParameterKind::PositionalOnly | ParameterKind::Either);
        let n_positional = parameters.iter().filter(is_positional).count();
        let n_required = parameters.iter().filter(is_positional).filter(|p| !p.is_optional).count();
        let is_plain = n_positional == parameters.len();
        let is_fixed =
            parameters.iter().all(|p| is_positional(&p) || p.kind == ParameterKind::KeywordOnly && p.is_optional);
        let has_varargs = parameters.iter().any(|p| p.kind == ParameterKind::VarArgs);
        NativeBinding {
            row,
            target: NativeTarget::Function(row.function),
            qualifier,
            module: "",
            owner: None,
            parameters,
            n_positional,
            n_required,
            is_plain,
            is_fixed,
            has_varargs,
            has_self: row.signature.contains("$self"),
        }
    }

    /// Calls it with one value a parameter.
    #[inline(always)]
    pub(crate) fn invoke(&self, vm: &mut Vm, arguments: &[Value]) -> PyResult {
        match self.target {
            NativeTarget::Function(function) => function(vm, self, arguments),
            NativeTarget::Slot { class, wrap, .. } => {
                if !vm.is_instance(arguments[0], class) {
                    let class = Value::object(class);
                    return Err(slots::raise_misfit(vm, self.row.name, class, Some(arguments[0])));
                }
                // SAFETY: a built-in class, which lives as long as the VM.
                wrap(vm, unsafe { &(*class).slots }, arguments)
            }
        }
    }

    /// What messages call a parameter: `argument 1`, `argument 'sep'`, or `argument` where there is one alone.
    pub(super) fn describe_parameter(&self, index: usize) -> String {
        let hidden = self.row.signature.starts_with("($") as usize;
        let parameter = &self.parameters[index];
        match parameter.kind {
            ParameterKind::PositionalOnly if self.parameters.len() - hidden == 1 => "argument".to_string(),
            ParameterKind::PositionalOnly => format!("argument {}", index + 1 - hidden),
            _ => format!("argument '{}'", parameter.name),
        }
    }

    /// The name of a parameter.
    pub fn parameter_name(&self, index: usize) -> &'static str {
        self.parameters[index].name
    }

    /// Can be called with so many positional arguments and nothing else, unchanged?
    pub fn takes_exactly(&self, n: usize) -> bool {
        self.is_plain && n == self.n_positional
    }
    /// Can be called with so many positional arguments and nothing else?
    pub fn accepts(&self, n: usize) -> bool {
        n >= self.n_required && (n <= self.n_positional || self.has_varargs)
    }
    pub fn n_parameters(&self) -> usize {
        self.parameters.len()
    }
}

/// Positional arguments followed by the values of `names` (a tuple of strings, or unbound).
#[derive(Clone, Copy)]
pub struct Arguments<'a> {
    pub values: &'a [Value],
    pub names: Value,
}

impl<'a> Arguments<'a> {
    pub fn positional(values: &'a [Value]) -> Arguments<'a> {
        Arguments { values, names: Value::UNBOUND }
    }
    pub fn keyword_names(&self) -> &'a [Value] {
        if self.names.is_unbound() {
            return &[];
        }
        // SAFETY: `names` is a tuple; it outlives the call.
        unsafe { (*self.names.as_ptr::<TupleObject>()).items() }
    }
    pub fn n_positional(&self) -> usize {
        self.values.len() - self.keyword_names().len()
    }
}

/// Arguments of so many parameters are bound on the native stack, others in an array on the heap.
const FEW_PARAMETERS: usize = 16;

impl Vm {
    pub fn new_native(
        &mut self,
        row: NativeRow,
        qualifier: &'static str,
        ty: BuiltinType,
        owner: Value,
        module: Value,
    ) -> Value {
        let binding = self.bind_row(row, qualifier);
        self.make(ty, |header| NativeFunction { header, owner, module, binding })
    }

    /// A new function of a module.
    pub fn new_module_function(&mut self, row: NativeRow, module: &'static str) -> Value {
        let mut binding = Box::new(NativeBinding::new(row, ""));
        binding.module = if module == "builtins" { "" } else { module };
        let binding = self.keep_binding(binding);
        let module = self.intern(module);
        self.make(BuiltinType::NativeFunction, |header| NativeFunction {
            header,
            owner: Value::UNBOUND,
            module,
            binding,
        })
    }

    /// A new method of a class made in Rust.
    pub fn new_native_method(&mut self, row: NativeRow, ty: BuiltinType, class: *mut TypeObject) -> Value {
        // SAFETY: a live class, whose specification is static.
        let spec: &'static TypeSpec = unsafe { &*(*class).spec };
        let mut binding = Box::new(NativeBinding::new(row, spec.name));
        binding.owner = Some(spec);
        let binding = self.keep_binding(binding);
        let (owner, module) = (Value::UNBOUND, Value::NONE);
        self.make(ty, |header| NativeFunction { header, owner, module, binding })
    }

    /// A row's binding, which lives as long as the VM.
    pub fn bind_row(&mut self, row: NativeRow, qualifier: &'static str) -> *const NativeBinding {
        self.keep_binding(Box::new(NativeBinding::new(row, qualifier)))
    }

    fn keep_binding(&mut self, mut binding: Box<NativeBinding>) -> *const NativeBinding {
        if self.times_natives {
            binding.target = NativeTarget::Function(call_timed);
        }
        let pointer: *const NativeBinding = &*binding;
        self.bindings.push(binding);
        pointer
    }

    /// Has natives note that they run.
    pub(crate) fn time_natives(&mut self) {
        self.times_natives = true;
        for binding in &mut self.bindings {
            if let NativeTarget::Function(function) = &mut binding.target {
                *function = call_timed;
            }
        }
    }

    /// The binding of a slot's method.
    pub(super) fn bind_slot(
        &mut self,
        class: *mut TypeObject,
        id: SlotId,
        method: &MethodRow,
        wrap: Wrap,
    ) -> *const NativeBinding {
        fn uncalled(_: &mut Vm, _: &NativeBinding, _: &[Value]) -> PyResult {
            unreachable!("a slot is called in its place")
        }
        let row = NativeRow::checked(method.name, method.signature, uncalled).doc(method.doc);
        let qualifier = self.static_class_name(class);
        let mut binding = Box::new(NativeBinding::new(row, qualifier));
        binding.target = NativeTarget::Slot { class, id, wrap };
        let pointer: *const NativeBinding = &*binding;
        self.bindings.push(binding);
        pointer
    }

    /// Binds a native method to an object.
    pub fn bind_native(&mut self, method: Value, owner: Value) -> Value {
        let binding = This::<NativeFunction>::expect(self, method).binding;
        // SAFETY: bindings live as long as the VM.
        let is_slot = unsafe { &*binding }.is_wrapper();
        let ty = if is_slot { BuiltinType::BoundSlotWrapper } else { BuiltinType::NativeFunction };
        self.make(ty, |header| NativeFunction { header, owner, module: Value::NONE, binding })
    }

    /// Calls a native function object; a bound one gets its owner first.
    pub fn call_native_object(&mut self, function: Value, arguments: Arguments<'_>) -> PyResult<Value> {
        let object = This::<NativeFunction>::expect(self, function);
        // SAFETY: bindings live as long as the VM.
        let (binding, owner) = unsafe { (&*object.binding, object.owner) };
        if owner.is_unbound() || !binding.has_self {
            return self.call_binding(binding, arguments);
        }
        let mut values: SmallVec<[Value; 8]> = SmallVec::with_capacity(arguments.values.len() + 1);
        values.push(owner);
        values.extend_from_slice(arguments.values);
        // Spilled vectors are not seen by the collector; their values stay reachable through the caller's frame.
        self.call_named(binding, Arguments { values: &values, names: arguments.names }, Some(owner))
    }

    #[inline]
    pub fn call_binding(&mut self, binding: &NativeBinding, arguments: Arguments<'_>) -> PyResult<Value> {
        self.call_named(binding, arguments, None)
    }

    /// `receiver`: the one that a method is bound to, of whose class messages speak.
    #[inline(always)]
    fn call_named(
        &mut self,
        binding: &NativeBinding,
        arguments: Arguments<'_>,
        receiver: Option<Value>,
    ) -> PyResult<Value> {
        self.check_native_stack()?;
        if arguments.names.is_unbound() && binding.takes_exactly(arguments.values.len()) {
            return binding.invoke(self, arguments.values);
        }
        if binding.is_fixed && arguments.names.is_unbound() && binding.accepts(arguments.values.len()) {
            let mut bound = [Value::UNBOUND; 12];
            if let Some(bound) = bound.get_mut(..binding.parameters.len()) {
                bound[..arguments.values.len()].copy_from_slice(arguments.values);
                return binding.invoke(self, bound);
            }
        }
        self.call_binding_slow(binding, arguments, receiver)
    }

    #[inline(never)]
    fn call_binding_slow(
        &mut self,
        binding: &NativeBinding,
        arguments: Arguments<'_>,
        receiver: Option<Value>,
    ) -> PyResult<Value> {
        let n_given = arguments.n_positional();
        if let (true, Some(spec)) = (binding.row.name == "__new__", binding.owner) {
            let Some(&class) = arguments.values[..n_given].first() else {
                return Err(self.raise_type(&format!("{}.__new__(): not enough arguments", spec.full_name())));
            };
            self.class_argument_of(class, spec)?;
        }
        let hidden = binding.has_self as usize;
        if hidden > n_given && !binding.qualifier.is_empty() {
            let name = binding.row.name;
            let owner = match binding.owner {
                Some(spec) if name == "__init__" => spec.full_name(),
                _ => binding.qualifier.into(),
            };
            return Err(self.raise_type(&match binding.target {
                NativeTarget::Slot { .. } => format!("descriptor '{name}' of '{owner}' object needs an argument"),
                _ if binding.is_slot() || name == "__init__" => {
                    format!("descriptor '{name}' of '{owner}' object needs an argument")
                }
                _ => format!("unbound method {owner}.{name}() needs an argument"),
            }));
        }
        if n_given > binding.n_positional && !binding.has_varargs {
            return Err(self.raise_native_count(binding, n_given - hidden, hidden, receiver));
        }
        if !arguments.keyword_names().is_empty() && n_given < binding.n_unnamed_required() {
            return Err(self.raise_native_count(binding, n_given.saturating_sub(hidden), hidden, receiver));
        }
        let has = |kind| binding.parameters.iter().any(|p| p.kind == kind);
        let rest = if has(ParameterKind::VarArgs) {
            self.new_tuple(&arguments.values[binding.n_positional.min(n_given)..n_given])
        } else {
            Value::UNBOUND
        };
        let keywords = if has(ParameterKind::VarKeywords) { self.new_dict() } else { Value::UNBOUND };
        let n_parameters = binding.parameters.len();
        let (mut few, many);
        let bound = if n_parameters <= FEW_PARAMETERS {
            few = [Value::UNBOUND; FEW_PARAMETERS];
            &mut few[..n_parameters]
        } else {
            // Made last: what was just made goes into an array that no collection has seen. What is written later is an
            // argument, which the caller keeps.
            many = self.new_array(n_parameters)?;
            // SAFETY: a fresh array of so many elements; `bound` on the native stack keeps it.
            unsafe { (*many.as_ptr::<ValueArray>()).elements_mut() }
        };
        let mut position = 0;
        for (parameter, value) in binding.parameters.iter().zip(bound.iter_mut()) {
            match parameter.kind {
                ParameterKind::PositionalOnly | ParameterKind::Either => {
                    if position < n_given {
                        *value = arguments.values[position];
                    }
                    position += 1;
                }
                ParameterKind::VarArgs => *value = rest,
                ParameterKind::VarKeywords => *value = keywords,
                ParameterKind::KeywordOnly => {}
            }
        }
        for (&name, &given) in arguments.keyword_names().iter().zip(&arguments.values[n_given..]) {
            let text = self.string_of(name);
            let is_named =
                |p: &Parameter| matches!(p.kind, ParameterKind::Either | ParameterKind::KeywordOnly) && p.name == text;
            if let Some(i) = binding.parameters.iter().position(is_named) {
                if !bound[i].is_unbound() {
                    let message = format!(
                        "argument for {} given by name ('{text}') and position ({})",
                        binding.callee(),
                        i + 1 - hidden.max(binding.is_constructor() as usize)
                    );
                    return Err(self.raise_type(&message));
                }
                bound[i] = given;
            } else if let Some(i) = binding.parameters.iter().position(|p| p.kind == ParameterKind::VarKeywords) {
                self.dict_set(bound[i], name, given)?;
            } else if binding.takes_no_keywords() {
                if self.leaves_keywords_to_python(binding, arguments.values) {
                    break;
                }
                let name = match binding.target {
                    NativeTarget::Slot { .. } => format!("wrapper {}", binding.row.name),
                    NativeTarget::Function(_) => self.display_name(binding, receiver),
                };
                let message = format!("{name}() takes no keyword arguments");
                return Err(self.raise_type(&message));
            } else {
                let message = binding.describe_unexpected(&text);
                return Err(self.raise_type(&message));
            }
        }
        for (i, parameter) in binding.parameters.iter().enumerate() {
            if bound[i].is_unbound() && !parameter.is_optional {
                if parameter.kind == ParameterKind::PositionalOnly {
                    return Err(self.raise_native_count(binding, n_given.saturating_sub(hidden), hidden, receiver));
                }
                let is_new = binding.row.name == "__new__";
                let message = format!(
                    "{} missing required argument '{}' (pos {})",
                    binding.callee(),
                    parameter.name,
                    i + 1 - hidden.max(is_new as usize)
                );
                return Err(self.raise_type(&message));
            }
        }
        binding.invoke(self, bound)
    }

    /// What messages call a native: of a bound one the receiver's class is named, or the class that it is.
    fn display_name(&self, binding: &NativeBinding, receiver: Option<Value>) -> String {
        match receiver {
            Some(receiver) if !binding.qualifier.is_empty() && !binding.is_constructor() => {
                let is_class = self.is_a::<TypeObject>(receiver);
                let class = if is_class { receiver.as_ptr() } else { self.class_of(receiver) };
                format!("{}.{}", self.string_of(class_ref(class).qualname), binding.row.name)
            }
            _ => binding.display_name(),
        }
    }

    fn raise_native_count(
        &mut self,
        binding: &NativeBinding,
        given: usize,
        hidden: usize,
        receiver: Option<Value>,
    ) -> crate::Raised {
        let is_constructor = binding.is_constructor();
        let (given, hidden) =
            if binding.row.name == "__new__" { (given.saturating_sub(1), 1) } else { (given, hidden) };
        let (least, most) = (binding.n_required.saturating_sub(hidden), binding.n_positional - hidden);
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        if let Some(alias) = binding.row.alias {
            let (bound, n) = match given < least {
                _ if least == most => ("exactly", most),
                true => ("at least", least),
                false => ("at most", most),
            };
            let has_keyword_only = binding.parameters.iter().any(|p| p.kind == ParameterKind::KeywordOnly);
            let what = if has_keyword_only { "positional argument" } else { "argument" };
            return self.raise_type(&format!("{alias} takes {bound} {n} {what}{} ({given} given)", plural(n)));
        }
        let name = if is_constructor { binding.qualifier.to_string() } else { self.display_name(binding, receiver) };
        let short_name = if is_constructor { binding.qualifier } else { binding.row.name };
        if binding.row.is_counted_first && least == most && !is_constructor {
            return self.raise_type(&format!("{short_name} expected {most} argument{}, got {given}", plural(most)));
        }
        if most == 0 && binding.parameters.iter().any(|p| p.kind == ParameterKind::KeywordOnly) {
            return self.raise_type(&format!("{short_name}() takes no positional arguments"));
        }
        if given > most && binding.parameters.iter().any(|p| p.kind == ParameterKind::KeywordOnly) {
            let bound = if least < most { "at most" } else { "exactly" };
            let message =
                format!("{short_name}() takes {bound} {most} positional argument{} ({given} given)", plural(most));
            return self.raise_type(&message);
        }
        let takes_keywords = binding.parameters[hidden..].iter().any(|p| p.kind == ParameterKind::Either);
        let has_keyword_only = binding.parameters.iter().any(|p| p.kind == ParameterKind::KeywordOnly);
        if takes_keywords && given > most && !binding.row.is_counted_first {
            let has_others = binding.parameters.iter().any(|p| p.kind == ParameterKind::KeywordOnly);
            let what = if has_others { "positional argument" } else { "argument" };
            let message = format!("{short_name}() takes at most {most} {what}{} ({given} given)", plural(most));
            return self.raise_type(&message);
        }
        if (takes_keywords || has_keyword_only) && given < least {
            let least = binding.n_unnamed_required().saturating_sub(hidden);
            let bound = if least < most { "at least" } else { "exactly" };
            let message =
                format!("{short_name}() takes {bound} {least} positional argument{} ({given} given)", plural(least));
            return self.raise_type(&message);
        }
        let message = if binding.is_slot() && least == most {
            let named = if binding.is_named_slot() { format!("{} ", binding.row.name) } else { String::new() };
            format!("{named}expected {most} argument{}, got {given}", plural(most))
        } else if binding.is_slot() && (least, most) == (1, 2) {
            format!("expected 1 or 2 arguments, got {given}")
        } else if least == most && (is_constructor || !binding.has_varargs) {
            match most {
                0 => format!("{name}() takes no arguments ({given} given)"),
                1 if !is_constructor => format!("{name}() takes exactly one argument ({given} given)"),
                _ => format!("{short_name} expected {most} argument{}, got {given}", plural(most)),
            }
        } else if given < least {
            format!("{short_name} expected at least {least} argument{}, got {given}", plural(least))
        } else {
            format!("{short_name} expected at most {most} argument{}, got {given}", plural(most))
        };
        self.raise_type(&message)
    }

    /// Is it the half of making an object that leaves keyword arguments to the other half, which the class has as its own?
    fn leaves_keywords_to_python(&mut self, binding: &NativeBinding, arguments: &[Value]) -> bool {
        let Some(&first) = arguments.first() else { return false };
        let names = self.names;
        match binding.row.name {
            "__new__" if self.is_a::<TypeObject>(first) => {
                let own = self.class_lookup(first.as_ptr(), names.__init__);
                let object = self.class(BuiltinType::Object);
                own != self.class_lookup(object, names.__init__)
            }
            "__init__" => {
                let class = self.class_of(first);
                let built_in = self.class(self.layout_of(first));
                self.class_lookup(class, names.__new__) != self.class_lookup(built_in, names.__new__)
            }
            _ => false,
        }
    }

    /// The keyword arguments of a `**kwargs` parameter, or nothing.
    pub fn keyword_dict_is_empty(&self, keywords: Value) -> bool {
        self.table(keywords).len == 0
    }
}

impl NativeBinding {
    /// Does it stand for a slot, in CPython if not here?
    fn is_slot(&self) -> bool {
        matches!(self.target, NativeTarget::Slot { .. })
            || matches!(self.row.name, "__int__" | "__float__" | "__index__" | "__release_buffer__")
            || self.row.name == "__init__" && self.qualifier == "object"
    }

    /// Is the method that it is shown as one that wraps a slot?
    pub fn is_wrapper(&self) -> bool {
        matches!(self.target, NativeTarget::Slot { .. }) || self.row.name == "__init__" && !self.qualifier.is_empty()
    }

    /// One of the slots that tell their name where the number of arguments is wrong.
    fn is_named_slot(&self) -> bool {
        matches!(self.row.name, "__setattr__" | "__setitem__" | "__set__" | "__buffer__" | "__release_buffer__")
    }

    /// Is it called by calling its class?
    fn is_constructor(&self) -> bool {
        matches!(self.row.name, "__new__" | "__init__") && !self.qualifier.is_empty()
    }

    /// How many positional arguments it has to get, where others can be named.
    fn n_unnamed_required(&self) -> usize {
        let is_named = |p: &Parameter| matches!(p.kind, ParameterKind::Either | ParameterKind::KeywordOnly);
        let is_required = |p: &&Parameter| p.kind == ParameterKind::PositionalOnly && !p.is_optional;
        let n_unnamed = self.parameters.iter().filter(is_required).count();
        if self.parameters.iter().any(is_named) { n_unnamed } else { 0 }
    }

    /// Have its parameters no names for callers?
    fn takes_no_keywords(&self) -> bool {
        self.parameters.iter().all(|p| matches!(p.kind, ParameterKind::PositionalOnly | ParameterKind::VarArgs))
    }

    /// What is wrong with a named argument that there is no parameter for.
    fn describe_unexpected(&self, name: &str) -> String {
        let is_named = |p: &&Parameter| matches!(p.kind, ParameterKind::Either | ParameterKind::KeywordOnly);
        let names = self.parameters.iter().filter(is_named).map(|p| p.name).filter(|&name| name != "self");
        let meant = match nearest(name, names) {
            Some(meant) => format!(". Did you mean '{meant}'?"),
            None => String::new(),
        };
        let callee = if self.row.alias == Some(NAMELESS) { "this function".to_string() } else { self.callee() };
        format!("{callee} got an unexpected keyword argument '{name}'{meant}")
    }

    /// What messages about its arguments call it, with parentheses.
    fn callee(&self) -> String {
        self.row.alias.map_or_else(|| format!("{}()", self.called_name()), str::to_string)
    }

    /// What messages call it.
    pub(super) fn called_name(&self) -> &'static str {
        if self.is_constructor() { self.qualifier } else { self.row.name }
    }

    fn display_name(&self) -> String {
        let place = if self.qualifier.is_empty() { self.module } else { self.qualifier };
        if place.is_empty() || self.is_constructor() {
            return self.called_name().to_string();
        }
        format!("{place}.{}", self.row.name)
    }
}
