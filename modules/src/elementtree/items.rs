//! Children by number: one, or those of a slice.

use super::element::{Element, ThisElement, expect_element};
use stitch_runtime::object::argument::This;
use stitch_runtime::object::item::SliceRange;
use stitch_runtime::object::layout::{ListObject, SliceObject};
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// The child that an index means, if there is one; TypeError for what is no index.
fn place(vm: &mut Vm, this: ThisElement, key: Value) -> PyResult<Option<usize>> {
    if !vm.is_index(key) {
        return Err(vm.raise_type("element indices must be integers"));
    }
    let int = vm.index(key)?;
    let Some(index) = vm.int_to_i64(int) else {
        let message = format!("cannot fit '{}' into an index-sized integer", vm.class_name(key));
        return Err(vm.raise_index(&message));
    };
    let len = this.children().len() as i64;
    let at = if index < 0 { index.saturating_add(len) } else { index };
    Ok((0..len).contains(&at).then_some(at as usize))
}

pub fn get_item(vm: &mut Vm, this: ThisElement, key: Value) -> PyResult {
    if let Some(slice) = This::<SliceObject>::of(vm, key) {
        let range = slice_range(vm, this, slice)?;
        let list = vm.new_list_with_capacity(range.count)?;
        for at in range.positions() {
            vm.list_push(list.as_ptr(), this.children()[at])?;
        }
        return Ok(list);
    }
    match place(vm, this, key)? {
        Some(at) => Ok(this.children()[at]),
        None => Err(vm.raise_index("child index out of range")),
    }
}

/// What a slice means among the children that there are once its numbers are known.
fn slice_range(vm: &mut Vm, this: ThisElement, slice: This<SliceObject>) -> PyResult<SliceRange> {
    Ok(vm.slice_bounds(slice)?.within(this.children().len()))
}

pub fn set_item(vm: &mut Vm, this: ThisElement, key: Value, item: Option<Value>) -> PyResult<()> {
    if let Some(slice) = This::<SliceObject>::of(vm, key) {
        return match item {
            Some(items) => set_slice(vm, this, slice, items),
            None => delete_slice(vm, this, slice),
        };
    }
    let Some(at) = place(vm, this, key)? else {
        return Err(vm.raise_index("child assignment index out of range"));
    };
    match item {
        Some(item) => {
            expect_element(vm, item)?;
            Element::put(vm, this, at, item);
            Ok(())
        }
        None => Element::splice(vm, this, at..at + 1, &[]),
    }
}

/// The items of an iterable as a new list; TypeError of this message where it is none.
pub fn collected(vm: &mut Vm, items: Value, misfit: &str) -> PyResult<This<ListObject>> {
    if let Some(items) = vm.exact_items(items) {
        let list = vm.new_list(items)?;
        return Ok(This::expect(vm, list));
    }
    let iterator = match vm.get_iter(items) {
        Err(Raised) if vm.exception_matches(vm.exceptions.TypeError) => {
            vm.clear_exception();
            return Err(vm.raise_type(misfit));
        }
        iterator => iterator?,
    };
    vm.collect_list(iterator)
}

fn set_slice(vm: &mut Vm, this: ThisElement, slice: This<SliceObject>, items: Value) -> PyResult<()> {
    let list = collected(vm, items, "assignment expects an iterable")?;
    for &item in list.items() {
        expect_element(vm, item)?;
    }
    let range = slice_range(vm, this, slice)?;
    if range.step == 1 {
        let start = range.start as usize;
        return Element::splice(vm, this, start..start + range.count, list.items());
    }
    if range.count != list.len {
        let (given, count) = (list.len, range.count);
        let message = format!("attempt to assign sequence of size {given} to extended slice of size {count}");
        return Err(vm.raise_value(&message));
    }
    for (at, &child) in range.positions().zip(list.items()) {
        Element::put(vm, this, at, child);
    }
    Ok(())
}

fn delete_slice(vm: &mut Vm, this: ThisElement, slice: This<SliceObject>) -> PyResult<()> {
    let range = slice_range(vm, this, slice)?;
    if range.count == 0 {
        return Ok(());
    }
    if range.step == 1 {
        let start = range.start as usize;
        return Element::splice(vm, this, start..start + range.count, &[]);
    }
    let mut gone: Vec<usize> = range.positions().collect();
    gone.sort_unstable();
    for at in gone.into_iter().rev() {
        Element::splice(vm, this, at..at + 1, &[])?;
    }
    Ok(())
}
