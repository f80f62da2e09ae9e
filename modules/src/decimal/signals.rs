//! Signals: the exception classes, what raises them, and `SignalDict`, a context's flags or traps as a mapping.

use super::context::Context;
use super::number::settings::Status;
use super::state::State;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::compare::cmp;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// An exception class, and the conditions that it stands for.
pub struct Signal {
    pub name: &'static str,
    pub status: Status,
    pub doc: &'static str,
    /// Names of bases among those before, then of one of `builtins`.
    pub bases: &'static [&'static str],
}

const ROOT: &str = "DecimalException";

/// In the order in which they are asked, and shown.
pub const SIGNALS: [Signal; 9] = [
    Signal {
        name: "InvalidOperation",
        status: Status::INVALID,
        doc: "An operation that has no result.",
        bases: &[ROOT],
    },
    Signal {
        name: "FloatOperation",
        status: Status::FLOAT_OPERATION,
        doc: "A float where a decimal was wanted.",
        bases: &[ROOT, "TypeError"],
    },
    Signal {
        name: "DivisionByZero",
        status: Status::DIVISION_BY_ZERO,
        doc: "A finite number divided by zero.",
        bases: &[ROOT, "ZeroDivisionError"],
    },
    Signal {
        name: "Overflow",
        status: Status::OVERFLOW,
        doc: "A result beyond the greatest number.",
        bases: &["Inexact", "Rounded"],
    },
    Signal {
        name: "Underflow",
        status: Status::UNDERFLOW,
        doc: "A subnormal result that lost digits.",
        bases: &["Inexact", "Rounded", "Subnormal"],
    },
    Signal {
        name: "Subnormal",
        status: Status::SUBNORMAL,
        doc: "A result below the least normal number, before it is rounded.",
        bases: &[ROOT],
    },
    Signal { name: "Inexact", status: Status::INEXACT, doc: "Digits that were not zero were lost.", bases: &[ROOT] },
    Signal { name: "Rounded", status: Status::ROUNDED, doc: "Digits were lost, be they zeros.", bases: &[ROOT] },
    Signal { name: "Clamped", status: Status::CLAMPED, doc: "An exponent was changed to fit.", bases: &[ROOT] },
];

/// Kinds of InvalidOperation, itself in front.
pub const CONDITIONS: [Signal; 5] = [
    Signal { name: "InvalidOperation", status: Status::INVALID_OPERATION, doc: "", bases: &[] },
    Signal {
        name: "ConversionSyntax",
        status: Status::CONVERSION_SYNTAX,
        doc: "A text that is no number.",
        bases: &["InvalidOperation"],
    },
    Signal {
        name: "DivisionImpossible",
        status: Status::DIVISION_IMPOSSIBLE,
        doc: "A whole quotient of more digits than there are.",
        bases: &["InvalidOperation"],
    },
    Signal {
        name: "DivisionUndefined",
        status: Status::DIVISION_UNDEFINED,
        doc: "Zero divided by zero.",
        bases: &["InvalidOperation", "ZeroDivisionError"],
    },
    Signal {
        name: "InvalidContext",
        status: Status::INVALID_CONTEXT,
        doc: "A context that does not do.",
        bases: &["InvalidOperation"],
    },
];

/// Makes the classes, and gives them to the module.
pub fn make_classes(vm: &mut Vm, module: Value) -> PyResult<()> {
    let arithmetic_error = Value::object(vm.exceptions.ArithmeticError);
    let root = make_class(vm, ROOT, "What all signals are.", &[arithmetic_error])?;
    State::of(vm).root = root;
    // Those that others derive from come last.
    for index in (0..SIGNALS.len()).rev() {
        let signal = &SIGNALS[index];
        let class = make_signal(vm, signal, root)?;
        State::of(vm).signals[index] = class;
    }
    State::of(vm).conditions[0] = State::of(vm).signals[0];
    for (index, condition) in CONDITIONS.iter().enumerate().skip(1) {
        let class = make_signal(vm, condition, root)?;
        State::of(vm).conditions[index] = class;
    }
    show_classes(vm, module);
    Ok(())
}

/// Gives the classes to the module.
pub fn show_classes(vm: &mut Vm, module: Value) {
    let root = State::of(vm).root;
    vm.set_module_entry(module, ROOT, root);
    for (index, signal) in SIGNALS.iter().enumerate() {
        let class = State::of(vm).signals[index];
        vm.set_module_entry(module, signal.name, class);
    }
    for (index, condition) in CONDITIONS.iter().enumerate() {
        let class = State::of(vm).conditions[index];
        vm.set_module_entry(module, condition.name, class);
    }
}

fn make_signal(vm: &mut Vm, signal: &Signal, root: Value) -> PyResult {
    let bases: smallvec::SmallVec<[Value; 3]> = signal
        .bases
        .iter()
        .map(|&base| match base {
            ROOT => root,
            "TypeError" => Value::object(vm.exceptions.TypeError),
            "ZeroDivisionError" => Value::object(vm.exceptions.ZeroDivisionError),
            name => {
                let index = SIGNALS.iter().position(|signal| signal.name == name).expect("a base is a signal");
                State::of(vm).signals[index]
            }
        })
        .collect();
    make_class(vm, signal.name, signal.doc, &bases)
}

/// A class of Python's.
pub fn make_class(vm: &mut Vm, name: &str, doc: &str, bases: &[Value]) -> PyResult {
    let namespace = vm.new_dict();
    for (key, text) in [("__module__", "decimal"), ("__doc__", doc)] {
        let (key, text) = (vm.intern(key), vm.new_str(text));
        vm.dict_set(namespace, key, text)?;
    }
    let name = vm.new_str(name);
    let last = bases[bases.len() - 1];
    let metaclass = Value::object(vm.class_of(last));
    let bases = vm.new_tuple(bases);
    vm.call(metaclass, &[name, bases, namespace])
}

/// Notes conditions in a context's flags, and raises where one is trapped.
#[inline]
pub fn note(vm: &mut Vm, mut context: This<Context>, status: Status) -> PyResult<()> {
    context.flags |= status;
    if (context.traps | Status::MEMORY).has(status) { Err(raise(vm, context, status)) } else { Ok(()) }
}

#[cold]
fn raise(vm: &mut Vm, context: This<Context>, status: Status) -> Raised {
    if status.has(Status::MEMORY) {
        return vm.raise_memory();
    }
    let trapped = context.traps & status;
    let index = SIGNALS.iter().position(|signal| trapped.has(signal.status)).unwrap_or(0);
    let class = State::of(vm).signals[index];
    match list_of(vm, trapped, true) {
        Ok(list) => vm.raise_with(class.as_ptr(), &[list]),
        Err(raised) => raised,
    }
}

/// The classes of conditions, as a list; `is_fine`: kinds of InvalidOperation as themselves.
pub fn list_of(vm: &mut Vm, status: Status, is_fine: bool) -> PyResult {
    let list = vm.new_list(&[])?;
    let push = |vm: &mut Vm, class: Value| vm.list_push(list.as_ptr(), class);
    if is_fine {
        for (index, condition) in CONDITIONS.iter().enumerate() {
            if status.has(condition.status) {
                let class = State::of(vm).conditions[index];
                push(vm, class)?;
            }
        }
    }
    for (index, signal) in SIGNALS.iter().enumerate().skip(is_fine as usize) {
        if status.has(signal.status) {
            let class = State::of(vm).signals[index];
            push(vm, class)?;
        }
    }
    Ok(list)
}

/// The names of signals, in the order of their bits.
pub fn names_of(status: Status) -> String {
    let by_bits = ["Clamped", "InvalidOperation", "DivisionByZero", "Inexact", "FloatOperation", "Overflow"];
    let names = by_bits.into_iter().chain(["Rounded", "Subnormal", "Underflow"]);
    let is_set = |name: &&str| SIGNALS.iter().any(|signal| signal.name == *name && status.has(signal.status));
    let shown: Vec<&str> = names.filter(is_set).collect();
    format!("[{}]", shown.join(", "))
}

/// The conditions that a class stands for; KeyError where it is no signal.
pub fn status_of(vm: &mut Vm, class: Value) -> PyResult<Status> {
    let index = State::of(vm).signals.iter().position(|&signal| signal == class);
    match index {
        Some(index) => Ok(SIGNALS[index].status),
        None => Err(raise_key(
            vm,
            "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   Overflow, Underflow, \
             Subnormal, Inexact, Rounded,\n   Clamped]",
        )),
    }
}

pub fn raise_key(vm: &mut Vm, message: &str) -> Raised {
    let message = vm.new_str(message);
    vm.raise_key(message)
}

/// What a list of classes, a dict by classes, or a context's flags or traps say.
pub fn status_from(vm: &mut Vm, given: Value, takes_list: bool) -> PyResult<Status> {
    if let Some(this) = This::<SignalDict>::of(vm, given) {
        return this.status(vm);
    }
    let mut status = Status::NONE;
    if takes_list && vm.is_of_spec(given, &stitch_runtime::builtins::types::LIST) {
        let classes = vm.list_to_tuple(given)?;
        for &class in vm.tuple_items(classes) {
            status |= match status_of(vm, class) {
                Ok(found) => found,
                Err(raised) => match condition_of(vm, class) {
                    Some(found) => {
                        vm.clear_exception();
                        found
                    }
                    None => return Err(raised),
                },
            };
        }
        return Ok(status);
    }
    if !vm.is_of_spec(given, &stitch_runtime::builtins::types::DICT) {
        return Err(vm.raise_type("argument must be a signal dict"));
    }
    if vm.table(given).len != SIGNALS.len() {
        return Err(raise_key(vm, "invalid signal dict"));
    }
    let entries: smallvec::SmallVec<[(Value, Value); 9]> =
        vm.table(given).iter().map(|entry| (entry.key, entry.value)).collect();
    for (class, truth) in entries {
        let signal = status_of(vm, class)?;
        if vm.is_true(truth)? {
            status |= signal;
        }
    }
    Ok(status)
}

/// Of a list, kinds of InvalidOperation are taken, too.
fn condition_of(vm: &mut Vm, class: Value) -> Option<Status> {
    let index = State::of(vm).conditions.iter().position(|&condition| condition == class)?;
    Some(CONDITIONS[index].status)
}

/// A context's flags or traps.
#[repr(C)]
pub struct SignalDict {
    header: Header,
    /// Unbound: none.
    context: Value,
    is_of_traps: bool,
}

pub static SIGNAL_DICT: TypeSpec = TypeSpec {
    name: "SignalDictMixin",
    module: "decimal",
    doc: "Whether signals are set, by their classes.",
    layout: Some(Layout::of::<SignalDict>(1)),
    is_base: true,
    is_unhashable: true,
    slots: Slots {
        len: slot(|vm: &mut Vm, this: This<SignalDict>| this.status(vm).map(|_| SIGNALS.len())),
        get_item: slot(|vm: &mut Vm, this: This<SignalDict>, key: Value| {
            let status = this.status(vm)?;
            let wanted = status_of(vm, key)?;
            Ok(Value::bool(status.has(wanted)))
        }),
        set_item: slot(set_item),
        iter: slot(|vm: &mut Vm, this: This<SignalDict>| {
            this.status(vm)?;
            let keys = State::of(vm).signals;
            let keys = vm.new_tuple(&keys);
            vm.get_iter(keys)
        }),
        repr: slot(write_repr),
        compare: slot(compare),
        ..Slots::NONE
    },
    new: Some(
        method(
            "__new__",
            "($type, /, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<SignalDict>, _: Rest, _: Keywords| {
                let context = Value::UNBOUND;
                vm.new_object(class.class, |header| SignalDict { header, context, is_of_traps: false })
            },
        )
        .doc("One of no context, which does nothing."),
    ),
    methods: &[method("copy", "($self, /)", copy).doc("A dict of the same.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for SignalDict {
    const SPEC: &'static TypeSpec = &SIGNAL_DICT;
}

impl SignalDict {
    pub fn of_context(vm: &mut Vm, context: This<Context>, is_of_traps: bool) -> PyResult {
        let class = State::of(vm).signal_dict;
        let context = context.value();
        vm.new_object(class.as_ptr(), |header| SignalDict { header, context, is_of_traps })
    }

    fn context(&self, vm: &mut Vm) -> PyResult<This<Context>> {
        This::of(vm, self.context).ok_or_else(|| vm.raise_value("invalid signal dict"))
    }

    fn status(&self, vm: &mut Vm) -> PyResult<Status> {
        let context = self.context(vm)?;
        Ok(if self.is_of_traps { context.traps } else { context.flags })
    }
}

fn set_item(vm: &mut Vm, this: This<SignalDict>, key: Value, value: Option<Value>) -> PyResult<()> {
    let Some(value) = value else { return Err(vm.raise_value("signal keys cannot be deleted")) };
    let mut context = this.context(vm)?;
    let wanted = status_of(vm, key)?;
    let is_set = vm.is_true(value)?;
    let status = if this.is_of_traps { &mut context.traps } else { &mut context.flags };
    *status = if is_set { *status | wanted } else { *status & !wanted };
    Ok(())
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<SignalDict>) -> PyResult<()> {
    let status = this.status(vm)?;
    for (index, signal) in SIGNALS.iter().enumerate() {
        let start = if index == 0 { "{" } else { ", " };
        let shown = if status.has(signal.status) { "True" } else { "False" };
        out.push_str(&format!("{start}<class 'decimal.{}'>:{shown}", signal.name));
    }
    out.push_str("}");
    Ok(())
}

fn compare(vm: &mut Vm, operation: u32, this: This<SignalDict>, other: Value) -> PyResult {
    if operation != cmp::EQ && operation != cmp::NE {
        return Ok(vm.not_implemented);
    }
    let own = this.status(vm)?;
    let is_equal = if let Some(other) = This::<SignalDict>::of(vm, other) {
        own == other.status(vm)?
    } else if vm.is_of_spec(other, &stitch_runtime::builtins::types::DICT) {
        match status_from(vm, other, false) {
            Ok(status) => own == status,
            Err(raised) => {
                if !vm.exception_matches(vm.exceptions.KeyError) {
                    return Err(raised);
                }
                vm.clear_exception();
                return Ok(vm.not_implemented);
            }
        }
    } else {
        return Ok(vm.not_implemented);
    };
    Ok(Value::bool(is_equal == (operation == cmp::EQ)))
}

fn copy(vm: &mut Vm, this: This<SignalDict>) -> PyResult {
    let status = this.status(vm)?;
    let dict = vm.new_dict();
    for (index, signal) in SIGNALS.iter().enumerate() {
        let class = State::of(vm).signals[index];
        vm.dict_set(dict, class, Value::bool(status.has(signal.status)))?;
    }
    Ok(dict)
}
