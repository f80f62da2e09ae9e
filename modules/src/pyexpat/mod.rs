//! `pyexpat`: the parser of XML under `xml.parsers.expat`, `xml.sax`, `xml.dom` and `xml.etree`.
//!
//! The parser is `engine`, which is Rust alone; here are the object that Python has of it and the calls of its handlers.

mod bridge;
mod engine;
mod handlers;
mod parser;
mod values;

pub use bridge::encoding;
pub use engine::{Attributes, Encoding, ErrorCode, Event, Kind, Listener, Parser, Scene, Shared};

use engine::ERRORS;
use parser::XML_PARSER;
use stitch_runtime::object::argument::{Str, method};
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "pyexpat",
    doc: "A parser of XML that tells handlers of what it reads.",
    functions: &[
        method("ParserCreate", "(encoding=None, namespace_separator=None, intern=None)", parser::create)
            .doc("A new parser, with namespaces if there is a separator for the parts of names."),
        method("ErrorString", "(code, /)", |vm: &mut Vm, code: i64| {
            let row = ERRORS.iter().find(|row| i64::from(row.0) == code);
            row.map(|row| vm.new_str(row.2))
        })
        .doc("The message of an error's number."),
    ],
    constants: &[
        ("EXPAT_VERSION", Constant::Str("expat_2.7.1")),
        ("native_encoding", Constant::Str("UTF-8")),
        ("XML_PARAM_ENTITY_PARSING_NEVER", Constant::Int(0)),
        ("XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE", Constant::Int(1)),
        ("XML_PARAM_ENTITY_PARSING_ALWAYS", Constant::Int(2)),
    ],
    exec: Some(|vm, module| {
        let class = Value::object(vm.type_of_spec(&XML_PARSER));
        vm.set_module_entry(module, "XMLParserType", class);
        let error = Value::object(vm.type_of_spec(&EXPAT_ERROR));
        vm.set_module_entry(module, "error", error);
        vm.set_module_entry(module, "ExpatError", error);
        let version = [2, 7, 1].map(Value::small_int);
        let version = vm.new_tuple(&version);
        vm.set_module_entry(module, "version_info", version);
        add_features(vm, module)?;
        add_errors(vm, module)?;
        add_model(vm, module)
    }),
    ..ModuleSpec::NEW
};

pub static EXPAT_ERROR: TypeSpec = TypeSpec {
    name: "ExpatError",
    module: "xml.parsers.expat",
    doc: "A document that is no XML.",
    base_class: Some(|vm| vm.exceptions.Exception),
    ..TypeSpec::NEW
};

/// What the parser was built with, as expat tells it.
const FEATURES: [(&str, i64); 9] = [
    ("sizeof(XML_Char)", 1),
    ("sizeof(XML_LChar)", 1),
    ("XML_DTD", 0),
    ("XML_CONTEXT_BYTES", 1024),
    ("XML_NS", 0),
    ("XML_BLAP_MAX_AMP", 100),
    ("XML_BLAP_ACT_THRES", 8 << 20),
    ("XML_GE", 0),
    ("XML_MIN_SIZE", 0),
];

fn add_features(vm: &mut Vm, module: Value) -> PyResult<()> {
    let list = vm.new_list(&[])?;
    for (name, value) in &FEATURES[..8] {
        let name = vm.new_str(name);
        let row = vm.new_tuple(&[name, Value::small_int(*value)]);
        vm.list_push(list.as_ptr(), row)?;
    }
    vm.set_module_entry(module, "features", list);
    Ok(())
}

/// A module within the module.
fn add_submodule(vm: &mut Vm, module: Value, name: &str, doc: &str) -> PyResult {
    let full_name = format!("pyexpat.{name}");
    let submodule = vm.new_module(&full_name);
    let doc = vm.new_str(doc);
    vm.set_module_entry(submodule, "__doc__", doc);
    vm.set_module_entry(module, name, submodule);
    let key = vm.intern(&full_name);
    vm.dict_set(vm.modules, key, submodule)?;
    Ok(submodule)
}

fn add_errors(vm: &mut Vm, module: Value) -> PyResult<()> {
    let errors = add_submodule(vm, module, "errors", "What may be wrong with a document.")?;
    let (codes, messages) = (vm.new_dict(), vm.new_dict());
    for &(code, name, text) in ERRORS {
        let message = vm.new_str(text);
        vm.set_module_entry(errors, name, message);
        let code = Value::small_int(code.into());
        vm.dict_set(codes, message, code)?;
        vm.dict_set(messages, code, message)?;
    }
    vm.set_module_entry(errors, "codes", codes);
    vm.set_module_entry(errors, "messages", messages);
    Ok(())
}

fn add_model(vm: &mut Vm, module: Value) -> PyResult<()> {
    let model = add_submodule(vm, module, "model", "The parts of content models.")?;
    let kinds = ["EMPTY", "ANY", "MIXED", "NAME", "CHOICE", "SEQ"];
    for (value, kind) in (1..).zip(kinds) {
        vm.set_module_entry(model, &format!("XML_CTYPE_{kind}"), Value::small_int(value));
    }
    for (value, quantity) in (0..).zip(["NONE", "OPT", "REP", "PLUS"]) {
        vm.set_module_entry(model, &format!("XML_CQUANT_{quantity}"), Value::small_int(value));
    }
    Ok(())
}

/// A str, or `None` for None; TypeError for others.
fn str_or_none(vm: &mut Vm, argument: &str, value: Option<Value>) -> PyResult<Option<Str>> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(None) };
    Str::of(vm, value).map(Some).ok_or_else(|| {
        let given = vm.class_name(value);
        vm.raise_type(&format!("ParserCreate() argument '{argument}' must be str or None, not {given}"))
    })
}
