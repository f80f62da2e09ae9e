//! Native modules of the standard library, on the runtime's API: each a table of rows, with the Python source above it.

mod hashes;

use stitch_runtime::builtins::{FrozenSource, ModuleRow, ModuleSource};

/// What `import` finds here, for `Machine::add_modules`.
pub const MODULES: &[ModuleRow] = &[
    ModuleRow { name: "_stitch_hashes", source: ModuleSource::Native(hashes::make) },
    ModuleRow {
        name: "hashlib",
        source: ModuleSource::Frozen(FrozenSource { text: include_str!("hashlib.py"), is_package: false }),
    },
];
