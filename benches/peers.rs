//! `cargo bench`: stitch's backends, CPython and PyPy on the programs of `benches/programs/`.
//!
//!     cargo stitch-bench [word] [--rounds=N] [--svg=FILE]
//!
//! Each program prints one line a round; the first round is the cold time, the best the warm one. Peers are found on
//! the PATH, or given by `STITCH_CPYTHON` and `STITCH_PYPY`. `STITCH_PYPERFORMANCE` names a checkout of pyperformance
//! (or its unpacked wheel), of whose programs those in `PYPERFORMANCE` are then timed, too, unmodified, on the small
//! `pyperf` of `benches/pyperf/`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is timed of pyperformance.
const PYPERFORMANCE: &[&str] = &[
    "nbody",
    "fannkuch",
    "spectral_norm",
    "nqueens",
    "richards",
    "richards_super",
    "deltablue",
    "hexiom",
    "meteor_contest",
    "float",
    "coroutines",
    "unpack_sequence",
];
/// Each of them is a file of this name in a folder of its own.
const SCRIPT: &str = "run_benchmark.py";

/// Something that runs Python programs.
struct Runner {
    name: &'static str,
    command: Vec<String>,
    colour: &'static str,
}

/// Seconds of one program under one runner.
#[derive(Clone, Copy)]
struct Times {
    first: f64,
    best: f64,
}

struct Row {
    program: String,
    /// One a runner; `None` where it failed.
    times: Vec<Option<Times>>,
}

struct Options {
    only: String,
    n_rounds: u32,
    svg: PathBuf,
}

fn main() {
    let options = read_options();
    let runners = find_runners();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/programs");
    let mut rows = Vec::new();
    for program in scripts_in(&folder).iter().filter(|path| stem(path).contains(&options.only)) {
        rows.push(measure(&stem(program), &runners, |runner| time_rounds(runner, program, options.n_rounds)));
    }
    if let Ok(checkout) = std::env::var("STITCH_PYPERFORMANCE") {
        for (name, script) in pyperformance_scripts(Path::new(&checkout)) {
            if name.contains(&options.only) {
                rows.push(measure(&name, &runners, |runner| time_rounds(runner, &script, options.n_rounds)));
            }
        }
    }
    print_summary(&runners, &rows);
    match std::fs::write(&options.svg, plot(&runners, &rows)) {
        Ok(()) => println!("\nplot: {}", options.svg.display()),
        Err(error) => println!("\ncannot write {}: {error}", options.svg.display()),
    }
}

fn read_options() -> Options {
    let target = Path::new(env!("CARGO_BIN_EXE_stitch")).parent().unwrap_or(Path::new("."));
    let mut options = Options { only: String::new(), n_rounds: 8, svg: target.join("bench.svg") };
    for arg in std::env::args().skip(1) {
        match arg.split_once('=') {
            Some(("--rounds", count)) => options.n_rounds = count.parse().unwrap_or(options.n_rounds),
            Some(("--svg", file)) => options.svg = file.into(),
            // Cargo passes `--bench`.
            _ if arg.starts_with("--") => {}
            _ => options.only = arg,
        }
    }
    options
}

fn find_runners() -> Vec<Runner> {
    let ours = |name, jit: &str, colour| {
        let command = vec![env!("CARGO_BIN_EXE_stitch").to_owned(), format!("--jit={jit}")];
        Runner { name, command, colour }
    };
    let mut runners = vec![
        ours("stitch off", "off", "#b0b0b0"),
        ours("stitch uops", "uops", "#7fb2e5"),
        ours("stitch", "cranelift", "#1f5fbf"),
    ];
    let peers: [(&'static str, &str, &[&str], &'static str); 2] = [
        ("CPython", "STITCH_CPYTHON", &["python3.14", "python3.13", "python3"], "#e0a030"),
        ("PyPy", "STITCH_PYPY", &["pypy3"], "#c04040"),
    ];
    for (name, variable, candidates, colour) in peers {
        let given = std::env::var(variable).ok();
        let mut names = given.iter().map(String::as_str).chain(candidates.iter().copied());
        if let Some(found) = names.find(|name| starts(name)) {
            runners.push(Runner { name, command: vec![found.to_owned()], colour });
        }
    }
    runners
}

fn starts(program: &str) -> bool {
    let mut command = Command::new(program);
    command.arg("-V").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn scripts_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|ext| ext == "py")).collect();
    paths.sort();
    paths
}

/// The programs of a checkout of pyperformance that are there.
fn pyperformance_scripts(checkout: &Path) -> Vec<(String, PathBuf)> {
    let folder = checkout.join("pyperformance/data-files/benchmarks");
    let script = |name: &&str| ((*name).to_owned(), folder.join(format!("bm_{name}")).join(SCRIPT));
    PYPERFORMANCE.iter().map(script).filter(|(_, script)| script.is_file()).collect()
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// Runs one program under all, and prints its row; a result that differs from the first's is a failure.
fn measure(name: &str, runners: &[Runner], time: impl Fn(&Runner) -> Option<(Times, String)>) -> Row {
    let mut expected: Option<String> = None;
    let mut line = format!("{name:16}");
    let mut times = Vec::new();
    for runner in runners {
        let found = time(runner).filter(|(_, result)| expected.get_or_insert_with(|| result.clone()) == result);
        let found = found.map(|(times, _)| times);
        match found {
            Some(times) => _ = write!(line, " {:>11} {:9.2} {:9.2}", runner.name, times.first * 1e3, times.best * 1e3),
            None => _ = write!(line, " {:>11} {:>9} {:>9}", runner.name, "-", "-"),
        }
        times.push(found);
    }
    println!("{line}   ms, first and best");
    Row { program: name.to_owned(), times }
}

fn time_rounds(runner: &Runner, program: &Path, n_rounds: u32) -> Option<(Times, String)> {
    let n_rounds = n_rounds.to_string();
    let mut command = command(runner);
    match program.ends_with(SCRIPT) {
        true => command.current_dir(program.parent()?).env("STITCH_BENCH_ROUNDS", &n_rounds).arg(program),
        false => command.arg(program).arg(&n_rounds),
    };
    let output = command.output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let rounds: Vec<f64> = text.lines().filter_map(|line| line.strip_prefix("round ")?.parse().ok()).collect();
    let best = rounds.iter().copied().fold(f64::INFINITY, f64::min);
    let result = text.lines().find_map(|line| line.strip_prefix("result "))?;
    Some((Times { first: *rounds.first()?, best }, result.to_owned()))
}

fn command(runner: &Runner) -> Command {
    let mut command = Command::new(&runner.command[0]);
    command.args(&runner.command[1..]).env("PYTHONHASHSEED", "0");
    command.env("PYTHONPATH", Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/pyperf"));
    command
}

/// How many times as fast as CPython, over the programs that both ran.
fn print_summary(runners: &[Runner], rows: &[Row]) {
    let Some(base) = runners.iter().position(|runner| runner.name == "CPython") else { return };
    println!("\ntimes as fast as CPython, geometric mean: first round, best round");
    for (at, runner) in runners.iter().enumerate() {
        let pairs: Vec<(Times, Times)> = rows.iter().filter_map(|row| row.times[base].zip(row.times[at])).collect();
        let mean = |of: fn(&Times) -> f64| {
            let logs: f64 = pairs.iter().map(|(cpython, own)| (of(cpython) / of(own)).ln()).sum();
            (logs / pairs.len().max(1) as f64).exp()
        };
        let (first, best) = (mean(|times| times.first), mean(|times| times.best));
        println!("{:12} {first:7.2} {best:7.2}   over {} programs", runner.name, pairs.len());
    }
}

/// Bars of the best round's speed relative to CPython on a logarithmic scale, one group a program.
fn plot(runners: &[Runner], rows: &[Row]) -> String {
    const BAR: f64 = 9.0;
    const LEFT: f64 = 130.0;
    const WIDTH: f64 = 640.0;
    /// The axis goes from a tenth to a hundred times CPython's speed.
    const DECADES: f64 = 3.0;
    let base = runners.iter().position(|runner| runner.name == "CPython").unwrap_or(0);
    let group = BAR * runners.len() as f64 + 8.0;
    let height = 40.0 + group * rows.len() as f64;
    let x_of = |speed: f64| LEFT + ((speed.log10() + 1.0) / DECADES).clamp(0.0, 1.0) * WIDTH;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{height}\" font-family=\"sans-serif\" \
         font-size=\"11\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n",
        LEFT + WIDTH + 30.0
    );
    for (at, runner) in runners.iter().enumerate() {
        let x = LEFT + at as f64 * 110.0;
        _ = writeln!(out, "<rect x=\"{x}\" y=\"6\" width=\"10\" height=\"10\" fill=\"{}\"/>", runner.colour);
        _ = writeln!(out, "<text x=\"{}\" y=\"15\">{}</text>", x + 14.0, runner.name);
    }
    for speed in [0.1, 1.0, 10.0, 100.0] {
        let x = x_of(speed);
        _ = writeln!(out, "<line x1=\"{x}\" x2=\"{x}\" y1=\"24\" y2=\"{}\" stroke=\"#ccc\"/>", height - 14.0);
        _ = writeln!(out, "<text x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{speed}×</text>", height - 2.0);
    }
    for (at, row) in rows.iter().enumerate() {
        let top = 26.0 + at as f64 * group;
        _ = writeln!(out, "<text x=\"4\" y=\"{}\">{}</text>", top + group / 2.0, row.program);
        let Some(cpython) = row.times[base] else { continue };
        for (bar, (runner, times)) in runners.iter().zip(&row.times).enumerate() {
            let Some(times) = times else { continue };
            let (one, end) = (x_of(1.0), x_of(cpython.best / times.best));
            let (x, width) = (one.min(end), (end - one).abs().max(1.0));
            let y = top + bar as f64 * BAR;
            _ = writeln!(
                out,
                "<rect x=\"{x:.1}\" y=\"{y}\" width=\"{width:.1}\" height=\"{}\" fill=\"{}\"/>",
                BAR - 1.0,
                runner.colour
            );
        }
    }
    out + "</svg>\n"
}
