//! Shapes (hidden classes): which attribute lies in which slot of an instance.

use super::layout::TypeObject;
use super::types::{BuiltinType, FIRST_INSTANCE_SHAPE};
use crate::value::Value;
use hashbrown::HashMap;

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

/// All shapes of a VM, by id.
pub struct Shapes {
    shapes: Vec<Shape>,
    /// How many there were at the last collection.
    n_old: usize,
    /// The classes of the first so many live as long as the VM.
    n_permanent: usize,
}

impl Shapes {
    /// One shape a built-in type; their classes are set when they are made.
    pub fn new() -> Shapes {
        let builtin = |&layout: &BuiltinType| Shape::new(std::ptr::null_mut(), layout, 0);
        let mut shapes: Vec<Shape> = BuiltinType::ALL.iter().map(builtin).collect();
        while shapes.len() < FIRST_INSTANCE_SHAPE as usize {
            shapes.push(Shape::new(std::ptr::null_mut(), BuiltinType::Object, 0));
        }
        for (shape, id) in shapes.iter_mut().zip(0..) {
            shape.root = id;
        }
        Shapes { shapes, n_old: 0, n_permanent: usize::MAX }
    }
    #[inline(always)]
    pub fn get(&self, shape: u32) -> &Shape {
        debug_assert!((shape as usize) < self.shapes.len(), "shape {shape}");
        // SAFETY: shape ids come from object headers and `add`, which gives out indices of this vector, never shrunk.
        unsafe { self.shapes.get_unchecked(shape as usize) }
    }
    pub fn set_class(&mut self, shape: u32, class: *mut TypeObject) {
        self.shapes[shape as usize].class = class;
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
        shape.root = self.shapes.len() as u32;
        self.add(shape)
    }
    fn add(&mut self, shape: Shape) -> u32 {
        self.shapes.push(shape);
        self.shapes.len() as u32 - 1
    }
    /// The shape after adding `name` to `shape`; `None` where there are too many.
    pub fn with_name(&mut self, shape: u32, name: Value) -> Option<u32> {
        if let Some(&next) = self.shapes[shape as usize].transitions.get(&name.0) {
            return Some(next);
        }
        let from = &self.shapes[shape as usize];
        let root = from.root;
        if from.names.len() >= MAX_SLOTS || self.shapes[root as usize].n_derived >= MAX_OF_CLASS {
            return None;
        }
        let mut next = Shape::new(from.class, from.layout, from.inline_slots);
        next.names = from.names.clone();
        next.names.push(name);
        (next.n_reserved, next.root) = (from.n_reserved, root);
        let id = self.add(next);
        self.shapes[root as usize].n_derived += 1;
        self.shapes[shape as usize].transitions.insert(name.0, id);
        Some(id)
    }
    pub fn dict_mode(&mut self, shape: u32) -> u32 {
        let from = &self.shapes[shape as usize];
        if from.dict_mode != 0 {
            return from.dict_mode;
        }
        let mut next = Shape::new(from.class, from.layout, from.inline_slots);
        next.is_dict_mode = true;
        next.names = from.names[..from.n_reserved as usize].to_vec();
        next.n_reserved = from.n_reserved;
        let id = self.add(next);
        self.shapes[shape as usize].dict_mode = id;
        id
    }
    /// The classes that live as long as the VM.
    pub fn permanent_classes(&self) -> impl Iterator<Item = *mut TypeObject> {
        self.shapes.iter().take(self.n_permanent).map(|shape| shape.class)
    }
    /// From now on, classes that nobody has any more may go. Those that there are stay.
    pub fn make_permanent(&mut self) {
        self.n_permanent = self.shapes.len();
    }
    pub fn count(&self) -> usize {
        self.shapes.len()
    }
    /// Drops what is kept for dead classes. Their numbers are not used again: compiled code and caches may still compare with them.
    pub fn forget_dead(&mut self, is_dead: impl Fn(*mut TypeObject) -> bool) {
        for shape in self.shapes.iter_mut().skip(self.n_permanent) {
            if !shape.class.is_null() && is_dead(shape.class) {
                (shape.class, shape.names) = (std::ptr::null_mut(), Vec::new());
                shape.transitions = HashMap::new();
            }
        }
    }
    pub fn young_classes(&self) -> impl Iterator<Item = *mut TypeObject> {
        self.shapes[self.n_old..].iter().map(|shape| shape.class)
    }
    pub fn forget_young(&mut self) {
        self.n_old = self.shapes.len();
    }
}

impl Default for Shapes {
    fn default() -> Self {
        Shapes::new()
    }
}

impl Shape {
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
