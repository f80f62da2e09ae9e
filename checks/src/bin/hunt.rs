//! `hunt`: runs the checks on random input for as long as one likes, on stable Rust and without a fuzzer, and keeps what
//! it finds.
//!
//! The checks run in a process of their own, so that a crash is a finding like any other: the parent makes its program
//! small, too, by running candidates in processes that may die.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use stitch_checks::programs::choices::Random;
use stitch_checks::programs::modes::Mode;
use stitch_checks::programs::run::{Runner, on_big_stack};
use stitch_checks::programs::{self, Finding, shrink};

const USAGE: &str = "\
usage: hunt programs [--seconds N] [--seed N] [--folder FOLDER]
       hunt print SEED        the program of a seed
       hunt again FILE...     runs what was found once more
";
/// A program may run so long by tier 1.
const LIMIT: Duration = Duration::from_millis(400);
/// Exit status of a run that was not as expected.
const DIFFERS: i32 = 3;

struct Options {
    seconds: u64,
    seed: u64,
    folder: PathBuf,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["programs", ref rest @ ..] => match parse(rest) {
            Some(options) => hunt(&options),
            None => usage(),
        },
        ["work", seed, seconds, folder] => {
            work(seed.parse().unwrap_or(0), seconds.parse().unwrap_or(1), Path::new(folder))
        }
        ["print", seed] => {
            let (source, modes) = programs::case(&Random::new(seed.parse().unwrap_or(0)).bytes());
            modes.iter().for_each(|mode| println!("# {mode}"));
            println!("{source}");
            ExitCode::SUCCESS
        }
        ["try", file, mode] => match mode.parse() {
            Ok(mode) => try_once(file, &mode),
            Err(_) => usage(),
        },
        ["again", ref files @ ..] => again(files),
        _ => usage(),
    }
}

fn usage() -> ExitCode {
    eprint!("{USAGE}");
    ExitCode::from(2)
}

fn parse(mut words: &[&str]) -> Option<Options> {
    let mut options = Options { seconds: 60, seed: 1, folder: PathBuf::from("findings") };
    while let [name, value, rest @ ..] = words {
        match *name {
            "--seconds" => options.seconds = value.parse().ok()?,
            "--seed" => options.seed = value.parse().ok()?,
            "--folder" => options.folder = PathBuf::from(value),
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
        let (last, status) = run_worker(seed, left, &options.folder);
        if status.success() {
            break;
        }
        n_crashes += 1;
        println!("seed {last}: the worker died, {status}");
        if let Some(finding) = crash(last, &options.folder) {
            keep(&options.folder, last, &finding);
        }
        seed = last + 1;
    }
    println!("{n_crashes} crashes; findings are in {}", options.folder.display());
    ExitCode::SUCCESS
}

/// Runs a worker to its end; gives the last seed it began with.
fn run_worker(seed: u64, seconds: u64, folder: &Path) -> (u64, ExitStatus) {
    let mut command = Command::new(this_program());
    command.args(["work", &seed.to_string(), &seconds.to_string()]).arg(folder).stdout(Stdio::piped());
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
fn work(first: u64, seconds: u64, folder: &Path) -> ExitCode {
    on_big_stack(|| {
        let mut runner = Runner::new(LIMIT);
        let started = Instant::now();
        let (mut seed, mut n_found) = (first, 0);
        let mut shrinking = Duration::ZERO;
        while started.elapsed() < Duration::from_secs(seconds) {
            println!("at {seed}");
            let before = Instant::now();
            if let Err(finding) = programs::check(&Random::new(seed).bytes(), &mut runner) {
                n_found += 1;
                keep(folder, seed, &finding);
                shrinking += before.elapsed();
            }
            seed += 1;
        }
        let n_runs = runner.n_runs;
        let seconds = started.elapsed().as_secs_f64();
        println!(
            "{} programs, {n_runs} runs, {:.0} a second, {n_found} found, {:.0} s spent on making them small",
            seed - first,
            n_runs as f64 / seconds,
            shrinking.as_secs_f64()
        );
    });
    ExitCode::SUCCESS
}

fn keep(folder: &Path, seed: u64, finding: &Finding) {
    let path = folder.join(format!("{seed}.py"));
    fs::write(&path, finding.to_string()).expect("the finding can be written");
    println!("found {}", path.display());
}

/// Finds the mode in which a seed's program crashes, and makes the program small.
fn crash(seed: u64, folder: &Path) -> Option<Finding> {
    let (source, mut modes) = programs::case(&Random::new(seed).bytes());
    modes.insert(0, Mode::reference());
    let file = folder.join("candidate.py");
    let crashes = |source: &str, mode: &Mode| {
        fs::write(&file, source).expect("the candidate can be written");
        let mut command = Command::new(this_program());
        command.arg("try").arg(&file).arg(mode.to_string()).stdout(Stdio::null()).stderr(Stdio::null());
        let status = command.status().expect("a process");
        status.code().is_none().then(|| status.to_string())
    };
    let mode = modes.into_iter().find(|mode| crashes(&source, mode).is_some())?;
    let small = shrink::shrink(&source, |text| crashes(text, &mode).is_some());
    let got = crashes(&small, &mode).unwrap_or_default();
    _ = fs::remove_file(&file);
    Some(Finding { source: small, mode, expected: "no crash".to_owned(), got })
}

/// Runs a program in one mode; the exit status says whether it did as by tier 1.
fn try_once(file: &str, mode: &Mode) -> ExitCode {
    let source = fs::read_to_string(file).unwrap_or_default();
    let found = on_big_stack(|| programs::fault(&source, mode, &mut Runner::new(LIMIT)).is_some());
    ExitCode::from(if found { DIFFERS as u8 } else { 0 })
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
            Some(DIFFERS) => "DIFFERS".to_owned(),
            _ => format!("CRASHES, {status}"),
        };
        n_left += usize::from(!status.success());
        println!("{file}: {text}");
        _ = std::io::stdout().flush();
    }
    if n_left == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
