//! Finds the program's source and hands it to a VM.

use std::ffi::OsStr;
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use stitch_runtime::bytecode::{CompileOptions, RawCode, compile_with_warnings, dump, format_syntax_error};
use stitch_runtime::config::{Config, DumpStages};

use crate::flags::Program;

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
    execute(&code, &config)
}

/// Where the VM is plugged in.
fn execute(_code: &RawCode, _config: &Config) -> u8 {
    tell("stitch: there is no interpreter yet");
    1
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
