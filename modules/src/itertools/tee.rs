//! `tee`: several iterators over one.
//!
//! ```text
//!   iterator ◄── data ──► data ──► data        each with so many items that were taken of the iterator
//!                 ▲         ▲
//!               tee a     tee b                what lies behind all of them is garbage
//! ```

use super::{ITERATOR, ITERATOR_SLOTS, step};
use stitch_runtime::object::argument::{Class, ClassOf, Index, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{ListObject, ValueArray};
use stitch_runtime::object::slots::{Slots, slot};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

/// How many items lie together.
const N_ITEMS: usize = 57;

#[repr(C)]
pub struct TeeData {
    header: Header,
    iterator: Value,
    /// A value array.
    items: Value,
    /// The data behind it; unbound where there is none yet.
    following: Value,
    n_items: usize,
    /// It is asking the iterator.
    is_running: bool,
}

pub static TEE_DATA: TypeSpec = TypeSpec {
    name: "_tee_dataobject",
    doc: "Items that the iterators of a tee share.",
    is_base: false,
    layout: Some(Layout::of::<TeeData>(3)),
    slots: Slots::NONE,
    new: Some(method("__new__", "($type, iterable, values, next, /)", new_data).doc("Shares items.")),
    ..ITERATOR
};

#[repr(C)]
pub struct Tee {
    header: Header,
    /// Where it is.
    data: Value,
    index: usize,
}

pub static TEE: TypeSpec = TypeSpec {
    name: "_tee",
    doc: "One of several iterators over the same items.",
    is_base: false,
    layout: Some(Layout::of::<Tee>(1)),
    is_weakly_referable: true,
    slots: Slots { next: slot(next), ..ITERATOR_SLOTS },
    new: Some(
        method("__new__", "($type, iterable, /)", |vm: &mut Vm, _: Class, iterable: Value| tee_of(vm, iterable))
            .doc("An iterator that can be copied."),
    ),
    methods: &[method("__copy__", "($self, /)", copy).doc("Another iterator from here on.")],
    ..ITERATOR
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for TeeData {
    const SPEC: &'static TypeSpec = &TEE_DATA;
}
// SAFETY: as above.
unsafe impl Object for Tee {
    const SPEC: &'static TypeSpec = &TEE;
}

fn new_data_over(vm: &mut Vm, iterator: Value) -> PyResult {
    let items = vm.new_array(N_ITEMS)?;
    let class = vm.type_of_spec(&TEE_DATA);
    let following = Value::UNBOUND;
    vm.new_object(class, |header| TeeData { header, iterator, items, following, n_items: 0, is_running: false })
}

fn new_data(vm: &mut Vm, _: ClassOf<TeeData>, iterator: Value, values: Value, following: Value) -> PyResult {
    if !vm.is_exactly::<ListObject>(values) {
        let message = format!("_tee_dataobject() argument 2 must be list, not {}", vm.class_name(values));
        return Err(vm.raise_type(&message));
    }
    let data = new_data_over(vm, iterator)?;
    let mut this = This::<TeeData>::of(vm, data).expect("it was just made");
    // SAFETY: an exact list.
    let values = unsafe { (*values.as_ptr::<ListObject>()).items() };
    if values.len() > N_ITEMS {
        return Err(vm.raise_value("Invalid arguments"));
    }
    for (at, &value) in values.iter().enumerate() {
        keep_item(vm, this, at, value);
    }
    if values.len() == N_ITEMS && !following.is_none() {
        if This::<TeeData>::of(vm, following).is_none() {
            return Err(vm.raise_value("Invalid arguments"));
        }
        this.following = following;
        vm.barrier(this.pointer());
    } else if !following.is_none() {
        return Err(vm.raise_value("Invalid arguments"));
    }
    Ok(data)
}

fn keep_item(vm: &mut Vm, mut data: This<TeeData>, at: usize, item: Value) {
    let items = data.items.as_ptr::<ValueArray>();
    // SAFETY: `items` is a value array of `N_ITEMS` from the data's birth on.
    unsafe { (*items).elements_mut()[at] = item };
    vm.barrier(items);
    data.n_items = at + 1;
}

/// Item `at`, which is there or is the next to be taken.
fn item(vm: &mut Vm, mut data: This<TeeData>, at: usize) -> PyResult<Option<Value>> {
    if at < data.n_items {
        // SAFETY: as in `keep_item`.
        return Ok(Some(unsafe { (*data.items.as_ptr::<ValueArray>()).elements()[at] }));
    }
    if data.is_running {
        return Err(vm.raise_runtime("cannot re-enter the tee iterator"));
    }
    data.is_running = true;
    let next = step(vm, data.iterator);
    data.is_running = false;
    let item = next?;
    if let Some(item) = item {
        keep_item(vm, data, at, item);
    }
    Ok(item)
}

fn next(vm: &mut Vm, mut this: This<Tee>) -> PyResult<Option<Value>> {
    let Some(mut data) = This::<TeeData>::of(vm, this.data) else { return Ok(None) };
    if this.index >= N_ITEMS {
        if data.following.is_unbound() {
            let following = new_data_over(vm, data.iterator)?;
            data.following = following;
            vm.barrier(data.pointer());
        }
        (this.data, this.index) = (data.following, 0);
        vm.barrier(this.pointer());
        return next(vm, this);
    }
    let item = item(vm, data, this.index)?;
    this.index += usize::from(item.is_some());
    Ok(item)
}

fn new_tee(vm: &mut Vm, data: Value, index: usize) -> PyResult {
    let class = vm.type_of_spec(&TEE);
    vm.new_object(class, |header| Tee { header, data, index })
}

fn copy(vm: &mut Vm, this: This<Tee>) -> PyResult {
    new_tee(vm, this.data, this.index)
}

fn tee_of(vm: &mut Vm, iterable: Value) -> PyResult {
    let iterator = vm.get_iter(iterable)?;
    if let Some(tee) = This::<Tee>::of(vm, iterator) {
        return copy(vm, tee);
    }
    let data = new_data_over(vm, iterator)?;
    new_tee(vm, data, 0)
}

pub fn tee(vm: &mut Vm, iterable: Value, n: Option<Index>) -> PyResult {
    let n = n.map_or(2, |n| n.0);
    let Ok(n) = usize::try_from(n) else { return Err(vm.raise_value("n must be >= 0")) };
    let tees = vm.new_tuple_of_len(n)?;
    if n == 0 {
        return Ok(tees);
    }
    let iterator = vm.get_iter(iterable)?;
    let name = vm.intern("__copy__");
    let first = match vm.get_attr_opt(iterator, name)? {
        Some(copier) if This::<Tee>::of(vm, iterator).is_none() => {
            vm.tuple_init(tees, 0, iterator);
            copier
        }
        _ => {
            let tee = tee_of(vm, iterator)?;
            vm.tuple_init(tees, 0, tee);
            vm.get_attr(tee, name)?
        }
    };
    for at in 1..n {
        let copy = vm.call(first, &[])?;
        vm.tuple_init(tees, at, copy);
    }
    debug_assert!(vm.tuple_items(tees).len() == n);
    Ok(tees)
}
