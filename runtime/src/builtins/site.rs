//! Names for people at a prompt that the library's `site` puts among the built-in ones: made when they are first used.

use crate::object::module::OnDemand;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

pub const NAMES: &[OnDemand] = &[
    ("exit", |vm| quitter(vm, "exit")),
    ("quit", |vm| quitter(vm, "quit")),
    ("help", |vm| of_library(vm, "_Helper", &[])),
    ("copyright", |vm| printer(vm, "copyright", "See the files LICENSE-MIT and LICENSE-APACHE of stitch.")),
    ("credits", |vm| {
        printer(vm, "credits", "Python is of its core developers and their thousands of helpers: www.python.org")
    }),
    ("license", |vm| printer(vm, "license", "See https://www.python.org/psf/license/")),
];

fn of_library(vm: &mut Vm, class: &str, arguments: &[Value]) -> PyResult {
    let module = vm.import_dotted("_sitebuiltins")?;
    let class = vm.intern(class);
    let class = vm.get_attr(module, class)?;
    vm.call(class, arguments)
}

fn quitter(vm: &mut Vm, name: &str) -> PyResult {
    let (name, key) = (vm.intern(name), vm.intern("Ctrl-D (i.e. EOF)"));
    of_library(vm, "Quitter", &[name, key])
}

fn printer(vm: &mut Vm, name: &str, text: &str) -> PyResult {
    let (name, text) = (vm.intern(name), vm.intern(text));
    of_library(vm, "_Printer", &[name, text])
}
