//! Micro-ops: the table, what is derived from it, superblocks, their text form, their verifier.
//!
//! Everything here is plain data: nothing in this module touches the heap. The order of reading is `table` (the rows),
//! `superblock` (how they are put together), `sem` (what they mean), `text`, `verify`.

pub mod element;
pub mod field;
pub mod float_function;
pub mod helper;
#[macro_use]
pub mod table;
pub mod op;
pub mod sem;
pub mod superblock;
pub mod text;
pub mod verify;

pub use element::ElementKind;
pub use field::{Field, Storage};
pub use float_function::FloatFunction;
pub use helper::{Helper, HelperEffect};
pub use op::{Effect, ImmediateType, ImmediateValue, Op, ROWS, Row};
pub use superblock::{
    CallKind, Exit, ExitKind, ExitOrigin, FrameOrigin, FrameSources, LoopFact, Snapshot, SnapshotFrame, Source,
    SunkAllocation, Superblock, Uop,
};

/// Shapes below this are those of built-in objects, whose layout never changes: what is known of them survives
/// anything. Those of instances start here.
pub const FIRST_INSTANCE_SHAPE: u32 = 256;

/// The frame slot number of phis that carry a heap location.
pub const HEAP_PHI: u16 = u16::MAX;

/// What a micro-op's result is, and how it stands in a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An i64.
    Int,
    /// An f64.
    Float,
    /// 0 or 1.
    Bool,
    /// A boxed word.
    Value,
    /// In rows of the table only: the immediate `kind` says which.
    Any,
}

impl Kind {
    /// The kinds that a value can have.
    pub const CONCRETE: [Kind; 4] = [Kind::Int, Kind::Float, Kind::Bool, Kind::Value];

    /// Name in dumps.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Int => "int",
            Kind::Float => "float",
            Kind::Bool => "bool",
            Kind::Value => "value",
            Kind::Any => "any",
        }
    }

    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::CONCRETE.into_iter().find(|kind| kind.name() == name)
    }

    /// The op that boxes this kind; `None` for boxed words.
    pub fn box_op(self) -> Option<Op> {
        match self {
            Kind::Int => Some(Op::BoxInt {}),
            Kind::Float => Some(Op::BoxFloat {}),
            Kind::Bool => Some(Op::BoxBool {}),
            Kind::Value | Kind::Any => None,
        }
    }

    /// The op that unboxes to this kind; `None` for boxed words.
    pub fn unbox_op(self) -> Option<Op> {
        match self {
            Kind::Int => Some(Op::UnboxInt {}),
            Kind::Float => Some(Op::UnboxFloat {}),
            Kind::Bool => Some(Op::UnboxBool {}),
            Kind::Value | Kind::Any => None,
        }
    }

    /// The guard that makes unboxing to this kind valid; `None` for boxed words.
    pub fn guard_op(self) -> Option<Op> {
        match self {
            Kind::Int => Some(Op::GuardInt {}),
            Kind::Float => Some(Op::GuardFloat {}),
            Kind::Bool => Some(Op::GuardBool {}),
            Kind::Value | Kind::Any => None,
        }
    }
}

macro_rules! index_types {
    ($($(#[$doc:meta])* $name:ident $prefix:literal;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            /// No index: the result of emitting what has none.
            pub const NONE: $name = $name(u32::MAX);

            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($prefix, "{}"), self.0)
            }
        }
    )* };
}

index_types! {
    /// A micro-op of a superblock, and the value that it defines.
    UopIdx "u";
    /// An exit of a superblock.
    ExitIdx "x";
    /// A snapshot of a superblock.
    SnapshotIdx "s";
}
