//! The command line: flags, sources, exit statuses.

use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn stitch(args: &[&str], stdin: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stitch"));
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["PYTHON_JIT", "PYTHONPATH", "PYTHONSTARTUP", "STITCH_STRESS"] {
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
    assert!(
        help.starts_with("usage: stitch [option] ...") && help.contains("--jit=off|uops|stencil|cranelift"),
        "{help}"
    );
}

#[test]
fn refused_flags() {
    check(&["-z"], "", "", &format!("Unknown option: -z\n{USAGE}"), 2);
    check(&["--nope"], "", "", &format!("unknown option --nope\n{USAGE}"), 2);
    check(&["-c"], "", "", &format!("Argument expected for the -c option\n{USAGE}"), 2);
    let known = "(there are off, uops, stencil, cranelift)";
    check(&["--jit=warp", "-c", ""], "", "", &format!("--jit: no mode 'warp' {known}\n{USAGE}"), 2);
    check(&["-Xjit=warp", "-c", ""], "", "", &format!("-X jit: no mode 'warp' {known}\n{USAGE}"), 2);
}

/// A child process that the library starts as this one was started has the same JIT.
#[test]
fn the_jit_of_child_processes() {
    let program = "import subprocess, sys
from multiprocessing.util import _args_from_interpreter_flags
child = [sys.executable, *_args_from_interpreter_flags(), '-c', 'import sys; print(sys._xoptions, sys._jit.is_enabled())']
print(sys._xoptions, sys._jit.is_available(), sys._jit.is_enabled(), sys._jit.is_active(), flush=True)
subprocess.run(child, check=True)
";
    for (flag, mode, is_enabled) in [("--jit=off", "off", "False"), ("-Xjit=uops", "uops", "True")] {
        let shown = format!("{{'jit': '{mode}'}}");
        let lines = format!("{shown} True {is_enabled} False\n{shown} {is_enabled}\n");
        check(&[flag, "-c", program], "", &lines, "", 0);
    }
}

/// The module that shows executors, and counters with names of places.
#[test]
fn what_the_jit_did() {
    let program = "from stitch import jit
events = []
jit.on_compile(lambda executor: events.append(executor.kind))
def hot(n):
    total = 0
    for i in range(n):
        total += i
    return total
hot(5000)
loop = jit.executors(hot)[0]
show = lambda: repr(loop).replace(f' {loop.id} ', ' ')
print(show(), loop.line, loop.runs > 0, len(loop.exits()) > 0, loop.machine_code is not None, 'loop' in events)
print(jit.statistics()['loops'] > 0, jit.flush() > 0, loop.is_valid, show())
";
    for (mode, has_code) in [("uops", "False"), ("cranelift", "True")] {
        let mode = format!("--jit={mode}");
        let lines = format!(
            "<executor (loop) of hot, line 6> 6 True True {has_code} True\n\
             True True False <executor (loop) of hot, line 6, gone>\n"
        );
        check(&[&mode, "--jit-compile=sync", "-c", program], "", &lines, "", 0);
    }
    let output = stitch(&["--stats", "--dump=t", "--jit-compile=sync", "-c", program], "");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains(" at hot (<string>:6, FOR_ITER at "), "{told}");
}

/// Executors that were taken out say why, and what it was that changed; wherever one looks, the same.
#[test]
fn what_was_taken_out_says_why() {
    let program = "from stitch import jit
class Class:
    value = 1
    def method(self): return self.value
total = 0
def of_name(n):
    s = 0
    for i in range(n): s += i + len('ab') + factor
    return s
def of_class(n):
    s, it = 0, Class()
    for i in range(n): s += it.method()
    return s
def of_function(n):
    s = 0
    for i in range(n): s += callee(i)
    return s
def callee(x, y=2): return x + y
def other(n):
    s = 0
    for i in range(n): s += i
    return s
factor = 3
for f in of_name, of_class, of_function, other: f(5000)
def changed(f):
    it = jit.executors(f)[0]
    assert it.is_valid == (it.taken_out is None)
    return it.taken_out
print([changed(f) for f in (of_name, of_class, of_function, other)])
factor = 4
print([changed(f) for f in (of_name, of_class, of_function, other)])
Class.method = lambda self: 5
print([changed(f) for f in (of_name, of_class, of_function, other)])
callee.__defaults__ = (3,)
print([changed(f) for f in (of_name, of_class, of_function, other)])
jit.flush()
print(changed(other))
print(jit.statistics()['taken_out'] if jit.statistics()['invalidated'] else None)
for f in of_name, of_class, of_function: print(f(5000))
";
    let (name, class, function) = (
        "a name's value changed: factor",
        "a class changed: Class",
        "a function's code, defaults or closure changed: callee",
    );
    let path = std::env::temp_dir().join(format!("stitch-taken-out-{}.html", std::process::id()));
    let report = format!("--jit-report={}", path.display());
    let output = stitch(&["--jit-compile=sync", "--stats", "--dump=t", &report, "-c", program], "");
    let lines = format!(
        "[None, None, None, None]\n['{name}', None, None, None]\n['{name}', '{class}', None, None]\n\
         ['{name}', '{class}', \"{function}\", None]\nthe program took it out\n"
    )
    .replace(&format!("'{name}'"), &format!("\"{name}\""));
    let printed = String::from_utf8_lossy(&output.stdout);
    assert!(printed.starts_with(&lines), "{printed}");
    assert!(printed.ends_with("12527500\n25000\n12512500\n"), "{printed}");
    let told = String::from_utf8_lossy(&output.stderr);
    let html = std::fs::read_to_string(&path).expect("a report");
    std::fs::remove_file(&path).expect("ours");
    for why in [name, class, function] {
        let (reason, thing) = why.split_once(": ").expect("a thing");
        assert!(told.contains(&format!(" taken out: {why}\n")), "--dump=t: {told}");
        assert!(told.contains(&format!("× {reason}\n")), "--stats: {told}");
        assert!(told.contains(&format!(" executors: {why}\n")), "--stats: {told}");
        assert!(html.contains(&format!("{thing}.</p>")), "the report: {why}");
    }
}

/// Places that lead to ever other classes, functions and generators: each target has a side trace of its own, at the end of a
/// chain comes what takes all, and once that is so nothing goes back to tier 1. Calls of what was not compiled yet go straight to
/// its code when it is.
#[test]
fn places_with_many_targets_stay_in_executors() {
    let program = "from stitch import jit
jit.set_thresholds(loop=100, entry=100, exit=20)
names = {}
for k in range(12):
    exec(f'''
class C{k}:
    def __init__(self): self.p{k}, self.a = 0, {k}
    def method(self): return {k}
    def __add__(self, other): return {k}
def f{k}(): return {k}
def g{k}():
    yield {k}
    yield {k} + 1
def h{k}(n):
    total = 0
    for i in range(n): total += i ^ {k}
    return total
''', names)
instances, functions, generators, loops = ([names[kind + str(k)] for k in range(12)] * 4 for kind in 'Cfgh')
instances = [C() for C in instances]
def attribute():
    s = 0
    for it in instances: s += it.a
    return s
def method():
    s = 0
    for it in instances: s += it.method()
    return s
def add():
    s = 0
    for it in instances: s += it + 1
    return s
def call():
    s = 0
    for f in functions: s += f()
    return s
def call_of_loops():
    s = 0
    for f in loops: s += f(3)
    return s
def resume():
    s = 0
    for g in generators:
        for x in g(): s += x
    return s
def delegate():
    def all():
        for g in generators: yield from g()
    s = 0
    for x in all(): s += x
    return s
for f in attribute, method, add, call, call_of_loops, resume, delegate:
    for _ in range(400): f()
    before = jit.statistics()
    for _ in range(100): f()
    after = jit.statistics()
    turns = 100 * 48
    exits, entered = ((after[name] - before[name]) / turns for name in ('exits_taken', 'entered'))
    assert exits < 0.05 and entered < 0.1, (f.__name__, exits, entered)
    # Side traces of one instruction of one of these functions, of which each follows on the one before.
    longest = 0
    for side in jit.executors(f):
        start, length = side.offset, 0
        while side.kind == 'side' and side.offset == start:
            length, side = length + 1, side.parent[0]
        longest = max(longest, length)
    assert f not in (attribute, method, call) or longest <= 9, (f.__name__, longest)
    print(f.__name__, f())
";
    let expected = "attribute 264\nmethod 264\nadd 264\ncall 264\ncall_of_loops 792\nresume 576\ndelegate 576\n";
    for mode in ["cranelift", "stencil"] {
        check(&[&format!("--jit={mode}"), "--jit-compile=sync", "-c", program], "", expected, "", 0);
    }
}

/// Does the frame that asks run in compiled code? So does one whose call is part of it.
#[test]
fn active_executors() {
    let program = "import sys
def callee():
    return sys._jit.is_active()
def hot():
    own = inner = False
    for _ in range(3000):
        own |= sys._jit.is_active()
        inner |= callee()
    return own, inner
print(sys._jit.is_active(), hot(), sys._jit.is_active())
";
    for (mode, ran) in [("off", "(False, False)"), ("uops", "(True, True)"), ("cranelift", "(True, True)")] {
        let mode = format!("-Xjit={mode}");
        check(&[&mode, "--jit-compile=sync", "-c", program], "", &format!("False {ran} False\n"), "", 0);
    }
}

/// Functions of one form are linked from the same stencils, their constants, places and calls notwithstanding.
#[test]
fn like_code_takes_the_same_stencils() {
    let program = "from stitch import jit
def make(k):
    names = {}
    exec(f'''
def hot(n):
    total, pairs = {k}, []
    for i in range(n):
        total += i ^ {1000 * k}
        pairs = [total, (i, {k} + 0.5)]
    return total''', names)
    return names['hot']
counts = []
for k in range(1, 9):
    make(k)(5000)
    statistics = jit.statistics()
    counts.append((statistics['stencils_cut'], statistics['uops_linked']))
print(counts[0][0] > 0, counts[0][0] == counts[7][0], counts[7][1] >= 8 * counts[0][1], jit.statistics()['given_over'])
";
    let args = ["--jit=stencil", "--jit-compile=sync", "-c", program];
    check(&args, "", "True True True 0\n", "", 0);
}

/// The tests that the table names exist.
#[test]
fn what_is_promised_of_executors_has_its_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = std::fs::read_to_string(root.join("docs/executors.md")).expect("the table");
    let rows: Vec<&str> =
        table.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| **")).skip(1).collect();
    assert!(rows.len() > 30, "{}", rows.len());
    for row in rows {
        let tests = row.split(" | ").nth(1).unwrap_or_else(|| panic!("no second column: {row}"));
        assert!(tests.contains('`') || tests.contains("not yet"), "nothing shows it: {row}");
        for name in tests.split('`').skip(1).step_by(2) {
            let found = match name.split_once("::") {
                Some((file, test)) => {
                    std::fs::read_to_string(root.join(file)).is_ok_and(|text| text.contains(&format!("fn {test}(")))
                }
                None if name.contains('/') => root.join(name).exists(),
                None => root.join(format!("tests/programs/{name}.py")).exists(),
            };
            assert!(found, "no such test: {name}");
        }
    }
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

/// Prompts go to stderr.
#[test]
fn statements_one_by_one() {
    check(
        &["-q", "-i"],
        "1 + 1\nif 1:\n  print(2)\n\nx = (\n1,\n2)\nx\n",
        "2\n2\n(1, 2)\n",
        ">>> >>> ... ... >>> ... ... >>> >>> \n",
        0,
    );
    check(&["-q", "-i"], "import sys\nsys.ps1 = '$ '\n4; 5\nsys.exit(3)\n", "4\n5\n", ">>> >>> $ $ ", 3);
    check(
        &["-q", "-i"],
        " a\n2\n",
        "2\n",
        ">>>   File \"<stdin>\", line 1\n    a\nIndentationError: unexpected indent\n>>> >>> \n",
        0,
    );
    let traceback = ">>> ... ... >>> Traceback (most recent call last):\n  File \"<stdin>\", line 1, in <module>\n    f()\n    ~^^\n  \
                     File \"<stdin>\", line 2, in f\n    1/0\n    ~^~\nZeroDivisionError: division by zero\n>>> \n";
    check(&["-q", "-i"], "def f():\n  1/0\n\nf()\n", "", traceback, 0);
    let exit = "Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\n    \
                x = 41; import sys; sys.exit(4)\n                        ~~~~~~~~^^^\nSystemExit: 4\n>>> >>> \n";
    check(&["-q", "-i", "-c", "x = 41; import sys; sys.exit(4)"], "x\n", "41\n", exit, 0);
    check(&["-qic", "import sys"], "sys.flags.inspect, sys.flags.interactive\n", "(1, 1)\n", ">>> >>> \n", 0);
}

#[test]
fn unfinished_statements() {
    let indent = ">>> ...   File \"<stdin>\", line 2\n    2\n    ^\n\
                  IndentationError: expected an indented block after 'if' statement on line 1\n>>> \n";
    check(&["-q", "-i"], "if 1:\n2\n", "", indent, 0);
    check(&["-q", "-i"], "try:\n  1/0\nexcept ArithmeticError:\n  3\n\n", "3\n", ">>> ... ... ... ... >>> \n", 0);
    let at_end = ">>> ... ... \n  File \"<stdin>\", line 2\n    def f():\n            ^\n\
                  IndentationError: expected an indented block after function definition on line 2\n>>> \n";
    check(&["-q", "-i"], "@int\ndef f():\n", "", at_end, 0);
    check(&["-q", "-i"], "'''a\n\nb'''\n4 + \\\n5\n", "'a\\n\\nb'\n9\n", ">>> ... ... >>> ... >>> \n", 0);
    let message = "stitch: can't open file '/nowhere/x.py': [Errno 2] No such file or directory\n>>> >>> \n";
    check(&["-q", "-i", "/nowhere/x.py"], "6\n", "6\n", message, 0);
}

#[test]
fn terminals() {
    // A container may have none.
    let opened = stitch(&["-c", "import os; os.openpty()"], "");
    if String::from_utf8_lossy(&opened.stderr).contains("\nOSError: ") {
        eprintln!("left out: there are no pseudo-terminals here");
        return;
    }
    let sessions = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interactive/sessions.py");
    check(&[sessions], "", include_str!("interactive/sessions.out"), "", 0);
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

/// A folder of Python files that goes when the test ends.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Folder {
        let folder = std::env::temp_dir().join(format!("stitch-cli-{}-{name}", std::process::id()));
        for (file, text) in files {
            let file = folder.join(file);
            std::fs::create_dir_all(file.parent().expect("inside the folder")).expect("a folder");
            std::fs::write(file, text).expect("a file");
        }
        Folder(folder)
    }
    /// Runs in the folder; gives stdout, stderr and the status.
    fn run(&self, args: &[&str]) -> (String, String, Option<i32>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stitch"));
        let output = command.args(args).current_dir(&self.0).env_remove("PYTHONPATH").output().expect("stitch starts");
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("text").replace(&*self.0.to_string_lossy(), "~");
            text.replace(env!("CARGO_BIN_EXE_stitch"), "stitch")
        };
        (text(output.stdout), text(output.stderr), output.status.code())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn modules_run_as_scripts() {
    let show = "import sys\nprint(__name__, __package__, __file__, sys.argv, sys.path[0])\n";
    let files = [
        ("tool.py", show),
        ("box/__init__.py", "print('box')\n"),
        ("box/__main__.py", show),
        ("box/inner.py", "from . import sibling\nprint(sibling.x, __package__)\n"),
        ("box/sibling.py", "x = 1\n"),
        ("bare/__init__.py", ""),
        ("broken.py", "1 / 0\n"),
    ];
    let folder = Folder::new("modules", &files);
    let ok = |out: &str| (out.to_owned(), String::new(), Some(0));
    let failed = |err: &str| (String::new(), err.to_owned(), Some(1));
    assert_eq!(folder.run(&["-m", "tool", "a", "-b"]), ok("__main__  ~/tool.py ['~/tool.py', 'a', '-b'] ~\n"));
    assert_eq!(folder.run(&["-mbox"]), ok("box\n__main__ box ~/box/__main__.py ['~/box/__main__.py'] ~\n"));
    assert_eq!(folder.run(&["-m", "box.inner"]), ok("box\n1 box\n"));
    assert_eq!(folder.run(&["box"]), ok("__main__  ~/box/__main__.py ['box'] ~/box\n"));
    assert_eq!(folder.run(&["-m", "nowhere"]), failed("stitch: No module named nowhere\n"));
    assert_eq!(
        folder.run(&["-m", "nowhere.else"]),
        failed(
            "stitch: Error while finding module specification for 'nowhere.else' \
             (ModuleNotFoundError: No module named 'nowhere')\n"
        )
    );
    let bare = "stitch: No module named bare.__main__; 'bare' is a package and cannot be directly executed\n";
    assert_eq!(folder.run(&["-m", "bare"]), failed(bare));
    assert_eq!(folder.run(&["-m", "sys"]), failed("stitch: No code object available for sys\n"));
    let (_, err, status) = folder.run(&["-m", "broken"]);
    assert!(err.ends_with("    1 / 0\n    ~~^~~\nZeroDivisionError: division by zero\n"), "{err}");
    assert_eq!(status, Some(1));
}

#[test]
fn archives_and_compiled_code_run() {
    let show = "import sys\nprint(__package__, type(__loader__).__name__, __file__, sys.argv, sys.path[0])\n";
    let make = "import zipfile, py_compile\n\
                zipfile.ZipFile('a.zip', 'w').write('tool.py', '__main__.py')\n\
                py_compile.compile('tool.py', 'tool.pyc')\n\
                open('bad.pyc', 'wb').write(bytes(20))\n";
    let folder =
        Folder::new("kinds", &[("tool.py", show), ("make.py", make), ("first.py", "no python\nprint(1)\n1/0\n")]);
    let ok = |out: &str| (out.to_owned(), String::new(), Some(0));
    assert_eq!(folder.run(&["make.py"]), ok(""));
    assert_eq!(folder.run(&["tool.py", "x"]), ok("None SourceFileLoader ~/tool.py ['tool.py', 'x'] ~\n"));
    assert_eq!(folder.run(&["a.zip"]), ok(" zipimporter ~/a.zip/__main__.py ['a.zip'] ~/a.zip\n"));
    assert_eq!(folder.run(&["tool.pyc"]), ok("None SourcelessFileLoader ~/tool.pyc ['tool.pyc'] ~\n"));
    assert!(folder.run(&["bad.pyc"]).1.ends_with("RuntimeError: Bad magic number in .pyc file\n"));
    let (out, err, status) = folder.run(&["-x", "first.py"]);
    assert_eq!((out.as_str(), status), ("1\n", Some(1)));
    assert!(err.contains("line 3, in <module>"), "{err}");
}

#[test]
fn packages_are_found() {
    let find = "import sys\n\
                class Finder:\n    def find_spec(self, name, path=None, target=None): print('asked for', name)\n\
                sys.meta_path.insert(0, Finder())\n\
                import colorsys\n\
                print(len(sys.meta_path), len(sys.path_hooks))\n";
    let sources = "import inspect, json.decoder, os, pkgutil, sys\n\
                   place = os.path.dirname(os.__file__)\n\
                   print(place in sys.path, place == sys.base_prefix + '/lib/stitch/python3.14', json.__spec__.cached)\n\
                   print(inspect.getsource(json.loads).splitlines()[0])\n\
                   print([module.name for module in pkgutil.iter_modules(json.__path__)])\n\
                   json.loads('{')\n";
    let installed = "import sys, single, several.part\nprint(single.x, sys.prefix != sys.base_prefix)\n";
    let files = [
        ("spread.py", "import bare.part, json\nprint(bare, json.x)\n"),
        ("bare/part.py", "print('part')\n"),
        // What is beside the program goes before the library.
        ("json.py", "x = 'own'\n"),
        ("finders/find.py", find),
        ("sources/sources.py", sources),
        ("installed/installed.py", installed),
        ("more/several/part.py", "print('further')\n"),
    ];
    let folder = Folder::new("packages", &files);
    let ok = |out: &str| (out.to_owned(), String::new(), Some(0));
    assert_eq!(folder.run(&["spread.py"]), ok("part\n<module 'bare' (namespace) from ['~/bare']> own\n"));
    assert_eq!(folder.run(&["finders/find.py"]), ok("asked for colorsys\n4 3\n"));
    let (out, err, status) = folder.run(&["sources/sources.py"]);
    let modules = "['__main__', 'decoder', 'encoder', 'scanner', 'tool']";
    let begin = "def loads(s, *, cls=None, object_hook=None, parse_float=None,";
    assert_eq!((out, status), (format!("True True None\n{begin}\n{modules}\n"), Some(1)));
    assert!(
        err.contains("/json/decoder.py\", line 361, in raw_decode\n    obj, end = self.scan_once(s, idx)\n"),
        "{err}"
    );

    assert_eq!(folder.run(&["-m", "venv", "--without-pip", "environment"]), ok(""));
    let packages = folder.0.join("environment/lib/python3.14/site-packages");
    std::fs::write(packages.join("single.py"), "x = 'installed'\n").expect("a file");
    std::fs::write(packages.join("further.pth"), folder.0.join("more").as_os_str().as_encoded_bytes()).expect("a file");
    assert!(folder.0.join("environment/bin/activate").is_file());
    let mut command = Command::new(folder.0.join("environment/bin/python"));
    let output = command.arg(folder.0.join("installed/installed.py")).output().expect("a link to stitch starts");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "further\ninstalled True\n");
}

#[test]
fn flags_reach_the_program() {
    let program = "import sys; print(sys.flags.optimize, sys.flags.dont_write_bytecode, sys.flags.isolated)";
    check(&["-OO", "-B", "-c", program], "", "2 1 0\n", "", 0);
    let program = "import sys; f = sys.flags; print(f.dev_mode, f.utf8_mode, sys._xoptions, sys.orig_argv[1:3])";
    check(
        &["-Xdev", "-Xutf8=0", "-c", program],
        "",
        "True 0 {'dev': True, 'utf8': '0'} ['-Xdev', '-Xutf8=0']\n",
        "",
        0,
    );
    check(&["-O", "-c", "exec('assert False'); print(eval('__debug__'))"], "", "False\n", "", 0);
}

/// The share of instructions that ran in executors, as `--stats` tells it.
fn executor_share(jit: &str, program: &str) -> f64 {
    let output = stitch(&[jit, "--jit-compile=sync", "--stats", "-c", program], "");
    let text = String::from_utf8(output.stderr).expect("text");
    let line = text.lines().find(|line| line.starts_with("instructions")).expect("a line for instructions");
    let share = line.split("; ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a share");
    share.parse().expect("a number")
}

#[test]
fn stats_count_instructions() {
    let program = "def f(n):\n    t = 0\n    while n:\n        t += n & 3\n        n -= 1\n    return t\nf(200000)";
    for jit in ["--jit=uops", "--jit=cranelift"] {
        let share = executor_share(jit, program);
        assert!(share > 98.0, "{jit}: {share}");
    }
    assert_eq!(executor_share("--jit=off", program), 0.0);
}

/// Whichever allocation fails, the program sees MemoryError, if anything: nothing else goes wrong.
#[test]
fn a_failed_allocation_is_a_memory_error() {
    let program = "\
class Node:
    def __init__(self, value): self.value = value

def work():
    kept = []
    for i in range(400):
        kept = kept[-20:] + [(Node(i), {i: [i]}, 'x' * i)]
    return len(kept)

for attempt in range(2):
    try:
        assert work() == 21
    except MemoryError:
        pass
print('done')
";
    for jit in ["--jit=off", "--jit=uops", "--jit=cranelift"] {
        // The first ones are made before the program starts.
        for nth in (1..32).chain((32..4000).step_by(397)) {
            let mut command = Command::new(env!("CARGO_BIN_EXE_stitch"));
            command.args([jit, "--threshold=5", "-c", program]).env("STITCH_STRESS", format!("oom={nth}"));
            let output = command.output().expect("stitch starts");
            let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
            let is_fine = match output.status.code() {
                Some(0) => out == "done\n" && err.is_empty(),
                Some(1) => err.trim_end().ends_with("MemoryError"),
                _ => false,
            };
            assert!(is_fine, "{jit}, allocation {nth}: {:?}\n{out}{err}", output.status);
        }
    }
}

/// Has children end by SIGINT again: a shell that runs this in the background has it ignored, and children inherit that.
fn heed_interrupts() {
    unsafe extern "C" {
        fn signal(number: i32, handler: usize) -> usize;
    }
    // SAFETY: `signal` of the C library, with SIGINT and the default handler.
    unsafe { signal(2, 0) };
}

#[test]
fn interrupts_end_loops() {
    heed_interrupts();
    let programs = [
        "print('ready', flush=True)\nwhile True: pass\n",
        "def f():\n    i = 0\n    print('ready', flush=True)\n    while True:\n        i += 1\nf()\n",
        "print('ready', flush=True)\nmax(range(2**60))\n",
        "print('ready', flush=True)\nsum(range(2**60))\n",
        "print('ready', flush=True)\nall(map(lambda i: True, range(2**60)))\n",
        "print('ready', flush=True)\n-1 in iter(range(2**60))\n",
        "print('ready', flush=True)\ndict.fromkeys(map(abs, map(bool, range(2**60))))\n",
        "a = []\nfor _ in range(60): a = [a, a]\nprint('ready', flush=True)\nrepr(a)\n",
        "a = b = ()\nfor _ in range(60): a, b = (a, a), (b, b)\nprint('ready', flush=True)\na == b\n",
        "a = ()\nfor _ in range(60): a = (a, a)\nprint('ready', flush=True)\nhash(a)\n",
        "def g(x): return x + 1\ndef f():\n    i = 0\n    print('ready', flush=True)\n    while True:\n        i = g(i) & 255\nf()\n",
    ];
    for jit in ["--jit=off", "--jit=uops", "--jit=cranelift"] {
        for program in programs {
            let mut command = Command::new(env!("CARGO_BIN_EXE_stitch"));
            command.args([jit, "-c", program]).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn().expect("stitch starts");
            let mut line = String::new();
            let mut stdout = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
            std::io::BufRead::read_line(&mut stdout, &mut line).expect("a line");
            assert_eq!(line, "ready\n");
            // Long enough for the loop to be compiled.
            std::thread::sleep(std::time::Duration::from_millis(60));
            let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
            assert!(sent.success());
            let output = child.wait_with_output().expect("stitch ends");
            let err = String::from_utf8_lossy(&output.stderr);
            assert!(err.starts_with("Traceback") && err.ends_with("\nKeyboardInterrupt\n"), "{jit}: {err}");
            assert_eq!(output.status.signal(), Some(2), "{jit}: {program}");
        }
    }
}

/// Runs a program that prints its process's number first; gives that, and the rest of what it printed.
#[track_caller]
fn run_hot(args: &[&str], program: &str) -> (u32, String) {
    let program = format!("import os; print(os.getpid())\n{program}");
    let output = stitch(&[args, &["-c", &program]].concat(), "");
    let stdout = String::from_utf8(output.stdout).expect("text");
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""), "{stdout}");
    let (pid, rest) = stdout.split_once('\n').expect("a line");
    (pid.parse().expect("a number"), rest.to_owned())
}

const HOT: &str = "def hot(n):
    total = 0
    for i in range(n):
        total += i
    return total
hot(5000)
";

/// The map of names, which the program may begin and end as well; a copy of the process has its own.
#[test]
fn a_profiler_reads_names() {
    let rest = "import sys
print(sys.is_stack_trampoline_active())
sys.deactivate_stack_trampoline()
print(sys.is_stack_trampoline_active())
try: sys.activate_stack_trampoline('gprof')
except ValueError as error: print(error)
sys.activate_stack_trampoline('perf')
sys.stdout.flush()
if child := os.fork(): print(os.waitpid(child, 0)[1], child)
";
    let (pid, rest) = run_hot(&["-Xperf", "--jit-compile=sync"], &format!("{HOT}{rest}"));
    let lines: Vec<&str> = rest.lines().collect();
    assert_eq!(lines[..3], ["True", "False", "invalid backend: gprof"]);
    let child: u32 = lines[3].strip_prefix("0 ").expect("the child ended well").parse().expect("a number");
    for pid in [pid, child] {
        let path = format!("/tmp/perf-{pid}.map");
        let map = std::fs::read_to_string(&path).expect("a map");
        std::fs::remove_file(&path).expect("ours");
        let names: Vec<&str> = map
            .lines()
            .map(|line| {
                let [address, size, name] = *line.splitn(3, ' ').collect::<Vec<_>>() else { panic!("{line}") };
                let number = |text| u64::from_str_radix(text, 16).expect("hexadecimal");
                assert!(number(address) > 0 && number(size) > 0, "{line}");
                name
            })
            .collect();
        assert!(names.iter().any(|name| name.starts_with("hot:4 [loop ") && name.ends_with("] <string>")), "{map}");
        assert!(names.contains(&"stitch: entering"), "{map}");
    }
}

/// The dump of code: its records are whole, the code is what the program sees, and lines are told before it.
#[test]
fn a_profiler_reads_code() {
    let rest = "from stitch import jit\nprint(jit.executors(hot)[0].machine_code.hex())\n";
    let (pid, code) = run_hot(&["-Xperf_jit", "--jit-compile=sync"], &format!("{HOT}{rest}"));
    let path = format!("/tmp/jit-{pid}.dump");
    let dump = std::fs::read(&path).expect("a dump");
    std::fs::remove_file(&path).expect("ours");
    let word = |at: usize| u32::from_le_bytes(dump[at..at + 4].try_into().expect("four"));
    let long = |at: usize| u64::from_le_bytes(dump[at..at + 8].try_into().expect("eight"));
    assert_eq!([word(0), word(4), word(8), word(12), word(20)], [0x4A69_5444, 1, 40, 62, pid]);
    let (mut at, mut last, mut is_found) = (40, u32::MAX, false);
    while at < dump.len() {
        let (kind, body, end) = (word(at), at + 16, at + word(at + 4) as usize);
        if kind == 0 {
            let name = dump[body + 40..].split(|&byte| byte == 0).next().expect("a name");
            let size = long(body + 24) as usize;
            assert_eq!(body + 40 + name.len() + 1 + size, end);
            if String::from_utf8_lossy(name).starts_with("hot:4 [loop ") {
                let shown: String = dump[end - size..end].iter().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(shown, code.trim());
                assert_eq!(last, 2, "lines come first");
                is_found = true;
            }
        } else if kind == 2 {
            let n_lines = long(body + 8);
            let line = word(body + 24);
            assert!(n_lines > 0 && long(body + 16) == long(body) && line > 0, "{n_lines} from line {line} on");
        }
        (at, last) = (end, kind);
    }
    assert!(is_found && last == 3 && at == dump.len());
}

/// Where the time went: in a line with the counters, and by micro-op.
#[test]
fn where_the_time_went() {
    let program = "def hot(n):
    total = 0
    for i in range(n):
        total += i * 3 % 7
    return total
hot(60_000_000)
";
    for mode in ["off", "cranelift"] {
        let output = stitch(
            &[
                "--stats",
                "--dump=p",
                &format!("--jit={mode}"),
                "-c",
                &program.replace("60_", if mode == "off" { "1_" } else { "60_" }),
            ],
            "",
        );
        let text = String::from_utf8(output.stderr).expect("text");
        let line = text.lines().find(|line| line.starts_with("where  ")).expect("a line");
        let busiest = if mode == "off" { "tier 1" } else { "compiled code" };
        let shares = line.split_once("samples of the main thread: ").expect("what was sampled").1;
        assert!(shares.split(", ").next().is_some_and(|first| first.ends_with(busiest)), "{line}");
        if mode == "cranelift" {
            assert!(text.contains("in executor 0 (Loop) at hot (<string>:3, FOR_ITER at 28)"), "{text}");
            assert!(text.lines().any(|line| line.contains(" %  line 4 ") && line.contains("int_")), "{text}");
        }
    }
}

/// The report is one file: all lines, all executors, links that lead somewhere, and nothing of a name becomes a tag.
#[test]
fn the_report() {
    let program = "from stitch import jit
text = '</td><script>alert(1)</script>&'
def hot(n):
    total = 0
    for i in range(n):
        if i % 3 == 0:
            total += 1
        total += i
    return total
hot(6000)
hot.__code__ = hot.__code__.replace(co_qualname='<b>&\"x\\'', co_filename='\"><img src=x>')
hot(6000)
print(len(jit.executors()))
";
    let path = std::env::temp_dir().join(format!("stitch-report-{}.html", std::process::id()));
    let output = stitch(&["--jit-compile=sync", &format!("--jit-report={}", path.display()), "-c", program], "");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let html = std::fs::read_to_string(&path).expect("a report");
    std::fs::remove_file(&path).expect("ours");
    let values = |name: &str| -> Vec<String> {
        let begin = format!(" {name}=\"");
        html.split(&begin).skip(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned()).collect()
    };
    let ids = values("id");
    let n_executors: usize = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number");
    assert!(n_executors >= 4, "{n_executors}");
    for id in 0..n_executors {
        assert_eq!(ids.iter().filter(|it| **it == format!("x{id}")).count(), 1, "executor {id}");
    }
    let file = html.split("<h2 id=\"").find(|part| part.contains("\">&lt;string&gt;</h2>")).expect("the file");
    let file = file.split('"').next().expect("its name");
    for line in 1..=program.lines().count() {
        assert!(ids.contains(&format!("{file}l{line}")), "line {line}");
    }
    for link in values("href") {
        let target = link.strip_prefix('#').expect("no link leads out");
        assert!(ids.iter().any(|id| id == target), "{link}");
    }
    assert_eq!(html.matches("<script").count(), 1);
    assert!(!html.contains("<img") && !html.contains("<b>") && !html.contains(" src=\""), "names are text");
    for part in [
        "&lt;b&gt;&amp;&quot;x&#39;",
        "Micro-ops after: recording",
        "Micro-ops after: dead",
        "Bytecode",
        "Cranelift IR",
        "Machine code",
        "<svg",
        "A branch",
    ] {
        assert!(html.contains(part), "{part}");
    }
    for tag in ["details", "table", "tr", "td", "svg", "span", "a", "g", "pre", "div"] {
        let opened = html.matches(&format!("<{tag} ")).count() + html.matches(&format!("<{tag}>")).count();
        assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}
