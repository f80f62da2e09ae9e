//! What the collector asks of a machine: its roots, what dead objects are, what they leave behind.

use super::Vm;
use crate::gc::{Object, RootSource, Stack};
use crate::interp::frame::Frame;
use crate::object::layout::GeneratorObject;
use crate::thread::Thread;
use crate::value::Value;

impl RootSource for Vm {
    fn visit_roots(&self, all: bool, visit: &mut dyn FnMut(usize)) {
        let singles =
            [self.empty_tuple, self.empty_array, self.ellipsis, self.not_implemented, self.builtins, self.modules];
        self.exit_functions.iter().flatten().for_each(|value| visit(value.0 as usize));
        singles.iter().chain(&self.quantifiers).chain(&self.roots).for_each(|value| visit(value.0 as usize));
        self.frame_objects.iter().for_each(|live| visit(live.object.0 as usize));
        // Interned strings and classes of shapes stay for good.
        if all {
            self.characters.iter().for_each(|value| visit(value.0 as usize));
            self.interner.values().for_each(|value| visit(value.0 as usize));
            self.shapes.permanent_classes().for_each(|class| visit(class as usize));
        } else {
            self.interner.young().for_each(|value| visit(value.0 as usize));
            self.shapes.young_classes().for_each(|class| visit(class as usize));
        }
        self.thread.visit_roots(visit);
        self.threads.visit_roots(visit);
        for state in self.module_states.values() {
            state.visit(&mut |value| visit(value.0 as usize));
        }
        self.watchers.visit_roots(&mut |value| visit(value.0 as usize));
        self.jit.visit_roots(all, visit);
        self.handles.visit(visit);
    }

    fn running_stack(&self) -> Stack {
        Stack {
            words: self.thread.scanned_from..self.thread.stack_base(),
            dead: self.thread.dead_stack(self.jit.max_homes),
        }
    }

    fn parked_stacks(&self) -> Vec<Stack> {
        let stack =
            |thread: &Thread| Stack { words: thread.parked_stack(), dead: thread.dead_stack(self.jit.max_homes) };
        self.threads.parked().iter().map(stack).collect()
    }

    fn visit_generator(&self, object: Object, size_bytes: usize, visit: &mut dyn FnMut(usize)) {
        let generator = object.cast::<GeneratorObject>();
        // SAFETY: the header says that it is a generator; its slots were initialized when it was made.
        unsafe {
            let frame = &raw mut (*generator).frame;
            let generator = &*generator;
            for value in [
                generator.name,
                generator.qualname,
                generator.handled,
                generator.caller_handled,
                generator.frame_object,
                generator.origin,
            ] {
                visit(value.0 as usize);
            }
            for value in [
                (*frame).function,
                (*frame).globals,
                (*frame).builtins,
                (*frame).locals,
                Value::object((*frame).code_object),
            ] {
                visit(value.0 as usize);
            }
            let slots = (size_bytes - size_of::<GeneratorObject>()) / 8;
            for i in 0..slots {
                visit((*Frame::slot(frame, i)).0 as usize);
            }
        }
    }

    fn n_shapes(&self) -> usize {
        self.shapes.count()
    }

    fn class_of_shape(&self, shape: usize) -> Object {
        self.shapes.get(shape as u32).class.cast()
    }

    fn n_keyed(&self) -> usize {
        self.jit.executors.len()
    }

    fn key(&self, index: usize) -> Option<Object> {
        self.jit.key(index)
    }

    fn visit_keyed(&self, index: usize, visit: &mut dyn FnMut(Value)) {
        self.jit.visit_kept(index, visit);
    }

    fn is_container(&self, object: Object) -> bool {
        self.is_tracked(Value::object(object))
    }

    fn wants_finalizing(&self, object: Object) -> bool {
        self.has_something_to_finalize(object)
    }

    fn finalize(&self, object: Object) {
        // SAFETY: the object is dead but whole; what it owns outside the heap is its alone.
        unsafe {
            let shape = self.shapes.get((*object).shape);
            if let Some(finalize) = (*(*shape.class).spec).layout.and_then(|layout| layout.finalize) {
                finalize(object);
            }
            if let Some(free) = shape.layout.free() {
                free(object);
            }
        }
    }
}
