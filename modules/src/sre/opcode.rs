//! The numbers that the library's pattern compiler writes for operations, positions and categories.

macro_rules! numbered {
    ($($name:ident)*) => {
        #[allow(clippy::upper_case_acronyms, reason = "the names of `re._constants`")]
        #[expect(non_camel_case_types, reason = "the names of `re._constants`")]
        #[derive(Clone, Copy)]
        enum Number { $($name,)* }
        $(pub const $name: u32 = Number::$name as u32;)*
    };
}

numbered! {
    FAILURE SUCCESS
    ANY ANY_ALL
    ASSERT ASSERT_NOT
    AT BRANCH CATEGORY CHARSET BIGCHARSET
    GROUPREF GROUPREF_EXISTS
    IN INFO JUMP LITERAL MARK MAX_UNTIL MIN_UNTIL NOT_LITERAL NEGATE RANGE
    REPEAT REPEAT_ONE _SUBPATTERN MIN_REPEAT_ONE ATOMIC_GROUP POSSESSIVE_REPEAT POSSESSIVE_REPEAT_ONE
    GROUPREF_IGNORE IN_IGNORE LITERAL_IGNORE NOT_LITERAL_IGNORE
    GROUPREF_LOC_IGNORE IN_LOC_IGNORE LITERAL_LOC_IGNORE NOT_LITERAL_LOC_IGNORE
    GROUPREF_UNI_IGNORE IN_UNI_IGNORE LITERAL_UNI_IGNORE NOT_LITERAL_UNI_IGNORE
    RANGE_UNI_IGNORE
}

/// What the compiler's `MAGIC` has to be.
pub const MAGIC: i64 = 20_230_612;
/// No upper bound of a repetition.
pub const MAXREPEAT: u32 = u32::MAX;
pub const MAXGROUPS: usize = i32::MAX as usize / 2;

/// Bits of the operand of `INFO`.
pub mod info {
    pub const PREFIX: u32 = 1;
    /// The prefix is the whole pattern.
    pub const LITERAL: u32 = 2;
    pub const CHARSET: u32 = 4;
}

/// The flags of a pattern, as `repr` names them.
pub mod flag {
    pub const IGNORECASE: i64 = 2;
    pub const LOCALE: i64 = 4;
    pub const MULTILINE: i64 = 8;
    pub const DOTALL: i64 = 16;
    pub const UNICODE: i64 = 32;
    pub const VERBOSE: i64 = 64;
    pub const DEBUG: i64 = 128;
    pub const ASCII: i64 = 256;

    pub const NAMES: &[(i64, &str)] = &[
        (IGNORECASE, "re.IGNORECASE"),
        (LOCALE, "re.LOCALE"),
        (MULTILINE, "re.MULTILINE"),
        (DOTALL, "re.DOTALL"),
        (UNICODE, "re.UNICODE"),
        (VERBOSE, "re.VERBOSE"),
        (DEBUG, "re.DEBUG"),
        (ASCII, "re.ASCII"),
    ];
}
