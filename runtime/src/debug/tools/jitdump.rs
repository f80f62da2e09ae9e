//! The dump of code that `perf inject --jit` makes object files from.
//!
//! ```text
//!   header: magic, version, its size, machine, 0, process, time, flags
//!   record: kind, its size, time, then by its kind
//!     0 a piece of code    process, thread, address twice, size, number, name, bytes
//!     2 lines, before it   address, how many; each: address, line, 0, file
//!     3 the end
//! ```

use super::Symbol;
use super::elf::MACHINE;
use crate::host::profiler_file::ProfilerFile;
use crate::host::{HostResult, monotonic_ns, process_id, thread_id};

const MAGIC: u32 = 0x4A69_5444;
const VERSION: u32 = 1;
const HEADER_BYTES: u32 = 40;
const RECORD_BYTES: usize = 16;

#[derive(Clone, Copy)]
enum Record {
    Code = 0,
    Lines = 2,
    End = 3,
}

pub struct JitDump {
    file: ProfilerFile,
    n_symbols: u64,
}

impl JitDump {
    pub fn create() -> HostResult<JitDump> {
        let mut file = ProfilerFile::create(&format!("/tmp/jit-{}.dump", process_id()))?;
        let mut header = Vec::new();
        for word in [MAGIC, VERSION, HEADER_BYTES, u32::from(MACHINE), 0, process_id()] {
            header.extend(word.to_le_bytes());
        }
        header.extend(monotonic_ns().to_le_bytes());
        header.extend(0u64.to_le_bytes());
        file.append(&header);
        // A profiler learns of the file by that it is mapped.
        file.map_executable()?;
        Ok(JitDump { file, n_symbols: 0 })
    }

    pub fn add(&mut self, symbol: &Symbol) {
        let address = symbol.address as u64;
        if !symbol.lines.is_empty() {
            let mut body = Vec::new();
            body.extend(address.to_le_bytes());
            body.extend((symbol.lines.len() as u64).to_le_bytes());
            for line in &symbol.lines {
                body.extend((address + u64::from(line.offset)).to_le_bytes());
                body.extend(line.line.to_le_bytes());
                body.extend(0u32.to_le_bytes());
                append_text(&mut body, &line.file);
            }
            self.write(Record::Lines, &body);
        }
        let mut body = Vec::new();
        body.extend(process_id().to_le_bytes());
        body.extend((thread_id() as u32).to_le_bytes());
        for word in [address, address, symbol.code.len() as u64, self.n_symbols] {
            body.extend(word.to_le_bytes());
        }
        append_text(&mut body, &symbol.name);
        body.extend(&symbol.code);
        self.write(Record::Code, &body);
        self.n_symbols += 1;
    }

    pub fn close(&mut self) {
        self.write(Record::End, &[]);
    }

    fn write(&mut self, kind: Record, body: &[u8]) {
        let mut record = Vec::with_capacity(RECORD_BYTES + body.len());
        record.extend((kind as u32).to_le_bytes());
        record.extend(((RECORD_BYTES + body.len()) as u32).to_le_bytes());
        record.extend(monotonic_ns().to_le_bytes());
        record.extend(body);
        self.file.append(&record);
    }
}

/// With the zero that ends it, which is nowhere in it.
fn append_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend(text.bytes().filter(|&byte| byte != 0));
    bytes.push(0);
}
