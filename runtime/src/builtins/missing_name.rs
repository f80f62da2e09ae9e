//! Why a module has not the name that it was asked for, as AttributeError and ImportError say it: it may be another module than the one
//! that was meant, or not be there whole.

use crate::object::argument::This;
use crate::object::layout::ModuleObject;
use crate::value::Value;
use crate::vm::{Raised, Vm};
use std::ffi::OsStr;
use std::path::{Path, absolute};

enum Reason {
    /// The file has the name of a module of the library, and is found before it.
    HidesLibrary(String),
    /// The program's folder has a file of the name of a module that may have been meant.
    Hides(String),
    /// The module's body still runs.
    IsPartial(Option<String>),
    /// The name is a submodule whose body still runs.
    SubmoduleIsPartial,
    Absent,
}

impl Vm {
    /// What `module.name` says that is not there.
    pub(crate) fn missing_attribute_of_module(&mut self, module: Value, name: &str) -> String {
        let Some(dict) = This::<ModuleObject>::of(self, module).map(|module| module.dict) else {
            return format!("module has no attribute '{name}'");
        };
        let called = match self.dict_get_name(dict, self.names.__name__).filter(|&called| self.is_str(called)) {
            Some(called) => self.string_of(called),
            None => return format!("module has no attribute '{name}'"),
        };
        let lacks = format!("module '{called}' has no attribute '{name}'");
        match self.why_missing(module, &called, name) {
            Reason::HidesLibrary(file) => format!("{lacks}{}", hides_library(&file, &called)),
            Reason::Hides(file) => format!("{lacks}{}", hides_other(&file)),
            Reason::IsPartial(file) => {
                let from = file.map_or(String::new(), |file| format!(" from '{file}'"));
                format!(
                    "partially initialized module '{called}'{from} has no attribute '{name}' (most likely due to a circular \
                     import)"
                )
            }
            Reason::SubmoduleIsPartial => {
                format!("cannot access submodule '{name}' of module '{called}' (most likely due to a circular import)")
            }
            Reason::Absent => lacks,
        }
    }

    /// What `from module import name` says; `called` is the module's name, `place` its file.
    pub(crate) fn missing_import(&mut self, module: Value, called: &str, name: &str, place: &str) -> String {
        let cannot = format!("cannot import name '{name}' from");
        match self.why_missing(module, called, name) {
            Reason::HidesLibrary(file) => format!("{cannot} '{called}'{}", hides_library(&file, called)),
            Reason::Hides(file) => format!("{cannot} '{called}'{}", hides_other(&file)),
            Reason::IsPartial(_) => {
                format!(
                    "{cannot} partially initialized module '{called}' (most likely due to a circular import) ({place})"
                )
            }
            Reason::SubmoduleIsPartial | Reason::Absent => format!("{cannot} '{called}' ({place})"),
        }
    }

    fn why_missing(&mut self, module: Value, called: &str, name: &str) -> Reason {
        let spec = self.spec_of_module(module);
        let file = spec.and_then(|spec| spec.file(self));
        let hiding = file.clone().filter(|file| self.is_beside_program(file));
        if let Some(file) = hiding.clone()
            && self.is_name_of_library(called)
        {
            return Reason::HidesLibrary(file);
        }
        if spec.is_some_and(|spec| spec.is_initializing) {
            return hiding.map_or(Reason::IsPartial(file), Reason::Hides);
        }
        let submodule = self.intern(&format!("{called}.{name}"));
        let submodule = self.dict_get_name(self.modules, submodule);
        if submodule.and_then(|submodule| self.spec_of_module(submodule)).is_some_and(|spec| spec.is_initializing) {
            return Reason::SubmoduleIsPartial;
        }
        Reason::Absent
    }

    /// Was the file of a module found where the program is, which is searched before all other places?
    fn is_beside_program(&self, file: &str) -> bool {
        let Some(first) = &self.program_folder else { return false };
        let file = Path::new(file);
        let is_package = file.file_name() == Some(OsStr::new("__init__.py"));
        let folder = if is_package { file.parent().and_then(Path::parent) } else { file.parent() };
        // An empty entry is the working folder.
        let first = if first.is_empty() { std::env::current_dir() } else { absolute(first) };
        folder.zip(first.ok()).is_some_and(|(folder, first)| folder == first)
    }

    /// As the program has it, which may have changed the names.
    fn is_name_of_library(&mut self, name: &str) -> bool {
        let (key, name) = (self.intern("stdlib_module_names"), self.intern(name));
        let names = self.import_dotted("sys").and_then(|sys| self.get_attr_opt(sys, key));
        let is_there = names.and_then(|names| match names.filter(|&names| self.is_set(names)) {
            Some(names) => self.contains(names, name),
            None => Ok(false),
        });
        is_there.unwrap_or_else(|Raised| {
            self.clear_exception();
            false
        })
    }
}

fn hides_library(file: &str, name: &str) -> String {
    format!(
        " (consider renaming '{file}' since it has the same name as the standard library module named '{name}' and prevents \
         importing that standard library module)"
    )
}

fn hides_other(file: &str) -> String {
    format!(" (consider renaming '{file}' if it has the same name as a library you intended to import)")
}
