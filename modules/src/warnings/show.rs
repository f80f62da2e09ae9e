//! Telling of a warning: by the module `warnings` where that is imported, else as it would.

use super::{Warning, of_warnings};
use stitch_runtime::object::argument::Str;
use stitch_runtime::{PyResult, Value, Vm};

pub fn show(vm: &mut Vm, warning: &Warning, text: Value) -> PyResult<()> {
    // What has a source is worth the import: the module can say where that was made.
    if !warning.source.is_none() {
        vm.import_dotted("warnings")?;
    }
    let Some(show) = of_warnings(vm, "_showwarnmsg")? else { return show_plainly(vm, warning, text) };
    if vm.slots_of(show).call.is_none() {
        return Err(vm.raise_type("warnings._showwarnmsg() must be set to a callable"));
    }
    let Some(class) = of_warnings(vm, "WarningMessage")? else {
        return Err(vm.raise_runtime("unable to get warnings.WarningMessage"));
    };
    let (none, Warning { message, category, filename, line, source, .. }) = (Value::NONE, warning);
    let told = vm.call(class, &[*message, *category, *filename, *line, none, none, *source])?;
    vm.call(show, &[told]).map(|_| ())
}

/// `file:line: Category: text`, and the line.
fn show_plainly(vm: &mut Vm, warning: &Warning, text: Value) -> PyResult<()> {
    let sys = vm.import_dotted("sys")?;
    let name = vm.intern("stderr");
    let Some(stderr) = vm.get_attr_opt(sys, name)?.filter(|stderr| !stderr.is_none()) else { return Ok(()) };
    let name = vm.intern("__name__");
    let category = vm.get_attr(warning.category, name)?;
    let category = vm.str_string(category)?;
    let (filename, line, text) = (vm.str(warning.filename)?, vm.str_string(warning.line)?, vm.str(text)?);
    let mut shown = format!("{}:{line}: {category}: {}\n", vm.string_of(filename), vm.string_of(text));
    if let Some(source) = source_line(vm, warning) {
        shown.push_str(&format!("  {source}\n"));
    }
    let (write, shown) = (vm.intern("write"), vm.new_str(&shown));
    // A stream that does not work loses its warnings.
    if vm.call_method(stderr, write, &[shown]).is_err() {
        vm.clear_exception();
    }
    Ok(())
}

/// The line of source, without its indentation.
fn source_line(vm: &mut Vm, warning: &Warning) -> Option<String> {
    let number = vm.int_to_i64(warning.line)?;
    let filename = Str::of(vm, warning.filename)?.text();
    let line = vm.source_line(&filename, usize::try_from(number).ok()?)?;
    let line = line.trim().to_string();
    (!line.is_empty()).then_some(line)
}
