//! `hunt`: runs the checks on random input for as long as one likes, on stable Rust and without a fuzzer, and keeps what
//! it finds.
//!
//! The checks run in a process of their own, so that a crash is a finding like any other: the parent makes its program
//! small, too, by running candidates in processes that may die.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use stitch_checks::exits;
use stitch_checks::programs::choices::Random;
use stitch_checks::programs::modes::Mode;
use stitch_checks::programs::run::{Run, Runner, on_big_stack};
use stitch_checks::programs::{self, Finding, shrink};

const USAGE: &str = "\
usage: hunt programs|exits|peer [--seconds N] [--seed N] [--folder FOLDER] [--python COMMAND]
       hunt print SEED        the program of a seed
       hunt again FILE...     runs what was found once more

programs: in all modes against --jit=off; exits: the exit of each guard in turn; peer: --jit=off against another Python.
";
/// A program may run so long by tier 1.
const LIMIT: Duration = Duration::from_millis(400);
/// Exit status of a run that was not as expected.
const DIFFERS: u8 = 3;

/// SIGABRT, with which the deadline ends a process that it cannot stop otherwise.
const ABORTED: i32 = 6;

/// What is done with each seed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Check {
    Programs,
    Exits,
    Peer,
}

const CHECKS: [(&str, Check); 3] = [("programs", Check::Programs), ("exits", Check::Exits), ("peer", Check::Peer)];

struct Options {
    name: String,
    check: Check,
    seconds: u64,
    seed: u64,
    folder: PathBuf,
    /// Whose output `peer` compares with.
    python: String,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["print", seed] => {
            let (source, modes) = programs::case(&Random::new(seed.parse().unwrap_or(0)).bytes());
            modes.iter().for_each(|mode| println!("# {mode}"));
            println!("{source}");
            ExitCode::SUCCESS
        }
        ["try", file, mode] => mode.parse().map_or_else(|_| usage(), |mode| try_once(file, &mode)),
        ["again", ref files @ ..] => again(files),
        ["work", name, ref rest @ ..] => parse(name, rest).map_or_else(usage, |options| work(&options)),
        [name, ref rest @ ..] => parse(name, rest).map_or_else(usage, |options| hunt(&options)),
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprint!("{USAGE}");
    ExitCode::from(2)
}

fn parse(name: &str, mut words: &[&str]) -> Option<Options> {
    let &(name, check) = CHECKS.iter().find(|row| row.0 == name)?;
    let folder = PathBuf::from("findings");
    let mut options =
        Options { name: name.to_owned(), check, seconds: 60, seed: 1, folder, python: "python3".to_owned() };
    while let [name, value, rest @ ..] = words {
        match *name {
            "--seconds" => options.seconds = value.parse().ok()?,
            "--seed" => options.seed = value.parse().ok()?,
            "--folder" => options.folder = PathBuf::from(value),
            "--python" => options.python = (*value).to_owned(),
            _ => return None,
        }
        words = rest;
    }
    words.is_empty().then_some(options)
}

/// Starts workers, one after the other: each goes on behind the seed at which the one before it died.
fn hunt(options: &Options) -> ExitCode {
    fs::create_dir_all(&options.folder).expect("a folder for what is found");
    let started = Instant::now();
    let mut seed = options.seed;
    let mut n_crashes = 0;
    loop {
        let left = options.seconds.saturating_sub(started.elapsed().as_secs());
        if left == 0 {
            break;
        }
        let (last, status) = run_worker(options, seed, left);
        if status.success() {
            break;
        }
        n_crashes += 1;
        println!("seed {last}: the worker died, {status}");
        if status.signal() == Some(ABORTED) {
            // Making it small would take that long at each try.
            println!("it does not answer KeyboardInterrupt: hunt print {last}");
        } else if let Some(finding) = crash(options, last) {
            keep(&options.folder, last, &finding);
        }
        seed = last + 1;
    }
    println!("{n_crashes} crashes; findings are in {}", options.folder.display());
    ExitCode::SUCCESS
}

/// Runs a worker to its end; gives the last seed it began with.
fn run_worker(options: &Options, seed: u64, seconds: u64) -> (u64, ExitStatus) {
    let mut command = Command::new(this_program());
    command.args(["work", &options.name, "--seed", &seed.to_string(), "--seconds", &seconds.to_string()]);
    command.arg("--folder").arg(&options.folder).args(["--python", &options.python]).stdout(Stdio::piped());
    let mut child = command.spawn().expect("a worker");
    let mut last = seed;
    for line in BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok) {
        match line.strip_prefix("at ") {
            Some(seed) => last = seed.parse().unwrap_or(last),
            None => println!("{line}"),
        }
    }
    (last, child.wait().expect("a worker that ended"))
}

fn this_program() -> PathBuf {
    std::env::current_exe().expect("this program has a path")
}

/// Checks one seed after the other.
fn work(options: &Options) -> ExitCode {
    on_big_stack(|| {
        let mut runner = Runner::new(LIMIT);
        let started = Instant::now();
        let (mut seed, mut n_found) = (options.seed, 0);
        let mut shrinking = Duration::ZERO;
        while started.elapsed() < Duration::from_secs(options.seconds) {
            println!("at {seed}");
            let before = Instant::now();
            let bytes = Random::new(seed).bytes();
            let result = match options.check {
                Check::Programs => programs::check(&bytes, &mut runner),
                Check::Exits => exits::check(&bytes, &mut runner),
                Check::Peer => check_peer(&bytes, options, &mut runner),
            };
            if let Err(finding) = result {
                n_found += 1;
                keep(&options.folder, seed, &finding);
                shrinking += before.elapsed();
            }
            seed += 1;
        }
        let n_runs = runner.n_runs;
        let seconds = started.elapsed().as_secs_f64();
        println!(
            "{} programs, {n_runs} runs, {:.0} a second, {n_found} found, {:.0} s spent on making them small",
            seed - options.seed,
            n_runs as f64 / seconds,
            shrinking.as_secs_f64()
        );
    });
    ExitCode::SUCCESS
}

/// Compares tier 1 with another Python: what a program prints, since that may word its own mistakes otherwise.
fn check_peer(bytes: &[u8], options: &Options, runner: &mut Runner) -> Result<(), Box<Finding>> {
    let (source, _) = programs::case(bytes);
    let file = options.folder.join("peer.py");
    let mut outputs = |source: &str| {
        let code = Runner::compile(source).ok()?;
        let Run::Ended(ours) = runner.run(&code, source, &Mode::reference()) else { return None };
        fs::write(&file, source).expect("the program can be written");
        let mut command = Command::new(&options.python);
        let theirs = command.arg("-W").arg("ignore").arg(&file).env("PYTHONHASHSEED", "0").output().ok()?;
        Some((programs::run::readable(&theirs.stdout), ours.stdout))
    };
    let mut differ = |source: &str| outputs(source).is_some_and(|(theirs, ours)| theirs != ours);
    if !differ(&source) {
        return Ok(());
    }
    let source = shrink::shrink(&source, &mut differ);
    let (expected, got) = outputs(&source).unwrap_or_default();
    Err(Box::new(Finding { source, mode: Mode::reference(), expected, got }))
}

fn keep(folder: &Path, seed: u64, finding: &Finding) {
    let path = folder.join(format!("{seed}.py"));
    fs::write(&path, finding.to_string()).expect("the finding can be written");
    println!("found {}", path.display());
}

/// Finds the mode in which a seed's program crashes, and makes the program small.
fn crash(options: &Options, seed: u64) -> Option<Finding> {
    let bytes = Random::new(seed).bytes();
    let (source, modes) = match options.check {
        Check::Exits => exits::case(&bytes),
        Check::Programs | Check::Peer => programs::case(&bytes),
    };
    let file = options.folder.join("candidate.py");
    let crashes = |source: &str, mode: &Mode| {
        fs::write(&file, source).expect("the candidate can be written");
        let mut command = Command::new(this_program());
        command.arg("try").arg(&file).arg(mode.to_string()).stdout(Stdio::null()).stderr(Stdio::null());
        let status = command.status().expect("a process");
        status.code().is_none().then(|| status.to_string())
    };
    let mut modes = [Mode::reference()].into_iter().chain(modes);
    let mode = modes.find(|mode| crashes(&source, mode).is_some())?;
    let small = shrink::shrink(&source, |text| crashes(text, &mode).is_some());
    let got = crashes(&small, &mode).unwrap_or_default();
    _ = fs::remove_file(&file);
    Some(Finding { source: small, mode, expected: "no crash".to_owned(), got })
}

/// Runs a program in one mode; the exit status says whether it did as by tier 1.
fn try_once(file: &str, mode: &Mode) -> ExitCode {
    let source = fs::read_to_string(file).unwrap_or_default();
    let found = on_big_stack(|| programs::fault(&source, mode, &mut Runner::new(LIMIT)).is_some());
    ExitCode::from(if found { DIFFERS } else { 0 })
}

/// Runs files that `keep` wrote, in the mode that their first line names; tells which still show their fault.
fn again(files: &[&str]) -> ExitCode {
    let mut n_left = 0;
    for file in files {
        let source = fs::read_to_string(file).unwrap_or_default();
        let Some(mode) = source.lines().next().and_then(|line| line.strip_prefix("# ")) else { continue };
        let status = Command::new(this_program()).args(["try", file, mode]).status().expect("a process");
        let text = match status.code() {
            Some(0) => "as by tier 1".to_owned(),
            Some(code) if code == i32::from(DIFFERS) => "DIFFERS".to_owned(),
            _ => format!("CRASHES, {status}"),
        };
        n_left += usize::from(!status.success());
        println!("{file}: {text}");
        _ = std::io::stdout().flush();
    }
    if n_left == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
