//! `frame.f_locals` of functions: a mapping that reads and writes the frame's own variables, and keeps what is none of them beside.

use crate::object::argument::{ClassOf, OrNone, This, method};
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::layout::{DictObject, FrameObject};
use crate::object::operate::op;
use crate::object::slots::{Slots, operators, slot};
use crate::object::spec::{Layout, MatchedAs, Object, TypeSpec};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// The variables of a frame.
#[repr(C)]
pub struct FrameLocals {
    header: Header,
    frame: Value,
}

// SAFETY: a `#[repr(C)]` struct that begins with a header, and the layout of the specification; the type is no base.
unsafe impl Object for FrameLocals {
    const SPEC: &'static TypeSpec = &FRAME_LOCALS;
}

pub static FRAME_LOCALS: TypeSpec = TypeSpec {
    name: "FrameLocalsProxy",
    matched_as: MatchedAs::Mapping,
    doc: "The variables of a frame, to be read and written.",
    is_unhashable: true,
    layout: Some(Layout::of::<FrameLocals>(1)),
    slots: Slots {
        len: slot(|vm: &mut Vm, this: This<FrameLocals>| {
            let now = this.now(vm)?;
            vm.len(now)
        }),
        get_item: slot(get_item),
        set_item: slot(set_item),
        contains: slot(|vm: &mut Vm, this: This<FrameLocals>, key: Value| {
            let now = this.now(vm)?;
            vm.contains(now, key)
        }),
        iter: slot(|vm: &mut Vm, this: This<FrameLocals>| {
            let names = ask(vm, this, "copy")?;
            vm.get_iter(names)
        }),
        repr: slot(|vm: &mut Vm, out: &mut Text, this: This<FrameLocals>| {
            let now = this.now(vm)?;
            vm.write_container(out, this.value(), "{...}", |vm, out| vm.write_parts(out, "", &[now], ""))
        }),
        compare: slot(|vm: &mut Vm, operation: u32, this: This<FrameLocals>, other: Value| {
            let now = this.now(vm)?;
            let other = seen_through(vm, other)?;
            vm.compare_op(operation, now, other)
        }),
        binary: operators(&[(op::OR, |vm, lhs, rhs| {
            let (lhs, rhs) = (seen_through(vm, lhs)?, seen_through(vm, rhs)?);
            vm.binary_op(op::OR, lhs, rhs)
        })]),
        inplace: operators(&[(op::OR, |vm, lhs, rhs| {
            if let Some(this) = This::<FrameLocals>::of(vm, lhs) {
                update_from(vm, this, rhs)?;
            }
            Ok(lhs)
        })]),
        ..Slots::NONE
    },
    new: Some(
        method("__new__", "($type, frame, /)", |vm: &mut Vm, _: ClassOf<FrameLocals>, frame: This<FrameObject>| {
            vm.new_frame_locals(frame)
        })
        .doc("The variables of a frame."),
    ),
    methods: &[
        method(
            "get",
            "($self, key, default=None, /)",
            |vm: &mut Vm, this: This<FrameLocals>, key: Value, default: OrNone<Value>| {
                let (now, name) = (this.now(vm)?, vm.intern("get"));
                vm.call_method(now, name, &[key, default.0.unwrap_or(Value::NONE)])
            },
        )
        .doc("The value of a variable, or a default."),
        method("keys", "($self, /)", |vm: &mut Vm, this| listed(vm, this, "keys")).doc("The variables' names."),
        method("values", "($self, /)", |vm: &mut Vm, this| listed(vm, this, "values")).doc("The variables' values."),
        method("items", "($self, /)", |vm: &mut Vm, this| listed(vm, this, "items")).doc("Names and values, as pairs."),
        method("copy", "($self, /)", |vm: &mut Vm, this| ask(vm, this, "copy"))
            .doc("A dict of what the variables are now."),
        method("__reversed__", "($self, /)", |vm: &mut Vm, this| listed(vm, this, "__reversed__"))
            .doc("The names, from the last one on."),
        method("setdefault", "($self, key, default=None, /)", set_default)
            .doc("The value of a variable, which is set to the default where it has none."),
        method("update", "($self, other, /)", update_from).doc("Sets variables to what a mapping or pairs say."),
        method("pop", "($self, key, default=<unrepresentable>, /)", pop)
            .doc("Takes out what is kept beside the frame's own variables."),
    ],
    ..TypeSpec::NEW
};

impl This<FrameLocals> {
    fn of_frame(self, vm: &mut Vm) -> This<FrameObject> {
        This::expect(vm, self.frame)
    }
    /// A dict of what the variables are now.
    fn now(self, vm: &mut Vm) -> PyResult {
        let frame = self.of_frame(vm);
        vm.locals_of(frame)
    }
}

/// The dict behind a value that may be a frame's variables.
fn seen_through(vm: &mut Vm, value: Value) -> PyResult {
    match This::<FrameLocals>::of(vm, value) {
        Some(this) => this.now(vm),
        None => Ok(value),
    }
}

fn ask(vm: &mut Vm, this: This<FrameLocals>, name: &str) -> PyResult {
    let (now, name) = (this.now(vm)?, vm.intern(name));
    vm.call_method(now, name, &[])
}

fn listed(vm: &mut Vm, this: This<FrameLocals>, name: &str) -> PyResult {
    let view = ask(vm, this, name)?;
    vm.collect(view)
}

fn raise_missing(vm: &mut Vm, key: Value) -> PyResult {
    let key = vm.repr(key)?;
    let message = format!("local variable '{}' is not defined", vm.string_of(key));
    Err(vm.raise(vm.exceptions.KeyError, &message))
}

fn get_item(vm: &mut Vm, this: This<FrameLocals>, key: Value) -> PyResult {
    let now = this.now(vm)?;
    match vm.dict_get(now, key)? {
        Some(value) => Ok(value),
        None => raise_missing(vm, key),
    }
}

fn set_item(vm: &mut Vm, this: This<FrameLocals>, key: Value, value: Option<Value>) -> PyResult<()> {
    let frame = this.of_frame(vm);
    if let Some(value) = value {
        return vm.set_frame_local(frame, key, value);
    }
    pop(vm, this, key, None).map(|_| ())
}

fn set_default(vm: &mut Vm, this: This<FrameLocals>, key: Value, default: OrNone<Value>) -> PyResult {
    let now = this.now(vm)?;
    if let Some(value) = vm.dict_get(now, key)? {
        return Ok(value);
    }
    let (frame, value) = (this.of_frame(vm), default.0.unwrap_or(Value::NONE));
    vm.set_frame_local(frame, key, value)?;
    Ok(value)
}

fn update_from(vm: &mut Vm, this: This<FrameLocals>, other: Value) -> PyResult<()> {
    let given = vm.new_dict();
    let other = seen_through(vm, other)?;
    vm.dict_update(given, other)?;
    let frame = this.of_frame(vm);
    let mut at = 0;
    while let Some((index, entry)) = vm.table(given).next_entry(at) {
        at = index + 1;
        vm.set_frame_local(frame, entry.key, entry.value)?;
    }
    Ok(())
}

fn pop(vm: &mut Vm, this: This<FrameLocals>, key: Value, default: Option<Value>) -> PyResult {
    let frame = this.of_frame(vm);
    if vm.slot_of_local(frame, key)?.is_some() {
        return Err(vm.raise_value("cannot remove local variables from FrameLocalsProxy"));
    }
    let beside = frame.beside;
    if vm.is_a::<DictObject>(beside)
        && let Some(value) = vm.dict_get(beside, key)?
    {
        vm.del_item(beside, key)?;
        return Ok(value);
    }
    match default {
        Some(default) => Ok(default),
        None => Err(vm.raise_key(key)),
    }
}

impl Vm {
    /// The variables of a frame of a function.
    pub(crate) fn new_frame_locals(&mut self, frame: This<FrameObject>) -> PyResult {
        let class = self.type_of_spec(&FRAME_LOCALS);
        let frame = frame.value();
        self.new_object(class, |header| FrameLocals { header, frame })
    }
}
