//! A code object as the compiler gives it, before it is brought into a heap.

use malachite_nz::natural::Natural;

/// The bits of `co_flags`.
pub struct CodeFlags;

impl CodeFlags {
    pub const OPTIMIZED: u32 = 0x1;
    pub const NEWLOCALS: u32 = 0x2;
    pub const VARARGS: u32 = 0x4;
    pub const VARKEYWORDS: u32 = 0x8;
    pub const NESTED: u32 = 0x10;
    pub const GENERATOR: u32 = 0x20;
    pub const COROUTINE: u32 = 0x80;
    pub const ITERABLE_COROUTINE: u32 = 0x100;
    pub const ASYNC_GENERATOR: u32 = 0x200;
    /// Every `__future__` feature; what `compile` inherits from its caller.
    pub const FUTURE_MASK: u32 = 0x1FE_0000;
    /// The first constant is the docstring.
    pub const HAS_DOCSTRING: u32 = 0x400_0000;
    pub const METHOD: u32 = 0x800_0000;
}

/// The bits of `co_localspluskinds`: what a slot of the frame holds.
pub struct LocalKind;

impl LocalKind {
    pub const ARG_POSITIONAL: u8 = 0x02;
    pub const ARG_KEYWORD: u8 = 0x04;
    pub const ARG_VARIADIC: u8 = 0x08;
    /// A comprehension's own variable, inlined into the function around it.
    pub const HIDDEN: u8 = 0x10;
    pub const LOCAL: u8 = 0x20;
    pub const CELL: u8 = 0x40;
    pub const FREE: u8 = 0x80;
}

/// A constant of a code object.
#[derive(Clone, Debug, PartialEq)]
pub enum RawConst {
    None,
    True,
    False,
    Ellipsis,
    Int(i64),
    /// An int beyond 64 bits.
    BigInt {
        negative: bool,
        magnitude: Natural,
    },
    Float(f64),
    Complex {
        real: f64,
        imag: f64,
    },
    /// WTF-8: UTF-8 in which lone surrogates may stand.
    Str(Box<[u8]>),
    Bytes(Box<[u8]>),
    Tuple(Box<[RawConst]>),
    FrozenSet(Box<[RawConst]>),
    /// Start, stop, step.
    Slice(Box<[RawConst; 3]>),
    Code(Box<RawCode>),
}

/// A code object. Tables are CPython 3.14's, byte for byte.
#[derive(Clone, Debug, PartialEq)]
pub struct RawCode {
    pub name: String,
    pub qualname: String,
    pub filename: String,
    pub first_line: u32,
    /// Bits of [`CodeFlags`].
    pub flags: u32,
    /// Positional parameters, the positional-only ones among them.
    pub argcount: u32,
    pub posonlyargcount: u32,
    pub kwonlyargcount: u32,
    pub stack_size: u32,
    pub varnames: Box<[String]>,
    pub cellvars: Box<[String]>,
    pub freevars: Box<[String]>,
    /// One name a slot: the locals, then the cells that are not locals, then the free variables.
    pub localsplus_names: Box<[String]>,
    /// Bits of [`LocalKind`] for each.
    pub localsplus_kinds: Box<[u8]>,
    pub names: Box<[String]>,
    pub consts: Box<[RawConst]>,
    pub co_code: Box<[u8]>,
    pub linetable: Box<[u8]>,
    pub exceptiontable: Box<[u8]>,
}

impl RawCode {
    /// This one and those among its constants, outermost first.
    pub fn for_each_nested(&self, visit: &mut impl FnMut(&RawCode)) {
        visit(self);
        for constant in &self.consts {
            if let RawConst::Code(code) = constant {
                code.for_each_nested(visit);
            }
        }
    }
}
