//! `_operator`: operators as functions, and what gets items, attributes and results of methods.

mod attrgetter;
mod call;
mod functions;
pub use functions::COMPARE_DIGEST;
mod itemgetter;
mod methodcaller;
mod sequence;
mod trace;

use stitch_runtime::object::module::ModuleSpec;

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_operator",
    doc: "Operator interface.\n\nOperators as functions: operator.add(x, y) is what x + y is.",
    functions: functions::FUNCTIONS,
    types: &[&itemgetter::ITEM_GETTER, &attrgetter::ATTR_GETTER, &methodcaller::METHOD_CALLER],
    ..ModuleSpec::NEW
};
