//! The current context, which a context variable has; `localcontext`; the contexts of IEEE 754.

use super::context::{CONTEXT, Context, NAMES, copy_of, make, set};
use super::number::settings::{Rounding, Settings, Status};
use super::state::{DEFAULT, State};
use stitch_runtime::object::argument::{Keywords, OrNone, Rest, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

/// The current context; a copy of the default one where none was set yet.
#[inline]
pub fn context(vm: &mut Vm) -> PyResult<This<Context>> {
    if let Some(known) = State::of(vm).current.known {
        let (in_context, n_changes, value) = known;
        if crate::contextvars::is_unchanged(vm, in_context, n_changes) {
            // SAFETY: only contexts of this module are kept there.
            return Ok(unsafe { This::of_known(value) });
        }
    }
    look_up(vm)
}

#[inline(never)]
fn look_up(vm: &mut Vm) -> PyResult<This<Context>> {
    let variable = State::of(vm).variable;
    let found = crate::contextvars::value_of(vm, variable)?;
    let context = match found.and_then(|found| This::<Context>::of(vm, found)) {
        Some(context) => context,
        None => {
            let template = State::of(vm).templates[DEFAULT];
            let mut context = copy_of(vm, This::expect(vm, template))?;
            context.flags = Status::NONE;
            crate::contextvars::set_value(vm, variable, context.value())?;
            context
        }
    };
    let (in_context, n_changes) = crate::contextvars::state_of_current(vm)?;
    State::of(vm).current.known = Some((in_context, n_changes, context.value()));
    Ok(context)
}

pub fn get(vm: &mut Vm) -> PyResult {
    context(vm).map(This::value)
}

pub fn set_current(vm: &mut Vm, given: Value) -> PyResult<()> {
    let Some(mut context) = This::<Context>::of(vm, given) else {
        return Err(vm.raise_type("argument must be a context"));
    };
    // The templates stay as they are.
    if State::of(vm).templates.contains(&given) {
        context = copy_of(vm, context)?;
        context.flags = Status::NONE;
    }
    let variable = State::of(vm).variable;
    crate::contextvars::set_value(vm, variable, context.value())
}

/// What `localcontext` gives.
#[repr(C)]
pub struct Manager {
    header: Header,
    local: Value,
    before: Value,
}

pub static MANAGER: TypeSpec = TypeSpec {
    name: "ContextManager",
    module: "decimal",
    doc: "Sets a context for a block, and then the one before.",
    layout: Some(Layout::of::<Manager>(2)),
    methods: &[
        method("__enter__", "($self, /)", |vm: &mut Vm, this: This<Manager>| -> PyResult {
            set_current(vm, this.local)?;
            Ok(this.local)
        })
        .doc("Sets the context."),
        method("__exit__", "($self, /, *args)", |vm: &mut Vm, this: This<Manager>, _: Rest| -> PyResult<bool> {
            set_current(vm, this.before)?;
            Ok(false)
        })
        .doc("Sets the context before."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Manager {
    const SPEC: &'static TypeSpec = &MANAGER;
}

pub fn local(vm: &mut Vm, given: OrNone<Value>, keywords: Keywords) -> PyResult {
    let before = context(vm)?;
    let base = match given.0 {
        None => before,
        Some(given) => {
            This::<Context>::of(vm, given).ok_or_else(|| vm.raise_type("optional argument must be a context"))?
        }
    };
    let local = copy_of(vm, base)?;
    let given: smallvec::SmallVec<[(Value, Value); 8]> =
        vm.table(keywords.value()).iter().map(|entry| (entry.key, entry.value)).collect();
    for (name, value) in given {
        let text = vm.string_of(name);
        let Some(nth) = NAMES.iter().position(|known| *known == text) else {
            return Err(vm.raise_type(&format!("this function got an unexpected keyword argument '{text}'")));
        };
        if value.is_none() {
            continue;
        }
        if nth >= 6 {
            let mut local = local;
            let status = super::signals::status_from(vm, value, true)?;
            *(if nth == 6 { &mut local.flags } else { &mut local.traps }) = status;
        } else {
            set(vm, local, nth, value)?;
        }
    }
    let class = vm.type_of_spec(&MANAGER);
    let (local, before) = (local.value(), before.value());
    vm.new_object(class, |header| Manager { header, local, before })
}

/// The greatest format of IEEE 754 that there is a context for.
pub const MAX_BITS: i64 = 512;

/// The context of an interchange format.
pub fn ieee(vm: &mut Vm, bits: i64) -> PyResult {
    if bits <= 0 || bits > MAX_BITS || bits % 32 != 0 {
        let message = format!("argument must be a multiple of 32, with a maximum of {MAX_BITS}");
        return Err(vm.raise_value(&message));
    }
    let max_exponent = 3 * (1 << (bits / 16 + 3));
    let settings = Settings {
        precision: 9 * (bits / 32) - 2,
        max_exponent,
        min_exponent: 1 - max_exponent,
        rounding: Rounding::HalfEven,
        clamps: true,
    };
    let class = vm.type_of_spec(&CONTEXT);
    make(vm, class, settings, Status::NONE, true).map(This::value)
}

/// The names of the contexts that others are made like, in the order of `State::templates`.
pub const TEMPLATES: [&str; 3] = ["DefaultContext", "BasicContext", "ExtendedContext"];

/// Makes the contexts that others are made like, and gives them to the module.
pub fn make_templates(vm: &mut Vm, module: Value) -> PyResult<()> {
    let default = Settings {
        precision: 28,
        max_exponent: 999_999,
        min_exponent: -999_999,
        rounding: Rounding::HalfEven,
        clamps: false,
    };
    let basic = Settings { precision: 9, rounding: Rounding::HalfUp, ..default };
    let extended = Settings { precision: 9, ..default };
    let usual = Status::INVALID | Status::DIVISION_BY_ZERO | Status::OVERFLOW;
    let all = usual | Status::UNDERFLOW | Status::CLAMPED;
    let rows = [(default, usual), (basic, all), (extended, Status::NONE)];
    let class = vm.type_of_spec(&CONTEXT);
    for (nth, (settings, traps)) in rows.into_iter().enumerate() {
        let context = make(vm, class, settings, traps, true)?.value();
        State::of(vm).templates[nth] = context;
        vm.set_module_entry(module, TEMPLATES[nth], context);
    }
    Ok(())
}
