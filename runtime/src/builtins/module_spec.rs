//! `ModuleSpec`: what a module's `__spec__` tells of where the module comes from. It is native so that every module can have one at
//! once, without `importlib`, which takes it for its own class when it comes in; only what `loader` and `cached` give is asked of
//! `importlib`, when a program wants to know.

use crate::object::argument::{ClassOf, Keywords, OrNone, Rest, This, method};
use crate::object::compare::cmp;
use crate::object::convert::text::Text;
use crate::object::header::Header;
use crate::object::layout::ModuleObject;
use crate::object::slots::{Slots, slot};
use crate::object::spec::{DICT_GETTER, GetSetRow, Layout, Object, TypeSpec, field};
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::path::PathBuf;

/// The origins of modules that are no files.
pub const BUILT_IN: &str = "built-in";
pub const FROZEN: &str = "frozen";

#[repr(C)]
pub struct ModuleSpecObject {
    header: Header,
    /// By the constants below.
    parts: [Value; N_PARTS],
    /// The origin is a file: the module has `__file__`.
    is_file: bool,
    /// The module's body runs.
    pub is_initializing: bool,
}

const NAME: usize = 0;
/// Unbound: to be made of the origin.
const LOADER: usize = 1;
const ORIGIN: usize = 2;
const LOADER_STATE: usize = 3;
const LOCATIONS: usize = 4;
/// Unbound: a list that nobody has asked for.
const UNINITIALIZED: usize = 5;
const CACHED: usize = 6;
const N_PARTS: usize = 7;

type ThisSpec = This<ModuleSpecObject>;

pub static MODULE_SPEC: TypeSpec = TypeSpec {
    name: "ModuleSpec",
    module: "_frozen_importlib",
    doc: "Where a module comes from, and who loads it.",
    layout: Some(Layout::of::<ModuleSpecObject>(N_PARTS as u8)),
    is_base: true,
    has_dict: true,
    is_unhashable: true,
    is_weakly_referable: true,
    slots: Slots { repr: slot(write_repr), compare: Some(compare), ..Slots::NONE },
    new: Some(method("__new__", "($type, /, *args, **kwargs)", new).doc("One that tells nothing yet.")),
    methods: &[method(
        "__init__",
        "($self, /, name, loader, *, origin=None, loader_state=None, is_package=None)",
        init,
    )
    .doc("Takes the module's name and its loader.")],
    getters: &[
        part::<NAME>("name").doc("The module's full name."),
        field("loader", loader).set_by(set::<LOADER>).doc("Who loads the module."),
        part::<ORIGIN>("origin").doc("Where the module comes from, for people."),
        part::<LOADER_STATE>("loader_state").doc("What the loader wants to be kept."),
        part::<LOCATIONS>("submodule_search_locations").doc("Where submodules are; None: the module is no package."),
        field("_uninitialized_submodules", uninitialized)
            .set_by(set::<UNINITIALIZED>)
            .doc("Submodules that are being imported."),
        part::<CACHED>("_cached").doc("The file of the module's code, if it was asked for."),
        field("cached", cached).set_by(set::<CACHED>).doc("The file where the module's code is kept, or None."),
        field("parent", parent).doc("The package that the module is in, or is."),
        field("has_location", |this: ThisSpec| this.is_file).set_by(set_is_file).doc("Is the origin a place?"),
        field("_set_fileattr", |this: ThisSpec| this.is_file).set_by(set_is_file).doc("Is the origin a place?"),
        field("_initializing", |this: ThisSpec| this.is_initializing)
            .set_by(|vm: &mut Vm, mut this: ThisSpec, value: Option<Value>| {
                this.is_initializing = vm.is_true(value.unwrap_or(Value::FALSE))?;
                Ok(())
            })
            .doc("Does the module's body run?"),
        DICT_GETTER,
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for ModuleSpecObject {
    const SPEC: &'static TypeSpec = &MODULE_SPEC;
}

impl ModuleSpecObject {
    /// Does nobody say where the module comes from?
    pub fn has_no_origin(&self) -> bool {
        self.parts[ORIGIN].is_none()
    }

    /// Where submodules are, if the module is a package.
    pub fn locations(&self) -> Option<Value> {
        let locations = self.parts[LOCATIONS];
        (!locations.is_none()).then_some(locations)
    }
    /// The file that the module comes from, if it is one.
    pub fn file(&self, vm: &Vm) -> Option<String> {
        let origin = self.parts[ORIGIN];
        (self.is_file && vm.is_str(origin)).then(|| vm.string_of(origin))
    }
}

const fn part<const AT: usize>(name: &'static str) -> GetSetRow {
    field(name, |this: ThisSpec| this.parts[AT]).set_by(set::<AT>)
}

fn set<const AT: usize>(vm: &mut Vm, mut this: ThisSpec, value: Option<Value>) -> PyResult<()> {
    let Some(value) = value else { return Err(vm.raise_attribute("a module's spec keeps what it has")) };
    this.parts[AT] = value;
    vm.barrier(this.pointer());
    Ok(())
}

fn set_is_file(vm: &mut Vm, mut this: ThisSpec, value: Option<Value>) -> PyResult<()> {
    this.is_file = vm.is_true(value.unwrap_or(Value::FALSE))?;
    Ok(())
}

const NOTHING: [Value; N_PARTS] = {
    let mut parts = [Value::NONE; N_PARTS];
    parts[UNINITIALIZED] = Value::UNBOUND;
    parts
};

fn new(vm: &mut Vm, class: ClassOf<ModuleSpecObject>, _: Rest, _: Keywords) -> PyResult {
    vm.new_object(class.class, |header| ModuleSpecObject {
        header,
        parts: NOTHING,
        is_file: false,
        is_initializing: false,
    })
}

fn init(
    vm: &mut Vm,
    mut this: ThisSpec,
    name: Value,
    loader: Value,
    origin: OrNone<Value>,
    loader_state: OrNone<Value>,
    is_package: Option<bool>,
) -> PyResult<()> {
    let locations = if is_package == Some(true) { vm.new_list(&[])? } else { Value::NONE };
    this.parts = NOTHING;
    this.parts[NAME] = name;
    this.parts[LOADER] = loader;
    this.parts[ORIGIN] = origin.0.unwrap_or(Value::NONE);
    this.parts[LOADER_STATE] = loader_state.0.unwrap_or(Value::NONE);
    this.parts[LOCATIONS] = locations;
    this.is_file = false;
    vm.barrier(this.pointer());
    Ok(())
}

fn loader(vm: &mut Vm, this: ThisSpec) -> PyResult {
    let known = this.parts[LOADER];
    if !known.is_unbound() {
        return Ok(known);
    }
    let origin = this.parts[ORIGIN];
    if let Some(folder) = library_folder(vm, this) {
        let loader = vm.new_library_importer(&folder)?;
        set::<LOADER>(vm, this, Some(loader))?;
        return Ok(loader);
    }
    let (module, class) = match this.is_file {
        true => ("_frozen_importlib_external", "SourceFileLoader"),
        false if vm.is_str(origin) && vm.string_of(origin) == BUILT_IN => ("_frozen_importlib", "BuiltinImporter"),
        false => ("_frozen_importlib", "FrozenImporter"),
    };
    let mut loader = loader_class(vm, module, class)?;
    if this.is_file {
        loader = vm.call(loader, &[this.parts[NAME], origin])?;
    }
    set::<LOADER>(vm, this, Some(loader))?;
    Ok(loader)
}

/// The folder of the library's place where a module was found, if it was found there.
fn library_folder(vm: &Vm, this: ThisSpec) -> Option<PathBuf> {
    let file = PathBuf::from(this.file(vm)?);
    let folder = file.parent()?;
    let packages = vm.packages_of_library(folder)?;
    let is_package = this.locations().is_some();
    // Files that somebody has put there are not the library's.
    let last = if is_package { "" } else { file.file_stem()?.to_str()? };
    vm.library?.is_package(format!("{packages}{last}").trim_end_matches('.'))?;
    if is_package { folder.parent().map(PathBuf::from) } else { Some(folder.to_owned()) }
}

fn loader_class(vm: &mut Vm, module: &str, class: &str) -> PyResult {
    let (module, class) = (vm.part_of_importlib(module)?, vm.intern(class));
    vm.get_attr(module, class)
}

fn uninitialized(vm: &mut Vm, this: ThisSpec) -> PyResult {
    if this.parts[UNINITIALIZED].is_unbound() {
        let list = vm.new_list(&[])?;
        set::<UNINITIALIZED>(vm, this, Some(list))?;
    }
    Ok(this.parts[UNINITIALIZED])
}

fn cached(vm: &mut Vm, this: ThisSpec) -> PyResult {
    let may_be_kept = this.is_file && !this.parts[ORIGIN].is_none() && library_folder(vm, this).is_none();
    if this.parts[CACHED].is_none() && may_be_kept {
        let external = vm.part_of_importlib("_frozen_importlib_external")?;
        let function = vm.intern("_get_cached");
        let cached = vm.call_method(external, function, &[this.parts[ORIGIN]])?;
        set::<CACHED>(vm, this, Some(cached))?;
    }
    Ok(this.parts[CACHED])
}

fn parent(vm: &mut Vm, this: ThisSpec) -> PyResult {
    let name = this.parts[NAME];
    if !this.parts[LOCATIONS].is_none() || !vm.is_str(name) {
        return Ok(name);
    }
    let name = vm.string_of(name);
    Ok(vm.new_str(name.rsplit_once('.').map_or("", |(parent, _)| parent)))
}

fn write_repr(vm: &mut Vm, out: &mut Text, this: ThisSpec) -> PyResult<()> {
    let class = vm.type_name(vm.class_of(this.value()));
    out.push_str(&format!("{class}(name="));
    vm.write_repr(out, this.parts[NAME])?;
    out.push_str(", loader=");
    let loader = loader(vm, this)?;
    vm.write_repr(out, loader)?;
    for (name, at) in [("origin", ORIGIN), ("submodule_search_locations", LOCATIONS)] {
        if !this.parts[at].is_none() {
            out.push_str(&format!(", {name}="));
            vm.write_repr(out, this.parts[at])?;
        }
    }
    out.push_str(")");
    Ok(())
}

fn compare(vm: &mut Vm, operation: u32, lhs: Value, rhs: Value) -> PyResult {
    let both = (ThisSpec::of(vm, lhs), ThisSpec::of(vm, rhs));
    let ((Some(a), Some(b)), cmp::EQ | cmp::NE) = (both, operation) else { return Ok(vm.not_implemented) };
    let mut is_equal = a.is_file == b.is_file;
    for getter in
        [|_: &mut Vm, spec: ThisSpec| Ok(spec.parts[NAME]), loader, cached] as [fn(&mut Vm, ThisSpec) -> PyResult; 3]
    {
        is_equal = is_equal && {
            let (a, b) = (getter(vm, a)?, getter(vm, b)?);
            vm.equal(a, b)?
        };
    }
    for at in [ORIGIN, LOCATIONS] {
        is_equal = is_equal && vm.equal(a.parts[at], b.parts[at])?;
    }
    Ok(Value::bool(is_equal == (operation == cmp::EQ)))
}

impl Vm {
    /// The spec of a module that is made natively. `locations`: a package's list, or None.
    pub(crate) fn new_module_spec(&mut self, name: Value, origin: Value, is_file: bool, locations: Value) -> PyResult {
        let class = self.type_of_spec(&MODULE_SPEC);
        let mut parts = NOTHING;
        parts[NAME] = name;
        parts[LOADER] = Value::UNBOUND;
        parts[ORIGIN] = origin;
        parts[LOCATIONS] = locations;
        self.new_object(class, |header| ModuleSpecObject { header, parts, is_file, is_initializing: false })
    }

    /// The native spec that a module has.
    pub(crate) fn spec_of_module(&mut self, module: Value) -> Option<This<ModuleSpecObject>> {
        let dict = This::<ModuleObject>::of(self, module)?.dict;
        let spec = self.dict_get_name(dict, self.names.__spec__)?;
        This::of(self, spec)
    }

    /// An attribute that a module has although its dict does not: what its spec gives. Asked where nothing was found.
    pub(crate) fn attribute_of_spec(&mut self, module: Value, name: Value) -> PyResult<Option<Value>> {
        let names = self.names;
        if name != names.__loader__ && name != names.__cached__ {
            return Ok(None);
        }
        let Some(module) = This::<ModuleObject>::of(self, module) else { return Ok(None) };
        self.name_of_spec(module.dict, name)
    }

    /// Likewise among the globals of a module, which have it from then on. A program that was not imported has no spec.
    pub(crate) fn name_of_spec(&mut self, globals: Value, name: Value) -> PyResult<Option<Value>> {
        let names = self.names;
        if name != names.__loader__ && name != names.__cached__ {
            return Ok(None);
        }
        let Some(spec) = self.dict_get_name(globals, names.__spec__) else { return Ok(None) };
        let value = match ThisSpec::of(self, spec) {
            Some(spec) if name == names.__loader__ => loader(self, spec)?,
            Some(spec) => cached(self, spec)?,
            None if spec.is_none() && name == names.__loader__ => match self.loader_of_program(globals)? {
                Some(loader) => loader,
                None => return Ok(None),
            },
            None => return Ok(None),
        };
        if name == names.__cached__ && value.is_none() {
            return Ok(None);
        }
        self.dict_set_name(globals, name, value);
        Ok(Some(value))
    }

    /// Who would load the program, if these are its globals: of a file's name, or what a module has that is no file.
    fn loader_of_program(&mut self, globals: Value) -> PyResult<Option<Value>> {
        let names = self.names;
        let is_program = match self.main_module() {
            Some(main) => This::<ModuleObject>::of(self, main).is_some_and(|main| main.dict == globals),
            None => false,
        };
        if !is_program {
            return Ok(None);
        }
        let file = self.dict_get_name(globals, names.__file__).filter(|&file| self.is_str(file));
        let Some(file) = file else { return loader_class(self, "_frozen_importlib", "BuiltinImporter").map(Some) };
        let is_compiled = self.string_of(file).ends_with(".pyc");
        let class = if is_compiled { "SourcelessFileLoader" } else { "SourceFileLoader" };
        let (class, name) = (loader_class(self, "_frozen_importlib_external", class)?, self.intern("__main__"));
        self.call(class, &[name, file]).map(Some)
    }

    /// What a module comes from that is no file: `built-in`, `frozen`.
    pub(crate) fn origin_of_module(&mut self, module: Value) -> Option<String> {
        let spec = self.spec_of_module(module).filter(|spec| !spec.is_file)?;
        let origin = spec.parts[ORIGIN];
        self.is_str(origin).then(|| self.string_of(origin))
    }
}
