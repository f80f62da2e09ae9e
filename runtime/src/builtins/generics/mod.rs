//! Classes with parameters: `list[int]`, `int | str`, the type parameters of PEP 695, and the module `_typing`.

mod alias;
mod generic;
mod param_spec;
mod parameter;
mod substitute;
mod type_alias;
mod union;

pub use alias::{GENERIC_ALIAS, new_alias};
pub use union::{UNION, either};

use crate::builtins::specs::NONE_TYPE;
use crate::object::argument::{This, method};
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::layout::{ListObject, TypeObject};
use crate::object::module::{ModuleSpec, ModuleState};
use crate::object::slots::Slots;
use crate::object::spec::{Layout, Object, TypeSpec};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_typing",
    doc: "The native part of `typing`.",
    functions: &[method("_idfunc", "(x, /)", |x: Value| x).doc("Its argument.")],
    types: &[
        &parameter::TYPE_VAR,
        &parameter::PARAM_SPEC,
        &parameter::TYPE_VAR_TUPLE,
        &param_spec::ARGS,
        &param_spec::KWARGS,
        &type_alias::TYPE_ALIAS,
        &generic::GENERIC,
        &UNION,
    ],
    exec: Some(|vm, module| {
        let none_given = no_default(vm)?;
        vm.set_module_entry(module, "NoDefault", none_given);
        Ok(())
    }),
    state: Some(|| Box::<State>::default()),
    ..ModuleSpec::NEW
};

/// What the types of the module share in a VM.
#[derive(Default)]
struct State {
    no_default: Option<Value>,
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.no_default.iter().for_each(|&value| visit(value));
    }
}

/// The one object of its type, which says that a type parameter has no default.
#[repr(C)]
struct NoDefault {
    header: Header,
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for NoDefault {
    const SPEC: &'static TypeSpec = &NO_DEFAULT;
}

static NO_DEFAULT: TypeSpec = TypeSpec {
    name: "NoDefaultType",
    module: "typing",
    doc: "The type of `NoDefault`.",
    layout: Some(Layout::of::<NoDefault>(0)),
    slots: Slots {
        repr: Some(|_, out, _| {
            out.push_str("typing.NoDefault");
            Ok(())
        }),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, /)", |vm: &mut Vm, _: Value| no_default(vm)).doc("The one object.")),
    methods: &[method("__reduce__", "($self, /)", |_: Value| "NoDefault").doc("Its name in the module.")],
    ..TypeSpec::NEW
};

fn no_default(vm: &mut Vm) -> PyResult {
    if let Some(State { no_default: Some(value) }) = vm.module_state(&MODULE) {
        return Ok(*value);
    }
    let class = vm.type_of_spec(&NO_DEFAULT);
    let value = vm.new_object(class, |header| NoDefault { header })?;
    if let Some(state) = vm.module_state::<State>(&MODULE) {
        state.no_default = Some(value);
    }
    Ok(value)
}

/// A new list to collect values in.
fn new_items(vm: &mut Vm) -> PyResult<This<ListObject>> {
    let list = vm.new_list(&[])?;
    Ok(This::of(vm, list).expect("a list was made"))
}

/// An attribute that need not be there.
fn attribute(vm: &mut Vm, owner: Value, name: &str) -> PyResult<Option<Value>> {
    let name = vm.intern(name);
    vm.get_attr_opt(owner, name)
}

/// The items of a tuple; none of what is none.
fn items_of<'a>(vm: &Vm, tuple: Value) -> &'a [Value] {
    match This::<crate::object::layout::TupleObject>::of(vm, tuple) {
        // SAFETY: tuples do not change and do not move; callers keep them alive.
        Some(this) => unsafe { &*std::ptr::from_ref(this.items()) },
        None => &[],
    }
}

fn is_class(vm: &Vm, value: Value) -> bool {
    vm.is_a::<TypeObject>(value)
}

/// Calls a function of the module `typing`.
fn call_typing(vm: &mut Vm, function: &str, arguments: &[Value]) -> PyResult {
    let (typing, name) = (vm.import_dotted("typing")?, vm.intern(function));
    let function = vm.get_attr(typing, name)?;
    vm.call(function, arguments)
}

/// What an annotation has for a type: `None` is the type of None, the rest is for `typing` to judge.
fn checked_type(vm: &mut Vm, value: Value, message: &str) -> PyResult {
    if value.is_none() {
        return Ok(Value::object(vm.class(BuiltinType::NoneType)));
    }
    let is_type = is_class(vm, value)
        || This::<alias::GenericAlias>::of(vm, value).is_some()
        || This::<union::Union>::of(vm, value).is_some()
        || This::<parameter::TypeParameter<{ parameter::TYPE }>>::of(vm, value).is_some();
    if is_type {
        return Ok(value);
    }
    let message = vm.new_str(message);
    call_typing(vm, "_type_check", &[value, message])
}

/// Appends a type as annotations show it.
fn write_type(vm: &mut Vm, out: &mut Text, ty: Value) -> PyResult<()> {
    if ty == vm.ellipsis {
        out.push_str("...");
        return Ok(());
    }
    if vm.is_class(ty, &NONE_TYPE) {
        out.push_str("None");
        return Ok(());
    }
    if let Some(list) = This::<ListObject>::of(vm, ty) {
        // A list of types, as `Callable` takes them.
        vm.check_native_stack()?;
        out.push('[' as u32);
        let mut at = 0;
        while let Some(&item) = list.items().get(at) {
            if at > 0 {
                out.push_str(", ");
            }
            write_type(vm, out, item)?;
            at += 1;
        }
        out.push(']' as u32);
        return Ok(());
    }
    let is_alias = attribute(vm, ty, "__origin__")?.is_some() && attribute(vm, ty, "__args__")?.is_some();
    if !is_alias
        && let Some(qualname) = attribute(vm, ty, "__qualname__")?
        && let Some(module) = attribute(vm, ty, "__module__")?
        && !module.is_none()
    {
        let (module, qualname) = (vm.str(module)?, vm.str(qualname)?);
        let (module, qualname) = (vm.string_of(module), vm.string_of(qualname));
        out.push_str(&if module == "builtins" { qualname } else { format!("{module}.{qualname}") });
        return Ok(());
    }
    vm.write_repr(out, ty)
}

fn raise_subclassed(vm: &mut Vm, what: &str) -> Raised {
    vm.raise_type(&format!("Cannot subclass an instance of {what}"))
}

impl Vm {
    /// Type parameters and aliases, by the number of the intrinsic that makes them.
    pub fn type_parameter(&mut self, intrinsic: usize, value: Value) -> PyResult {
        match intrinsic {
            7 => parameter::declared::<{ parameter::TYPE }>(self, value),
            8 => parameter::declared::<{ parameter::PARAMETERS }>(self, value),
            9 => parameter::declared::<{ parameter::TUPLE }>(self, value),
            10 => generic::subscripted(self, value),
            _ => type_alias::declared(self, value),
        }
    }

    /// A type variable with what a function evaluates to when somebody asks: its bound, or its constraints.
    pub fn bounded_type_variable(&mut self, name: Value, evaluate: Value, is_bound: bool) -> PyResult {
        let variable = parameter::declared::<{ parameter::TYPE }>(self, name)?;
        parameter::set_bound(self, variable, evaluate, is_bound);
        Ok(variable)
    }

    /// Gives a type parameter a default, evaluated when somebody asks.
    pub fn set_type_parameter_default(&mut self, parameter: Value, evaluate: Value) -> PyResult {
        parameter::set_default(self, parameter, evaluate);
        Ok(parameter)
    }

    /// `int | str`; `None` where a side is nothing that can be in a union.
    pub fn class_union(&mut self, lhs: Value, rhs: Value) -> PyResult<Option<Value>> {
        let result = either(self, lhs, rhs)?;
        Ok((result != self.not_implemented).then_some(result))
    }
}
