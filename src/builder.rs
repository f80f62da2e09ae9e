//! What a machine is made with.

use std::ffi::OsString;
use std::time::Duration;

use stitch_lowering::CraneliftBackend;
use stitch_runtime::config::{Config, JitMode as Mode};
use stitch_runtime::debug::stress::Stress;
use stitch_runtime::embed;
use stitch_runtime::embed::keeper::Keeper;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::machine::Machine;

/// Code memory, unless it is chosen.
const CODE_CACHE_BYTES: u32 = 64 << 20;

/// How hot code is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum JitMode {
    /// It is interpreted, as all code is at first.
    Off,
    /// By the interpreter of micro-ops: slow, and what the others are checked against.
    Uops,
    /// Machine code, linked from pieces: made at once, of middling speed.
    Stencil,
    /// Machine code by Cranelift: the fastest.
    #[default]
    Cranelift,
}

/// Makes a [`Machine`].
///
/// ```
/// use stitch::{JitMode, Machine};
///
/// let machine = Machine::builder()
///     .jit(JitMode::Cranelift)
///     .arguments(["program", "--verbose"])
///     .capture_output()
///     .build()?;
/// machine.exec("import sys; print(sys.argv[1])")?;
/// assert_eq!(machine.take_output()?.0, b"--verbose\n");
/// # Ok::<(), stitch::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct MachineBuilder {
    config: Config,
    captures_output: bool,
    has_library: bool,
    finds_packages: bool,
    memory_limit: Option<usize>,
    time_limit: Option<Duration>,
    fuel: Option<u64>,
}

impl Default for MachineBuilder {
    fn default() -> MachineBuilder {
        MachineBuilder::new()
    }
}

impl MachineBuilder {
    /// A machine with the standard library, which does not look at the environment's variables, writes no files by itself, and
    /// whose `sys.path` is the library's alone.
    pub fn new() -> MachineBuilder {
        let config = Config {
            argv: vec![OsString::new()],
            ignore_environment: true,
            no_user_site: true,
            no_site: true,
            isolated: true,
            safe_path: true,
            dont_write_bytecode: true,
            ..Config::default()
        };
        MachineBuilder {
            config,
            captures_output: false,
            has_library: true,
            finds_packages: false,
            memory_limit: None,
            time_limit: None,
            fuel: None,
        }
    }

    /// How hot code is run.
    pub fn jit(mut self, mode: JitMode) -> MachineBuilder {
        self.config.jit = match mode {
            JitMode::Off => Mode::Off,
            JitMode::Uops => Mode::Uops,
            JitMode::Stencil => Mode::Stencil,
            JitMode::Cranelift => Mode::Cranelift,
        };
        self
    }

    /// `sys.argv`; by default a list of one empty string.
    pub fn arguments<S: Into<OsString>>(mut self, arguments: impl IntoIterator<Item = S>) -> MachineBuilder {
        self.config.argv = arguments.into_iter().map(Into::into).collect();
        self.config.orig_argv = self.config.argv.clone();
        self
    }

    /// Puts a folder behind those that `import` looks into so far, before the library.
    pub fn path(mut self, folder: impl Into<OsString>) -> MachineBuilder {
        self.config.search_paths.push(folder.into());
        self
    }

    /// Has `import` find installed packages: those of the virtual environment that the process runs in, or of the system.
    pub fn packages(mut self) -> MachineBuilder {
        self.finds_packages = true;
        self.config.no_site = false;
        self
    }

    /// Leaves out the standard library's Python part; what is built in is there all the same.
    pub fn without_library(mut self) -> MachineBuilder {
        self.has_library = false;
        self
    }

    /// Keeps what programs write to their standard output and error, for [`Machine::take_output`]. Otherwise it goes where the
    /// process's own goes.
    pub fn capture_output(mut self) -> MachineBuilder {
        self.captures_output = true;
        self
    }

    /// A seed for the hashes of strings, so that they are the same each time; 0: hashes are not salted. By default it is random.
    pub fn hash_seed(mut self, seed: u32) -> MachineBuilder {
        self.config.hash_seed = Some(seed);
        self
    }

    /// Most bytes of machine code; by default 64 MiB of address space, of which memory is used as it is needed.
    pub fn code_cache_bytes(mut self, bytes: u32) -> MachineBuilder {
        self.config.code_cache_bytes = Some(bytes as usize);
        self
    }

    /// Most bytes of objects; see [`Context::set_memory_limit`]. The library's own objects are among them: what is built in takes
    /// less than 2 MiB. Memory in which small objects were stays theirs, also when they are gone.
    pub fn memory_limit(mut self, bytes: usize) -> MachineBuilder {
        self.memory_limit = Some(bytes);
        self
    }

    /// How long programs may run, from the building on; see [`Context::set_time_limit`].
    pub fn time_limit(mut self, limit: Duration) -> MachineBuilder {
        self.time_limit = Some(limit);
        self
    }

    /// How many instructions programs may run; see [`Context::set_fuel`]. A machine that counts them compiles nothing, so that
    /// the same program uses the same fuel each time.
    ///
    /// ```
    /// let machine = stitch::Machine::builder().fuel(10_000).build()?;
    /// machine.exec("x = sum(n for n in range(100))")?;
    /// assert!(machine.fuel_left()?.is_some_and(|left| left < 10_000));
    /// let error = machine.exec("while True: pass").unwrap_err();
    /// assert_eq!(error.kind(), stitch::ErrorKind::LimitReached);
    /// assert_eq!(machine.fuel_left()?, Some(0));
    /// # Ok::<(), stitch::Error>(())
    /// ```
    pub fn fuel(mut self, fuel: u64) -> MachineBuilder {
        self.fuel = Some(fuel);
        self
    }

    /// Knobs that make a machine behave badly, for tests, as the variable `STITCH_STRESS` of the command line program has them:
    /// `gc` collects at every allocation, `threshold=1` compiles at the first chance. `Err`: a knob is not known.
    pub fn stress(mut self, knobs: &str) -> Result<MachineBuilder> {
        self.config.stress = Stress::parse(knobs).map_err(|error| Error::value_error(error.to_string()))?;
        Ok(self)
    }

    /// Makes the machine, on this thread. `Err`: the thread has too little stack, or memory for the machine cannot be had.
    pub fn build(mut self) -> Result<Machine> {
        if self.fuel.is_some() {
            self.config.jit = Mode::Off;
        }
        let config = &self.config;
        let keeper = Keeper::new(|base, bytes| {
            let capacity = config.code_cache_bytes.map_or(CODE_CACHE_BYTES, |bytes| bytes as u32);
            let backend = CraneliftBackend::for_mode(config.jit, capacity);
            let mut machine = embed::Machine::new(config, backend, base, bytes);
            if self.captures_output {
                machine.capture_output();
            }
            machine.add_modules(stitch_modules::MODULES);
            if self.has_library {
                machine.set_library(&stitch_library::STANDARD_LIBRARY);
            }
            machine.open_main();
            machine.vm().jit.config.count_steps |= self.fuel.is_some();
            machine
        })?;
        let context = Context(std::rc::Rc::new(keeper));
        let machine = Machine(context.clone());
        let opened = context.0.enter(|machine| {
            machine.open_streams(&stitch_modules::STREAMS)?;
            if self.finds_packages {
                machine.find_packages(config);
            }
            Ok::<(), String>(())
        })?;
        opened?;
        machine.set_memory_limit(self.memory_limit)?;
        if self.fuel.is_some() {
            machine.set_fuel(self.fuel)?;
        }
        if self.time_limit.is_some() {
            machine.set_time_limit(self.time_limit)?;
        }
        Ok(machine)
    }
}
