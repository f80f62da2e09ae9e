//! Importing: native modules, frozen sources, and files and packages on `sys.path`.

use super::code::CO_OPTIMIZED;
use super::importers;
use crate::builtins::exception_fields::field;
use crate::builtins::module_spec::{FROZEN, ModuleSpecObject};
use crate::host::FileStamp;
use crate::object::argument::This;
use crate::object::layout::{FunctionObject, ModuleObject};
use crate::object::module::ModuleSpec;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use std::path::{Path, PathBuf};

/// Where a module comes from.
enum Found {
    Native(&'static ModuleSpec),
    Source(FoundSource),
}

/// A module's source.
pub(crate) struct FoundSource {
    /// The module's full name; of one of the library, the name that it has there.
    pub name: String,
    pub origin: Origin,
    /// Absolute, unless it is a part of `importlib`.
    pub file: PathBuf,
    /// The folder of its submodules, if it is a package.
    pub package: Option<PathBuf>,
}

impl FoundSource {
    /// Is it a part of `importlib`, which is in no folder of the library?
    pub fn is_frozen(&self) -> bool {
        self.file.as_os_str().as_encoded_bytes().starts_with(b"<")
    }
}

/// Where a source is.
pub(crate) enum Origin {
    File(FileStamp),
    /// In the library.
    Library,
}

impl Vm {
    /// `import name` with what follows it: the module that the statement binds.
    pub(crate) fn import_statement(&mut self, globals: Value, name: Value, from: Value, level: Value) -> PyResult {
        let import = self.names.__import__;
        let builtins = self.builtins_of(globals);
        let mut hook = self.dict_get_name(builtins, import);
        if hook.is_none() && builtins != self.builtins {
            hook = self.name_in_other_builtins(globals, import)?;
            if hook.is_none() {
                return Err(self.raise(self.exceptions.ImportError, "__import__ not found"));
            }
        }
        if let Some(hook) = hook
            && !self.is_exact(hook, BuiltinType::NativeFunction)
        {
            return self.call(hook, &[name, globals, Value::NONE, from, level]);
        }
        self.import_level(globals, name, from, level.to_small_int().unwrap_or(0))
    }

    /// Imports submodules of a package where it has no such names; `*` stands for those in its `__all__`.
    fn import_missing(&mut self, package: Value, full: &str, names: Value, is_all: bool) -> PyResult<()> {
        let iterator = self.get_iter(names)?;
        while let Some(wanted) = self.iter_next(iterator)? {
            if !self.is_str(wanted) {
                let (place, given) = (if is_all { format!("{full}.__all__") } else { "``from list''".into() }, wanted);
                let message = format!("Item in {place} must be str, not {}", self.class_name(given));
                return Err(self.raise_type(&message));
            }
            let text = self.string_of(wanted);
            if text == "*" {
                if !is_all && let Some(all) = self.get_attr_opt(package, self.names.__all__)? {
                    self.import_missing(package, full, all, true)?;
                }
            } else if self.get_attr_opt(package, wanted)?.is_none() {
                let submodule = format!("{full}.{text}");
                // That there is no such module is for who takes the name from the package to tell.
                if let Err(raised) = self.import_dotted(&submodule)
                    && !self.take_module_not_found(&submodule)
                {
                    return Err(raised);
                }
            }
        }
        Ok(())
    }

    /// `__import__`.
    pub fn import_level(&mut self, globals: Value, name: Value, from: Value, level: i64) -> PyResult {
        let mut full = self.string_of(name);
        if level < 0 {
            return Err(self.raise_value("level must be >= 0"));
        }
        if level > 0 {
            let package = self.dict_get_name(globals, self.names.__package__).filter(|package| !package.is_none());
            let package = match package {
                Some(package) if !self.is_str(package) => return Err(self.raise_type("package must be a string")),
                Some(package) => Some(self.string_of(package)),
                None => self.parent_by_spec(globals)?,
            };
            let package = match package {
                Some(package) => package,
                None => {
                    let module = self
                        .dict_get_name(globals, self.names.__name__)
                        .map(|name| self.string_of(name))
                        .unwrap_or_default();
                    let is_package = self.dict_get_name(globals, self.names.__path__).is_some();
                    if is_package {
                        module
                    } else {
                        module.rsplit_once('.').map_or(String::new(), |(parent, _)| parent.to_string())
                    }
                }
            };
            if package.is_empty() {
                return Err(
                    self.raise(self.exceptions.ImportError, "attempted relative import with no known parent package")
                );
            }
            let mut base = package.as_str();
            for _ in 1..level {
                match base.rsplit_once('.') {
                    Some((parent, _)) => base = parent,
                    None => {
                        return Err(self
                            .raise(self.exceptions.ImportError, "attempted relative import beyond top-level package"));
                    }
                }
            }
            full = if full.is_empty() { base.to_string() } else { format!("{base}.{full}") };
        }
        if full.is_empty() {
            return Err(self.raise_value("Empty module name"));
        }
        let module = self.import_dotted(&full)?;
        let wants_names = !from.is_none() && !from.is_unbound();
        if wants_names {
            if self.get_attr_opt(module, self.names.__path__)?.is_some() && self.is_exact(from, BuiltinType::Tuple) {
                self.import_missing(module, &full, from, false)?;
            }
            return Ok(module);
        }
        let first = if level > 0 { full.as_str() } else { full.split('.').next().unwrap_or(&full) };
        self.import_dotted(first)
    }

    /// The package that the spec in a module's globals names, if there is a spec.
    fn parent_by_spec(&mut self, globals: Value) -> PyResult<Option<String>> {
        let Some(spec) = self.dict_get_name(globals, self.names.__spec__).filter(|spec| !spec.is_none()) else {
            return Ok(None);
        };
        let name = self.intern("parent");
        let parent = self.get_attr_opt(spec, name)?.filter(|&parent| self.is_str(parent));
        Ok(parent.map(|parent| self.string_of(parent)))
    }

    /// `a.b.c`, importing its parents first.
    pub fn import_dotted(&mut self, full: &str) -> PyResult {
        let key = self.intern(full);
        if let Some(module) = self.dict_get_name(self.modules, key) {
            if module.is_none() {
                let message = format!("import of {full} halted; None in sys.modules");
                return Err(self.raise(self.exceptions.ModuleNotFoundError, &message));
            }
            return Ok(module);
        }
        if self.import_watch.tells_modules || self.import_watch.tells_times {
            return self.import_watched(full, |vm| vm.import_absent(full, key));
        }
        self.import_absent(full, key)
    }

    /// A module that was not imported yet, whose name is interned.
    fn import_absent(&mut self, full: &str, key: Value) -> PyResult {
        let (parent, last) = match full.rsplit_once('.') {
            Some((parent, last)) => (Some(self.import_dotted(parent)?), last),
            None => (None, full),
        };
        if let Some(module) = self.dict_get_name(self.modules, key) {
            return Ok(module);
        }
        if let Some(found) = self.import_by_foremost_finders(full) {
            return found;
        }
        let module = match self.load_module(full, last, parent) {
            Err(raised) if self.is_module_not_found(full) => {
                return match self.needs_finders(last, parent)? {
                    true => self.import_by_finders(full).unwrap_or(Err(raised)),
                    false => Err(raised),
                };
            }
            module => module?,
        };
        if let Some(parent) = parent {
            self.bind_in_parent(full, last, parent, module)?;
        }
        Ok(module)
    }

    /// Gives a package a submodule that was imported: the package that there is by now, for the submodule may have put another there.
    fn bind_in_parent(&mut self, full: &str, last: &str, parent: Value, module: Value) -> PyResult<()> {
        let package = &full[..full.len() - last.len() - 1];
        let (key, name) = (self.intern(package), self.intern(last));
        let parent = self.dict_get_name(self.modules, key).unwrap_or(parent);
        match self.set_attr(parent, name, module) {
            Err(Raised) if self.exception_matches(self.exceptions.AttributeError) => {
                self.clear_exception();
                let message = format!("Cannot set an attribute on '{package}' for child module '{last}'");
                self.warn(self.exceptions.ImportWarning, &message)
            }
            done => done,
        }
    }

    /// The native module of a name.
    pub(crate) fn native_module(&self, full: &str) -> Option<&'static ModuleSpec> {
        self.native_modules.iter().flat_map(|specs| specs.iter()).find(|spec| spec.name == full).copied()
    }

    /// The source of a part of `importlib`, by the name that the interpreter knows it by.
    pub(crate) fn frozen_source(&self, full: &str) -> Option<FoundSource> {
        let source = importers::source_of(full)
            .filter(|source| self.library.is_some_and(|it| it.is_package(source).is_some()))?;
        let file = PathBuf::from(format!("<frozen {source}>"));
        Some(FoundSource { name: source.to_owned(), origin: Origin::Library, file, package: None })
    }

    /// The code of a part of `importlib`.
    pub(crate) fn frozen_code(&mut self, full: &str) -> PyResult {
        match self.frozen_source(full) {
            Some(found) => self.code_of_module(full, &found),
            None => Err(self.raise_module_not_found(&format!("No module named '{full}'"), full)),
        }
    }

    fn load_module(&mut self, full: &str, last: &str, parent: Option<Value>) -> PyResult {
        match self.find_module(full, last, parent)? {
            Found::Native(spec) => {
                let module = self.make_module(spec)?;
                let key = self.intern(full);
                self.dict_set_name(self.modules, key, module);
                Ok(module)
            }
            Found::Source(found) => {
                let module = self.run_module(full, &found)?;
                self.install_importers(full)?;
                Ok(module)
            }
        }
    }

    /// Where a module comes from, its parent being imported: native modules come first, then `sys.path` or the parent's
    /// `__path__`, then frozen sources. ModuleNotFoundError where nobody has it.
    fn find_module(&mut self, full: &str, last: &str, parent: Option<Value>) -> PyResult<Found> {
        if let Some(spec) = self.native_module(full) {
            return Ok(Found::Native(spec));
        }
        let Some(folders) = self.folders_of(parent)? else {
            let parent_name = full.rsplit_once('.').map_or("", |(parent, _)| parent);
            let message = format!("No module named '{full}'; '{parent_name}' is not a package");
            return Err(self.raise_module_not_found(&message, full));
        };
        for folder in folders {
            if let Some(found) = self.find_in_library(&folder, last) {
                return Ok(Found::Source(found));
            }
            let package = folder.join(last);
            let file = package.join("__init__.py");
            let name = full.to_owned();
            if let Some(stamp) = crate::host::file_stamp(&file) {
                return Ok(Found::Source(FoundSource {
                    name,
                    origin: Origin::File(stamp),
                    file,
                    package: Some(package),
                }));
            }
            let file = folder.join(format!("{last}.py"));
            if let Some(stamp) = crate::host::file_stamp(&file) {
                return Ok(Found::Source(FoundSource { name, origin: Origin::File(stamp), file, package: None }));
            }
        }
        // The VM needs some of the library itself, whatever a program does to `sys.path`.
        let found = match parent {
            Some(_) => None,
            None => self.frozen_source(full).or_else(|| self.find_in_library(&self.library_place, last)),
        };
        if let Some(found) = found {
            return Ok(Found::Source(found));
        }
        let message = format!("No module named '{full}'");
        Err(self.raise_module_not_found(&message, full))
    }

    /// Where modules are looked for: the entries of `sys.path`, or those of the parent's `__path__`. `None`: the parent is no package.
    pub(crate) fn folders_of(&mut self, parent: Option<Value>) -> PyResult<Option<Vec<PathBuf>>> {
        let path = match parent {
            Some(parent) => self.get_attr_opt(parent, self.names.__path__)?,
            None => {
                let (sys, path) = (self.import_dotted("sys")?, self.intern("path"));
                Some(self.get_attr(sys, path)?)
            }
        };
        path.map(|path| self.path_entries(path)).transpose()
    }

    /// The source that `-m` runs: the module's, or its `__main__`'s where it is a package. Imports the packages that it is
    /// in. `Err(true)`: it is not found so.
    pub(crate) fn find_main_module(&mut self, name: &str) -> Result<(String, FoundSource), bool> {
        let name = match self.find_from_root(name) {
            Ok(Found::Source(FoundSource { package: Some(_), .. })) => format!("{name}.__main__"),
            Ok(Found::Source(found)) => return Ok((name.to_owned(), found)),
            Ok(Found::Native(_)) => return Err(true),
            Err(_) => return Err(self.take_import_error()),
        };
        match self.find_from_root(&name) {
            Ok(Found::Source(found)) => Ok((name, found)),
            Ok(Found::Native(_)) => Err(true),
            Err(_) => Err(self.take_import_error()),
        }
    }

    /// Drops the pending exception if it is an ImportError.
    fn take_import_error(&mut self) -> bool {
        let is_it = self.exception_matches(self.exceptions.ImportError);
        if is_it {
            self.clear_exception();
        }
        is_it
    }

    fn find_from_root(&mut self, full: &str) -> PyResult<Found> {
        match full.rsplit_once('.') {
            Some((parent, last)) => {
                let parent = self.import_dotted(parent)?;
                self.find_module(full, last, Some(parent))
            }
            None => self.find_module(full, full, None),
        }
    }

    /// Drops the pending exception if it says that this very module was not found.
    pub(crate) fn take_module_not_found(&mut self, full: &str) -> bool {
        let is_it = self.is_module_not_found(full);
        if is_it {
            self.clear_exception();
        }
        is_it
    }

    /// Does the pending exception say that this very module was not found?
    fn is_module_not_found(&mut self, full: &str) -> bool {
        if !self.exception_matches(self.exceptions.ModuleNotFoundError) {
            return false;
        }
        let (exception, name) = (self.exception, self.names.name);
        matches!(self.get_attr_opt(exception, name), Ok(Some(name)) if self.is_str(name) && self.string_of(name) == full)
    }

    fn raise_module_not_found(&mut self, message: &str, name: &str) -> crate::Raised {
        let name = self.intern(name);
        self.raise_with_field(self.exceptions.ModuleNotFoundError, message, field::IMPORT_NAME, name)
    }

    fn set_initializing(&mut self, module: Value, is_initializing: bool) {
        if let Some(mut spec) = self.spec_of_module(module) {
            spec.is_initializing = is_initializing;
        }
    }

    fn path_entries(&mut self, path: Value) -> PyResult<Vec<PathBuf>> {
        let list = self.collect(path)?;
        // SAFETY: a list made here.
        let items = unsafe { (*list.as_ptr::<crate::object::layout::ListObject>()).items() };
        let texts: Vec<Value> =
            items.iter().copied().filter(|&value| self.has_layout(value, BuiltinType::Str)).collect();
        let mut folder = |item: Value| {
            let folder = self.path_of(item);
            // An empty entry is the working folder.
            if folder.is_absolute() {
                folder
            } else {
                std::path::absolute(Path::new(".").join(folder)).unwrap_or_default()
            }
        };
        Ok(texts.into_iter().map(&mut folder).collect())
    }

    fn run_module(&mut self, full: &str, found: &FoundSource) -> PyResult {
        let code = self.code_of_module(full, found)?;
        let module = self.new_module(full);
        self.describe_module(module, full, found)?;
        let key = self.intern(full);
        self.dict_set_name(self.modules, key, module);
        // SAFETY: a module made here.
        let dict = unsafe { (*module.as_ptr::<ModuleObject>()).dict };
        self.set_initializing(module, true);
        let outcome = self.run_code(code, dict, dict);
        self.set_initializing(module, false);
        if let Err(raised) = outcome {
            if let Some(entry) = self.dict_entry_of_name(self.modules, key) {
                self.dict_remove_entry(self.modules, entry);
            }
            return Err(raised);
        }
        // A module may replace itself.
        Ok(self.dict_get_name(self.modules, key).unwrap_or(module))
    }

    /// Sets `__spec__`, `__file__`, `__package__` and, for a package, `__path__`.
    pub(crate) fn describe_module(&mut self, module: Value, full: &str, found: &FoundSource) -> PyResult<()> {
        let spec = self.spec_of_source(full, found)?;
        if let Some(folder) = This::<ModuleSpecObject>::expect(self, spec).locations() {
            self.set_module_entry(module, "__path__", folder);
        }
        self.set_module_entry(module, "__spec__", spec);
        if !found.is_frozen() {
            let path = self.new_path(&found.file);
            self.set_module_entry(module, "__file__", path);
        }
        let parent = match found.package {
            Some(_) => full,
            None => full.rsplit_once('.').map_or("", |(parent, _)| parent),
        };
        let parent = self.intern(parent);
        self.set_module_entry(module, "__package__", parent);
        Ok(())
    }

    /// What describes a module of the name, of this source.
    pub(crate) fn spec_of_source(&mut self, full: &str, found: &FoundSource) -> PyResult {
        let path = self.new_path(&found.file);
        let origin = if found.is_frozen() { self.intern(FROZEN) } else { path };
        let locations = match &found.package {
            Some(folder) => {
                let folder = self.new_path(folder);
                self.new_list(&[folder])?
            }
            None => Value::NONE,
        };
        let name = self.intern(full);
        self.new_module_spec(name, origin, !found.is_frozen(), locations)
    }

    /// Runs a module's, class's or `exec`'s code.
    pub fn run_code(&mut self, code: Value, globals: Value, locals: Value) -> PyResult {
        self.run_closure(code, Value::NONE, globals, locals)
    }

    /// Likewise, with a tuple of a cell for each free variable of the code; None where it has none.
    pub(crate) fn run_closure(&mut self, code: Value, cells: Value, globals: Value, locals: Value) -> PyResult {
        self.check_native_stack()?;
        if self.dict_get_name(globals, self.names.__builtins__).is_none() {
            let builtins = self.builtins;
            self.dict_set_name(globals, self.names.__builtins__, builtins);
        }
        let function = self.new_function(code, globals);
        if !cells.is_none() {
            let mut function = This::<FunctionObject>::expect(self, function);
            function.closure = cells;
            self.barrier(function.pointer());
        }
        let frame = self.push_call(function, crate::object::native::Arguments::positional(&[]))?;
        // SAFETY: a fresh frame, of live code. A function's body has variables of its own.
        unsafe {
            if (*(*frame).code).flags & CO_OPTIMIZED == 0 {
                self.set_locals(frame, locals);
            }
        }
        self.run_call(frame)
    }

    pub(crate) fn import_from(&mut self, module: Value, name: Value) -> PyResult {
        if let Some(value) = self.get_attr_opt(module, name)? {
            return Ok(value);
        }
        let module_name = match self.get_attr_opt(module, self.names.__name__)? {
            Some(name) if self.has_layout(name, BuiltinType::Str) => self.string_of(name),
            _ => "<unknown module name>".to_string(),
        };
        let key = self.intern(&format!("{module_name}.{}", self.string_of(name)));
        if let Some(module) = self.dict_get_name(self.modules, key) {
            return Ok(module);
        }
        let place = match self.get_attr_opt(module, self.names.__file__)? {
            Some(file) if self.has_layout(file, BuiltinType::Str) => self.string_of(file),
            _ => "unknown location".to_string(),
        };
        let message = self.missing_import(module, &module_name, &self.string_of(name), &place);
        let file = self.get_attr_opt(module, self.names.__file__)?.filter(|&file| self.is_str(file));
        let module_name = self.new_str(&module_name);
        let raised = self.raise_with_field(self.exceptions.ImportError, &message, field::IMPORT_NAME, module_name);
        if self.exception_matches(self.exceptions.ImportError) {
            let exception = self.exception;
            self.set_exception_field(exception, field::IMPORT_NAME_FROM, name);
            self.set_exception_field(exception, field::IMPORT_PATH, file.unwrap_or(Value::NONE));
        }
        Err(raised)
    }

    /// `from module import *` into `locals`.
    pub(crate) fn import_star(&mut self, module: Value, locals: Value) -> PyResult<()> {
        let all = self.get_attr_opt(module, self.names.__all__)?;
        let names = match all {
            Some(all) => self.collect(all)?,
            None => self.own_names(module)?,
        };
        let mut i = 0;
        // SAFETY: a list made here.
        while let Some(&name) = unsafe { (*names.as_ptr::<crate::object::layout::ListObject>()).items().get(i) } {
            i += 1;
            if !self.is_str(name) {
                let (what, attribute) = if all.is_some() { ("Item", "__all__") } else { ("Key", "__dict__") };
                let (full, given) = (self.names.__name__, self.class_name(name));
                let full = self.get_attr(module, full)?;
                let full = self.str_string(full)?;
                return Err(self.raise_type(&format!("{what} in {full}.{attribute} must be str, not {given}")));
            }
            if all.is_none() && self.string_of(name).starts_with('_') {
                continue;
            }
            let name = self.intern_value(name);
            let value = self.get_attr(module, name)?;
            if self.is_exact(locals, BuiltinType::Dict) {
                self.dict_set_name(locals, name, value);
            } else {
                self.set_item(locals, name, value)?;
            }
        }
        Ok(())
    }
}
