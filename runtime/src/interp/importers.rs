//! Where `importlib` comes in. Modules are found and made natively, which takes nothing to start. `importlib` itself is imported, and made
//! ready for the finders of Python, when a program looks at `sys.meta_path` and its like, or when a module is not found natively where
//! the finders may have it: as a package without `__init__.py`, or in an archive. Where a program has changed who finds modules, the finders
//! are asked first.

use crate::builtins::module_spec::MODULE_SPEC;
use crate::builtins::{imp, library_importer};
use crate::object::argument::{FilePath, This, method};
use crate::object::exception::TRACEBACK;
use crate::object::layout::{CodeObject, ListObject, ModuleObject, TracebackObject};
use crate::object::module::ModuleState;
use crate::object::native::NativeRow;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::path::Path;

/// The parts of `importlib` that find modules, as they are known to the interpreter, and where the library has them.
const BOOTSTRAP: &str = "_frozen_importlib";
pub(crate) const SOURCES: [(&str, &str); 2] =
    [(BOOTSTRAP, "importlib._bootstrap"), ("_frozen_importlib_external", "importlib._bootstrap_external")];

/// The function of `importlib` by which modules' code is called.
const MODULE_CALL: &str = "_call_with_frames_removed";

/// What a part of `importlib` is called in the library.
pub(super) fn source_of(full: &str) -> Option<&'static str> {
    SOURCES.iter().find(|(name, _)| *name == full).map(|&(_, source)| source)
}

/// What `importlib` has put on `sys.meta_path` and `sys.path_hooks`. As long as they begin so, native importing does the same.
#[derive(Default)]
struct Installed {
    finders: Vec<Value>,
    hooks: Vec<Value>,
    /// The modules of `SOURCES`, which `sys.modules` need not have for good.
    parts: Vec<Value>,
}

impl ModuleState for Installed {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        [&self.finders, &self.hooks, &self.parts].into_iter().flatten().copied().for_each(visit);
    }
}

/// For `_imp`, whose state it is.
pub(crate) fn state() -> Box<dyn ModuleState> {
    Box::new(Installed::default())
}

/// Archives on `sys.path` are for `zipimport`, which is imported for the first of them.
const ARCHIVE_HOOK: NativeRow = method("archive_hook", "(path, /)", |vm: &mut Vm, path: FilePath| -> PyResult {
    if !in_archive(Path::new(&path.0)) {
        return Err(vm.raise(vm.exceptions.ImportError, "no archive"));
    }
    let module = vm.import_dotted("zipimport")?;
    let importer = vm.attribute(module, "zipimporter")?;
    let path = vm.new_str(&path.0);
    vm.call(importer, &[path])
})
.doc("The importer of an archive; ImportError where the path is in none.");

/// Is there a file where the path, or what it is in, should be a folder? The program's own file is no archive.
fn in_archive(path: &Path) -> bool {
    let file = path.ancestors().find(|at| crate::host::file_stamp(at).is_some());
    file.is_some_and(|file| file != Path::new(&crate::host::executable_path()))
}

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
        let insert = self.intern("insert");
        for (at, hook) in [ARCHIVE_HOOK, library_importer::HOOK].into_iter().enumerate() {
            let hook = self.new_module_function(hook, "_imp");
            self.call_method(hooks, insert, &[Value::small_int(at as i64), hook])?;
        }
        let mut parts = Vec::new();
        for (part, _) in SOURCES {
            parts.push(self.import_dotted(part)?);
        }
        let finders = self.attribute(sys, "meta_path")?;
        let [finders, hooks] = [finders, hooks].map(|list| self.items_of_list(list).unwrap_or_default());
        if let Some(installed) = self.module_state::<Installed>(&imp::MODULE) {
            *installed = Installed { finders, hooks, parts };
        }
        Ok(())
    }

    /// A part of `importlib` that was imported once, whatever `sys.modules` says of it now.
    pub(crate) fn part_of_importlib(&mut self, name: &str) -> PyResult {
        let at = SOURCES.iter().position(|(part, _)| *part == name).unwrap_or(0);
        let kept = self.module_state::<Installed>(&imp::MODULE).and_then(|installed| installed.parts.get(at).copied());
        if let Some(part) = kept {
            return Ok(part);
        }
        // The whole of it, so that what finds modules is there, too.
        self.import_dotted(BOOTSTRAP)?;
        self.import_dotted(name)
    }

    /// The items of an exact list.
    fn items_of_list(&self, list: Value) -> Option<Vec<Value>> {
        // SAFETY: an exact list.
        self.is_exact(list, BuiltinType::List).then(|| unsafe { (*list.as_ptr::<ListObject>()).items() }.to_vec())
    }

    /// Makes the lists and the dict of `sys` that finders are in, with what `importlib` puts there; gives the one of this name.
    pub(crate) fn importers(&mut self, name: &str) -> PyResult {
        let sys = self.import_dotted("sys")?;
        for name in ["meta_path", "path_hooks"] {
            let list = self.new_list(&[])?;
            self.set_module_entry(sys, name, list);
        }
        let cache = self.new_dict();
        self.set_module_entry(sys, "path_importer_cache", cache);
        if self.library.is_some() {
            self.import_dotted(BOOTSTRAP)?;
        }
        let name = self.intern(name);
        Ok(self.sys_entry(name).unwrap_or(Value::NONE))
    }

    /// May the finders of Python have a module that was not found natively? Then they are there from now on.
    pub(super) fn needs_finders(&mut self, last: &str, parent: Option<Value>) -> PyResult<bool> {
        if self.bootstrap().is_some() {
            return Ok(true);
        }
        let not_found = std::mem::replace(&mut self.exception, Value::UNBOUND);
        let may_have = |folder: &Path| crate::host::is_folder(&folder.join(last)) || in_archive(folder);
        let needs = self.folders_of(parent)?.unwrap_or_default().iter().any(|folder| may_have(folder));
        if needs && self.library.is_some() {
            self.import_dotted(BOOTSTRAP)?;
        }
        self.exception = not_found;
        Ok(needs)
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
        if found.is_err() {
            self.trim_import_frames();
        }
        Some(found)
    }

    /// Takes the frames of `importlib` out of the traceback of the exception on its way: all of them where that is an ImportError,
    /// else those that end in the call of a module's code.
    fn trim_import_frames(&mut self) {
        let exception = self.exception;
        let trims_all = self.exception_matches(self.exceptions.ImportError);
        let (call, files) = (self.intern(MODULE_CALL), SOURCES.map(|(_, source)| format!("<frozen {source}>")));
        // The entries behind which the next goes that stays: before the frames of `importlib` that are being looked at, and the last.
        let (mut before, mut last) = (None, None);
        let mut was_inside = false;
        let mut at = self.exception_slot(exception, TRACEBACK);
        while self.is_exactly::<TracebackObject>(at) {
            // SAFETY: an exact traceback, whose code is a code object.
            let (next, file, name) = unsafe {
                let entry = &*at.as_ptr::<TracebackObject>();
                let code = &*entry.code.as_ptr::<CodeObject>();
                (entry.next, self.string_of(code.filename), code.name)
            };
            let is_inside = files.contains(&file);
            if is_inside && !was_inside {
                before = last;
            }
            if is_inside && (trims_all || name == call) {
                match before {
                    None => self.set_exception_slot(exception, TRACEBACK, next),
                    Some(before) => {
                        This::<TracebackObject>::expect(self, before).next = next;
                        self.barrier(before.as_ptr::<TracebackObject>());
                    }
                }
                last = before;
            } else {
                last = Some(at);
            }
            (was_inside, at) = (is_inside, next);
        }
    }

    /// Likewise, where the program has changed who finds modules: other finders come first.
    pub(super) fn import_by_foremost_finders(&mut self, full: &str) -> Option<PyResult> {
        self.bootstrap()?;
        let lists = ["meta_path", "path_hooks"].map(|name| {
            let name = self.intern(name);
            self.sys_entry(name).map(|list| self.items_of_list(list).unwrap_or_default())
        });
        let installed = self.module_state::<Installed>(&imp::MODULE)?;
        let known = [&installed.finders, &installed.hooks];
        // What is not there yet nobody has changed.
        let is_own =
            lists.iter().zip(known).all(|(list, known)| list.as_ref().is_none_or(|list| list.starts_with(known)));
        if is_own { None } else { self.import_by_finders(full) }
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
