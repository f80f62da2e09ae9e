//! `print`.

use crate::object::argument::{OrNone, Rest, Str, This};
use crate::object::layout::StreamObject;
use crate::object::string::View;
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

pub fn print(
    vm: &mut Vm,
    values: Rest,
    separator: OrNone<Value>,
    end: OrNone<Value>,
    file: OrNone<Value>,
    flush: Option<bool>,
) -> PyResult<()> {
    let target = match file.0 {
        Some(file) => target_of(vm, file),
        None => match vm.standard_output()? {
            Some(file) => target_of(vm, file),
            None => return Ok(()),
        },
    };
    let separator = text_option(vm, separator, "sep")?;
    let end = text_option(vm, end, "end")?;
    for (i, &item) in values.items().iter().enumerate() {
        if i > 0 {
            write_option(vm, target, separator, b" ")?;
        }
        write_value(vm, target, item)?;
    }
    write_option(vm, target, end, b"\n")?;
    if flush == Some(true) {
        match target {
            Target::Output => vm.out.flush(),
            Target::File(file) => {
                let name = vm.names.flush;
                vm.call_method(file, name, &[])?;
            }
        }
    }
    Ok(())
}

/// A str and a line's end, to `sys.stdout`.
pub fn write_line(vm: &mut Vm, text: Value) -> PyResult<()> {
    let Some(file) = vm.standard_output()? else { return Ok(()) };
    let target = target_of(vm, file);
    let text = vm.text_of(text)?;
    write_text(vm, target, text)?;
    write_option(vm, target, None, b"\n")
}

fn target_of(vm: &Vm, file: Value) -> Target {
    match This::<StreamObject>::of(vm, file) {
        Some(stream) if stream.descriptor == 1 && !stream.is_binary => Target::Output,
        _ => Target::File(file),
    }
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

    /// `str(value)`.
    pub fn text_of(&mut self, value: Value) -> PyResult<Str> {
        let text = self.str(value)?;
        Ok(Str::of(self, text).expect("`str` gives a str"))
    }

    /// Writes a string to the VM's standard output.
    pub fn write_output(&mut self, text: Str) {
        match text.view() {
            View::One(data) if data.is_ascii() => self.out.write(data),
            view => self.out.write(view.to_string_lossy().as_bytes()),
        }
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
    match (target, text) {
        (Target::Output, None) => {
            vm.out.write(default);
            Ok(())
        }
        (Target::File(_), None) => {
            let text = vm.str_from_latin1(default);
            let text = vm.text_of(text)?;
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
    let text = vm.text_of(value)?;
    write_text(vm, target, text)
}

fn write_text(vm: &mut Vm, target: Target, text: Str) -> PyResult<()> {
    match target {
        Target::Output => vm.write_output(text),
        Target::File(file) => {
            let name = vm.names.write;
            vm.call_method(file, name, &[text.value()])?;
        }
    }
    Ok(())
}
