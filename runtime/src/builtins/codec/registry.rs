//! What Python code registers: functions that find codecs, and error handlers.

use super::errors::{BUILTIN, Handler, handle_exception};
use super::functions::MODULE;
use crate::object::argument::{This, method};
use crate::object::layout::{BytesObject, TupleObject};
use crate::object::module::ModuleState;
use crate::object::native::NativeRow;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// What is registered in a VM.
#[derive(Default)]
pub struct State {
    /// A list of functions; unbound: none was registered.
    search: Option<Value>,
    /// Codecs by the names that they were asked for by, normalized.
    found: Option<Value>,
    /// Error handlers by name.
    handlers: Option<Value>,
}

impl ModuleState for State {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        [self.search, self.found, self.handlers].into_iter().flatten().for_each(visit);
    }
}

/// The functions that error handlers are to Python code, with which the registry begins.
pub const HANDLERS: [NativeRow; BUILTIN.len()] = [
    method("strict_errors", "(error, /)", |vm: &mut Vm, error: Value| handle_exception(vm, &Handler::Strict, error))
        .doc("Raises the error."),
    method("ignore_errors", "(error, /)", |vm: &mut Vm, error: Value| handle_exception(vm, &Handler::Ignore, error))
        .doc("Leaves out what cannot be converted."),
    method("replace_errors", "(error, /)", |vm: &mut Vm, error: Value| handle_exception(vm, &Handler::Replace, error))
        .doc("Puts a mark in place of what cannot be converted."),
    method("backslashreplace_errors", "(error, /)", |vm: &mut Vm, error: Value| {
        handle_exception(vm, &Handler::BackslashReplace, error)
    })
    .doc("Puts an escape sequence in place of what cannot be converted."),
    method("xmlcharrefreplace_errors", "(error, /)", |vm: &mut Vm, error: Value| {
        handle_exception(vm, &Handler::XmlCharRefReplace, error)
    })
    .doc("Puts a character reference in place of what cannot be converted."),
    method("surrogateescape_errors", "(error, /)", |vm: &mut Vm, error: Value| {
        handle_exception(vm, &Handler::SurrogateEscape, error)
    })
    .doc("Carries bytes through text as surrogates."),
    method("surrogatepass_errors", "(error, /)", |vm: &mut Vm, error: Value| {
        handle_exception(vm, &Handler::SurrogatePass, error)
    })
    .doc("Converts surrogates as if they were characters."),
    method("namereplace_errors", "(error, /)", |vm: &mut Vm, error: Value| {
        handle_exception(vm, &Handler::NameReplace, error)
    })
    .doc("Puts the names of characters in place of what cannot be converted."),
];

/// One of the tables, made at the first use.
fn table(vm: &mut Vm, part: fn(&mut State) -> &mut Option<Value>) -> PyResult {
    if let Some(state) = vm.module_state::<State>(&MODULE)
        && let Some(table) = *part(state)
    {
        return Ok(table);
    }
    let table = vm.new_dict();
    if let Some(state) = vm.module_state::<State>(&MODULE) {
        *part(state) = Some(table);
    }
    Ok(table)
}

fn handlers(vm: &mut Vm) -> PyResult {
    let table = table(vm, |state| &mut state.handlers)?;
    if vm.len(table)? == 0 {
        for (name, row) in BUILTIN.iter().zip(HANDLERS) {
            let function = vm.new_module_function(row, MODULE.name);
            let name = vm.intern(name);
            vm.dict_set_name(table, name, function);
        }
    }
    Ok(table)
}

/// The function that handles errors under a name.
pub fn error_handler(vm: &mut Vm, name: &str) -> PyResult {
    let (table, key) = (handlers(vm)?, vm.new_str(name));
    match vm.dict_get(table, key)? {
        Some(function) => Ok(function),
        None => Err(vm.raise(vm.exceptions.LookupError, &format!("unknown error handler name '{name}'"))),
    }
}

pub fn register_error(vm: &mut Vm, name: Value, handler: Value) -> PyResult<()> {
    if vm.slots_of(handler).call.is_none() {
        return Err(vm.raise_type("handler must be callable"));
    }
    let table = handlers(vm)?;
    vm.dict_set(table, name, handler)
}

pub fn unregister_error(vm: &mut Vm, name: Value) -> PyResult<bool> {
    let text = vm.str(name)?;
    let text = vm.string_of(text);
    if BUILTIN.contains(&text.as_str()) {
        return Err(vm.raise_value(&format!("cannot un-register built-in error handler '{text}'")));
    }
    let table = handlers(vm)?;
    if !vm.dict_contains(table, name)? {
        return Ok(false);
    }
    vm.del_item(table, name)?;
    Ok(true)
}

fn searchers(vm: &mut Vm) -> PyResult {
    if let Some(State { search: Some(list), .. }) = vm.module_state(&MODULE) {
        return Ok(*list);
    }
    let list = vm.new_list(&[])?;
    if let Some(state) = vm.module_state::<State>(&MODULE) {
        state.search = Some(list);
    }
    Ok(list)
}

pub fn register(vm: &mut Vm, function: Value) -> PyResult<()> {
    if vm.slots_of(function).call.is_none() {
        return Err(vm.raise_type("argument must be callable"));
    }
    let list = searchers(vm)?;
    vm.list_push(list.as_ptr(), function)
}

pub fn unregister(vm: &mut Vm, function: Value) -> PyResult<()> {
    let list = searchers(vm)?;
    if vm.contains(list, function)? {
        let remove = vm.intern("remove");
        vm.call_method(list, remove, &[function])?;
        let found = table(vm, |state| &mut state.found)?;
        vm.dict_clear(found);
    }
    Ok(())
}

/// The codec of an encoding: what the first function that knows it gives.
pub fn lookup(vm: &mut Vm, encoding: &str) -> PyResult {
    if encoding.contains('\0') {
        return Err(vm.raise_value("embedded null character"));
    }
    let normal: String = encoding.chars().map(|c| if c == ' ' { '_' } else { c.to_ascii_lowercase() }).collect();
    let (found, key) = (table(vm, |state| &mut state.found)?, vm.new_str(&normal));
    if let Some(codec) = vm.dict_get(found, key)? {
        return Ok(codec);
    }
    let list = searchers(vm)?;
    if vm.len(list)? == 0 {
        // It registers its search function.
        vm.import_dotted("encodings")?;
    }
    let iterator = vm.get_iter(list)?;
    while let Some(function) = vm.iter_next(iterator)? {
        let codec = vm.call(function, &[key])?;
        if codec.is_none() {
            continue;
        }
        if This::<TupleObject>::of(vm, codec).is_none_or(|codec| codec.len != 4) {
            return Err(vm.raise_type("codec search functions must return 4-tuples"));
        }
        vm.dict_set(found, key, codec)?;
        return Ok(codec);
    }
    let message = format!("unknown encoding: {encoding}");
    Err(vm.raise(vm.exceptions.LookupError, &message))
}

/// What a codec's function at `index` makes of an object: the first item of the pair that it gives.
pub fn convert(vm: &mut Vm, object: Value, encoding: &str, errors: Option<&str>, is_encoding: bool) -> PyResult {
    let codec = lookup(vm, encoding)?;
    convert_by(vm, codec, encoding, object, errors, is_encoding)
}

/// Likewise by the codec that was found for the encoding; what it raises says so.
fn convert_by(
    vm: &mut Vm,
    codec: Value,
    encoding: &str,
    object: Value,
    errors: Option<&str>,
    is_encoding: bool,
) -> PyResult {
    let function =
        This::<TupleObject>::of(vm, codec).and_then(|codec| codec.items().get(!is_encoding as usize).copied());
    let Some(function) = function else { return Err(vm.raise_type("codec search functions must return 4-tuples")) };
    let pair = match errors {
        Some(errors) => {
            let errors = vm.new_str(errors);
            vm.call(function, &[object, errors])
        }
        None => vm.call(function, &[object]),
    };
    let Ok(pair) = pair else {
        let what = if is_encoding { "encoding" } else { "decoding" };
        return Err(vm.note_on_exception(&format!("{what} with '{encoding}' codec failed")));
    };
    match This::<TupleObject>::of(vm, pair) {
        Some(pair) if pair.len == 2 => Ok(pair.items()[0]),
        _ => Err(vm.raise_type(match is_encoding {
            true => "encoder must return a tuple (object, integer)",
            false => "decoder must return a tuple (object,integer)",
        })),
    }
}

/// A codec for text: others are for `codecs.encode` and `codecs.decode` alone.
fn text_codec(vm: &mut Vm, encoding: &str, alternative: &str) -> PyResult {
    let codec = lookup(vm, encoding)?;
    let name = vm.intern("_is_text_encoding");
    if let Some(flag) = vm.get_attr_opt(codec, name)?
        && !vm.is_true(flag)?
    {
        let message = format!("'{encoding}' is not a text encoding; use {alternative} to handle arbitrary codecs");
        return Err(vm.raise(vm.exceptions.LookupError, &message));
    }
    Ok(codec)
}

pub fn encode_text(vm: &mut Vm, text: Value, encoding: &str, errors: Option<&str>) -> PyResult {
    let codec = text_codec(vm, encoding, "codecs.encode()")?;
    let result = convert_by(vm, codec, encoding, text, errors, true)?;
    if This::<BytesObject>::of(vm, result).is_none() {
        let message = format!(
            "'{encoding}' encoder returned '{}' instead of 'bytes'; use codecs.encode() to encode to arbitrary types",
            vm.class_name(result)
        );
        return Err(vm.raise_type(&message));
    }
    Ok(result)
}

pub fn decode_text(vm: &mut Vm, data: &[u8], encoding: &str, errors: Option<&str>) -> PyResult {
    let codec = text_codec(vm, encoding, "codecs.decode()")?;
    let data = vm.new_bytes(data)?;
    let result = convert_by(vm, codec, encoding, data, errors, false)?;
    if !vm.is_str(result) {
        let message = format!(
            "'{encoding}' decoder returned '{}' instead of 'str'; use codecs.decode() to decode to arbitrary types",
            vm.class_name(result)
        );
        return Err(vm.raise_type(&message));
    }
    Ok(result)
}
