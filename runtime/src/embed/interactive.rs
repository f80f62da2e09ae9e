//! When the interactive interpreter comes, and what comes before its first prompt.

use super::{Machine, new_main_module};
use crate::config::Config;
use crate::host::terminal::is_terminal;
use crate::vm::{PyResult, Raised, Vm};

/// What the command line and the environment say of it.
#[derive(Clone)]
pub(super) struct Interaction {
    /// `-i`.
    is_forced: bool,
    has_banner: bool,
    /// `site` has brought what the banner speaks of.
    invites: bool,
    uses_editor: bool,
    /// The program may ask for it, by a variable.
    heeds_environment: bool,
    startup_file: Option<String>,
}

impl Interaction {
    pub(super) fn new(config: &Config) -> Interaction {
        Interaction {
            is_forced: config.interactive > 0,
            has_banner: !config.quiet,
            invites: !config.no_site,
            uses_editor: !config.basic_repl,
            heeds_environment: !config.ignore_environment,
            startup_file: config.startup_file.clone(),
        }
    }

    /// Where the command line wants what the program left inspected: does that, and gives the process's exit status.
    pub(super) fn after_program(&self, vm: &mut Vm) -> Option<u8> {
        let is_wanted = vm.inspects || self.heeds_environment && crate::host::is_set("PYTHONINSPECT");
        if !is_wanted || !(self.is_forced || is_terminal(0)) {
            return None;
        }
        vm.inspects = false;
        let result = vm.run_interactive_hook().and_then(|()| self.read_statements(vm));
        Some(status_of(vm, result))
    }

    /// With the editor where there is a terminal for it.
    fn read_statements(&self, vm: &mut Vm) -> PyResult<()> {
        let main = match vm.main_module() {
            Some(main) => main,
            // The program was never begun.
            None => new_main_module(vm),
        };
        if self.uses_editor && is_terminal(0) && is_terminal(1) {
            return vm.edit_interactively(main);
        }
        let namespace = vm.module_dict(main);
        vm.interact(namespace)
    }

    fn run(&self, vm: &mut Vm) -> PyResult<()> {
        let main = new_main_module(vm);
        vm.inspects = false;
        if self.has_banner {
            vm.write_banner(self.invites);
        }
        if let Some(file) = &self.startup_file {
            let namespace = vm.module_dict(main);
            vm.run_startup_file(file, namespace)?;
        }
        vm.run_interactive_hook()?;
        self.read_statements(vm)
    }
}

fn status_of(vm: &mut Vm, result: PyResult<()>) -> u8 {
    match result {
        Ok(()) => 0,
        Err(Raised) => super::report(vm),
    }
}

impl Machine {
    /// The program could not be had, with this exit status, which counts unless somebody asks for the interactive interpreter.
    pub fn run_nothing(&mut self, status: u8) -> u8 {
        self.run_guarded(|_| status)
    }

    /// Reads the program `__main__` statement by statement from a person; gives the process's exit status.
    pub fn run_interactively(&mut self) -> u8 {
        let interaction = self.interaction.clone();
        self.run_guarded(|vm| {
            let result = interaction.run(vm);
            status_of(vm, result)
        })
    }
}
