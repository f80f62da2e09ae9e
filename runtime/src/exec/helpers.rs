//! What compiled code calls: the allocator's slow paths, calls, and one function for each row of the table of helpers.
//!
//! Each helper is a thin call of what tier 1 does for the same instruction. Rows name a plain function; the C entry for
//! compiled code and the entry for the uop interpreter are derived from it.

use super::lists::{copy_elements, list_append, list_concat, list_insert, list_of, list_pop, list_slice};
use super::{Executor, exceptions};
use crate::backend::layout::vm_layout;
use crate::backend::{Functions, Layout};
use crate::gc::Object;
use crate::interp::handlers::containers::{merge_keywords, update_from_mapping};
use crate::interp::handlers::special;
use crate::object::header::Header;
use crate::object::integer::{are_one_word_int, identity_of};
use crate::object::layout::{FunctionObject, Instance, TupleObject};
use crate::object::native::{Arguments, NativeBinding};
use crate::object::operate::op;
use crate::object::types::BuiltinType;
use crate::uop::{Helper, Kind};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use std::ffi::c_void;
use std::mem::offset_of;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The VM's objects and functions, as compiled code knows them.
pub static LAYOUT: Layout = vm_layout(functions(), offset_of!(Executor, valid) as u32);

/// The functions that compiled code calls; its thread pointer is the VM's address.
pub const fn functions() -> Functions {
    Functions {
        alloc_slow,
        barrier,
        are_one_int,
        box_int_slow,
        enter_callee,
        new_tuple,
        new_list,
        new_dict,
        list_slice: list_slice_entry,
        copy_elements: copy_entry::<1>,
        copy_reversed: copy_entry::<-1>,
        call_native,
        call_value,
        helper: address,
    }
}

/// A result on its way to compiled code.
trait Answer {
    /// The word for "an exception is pending".
    const RAISED: u64;
    fn word(self) -> u64;
}

impl Answer for PyResult<Value> {
    const RAISED: u64 = 0;
    fn word(self) -> u64 {
        self.map_or(Self::RAISED, Value::bits)
    }
}

/// `None` is unbound, which is no exception unless one is pending.
impl Answer for PyResult<Option<Value>> {
    const RAISED: u64 = 0;
    fn word(self) -> u64 {
        self.map_or(Self::RAISED, |value| value.unwrap_or(Value::UNBOUND).bits())
    }
}

impl Answer for PyResult<()> {
    const RAISED: u64 = 0;
    fn word(self) -> u64 {
        self.map_or(Self::RAISED, |()| Value::NONE.bits())
    }
}

impl Answer for PyResult<bool> {
    const RAISED: u64 = 2;
    fn word(self) -> u64 {
        self.map_or(Self::RAISED, u64::from)
    }
}

/// `None` leaves, without an exception.
impl Answer for Option<bool> {
    const RAISED: u64 = 2;
    fn word(self) -> u64 {
        self.map_or(Self::RAISED, u64::from)
    }
}

/// Of what cannot raise, but for a bug.
impl Answer for Value {
    const RAISED: u64 = 0;
    fn word(self) -> u64 {
        self.bits()
    }
}

/// Runs what compiled code asked for. A panic, which may not unwind into compiled code, becomes a SystemError.
///
/// # Safety
/// `thread` is the VM that runs the calling code, and nothing else refers to it during the call.
#[inline(always)]
unsafe fn guard<A: Answer>(thread: *mut c_void, body: impl FnOnce(&mut Vm) -> A) -> u64 {
    // SAFETY: the caller's promise.
    let vm = unsafe { &mut *thread.cast::<Vm>() };
    let run = vm.runs;
    match catch_unwind(AssertUnwindSafe(|| body(vm).word())) {
        Ok(word) => word,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            let message = format!("internal error: {}", text.unwrap_or("panic"));
            vm.back_in_run(run);
            vm.raise(vm.exceptions.SystemError, &message);
            A::RAISED
        }
    }
}

/// The values that compiled code passes in memory.
///
/// # Safety
/// `arguments` points to `n_arguments` values, which stay as they are while the slice is used.
unsafe fn values<'a>(arguments: *const u64, n_arguments: u64) -> &'a [Value] {
    if n_arguments == 0 {
        return &[];
    }
    // SAFETY: the caller's promise; a value is a word.
    unsafe { std::slice::from_raw_parts(arguments.cast(), n_arguments as usize) }
}

unsafe extern "C" fn alloc_slow(thread: *mut c_void, header: u64, size_bytes: u64) -> u64 {
    let (shape, trace) = (header as u32, (header >> 40) as u8);
    // SAFETY: compiled code passes the VM it runs on.
    unsafe {
        guard(thread, |vm| {
            let object = allocate_surely(vm, shape, trace, size_bytes as usize);
            if header & Header::FINALIZABLE_WORD != 0 {
                vm.heap.register_finalizer(object);
            }
            Value::object(object)
        })
    }
}

unsafe extern "C" fn barrier(thread: *mut c_void, owner: u64) {
    // SAFETY: compiled code passes the VM it runs on, and an object that it has just stored into.
    unsafe {
        guard(thread, |vm| {
            vm.barrier(owner as Object);
            Value::NONE
        })
    };
}

unsafe extern "C" fn are_one_int(lhs: u64, rhs: u64) -> u64 {
    are_one_word_int(Value(lhs), Value(rhs)).into()
}

unsafe extern "C" fn box_int_slow(thread: *mut c_void, integer: i64) -> u64 {
    // SAFETY: compiled code passes the VM it runs on.
    unsafe { guard(thread, |vm| vm.new_int(integer)) }
}

unsafe extern "C" fn enter_callee(thread: *mut c_void) -> u64 {
    // SAFETY: compiled code passes the VM it runs on, whose running frame it has brought to the call.
    unsafe { guard(thread, |vm| Value(vm.enter_callee() as u64)) }
}

unsafe extern "C" fn new_tuple(thread: *mut c_void, arguments: *const u64, n_arguments: u64) -> u64 {
    // SAFETY: compiled code passes the VM it runs on, and an array on its stack.
    unsafe { guard(thread, |vm| vm.new_tuple(values(arguments, n_arguments))) }
}

unsafe extern "C" fn new_list(thread: *mut c_void, arguments: *const u64, n_arguments: u64) -> u64 {
    // SAFETY: as in `new_tuple`.
    unsafe { guard(thread, |vm| list_of(vm, values(arguments, n_arguments))) }
}

unsafe extern "C" fn new_dict(thread: *mut c_void) -> u64 {
    // SAFETY: compiled code passes the VM it runs on.
    unsafe { guard(thread, |vm| vm.new_dict()) }
}

unsafe extern "C" fn list_slice_entry(thread: *mut c_void, list: u64, start: i64, count: i64, step: i64) -> u64 {
    // SAFETY: compiled code passes the VM it runs on.
    unsafe { guard(thread, |vm| list_slice(vm, Value(list), start, count, step)) }
}

unsafe extern "C" fn copy_entry<const STEP: i64>(
    thread: *mut c_void,
    array: u64,
    at: i64,
    source: u64,
    start: i64,
    count: i64,
) -> u64 {
    // SAFETY: compiled code passes the VM it runs on.
    unsafe {
        guard(thread, |vm| {
            copy_elements(vm, (Value(array), at), (Value(source), start), count, STEP);
            Value::NONE
        })
    }
}

unsafe extern "C" fn call_native(thread: *mut c_void, binding: u64, arguments: *const u64, n_arguments: u64) -> u64 {
    // SAFETY: as in `new_tuple`; bindings live as long as the VM.
    unsafe {
        guard(thread, |vm| {
            let binding = &*(binding as *const NativeBinding);
            vm.call_binding(binding, Arguments::positional(values(arguments, n_arguments)))
        })
    }
}

unsafe extern "C" fn call_value(thread: *mut c_void, callee: u64, arguments: *const u64, n_arguments: u64) -> u64 {
    // SAFETY: as in `new_tuple`.
    unsafe { guard(thread, |vm| vm.call(Value(callee), values(arguments, n_arguments))) }
}

/// An object in zeroed memory where failing is no choice: compiled code does not look whether it got one. When the
/// heap cannot grow even after a full collection, small objects come from where large ones do; where that is used up
/// too, so is the memory of everything else in the process.
pub(super) fn allocate_surely(vm: &mut Vm, shape: u32, trace: u8, size_bytes: usize) -> Object {
    let rounded = (size_bytes + 15) & !15;
    if let Some(object) = vm.allocate_slow(shape, trace, rounded) {
        return object;
    }
    vm.collect_garbage(true);
    if let Some(object) = vm.allocate_slow(shape, trace, rounded) {
        return object;
    }
    let Some(object) = vm.heap.allocate_large(rounded, crate::gc::Fill::Zeros) else {
        std::alloc::handle_alloc_error(std::alloc::Layout::new::<Instance>());
    };
    // SAFETY: fresh memory of at least a header.
    unsafe { *object = Header { shape, gc: 0, trace, size_granules: 0 } };
    object
}

/// An instance of a shape with `slots` inline slots; `initial` are its first ones, the others are unbound.
pub(super) fn instance_of(vm: &mut Vm, shape: u32, slots: u16, initial: &[Value]) -> Value {
    debug_assert!(initial.len() <= slots as usize);
    let size_bytes = offset_of!(Instance, slots) + slots as usize * 8;
    let object = allocate_surely(vm, shape, 1 + slots as u8, size_bytes).cast::<Instance>();
    // SAFETY: the fresh object has room for `slots` values.
    unsafe { std::ptr::copy_nonoverlapping(initial.as_ptr(), (&raw mut (*object).slots).cast(), initial.len()) };
    let instance = Value::object(object);
    vm.note_finalizer(vm.class_of(instance), instance);
    instance
}

/// What a helper takes, from the word that compiled code passes.
trait Parameter {
    /// As the helper's row has it.
    const KIND: Kind;
    fn from_word(word: u64) -> Self;
}

impl Parameter for Value {
    const KIND: Kind = Kind::Value;
    fn from_word(word: u64) -> Value {
        Value(word)
    }
}

impl Parameter for i64 {
    const KIND: Kind = Kind::Int;
    fn from_word(word: u64) -> i64 {
        word as i64
    }
}

const fn are_same(left: Option<&[Kind]>, right: Option<&[Kind]>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return left.is_none() && right.is_none() };
    let mut place = 0;
    while place < left.len() && place < right.len() && left[place] as u8 == right[place] as u8 {
        place += 1;
    }
    place == left.len() && place == right.len()
}

/// The type of a parameter, behind its colon in the row.
macro_rules! parameter_type {
    () => {
        Value
    };
    (Int) => {
        i64
    };
}

macro_rules! helper_functions {
    ($($variant:ident = $function:path, ($($argument:tt)*);)*) => {
        /// Where compiled code calls a helper.
        pub fn address(helper: Helper) -> usize {
            match helper { $(Helper::$variant => helper_functions!(@entry $function, $($argument)*),)* }
        }

        /// Calls a helper from Rust with words as compiled code has them; so is the result. The words are as many as the
        /// helper's row says, and of its kinds.
        pub fn call(vm: &mut Vm, helper: Helper, words: &[u64]) -> u64 {
            match helper { $(Helper::$variant => helper_functions!(@call $function, vm, words, $($argument)*),)* }
        }

        $(const _: () = assert!(
            are_same(Helper::$variant.parameters(), helper_functions!(@parameters $($argument)*)),
            concat!(stringify!($variant), " takes something else than its row says"),
        );)*
    };
    (@entry $function:path, ..) => {{
        unsafe extern "C" fn entry(thread: *mut c_void, arguments: *const u64, n_arguments: u64) -> u64 {
            // SAFETY: compiled code passes the VM it runs on, and an array on its stack.
            unsafe { guard(thread, |vm| $function(vm, values(arguments, n_arguments))) }
        }
        entry as *const () as usize
    }};
    (@entry $function:path, $($argument:ident $(: $kind:ident)?),+) => {{
        unsafe extern "C" fn entry(thread: *mut c_void, $($argument: u64),+) -> u64 {
            // SAFETY: compiled code passes the VM it runs on.
            unsafe {
                guard(thread, |vm| {
                    $function(vm, $(<parameter_type!($($kind)?) as Parameter>::from_word($argument)),+)
                })
            }
        }
        entry as *const () as usize
    }};
    (@call $function:path, $vm:ident, $words:ident, ..) => {{
        // SAFETY: words of values are values, and the slice lives as long as the call.
        let arguments = unsafe { values($words.as_ptr(), $words.len() as u64) };
        $function($vm, arguments).word()
    }};
    (@call $function:path, $vm:ident, $words:ident, $($argument:ident $(: $kind:ident)?),+) => {{
        let &[$($argument),+] = $words else { unreachable!("the verifier has counted the arguments") };
        $function($vm, $(<parameter_type!($($kind)?) as Parameter>::from_word($argument)),+).word()
    }};
    (@parameters ..) => { None };
    (@parameters $($argument:ident $(: $kind:ident)?),+) => {
        Some(&[$(<parameter_type!($($kind)?) as Parameter>::KIND),+])
    };
}

helper_functions! {
    BinaryOp = binary_op, (lhs, rhs, operation: Int);
    IntBinary = int_binary, (lhs, rhs, operation: Int);
    BoxUnsigned = box_unsigned, (bits: Int);
    CompareOp = compare_op, (lhs, rhs, operation: Int);
    CompareTest = compare_test, (lhs, rhs, operation: Int);
    Negate = Vm::unary_negative, (operand);
    Invert = Vm::unary_invert, (operand);
    GetItem = Vm::get_item, (container, key);
    SetItem = Vm::set_item, (container, key, value);
    DelItem = Vm::del_item, (container, key);
    Contains = Vm::contains, (container, item);
    GetAttr = Vm::get_attr, (owner, name);
    SetAttr = Vm::set_attr, (owner, name, value);
    DelAttr = Vm::del_attr, (owner, name);
    LoadSuperAttr = load_super_attr, (class, owner, name);
    IsTrue = Vm::is_true, (operand);
    IsInstance = is_instance, (value, class);
    GetIter = Vm::get_iter, (operand);
    IterOfSequence = Vm::get_iter, (sequence);
    IterNext = Vm::iter_next, (iterator);
    Send = send, (generator, value);
    ListAppend = list_append, (list, item);
    ListConcat = list_concat, (lhs, rhs);
    ListPop = list_pop, (list, index: Int);
    ListInsert = list_insert, (list, index: Int, item);
    ListExtend = Vm::list_extend, (list, items);
    UnpackIntoList = unpack_into_list, (list, items);
    ListToTuple = Vm::list_to_tuple, (list);
    SetAdd = Vm::set_add, (set, item);
    SetUpdate = Vm::set_update, (set, items);
    MapAdd = Vm::dict_set, (dict, key, value);
    DictUpdate = update_from_mapping, (dict, mapping);
    BuildMap = build_map, (..);
    SimpleMap = build_map, (..);
    BuildSet = build_set, (..);
    BuildString = build_string, (..);
    BuildSlice = Vm::new_slice, (start, stop, step);
    BinarySlice = binary_slice, (container, start, stop);
    SequenceSlice = binary_slice, (container, start, stop);
    StoreSlice = store_slice, (container, start, stop, value);
    Unpack = unpack, (value, count: Int);
    UnpackEx = unpack_ex, (value, before: Int, after: Int);
    SimpleContains = simple_contains, (container, item);
    SimpleSubset = simple_subset, (left, right);
    SimpleSetOperation = simple_set_operation, (left, right, operation: Int);
    SetPlace = set_place, (set, place: Int);
    SimpleGet = simple_get, (dict, key);
    SimpleGetOr = simple_get_or, (dict, key, default);
    SimpleSet = simple_set, (dict, key, value);
    SimpleDel = simple_del, (dict, key);
    SimpleAdd = simple_add, (set, item);
    SimpleMin = simple_min, (container);
    SimpleMax = simple_max, (container);
    DictGetStr = Vm::dict_get, (dict, key);
    DictSetStr = Vm::dict_set, (dict, key, value);
    LoadGlobal = load_global, (globals, builtins, name);
    StoreGlobal = store_global, (globals, name, value);
    DelGlobal = del_global, (globals, name);
    Length = length, (operand);
    Identity = identity, (operand);
    ToStr = Vm::str, (operand);
    Convert = convert, (operand, kind: Int);
    FormatValue = Vm::format, (operand, spec);
    StrConcat = Vm::str_concat, (lhs, rhs);
    StrEq = str_eq, (lhs, rhs);
    StrIndex = str_index, (string, index: Int);
    MakeFunction = Vm::new_function, (code, globals);
    SetFunctionAttribute = set_function_attribute, (function, value, which: Int);
    CallKeywords = call_keywords, (..);
    CallTuple = call_tuple, (callee, arguments);
    CallExpanded = Vm::call_expanded, (callee, arguments, keywords);
    MergeKeywords = merge_keywords, (keywords, mapping, callee);
    KeysAre = keys_are, (dict, names);
    BinaryDeclined = binary_declined, (lhs, rhs, operation: Int);
    CompareDeclined = compare_declined, (lhs, rhs, operation: Int);
    CompareDeclinedTest = compare_declined_test, (lhs, rhs, operation: Int);
    Handled = exceptions::handled, (..);
    SetHandled = exceptions::set_handled, (exception);
    TakeRaised = exceptions::take_raised, (..);
    SetContext = exceptions::set_context, (exception);
    AddTraceback = exceptions::add_traceback, (exception, code, instruction: Int);
    CatchInRoot = exceptions::catch_in_root, (exception);
    LeaveBy = exceptions::leave_by, (..);
    KeepVariables = exceptions::keep_variables, (..);
    RaiseValue = exceptions::raise_value, (value);
    RaiseFrom = exceptions::raise_from, (value, cause);
    CallExit = exceptions::call_exit, (exit, owner, exception);
}

fn simple_contains(vm: &mut Vm, container: Value, item: Value) -> Option<bool> {
    vm.simple_contains(container, item)
}

fn simple_subset(vm: &mut Vm, left: Value, right: Value) -> Option<bool> {
    vm.simple_subset(left, right)
}

fn simple_set_operation(vm: &mut Vm, left: Value, right: Value, operation: i64) -> PyResult<Option<Value>> {
    vm.simple_set_operation(operation as u32, left, right)
}

fn set_place(vm: &mut Vm, set: Value, place: i64) -> Value {
    Value::small_int(vm.table(set).next_place(place as usize) as i64)
}

fn simple_get(vm: &mut Vm, dict: Value, key: Value) -> Value {
    vm.simple_get(dict, key).unwrap_or(Value::UNBOUND)
}

fn simple_get_or(vm: &mut Vm, dict: Value, key: Value, default: Value) -> Value {
    let found = vm.simple_get(dict, key).map(|found| if found.is_unbound() { default } else { found });
    found.unwrap_or(Value::UNBOUND)
}

fn simple_set(vm: &mut Vm, dict: Value, key: Value, value: Value) -> PyResult<Option<Value>> {
    Ok(vm.simple_set(dict, key, value)?.map(|()| Value::NONE))
}

fn simple_del(vm: &mut Vm, dict: Value, key: Value) -> Value {
    vm.simple_del(dict, key).map_or(Value::UNBOUND, |()| Value::NONE)
}

fn simple_add(vm: &mut Vm, set: Value, item: Value) -> PyResult<Option<Value>> {
    Ok(vm.simple_add(set, item)?.map(|()| Value::NONE))
}

fn identity(vm: &mut Vm, operand: Value) -> Value {
    vm.new_int_from_i128(identity_of(operand))
}

fn simple_min(vm: &mut Vm, container: Value) -> Value {
    vm.simple_extreme(container, false).unwrap_or(Value::UNBOUND)
}

fn simple_max(vm: &mut Vm, container: Value) -> Value {
    vm.simple_extreme(container, true).unwrap_or(Value::UNBOUND)
}

fn binary_op(vm: &mut Vm, lhs: Value, rhs: Value, operation: i64) -> PyResult {
    match operation as u32 {
        op::SUBSCRIPT => vm.get_item(lhs, rhs),
        operation => vm.binary_op(operation, lhs, rhs),
    }
}

fn int_binary(vm: &mut Vm, lhs: Value, rhs: Value, operation: i64) -> Value {
    let is_int = |value: Value| value.is_int() || vm.is_exact(value, BuiltinType::Int);
    let is_known = matches!(operation as u32, op::ADD | op::SUBTRACT | op::MULTIPLY | op::LEFT_SHIFT);
    if !is_known || !is_int(lhs) || !is_int(rhs) {
        return Value::UNBOUND;
    }
    vm.binary_op(operation as u32, lhs, rhs).unwrap_or_else(|_| {
        // Tier 1 does it again, and is interrupted again.
        vm.take_back_interrupt();
        vm.clear_exception();
        Value::UNBOUND
    })
}

fn box_unsigned(vm: &mut Vm, bits: i64) -> Value {
    vm.new_int_from_u64(bits as u64)
}

fn compare_op(vm: &mut Vm, lhs: Value, rhs: Value, operation: i64) -> PyResult {
    vm.compare_op(operation as u32, lhs, rhs)
}

fn compare_test(vm: &mut Vm, lhs: Value, rhs: Value, operation: i64) -> PyResult<bool> {
    let outcome = compare_op(vm, lhs, rhs, operation)?;
    if outcome.is_bool() { Ok(outcome.as_bool()) } else { vm.is_true(outcome) }
}

fn binary_declined(vm: &mut Vm, lhs: Value, rhs: Value, operation: i64) -> PyResult {
    special::declined_binary(vm, operation as u32, lhs, rhs)
}

fn compare_declined(vm: &mut Vm, lhs: Value, rhs: Value, operation: i64) -> PyResult {
    vm.compare_declined(operation as u32, lhs, rhs)
}

fn compare_declined_test(vm: &mut Vm, lhs: Value, rhs: Value, operation: i64) -> PyResult<bool> {
    let outcome = compare_declined(vm, lhs, rhs, operation)?;
    vm.is_true(outcome)
}

fn keys_are(vm: &mut Vm, dict: Value, names: Value) -> PyResult<bool> {
    // SAFETY: the row asks for a tuple, which the caller keeps alive.
    let names = unsafe { (*names.as_ptr::<TupleObject>()).items() };
    let table = vm.table(dict);
    // A key that was deleted is no name.
    let is_there = |(place, name): (usize, &Value)| table.key_at(place) == *name;
    Ok(table.used == names.len() && names.iter().enumerate().all(is_there))
}

fn load_super_attr(vm: &mut Vm, class: Value, owner: Value, name: Value) -> PyResult {
    if !vm.has_layout(class, BuiltinType::Type) {
        let message = format!("super() argument 1 must be a type, not {}", vm.class_name(class));
        return Err(vm.raise_type(&message));
    }
    let owner_class = vm.super_owner_class(class.as_ptr(), owner)?;
    vm.super_attribute(class.as_ptr(), owner, owner_class, name)
}

fn is_instance(vm: &mut Vm, value: Value, class: Value) -> PyResult<bool> {
    Ok(vm.is_instance(value, class.as_ptr()))
}

fn send(vm: &mut Vm, generator: Value, value: Value) -> PyResult {
    let yielded = vm.generator_send(generator, value)?;
    Ok(yielded.unwrap_or_else(|| std::mem::replace(&mut vm.result, Value::NONE)))
}

fn unpack_into_list(vm: &mut Vm, list: Value, items: Value) -> PyResult<()> {
    let extended = vm.list_extend(list, items);
    if extended.is_err() && vm.exception_matches(vm.exceptions.TypeError) && vm.lacks_iter(items) {
        vm.clear_exception();
        let message = format!("Value after * must be an iterable, not {}", vm.class_name(items));
        return Err(vm.raise_type(&message));
    }
    extended
}

fn build_map(vm: &mut Vm, items: &[Value]) -> PyResult {
    let dict = vm.new_dict_with_capacity(items.len() / 2)?;
    for [key, value] in items.as_chunks::<2>().0 {
        vm.dict_set(dict, *key, *value)?;
    }
    Ok(dict)
}

fn build_set(vm: &mut Vm, items: &[Value]) -> PyResult {
    let set = vm.new_set(BuiltinType::Set)?;
    for item in items {
        vm.set_add(set, *item)?;
    }
    Ok(set)
}

fn build_string(vm: &mut Vm, parts: &[Value]) -> PyResult {
    vm.str_concat_all(parts)
}

fn binary_slice(vm: &mut Vm, container: Value, start: Value, stop: Value) -> PyResult {
    let slice = vm.new_slice(start, stop, Value::NONE);
    vm.get_item(container, slice)
}

fn store_slice(vm: &mut Vm, container: Value, start: Value, stop: Value, value: Value) -> PyResult<()> {
    let slice = vm.new_slice(start, stop, Value::NONE);
    vm.set_item(container, slice, value)
}

fn unpack(vm: &mut Vm, value: Value, count: i64) -> PyResult {
    let items = vm.unpack(value, count as usize)?;
    tuple_of(vm, items)
}

fn unpack_ex(vm: &mut Vm, value: Value, before: i64, after: i64) -> PyResult {
    let items = vm.unpack_ex(value, before as usize, after as usize)?;
    tuple_of(vm, items)
}

/// A list or exact tuple as an exact tuple.
fn tuple_of(vm: &mut Vm, items: Value) -> PyResult {
    if vm.is_exact(items, BuiltinType::Tuple) { Ok(items) } else { vm.list_to_tuple(items) }
}

fn load_global(vm: &mut Vm, globals: Value, builtins: Value, name: Value) -> PyResult {
    match vm.dict_get_name(globals, name).or_else(|| vm.dict_get_name(builtins, name)) {
        Some(value) => Ok(value),
        None => vm.missing_name(globals, builtins, name),
    }
}

fn del_global(vm: &mut Vm, globals: Value, name: Value) -> PyResult<()> {
    let Some(entry) = vm.dict_entry_of_name(globals, name) else {
        return Err(vm.raise_name(name));
    };
    vm.dict_remove_entry(globals, entry);
    Ok(())
}

fn store_global(vm: &mut Vm, globals: Value, name: Value, value: Value) -> PyResult<()> {
    vm.dict_set_name(globals, name, value);
    Ok(())
}

fn length(vm: &mut Vm, operand: Value) -> PyResult {
    let len = vm.len(operand)?;
    Ok(vm.new_int_from_usize(len))
}

fn convert(vm: &mut Vm, operand: Value, kind: i64) -> PyResult {
    match kind {
        1 => vm.str(operand),
        2 => vm.repr(operand),
        _ => vm.ascii(operand),
    }
}

fn str_eq(vm: &mut Vm, lhs: Value, rhs: Value) -> PyResult<bool> {
    Ok(lhs == rhs || vm.str_of(lhs).view() == vm.str_of(rhs).view())
}

fn str_index(vm: &mut Vm, string: Value, index: i64) -> PyResult {
    let text = vm.str_of(string).view();
    match usize::try_from(index).ok().filter(|&index| index < text.len()) {
        Some(index) => Ok(vm.str_from_code_point(text.at(index))),
        None => Err(vm.raise(vm.exceptions.IndexError, "string index out of range")),
    }
}

fn set_function_attribute(vm: &mut Vm, function: Value, value: Value, which: i64) -> PyResult {
    let object = function.as_ptr::<FunctionObject>();
    // SAFETY: the row asks for a function, which `make_function` has just given.
    unsafe {
        match which {
            1 => (*object).defaults = value,
            2 => (*object).kwdefaults = value,
            4 => (*object).annotations = value,
            8 => (*object).closure = value,
            _ => (*object).annotate = value,
        }
    }
    vm.barrier(object);
    Ok(function)
}

fn call_keywords(vm: &mut Vm, parts: &[Value]) -> PyResult {
    let [callee, names, arguments @ ..] = parts else { return Err(vm.raise_runtime("a call without a callee")) };
    vm.call_with(*callee, Arguments { values: arguments, names: *names })
}

fn call_tuple(vm: &mut Vm, callee: Value, arguments: Value) -> PyResult {
    // SAFETY: the row asks for an exact tuple, which does not change and which the caller keeps alive.
    let items = unsafe { (*arguments.as_ptr::<TupleObject>()).items() };
    vm.call(callee, items)
}

/// What a helper's word means where it is not a truth value.
pub(super) fn value_of_word(vm: &Vm, word: u64) -> PyResult {
    if word == 0 && !vm.exception.is_unbound() { Err(Raised) } else { Ok(Value(word)) }
}

/// What a helper's word means where it is a truth value.
pub(super) fn truth_of_word(word: u64) -> PyResult<bool> {
    if word == <PyResult<bool>>::RAISED { Err(Raised) } else { Ok(word != 0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_become_system_errors() {
        let mut vm = Vm::new(crate::vm::VmConfig::default());
        let thread = std::ptr::from_mut(&mut *vm).cast();
        let panic = |_: &mut Vm| -> PyResult<bool> { std::panic::resume_unwind(Box::new("lost")) };
        // SAFETY: the thread is a VM that nothing else uses.
        assert_eq!(unsafe { guard(thread, panic) }, 2);
        assert!(vm.exception_matches(vm.exceptions.SystemError));
    }
}
