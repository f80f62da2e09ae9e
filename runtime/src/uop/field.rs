//! Fields of built-in objects that compiled code reads and writes: name, storage, whether it ever changes, and where
//! it lies. Two different fields never overlap, so that a store to one keeps what is known of all others.
//!
//! Types of native modules and embedders have no rows here: their fields are told by their offset.

/// How a field is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// A boxed value (or the address of a heap object).
    Value,
    /// A 64-bit word.
    Word,
    /// A 32-bit unsigned word.
    Half,
}

const OWN_VALUE: &str = "own_value";
const OWN_WORD: &str = "own_word";

macro_rules! fields {
    ($($(#[$doc:meta])* $text:ident = $name:ident: $storage:ident $change:ident;)*) => {
        /// A field of a built-in object.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Field {
            $($(#[$doc])* $name,)*
            /// The boxed value so many bytes from the start of an object of a module's own type; mutable.
            OwnValue(u16),
            /// Such a 64-bit word.
            OwnWord(u16),
        }
        impl Field {
            /// The rows.
            pub const ALL: &'static [Field] = &[$(Field::$name,)*];
            /// Which row it is; or the offset of a field that has none.
            pub const fn place(self) -> Result<usize, u16> {
                enum Row { $($name,)* }
                match self {
                    $(Field::$name => Ok(Row::$name as usize),)*
                    Field::OwnValue(offset) | Field::OwnWord(offset) => Err(offset),
                }
            }
            /// Name in dumps, but for the offset of one without a row.
            pub fn name(self) -> &'static str {
                match self {
                    $(Field::$name => stringify!($text),)*
                    Field::OwnValue(_) => OWN_VALUE,
                    Field::OwnWord(_) => OWN_WORD,
                }
            }
            pub fn storage(self) -> Storage {
                match self {
                    $(Field::$name => Storage::$storage,)*
                    Field::OwnValue(_) => Storage::Value,
                    Field::OwnWord(_) => Storage::Word,
                }
            }
            /// Written once, when the object is made: loads of it may be shared across anything.
            pub fn is_immutable(self) -> bool {
                match self {
                    $(Field::$name => fields!(@ $change),)*
                    Field::OwnValue(_) | Field::OwnWord(_) => false,
                }
            }
        }
    };
    (@ fixed) => { true };
    (@ mutable) => { false };
}

fields! {
    /// The value array of a list.
    list_items = ListItems: Value mutable;
    /// Number of elements of a list.
    list_len = ListLen: Word mutable;
    /// Number of elements that a value array has room for.
    array_capacity = ArrayCapacity: Word fixed;
    /// Element of a value array (with an index).
    array_element = ArrayElement: Value mutable;
    /// The raw memory of an array of machine numbers.
    raw_storage = RawStorage: Value mutable;
    /// Number of elements of an array of machine numbers.
    raw_len = RawLen: Word mutable;
    /// What machine numbers an array has, by `ElementKind`.
    raw_kind = RawKind: Word fixed;
    /// Number of items of a tuple.
    tuple_len = TupleLen: Word fixed;
    /// Item of a tuple (with an index).
    tuple_element = TupleElement: Value fixed;
    /// Code points of a string.
    str_len = StrLen: Word fixed;
    /// Which form an int in the heap has.
    int_form = IntForm: Word fixed;
    /// The value of an int in the heap that fits a word; of one that fits two, the lower.
    int_word = IntWord: Word fixed;
    /// The upper word of an int in the heap that takes two.
    int_high = IntHigh: Word fixed;
    /// What a cell holds.
    cell_content = CellContent: Value mutable;
    /// A function's code object.
    function_code = FunctionCode: Value mutable;
    /// A function's tuple of cells.
    function_closure = FunctionClosure: Value fixed;
    /// The dict of a function's global names.
    function_globals = FunctionGlobals: Value fixed;
    /// The dict of the built-in names that a function sees.
    function_builtins = FunctionBuiltins: Value fixed;
    /// A function's tuple of positional defaults, or None.
    function_defaults = FunctionDefaults: Value mutable;
    /// The start of a slice; stop and step follow.
    slice_start = SliceStart: Value fixed;
    /// The binding of a native function.
    native_binding = NativeBinding: Word fixed;
    /// The object that a native function is bound to.
    native_owner = NativeOwner: Value fixed;
    /// The function of a bound method.
    method_function = MethodFunction: Value fixed;
    /// The object that a bound method is bound to.
    method_owner = MethodOwner: Value fixed;
    /// The first int of a range, if it has any.
    range_start = RangeStart: Value fixed;
    /// Where a range ends.
    range_stop = RangeStop: Value fixed;
    /// The step of a range.
    range_step = RangeStep: Value fixed;
    /// How many ints a range has.
    range_len = RangeLen: Value fixed;
    /// The next integer of a range iterator.
    range_iter_next = RangeIterNext: Word mutable;
    /// The step of a range iterator.
    range_iter_step = RangeIterStep: Word fixed;
    /// How many integers a range iterator has still to give.
    range_iter_remaining = RangeIterRemaining: Word mutable;
    /// The sequence of a list or tuple iterator; unbound once exhausted.
    seq_iter_sequence = SeqIterSequence: Value mutable;
    /// The next index of a list or tuple iterator.
    seq_iter_index = SeqIterIndex: Word mutable;
    /// The iterator under an enumerate object.
    enumerate_iter = EnumerateIter: Value fixed;
    /// The next number of an enumerate object.
    enumerate_count = EnumerateCount: Word mutable;
    /// A generator's state.
    generator_state = GeneratorState: Word mutable;
    /// The address of the instruction where a suspended generator goes on.
    generator_ip = GeneratorIp: Word mutable;
    /// The exception that is being handled inside a suspended generator; unbound: none of its own.
    generator_handled = GeneratorHandled: Value mutable;
    /// A dict's or set's number of entries.
    dict_len = DictLen: Word mutable;
    /// A dict's or set's entry array: hash, key and value of each entry; the key of a deleted one is unbound.
    dict_entries = DictEntries: Value mutable;
    /// A dict's or set's number of entries, deleted ones included.
    dict_used = DictUsed: Word mutable;
    /// Changes with every key that a dict or set gets or loses.
    dict_keys_version = DictKeysVersion: Half mutable;
    /// The dict or set of an iterator; unbound once exhausted.
    dict_iter_dict = DictIterDict: Value mutable;
    /// The next entry of an iterator over a dict or set.
    dict_iter_index = DictIterIndex: Word mutable;
    /// The number of entries that the dict or set of an iterator has to have.
    dict_iter_expected = DictIterExpected: Word mutable;
    /// The entry before which an iterator over a dict or set ends.
    dict_iter_limit = DictIterLimit: Word mutable;
    /// An instance's overflow array or dict.
    instance_overflow = InstanceOverflow: Value mutable;
}

impl Field {
    pub fn from_name(name: &str) -> Option<Field> {
        match name.split_once('+') {
            Some((OWN_VALUE, offset)) => offset.parse().ok().map(Field::OwnValue),
            Some((OWN_WORD, offset)) => offset.parse().ok().map(Field::OwnWord),
            _ => Field::ALL.iter().copied().find(|field| field.name() == name),
        }
    }
}

/// As dumps have it: `list_len`, `own_word+24`.
impl std::fmt::Display for Field {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.place() {
            Ok(_) => f.write_str(self.name()),
            Err(offset) => write!(f, "{}+{offset}", self.name()),
        }
    }
}
