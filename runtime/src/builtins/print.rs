//! `print`.

use super::receiver::{object_of, tuple_of};
use crate::object::layout::StreamObject;
use crate::object::string::{View, str_of};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Where a print goes.
#[derive(Clone, Copy)]
enum Target {
    /// The VM's own standard output: no method is called.
    Output,
    /// Anything with `write`.
    File(Value),
}

pub fn print(vm: &mut Vm, args: &[Value]) -> PyResult {
    let target = match vm.optional(args[3]) {
        Some(file) => target_of(vm, file),
        None => match vm.standard_output()? {
            Some(file) => target_of(vm, file),
            None => return Ok(Value::NONE),
        },
    };
    let separator = text_option(vm, args[1], "sep")?;
    let end = text_option(vm, args[2], "end")?;
    for (i, &item) in tuple_of(args[0]).items().iter().enumerate() {
        if i > 0 {
            write_option(vm, target, separator, b" ")?;
        }
        write_value(vm, target, item)?;
    }
    write_option(vm, target, end, b"\n")?;
    if !args[4].is_unbound() && vm.is_true(args[4])? {
        match target {
            Target::Output => vm.out.flush(),
            Target::File(file) => {
                let name = vm.names.flush;
                vm.call_method(file, name, &[])?;
            }
        }
    }
    Ok(Value::NONE)
}

fn target_of(vm: &Vm, file: Value) -> Target {
    if vm.is_exact(file, BuiltinType::TextStream) && object_of::<StreamObject>(file).descriptor == 1 {
        return Target::Output;
    }
    Target::File(file)
}

impl Vm {
    /// `sys.stdout`; `None` where it was set to None.
    pub fn standard_output(&mut self) -> PyResult<Option<Value>> {
        let stream = self.sys_entry(self.names.stdout);
        match stream {
            Some(stream) if stream.is_none() => Ok(None),
            Some(stream) => Ok(Some(stream)),
            None => Err(self.raise_runtime("lost sys.stdout")),
        }
    }

    /// Writes a string to the VM's standard output.
    pub fn write_output(&mut self, text: Value) {
        match str_of(text).view() {
            View::One(data) if data.is_ascii() => self.out.write(data),
            view => self.out.write(view.to_string_lossy().as_bytes()),
        }
    }
}

fn text_option(vm: &mut Vm, value: Value, name: &str) -> PyResult<Option<Value>> {
    match vm.optional(value) {
        None => Ok(None),
        Some(text) if vm.is_str(text) => Ok(Some(text)),
        Some(other) => {
            let message = format!("{name} must be None or a string, not {}", vm.class_name(other));
            Err(vm.raise_type(&message))
        }
    }
}

fn write_option(vm: &mut Vm, target: Target, text: Option<Value>, default: &[u8]) -> PyResult<()> {
    match (target, text) {
        (Target::Output, None) => {
            vm.out.write(default);
            Ok(())
        }
        (Target::File(_), None) => {
            let text = vm.str_from_latin1(default);
            write_text(vm, target, text)
        }
        (_, Some(text)) => write_text(vm, target, text),
    }
}

fn write_value(vm: &mut Vm, target: Target, value: Value) -> PyResult<()> {
    if value.is_int()
        && let Target::Output = target
    {
        let text = value.as_int().to_string();
        vm.out.write(text.as_bytes());
        return Ok(());
    }
    let text = if vm.is_exact(value, BuiltinType::Str) { value } else { vm.str(value)? };
    write_text(vm, target, text)
}

fn write_text(vm: &mut Vm, target: Target, text: Value) -> PyResult<()> {
    match target {
        Target::Output => vm.write_output(text),
        Target::File(file) => {
            let name = vm.names.write;
            vm.call_method(file, name, &[text])?;
        }
    }
    Ok(())
}
