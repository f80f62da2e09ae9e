//! `_queue`: a queue between threads, without bounds.

use crate::thread::lock::{wait_time, wait_until};
use stitch_runtime::builtins::CLASS_GETITEM;
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec =
    ModuleSpec { name: "_queue", doc: "A queue between threads.", types: &[&SIMPLE_QUEUE, &EMPTY], ..ModuleSpec::NEW };

static EMPTY: TypeSpec = TypeSpec {
    name: "Empty",
    module: "_queue",
    doc: "Nothing is in the queue.",
    base_class: Some(|vm| vm.exceptions.Exception),
    is_base: true,
    ..TypeSpec::NEW
};

#[repr(C)]
pub struct SimpleQueue {
    header: Header,
    /// A list; the items before `first` were taken.
    items: Value,
    first: usize,
}

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for SimpleQueue {
    const SPEC: &'static TypeSpec = &SIMPLE_QUEUE;
}

static SIMPLE_QUEUE: TypeSpec = TypeSpec {
    name: "SimpleQueue",
    module: "_queue",
    doc: "A first-in, first-out queue without bounds.",
    is_base: true,
    is_weakly_referable: true,
    layout: Some(Layout::of::<SimpleQueue>(1)),
    new: Some(
        method("__new__", "($type, /)", |vm: &mut Vm, class: ClassOf<SimpleQueue>| {
            let items = vm.new_list(&[])?;
            vm.new_object(class.class, |header| SimpleQueue { header, items, first: 0 })
        })
        .doc("An empty queue."),
    ),
    class_methods: &[CLASS_GETITEM],
    methods: &[
        method(
            "put",
            "($self, /, item, block=True, timeout=None)",
            |vm: &mut Vm, this: This<SimpleQueue>, item: Value, _: Option<Value>, _: Option<Value>| put(vm, this, item),
        )
        .doc("Adds an item; never waits."),
        method("put_nowait", "($self, /, item)", put).doc("Adds an item."),
        method(
            "get",
            "($self, /, block=True, timeout=None)",
            |vm: &mut Vm, this: This<SimpleQueue>, block: Option<bool>, timeout: Option<Value>| {
                let seconds = match timeout.filter(|timeout| !timeout.is_none() && block != Some(false)) {
                    Some(timeout) => Some(vm.to_float(timeout)?),
                    None => None,
                };
                if seconds.is_some_and(|seconds| seconds < 0.0) {
                    return Err(vm.raise_value("'timeout' must be a non-negative number"));
                }
                get(vm, this, block, seconds)
            },
        )
        .doc("Takes the oldest item, for which it waits; Empty where there is none in time."),
        method("get_nowait", "($self, /)", |vm: &mut Vm, this: This<SimpleQueue>| get(vm, this, Some(false), None))
            .doc("Takes the oldest item; Empty where there is none."),
        method("empty", "($self, /)", |vm: &mut Vm, this: This<SimpleQueue>| this.len(vm) == 0)
            .doc("Is nothing in it?"),
        method("qsize", "($self, /)", |vm: &mut Vm, this: This<SimpleQueue>| this.len(vm)).doc("How much is in it."),
    ],
    ..TypeSpec::NEW
};

impl SimpleQueue {
    fn list(&self, vm: &Vm) -> This<ListObject> {
        This::of(vm, self.items).expect("made with a list")
    }
    fn len(&self, vm: &Vm) -> usize {
        self.list(vm).items().len() - self.first
    }
}

fn put(vm: &mut Vm, this: This<SimpleQueue>, item: Value) -> PyResult<()> {
    let list = this.list(vm);
    vm.list_push(list.pointer(), item)?;
    vm.wake(this.pointer() as usize);
    Ok(())
}

fn get(vm: &mut Vm, this: This<SimpleQueue>, block: Option<bool>, seconds: Option<f64>) -> PyResult {
    let wait = wait_time(vm, block, seconds)?;
    if !wait_until(vm, this.pointer() as usize, wait, |vm| this.len(vm) > 0)? {
        let class = vm.type_of_spec(&EMPTY);
        return Err(vm.raise_with(class, &[]));
    }
    take(vm, this)
}

/// The oldest item. What was taken stays in the list, as None, until it is half of it.
fn take(vm: &mut Vm, mut this: This<SimpleQueue>) -> Result<Value, Raised> {
    const MIN_TAKEN: usize = 32;
    let list = this.list(vm);
    let item = list.items()[this.first];
    vm.list_splice(list.pointer(), this.first, this.first + 1, &[Value::NONE])?;
    this.first += 1;
    if this.first >= MIN_TAKEN && this.first * 2 >= list.items().len() {
        vm.list_splice(list.pointer(), 0, this.first, &[])?;
        this.first = 0;
    }
    Ok(item)
}
