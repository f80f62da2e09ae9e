//! The owner of a machine.

use std::ops::Deref;

use stitch_runtime::embed::NATIVE_STACK_BYTES;

use crate::builder::MachineBuilder;
use crate::context::Context;
use crate::error::{Error, Result};

/// A Python interpreter. It ends when this is dropped: what the program registered with `atexit` runs, streams are flushed,
/// finalizers run. Objects, contexts and closures may outlive it; using them is an error of the kind
/// [`ErrorKind::Gone`](crate::ErrorKind::Gone).
///
/// All that can be done with a machine is in [`Context`], which it derefs to.
///
/// ```
/// let machine = stitch::Machine::new()?;
/// assert_eq!(machine.eval("6 * 7")?.extract::<i32>()?, 42);
/// # Ok::<(), stitch::Error>(())
/// ```
#[derive(Debug)]
pub struct Machine(pub(crate) Context);

impl Machine {
    /// A machine with the standard library; see [`MachineBuilder::new`].
    pub fn new() -> Result<Machine> {
        MachineBuilder::new().build()
    }

    /// For a machine that is not as [`Machine::new`] makes it.
    pub fn builder() -> MachineBuilder {
        MachineBuilder::new()
    }
}

impl Deref for Machine {
    type Target = Context;
    fn deref(&self) -> &Context {
        &self.0
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.0.0.dismiss();
    }
}

/// Runs something on a thread of its own with 64 MiB of native stack, as much as the command line program has, and waits for it.
/// A panic goes on in the caller. `Err`: there is no such thread to be had. What a machine has given stays on its thread, an
/// [`Error`] with its exception too: its text may leave.
///
/// ```
/// let sum = stitch::on_large_stack(|| {
///     let sum = || stitch::Machine::new()?.eval("sum(range(10))")?.extract::<i64>();
///     sum().map_err(|error| error.to_string())
/// })?;
/// assert_eq!(sum, Ok(45));
/// # Ok::<(), stitch::Error>(())
/// ```
pub fn on_large_stack<T: Send>(run: impl FnOnce() -> T + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(NATIVE_STACK_BYTES).spawn_scoped(scope, run);
        match thread.map_err(Error::from)?.join() {
            Ok(result) => Ok(result),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}
