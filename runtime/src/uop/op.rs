//! `Op`: the micro-ops' enum and every property that the table gives them.

use super::{CallKind, ElementKind, ExitIdx, Field, FloatFunction, Helper, HelperEffect, Kind};
use smallvec::SmallVec;

/// What a micro-op does besides giving its result; see `table`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    Pure,
    Guard,
    Exits,
    Raises,
    Reads,
    Writes,
    Allocates,
    Escapes,
    Entry,
    Check,
    Control,
}

impl Effect {
    /// Where nobody needs the result, the micro-op needs not run: it can neither raise nor leave for good, and what it does
    /// is not seen.
    pub fn is_droppable(self) -> bool {
        match self {
            Effect::Pure | Effect::Exits | Effect::Reads | Effect::Allocates | Effect::Entry => true,
            Effect::Guard | Effect::Raises | Effect::Writes | Effect::Escapes | Effect::Check | Effect::Control => {
                false
            }
        }
    }

    /// The result, and whether it leaves, is a function of the inputs: an earlier like micro-op serves.
    pub fn is_function_of_inputs(self) -> bool {
        match self {
            Effect::Pure | Effect::Exits | Effect::Raises => true,
            Effect::Guard
            | Effect::Reads
            | Effect::Writes
            | Effect::Allocates
            | Effect::Escapes
            | Effect::Entry
            | Effect::Check
            | Effect::Control => false,
        }
    }

    /// It may leave through an exit.
    pub fn leaves(self) -> bool {
        match self {
            Effect::Guard | Effect::Exits | Effect::Raises | Effect::Escapes | Effect::Check => true,
            Effect::Pure | Effect::Reads | Effect::Writes | Effect::Allocates | Effect::Entry | Effect::Control => {
                false
            }
        }
    }
}

/// The type of an immediate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImmediateType {
    Bits,
    Int,
    Half,
    Short,
    Bool,
    Kind,
    Exit,
    FloatFunction,
    Field,
    Helper,
    CallKind,
    Element,
}

/// An immediate of any type, for printers, parsers and generators.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ImmediateValue {
    Bits(u64),
    Int(i64),
    Half(u32),
    Short(u16),
    Bool(bool),
    Kind(Kind),
    Exit(ExitIdx),
    FloatFunction(FloatFunction),
    Field(Field),
    Helper(Helper),
    CallKind(CallKind),
    Element(ElementKind),
}

trait Immediate: Copy {
    const TYPE: ImmediateType;
    fn wrap(self) -> ImmediateValue;
    fn unwrap(value: ImmediateValue) -> Option<Self>;
}

macro_rules! immediates {
    ($($type:ty => $variant:ident,)*) => { $(
        impl Immediate for $type {
            const TYPE: ImmediateType = ImmediateType::$variant;
            fn wrap(self) -> ImmediateValue {
                ImmediateValue::$variant(self)
            }
            fn unwrap(value: ImmediateValue) -> Option<Self> {
                if let ImmediateValue::$variant(inner) = value { Some(inner) } else { None }
            }
        }
    )* };
}

immediates! {
    u64 => Bits,
    i64 => Int,
    u32 => Half,
    u16 => Short,
    bool => Bool,
    Kind => Kind,
    ExitIdx => Exit,
    FloatFunction => FloatFunction,
    Field => Field,
    Helper => Helper,
    CallKind => CallKind,
    ElementKind => Element,
}

/// A row of the table, for what walks over all of them.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub name: &'static str,
    pub effect: Effect,
    pub immediates: &'static [(&'static str, ImmediateType)],
    pub inputs: &'static [Kind],
    pub rest: Option<Kind>,
    pub output: Option<Kind>,
}

macro_rules! define_ops {
    ($(
        $(#[$doc:meta])*
        $text:ident = $variant:ident { $($immediate:ident : $type:ty),* $(,)? }
        (
            $($input:ident : $kind:ident),* $(,)? $([ $rest:ident : $rest_kind:ident ])?
            -- $($output:ident : $output_kind:ident)?
        ) $effect:ident;
    )*) => {
        /// What a micro-op does, with its immediates.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Op { $($(#[$doc])* $variant { $($immediate: $type),* },)* }

        #[derive(Clone, Copy)]
        enum RowIdx { $($variant,)* }

        /// The table, in its order.
        pub const ROWS: &[Row] = &[$(
            Row {
                name: stringify!($text),
                effect: effect!($effect),
                immediates: &[$((stringify!($immediate), <$type as Immediate>::TYPE)),*],
                inputs: &[$(Kind::$kind),*],
                rest: define_ops!(@option $($rest_kind)?),
                output: define_ops!(@option $($output_kind)?),
            },
        )*];

        impl Op {
            /// The op's row of the table.
            pub fn row(&self) -> &'static Row {
                let row = match self { $(Op::$variant { .. } => RowIdx::$variant,)* };
                &ROWS[row as usize]
            }

            /// The immediates, in the row's order.
            pub fn immediates(&self) -> SmallVec<[ImmediateValue; 2]> {
                match *self {
                    $(Op::$variant { $($immediate),* } => smallvec::smallvec![$($immediate.wrap()),*],)*
                }
            }

            /// Makes the op of this name from immediates that `next` gives, called with each one's name and type.
            pub fn build(
                name: &str,
                next: &mut dyn FnMut(&'static str, ImmediateType) -> Option<ImmediateValue>,
            ) -> Option<Op> {
                $(if name == stringify!($text) {
                    return Some(Op::$variant {
                        $($immediate: <$type as Immediate>::unwrap(
                            next(stringify!($immediate), <$type as Immediate>::TYPE)?,
                        )?,)*
                    });
                })*
                let _ = next;
                None
            }
        }
    };
    (@option) => { None };
    (@option $kind:ident) => { Some(Kind::$kind) };
}

macro_rules! effect {
    (pure) => {
        Effect::Pure
    };
    (guard) => {
        Effect::Guard
    };
    (exits) => {
        Effect::Exits
    };
    (raises) => {
        Effect::Raises
    };
    (reads) => {
        Effect::Reads
    };
    (writes) => {
        Effect::Writes
    };
    (allocates) => {
        Effect::Allocates
    };
    (escapes) => {
        Effect::Escapes
    };
    (entry) => {
        Effect::Entry
    };
    (check) => {
        Effect::Check
    };
    (control) => {
        Effect::Control
    };
}

crate::for_each_uop!(define_ops);

impl Op {
    /// Stands for the executor that is being recorded, which has no id yet.
    pub const THIS_EXECUTOR: u32 = u32::MAX;

    /// Name in dumps.
    pub fn name(&self) -> &'static str {
        self.row().name
    }

    pub fn effect(&self) -> Effect {
        self.row().effect
    }

    /// Kinds of the fixed inputs; any number of `rest_kind` follow where that is set. Those of calls of helpers are the
    /// helper's.
    pub fn input_kinds(&self) -> &'static [Kind] {
        match *self {
            Op::CallHelper { helper } | Op::CallTest { helper } => helper.parameters().unwrap_or_default(),
            _ => self.row().inputs,
        }
    }

    pub fn rest_kind(&self) -> Option<Kind> {
        match *self {
            Op::CallHelper { helper } | Op::CallTest { helper } if helper.parameters().is_some() => None,
            _ => self.row().rest,
        }
    }

    /// Kind of the input at this place; `None` where there can be none.
    pub fn input_kind(&self, place: usize) -> Option<Kind> {
        self.input_kinds().get(place).copied().or(self.rest_kind())
    }

    /// Kind of the result; `None` where the op has none. Never `Any`.
    pub fn output_kind(&self) -> Option<Kind> {
        match *self {
            Op::LoadHome { kind, .. } | Op::Phi { kind, .. } => Some(kind),
            _ => self.row().output,
        }
    }

    /// Whether the op leaves through an exit (and so must have one).
    pub fn needs_exit(&self) -> bool {
        self.effect().leaves()
    }

    /// Ends a block: nothing follows it but a `side_entry`.
    pub fn is_terminator(&self) -> bool {
        matches!(
            self,
            Op::JumpLoop {}
                | Op::JumpEntry {}
                | Op::JumpExecutor { .. }
                | Op::ExitTrace {}
                | Op::FinishReturn {}
                | Op::FinishGenerator {}
                | Op::LeaveAtCall { .. }
        )
    }

    /// May run Python code that changes any mutable heap location.
    pub fn clobbers_heap(&self) -> bool {
        match *self {
            Op::CallHelper { helper } | Op::CallTest { helper } => helper.effect() == HelperEffect::Escapes,
            _ => self.effect() == Effect::Escapes,
        }
    }

    /// Changes a list, and nothing but that.
    pub fn changes_list(&self) -> bool {
        matches!(*self, Op::CallHelper { helper } if helper.effect() == HelperEffect::ChangesList)
    }

    /// Changes a dict or set, and nothing but that; what was assumed of names in it holds no more.
    pub fn changes_table(&self) -> bool {
        matches!(*self, Op::CallHelper { helper } if helper.effect() == HelperEffect::ChangesTable)
    }

    /// May change a mutable heap location.
    pub fn changes_heap(&self) -> bool {
        self.effect() == Effect::Writes || self.clobbers_heap() || self.changes_list() || self.changes_table()
    }

    /// The kind that the op boxes; `None` where it is no boxing op.
    pub fn boxed_kind(&self) -> Option<Kind> {
        match self {
            Op::BoxInt {} | Op::BoxSmallInt {} => Some(Kind::Int),
            Op::BoxFloat {} => Some(Kind::Float),
            Op::BoxBool {} => Some(Kind::Bool),
            _ => None,
        }
    }

    /// The kind that the op unboxes to; `None` where it is no unboxing op.
    pub fn unboxed_kind(&self) -> Option<Kind> {
        match self {
            Op::UnboxInt {} => Some(Kind::Int),
            Op::UnboxFloat {} => Some(Kind::Float),
            Op::UnboxBool {} => Some(Kind::Bool),
            _ => None,
        }
    }

    /// A constant of any kind.
    pub fn is_constant(&self) -> bool {
        matches!(self, Op::ConstValue { .. } | Op::ConstInt { .. } | Op::ConstFloat { .. } | Op::ConstBool { .. })
    }

    /// The word of a constant as it stands in a register or home: the i64, the float's bits, 0 or 1, the boxed word.
    pub fn constant_word(&self) -> Option<u64> {
        match *self {
            Op::ConstValue { bits } | Op::ConstFloat { bits } => Some(bits),
            Op::ConstInt { value } => Some(value as u64),
            Op::ConstBool { value } => Some(value as u64),
            _ => None,
        }
    }
}
