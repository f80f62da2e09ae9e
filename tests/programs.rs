//! Runs every program of `tests/programs/` under every backend and stress mode, and compares what it prints with what
//! CPython prints.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// One way to run a program.
#[derive(Clone, Copy)]
struct Mode {
    jit: &'static str,
    stress: &'static str,
}

/// Plain runs of every backend, then the stress modes on those that they mean something to.
const MODES: &[Mode] = &[
    Mode { jit: "off", stress: "" },
    Mode { jit: "uops", stress: "" },
    Mode { jit: "cranelift", stress: "" },
    Mode { jit: "off", stress: "gc" },
    Mode { jit: "uops", stress: "threshold=1" },
    Mode { jit: "uops", stress: "exit=3" },
    Mode { jit: "uops", stress: "random-exit=7" },
    Mode { jit: "uops", stress: "gc" },
    Mode { jit: "uops", stress: "threshold=3,background=200" },
    Mode { jit: "cranelift", stress: "threshold=1" },
    Mode { jit: "cranelift", stress: "threshold=1,background=0" },
    Mode { jit: "cranelift", stress: "threshold=3,background=2000" },
    Mode { jit: "cranelift", stress: "gc,background=100" },
    Mode { jit: "cranelift", stress: "gc" },
    Mode { jit: "cranelift", stress: "threshold=2" },
    Mode { jit: "cranelift", stress: "threshold=2,exit=3" },
    Mode { jit: "cranelift", stress: "threshold=2,random-exit=7" },
    Mode { jit: "cranelift", stress: "threshold=1,invalidate=1" },
    Mode { jit: "cranelift", stress: "signals" },
    Mode { jit: "cranelift", stress: "code-cache=64k" },
    Mode { jit: "cranelift", stress: "threshold=1,code-cache=64k" },
    Mode { jit: "cranelift", stress: "small-stack" },
];

impl Mode {
    fn name(self) -> String {
        if self.stress.is_empty() { self.jit.to_owned() } else { format!("{} {}", self.jit, self.stress) }
    }
}

/// No program may run longer; a plain run takes well under a second in a release build.
const TIME_LIMIT: Duration = Duration::from_secs(60);
/// Differences shown in full.
const MAX_SHOWN: usize = 12;

struct Program {
    path: PathBuf,
    name: String,
    stdout: String,
    stderr: Option<String>,
    status: i32,
    /// Its first line says why collecting at every allocation would take too long.
    is_too_long_for_gc: bool,
}

fn main() -> ExitCode {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let filter = |name| std::env::var(name).unwrap_or_default();
    let (only, modes) = (filter("STITCH_TEST_ONLY"), filter("STITCH_TEST_MODES"));
    let programs = load_programs(&folder, &only);
    let jobs: Vec<(&Program, Mode)> = MODES
        .iter()
        .filter(|mode| mode.name().contains(&modes))
        .flat_map(|&mode| programs.iter().map(move |program| (program, mode)))
        .filter(|(program, mode)| !(program.is_too_long_for_gc && mode.stress.split(',').any(|knob| knob == "gc")))
        .collect();
    let failures = run_all(&jobs, &folder);
    for failure in failures.iter().take(MAX_SHOWN) {
        println!("{failure}");
    }
    summarize(&jobs, &failures);
    if jobs.is_empty() || !failures.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn load_programs(folder: &Path, only: &str) -> Vec<Program> {
    let entries = fs::read_dir(folder).expect("tests/programs is there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.retain(|path| path.extension() == Some(OsStr::new("py")));
    paths.sort();
    let load = |path: PathBuf| {
        let beside = |extension| fs::read_to_string(path.with_extension(extension)).ok();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Program {
            stdout: beside("out").unwrap_or_else(|| panic!("{name}.out is missing")),
            stderr: beside("err").map(|text| text.replace("{dir}", &folder.to_string_lossy())),
            status: beside("status").map_or(0, |text| text.trim().parse().expect("a number")),
            is_too_long_for_gc: fs::read_to_string(&path).is_ok_and(|text| text.starts_with("# Not under gc: ")),
            name,
            path,
        }
    };
    paths.into_iter().map(load).filter(|program| program.name.contains(only)).collect()
}

struct Failure {
    program: String,
    mode: String,
    text: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "--- {} under {}\n{}", self.program, self.mode, self.text)
    }
}

fn run_all(jobs: &[(&Program, Mode)], folder: &Path) -> Vec<Failure> {
    let n_workers = std::env::var("STITCH_TEST_JOBS").ok().and_then(|text| text.parse().ok()).unwrap_or(2usize);
    let next = AtomicUsize::new(0);
    let failures = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..n_workers.max(1) {
            scope.spawn(|| {
                while let Some((program, mode)) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(text) = check(program, *mode, folder) {
                        let failure = Failure { program: program.name.clone(), mode: mode.name(), text };
                        failures.lock().expect("no worker panicked").push(failure);
                    }
                }
            });
        }
    });
    let mut failures = failures.into_inner().expect("no worker panicked");
    failures.sort_by(|a, b| (&a.mode, &a.program).cmp(&(&b.mode, &b.program)));
    failures
}

/// Runs one program one way; `Err` tells what was wrong and how to see it.
fn check(program: &Program, mode: Mode, folder: &Path) -> Result<(), String> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stitch"));
    command.arg(format!("--jit={}", mode.jit)).arg(&program.path).current_dir(folder);
    command.env("PYTHONHASHSEED", "0").env_remove("PYTHONPATH").env_remove("PYTHON_JIT").env("NO_COLOR", "1");
    if mode.stress.is_empty() {
        command.env_remove("STITCH_STRESS");
    } else {
        command.env("STITCH_STRESS", mode.stress);
    }
    let again = format!("    STITCH_STRESS={} stitch --jit={} {}", mode.stress, mode.jit, program.path.display());
    let ran = run_limited(&mut command).map_err(|text| format!("{text}\n{again}"))?;
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

fn run_limited(command: &mut Command) -> Result<Ran, String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| format!("cannot start: {error}"))?;
    let stdout = read_in_background(child.stdout.take());
    let stderr = read_in_background(child.stderr.take());
    let status = wait(&mut child)?;
    let text = |thread: std::thread::JoinHandle<String>| thread.join().unwrap_or_default();
    Ok(Ran { status, stdout: text(stdout), stderr: text(stderr) })
}

fn wait(child: &mut Child) -> Result<Option<i32>, String> {
    let started = Instant::now();
    let mut pause = Duration::from_micros(200);
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.code()),
            Ok(None) if started.elapsed() < TIME_LIMIT => {
                std::thread::sleep(pause);
                pause = (pause * 2).min(Duration::from_millis(10));
            }
            Ok(None) => {
                // It may have ended between the two calls.
                _ = child.kill();
                _ = child.wait();
                return Err(format!("still running after {TIME_LIMIT:?}"));
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

fn summarize(jobs: &[(&Program, Mode)], failures: &[Failure]) {
    for mode in MODES {
        let name = mode.name();
        let n_jobs = jobs.iter().filter(|(_, job)| job.name() == name).count();
        if n_jobs == 0 {
            continue;
        }
        let failed: Vec<&str> =
            failures.iter().filter(|failure| failure.mode == name).map(|failure| failure.program.as_str()).collect();
        let mark = if failed.is_empty() { "ok    " } else { "FAILED" };
        println!("{mark} {name:36} {:3} of {n_jobs} programs  {}", n_jobs - failed.len(), failed.join(" "));
    }
}
