//! Handles of threads.

use stitch_runtime::object::argument::{ClassOf, Index, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};
use stitch_runtime::{PyResult, Value, Vm};

#[repr(C)]
pub struct ThreadHandle {
    header: Header,
    ident: i64,
    is_done: bool,
}

// SAFETY: `#[repr(C)]` with the header first; the type is no base.
unsafe impl Object for ThreadHandle {
    const SPEC: &'static TypeSpec = &THREAD_HANDLE;
}

pub static THREAD_HANDLE: TypeSpec = TypeSpec {
    name: "_ThreadHandle",
    module: "_thread",
    doc: "A handle of a thread.",
    layout: Some(Layout::of::<ThreadHandle>(0)),
    new: Some(
        method("__new__", "($type, /)", |vm: &mut Vm, _: ClassOf<ThreadHandle>| make(vm, 0))
            .doc("A handle of no thread yet."),
    ),
    methods: &[
        method(
            "join",
            "($self, timeout=-1, /)",
            |vm: &mut Vm, this: This<ThreadHandle>, _: Option<f64>| -> PyResult<()> {
                if this.ident == 0 {
                    return Err(vm.raise(vm.exceptions.RuntimeError, "thread not started"));
                }
                if this.is_done {
                    return Ok(());
                }
                Err(vm.raise(vm.exceptions.RuntimeError, "Cannot join current thread"))
            },
        )
        .doc("Waits for the thread's end."),
        method("is_done", "($self, /)", |this: This<ThreadHandle>| this.is_done).doc("Has the thread ended?"),
        method("_set_done", "($self, /)", |mut this: This<ThreadHandle>| this.is_done = true)
            .doc("Has it count as ended."),
    ],
    getters: &[field("ident", |this: This<ThreadHandle>| this.ident).doc("The thread's number.")],
    ..TypeSpec::NEW
};

fn make(vm: &mut Vm, ident: i64) -> PyResult {
    let class = vm.type_of_spec(&THREAD_HANDLE);
    vm.new_object(class, |header| ThreadHandle { header, ident, is_done: false })
}

pub fn of_ident(vm: &mut Vm, ident: Index) -> PyResult<Value> {
    make(vm, ident.0)
}
