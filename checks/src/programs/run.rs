//! Runs a program in this process, in a machine of its own, and keeps what it printed.

use std::fmt;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use stitch_lowering::CraneliftBackend;
use stitch_runtime::bytecode::{CompileOptions, RawCode, compile_with_warnings, format_syntax_error};
use stitch_runtime::config::{Config, JitMode};
use stitch_runtime::debug::stress::ForcedExit;
use stitch_runtime::embed::{Machine, NATIVE_STACK_BYTES, locals_are_on_the_stack};

use super::Finding;
use super::deadline::Watch;
use super::modes::Mode;

/// The name that tracebacks give the program.
pub const FILENAME: &str = "<program>";
const CODE_CACHE_BYTES: u32 = 4 << 20;
/// No more of what a program prints is compared; one that prints on and on is cut off by its deadline.
const MAX_OUTPUT_BYTES: usize = 1 << 20;

/// So many times longer may one take in another mode: compiling takes its time, and the machine may be busy.
const SLOWER: u32 = 16;

/// What there is to see of a run.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Outcome {
    pub status: u8,
    pub stdout: String,
    /// A traceback, mostly.
    pub stderr: String,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.stdout)?;
        f.write_str(&self.stderr)?;
        write!(f, "status {}", self.status)
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Run {
    Ended(Outcome),
    /// It was interrupted.
    TooLong,
}

/// Runs programs on this thread, whose stack must be as large as machines want it.
pub struct Runner {
    watch: Watch,
    /// Of all runs together.
    pub n_runs: u64,
    /// The longest that a run by tier 1 may take.
    limit: Duration,
    /// What was compiled in all runs together.
    pub compiled: Compiled,
}

/// How much of it the programs get compiled.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compiled {
    pub n_loops: u64,
    pub n_sides: u64,
    pub n_fused: u64,
}

impl Runner {
    /// Panics where the collector could not see values in locals.
    pub fn new(limit: Duration) -> Runner {
        assert!(
            locals_are_on_the_stack(),
            "AddressSanitizer keeps locals off the stack, where the collector looks for them: cargo fuzz run -s none"
        );
        Runner { watch: Watch::start(), n_runs: 0, limit, compiled: Compiled::default() }
    }

    /// `Err` tells why it is no program.
    pub fn compile(source: &str) -> Result<RawCode, String> {
        let options = CompileOptions::default();
        compile_with_warnings(source.as_bytes(), FILENAME, &options, &mut Vec::new())
            .map_err(|error| format_syntax_error(&error))
    }

    pub fn run(&mut self, code: &RawCode, source: &str, mode: &Mode) -> Run {
        self.run_counting(code, source, mode).0
    }

    /// Also counts the guards at which exits could have been forced, where the mode forces them.
    pub fn run_counting(&mut self, code: &RawCode, source: &str, mode: &Mode) -> (Run, u32) {
        let anchor = 0u8;
        let stack_base = (&raw const anchor as usize).next_multiple_of(16);
        let config = mode.config();
        let bytes = config.stress.code_cache.unwrap_or(CODE_CACHE_BYTES);
        let backend = CraneliftBackend::for_mode(mode.jit, bytes);
        let mut machine = Machine::new(&config, backend, stack_base, NATIVE_STACK_BYTES - (2 << 20));
        machine.capture_output();
        machine.add_modules(stitch_modules::MODULES);
        machine.open_streams(&stitch_modules::STREAMS).expect("streams");
        machine.add_source(FILENAME, source.to_owned());
        let limit = if mode.jit == JitMode::Off { self.limit } else { self.limit * SLOWER };
        let deadline = self.watch.set(&machine, limit);
        let status = machine.run_main(code, None);
        let was_missed = deadline.was_missed();
        let (stdout, stderr) = machine.take_output();
        let n_guards = n_passed(&config, machine.vm().forced_exit);
        let stats = machine.stats();
        self.compiled.n_loops += stats.loops;
        self.compiled.n_sides += stats.sides;
        self.compiled.n_fused += stats.fused;
        self.n_runs += 1;
        if was_missed {
            return (Run::TooLong, n_guards);
        }
        (Run::Ended(Outcome { status, stdout: readable(&stdout), stderr: readable(&stderr) }), n_guards)
    }
}

/// Guards that were passed while one of them was waited for, and after it.
fn n_passed(config: &Config, forced: ForcedExit) -> u32 {
    match config.stress.exit_at {
        Some(at) if forced.countdown <= at => at - forced.countdown,
        Some(at) => at + (forced.period - forced.countdown),
        None => 0,
    }
}

/// The text without addresses, which differ from run to run.
pub fn readable(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(MAX_OUTPUT_BYTES)]);
    let mut parts = text.split(" at 0x");
    let mut result = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        result.push_str(" at 0x");
        result.push_str(part.trim_start_matches(|c: char| c.is_ascii_hexdigit()));
    }
    result
}

/// Runs a check as a fuzz target does, whose findings are panics.
pub fn fuzz(bytes: &[u8], check: fn(&[u8], &mut Runner) -> Result<(), Box<Finding>>) {
    static RUNNER: LazyLock<Mutex<Runner>> = LazyLock::new(|| Mutex::new(Runner::new(Duration::from_secs(1))));
    let found = on_big_stack(|| check(bytes, &mut RUNNER.lock().unwrap_or_else(PoisonError::into_inner)));
    if let Err(finding) = found {
        panic!("{finding}");
    }
}

/// Runs `body` on a thread with the stack that machines want.
pub fn on_big_stack<T: Send>(body: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(NATIVE_STACK_BYTES).spawn_scoped(scope, body);
        match thread.expect("a thread").join() {
            Ok(result) => result,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
