//! Running other programs.

use super::OrRaise;
use crate::io::unflushed::{self, Touched};
use std::ffi::CString;
use stitch_runtime::host::process::{self, StringArray};
use stitch_runtime::host::spawn::{self, FileAction, SpawnOptions};
use stitch_runtime::object::argument::{Parameter, Place, This, method};
use stitch_runtime::object::layout::{ListObject, TupleObject};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::path::{Path, PathOrDescriptor};
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("execv", "(path, argv, /)", |vm: &mut Vm, path: Path, arguments: Value| -> PyResult<()> {
        let arguments = arguments_of(vm, "execv()", arguments)?;
        unflushed::settle(vm, Touched::All);
        let error = process::execute(path.c_str(), &arguments, None);
        Err(vm.raise_os(&error, None))
    })
    .doc("Runs another program in place of this one."),
    method(
        "execve",
        "(path, argv, env)",
        |vm: &mut Vm, path: PathOrDescriptor, arguments: Value, environment: Value| -> PyResult<()> {
            let arguments = arguments_of(vm, "execve:", arguments)?;
            let environment = environment_of(vm, "execve", environment)?;
            unflushed::settle(vm, Touched::All);
            let error = match &path {
                PathOrDescriptor::Path(path) => process::execute(path.c_str(), &arguments, Some(&environment)),
                PathOrDescriptor::Descriptor(fd, _) => process::execute_descriptor(*fd, &arguments, &environment),
            };
            Err(vm.raise_os(&error, Some(path.given())))
        },
    )
    .doc("Runs another program in place of this one, in an environment."),
    method("system", "(command)", |vm: &mut Vm, command: Value| -> PyResult<i32> {
        let command = vm.fs_c_string(command)?;
        unflushed::settle(vm, Touched::All);
        Ok(process::run_shell(&command))
    })
    .doc("Runs a command by the shell; gives its status."),
    method("posix_spawn", SPAWN, |vm: &mut Vm, path: Path, arguments: Value, environment: Value, options: Spawning| {
        spawn(vm, "posix_spawn", &path, arguments, environment, options, false)
    })
    .doc("Starts a program: its number."),
    method(
        "posix_spawnp",
        SPAWN,
        |vm: &mut Vm, path: Path, arguments: Value, environment: Value, options: Spawning| {
            spawn(vm, "posix_spawnp", &path, arguments, environment, options, true)
        },
    )
    .doc("Starts a program, which is looked for where programs are: its number."),
];

const SPAWN: &str = "(path, argv, env, /, **options)";

/// A tuple or list of arguments.
fn arguments_of(vm: &mut Vm, function: &str, arguments: Value) -> PyResult<StringArray> {
    let is_list = vm.is_a::<TupleObject>(arguments) || vm.is_a::<ListObject>(arguments);
    if !is_list {
        return Err(vm.raise_type(&format!("{function} arg 2 must be a tuple or list").replace(": arg 2", ": argv")));
    }
    let strings = strings_of(vm, arguments)?;
    let first_is_empty = strings.first().map(|first| first.is_empty());
    match first_is_empty {
        None => Err(vm.raise_value(&format!("{function} arg 2 must not be empty").replace(": arg 2", ": argv"))),
        Some(true) => {
            Err(vm.raise_value(&format!("{function} arg 2 first element cannot be empty").replace(": arg 2", ": argv")))
        }
        Some(false) => Ok(StringArray::new(strings)),
    }
}

pub(crate) fn strings_of(vm: &mut Vm, sequence: Value) -> PyResult<Vec<CString>> {
    let list = vm.collect(sequence)?;
    let Some(list) = This::<ListObject>::of(vm, list) else { return Ok(Vec::new()) };
    list.items().iter().map(|&item| vm.fs_c_string(item)).collect()
}

/// `NAME=value` for each entry of a mapping.
pub(crate) fn environment_of(vm: &mut Vm, function: &str, mapping: Value) -> PyResult<StringArray> {
    let (keys, values) = (vm.intern("keys"), vm.intern("values"));
    let Some(keys) = vm.get_attr_opt(mapping, keys)? else {
        return Err(vm.raise_type(&format!("{function}: environment must be a mapping object")));
    };
    let keys = vm.call(keys, &[])?;
    let values = vm.call_method(mapping, values, &[])?;
    let (names, values) = (strings_of(vm, keys)?, strings_of(vm, values)?);
    let mut entries = Vec::with_capacity(names.len());
    for (name, value) in names.into_iter().zip(values) {
        if name.is_empty() || name.as_bytes()[1..].contains(&b'=') {
            return Err(vm.raise_value("illegal environment variable name"));
        }
        let entry = [name.as_bytes(), b"=", value.as_bytes()].concat();
        entries.push(CString::new(entry).map_err(|_| vm.raise_value("embedded null byte"))?);
    }
    Ok(StringArray::new(entries))
}

/// The keyword arguments of `posix_spawn`.
struct Spawning(Value);

impl Parameter for Spawning {
    fn from_argument(_: &mut Vm, argument: Value, _: Place<'_>) -> PyResult<Spawning> {
        Ok(Spawning(argument))
    }
}

impl Spawning {
    fn take(&self, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let name = vm.intern(name);
        vm.dict_get(self.0, name)
    }

    fn number(&self, vm: &mut Vm, name: &str) -> PyResult<Option<i32>> {
        match self.take(vm, name)?.filter(|value| !value.is_none()) {
            Some(value) => vm.c_int(value).map(Some),
            None => Ok(None),
        }
    }

    fn flag(&self, vm: &mut Vm, name: &str) -> PyResult<bool> {
        match self.take(vm, name)? {
            Some(value) => vm.is_true(value),
            None => Ok(false),
        }
    }

    fn signals(&self, vm: &mut Vm, name: &str) -> PyResult<Option<Vec<i32>>> {
        let Some(signals) = self.take(vm, name)? else { return Ok(None) };
        let signals = vm.collect(signals)?;
        let Some(list) = This::<ListObject>::of(vm, signals) else { return Ok(None) };
        let mut numbers = Vec::with_capacity(list.len);
        for &signal in list.items() {
            let number = vm.index_i64(signal)?;
            match i32::try_from(number) {
                Ok(number) if (1..=64).contains(&number) => numbers.push(number),
                _ => {
                    return Err(vm.raise_value(&format!("signal number {number} out of range [1; 64]")));
                }
            }
        }
        Ok(Some(numbers))
    }
}

const OPTIONS: &[&str] = &["file_actions", "setpgroup", "resetids", "setsid", "setsigmask", "setsigdef", "scheduler"];

fn spawn(
    vm: &mut Vm,
    function: &str,
    path: &Path,
    arguments: Value,
    environment: Value,
    given: Spawning,
    is_searched: bool,
) -> PyResult<i32> {
    check_options(vm, function, &given)?;
    unflushed::settle(vm, Touched::All);
    let is_list = vm.is_a::<TupleObject>(arguments) || vm.is_a::<ListObject>(arguments);
    if !is_list {
        return Err(vm.raise_type(&format!("{function}: argv must be a tuple or list")));
    }
    let arguments = strings_of(vm, arguments)?;
    match arguments.first() {
        None => return Err(vm.raise_value(&format!("{function}: argv must not be empty"))),
        Some(first) if first.is_empty() => {
            return Err(vm.raise_value(&format!("{function}: argv first element cannot be empty")));
        }
        Some(_) => {}
    }
    let environment = if environment.is_none() { None } else { Some(environment_of(vm, function, environment)?) };
    let options = SpawnOptions {
        file_actions: file_actions(vm, &given)?,
        group: given.number(vm, "setpgroup")?,
        resets_ids: given.flag(vm, "resetids")?,
        starts_session: given.flag(vm, "setsid")?,
        signal_mask: given.signals(vm, "setsigmask")?,
        default_signals: given.signals(vm, "setsigdef")?,
        scheduler: scheduler(vm, &given)?,
    };
    let arguments = StringArray::new(arguments);
    spawn::spawn(path.c_str(), &arguments, environment.as_ref(), &options, is_searched).or_raise_about(vm, path.given)
}

fn check_options(vm: &mut Vm, function: &str, given: &Spawning) -> PyResult<()> {
    let keys = vm.collect(given.0)?;
    let Some(keys) = This::<ListObject>::of(vm, keys) else { return Ok(()) };
    for &key in keys.items() {
        let key = vm.string_of(key);
        if !OPTIONS.contains(&key.as_str()) {
            return Err(vm.raise_type(&format!("{function}() got an unexpected keyword argument '{key}'")));
        }
    }
    Ok(())
}

fn scheduler(vm: &mut Vm, given: &Spawning) -> PyResult<Option<(Option<i32>, i32)>> {
    let Some(scheduler) = given.take(vm, "scheduler")?.filter(|scheduler| !scheduler.is_none()) else {
        return Ok(None);
    };
    let Some(tuple) = This::<TupleObject>::of(vm, scheduler) else {
        return Err(vm.raise_type("scheduler must be a tuple or None"));
    };
    let &[policy, parameter] = tuple.items() else {
        return Err(vm.raise_type("A scheduler tuple must have two elements"));
    };
    let policy = if policy.is_none() { None } else { Some(vm.c_int(policy)?) };
    let priority = vm.get_item(parameter, Value::small_int(0))?;
    Ok(Some((policy, vm.c_int(priority)?)))
}

fn file_actions(vm: &mut Vm, given: &Spawning) -> PyResult<Vec<FileAction>> {
    let Some(actions) = given.take(vm, "file_actions")?.filter(|actions| !actions.is_none()) else {
        return Ok(Vec::new());
    };
    let actions = vm.collect(actions)?;
    let Some(list) = This::<ListObject>::of(vm, actions) else { return Ok(Vec::new()) };
    let mut parsed = Vec::with_capacity(list.len);
    for &action in list.items() {
        let action = This::<TupleObject>::of(vm, action).filter(|action| action.len > 0);
        let Some(action) = action else {
            return Err(vm.raise_type("Each file_actions element must be a non-empty tuple"));
        };
        let kind = vm.c_int(action.items()[0])?;
        parsed.push(match (kind, &action.items()[1..]) {
            (0, &[fd, path, flags, mode]) => FileAction::Open {
                fd: vm.c_int(fd)?,
                path: vm.fs_c_string(path)?,
                flags: vm.c_int(flags)?,
                mode: vm.c_int(mode)? as u32,
            },
            (1, &[fd]) => FileAction::Close(vm.c_int(fd)?),
            (2, &[from, to]) => FileAction::Duplicate(vm.c_int(from)?, vm.c_int(to)?),
            (3, &[fd]) => FileAction::CloseFrom(vm.c_int(fd)?),
            (0, _) => return Err(vm.raise_type("A open file_action tuple must have 5 elements")),
            (1, _) => return Err(vm.raise_type("A close file_action tuple must have 2 elements")),
            (2, _) => return Err(vm.raise_type("A dup2 file_action tuple must have 3 elements")),
            (3, _) => return Err(vm.raise_type("A closefrom file_action tuple must have 2 elements")),
            _ => return Err(vm.raise_type("Unknown file_actions identifier")),
        });
    }
    Ok(parsed)
}
