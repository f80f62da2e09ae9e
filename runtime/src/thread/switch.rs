//! Stepping aside and coming back.

use super::lock::{Pending, VmLock};
use super::{Thread, ThreadId, Threads};
use crate::gc;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use std::cell::Cell;
use std::hint::black_box;
use std::sync::Arc;

/// Under stress, threads change over at every so manieth poll.
const STRESS_POLLS: u64 = 16;

/// A thread that has stepped aside. It comes back as this is dropped.
struct Aside {
    /// Others have the VM meanwhile.
    vm: *mut Vm,
    id: Arc<ThreadId>,
    lock: Arc<VmLock>,
    pending: Pending,
    /// Where the part of the native stack ends that is to be scanned.
    stack_pointer: usize,
}

/// A thread that is in code which may call back into the VM.
struct Outside {
    vm: *mut Vm,
    /// Null: it has the lock meanwhile.
    aside: *const Aside,
    /// What it was in before.
    outer: *const Outside,
}

thread_local! {
    /// What the thread is in, innermost first.
    static OUTSIDE: Cell<*const Outside> = const { Cell::new(std::ptr::null()) };
}

impl Vm {
    /// Does what may block while other threads run. `work` must not touch the VM or anything in its heap; a buffer's memory
    /// it may use while the caller holds its export.
    #[inline]
    pub fn allow_threads<R>(&mut self, work: impl FnOnce() -> R) -> R {
        if self.threads.is_alone() {
            return work();
        }
        self.step_aside_for(work)
    }

    #[inline(never)]
    fn step_aside_for<R>(&mut self, work: impl FnOnce() -> R) -> R {
        // Here, where the stack is scanned, lies what the work holds.
        let mut work = Some(work);
        let place = black_box(&mut work);
        gc::with_registers_on_stack(|stack_pointer| {
            let aside = Aside::step(self, stack_pointer);
            let result = place.take().map(|work| work());
            drop(aside);
            result
        })
        .expect("the work was there")
    }

    /// Does what may call back, by `Vm::come_back`; other threads run meanwhile unless the lock is to be kept. `work` must not
    /// touch the VM otherwise.
    pub fn go_outside<R>(&mut self, keeps_lock: bool, work: impl FnOnce() -> R) -> R {
        let vm = std::ptr::from_mut(self);
        if keeps_lock || self.threads.is_alone() {
            return Outside::with(vm, std::ptr::null(), work);
        }
        let mut work = Some(work);
        let place = black_box(&mut work);
        gc::with_registers_on_stack(|stack_pointer| {
            let aside = Aside::step(self, stack_pointer);
            let result = place.take().map(|work| Outside::with(vm, &aside, work));
            drop(aside);
            result
        })
        .expect("the work was there")
    }

    /// The VM that the running thread has gone outside of last.
    pub fn outside() -> Option<*mut Vm> {
        // SAFETY: not null: it lies on this thread's native stack, further out.
        unsafe { OUTSIDE.get().as_ref() }.map(|outside| outside.vm)
    }

    /// Comes back into the VM for a while, from what `go_outside` does on this thread; `None` where the thread is in no such
    /// thing, or in that of another VM.
    pub fn come_back<R>(vm: *mut Vm, work: impl FnOnce(&mut Vm) -> R) -> Option<R> {
        let outside = OUTSIDE.get();
        // SAFETY: not null: it lies on this thread's native stack, further out.
        let outside = unsafe { outside.as_ref() }.filter(|outside| std::ptr::eq(outside.vm, vm))?;
        // SAFETY: as above.
        let aside = unsafe { outside.aside.as_ref() };
        if let Some(aside) = aside {
            aside.enter();
        }
        let outer = OUTSIDE.replace(outside.outer);
        // SAFETY: this thread has the lock, and whoever is further out does not touch the VM until it is back there.
        let result = work(unsafe { &mut *black_box(vm) });
        OUTSIDE.set(outer);
        if let Some(aside) = aside {
            // SAFETY: as above.
            aside.leave(unsafe { &mut *black_box(vm) });
        }
        Some(result)
    }

    /// Has another thread run that has waited for its turn.
    fn give_turn(&mut self) {
        self.allow_threads(|| ());
    }

    /// The part of polls that is about threads.
    pub(crate) fn poll_threads(&mut self) -> PyResult<()> {
        if !self.sent_exception.is_unbound() {
            let exception = std::mem::replace(&mut self.sent_exception, Value::UNBOUND);
            self.exception = exception;
            return Err(Raised);
        }
        if self.threads.is_alone() {
            return Ok(());
        }
        self.threads.n_polls += 1;
        let is_stress = self.jit.config.stress.signals && self.threads.n_polls.is_multiple_of(STRESS_POLLS);
        if is_stress || self.threads.lock.is_wanted() {
            self.give_turn();
        }
        Ok(())
    }

    /// Moves a parked thread's state in: it has the lock.
    fn come_in(&mut self, number: u64) {
        let at = self.threads.parked.iter().position(|thread| thread.number() == Some(number));
        let parked = self.threads.parked.swap_remove(at.expect("a thread that is aside is parked"));
        self.thread = parked;
        if self.waits_for_poll() {
            self.request_pending();
        }
    }

    /// Is there something that other threads' polls have left to this one?
    fn waits_for_poll(&self) -> bool {
        (self.is_main_thread() && self.signals.have_arrived())
            || !self.sent_exception.is_unbound()
            || self.heap.has_farewells()
    }

    /// From now on only this thread runs: the others stay where they stand next.
    pub(crate) fn close_threads(&mut self) {
        if !self.threads.is_closed {
            self.threads.lock.close();
            self.threads.is_closed = true;
        }
    }

    /// In the child of a fork: there is the running thread alone, which is the main one.
    pub fn forget_other_threads(&mut self) {
        let interval = self.threads.switch_interval();
        let mut old = std::mem::replace(&mut self.threads, Threads::new());
        self.threads.set_switch_interval(interval);
        self.threads.next_number = old.next_number;
        self.thread.id = Some(Arc::new(ThreadId::new(self.thread_number(), self.threads.main_ident, true)));
        // What the others were about to do at the end of a block is not for this process to do: what their frames hold stays.
        old.forgotten.append(&mut old.parked);
        for thread in &mut old.forgotten {
            (thread.runs, thread.light) = (std::ptr::null(), std::ptr::null());
        }
        self.threads.forgotten = old.forgotten;
        let places: Vec<_> = self.thread.frames().map(|frame| frame.place()).collect();
        self.frame_objects.retain(|live| places.contains(&live.place));
        self.forget_other_runs();
    }

    /// For every thread its handle and the exception that it handles, or None.
    pub fn thread_exceptions(&self) -> Vec<(i64, Value)> {
        let threads = self.threads.parked.iter().chain([&self.thread]).filter(|thread| thread.is_under_way());
        threads.map(|thread| (thread.ident(), thread.handled)).collect()
    }

    /// Has a thread raise an exception at its next poll (unbound: not any more): was there such a thread?
    pub fn send_exception(&mut self, ident: i64, exception: Value) -> bool {
        let found = self.threads.parked.iter_mut().chain([&mut self.thread]).find(|thread| thread.ident() == ident);
        let is_found = found.map(|thread| thread.sent_exception = exception).is_some();
        self.request_pending();
        is_found
    }
}

impl Outside {
    fn with<R>(vm: *mut Vm, aside: *const Aside, work: impl FnOnce() -> R) -> R {
        let outside = Outside { vm, aside, outer: OUTSIDE.get() };
        OUTSIDE.set(&raw const outside);
        let result = work();
        OUTSIDE.set(outside.outer);
        result
    }
}

impl Aside {
    /// Parks the running thread, whose native stack is to be scanned from here on, and gives its turn to the next.
    fn step(vm: &mut Vm, stack_pointer: usize) -> Aside {
        let id = vm.id().clone();
        let (lock, pending) = (vm.threads.lock.clone(), Pending(&raw const vm.pending));
        let aside = Aside { vm: black_box(std::ptr::from_mut(vm)), id, lock, pending, stack_pointer };
        aside.leave(vm);
        aside
    }

    fn leave(&self, vm: &mut Vm) {
        // A recording is of what one thread does: it is given up.
        vm.jit.abandon_recording();
        vm.thread.parked_at = self.stack_pointer;
        let thread = std::mem::replace(&mut vm.thread, Thread::blank());
        vm.threads.parked.push(thread);
        self.lock.hand_over(&self.id);
    }

    fn enter(&self) {
        self.lock.take(&self.id, self.pending);
        // SAFETY: who made this has the VM to itself, now that the lock is taken again.
        unsafe { (*black_box(self.vm)).come_in(self.id.number) };
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.enter();
    }
}

impl Thread {
    fn is_under_way(&self) -> bool {
        !self.frame.is_null()
    }

    /// The parked thread's native stack: from its lowest word to its end.
    pub(crate) fn parked_stack(&self) -> std::ops::Range<usize> {
        self.parked_at..self.native_stack_base
    }
}

/// Moving a started thread in and out for good.
pub(super) struct Turn {
    pub vm: *mut Vm,
    pub id: Arc<ThreadId>,
    pub lock: Arc<VmLock>,
}

// SAFETY: the VM is used under its lock, and stays as long as threads of it may run.
unsafe impl Send for Turn {}

impl Turn {
    /// Runs a new thread, from its first turn to its end.
    ///
    /// # Safety
    /// The VM has the thread parked, and lives, or has closed its lock.
    pub unsafe fn run(&self, native_stack_base: usize, stack_bytes: usize, body: impl FnOnce(&mut Vm)) {
        // SAFETY: the address of a field of a VM that was alive when the thread was started is all that is made here.
        let pending = Pending(unsafe { &raw const (*self.vm).pending });
        self.lock.take(&self.id, pending);
        // SAFETY: the lock is had: nobody else uses the VM, which is alive.
        let vm = unsafe { &mut *self.vm };
        vm.come_in(self.id.number);
        vm.set_native_stack(native_stack_base, stack_bytes);
        body(vm);
        vm.jit.abandon_recording();
        drop(std::mem::replace(&mut vm.thread, Thread::blank()));
        self.lock.hand_over(&self.id);
    }
}
