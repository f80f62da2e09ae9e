//! Starting threads.

use super::switch::Turn;
use super::{Thread, ThreadId};
use crate::gc;
use crate::value::Value;
use crate::vm::Vm;
use std::io;
use std::os::unix::thread::JoinHandleExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};

/// Native stack of a thread, unless the program says otherwise. It is mapped as it is used.
const STACK_BYTES: usize = 16 << 20;
/// The least that a program may ask for, and what each thread's stack is larger than asked for.
pub const MIN_STACK_BYTES: usize = 32 << 10;
const EXTRA_STACK_BYTES: usize = 1 << 20;
/// What lies above the frames that may hold values.
const OUTERMOST_FRAMES: usize = 64 << 10;

impl Vm {
    /// Starts a thread that runs `body` with `argument`; gives its handle. `stack_bytes`: of its native stack, 0: as usual.
    pub fn start_thread(&mut self, body: fn(&mut Vm, Value), argument: Value, stack_bytes: usize) -> io::Result<i64> {
        let mut thread = Thread::new().filter(|_| !self.threads.is_closed).ok_or(io::ErrorKind::OutOfMemory)?;
        thread.argument = argument;
        let usable = if stack_bytes == 0 { STACK_BYTES } else { stack_bytes.max(MIN_STACK_BYTES) };
        let stack_bytes = usable.saturating_add(EXTRA_STACK_BYTES);
        let number = self.threads.next_number;
        self.threads.next_number += 1;
        let (lock, vm) = (self.threads.lock.clone(), std::ptr::from_mut(self));
        let (sender, receiver) = mpsc::channel::<Turn>();
        let started = std::thread::Builder::new().stack_size(stack_bytes).spawn(move || {
            // Whoever starts a thread and then fails sends nothing.
            if let Ok(turn) = receiver.recv() {
                run(&turn, usable, body);
            }
        })?;
        let id = Arc::new(ThreadId::new(number, started.as_pthread_t() as i64, false));
        let ident = id.ident;
        thread.id = Some(id.clone());
        self.threads.parked.push(thread);
        // The thread waits for it.
        _ = sender.send(Turn { vm, id, lock });
        Ok(ident)
    }
}

/// The outermost function of a thread that touches the VM.
#[inline(never)]
fn run(turn: &Turn, usable: usize, body: fn(&mut Vm, Value)) {
    let anchor = 0u8;
    let base = (std::hint::black_box(&raw const anchor) as usize).next_multiple_of(16);
    let usable = usable + EXTRA_STACK_BYTES - OUTERMOST_FRAMES;
    // SAFETY: the starter has parked the thread; the VM stays as long as its threads run.
    unsafe { turn.run(base, usable, |vm| run_body(vm, body)) };
}

/// In a frame of its own, below the base of what is scanned.
#[inline(never)]
fn run_body(vm: &mut Vm, body: fn(&mut Vm, Value)) {
    let argument = vm.argument;
    let run = AssertUnwindSafe(|| body(vm, argument));
    if catch_unwind(run).is_err() {
        vm.out.write(2, b"SystemError: stitch failed in a thread\n");
    }
    if !vm.trace.is_unbound() || !vm.profile.is_unbound() {
        vm.set_trace(Value::UNBOUND);
        vm.set_profile(Value::UNBOUND);
    }
    gc::clear_dead_stack();
}
