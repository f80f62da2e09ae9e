//! How the binary is linked.

use std::env;
use std::process::Command;

/// The first glibc that can read them.
const READS_PACKED: (u32, u32) = (2, 36);

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // A table of texts or functions has a relocation for each, as has each place that may panic. Packed, they take a tenth. A linker
    // that cannot do it says so and goes on; one that can has the binary ask for such a glibc.
    if is_native() && glibc().is_some_and(|version| version >= READS_PACKED) {
        println!("cargo::rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

/// Is the binary built for the machine that builds it?
fn is_native() -> bool {
    let of = |name| env::var(name).expect("Cargo sets it");
    of("HOST") == of("TARGET") && of("CARGO_CFG_TARGET_ENV") == "gnu"
}

fn glibc() -> Option<(u32, u32)> {
    let answer = Command::new("getconf").arg("GNU_LIBC_VERSION").output().ok()?;
    let (major, minor) = std::str::from_utf8(&answer.stdout).ok()?.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}
