//! `Context`: values of variables.

use super::variable::ContextVar;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::compare::cmp;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Context {
    header: Header,
    /// A dict.
    values: Value,
    /// Somebody else has the dict, too: it is copied before it is changed.
    is_shared: bool,
    is_entered: bool,
    /// How often a variable was set here.
    pub n_changes: u64,
}

pub static CONTEXT: TypeSpec = TypeSpec {
    name: "Context",
    module: "_contextvars",
    doc: "Values of context variables.",
    layout: Some(Layout::of::<Context>(1)),
    is_unhashable: true,
    slots: Slots {
        len: slot(|vm: &mut Vm, this: This<Context>| Ok(vm.table(this.values).len)),
        get_item: slot(|vm: &mut Vm, this: This<Context>, key: Value| {
            check_key(vm, key)?;
            vm.dict_get(this.values, key)?.ok_or_else(|| vm.raise_key(key))
        }),
        contains: slot(|vm: &mut Vm, this: This<Context>, key: Value| {
            check_key(vm, key)?;
            vm.dict_contains(this.values, key)
        }),
        iter: slot(|vm: &mut Vm, this: This<Context>| Ok(iterator(vm, this, BuiltinType::DictKeyIter))),
        compare: slot(compare),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, _: ClassOf<Context>, args: Rest, names: Keywords| {
                if !args.items().is_empty() || !names.is_empty() {
                    return Err(vm.raise_type("Context() does not accept any arguments"));
                }
                new(vm)
            },
        )
        .doc("One without values."),
    ),
    methods: &[
        method(
            "get",
            "($self, key, default=None, /)",
            |vm: &mut Vm, this: This<Context>, key: Value, default: Option<Value>| {
                check_key(vm, key)?;
                Ok(vm.dict_get(this.values, key)?.or(default))
            },
        )
        .doc("The value of a variable, or the default."),
        method("items", "($self, /)", |vm: &mut Vm, this: This<Context>| iterator(vm, this, BuiltinType::DictItemIter))
            .doc("The variables with their values."),
        method("keys", "($self, /)", |vm: &mut Vm, this: This<Context>| iterator(vm, this, BuiltinType::DictKeyIter))
            .doc("The variables."),
        method("values", "($self, /)", |vm: &mut Vm, this: This<Context>| {
            iterator(vm, this, BuiltinType::DictValueIter)
        })
        .doc("The values."),
        method("copy", "($self, /)", copy).doc("A shallow copy."),
        method("run", "($self, /, *args, **kwargs)", run).doc("Calls a function with the context as the current one."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Context {
    const SPEC: &'static TypeSpec = &CONTEXT;
}

impl Context {
    /// What a variable has here.
    pub fn get(&self, vm: &mut Vm, variable: Value) -> PyResult<Option<Value>> {
        vm.dict_get(self.values, variable)
    }

    /// Gives a variable a value, or none.
    pub fn set(mut this: This<Context>, vm: &mut Vm, variable: Value, value: Option<Value>) -> PyResult<()> {
        this.n_changes += 1;
        if this.is_shared {
            let values = vm.dict_copy(this.values, BuiltinType::Dict)?;
            (this.values, this.is_shared) = (values, false);
            vm.barrier(this.pointer());
        }
        match value {
            Some(value) => vm.dict_set(this.values, variable, value),
            None => vm.dict_remove(this.values, variable).map(|_| ()),
        }
    }
}

fn check_key(vm: &mut Vm, key: Value) -> PyResult<()> {
    if This::<ContextVar>::of(vm, key).is_some() {
        return Ok(());
    }
    let key = vm.repr_string(key)?;
    Err(vm.raise_type(&format!("a ContextVar key was expected, got {key}")))
}

fn new(vm: &mut Vm) -> PyResult {
    let values = vm.new_dict();
    let class = vm.type_of_spec(&CONTEXT);
    vm.new_object(class, |header| Context { header, values, is_shared: false, is_entered: false, n_changes: 0 })
}

pub fn copy(vm: &mut Vm, mut this: This<Context>) -> PyResult {
    this.is_shared = true;
    let class = vm.type_of_spec(&CONTEXT);
    let values = this.values;
    vm.new_object(class, |header| Context { header, values, is_shared: true, is_entered: false, n_changes: 0 })
}

/// The current context.
pub fn current(vm: &mut Vm) -> PyResult<This<Context>> {
    if vm.context.is_unbound() {
        vm.context = new(vm)?;
    }
    Ok(This::of(vm, vm.context).expect("the current context is one"))
}

/// Over what it has now.
fn iterator(vm: &mut Vm, mut this: This<Context>, kind: BuiltinType) -> Value {
    this.is_shared = true;
    vm.new_dict_iter(kind, this.values)
}

fn compare(vm: &mut Vm, operation: u32, this: This<Context>, other: Value) -> PyResult {
    let is_equality = operation == cmp::EQ || operation == cmp::NE;
    let Some(other) = This::<Context>::of(vm, other).filter(|_| is_equality) else { return Ok(vm.not_implemented) };
    let is_equal = vm.dicts_equal(this.values, other.values)?;
    Ok(Value::bool(is_equal == (operation == cmp::EQ)))
}

fn run(vm: &mut Vm, mut this: This<Context>, args: Rest, keywords: Keywords) -> PyResult {
    let [function, rest @ ..] = args.items() else {
        return Err(vm.raise_type("run() missing 1 required positional argument"));
    };
    if this.is_entered {
        let context = vm.repr_string(this.value())?;
        return Err(vm.raise_runtime(&format!("cannot enter context: {context} is already entered")));
    }
    let before = current(vm)?;
    this.is_entered = true;
    vm.context = this.value();
    let result = if keywords.is_empty() {
        vm.call(*function, rest)
    } else {
        let rest = vm.new_tuple(rest);
        vm.call_expanded(*function, rest, keywords.value())
    };
    vm.context = before.value();
    this.is_entered = false;
    result
}
