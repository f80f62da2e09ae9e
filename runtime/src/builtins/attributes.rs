//! The built-in functions about attributes and namespaces: `getattr`, `dir`, `vars`, `isinstance` and the like.

use super::receiver::tuple_of;
use crate::exec::Dependency;
use crate::object::class::{class_ref, mro_of};
use crate::object::dict::dict_of;
use crate::object::layout::TypeObject;
use crate::object::native::{NativeRow, native};
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Traced};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    native("getattr", "(object, name, default=<unrepresentable>, /)", getattr),
    native("hasattr", "(object, name, /)", hasattr),
    native("setattr", "(object, name, value, /)", setattr),
    native("delattr", "(object, name, /)", delattr),
    native("dir", "(object=<unrepresentable>, /)", dir),
    native("vars", "(object=<unrepresentable>, /)", vars),
    native("globals", "()", globals),
    native("locals", "()", locals),
    native("isinstance", "(object, class_or_tuple, /)", isinstance).traced(trace_isinstance),
    native("issubclass", "(class, class_or_tuple, /)", issubclass),
    native("callable", "(object, /)", callable),
];

/// The interned form of an attribute's name.
pub fn attribute_name(vm: &mut Vm, name: Value) -> PyResult {
    if !vm.is_str(name) {
        let message = format!("attribute name must be string, not '{}'", vm.class_name(name));
        return Err(vm.raise_type(&message));
    }
    let exact = vm.exact_alias(name)?;
    Ok(vm.intern_value(exact))
}

fn getattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = attribute_name(vm, args[1])?;
    let default = args.get(2).copied().unwrap_or(Value::UNBOUND);
    if default.is_unbound() {
        return vm.get_attr(args[0], name);
    }
    Ok(vm.get_attr_opt(args[0], name)?.unwrap_or(default))
}

fn hasattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = attribute_name(vm, args[1])?;
    Ok(Value::bool(vm.get_attr_opt(args[0], name)?.is_some()))
}

fn setattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = attribute_name(vm, args[1])?;
    vm.set_attr(args[0], name, args[2])?;
    Ok(Value::NONE)
}

fn delattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = attribute_name(vm, args[1])?;
    vm.del_attr(args[0], name)?;
    Ok(Value::NONE)
}

fn add_keys(vm: &mut Vm, set: Value, dict: Value) -> PyResult<()> {
    let mut at = 0;
    while let Some((index, entry)) = dict_of(dict).next_entry(at) {
        at = index + 1;
        if vm.is_str(entry.key) {
            vm.set_add(set, entry.key)?;
        }
    }
    Ok(())
}

/// What `object.__dir__` gives: the names of the value, its class and their bases.
pub fn names_of(vm: &mut Vm, value: Value) -> PyResult {
    let set = vm.new_set(BuiltinType::Set, 0)?;
    if vm.has_layout(value, BuiltinType::Type) {
        for &class in mro_of(value.as_ptr()) {
            add_keys(vm, set, class_ref(class.as_ptr()).dict)?;
        }
    } else {
        let own = vm.own_names(value)?;
        vm.set_update(set, own)?;
        if !vm.has_layout(value, BuiltinType::Module) {
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

fn dir(vm: &mut Vm, args: &[Value]) -> PyResult {
    let names = if args[0].is_unbound() {
        let locals = locals(vm, &[])?;
        vm.collect(locals)?
    } else {
        let name = vm.intern("__dir__");
        let names = vm.call_special(args[0], name, &[])?.unwrap_or(Value::NONE);
        vm.collect(names)?
    };
    super::sort::sort(vm, names, None, false)?;
    Ok(names)
}

fn vars(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[0].is_unbound() {
        return locals(vm, &[]);
    }
    let name = vm.names.__dict__;
    match vm.get_attr_opt(args[0], name)? {
        Some(dict) => Ok(dict),
        None => Err(vm.raise_type("vars() argument must have __dict__ attribute")),
    }
}

fn globals(vm: &mut Vm, _args: &[Value]) -> PyResult {
    match vm.running_frame() {
        Some(frame) => Ok(frame.globals()),
        None => Err(vm.raise_runtime("globals(): no frame")),
    }
}

fn locals(vm: &mut Vm, _args: &[Value]) -> PyResult {
    match vm.running_frame() {
        Some(frame) => vm.running_locals(frame),
        None => Err(vm.raise_runtime("locals(): no frame")),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Question {
    Instance,
    Subclass,
}

fn isinstance(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(vm.is_instance_of(args[0], args[1])?))
}

fn issubclass(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !vm.has_layout(args[0], BuiltinType::Type) && bases_of(vm, args[0])?.is_none() {
        return Err(vm.raise_type("issubclass() arg 1 must be a class"));
    }
    Ok(Value::bool(ask(vm, Question::Subclass, args[0], args[1])?))
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
        let claimed = claimed.filter(|&claimed| self.has_layout(claimed, BuiltinType::Type));
        Ok(claimed.is_some_and(|claimed| self.is_subclass(claimed.as_ptr(), class)))
    }
}

fn ask(vm: &mut Vm, question: Question, value: Value, class: Value) -> PyResult<bool> {
    if vm.is_exact(class, BuiltinType::Type) {
        return answer(vm, question, value, class.as_ptr());
    }
    if question == Question::Instance && class.0 == vm.class_of(value) as u64 {
        return Ok(true);
    }
    if vm.has_layout(class, BuiltinType::Tuple) {
        vm.check_native_stack()?;
        for &member in tuple_of(class).items() {
            if ask(vm, question, value, member)? {
                return Ok(true);
            }
        }
        return Ok(false);
    }
    // The hook of a metaclass or of an object that stands for a class.
    let name = if question == Question::Instance { vm.names.__instancecheck__ } else { vm.names.__subclasscheck__ };
    let is_class = vm.has_layout(class, BuiltinType::Type);
    match vm.lookup_special(class, name) {
        Some(hook) if !(is_class && vm.is_exact(hook, BuiltinType::NativeMethod)) => {
            vm.check_native_stack()?;
            let verdict = vm.call_special(class, name, &[value])?.unwrap_or(Value::FALSE);
            return vm.is_true(verdict);
        }
        _ => {}
    }
    if is_class {
        return answer(vm, question, value, class.as_ptr());
    }
    let text = match question {
        Question::Instance => "isinstance() arg 2 must be a type, a tuple of types, or a union",
        Question::Subclass => "issubclass() arg 2 must be a class, a tuple of classes, or a union",
    };
    Err(vm.raise_type(text))
}

fn answer(vm: &mut Vm, question: Question, value: Value, class: *mut TypeObject) -> PyResult<bool> {
    match question {
        Question::Instance => vm.is_or_claims_instance(value, class),
        Question::Subclass => is_or_claims_subclass(vm, value, class),
    }
}

/// The bases of what is no class and says what it derives from, by a tuple `__bases__`.
fn bases_of(vm: &mut Vm, value: Value) -> PyResult<Option<Value>> {
    let name = vm.intern("__bases__");
    let bases = vm.get_attr_opt(value, name)?;
    Ok(bases.filter(|&bases| vm.has_layout(bases, BuiltinType::Tuple)))
}

fn is_or_claims_subclass(vm: &mut Vm, value: Value, class: *mut TypeObject) -> PyResult<bool> {
    if vm.has_layout(value, BuiltinType::Type) {
        return Ok(vm.is_subclass(value.as_ptr(), class));
    }
    vm.check_native_stack()?;
    let Some(bases) = bases_of(vm, value)? else { return Ok(false) };
    for &base in tuple_of(bases).items() {
        if is_or_claims_subclass(vm, base, class)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn callable(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(vm.slots_of(args[0]).call.is_some()))
}

fn trace_isinstance(call: &mut NativeCall<'_>) -> Traced {
    let &[value, class] = call.arguments() else { return Ok(None) };
    if value.now.is_unbound() || !call.vm.is_exact(class.now, BuiltinType::Type) {
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
