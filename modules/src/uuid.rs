//! `_uuid`: what is native under the module `uuid`: identifiers of the time and of this machine.
//!
//! ```text
//!   | time, lowest 32 bits | middle 16 | version 1, highest 12 | variant, sequence 14 | node 48 |
//! ```

use std::path::Path;
use stitch_runtime::host;
use stitch_runtime::host::clock::wall_ns;
use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::{Constant, ModuleSpec, ModuleState};
use stitch_runtime::{PyResult, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_uuid",
    doc: "Identifiers of the time and of this machine.",
    functions: &[method("generate_time_safe", "()", generate)
        .doc("The bytes of a new identifier, and -1: other processes of this machine might make the same.")],
    constants: &[("has_uuid_generate_time_safe", Constant::Int(1))],
    exec: Some(|vm, module| {
        let has_address = hardware_address().is_some();
        vm.set_module_entry(module, "has_stable_extractable_node", Value::small_int(has_address.into()));
        Ok(())
    }),
    state: Some(|| Box::new(State { process: 0, node: [0; 6], sequence: 0, last: 0 })),
    ..ModuleSpec::NEW
};

struct State {
    /// The process that the rest is of; 0: it is not known yet.
    process: u32,
    /// What tells this machine from others.
    node: [u8; 6],
    /// Tells apart who counts the same time.
    sequence: u16,
    /// The time of the last identifier.
    last: u64,
}

impl ModuleState for State {}

/// From the Gregorian calendar's beginning to that of the clock's time, in units of 100 ns.
const GREGORIAN: u64 = 0x01B2_1DD2_1381_4000;

fn generate(vm: &mut Vm) -> PyResult {
    let now = (wall_ns().max(0) as u64) / 100 + GREGORIAN;
    let state: &mut State = vm.module_state(&MODULE).expect("the module's state is one");
    let process = host::process_id();
    if state.process != process {
        // A child made by `fork` does not go on with its parent's.
        let mut random = [0; 8];
        host::entropy(&mut random);
        state.sequence = u16::from_le_bytes([random[6], random[7]]) & 0x3FFF;
        // An address that no hardware has.
        random[0] |= 1;
        state.node = hardware_address().unwrap_or(std::array::from_fn(|at| random[at]));
        state.process = process;
    }
    // No two are of the same time, even if the clock stands still or goes back.
    let time = now.max(state.last + 1);
    state.last = time;
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&(time as u32).to_be_bytes());
    bytes[4..6].copy_from_slice(&((time >> 32) as u16).to_be_bytes());
    bytes[6..8].copy_from_slice(&((time >> 48) as u16 & 0x0FFF | 0x1000).to_be_bytes());
    bytes[8..10].copy_from_slice(&(state.sequence | 0x8000).to_be_bytes());
    bytes[10..].copy_from_slice(&state.node);
    let bytes = vm.new_bytes(&bytes)?;
    Ok(vm.new_tuple(&[bytes, Value::small_int(-1)]))
}

/// The address of one of this machine's interfaces: rather one that the hardware's maker gave it.
fn hardware_address() -> Option<[u8; 6]> {
    const INTERFACES: &str = "/sys/class/net";
    /// The bit of addresses that were chosen here.
    const LOCAL: u8 = 2;
    let mut names = host::names_in_folder(Path::new(INTERFACES));
    names.sort();
    let addresses = names.iter().filter_map(|name| {
        let text = host::read_file(format!("{INTERFACES}/{}/address", name.to_str()?)).ok()?;
        let text = std::str::from_utf8(&text).ok()?.trim();
        let mut address = [0; 6];
        let mut parts = text.split(':');
        for byte in &mut address {
            *byte = u8::from_str_radix(parts.next()?, 16).ok()?;
        }
        (parts.next().is_none() && address != [0; 6]).then_some(address)
    });
    let addresses: Vec<[u8; 6]> = addresses.collect();
    addresses.iter().find(|address| address[0] & LOCAL == 0).or(addresses.first()).copied()
}
