//! `weakref.ref`.

use std::ops::{Deref, DerefMut};
use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::gc::WeakReference;
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::compare::cmp;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::native::Arguments;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

pub static REFERENCE: TypeSpec = TypeSpec {
    name: "ReferenceType",
    module: "weakref",
    doc: "A reference to an object that does not keep it alive.",
    layout: Some(Layout::of::<WeakReference>(1)),
    is_base: true,
    slots: Slots { call: slot(call), hash: slot(hash), compare: slot(compare), repr: slot(write_repr), ..Slots::NONE },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("A weak reference to an object.")),
    methods: &[method("__init__", "($self, /, *args, **kwargs)", init).doc("Does nothing: the reference is made.")],
    class_methods: &[CLASS_GETITEM],
    getters: &[field("__callback__", callback_of).doc("What is called when the object is dead, or None.")],
    ..TypeSpec::NEW
};

/// A `weakref.ref`.
#[repr(transparent)]
pub struct Reference(pub WeakReference);

// SAFETY: as `WeakReference`, which begins with the header; all that derive from the type begin with it.
unsafe impl Object for Reference {
    const SPEC: &'static TypeSpec = &REFERENCE;
}

impl Deref for Reference {
    type Target = WeakReference;
    fn deref(&self) -> &WeakReference {
        &self.0
    }
}
impl DerefMut for Reference {
    fn deref_mut(&mut self) -> &mut WeakReference {
        &mut self.0
    }
}

/// The weak reference that a value is.
pub fn of(vm: &Vm, value: Value) -> Option<This<Reference>> {
    This::of(vm, value)
}

/// What a weak reference refers to, if that is alive.
pub fn referent(reference: &WeakReference) -> Option<Value> {
    (reference.referent != 0).then(|| Value::object(reference.referent as *mut Header))
}

/// A weak reference (or proxy) of a class to an object. Of those without a callback that are no instances of Python classes there
/// is one an object.
pub fn make<T: Object>(
    vm: &mut Vm,
    class: *mut TypeObject,
    object: Value,
    callback: Option<Value>,
    wrap: fn(WeakReference) -> T,
) -> PyResult {
    vm.check_weakly_referable(object)?;
    let callback = callback.unwrap_or(Value::NONE);
    let is_shared = callback.is_none() && class == vm.type_of_spec(T::SPEC);
    if is_shared {
        let same = vm.weak_references(object).iter().find(|&&other| {
            let other = Value::object(other);
            // SAFETY: all that is registered begins with a weak reference.
            vm.class_of(other) == class && unsafe { (*other.as_ptr::<WeakReference>()).callback }.is_none()
        });
        if let Some(&same) = same {
            return Ok(Value::object(same));
        }
    }
    let reference = vm.new_object(class, |header| {
        wrap(WeakReference { header, callback, referent: object.as_ptr::<Header>() as usize, hash: 0, has_hash: false })
    })?;
    vm.heap.register_weak_reference(reference.as_ptr());
    Ok(reference)
}

fn new(vm: &mut Vm, class: ClassOf<Reference>, arguments: Rest, _: Keywords) -> PyResult {
    match *arguments.items() {
        [] => Err(vm.raise_type("__new__ expected at least 1 argument, got 0")),
        [object] => make(vm, class.class, object, None, Reference),
        [object, callback] => make(vm, class.class, object, Some(callback), Reference),
        ref more => {
            let message = format!("__new__ expected at most 2 arguments, got {}", more.len());
            Err(vm.raise_type(&message))
        }
    }
}

fn init(vm: &mut Vm, _: This<Reference>, arguments: Rest, keywords: Keywords) -> PyResult<()> {
    if !keywords.is_empty() {
        return Err(vm.raise_type("ref() takes no keyword arguments"));
    }
    match arguments.items().len() {
        1 | 2 => Ok(()),
        0 => Err(vm.raise_type("__init__ expected at least 1 argument, got 0")),
        more => Err(vm.raise_type(&format!("__init__ expected at most 2 arguments, got {more}"))),
    }
}

/// What is called when the object is dead: nothing more once it is.
fn callback_of(reference: This<Reference>) -> Value {
    referent(&reference).map_or(Value::NONE, |_| reference.callback)
}

fn call(vm: &mut Vm, this: This<Reference>, arguments: Arguments<'_>) -> PyResult {
    if !arguments.values.is_empty() {
        let message = format!("weakref expected 0 arguments, got {}", arguments.values.len());
        return Err(vm.raise_type(&message));
    }
    Ok(referent(&this).unwrap_or(Value::NONE))
}

fn hash(vm: &mut Vm, mut this: This<Reference>) -> PyResult<i64> {
    if this.has_hash {
        return Ok(this.hash);
    }
    let Some(object) = referent(&this) else { return Err(vm.raise_type("weak object has gone away")) };
    let hash = vm.hash(object)?;
    (this.hash, this.has_hash) = (hash, true);
    Ok(hash)
}

/// Live ones compare as what they refer to, others by identity.
fn compare(vm: &mut Vm, operation: u32, this: This<Reference>, other: Value) -> PyResult {
    let (Some(second), cmp::EQ | cmp::NE) = (of(vm, other), operation) else { return Ok(vm.not_implemented) };
    match (referent(&this), referent(&second)) {
        (Some(first), Some(second)) => vm.compare_op(operation, first, second),
        _ => Ok(Value::bool((this.value() == other) == (operation == cmp::EQ))),
    }
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: This<Reference>) -> PyResult<()> {
    write_description(vm, out, "weakref", this.value(), referent(&this), true)
}

/// `<weakref at 0x…; to 'A' at 0x… (name)>`
pub fn write_description(
    vm: &mut Vm,
    out: &mut Text,
    kind: &str,
    this: Value,
    referent: Option<Value>,
    is_named: bool,
) -> PyResult<()> {
    let Some(object) = referent else {
        out.push_str(&format!("<{kind} at {:#x}; dead>", this.0));
        return Ok(());
    };
    out.push_str(&format!("<{kind} at {:#x}; to '{}' at {:#x}", this.0, vm.class_name(object), object.0));
    // Whatever else it finds under that name is not asked.
    if is_named && vm.lookup_special(object, vm.names.__name__).is_some() {
        let name = vm.get_attr_opt(object, vm.names.__name__)?;
        if let Some(name) = name.filter(|&name| vm.is_str(name)) {
            out.push_str(&format!(" ({})", vm.string_of(name)));
        }
    }
    out.push_str(">");
    Ok(())
}
