//! The instructions of tier 1: CPython's, some split by their argument, and the specialized ones.

use super::dispatch::State;
use super::handlers as h;
use crate::bytecode::Opcode;
use crate::vm::Vm;

/// Runs one instruction; gives the state before the next.
pub type Handler = unsafe fn(&mut Vm, State) -> State;

/// The table of instructions: name, handler, and how threaded dispatch gets at it: `inlined` into the code that ends
/// with the jump to the next handler, `called` from it, or `fused`: inlined in a form that also runs the branch behind it.
#[macro_export]
macro_rules! for_each_op {
    ($apply:ident) => {
        $apply! {
            // Moving values.
            Nop = h::moves::nop, inlined;
            LoadFast = h::moves::load_fast, inlined;
            LoadFastPair = h::moves::load_fast_pair, inlined;
            LoadFastCheck = h::moves::load_fast_check, inlined;
            LoadFastAndClear = h::moves::load_fast_and_clear, inlined;
            StoreFast = h::moves::store_fast, inlined;
            StoreFastLoadFast = h::moves::store_fast_load_fast, inlined;
            StoreFastStoreFast = h::moves::store_fast_store_fast, inlined;
            DeleteFast = h::moves::delete_fast, called;
            LoadConst = h::moves::load_const, inlined;
            PopTop = h::moves::pop_top, inlined;
            PushNull = h::moves::push_null, inlined;
            Copy = h::moves::copy, inlined;
            Swap = h::moves::swap, inlined;
            LoadDeref = h::moves::load_deref, inlined;
            StoreDeref = h::moves::store_deref, inlined;
            DeleteDeref = h::moves::delete_deref, called;
            MakeCell = h::moves::make_cell, called;
            CopyFreeVars = h::moves::copy_free_vars, called;
            LoadFromDictOrDeref = h::names::load_from_dict_or_deref, called;
            // Names.
            LoadGlobal = h::names::load_global, called;
            LoadGlobalModule = h::names::load_global_module, inlined;
            LoadGlobalBuiltin = h::names::load_global_builtin, inlined;
            StoreGlobal = h::names::store_global, called;
            DeleteGlobal = h::names::delete_global, called;
            LoadName = h::names::load_name, called;
            StoreName = h::names::store_name, called;
            DeleteName = h::names::delete_name, called;
            LoadFromDictOrGlobals = h::names::load_from_dict_or_globals, called;
            LoadLocals = h::names::load_locals, called;
            LoadBuildClass = h::names::load_build_class, called;
            LoadCommonConstant = h::names::load_common_constant, called;
            SetupAnnotations = h::names::setup_annotations, called;
            ImportName = h::names::import_name, called;
            ImportFrom = h::names::import_from, called;
            // Arithmetic.
            BinaryAdd = h::arithmetic::binary_add, inlined;
            BinarySubtract = h::arithmetic::binary_subtract, inlined;
            BinaryMultiply = h::arithmetic::binary_multiply, inlined;
            BinaryTrueDivide = h::arithmetic::binary_true_divide, inlined;
            BinaryFloorDivide = h::arithmetic::binary_floor_divide, inlined;
            BinaryRemainder = h::arithmetic::binary_remainder, inlined;
            BinaryAnd = h::arithmetic::binary_and, inlined;
            BinaryOr = h::arithmetic::binary_or, inlined;
            BinarySubscript = h::arithmetic::binary_subscript, inlined;
            BinaryOther = h::arithmetic::binary_other, called;
            UnaryNegative = h::arithmetic::unary_negative, called;
            UnaryInvert = h::arithmetic::unary_invert, called;
            UnaryNot = h::arithmetic::unary_not, inlined;
            ToBool = h::arithmetic::to_bool, fused(h::arithmetic::to_bool_branch);
            CompareLt = h::arithmetic::compare_lt, fused(h::arithmetic::compare_lt_branch);
            CompareLe = h::arithmetic::compare_le, fused(h::arithmetic::compare_le_branch);
            CompareEq = h::arithmetic::compare_eq, fused(h::arithmetic::compare_eq_branch);
            CompareNe = h::arithmetic::compare_ne, fused(h::arithmetic::compare_ne_branch);
            CompareGt = h::arithmetic::compare_gt, fused(h::arithmetic::compare_gt_branch);
            CompareGe = h::arithmetic::compare_ge, fused(h::arithmetic::compare_ge_branch);
            IsOp = h::arithmetic::is_op, fused(h::arithmetic::is_op_branch);
            ContainsOp = h::arithmetic::contains_op, inlined;
            // Containers.
            StoreSubscript = h::containers::store_subscript, inlined;
            DeleteSubscript = h::containers::delete_subscript, called;
            BinarySlice = h::containers::binary_slice, called;
            StoreSlice = h::containers::store_slice, called;
            BuildTuple = h::containers::build_tuple, called;
            BuildList = h::containers::build_list, called;
            BuildMap = h::containers::build_map, called;
            BuildSet = h::containers::build_set, called;
            BuildSlice = h::containers::build_slice, called;
            BuildString = h::containers::build_string, called;
            ListAppend = h::containers::list_append, inlined;
            ListExtend = h::containers::list_extend, called;
            SetAdd = h::containers::set_add, called;
            SetUpdate = h::containers::set_update, called;
            MapAdd = h::containers::map_add, called;
            DictMerge = h::containers::dict_merge, called;
            DictUpdate = h::containers::dict_update, called;
            UnpackSequence = h::containers::unpack_sequence, inlined;
            UnpackEx = h::containers::unpack_ex, called;
            FormatSimple = h::containers::format_simple, called;
            FormatWithSpec = h::containers::format_with_spec, called;
            ConvertValue = h::containers::convert_value, called;
            BuildTemplate = h::containers::build_template, called;
            BuildInterpolation = h::containers::build_interpolation, called;
            GetLen = h::containers::get_len, called;
            MatchClass = h::containers::match_class, called;
            MatchKeys = h::containers::match_keys, called;
            MatchMapping = h::containers::match_mapping, called;
            MatchSequence = h::containers::match_sequence, called;
            // Control.
            JumpForward = h::control::jump_forward, inlined;
            JumpBackward = h::control::jump_backward, inlined;
            JumpBackwardCounting = h::control::jump_backward_counting, inlined;
            JumpBackwardNoInterrupt = h::control::jump_forward, inlined;
            PopJumpIfFalse = h::control::pop_jump_if_false, fused(h::control::pop_jump_if_false_threaded);
            PopJumpIfTrue = h::control::pop_jump_if_true, fused(h::control::pop_jump_if_true_threaded);
            PopJumpIfNone = h::control::pop_jump_if_none, fused(h::control::pop_jump_if_none_threaded);
            PopJumpIfNotNone = h::control::pop_jump_if_not_none, fused(h::control::pop_jump_if_not_none_threaded);
            GetIter = h::control::get_iter, called;
            ForIter = h::control::for_iter, inlined;
            EndFor = h::moves::pop_top, inlined;
            PopIter = h::moves::pop_top, inlined;
            Resume = h::control::resume, inlined;
            ResumeCounting = h::control::resume_counting, inlined;
            EnterExecutor = h::control::enter_executor, called;
            // Calls.
            Call = h::calls::call, inlined;
            CallKw = h::calls::call_kw, called;
            CallFunctionEx = h::calls::call_function_ex, called;
            CallIntrinsic1 = h::calls::call_intrinsic_1, called;
            CallIntrinsic2 = h::calls::call_intrinsic_2, called;
            ReturnValue = h::calls::return_value, inlined;
            MakeFunction = h::calls::make_function, called;
            SetFunctionAttribute = h::calls::set_function_attribute, called;
            // Attributes.
            LoadAttr = h::attributes::load_attr, inlined;
            LoadAttrSlot = h::attributes::load_attr_slot, inlined;
            LoadAttrMethod = h::attributes::load_attr_method, inlined;
            LoadAttrClassValue = h::attributes::load_attr_class_value, inlined;
            LoadAttrOfClass = h::attributes::load_attr_of_class, inlined;
            StoreAttr = h::attributes::store_attr, inlined;
            StoreAttrSlot = h::attributes::store_attr_slot, inlined;
            StoreAttrAdd = h::attributes::store_attr_add, inlined;
            DeleteAttr = h::attributes::delete_attr, called;
            LoadSuperAttr = h::attributes::load_super_attr, called;
            LoadSpecial = h::attributes::load_special, called;
            // Exceptions.
            RaiseVarargs = h::exceptions::raise_varargs, called;
            Reraise = h::exceptions::reraise, called;
            PushExcInfo = h::exceptions::push_exc_info, inlined;
            PopExcept = h::exceptions::pop_except, inlined;
            CheckExcMatch = h::exceptions::check_exc_match, called;
            WithExceptStart = h::exceptions::with_except_start, called;
            // Generators.
            ReturnGenerator = h::generators::return_generator, called;
            YieldValue = h::generators::yield_value, inlined;
            Send = h::generators::send, called;
            EndSend = h::generators::end_send, inlined;
            GetAwaitable = h::generators::get_awaitable, called;
            GetYieldFromIter = h::generators::get_yield_from_iter, called;
            CleanupThrow = h::generators::cleanup_throw, called;
            CheckGroupMatch = h::exceptions::check_group_match, called;
            GetAsyncIter = h::generators::get_async_iter, called;
            GetAsyncNext = h::generators::get_async_next, called;
            EndAsyncFor = h::generators::end_async_for, called;
            // Everything that is not done yet.
            NotDone = h::exceptions::not_done, called;
        }
    };
}

macro_rules! define_ops {
    ($($name:ident = $handler:path, $how:ident $(($fused:path))?;)*) => {
        /// An instruction of tier 1.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum Op { $($name,)* }
        impl Op {
            pub const ALL: &'static [Op] = &[$(Op::$name,)*];
        }
        /// The handler of each instruction, and then what tells of each.
        pub static HANDLERS: &[Handler] = &{
            let plain: [Handler; N_OPS] = [$($handler,)*];
            let mut all: [Handler; 2 * N_OPS] = [crate::watch::watched; 2 * N_OPS];
            let mut number = 0;
            while number < N_OPS {
                all[number] = plain[number];
                number += 1;
            }
            all
        };
    };
}
for_each_op!(define_ops);

const N_OPS: usize = Op::ALL.len();
/// What is added to the number of an instruction that somebody is told of before it runs.
pub const WATCHED: u16 = N_OPS as u16;

impl Op {
    /// The instruction of a number, whether it is watched or not.
    pub fn from_number(number: u16) -> Op {
        Op::ALL[(if number >= WATCHED { number - WATCHED } else { number }) as usize]
    }
    /// The same without counting how often it runs.
    pub fn uncounted(self) -> Op {
        match self {
            Op::JumpBackwardCounting => Op::JumpBackward,
            Op::ResumeCounting => Op::Resume,
            op => op,
        }
    }
    /// What a decoded instruction starts as, and its argument.
    pub fn of(opcode: Opcode, arg: u32, counts: bool) -> (Op, u32) {
        use Opcode as C;
        let op = match opcode {
            C::LoadFast | C::LoadFastBorrow => Op::LoadFast,
            C::LoadFastLoadFast | C::LoadFastBorrowLoadFastBorrow => Op::LoadFastPair,
            C::BinaryOp => return binary(arg),
            C::CompareOp => {
                let op = [Op::CompareLt, Op::CompareLe, Op::CompareEq, Op::CompareNe, Op::CompareGt, Op::CompareGe]
                    [(arg >> 5) as usize % 6];
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
            C::BuildTemplate => Op::BuildTemplate,
            C::BuildInterpolation => Op::BuildInterpolation,
            C::ExitInitCheck | C::InterpreterExit | C::Reserved | C::ExtendedArg => {
                return (Op::NotDone, opcode as u32);
            }
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
