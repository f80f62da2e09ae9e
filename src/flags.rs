//! The command line: one table of flags, from which the parser and `--help` are made, and what `generate.rs` has.

use std::ffi::{OsStr, OsString};
use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt as _;

use stitch_runtime::config::{CompileThread, Config, DumpStages, JitMode, python_version};
use stitch_runtime::debug::stress::{Stress, parse_size};
use stitch_runtime::debug::tools::PerfMode;

use crate::generate;

/// What the program to run is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    Command(String),
    Module(String),
    File(OsString),
    Stdin,
}

/// What the command line asks for.
#[derive(Debug)]
pub enum Action {
    Run(Program, Box<Config>),
    /// Print this and exit with 0.
    Print(String),
    /// Print this on stderr and exit with this status.
    Refuse(String, u8),
}

/// What flags write to.
#[derive(Default)]
pub struct Parsed {
    config: Config,
    program: Option<Program>,
    help: bool,
    n_version: u8,
    generate: Option<fn() -> String>,
}

/// What a flag does.
pub enum Effect {
    /// Takes no value.
    Switch(fn(&mut Parsed)),
    /// Takes a value, called so in `--help`; an `Err` is told the user.
    Value(&'static str, fn(&mut Parsed, &str) -> Result<(), String>),
}

pub struct Flag {
    /// Letters of the short forms.
    pub short: &'static str,
    /// Name of the long form, without its dashes; may be empty.
    pub long: &'static str,
    pub effect: Effect,
    pub help: &'static str,
}

const fn switch(short: &'static str, help: &'static str, effect: fn(&mut Parsed)) -> Flag {
    Flag { short, long: "", effect: Effect::Switch(effect), help }
}

/// The flags, in the order of `--help`.
pub static FLAGS: &[Flag] = &[
    switch("b", "warn about str(bytes) and comparing bytes with str; -bb: raise", |p| p.config.bytes_warning += 1),
    switch("B", "don't write .pyc files on import; also PYTHONDONTWRITEBYTECODE=x", |p| {
        p.config.dont_write_bytecode = true;
    }),
    Flag {
        short: "c",
        long: "",
        effect: Effect::Value("cmd", |p, value| {
            p.program = Some(Program::Command(format!("{value}\n")));
            Ok(())
        }),
        help: "program passed in as string (terminates option list)",
    },
    switch("d", "turn on parser debugging output (there is none); also PYTHONDEBUG=x", |p| {
        p.config.debug = p.config.debug.saturating_add(1);
    }),
    switch("E", "ignore PYTHON* environment variables (such as PYTHONPATH)", |p| p.config.ignore_environment = true),
    Flag {
        short: "h?",
        long: "help",
        effect: Effect::Switch(|p| p.help = true),
        help: "print this help message and exit",
    },
    switch(
        "i",
        "inspect interactively after running script; forces a prompt even if stdin does not appear to be a terminal; also PYTHONINSPECT=x",
        |p| {
            p.config.interactive = p.config.interactive.saturating_add(1);
        },
    ),
    switch("I", "isolate from the user's environment (implies -E, -P and -s)", |p| {
        let config = &mut p.config;
        config.isolated = true;
        config.ignore_environment = true;
        config.safe_path = true;
        config.no_user_site = true;
    }),
    Flag {
        short: "m",
        long: "",
        effect: Effect::Value("mod", |p, value| {
            p.program = Some(Program::Module(value.to_owned()));
            Ok(())
        }),
        help: "run library module as a script (terminates option list)",
    },
    switch("O", "remove assert statements; -OO: docstrings as well; also PYTHONOPTIMIZE=x", |p| {
        p.config.optimize = p.config.optimize.saturating_add(1);
    }),
    switch("P", "don't prepend an unsafe path to sys.path; also PYTHONSAFEPATH", |p| p.config.safe_path = true),
    switch("q", "don't print version and copyright messages on interactive startup", |p| p.config.quiet = true),
    switch("R", "use a random seed for hashes, whatever PYTHONHASHSEED says", |p| p.config.hash_seed = None),
    switch("s", "don't add user site directory to sys.path; also PYTHONNOUSERSITE=x", |p| {
        p.config.no_user_site = true;
    }),
    switch("S", "don't imply 'import site' on initialization", |p| p.config.no_site = true),
    switch("u", "don't buffer stdout and stderr; also PYTHONUNBUFFERED=x", |p| p.config.unbuffered = true),
    switch("v", "trace import statements; also PYTHONVERBOSE=x", |p| {
        p.config.verbose = p.config.verbose.saturating_add(1);
    }),
    Flag {
        short: "V",
        long: "version",
        effect: Effect::Switch(|p| p.n_version += 1),
        help: "print the Python version number and exit; -VV: more about the build",
    },
    Flag {
        short: "W",
        long: "",
        effect: Effect::Value("arg", |p, value| {
            p.config.warn_options.push(value.to_owned());
            Ok(())
        }),
        help: "warning control: action:message:category:module:lineno; also PYTHONWARNINGS=arg",
    },
    Flag {
        short: "X",
        long: "",
        effect: Effect::Value("opt", |p, value| match value.split_once('=').unwrap_or((value, "")) {
            ("jit", name) => choose_jit(&mut p.config, "-X jit", name),
            _ => {
                p.config.x_options.push(value.to_owned());
                apply_x_option(&mut p.config, value)
            }
        }),
        help: "set implementation-specific option; jit=off|uops|stencil|cranelift: the same as --jit; perf, perf_jit, gdb: tell these of compiled code; also PYTHONPERFSUPPORT=1, PYTHON_PERF_JIT_SUPPORT=1",
    },
    switch("x", "skip first line of source, allowing use of non-Unix forms of #!cmd", |p| {
        p.config.skip_first_line = true;
    }),
    Flag {
        short: "",
        long: "jit",
        effect: Effect::Value("off|uops|stencil|cranelift", |p, value| choose_jit(&mut p.config, "--jit", value)),
        help: "how hot code is run, here and in child processes; also -X jit=mode, PYTHON_JIT=mode, PYTHON_JIT=0 for off",
    },
    Flag {
        short: "",
        long: "jit-compile",
        effect: Effect::Value("auto|sync|background", |p, value| {
            let thread = CompileThread::from_name(value);
            p.config.compile_thread = thread.ok_or_else(|| format!("--jit-compile: no mode '{value}'"))?;
            Ok(())
        }),
        help: "where hot code is compiled: on the program's thread, which waits, or in the background",
    },
    Flag {
        short: "",
        long: "threshold",
        effect: Effect::Value("n", |p, value| {
            p.config.loop_threshold = Some(number("--threshold", value)?);
            Ok(())
        }),
        help: "compile a place when it has been reached n times",
    },
    Flag {
        short: "",
        long: "exit-threshold",
        effect: Effect::Value("n", |p, value| {
            p.config.exit_threshold = Some(number("--exit-threshold", value)?);
            Ok(())
        }),
        help: "stitch an exit when it has been taken n times",
    },
    Flag {
        short: "",
        long: "no-fuse",
        effect: Effect::Switch(|p| p.config.no_fuse = true),
        help: "leave traces stitched, never fuse them into one function",
    },
    Flag {
        short: "",
        long: "code-cache",
        effect: Effect::Value("bytes", |p, value| {
            let size = parse_size(value).ok_or_else(|| format!("--code-cache: '{value}' is not a size"))?;
            p.config.code_cache_bytes = Some(size);
            Ok(())
        }),
        help: "most bytes of compiled code (k and m multiply)",
    },
    Flag {
        short: "",
        long: "stats",
        effect: Effect::Switch(|p| p.config.stats = true),
        help: "print the JIT's counters and where the time went at exit; counting instructions slows the program",
    },
    Flag {
        short: "",
        long: "jit-report",
        effect: Effect::Value("file", |p, value| {
            // The program may go elsewhere.
            let path = std::path::absolute(value).map_err(|error| format!("--jit-report: {error}"))?;
            p.config.report_file = Some(path.into());
            Ok(())
        }),
        help: "write at exit, as HTML, where the time went and what the JIT made of it; slows the program",
    },
    Flag {
        short: "",
        long: "dump",
        effect: Effect::Value("letters", |p, value| {
            p.config.dump = DumpStages::parse(value).map_err(|letter| {
                let known: Vec<String> =
                    DumpStages::LETTERS.iter().map(|(letter, _, stage)| format!("{letter} {stage}")).collect();
                format!("--dump: no stage '{letter}' (there are {})", known.join(", "))
            })?;
            Ok(())
        }),
        help: "print on stderr: b bytecode, u recorded and o optimized uops, c Cranelift IR, a assembly, t traces, p where the time went by micro-op (at exit)",
    },
    Flag {
        short: "",
        long: "generate",
        effect: Effect::Value("man|complete-bash|complete-zsh|complete-fish", |p, value| {
            let kind = generate::KINDS.iter().find(|(name, _)| *name == value);
            p.generate = Some(kind.ok_or_else(|| format!("--generate: no kind '{value}'"))?.1);
            Ok(())
        }),
        help: "print the page of the manual, or what a shell is to read to complete options, and exit",
    },
];

/// What a `-X` option says that is more than an entry of `sys._xoptions`.
fn apply_x_option(config: &mut Config, option: &str) -> Result<(), String> {
    let (name, value) = option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
    match (name, value) {
        ("dev", _) => config.dev_mode = true,
        ("utf8", None | Some("0" | "1")) => {
            config.no_utf8_mode = value == Some("0");
            config.passes_bytes |= value != Some("0");
        }
        ("utf8", _) => return Err("Fatal Python error: preconfig_init_utf8_mode: invalid -X utf8 option value".into()),
        ("warn_default_encoding", _) => config.warn_default_encoding = true,
        ("importtime", _) => config.import_time = value != Some("0"),
        ("perf", _) => config.perf = config.perf.max(PerfMode::Map),
        ("perf_jit", _) => config.perf = PerfMode::Dump,
        ("gdb", _) => config.gdb = true,
        ("pycache_prefix", Some(prefix)) => config.pycache_prefix = (!prefix.is_empty()).then(|| prefix.into()),
        ("int_max_str_digits", _) => {
            config.int_max_str_digits = Some(digits_limit(value.unwrap_or_default()).ok_or(
                "Fatal Python error: config_init_int_max_str_digits: -X int_max_str_digits: invalid limit; must be >= 640 \
                 or 0 for unlimited.",
            )?);
        }
        _ => {}
    }
    Ok(())
}

/// The limit of digits that a text is, if it may be one.
fn digits_limit(text: &str) -> Option<u32> {
    text.parse().ok().filter(|&limit: &u32| limit == 0 || limit >= 640)
}

fn jit_mode(asked_by: &str, name: &str) -> Result<JitMode, String> {
    JitMode::from_name(name).ok_or_else(|| {
        let known = JitMode::ALL.map(|(name, _)| name).join(", ");
        format!("{asked_by}: no mode '{name}' (there are {known})")
    })
}

/// However it is asked for, `sys._xoptions` has it, from which child processes get it.
fn choose_jit(config: &mut Config, flag: &str, name: &str) -> Result<(), String> {
    config.jit = jit_mode(flag, name)?;
    config.x_options.push(format!("jit={name}"));
    Ok(())
}

fn number(flag: &str, value: &str) -> Result<u32, String> {
    value.parse().map_err(|_| format!("{flag}: '{value}' is not a number"))
}

const USAGE: &str = "usage: stitch [option] ... [-c cmd | -m mod | file | -] [arg] ...";

fn refuse(message: &str) -> Action {
    if message.starts_with("Fatal Python error") {
        return Action::Refuse(format!("{message}\n"), 1);
    }
    Action::Refuse(format!("{message}\n{USAGE}\nTry `stitch -h' for more information.\n"), 2)
}

/// Reads the arguments after the program's name and the environment.
pub fn parse(args: impl IntoIterator<Item = OsString>, env: impl Fn(&str) -> Option<OsString>) -> Action {
    let mut parsed = Parsed::default();
    let args: Vec<OsString> = args.into_iter().collect();
    let executable = std::env::args_os().next().unwrap_or_default();
    let given: Vec<OsString> = std::iter::once(executable).chain(args.iter().cloned()).collect();
    // Whether the environment counts is only known after the flags, and the flags win over it: hence two rounds.
    let n_flags = match parse_flags(&args, &mut parsed) {
        Ok(n_flags) => n_flags,
        Err(message) => return refuse(&message),
    };
    if parsed.help {
        return Action::Print(help());
    }
    if let Some(generate) = parsed.generate {
        return Action::Print(generate());
    }
    if parsed.n_version > 0 {
        return Action::Print(version(parsed.n_version));
    }
    let ignore_environment = parsed.config.ignore_environment;
    let env = |name: &str| match name.starts_with("PYTHON") && ignore_environment {
        true => None,
        false => env(name).filter(|value| !value.is_empty()),
    };
    let mut with_env = Parsed::default();
    match env("PYTHON_JIT").as_deref().map(OsStr::to_string_lossy).as_deref() {
        None | Some("1") => {}
        Some("0") => with_env.config.jit = JitMode::Off,
        Some(name) => match jit_mode("PYTHON_JIT", name) {
            Ok(mode) => with_env.config.jit = mode,
            Err(message) => return Action::Refuse(format!("stitch: {message}\n"), 2),
        },
    }
    if let Err(message) = apply_environment(&mut with_env.config, env) {
        return Action::Refuse(format!("{message}\n"), 1);
    }
    if let Err(message) = parse_flags(&args, &mut with_env) {
        return refuse(&message);
    }
    if let Some(Program::Command(command)) = &with_env.program
        && let Some(message) = undecodable(command, &args[n_flags - 1])
    {
        return Action::Refuse(message, 1);
    }
    let mut rest = args[n_flags..].iter().cloned();
    let (program, first) = match with_env.program {
        Some(program @ Program::Command(_)) => (program, OsString::from("-c")),
        Some(program @ Program::Module(_)) => (program, OsString::from("-m")),
        Some(program) => (program, OsString::new()),
        None => match rest.next() {
            None => (Program::Stdin, OsString::new()),
            Some(file) if file == "-" => (Program::Stdin, file),
            Some(file) => (Program::File(file.clone()), file),
        },
    };
    let mut config = with_env.config;
    config.orig_argv = given;
    config.argv = std::iter::once(first).chain(rest).collect();
    Action::Run(program, Box::new(config))
}

/// What is told of a command that is not UTF-8: the argument that it is, or ends in.
fn undecodable(command: &str, argument: &OsStr) -> Option<String> {
    let lossy = argument.to_string_lossy();
    let n_before = lossy.len().checked_sub(command.strip_suffix('\n')?.len())?;
    let bytes = argument.as_bytes().get(n_before..)?;
    let (mut first, mut place, mut bad) = (None, 0, Vec::new());
    for chunk in bytes.utf8_chunks() {
        place += chunk.valid().chars().count();
        if first.is_some() && !chunk.valid().is_empty() {
            break;
        }
        if !chunk.invalid().is_empty() {
            first.get_or_insert(place);
            bad.extend_from_slice(chunk.invalid());
            place += chunk.invalid().len();
        }
    }
    let first = first?;
    let which = match bad[..] {
        [byte] => format!("character '\\udc{byte:02x}' in position {first}"),
        _ => format!("characters in position {first}-{}", first + bad.len() - 1),
    };
    Some(format!(
        "Unable to decode the command from the command line:\nUnicodeEncodeError: 'utf-8' codec can't encode {which}: surrogates \
         not allowed\n"
    ))
}

/// Reads flags up to the first that is none, or that ends the list; returns how many arguments that took.
fn parse_flags(args: &[OsString], parsed: &mut Parsed) -> Result<usize, String> {
    let mut next = 0;
    while let Some(arg) = args.get(next) {
        let text = arg.to_string_lossy();
        if text == "--" {
            return Ok(next + 1);
        }
        if text == "-" || !text.starts_with('-') {
            return Ok(next);
        }
        next += 1;
        match text.strip_prefix("--") {
            Some(long) => parse_long(long, args, &mut next, parsed)?,
            None => parse_cluster(&text[1..], args, &mut next, parsed)?,
        }
        if parsed.program.is_some() {
            break;
        }
    }
    Ok(next)
}

fn parse_long(text: &str, args: &[OsString], next: &mut usize, parsed: &mut Parsed) -> Result<(), String> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (text, None),
    };
    let flag = FLAGS.iter().find(|flag| !flag.long.is_empty() && flag.long == name);
    match flag.map(|flag| &flag.effect) {
        None => Err(format!("unknown option --{name}")),
        Some(Effect::Switch(_)) if value.is_some() => Err(format!("option --{name} takes no argument")),
        Some(Effect::Switch(apply)) => {
            apply(parsed);
            Ok(())
        }
        Some(Effect::Value(_, apply)) => match value {
            Some(value) => apply(parsed, value),
            None => apply(parsed, &following(args, next, || format!("Argument expected for the --{name} option"))?),
        },
    }
}

/// Short flags in one argument; one with a value takes the rest of it, or the next argument.
fn parse_cluster(text: &str, args: &[OsString], next: &mut usize, parsed: &mut Parsed) -> Result<(), String> {
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        let flag = FLAGS.iter().find(|flag| flag.short.contains(letter));
        match flag.map(|flag| &flag.effect) {
            None => return Err(format!("Unknown option: -{letter}")),
            Some(Effect::Switch(apply)) => apply(parsed),
            Some(Effect::Value(_, apply)) => {
                let rest = letters.as_str();
                if !rest.is_empty() {
                    return apply(parsed, rest);
                }
                let missing = || format!("Argument expected for the -{letter} option");
                return apply(parsed, &following(args, next, missing)?);
            }
        }
    }
    Ok(())
}

fn following(args: &[OsString], next: &mut usize, missing: impl Fn() -> String) -> Result<String, String> {
    let value = args.get(*next).ok_or_else(missing)?;
    *next += 1;
    Ok(value.to_string_lossy().into_owned())
}

fn apply_environment(config: &mut Config, env: impl Fn(&str) -> Option<OsString>) -> Result<(), String> {
    let text = |name: &str| env(name).map(|value| value.to_string_lossy().into_owned());
    let level = |name: &str| text(name).map_or(0, |value| value.parse::<u8>().unwrap_or(1));
    let is_set = |name: &str| env(name).is_some();
    config.optimize = level("PYTHONOPTIMIZE");
    config.debug = level("PYTHONDEBUG");
    config.inspect = is_set("PYTHONINSPECT");
    config.basic_repl = is_set("PYTHON_BASIC_REPL");
    config.startup_file = text("PYTHONSTARTUP");
    config.verbose = level("PYTHONVERBOSE");
    config.dont_write_bytecode = is_set("PYTHONDONTWRITEBYTECODE");
    config.pycache_prefix = env("PYTHONPYCACHEPREFIX");
    config.no_user_site = is_set("PYTHONNOUSERSITE");
    config.safe_path = is_set("PYTHONSAFEPATH");
    config.unbuffered = is_set("PYTHONUNBUFFERED");
    config.io_encoding = text("PYTHONIOENCODING");
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| text(name));
    let is_bare = matches!(locale.as_deref(), None | Some("C" | "POSIX" | "C.UTF-8" | "C.utf8" | "UTF-8"));
    config.passes_bytes = is_bare || text("PYTHONUTF8").as_deref() == Some("1");
    config.no_utf8_mode = match text("PYTHONUTF8").as_deref() {
        None | Some("1") => false,
        Some("0") => true,
        Some(_) => {
            let message = "Fatal Python error: preconfig_init_utf8_mode: invalid PYTHONUTF8 environment variable value";
            return Err(message.into());
        }
    };
    config.dev_mode = is_set("PYTHONDEVMODE");
    let is_on =
        |name: &str| text(name).and_then(|value| value.trim().parse().ok()).is_some_and(|number: i32| number != 0);
    if is_on("PYTHON_PERF_JIT_SUPPORT") {
        config.perf = PerfMode::Dump;
    } else if is_on("PYTHONPERFSUPPORT") {
        config.perf = PerfMode::Map;
    }
    config.warn_default_encoding = is_set("PYTHONWARNDEFAULTENCODING");
    config.import_time = is_set("PYTHONPROFILEIMPORTTIME");
    if let Some(list) = text("PYTHONWARNINGS") {
        config.warn_options.extend(list.split(',').map(str::to_owned));
    }
    if let Some(paths) = env("PYTHONPATH") {
        config.search_paths = split_paths(&paths);
    }
    config.hash_seed = match text("PYTHONHASHSEED").as_deref() {
        None | Some("random") => None,
        Some(seed) => Some(seed.parse().map_err(|_| {
            "Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range \
             [0; 4294967295]"
        })?),
    };
    if let Some(digits) = text("PYTHONINTMAXSTRDIGITS") {
        config.int_max_str_digits = Some(digits_limit(&digits).ok_or(
            "Fatal Python error: config_init_int_max_str_digits: PYTHONINTMAXSTRDIGITS: invalid limit; must be >= 640 \
             or 0 for unlimited.",
        )?);
    }
    if let Some(list) = text("STITCH_STRESS") {
        config.stress = Stress::parse(&list).map_err(|error| format!("stitch: {error}"))?;
    }
    Ok(())
}

fn split_paths(paths: &OsStr) -> Vec<OsString> {
    std::env::split_paths(paths).map(std::path::PathBuf::into_os_string).collect()
}

fn version(n_times: u8) -> String {
    let (python, ours) = (python_version(), env!("CARGO_PKG_VERSION"));
    match n_times {
        1 => format!("Python {python}\n"),
        _ => format!("Python {python} (stitch {ours}, {} {})\n", std::env::consts::OS, std::env::consts::ARCH),
    }
}

fn help() -> String {
    let mut out = format!("{USAGE}\nOptions (and corresponding environment variables):\n");
    for flag in FLAGS {
        let shorts = flag.short.chars().map(|letter| format!("-{letter}"));
        let longs = (!flag.long.is_empty()).then(|| format!("--{}", flag.long));
        let mut name = shorts.chain(longs).collect::<Vec<_>>().join(", ");
        if let Effect::Value(value, _) = flag.effect {
            let joint = if flag.long.is_empty() { ' ' } else { '=' };
            _ = write!(name, "{joint}{value}");
        }
        if name.len() > 16 {
            _ = writeln!(out, "{name}\n{:16} : {}", "", flag.help);
        } else {
            _ = writeln!(out, "{name:16} : {}", flag.help);
        }
    }
    out + "\nArguments:
file   : program read from script file
-      : program read from stdin (default)
arg ...: arguments passed to program in sys.argv[1:]

Environment: PYTHON_JIT=0 turns the JIT off, another mode's name chooses that; STITCH_STRESS=gc,threshold=1,... makes rare things happen (for tests).
"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_list(args: &[&str], env: &[(&str, &str)]) -> Action {
        let lookup = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value));
        parse(args.iter().map(OsString::from), lookup)
    }

    fn run(args: &[&str], env: &[(&str, &str)]) -> (Program, Config) {
        match parse_list(args, env) {
            Action::Run(program, config) => (program, *config),
            other => panic!("{other:?}"),
        }
    }

    fn refused(args: &[&str], env: &[(&str, &str)]) -> String {
        match parse_list(args, env) {
            Action::Refuse(message, _) => message.lines().next().unwrap_or_default().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn programs() {
        let (program, config) = run(&["-c", "pass", "-x", "y"], &[]);
        assert_eq!(program, Program::Command("pass\n".into()));
        assert_eq!(config.argv, ["-c", "-x", "y"]);
        let (program, config) = run(&["--jit=off", "-OO", "a.py", "--jit=x"], &[]);
        assert_eq!((program, config.jit, config.optimize), (Program::File("a.py".into()), JitMode::Off, 2));
        assert_eq!(config.argv, ["a.py", "--jit=x"]);
        assert_eq!(run(&["-"], &[]).0, Program::Stdin);
        assert_eq!(run(&["-mthis", "x"], &[]).1.argv, ["-m", "x"]);
    }

    #[test]
    fn the_environment_counts_below_flags() {
        assert_eq!(run(&["a"], &[("PYTHON_JIT", "0")]).1.jit, JitMode::Off);
        assert_eq!(run(&["--jit", "uops", "a"], &[("PYTHON_JIT", "0")]).1.jit, JitMode::Uops);
        assert_eq!(run(&["-I", "a"], &[("PYTHON_JIT", "0")]).1.jit, JitMode::Cranelift);
        assert_eq!(run(&["a"], &[("PYTHON_JIT", "uops")]).1.jit, JitMode::Uops);
        assert_eq!(run(&["-X", "jit=off", "--jit=uops", "a"], &[]).1.x_options, ["jit=off", "jit=uops"]);
        assert_eq!(run(&["--jit=uops", "-Xjit=off", "a"], &[("PYTHON_JIT", "1")]).1.jit, JitMode::Off);
        assert_eq!(run(&["-X", "jitter", "a"], &[]).1.x_options, ["jitter"]);
        assert_eq!(run(&["-E", "a"], &[("STITCH_STRESS", "exit=3")]).1.stress.exit, Some(3));
        assert_eq!(run(&["a"], &[("PYTHONPATH", "x:y")]).1.search_paths, ["x", "y"]);
    }

    #[test]
    fn who_is_told_of_code() {
        let perf = |args: &[&str], env: &[(&str, &str)]| run(args, env).1.perf;
        assert_eq!(perf(&["-Xperf", "a"], &[]), PerfMode::Map);
        assert_eq!(perf(&["-Xperf_jit", "-Xperf", "a"], &[]), PerfMode::Dump);
        assert_eq!(perf(&["-Xperf", "a"], &[("PYTHON_PERF_JIT_SUPPORT", "1")]), PerfMode::Dump);
        assert_eq!(perf(&["a"], &[("PYTHONPERFSUPPORT", "1")]), PerfMode::Map);
        assert_eq!(perf(&["a"], &[("PYTHONPERFSUPPORT", "yes")]), PerfMode::Off);
        assert!(run(&["-Xgdb", "a"], &[]).1.gdb);
    }

    #[test]
    fn refusals() {
        assert_eq!(refused(&["-z"], &[]), "Unknown option: -z");
        assert_eq!(refused(&["--foo"], &[]), "unknown option --foo");
        assert_eq!(refused(&["-c"], &[]), "Argument expected for the -c option");
        let known = "(there are off, uops, stencil, cranelift)";
        assert_eq!(refused(&["--jit=fast", "a"], &[]), format!("--jit: no mode 'fast' {known}"));
        assert_eq!(refused(&["-X", "jit=fast", "a"], &[]), format!("-X jit: no mode 'fast' {known}"));
        assert_eq!(refused(&["-Xjit", "a"], &[]), format!("-X jit: no mode '' {known}"));
        assert_eq!(refused(&["a"], &[("PYTHON_JIT", "2")]), format!("stitch: PYTHON_JIT: no mode '2' {known}"));
        assert!(refused(&["a"], &[("STITCH_STRESS", "x")]).starts_with("stitch: STITCH_STRESS: unknown knob 'x'"));
    }

    #[test]
    fn every_flag_is_in_the_help() {
        let help = help();
        assert!(FLAGS.iter().all(|flag| help.contains(flag.help)));
    }
}
