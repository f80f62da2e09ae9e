//! Who may enter a machine, and when: what makes a safe interface of it possible.
//!
//! ```text
//!   embedder ── enter ─► machine ── a native of the embedder's: leave ─► embedder ── enter ─► machine
//!                 gate:   shut                                  inside                shut
//! ```
//!
//! No value is ever in a local of the embedder's: it has handles. So all values in locals lie below the frame of the outermost
//! `enter`, which is where the collector's look at the native stack ends.

use super::handles::HandleTable;
use super::{Machine, NATIVE_STACK_BYTES};
use crate::gc::native_stack_pointer;
use crate::host::stack_of_thread;
use crate::vm::Vm;
use std::any::Any;
use std::cell::{Cell, RefCell, UnsafeCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

/// A machine is entered with no less native stack than that.
const MIN_STACK_BYTES: usize = 512 << 10;
/// What is left alone at the end of a thread's stack.
const MARGIN_BYTES: usize = 64 << 10;

/// May the machine be entered?
#[derive(Clone, Copy)]
enum Gate {
    /// Nothing of it runs.
    Open,
    /// It runs, and waits for code of the embedder's.
    Inside(*mut Vm),
    /// It runs.
    Shut,
    /// It panicked, which is a bug, and is never entered again.
    Broken,
    Gone,
}

/// Why a machine cannot be entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    Gone,
    /// It does something that must not be interrupted.
    Busy,
    /// It panicked, which is a bug.
    Broken,
    /// The thread has too little stack left.
    NoStack,
}

/// A machine that is only entered where it may be.
pub struct Keeper {
    gate: Cell<Gate>,
    is_broken: Cell<bool>,
    /// It is to go as soon as nothing of it runs.
    is_dismissed: Cell<bool>,
    machine: UnsafeCell<Option<Box<Machine>>>,
    pub handles: Rc<HandleTable>,
    /// What dead objects have owned of the embedder's: dropped where nothing of the machine is under way.
    remains: RefCell<Vec<Rc<dyn Any>>>,
}

/// Sets the gate back, also where a panic passes.
struct SetBack<'a>(&'a Cell<Gate>, Gate);

impl Drop for SetBack<'_> {
    fn drop(&mut self) {
        self.0.set(self.1);
    }
}

impl Keeper {
    /// `make` makes the machine of an address below which its values will be, and of the bytes of stack below that.
    pub fn new(make: impl FnOnce(usize, usize) -> Machine) -> Result<Keeper, Closed> {
        let anchor = 0usize;
        let (base, bytes) = stack_below(&raw const anchor as usize).ok_or(Closed::NoStack)?;
        let mut machine = Box::new(run_below(|| make(base, bytes)));
        let handles = machine.vm().handles.clone();
        Ok(Keeper {
            gate: Cell::new(Gate::Open),
            is_broken: Cell::new(false),
            is_dismissed: Cell::new(false),
            machine: UnsafeCell::new(Some(machine)),
            handles,
            remains: RefCell::default(),
        })
    }

    /// Does something with the machine. No value may be in what `run` gives, nor in what it holds.
    pub fn enter<R>(&self, run: impl FnOnce(&mut Machine) -> R) -> Result<R, Closed> {
        self.enter_outermost(run)
    }

    /// Does something in the machine's VM. No value may be in what `run` gives, nor in what it holds.
    pub fn enter_vm<R>(&self, run: impl FnOnce(&mut Vm) -> R) -> Result<R, Closed> {
        let Gate::Inside(vm) = self.gate.get() else { return self.enter_outermost(|machine| run(machine.vm())) };
        if self.is_broken.get() {
            return Err(Closed::Broken);
        }
        self.gate.set(Gate::Shut);
        let _set_back = SetBack(&self.gate, Gate::Inside(vm));
        // SAFETY: `leave` has lent it, and does not touch it until the gate is not `Inside` any more; nobody else takes it now.
        let run = AssertUnwindSafe(|| run(unsafe { &mut *vm }));
        catch_unwind(run).map_err(|_| {
            self.is_broken.set(true);
            Closed::Broken
        })
    }

    fn enter_outermost<R>(&self, run: impl FnOnce(&mut Machine) -> R) -> Result<R, Closed> {
        match self.gate.get() {
            Gate::Open => {}
            Gate::Inside(_) | Gate::Shut => return Err(Closed::Busy),
            Gate::Broken => return Err(Closed::Broken),
            Gate::Gone => return Err(Closed::Gone),
        }
        let anchor = 0usize;
        let (base, bytes) = stack_below(&raw const anchor as usize).ok_or(Closed::NoStack)?;
        self.gate.set(Gate::Shut);
        // SAFETY: the gate was open: nobody has a reference to it, and none is made before the gate is set back.
        let result = match unsafe { &mut *self.machine.get() } {
            Some(machine) => {
                machine.vm().set_native_stack(base, bytes);
                run_below(AssertUnwindSafe(|| catch_unwind(AssertUnwindSafe(|| run(machine)))))
            }
            None => return Err(Closed::Gone),
        };
        if result.is_err() || self.is_broken.get() {
            self.gate.set(Gate::Broken);
            // What it is in the midst of is not known: its memory stays as it is.
            // SAFETY: as above; nobody enters a broken machine.
            std::mem::forget(unsafe { &mut *self.machine.get() }.take());
            self.handles.forget_values();
            return Err(Closed::Broken);
        }
        self.gate.set(Gate::Open);
        self.drop_remains();
        if self.is_dismissed.get() {
            self.dismiss();
        }
        result.map_err(|_| Closed::Broken)
    }

    /// From a native of the embedder's, whose machine this is: runs code of the embedder's, which may enter the machine.
    pub fn leave<R>(&self, vm: &mut Vm, run: impl FnOnce() -> R) -> R {
        assert!(Rc::ptr_eq(&vm.handles, &self.handles), "the machine's own keeper");
        let _set_back = SetBack(&self.gate, self.gate.replace(Gate::Inside(&raw mut *vm)));
        self.drop_remains();
        run()
    }

    /// The embedder is done with the machine: it ends, as programs end, now or as soon as nothing of it runs.
    pub fn dismiss(&self) {
        self.is_dismissed.set(true);
        if !matches!(self.gate.get(), Gate::Open) {
            return;
        }
        let anchor = 0usize;
        let stack = stack_below(&raw const anchor as usize);
        self.gate.set(Gate::Shut);
        // SAFETY: the gate was open, as in `enter_outermost`.
        let machine = unsafe { &mut *self.machine.get() };
        if let (Some(machine), Some((base, bytes))) = (machine.as_mut(), stack) {
            machine.vm().set_native_stack(base, bytes);
            machine.vm().limit_last_moment();
            run_below(|| machine.finalize());
        }
        // It dies in a local: what it drops finds it gone.
        let machine = machine.take();
        self.gate.set(Gate::Gone);
        self.handles.forget_values();
        drop(machine);
        self.drop_remains();
    }

    /// Takes what a dead object has owned.
    pub fn bury(&self, remains: Rc<dyn Any>) {
        self.remains.borrow_mut().push(remains);
    }

    /// Dropping may run code of the embedder's, which may enter the machine, and bury more.
    fn drop_remains(&self) {
        loop {
            let remains = std::mem::take(&mut *self.remains.borrow_mut());
            if remains.is_empty() {
                return;
            }
            // A panic there is the embedder's; it has been reported.
            _ = catch_unwind(AssertUnwindSafe(|| drop(remains)));
        }
    }

    /// Is the machine gone, or broken?
    pub fn is_over(&self) -> bool {
        matches!(self.gate.get(), Gate::Gone | Gate::Broken)
    }
}

/// Runs something in a frame of its own, below the caller's.
#[inline(never)]
fn run_below<R>(run: impl FnOnce() -> R) -> R {
    run()
}

/// What a machine is told of the native stack, for values below an address in the caller's frame.
fn stack_below(anchor: usize) -> Option<(usize, usize)> {
    let lowest = stack_of_thread().start + MARGIN_BYTES;
    let base = anchor.next_multiple_of(16);
    let left = native_stack_pointer().checked_sub(lowest)?;
    (left >= MIN_STACK_BYTES).then(|| (base, (base - lowest).min(NATIVE_STACK_BYTES)))
}
