//! `_bisect`: places in sorted sequences, found by halving.

use stitch_runtime::object::argument::{Index, OrNone, Parameter, Place, method};
use stitch_runtime::object::layout::DictObject;
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::{PyResult, Value, Vm};

const SIGNATURE: &str = "(a, x, lo=0, hi=None, *, key=None)";

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_bisect",
    doc: "Places in sorted sequences, found by halving.",
    functions: &[
        method("bisect_left", SIGNATURE, find::<false>).doc("Where to insert x in a: before what equals it."),
        method("bisect_right", SIGNATURE, find::<true>).doc("Where to insert x in a: behind what equals it."),
        method("insort_left", SIGNATURE, insort::<false>).doc("Inserts x in a before what equals it."),
        method("insort_right", SIGNATURE, insort::<true>).doc("Inserts x in a behind what equals it."),
    ],
    exec: Some(|vm, module| {
        for (name, other) in [("bisect", "bisect_right"), ("insort", "insort_right")] {
            let other = vm.intern(other);
            let function = vm.dict_get_name(vm.module_dict(module), other).unwrap_or(Value::NONE);
            vm.set_module_entry(module, name, function);
        }
        Ok(())
    }),
    ..ModuleSpec::NEW
};

/// The end of the part that is searched; none: that of the sequence.
struct End(Option<i64>);

impl Parameter for End {
    fn from_argument(vm: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<End> {
        if argument.is_unbound() || argument.is_none() {
            return Ok(End(None));
        }
        if !vm.is_index(argument) {
            let message = format!("argument should be integer or None, not '{}'", vm.class_name(argument));
            return Err(vm.raise_type(&message));
        }
        vm.index_i64(argument).map(|index| End(Some(index)))
    }
}

fn find<const RIGHT: bool>(
    vm: &mut Vm,
    sequence: Value,
    x: Value,
    start: Option<Index>,
    end: End,
    key: OrNone<Value>,
) -> PyResult<i64> {
    let start = start.map_or(0, |start| start.0);
    if start < 0 {
        return Err(vm.raise_value("lo must be non-negative"));
    }
    let (mut low, mut high) = (
        start,
        match end.0 {
            Some(end) if end != -1 => end,
            _ => len_of(vm, sequence)?,
        },
    );
    while low < high {
        let middle = low + (high - low) / 2;
        let mut item = item_at(vm, sequence, middle)?;
        if let Some(key) = key.0 {
            item = vm.call(key, &[item])?;
        }
        let is_before = if RIGHT { vm.less_than(x, item)? } else { !vm.less_than(item, x)? };
        if is_before {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(low)
}

fn len_of(vm: &mut Vm, sequence: Value) -> PyResult<i64> {
    if vm.is_a::<DictObject>(sequence) {
        let message = format!("{} is not a sequence", vm.class_name(sequence));
        return Err(vm.raise_type(&message));
    }
    vm.len(sequence).map(|len| len as i64)
}

#[inline]
fn item_at(vm: &mut Vm, sequence: Value, index: i64) -> PyResult {
    let items = vm.exact_items(sequence).unwrap_or_default();
    match items.get(index as usize) {
        Some(&item) => Ok(item),
        None => {
            let index = vm.new_int(index);
            vm.get_item(sequence, index)
        }
    }
}

fn insort<const RIGHT: bool>(
    vm: &mut Vm,
    sequence: Value,
    x: Value,
    start: Option<Index>,
    end: End,
    key: OrNone<Value>,
) -> PyResult<()> {
    let wanted = match key.0 {
        Some(key) => vm.call(key, &[x])?,
        None => x,
    };
    let at = find::<RIGHT>(vm, sequence, wanted, start, end, key)?;
    if vm.is_exactly::<ListObject>(sequence) {
        return vm.list_insert(sequence.as_ptr(), at, x);
    }
    let (name, at) = (vm.intern("insert"), vm.new_int(at));
    vm.call_method(sequence, name, &[at, x]).map(|_| ())
}
