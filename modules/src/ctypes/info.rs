//! What is known of a class of C data: it hangs on the class, and each instance refers to it.

use super::code::Code;
use super::raw;
use stitch_runtime::foreign::Class;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::class::class_ref;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

/// What instances of a class are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Simple,
    Structure,
    Union,
    Array,
    Pointer,
    Function,
}

#[repr(C)]
pub struct Info {
    pub header: Header,
    /// The class of an array's items, and of what a pointer points to; unbound: nothing yet.
    pub item: Value,
    /// A tuple of the fields that a structure adds to its base's, or unbound.
    pub fields: Value,
    /// The class of pointers to instances, or unbound.
    pub pointer_type: Value,
    /// `_argtypes_` of a function's class, a tuple, and its `from_param`s; or unbound.
    pub argtypes: Value,
    pub converters: Value,
    /// `_restype_` of a function's class, or unbound.
    pub restype: Value,
    /// As the module struct would say it: a str.
    pub format: Value,
    /// The classes of arrays of instances, by their length; unbound: none yet.
    pub arrays: Value,
    pub kind: Kind,
    pub size: usize,
    pub align: usize,
    /// Items of an array, fields of a structure.
    pub length: usize,
    /// Of a simple type.
    pub code: Option<&'static Code>,
    /// Its bytes are in the other order.
    pub is_swapped: bool,
    /// `_flags_` of a function's class.
    pub flags: u32,
    /// The fields do not change any more.
    pub is_final: bool,
    pub has_pointer: bool,
    /// What the first sixteen bytes are made of, four by four; `None`: nothing, or what nobody knows.
    pub parts: [Option<Class>; 4],
    /// Something in it does not lie where its alignment would have it.
    pub is_unaligned: bool,
}

pub static INFO: TypeSpec = TypeSpec {
    name: "StgInfo",
    module: "_ctypes",
    doc: "What is known of a class of C data.",
    layout: Some(Layout::of::<Info>(8)),
    is_part: true,
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; nothing derives from the type.
unsafe impl Object for Info {
    const SPEC: &'static TypeSpec = &INFO;
}

impl Info {
    /// A new one, for a class; SystemError where it has one.
    pub fn new(vm: &mut Vm, class: Value, kind: Kind) -> PyResult<This<Info>> {
        if Info::of_class(vm, class).is_some() {
            let message = format!("StgInfo of '{}' is already initialized.", vm.type_name(class.as_ptr()));
            return Err(vm.raise(vm.exceptions.SystemError, &message));
        }
        let own = vm.type_of_spec(&INFO);
        let format = vm.new_str("");
        let info = vm.new_object(own, |header| Info {
            header,
            item: Value::UNBOUND,
            fields: Value::UNBOUND,
            pointer_type: Value::UNBOUND,
            argtypes: Value::UNBOUND,
            converters: Value::UNBOUND,
            restype: Value::UNBOUND,
            format,
            arrays: Value::UNBOUND,
            kind,
            size: 0,
            align: 1,
            length: 0,
            code: None,
            is_swapped: false,
            flags: 0,
            is_final: false,
            has_pointer: false,
            parts: [None; 4],
            is_unaligned: false,
        })?;
        let class: *mut TypeObject = class.as_ptr();
        class_ref(class).detail = info;
        vm.barrier(class);
        Ok(This::expect(vm, info))
    }

    /// That of a class; `None`: it is no class of C data, or an abstract one.
    pub fn of_class(vm: &Vm, class: Value) -> Option<This<Info>> {
        if !vm.is_a::<TypeObject>(class) {
            return None;
        }
        let detail = class_ref(class.as_ptr()).detail;
        if detail.is_unbound() { None } else { This::of(vm, detail) }
    }

    /// TypeError for a class that has none.
    pub fn expect_of(vm: &mut Vm, class: Value) -> PyResult<This<Info>> {
        Info::of_class(vm, class).ok_or_else(|| vm.raise_type("abstract class"))
    }

    /// That of one of the nearest bases behind the class itself.
    pub fn of_base(vm: &mut Vm, class: Value) -> Option<This<Info>> {
        let class: *mut TypeObject = class.as_ptr();
        let bases = vm.tuple_items(class_ref(class).bases);
        bases.iter().find_map(|&base| Info::of_class(vm, base))
    }

    pub fn set_format(vm: &mut Vm, mut this: This<Info>, format: &str) {
        let format = vm.new_str(format);
        this.format = format;
        vm.barrier(this.pointer());
    }

    /// Is it a pointer?
    pub fn is_pointer_like(&self) -> bool {
        matches!(self.kind, Kind::Pointer | Kind::Function)
    }

    /// Has it the type code?
    pub fn is_simple(&self, letter: char) -> bool {
        self.code.is_some_and(|code| code.letter == letter)
    }

    /// Is a result of the class given in memory whose address the caller passes?
    pub fn is_given_in_memory(vm: &Vm, class: Value) -> bool {
        Info::of_class(vm, class).is_some_and(|info| {
            matches!(info.kind, Kind::Structure | Kind::Union) && info.classes()[0] == Some(Class::Memory)
        })
    }

    /// The classes of its eightbytes as an argument or result; memory where it is larger than two, or not aligned.
    pub fn classes(&self) -> [Option<Class>; 2] {
        if self.size > 16 || self.is_unaligned {
            return [Some(Class::Memory), Some(Class::Memory)];
        }
        let class_of = |i: usize| {
            let both = &self.parts[2 * i..2 * i + 2];
            // What lies between fields only is as good as a float.
            let class = if both.contains(&Some(Class::General)) { Class::General } else { Class::Float };
            (i * 8 < self.size).then_some(class)
        };
        [class_of(0), class_of(1)]
    }

    /// Notes what the bytes from an offset on are made of, where they are among the first sixteen.
    pub fn note(&mut self, class: Class, offset: usize, size: usize) {
        for part in offset / 4..(offset.saturating_add(size)).div_ceil(4).min(self.parts.len()) {
            let old = self.parts[part];
            self.parts[part] = if old == Some(Class::General) { old } else { Some(class) };
        }
    }

    /// Notes what something that lies at an offset is made of.
    pub fn note_inner(&mut self, inner: &Info, offset: usize) {
        self.is_unaligned |= inner.is_unaligned || !offset.is_multiple_of(inner.align.max(1));
        if offset >= 16 {
            return;
        }
        for (i, class) in inner.parts.iter().enumerate() {
            if let Some(class) = *class {
                self.note(class, offset + 4 * i, inner.size.saturating_sub(4 * i).min(4));
            }
        }
    }
}

/// Does every instance of the class stand for itself, where those of the simple types themselves give their value?
pub fn is_own_class(vm: &mut Vm, class: Value) -> bool {
    let base = vm.type_of_spec(&super::simple::SIMPLE);
    let bases = vm.tuple_items(class_ref(class.as_ptr()).bases);
    bases.first().is_none_or(|&first| first.as_ptr::<TypeObject>() != base)
}

/// The value that a simple class's instance in memory has.
pub fn load(vm: &mut Vm, info: This<Info>, address: usize) -> PyResult {
    let code = info.code.expect("a simple type has a code");
    code.load(vm, address, info.is_swapped)
}

/// Writes a value as an instance of a simple class; gives what is to be kept for it, or None.
pub fn store(vm: &mut Vm, info: This<Info>, address: usize, value: Value) -> PyResult {
    let code = info.code.expect("a simple type has a code");
    let mut word = raw::Block::default();
    let kept = code.store(vm, word.address(), value, info.is_swapped)?;
    raw::copy(address, word.address(), code.size);
    Ok(kept)
}
