//! The ways to run a program, all of which must give the same.

use std::fmt;
use std::str::FromStr;

use stitch_runtime::config::{CompileThread, Config, JitMode};
use stitch_runtime::debug::stress::Stress;

use super::choices::Choices;

/// One way to run a program. Its text is what to type to see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mode {
    pub jit: JitMode,
    pub fuse: bool,
    pub background: bool,
    pub loop_threshold: u32,
    pub exit_threshold: u32,
    /// A list of knobs, as `STITCH_STRESS` has it.
    pub stress: String,
}

/// What a mode is made from: an executor of hot code, whether it may fuse, a list of knobs in which `#` is a number to
/// choose, and how often it is taken.
type Row = (JitMode, bool, &'static str, usize);

/// The modes that some programs are run in, beside those that all are. A collection at every allocation takes as long as a
/// hundred other runs.
const SAMPLED: &[Row] = &[
    (JitMode::Uops, true, "threshold=1", 20),
    (JitMode::Uops, true, "threshold=2,exit=#", 30),
    (JitMode::Uops, true, "threshold=2,random-exit=#", 40),
    (JitMode::Uops, true, "threshold=2,invalidate=#", 20),
    (JitMode::Uops, true, "threshold=1,random-exit=#,signals", 10),
    (JitMode::Uops, false, "threshold=2", 10),
    (JitMode::Uops, true, "gc,threshold=3", 1),
    (JitMode::Cranelift, true, "threshold=1", 10),
    (JitMode::Cranelift, true, "threshold=2,exit=#", 10),
    (JitMode::Cranelift, true, "threshold=2,random-exit=#", 20),
    (JitMode::Cranelift, true, "threshold=2,invalidate=#", 10),
    (JitMode::Cranelift, true, "threshold=2,signals", 5),
    (JitMode::Cranelift, true, "threshold=1,code-cache=64k", 5),
    (JitMode::Cranelift, true, "threshold=2,small-stack", 5),
    (JitMode::Cranelift, true, "threshold=3,background=0", 5),
    (JitMode::Cranelift, true, "gc,threshold=3", 1),
    (JitMode::Cranelift, false, "threshold=2", 5),
    (JitMode::Stencil, true, "threshold=1", 10),
    (JitMode::Stencil, true, "threshold=2,random-exit=#", 20),
    (JitMode::Stencil, true, "threshold=2,invalidate=#", 10),
    (JitMode::Stencil, true, "threshold=1,code-cache=64k", 5),
    (JitMode::Stencil, true, "gc,threshold=3", 1),
];

impl Mode {
    /// By tier 1 alone: what all others must give.
    pub fn reference() -> Mode {
        Mode {
            jit: JitMode::Off,
            fuse: true,
            background: false,
            loop_threshold: 1000,
            exit_threshold: 1000,
            stress: String::new(),
        }
    }

    /// A backend with low thresholds and no knob.
    pub(crate) fn plain(jit: JitMode, choices: &mut Choices) -> Mode {
        let loop_threshold = choices.pick(&[3, 2, 5, 9]);
        Mode { jit, loop_threshold, exit_threshold: choices.pick(&[2, 1, 3, 7]), ..Mode::reference() }
    }

    /// The modes for one program: the uop interpreter and, for some, Cranelift, then two of the others.
    pub fn choose(choices: &mut Choices) -> Vec<Mode> {
        let mut modes = vec![Mode::plain(JitMode::Uops, choices)];
        if choices.chance(8) {
            modes.push(Mode::plain(JitMode::Cranelift, choices));
        }
        for _ in 0..2 {
            modes.push(Mode::sampled(choices));
        }
        modes
    }

    fn sampled(choices: &mut Choices) -> Mode {
        let n_all = SAMPLED.iter().map(|row| row.3).sum();
        let mut left = choices.below(n_all);
        let is_it = |row: &&Row| {
            let is_here = left < row.3;
            left = left.saturating_sub(row.3);
            is_here
        };
        let &(jit, fuse, knobs, _) = SAMPLED.iter().find(is_it).unwrap_or(&SAMPLED[0]);
        let number = 2 + choices.below(1000);
        // Every guard's exit is taken often enough for what lies behind it to be compiled.
        let number = if knobs.contains("exit=#") && !knobs.contains("random") { 2 + number % 12 } else { number };
        let stress = knobs.replace('#', &number.to_string());
        Mode { jit, fuse, background: stress.contains("background"), stress, ..Mode::plain(jit, choices) }
    }

    /// The same with the `n`th guard's exit taken, alone.
    pub fn with_exit_at(&self, n: u32) -> Mode {
        Mode { stress: format!("exit-at={n}"), ..self.clone() }
    }

    pub fn collects_always(&self) -> bool {
        self.stress.split(',').any(|knob| knob == "gc")
    }

    pub fn config(&self) -> Config {
        let compile_thread = if self.background { CompileThread::Background } else { CompileThread::Sync };
        Config {
            jit: self.jit,
            compile_thread,
            loop_threshold: Some(self.loop_threshold),
            exit_threshold: Some(self.exit_threshold),
            no_fuse: !self.fuse,
            stress: Stress::parse(&self.stress).expect("knobs that there are"),
            hash_seed: Some(0),
            ..Config::default()
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.stress.is_empty() {
            write!(f, "STITCH_STRESS={} ", self.stress)?;
        }
        let name = JitMode::ALL.iter().find(|row| row.1 == self.jit).map_or("?", |row| row.0);
        write!(f, "PYTHONHASHSEED=0 stitch --jit={name}")?;
        if self.jit != JitMode::Off {
            let compile = if self.background { "background" } else { "sync" };
            write!(f, " --jit-compile={compile} --threshold={}", self.loop_threshold)?;
            write!(f, " --exit-threshold={}", self.exit_threshold)?;
            if !self.fuse {
                write!(f, " --no-fuse")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Mode {
    type Err = String;

    /// Reads what `Display` writes.
    fn from_str(text: &str) -> Result<Mode, String> {
        let mut mode = Mode::reference();
        for word in text.split_whitespace() {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            let number = || value.parse::<u32>().map_err(|_| format!("no number: {word}"));
            match name {
                "STITCH_STRESS" => mode.stress = value.to_owned(),
                "PYTHONHASHSEED" | "stitch" => {}
                "--jit" => mode.jit = JitMode::from_name(value).ok_or(format!("no such mode: {word}"))?,
                "--jit-compile" => mode.background = value == "background",
                "--threshold" => mode.loop_threshold = number()?,
                "--exit-threshold" => mode.exit_threshold = number()?,
                "--no-fuse" => mode.fuse = false,
                _ => return Err(format!("what is {word}?")),
            }
        }
        Stress::parse(&mode.stress).map_err(|error| error.to_string())?;
        Ok(mode)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_rows_are_modes() {
        for first in 0..=255 {
            let bytes = [first; 8];
            let mut choices = Choices::new(&bytes);
            for mode in Mode::choose(&mut choices) {
                _ = mode.config();
                assert_eq!(mode.to_string().parse(), Ok(mode));
            }
        }
    }
}
