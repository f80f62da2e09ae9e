//! Runtime helpers that compiled code calls: one row is a name, its arity and its effect. Where their code lies is the
//! runtime's business (`exec` keeps a table of addresses, indexed by `Helper as usize`).

/// What a helper may do to the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HelperEffect {
    /// Reads only (it may still raise and allocate).
    Reads,
    /// May run any Python code.
    Escapes,
}

macro_rules! helpers {
    ($($(#[$doc:meta])* $text:ident = $name:ident ($($arity:tt)*) $effect:ident;)*) => {
        /// A row of the table of helpers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Helper { $($(#[$doc])* $name,)* }

        impl Helper {
            pub const ALL: &'static [Helper] = &[$(Helper::$name,)*];

            /// Name in dumps.
            pub fn name(self) -> &'static str {
                match self { $(Helper::$name => stringify!($text),)* }
            }

            /// Number of arguments; `None` where any number may be passed (as an array and its length).
            pub fn arity(self) -> Option<usize> {
                match self { $(Helper::$name => helpers!(@arity $($arity)*),)* }
            }

            pub fn effect(self) -> HelperEffect {
                match self { $(Helper::$name => helpers!(@effect $effect),)* }
            }
        }
    };
    (@arity ..) => { None };
    (@arity $($argument:ident),+) => { Some([$(stringify!($argument)),+].len()) };
    (@effect reads) => { HelperEffect::Reads };
    (@effect escapes) => { HelperEffect::Escapes };
}

helpers! {
    /// `lhs op rhs`; `op` is the oparg of BINARY_OP as a small int, in-place forms included.
    binary_op = BinaryOp(lhs, rhs, op) escapes;
    /// `lhs op rhs`; `op` is 0..=5 for `<`, `<=`, `==`, `!=`, `>`, `>=`.
    compare_op = CompareOp(lhs, rhs, op) escapes;
    /// The truth of `lhs op rhs` (test).
    compare_test = CompareTest(lhs, rhs, op) escapes;
    /// `-operand`.
    negate = Negate(operand) escapes;
    /// `~operand`.
    invert = Invert(operand) escapes;
    /// `container[key]`.
    get_item = GetItem(container, key) escapes;
    /// `container[key] = value`.
    set_item = SetItem(container, key, value) escapes;
    /// `del container[key]`.
    del_item = DelItem(container, key) escapes;
    /// `item in container` (test).
    contains = Contains(container, item) escapes;
    /// `owner.name`.
    get_attr = GetAttr(owner, name) escapes;
    /// `owner.name = value`.
    set_attr = SetAttr(owner, name, value) escapes;
    /// `bool(operand)` (test).
    is_true = IsTrue(operand) escapes;
    /// `iter(operand)`.
    get_iter = GetIter(operand) escapes;
    /// An iterator over an exact list, tuple or range.
    iter_of_sequence = IterOfSequence(sequence) reads;
    /// `next(iterator)`; unbound with no exception pending: exhausted.
    iter_next = IterNext(iterator) escapes;
    /// `list.append(item)` of an exact list.
    list_append = ListAppend(list, item) escapes;
    /// `list.pop()` of an exact list.
    list_pop = ListPop(list) escapes;
    /// `list.extend(items)`.
    list_extend = ListExtend(list, items) escapes;
    /// Adds `item` to a set under construction.
    set_add = SetAdd(set, item) escapes;
    /// Sets an item of a dict under construction.
    map_add = MapAdd(dict, key, value) escapes;
    /// A dict of keys and values in turn.
    build_map = BuildMap(..) escapes;
    /// A set of items.
    build_set = BuildSet(..) escapes;
    /// The concatenation of strings.
    build_string = BuildString(..) escapes;
    /// `slice(start, stop, step)`.
    build_slice = BuildSlice(start, stop, step) escapes;
    /// `dict[key]` of an exact dict and an exact string; unbound with no exception pending: not there.
    dict_get_str = DictGetStr(dict, key) reads;
    /// `dict[key] = value` of an exact dict and an exact string.
    dict_set_str = DictSetStr(dict, key, value) escapes;
    /// `len(operand)`.
    length = Length(operand) escapes;
    /// `str(operand)`.
    to_str = ToStr(operand) escapes;
    /// `format(operand, spec)`.
    format_value = FormatValue(operand, spec) escapes;
    /// `lhs + rhs` of exact strings.
    str_concat = StrConcat(lhs, rhs) reads;
    /// Both exact strings hold the same code points (test).
    str_eq = StrEq(lhs, rhs) reads;
    /// `string[index]` of an exact string.
    str_index = StrIndex(string, index) reads;
    /// Makes a function object of a code object and its globals.
    make_function = MakeFunction(code, globals) reads;
}

impl Helper {
    pub fn from_name(name: &str) -> Option<Helper> {
        Helper::ALL.iter().copied().find(|helper| helper.name() == name)
    }
}
