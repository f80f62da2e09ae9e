//! What a program may use, and how it is stopped.

use std::sync::Arc;
use std::time::{Duration, Instant};

use stitch_runtime::embed::limits::Watch;

use crate::context::Context;
use crate::error::{Error, Result};

/// Stops a machine's program from another thread. It may outlive the machine.
///
/// ```
/// use std::time::Duration;
///
/// let machine = stitch::Machine::new()?;
/// let interrupter = machine.interrupter()?;
/// let thread = std::thread::spawn(move || {
///     std::thread::sleep(Duration::from_millis(20));
///     interrupter.interrupt()
/// });
/// let error = machine.exec("while True: pass").unwrap_err();
/// assert_eq!(error.class(), "KeyboardInterrupt");
/// assert!(thread.join().unwrap());
/// # Ok::<(), stitch::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Interrupter(Arc<Watch>);

impl Interrupter {
    /// Has the program raise KeyboardInterrupt, once, at the next back edge, call, or place where a native that takes long looks;
    /// mostly within a millisecond, but not before a call of the system that waits is over. Where no program runs, the next one
    /// does. A program may catch it: see [`Context::set_time_limit`] for what it cannot get around. False: the machine is gone.
    pub fn interrupt(&self) -> bool {
        self.0.interrupt()
    }
}

impl Context {
    /// What interrupts the machine's program from other threads.
    pub fn interrupter(&self) -> Result<Interrupter> {
        self.run(|vm| Ok(Interrupter(vm.watch())))
    }

    /// How long the machine's programs may run from now on, all together and with the time that Rust takes between them; `None`:
    /// as long as they like.
    ///
    /// Then `stitch.LimitReached`, which no `except Exception` catches, is raised, mostly within a millisecond, in loops that are
    /// compiled too, and in `time.sleep`; not in other calls of the system that wait. It is raised again and again, until the
    /// limit is set anew.
    /// `Err`: there is no thread to watch the clock.
    ///
    /// ```
    /// use std::time::Duration;
    /// use stitch::ErrorKind;
    ///
    /// let machine = stitch::Machine::new()?;
    /// machine.set_time_limit(Some(Duration::from_millis(20)))?;
    /// let error = machine.exec("while True:\n try:\n  while True: pass\n except BaseException: pass").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::LimitReached);
    /// machine.set_time_limit(None)?;
    /// machine.exec("sum(range(1000))")?;
    /// # Ok::<(), stitch::Error>(())
    /// ```
    pub fn set_time_limit(&self, limit: Option<Duration>) -> Result<()> {
        // A time that no clock has is no limit.
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        match self.run(|vm| Ok(vm.set_deadline(deadline)))? {
            true => Ok(()),
            false => Err(Error::new("RuntimeError", "there is no thread to watch the clock")),
        }
    }

    /// How many instructions the machine's programs may run from now on; `None`: any number. Only a machine that was built with
    /// [`MachineBuilder::fuel`](crate::MachineBuilder::fuel) counts them; others: ValueError. Where the fuel is used up,
    /// `stitch.LimitReached` is raised as by [`Context::set_time_limit`], at the next back edge or call.
    pub fn set_fuel(&self, fuel: Option<u64>) -> Result<()> {
        self.run(|vm| match vm.jit.config.count_steps {
            true => {
                vm.set_fuel(fuel);
                Ok(())
            }
            false => Err(vm.raise_value("the machine was not built to count instructions")),
        })
    }

    /// How many instructions are left, where they are limited.
    pub fn fuel_left(&self) -> Result<Option<u64>> {
        self.run(|vm| Ok(vm.fuel_left()))
    }

    /// How many bytes the machine's objects may take; `None`: as many as there are. MemoryError is raised where they would be more.
    /// Ints of more than 128 bits and what native modules (compressors, databases) keep for themselves count as little as they
    /// are.
    ///
    /// ```
    /// let machine = stitch::Machine::builder().memory_limit(16 << 20).build()?;
    /// assert_eq!(machine.eval("bytes(20_000_000)").unwrap_err().class(), "MemoryError");
    /// assert!(machine.memory_bytes()? <= 16 << 20);
    /// machine.exec("x = [0] * 1_000_000")?;
    /// # Ok::<(), stitch::Error>(())
    /// ```
    pub fn set_memory_limit(&self, bytes: Option<usize>) -> Result<()> {
        self.run(|vm| {
            vm.heap.set_limit(bytes);
            // What did not fit may fit now: nobody is told of it later.
            vm.memory_ran_out = false;
            vm.heap.end_grace();
            Ok(())
        })
    }

    /// How many bytes the machine's objects take, garbage that was not collected yet among them.
    pub fn memory_bytes(&self) -> Result<usize> {
        self.run(|vm| Ok(vm.heap.used_bytes()))
    }
}
