//! What the collector asks of a machine: its roots, what dead objects are, what they leave behind.

use super::Vm;
use crate::gc::{Object, RootSource};
use crate::interp::frame::Frame;
use crate::object::layout::GeneratorObject;
use crate::value::Value;
use std::ops::Range;

impl RootSource for Vm {
    fn visit_roots(&self, all: bool, visit: &mut dyn FnMut(usize)) {
        let singles = [
            self.result,
            self.exception,
            self.handled,
            self.empty_tuple,
            self.empty_array,
            self.ellipsis,
            self.not_implemented,
            self.builtins,
            self.modules,
        ];
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
        let mut at = self.data_base;
        while at < self.data_top {
            // SAFETY: below `data_top` the data stack is in use.
            visit(unsafe { *at }.0 as usize);
            at = at.wrapping_add(1);
        }
        let mut frame = self.frame;
        while !frame.is_null() {
            // SAFETY: linked frames are live. A running generator's slots are written without barriers, so they are roots
            // of their own: an old generator would not be traced.
            unsafe {
                if !(*frame).generator.is_null() {
                    visit((*frame).generator as usize);
                    for slot in 0..(*(*frame).code).frame_slots() {
                        visit((*Frame::slot(frame, slot)).0 as usize);
                    }
                }
                frame = (*frame).previous;
            }
        }
        for state in self.module_states.values() {
            state.visit(&mut |value| visit(value.0 as usize));
        }
        self.jit.visit_roots(visit);
    }

    fn stack_base(&self) -> usize {
        self.native_stack_base
    }

    fn dead_stack(&self) -> Vec<Range<usize>> {
        let mut dead = Vec::new();
        let mut run = self.runs;
        while !run.is_null() {
            // SAFETY: runs are linked as long as they are under way.
            unsafe {
                let homes = (*run).homes as usize;
                dead.push(homes + 8 * self.jit.max_homes..homes + 8 * crate::backend::MAX_HOMES);
                run = (*run).outer;
            }
        }
        dead
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
