//! What `-v` and `-X importtime` tell of imports.

use crate::host::write_stderr;
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use std::time::{Duration, Instant};

/// What is told, and where it stands.
#[derive(Default)]
pub struct ImportWatch {
    pub tells_modules: bool,
    pub tells_times: bool,
    has_begun: bool,
    depth: usize,
    /// What the modules took that the one being imported has imported so far.
    inner: Duration,
}

impl Vm {
    /// Imports a module that is not there yet, and tells of it.
    pub(super) fn import_watched(&mut self, full: &str, import: impl FnOnce(&mut Vm) -> PyResult) -> PyResult {
        let watch = &mut self.import_watch;
        if !watch.tells_times {
            let module = import(self)?;
            self.tell_of_module(full, module);
            return Ok(module);
        }
        if !std::mem::replace(&mut watch.has_begun, true) {
            write_stderr(b"import time: self [us] | cumulative | imported package\n");
        }
        let outer = std::mem::take(&mut watch.inner);
        watch.depth += 1;
        let start = Instant::now();
        let module = import(self);
        let took = start.elapsed();
        let watch = &mut self.import_watch;
        watch.depth -= 1;
        let own = took.saturating_sub(watch.inner);
        watch.inner = outer + took;
        let (own, took, indent) = (own.as_micros(), took.as_micros(), 2 * watch.depth);
        write_stderr(format!("import time: {own:9} | {took:10} | {:indent$}{full}\n", "").as_bytes());
        if let Ok(module) = module {
            self.tell_of_module(full, module);
        }
        module
    }

    fn tell_of_module(&mut self, full: &str, module: Value) {
        if !self.import_watch.tells_modules {
            return;
        }
        let name = self.intern("__loader__");
        let loader = match self.get_attr_opt(module, name) {
            Ok(loader) => loader.filter(|loader| !loader.is_none()),
            Err(_) => {
                self.clear_exception();
                None
            }
        };
        let loader = match loader {
            Some(loader) => self.repr_or_unknown(loader),
            None => "<class '_frozen_importlib.BuiltinImporter'>".to_owned(),
        };
        write_stderr(format!("import '{full}' # {loader}\n").as_bytes());
    }
}
