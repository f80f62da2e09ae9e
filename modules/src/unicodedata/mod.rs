//! `unicodedata`: what the Unicode character database says, as of today and as of version 3.2.0.

mod functions;
mod normal;
mod version;

pub(crate) use version::is_later;

use stitch_runtime::object::argument::This;
use stitch_runtime::object::header::Header;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::spec::{Layout, Object, TypeSpec, field};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "unicodedata",
    doc: "The Unicode character database.",
    functions: functions::FUNCTIONS,
    constants: &[("unidata_version", Constant::Str("16.0.0"))],
    types: &[&DATABASE],
    exec: Some(|vm, module| {
        let class = vm.type_of_spec(&DATABASE);
        let old = vm.new_object(class, |header| Database { header })?;
        vm.set_module_entry(module, "ucd_3_2_0", old);
        Ok(())
    }),
    ..ModuleSpec::NEW
};

/// The database of version 3.2.0, which internationalized domain names go by.
#[repr(C)]
pub struct Database {
    header: Header,
}

static DATABASE: TypeSpec = TypeSpec {
    name: "UCD",
    module: "unicodedata",
    doc: "A version of the Unicode character database.",
    layout: Some(Layout::of::<Database>(0)),
    methods: functions::METHODS,
    getters: &[field("unidata_version", |_: This<Database>| "3.2.0").doc("Which version it is.")],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; the type cannot be subclassed.
unsafe impl Object for Database {
    const SPEC: &'static TypeSpec = &DATABASE;
}
