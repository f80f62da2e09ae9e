//! Shapes (hidden classes): which attribute lies in which slot of an instance.

use super::layout::TypeObject;
use super::types::{BuiltinType, FIRST_INSTANCE_SHAPE};
use crate::value::Value;
use hashbrown::HashMap;
use std::rc::Rc;

/// Most slots of one object; beyond it, its attributes move to a real dict.
pub const MAX_SLOTS: usize = 128;

/// Most shapes of one class, which all stay while it does; beyond, attributes of new names, or in a new order, move to a real dict.
const MAX_OF_CLASS: u32 = 4096;

/// What all objects with the same shape id have in common.
pub struct Shape {
    pub class: *mut TypeObject,
    pub layout: BuiltinType,
    /// Attribute names in slot order. Interned strings, which live as long as the VM.
    pub names: Vec<Value>,
    /// The first so many are those of `__slots__`, found through the class's descriptors alone.
    pub n_reserved: u16,
    /// Slots that lie in the object itself; the others lie in its overflow array.
    pub inline_slots: u16,
    /// The attributes are in a real dict.
    pub is_dict_mode: bool,
    transitions: HashMap<u64, u32>,
    /// The shape of the class's fresh instances.
    root: u32,
    /// Of a root: how many shapes began there.
    n_derived: u32,
    /// The dict-mode shape of the same class, once there is one.
    dict_mode: u32,
}

/// How many shapes lie together.
const PAGE_LEN: usize = 64;

type Page = [Shape; PAGE_LEN];

/// All shapes of a VM, by id.
pub struct Shapes {
    /// A page whose shapes are all dead is dropped: programs may make classes for ever.
    pages: Vec<Rc<Page>>,
    /// What stands in the place of pages that were dropped.
    dead_page: Rc<Page>,
    count: usize,
    /// How many there were at the last collection.
    n_old: usize,
    /// The classes of the first so many live as long as the VM.
    n_permanent: usize,
}

impl Shapes {
    /// One shape a built-in type; their classes are set when they are made.
    pub fn new() -> Shapes {
        let mut shapes =
            Shapes { pages: Vec::new(), dead_page: dead_page(), count: 0, n_old: 0, n_permanent: usize::MAX };
        let builtin = BuiltinType::ALL.iter().copied().chain(std::iter::repeat(BuiltinType::Object));
        for (layout, id) in builtin.zip(0..FIRST_INSTANCE_SHAPE) {
            let mut shape = Shape::new(std::ptr::null_mut(), layout, 0);
            shape.root = id;
            shapes.add(shape);
        }
        shapes
    }
    #[inline(always)]
    pub fn get(&self, shape: u32) -> &Shape {
        debug_assert!((shape as usize) < self.count, "shape {shape}");
        // SAFETY: shape ids come from object headers and `add`, which makes the page that a shape lies in. The vector never shrinks.
        let page = unsafe { self.pages.get_unchecked(shape as usize / PAGE_LEN) };
        &page[shape as usize % PAGE_LEN]
    }
    /// A shape that is to be changed: its class is alive.
    fn get_mut(&mut self, shape: u32) -> &mut Shape {
        let page = Rc::get_mut(&mut self.pages[shape as usize / PAGE_LEN]);
        &mut page.expect("pages with living shapes are nobody else's")[shape as usize % PAGE_LEN]
    }
    pub fn set_class(&mut self, shape: u32, class: *mut TypeObject) {
        self.get_mut(shape).class = class;
    }
    /// A root shape: fresh instances of `class`.
    pub fn add_root(
        &mut self,
        class: *mut TypeObject,
        layout: BuiltinType,
        inline_slots: u16,
        names: Vec<Value>,
        n_reserved: usize,
    ) -> u32 {
        let mut shape = Shape::new(class, layout, inline_slots);
        shape.names = names;
        shape.n_reserved = n_reserved as u16;
        shape.root = self.count as u32;
        self.add(shape)
    }
    fn add(&mut self, shape: Shape) -> u32 {
        if self.count.is_multiple_of(PAGE_LEN) {
            self.pages.push(dead_page());
        }
        let id = self.count as u32;
        self.count += 1;
        *self.get_mut(id) = shape;
        id
    }
    /// The shape after adding `name` to `shape`; `None` where there are too many.
    pub fn with_name(&mut self, shape: u32, name: Value) -> Option<u32> {
        let from = self.get(shape);
        if let Some(&next) = from.transitions.get(&name.0) {
            return Some(next);
        }
        let root = from.root;
        if from.names.len() >= MAX_SLOTS || self.get(root).n_derived >= MAX_OF_CLASS {
            return None;
        }
        let mut next = Shape::new(from.class, from.layout, from.inline_slots);
        next.names = from.names.clone();
        next.names.push(name);
        (next.n_reserved, next.root) = (from.n_reserved, root);
        let id = self.add(next);
        self.get_mut(root).n_derived += 1;
        self.get_mut(shape).transitions.insert(name.0, id);
        Some(id)
    }
    pub fn dict_mode(&mut self, shape: u32) -> u32 {
        let from = self.get(shape);
        if from.dict_mode != 0 {
            return from.dict_mode;
        }
        let mut next = Shape::new(from.class, from.layout, from.inline_slots);
        next.is_dict_mode = true;
        next.names = from.names[..from.n_reserved as usize].to_vec();
        next.n_reserved = from.n_reserved;
        let id = self.add(next);
        self.get_mut(shape).dict_mode = id;
        id
    }
    /// The classes that live as long as the VM.
    pub fn permanent_classes(&self) -> impl Iterator<Item = *mut TypeObject> {
        self.iter().take(self.n_permanent).map(|shape| shape.class)
    }
    /// From now on, classes that nobody has any more may go. Those that there are stay.
    pub fn make_permanent(&mut self) {
        self.n_permanent = self.count;
    }
    pub fn count(&self) -> usize {
        self.count
    }
    /// Drops what is kept for dead classes. Their numbers are not used again: compiled code and caches may still compare with them.
    pub fn forget_dead(&mut self, is_dead: impl Fn(*mut TypeObject) -> bool) {
        let n_full = self.count / PAGE_LEN;
        for (index, page) in self.pages.iter_mut().enumerate().skip(self.n_permanent / PAGE_LEN) {
            // Dropped before: others have it, too.
            let Some(shapes) = Rc::get_mut(page) else { continue };
            let mut is_in_use = index >= n_full;
            for (shape, id) in shapes.iter_mut().zip(index * PAGE_LEN..) {
                if id < self.n_permanent || (!shape.class.is_null() && !is_dead(shape.class)) {
                    is_in_use = true;
                } else if !shape.class.is_null() {
                    *shape = Shape::dead();
                }
            }
            if !is_in_use {
                *page = self.dead_page.clone();
            }
        }
    }
    pub fn young_classes(&self) -> impl Iterator<Item = *mut TypeObject> {
        (self.n_old..self.count).map(|shape| self.get(shape as u32).class)
    }
    pub fn forget_young(&mut self) {
        self.n_old = self.count;
    }
    fn iter(&self) -> impl Iterator<Item = &Shape> {
        self.pages.iter().flat_map(|page| page.iter()).take(self.count)
    }
}

fn dead_page() -> Rc<Page> {
    Rc::new(std::array::from_fn(|_| Shape::dead()))
}

impl Default for Shapes {
    fn default() -> Self {
        Shapes::new()
    }
}

impl Shape {
    /// What is left of the shapes of a dead class.
    fn dead() -> Shape {
        Shape::new(std::ptr::null_mut(), BuiltinType::Object, 0)
    }
    fn new(class: *mut TypeObject, layout: BuiltinType, inline_slots: u16) -> Shape {
        Shape {
            class,
            layout,
            names: Vec::new(),
            n_reserved: 0,
            inline_slots,
            is_dict_mode: false,
            transitions: HashMap::new(),
            root: 0,
            n_derived: 0,
            dict_mode: 0,
        }
    }
    /// How many of the slots of `__slots__` lie in the overflow array.
    pub fn n_reserved_outside(&self) -> usize {
        self.n_reserved.saturating_sub(self.inline_slots) as usize
    }
    /// The slot of an instance's own attribute with an interned name.
    pub fn slot_of(&self, name: Value) -> Option<usize> {
        let first = self.n_reserved as usize;
        self.names[first..].iter().position(|&n| n == name).map(|place| first + place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shapes of dead classes are answered for still, and take no memory.
    #[test]
    fn pages_of_dead_shapes_are_dropped() {
        let class = |number: usize| (number * 16) as *mut TypeObject;
        let mut shapes = Shapes::new();
        let permanent = shapes.add_root(class(1), BuiltinType::Object, 4, Vec::new(), 0);
        shapes.make_permanent();
        let add = |shapes: &mut Shapes, number| shapes.add_root(class(number), BuiltinType::Object, 4, Vec::new(), 0);
        let roots: Vec<u32> = (2..1000).map(|number| add(&mut shapes, number)).collect();
        let living = roots[500];
        let named = shapes.with_name(living, Value::small_int(1)).unwrap();
        shapes.forget_young();
        let is_dead = |dead: *mut TypeObject| dead as usize != 502 * 16;
        for _ in 0..2 {
            shapes.forget_dead(is_dead);
            let n_kept = shapes.pages.iter().filter(|page| !Rc::ptr_eq(page, &shapes.dead_page)).count();
            // Those of built-in types, that of the living class, the last one.
            assert!(n_kept <= FIRST_INSTANCE_SHAPE as usize / PAGE_LEN + 3, "{n_kept}");
        }
        assert_eq!(shapes.get(permanent).class, class(1));
        assert_eq!(shapes.get(living).class, class(502));
        assert_eq!(shapes.with_name(living, Value::small_int(1)), Some(named));
        assert!(roots.iter().all(|&root| root == living || shapes.get(root).class.is_null()));
        let young = add(&mut shapes, 2000);
        assert_eq!(shapes.young_classes().collect::<Vec<_>>(), [class(2000)]);
        assert_eq!(shapes.get(young).inline_slots, 4);
    }
}
