//! `_contextvars`: variables whose values depend on the context that runs.
//!
//! ```text
//!   a thread ──► current context ──► dict of variables: shared by copies until one of them sets something
//! ```

mod context;
mod token;
mod variable;

use stitch_runtime::object::argument::This;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_contextvars",
    doc: "Context variables.",
    functions: &[method("copy_context", "()", |vm: &mut Vm| {
        let current = context::current(vm)?;
        context::copy(vm, current)
    })
    .doc("A copy of the current context.")],
    types: &[&context::CONTEXT, &variable::CONTEXT_VAR, &token::TOKEN],
    exec: Some(|vm, _| {
        let missing = missing(vm)?;
        let class = vm.type_of_spec(&token::TOKEN);
        vm.set_class_entry(class, "MISSING", missing);
        Ok(())
    }),
    state: Some(|| Box::new(State::default())),
    ..ModuleSpec::NEW
};

#[derive(Default)]
struct State {
    missing: Option<Value>,
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.missing.into_iter().for_each(visit);
    }
}

impl State {
    fn of(vm: &mut Vm) -> &mut State {
        vm.module_state(&MODULE).expect("the module's state is one")
    }
}

/// What a token has for a variable that had no value.
#[repr(C)]
struct Missing {
    header: Header,
}

static MISSING: TypeSpec = TypeSpec {
    name: "Token.MISSING",
    module: "builtins",
    doc: "Stands for no value.",
    layout: Some(Layout::of::<Missing>(0)),
    slots: Slots {
        repr: slot(|_: &mut Vm, out: &mut Text, _: This<Missing>| {
            out.push_str("<Token.MISSING>");
            Ok(())
        }),
        ..Slots::NONE
    },
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Missing {
    const SPEC: &'static TypeSpec = &MISSING;
}

/// `Token.MISSING`, of this VM.
fn missing(vm: &mut Vm) -> PyResult {
    if let Some(known) = State::of(vm).missing {
        return Ok(known);
    }
    let class = vm.type_of_spec(&MISSING);
    let missing = vm.new_object(class, |header| Missing { header })?;
    State::of(vm).missing = Some(missing);
    Ok(missing)
}

/// What a variable had last: the context in which, how often that was changed by then, and the value.
#[derive(Default)]
pub struct CachedLookup {
    pub known: Option<(Value, u64, Value)>,
}

impl CachedLookup {
    /// For the collector.
    pub fn values(&self) -> [Value; 2] {
        self.known.map_or([Value::UNBOUND; 2], |(context, _, value)| [context, value])
    }
}

/// Is a context the current one, and as it was when it had been changed so often?
#[inline]
pub fn is_unchanged(vm: &Vm, context: Value, n_changes: u64) -> bool {
    // SAFETY: what is current is a context, which the thread keeps alive.
    vm.context == context && unsafe { This::<context::Context>::of_known(context) }.n_changes == n_changes
}

/// The current context, and how often it was changed.
pub fn state_of_current(vm: &mut Vm) -> PyResult<(Value, u64)> {
    let current = context::current(vm)?;
    Ok((current.value(), current.n_changes))
}

/// A variable for a native module.
pub fn new_variable(vm: &mut Vm, name: &str) -> PyResult {
    let class = Value::object(vm.type_of_spec(&variable::CONTEXT_VAR));
    let name = vm.new_str(name);
    vm.call(class, &[name])
}

/// What a variable has in the current context.
pub fn value_of(vm: &mut Vm, variable: Value) -> PyResult<Option<Value>> {
    let current = context::current(vm)?;
    current.get(vm, variable)
}

pub fn set_value(vm: &mut Vm, variable: Value, value: Value) -> PyResult<()> {
    let current = context::current(vm)?;
    context::Context::set(current, vm, variable, Some(value))
}
