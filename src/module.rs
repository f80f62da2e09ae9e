//! Modules made in Rust.

use crate::context::Context;
use crate::convert::ToPython;
use crate::error::Result;
use crate::function::{Closure, Function};
use crate::object::Object;

/// Makes a module that programs can import; [`Context::module`] begins one.
///
/// ```
/// let machine = stitch::Machine::new()?;
/// machine
///     .module("host.shapes")
///     .doc("Shapes of the game.")
///     .constant("SIDES", 4)
///     .function("area", |width: f64, height: f64| width * height)
///     .build()?;
/// machine.exec("from host.shapes import area, SIDES")?;
/// assert_eq!(machine.eval("area(2, 3) * SIDES")?.extract::<f64>()?, 24.0);
/// # Ok::<(), stitch::Error>(())
/// ```
pub struct ModuleBuilder {
    context: Context,
    name: String,
    doc: String,
    /// Attributes by name, and the first error.
    attributes: Result<Vec<(String, Object)>>,
}

impl ModuleBuilder {
    pub(crate) fn new(context: &Context, name: &str) -> ModuleBuilder {
        ModuleBuilder {
            context: context.clone(),
            name: name.to_owned(),
            doc: String::new(),
            attributes: Ok(Vec::new()),
        }
    }

    fn add(mut self, name: &str, object: Result<Object>) -> ModuleBuilder {
        match (&mut self.attributes, object) {
            (Ok(attributes), Ok(object)) => attributes.push((name.to_owned(), object)),
            (Ok(_), Err(error)) => self.attributes = Err(error),
            (Err(_), _) => {}
        }
        self
    }

    /// The module's doc text.
    pub fn doc(mut self, doc: &str) -> ModuleBuilder {
        doc.clone_into(&mut self.doc);
        self
    }

    /// An attribute.
    pub fn constant(self, name: &str, value: impl ToPython) -> ModuleBuilder {
        let object = self.context.object(value);
        self.add(name, object)
    }

    /// A closure as a function; see [`Context::new_function`].
    pub fn function<P>(self, name: &str, closure: impl Function<P> + 'static) -> ModuleBuilder {
        let callee = Closure::new(&self.context, name, closure);
        let module = self.name.clone();
        let object = self.context.run_to_object(|vm| vm.new_host_function(name, Some(&module), "", callee));
        self.add(name, object)
    }

    /// Makes the module and has `import` find it, also in place of another of its name. Packages that its name says it is in
    /// are made, empty, where there are none. `Err` is the first thing that went wrong.
    pub fn build(self) -> Result<Object> {
        let (context, name) = (self.context, self.name);
        let attributes = self.attributes?;
        let mut parent: Option<Object> = None;
        let ends = name.match_indices('.').map(|(end, _)| end).chain([name.len()]);
        for end in ends {
            let (full, is_last) = (&name[..end], end == name.len());
            let known = context.run(|vm| {
                let key = vm.intern(full);
                Ok(vm.dict_get_name(vm.modules, key).map(|module| context.keep(module)))
            })?;
            let module = match known.filter(|_| !is_last) {
                Some(package) => package,
                None => {
                    let module = context.run_to_object(|vm| {
                        let (module, key, modules) = (vm.new_module(full), vm.intern(full), vm.modules);
                        vm.dict_set_name(modules, key, module);
                        Ok(module)
                    })?;
                    if !is_last {
                        module.set("__path__", Vec::<Object>::new())?;
                    }
                    module
                }
            };
            if let Some(parent) = parent {
                parent.set(full.rsplit('.').next().unwrap_or(full), &module)?;
            }
            parent = Some(module);
        }
        let module = parent.map_or_else(|| context.main(), Ok)?;
        if !self.doc.is_empty() {
            module.set("__doc__", self.doc)?;
        }
        for (name, value) in attributes {
            module.set(&name, value)?;
        }
        Ok(module)
    }
}
