//! `_json`: what is native under the package `json`: its scanner of texts and its writer of them.

mod encoder;
mod error;
mod escape;
mod reader;
mod scanner;
mod string;

use crate::unit::Unit;
use error::Failure;
use stitch_runtime::object::argument::{Index, Str, method};
use stitch_runtime::object::module::{ModuleSpec, ModuleState};
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_json",
    doc: "What reads and writes JSON under the package json.",
    functions: &[
        method("encode_basestring_ascii", "(string, /)", |vm: &mut Vm, string: Value| quoted(vm, string, true))
            .doc("The JSON text of a string, in ASCII."),
        method("encode_basestring", "(string, /)", |vm: &mut Vm, string: Value| quoted(vm, string, false))
            .doc("The JSON text of a string."),
        method("scanstring", "(string, end, strict=True, /)", scan_string)
            .doc("The string of a JSON text whose opening quote is before end, and where it has ended."),
    ],
    exec: Some(|vm, module| {
        for (name, spec) in [("make_scanner", &scanner::SCANNER), ("make_encoder", &encoder::ENCODER)] {
            let class = vm.type_of_spec(spec);
            vm.set_module_entry(module, name, Value::object(class));
        }
        let dict = vm.module_dict(module);
        let writers = ["encode_basestring_ascii", "encode_basestring"].map(|name| {
            let name = vm.intern(name);
            vm.dict_get_name(dict, name)
        });
        if let Some(state) = vm.module_state::<State>(&MODULE) {
            state.writers = writers;
        }
        Ok(())
    }),
    state: Some(|| Box::new(State::default())),
    ..ModuleSpec::NEW
};

/// The functions that write strings, by which the encoder knows that it can do so itself.
#[derive(Default)]
struct State {
    writers: [Option<Value>; 2],
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.writers.into_iter().flatten().for_each(visit);
    }
}

/// A str argument; TypeError for anything else.
fn str_argument(vm: &mut Vm, value: Value) -> PyResult<Str> {
    Str::of(vm, value).ok_or_else(|| {
        let message = format!("first argument must be a string, not {}", vm.class_name(value));
        vm.raise_type(&message)
    })
}

fn quoted(vm: &mut Vm, string: Value, is_ascii: bool) -> PyResult {
    let text = str_argument(vm, string)?;
    let mut out = stitch_runtime::object::convert::text::Text::new();
    escape::push_quoted(&mut out, text.view(), is_ascii);
    Ok(out.finish(vm))
}

fn scan_string(vm: &mut Vm, string: Value, end: Index, strict: Option<bool>) -> PyResult {
    let text = str_argument(vm, string)?;
    let strict = strict.unwrap_or(true);
    let start = usize::try_from(end.0).ok().filter(|&start| start <= text.view().len());
    let Some(start) = start else { return Err(vm.raise_value("end is out of bounds")) };
    let scanned = match text.view() {
        View::One(units) => scan(vm, units, start, strict),
        View::Two(units) => scan(vm, units, start, strict),
        View::Four(units) => scan(vm, units, start, strict),
    };
    match scanned {
        Ok((scanned, end)) => {
            let end = vm.new_int_from_usize(end);
            Ok(vm.new_tuple(&[scanned, end]))
        }
        Err(failure) => Err(failure.raise(vm, string)),
    }
}

fn scan<U: Unit>(vm: &mut Vm, units: &[U], start: usize, strict: bool) -> Result<(Value, usize), Failure> {
    string::scan(units, start, strict).map(|(scanned, end)| (scanned.finish(vm), end))
}
