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
use stitch_checks::superblocks::Checker;
use stitch_checks::superblocks::choices::bytes_of_seed;

const USAGE: &str = "\
usage: hunt programs|exits|peer|superblocks|passes [--seconds N] [--seed N] [--folder FOLDER] [--python COMMAND]
       hunt print SEED             the program of a seed
       hunt again FILE...          runs what was found once more
       hunt bytes CHECK FILE...    runs a check on a fuzzer's files

programs: in all modes against --jit=off; exits: the exit of each guard in turn; peer: --jit=off against another Python;
superblocks: interpreted against compiled, fused against stitched; passes: before against after.
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
    Superblocks,
    Passes,
}

const CHECKS: [(&str, Check); 5] = [
    ("programs", Check::Programs),
    ("exits", Check::Exits),
    ("peer", Check::Peer),
    ("superblocks", Check::Superblocks),
    ("passes", Check::Passes),
];

impl Check {
    fn is_of_programs(self) -> bool {
        matches!(self, Check::Programs | Check::Exits | Check::Peer)
    }

    /// What random input is like: programs have other bytes than superblocks.
    fn bytes(self, seed: u64) -> Vec<u8> {
        if self.is_of_programs() { Random::new(seed).bytes() } else { bytes_of_seed(seed, 4 + (seed % 40) as usize) }
    }
}

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
        ["bytes", name, ref files @ ..] => parse(name, &[]).map_or_else(usage, |options| run_files(&options, files)),
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
            keep(&options.folder, last, &finding.to_string());
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

/// What runs the checks, one for all seeds.
struct Worker<'o> {
    options: &'o Options,
    runner: Runner,
    checker: Option<Checker>,
}

impl Worker<'_> {
    fn new(options: &Options) -> Worker<'_> {
        let checker = (!options.check.is_of_programs()).then(|| Checker::new(false));
        Worker { options, runner: Runner::new(LIMIT), checker }
    }

    /// The finding's text, if there is one.
    fn check(&mut self, bytes: &[u8]) -> Result<(), String> {
        let runner = &mut self.runner;
        let found = match (self.options.check, &mut self.checker) {
            (Check::Exits, _) => exits::check(bytes, runner),
            (Check::Peer, _) => check_peer(bytes, self.options, runner),
            (Check::Superblocks, Some(checker)) => {
                let checked = checker.check(bytes, Checker::check_backends);
                return checked.and_then(|()| checker.check_trees(bytes)).map_err(|failure| failure.to_string());
            }
            (Check::Passes, Some(checker)) => {
                return checker.check(bytes, Checker::check_passes).map_err(|failure| failure.to_string());
            }
            (Check::Programs | Check::Superblocks | Check::Passes, _) => programs::check(bytes, runner),
        };
        found.map_err(|finding| finding.to_string())
    }

    fn n_runs(&self) -> u64 {
        self.checker.as_ref().map_or(self.runner.n_runs, |checker| checker.coverage.n_runs)
    }
}

/// Checks one seed after the other.
fn work(options: &Options) -> ExitCode {
    on_big_stack(|| {
        let mut worker = Worker::new(options);
        let started = Instant::now();
        let (mut seed, mut n_found) = (options.seed, 0);
        let mut shrinking = Duration::ZERO;
        while started.elapsed() < Duration::from_secs(options.seconds) {
            println!("at {seed}");
            let before = Instant::now();
            if let Err(finding) = worker.check(&options.check.bytes(seed)) {
                n_found += 1;
                keep(&options.folder, seed, &finding);
                shrinking += before.elapsed();
            }
            seed += 1;
        }
        let n_runs = worker.n_runs();
        let seconds = started.elapsed().as_secs_f64();
        println!(
            "{} cases, {n_runs} runs, {:.0} a second, {n_found} found, {:.0} s spent on making them small",
            seed - options.seed,
            n_runs as f64 / seconds,
            shrinking.as_secs_f64()
        );
    });
    ExitCode::SUCCESS
}

/// Runs a check on the bytes of files, as a fuzzer keeps them.
fn run_files(options: &Options, files: &[&str]) -> ExitCode {
    on_big_stack(|| {
        let mut worker = Worker::new(options);
        let mut code = ExitCode::SUCCESS;
        for file in files {
            if let Err(finding) = worker.check(&fs::read(file).unwrap_or_default()) {
                println!("{file}:\n{finding}");
                code = ExitCode::FAILURE;
            }
        }
        code
    })
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

fn keep(folder: &Path, seed: u64, finding: &str) {
    let path = folder.join(format!("{seed}.py"));
    fs::write(&path, finding).expect("the finding can be written");
    println!("found {}", path.display());
}

/// Finds the mode in which a seed's program crashes, and makes the program small.
fn crash(options: &Options, seed: u64) -> Option<Finding> {
    let bytes = options.check.bytes(seed);
    let (source, modes) = match options.check {
        Check::Exits => exits::case(&bytes),
        Check::Programs | Check::Peer => programs::case(&bytes),
        Check::Superblocks | Check::Passes => return None,
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
