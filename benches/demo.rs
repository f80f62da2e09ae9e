//! `cargo demo`: one real program without the JIT and with it.

use std::path::Path;
use std::process::{Command, ExitCode, Output};
use std::time::Instant;

const FRAMES: &str = "40";

fn main() -> ExitCode {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/raytracer.py");
    let Some((off, off_seconds)) = run(&program, &["--jit=off"]) else { return ExitCode::FAILURE };
    let Some((on, on_seconds)) = run(&program, &["--jit=cranelift"]) else { return ExitCode::FAILURE };
    // Counting takes time, so the counters are of another run.
    let Some((counted, _)) = run(&program, &["--jit=cranelift", "--stats"]) else { return ExitCode::FAILURE };
    println!("{}", String::from_utf8_lossy(&on.stdout));
    println!("examples/raytracer.py, {FRAMES} frames");
    println!("  --jit=off        {off_seconds:7.3} s");
    println!("  --jit=cranelift  {on_seconds:7.3} s   {:.1} times as fast", off_seconds / on_seconds);
    println!("\nWhat the JIT did:");
    for line in String::from_utf8_lossy(&counted.stderr).lines().filter(|line| !line.contains(" frames in ")) {
        println!("  {line}");
    }
    if on.stdout == off.stdout && counted.stdout == off.stdout {
        ExitCode::SUCCESS
    } else {
        println!("\nThe two pictures differ: that is a bug.");
        ExitCode::FAILURE
    }
}

/// The output and the wall time, or a message and `None`.
fn run(program: &Path, flags: &[&str]) -> Option<(Output, f64)> {
    let started = Instant::now();
    let output = Command::new(env!("CARGO_BIN_EXE_stitch")).args(flags).arg(program).arg(FRAMES).output();
    match output {
        Ok(output) if output.status.success() => Some((output, started.elapsed().as_secs_f64())),
        Ok(output) => {
            println!("stitch {flags:?} failed: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
            None
        }
        Err(error) => {
            println!("cannot run stitch: {error}");
            None
        }
    }
}
