//! What micro-ops take for granted of their inputs, beyond what their row says: the one place where it is written down.
//! Whatever makes superblocks owes it to them by guards that dominate.

use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::uop::{Effect, Field, Helper, Op};

/// What a boxed input has to be. Never unbound, unless it says so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Ask {
    Any,
    /// An exact instance of one of these.
    OneOf(&'static [BuiltinType]),
    /// A machine integer: a constant between the two.
    Small(i64, i64),
    /// Any machine integer.
    Int,
    /// A small int or None.
    SmallOrNone,
    /// What may go into a set: its hash is not its address, by which the order of a set would be another each time.
    Element,
    /// What ends: no iterator over something that grows meanwhile.
    Items,
    /// An interned string.
    Name,
    /// A name that is in the globals.
    GlobalName,
    Class,
    /// No class, of which compiled code would have to hear.
    Owner,
    Globals,
    Builtins,
    PlainCode,
    /// A fresh dict with a string for its key.
    Keywords,
}

use BuiltinType::*;

const SEQUENCES: Ask = Ask::OneOf(&[List, Tuple, Str, Range, Dict, Set]);
const ITERATORS: Ask = Ask::OneOf(&[ListIter, TupleIter, RangeIter, DictKeyIter, SetIter, Enumerate, Generator]);
const LIST: Ask = Ask::OneOf(&[List]);
const TUPLE: Ask = Ask::OneOf(&[Tuple]);
const STR: Ask = Ask::OneOf(&[Str]);
const DICT: Ask = Ask::OneOf(&[Dict]);
const SET: Ask = Ask::OneOf(&[Set]);
const NUMBERS: Ask = Ask::OneOf(&[List, Tuple, Set]);

/// What a helper of fixed arity asks of its arguments; of one of open arity, what it asks of each.
pub fn of_helper(helper: Helper) -> &'static [Ask] {
    use Ask::{
        Any, Builtins, Class, Element, GlobalName, Globals, Items, Keywords, Name, Owner, PlainCode, Small, SmallOrNone,
    };
    match helper {
        // The operation is chosen with the operands: some take forever on large ones.
        Helper::BinaryOp => &[Any, Any, Small(0, 2)],
        Helper::IntBinary => &[Any, Any, Small(0, 12)],
        Helper::BoxUnsigned => &[Ask::Int],
        Helper::CompareOp | Helper::CompareTest => &[Any, Any, Small(0, 5)],
        Helper::Negate | Helper::IsTrue | Helper::GetIter | Helper::Length | Helper::ToStr => &[Any],
        // Others are elsewhere each time.
        Helper::Identity => &[Class],
        // That of a bool warns, by modules that are not there.
        Helper::Invert => &[Ask::OneOf(&[List, Tuple, Str, Int])],
        Helper::GetItem | Helper::DelItem | Helper::Contains => &[Any, Any],
        Helper::SetItem => &[Any, Any, Any],
        Helper::GetAttr => &[Any, Name],
        Helper::SetAttr => &[Owner, Name, Any],
        Helper::DelAttr => &[Owner, Name],
        Helper::LoadSuperAttr => &[Class, Any, Name],
        Helper::IsInstance => &[Any, Class],
        Helper::IterOfSequence => &[SEQUENCES],
        Helper::IterNext => &[ITERATORS],
        Helper::Send => &[Ask::OneOf(&[Generator]), Any],
        Helper::ListAppend => &[LIST, Any],
        Helper::ListConcat => &[LIST, LIST],
        Helper::ListPop => &[LIST, Ask::Int],
        Helper::ListInsert => &[LIST, Ask::Int, Any],
        Helper::ListExtend | Helper::UnpackIntoList => &[LIST, Items],
        Helper::ListToTuple => &[LIST],
        Helper::SetAdd | Helper::SimpleAdd => &[SET, Element],
        Helper::SetUpdate => &[SET, Ask::OneOf(&[Str, Range, Set])],
        Helper::MapAdd => &[DICT, Any, Any],
        Helper::DictUpdate => &[DICT, Any],
        Helper::BuildMap | Helper::SimpleMap => &[Any],
        Helper::BuildSet => &[Element],
        Helper::BuildString => &[STR],
        Helper::BuildSlice => &[Any, Any, Any],
        Helper::BinarySlice => &[Any, Any, Any],
        Helper::SequenceSlice => &[Ask::OneOf(&[List, Tuple, Str, Bytes]), SmallOrNone, SmallOrNone],
        Helper::StoreSlice => &[Any, Any, Any, Items],
        Helper::Unpack => &[Any, Small(0, 3)],
        Helper::UnpackEx => &[Any, Small(0, 2), Small(0, 2)],
        Helper::SimpleContains => &[Ask::OneOf(&[List, Tuple, Dict, Set]), Any],
        Helper::SimpleSubset => &[SET, SET],
        // `&`; and 10 is `-`.
        Helper::SimpleSetOperation => &[SET, SET, Small(1, 1)],
        Helper::SetPlace => &[SET, Small(0, 9)],
        Helper::SimpleGet => &[DICT, Any],
        Helper::SimpleGetOr | Helper::SimpleSet => &[DICT, Any, Any],
        Helper::SimpleDel => &[DICT, Any],
        Helper::SimpleMin | Helper::SimpleMax => &[NUMBERS],
        Helper::DictGetStr => &[DICT, STR],
        Helper::DictSetStr => &[DICT, STR, Any],
        Helper::LoadGlobal => &[Globals, Builtins, Name],
        Helper::StoreGlobal => &[Globals, GlobalName, Any],
        Helper::DelGlobal => &[Globals, Name],
        Helper::Convert => &[Any, Small(1, 3)],
        Helper::FormatValue => &[Any, STR],
        Helper::StrConcat | Helper::StrEq => &[STR, STR],
        Helper::StrIndex => &[STR, Ask::Int],
        Helper::MakeFunction => &[PlainCode, Globals],
        // The function is fresh, and what is set is what its attribute may be.
        Helper::SetFunctionAttribute => &[Ask::OneOf(&[Function]), TUPLE, Small(1, 1)],
        // The names are as many as the last arguments, or fewer.
        Helper::CallKeywords => &[Any],
        Helper::CallTuple => &[Any, TUPLE],
        Helper::CallExpanded => &[Any, TUPLE, Keywords],
        Helper::MergeKeywords => &[Keywords, Any, Any],
        Helper::KeysAre => &[DICT, TUPLE],
        Helper::BinaryDeclined => &[Any, Any, Small(0, 2)],
        Helper::CompareDeclined | Helper::CompareDeclinedTest => &[Any, Any, Small(0, 5)],
        Helper::Handled | Helper::TakeRaised | Helper::SetHandled | Helper::SetContext | Helper::RaiseValue => &[Any],
        Helper::AddTraceback => &[Any, Any, Small(0, 3)],
        Helper::CatchInRoot | Helper::LeaveBy | Helper::KeepVariables => &[Any],
        Helper::RaiseFrom => &[Any, Any],
        Helper::CallExit => &[Any, Any, Any],
    }
}

/// The types whose instances have a field.
pub fn owners(field: Field) -> &'static [BuiltinType] {
    match field {
        Field::ListItems | Field::ListLen => &[List],
        Field::ArrayCapacity | Field::ArrayElement => &[Array],
        Field::RawStorage | Field::RawLen | Field::RawKind => &[Native],
        Field::TupleLen | Field::TupleElement => &[Tuple],
        Field::StrLen => &[Str],
        Field::IntForm | Field::IntWord | Field::IntHigh => &[Int],
        Field::CellContent => &[Cell],
        Field::FunctionCode
        | Field::FunctionClosure
        | Field::FunctionGlobals
        | Field::FunctionBuiltins
        | Field::FunctionDefaults => &[Function],
        Field::SliceStart => &[Slice],
        Field::NativeBinding | Field::NativeOwner => &[NativeFunction],
        Field::MethodFunction | Field::MethodOwner => &[BoundMethod],
        Field::RangeStart | Field::RangeStop | Field::RangeStep | Field::RangeLen => &[Range],
        Field::RangeIterNext | Field::RangeIterStep | Field::RangeIterRemaining => &[RangeIter],
        Field::SeqIterSequence | Field::SeqIterIndex => &[ListIter, TupleIter],
        Field::EnumerateIter | Field::EnumerateCount => &[Enumerate],
        Field::GeneratorState | Field::GeneratorIp | Field::GeneratorHandled => &[Generator],
        Field::DictLen | Field::DictEntries | Field::DictUsed | Field::DictKeysVersion => &[Dict, Set],
        Field::DictIterDict | Field::DictIterIndex | Field::DictIterExpected | Field::DictIterLimit => {
            &[DictKeyIter, SetIter]
        }
        Field::InstanceOverflow => &[Object],
        Field::OwnValue(_) | Field::OwnWord(_) => &[Native],
    }
}

/// What may be stored in a field by itself: none of it, anything, or so many bits of a word.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stored {
    Nothing,
    Any,
    /// Only unbound: it is over.
    Unbound,
    /// Any word.
    Word,
    /// None that is negative, or large.
    Small,
    /// Running or finished.
    State,
}

pub fn stored(field: Field) -> Stored {
    match field {
        Field::CellContent => Stored::Any,
        Field::SeqIterSequence | Field::DictIterDict => Stored::Unbound,
        Field::RangeIterNext | Field::EnumerateCount | Field::DictKeysVersion => Stored::Word,
        Field::RangeIterRemaining | Field::SeqIterIndex | Field::DictIterIndex => Stored::Small,
        Field::GeneratorState => Stored::State,
        Field::ListItems
        | Field::ListLen
        | Field::ArrayCapacity
        | Field::ArrayElement
        | Field::RawStorage
        | Field::RawLen
        | Field::RawKind
        | Field::TupleLen
        | Field::TupleElement
        | Field::StrLen
        | Field::IntForm
        | Field::IntWord
        | Field::IntHigh
        | Field::FunctionCode
        | Field::FunctionClosure
        | Field::FunctionGlobals
        | Field::FunctionBuiltins
        | Field::FunctionDefaults
        | Field::SliceStart
        | Field::NativeBinding
        | Field::NativeOwner
        | Field::MethodFunction
        | Field::MethodOwner
        | Field::RangeStart
        | Field::RangeStop
        | Field::RangeStep
        | Field::RangeLen
        | Field::RangeIterStep
        | Field::EnumerateIter
        | Field::GeneratorIp
        | Field::GeneratorHandled
        | Field::DictLen
        | Field::DictEntries
        | Field::DictUsed
        | Field::DictIterExpected
        | Field::DictIterLimit
        | Field::InstanceOverflow
        | Field::OwnValue(_)
        | Field::OwnWord(_) => Stored::Nothing,
    }
}

/// What a field holds goes nowhere else: an array, or what tier 1 takes to change in ways of its own.
pub fn is_internal(field: Field) -> bool {
    matches!(
        field,
        Field::ListItems
            | Field::RawStorage
            | Field::DictEntries
            | Field::InstanceOverflow
            | Field::FunctionCode
            | Field::FunctionGlobals
            | Field::FunctionBuiltins
    )
}

/// A result may be unbound, and is a value only behind a guard that it is not.
pub fn may_be_unbound(op: &Op) -> bool {
    match op {
        Op::LoadField { .. } | Op::LoadSlot { .. } | Op::LoadGeneratorSlot { .. } => true,
        Op::CallHelper { helper } => matches!(
            helper,
            Helper::IterNext
                | Helper::IntBinary
                | Helper::SimpleGet
                | Helper::SimpleMin
                | Helper::SimpleMax
                | Helper::SimpleSetOperation
                | Helper::DictGetStr
        ),
        _ => false,
    }
}

/// Nothing is asked of the inputs but their kinds.
pub fn is_plain(op: &Op) -> bool {
    match op.effect() {
        Effect::Pure | Effect::Exits | Effect::Raises => !matches!(
            op,
            Op::UnboxInt {}
                | Op::UnboxFloat {}
                | Op::UnboxBool {}
                | Op::BoxSmallInt {}
                | Op::IntAddWrap {}
                | Op::IntSubWrap {}
                | Op::IntMulWrap {}
                | Op::IntBinary { .. }
                | Op::ValueIs {}
        ),
        Effect::Guard => true,
        Effect::Reads
        | Effect::Writes
        | Effect::Allocates
        | Effect::Escapes
        | Effect::Entry
        | Effect::Check
        | Effect::Control => false,
    }
}

/// Where blocks begin and end: no step of a straight trace.
pub fn is_structure(op: &Op) -> bool {
    op.is_terminator()
        || matches!(
            op,
            Op::StoreFrame { .. }
                | Op::LoadHome { .. }
                | Op::LoopStart {}
                | Op::Phi { .. }
                | Op::PushFrame { .. }
                | Op::SideEntry { .. }
        )
}
