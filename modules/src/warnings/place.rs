//! Whose doing it is: the frame that a warning is told of.

use super::{Warning, is_warning, is_warning_class, warn_explicit};
use stitch_runtime::object::argument::{OrNone, Str};
use stitch_runtime::object::layout::TupleObject;
use stitch_runtime::{PyResult, Raised, Value, Vm};

/// `warn(message, category=None, stacklevel=1, source=None, *, skip_file_prefixes=())`.
pub fn warn(
    vm: &mut Vm,
    message: Value,
    category: OrNone<Value>,
    stack_level: Option<Value>,
    source: OrNone<Value>,
    prefixes: Option<Value>,
) -> PyResult<()> {
    let category = match category.0 {
        _ if is_warning(vm, message) => Value::object(vm.class_of(message)),
        None => Value::object(vm.exceptions.UserWarning),
        Some(category) => category,
    };
    if !is_warning_class(vm, category) {
        let message = format!("category must be a Warning subclass, not '{}'", vm.class_name(category));
        return Err(vm.raise_type(&message));
    }
    let mut level = stack_level.map_or(Ok(1), |level| vm.index_i64(level))?;
    let prefixes = prefixes_of(vm, prefixes)?;
    if !prefixes.is_empty() {
        level = level.max(2);
    }
    let (globals, filename, line) = match frame_at(vm, level, &prefixes)? {
        Some(frame) => {
            let globals = attribute(vm, frame, "f_globals")?;
            let filename = filename_of(vm, frame)?;
            (globals, filename, attribute(vm, frame, "f_lineno")?)
        }
        None => {
            let sys = vm.import_dotted("sys")?;
            (vm.module_dict(sys), vm.new_str("<sys>"), Value::small_int(0))
        }
    };
    let line = if line.is_none() { Value::small_int(0) } else { line };
    let name = vm.intern("__warningregistry__");
    let registry = match vm.dict_get(globals, name)? {
        Some(registry) => registry,
        None => {
            let registry = vm.new_dict();
            vm.dict_set(globals, name, registry)?;
            registry
        }
    };
    let name = vm.intern("__name__");
    let module = vm.dict_get(globals, name)?.filter(|&module| module.is_none() || vm.is_str(module));
    let module = match module {
        Some(module) => module,
        None => vm.new_str("<string>"),
    };
    let source = source.0.unwrap_or(Value::NONE);
    warn_explicit(vm, Warning { category, message, filename, line, module, registry, source })
}

fn attribute(vm: &mut Vm, owner: Value, name: &str) -> PyResult {
    let name = vm.intern(name);
    vm.get_attr(owner, name)
}

fn prefixes_of(vm: &mut Vm, prefixes: Option<Value>) -> PyResult<Vec<String>> {
    let Some(prefixes) = prefixes else { return Ok(Vec::new()) };
    if !vm.is_a::<TupleObject>(prefixes) {
        let message = format!("warn() argument 'skip_file_prefixes' must be tuple, not {}", vm.class_name(prefixes));
        return Err(vm.raise_type(&message));
    }
    let mut texts = Vec::new();
    for &prefix in vm.tuple_items(prefixes) {
        let Some(text) = Str::of(vm, prefix) else {
            let message = format!("Found non-str '{}' in skip_file_prefixes.", vm.class_name(prefix));
            return Err(vm.raise_type(&message));
        };
        texts.push(text.text());
    }
    Ok(texts)
}

fn filename_of(vm: &mut Vm, frame: Value) -> PyResult {
    let code = attribute(vm, frame, "f_code")?;
    attribute(vm, code, "co_filename")
}

fn is_internal(filename: &str) -> bool {
    filename.contains("importlib") && filename.contains("_bootstrap")
}

/// The frame so many levels up; frames of the import system, and of files that are to be skipped, do not count.
fn frame_at(vm: &mut Vm, level: i64, prefixes: &[String]) -> PyResult<Option<Value>> {
    let Some(frame) = nth_frame(vm, 0)? else { return Ok(None) };
    let filename = filename_of(vm, frame)?;
    if level <= 1 || Str::of(vm, filename).is_some_and(|name| is_internal(&name.text())) {
        return nth_frame(vm, level - 1);
    }
    let (mut depth, mut left) = (0, level - 1);
    loop {
        depth += 1;
        let Some(frame) = nth_frame(vm, depth)? else { return Ok(None) };
        let filename = filename_of(vm, frame)?;
        let text = Str::of(vm, filename).map(Str::text).unwrap_or_default();
        if is_internal(&text) || prefixes.iter().any(|prefix| text.starts_with(prefix.as_str())) {
            continue;
        }
        left -= 1;
        if left == 0 {
            return Ok(Some(frame));
        }
    }
}

fn nth_frame(vm: &mut Vm, depth: i64) -> PyResult<Option<Value>> {
    match vm.frame_object(depth) {
        Ok(frame) => Ok(Some(frame)),
        Err(Raised) if vm.exception_matches(vm.exceptions.ValueError) => {
            vm.clear_exception();
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}
