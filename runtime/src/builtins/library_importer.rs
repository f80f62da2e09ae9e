//! What finds and loads the library's modules for programs that ask by `importlib`: the importer of a folder in the library's
//! place. `import` itself does not need it.

use crate::interp::import::FoundSource;
use crate::object::argument::{FilePath, OrNone, Str, This, method};
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::layout::ListObject;
use crate::object::native::NativeRow;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{GetSetRow, Layout, Object, TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};
use std::path::{Path, PathBuf};

#[repr(C)]
pub struct LibraryImporter {
    header: Header,
    /// A str: the folder.
    path: Value,
}

type ThisImporter = This<LibraryImporter>;

pub static LIBRARY_IMPORTER: TypeSpec = TypeSpec {
    name: "LibraryImporter",
    module: "_imp",
    doc: "Finds and loads modules of the library that is inside the program.",
    layout: Some(Layout::of::<LibraryImporter>(1)),
    slots: Slots { repr: slot(write_repr), ..Slots::NONE },
    methods: &[
        method("find_spec", "($self, fullname, target=None, /)", find_spec)
            .doc("What describes the module, or None where the folder has no such module."),
        method("invalidate_caches", "($self, /)", |_: ThisImporter| Value::NONE)
            .doc("Nothing: the library stays as it is."),
        method("iter_modules", "($self, prefix='', /)", iter_modules)
            .doc("The modules in the folder: pairs of a name behind the prefix, and whether it is a package."),
        method("create_module", "($self, spec, /)", |_: ThisImporter, _: Value| Value::NONE)
            .doc("None: modules of the library are made like others."),
        method("exec_module", "($self, module, /)", exec_module).doc("Runs the module's body."),
        method("get_code", "($self, fullname, /)", |vm: &mut Vm, this: ThisImporter, name: Str| {
            let found = this.find(vm, name)?;
            vm.code_of_module(&name.text(), &found)
        })
        .doc("The module's code."),
        method("get_source", "($self, fullname, /)", |vm: &mut Vm, this: ThisImporter, name: Str| {
            let text = this.find(vm, name)?.text(vm)?;
            Ok(vm.new_str(&String::from_utf8_lossy(&text)))
        })
        .doc("The module's source."),
        method("get_filename", "($self, fullname, /)", |vm: &mut Vm, this: ThisImporter, name: Str| {
            let found = this.find(vm, name)?;
            Ok(vm.new_path(&found.file))
        })
        .doc("The name of the module's file, which is inside the program."),
        method("is_package", "($self, fullname, /)", |vm: &mut Vm, this: ThisImporter, name: Str| {
            this.find(vm, name).map(|found| found.package.is_some())
        })
        .doc("Is the module a package?"),
        method("get_data", "($self, path, /)", get_data).doc("The bytes of a file of the library."),
        method("get_resource_reader", "($self, fullname, /)", resource_reader)
            .doc("What reads the files beside a package's modules."),
    ],
    getters: &[PATH],
    ..TypeSpec::NEW
};

const PATH: GetSetRow = field("path", |this: ThisImporter| this.path).doc("The folder.");

// SAFETY: `#[repr(C)]` with the header first.
unsafe impl Object for LibraryImporter {
    const SPEC: &'static TypeSpec = &LIBRARY_IMPORTER;
}

/// The importer of a path that is in the library's place.
pub const HOOK: NativeRow = method("library_hook", "(path, /)", |vm: &mut Vm, path: FilePath| -> PyResult {
    let packages = vm.packages_of_library(Path::new(&path.0));
    let is_folder = packages.is_some_and(|packages| match packages.strip_suffix('.') {
        Some(package) => vm.library.is_some_and(|library| library.is_package(package) == Some(true)),
        None => true,
    });
    match is_folder {
        true => vm.new_library_importer(Path::new(&path.0)),
        false => Err(vm.raise(vm.exceptions.ImportError, "not in the library")),
    }
})
.doc("The importer of a folder of the library; ImportError for other paths.");

impl Vm {
    pub(crate) fn new_library_importer(&mut self, folder: &Path) -> PyResult {
        let (class, path) = (self.type_of_spec(&LIBRARY_IMPORTER), self.new_path(folder));
        self.new_object(class, |header| LibraryImporter { header, path })
    }
}

impl This<LibraryImporter> {
    fn folder(self, vm: &Vm) -> PathBuf {
        PathBuf::from(vm.string_of(self.path))
    }

    /// ImportError where the folder has no such module.
    fn find(self, vm: &mut Vm, name: Str) -> PyResult<FoundSource> {
        let full = name.text();
        let last = full.rsplit('.').next().unwrap_or_default();
        vm.find_in_library(&self.folder(vm), last).ok_or_else(|| not_found(vm, &full))
    }
}

fn not_found(vm: &mut Vm, name: &str) -> Raised {
    let (key, message) = (vm.intern(name), format!("no module {name} in the library"));
    vm.raise_with_field(vm.exceptions.ImportError, &message, super::exception_fields::field::IMPORT_NAME, key)
}

fn find_spec(vm: &mut Vm, this: ThisImporter, name: Str, _target: OrNone<Value>) -> PyResult {
    let full = name.text();
    let last = full.rsplit('.').next().unwrap_or_default();
    match vm.find_in_library(&this.folder(vm), last) {
        Some(found) => vm.spec_of_source(&full, &found),
        None => Ok(Value::NONE),
    }
}

fn iter_modules(vm: &mut Vm, this: ThisImporter, prefix: Option<Str>) -> PyResult {
    let prefix = prefix.map_or(String::new(), |prefix| prefix.text());
    let packages = vm.packages_of_library(&this.folder(vm)).unwrap_or_default();
    let list = vm.new_list(&[])?;
    let Some(library) = vm.library else { return Ok(list) };
    for full in library.names() {
        let Some(name) = full.strip_prefix(&packages).filter(|name| !name.contains('.')) else { continue };
        let is_package = library.is_package(full) == Some(true);
        let name = vm.new_str(&format!("{prefix}{name}"));
        let pair = vm.new_tuple(&[name, Value::bool(is_package)]);
        vm.list_push(list.as_ptr::<ListObject>(), pair)?;
    }
    Ok(list)
}

fn exec_module(vm: &mut Vm, this: ThisImporter, module: Value) -> PyResult<()> {
    let name = vm.get_attr(module, vm.names.__name__)?;
    let Some(full) = Str::of(vm, name) else { return Err(vm.raise_type("a module's name must be a string")) };
    let found = this.find(vm, full)?;
    let code = vm.code_of_module(&full.text(), &found)?;
    let dict = vm.get_attr(module, vm.names.__dict__)?;
    vm.run_code(code, dict, dict).map(|_| ())
}

fn get_data(vm: &mut Vm, _: ThisImporter, path: FilePath) -> PyResult {
    match vm.library_file(Path::new(&path.0)) {
        Some(data) => vm.new_bytes(&data),
        None => Err(vm.raise_host(&crate::host::HostError::no_such_file(), Some(&path.0))),
    }
}

fn resource_reader(vm: &mut Vm, this: ThisImporter, name: Str) -> PyResult {
    let Some(package) = this.find(vm, name)?.package else { return Ok(Value::NONE) };
    let packages = vm.packages_of_library(&package).unwrap_or_default();
    let folder = vm.unpack_resources(&packages).map_err(|error| vm.raise_host(&error, None))?;
    let readers = vm.import_dotted("importlib.readers")?;
    let reader = vm.intern("FileReader");
    let file = vm.new_path(folder.join("__init__.py"));
    let loader = vm.new_namespace(&[("path", file)])?;
    vm.call_method(readers, reader, &[loader])
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: ThisImporter) -> PyResult<()> {
    out.push_str("<library importer ");
    vm.write_repr(out, this.path)?;
    out.push_str(">");
    Ok(())
}
