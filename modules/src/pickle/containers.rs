//! Lists, tuples, dicts and sets.

use super::note::noted;
use super::opcode::*;
use super::pickler::{Pickler, ThisPickler};
use super::reduce::{Reduced, save_reduce};
use super::save::save;
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::{PyResult, Value, Vm};

/// So many items are written before they are put into their container.
const BATCH: usize = 1000;

fn item_note(vm: &mut Vm, owner: Value, index: usize) -> String {
    format!("when serializing {} item {index}", vm.full_class_name(owner))
}

pub fn save_tuple(vm: &mut Vm, mut this: ThisPickler, tuple: Value) -> PyResult<()> {
    let items = vm.tuple_items(tuple);
    let n = items.len();
    if n == 0 {
        if this.protocol > 0 {
            this.out.byte(EMPTY_TUPLE);
        } else {
            this.out.write(&[MARK, TUPLE]);
        }
        return Ok(());
    }
    let is_short = n <= 3 && this.protocol >= 2;
    if !is_short {
        this.out.byte(MARK);
    }
    for (i, &item) in items.iter().enumerate() {
        let result = save(vm, this, item, true);
        noted(vm, result, |vm| item_note(vm, tuple, i))?;
    }
    // One that holds itself was written meanwhile.
    if let Some(place) = this.memo.get(tuple) {
        if is_short {
            (0..n).for_each(|_| this.out.byte(POP));
        } else if this.protocol > 0 {
            this.out.byte(POP_MARK);
        } else {
            (0..=n).for_each(|_| this.out.byte(POP));
        }
        Pickler::refer(this, place);
        return Ok(());
    }
    this.out.byte(if is_short { [TUPLE1, TUPLE2, TUPLE3][n - 1] } else { TUPLE });
    Pickler::memoize(this, vm, tuple)
}

pub fn save_list(vm: &mut Vm, mut this: ThisPickler, list: Value) -> PyResult<()> {
    if this.protocol > 0 {
        this.out.byte(EMPTY_LIST);
    } else {
        this.out.write(&[MARK, LIST]);
    }
    Pickler::memoize(this, vm, list)?;
    let n = vm.items_of(list).len();
    let mut index = 0;
    // The list may change meanwhile: it is asked anew for each item.
    let save_item = move |vm: &mut Vm, index: usize| -> PyResult<bool> {
        let Some(&item) = vm.items_of(list).get(index) else { return Ok(false) };
        let result = save(vm, this, item, true);
        noted(vm, result, |vm| item_note(vm, list, index))?;
        Ok(true)
    };
    if this.protocol == 0 || n == 1 {
        while index < n && save_item(vm, index)? {
            this.out.byte(APPEND);
            index += 1;
        }
        return Ok(());
    }
    while index < n {
        this.out.byte(MARK);
        let end = n.min(index + BATCH);
        while index < end {
            if !save_item(vm, index)? {
                index = n;
                break;
            }
            index += 1;
        }
        this.out.byte(APPENDS);
    }
    Ok(())
}

/// Items that an iterator gives, for what was written before.
pub fn save_appended(vm: &mut Vm, mut this: ThisPickler, iterator: Value, owner: Value) -> PyResult<()> {
    let mut index = 0;
    let save_item = move |vm: &mut Vm, item: Value, index: usize| {
        let result = save(vm, this, item, true);
        noted(vm, result, |vm| item_note(vm, owner, index))
    };
    if this.protocol == 0 {
        while let Some(item) = vm.iter_next(iterator)? {
            save_item(vm, item, index)?;
            index += 1;
            this.out.byte(APPEND);
        }
        return Ok(());
    }
    loop {
        let Some(first) = vm.iter_next(iterator)? else { return Ok(()) };
        let Some(second) = vm.iter_next(iterator)? else {
            save_item(vm, first, index)?;
            this.out.byte(APPEND);
            return Ok(());
        };
        this.out.byte(MARK);
        save_item(vm, first, index)?;
        let mut next = Some(second);
        let mut n = 1;
        while let Some(item) = next {
            index += 1;
            save_item(vm, item, index)?;
            n += 1;
            next = if n == BATCH { None } else { vm.iter_next(iterator)? };
        }
        index += 1;
        this.out.byte(APPENDS);
        if n < BATCH {
            return Ok(());
        }
    }
}

pub fn save_dict(vm: &mut Vm, mut this: ThisPickler, dict: Value) -> PyResult<()> {
    if this.protocol > 0 {
        this.out.byte(EMPTY_DICT);
    } else {
        this.out.write(&[MARK, DICT]);
    }
    Pickler::memoize(this, vm, dict)?;
    let n = vm.table(dict).len;
    if n == 0 {
        return Ok(());
    }
    let is_single = this.protocol == 0 || n == 1;
    let (mut at, mut n_saved) = (0, 0);
    let mut is_open = false;
    while let Some((index, entry)) = vm.table(dict).next_entry(at) {
        at = index + 1;
        if !is_single && n_saved % BATCH == 0 {
            if is_open {
                this.out.byte(SETITEMS);
            }
            this.out.byte(MARK);
            is_open = true;
        }
        save(vm, this, entry.key, true)?;
        let result = save(vm, this, entry.value, true);
        noted(vm, result, |vm| value_note(vm, dict, entry.key))?;
        n_saved += 1;
        if is_single {
            this.out.byte(SETITEM);
        }
        if vm.table(dict).len != n {
            return Err(vm.raise_runtime("dictionary changed size during iteration"));
        }
    }
    if is_open {
        this.out.byte(SETITEMS);
    }
    Ok(())
}

fn value_note(vm: &mut Vm, owner: Value, key: Value) -> String {
    let class = vm.full_class_name(owner);
    format!("when serializing {class} item {}", vm.repr_or_unknown(key))
}

/// Pairs that an iterator gives, for what was written before.
pub fn save_set_items(vm: &mut Vm, mut this: ThisPickler, iterator: Value, owner: Value) -> PyResult<()> {
    let save_pair = move |vm: &mut Vm, pair: Value| -> PyResult<()> {
        if !vm.is_a::<TupleObject>(pair) || vm.tuple_items(pair).len() != 2 {
            return Err(vm.raise_type("dict items iterator must return 2-tuples"));
        }
        let items = vm.tuple_items(pair);
        save(vm, this, items[0], true)?;
        let result = save(vm, this, items[1], true);
        noted(vm, result, |vm| value_note(vm, owner, items[0]))
    };
    if this.protocol == 0 {
        while let Some(pair) = vm.iter_next(iterator)? {
            save_pair(vm, pair)?;
            this.out.byte(SETITEM);
        }
        return Ok(());
    }
    loop {
        let Some(first) = vm.iter_next(iterator)? else { return Ok(()) };
        let Some(second) = vm.iter_next(iterator)? else {
            save_pair(vm, first)?;
            this.out.byte(SETITEM);
            return Ok(());
        };
        this.out.byte(MARK);
        save_pair(vm, first)?;
        let mut next = Some(second);
        let mut n = 1;
        while let Some(pair) = next {
            save_pair(vm, pair)?;
            n += 1;
            next = if n == BATCH { None } else { vm.iter_next(iterator)? };
        }
        this.out.byte(SETITEMS);
        if n < BATCH {
            return Ok(());
        }
    }
}

fn save_element(vm: &mut Vm, this: ThisPickler, set: Value, element: Value) -> PyResult<()> {
    let result = save(vm, this, element, true);
    noted(vm, result, |vm| format!("when serializing {} element", vm.full_class_name(set)))
}

/// As a call of its class with a list: there were no instructions for sets.
fn save_as_call(vm: &mut Vm, this: ThisPickler, set: Value) -> PyResult<()> {
    let elements = vm.collect(set)?;
    let arguments = vm.new_tuple(&[elements]);
    let function = Value::object(vm.class_of(set));
    save_reduce(vm, this, &Reduced::call(function, arguments), Some(set))
}

pub fn save_set(vm: &mut Vm, mut this: ThisPickler, set: Value) -> PyResult<()> {
    if this.protocol < 4 {
        return save_as_call(vm, this, set);
    }
    this.out.byte(EMPTY_SET);
    Pickler::memoize(this, vm, set)?;
    let n = vm.table(set).len;
    if n == 0 {
        return Ok(());
    }
    let (mut at, mut n_saved) = (0, 0);
    this.out.byte(MARK);
    while let Some((index, entry)) = vm.table(set).next_entry(at) {
        at = index + 1;
        if n_saved > 0 && n_saved % BATCH == 0 {
            this.out.write(&[ADDITEMS, MARK]);
        }
        save_element(vm, this, set, entry.key)?;
        n_saved += 1;
        if vm.table(set).len != n {
            return Err(vm.raise_runtime("set changed size during iteration"));
        }
    }
    this.out.byte(ADDITEMS);
    Ok(())
}

pub fn save_frozenset(vm: &mut Vm, mut this: ThisPickler, set: Value) -> PyResult<()> {
    if this.protocol < 4 {
        return save_as_call(vm, this, set);
    }
    this.out.byte(MARK);
    let mut at = 0;
    while let Some((index, entry)) = vm.table(set).next_entry(at) {
        at = index + 1;
        save_element(vm, this, set, entry.key)?;
    }
    if let Some(place) = this.memo.get(set) {
        this.out.byte(POP_MARK);
        Pickler::refer(this, place);
        return Ok(());
    }
    this.out.byte(FROZENSET);
    Pickler::memoize(this, vm, set)
}
