//! `itertools`: iterators made of iterators.

mod accumulate;
mod batched;
mod chain;
mod combinations;
mod count;
mod cycle;
mod groupby;
mod indices;
mod islice;
mod pairwise;
mod permutations;
mod product;
mod repeat;
mod select;
mod starmap;
mod tee;
mod zip_longest;

use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::slots::Slots;
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "itertools",
    doc: "Iterators made of iterators.",
    functions: &[
        method("tee", "(iterable, n=2, /)", tee::tee).doc("A tuple of n independent iterators over one iterable.")
    ],
    types: &[
        &count::COUNT,
        &repeat::REPEAT,
        &cycle::CYCLE,
        &chain::CHAIN,
        &islice::ISLICE,
        &accumulate::ACCUMULATE,
        &select::TAKE_WHILE,
        &select::DROP_WHILE,
        &select::FILTER_FALSE,
        &select::COMPRESS,
        &starmap::STARMAP,
        &pairwise::PAIRWISE,
        &batched::BATCHED,
        &zip_longest::ZIP_LONGEST,
        &product::PRODUCT,
        &combinations::COMBINATIONS,
        &combinations::COMBINATIONS_WITH_REPLACEMENT,
        &permutations::PERMUTATIONS,
        &groupby::GROUP_BY,
        &groupby::GROUPER,
        &tee::TEE,
        &tee::TEE_DATA,
    ],
    ..ModuleSpec::NEW
};

/// The slots of what is its own iterator.
const ITERATOR_SLOTS: Slots = Slots { iter: Some(|_, iterator| Ok(iterator)), ..Slots::NONE };

/// What the types here have in common.
const ITERATOR: TypeSpec = TypeSpec { module: "itertools", is_base: true, slots: ITERATOR_SLOTS, ..TypeSpec::NEW };

/// The next item of an inner iterator. Iterators that lie in each other may be deep.
#[inline]
fn step(vm: &mut Vm, iterator: Value) -> PyResult<Option<Value>> {
    vm.check_native_stack()?;
    vm.iter_next(iterator)
}
