//! `termios`: how terminals behave.

mod constants;

use stitch_runtime::host::terminal::{self, Settings, WindowSize};
use stitch_runtime::host::{HostError, HostResult};
use stitch_runtime::object::argument::{This, method};
use stitch_runtime::object::layout::{BytesObject, ListObject, TupleObject};
use stitch_runtime::object::module::ModuleSpec;
use stitch_runtime::object::path::OpenFile;
use stitch_runtime::object::spec::TypeSpec;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "termios",
    doc: "How terminals behave. The functions take a descriptor, or an object with a method fileno.",
    functions: &[
        method("tcgetattr", "(fd, /)", get)
            .doc("The settings: flags of input, output, control and local modes, both speeds, and control characters."),
        method("tcsetattr", "(fd, when, attributes, /)", set).doc("Sets what tcgetattr gives."),
        method("tcsendbreak", "(fd, duration, /)", |vm: &mut Vm, fd: OpenFile, duration: i32| {
            let sent = vm.wait_for(|| terminal::send_break(fd.0, duration))?;
            or_raise(vm, sent)
        })
        .doc("Sends a break."),
        method("tcdrain", "(fd, /)", |vm: &mut Vm, fd: OpenFile| {
            let drained = vm.wait_for(|| terminal::drain(fd.0))?;
            or_raise(vm, drained)
        })
        .doc("Waits until all is written."),
        method("tcflush", "(fd, queue, /)", |vm: &mut Vm, fd: OpenFile, queue: i32| {
            let flushed = vm.wait_for(|| terminal::flush(fd.0, queue))?;
            or_raise(vm, flushed)
        })
        .doc("Drops what waits to be read or written."),
        method("tcflow", "(fd, action, /)", |vm: &mut Vm, fd: OpenFile, action: i32| {
            let flowed = vm.wait_for(|| terminal::flow(fd.0, action))?;
            or_raise(vm, flowed)
        })
        .doc("Stops what is written or read, or lets it go on."),
        method("tcgetwinsize", "(fd, /)", |vm: &mut Vm, fd: OpenFile| {
            let size = terminal::window_size(fd.0);
            let size = or_raise(vm, size)?;
            let numbers = [size.ws_row, size.ws_col].map(|number| Value::small_int(number.into()));
            Ok::<Value, Raised>(vm.new_tuple(&numbers))
        })
        .doc("How many rows and columns there are."),
        method("tcsetwinsize", "(fd, winsize, /)", set_window_size).doc("Sets the rows and columns."),
    ],
    constants: constants::CONSTANTS,
    types: &[&ERROR],
    ..ModuleSpec::NEW
};

static ERROR: TypeSpec = TypeSpec {
    name: "error",
    module: "termios",
    doc: "A failed call on a terminal.",
    base_class: Some(|vm| vm.exceptions.Exception),
    ..TypeSpec::NEW
};

fn raise(vm: &mut Vm, error: &HostError) -> Raised {
    let class = vm.type_of_spec(&ERROR);
    let (number, message) = (Value::small_int(error.errno.into()), vm.new_str(&error.message));
    vm.raise_with(class, &[number, message])
}

fn or_raise<T>(vm: &mut Vm, result: HostResult<T>) -> PyResult<T> {
    result.map_err(|error| raise(vm, &error))
}

fn get(vm: &mut Vm, fd: OpenFile) -> PyResult {
    let settings = terminal::settings(fd.0);
    let settings = or_raise(vm, settings)?;
    let characters = vm.new_list(&[])?;
    let is_canonical = settings.c_lflag & libc::ICANON != 0;
    for (at, &character) in settings.c_cc.iter().enumerate() {
        // Without lines two of them are numbers.
        let value = match at {
            libc::VMIN | libc::VTIME if !is_canonical => Value::small_int(character.into()),
            _ => vm.new_bytes(&[character])?,
        };
        vm.list_push(characters.as_ptr(), value)?;
    }
    let [input, output] = terminal::speeds(&settings);
    let numbers = [settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag, input, output]
        .map(|number| Value::small_int(number.into()));
    let list = vm.new_list(&numbers)?;
    vm.list_push(list.as_ptr(), characters)?;
    Ok(list)
}

fn set(vm: &mut Vm, fd: OpenFile, when: i32, attributes: Value) -> PyResult<()> {
    let list = This::<ListObject>::of(vm, attributes).filter(|list| list.len == 7);
    let Some(list) = list else {
        return Err(vm.raise_type("tcsetattr, arg 3: must be 7 element list"));
    };
    let Ok(parts) = <[Value; 7]>::try_from(list.items()) else { return Ok(()) };
    let settings = terminal::settings(fd.0);
    let mut settings: Settings = or_raise(vm, settings)?;
    let mut numbers = [0u32; 6];
    for (number, &part) in numbers.iter_mut().zip(&parts) {
        *number = vm.index_i64(part)? as u32;
    }
    let [input_mode, output_mode, control_mode, local_mode, input, output] = numbers;
    settings.c_iflag = input_mode;
    settings.c_oflag = output_mode;
    settings.c_cflag = control_mode;
    settings.c_lflag = local_mode;
    let characters = This::<ListObject>::of(vm, parts[6]).filter(|list| list.len == settings.c_cc.len());
    let Some(characters) = characters else {
        let message = format!("tcsetattr: attributes[6] must be {} element list", settings.c_cc.len());
        return Err(vm.raise_type(&message));
    };
    for (at, &character) in characters.items().iter().enumerate().take(settings.c_cc.len()) {
        let bytes = This::<BytesObject>::of(vm, character).filter(|bytes| bytes.data().len() == 1);
        settings.c_cc[at] = match bytes {
            Some(bytes) => bytes.data()[0],
            None if vm.is_int_like(character) => vm.index_i64(character)? as u8,
            None => {
                let message = "tcsetattr: elements of attributes must be characters or integers";
                return Err(vm.raise_type(message));
            }
        };
    }
    let set = terminal::set_speeds(&mut settings, input, output);
    or_raise(vm, set)?;
    let set = vm.wait_for(|| terminal::set_settings(fd.0, when, &settings))?;
    or_raise(vm, set)
}

fn set_window_size(vm: &mut Vm, fd: OpenFile, size: Value) -> PyResult<()> {
    let is_pair = vm.is_a::<TupleObject>(size) || vm.is_a::<ListObject>(size);
    if !is_pair {
        return Err(vm.raise_type("tcsetwinsize, arg 2: must be a two-item sequence"));
    }
    let pair = vm.collect_tuple(size)?;
    let Some(&[rows, columns]) = This::<TupleObject>::of(vm, pair).as_ref().map(|pair| pair.items()) else {
        return Err(vm.raise_type("tcsetwinsize, arg 2: must be a two-item sequence"));
    };
    let mut numbers = [0u16; 2];
    for (number, value) in numbers.iter_mut().zip([rows, columns]) {
        let word = vm.index_i64(value)?;
        *number = u16::try_from(word).map_err(|_| vm.raise_overflow("winsize value(s) out of range."))?;
    }
    let now = terminal::window_size(fd.0);
    let now = or_raise(vm, now)?;
    let set = terminal::set_window_size(fd.0, &WindowSize { ws_row: numbers[0], ws_col: numbers[1], ..now });
    or_raise(vm, set)
}
