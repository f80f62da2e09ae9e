//! A Python function that runs as a Rust closure, and is seen as the function that it is.
//!
//! `closures.run(function, values)` stands for
//!
//! ```python
//! def function(report, values):
//!     total = 0
//!     for value in values:
//!         total += value
//!         report(total)
//!     return total
//! ```
//!
//! and does what that does, line by line.

use std::any::Any;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use stitch_runtime::embed::optimizer::CodeId;
use stitch_runtime::embed::{Executable, Reified};
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::layout::FunctionObject;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::{PyResult, Value, Vm};

/// As `BINARY_OP` numbers operators.
const ADD_IN_PLACE: u32 = 13;

pub static CLOSURES: ModuleSpec = ModuleSpec {
    name: "closures",
    doc: "Functions that run as closures of Rust.",
    functions: &[
        method("run", "(function, report, values, /)", run).doc("The running sums of numbers, each of them reported.")
    ],
    ..ModuleSpec::NEW
};

/// What the closure is at, as its reifier needs it: words that it stores as it goes.
struct Sums {
    function: AtomicU64,
    /// Of the instruction that runs: the call of `report`, and in the end the `return`.
    offset: AtomicU32,
    /// `report`, `values`, `total`, `value`; 0: no value yet.
    locals: [AtomicU64; 4],
}

impl Sums {
    fn set(&self, slot: usize, value: Value) {
        self.locals[slot].store(value.bits(), Ordering::Relaxed);
    }
}

fn reify(state: &(dyn Any + Send + Sync), frame: &mut Reified) {
    let Some(sums) = state.downcast_ref::<Sums>() else { return };
    frame.offset = sums.offset.load(Ordering::Relaxed);
    frame.set_function(Value(sums.function.load(Ordering::Relaxed)));
    for (slot, local) in sums.locals.iter().enumerate() {
        let value = Value(local.load(Ordering::Relaxed));
        if !value.is_unbound() {
            frame.set_local(slot, value);
        }
    }
}

fn run(vm: &mut Vm, function: This<FunctionObject>, report: Value, values: Value) -> PyResult {
    let function = function.value();
    let code = vm.code_id(function).ok_or_else(|| vm.raise_type("not a function"))?;
    if vm.tells_of(code) {
        // Somebody wants to see each line.
        return vm.call(function, &[report, values]);
    }
    let sums = Sums {
        function: AtomicU64::new(function.bits()),
        offset: AtomicU32::new(last(vm, code, "CALL")),
        locals: [const { AtomicU64::new(0) }; 4],
    };
    let end = last(vm, code, "RETURN_VALUE");
    let executable = Executable { code, state: &sums, reifier: reify };
    vm.run_executable(&executable, |vm| {
        let mut total = Value::small_int(0);
        sums.set(0, report);
        sums.set(1, values);
        sums.set(2, total);
        let iterator = vm.get_iter(values)?;
        while let Some(value) = vm.iter_next(iterator)? {
            sums.set(3, value);
            total = vm.binary_op(ADD_IN_PLACE, total, value)?;
            sums.set(2, total);
            vm.call(report, &[total])?;
        }
        sums.offset.store(end, Ordering::Relaxed);
        Ok(total)
    })
}

/// The offset of the last instruction of a name in the code.
fn last(vm: &Vm, code: CodeId, name: &str) -> u32 {
    let named = vm.code_view(code).instructions().filter(|instruction| instruction.name == name);
    named.last().map_or(0, |instruction| instruction.offset)
}
