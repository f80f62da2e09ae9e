//! `_elementtree`: what is native under `xml.etree.ElementTree`.
//!
//! ```text
//!   XMLParser ─► engine of `pyexpat` ─► Events ─┬─► TreeBuilder ─► Elements
//!                                               └─► methods of another target
//! ```
//!
//! Paths that are more than a tag are left to the library's `xml.etree.ElementPath`.

mod arguments;
mod builder;
mod copy;
mod element;
mod events;
mod find;
mod items;
mod iterator;
mod methods;
mod parser;
mod trace;

use builder::TREE_BUILDER;
use element::ELEMENT;
use parser::XML_PARSER;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// The module that the types say they are of.
const LIBRARY: &str = "xml.etree.ElementTree";

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_elementtree",
    doc: "Trees of XML elements, and what builds them of documents.",
    functions: &[
        method("SubElement", "(*args, **kwargs)", arguments::sub_element)
            .doc("A new element of a tag and attributes, as the last child of a parent."),
        method("_set_factories", "(comment_factory, pi_factory, /)", set_factories)
            .doc("Sets what makes comments and processing instructions; gives what did so before."),
    ],
    types: &[&ELEMENT, &TREE_BUILDER, &XML_PARSER],
    exec: Some(|vm, module| {
        let class = Value::object(vm.type_of_spec(&PARSE_ERROR));
        vm.set_module_entry(module, "ParseError", class);
        let (copy, name) = (vm.import_dotted("copy")?, vm.intern("deepcopy"));
        let deep_copy = vm.get_attr(copy, name)?;
        let element_path = vm.import_dotted("xml.etree.ElementPath")?;
        *state(vm) = State { deep_copy: Some(deep_copy), element_path: Some(element_path), ..State::default() };
        Ok(())
    }),
    state: Some(|| Box::new(State::default())),
    ..ModuleSpec::NEW
};

static PARSE_ERROR: TypeSpec = TypeSpec {
    name: "ParseError",
    module: LIBRARY,
    doc: "A document that is no XML.",
    base_class: Some(|vm| vm.exceptions.SyntaxError),
    ..TypeSpec::NEW
};

/// What of the library the module calls.
#[derive(Default)]
struct State {
    deep_copy: Option<Value>,
    /// The module `xml.etree.ElementPath`.
    element_path: Option<Value>,
    comment_factory: Option<Value>,
    pi_factory: Option<Value>,
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        let all = [self.deep_copy, self.element_path, self.comment_factory, self.pi_factory];
        all.into_iter().flatten().for_each(visit);
    }
}

fn state(vm: &mut Vm) -> &mut State {
    vm.module_state(&MODULE).expect("the module's state is one")
}

fn set_factories(vm: &mut Vm, comment: Value, pi: Value) -> PyResult {
    for (factory, what) in [(comment, "Comment"), (pi, "PI")] {
        if !factory.is_none() && !vm.is_callable(factory) {
            let message = format!("{what} factory must be callable, not {}", vm.class_name(factory));
            return Err(vm.raise_type(&message));
        }
    }
    let given = |factory: Value| (!factory.is_none()).then_some(factory);
    let state = state(vm);
    let old_comment = std::mem::replace(&mut state.comment_factory, given(comment));
    let old_pi = std::mem::replace(&mut state.pi_factory, given(pi));
    Ok(vm.new_tuple(&[old_comment.unwrap_or(Value::NONE), old_pi.unwrap_or(Value::NONE)]))
}

/// Raises ParseError of a message; `code` and `place` (line and column) are what is wrong, and where.
fn raise_parse_error(vm: &mut Vm, message: &str, code: i64, place: [u64; 2]) -> Raised {
    let class = vm.type_of_spec(&PARSE_ERROR);
    let message = vm.new_str(message);
    let attempt = |vm: &mut Vm| -> PyResult {
        let exception = vm.new_exception(class, &[message])?;
        let place = place.map(|number| vm.new_int(number as i64));
        let (place, code) = (vm.new_tuple(&place), vm.new_int(code));
        for (name, value) in [("code", code), ("position", place)] {
            let name = vm.intern(name);
            vm.set_attr(exception, name, value)?;
        }
        Ok(exception)
    };
    match attempt(vm) {
        Ok(exception) => vm.raise_value_object(exception),
        Err(raised) => raised,
    }
}
