//! What a VM is started with.

use std::ffi::OsString;

use crate::builtins::streams::StreamOptions;
use crate::debug::stress::Stress;
use crate::debug::tools::PerfMode;

/// The version of Python that programs see.
pub const PYTHON_VERSION: [u8; 3] = [3, 14, 0];

/// The same as text.
pub fn python_version() -> String {
    PYTHON_VERSION.map(|number| number.to_string()).join(".")
}

/// How hot code is run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JitMode {
    /// By tier 1 alone.
    Off,
    /// Superblocks run by the uop interpreter: the reference.
    Uops,
    /// Superblocks linked from stencils: copied machine code.
    Stencil,
    /// Superblocks compiled through Cranelift.
    #[default]
    Cranelift,
}

impl JitMode {
    /// All, with their names.
    pub const ALL: [(&'static str, JitMode); 4] = [
        ("off", JitMode::Off),
        ("uops", JitMode::Uops),
        ("stencil", JitMode::Stencil),
        ("cranelift", JitMode::Cranelift),
    ];

    /// Whether hot code becomes machine code.
    pub fn is_native(self) -> bool {
        matches!(self, JitMode::Stencil | JitMode::Cranelift)
    }

    pub fn from_name(name: &str) -> Option<JitMode> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|&(_, mode)| mode)
    }
}

/// On which thread hot code is compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CompileThread {
    /// In the background, unless a stress knob asks for order.
    #[default]
    Auto,
    /// On the program's own thread, which waits.
    Sync,
    Background,
}

impl CompileThread {
    /// All, with their names.
    pub const ALL: [(&'static str, CompileThread); 3] =
        [("auto", CompileThread::Auto), ("sync", CompileThread::Sync), ("background", CompileThread::Background)];

    pub fn from_name(name: &str) -> Option<CompileThread> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|&(_, thread)| thread)
    }

    /// Whether a VM gets a compile thread.
    pub fn is_background(self, stress: &Stress) -> bool {
        let is_ordered = *stress != Stress::default() && stress.background.is_none();
        match self {
            CompileThread::Auto => !is_ordered,
            CompileThread::Sync => false,
            CompileThread::Background => true,
        }
    }
}

/// The stages that `--dump` prints, a letter each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DumpStages(u8);

impl DumpStages {
    pub const BYTECODE: DumpStages = DumpStages(1);
    pub const UOPS: DumpStages = DumpStages(2);
    pub const OPTIMIZED: DumpStages = DumpStages(4);
    pub const CLIF: DumpStages = DumpStages(8);
    pub const ASSEMBLY: DumpStages = DumpStages(16);
    pub const TRACES: DumpStages = DumpStages(32);
    pub const PROFILE: DumpStages = DumpStages(64);

    /// The letters, with what they print.
    pub const LETTERS: [(char, DumpStages, &'static str); 7] = [
        ('b', DumpStages::BYTECODE, "bytecode"),
        ('u', DumpStages::UOPS, "superblocks as recorded"),
        ('o', DumpStages::OPTIMIZED, "superblocks as optimized"),
        ('c', DumpStages::CLIF, "Cranelift IR"),
        ('a', DumpStages::ASSEMBLY, "machine code"),
        ('t', DumpStages::TRACES, "one line a trace"),
        ('p', DumpStages::PROFILE, "where the time went, by micro-op"),
    ];

    /// Reads letters; `Err` gives the first that is none.
    pub fn parse(letters: &str) -> Result<DumpStages, char> {
        let mut stages = DumpStages::default();
        for letter in letters.chars() {
            let row = Self::LETTERS.iter().find(|(known, ..)| *known == letter).ok_or(letter)?;
            stages.0 |= row.1.0;
        }
        Ok(stages)
    }

    pub const fn contains(self, stage: DumpStages) -> bool {
        self.0 & stage.0 != 0
    }
}

/// Everything that the command line, the environment or an embedder may choose.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub jit: JitMode,
    pub compile_thread: CompileThread,
    /// Back edges and entries until a place is compiled; `None` leaves the built-in choice.
    pub loop_threshold: Option<u32>,
    /// Exits taken until a side trace is compiled.
    pub exit_threshold: Option<u32>,
    /// Most bytes of compiled code.
    pub code_cache_bytes: Option<usize>,
    /// Leaves traces stitched, never fused.
    pub no_fuse: bool,
    /// Who of the system's tools is told of compiled code.
    pub perf: PerfMode,
    pub gdb: bool,
    /// Prints counters at exit.
    pub stats: bool,
    pub dump: DumpStages,
    /// Where a report of what the JIT did goes at exit.
    pub report_file: Option<OsString>,
    pub stress: Stress,
    /// `sys.argv`.
    pub argv: Vec<OsString>,
    /// `sys.orig_argv`: the command line as it was given.
    pub orig_argv: Vec<OsString>,
    /// From `PYTHONPATH`.
    pub search_paths: Vec<OsString>,
    /// `sys.flags` of the same names.
    pub optimize: u8,
    pub bytes_warning: u8,
    pub verbose: u8,
    pub quiet: bool,
    pub debug: u8,
    /// `-i`: interactive although stdin may be no terminal; what the program leaves is then inspected.
    pub interactive: u8,
    /// `PYTHONINSPECT`: the interactive interpreter comes after the program, on a terminal.
    pub inspect: bool,
    /// `PYTHON_BASIC_REPL`: the library's line editor is not used.
    pub basic_repl: bool,
    /// `PYTHONSTARTUP`.
    pub startup_file: Option<String>,
    pub dont_write_bytecode: bool,
    /// `sys.pycache_prefix`.
    pub pycache_prefix: Option<OsString>,
    pub ignore_environment: bool,
    pub isolated: bool,
    pub no_user_site: bool,
    pub no_site: bool,
    pub safe_path: bool,
    /// stdout and stderr are not buffered.
    pub unbuffered: bool,
    /// Encoding and error handler of the standard streams, with a colon between them; either may be empty.
    pub io_encoding: Option<String>,
    /// Does the locale say nothing of an encoding, or the command line that it be UTF-8? Then bytes that are no text pass through
    /// stdin and stdout.
    pub passes_bytes: bool,
    /// `-W` and `PYTHONWARNINGS`.
    pub warn_options: Vec<String>,
    /// `-X`.
    pub x_options: Vec<String>,
    /// `-X dev`: what costs time is checked as well, and what is ignored otherwise is warned of.
    pub dev_mode: bool,
    /// `-X utf8=0`: `sys.flags` says so; texts are UTF-8 all the same.
    pub no_utf8_mode: bool,
    /// `-X importtime`: what each import took is told.
    pub import_time: bool,
    /// `-X warn_default_encoding`.
    pub warn_default_encoding: bool,
    /// `-x`: the program's first line is left out.
    pub skip_first_line: bool,
    /// `PYTHONHASHSEED`; `None` is random.
    pub hash_seed: Option<u32>,
    /// `None` leaves 4300; 0 is no limit.
    pub int_max_str_digits: Option<u32>,
}

impl Config {
    /// `sys.warnoptions`: those that count more come later.
    pub fn warning_options(&self) -> Vec<String> {
        let of_bytes = match self.bytes_warning {
            0 => None,
            1 => Some("default::BytesWarning"),
            2.. => Some("error::BytesWarning"),
        };
        let of_dev_mode = self.dev_mode.then_some("default").map(str::to_owned);
        of_dev_mode.into_iter().chain(self.warn_options.iter().cloned()).chain(of_bytes.map(str::to_owned)).collect()
    }

    /// How the standard streams are opened.
    pub fn stream_options(&self) -> StreamOptions {
        let given = self.io_encoding.as_deref().unwrap_or_default();
        let (encoding, errors) = given.split_once(':').unwrap_or((given, ""));
        let text = |part: &str| (!part.is_empty()).then(|| part.to_owned());
        // An encoding of its own is strict.
        let default = (self.passes_bytes && encoding.is_empty()).then(|| "surrogateescape".to_owned());
        StreamOptions { is_unbuffered: self.unbuffered, encoding: text(encoding), errors: text(errors).or(default) }
    }

    /// The names in `sys.flags`, in its order.
    pub const FLAG_NAMES: [&'static str; 18] = [
        "debug",
        "inspect",
        "interactive",
        "optimize",
        "dont_write_bytecode",
        "no_user_site",
        "no_site",
        "ignore_environment",
        "verbose",
        "bytes_warning",
        "quiet",
        "hash_randomization",
        "isolated",
        "dev_mode",
        "utf8_mode",
        "warn_default_encoding",
        "safe_path",
        "int_max_str_digits",
    ];

    /// Those of them that are bools.
    pub const BOOL_FLAGS: [&'static str; 2] = ["dev_mode", "safe_path"];

    /// The values in `sys.flags`.
    pub fn sys_flags(&self) -> [i64; 18] {
        [
            self.debug.into(),
            i64::from(self.interactive).max(self.inspect.into()),
            self.interactive.into(),
            self.optimize.into(),
            self.dont_write_bytecode.into(),
            self.no_user_site.into(),
            self.no_site.into(),
            self.ignore_environment.into(),
            self.verbose.into(),
            self.bytes_warning.into(),
            self.quiet.into(),
            i64::from(self.hash_seed != Some(0)),
            self.isolated.into(),
            self.dev_mode.into(),
            i64::from(!self.no_utf8_mode),
            self.warn_default_encoding.into(),
            self.safe_path.into(),
            self.int_max_str_digits.unwrap_or(4300).into(),
        ]
    }
}
