//! The command line: flags, sources, exit statuses.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

fn stitch(args: &[&str], stdin: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stitch"));
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["PYTHON_JIT", "PYTHONPATH", "STITCH_STRESS"] {
        command.env_remove(name);
    }
    let mut child = command.spawn().expect("stitch starts");
    // A program that does not read its input closes the pipe early.
    _ = child.stdin.take().expect("a pipe").write_all(stdin.as_bytes());
    child.wait_with_output().expect("stitch ends")
}

/// Runs, and compares stdout, stderr and status.
#[track_caller]
fn check(args: &[&str], stdin: &str, stdout: &str, stderr: &str, status: i32) {
    let output = stitch(args, stdin);
    assert_eq!(String::from_utf8_lossy(&output.stderr), stderr, "stderr of {args:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), stdout, "stdout of {args:?}");
    assert_eq!(output.status.code(), Some(status), "status of {args:?}");
}

const USAGE: &str = "usage: stitch [option] ... [-c cmd | -m mod | file | -] [arg] ...\n\
                     Try `stitch -h' for more information.\n";

#[test]
fn version_and_help() {
    check(&["-V"], "", "Python 3.14.0\n", "", 0);
    check(&["--version"], "", "Python 3.14.0\n", "", 0);
    let long = String::from_utf8(stitch(&["-VV"], "").stdout).expect("text");
    assert!(long.starts_with("Python 3.14.0 (stitch "), "{long}");
    let help = String::from_utf8(stitch(&["--help"], "").stdout).expect("text");
    assert!(help.starts_with("usage: stitch [option] ...") && help.contains("--jit=off|uops|cranelift"), "{help}");
}

#[test]
fn refused_flags() {
    check(&["-z"], "", "", &format!("Unknown option: -z\n{USAGE}"), 2);
    check(&["--nope"], "", "", &format!("unknown option --nope\n{USAGE}"), 2);
    check(&["-c"], "", "", &format!("Argument expected for the -c option\n{USAGE}"), 2);
    check(&["--jit=warp", "-c", ""], "", "", &format!("--jit: no mode 'warp'\n{USAGE}"), 2);
}

#[test]
fn missing_files() {
    let message = "stitch: can't open file '/nowhere/x.py': [Errno 2] No such file or directory\n";
    check(&["/nowhere/x.py"], "", "", message, 2);
    check(&["/"], "", "", "stitch: can't find '__main__' module in '/'\n", 1);
}

#[test]
fn syntax_errors() {
    let message = "  File \"<string>\", line 1\n    x = (\n        ^\nSyntaxError: '(' was never closed\n";
    check(&["-c", "x = ("], "", "", message, 1);
    let message = "  File \"<stdin>\", line 2\n    y z\n      ^\nSyntaxError: invalid syntax\n";
    check(&["-"], "x = 1\ny z\n", "", message, 1);
}

#[test]
fn sources() {
    check(&["-c", "print(1 + 1)"], "", "2\n", "", 0);
    check(&["-"], "print('from stdin')\n", "from stdin\n", "", 0);
    check(&[], "print('by default')\n", "by default\n", "", 0);
    check(&["-c", "import sys; print(sys.argv)", "a", "-b"], "", "['-c', 'a', '-b']\n", "", 0);
    check(&["-", "x"], "import sys; print(sys.argv)\n", "['-', 'x']\n", "", 0);
}

#[test]
fn exit_statuses() {
    check(&["-c", "import sys; sys.exit(3)"], "", "", "", 3);
    check(&["-c", "raise SystemExit"], "", "", "", 0);
    check(&["-c", "raise SystemExit('bye')"], "", "", "bye\n", 1);
    check(&["-c", "import sys; sys.exit(-1)"], "", "", "", 255);
    let traceback = "Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\n    1 / 0\n    ~~^~~\n\
                     ZeroDivisionError: division by zero\n";
    check(&["-c", "1 / 0"], "", "", traceback, 1);
}

#[test]
fn optimization_drops_asserts() {
    check(&["-O", "-c", "assert False; print(__debug__)"], "", "False\n", "", 0);
    check(&["-OO", "-c", "def f(): 'doc'\nprint(f.__doc__)"], "", "None\n", "", 0);
}

#[test]
fn bytecode_is_dumped_on_stderr() {
    let output = stitch(&["--dump=b", "-c", "x = 1"], "");
    let text = String::from_utf8(output.stderr).expect("text");
    assert!(text.starts_with("; <module> (<string>:1), stack 1\n") && text.contains("STORE_NAME"), "{text}");
}

#[test]
fn a_closed_stdout_is_no_crash() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stitch"))
        .args(["-c", "for i in range(200000): print(i)"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("stitch starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("stitch ends");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code().is_some(), "killed by a signal");
    assert!(!stderr.contains("panicked"), "{stderr}");
}
