//! `open`, and what else makes streams of files.

use super::buffered::{BUFFERED_RANDOM, BUFFERED_READER, BUFFERED_WRITER};
use super::file_io::{FILE_IO, FileIo};
use super::text_io::TEXT_IO;
use super::{DEFAULT_BUFFER_BYTES, call};
use stitch_runtime::object::argument::{OrNone, Str, This, method};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

/// The function that `builtins` has, too.
pub const OPEN: NativeRow = method(
    "open",
    "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
    open,
)
.doc("Opens a file, and gives a stream of its text or bytes.");

pub const FUNCTIONS: &[NativeRow] = &[
    method("open_code", "(path)", |vm: &mut Vm, path: Str| -> PyResult {
        let mode = vm.intern("rb");
        open_with(vm, path.value(), mode, -1, [Value::NONE; 3], true, Value::NONE)
    })
    .doc("Opens a file of code, to be read in bytes."),
    method(
        "text_encoding",
        "(encoding, stacklevel=2, /)",
        |vm: &mut Vm, encoding: Value, level: Option<i32>| -> PyResult {
            if !encoding.is_none() {
                return Ok(encoding);
            }
            vm.warn_of_encoding(level.unwrap_or(2).into())?;
            // Without one it is UTF-8.
            Ok(vm.intern("utf-8"))
        },
    )
    .doc("An encoding, or the name of the one that is taken where none is given."),
];

/// What a mode says.
#[derive(Clone, Copy, Default)]
struct Mode {
    /// `r`, `w`, `a` or `x`, each at most once.
    action: Option<char>,
    n_actions: usize,
    updates: bool,
    is_binary: bool,
    is_text: bool,
}

impl Mode {
    fn parse(vm: &mut Vm, text: &str) -> PyResult<Mode> {
        let mut mode = Mode::default();
        let mut letters: Vec<char> = Vec::new();
        for letter in text.chars() {
            if !"rwax+bt".contains(letter) || letters.contains(&letter) {
                return Err(vm.raise_value(&format!("invalid mode: '{text}'")));
            }
            letters.push(letter);
            match letter {
                '+' => mode.updates = true,
                'b' => mode.is_binary = true,
                't' => mode.is_text = true,
                action => {
                    mode.action = Some(action);
                    mode.n_actions += 1;
                }
            }
        }
        if mode.is_text && mode.is_binary {
            return Err(vm.raise_value("can't have text and binary mode at once"));
        }
        // That there is none the file below says.
        if mode.n_actions > 1 {
            return Err(vm.raise_value("must have exactly one of create/read/write/append mode"));
        }
        Ok(mode)
    }

    /// The mode of the file below.
    fn of_file(self) -> String {
        let plus = if self.updates { "+" } else { "" };
        self.action.map_or_else(|| plus.to_string(), |action| format!("{action}{plus}"))
    }
}

#[expect(clippy::too_many_arguments, reason = "as many as Python's function has")]
fn open(
    vm: &mut Vm,
    file: Value,
    mode: Option<Str>,
    buffering: Option<i32>,
    encoding: OrNone<Str>,
    errors: OrNone<Str>,
    newline: OrNone<Str>,
    closefd: Option<bool>,
    opener: OrNone<Value>,
) -> PyResult {
    let mode = mode.map_or_else(|| vm.intern("r"), Str::value);
    let text = [encoding, errors, newline].map(|option| option.0.map_or(Value::NONE, Str::value));
    let opener = opener.0.unwrap_or(Value::NONE);
    open_with(vm, file, mode, buffering.unwrap_or(-1), text, closefd.unwrap_or(true), opener)
}

/// `text`: encoding, errors and newline, each None where it is not given.
fn open_with(
    vm: &mut Vm,
    file: Value,
    mode_text: Value,
    buffering: i32,
    text: [Value; 3],
    closefd: bool,
    opener: Value,
) -> PyResult {
    let file = if vm.is_int_like(file) { file } else { vm.fs_path(file)? };
    let mode = Mode::parse(vm, &vm.string_of(mode_text))?;
    if mode.is_binary
        && let Some(name) =
            ["encoding", "errors", "newline"].iter().zip(text).find(|(_, given)| !given.is_none()).map(|(name, _)| name)
    {
        let article = if *name == "newline" { "a" } else { "an" };
        return Err(vm.raise_value(&format!("binary mode doesn't take {article} {name} argument")));
    }
    if mode.is_binary && buffering == 1 {
        let message =
            "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used";
        vm.warn(vm.exceptions.RuntimeWarning, message)?;
    }
    let (class, file_mode) = (Value::object(vm.type_of_spec(&FILE_IO)), vm.new_str(&mode.of_file()));
    let raw = vm.call(class, &[file, file_mode, Value::bool(closefd), opener])?;
    let opened = wrap(vm, raw, mode, mode_text, buffering, text);
    if let Err(raised) = opened {
        // What was opened for nothing is closed.
        let error = vm.take_exception();
        if call(vm, raw, "close", &[]).is_err() {
            vm.clear_exception();
        }
        _ = raised;
        return Err(vm.raise_value_object(error));
    }
    opened
}

/// What lies above a file.
fn wrap(vm: &mut Vm, raw: Value, mode: Mode, mode_text: Value, buffering: i32, text: [Value; 3]) -> PyResult {
    let is_terminal = buffering < 0 && call(vm, raw, "isatty", &[])? == Value::TRUE;
    let line_buffering = buffering == 1 || is_terminal;
    let size = if buffering < 0 || buffering == 1 {
        let liked = This::<FileIo>::of(vm, raw).map_or(0, |file| file.block_bytes());
        liked.clamp(DEFAULT_BUFFER_BYTES as i64, 8 << 20)
    } else {
        buffering.into()
    };
    if size == 0 {
        return if mode.is_binary { Ok(raw) } else { Err(vm.raise_value("can't have unbuffered text I/O")) };
    }
    let spec = match mode.action {
        _ if mode.updates => &BUFFERED_RANDOM,
        Some('r') => &BUFFERED_READER,
        _ => &BUFFERED_WRITER,
    };
    let (class, size) = (Value::object(vm.type_of_spec(spec)), vm.new_int(size));
    let buffer = vm.call(class, &[raw, size])?;
    if mode.is_binary {
        return Ok(buffer);
    }
    let [encoding, errors, newline] = text;
    let class = Value::object(vm.type_of_spec(&TEXT_IO));
    let wrapped = vm.call(class, &[buffer, encoding, errors, newline, Value::bool(line_buffering)])?;
    let name = vm.intern("mode");
    vm.set_attr(wrapped, name, mode_text)?;
    Ok(wrapped)
}
