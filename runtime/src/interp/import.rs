//! Importing: native modules, frozen sources, and files and packages on `sys.path`.

use crate::builtins::{ModuleRow, ModuleSource};
use crate::bytecode::CompileOptions;
use crate::object::layout::ModuleObject;
use crate::object::string::str_to_string;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::path::PathBuf;

impl Vm {
    /// `import name` with what follows it: the module that the statement binds.
    pub(crate) fn import_statement(&mut self, globals: Value, name: Value, from: Value, level: Value) -> PyResult {
        let import = self.names.__import__;
        let hook = self.dict_get_name(self.builtins, import);
        if let Some(hook) = hook
            && !self.is_exact(hook, BuiltinType::NativeFunction)
        {
            return self.call(hook, &[name, globals, Value::NONE, from, level]);
        }
        self.import_level(globals, name, from, level.as_int())
    }

    /// `__import__`.
    pub fn import_level(&mut self, globals: Value, name: Value, from: Value, level: i64) -> PyResult {
        let mut full = str_to_string(name);
        if level > 0 {
            let package = self.dict_get_name(globals, self.names.__package__).filter(|package| package.is_object());
            let package = match package {
                Some(package) => str_to_string(package),
                None => {
                    let module =
                        self.dict_get_name(globals, self.names.__name__).map(str_to_string).unwrap_or_default();
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
                // SAFETY: an exact tuple.
                for &wanted in unsafe { (*from.as_ptr::<crate::object::layout::TupleObject>()).items() } {
                    let text = str_to_string(wanted);
                    if text != "*" && self.get_attr_opt(module, wanted)?.is_none() {
                        match self.import_dotted(&format!("{full}.{text}")) {
                            Err(raised) if !self.exception_matches(self.exceptions.ModuleNotFoundError) => {
                                return Err(raised);
                            }
                            _ => self.clear_exception(),
                        }
                    }
                }
            }
            return Ok(module);
        }
        let first = if level > 0 { full.as_str() } else { full.split('.').next().unwrap_or(&full) };
        self.import_dotted(first)
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
        let (parent, last) = match full.rsplit_once('.') {
            Some((parent, last)) => (Some(self.import_dotted(parent)?), last),
            None => (None, full),
        };
        if let Some(module) = self.dict_get_name(self.modules, key) {
            return Ok(module);
        }
        let module = self.load_module(full, last, parent)?;
        if let Some(parent) = parent {
            let last = self.intern(last);
            self.set_attr(parent, last, module)?;
        }
        Ok(module)
    }

    fn load_module(&mut self, full: &str, last: &str, parent: Option<Value>) -> PyResult {
        let row = self.module_rows.iter().flat_map(|rows| rows.iter()).find(|row| row.name == full).copied();
        if let Some(ModuleRow { source: ModuleSource::Native(make), .. }) = row {
            let module = make(self)?;
            let key = self.intern(full);
            self.dict_set_name(self.modules, key, module);
            return Ok(module);
        }
        let folders = match parent {
            Some(parent) => match self.get_attr_opt(parent, self.names.__path__)? {
                Some(path) => self.path_entries(path)?,
                None => {
                    let parent_name = full.rsplit_once('.').map_or("", |(parent, _)| parent);
                    let message = format!("No module named '{full}'; '{parent_name}' is not a package");
                    return Err(self.raise_module_not_found(&message, full));
                }
            },
            None => {
                let sys = self.import_dotted("sys")?;
                let path = self.intern("path");
                let path = self.get_attr(sys, path)?;
                self.path_entries(path)?
            }
        };
        for folder in folders {
            let package = folder.join(last).join("__init__.py");
            if let Ok(source) = crate::host::read_file(&package.to_string_lossy()) {
                return self.run_module(full, &source, &package, Some(folder.join(last)));
            }
            let file = folder.join(format!("{last}.py"));
            if let Ok(source) = crate::host::read_file(&file.to_string_lossy()) {
                return self.run_module(full, &source, &file, None);
            }
        }
        if let Some(ModuleRow { source: ModuleSource::Frozen(source), .. }) = row {
            let folder = source.is_package.then(|| PathBuf::from(format!("<frozen {full}>")));
            return self.run_module(full, source.text.as_bytes(), &PathBuf::from(format!("<frozen {full}>")), folder);
        }
        let message = format!("No module named '{full}'");
        Err(self.raise_module_not_found(&message, full))
    }

    fn raise_module_not_found(&mut self, message: &str, name: &str) -> crate::Raised {
        let raised = self.raise(self.exceptions.ModuleNotFoundError, message);
        let exception = self.exception;
        let name_value = self.intern(name);
        // An exception instance takes any attribute.
        match self.set_own_attribute(exception, self.names.name, name_value) {
            Ok(()) => raised,
            Err(raised) => raised,
        }
    }

    fn path_entries(&mut self, path: Value) -> PyResult<Vec<PathBuf>> {
        let list = self.collect(path)?;
        // SAFETY: a list made here.
        let items = unsafe { (*list.as_ptr::<crate::object::layout::ListObject>()).items() };
        let is_text = |value: &&Value| self.has_layout(**value, BuiltinType::Str);
        Ok(items.iter().filter(is_text).map(|&item| PathBuf::from(str_to_string(item))).collect())
    }

    fn run_module(&mut self, full: &str, source: &[u8], file: &std::path::Path, package: Option<PathBuf>) -> PyResult {
        let filename = file.to_string_lossy();
        let options = CompileOptions { from_file: true, ..CompileOptions::default() };
        let code = self.compile(source, &filename, &options)?;
        let module = self.new_module(full);
        let path = self.new_str(&filename);
        self.set_module_entry(module, "__file__", path);
        let parent = match &package {
            Some(folder) => {
                let folder = self.new_str(&folder.to_string_lossy());
                let list = self.new_list(&[folder])?;
                self.set_module_entry(module, "__path__", list);
                full.to_string()
            }
            None => full.rsplit_once('.').map_or(String::new(), |(parent, _)| parent.to_string()),
        };
        let parent = self.new_str(&parent);
        self.set_module_entry(module, "__package__", parent);
        let key = self.intern(full);
        self.dict_set_name(self.modules, key, module);
        // SAFETY: a module made here.
        let dict = unsafe { (*module.as_ptr::<ModuleObject>()).dict };
        if let Err(raised) = self.run_code(code, dict, dict) {
            if let Some(entry) = self.dict_entry_of_name(self.modules, key) {
                self.dict_remove_entry(self.modules, entry);
            }
            return Err(raised);
        }
        // A module may replace itself.
        Ok(self.dict_get_name(self.modules, key).unwrap_or(module))
    }

    /// Runs a module's, class's or `exec`'s code.
    pub fn run_code(&mut self, code: Value, globals: Value, locals: Value) -> PyResult {
        self.check_native_stack()?;
        if self.dict_get_name(globals, self.names.__builtins__).is_none() {
            let builtins = self.builtins;
            self.dict_set_name(globals, self.names.__builtins__, builtins);
        }
        let function = self.new_function(code, globals);
        let frame = self.push_call(function, crate::object::native::Arguments::positional(&[]))?;
        // SAFETY: a fresh frame.
        unsafe { (*frame).locals = locals };
        self.run_call(frame)
    }

    pub(crate) fn import_from(&mut self, module: Value, name: Value) -> PyResult {
        if let Some(value) = self.get_attr_opt(module, name)? {
            return Ok(value);
        }
        let module_name = match self.get_attr_opt(module, self.names.__name__)? {
            Some(name) if self.has_layout(name, BuiltinType::Str) => str_to_string(name),
            _ => "<unknown module name>".to_string(),
        };
        let key = self.intern(&format!("{module_name}.{}", str_to_string(name)));
        if let Some(module) = self.dict_get_name(self.modules, key) {
            return Ok(module);
        }
        let place = match self.get_attr_opt(module, self.names.__file__)? {
            Some(file) if self.has_layout(file, BuiltinType::Str) => str_to_string(file),
            _ => "unknown location".to_string(),
        };
        let message = format!("cannot import name '{}' from '{module_name}' ({place})", str_to_string(name));
        Err(self.raise(self.exceptions.ImportError, &message))
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
            if all.is_none() && str_to_string(name).starts_with('_') {
                continue;
            }
            let name = self.intern_value(name);
            let value = self.get_attr(module, name)?;
            self.dict_set_name(locals, name, value);
        }
        Ok(())
    }
}
