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
