//! Views of ordered dicts, and iterators over them in either direction.

use stitch_runtime::builtins::types::{DICT_ITEMS, DICT_KEYS, DICT_VALUES};
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{DictObject, DictView};
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

/// What of a dict is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum View {
    Keys,
    Values,
    Items,
}

/// A view, by the place of its `View`.
#[repr(C)]
struct OrderedView<const VIEW: usize> {
    view: DictView,
}

const VIEWS: [View; 3] = [View::Keys, View::Values, View::Items];

const fn spec<const VIEW: usize>(name: &'static str, doc: &'static str, base: &'static TypeSpec) -> TypeSpec
where
    OrderedView<VIEW>: Object,
{
    TypeSpec {
        name,
        doc,
        base: Some(base),
        slots: Slots {
            iter: Some(|vm, value| {
                let dict = This::<OrderedView<VIEW>>::of(vm, value).expect("a view's slot gets one").view.dict;
                over(vm, dict, VIEWS[VIEW], false)
            }),
            ..Slots::NONE
        },
        methods: const {
            &[method("__reversed__", "($self, /)", |vm: &mut Vm, this: This<OrderedView<VIEW>>| {
                over(vm, this.view.dict, VIEWS[VIEW], true)
            })
            .doc("An iterator from the end.")]
        },
        ..TypeSpec::NEW
    }
}

static KEYS: TypeSpec = spec::<0>("odict_keys", "The keys of an ordered dict.", &DICT_KEYS);
static VALUES: TypeSpec = spec::<1>("odict_values", "The values of an ordered dict.", &DICT_VALUES);
static ITEMS: TypeSpec = spec::<2>("odict_items", "The items of an ordered dict.", &DICT_ITEMS);

// SAFETY: `#[repr(C)]`, a dict's view in front, which begins with the header; the type cannot be subclassed.
unsafe impl Object for OrderedView<0> {
    const SPEC: &'static TypeSpec = &KEYS;
}
// SAFETY: as above.
unsafe impl Object for OrderedView<1> {
    const SPEC: &'static TypeSpec = &VALUES;
}
// SAFETY: as above.
unsafe impl Object for OrderedView<2> {
    const SPEC: &'static TypeSpec = &ITEMS;
}

/// A view of a dict.
pub fn view(vm: &mut Vm, dict: Value, view: View) -> PyResult {
    match view {
        View::Keys => new_view::<0>(vm, dict),
        View::Values => new_view::<1>(vm, dict),
        View::Items => new_view::<2>(vm, dict),
    }
}

fn new_view<const VIEW: usize>(vm: &mut Vm, dict: Value) -> PyResult
where
    OrderedView<VIEW>: Object,
{
    let class = vm.type_of_spec(OrderedView::<VIEW>::SPEC);
    vm.new_object(class, |header| OrderedView::<VIEW> { view: DictView { header, dict } })
}

#[repr(C)]
struct OrderedIterator {
    header: Header,
    /// Unbound at the end.
    dict: Value,
    /// The entry that comes next; in reverse, the one behind it.
    index: usize,
    /// The version of the dict's keys when the iteration began.
    keys_version: u32,
    view: View,
    is_reverse: bool,
}

static ITERATOR: TypeSpec = TypeSpec {
    name: "odict_iterator",
    doc: "Over the keys, values or items of an ordered dict.",
    layout: Some(Layout::of::<OrderedIterator>(1)),
    slots: Slots { iter: Some(|_, iterator| Ok(iterator)), next: Some(next), ..Slots::NONE },
    methods: &[method("__reduce__", "($self, /)", reduce).doc("How to make it again.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for OrderedIterator {
    const SPEC: &'static TypeSpec = &ITERATOR;
}

pub fn over(vm: &mut Vm, dict: Value, view: View, is_reverse: bool) -> PyResult {
    let used = This::<DictObject>::of(vm, dict).map_or(0, |dict| dict.used);
    let index = if is_reverse { used } else { vm.dict_first(dict).unwrap_or(0) };
    let keys_version = vm.dict_keys_version(dict).unwrap_or(0);
    let class = vm.type_of_spec(&ITERATOR);
    vm.new_object(class, |header| OrderedIterator { header, dict, index, keys_version, view, is_reverse })
}

fn next(vm: &mut Vm, value: Value) -> PyResult<Option<Value>> {
    let mut this = This::<OrderedIterator>::of(vm, value).expect("the slot of an ordered dict's iterator");
    let Some(table) = This::<DictObject>::of(vm, this.dict) else { return Ok(None) };
    if table.keys_version != this.keys_version {
        this.dict = Value::UNBOUND;
        return Err(vm.raise_runtime("OrderedDict mutated during iteration"));
    }
    let entry = if this.is_reverse {
        (0..this.index.min(table.used)).rev().find(|&entry| !table.key_at(entry).is_unbound())
    } else {
        table.next_entry(this.index).map(|(entry, _)| entry)
    };
    let Some(entry) = entry else {
        this.dict = Value::UNBOUND;
        return Ok(None);
    };
    this.index = if this.is_reverse { entry } else { entry + 1 };
    let (key, item) = (table.key_at(entry), table.value_at(entry));
    Ok(Some(match this.view {
        View::Keys => key,
        View::Values => item,
        View::Items => vm.new_tuple(&[key, item]),
    }))
}

/// By a list of what is left.
fn reduce(vm: &mut Vm, this: This<OrderedIterator>) -> PyResult<Value> {
    let OrderedIterator { dict, index, keys_version, view, is_reverse, .. } = *this;
    let class = vm.type_of_spec(&ITERATOR);
    let rest =
        vm.new_object(class, |header| OrderedIterator { header, dict, index, keys_version, view, is_reverse })?;
    let list = vm.collect(rest)?;
    let name = vm.intern("iter");
    let iter = vm.dict_get_name(vm.builtins, name).unwrap_or(Value::NONE);
    let arguments = vm.new_tuple(&[list]);
    Ok(vm.new_tuple(&[iter, arguments]))
}
