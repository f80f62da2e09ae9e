//! The map of names that `perf report` reads: a line for each piece of code.

use super::Symbol;
use crate::host::profiler_file::ProfilerFile;
use crate::host::{HostResult, process_id};

pub struct PerfMap(ProfilerFile);

impl PerfMap {
    pub fn create() -> HostResult<PerfMap> {
        Ok(PerfMap(ProfilerFile::create(&format!("/tmp/perf-{}.map", process_id()))?))
    }

    pub fn add(&mut self, symbol: &Symbol) {
        let line = format!("{:x} {:x} {}\n", symbol.address, symbol.code.len(), symbol.name);
        self.0.append(line.as_bytes());
    }
}
