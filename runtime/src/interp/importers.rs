//! Where `importlib` comes in. Modules are found and made natively, which takes nothing to start; `importlib` itself is made ready for
//! the finders of Python when it is imported, and from then on what is not found natively is asked of them.

use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// The library's package, and the parts of it that find modules.
const PACKAGE: &str = "importlib";
const BOOTSTRAP: &str = "importlib._bootstrap";
const EXTERNAL: &str = "importlib._bootstrap_external";

impl Vm {
    /// Fills `sys.meta_path` and `sys.path_hooks`, once `importlib` has been imported.
    pub(super) fn install_importers(&mut self, full: &str) -> PyResult<()> {
        if full != PACKAGE {
            return Ok(());
        }
        let (bootstrap, external) = (self.import_dotted(BOOTSTRAP)?, self.import_dotted(EXTERNAL)?);
        let sys = self.import_dotted("sys")?;
        let meta_path = self.attribute(sys, "meta_path")?;
        let append = self.intern("append");
        for name in ["BuiltinImporter", "FrozenImporter"] {
            let importer = self.attribute(bootstrap, name)?;
            self.call_method(meta_path, append, &[importer])?;
        }
        let install = self.intern("_install");
        self.call_method(external, install, &[bootstrap]).map(|_| ())
    }

    /// The module, as the finders of Python have it; `None` where `importlib` has not been imported.
    pub(super) fn import_by_finders(&mut self, full: &str) -> Option<PyResult> {
        let bootstrap = self.intern(BOOTSTRAP);
        let bootstrap = self.dict_get_name(self.modules, bootstrap)?;
        self.clear_exception();
        let found = (|| {
            let (name, import) = (self.new_str(full), self.attribute(bootstrap, "_gcd_import")?);
            let find = self.intern("_find_and_load");
            self.call_method(bootstrap, find, &[name, import])
        })();
        Some(found)
    }

    fn attribute(&mut self, owner: Value, name: &str) -> PyResult {
        let name = self.intern(name);
        self.get_attr(owner, name)
    }
}
