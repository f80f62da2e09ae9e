//! Finalizers and callbacks of what died: run at polls, errors told to `sys.unraisablehook`.

use super::argument::This;
use super::class::class_ref;
use super::layout::{GeneratorObject, GeneratorState, TypeObject};
use crate::bytecode::Opcode;
use crate::gc::{self, Farewell, WeakReference};
use crate::interp::code::{CO_ASYNC_GENERATOR, CO_COROUTINE, CO_GENERATOR, Code};
use crate::object::typed::AsyncGenerator;
use crate::object::typed::Coroutine;
use crate::thread::BareStack;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::sync::atomic::Ordering;

/// So often an explicit collection looks again for what finalizers have let go of.
const MAX_ROUNDS: usize = 8;

impl Vm {
    /// Has a new object of `class` finalized when it dies, if its class wants that.
    #[inline(always)]
    pub(crate) fn note_finalizer(&mut self, class: *mut TypeObject, object: Value) {
        if class_ref(class).slots.finalize.is_some() {
            self.heap.register_finalizer(object.as_ptr());
        }
    }

    /// A class was given a finalizer: its instances that are there already have one, too.
    pub(super) fn note_finalizer_of_all(&mut self, class: *mut TypeObject) {
        self.collect_garbage(true);
        for object in self.heap.objects() {
            if self.is_instance(Value::object(object), class) {
                self.heap.register_finalizer(object);
            }
        }
    }

    /// Runs what a collection has queued. What polls while it runs does not run more of it.
    pub fn run_farewells(&mut self) {
        if self.is_in_farewell || !self.heap.has_farewells() {
            return;
        }
        self.is_in_farewell = true;
        let (result, exception) = (self.result, std::mem::replace(&mut self.exception, Value::UNBOUND));
        // Seen by the collector: on the native stack.
        let kept = std::hint::black_box([result, exception]);
        while let Some(farewell) = self.heap.next_farewell() {
            self.run_farewell(farewell);
        }
        [self.result, self.exception] = *std::hint::black_box(&kept);
        self.is_in_farewell = false;
        self.answer_deferred_signals();
    }

    fn run_farewell(&mut self, farewell: Farewell) {
        match farewell {
            Farewell::Finalize(object) => {
                let value = Value::object(object);
                self.heap.note_finalized(object);
                if let Some(finalize) = self.slots_of(value).finalize
                    && finalize(self, value).is_err()
                {
                    let method = self.lookup_special(value, self.names.__del__).unwrap_or(Value::NONE);
                    let message =
                        format!("Exception ignored while calling deallocator {}", self.repr_or_unknown(method));
                    self.write_unraisable(&message, Value::NONE);
                }
            }
            Farewell::Callback(reference) => {
                // SAFETY: a weak reference, which the queue has kept alive.
                let callback = unsafe { (*reference.cast::<WeakReference>()).callback };
                if self.call(callback, &[Value::object(reference)]).is_err() {
                    let message =
                        format!("Exception ignored while calling weakref callback {}", self.repr_or_unknown(callback));
                    self.write_unraisable(&message, Value::NONE);
                }
            }
        }
    }

    /// A text for a value in a message about an exception, which stays pending.
    pub fn repr_or_unknown(&mut self, value: Value) -> String {
        let exception = std::mem::replace(&mut self.exception, Value::UNBOUND);
        let text = match self.repr(value) {
            Ok(shown) => self.string_of(shown),
            Err(_) => "<object repr() failed>".to_string(),
        };
        self.exception = exception;
        text
    }

    /// What a generator does when it dies: it is closed. A coroutine that never ran is told of.
    pub(crate) fn finalize_generator(&mut self, generator: Value) -> PyResult<()> {
        let object = generator.as_ptr::<GeneratorObject>();
        // SAFETY: the slot of generators is called with them.
        let state = unsafe { (*object).state };
        if state == GeneratorState::Created && self.is_exactly::<Coroutine>(generator) {
            if self.warn_of_unawaited(generator).is_err() {
                self.write_unraisable("Exception ignored while finalizing coroutine", generator);
            }
            return Ok(());
        }
        if self.is_exactly::<AsyncGenerator>(generator)
            && let Some(outcome) = self.hand_to_finalizer(generator)
        {
            return outcome;
        }
        if self.generator_close(generator).is_err() {
            let kind = if self.is_exactly::<Coroutine>(generator) { "coroutine" } else { "generator" };
            let message = format!("Exception ignored while closing {kind} {}", self.repr_or_unknown(generator));
            self.write_unraisable(&message, Value::NONE);
        }
        Ok(())
    }

    /// A fresh generator is dropped by the instruction that comes next, so that nobody will refer to it.
    pub(crate) fn generator_dropped(&mut self, generator: Value) {
        if self.has_something_to_finalize(generator.as_ptr()) {
            if self.warn_of_unawaited(generator).is_err() {
                self.write_unraisable("Exception ignored while finalizing coroutine", generator);
            }
            This::<GeneratorObject>::expect(self, generator).state = GeneratorState::Finished;
        }
    }

    /// Is a dead object that was registered to be finalized to be?
    pub(crate) fn has_something_to_finalize(&self, object: gc::Object) -> bool {
        let value = Value::object(object);
        match This::<GeneratorObject>::of(self, value) {
            Some(coroutine) if self.is_exactly::<Coroutine>(value) => coroutine.state != GeneratorState::Finished,
            Some(generator) => generator.state == GeneratorState::Suspended,
            None => self.slots_of(value).finalize.is_some(),
        }
    }

    /// A collection, with the finalizers and callbacks of what it finds dead.
    pub fn collect_now(&mut self, full: bool) {
        self.collect_on(BareStack::default(), full);
    }

    /// For natives that are `outside_traces`, the first thing that they do: was this one called by tier 1?
    pub fn take_bare_stack(&mut self) -> BareStack {
        std::mem::take(&mut self.thread.bare_stack)
    }

    /// As `collect_now`, for a native that took `stack` and has no values of its own.
    pub fn collect_on(&mut self, stack: BareStack, full: bool) {
        self.collect_in_rounds(stack, full, |_| {}, |_| {});
    }

    /// As `collect_on`, of everything: how many containers died that were in cycles, or hung on them. Where there is a list to keep
    /// them in, they live on.
    pub fn collect_cycles_on(&mut self, stack: BareStack, kept: Option<Value>) -> usize {
        let mut n_found = 0;
        let ask = |vm: &mut Vm| vm.heap.ask_for_cycles(kept.is_some());
        self.collect_in_rounds(stack, true, ask, |vm| {
            let found = vm.heap.take_cycles();
            n_found += found.len();
            if let Some(list) = kept {
                vm.heap.is_paused = true;
                // Where there is no memory for that, they go.
                let is_full =
                    found.into_iter().any(|object| vm.list_push(list.as_ptr(), Value::object(object)).is_err());
                vm.heap.is_paused = false;
                if is_full {
                    vm.clear_exception();
                }
            }
        });
        n_found
    }

    fn collect_in_rounds(
        &mut self,
        stack: BareStack,
        full: bool,
        mut before: impl FnMut(&mut Vm),
        mut after: impl FnMut(&mut Vm),
    ) {
        for _ in 0..MAX_ROUNDS {
            self.clear_dead_operands();
            gc::clear_dead_stack();
            before(self);
            self.thread.scanned_from = stack.0;
            self.collect_garbage(full);
            self.thread.scanned_from = 0;
            after(self);
            if !self.heap.has_finalizers_queued() || self.is_in_farewell {
                break;
            }
            self.run_farewells();
        }
        self.run_farewells();
    }

    /// Calls what was registered for the end of the program, the latest first.
    pub fn run_exit_functions(&mut self) {
        while let Some([function, arguments, keywords]) = self.exit_functions.pop() {
            if self.call_expanded(function, arguments, keywords).is_err() {
                let message = format!("Exception ignored in atexit callback {}", self.repr_or_unknown(function));
                self.write_unraisable(&message, Value::NONE);
            }
        }
    }

    /// Has the threads end that the end of the program waits for.
    fn wait_for_threads(&mut self) {
        let (threading, shutdown) = (self.intern("threading"), self.intern("_shutdown"));
        if let Some(threading) = self.dict_get_name(self.modules, threading)
            && self.call_method(threading, shutdown, &[]).is_err()
        {
            self.write_unraisable("Exception ignored on threading shutdown", threading);
        }
    }

    /// At the end of a program: threads that are waited for end, what was registered is called, and the threads that are left
    /// stay where they are. Everything that is left is finalized, what modules hold as they go first. False: something that was
    /// written to a standard stream does not get where it is to go.
    pub fn finalize_everything(&mut self) -> bool {
        self.clear_exception();
        self.wait_for_threads();
        self.run_exit_functions();
        let is_written = self.flush_standard_streams();
        self.close_threads();
        self.is_finalizing = true;
        if self.heap.expects_farewells() {
            self.finalize_what_is_left();
            // Finalizers may have written more. Of what could not be written the program was told.
            return is_written && self.flush_standard_streams();
        }
        is_written
    }

    fn finalize_what_is_left(&mut self) {
        self.handled = Value::NONE;
        self.forget_modules();
        self.collect_now(true);
        self.heap.finalize_all();
        self.run_farewells();
        self.clear_exception();
    }

    /// Takes all modules but the VM's own out of `sys.modules`.
    fn forget_modules(&mut self) {
        let names = ["builtins", "sys"].map(|name| self.intern(name));
        let modules = self.modules;
        let kept = names.map(|name| self.dict_get_name(modules, name).unwrap_or(Value::NONE));
        self.dict_clear(modules);
        for (name, module) in names.into_iter().zip(kept) {
            self.dict_set_name(modules, name, module);
        }
    }

    pub(crate) fn request_farewells(&self) {
        if self.heap.has_farewells() {
            self.pending.store(1, Ordering::Release);
        }
    }
}

impl Code {
    /// Is something to be done when a generator of this code dies before it is finished? There is where a `yield` or `await` is in
    /// a `try` or `with`. A coroutine is told of that was never awaited: one that is awaited as it is made cannot be that.
    pub fn is_finalized(&self, is_awaited: bool) -> bool {
        self.yields_in_try || (self.flags & CO_COROUTINE != 0 && !is_awaited)
    }

    /// Does it wait anywhere inside of a `try` or `with`?
    pub(crate) fn finds_yields_in_try(&self) -> bool {
        if self.flags & (CO_GENERATOR | CO_ASYNC_GENERATOR | CO_COROUTINE) == 0 {
            return false;
        }
        let op_at = |index: u32| self.original.get(index as usize).map(|instruction| instruction.opcode);
        let handler_of =
            |index: u32| self.handlers.iter().find(|handler| (handler.start..handler.end).contains(&index));
        let yields = (0..self.original.len() as u32).filter(|&index| op_at(index) == Some(Opcode::YieldValue));
        yields.into_iter().any(|index| {
            let mut handler = handler_of(index);
            // Delegation has a handler of its own, inside of what surrounds it; the whole of a generator has one, too.
            if handler.is_some_and(|handler| op_at(handler.target) == Some(Opcode::CleanupThrow)) {
                handler = handler_of(handler.map_or(0, |handler| handler.target));
            }
            handler.is_some_and(|handler| op_at(handler.target) != Some(Opcode::CallIntrinsic1))
        })
    }
}
