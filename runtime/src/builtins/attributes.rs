//! The built-in functions about attributes and namespaces: `getattr`, `dir`, `vars`, `isinstance` and the like.

use crate::exec::Dependency;
use crate::object::argument::{This, method};
use crate::object::class::{class_ref, mro_of};
use crate::object::layout::{ModuleObject, StrObject, TupleObject, TypeObject};
use crate::object::native::NativeRow;
use crate::object::typed::NativeMethod;
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Operand, Traced};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("getattr", "(object, name, default=<unrepresentable>, /)", getattr)
        .traced(trace_getattr)
        .doc("An attribute by its name, or a default where there is none."),
    method("hasattr", "(obj, name, /)", hasattr).traced(trace_hasattr).doc("Has an object an attribute of that name?"),
    method("setattr", "(obj, name, value, /)", setattr).doc("Sets an attribute by its name."),
    method("delattr", "(obj, name, /)", delattr).doc("Deletes an attribute by its name."),
    method("dir", "(object=<unrepresentable>, /)", dir)
        .doc("The names of an object's attributes, or of the variables."),
    method("vars", "(object=<unrepresentable>, /)", vars).doc("The dict of an object, or the local variables."),
    method("globals", "()", globals).doc("The variables of the running module."),
    method("locals", "()", locals).doc("The local variables of the running function."),
    method("isinstance", "(obj, class_or_tuple, /)", Vm::is_instance_of)
        .doc("Is an object an instance of a class, or of one of several?")
        .traced(trace_isinstance),
    method("issubclass", "(cls, class_or_tuple, /)", issubclass)
        .traced(trace_issubclass)
        .doc("Does a class derive from another, or from one of several?"),
    method("callable", "(obj, /)", |vm: &mut Vm, value: Value| vm.is_callable(value))
        .traced(trace_callable)
        .doc("Can an object be called?"),
];

/// The form of an attribute's name by which it is looked up.
pub fn attribute_name(vm: &mut Vm, name: Value) -> PyResult {
    if !vm.is_str(name) {
        let message = format!("attribute name must be string, not '{}'", vm.class_name(name));
        return Err(vm.raise_type(&message));
    }
    let exact = vm.exact_alias(name)?;
    Ok(vm.name_from(exact))
}

fn getattr(vm: &mut Vm, value: Value, name: Value, default: Option<Value>) -> PyResult {
    let name = attribute_name(vm, name)?;
    match default {
        Some(default) => Ok(vm.get_attr_opt(value, name)?.unwrap_or(default)),
        None => vm.get_attr(value, name),
    }
}

fn hasattr(vm: &mut Vm, value: Value, name: Value) -> PyResult<bool> {
    let name = attribute_name(vm, name)?;
    Ok(vm.get_attr_opt(value, name)?.is_some())
}

fn setattr(vm: &mut Vm, value: Value, name: Value, attribute: Value) -> PyResult<()> {
    let name = attribute_name(vm, name)?;
    vm.set_attr(value, name, attribute)
}

fn delattr(vm: &mut Vm, value: Value, name: Value) -> PyResult<()> {
    let name = attribute_name(vm, name)?;
    vm.del_attr(value, name)
}

fn add_keys(vm: &mut Vm, set: Value, dict: Value) -> PyResult<()> {
    let mut at = 0;
    while let Some((index, entry)) = vm.table(dict).next_entry(at) {
        at = index + 1;
        if vm.is_str(entry.key) {
            vm.set_add(set, entry.key)?;
        }
    }
    Ok(())
}

/// What `object.__dir__` gives: the names of the value, its class and their bases. A module may have a function for it.
pub fn names_of(vm: &mut Vm, value: Value) -> PyResult {
    if let Some(module) = This::<ModuleObject>::of(vm, value) {
        let name = vm.intern("__dir__");
        if let Some(function) = vm.dict_get_name(module.dict, name) {
            return vm.call(function, &[]);
        }
        complete(vm, module.dict)?;
    }
    let set = vm.new_set(BuiltinType::Set)?;
    if vm.is_a::<TypeObject>(value) {
        for &class in mro_of(value.as_ptr()) {
            add_keys(vm, set, class_ref(class.as_ptr()).dict)?;
        }
    } else {
        let own = vm.own_names(value)?;
        vm.set_update(set, own)?;
        if !vm.is_a::<ModuleObject>(value) {
            let class = vm.class_of(value);
            for &class in mro_of(class) {
                add_keys(vm, set, class_ref(class.as_ptr()).dict)?;
            }
        }
    }
    let list = vm.collect(set)?;
    super::sort::sort(vm, list, None, false)?;
    Ok(list)
}

/// Gives a module's variables what the module's spec would give when asked: from now on they have it.
fn complete(vm: &mut Vm, globals: Value) -> PyResult<()> {
    for name in [vm.names.__loader__, vm.names.__cached__] {
        if vm.dict_get_name(globals, name).is_none() {
            vm.name_of_spec(globals, name)?;
        }
    }
    Ok(())
}

fn dir(vm: &mut Vm, value: Option<Value>) -> PyResult {
    let names = match value {
        None => locals(vm)?,
        Some(value) => {
            let name = vm.intern("__dir__");
            vm.call_special(value, name, &[])?.unwrap_or(Value::NONE)
        }
    };
    let names = vm.collect(names)?;
    super::sort::sort(vm, names, None, false)?;
    Ok(names)
}

fn vars(vm: &mut Vm, value: Option<Value>) -> PyResult {
    let Some(value) = value else { return locals(vm) };
    let name = vm.names.__dict__;
    match vm.get_attr_opt(value, name)? {
        Some(dict) => {
            if This::<ModuleObject>::of(vm, value).is_some_and(|module| module.dict == dict) {
                complete(vm, dict)?;
            }
            Ok(dict)
        }
        None => Err(vm.raise_type("vars() argument must have __dict__ attribute")),
    }
}

fn globals(vm: &mut Vm) -> PyResult {
    match vm.running_frame() {
        Some(frame) => Ok(frame.globals()),
        None => Err(vm.raise_runtime("globals(): no frame")),
    }
}

fn locals(vm: &mut Vm) -> PyResult {
    match vm.running_frame() {
        Some(frame) => {
            let locals = vm.running_locals(frame)?;
            if locals == frame.globals() {
                complete(vm, locals)?;
            }
            Ok(locals)
        }
        None => Err(vm.raise_runtime("locals(): no frame")),
    }
}

/// So deep may tuples of classes nest, about as in CPython.
const MAX_NESTED: u32 = 20_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Instance,
    Subclass,
}

fn issubclass(vm: &mut Vm, class: Value, of: Value) -> PyResult<bool> {
    ask(vm, Question::Subclass, class, of)
}

/// TypeError for what is no class and does not stand for one.
fn check_class(vm: &mut Vm, value: Value) -> PyResult<()> {
    if !vm.is_a::<TypeObject>(value) && bases_of(vm, value)?.is_none() {
        return Err(vm.raise_type("issubclass() arg 1 must be a class"));
    }
    Ok(())
}

/// What `type.__subclasscheck__` says.
pub(super) fn check_subclass(vm: &mut Vm, value: Value, class: *mut TypeObject) -> PyResult<bool> {
    check_class(vm, value)?;
    is_or_claims_subclass(vm, value, class)
}

impl Vm {
    /// `isinstance(value, class_or_tuple)`.
    pub fn is_instance_of(&mut self, value: Value, class: Value) -> PyResult<bool> {
        ask(self, Question::Instance, value, class)
    }

    /// `issubclass(value, class_or_tuple)`, where the value is a class or stands for one.
    pub fn is_subclass_of(&mut self, value: Value, class: Value) -> PyResult<bool> {
        ask(self, Question::Subclass, value, class)
    }

    /// What `type.__instancecheck__` says: a value may claim another class than it has, by `__class__`.
    pub(super) fn is_or_claims_instance(&mut self, value: Value, class: *mut TypeObject) -> PyResult<bool> {
        if self.is_instance(value, class) {
            return Ok(true);
        }
        if self.tells_its_class(value) {
            return Ok(false);
        }
        let claimed = self.get_attr_opt(value, self.names.__class__)?;
        let claimed = claimed.filter(|&claimed| self.is_a::<TypeObject>(claimed));
        Ok(claimed.is_some_and(|claimed| self.is_subclass(claimed.as_ptr(), class)))
    }
}

fn ask(vm: &mut Vm, question: Question, value: Value, class: Value) -> PyResult<bool> {
    ask_nested(vm, question, value, class, MAX_NESTED)
}

fn ask_nested(vm: &mut Vm, question: Question, value: Value, class: Value, n_left: u32) -> PyResult<bool> {
    if vm.is_exactly::<TypeObject>(class) {
        return answer(vm, question, value, class.as_ptr());
    }
    if question == Question::Instance && class.0 == vm.class_of(value) as u64 {
        return Ok(true);
    }
    if vm.is_a::<TupleObject>(class) {
        vm.check_native_stack()?;
        let Some(n_left) = n_left.checked_sub(1) else { return Err(vm.raise_recursion()) };
        for &member in vm.tuple_items(class) {
            if ask_nested(vm, question, value, member, n_left)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    // The hook of a metaclass or of an object that stands for a class.
    let name = if question == Question::Instance { vm.names.__instancecheck__ } else { vm.names.__subclasscheck__ };
    let is_class = vm.is_a::<TypeObject>(class);
    match vm.lookup_special(class, name) {
        Some(hook) if !(is_class && vm.is_exactly::<NativeMethod>(hook)) => {
            vm.check_native_stack()?;
            let verdict = vm.call_special(class, name, &[value])?.unwrap_or(Value::FALSE);
            return vm.is_true(verdict);
        }
        _ => {}
    }
    if is_class {
        return answer(vm, question, value, class.as_ptr());
    }
    if question == Question::Subclass {
        check_class(vm, value)?;
    }
    if bases_of(vm, class)?.is_some() {
        let derived = match question {
            Question::Subclass => Some(value),
            Question::Instance => vm.get_attr_opt(value, vm.names.__class__)?,
        };
        return derived.map_or(Ok(false), |derived| derives_from(vm, derived, class, n_left));
    }
    let text = match question {
        Question::Instance => "isinstance() arg 2 must be a type, a tuple of types, or a union",
        Question::Subclass => "issubclass() arg 2 must be a class, a tuple of classes, or a union",
    };
    Err(vm.raise_type(text))
}

/// Does what says what it derives from derive from what is no class?
fn derives_from(vm: &mut Vm, derived: Value, class: Value, n_left: u32) -> PyResult<bool> {
    if derived == class {
        return Ok(true);
    }
    vm.check_native_stack()?;
    let Some(n_left) = n_left.checked_sub(1) else { return Err(vm.raise_recursion()) };
    let Some(bases) = bases_of(vm, derived)? else { return Ok(false) };
    for &base in vm.tuple_items(bases) {
        if derives_from(vm, base, class, n_left)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn answer(vm: &mut Vm, question: Question, value: Value, class: *mut TypeObject) -> PyResult<bool> {
    match question {
        Question::Instance => vm.is_or_claims_instance(value, class),
        Question::Subclass => check_subclass(vm, value, class),
    }
}

/// The bases of what is no class and says what it derives from, by a tuple `__bases__`.
fn bases_of(vm: &mut Vm, value: Value) -> PyResult<Option<Value>> {
    let name = vm.intern("__bases__");
    let bases = vm.get_attr_opt(value, name)?;
    Ok(bases.filter(|&bases| vm.is_a::<TupleObject>(bases)))
}

fn is_or_claims_subclass(vm: &mut Vm, value: Value, class: *mut TypeObject) -> PyResult<bool> {
    if vm.is_a::<TypeObject>(value) {
        return Ok(vm.is_subclass(value.as_ptr(), class));
    }
    vm.check_native_stack()?;
    let Some(bases) = bases_of(vm, value)? else { return Ok(false) };
    for &base in vm.tuple_items(bases) {
        if is_or_claims_subclass(vm, base, class)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn trace_getattr(call: &mut NativeCall<'_>) -> Traced {
    let (object, name, default) = match *call.arguments() {
        [object, name] => (object, name, None),
        [object, name, default] => (object, name, Some(default.uop)),
        _ => return Ok(None),
    };
    match known_name(call, name) {
        Some(name) => call.recorder.get_attribute(call.vm, object, name, default),
        None => Ok(None),
    }
}

fn trace_hasattr(call: &mut NativeCall<'_>) -> Traced {
    let &[object, name] = call.arguments() else { return Ok(None) };
    let Some(name) = known_name(call, name) else { return Ok(None) };
    // Which no attribute is.
    let absent = call.constant(Value::UNBOUND);
    let found = call.recorder.get_attribute(call.vm, object, name, Some(absent))?;
    Ok(found.map(|value| call.constant(Value::bool(value != absent))))
}

/// The interned name that the trace knows an argument to be.
fn known_name(call: &mut NativeCall<'_>, name: Operand) -> Option<Value> {
    let is_known = call.known(name).is_some_and(|known| call.vm.is_exactly::<StrObject>(known));
    is_known.then(|| call.vm.intern_value(name.now))
}

fn trace_issubclass(call: &mut NativeCall<'_>) -> Traced {
    let &[class, base] = call.arguments() else { return Ok(None) };
    // Classes without metaclass: the order of the one tells.
    let is_plain = |operand: Operand| call.known(operand).is_some() && call.vm.is_exactly::<TypeObject>(operand.now);
    if !is_plain(class) || !is_plain(base) {
        return Ok(None);
    }
    let answer = call.vm.is_subclass(class.now.as_ptr(), base.now.as_ptr());
    call.recorder.depend(Dependency::Order(class.now.0));
    Ok(Some(call.constant(Value::bool(answer))))
}

fn trace_callable(call: &mut NativeCall<'_>) -> Traced {
    let &[value] = call.arguments() else { return Ok(None) };
    call.guard_class(value)?;
    let answer = call.vm.is_callable(value.now);
    Ok(Some(call.constant(Value::bool(answer))))
}

fn trace_isinstance(call: &mut NativeCall<'_>) -> Traced {
    let &[value, class] = call.arguments() else { return Ok(None) };
    if value.now.is_unbound() || !call.vm.is_exactly::<TypeObject>(class.now) {
        return Ok(None);
    }
    if !value.now.is_object() {
        let answer = call.vm.is_instance(value.now, class.now.as_ptr());
        call.guard_is(class)?;
        call.guard_class(value)?;
        return Ok(Some(call.constant(Value::bool(answer))));
    }
    // A class without metaclass: its own order tells, and what the value says of itself.
    let answer = call.vm.is_instance(value.now, class.now.as_ptr());
    if !answer && !call.vm.tells_its_class(value.now) {
        return Ok(None);
    }
    call.guard_is(class)?;
    call.guard_shape(value)?;
    let class = call.vm.class_of(value.now);
    call.recorder.depend(Dependency::Order(class as u64));
    if !answer {
        call.recorder.depend_on_class(class);
    }
    Ok(Some(call.constant(Value::bool(answer))))
}
