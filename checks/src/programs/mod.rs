//! Python programs from a grammar, which must do the same in every mode.
//!
//! Bytes are choices (`choices`), choices make a program (`program`, `grammar`) and the modes to run it in (`modes`). It runs
//! in this process (`run`); where a mode gives something else than tier 1 alone, the program is made small (`shrink`).

pub mod choices;
mod deadline;
mod grammar;
pub mod modes;
pub mod program;
pub mod run;
pub mod shrink;

use std::fmt;

use choices::Choices;
use modes::Mode;
use run::{Outcome, Run, Runner};

/// Exit status of a machine that panicked.
const PANIC_STATUS: u8 = 70;

/// A program that does not do the same in all modes, or makes a machine panic.
#[derive(Clone, Debug)]
pub struct Finding {
    pub source: String,
    pub mode: Mode,
    pub expected: String,
    pub got: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let commented = |text: &str| text.lines().map(|line| format!("#   {line}\n")).collect::<String>();
        writeln!(f, "# {}\n{}", self.mode, self.source.trim_end())?;
        writeln!(f, "# expected, as with --jit=off:\n{}# got:\n{}", commented(&self.expected), commented(&self.got))
    }
}

/// The program that the bytes stand for, and modes to run it in.
pub fn case(bytes: &[u8]) -> (String, Vec<Mode>) {
    let mut choices = Choices::new(bytes);
    let modes = Mode::choose(&mut choices);
    (program::generate(&mut choices), modes)
}

/// Generates a program and runs it in some modes.
pub fn check(bytes: &[u8], runner: &mut Runner) -> Result<(), Box<Finding>> {
    let (source, modes) = case(bytes);
    compare(&source, &modes, runner)
}

/// Runs a program by tier 1 alone and in each of the modes. What is no program, or takes too long, is nothing to compare.
pub fn compare(source: &str, modes: &[Mode], runner: &mut Runner) -> Result<(), Box<Finding>> {
    let Ok(code) = Runner::compile(source) else { return Ok(()) };
    let Run::Ended(expected) = runner.run(&code, source, &Mode::reference()) else { return Ok(()) };
    if expected.status == PANIC_STATUS {
        return Err(Box::new(finding(source, Mode::reference(), runner)));
    }
    for mode in modes {
        let is_slow = mode.collects_always();
        let differs = match runner.run(&code, source, mode) {
            Run::Ended(got) => got != expected,
            Run::TooLong => !is_slow,
        };
        if differs {
            return Err(Box::new(finding(source, mode.clone(), runner)));
        }
    }
    Ok(())
}

/// What the program gives by tier 1 alone and in the mode, if that shows a fault.
pub fn fault(source: &str, mode: &Mode, runner: &mut Runner) -> Option<(Outcome, Option<Outcome>)> {
    let code = Runner::compile(source).ok()?;
    let Run::Ended(expected) = runner.run(&code, source, &Mode::reference()) else { return None };
    if expected.status == PANIC_STATUS {
        return (*mode == Mode::reference()).then_some((Outcome::default(), Some(expected)));
    }
    match runner.run(&code, source, mode) {
        Run::Ended(got) => (got != expected).then_some((expected, Some(got))),
        Run::TooLong => Some((expected, None)),
    }
}

/// Makes the program small.
pub(crate) fn finding(source: &str, mode: Mode, runner: &mut Runner) -> Finding {
    let small = shrink::shrink(source, |text| fault(text, &mode, runner).is_some());
    let (expected, got) = fault(&small, &mode, runner).unwrap_or_default();
    let got = got.map_or("it does not end".to_owned(), |got| got.to_string());
    Finding { source: small, mode, expected: expected.to_string(), got }
}
