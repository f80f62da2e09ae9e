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

use super::Executor;
use super::taken_out::{Reason, TakenOut};
use crate::config::DumpStages;
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
    /// Notes that an executor relies on something. Those that went for other reasons are forgotten whenever the list would grow,
    /// so that a change takes time by how many rely on it still.
    pub fn add(&mut self, dependency: Dependency, executor: u32, stands: impl Fn(u32) -> bool) {
        let relying = self.executors.entry(dependency).or_default();
        if relying.len() == relying.capacity() {
            relying.retain(|&id| stands(id));
        }
        relying.push(executor);
    }
    pub fn is_unstable(&self, dependency: Dependency) -> bool {
        self.changes.get(&dependency).is_some_and(|&n| n >= MAX_CHANGES)
    }
    /// Forgets what is known of objects that are dead, where others may come to lie, but for those that are relied on.
    pub fn forget_dead(&mut self, is_alive: impl Fn(u64) -> bool) {
        self.changes.retain(|dependency, _| dependency.object().is_none_or(&is_alive));
    }
    /// Forgets those that rely on something but are gone.
    pub fn forget_gone(&mut self, stands: impl Fn(u32) -> bool) {
        self.executors.retain(|_, relying| {
            relying.retain(|&id| stands(id));
            !relying.is_empty()
        });
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

impl Dependency {
    /// The word of the object that it is about, unless it is about none, or code.
    pub fn object(&self) -> Option<u64> {
        match *self {
            Dependency::Class(object)
            | Dependency::Order(object)
            | Dependency::Name(object, _)
            | Dependency::Function(object) => Some(object),
            Dependency::Code(_) | Dependency::Exceptions | Dependency::Origins => None,
        }
    }
}

impl Vm {
    /// Notes what an executor relies on.
    pub(super) fn rely(&mut self, id: u32, dependencies: &[Dependency]) {
        let jit = &mut self.jit;
        for &dependency in dependencies {
            jit.dependencies.add(dependency, id, |id| jit.executors.get(id as usize).is_none_or(|it| it.stands()));
        }
    }

    /// Takes out every executor that relies on what has changed.
    pub(crate) fn invalidate(&mut self, dependency: Dependency) {
        self.invalidate_since(dependency, dependency.reason());
    }

    /// The same for another reason than the usual one.
    pub(crate) fn invalidate_since(&mut self, dependency: Dependency, reason: Reason) {
        if self.jit.recording && !self.jit.changed_while_recording.contains(&dependency) {
            self.jit.changed_while_recording.push(dependency);
        }
        let mut relying = self.jit.dependencies.take(dependency);
        let mut is_relied_on = !relying.is_empty();
        if is_relied_on {
            let why = TakenOut { reason, thing: self.name_of_thing(dependency) };
            relying.drain(..).for_each(|id| self.invalidate_executor(id, &why));
        }
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
            self.invalidate_since(dependency, Reason::Variable);
            self.jit.dependencies.give_up(dependency);
        }
    }

    /// Marks an executor invalid: whoever runs it leaves at the next check, nobody enters it any more.
    pub(crate) fn invalidate_executor(&mut self, id: u32, why: &TakenOut) {
        let executor = &mut *self.jit.executors[id as usize];
        if !executor.stands() {
            return;
        }
        (executor.valid, executor.was_valid) = (0, false);
        executor.taken_out = Some(why.clone());
        self.note_taken_out(id, why);
        self.uninstall(id);
        self.jit.executors[id as usize].external = None;
        self.make_cold(id);
        // Those who jump to the one that it stands for get no further.
        if let Some(old) = self.jit.executors[id as usize].stands_for {
            self.invalidate_executor(old, why);
        }
        let replaced_by = self.jit.executors[id as usize].replaced_by;
        if let Some(fused) = replaced_by {
            self.invalidate_executor(fused, why);
        }
        // A fused executor holds the code of its whole tree; the tree goes with it.
        let root = self.jit.executors[id as usize].root;
        if root != id && self.jit.executors[root as usize].replaced_by.is_some() {
            self.invalidate_executor(root, why);
        }
    }

    /// Counts it and tells who wants to know.
    fn note_taken_out(&mut self, id: u32, why: &TakenOut) {
        let stats = &mut self.jit.stats;
        stats.invalidated += 1;
        *stats.taken_out.entry(why.reason).or_insert(0) += 1;
        if self.jit.config.count_steps {
            *stats.things.entry(why.to_string()).or_insert(0) += 1;
        }
        if self.jit.config.dump.contains(DumpStages::TRACES) {
            let executor = &self.jit.executors[id as usize];
            let place = self.describe_place(executor.place());
            let line = format!("executor {id} {:?} at {place} taken out: {why}\n", executor.kind);
            crate::host::write_stderr(line.as_bytes());
        }
    }
}

impl Executor {
    /// Can it be entered, but for runs that were told to leave it?
    pub(super) fn stands(&self) -> bool {
        if self.n_leaving == 0 { self.valid != 0 } else { self.was_valid }
    }
}

#[cfg(test)]
mod tests;
