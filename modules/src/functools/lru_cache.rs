//! `_lru_cache_wrapper`: a function with a cache of its results. Its dict's order is that of use, the oldest first.

use super::State;
use stitch_runtime::object::argument::{ClassOf, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::TypeObject;
use stitch_runtime::object::layout::{IntObject, StrObject};
use stitch_runtime::object::native::Arguments;
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{DICT_GETTER, Layout, Object, TypeSpec};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Value, Vm};

/// A cache of any size.
const UNLIMITED: usize = usize::MAX;

#[repr(C)]
pub struct LruCache {
    header: Header,
    function: Value,
    /// A dict.
    cache: Value,
    /// Makes what `cache_info` gives.
    info_type: Value,
    max_len: usize,
    is_typed: bool,
    n_hits: i64,
    n_misses: i64,
}

pub static LRU_CACHE_WRAPPER: TypeSpec = TypeSpec {
    name: "_lru_cache_wrapper",
    shown_signature: Some(""),
    module: "functools",
    doc: "A function with a cache of its results; of a cache that is full, the result used longest ago goes.",
    layout: Some(Layout::of::<LruCache>(3)),
    is_weakly_referable: true,
    has_dict: true,
    slots: Slots { call: slot(call), get: Some(get), ..Slots::NONE },
    new: Some(
        method("__new__", "($type, user_function, maxsize, typed, cache_info_type)", new)
            .doc("Takes the function, the most results, whether types count, and what makes the report."),
    ),
    methods: &[
        method("cache_info", "($self, /)", info).doc("Reports how often results were found, and how many there are."),
        method("cache_clear", "($self, /)", |vm: &mut Vm, mut this: This<LruCache>| {
            (this.n_hits, this.n_misses) = (0, 0);
            vm.dict_clear(this.cache);
        })
        .doc("Forgets all results and what was counted."),
        method("__reduce__", "($self, /)", |vm: &mut Vm, this: This<LruCache>| {
            let name = vm.intern("__qualname__");
            vm.get_attr(this.value(), name)
        })
        .doc("Its name."),
        method("__copy__", "($self, /)", |this: This<LruCache>| this.value()).doc("Itself."),
        method("__deepcopy__", "($self, memo, /)", |this: This<LruCache>, _: Value| this.value()).doc("Itself."),
    ],
    getters: &[DICT_GETTER],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for LruCache {
    const SPEC: &'static TypeSpec = &LRU_CACHE_WRAPPER;
}

fn new(
    vm: &mut Vm,
    class: ClassOf<LruCache>,
    function: Value,
    max_len: Value,
    is_typed: bool,
    info_type: Value,
) -> PyResult {
    if vm.slots_of(function).call.is_none() {
        return Err(vm.raise_type("the first argument must be callable"));
    }
    let max_len = if max_len.is_none() {
        UNLIMITED
    } else if vm.is_index(max_len) {
        vm.index_i64(max_len)?.max(0) as usize
    } else {
        return Err(vm.raise_type("maxsize should be integer or None"));
    };
    if State::of(vm).mark.is_none() {
        let mark = vm.new_instance(vm.class(BuiltinType::Object))?;
        State::of(vm).mark = Some(mark);
    }
    let cache = vm.new_dict();
    vm.new_object(class.class, |header| LruCache {
        header,
        function,
        cache,
        info_type,
        max_len,
        is_typed,
        n_hits: 0,
        n_misses: 0,
    })
}

/// What results are kept under: a single int or str itself; else a tuple of the arguments, a mark and the named ones with their
/// names, and the types of all where they count.
fn key_of(vm: &mut Vm, arguments: Arguments<'_>, is_typed: bool) -> PyResult {
    let names = arguments.keyword_names();
    if let [only] = *arguments.values
        && !is_typed
        && names.is_empty()
        && (only.is_int() || vm.is_exactly::<IntObject>(only) || vm.is_exactly::<StrObject>(only))
    {
        return Ok(only);
    }
    if names.is_empty() && !is_typed {
        return Ok(vm.new_tuple(arguments.values));
    }
    let (n_given, n_named) = (arguments.n_positional(), names.len());
    let n_types = if is_typed { arguments.values.len() } else { 0 };
    let n_behind = if n_named > 0 { 1 + 2 * n_named } else { 0 };
    let key = vm.new_tuple_of_len(n_given + n_behind + n_types)?;
    let mut at = 0;
    let mut push = |vm: &mut Vm, value: Value| {
        vm.tuple_init(key, at, value);
        at += 1;
    };
    for &value in &arguments.values[..n_given] {
        push(vm, value);
    }
    if n_named > 0 {
        let mark = State::of(vm).mark.unwrap_or(Value::NONE);
        push(vm, mark);
        for (&name, &value) in names.iter().zip(&arguments.values[n_given..]) {
            push(vm, name);
            push(vm, value);
        }
    }
    for &value in &arguments.values[..n_types] {
        let class = Value::object(vm.class_of(value));
        push(vm, class);
    }
    Ok(key)
}

fn call(vm: &mut Vm, mut this: This<LruCache>, arguments: Arguments<'_>) -> PyResult {
    if this.max_len == 0 {
        this.n_misses += 1;
        return vm.call_with(this.function, arguments);
    }
    let key = key_of(vm, arguments, this.is_typed)?;
    let hash = vm.hash(key)?;
    if let Some(entry) = vm.dict_entry_hashed(this.cache, key, hash)? {
        let result = vm.table(this.cache).value_at(entry);
        this.n_hits += 1;
        if this.max_len != UNLIMITED {
            vm.dict_move_entry(this.cache, entry, true)?;
        }
        return Ok(result);
    }
    this.n_misses += 1;
    let result = vm.call_with(this.function, arguments)?;
    let cache = this.cache;
    if this.max_len == UNLIMITED {
        vm.dict_set_hashed(cache, key, hash, result)?;
        return Ok(result);
    }
    // The call may have brought the same result, or others.
    if vm.dict_entry_hashed(cache, key, hash)?.is_none() {
        if vm.table(cache).len >= this.max_len
            && let Some(oldest) = vm.dict_first(cache)
        {
            vm.dict_remove_entry(cache, oldest);
        }
        vm.dict_set_hashed(cache, key, hash, result)?;
    }
    Ok(result)
}

fn get(vm: &mut Vm, cache: Value, instance: Value, _: *mut TypeObject) -> PyResult {
    Ok(if instance.is_unbound() { cache } else { vm.new_bound_method(cache, instance) })
}

fn info(vm: &mut Vm, this: This<LruCache>) -> PyResult {
    let (hits, misses) = (vm.new_int(this.n_hits), vm.new_int(this.n_misses));
    let most = if this.max_len == UNLIMITED { Value::NONE } else { vm.new_int_from_usize(this.max_len) };
    let len = vm.new_int_from_usize(vm.table(this.cache).len);
    vm.call(this.info_type, &[hits, misses, most, len])
}
