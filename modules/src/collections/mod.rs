//! `_collections`: what is native under the module `collections`.

mod count;
mod defaultdict;
mod deque;
mod deque_iterator;
mod ordered;
mod ordered_view;
mod state;
mod tuplegetter;

use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::ModuleSpec;

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_collections",
    doc: "Containers under the module collections.",
    functions: &[method("_count_elements", "(mapping, iterable, /)", count::count_elements)
        .doc("Counts the items of an iterable in a mapping.")],
    types: &[
        &deque::DEQUE,
        &deque_iterator::DEQUE_ITERATOR,
        &deque_iterator::DEQUE_REVERSE_ITERATOR,
        &defaultdict::DEFAULT_DICT,
        &ordered::ORDERED_DICT,
        &tuplegetter::TUPLE_GETTER,
    ],
    ..ModuleSpec::NEW
};
