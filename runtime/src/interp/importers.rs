//! Where `importlib` comes in. Modules are found and made natively, which takes nothing to start; `importlib` itself is made ready for
//! the finders of Python when it is imported, and from then on what is not found natively is asked of them. Where a program has put a
//! finder of its own in front of all others, they are asked first.

use crate::builtins::module_spec::MODULE_SPEC;
use crate::object::argument::{FilePath, method};
use crate::object::layout::{ListObject, ModuleObject};
use crate::object::native::NativeRow;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::path::Path;

/// The parts of `importlib` that find modules, as they are known to the interpreter, and where the library has them.
const BOOTSTRAP: &str = "_frozen_importlib";
const SOURCES: [(&str, &str); 2] =
    [(BOOTSTRAP, "importlib._bootstrap"), ("_frozen_importlib_external", "importlib._bootstrap_external")];

/// What a module of the library is called there.
pub(super) fn source_of(full: &str) -> &str {
    SOURCES.iter().find(|(name, _)| *name == full).map_or(full, |&(_, source)| source)
}

/// Archives on `sys.path` are for `zipimport`, which is imported for the first of them.
const ARCHIVE_HOOK: NativeRow = method("archive_hook", "(path, /)", |vm: &mut Vm, path: FilePath| -> PyResult {
    let is_inside = Path::new(&path.0).ancestors().any(|at| at.is_file());
    if !is_inside {
        return Err(vm.raise(vm.exceptions.ImportError, "no archive"));
    }
    let module = vm.import_dotted("zipimport")?;
    let importer = vm.attribute(module, "zipimporter")?;
    let path = vm.new_str(&path.0);
    vm.call(importer, &[path])
})
.doc("The importer of an archive; ImportError where the path is in none.");

impl Vm {
    /// Fills `sys.meta_path` and `sys.path_hooks`, once `importlib` has been imported.
    pub(super) fn install_importers(&mut self, full: &str) -> PyResult<()> {
        if full != BOOTSTRAP {
            return Ok(());
        }
        let [bootstrap, sys, imp] =
            [self.import_dotted(BOOTSTRAP)?, self.import_dotted("sys")?, self.import_dotted("_imp")?];
        let spec_class = Value::object(self.type_of_spec(&MODULE_SPEC));
        self.set_module_entry(bootstrap, MODULE_SPEC.name, spec_class);
        let [install, install_external] = ["_install", "_install_external_importers"].map(|name| self.intern(name));
        self.call_method(bootstrap, install, &[sys, imp])?;
        self.call_method(bootstrap, install_external, &[])?;
        let hooks = self.attribute(sys, "path_hooks")?;
        let (insert, hook) = (self.intern("insert"), self.new_module_function(ARCHIVE_HOOK, "_imp"));
        self.call_method(hooks, insert, &[Value::small_int(0), hook]).map(|_| ())
    }

    /// The module, as the finders of Python have it; `None` where `importlib` has not been imported.
    pub(super) fn import_by_finders(&mut self, full: &str) -> Option<PyResult> {
        let bootstrap = self.bootstrap()?;
        self.clear_exception();
        let found = (|| {
            let (name, import) = (self.new_str(full), self.attribute(bootstrap, "_gcd_import")?);
            let find = self.intern("_find_and_load");
            self.call_method(bootstrap, find, &[name, import])
        })();
        Some(found)
    }

    /// Likewise, where a finder of the program's own comes first.
    pub(super) fn import_by_foremost_finders(&mut self, full: &str) -> Option<PyResult> {
        let bootstrap = self.bootstrap()?;
        let [meta_path, own] = ["meta_path", "BuiltinImporter"].map(|name| self.intern(name));
        let own = self.dict_get_name(self.module_dict(bootstrap), own)?;
        let finders = self.sys_entry(meta_path).filter(|&finders| self.is_exact(finders, BuiltinType::List))?;
        // SAFETY: an exact list.
        let first = unsafe { (*finders.as_ptr::<ListObject>()).items() }.first().copied();
        match first {
            Some(first) if first != own => self.import_by_finders(full),
            _ => None,
        }
    }

    /// The module of the finders, if it has been imported whole.
    fn bootstrap(&mut self) -> Option<Value> {
        let name = self.intern(BOOTSTRAP);
        let bootstrap = self.dict_get_name(self.modules, name).filter(|&found| self.is_a::<ModuleObject>(found))?;
        let is_whole = self.spec_of_module(bootstrap).is_none_or(|spec| !spec.is_initializing);
        is_whole.then_some(bootstrap)
    }

    fn attribute(&mut self, owner: Value, name: &str) -> PyResult {
        let name = self.intern(name);
        self.get_attr(owner, name)
    }
}
