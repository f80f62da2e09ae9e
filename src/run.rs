//! Finds the program's source and hands it to a VM.

use std::ffi::OsStr;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use stitch_lowering::CraneliftBackend;
use stitch_runtime::backend::Backend;
use stitch_runtime::bytecode::{CompileOptions, RawCode, compile_with_warnings, dump, format_syntax_error};
use stitch_runtime::config::{Config, DumpStages, JitMode};
use stitch_runtime::embed::{Machine, NATIVE_STACK_BYTES};

use crate::flags::Program;
use crate::interrupt;

/// Code memory, unless an option says otherwise.
const CODE_CACHE_BYTES: usize = 64 << 20;

/// Runs `program`; returns the process's exit status.
pub fn run(program: &Program, config: Config) -> u8 {
    let source = match find_source(program) {
        Ok(source) => source,
        Err((message, status)) => {
            tell(&message);
            return status;
        }
    };
    let options =
        CompileOptions { optimize: config.optimize, from_file: source.from_file, ..CompileOptions::default() };
    let mut warnings = Vec::new();
    let compiled = compile_with_warnings(&source.bytes, &source.filename, &options, &mut warnings);
    for warning in &warnings {
        tell(&format!("{}:{}: SyntaxWarning: {}", source.filename, warning.line, warning.message));
    }
    let code = match compiled {
        Ok(code) => code,
        Err(error) => {
            _ = io::stderr().write_all(format_syntax_error(&error).as_bytes());
            return 1;
        }
    };
    if config.dump.contains(DumpStages::BYTECODE) {
        _ = io::stderr().write_all(dump::dump(&code).as_bytes());
    }
    execute(&code, &config, program, &source)
}

/// Runs a compiled program on a thread of its own, whose stack is as large as deep recursion wants it.
fn execute(code: &RawCode, config: &Config, program: &Program, source: &Source) -> u8 {
    let file = match program {
        Program::File(file) => Some(file.to_string_lossy().into_owned()),
        _ => None,
    };
    let folder = match &file {
        Some(file) => Path::new(file).parent().map(|folder| folder.to_string_lossy().into_owned()),
        None => Some(String::new()),
    };
    let run = || {
        let anchor = 0u8;
        let stack_base = (&raw const anchor as usize).next_multiple_of(16);
        let usable = NATIVE_STACK_BYTES - (1 << 20);
        let backend = match config.jit {
            JitMode::Cranelift => {
                let capacity = config.stress.code_cache.map_or(config.code_cache_bytes, |bytes| Some(bytes as usize));
                Some(Box::new(CraneliftBackend::new(capacity.unwrap_or(CODE_CACHE_BYTES) as u32)) as Box<dyn Backend>)
            }
            _ => None,
        };
        let mut machine = Machine::new(config, backend, stack_base, usable);
        if let Some(folder) = &folder
            && !config.safe_path
        {
            machine.prepend_path(folder);
        }
        if matches!(program, Program::Command(_)) {
            machine.add_source(&source.filename, String::from_utf8_lossy(&source.bytes).into_owned());
        }
        interrupt::install(&machine);
        machine.run_main(code, file.as_deref())
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(NATIVE_STACK_BYTES).spawn_scoped(scope, run);
        match thread.map(|thread| thread.join()) {
            Ok(Ok(status)) => status,
            // The panic's report has been printed.
            Ok(Err(_)) => 70,
            Err(error) => {
                tell(&format!("stitch: can't start a thread: {error}"));
                71
            }
        }
    })
}

struct Source {
    bytes: Vec<u8>,
    /// `co_filename`.
    filename: String,
    from_file: bool,
}

/// The program's source, or a message and an exit status.
fn find_source(program: &Program) -> Result<Source, (String, u8)> {
    match program {
        Program::Command(text) => {
            Ok(Source { bytes: text.clone().into_bytes(), filename: "<string>".into(), from_file: false })
        }
        Program::Stdin => {
            let mut bytes = Vec::new();
            match io::stdin().read_to_end(&mut bytes) {
                Ok(_) => Ok(Source { bytes, filename: "<stdin>".into(), from_file: true }),
                Err(error) => Err((format!("stitch: can't read stdin: {}", os_message(&error)), 2)),
            }
        }
        Program::File(file) => read_file(file),
        Program::Module(name) => Err((format!("stitch: No module named {name}"), 1)),
    }
}

fn read_file(file: &OsStr) -> Result<Source, (String, u8)> {
    let path = Path::new(file);
    if path.is_dir() {
        return Err((format!("stitch: can't find '__main__' module in '{}'", path.display()), 1));
    }
    let filename = path.to_string_lossy().into_owned();
    match std::fs::read(path) {
        Ok(bytes) => Ok(Source { bytes, filename, from_file: true }),
        Err(error) => {
            let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            Err((format!("stitch: can't open file '{}': {}", absolute.display(), os_message(&error)), 2))
        }
    }
}

/// `[Errno 2] No such file or directory`.
fn os_message(error: &io::Error) -> String {
    let text = error.to_string();
    match error.raw_os_error() {
        Some(number) => format!("[Errno {number}] {}", text.split(" (os error").next().unwrap_or(&text)),
        None => text,
    }
}

fn tell(message: &str) {
    // A closed stderr is not worth a panic.
    _ = writeln!(io::stderr(), "{message}");
}
