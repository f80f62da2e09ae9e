//! `Context`: settings, flags and traps.

use super::number::settings::{MAX_EXPONENT, MAX_PRECISION, MIN_EXPONENT, Rounding, Settings, Status};
use super::signals::{self, SignalDict};
use super::state::{DEFAULT, State};
use super::{context_methods, current};
use stitch_runtime::object::argument::{ClassOf, Keywords, OrNone, Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Raised, Value, Vm};

#[repr(C)]
pub struct Context {
    header: Header,
    /// `SignalDict`s, made when they are asked for; unbound before.
    flags_view: Value,
    traps_view: Value,
    pub settings: Settings,
    pub flags: Status,
    pub traps: Status,
    /// Exponents are written with `E`.
    pub has_capitals: bool,
    /// The class `Decimal`, of which results are; the VM keeps it alive.
    pub decimal_class: *mut TypeObject,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Context {
    const SPEC: &'static TypeSpec = &CONTEXT;
}

pub static CONTEXT: TypeSpec = TypeSpec {
    name: "Context",
    module: "decimal",
    doc: "How results are rounded and how far they may reach, which signals raise, and which there were.",
    layout: Some(Layout::of::<Context>(2)),
    is_base: true,
    slots: Slots { repr: slot(write_repr), ..Slots::NONE },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("One as the default context is.")),
    methods: METHODS,
    getters: GETTERS,
    ..TypeSpec::NEW
};

const OWN_METHODS: [NativeRow; 8] = [
    method(
        "__init__",
        "($self, /, prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)",
        init,
    )
    .doc("Sets what is given."),
    method("__reduce__", "($self, /)", reduce).doc("How to make it again."),
    method("copy", "($self, /)", copy).doc("One with the same settings, flags and traps."),
    method("__copy__", "($self, /)", copy).doc("One with the same settings, flags and traps."),
    method("Etiny", "($self, /)", |this: This<Context>| this.settings.tiny()).doc("The least exponent of a number."),
    method("Etop", "($self, /)", |this: This<Context>| this.settings.top())
        .doc("The greatest exponent of a number with all its digits."),
    method("clear_flags", "($self, /)", |mut this: This<Context>| this.flags = Status::NONE)
        .doc("Forgets which signals there were."),
    method("clear_traps", "($self, /)", |mut this: This<Context>| this.traps = Status::NONE)
        .doc("Lets no signal raise."),
];

static METHODS: &[NativeRow] =
    &stitch_runtime::object::spec::joined::<_, 8, { context_methods::COUNT }, { 8 + context_methods::COUNT }>(
        OWN_METHODS,
        context_methods::METHODS,
    );

static GETTERS: &[GetSetRow] = &[
    field("prec", |this: This<Context>| this.settings.precision)
        .settable(set_by::<0>)
        .doc("How many digits results have."),
    field("Emax", |this: This<Context>| this.settings.max_exponent)
        .settable(set_by::<1>)
        .doc("The greatest exponent of the first digit."),
    field("Emin", |this: This<Context>| this.settings.min_exponent)
        .settable(set_by::<2>)
        .doc("The least exponent of the first digit of a normal number."),
    field("rounding", |vm: &mut Vm, this: This<Context>| State::of(vm).roundings[this.settings.rounding as usize])
        .settable(set_by::<3>)
        .doc("How results are rounded."),
    field("capitals", |this: This<Context>| Value::small_int(this.has_capitals as i64))
        .settable(set_by::<4>)
        .doc("Are exponents written with a capital letter?"),
    field("clamp", |this: This<Context>| Value::small_int(this.settings.clamps as i64))
        .settable(set_by::<5>)
        .doc("Are exponents kept so low that there is room for all digits?"),
    field("flags", |vm: &mut Vm, this: This<Context>| view_of(vm, this, false))
        .settable(set_by::<6>)
        .doc("Which signals there were."),
    field("traps", |vm: &mut Vm, this: This<Context>| view_of(vm, this, true))
        .settable(set_by::<7>)
        .doc("Which signals raise."),
];

/// Names of attributes, in the order of the arguments of `set`.
pub const NAMES: [&str; 8] = ["prec", "Emax", "Emin", "rounding", "capitals", "clamp", "flags", "traps"];

fn set_by<const NTH: usize>(vm: &mut Vm, owner: Value, value: Option<Value>) -> Result<(), Raised> {
    let this = This::<Context>::expect(vm, owner);
    match value {
        Some(value) => set(vm, this, NTH, value),
        None => Err(vm.raise_attribute("context attributes cannot be deleted")),
    }
}

/// Sets the attribute `NAMES[nth]`.
pub fn set(vm: &mut Vm, mut this: This<Context>, nth: usize, value: Value) -> PyResult<()> {
    match nth {
        0 => this.settings.precision = limit(vm, value, 1, MAX_PRECISION, "valid range for prec is [1, MAX_PREC]")?,
        1 => this.settings.max_exponent = limit(vm, value, 0, MAX_EXPONENT, "valid range for Emax is [0, MAX_EMAX]")?,
        2 => this.settings.min_exponent = limit(vm, value, MIN_EXPONENT, 0, "valid range for Emin is [MIN_EMIN, 0]")?,
        3 => this.settings.rounding = rounding_of(vm, value)?,
        4 => this.has_capitals = limit(vm, value, 0, 1, "valid values for capitals are 0 or 1")? == 1,
        5 => this.settings.clamps = limit(vm, value, 0, 1, "valid values for clamp are 0 or 1")? == 1,
        6 => this.flags = signals::status_from(vm, value, false)?,
        _ => this.traps = signals::status_from(vm, value, false)?,
    }
    Ok(())
}

fn limit(vm: &mut Vm, value: Value, least: i64, greatest: i64, message: &str) -> PyResult<i64> {
    if !vm.is_int_like(value) {
        return Err(vm.raise_type("an integer is required"));
    }
    let Some(word) = vm.int_to_i64(value) else {
        return Err(vm.raise_overflow("Python int too large to convert to C ssize_t"));
    };
    if (least..=greatest).contains(&word) { Ok(word) } else { Err(vm.raise_value(message)) }
}

/// The rounding of a name.
pub fn rounding_of(vm: &mut Vm, name: Value) -> PyResult<Rounding> {
    let found = State::of(vm).roundings.iter().position(|&known| known == name);
    if let Some(index) = found {
        return Ok(Rounding::ALL[index].0);
    }
    let text = if vm.is_str(name) { vm.string_of(name) } else { String::new() };
    match Rounding::ALL.iter().find(|(_, name)| *name == text) {
        Some(&(rounding, _)) => Ok(rounding),
        None => Err(vm.raise_type(
            "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, \
             ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]",
        )),
    }
}

fn view_of(vm: &mut Vm, mut this: This<Context>, is_of_traps: bool) -> PyResult {
    let known = if is_of_traps { this.traps_view } else { this.flags_view };
    if !known.is_unbound() {
        return Ok(known);
    }
    let view = SignalDict::of_context(vm, this, is_of_traps)?;
    if is_of_traps {
        this.traps_view = view;
    } else {
        this.flags_view = view;
    }
    vm.barrier(this.pointer());
    Ok(view)
}

/// A context of a class.
pub fn make(
    vm: &mut Vm,
    class: *mut TypeObject,
    settings: Settings,
    traps: Status,
    has_capitals: bool,
) -> PyResult<This<Context>> {
    let (flags_view, traps_view, flags) = (Value::UNBOUND, Value::UNBOUND, Status::NONE);
    let decimal_class = State::of(vm).decimal_class;
    let context = vm.new_object(class, |header| Context {
        header,
        flags_view,
        traps_view,
        settings,
        flags,
        traps,
        has_capitals,
        decimal_class,
    })?;
    Ok(This::expect(vm, context))
}

fn new(vm: &mut Vm, class: ClassOf<Context>, _: Rest, _: Keywords) -> PyResult {
    let template = State::of(vm).templates[DEFAULT];
    let template = This::<Context>::expect(vm, template);
    make(vm, class.class, template.settings, template.traps, true).map(This::value)
}

#[expect(clippy::too_many_arguments, reason = "the parameters of the Python method")]
fn init(
    vm: &mut Vm,
    mut this: This<Context>,
    prec: OrNone<Value>,
    rounding: OrNone<Value>,
    least: OrNone<Value>,
    greatest: OrNone<Value>,
    capitals: OrNone<Value>,
    clamp: OrNone<Value>,
    flags: OrNone<Value>,
    traps: OrNone<Value>,
) -> PyResult<()> {
    let given = [prec.0, greatest.0, least.0, rounding.0, capitals.0, clamp.0];
    for (nth, value) in given.into_iter().enumerate() {
        if let Some(value) = value {
            set(vm, this, nth, value)?;
        }
    }
    if let Some(traps) = traps.0 {
        this.traps = signals::status_from(vm, traps, true)?;
    }
    if let Some(flags) = flags.0 {
        this.flags = signals::status_from(vm, flags, true)?;
    }
    Ok(())
}

/// One of the type itself, with all that another has.
pub fn copy_of(vm: &mut Vm, this: This<Context>) -> PyResult<This<Context>> {
    let class = vm.type_of_spec(&CONTEXT);
    let mut copy = make(vm, class, this.settings, this.traps, this.has_capitals)?;
    copy.flags = this.flags;
    Ok(copy)
}

fn copy(vm: &mut Vm, this: This<Context>) -> PyResult {
    copy_of(vm, this).map(This::value)
}

fn reduce(vm: &mut Vm, this: This<Context>) -> PyResult {
    let settings = this.settings;
    let flags = signals::list_of(vm, this.flags, false)?;
    let traps = signals::list_of(vm, this.traps, false)?;
    let rounding = State::of(vm).roundings[settings.rounding as usize];
    let arguments = [
        vm.new_int(settings.precision),
        rounding,
        vm.new_int(settings.min_exponent),
        vm.new_int(settings.max_exponent),
        Value::small_int(this.has_capitals as i64),
        Value::small_int(settings.clamps as i64),
        flags,
        traps,
    ];
    let arguments = vm.new_tuple(&arguments);
    let class = Value::object(vm.class_of(this.value()));
    Ok(vm.new_tuple(&[class, arguments]))
}

fn write_repr(_: &mut Vm, out: &mut Text, this: This<Context>) -> PyResult<()> {
    let settings = &this.settings;
    out.push_str(&format!(
        "Context(prec={}, rounding={}, Emin={}, Emax={}, capitals={}, clamp={}, flags={}, traps={})",
        settings.precision,
        settings.rounding.name(),
        settings.min_exponent,
        settings.max_exponent,
        this.has_capitals as u8,
        settings.clamps as u8,
        signals::names_of(this.flags),
        signals::names_of(this.traps),
    ));
    Ok(())
}

/// The context that an argument gives, or the current one.
pub fn given_or_current(vm: &mut Vm, given: OrNone<Value>) -> PyResult<This<Context>> {
    match given.0 {
        None => current::context(vm),
        Some(context) => This::of(vm, context).ok_or_else(|| vm.raise_type("optional argument must be a context")),
    }
}
