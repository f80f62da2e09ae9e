//! `print`, `input` and `sys.displayhook`.

use super::streams::Target;
use crate::object::argument::{OrNone, Rest, Str};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

pub fn print(
    vm: &mut Vm,
    values: Rest,
    separator: OrNone<Value>,
    end: OrNone<Value>,
    file: OrNone<Value>,
    flush: Option<bool>,
) -> PyResult<()> {
    let file = match file.0 {
        Some(file) => file,
        None => match vm.standard_output()? {
            Some(file) => file,
            None => return Ok(()),
        },
    };
    let target = Target::of(vm, file);
    let separator = text_option(vm, separator, "sep")?;
    let end = text_option(vm, end, "end")?;
    for (i, &item) in values.items().iter().enumerate() {
        if i > 0 {
            write_option(vm, target, separator, b" ")?;
        }
        write_value(vm, target, item)?;
    }
    write_option(vm, target, end, b"\n")?;
    if flush == Some(true) { target.flush(vm) } else { Ok(()) }
}

/// A str and a line's end, to `sys.stdout`, where what the stream's encoding has not got is escaped.
pub fn write_line(vm: &mut Vm, text: Value) -> PyResult<()> {
    let Some(output) = vm.standard_output()? else { return Err(vm.raise_runtime("lost sys.stdout")) };
    let target = Target::of(vm, output);
    let shown = vm.text_of(text)?;
    if let Err(Raised) = target.write(vm, shown) {
        if !vm.exception_matches(vm.exceptions.UnicodeEncodeError) {
            return Err(Raised);
        }
        vm.clear_exception();
        let escaped = super::codec::escaped_for(vm, output, text)?;
        let escaped = vm.text_of(escaped)?;
        target.write(vm, escaped)?;
    }
    target.write_ascii(vm, b"\n")
}

impl Vm {
    /// `sys.stdout`; `None` where it was set to None.
    pub fn standard_output(&mut self) -> PyResult<Option<Value>> {
        match self.sys_entry(self.names.stdout) {
            Some(stream) if stream.is_none() => Ok(None),
            Some(stream) => Ok(Some(stream)),
            None => Err(self.raise_runtime("lost sys.stdout")),
        }
    }

    /// What the interactive mode does with an expression's value.
    pub fn display(&mut self, value: Value) -> PyResult {
        let name = self.intern("displayhook");
        match self.sys_entry(name) {
            Some(hook) => self.call(hook, &[value]),
            None => Err(self.raise_runtime("lost sys.displayhook")),
        }
    }

    /// `str(value)`.
    pub fn text_of(&mut self, value: Value) -> PyResult<Str> {
        let text = self.str(value)?;
        Ok(Str::of(self, text).expect("`str` gives a str"))
    }
}

fn text_option(vm: &mut Vm, value: OrNone<Value>, name: &str) -> PyResult<Option<Str>> {
    let Some(value) = value.0 else { return Ok(None) };
    match Str::of(vm, value) {
        Some(text) => Ok(Some(text)),
        None => {
            let message = format!("{name} must be None or a string, not {}", vm.class_name(value));
            Err(vm.raise_type(&message))
        }
    }
}

fn write_option(vm: &mut Vm, target: Target, text: Option<Str>, default: &[u8]) -> PyResult<()> {
    match text {
        None => target.write_ascii(vm, default),
        Some(text) => target.write(vm, text),
    }
}

fn write_value(vm: &mut Vm, target: Target, value: Value) -> PyResult<()> {
    if value.is_int()
        && let Target::Known(..) = target
    {
        let text = value.as_int().to_string();
        return target.write_ascii(vm, text.as_bytes());
    }
    let text = vm.text_of(value)?;
    target.write(vm, text)
}

/// Writes a prompt, and reads a line of `sys.stdin`.
pub fn input(vm: &mut Vm, prompt: Option<Value>) -> PyResult {
    for name in ["stdin", "stdout", "stderr"] {
        if vm.standard_stream(name)?.is_none() {
            return Err(vm.raise_runtime(&format!("lost sys.{name}")));
        }
    }
    if let Some(errors) = vm.standard_stream("stderr")?
        && Target::of(vm, errors).flush(vm).is_err()
    {
        vm.clear_exception();
    }
    if let Some(output) = vm.standard_output()? {
        let target = Target::of(vm, output);
        if let Some(prompt) = prompt {
            let text = vm.text_of(prompt)?;
            target.write(vm, text)?;
        }
        if target.flush(vm).is_err() {
            vm.clear_exception();
        }
    }
    let Some(input) = vm.standard_stream("stdin")? else { return Ok(Value::NONE) };
    let name = vm.intern("readline");
    let line = vm.call_method(input, name, &[])?;
    if Str::of(vm, line).is_none() {
        return Err(vm.raise_type("object.readline() returned non-string"));
    }
    let text = vm.str_of(line).view();
    match text.len() {
        0 => Err(vm.raise(vm.exceptions.EOFError, "EOF when reading a line")),
        len if text.at(len - 1) == 0x0A => Ok(vm.str_slice(line, 0, len - 1)),
        _ => Ok(line),
    }
}
