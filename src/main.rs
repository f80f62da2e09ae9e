//! `stitch`: runs Python programs.

mod flags;
mod generate;
mod run;

use std::io::Write as _;
use std::process::ExitCode;

use flags::Action;

fn main() -> ExitCode {
    match flags::parse(std::env::args_os().skip(1), |name| std::env::var_os(name)) {
        Action::Run(program, config) => ExitCode::from(run::run(&program, *config)),
        Action::Print(text) => {
            // A closed stdout is not worth a panic.
            _ = std::io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Action::Refuse(message, status) => {
            _ = std::io::stderr().write_all(message.as_bytes());
            ExitCode::from(status)
        }
    }
}
