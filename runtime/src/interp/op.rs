//! The instructions of tier 1: CPython's, some split by their argument, and the specialized ones.

use super::dispatch::State;
use super::handlers as h;
use crate::bytecode::Opcode;
use crate::vm::Vm;

/// Runs one instruction; gives the state before the next.
pub type Handler = unsafe fn(&mut Vm, State) -> State;

#[macro_export]
macro_rules! for_each_op { ($apply:ident) => { $apply! {
    // Moving values.
    Nop = h::moves::nop;
    LoadFast = h::moves::load_fast;
    LoadFastPair = h::moves::load_fast_pair;
    LoadFastCheck = h::moves::load_fast_check;
    LoadFastAndClear = h::moves::load_fast_and_clear;
    StoreFast = h::moves::store_fast;
    StoreFastLoadFast = h::moves::store_fast_load_fast;
    StoreFastStoreFast = h::moves::store_fast_store_fast;
    DeleteFast = h::moves::delete_fast;
    LoadConst = h::moves::load_const;
    PopTop = h::moves::pop_top;
    PushNull = h::moves::push_null;
    Copy = h::moves::copy;
    Swap = h::moves::swap;
    LoadDeref = h::moves::load_deref;
    StoreDeref = h::moves::store_deref;
    DeleteDeref = h::moves::delete_deref;
    MakeCell = h::moves::make_cell;
    CopyFreeVars = h::moves::copy_free_vars;
    LoadFromDictOrDeref = h::names::load_from_dict_or_deref;
    // Names.
    LoadGlobal = h::names::load_global;
    LoadGlobalModule = h::names::load_global_module;
    LoadGlobalBuiltin = h::names::load_global_builtin;
    StoreGlobal = h::names::store_global;
    DeleteGlobal = h::names::delete_global;
    LoadName = h::names::load_name;
    StoreName = h::names::store_name;
    DeleteName = h::names::delete_name;
    LoadFromDictOrGlobals = h::names::load_from_dict_or_globals;
    LoadLocals = h::names::load_locals;
    LoadBuildClass = h::names::load_build_class;
    LoadCommonConstant = h::names::load_common_constant;
    SetupAnnotations = h::names::setup_annotations;
    ImportName = h::names::import_name;
    ImportFrom = h::names::import_from;
    // Arithmetic.
    BinaryAdd = h::arithmetic::binary_add;
    BinarySubtract = h::arithmetic::binary_subtract;
    BinaryMultiply = h::arithmetic::binary_multiply;
    BinaryTrueDivide = h::arithmetic::binary_true_divide;
    BinaryFloorDivide = h::arithmetic::binary_floor_divide;
    BinaryRemainder = h::arithmetic::binary_remainder;
    BinaryAnd = h::arithmetic::binary_and;
    BinaryOr = h::arithmetic::binary_or;
    BinarySubscript = h::arithmetic::binary_subscript;
    BinaryOther = h::arithmetic::binary_other;
    UnaryNegative = h::arithmetic::unary_negative;
    UnaryInvert = h::arithmetic::unary_invert;
    UnaryNot = h::arithmetic::unary_not;
    ToBool = h::arithmetic::to_bool;
    CompareLt = h::arithmetic::compare_lt;
    CompareLe = h::arithmetic::compare_le;
    CompareEq = h::arithmetic::compare_eq;
    CompareNe = h::arithmetic::compare_ne;
    CompareGt = h::arithmetic::compare_gt;
    CompareGe = h::arithmetic::compare_ge;
    IsOp = h::arithmetic::is_op;
    ContainsOp = h::arithmetic::contains_op;
    // Containers.
    StoreSubscript = h::containers::store_subscript;
    DeleteSubscript = h::containers::delete_subscript;
    BinarySlice = h::containers::binary_slice;
    StoreSlice = h::containers::store_slice;
    BuildTuple = h::containers::build_tuple;
    BuildList = h::containers::build_list;
    BuildMap = h::containers::build_map;
    BuildSet = h::containers::build_set;
    BuildSlice = h::containers::build_slice;
    BuildString = h::containers::build_string;
    ListAppend = h::containers::list_append;
    ListExtend = h::containers::list_extend;
    SetAdd = h::containers::set_add;
    SetUpdate = h::containers::set_update;
    MapAdd = h::containers::map_add;
    DictMerge = h::containers::dict_merge;
    DictUpdate = h::containers::dict_update;
    UnpackSequence = h::containers::unpack_sequence;
    UnpackEx = h::containers::unpack_ex;
    FormatSimple = h::containers::format_simple;
    FormatWithSpec = h::containers::format_with_spec;
    ConvertValue = h::containers::convert_value;
    GetLen = h::containers::get_len;
    MatchClass = h::containers::match_class;
    MatchKeys = h::containers::match_keys;
    MatchMapping = h::containers::match_mapping;
    MatchSequence = h::containers::match_sequence;
    // Control.
    JumpForward = h::control::jump_forward;
    JumpBackward = h::control::jump_backward;
    JumpBackwardCounting = h::control::jump_backward_counting;
    JumpBackwardNoInterrupt = h::control::jump_forward;
    PopJumpIfFalse = h::control::pop_jump_if_false;
    PopJumpIfTrue = h::control::pop_jump_if_true;
    PopJumpIfNone = h::control::pop_jump_if_none;
    PopJumpIfNotNone = h::control::pop_jump_if_not_none;
    GetIter = h::control::get_iter;
    ForIter = h::control::for_iter;
    EndFor = h::moves::pop_top;
    PopIter = h::moves::pop_top;
    Resume = h::control::resume;
    ResumeCounting = h::control::resume_counting;
    EnterExecutor = h::control::enter_executor;
    // Calls.
    Call = h::calls::call;
    CallKw = h::calls::call_kw;
    CallFunctionEx = h::calls::call_function_ex;
    CallIntrinsic1 = h::calls::call_intrinsic_1;
    CallIntrinsic2 = h::calls::call_intrinsic_2;
    ReturnValue = h::calls::return_value;
    MakeFunction = h::calls::make_function;
    SetFunctionAttribute = h::calls::set_function_attribute;
    // Attributes.
    LoadAttr = h::attributes::load_attr;
    LoadAttrSlot = h::attributes::load_attr_slot;
    LoadAttrMethod = h::attributes::load_attr_method;
    LoadAttrClassValue = h::attributes::load_attr_class_value;
    LoadAttrOfClass = h::attributes::load_attr_of_class;
    StoreAttr = h::attributes::store_attr;
    StoreAttrSlot = h::attributes::store_attr_slot;
    StoreAttrAdd = h::attributes::store_attr_add;
    DeleteAttr = h::attributes::delete_attr;
    LoadSuperAttr = h::attributes::load_super_attr;
    LoadSpecial = h::attributes::load_special;
    // Exceptions.
    RaiseVarargs = h::exceptions::raise_varargs;
    Reraise = h::exceptions::reraise;
    PushExcInfo = h::exceptions::push_exc_info;
    PopExcept = h::exceptions::pop_except;
    CheckExcMatch = h::exceptions::check_exc_match;
    WithExceptStart = h::exceptions::with_except_start;
    // Generators.
    ReturnGenerator = h::generators::return_generator;
    YieldValue = h::generators::yield_value;
    Send = h::generators::send;
    EndSend = h::generators::end_send;
    GetAwaitable = h::generators::get_awaitable;
    GetYieldFromIter = h::generators::get_yield_from_iter;
    CleanupThrow = h::generators::cleanup_throw;
    CheckGroupMatch = h::exceptions::check_group_match;
    GetAsyncIter = h::generators::get_async_iter;
    GetAsyncNext = h::generators::get_async_next;
    EndAsyncFor = h::generators::end_async_for;
    // Everything that is not done yet.
    NotDone = h::exceptions::not_done;
} } }

macro_rules! define_ops {
    ($($name:ident = $handler:path;)*) => {
        /// An instruction of tier 1.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum Op { $($name,)* }
        impl Op {
            pub const ALL: &'static [Op] = &[$(Op::$name,)*];
        }
        /// The handler of each instruction.
        pub static HANDLERS: &[Handler] = &[$($handler,)*];
    };
}
for_each_op!(define_ops);

impl Op {
    pub fn from_number(number: u16) -> Op {
        Op::ALL[number as usize]
    }
    /// What a decoded instruction starts as, and its argument.
    pub fn of(opcode: Opcode, arg: u32, counts: bool) -> (Op, u32) {
        use Opcode as C;
        let op = match opcode {
            C::LoadFast | C::LoadFastBorrow => Op::LoadFast,
            C::LoadFastLoadFast | C::LoadFastBorrowLoadFastBorrow => Op::LoadFastPair,
            C::BinaryOp => return binary(arg),
            C::CompareOp => {
                let op = [Op::CompareLt, Op::CompareLe, Op::CompareEq, Op::CompareNe, Op::CompareGt, Op::CompareGe][(arg >> 5) as usize % 6];
                return (op, arg);
            }
            C::JumpBackward if counts => Op::JumpBackwardCounting,
            C::Resume if counts => Op::ResumeCounting,
            C::LoadSmallInt => Op::LoadConst,
            C::Nop | C::NotTaken | C::Cache => Op::Nop,
            C::LoadFastCheck => Op::LoadFastCheck,
            C::LoadFastAndClear => Op::LoadFastAndClear,
            C::StoreFast => Op::StoreFast,
            C::StoreFastLoadFast => Op::StoreFastLoadFast,
            C::StoreFastStoreFast => Op::StoreFastStoreFast,
            C::DeleteFast => Op::DeleteFast,
            C::LoadConst => Op::LoadConst,
            C::PopTop => Op::PopTop,
            C::PushNull => Op::PushNull,
            C::Copy => Op::Copy,
            C::Swap => Op::Swap,
            C::LoadDeref => Op::LoadDeref,
            C::StoreDeref => Op::StoreDeref,
            C::DeleteDeref => Op::DeleteDeref,
            C::MakeCell => Op::MakeCell,
            C::CopyFreeVars => Op::CopyFreeVars,
            C::LoadFromDictOrDeref => Op::LoadFromDictOrDeref,
            C::LoadGlobal => Op::LoadGlobal,
            C::StoreGlobal => Op::StoreGlobal,
            C::DeleteGlobal => Op::DeleteGlobal,
            C::LoadName => Op::LoadName,
            C::StoreName => Op::StoreName,
            C::DeleteName => Op::DeleteName,
            C::LoadFromDictOrGlobals => Op::LoadFromDictOrGlobals,
            C::LoadLocals => Op::LoadLocals,
            C::LoadBuildClass => Op::LoadBuildClass,
            C::LoadCommonConstant => Op::LoadCommonConstant,
            C::SetupAnnotations => Op::SetupAnnotations,
            C::ImportName => Op::ImportName,
            C::ImportFrom => Op::ImportFrom,
            C::UnaryNegative => Op::UnaryNegative,
            C::UnaryInvert => Op::UnaryInvert,
            C::UnaryNot => Op::UnaryNot,
            C::ToBool => Op::ToBool,
            C::IsOp => Op::IsOp,
            C::ContainsOp => Op::ContainsOp,
            C::StoreSubscr => Op::StoreSubscript,
            C::DeleteSubscr => Op::DeleteSubscript,
            C::BinarySlice => Op::BinarySlice,
            C::StoreSlice => Op::StoreSlice,
            C::BuildTuple => Op::BuildTuple,
            C::BuildList => Op::BuildList,
            C::BuildMap => Op::BuildMap,
            C::BuildSet => Op::BuildSet,
            C::BuildSlice => Op::BuildSlice,
            C::BuildString => Op::BuildString,
            C::ListAppend => Op::ListAppend,
            C::ListExtend => Op::ListExtend,
            C::SetAdd => Op::SetAdd,
            C::SetUpdate => Op::SetUpdate,
            C::MapAdd => Op::MapAdd,
            C::DictMerge => Op::DictMerge,
            C::DictUpdate => Op::DictUpdate,
            C::UnpackSequence => Op::UnpackSequence,
            C::UnpackEx => Op::UnpackEx,
            C::FormatSimple => Op::FormatSimple,
            C::FormatWithSpec => Op::FormatWithSpec,
            C::ConvertValue => Op::ConvertValue,
            C::GetLen => Op::GetLen,
            C::MatchClass => Op::MatchClass,
            C::MatchKeys => Op::MatchKeys,
            C::MatchMapping => Op::MatchMapping,
            C::MatchSequence => Op::MatchSequence,
            C::JumpForward => Op::JumpForward,
            C::JumpBackward => Op::JumpBackward,
            C::JumpBackwardNoInterrupt => Op::JumpBackwardNoInterrupt,
            C::PopJumpIfFalse => Op::PopJumpIfFalse,
            C::PopJumpIfTrue => Op::PopJumpIfTrue,
            C::PopJumpIfNone => Op::PopJumpIfNone,
            C::PopJumpIfNotNone => Op::PopJumpIfNotNone,
            C::GetIter => Op::GetIter,
            C::ForIter => Op::ForIter,
            C::EndFor => Op::EndFor,
            C::PopIter => Op::PopIter,
            C::Resume => Op::Resume,
            C::Call => Op::Call,
            C::CallKw => Op::CallKw,
            C::CallFunctionEx => Op::CallFunctionEx,
            C::CallIntrinsic1 => Op::CallIntrinsic1,
            C::CallIntrinsic2 => Op::CallIntrinsic2,
            C::ReturnValue => Op::ReturnValue,
            C::MakeFunction => Op::MakeFunction,
            C::SetFunctionAttribute => Op::SetFunctionAttribute,
            C::LoadAttr => Op::LoadAttr,
            C::StoreAttr => Op::StoreAttr,
            C::DeleteAttr => Op::DeleteAttr,
            C::LoadSuperAttr => Op::LoadSuperAttr,
            C::LoadSpecial => Op::LoadSpecial,
            C::RaiseVarargs => Op::RaiseVarargs,
            C::Reraise => Op::Reraise,
            C::PushExcInfo => Op::PushExcInfo,
            C::PopExcept => Op::PopExcept,
            C::CheckExcMatch => Op::CheckExcMatch,
            C::WithExceptStart => Op::WithExceptStart,
            C::ReturnGenerator => Op::ReturnGenerator,
            C::YieldValue => Op::YieldValue,
            C::Send => Op::Send,
            C::EndSend => Op::EndSend,
            C::GetAwaitable => Op::GetAwaitable,
            C::GetYieldFromIter => Op::GetYieldFromIter,
            C::CleanupThrow => Op::CleanupThrow,
            C::CheckEgMatch => Op::CheckGroupMatch,
            C::GetAiter => Op::GetAsyncIter,
            C::GetAnext => Op::GetAsyncNext,
            C::EndAsyncFor => Op::EndAsyncFor,
            C::BuildTemplate | C::BuildInterpolation | C::ExitInitCheck | C::InterpreterExit | C::Reserved | C::ExtendedArg => return (Op::NotDone, opcode as u32),
        };
        (op, arg)
    }
}

fn binary(arg: u32) -> (Op, u32) {
    let op = match arg {
        0 | 13 => Op::BinaryAdd,
        10 | 23 => Op::BinarySubtract,
        5 | 18 => Op::BinaryMultiply,
        11 | 24 => Op::BinaryTrueDivide,
        2 | 15 => Op::BinaryFloorDivide,
        6 | 19 => Op::BinaryRemainder,
        1 | 14 => Op::BinaryAnd,
        7 | 20 => Op::BinaryOr,
        26 => Op::BinarySubscript,
        _ => Op::BinaryOther,
    };
    (op, arg)
}
