//! Runtime helpers that compiled code calls: one row is a name, its parameters and its effect. Where their code lies is the
//! runtime's business (`exec` keeps a table of addresses, and checks that the functions take what the rows say).
//!
//! A parameter is a boxed word, or of the kind behind its colon: an int that is a number to the helper is passed as a
//! machine integer, never as a word that might be a heap object.

use super::Kind;

/// What a helper may do to the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HelperEffect {
    /// Reads only (it may still raise and allocate).
    Reads,
    /// Changes the list that is its first argument; runs no Python code.
    ChangesList,
    /// Changes the dict or set that is its first argument; runs no Python code. What relies on a name in it is invalid then.
    ChangesTable,
    /// May run any Python code.
    Escapes,
}

macro_rules! helpers {
    ($($(#[$doc:meta])* $text:ident = $name:ident ($($parameters:tt)*) $effect:ident;)*) => {
        /// A row of the table of helpers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Helper { $($(#[$doc])* $name,)* }

        impl Helper {
            pub const ALL: &'static [Helper] = &[$(Helper::$name,)*];

            /// Name in dumps.
            pub fn name(self) -> &'static str {
                match self { $(Helper::$name => stringify!($text),)* }
            }

            /// Kinds of the parameters; `None` where any number of boxed words may be passed (as an array and its length).
            pub const fn parameters(self) -> Option<&'static [Kind]> {
                match self { $(Helper::$name => helpers!(@parameters $($parameters)*),)* }
            }

            pub fn effect(self) -> HelperEffect {
                match self { $(Helper::$name => helpers!(@effect $effect),)* }
            }
        }
    };
    (@parameters ..) => { None };
    (@parameters $($parameter:ident $(: $kind:ident)?),+) => { Some(&[$(helpers!(@kind $($kind)?)),+]) };
    (@kind) => { Kind::Value };
    (@kind $kind:ident) => { Kind::$kind };
    (@effect reads) => { HelperEffect::Reads };
    (@effect changes_list) => { HelperEffect::ChangesList };
    (@effect changes_table) => { HelperEffect::ChangesTable };
    (@effect escapes) => { HelperEffect::Escapes };
}

helpers! {
    /// `lhs op rhs`; `op` is the oparg of BINARY_OP, in-place forms included.
    binary_op = BinaryOp(lhs, rhs, op: Int) escapes;
    /// `lhs op rhs` of exact ints, for `+`, `-`, `*` and `<<`; unbound where an operand is none, or there is no room.
    int_binary = IntBinary(lhs, rhs, op: Int) reads;
    /// The int from 0 to 2^64 − 1 with these bits.
    box_unsigned = BoxUnsigned(bits: Int) reads;
    /// `lhs op rhs`; `op` is 0..=5 for `<`, `<=`, `==`, `!=`, `>`, `>=`.
    compare_op = CompareOp(lhs, rhs, op: Int) escapes;
    /// The truth of `lhs op rhs` (test).
    compare_test = CompareTest(lhs, rhs, op: Int) escapes;
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
    /// `del owner.name`.
    del_attr = DelAttr(owner, name) escapes;
    /// `super(class, owner).name`, bound, with the built-in `super`.
    load_super_attr = LoadSuperAttr(class, owner, name) escapes;
    /// `bool(operand)` (test).
    is_true = IsTrue(operand) escapes;
    /// The value's class is `class`, or has it in its method resolution order (test).
    is_instance = IsInstance(value, class) reads;
    /// `iter(operand)`.
    get_iter = GetIter(operand) escapes;
    /// `iter(sequence)` of an exact list, tuple, string, range, dict or set.
    iter_of_sequence = IterOfSequence(sequence) reads;
    /// `next(iterator)`; unbound with no exception pending: exhausted.
    iter_next = IterNext(iterator) escapes;
    /// Sends to an exact generator or coroutine: what it yields, or returns (its state tells).
    send = Send(generator, value) escapes;
    /// `list.append(item)` of an exact list.
    list_append = ListAppend(list, item) changes_list;
    /// `lhs + rhs` of exact lists.
    list_concat = ListConcat(lhs, rhs) reads;
    /// `list.pop(index)` of an exact list.
    list_pop = ListPop(list, index: Int) changes_list;
    /// `list.insert(index, item)` of an exact list.
    list_insert = ListInsert(list, index: Int, item) changes_list;
    /// `list.extend(items)`.
    list_extend = ListExtend(list, items) escapes;
    /// `[*list, *items]` for a list under construction: `list_extend` with the error that a display gives.
    unpack_into_list = UnpackIntoList(list, items) escapes;
    /// The tuple of a list's items.
    list_to_tuple = ListToTuple(list) reads;
    /// Adds `item` to a set under construction.
    set_add = SetAdd(set, item) escapes;
    /// Adds all items of an iterable to a set under construction.
    set_update = SetUpdate(set, items) escapes;
    /// Sets an item of a dict under construction.
    map_add = MapAdd(dict, key, value) escapes;
    /// Adds what a mapping holds to a dict under construction.
    dict_update = DictUpdate(dict, mapping) escapes;
    /// A dict of keys and values in turn.
    build_map = BuildMap(..) escapes;
    /// A dict of keys, which are plain numbers and strings, and values in turn.
    simple_map = SimpleMap(..) reads;
    /// A set of items.
    build_set = BuildSet(..) escapes;
    /// The concatenation of strings.
    build_string = BuildString(..) escapes;
    /// `slice(start, stop, step)`.
    build_slice = BuildSlice(start, stop, step) escapes;
    /// `container[start:stop]`.
    binary_slice = BinarySlice(container, start, stop) escapes;
    /// `container[start:stop]` of an exact list, tuple, string or bytes, with bounds that are small ints or None.
    sequence_slice = SequenceSlice(container, start, stop) reads;
    /// `container[start:stop] = value`.
    store_slice = StoreSlice(container, start, stop, value) escapes;
    /// The tuple of the `count` items that a value must have.
    unpack = Unpack(value, count: Int) escapes;
    /// The tuple of `before` items, a list of those in the middle, and `after` items.
    unpack_ex = UnpackEx(value, before: Int, after: Int) escapes;
    /// `item in container` of an exact list, tuple, dict or set (test); leaves where Python code might have to run.
    simple_contains = SimpleContains(container, item) reads;
    /// Every element of one exact set is in the other (test); leaves where Python code might have to run.
    simple_subset = SimpleSubset(left, right) reads;
    /// `left op right` of exact sets, for `&` and `-`; unbound where Python code might have to run.
    simple_set_operation = SimpleSetOperation(left, right, op: Int) reads;
    /// The number of a set's first place, at or behind a number of one, that has an element; how many there are if none has.
    set_place = SetPlace(set, place: Int) reads;
    /// `dict[key]` of an exact dict; unbound where it is not there or Python code might have to run.
    simple_get = SimpleGet(dict, key) reads;
    /// `dict.get(key, default)` of an exact dict; unbound where Python code might have to run.
    simple_get_or = SimpleGetOr(dict, key, default) reads;
    /// `dict[key] = value` of an exact dict; unbound where Python code might have to run, and nothing was done.
    simple_set = SimpleSet(dict, key, value) changes_table;
    /// `del dict[key]` of an exact dict; unbound where it is not there or Python code might have to run, and nothing was done.
    simple_del = SimpleDel(dict, key) changes_table;
    /// Adds `item` to an exact set; unbound where Python code might have to run, and nothing was done.
    simple_add = SimpleAdd(set, item) changes_table;
    /// The smallest number in an exact list, tuple or set; unbound where Python code might have to run.
    simple_min = SimpleMin(container) reads;
    /// The largest number in an exact list, tuple or set; unbound where Python code might have to run.
    simple_max = SimpleMax(container) reads;
    /// `dict[key]` of an exact dict and an exact string; unbound with no exception pending: not there.
    dict_get_str = DictGetStr(dict, key) reads;
    /// `dict[key] = value` of an exact dict and an exact string.
    dict_set_str = DictSetStr(dict, key, value) escapes;
    /// The value of a name in globals or else builtins.
    load_global = LoadGlobal(globals, builtins, name) reads;
    /// Sets a name of globals.
    store_global = StoreGlobal(globals, name, value) escapes;
    /// Deletes a name of globals; NameError where it is none.
    del_global = DelGlobal(globals, name) escapes;
    /// `len(operand)`.
    length = Length(operand) escapes;
    /// `id(operand)`.
    identity = Identity(operand) reads;
    /// `str(operand)`.
    to_str = ToStr(operand) escapes;
    /// `str`, `repr` or `ascii` of the operand, for 1, 2 and 3.
    convert = Convert(operand, kind: Int) escapes;
    /// `format(operand, spec)`.
    format_value = FormatValue(operand, spec) escapes;
    /// `lhs + rhs` of exact strings.
    str_concat = StrConcat(lhs, rhs) reads;
    /// Both exact strings hold the same code points (test).
    str_eq = StrEq(lhs, rhs) reads;
    /// `string[index]` of an exact string; the index does not count from the end.
    str_index = StrIndex(string, index: Int) reads;
    /// Makes a function object of a code object and its globals.
    make_function = MakeFunction(code, globals) reads;
    /// Sets what the oparg of SET_FUNCTION_ATTRIBUTE names of a fresh function, and gives the function.
    set_function_attribute = SetFunctionAttribute(function, value, which: Int) reads;
    /// Calls the first value with those from the third on; the second is the tuple of the names of the last ones.
    call_keywords = CallKeywords(..) escapes;
    /// Calls anything with the items of an exact tuple.
    call_tuple = CallTuple(callee, arguments) escapes;
    /// Calls anything with the items of an exact tuple and the keywords of an exact dict.
    call_expanded = CallExpanded(callee, arguments, keywords) escapes;
    /// The exception that is being handled, or None.
    handled = Handled(..) reads;
    /// Has an exception, or None, be the one that is handled; gives the one before.
    set_handled = SetHandled(exception) reads;
    /// The exception that an error exit was left by, which is pending no more.
    take_raised = TakeRaised(..) reads;
    /// Gives an exception that is about to be raised its context.
    set_context = SetContext(exception) reads;
    /// Adds an instruction of a code object to an exception's traceback; gives the entry.
    add_traceback = AddTraceback(exception, code, instruction: Int) reads;
    /// The root frame handles an exception, whose traceback has it.
    catch_in_root = CatchInRoot(exception) reads;
    /// An exception, whose traceback has it, leaves an inlined frame, from an instruction; its variables follow.
    leave_by = LeaveBy(..) reads;
    /// An inlined frame that has caught an exception, with this entry in its traceback, ends; its variables follow.
    keep_variables = KeepVariables(..) reads;
    /// The exception that `raise value` raises.
    raise_value = RaiseValue(value) escapes;
    /// The exception that `raise value from cause` raises.
    raise_from = RaiseFrom(value, cause) escapes;
    /// `exit(owner, type(exception), exception, traceback)`; without the owner where that is unbound.
    call_exit = CallExit(exit, owner, exception) escapes;
    /// An exact dict has just these keys, the items of a tuple of strings, in this order, and no place of a deleted one (test).
    keys_are = KeysAre(dict, names) reads;
    /// What is left of `lhs op rhs` when the method that is asked first has declined; `op` is the oparg of BINARY_OP.
    binary_declined = BinaryDeclined(lhs, rhs, op: Int) escapes;
    /// The same of a comparison; `op` is 0..=5 for `<`, `<=`, `==`, `!=`, `>`, `>=`.
    compare_declined = CompareDeclined(lhs, rhs, op: Int) escapes;
    /// The truth of that (test).
    compare_declined_test = CompareDeclinedTest(lhs, rhs, op: Int) escapes;
    /// Adds a mapping to the keywords (a dict) of a call of `callee`.
    merge_keywords = MergeKeywords(keywords, mapping, callee) escapes;
}

impl Helper {
    /// Number of parameters; `None` where any number may be passed.
    pub fn arity(self) -> Option<usize> {
        self.parameters().map(<[Kind]>::len)
    }

    pub fn from_name(name: &str) -> Option<Helper> {
        Helper::ALL.iter().copied().find(|helper| helper.name() == name)
    }
}
