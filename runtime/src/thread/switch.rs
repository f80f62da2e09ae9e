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
struct Aside {
    /// Others have the VM meanwhile.
    vm: *mut Vm,
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

impl Aside {
    /// Parks the running thread, whose native stack is to be scanned from here on, and gives its turn to the next.
    fn step(vm: &mut Vm, stack_pointer: usize) -> Aside {
        // A recording is of what one thread does: it is given up.
        vm.jit.abandon_recording();
        vm.thread.parked_at = stack_pointer;
        let id = vm.id().clone();
        let (lock, pending) = (vm.threads.lock.clone(), Pending(&raw const vm.pending));
        let thread = std::mem::replace(&mut vm.thread, Thread::blank());
        vm.threads.parked.push(thread);
        lock.hand_over();
        Aside { vm: black_box(vm), id, lock, pending }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.lock.take(&self.id, self.pending);
        // SAFETY: who made this has the VM to itself, now that the lock is taken again.
        unsafe { (*black_box(self.vm)).come_in(self.id.number) };
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
