//! How the binary is linked: smaller, where the linker and the system can do it, which is tried.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::{env, fs};

const OPTIONS: [&str; 2] = [
    // Tables of texts and functions have a relocation for each, as has each place that may panic. Packed, they take a fiftieth. glibc
    // reads them from 2.36 on; a binary that has them says that it needs it.
    "-Wl,-z,pack-relative-relocs",
    // Functions with the same instructions are there once: nothing goes by a function's address.
    "-Wl,--icf=all",
];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    for option in OPTIONS {
        if works(option) {
            println!("cargo::rustc-link-arg-bins={option}");
        }
    }
}

/// Does a program that is linked so run here?
fn works(option: &str) -> bool {
    let of = |name| env::var_os(name).expect("Cargo sets it");
    let folder = PathBuf::from(of("OUT_DIR"));
    let (source, program) = (folder.join("trial.rs"), folder.join("trial"));
    if of("HOST") != of("TARGET") || fs::write(&source, "fn main() {}").is_err() {
        return false;
    }
    let mut compiler = Command::new(of("RUSTC"));
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    compiler.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut choice = OsString::from("linker=");
        choice.push(linker);
        compiler.arg("-C").arg(choice);
    }
    compiler.arg("-C").arg(format!("link-arg={option}")).arg("-o").arg(&program).arg(&source);
    let succeeds = |command: &mut Command| {
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    succeeds(&mut compiler) && succeeds(&mut Command::new(&program))
}
