//! What happens as objects die that have a say in it: finalizers, and weak references to them.
//!
//! ```text
//!   mark ──► resurrect: dead objects that want to be finalized, and all they refer to, live on until they were
//!        ──► clear the weak references to what is dead
//!        ──► queue finalizers and callbacks, for the next poll
//! ```
//!
//! A finalizer runs once (`Header::FINALIZED`), those of objects that refer to others before those of the others. While it runs,
//! weak references to its object still work: they are cleared by the collection that finds it dead for good.

use super::Object;
use super::heap::{Heap, RootSource};
use crate::object::header::Header;
use crate::value::Value;
use hashbrown::HashMap;
use smallvec::SmallVec;
use std::collections::VecDeque;

/// A weak reference, and what begins with one.
#[repr(C)]
pub struct WeakReference {
    pub header: Header,
    /// What is called when the referent is dead, or None.
    pub callback: Value,
    /// An address that the collector does not follow; 0: the referent is dead.
    pub referent: usize,
    /// The referent's hash, once it was asked for.
    pub hash: i64,
    pub has_hash: bool,
}

/// What is to be done for something that died.
#[derive(Clone, Copy, Debug)]
pub enum Farewell {
    /// The object's finalizer runs.
    Finalize(Object),
    /// The weak reference's callback is called.
    Callback(Object),
}

impl Farewell {
    fn object(self) -> Object {
        match self {
            Farewell::Finalize(object) | Farewell::Callback(object) => object,
        }
    }
}

/// Objects with finalizers, weak references, and what waits to be run.
#[derive(Default)]
pub struct Farewells {
    /// Objects to be finalized; the first `n_old_objects` are old.
    objects: Vec<Object>,
    n_old_objects: usize,
    /// All weak references whose referents lived at the last collection; the first `n_old_references` are old, and so are the
    /// referents of these, which were there before them.
    references: Vec<Object>,
    n_old_references: usize,
    /// The weak references to each referent, in the order of their making.
    by_referent: HashMap<usize, SmallVec<[Object; 1]>>,
    queue: VecDeque<Farewell>,
}

/// A step of going through what dead objects refer to.
enum Step {
    Enter(Object),
    /// All that the object refers to was gone through; its place among the dead.
    Leave(usize),
}

impl Heap {
    /// Has the object finalized when it dies.
    pub fn register_finalizer(&mut self, object: Object) {
        // SAFETY: callers pass a live object.
        let header = unsafe { &mut *object };
        if header.gc & (Header::FINALIZABLE | Header::FINALIZED) == 0 {
            header.gc |= Header::FINALIZABLE;
            self.farewells.objects.push(object);
        }
    }

    /// Has the weak reference cleared when its referent dies.
    pub fn register_weak_reference(&mut self, reference: Object) {
        // SAFETY: callers pass a weak reference that was just made.
        let referent = unsafe { (*reference.cast::<WeakReference>()).referent };
        self.farewells.references.push(reference);
        self.farewells.by_referent.entry(referent).or_default().push(reference);
    }

    /// The weak references to an object, in the order of their making.
    pub fn weak_references(&self, referent: Object) -> &[Object] {
        self.farewells.by_referent.get(&(referent as usize)).map_or(&[], |list| list)
    }

    /// The next thing to be done for what died.
    pub fn next_farewell(&mut self) -> Option<Farewell> {
        self.farewells.queue.pop_front()
    }

    pub fn has_farewells(&self) -> bool {
        !self.farewells.queue.is_empty()
    }

    /// Does a finalizer wait to be run, which may let go of more objects?
    pub fn has_finalizers_queued(&self) -> bool {
        self.farewells.queue.iter().any(|farewell| matches!(farewell, Farewell::Finalize(_)))
    }

    /// The object's finalizer never runs.
    pub fn forget_finalizer(&mut self, object: Object) {
        self.note_finalized(object);
        let farewells = &mut self.farewells;
        if let Some(place) = farewells.objects.iter().position(|&other| other == object) {
            farewells.objects.remove(place);
            farewells.n_old_objects -= usize::from(place < farewells.n_old_objects);
        }
    }

    /// The object's finalizer is about to run.
    pub fn note_finalized(&mut self, object: Object) {
        // SAFETY: callers pass a live object.
        let header = unsafe { &mut *object };
        header.gc = header.gc & !Header::FINALIZABLE | Header::FINALIZED;
    }

    /// Is anything to be done when objects die?
    pub fn expects_farewells(&self) -> bool {
        !(self.farewells.objects.is_empty() && self.farewells.references.is_empty() && self.farewells.queue.is_empty())
    }

    /// Has every object that still waits for its finalizer finalized although it lives, as at the end of the VM.
    pub fn finalize_all(&mut self) {
        let objects = std::mem::take(&mut self.farewells.objects);
        self.farewells.n_old_objects = 0;
        self.farewells.queue.extend(objects.into_iter().map(Farewell::Finalize));
    }

    /// What waits to be run is alive.
    pub(super) fn mark_farewells(&mut self) {
        for index in 0..self.farewells.queue.len() {
            let object = self.farewells.queue[index].object();
            self.mark(object);
        }
    }

    /// Marks what is dead and wants to be finalized, with all it refers to, and queues it.
    pub(super) fn resurrect_finalizable(&mut self, roots: &dyn RootSource, full: bool) {
        let first = if full { 0 } else { self.farewells.n_old_objects };
        if self.farewells.objects.len() == first {
            return;
        }
        let mut objects = std::mem::take(&mut self.farewells.objects);
        let (mut dead, mut content) = (Vec::new(), Vec::new());
        let mut n_alive = first;
        for index in first..objects.len() {
            let object = objects[index];
            if self.is_marked(object) {
                objects[n_alive] = object;
                n_alive += 1;
            } else if roots.wants_finalizing(object) {
                dead.push(object);
            } else {
                content.push(object);
            }
        }
        objects.truncate(n_alive);
        if !dead.is_empty() {
            let order = self.mark_in_order(roots, &dead);
            self.farewells.queue.extend(order.into_iter().map(|place| Farewell::Finalize(dead[place])));
            // Others may be brought back with them, and want it yet.
            objects.extend(content.into_iter().filter(|&object| self.is_marked(object)));
        }
        self.farewells.n_old_objects = objects.len();
        self.farewells.objects = objects;
    }

    /// Marks dead objects and what they refer to. Gives the order to finalize them in, as places: who refers to others comes
    /// first, and of what is left open the oldest.
    fn mark_in_order(&mut self, roots: &dyn RootSource, dead: &[Object]) -> Vec<usize> {
        let places: HashMap<Object, usize> = dead.iter().enumerate().map(|(place, &object)| (object, place)).collect();
        let mut is_open = vec![false; dead.len()];
        let (mut left, mut steps, mut children) = (Vec::with_capacity(dead.len()), Vec::new(), Vec::new());
        for &start in dead.iter().rev() {
            let n_before = left.len();
            let mut is_cyclic = false;
            steps.push(Step::Enter(start));
            while let Some(step) = steps.pop() {
                let object = match step {
                    Step::Enter(object) => object,
                    Step::Leave(place) => {
                        is_open[place] = false;
                        left.push(place);
                        continue;
                    }
                };
                let place = places.get(&object).copied();
                if self.is_marked(object) {
                    is_cyclic |= place.is_some_and(|place| is_open[place]);
                    continue;
                }
                self.mark(object);
                self.mark_stack.clear();
                if let Some(place) = place {
                    is_open[place] = true;
                    steps.push(Step::Leave(place));
                }
                self.children_of(object, roots, &mut children);
                steps.extend(children.drain(..).map(Step::Enter));
            }
            if is_cyclic {
                left[n_before..].sort_unstable_by(|a, b| b.cmp(a));
            }
        }
        left.reverse();
        left
    }

    /// Clears the weak references to what is dead, queues their callbacks, and forgets those that are dead themselves.
    pub(super) fn clear_weak_references(&mut self, full: bool) {
        let first = if full { 0 } else { self.farewells.n_old_references };
        if self.farewells.references.len() == first {
            return;
        }
        let mut references = std::mem::take(&mut self.farewells.references);
        let mut n_alive = first;
        for index in first..references.len() {
            let reference = references[index];
            // SAFETY: registered weak references are whole, dead ones too until the sweep.
            let referent = unsafe { (*reference.cast::<WeakReference>()).referent };
            if referent == 0 {
                continue;
            }
            if !self.is_marked(referent as Object) {
                self.clear_references_to(referent);
            } else if self.is_marked(reference) {
                references[n_alive] = reference;
                n_alive += 1;
            } else {
                self.forget_reference(reference, referent);
            }
        }
        references.truncate(n_alive);
        self.farewells.references = references;
        self.farewells.n_old_references = n_alive;
    }

    pub(super) fn clear_references_to(&mut self, referent: usize) {
        let Some(references) = self.farewells.by_referent.remove(&referent) else { return };
        for &reference in references.iter().rev() {
            // SAFETY: as in `clear_weak_references`.
            let weak = unsafe { &mut *reference.cast::<WeakReference>() };
            weak.referent = 0;
            if !weak.callback.is_none() && self.is_marked(reference) {
                self.farewells.queue.push_back(Farewell::Callback(reference));
            }
        }
    }

    fn forget_reference(&mut self, reference: Object, referent: usize) {
        if let Some(list) = self.farewells.by_referent.get_mut(&referent) {
            list.retain(|other| *other != reference);
            if list.is_empty() {
                self.farewells.by_referent.remove(&referent);
            }
        }
    }
}
