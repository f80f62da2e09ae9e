//! What executors assumed: from each thing to those that rely on it, and what happens when it changes.
//!
//! | dependency | covers | told by |
//! |---|---|---|
//! | `Name` | what a dict has under a string | the dict (`dict_entry_changed`, where all writes to tables end) |
//! | `Class` | all lookups on a class, and how what is found is bound | the dict of the class or of a base (`class_entry_changed`), `set_bases`, and `descriptors_changed` |
//! | `Order` | of which classes a class is a subclass | `set_bases` |
//! | `Function` | a function's code and defaults | `function_changed` (its setters) |
//! | `Code` | globals and builtins of all frames of a code, whether it runs as a module, and which of its instructions are watched | who makes functions and gives frames their locals; `watch` |
//! | `Exceptions` | nobody is told of exceptions | `watch` |
//! | `Origins` | coroutines do not keep where they were made | `set_coroutine_origin_tracking_depth` |
//!
//! A plain value of a class that compiled code changes is a variable (`assume_class_variable`): it is loaded where it stands in
//! the class's dict, and nobody who relies on the class hears of its changes, as long as what comes there is plain.
//!
//! That an object is of a class needs no dependency: its shape says so, which is guarded, and known no longer than until
//! something escapes. Built-in classes do not change. What a thing's address stands for is kept alive as long as somebody
//! relies on it, since another could be made in its place.

use crate::vm::Vm;
use hashbrown::HashMap;

/// Something that compiled code relies on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dependency {
    /// All lookups on a class, and how what they find is bound.
    Class(u64),
    /// The resolution order of a class.
    Order(u64),
    /// The value (or absence) of what equals a name, which is interned, in a dict.
    Name(u64, u64),
    /// A function's code, defaults and closure.
    Function(u64),
    /// All functions of a code have the same globals and builtins; what was recorded of it is not watched.
    Code(u64),
    /// Nobody is told of exceptions.
    Exceptions,
    /// Coroutines do not keep where they were made.
    Origins,
}

/// A thing that changed so often is not assumed any more.
const MAX_CHANGES: u32 = 6;

#[derive(Default)]
pub struct Dependencies {
    executors: HashMap<Dependency, Vec<u32>>,
    changes: HashMap<Dependency, u32>,
}

impl Dependencies {
    pub fn add(&mut self, dependency: Dependency, executor: u32) {
        self.executors.entry(dependency).or_default().push(executor);
    }
    pub fn is_unstable(&self, dependency: Dependency) -> bool {
        self.changes.get(&dependency).is_some_and(|&n| n >= MAX_CHANGES)
    }
    /// Those that rely on it, forgotten here.
    fn take(&mut self, dependency: Dependency) -> Vec<u32> {
        self.executors.remove(&dependency).unwrap_or_default()
    }
    fn give_up(&mut self, dependency: Dependency) {
        self.changes.insert(dependency, MAX_CHANGES);
    }
    fn count_change(&mut self, dependency: Dependency) {
        *self.changes.entry(dependency).or_insert(0) += 1;
    }
}

impl Vm {
    /// Takes out every executor that relies on what has changed.
    pub(crate) fn invalidate(&mut self, dependency: Dependency) {
        if self.jit.recording && !self.jit.changed_while_recording.contains(&dependency) {
            self.jit.changed_while_recording.push(dependency);
        }
        let mut relying = self.jit.dependencies.take(dependency);
        let mut is_relied_on = !relying.is_empty();
        relying.drain(..).for_each(|id| self.invalidate_executor(id));
        // What is being compiled is thrown away when it comes.
        for job in &mut self.jit.in_work {
            if job.executor.dependencies.contains(&dependency) {
                job.executor.valid = 0;
                is_relied_on = true;
            }
        }
        if is_relied_on {
            self.jit.dependencies.count_change(dependency);
        }
    }

    /// Nothing may rely on it from now on: compiled code changes it without telling.
    pub(crate) fn assume_variable(&mut self, dependency: Dependency) {
        if !self.jit.dependencies.is_unstable(dependency) {
            self.invalidate(dependency);
            self.jit.dependencies.give_up(dependency);
        }
    }

    /// Marks an executor invalid: whoever runs it leaves at the next check, nobody enters it any more.
    pub(crate) fn invalidate_executor(&mut self, id: u32) {
        let executor = &mut *self.jit.executors[id as usize];
        let is_valid = if executor.n_leaving == 0 { executor.valid != 0 } else { executor.was_valid };
        if !is_valid {
            return;
        }
        (executor.valid, executor.was_valid) = (0, false);
        self.jit.stats.invalidated += 1;
        self.uninstall(id);
        self.jit.executors[id as usize].external = None;
        self.make_cold(id);
        // Those who jump to the one that it stands for get no further.
        if let Some(old) = self.jit.executors[id as usize].stands_for {
            self.invalidate_executor(old);
        }
        let replaced_by = self.jit.executors[id as usize].replaced_by;
        if let Some(fused) = replaced_by {
            self.invalidate_executor(fused);
        }
        // A fused executor holds the code of its whole tree; the tree goes with it.
        let root = self.jit.executors[id as usize].root;
        if root != id && self.jit.executors[root as usize].replaced_by.is_some() {
            self.invalidate_executor(root);
        }
    }
}
