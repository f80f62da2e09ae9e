//! `threading.local`: objects whose attributes are each thread's own.
//!
//! An object has, as its `__dict__`, the one of the thread that looked at it last; the others lie beside it, by the threads'
//! numbers. So what reads and writes attributes is what does so for any other object.

use crate::weakref::{self, REFERENCE, Reference};
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct Local {
    header: Header,
    /// A dict: thread's number → dict.
    dicts: Value,
    /// What each thread's `__init__` is called with.
    arguments: Value,
    keywords: Value,
    /// The thread whose dict the object has.
    current: u64,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for Local {
    const SPEC: &'static TypeSpec = &LOCAL;
}

pub static LOCAL: TypeSpec = TypeSpec {
    name: "_local",
    module: "_thread",
    doc: "An object whose attributes are each thread's own.",
    is_base: true,
    has_dict: true,
    is_weakly_referable: true,
    layout: Some(Layout::of::<Local>(3)),
    slots: Slots {
        get_attribute: Some(|vm, owner, name| {
            enter(vm, owner)?;
            vm.generic_get_attr(owner, name)
        }),
        set_attribute: Some(|vm, owner, name, value| {
            enter(vm, owner)?;
            if name == vm.names.__dict__ {
                let class = vm.class_name(owner);
                return Err(vm.raise_attribute(&format!("'{class}' object attribute '__dict__' is read-only")));
            }
            vm.generic_set_attr(owner, name, value)
        }),
        ..Slots::NONE
    },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("One without attributes.")),
    ..TypeSpec::NEW
};

fn new(vm: &mut Vm, class: ClassOf<Local>, arguments: Rest, keywords: Keywords) -> PyResult {
    let is_given = !arguments.items().is_empty() || !keywords.is_empty();
    if is_given && class.is_exact() {
        return Err(vm.raise_type("Initialization arguments are not supported"));
    }
    let (dicts, current) = (vm.new_dict(), vm.thread_number());
    let (arguments, keywords) = (arguments.value(), keywords.value());
    let local = vm.new_object(class.class, |header| Local { header, dicts, arguments, keywords, current })?;
    let own = vm.instance_dict(local)?;
    vm.dict_set(dicts, Value::small_int(current as i64), own)?;
    note(vm, local)?;
    Ok(local)
}

/// Gives the object the dict of the running thread. One that looks at it for the first time has it initialized.
fn enter(vm: &mut Vm, owner: Value) -> PyResult<()> {
    let number = vm.thread_number();
    let Some(mut this) = This::<Local>::of(vm, owner).filter(|this| this.current != number) else { return Ok(()) };
    let key = Value::small_int(number as i64);
    let known = vm.dict_get(this.dicts, key)?;
    let own = known.unwrap_or_else(|| vm.new_dict());
    vm.set_instance_dict(owner, Some(own))?;
    this.current = number;
    if known.is_some() {
        return Ok(());
    }
    vm.dict_set(this.dicts, key, own)?;
    note(vm, owner)?;
    let (class, exact) = (vm.class_of(owner), vm.type_of_spec(&LOCAL));
    if class == exact {
        return Ok(());
    }
    let name = vm.intern("__init__");
    let initialized = (|| {
        let init = vm.get_attr(owner, name)?;
        vm.call_expanded(init, this.arguments, this.keywords)
    })();
    if initialized.is_err() {
        // The next access tries again.
        vm.dict_remove(this.dicts, key)?;
        this.current = u64::MAX;
        return initialized.map(|_| ());
    }
    // Others may have looked at it meanwhile.
    enter(vm, owner)
}

/// How many objects a thread may have attributes of before it looks for those that are gone.
const MANY: usize = 32;

/// Remembers that the thread has attributes of the object, until it ends. The main thread does so after everything else.
fn note(vm: &mut Vm, local: Value) -> PyResult<()> {
    if vm.is_main_thread() {
        return Ok(());
    }
    if vm.locals.is_unbound() {
        vm.locals = vm.new_list(&[])?;
    }
    let locals = vm.locals;
    let n_locals = This::<ListObject>::of(vm, locals).map_or(0, |locals| locals.items().len());
    if n_locals >= MANY && n_locals.is_power_of_two() {
        forget_dead(vm, locals)?;
    }
    let class = vm.type_of_spec(&REFERENCE);
    let reference = weakref::make(vm, class, local, None, Reference)?;
    vm.list_push(locals.as_ptr(), reference)
}

/// The object of an entry of a thread's list, if it is there still.
fn object_of(vm: &Vm, reference: Value) -> Option<Value> {
    weakref::of(vm, reference).and_then(|reference| weakref::referent(&reference))
}

fn forget_dead(vm: &mut Vm, locals: Value) -> PyResult<()> {
    let Some(list) = This::<ListObject>::of(vm, locals) else { return Ok(()) };
    let living: Vec<Value> = list.items().iter().copied().filter(|&entry| object_of(vm, entry).is_some()).collect();
    // The list has all of them until this is done.
    vm.list_splice(locals.as_ptr(), 0, list.items().len(), &living)
}

/// The running thread ends: its attributes go.
pub fn forget_thread(vm: &mut Vm) {
    let (locals, number) = (std::mem::replace(&mut vm.locals, Value::UNBOUND), vm.thread_number());
    let Some(locals) = This::<ListObject>::of(vm, locals) else { return };
    let key = Value::small_int(number as i64);
    for at in 0..locals.items().len() {
        let object = locals.items().get(at).and_then(|&entry| object_of(vm, entry));
        let Some(mut local) = object.and_then(|object| This::<Local>::of(vm, object)) else { continue };
        let is_gone = vm.dict_remove(local.dicts, key).is_ok();
        if local.current == number && is_gone {
            local.current = u64::MAX;
            if vm.set_instance_dict(local.value(), None).is_err() {
                vm.clear_exception();
            }
        }
    }
}
