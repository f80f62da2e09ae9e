//! Finds the program's source and hands it to a VM.

use std::ffi::{OsStr, OsString};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use stitch_lowering::CraneliftBackend;
use stitch_runtime::bytecode::{
    CompileOptions, Origin, RawCode, SyntaxErrorInfo, SyntaxWarning, compile_with_warnings, dump,
};
use stitch_runtime::config::{Config, DumpStages};
use stitch_runtime::embed::{Machine, NATIVE_STACK_BYTES, was_interrupted};
use stitch_runtime::host::{signal, terminal};

use crate::flags::Program;

/// Code memory, unless an option says otherwise.
const CODE_CACHE_BYTES: usize = 64 << 20;

/// Runs `program`; returns the process's exit status.
pub fn run(program: &Program, config: Config) -> u8 {
    signal::leave_faults_to_system();
    if matches!(program, Program::Stdin) && (config.interactive > 0 || terminal::is_terminal(0)) {
        return on_big_stack(|| interact(&config));
    }
    let mut source = match find_source(program) {
        Ok(Found::Source(source)) => source,
        Ok(found) => return on_big_stack(|| execute_found(&found, &config)),
        Err((message, status)) => {
            tell(&message);
            return if config.interactive > 0 { on_big_stack(|| interact_after(status, &config)) } else { status };
        }
    };
    if config.skip_first_line {
        let end = source.bytes.iter().position(|&byte| byte == b'\n').unwrap_or(source.bytes.len());
        source.bytes.drain(..end);
    }
    let options = CompileOptions {
        optimize: config.optimize,
        origin: if source.from_file { Origin::File } else { Origin::Bytes },
        ..CompileOptions::default()
    };
    let mut warnings = Vec::new();
    let compiled = compile_with_warnings(&source.bytes, &source.filename, &options, &mut warnings);
    if let Ok(code) = &compiled
        && config.dump.contains(DumpStages::BYTECODE)
    {
        _ = io::stderr().write_all(dump::dump(code).as_bytes());
    }
    on_big_stack(|| execute(&compiled, &warnings, &options, &config, program, &source))
}

/// Runs on a thread of its own, whose stack is as large as deep recursion wants it, and which gets the signals.
fn on_big_stack(run: impl FnOnce() -> u8 + Send) -> u8 {
    let (mask, process) = (signal::leave_to_others(), std::process::id());
    let run = move || {
        signal::set_mask(&mask);
        let status = run();
        if was_interrupted() {
            signal::end_by_interrupt();
        }
        if std::process::id() != process {
            // A copy of the process has this thread alone: nobody waits for its end.
            std::process::exit(status.into());
        }
        status
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

/// Runs a compiled program, or tells why it does not compile.
fn execute(
    compiled: &Result<RawCode, SyntaxErrorInfo>,
    warnings: &[SyntaxWarning],
    options: &CompileOptions,
    config: &Config,
    program: &Program,
    source: &Source,
) -> u8 {
    let file = source.file.as_deref().map(Path::as_os_str);
    let anchor = 0u8;
    let mut machine = new_machine(config, &raw const anchor as usize);
    if let Some(folder) = source.search_folder()
        && !config.safe_path
    {
        machine.prepend_path(&folder);
    }
    if matches!(program, Program::Command(_)) {
        machine.add_source(&source.filename, String::from_utf8_lossy(&source.bytes).into_owned());
    }
    machine.catch_interrupts();
    if compiled.is_err()
        && let Some(status) = machine.run_recoded(&source.bytes, &source.filename, options, file)
    {
        return status;
    }
    match compiled {
        Ok(code) => machine.run_main_with_warnings(code, warnings, file),
        Err(error) => machine.refuse_main(error, warnings),
    }
}

/// Reads the program from a person.
fn interact(config: &Config) -> u8 {
    let anchor = 0u8;
    let mut machine = new_machine(config, &raw const anchor as usize);
    if !config.safe_path {
        machine.prepend_path("");
    }
    machine.catch_interrupts();
    machine.run_interactively()
}

/// A program that cannot be read leaves nothing but an empty `__main__`.
fn interact_after(status: u8, config: &Config) -> u8 {
    let anchor = 0u8;
    let mut machine = new_machine(config, &raw const anchor as usize);
    machine.catch_interrupts();
    machine.run_nothing(status)
}

/// Runs what is no source.
fn execute_found(found: &Found, config: &Config) -> u8 {
    let anchor = 0u8;
    let mut machine = new_machine(config, &raw const anchor as usize);
    machine.catch_interrupts();
    match found {
        Found::Module(name) => {
            if !config.safe_path
                && let Ok(folder) = std::env::current_dir()
            {
                machine.prepend_path(&folder);
            }
            machine.run_module(name)
        }
        Found::Importable(path) => machine.run_importable(path),
        Found::Compiled(source) => {
            if let Some(folder) = source.search_folder()
                && !config.safe_path
            {
                machine.prepend_path(&folder);
            }
            machine.run_compiled(&source.bytes, source.file.as_deref().unwrap_or(Path::new("")).as_os_str())
        }
        Found::Source(_) => 1,
    }
}

/// A machine with the backend that the configuration asks for. `anchor` is an address in its owner's frame.
fn new_machine(config: &Config, anchor: usize) -> Machine {
    let capacity = config.stress.code_cache.map_or(config.code_cache_bytes, |bytes| Some(bytes as usize));
    let backend = CraneliftBackend::for_mode(config.jit, capacity.unwrap_or(CODE_CACHE_BYTES) as u32);
    let mut machine = Machine::new(config, backend, anchor.next_multiple_of(16), NATIVE_STACK_BYTES - (1 << 20));
    machine.add_modules(stitch_modules::MODULES);
    machine.set_library(&stitch_library::STANDARD_LIBRARY);
    if let Err(message) = machine.open_streams(&stitch_modules::STREAMS) {
        tell(message.trim_end());
    }
    if !config.no_site {
        machine.find_packages(config);
    }
    machine
}

/// What there is to run.
enum Found {
    Source(Source),
    /// Code that was compiled and kept.
    Compiled(Source),
    /// A folder or an archive with a `__main__`.
    Importable(OsString),
    /// A module, which the VM finds.
    Module(String),
}

struct Source {
    bytes: Vec<u8>,
    /// `co_filename`.
    filename: String,
    from_file: bool,
    /// What becomes `__file__`, as it is.
    file: Option<PathBuf>,
}

impl Source {
    fn text(bytes: Vec<u8>, filename: &str, from_file: bool) -> Source {
        Source { bytes, filename: filename.into(), from_file, file: None }
    }

    /// What becomes `sys.path[0]`.
    fn search_folder(&self) -> Option<OsString> {
        let Some(file) = &self.file else { return Some(OsString::new()) };
        // The folder of the file itself, where it was named by a link.
        let path = std::fs::canonicalize(file).unwrap_or_else(|_| file.clone());
        path.parent().map(|folder| folder.as_os_str().to_owned())
    }
}

/// The program, or a message and an exit status.
fn find_source(program: &Program) -> Result<Found, (String, u8)> {
    Ok(match program {
        Program::Command(text) => Found::Source(Source::text(text.clone().into_bytes(), "<string>", false)),
        Program::Stdin => {
            let mut bytes = Vec::new();
            match io::stdin().read_to_end(&mut bytes) {
                Ok(_) => Found::Source(Source::text(bytes, "<stdin>", true)),
                Err(error) => return Err((format!("stitch: can't read stdin: {}", os_message(&error)), 2)),
            }
        }
        Program::File(file) => read_file(file)?,
        Program::Module(name) => Found::Module(name.clone()),
    })
}

fn read_file(file: &OsStr) -> Result<Found, (String, u8)> {
    let path = &absolute(Path::new(file));
    let filename = path.to_string_lossy().into_owned();
    if path.is_dir() {
        return match ["__main__.py", "__main__.pyc", "__main__/__init__.py"].iter().any(|name| path.join(name).exists())
        {
            true => Ok(Found::Importable(path.into())),
            false => Err((format!("stitch: can't find '__main__' module in '{filename}'"), 1)),
        };
    }
    match std::fs::read(path) {
        Ok(bytes) if is_archive(&bytes) => Ok(Found::Importable(path.into())),
        Ok(bytes) => {
            let is_compiled = path.extension().is_some_and(|extension| extension == "pyc");
            let source = Source { bytes, filename, from_file: true, file: Some(path.clone()) };
            Ok(if is_compiled { Found::Compiled(source) } else { Found::Source(source) })
        }
        Err(error) => Err((format!("stitch: can't open file '{filename}': {}", os_message(&error)), 2)),
    }
}

/// The path behind the working folder, as it is written: CPython leaves `.` and `..` in it.
fn absolute(path: &Path) -> PathBuf {
    std::env::current_dir().map_or_else(|_| path.to_owned(), |folder| folder.join(path))
}

/// Does the file end as zip archives do? What is before the archive may be anything.
fn is_archive(bytes: &[u8]) -> bool {
    /// What begins an archive's last part, which is so long without its comment.
    const END: &[u8] = b"PK\x05\x06";
    const END_BYTES: usize = 22;
    let tail = &bytes[bytes.len().saturating_sub(END_BYTES + usize::from(u16::MAX))..];
    let ends = tail.windows(END.len()).enumerate().filter(|(_, window)| *window == END);
    ends.map(|(at, _)| &tail[at..]).any(|end| {
        end.len() >= END_BYTES
            && usize::from(u16::from_le_bytes([end[END_BYTES - 2], end[END_BYTES - 1]])) == end.len() - END_BYTES
    })
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
