//! Type parameters: `TypeVar`, `ParamSpec`, `TypeVarTuple`.

use super::param_spec::{self, ParamSpecSide};
use super::{attribute, call_typing, checked_type, is_class, items_of, no_default, raise_subclassed, union};
use crate::builtins::class::caller_module;
use crate::object::argument::{ClassOf, Rest, Str, This, method};
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::native::NativeRow;
use crate::object::operate::op;
use crate::object::slots::{Slots, operators, slot};
use crate::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Kinds of type parameters.
pub const TYPE: u8 = 0;
pub const PARAMETERS: u8 = 1;
pub const TUPLE: u8 = 2;

/// A type parameter of one of the kinds.
#[repr(C)]
pub struct TypeParameter<const KIND: u8> {
    header: Header,
    name: Value,
    module: Value,
    bound: Late,
    constraints: Late,
    default: Late,
    variance: Variance,
}

/// A value that may be computed when somebody asks.
#[repr(C)]
#[derive(Clone, Copy)]
struct Late {
    /// Unbound: not computed yet, or there is none.
    value: Value,
    /// Gives the value for a format of annotations; unbound where the value was given.
    evaluate: Value,
}

impl Late {
    const NONE: Late = Late { value: Value::UNBOUND, evaluate: Value::UNBOUND };

    fn given(value: Value) -> Late {
        Late { value, evaluate: Value::UNBOUND }
    }
    fn by(evaluate: Value) -> Late {
        Late { value: Value::UNBOUND, evaluate }
    }
    fn is_there(self) -> bool {
        !self.value.is_unbound() || !self.evaluate.is_unbound()
    }
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Variance {
    covariant: bool,
    contravariant: bool,
    inferred: bool,
}

const fn layout<const KIND: u8>() -> Layout {
    Layout::of::<TypeParameter<KIND>>(8)
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for TypeParameter<TYPE> {
    const SPEC: &'static TypeSpec = &TYPE_VAR;
}
// SAFETY: as above.
unsafe impl Object for TypeParameter<PARAMETERS> {
    const SPEC: &'static TypeSpec = &PARAM_SPEC;
}
// SAFETY: as above.
unsafe impl Object for TypeParameter<TUPLE> {
    const SPEC: &'static TypeSpec = &TYPE_VAR_TUPLE;
}

pub static TYPE_VAR: TypeSpec = TypeSpec {
    name: "TypeVar",
    module: "typing",
    is_weakly_referable: true,
    has_dict: true,
    doc: "A type parameter that stands for one type.",
    layout: Some(layout::<TYPE>()),
    slots: Slots {
        repr: slot(write_repr::<TYPE>),
        binary: operators(&[(op::OR, union::either_checked)]),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, name, *constraints, bound=None, default=typing.NoDefault, covariant=False, contravariant=False, \
             infer_variance=False)",
            new_type_var,
        )
        .doc("A type variable."),
    ),
    methods: &[
        method(
            "__typing_subst__",
            "($self, arg, /)",
            |vm: &mut Vm, this: This<TypeParameter<TYPE>>, argument: Value| {
                call_typing(vm, "_typevar_subst", &[this.value(), argument])
            },
        )
        .doc("What it is replaced by."),
        method("__typing_prepare_subst__", "($self, alias, args, /)", prepare)
            .doc("Adds its default where it is not given."),
        reduce::<TYPE>(),
        has_default::<TYPE>(),
        method("__mro_entries__", "($self, bases, /)", |vm: &mut Vm, _: Value, _: Value| -> PyResult {
            Err(raise_subclassed(vm, "TypeVar"))
        })
        .doc("Raises TypeError."),
    ],
    getters: &[
        name::<TYPE>(),
        module::<TYPE>(),
        default::<TYPE>(),
        evaluate_default::<TYPE>(),
        bound::<TYPE>(),
        covariant::<TYPE>(),
        contravariant::<TYPE>(),
        inferred::<TYPE>(),
        field("__constraints__", |vm: &mut Vm, mut this: This<TypeParameter<TYPE>>| {
            let late = this.constraints;
            let empty = vm.empty_tuple;
            let value = evaluated(vm, late, empty)?;
            this.constraints.value = value;
            vm.barrier(this.pointer());
            Ok(value)
        })
        .doc("The types that it can stand for; none: any."),
        field("evaluate_bound", |vm: &mut Vm, this: This<TypeParameter<TYPE>>| evaluator(vm, this.bound))
            .doc("Gives the bound in a format of annotations."),
        field("evaluate_constraints", |vm: &mut Vm, this: This<TypeParameter<TYPE>>| evaluator(vm, this.constraints))
            .doc("Gives the constraints in a format of annotations."),
    ],
    ..TypeSpec::NEW
};

pub static PARAM_SPEC: TypeSpec = TypeSpec {
    name: "ParamSpec",
    module: "typing",
    is_weakly_referable: true,
    has_dict: true,
    doc: "A type parameter that stands for the parameters of a callable.",
    layout: Some(layout::<PARAMETERS>()),
    slots: Slots {
        repr: slot(write_repr::<PARAMETERS>),
        binary: operators(&[(op::OR, union::either_checked)]),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, name, *, bound=None, default=typing.NoDefault, covariant=False, contravariant=False, \
             infer_variance=False)",
            new_param_spec,
        )
        .doc("A parameter specification."),
    ),
    methods: &[
        method(
            "__typing_subst__",
            "($self, arg, /)",
            |vm: &mut Vm, this: This<TypeParameter<PARAMETERS>>, argument: Value| {
                call_typing(vm, "_paramspec_subst", &[this.value(), argument])
            },
        )
        .doc("What it is replaced by."),
        method(
            "__typing_prepare_subst__",
            "($self, alias, args, /)",
            |vm: &mut Vm, this: This<TypeParameter<PARAMETERS>>, alias: Value, arguments: Value| {
                call_typing(vm, "_paramspec_prepare_subst", &[this.value(), alias, arguments])
            },
        )
        .doc("Puts what is given into the form that it is replaced by."),
        reduce::<PARAMETERS>(),
        has_default::<PARAMETERS>(),
        method("__mro_entries__", "($self, bases, /)", |vm: &mut Vm, _: Value, _: Value| -> PyResult {
            Err(raise_subclassed(vm, "ParamSpec"))
        })
        .doc("Raises TypeError."),
    ],
    getters: &[
        name::<PARAMETERS>(),
        module::<PARAMETERS>(),
        default::<PARAMETERS>(),
        evaluate_default::<PARAMETERS>(),
        bound::<PARAMETERS>(),
        covariant::<PARAMETERS>(),
        contravariant::<PARAMETERS>(),
        inferred::<PARAMETERS>(),
        field("args", |vm: &mut Vm, this: This<TypeParameter<PARAMETERS>>| {
            ParamSpecSide::<{ param_spec::POSITIONAL }>::of(vm, this.value())
        })
        .doc("The positional parameters."),
        field("kwargs", |vm: &mut Vm, this: This<TypeParameter<PARAMETERS>>| {
            ParamSpecSide::<{ param_spec::KEYWORD }>::of(vm, this.value())
        })
        .doc("The keyword parameters."),
    ],
    ..TypeSpec::NEW
};

pub static TYPE_VAR_TUPLE: TypeSpec = TypeSpec {
    name: "TypeVarTuple",
    module: "typing",
    is_weakly_referable: true,
    has_dict: true,
    doc: "A type parameter that stands for any number of types.",
    layout: Some(layout::<TUPLE>()),
    slots: Slots {
        repr: slot(write_repr::<TUPLE>),
        iter: slot(|vm: &mut Vm, this: This<TypeParameter<TUPLE>>| {
            let unpacked = unpacked(vm, this.value())?;
            let one = vm.new_tuple(&[unpacked]);
            vm.get_iter(one)
        }),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, name, *, default=typing.NoDefault)", new_type_var_tuple)
            .doc("A type variable tuple."),
    ),
    methods: &[
        method("__typing_subst__", "($self, arg, /)", |vm: &mut Vm, _: Value, _: Value| -> PyResult {
            Err(vm.raise_type("Substitution of bare TypeVarTuple is not supported"))
        })
        .doc("Raises TypeError."),
        method(
            "__typing_prepare_subst__",
            "($self, alias, args, /)",
            |vm: &mut Vm, this: This<TypeParameter<TUPLE>>, alias: Value, arguments: Value| {
                call_typing(vm, "_typevartuple_prepare_subst", &[this.value(), alias, arguments])
            },
        )
        .doc("Makes one tuple of what it stands for."),
        reduce::<TUPLE>(),
        has_default::<TUPLE>(),
        method("__mro_entries__", "($self, bases, /)", |vm: &mut Vm, _: Value, _: Value| -> PyResult {
            Err(raise_subclassed(vm, "TypeVarTuple"))
        })
        .doc("Raises TypeError."),
    ],
    getters: &[name::<TUPLE>(), module::<TUPLE>(), default::<TUPLE>(), evaluate_default::<TUPLE>()],
    ..TypeSpec::NEW
};

const fn reduce<const KIND: u8>() -> NativeRow
where
    TypeParameter<KIND>: Object,
{
    method("__reduce__", "($self, /)", |this: This<TypeParameter<KIND>>| this.name).doc("Its name in its module.")
}

const fn has_default<const KIND: u8>() -> NativeRow
where
    TypeParameter<KIND>: Object,
{
    method("has_default", "($self, /)", is_default_given::<KIND>).doc("Has it a default?")
}

fn is_default_given<const KIND: u8>(vm: &mut Vm, this: This<TypeParameter<KIND>>) -> PyResult<bool> {
    let none_given = no_default(vm)?;
    Ok(this.default.is_there() && this.default.value != none_given)
}

/// Has a type parameter a default? `None` for what is none.
pub fn has_own_default(vm: &mut Vm, value: Value) -> PyResult<Option<bool>> {
    if let Some(this) = This::<TypeParameter<TYPE>>::of(vm, value) {
        return is_default_given(vm, this).map(Some);
    }
    if let Some(this) = This::<TypeParameter<PARAMETERS>>::of(vm, value) {
        return is_default_given(vm, this).map(Some);
    }
    match This::<TypeParameter<TUPLE>>::of(vm, value) {
        Some(this) => is_default_given(vm, this).map(Some),
        None => Ok(None),
    }
}

const fn name<const KIND: u8>() -> GetSetRow
where
    TypeParameter<KIND>: Object,
{
    field("__name__", |this: This<TypeParameter<KIND>>| this.name).doc("Its name.")
}

const fn module<const KIND: u8>() -> GetSetRow
where
    TypeParameter<KIND>: Object,
{
    field("__module__", |this: This<TypeParameter<KIND>>| this.module)
        .set_by(|vm: &mut Vm, mut this: This<TypeParameter<KIND>>, module: Option<Value>| {
            this.module = module.unwrap_or(Value::NONE);
            vm.barrier(this.pointer());
            Ok(())
        })
        .doc("Where it was made.")
}

const fn default<const KIND: u8>() -> GetSetRow
where
    TypeParameter<KIND>: Object,
{
    field("__default__", |vm: &mut Vm, mut this: This<TypeParameter<KIND>>| {
        let (late, none_given) = (this.default, no_default(vm)?);
        let value = evaluated(vm, late, none_given)?;
        this.default.value = value;
        vm.barrier(this.pointer());
        Ok::<Value, crate::Raised>(value)
    })
    .doc("What it stands for where nothing is given.")
}

const fn evaluate_default<const KIND: u8>() -> GetSetRow
where
    TypeParameter<KIND>: Object,
{
    field("evaluate_default", |vm: &mut Vm, this: This<TypeParameter<KIND>>| -> PyResult {
        let none_given = no_default(vm)?;
        if this.default.evaluate.is_unbound() && this.default.value == none_given {
            return Ok(Value::NONE);
        }
        evaluator(vm, this.default)
    })
    .doc("Gives the default in a format of annotations.")
}

const fn bound<const KIND: u8>() -> GetSetRow
where
    TypeParameter<KIND>: Object,
{
    field("__bound__", |vm: &mut Vm, mut this: This<TypeParameter<KIND>>| {
        let late = this.bound;
        let value = evaluated(vm, late, Value::NONE)?;
        this.bound.value = value;
        vm.barrier(this.pointer());
        Ok::<Value, crate::Raised>(value)
    })
    .doc("What it derives from.")
}

const fn covariant<const KIND: u8>() -> GetSetRow
where
    TypeParameter<KIND>: Object,
{
    field("__covariant__", |this: This<TypeParameter<KIND>>| this.variance.covariant).doc("Is it covariant?")
}

const fn contravariant<const KIND: u8>() -> GetSetRow
where
    TypeParameter<KIND>: Object,
{
    field("__contravariant__", |this: This<TypeParameter<KIND>>| this.variance.contravariant)
        .doc("Is it contravariant?")
}

const fn inferred<const KIND: u8>() -> GetSetRow
where
    TypeParameter<KIND>: Object,
{
    field("__infer_variance__", |this: This<TypeParameter<KIND>>| this.variance.inferred)
        .doc("Is its variance what its use says?")
}

/// The value of what may be computed late; `default` where there is none.
fn evaluated(vm: &mut Vm, late: Late, default: Value) -> PyResult {
    match late {
        Late { value, .. } if !value.is_unbound() => Ok(value),
        Late { evaluate, .. } if !evaluate.is_unbound() => vm.call(evaluate, &[Value::small_int(1)]),
        _ => Ok(default),
    }
}

/// What computes it; of a value that was given a function that gives it; None where there is neither.
fn evaluator(vm: &mut Vm, late: Late) -> PyResult {
    match late {
        Late { evaluate, .. } if !evaluate.is_unbound() => Ok(evaluate),
        Late { value, .. } if !value.is_unbound() => super::type_alias::constant_evaluator(vm, value),
        _ => Ok(Value::NONE),
    }
}

fn write_repr<const KIND: u8>(vm: &mut Vm, out: &mut Text, this: This<TypeParameter<KIND>>) -> PyResult<()>
where
    TypeParameter<KIND>: Object,
{
    if KIND != TUPLE && !this.variance.inferred {
        out.push_str(match this.variance {
            Variance { covariant: true, .. } => "+",
            Variance { contravariant: true, .. } => "-",
            _ => "~",
        });
    }
    let name = vm.str(this.name)?;
    out.push_view(vm.str_of(name).view());
    Ok(())
}

fn make<const KIND: u8>(vm: &mut Vm, name: Value, variance: Variance) -> PyResult<This<TypeParameter<KIND>>>
where
    TypeParameter<KIND>: Object,
{
    let class = vm.type_of_spec(TypeParameter::<KIND>::SPEC);
    let module = caller_module(vm).unwrap_or(Value::NONE);
    let value = vm.new_object(class, |header| TypeParameter::<KIND> {
        header,
        name,
        module,
        bound: Late::NONE,
        constraints: Late::NONE,
        default: Late::NONE,
        variance,
    })?;
    Ok(This::of(vm, value).expect("a type parameter was made"))
}

/// One that a class, function or alias declares in brackets.
pub fn declared<const KIND: u8>(vm: &mut Vm, name: Value) -> PyResult
where
    TypeParameter<KIND>: Object,
{
    let variance = Variance { inferred: KIND != TUPLE, ..Variance::default() };
    make::<KIND>(vm, name, variance).map(This::value)
}

/// Has a declared type variable ask a function for its bound or its constraints.
pub fn set_bound(vm: &mut Vm, variable: Value, evaluate: Value, is_bound: bool) {
    if let Some(mut this) = This::<TypeParameter<TYPE>>::of(vm, variable) {
        *(if is_bound { &mut this.bound } else { &mut this.constraints }) = Late::by(evaluate);
        vm.barrier(this.pointer());
    }
}

/// Has a declared type parameter ask a function for its default.
pub fn set_default(vm: &mut Vm, parameter: Value, evaluate: Value) {
    fn set<const KIND: u8>(vm: &mut Vm, parameter: Value, evaluate: Value)
    where
        TypeParameter<KIND>: Object,
    {
        if let Some(mut this) = This::<TypeParameter<KIND>>::of(vm, parameter) {
            this.default = Late::by(evaluate);
            vm.barrier(this.pointer());
        }
    }
    set::<TYPE>(vm, parameter, evaluate);
    set::<PARAMETERS>(vm, parameter, evaluate);
    set::<TUPLE>(vm, parameter, evaluate);
}

fn variance(vm: &mut Vm, flags: [Option<bool>; 3]) -> PyResult<Variance> {
    let [covariant, contravariant, inferred] = flags.map(|flag| flag.unwrap_or(false));
    if covariant && contravariant {
        return Err(vm.raise_value("Bivariant types are not supported."));
    }
    if inferred && (covariant || contravariant) {
        return Err(vm.raise_value("Variance cannot be specified with infer_variance."));
    }
    Ok(Variance { covariant, contravariant, inferred })
}

fn given_bound(vm: &mut Vm, bound: Option<Value>) -> PyResult<Late> {
    match bound {
        Some(bound) if !bound.is_none() => checked_type(vm, bound, "Bound must be a type.").map(Late::given),
        _ => Ok(Late::NONE),
    }
}

#[expect(clippy::too_many_arguments, reason = "the parameters of the constructor")]
fn new_type_var(
    vm: &mut Vm,
    _: ClassOf<TypeParameter<TYPE>>,
    name: Str,
    constraints: Rest,
    bound: Option<Value>,
    default: Option<Value>,
    covariant: Option<bool>,
    contravariant: Option<bool>,
    inferred: Option<bool>,
) -> PyResult {
    let variance = variance(vm, [covariant, contravariant, inferred])?;
    let bound = given_bound(vm, bound)?;
    match constraints.items() {
        [_] => return Err(vm.raise_type("A single constraint is not allowed")),
        [] => {}
        _ if bound.is_there() => return Err(vm.raise_type("Constraints cannot be combined with bound=...")),
        _ => {}
    }
    let checked = super::new_items(vm)?;
    for &constraint in constraints.items() {
        let constraint = checked_type(vm, constraint, "TypeVar(name, constraint, ...): constraints must be types.")?;
        vm.list_push(checked.pointer(), constraint)?;
    }
    let checked = vm.new_tuple(checked.items());
    let mut this = make::<TYPE>(vm, name.value(), variance)?;
    this.bound = bound;
    if !items_of(vm, checked).is_empty() {
        this.constraints = Late::given(checked);
    }
    this.default = default.map_or(Late::NONE, Late::given);
    vm.barrier(this.pointer());
    Ok(this.value())
}

#[expect(clippy::too_many_arguments, reason = "the parameters of the constructor")]
fn new_param_spec(
    vm: &mut Vm,
    _: ClassOf<TypeParameter<PARAMETERS>>,
    name: Str,
    bound: Option<Value>,
    default: Option<Value>,
    covariant: Option<bool>,
    contravariant: Option<bool>,
    inferred: Option<bool>,
) -> PyResult {
    let variance = variance(vm, [covariant, contravariant, inferred])?;
    let bound = given_bound(vm, bound)?;
    let mut this = make::<PARAMETERS>(vm, name.value(), variance)?;
    this.bound = bound;
    this.default = default.map_or(Late::NONE, Late::given);
    vm.barrier(this.pointer());
    Ok(this.value())
}

fn new_type_var_tuple(vm: &mut Vm, _: ClassOf<TypeParameter<TUPLE>>, name: Str, default: Option<Value>) -> PyResult {
    let mut this = make::<TUPLE>(vm, name.value(), Variance::default())?;
    this.default = default.map_or(Late::NONE, Late::given);
    vm.barrier(this.pointer());
    Ok(this.value())
}

/// Adds the default of a type variable that is the first for which nothing is given.
fn prepare(vm: &mut Vm, this: This<TypeParameter<TYPE>>, alias: Value, arguments: Value) -> PyResult {
    let parameters = attribute(vm, alias, "__parameters__")?.unwrap_or(vm.empty_tuple);
    let parameters = vm.collect_tuple(parameters)?;
    let given = vm.collect_tuple(arguments)?;
    let (n_given, own) = (items_of(vm, given).len(), this.value());
    let at = items_of(vm, parameters).iter().position(|&parameter| parameter == own).unwrap_or(0);
    if at < n_given {
        return Ok(arguments);
    }
    if at == n_given && this.default.is_there() {
        let (late, none_given) = (this.default, no_default(vm)?);
        let value = evaluated(vm, late, none_given)?;
        if value != none_given {
            let one = vm.new_tuple(&[value]);
            return vm.tuple_concat(This::expect(vm, given), This::expect(vm, one));
        }
    }
    let shown = vm.repr_string(alias)?;
    let least = at + 1;
    Err(vm.raise_type(&format!("Too few arguments for {shown}; actual {n_given}, expected at least {least}")))
}

/// `*Ts`.
pub fn unpacked(vm: &mut Vm, parameter: Value) -> PyResult {
    let (typing, name) = (vm.import_dotted("typing")?, vm.intern("Unpack"));
    let unpack = vm.get_attr(typing, name)?;
    vm.get_item(unpack, parameter)
}

/// A tuple of type parameters, those that stand for many with a star before them.
pub fn all_unpacked(vm: &mut Vm, parameters: Value) -> PyResult {
    let all = super::new_items(vm)?;
    for &parameter in items_of(vm, parameters) {
        let is_many = !is_class(vm, parameter) && This::<TypeParameter<TUPLE>>::of(vm, parameter).is_some();
        let parameter = if is_many { unpacked(vm, parameter)? } else { parameter };
        vm.list_push(all.pointer(), parameter)?;
    }
    Ok(vm.new_tuple(all.items()))
}
