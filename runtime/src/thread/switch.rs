//! Stepping aside and coming back.

use super::lock::{Pending, VmLock};
use super::{Thread, ThreadId, Threads};
use crate::gc;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use std::hint::black_box;
use std::sync::Arc;

/// Under stress, threads change over at every so manieth poll.
const STRESS_POLLS: u64 = 16;

/// A thread that has stepped aside. It comes back as this is dropped.
struct Aside<'v> {
    vm: &'v mut Vm,
    id: Arc<ThreadId>,
    lock: Arc<VmLock>,
    pending: Pending,
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
        self.thread = *parked;
        if self.waits_for_poll() {
            self.request_pending();
        }
    }

    /// Is there something that other threads' polls have left to this one?
    fn waits_for_poll(&self) -> bool {
        (self.is_main_thread() && self.signals.has_interrupt())
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
        // They hold what they held when the process was copied, but do not exist.
        for thread in std::mem::take(&mut self.threads.parked) {
            drop(thread);
        }
        let interval = self.threads.switch_interval();
        self.threads = Threads::new();
        self.threads.set_switch_interval(interval);
        self.thread.id = Some(Arc::new(ThreadId::new(0, self.threads.main_ident, true)));
    }

    /// Calls `visit` with the handle and the running frame of every thread that has one.
    pub fn each_thread_frame(&mut self, mut visit: impl FnMut(&mut Vm, i64, Value) -> PyResult<()>) -> PyResult<()> {
        let mut at = 0;
        while at < self.threads.parked.len() {
            let ident = self.threads.parked[at].id.as_ref().map(|id| id.ident);
            if let Some(ident) = ident.filter(|_| self.threads.parked[at].is_under_way()) {
                self.exchange_place(at);
                let frame = self.frame_object(0);
                self.exchange_place(at);
                visit(self, ident, frame?)?;
            }
            at += 1;
        }
        if self.thread.is_under_way() {
            let frame = self.frame_object(0)?;
            visit(self, self.thread_ident(), frame)?;
        }
        Ok(())
    }

    /// Exchanges where the running thread stands and where a parked one does.
    fn exchange_place(&mut self, at: usize) {
        let (own, other): (&mut Thread, &mut Thread) = (&mut self.thread, &mut self.threads.parked[at]);
        std::mem::swap(&mut own.frame, &mut other.frame);
        std::mem::swap(&mut own.runs, &mut other.runs);
        std::mem::swap(&mut own.current_executor, &mut other.current_executor);
        std::mem::swap(&mut own.exit_index, &mut other.exit_index);
    }

    /// For every thread its handle and the exception that it handles, or None.
    pub fn thread_exceptions(&self) -> Vec<(i64, Value)> {
        let parked = self.threads.parked.iter().map(|thread| &**thread);
        let threads = parked.chain([&self.thread]).filter(|thread| thread.is_under_way());
        threads.filter_map(|thread| Some((thread.id.as_ref()?.ident, thread.handled))).collect()
    }

    /// Has a thread raise an exception at its next poll (unbound: not any more): was there such a thread?
    pub fn send_exception(&mut self, ident: i64, exception: Value) -> bool {
        let parked = self.threads.parked.iter_mut().map(|thread| &mut **thread);
        let found =
            parked.chain([&mut self.thread]).find(|thread| thread.id.as_ref().is_some_and(|id| id.ident == ident));
        let is_found = found.map(|thread| thread.sent_exception = exception).is_some();
        self.request_pending();
        is_found
    }
}

impl<'v> Aside<'v> {
    /// Parks the running thread, whose native stack is to be scanned from here on, and gives its turn to the next.
    fn step(vm: &'v mut Vm, stack_pointer: usize) -> Aside<'v> {
        // A recording is of what one thread does: it is given up.
        vm.jit.abandon_recording();
        vm.thread.parked_at = stack_pointer;
        let id = vm.id().clone();
        let (lock, pending) = (vm.threads.lock.clone(), Pending(&raw const vm.pending));
        let thread = std::mem::replace(&mut vm.thread, Thread::blank());
        vm.threads.parked.push(Box::new(thread));
        lock.hand_over();
        Aside { vm, id, lock, pending }
    }
}

impl Drop for Aside<'_> {
    fn drop(&mut self) {
        self.lock.take(&self.id, self.pending);
        self.vm.come_in(self.id.number);
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
        self.lock.hand_over();
    }
}
