//! What the samples say: where the time went, by what ran, by micro-op, by line.

use crate::exec::Executor;
use crate::vm::Vm;
use hashbrown::HashMap;
use std::fmt::Write as _;

/// Where a sample fell; executors by number, micro-ops by index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    Compiled(u32, Option<u32>),
    /// In the runtime, called by compiled code.
    Called(u32, Option<u32>),
    /// In a native, called by compiled code or not.
    Native(Option<(u32, Option<u32>)>),
    Tier1,
    Collecting,
    Recording,
    Compiling,
}

impl Spot {
    /// What they are called.
    pub const NAMES: [&'static str; 7] = [
        "compiled code",
        "the runtime, called from it",
        "natives",
        "tier 1",
        "the collector",
        "recording",
        "compiling",
    ];

    fn index(self) -> usize {
        match self {
            Spot::Compiled(..) => 0,
            Spot::Called(..) => 1,
            Spot::Native(_) => 2,
            Spot::Tier1 => 3,
            Spot::Collecting => 4,
            Spot::Recording => 5,
            Spot::Compiling => 6,
        }
    }

    /// The executor, and the micro-op in it, that ran or called.
    pub fn uop(self) -> Option<(u32, Option<u32>)> {
        match self {
            Spot::Compiled(executor, uop) | Spot::Called(executor, uop) => Some((executor, uop)),
            Spot::Native(from) => from,
            Spot::Tier1 | Spot::Collecting | Spot::Recording | Spot::Compiling => None,
        }
    }
}

/// Numbers of samples.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    pub n_samples: u64,
    pub n_lost: u64,
    /// By `Spot::NAMES`.
    pub spots: [u64; 7],
    /// By executor and micro-op.
    pub uops: HashMap<(u32, Option<u32>), u64>,
    /// Of tier 1 and what it calls, by code object and instruction.
    pub lines: HashMap<(u64, u32), u64>,
}

impl Profile {
    pub fn add(&mut self, spot: Spot) {
        self.n_samples += 1;
        self.spots[spot.index()] += 1;
        if let Some(uop) = spot.uop() {
            *self.uops.entry(uop).or_insert(0) += 1;
        }
    }

    pub fn add_line(&mut self, spot: Spot, code: u64, ip: u32) {
        if spot.uop().is_none() {
            *self.lines.entry((code, ip)).or_insert(0) += 1;
        }
    }

    /// In percent of all.
    pub fn share(&self, n: u64) -> f64 {
        100.0 * n as f64 / self.n_samples.max(1) as f64
    }

    /// Of an executor.
    pub fn of_executor(&self, id: u32) -> u64 {
        self.uops.iter().filter(|((executor, _), _)| *executor == id).map(|(_, n)| n).sum()
    }

    /// Where the time went, in a line.
    pub fn summary(&self) -> String {
        let mut spots: Vec<(u64, &str)> = self.spots.into_iter().zip(Spot::NAMES).filter(|(n, _)| *n > 0).collect();
        spots.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
        let parts: Vec<String> = spots.iter().map(|(n, name)| format!("{:.1} % {name}", self.share(*n))).collect();
        let lost = if self.n_lost > 0 { format!("; {} more lost", self.n_lost) } else { String::new() };
        format!("where           {} samples of the main thread: {}{lost}\n", self.n_samples, parts.join(", "))
    }
}

/// Fewer samples of an executor are not worth its lines.
const MIN_SHARE: f64 = 0.5;
/// Most executors that are shown.
const MAX_EXECUTORS: usize = 20;

impl Vm {
    /// The profile as text: by kind of micro-op, then the busy ones of each busy executor in their order.
    pub fn profile_text(&self) -> String {
        let Some(sampler) = &self.sampler else { return String::new() };
        let profile = &sampler.profile;
        let mut text = format!("; {}", profile.summary());
        let mut kinds: HashMap<&str, u64> = HashMap::new();
        let mut executors: HashMap<u32, u64> = HashMap::new();
        for (&(id, uop), &n) in &profile.uops {
            let superblock = &self.jit.executors[id as usize].superblock;
            let uop = uop.and_then(|uop| superblock.uops.get(uop as usize));
            *kinds.entry(uop.map_or("(entering)", |uop| uop.op.name())).or_insert(0) += n;
            *executors.entry(id).or_insert(0) += n;
        }
        let mut kinds: Vec<(&str, u64)> = kinds.into_iter().collect();
        kinds.sort_by_key(|&(name, n)| (std::cmp::Reverse(n), name));
        for (name, n) in kinds.into_iter().filter(|(_, n)| profile.share(*n) >= MIN_SHARE) {
            _ = writeln!(text, "{:5.1} %  {name}", profile.share(n));
        }
        let mut executors: Vec<(u32, u64)> = executors.into_iter().collect();
        executors.sort_by_key(|&(id, n)| (std::cmp::Reverse(n), id));
        let busy = executors.into_iter().filter(|(_, n)| profile.share(*n) >= MIN_SHARE);
        for (id, n) in busy.take(MAX_EXECUTORS) {
            let executor = &self.jit.executors[id as usize];
            _ = writeln!(
                text,
                "; {:.1} % in executor {id} ({:?}) at {}",
                profile.share(n),
                executor.kind,
                self.describe_place(executor.place())
            );
            self.write_busy_uops(&mut text, profile, executor);
        }
        text
    }

    fn write_busy_uops(&self, text: &mut String, profile: &Profile, executor: &Executor) {
        let places = executor.places_of_uops();
        let shown = executor.superblock.to_string();
        for (at, line) in shown.lines().take(executor.superblock.uops.len()).enumerate() {
            let n = profile.uops.get(&(executor.id, Some(at as u32))).copied().unwrap_or(0);
            if n > 0 {
                let source = places[at].line().map_or(String::new(), |line| format!("line {line}"));
                _ = writeln!(text, "{:5.1} %  {source:10} {line}", profile.share(n));
            }
        }
    }
}
