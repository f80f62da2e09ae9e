//! The instructions of CPython 3.14, each defined once.

/// One row an instruction: CPython's number and name, the variant, how many 16-bit cache units follow it in `co_code`,
/// what it pops and pushes (of its argument `n`) where it falls through, and what its argument means.
///
/// `FOR_ITER` and `SEND` push as much where they jump; the instruction at the target takes it off again.
#[macro_export]
macro_rules! for_each_instruction { ($apply:ident) => { $apply! {
    0 CACHE = Cache, caches 0, stack |_| (0 => 0), None;
    1 BINARY_SLICE = BinarySlice, caches 0, stack |_| (3 => 1), None;
    2 BUILD_TEMPLATE = BuildTemplate, caches 0, stack |_| (2 => 1), None;
    4 CALL_FUNCTION_EX = CallFunctionEx, caches 0, stack |_| (4 => 1), None;
    5 CHECK_EG_MATCH = CheckEgMatch, caches 0, stack |_| (2 => 2), None;
    6 CHECK_EXC_MATCH = CheckExcMatch, caches 0, stack |_| (2 => 2), None;
    7 CLEANUP_THROW = CleanupThrow, caches 0, stack |_| (3 => 2), None;
    8 DELETE_SUBSCR = DeleteSubscr, caches 0, stack |_| (2 => 0), None;
    9 END_FOR = EndFor, caches 0, stack |_| (1 => 0), None;
    10 END_SEND = EndSend, caches 0, stack |_| (2 => 1), None;
    11 EXIT_INIT_CHECK = ExitInitCheck, caches 0, stack |_| (1 => 0), None;
    12 FORMAT_SIMPLE = FormatSimple, caches 0, stack |_| (1 => 1), None;
    13 FORMAT_WITH_SPEC = FormatWithSpec, caches 0, stack |_| (2 => 1), None;
    14 GET_AITER = GetAiter, caches 0, stack |_| (1 => 1), None;
    15 GET_ANEXT = GetAnext, caches 0, stack |_| (1 => 2), None;
    16 GET_ITER = GetIter, caches 0, stack |_| (1 => 1), None;
    17 RESERVED = Reserved, caches 0, stack |_| (0 => 0), None;
    18 GET_LEN = GetLen, caches 0, stack |_| (1 => 2), None;
    19 GET_YIELD_FROM_ITER = GetYieldFromIter, caches 0, stack |_| (1 => 1), None;
    20 INTERPRETER_EXIT = InterpreterExit, caches 0, stack |_| (1 => 0), None;
    21 LOAD_BUILD_CLASS = LoadBuildClass, caches 0, stack |_| (0 => 1), None;
    22 LOAD_LOCALS = LoadLocals, caches 0, stack |_| (0 => 1), None;
    23 MAKE_FUNCTION = MakeFunction, caches 0, stack |_| (1 => 1), None;
    24 MATCH_KEYS = MatchKeys, caches 0, stack |_| (2 => 3), None;
    25 MATCH_MAPPING = MatchMapping, caches 0, stack |_| (1 => 2), None;
    26 MATCH_SEQUENCE = MatchSequence, caches 0, stack |_| (1 => 2), None;
    27 NOP = Nop, caches 0, stack |_| (0 => 0), None;
    28 NOT_TAKEN = NotTaken, caches 0, stack |_| (0 => 0), None;
    29 POP_EXCEPT = PopExcept, caches 0, stack |_| (1 => 0), None;
    30 POP_ITER = PopIter, caches 0, stack |_| (1 => 0), None;
    31 POP_TOP = PopTop, caches 0, stack |_| (1 => 0), None;
    32 PUSH_EXC_INFO = PushExcInfo, caches 0, stack |_| (1 => 2), None;
    33 PUSH_NULL = PushNull, caches 0, stack |_| (0 => 1), None;
    34 RETURN_GENERATOR = ReturnGenerator, caches 0, stack |_| (0 => 1), None;
    35 RETURN_VALUE = ReturnValue, caches 0, stack |_| (1 => 1), None;
    36 SETUP_ANNOTATIONS = SetupAnnotations, caches 0, stack |_| (0 => 0), None;
    37 STORE_SLICE = StoreSlice, caches 0, stack |_| (4 => 0), None;
    38 STORE_SUBSCR = StoreSubscr, caches 1, stack |_| (3 => 0), None;
    39 TO_BOOL = ToBool, caches 3, stack |_| (1 => 1), None;
    40 UNARY_INVERT = UnaryInvert, caches 0, stack |_| (1 => 1), None;
    41 UNARY_NEGATIVE = UnaryNegative, caches 0, stack |_| (1 => 1), None;
    42 UNARY_NOT = UnaryNot, caches 0, stack |_| (1 => 1), None;
    43 WITH_EXCEPT_START = WithExceptStart, caches 0, stack |_| (5 => 6), None;
    44 BINARY_OP = BinaryOp, caches 5, stack |_| (2 => 1), Binary;
    45 BUILD_INTERPOLATION = BuildInterpolation, caches 0, stack |n| (2 + (n & 1) => 1), Plain;
    46 BUILD_LIST = BuildList, caches 0, stack |n| (n => 1), Plain;
    47 BUILD_MAP = BuildMap, caches 0, stack |n| (2 * n => 1), Plain;
    48 BUILD_SET = BuildSet, caches 0, stack |n| (n => 1), Plain;
    49 BUILD_SLICE = BuildSlice, caches 0, stack |n| (n => 1), Plain;
    50 BUILD_STRING = BuildString, caches 0, stack |n| (n => 1), Plain;
    51 BUILD_TUPLE = BuildTuple, caches 0, stack |n| (n => 1), Plain;
    52 CALL = Call, caches 3, stack |n| (n + 2 => 1), Plain;
    53 CALL_INTRINSIC_1 = CallIntrinsic1, caches 0, stack |_| (1 => 1), Intrinsic1;
    54 CALL_INTRINSIC_2 = CallIntrinsic2, caches 0, stack |_| (2 => 1), Intrinsic2;
    55 CALL_KW = CallKw, caches 3, stack |n| (n + 3 => 1), Plain;
    56 COMPARE_OP = CompareOp, caches 1, stack |_| (2 => 1), Compare;
    57 CONTAINS_OP = ContainsOp, caches 1, stack |_| (2 => 1), Contains;
    58 CONVERT_VALUE = ConvertValue, caches 0, stack |_| (1 => 1), Convert;
    59 COPY = Copy, caches 0, stack |n| (n => n + 1), Plain;
    60 COPY_FREE_VARS = CopyFreeVars, caches 0, stack |_| (0 => 0), Plain;
    61 DELETE_ATTR = DeleteAttr, caches 0, stack |_| (1 => 0), Name;
    62 DELETE_DEREF = DeleteDeref, caches 0, stack |_| (0 => 0), Local;
    63 DELETE_FAST = DeleteFast, caches 0, stack |_| (0 => 0), Local;
    64 DELETE_GLOBAL = DeleteGlobal, caches 0, stack |_| (0 => 0), Name;
    65 DELETE_NAME = DeleteName, caches 0, stack |_| (0 => 0), Name;
    66 DICT_MERGE = DictMerge, caches 0, stack |n| (n + 4 => n + 3), Plain;
    67 DICT_UPDATE = DictUpdate, caches 0, stack |n| (n + 1 => n), Plain;
    68 END_ASYNC_FOR = EndAsyncFor, caches 0, stack |_| (2 => 0), Backward;
    69 EXTENDED_ARG = ExtendedArg, caches 0, stack |_| (0 => 0), Plain;
    70 FOR_ITER = ForIter, caches 1, stack |_| (1 => 2), Forward;
    71 GET_AWAITABLE = GetAwaitable, caches 0, stack |_| (1 => 1), Plain;
    72 IMPORT_FROM = ImportFrom, caches 0, stack |_| (1 => 2), Name;
    73 IMPORT_NAME = ImportName, caches 0, stack |_| (2 => 1), Name;
    74 IS_OP = IsOp, caches 0, stack |_| (2 => 1), Is;
    75 JUMP_BACKWARD = JumpBackward, caches 1, stack |_| (0 => 0), Backward;
    76 JUMP_BACKWARD_NO_INTERRUPT = JumpBackwardNoInterrupt, caches 0, stack |_| (0 => 0), Backward;
    77 JUMP_FORWARD = JumpForward, caches 0, stack |_| (0 => 0), Forward;
    78 LIST_APPEND = ListAppend, caches 0, stack |n| (n + 1 => n), Plain;
    79 LIST_EXTEND = ListExtend, caches 0, stack |n| (n + 1 => n), Plain;
    80 LOAD_ATTR = LoadAttr, caches 9, stack |n| (1 => 1 + (n & 1)), AttrName;
    81 LOAD_COMMON_CONSTANT = LoadCommonConstant, caches 0, stack |_| (0 => 1), CommonConstant;
    82 LOAD_CONST = LoadConst, caches 0, stack |_| (0 => 1), Const;
    83 LOAD_DEREF = LoadDeref, caches 0, stack |_| (0 => 1), Local;
    84 LOAD_FAST = LoadFast, caches 0, stack |_| (0 => 1), Local;
    85 LOAD_FAST_AND_CLEAR = LoadFastAndClear, caches 0, stack |_| (0 => 1), Local;
    86 LOAD_FAST_BORROW = LoadFastBorrow, caches 0, stack |_| (0 => 1), Local;
    87 LOAD_FAST_BORROW_LOAD_FAST_BORROW = LoadFastBorrowLoadFastBorrow, caches 0, stack |_| (0 => 2), LocalPair;
    88 LOAD_FAST_CHECK = LoadFastCheck, caches 0, stack |_| (0 => 1), Local;
    89 LOAD_FAST_LOAD_FAST = LoadFastLoadFast, caches 0, stack |_| (0 => 2), LocalPair;
    90 LOAD_FROM_DICT_OR_DEREF = LoadFromDictOrDeref, caches 0, stack |_| (1 => 1), Local;
    91 LOAD_FROM_DICT_OR_GLOBALS = LoadFromDictOrGlobals, caches 0, stack |_| (1 => 1), Name;
    92 LOAD_GLOBAL = LoadGlobal, caches 4, stack |n| (0 => 1 + (n & 1)), GlobalName;
    93 LOAD_NAME = LoadName, caches 0, stack |_| (0 => 1), Name;
    94 LOAD_SMALL_INT = LoadSmallInt, caches 0, stack |_| (0 => 1), Plain;
    95 LOAD_SPECIAL = LoadSpecial, caches 0, stack |_| (1 => 2), Special;
    96 LOAD_SUPER_ATTR = LoadSuperAttr, caches 1, stack |n| (3 => 1 + (n & 1)), SuperName;
    97 MAKE_CELL = MakeCell, caches 0, stack |_| (0 => 0), Local;
    98 MAP_ADD = MapAdd, caches 0, stack |n| (n + 2 => n), Plain;
    99 MATCH_CLASS = MatchClass, caches 0, stack |_| (3 => 1), Plain;
    100 POP_JUMP_IF_FALSE = PopJumpIfFalse, caches 1, stack |_| (1 => 0), Forward;
    101 POP_JUMP_IF_NONE = PopJumpIfNone, caches 1, stack |_| (1 => 0), Forward;
    102 POP_JUMP_IF_NOT_NONE = PopJumpIfNotNone, caches 1, stack |_| (1 => 0), Forward;
    103 POP_JUMP_IF_TRUE = PopJumpIfTrue, caches 1, stack |_| (1 => 0), Forward;
    104 RAISE_VARARGS = RaiseVarargs, caches 0, stack |n| (n => 0), Plain;
    105 RERAISE = Reraise, caches 0, stack |n| (n + 1 => n), Plain;
    106 SEND = Send, caches 1, stack |_| (2 => 2), Forward;
    107 SET_ADD = SetAdd, caches 0, stack |n| (n + 1 => n), Plain;
    108 SET_FUNCTION_ATTRIBUTE = SetFunctionAttribute, caches 0, stack |_| (2 => 1), FunctionAttribute;
    109 SET_UPDATE = SetUpdate, caches 0, stack |n| (n + 1 => n), Plain;
    110 STORE_ATTR = StoreAttr, caches 4, stack |_| (2 => 0), Name;
    111 STORE_DEREF = StoreDeref, caches 0, stack |_| (1 => 0), Local;
    112 STORE_FAST = StoreFast, caches 0, stack |_| (1 => 0), Local;
    113 STORE_FAST_LOAD_FAST = StoreFastLoadFast, caches 0, stack |_| (1 => 1), LocalPair;
    114 STORE_FAST_STORE_FAST = StoreFastStoreFast, caches 0, stack |_| (2 => 0), LocalPair;
    115 STORE_GLOBAL = StoreGlobal, caches 0, stack |_| (1 => 0), Name;
    116 STORE_NAME = StoreName, caches 0, stack |_| (1 => 0), Name;
    117 SWAP = Swap, caches 0, stack |n| (n => n), Plain;
    118 UNPACK_EX = UnpackEx, caches 0, stack |n| (1 => 1 + (n & 0xFF) + (n >> 8)), Plain;
    119 UNPACK_SEQUENCE = UnpackSequence, caches 1, stack |n| (1 => n), Plain;
    120 YIELD_VALUE = YieldValue, caches 0, stack |_| (1 => 1), Plain;
    128 RESUME = Resume, caches 0, stack |_| (0 => 0), Plain;
} } }

/// What an instruction's argument means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operand {
    /// Ignored.
    None,
    /// A count, a depth or a set of bits.
    Plain,
    /// Index into the constants.
    Const,
    /// Index into the names.
    Name,
    /// `name << 1 | push the unbound method and its owner`.
    AttrName,
    /// `name << 1 | push a null under it`.
    GlobalName,
    /// `name << 2 | two-argument form << 1 | method`.
    SuperName,
    /// Index into the locals, cells and free variables.
    Local,
    /// Two such, `first << 4 | second`.
    LocalPair,
    /// Jump, in units after the instruction and its caches.
    Forward,
    /// Jump, in units before them.
    Backward,
    /// Index into [`BINARY_OPERATORS`].
    Binary,
    /// `index into COMPARE_OPERATORS << 5 | as bool << 4 | mask`.
    Compare,
    /// 1 is `not in`.
    Contains,
    /// 1 is `is not`.
    Is,
    /// 1 str, 2 repr, 3 ascii.
    Convert,
    /// Index into [`INTRINSICS_1`].
    Intrinsic1,
    /// Index into [`INTRINSICS_2`].
    Intrinsic2,
    /// Index into [`SPECIAL_METHODS`].
    Special,
    /// Index into [`COMMON_CONSTANTS`].
    CommonConstant,
    /// One bit of [`FUNCTION_ATTRIBUTES`].
    FunctionAttribute,
}

/// How a jump's argument counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Forward,
    Backward,
}

/// `BINARY_OP`'s operators; from 13 on they are the in-place ones, and 26 is the subscript.
pub const BINARY_OPERATORS: [&str; 27] = [
    "+", "&", "//", "<<", "@", "*", "%", "|", "**", ">>", "-", "/", "^", "+=", "&=", "//=", "<<=", "@=", "*=", "%=",
    "|=", "**=", ">>=", "-=", "/=", "^=", "[]",
];
/// `COMPARE_OP`'s operators.
pub const COMPARE_OPERATORS: [&str; 6] = ["<", "<=", "==", "!=", ">", ">="];
/// `CALL_INTRINSIC_1`'s functions.
pub const INTRINSICS_1: [&str; 12] = [
    "INTRINSIC_1_INVALID",
    "INTRINSIC_PRINT",
    "INTRINSIC_IMPORT_STAR",
    "INTRINSIC_STOPITERATION_ERROR",
    "INTRINSIC_ASYNC_GEN_WRAP",
    "INTRINSIC_UNARY_POSITIVE",
    "INTRINSIC_LIST_TO_TUPLE",
    "INTRINSIC_TYPEVAR",
    "INTRINSIC_PARAMSPEC",
    "INTRINSIC_TYPEVARTUPLE",
    "INTRINSIC_SUBSCRIPT_GENERIC",
    "INTRINSIC_TYPEALIAS",
];
/// `CALL_INTRINSIC_2`'s functions.
pub const INTRINSICS_2: [&str; 6] = [
    "INTRINSIC_2_INVALID",
    "INTRINSIC_PREP_RERAISE_STAR",
    "INTRINSIC_TYPEVAR_WITH_BOUND",
    "INTRINSIC_TYPEVAR_WITH_CONSTRAINTS",
    "INTRINSIC_SET_FUNCTION_TYPE_PARAMS",
    "INTRINSIC_SET_TYPEPARAM_DEFAULT",
];
/// `LOAD_SPECIAL`'s methods.
pub const SPECIAL_METHODS: [&str; 4] = ["__enter__", "__exit__", "__aenter__", "__aexit__"];
/// `LOAD_COMMON_CONSTANT`'s constants.
pub const COMMON_CONSTANTS: [&str; 7] = ["AssertionError", "NotImplementedError", "tuple", "all", "any", "list", "set"];
/// `SET_FUNCTION_ATTRIBUTE`'s bits, from the lowest.
pub const FUNCTION_ATTRIBUTES: [&str; 5] = ["defaults", "kwdefaults", "annotations", "closure", "annotate"];

macro_rules! define_opcode {
    ($($number:literal $name:ident = $variant:ident, caches $caches:literal,
       stack |$n:pat_param| ($pops:expr => $pushes:expr), $operand:ident;)*) => {
        /// An instruction. The numbers are CPython's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Opcode {
            $(
                #[doc = concat!("`", stringify!($name), "`")]
                $variant = $number,
            )*
        }

        impl Opcode {
            /// All, in the order of their numbers.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$variant),*];

            /// The instruction of CPython's number; `None` for numbers that the compiler does not emit.
            pub const fn from_number(number: u8) -> Option<Opcode> {
                match number {
                    $($number => Some(Opcode::$variant),)*
                    _ => None,
                }
            }

            /// CPython's name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Opcode::$variant => stringify!($name),)*
                }
            }

            /// How many units of inline cache follow it in `co_code`.
            pub const fn n_cache_units(self) -> usize {
                match self {
                    $(Opcode::$variant => $caches,)*
                }
            }

            /// What its argument means.
            pub const fn operand(self) -> Operand {
                match self {
                    $(Opcode::$variant => Operand::$operand,)*
                }
            }

            /// How many values it pops and then pushes with argument `arg`, where it falls through.
            pub const fn stack_effect(self, arg: u32) -> (u32, u32) {
                match self {
                    $(Opcode::$variant => {
                        let $n = arg;
                        ($pops, $pushes)
                    })*
                }
            }
        }
    };
}
for_each_instruction!(define_opcode);

impl Opcode {
    /// CPython's number.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Whether and how it jumps. `END_ASYNC_FOR`'s argument only tells where its loop is, but counts like a jump's.
    pub const fn jump(self) -> Option<Direction> {
        match self.operand() {
            Operand::Forward => Some(Direction::Forward),
            Operand::Backward => Some(Direction::Backward),
            _ => None,
        }
    }

    /// Whether control never goes on to the next instruction.
    pub const fn ends_block(self) -> bool {
        matches!(
            self,
            Opcode::ReturnValue
                | Opcode::RaiseVarargs
                | Opcode::Reraise
                | Opcode::InterpreterExit
                | Opcode::JumpForward
                | Opcode::JumpBackward
                | Opcode::JumpBackwardNoInterrupt
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustpython_compiler_core::bytecode::Instruction as Theirs;

    #[test]
    fn the_table_agrees_with_the_compiler() {
        for &opcode in Opcode::ALL {
            let theirs = Theirs::try_from(opcode.number()).unwrap();
            assert_eq!(opcode.n_cache_units(), theirs.cache_entries(), "{opcode:?}");
            assert_eq!(Opcode::from_number(opcode.number()), Some(opcode));
            for arg in [1, 2, 3, 7] {
                let (pops, pushes) = opcode.stack_effect(arg);
                let net = i64::from(pushes) - i64::from(pops);
                assert_eq!(net, i64::from(theirs.stack_effect(arg)), "{opcode:?} {arg}");
            }
            assert_eq!(opcode.jump().is_some(), theirs.as_opcode().has_jump(), "{opcode:?}");
        }
    }
}
