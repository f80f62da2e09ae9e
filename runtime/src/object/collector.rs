//! What `gc` tells of objects.

use super::argument::This;
use super::class::class_ref;
use super::header::Header;
use super::layout::{TupleObject, TypeObject};
use crate::gc;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

impl Vm {
    /// Can the object be part of a cycle, as CPython sees it?
    pub fn is_tracked(&self, value: Value) -> bool {
        if !value.is_object() {
            return false;
        }
        // SAFETY: a live object.
        let has_values = unsafe { (*value.as_ptr::<Header>()).trace } != 0;
        has_values && (self.exact_spec(value).is_none() || self.is_container(value))
    }

    /// Is an object of a type made in Rust one that may refer to others, which may refer to it?
    fn is_container(&self, value: Value) -> bool {
        if let Some(tuple) = This::<TupleObject>::of(self, value) {
            return tuple.items().iter().any(|item| item.is_object() && !self.spec_of(*item).is_atomic);
        }
        let spec = self.spec_of(value);
        !spec.is_atomic && !spec.is_part
    }

    /// Did its finalizer run?
    pub fn is_finalized(&self, value: Value) -> bool {
        // SAFETY: a live object.
        value.is_object() && unsafe { (*value.as_ptr::<Header>()).gc } & Header::FINALIZED != 0
    }

    /// All live containers.
    pub fn tracked_objects(&mut self) -> Vec<gc::Object> {
        self.collect_garbage(true);
        let mut objects = self.heap.objects();
        objects.retain(|&object| self.is_tracked(Value::object(object)));
        objects
    }

    /// A list of all live containers.
    pub fn list_of_tracked(&mut self) -> PyResult {
        let objects = self.tracked_objects();
        self.list_of_objects(&objects)
    }

    /// A list of objects, which nothing else may keep alive.
    fn list_of_objects(&mut self, objects: &[gc::Object]) -> PyResult {
        self.heap.is_paused = true;
        let list = self.new_list_with_capacity(objects.len());
        self.heap.is_paused = false;
        let list = list?;
        for &object in objects {
            // There is room for it.
            self.list_push(list.as_ptr(), Value::object(object))?;
        }
        Ok(list)
    }

    /// What the objects of a tuple refer to.
    pub fn referents(&mut self, objects: Value) -> PyResult {
        let list = self.new_list(&[])?;
        for &item in self.tuple_items(objects) {
            for child in self.visible_children(item) {
                self.list_push(list.as_ptr(), child)?;
            }
        }
        Ok(list)
    }

    /// The containers that refer to any of the objects of a tuple.
    pub fn referrers(&mut self, objects: Value) -> PyResult {
        let wanted = self.tuple_items(objects);
        let mut found = Vec::new();
        for object in self.tracked_objects() {
            let value = Value::object(object);
            if value != objects && self.visible_children(value).iter().any(|child| wanted.contains(child)) {
                found.push(object);
            }
        }
        self.list_of_objects(&found)
    }

    /// What an object refers to; arrays that hold its parts are seen through.
    fn visible_children(&mut self, value: Value) -> Vec<Value> {
        let mut children = match self.spec_of(value).inherited(|spec| spec.referents) {
            Some(referents) => referents(self, value),
            None => self.other_children(value),
        };
        let class = self.class_of(value);
        if class_ref(class).flags & TypeObject::HEAP != 0 {
            children.push(Value::object(class));
        }
        children
    }

    /// Likewise of one that is no built-in container.
    fn other_children(&mut self, value: Value) -> Vec<Value> {
        let mut children = Vec::new();
        if !value.is_object() {
            return children;
        }
        let mut open = vec![value];
        while let Some(value) = open.pop() {
            for child in self.heap_children(value.as_ptr()) {
                if self.spec_of(child).is_part { open.push(child) } else { children.push(child) }
            }
        }
        children
    }

    fn heap_children(&mut self, object: gc::Object) -> Vec<Value> {
        let mut heap = std::mem::replace(&mut self.heap, gc::Heap::new(gc::HeapConfig::default()));
        let children = heap.referents(object, self);
        self.heap = heap;
        children.into_iter().map(|child| Value::object(child)).collect()
    }
}
