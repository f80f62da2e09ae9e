//! What was found under an attribute's name on objects of a shape, for the places that see many shapes.
//!
//! An entry holds as long as the class's version stands. Its value is no root: a class keeps what it has under a name
//! for as long as its version stands, and the classes of shapes live as long as the VM.

use crate::object::class::class_ref;
use crate::value::Value;
use crate::vm::Vm;

const ENTRIES: usize = 2048;

/// What an entry says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Found {
    Nothing,
    /// A load: the value lies in the instance, at this byte offset.
    Slot(u32),
    /// A function or native method of the class, not shadowed by the instance.
    Method(Value),
    /// Another plain value of the class, not shadowed.
    ClassValue(Value),
}

/// What is asked, since one name may be asked about in several ways.
#[derive(Clone, Copy)]
#[repr(u64)]
pub enum Question {
    Load = 0,
    /// A store to an attribute that is there: `Slot`.
    Store = 1,
    /// Under `__bool__`: instances are always true (`Slot(0)`).
    Truth = 2,
    /// Under `__init__`, for instances' first shape: the function of a plain construction (`Method`).
    Construct = 3,
    /// Of a special method that an instruction calls: a Python function (`Method`), or none (`Slot(0)`).
    Special = 4,
    /// Is a special method that of the built-in type whose layout the instance has? (`Slot(1)`, `Slot(0)`.)
    Inherited = 5,
}

#[derive(Clone, Copy)]
struct Entry {
    /// The name's word and the question.
    key: u64,
    shape: u32,
    version: u32,
    found: Found,
}

pub struct AttributeCache {
    entries: Box<[Entry; ENTRIES]>,
}

impl Default for AttributeCache {
    fn default() -> Self {
        AttributeCache { entries: Box::new([Entry { key: 0, shape: 0, version: 0, found: Found::Nothing }; ENTRIES]) }
    }
}

fn index(key: u64, shape: u32) -> usize {
    ((key >> 4) as usize ^ (key << 5) as usize ^ (shape as usize).wrapping_mul(0x9E5)) % ENTRIES
}

impl Vm {
    /// What is known of `name` on objects of `shape`.
    #[inline(always)]
    pub fn attribute_cached(&self, shape: u32, name: Value, question: Question) -> Found {
        let key = name.0 | question as u64;
        let entry = &self.attribute_cache.entries[index(key, shape)];
        if entry.key == key && entry.shape == shape && class_ref(self.shapes.get(shape).class).version == entry.version
        {
            return entry.found;
        }
        Found::Nothing
    }

    /// Remembers what was found just now.
    pub fn cache_attribute(&mut self, shape: u32, name: Value, question: Question, found: Found) {
        let version = self.class_version(self.shapes.get(shape).class);
        if version == 0 {
            return;
        }
        let key = name.0 | question as u64;
        self.attribute_cache.entries[index(key, shape)] = Entry { key, shape, version, found };
    }
}
