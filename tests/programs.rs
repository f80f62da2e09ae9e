//! Runs every program of `tests/programs/` under every backend and stress mode, and compares what it prints with what
//! CPython prints.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// One way to run a program.
#[derive(Clone, Copy)]
struct Mode {
    jit: &'static str,
    /// Flags beside `--jit`.
    flags: &'static [&'static str],
    stress: &'static str,
}

const fn mode(jit: &'static str, stress: &'static str) -> Mode {
    Mode { jit, flags: &[], stress }
}

/// Traces stay stitched.
const fn no_fuse(jit: &'static str, stress: &'static str) -> Mode {
    Mode { jit, flags: &["--no-fuse"], stress }
}

/// Plain runs of every backend, then the stress modes on those that they mean something to.
const MODES: &[Mode] = &[
    mode("off", ""),
    mode("uops", ""),
    mode("cranelift", ""),
    mode("stencil", ""),
    no_fuse("cranelift", ""),
    mode("off", "gc"),
    mode("uops", "threshold=1"),
    mode("uops", "exit=3"),
    mode("uops", "random-exit=7"),
    mode("uops", "gc"),
    mode("uops", "threshold=3,background=200"),
    no_fuse("uops", "threshold=2"),
    mode("cranelift", "threshold=1"),
    mode("cranelift", "threshold=1,background=0"),
    mode("cranelift", "threshold=3,background=2000"),
    mode("cranelift", "gc,background=100"),
    mode("cranelift", "gc"),
    mode("cranelift", "threshold=2"),
    mode("cranelift", "threshold=2,exit=3"),
    mode("cranelift", "threshold=2,random-exit=7"),
    no_fuse("cranelift", "threshold=2"),
    mode("cranelift", "threshold=1,invalidate=1"),
    mode("stencil", "threshold=1"),
    mode("stencil", "gc"),
    mode("stencil", "threshold=2,exit=3"),
    mode("stencil", "threshold=1,invalidate=1"),
    mode("cranelift", "signals"),
    mode("cranelift", "code-cache=64k"),
    mode("cranelift", "threshold=1,code-cache=64k"),
    mode("cranelift", "small-stack"),
];

impl Mode {
    fn name(self) -> String {
        let mut words = vec![self.jit];
        words.extend(self.flags);
        words.extend(Some(self.stress).filter(|stress| !stress.is_empty()));
        words.join(" ")
    }
    fn is_gc(self) -> bool {
        self.stress.split(',').any(|knob| knob == "gc")
    }
    fn time_limit(self) -> Duration {
        if self.is_gc() { GC_TIME_LIMIT } else { TIME_LIMIT }
    }
}

/// No program may run longer; a plain run takes well under a second in a release build.
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// The same where each allocation collects: a run takes up to 20 seconds with debug assertions, on a machine of its own.
const GC_TIME_LIMIT: Duration = Duration::from_secs(300);
/// Differences shown in full.
const MAX_SHOWN: usize = 12;

struct Program {
    path: PathBuf,
    name: String,
    stdout: String,
    stderr: Option<String>,
    status: i32,
    /// Its first line says why collecting at every allocation would take too long; or it ends by an exception, which imports much
    /// of the library.
    is_too_long_for_gc: bool,
}

/// A mode and the programs that run under it.
struct Round<'p> {
    mode: Mode,
    programs: Vec<&'p Program>,
}

/// Has children end by SIGINT again: a shell that runs this in the background has it ignored, and children inherit that.
fn heed_interrupts() {
    unsafe extern "C" {
        fn signal(number: i32, handler: usize) -> usize;
    }
    // SAFETY: `signal` of the C library, with SIGINT and the default handler.
    unsafe { signal(2, 0) };
}

fn main() -> ExitCode {
    heed_interrupts();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let filter = |name| std::env::var(name).unwrap_or_default();
    let (only, modes) = (filter("STITCH_TEST_ONLY"), filter("STITCH_TEST_MODES"));
    let programs = load_programs(&folder, &only);
    let (plain_sample, gc_sample, stress_sample) = match Sample::from_environment(!only.is_empty()) {
        Ok(samples) => samples,
        Err(text) => {
            println!("{text}");
            return ExitCode::FAILURE;
        }
    };
    let explanations = [
        plain_sample.explain("plain", PLAIN_SAMPLE),
        gc_sample.explain("gc", GC_SAMPLE),
        stress_sample.explain("other stress", STRESS_SAMPLE),
    ];
    for text in explanations.iter().flatten() {
        println!("{text}");
    }
    let rounds: Vec<Round<'_>> = MODES
        .iter()
        .enumerate()
        .filter(|(_, mode)| mode.name().contains(&modes))
        .map(|(mode_idx, &mode)| {
            let runs = |&(program_idx, program): &(usize, &Program)| {
                let turn = mode_idx + program_idx;
                match mode.is_gc() {
                    true => !program.is_too_long_for_gc && gc_sample.has(turn),
                    false if mode.stress.is_empty() => plain_sample.has(turn),
                    false => stress_sample.has(turn),
                }
            };
            let programs = programs.iter().enumerate().filter(runs).map(|(_, program)| program).collect();
            Round { mode, programs }
        })
        .collect();
    let (n_passed, n_failed) = run_all(&rounds, &folder);
    println!("{n_passed} passed, {n_failed} failed");
    if n_passed == 0 || n_failed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Which of the programs run under a kind of modes: one in `n_parts`, those whose turn it is. A program's turn comes under
/// another mode each time.
struct Sample {
    part: usize,
    n_parts: usize,
}

/// The programs of the modes without stress: all, if nothing else is said.
const PLAIN_SAMPLE: &str = "STITCH_TEST_PLAIN_SAMPLE";
/// The programs of the modes that collect at every allocation, which take half of the time: a third, if nothing else is said.
const GC_SAMPLE: &str = "STITCH_TEST_SAMPLE";
/// The programs of the other stress modes: all, if nothing else is said.
const STRESS_SAMPLE: &str = "STITCH_TEST_STRESS_SAMPLE";

impl Sample {
    const ALL: Sample = Sample { part: 0, n_parts: 1 };
    const N_GC_PARTS: usize = 3;

    /// The samples for plain modes, for gc modes and for the other stress modes. Programs that were asked for by name run all.
    fn from_environment(is_by_name: bool) -> Result<(Sample, Sample, Sample), String> {
        let gc = match Sample::of(GC_SAMPLE)? {
            Some(sample) => sample,
            None if is_by_name => Sample::ALL,
            None => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Sample { part: since.as_secs() as usize % Sample::N_GC_PARTS, n_parts: Sample::N_GC_PARTS }
            }
        };
        let others = |variable| Ok::<_, String>(Sample::of(variable)?.unwrap_or(Sample::ALL));
        Ok((others(PLAIN_SAMPLE)?, gc, others(STRESS_SAMPLE)?))
    }

    /// What a variable says: `all`, or `2/3` for the second third.
    fn of(variable: &str) -> Result<Option<Sample>, String> {
        let parse = |text: &str| {
            let (part, n_parts) = text.split_once('/')?;
            let (part, n_parts): (usize, usize) = (part.parse().ok()?, n_parts.parse().ok()?);
            (1..=n_parts).contains(&part).then_some(Sample { part: part - 1, n_parts })
        };
        match std::env::var(variable).as_deref() {
            Ok("all") => Ok(Some(Sample::ALL)),
            Err(_) | Ok("") => Ok(None),
            Ok(text) => match parse(text) {
                Some(sample) => Ok(Some(sample)),
                None => Err(format!("{variable} is 'all' or such as '1/3', not '{text}'")),
            },
        }
    }

    fn has(&self, turn: usize) -> bool {
        turn % self.n_parts == self.part
    }

    /// What was left out and how to see the same again.
    fn explain(&self, modes: &str, variable: &str) -> Option<String> {
        let Sample { part, n_parts } = self;
        let part = part + 1;
        (*n_parts > 1).then(|| {
            format!("{modes} modes run one program in {n_parts}: {variable}={part}/{n_parts} is this one, 'all' is all")
        })
    }
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("tests/programs is there");
    let paths = entries.map(|entry| entry.expect("a readable entry").path());
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}

fn load_programs(folder: &Path, only: &str) -> Vec<Program> {
    let mut paths = files_below(folder);
    paths.retain(|path| path.extension() == Some(OsStr::new("py")));
    paths.sort();
    let load = |path: PathBuf| {
        let beside = |extension| fs::read_to_string(path.with_extension(extension)).ok();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let says_so = || fs::read_to_string(&path).is_ok_and(|text| text.starts_with("# Not under gc: "));
        let stderr = beside("err").map(|text| text.replace("{dir}", &folder.to_string_lossy()));
        Program {
            stdout: beside("out").unwrap_or_else(|| panic!("{name}.out is missing")),
            status: beside("status").map_or(0, |text| text.trim().parse().expect("a number")),
            is_too_long_for_gc: stderr.is_some() || says_so(),
            stderr,
            name,
            path,
        }
    };
    paths.into_iter().map(load).filter(|program| program.name.contains(only)).collect()
}

/// How far one round is.
struct Progress {
    started: Option<Instant>,
    n_left: usize,
    failed: Vec<String>,
}

/// What the workers write to, a line at a time.
struct Report {
    rounds: Vec<Progress>,
    n_passed: usize,
    n_failed: usize,
}

/// Runs the rounds one after the other and tells how each went when it is over, failures at once. How many programs
/// passed and failed.
fn run_all(rounds: &[Round<'_>], folder: &Path) -> (usize, usize) {
    let n_workers = std::env::var("STITCH_TEST_JOBS").ok().and_then(|text| text.parse().ok()).unwrap_or(2usize);
    let jobs: Vec<(usize, &Program)> =
        rounds.iter().enumerate().flat_map(|(i, round)| round.programs.iter().map(move |&p| (i, p))).collect();
    let progress = |round: &Round<'_>| Progress { started: None, n_left: round.programs.len(), failed: Vec::new() };
    let report = Report { rounds: rounds.iter().map(progress).collect(), n_passed: 0, n_failed: 0 };
    let (next, report) = (AtomicUsize::new(0), Mutex::new(report));
    std::thread::scope(|scope| {
        for _ in 0..n_workers.max(1) {
            scope.spawn(|| {
                while let Some(&(round_idx, program)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let round = &rounds[round_idx];
                    report.lock().expect("no worker panicked").rounds[round_idx]
                        .started
                        .get_or_insert_with(Instant::now);
                    let outcome = check(program, round.mode, folder);
                    report.lock().expect("no worker panicked").note(round_idx, round, program, outcome);
                }
            });
        }
    });
    let report = report.into_inner().expect("no worker panicked");
    (report.n_passed, report.n_failed)
}

impl Report {
    fn note(&mut self, round_idx: usize, round: &Round<'_>, program: &Program, outcome: Result<(), String>) {
        let name = round.mode.name();
        let progress = &mut self.rounds[round_idx];
        progress.n_left -= 1;
        match outcome {
            Ok(()) => self.n_passed += 1,
            Err(text) => {
                self.n_failed += 1;
                progress.failed.push(program.name.clone());
                let text = if self.n_failed > MAX_SHOWN { "    (not shown in full)" } else { &text };
                println!("--- {} under {name}\n{text}\n", program.name);
            }
        }
        if progress.n_left == 0 {
            let (n_all, failed) = (round.programs.len(), &progress.failed);
            let seconds = progress.started.map_or(0.0, |started| started.elapsed().as_secs_f64());
            let mark = if failed.is_empty() { "ok    " } else { "FAILED" };
            let n_ok = n_all - failed.len();
            println!("{mark} {name:36} {n_ok:3} of {n_all} programs in {seconds:5.1} s  {}", failed.join(" "));
        }
    }
}

/// Runs one program one way; `Err` tells what was wrong and how to see it.
fn check(program: &Program, mode: Mode, folder: &Path) -> Result<(), String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stitch"));
    command.arg(format!("--jit={}", mode.jit)).args(mode.flags).arg(&program.path).current_dir(folder);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PYTHON")) {
        command.env_remove(name);
    }
    command.env("PYTHONHASHSEED", "0").env("NO_COLOR", "1");
    if mode.stress.is_empty() {
        command.env_remove("STITCH_STRESS");
    } else {
        command.env("STITCH_STRESS", mode.stress);
    }
    let flags: String = mode.flags.iter().map(|flag| format!(" {flag}")).collect();
    let again =
        format!("    STITCH_STRESS={} stitch --jit={}{flags} {}", mode.stress, mode.jit, program.path.display());
    let ran = run_limited(&mut command, mode.time_limit()).map_err(|text| format!("{text}\n{again}"))?;
    let mut wrong = Vec::new();
    if ran.status != Some(program.status) {
        let shown = ran.status.map_or("killed by a signal".to_owned(), |status| format!("status {status}"));
        wrong.push(format!("{shown}, expected {}\n{}", program.status, tail(&ran.stderr)));
    }
    if ran.stdout != program.stdout {
        wrong.push(first_difference("stdout", &program.stdout, &ran.stdout));
    }
    match &program.stderr {
        Some(expected) if *expected != ran.stderr => wrong.push(first_difference("stderr", expected, &ran.stderr)),
        None if !ran.stderr.is_empty() && wrong.is_empty() => {
            wrong.push(format!("unexpected stderr:\n{}", tail(&ran.stderr)));
        }
        _ => {}
    }
    if wrong.is_empty() { Ok(()) } else { Err(format!("{}\n{again}", wrong.join("\n"))) }
}

struct Ran {
    /// `None`: killed by a signal.
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

fn run_limited(command: &mut Command, limit: Duration) -> Result<Ran, String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("cannot start: {error}"))?;
    let stdout = read_in_background(child.stdout.take());
    let stderr = read_in_background(child.stderr.take());
    let status = wait(&mut child, limit)?;
    let text = |thread: std::thread::JoinHandle<String>| thread.join().unwrap_or_default();
    Ok(Ran { status, stdout: text(stdout), stderr: text(stderr) })
}

fn wait(child: &mut Child, limit: Duration) -> Result<Option<i32>, String> {
    let started = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.code()),
            Ok(None) if started.elapsed() < limit => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(10));
            }
            Ok(None) => {
                // It may have ended between the two calls.
                _ = child.kill();
                _ = child.wait();
                return Err(format!("still running after {limit:?}"));
            }
            Err(error) => return Err(format!("cannot wait: {error}")),
        }
    }
}

fn read_in_background(pipe: Option<impl std::io::Read + Send + 'static>) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            // What was read before an error is what there is to compare.
            _ = pipe.read_to_end(&mut bytes);
        }
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

fn first_difference(stream: &str, expected: &str, got: &str) -> String {
    let (mut wanted, mut have) = (expected.lines(), got.lines());
    let mut line = 0;
    loop {
        line += 1;
        match (wanted.next(), have.next()) {
            (None, None) => return format!("{stream} differs in its line ends"),
            (a, b) if a == b => {}
            (a, b) => {
                let shown = |text: Option<&str>| text.map_or("(nothing)".to_owned(), |text| clip(text).to_owned());
                return format!("{stream}, line {line}\n  expected {}\n  got      {}", shown(a), shown(b));
            }
        }
    }
}

fn clip(text: &str) -> &str {
    let end = text.char_indices().nth(300).map_or(text.len(), |(at, _)| at);
    &text[..end]
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(12)..].iter().map(|line| format!("  {}\n", clip(line))).collect()
}
