//! The direct subclasses of classes, which a class does not keep alive.

use super::class::class_ref;
use super::layout::TypeObject;
use crate::value::Value;
use crate::vm::Vm;

/// Owned by its class; null stands for a class that died.
#[derive(Default)]
pub struct Subclasses {
    classes: Vec<*mut TypeObject>,
}

/// The next direct subclass at or behind a place, which is moved behind it. What is done meanwhile moves none to another place.
pub fn next_subclass(class: *mut TypeObject, place: &mut usize) -> Option<*mut TypeObject> {
    let subclasses = class_ref(class).subclasses;
    if subclasses.is_null() {
        return None;
    }
    // SAFETY: a live class owns its list.
    let classes = unsafe { &(*subclasses).classes };
    let found = classes.iter().skip(*place).position(|subclass| !subclass.is_null())?;
    *place += found + 1;
    Some(classes[*place - 1])
}

impl Vm {
    pub(super) fn add_subclass(&mut self, base: *mut TypeObject, class: *mut TypeObject) {
        let base = class_ref(base);
        if base.subclasses.is_null() {
            base.subclasses = Box::into_raw(Box::default());
            self.heap.register_finalizable(std::ptr::from_mut(base).cast());
        }
        // SAFETY: a live class owns its list.
        let classes = unsafe { &mut (*base.subclasses).classes };
        if classes.len() == classes.capacity() {
            classes.retain(|subclass| !subclass.is_null());
        }
        classes.push(class);
    }

    pub(super) fn remove_subclass(&mut self, base: *mut TypeObject, class: *mut TypeObject) {
        let subclasses = class_ref(base).subclasses;
        if !subclasses.is_null() {
            // SAFETY: a live class owns its list.
            unsafe { (*subclasses).classes.retain(|&subclass| subclass != class) };
        }
    }

    /// After a full collection: forgets the classes that died, and what was kept for their instances.
    pub(crate) fn forget_dead_classes(&mut self) {
        let heap = &self.heap;
        let is_dead = |class: *mut TypeObject| !heap.is_alive(class.cast());
        for &object in heap.finalizable() {
            if self.is_a::<TypeObject>(Value::object(object)) {
                // SAFETY: the layout says that it is a class; one that was registered has the list.
                let classes = unsafe { &mut (*(*object.cast::<TypeObject>()).subclasses).classes };
                classes
                    .iter_mut()
                    .filter(|subclass| !subclass.is_null() && is_dead(**subclass))
                    .for_each(|class| *class = std::ptr::null_mut());
            }
        }
        self.shapes.forget_dead(is_dead);
    }
}
