//! `Executor`: the number of an executor, which names the same one for good, and what can be asked of it. What was freed with
//! its code is None then.

use super::{code_object, line_or_none};
use stitch_runtime::exec::{Executor as JitExecutor, ExecutorKind};
use stitch_runtime::object::argument::{Class, Keywords, OrNone, Rest, This, method};
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use stitch_runtime::object::struct_sequence::{closed_struct_sequence, fields};
use stitch_runtime::uop::{ExitIdx, ExitKind};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Executor {
    header: Header,
    id: u32,
}

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Executor {
    const SPEC: &'static TypeSpec = &EXECUTOR;
}

pub static EXECUTOR: TypeSpec = TypeSpec {
    name: "Executor",
    module: "stitch.jit",
    doc: "What runs a superblock: micro-ops or machine code with one entry and many exits.",
    layout: Some(Layout::of::<Executor>(0)),
    slots: Slots { repr: slot(write_repr), ..Slots::NONE },
    new: Some(
        method("__new__", "($type, /, *args, **kwargs)", |vm: &mut Vm, _: Class, _: Rest, _: Keywords| -> PyResult {
            Err(vm.raise_type("cannot create 'stitch.jit.Executor' instances"))
        })
        .doc("Refuses: the JIT makes them."),
    ),
    methods: &[method("exits", "($self, /)", exits).doc("Its exits, in order.")],
    getters: &[
        field("id", |this: This<Executor>| this.id).doc("Its number; the same executor has the same number."),
        field("kind", |vm: &mut Vm, this: This<Executor>| name_of(seen(vm, this).kind))
            .doc("What it is for: 'loop', 'entry', 'side', 'return' or 'fused'."),
        field("is_valid", |vm: &mut Vm, this: This<Executor>| seen(vm, this).valid != 0)
            .doc("Can it be entered? Not any more once something has changed that it relies on."),
        field("taken_out", |vm: &mut Vm, this: This<Executor>| {
            seen(vm, this).taken_out.as_ref().map(ToString::to_string)
        })
        .doc("Why it cannot be entered any more, and what changed; None as long as it can."),
        field("code", |vm: &mut Vm, this: This<Executor>| seen(vm, this).place().code())
            .doc("The code object that it starts in."),
        field("offset", |vm: &mut Vm, this: This<Executor>| {
            let place = seen(vm, this).place();
            place.code().map(|_| place.offset())
        })
        .doc("Where in its bytecode it starts, in bytes."),
        field("line", |vm: &mut Vm, this: This<Executor>| {
            let line = seen(vm, this).place().line();
            line_or_none(vm, line)
        })
        .doc("The line of the source that it starts at."),
        field("root", |vm: &mut Vm, this: This<Executor>| {
            let root = seen(vm, this).root;
            new(vm, root)
        })
        .doc("The executor whose tree it is part of; itself, if that is its own."),
        field("parent", parent).doc("The executor and the index of the exit from which a side trace starts."),
        field("runs", |vm: &mut Vm, this: This<Executor>| seen(vm, this).runs as i64)
            .doc("How often it was entered from outside of compiled code."),
        field("uops", |vm: &mut Vm, this: This<Executor>| {
            let superblock = &seen(vm, this).superblock;
            (!superblock.uops.is_empty()).then(|| superblock.to_string())
        })
        .doc("Its superblock, optimized, as text."),
        field("recorded_uops", |vm: &mut Vm, this: This<Executor>| {
            let recording = seen(vm, this).recording.as_ref();
            recording.map(|recording| recording.emitter.superblock.to_string())
        })
        .doc("The superblock as recorded, where that is kept: of loops."),
        field("machine_code", machine_code).doc("Its machine code, if it has any."),
    ],
    ..TypeSpec::NEW
};

pub static EXIT: TypeSpec =
    closed_struct_sequence("Exit", "stitch.jit", "A place where an executor may be left.", EXIT_FIELDS);
const EXIT_FIELDS: &[GetSetRow] =
    &fields(["index", "kind", "code", "offset", "line", "taken", "hotness", "threshold", "target"]);

pub fn kind_name(kind: ExitKind) -> &'static str {
    match kind {
        ExitKind::Side => "side",
        ExitKind::Deopt => "deopt",
        ExitKind::Error => "error",
        ExitKind::Pending => "pending",
        ExitKind::Dynamic => "dynamic",
    }
}

fn name_of(kind: ExecutorKind) -> &'static str {
    match kind {
        ExecutorKind::Loop => "loop",
        ExecutorKind::Entry => "entry",
        ExecutorKind::Side => "side",
        ExecutorKind::Return => "return",
        ExecutorKind::Fused => "fused",
        ExecutorKind::External => "external",
    }
}

/// The executor that an object names: executors stay in the list for good.
fn seen(vm: &mut Vm, this: This<Executor>) -> &JitExecutor {
    &vm.jit.executors[this.id as usize]
}

pub fn new(vm: &mut Vm, id: u32) -> PyResult {
    let class = vm.type_of_spec(&EXECUTOR);
    vm.new_object(class, |header| Executor { header, id })
}

pub fn all(vm: &mut Vm, of: OrNone<Value>) -> PyResult {
    let code = match of.0 {
        Some(of) => Some(code_object(vm, of)?.value()),
        None => None,
    };
    let list = vm.new_list_object()?;
    for id in 0..vm.jit.executors.len() {
        if code.is_none() || vm.jit.executors[id].place().code() == code {
            let executor = new(vm, id as u32)?;
            vm.list_push(list.pointer(), executor)?;
        }
    }
    Ok(list.value())
}

fn parent(vm: &mut Vm, this: This<Executor>) -> PyResult {
    let Some((id, exit)) = seen(vm, this).parent else { return Ok(Value::NONE) };
    let executor = new(vm, id)?;
    Ok(vm.new_tuple(&[executor, Value::small_int(exit.index() as i64)]))
}

fn machine_code(vm: &mut Vm, this: This<Executor>) -> PyResult {
    let Some(compiled) = &seen(vm, this).compiled else { return Ok(Value::NONE) };
    let code = compiled.code();
    vm.new_bytes(&code)
}

fn exits(vm: &mut Vm, this: This<Executor>) -> PyResult {
    let list = vm.new_list_object()?;
    for index in 0..seen(vm, this).exits.len() {
        let executor = seen(vm, this);
        let (place, data) = (executor.place_of_exit(ExitIdx(index as u32)), executor.exits[index].clone());
        let code = place.code().unwrap_or(Value::NONE);
        let offset = place.code().map_or(Value::NONE, |_| Value::small_int(place.offset() as i64));
        let number = Value::small_int(index as i64);
        let (kind, line) = (vm.new_str(kind_name(data.kind)), line_or_none(vm, place.line()));
        let (taken, hotness) = (vm.new_int(data.taken as i64), vm.new_int(data.hotness.into()));
        // Nothing is recorded from it any more.
        let is_final = data.threshold == u32::MAX;
        let threshold = if is_final { Value::NONE } else { vm.new_int(data.threshold.into()) };
        let target = match data.target {
            Some(target) => new(vm, target)?,
            None => Value::NONE,
        };
        let items = [number, kind, code, offset, line, taken, hotness, threshold, target];
        let exit = vm.new_struct_sequence(&EXIT, &items)?;
        vm.list_push(list.pointer(), exit)?;
    }
    Ok(list.value())
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Executor>) -> PyResult<()> {
    let executor = seen(vm, this);
    let (kind, place, state) =
        (name_of(executor.kind), executor.place(), if executor.valid != 0 { "" } else { ", gone" });
    out.push_str(&format!("<executor {} ({kind}", this.id));
    if let Some(code) = place.code() {
        let name = vm.intern("co_qualname");
        let name = vm.get_attr(code, name)?;
        out.push_str(&format!(") of {}", vm.string_of(name)));
        if let Some(line) = place.line() {
            out.push_str(&format!(", line {line}"));
        }
    } else {
        out.push_str(")");
    }
    out.push_str(&format!("{state}>"));
    Ok(())
}
