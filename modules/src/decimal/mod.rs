//! `_decimal`: decimal numbers of as many digits as wanted, under the module `decimal`.
//!
//! ```text
//!   number/                        numbers as values, and what is computed with them: no VM
//!   object, context, signals       what Python sees
//!   shared, spec, context_methods  their methods
//!   current                        the context that operators ask
//! ```

mod compute;
mod construct;
mod context;
mod context_methods;
mod convert;
mod current;
mod format;
mod number;
mod object;
mod operators;
mod shared;
mod signals;
mod spec;
mod state;

use number::settings::{MAX_EXPONENT, MAX_PRECISION, MIN_EXPONENT, MIN_TINY, Rounding};
use state::State;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_decimal",
    doc: "Decimal arithmetic.",
    functions: &[
        method("getcontext", "()", current::get).doc("The current context."),
        method("setcontext", "(context, /)", current::set_current).doc("Makes a context the current one."),
        method("localcontext", "(ctx=None, **kwargs)", current::local)
            .doc("For a with statement: the current context, or another, copied and changed as the keywords say."),
        method("IEEEContext", "(bits, /)", current::ieee).doc("The context of an interchange format of IEEE 754."),
    ],
    constants: &[
        ("MAX_PREC", Constant::Int(MAX_PRECISION)),
        ("MAX_EMAX", Constant::Int(MAX_EXPONENT)),
        ("MIN_EMIN", Constant::Int(MIN_EXPONENT)),
        ("MIN_ETINY", Constant::Int(MIN_TINY)),
        ("IEEE_CONTEXT_MAX_BITS", Constant::Int(current::MAX_BITS)),
        ("HAVE_THREADS", Constant::Bool(true)),
        ("HAVE_CONTEXTVAR", Constant::Bool(true)),
        ("__version__", Constant::Str("1.70")),
        ("__libmpdec_version__", Constant::Str("4.0.0")),
    ],
    types: &[&spec::DECIMAL, &context::CONTEXT],
    exec: Some(fill),
    state: Some(|| Box::new(State::default())),
    ..ModuleSpec::NEW
};

/// An attribute of a module of the library.
fn attribute_of(vm: &mut Vm, module: &str, name: &str) -> PyResult {
    let module = vm.import_dotted(module)?;
    let name = vm.intern(name);
    vm.get_attr(module, name)
}

fn fill(vm: &mut Vm, module: Value) -> PyResult<()> {
    // Imported anew, the module has the classes and contexts that it had before.
    if !State::of(vm).decimal_tuple.is_unbound() {
        return show_again(vm, module);
    }
    let class = vm.type_of_spec(&spec::DECIMAL);
    State::of(vm).decimal_class = class;
    for (nth, (_, name)) in Rounding::ALL.into_iter().enumerate() {
        let text = vm.intern(name);
        State::of(vm).roundings[nth] = text;
        vm.set_module_entry(module, name, text);
    }
    signals::make_classes(vm, module)?;
    let mutable_mapping = attribute_of(vm, "collections.abc", "MutableMapping")?;
    let mixin = Value::object(vm.type_of_spec(&signals::SIGNAL_DICT));
    let signal_dict = signals::make_class(vm, "SignalDict", "", &[mixin, mutable_mapping])?;
    State::of(vm).signal_dict = signal_dict;
    let variable = crate::contextvars::new_variable(vm, "decimal_context")?;
    State::of(vm).variable = variable;
    current::make_templates(vm, module)?;
    link_to_library(vm, module, Value::object(class))
}

fn show_again(vm: &mut Vm, module: Value) -> PyResult<()> {
    for (nth, (_, name)) in Rounding::ALL.into_iter().enumerate() {
        let text = State::of(vm).roundings[nth];
        vm.set_module_entry(module, name, text);
    }
    signals::show_classes(vm, module);
    for (nth, name) in current::TEMPLATES.into_iter().enumerate() {
        let template = State::of(vm).templates[nth];
        vm.set_module_entry(module, name, template);
    }
    let decimal_tuple = State::of(vm).decimal_tuple;
    vm.set_module_entry(module, "DecimalTuple", decimal_tuple);
    Ok(())
}

/// What the library's modules are to know, and what is theirs.
fn link_to_library(vm: &mut Vm, module: Value, class: Value) -> PyResult<()> {
    let number = attribute_of(vm, "numbers", "Number")?;
    let register = vm.intern("register");
    vm.call_method(number, register, &[class])?;
    let rational = attribute_of(vm, "numbers", "Rational")?;
    State::of(vm).rational = rational;
    let make = attribute_of(vm, "collections", "namedtuple")?;
    let (name, fields) = (vm.new_str("DecimalTuple"), vm.new_str("sign digits exponent"));
    let decimal_tuple = vm.call(make, &[name, fields])?;
    let (key, home) = (vm.intern("__module__"), vm.new_str("decimal"));
    vm.set_attr(decimal_tuple, key, home)?;
    State::of(vm).decimal_tuple = decimal_tuple;
    vm.set_module_entry(module, "DecimalTuple", decimal_tuple);
    Ok(())
}
