//! What comes in and goes out at the border with the system: names and text that are not UTF-8, streams that are closed, and signals.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Command, Output};

const STITCH: &str = env!("CARGO_BIN_EXE_stitch");

/// Runs a line of the shell, in which `$PY` is the program; gives stdout, stderr and status as text.
fn shell(line: &str) -> (String, String, Option<i32>) {
    let mut command = Command::new("sh");
    command.args(["-c", line]).env("PY", STITCH).env_remove("PYTHONPATH").env_remove("STITCH_STRESS");
    shown(command.env_remove("PYTHONUNBUFFERED").output().expect("a shell"))
}

fn shown(output: Output) -> (String, String, Option<i32>) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let status = output.status.code().or(output.status.signal().map(|signal| -signal));
    (text(&output.stdout), text(&output.stderr), status)
}

/// A folder whose name is not UTF-8.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        let name = [b"stitch-\xFF-".as_slice(), std::process::id().to_string().as_bytes()].concat();
        let folder = std::env::temp_dir().join(OsStr::from_bytes(&name));
        std::fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn names_that_are_not_utf_8_come_back() {
    let folder = Folder::new();
    let script = folder.0.join(OsStr::from_bytes(b"main\xFE.py"));
    let source = "import os, sys\n\
                  print(ascii(os.path.basename(__file__)), ascii(sys.argv[1:]), os.fsencode(sys.argv[1]))\n\
                  print(sys.path[0] == os.path.dirname(__file__) == os.getcwd(), ascii(sorted(os.listdir('.'))))\n\
                  print(os.environb[b'NAME'], ascii(os.environ['NAME']))\n\
                  import part\n\
                  print(part.__file__ == os.path.join(sys.path[0], 'part.py'), part.f.__code__.co_filename == part.__file__)\n\
                  part.f()\n";
    std::fs::write(&script, source).expect("a file");
    std::fs::write(folder.0.join("part.py"), "def f(): 1 / 0\n").expect("a file");
    let mut command = Command::new(STITCH);
    command.arg("-B").arg(&script).arg(OsStr::from_bytes(b"a\x80\xC3\xA9")).current_dir(&folder.0);
    let (out, err, status) = shown(command.env("NAME", OsStr::from_bytes(b"\xF0")).output().expect("stitch starts"));
    let expected = "'main\\udcfe.py' ['a\\udc80\\xe9'] b'a\\x80\\xc3\\xa9'\nTrue ['main\\udcfe.py', 'part.py']\n\
                    b'\\xf0' '\\udcf0'\nTrue True\n";
    assert_eq!(out, expected);
    assert!(err.contains("main\\udcfe.py\", line 7, in <module>\n    part.f()\n"), "{err}");
    assert!(
        err.ends_with(
            "part.py\", line 1, in f\n    def f(): 1 / 0\n             ~~^~~\nZeroDivisionError: division by zero\n"
        ),
        "{err}"
    );
    assert_eq!(status, Some(1));
    let mut command = Command::new(STITCH);
    let (_, err, status) =
        shown(command.arg("-c").arg(OsStr::from_bytes(b"x = '\xFF'")).output().expect("stitch starts"));
    let message = "Unable to decode the command from the command line:\nUnicodeEncodeError: 'utf-8' codec can't encode character \
                   '\\udcff' in position 5: surrogates not allowed\n";
    assert_eq!((err.as_str(), status), (message, Some(1)));
}

#[test]
fn closed_and_full_streams() {
    let full = "Exception ignored while flushing sys.stdout:\nOSError: [Errno 28] No space left on device\n";
    let ok = (String::new(), String::new(), Some(0));
    assert_eq!(shell("\"$PY\" -c 'print(1)' > /dev/full"), (String::new(), full.into(), Some(120)));
    assert_eq!(shell("\"$PY\" -c 'print(1)' >&-"), ok);
    assert_eq!(shell("\"$PY\" -c 'import sys; print(sys.stdin)' <&-"), ("None\n".into(), String::new(), Some(0)));
    // Nothing of it goes to stdout.
    assert_eq!(shell("\"$PY\" -c '1 / 0' 2>&-"), (String::new(), String::new(), Some(1)));
    let (out, err, _) = shell("{ \"$PY\" -c 'import time; time.sleep(.2); print(1)'; echo $? >&2; } | true");
    let broken = "Exception ignored while flushing sys.stdout:\nBrokenPipeError: [Errno 32] Broken pipe\n120\n";
    assert_eq!((out.as_str(), err.as_str()), ("", broken));
    let (out, _, status) = shell("echo 'import sys; print(sys.argv)' | \"$PY\" - a");
    assert_eq!((out.as_str(), status), ("['-', 'a']\n", Some(0)));
}

#[test]
fn faults_that_others_send_end_the_process() {
    for number in [7, 11] {
        let program = format!("import os; os.kill(os.getpid(), {number}); print(1)");
        let output = Command::new(STITCH).args(["-c", &program]).output().expect("stitch starts");
        assert_eq!(output.status.signal(), Some(number));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn imports_are_told_of() {
    let (_, err, status) = shell("\"$PY\" -X importtime -c 'import json.decoder'");
    let mut lines = err.lines();
    assert_eq!(lines.next(), Some("import time: self [us] | cumulative | imported package"));
    assert!(
        lines.next_back().is_some_and(|line| line.starts_with("import time: ") && line.ends_with(" | json.decoder"))
    );
    // What it imports comes first, and further in.
    assert!(err.contains(" |   json\n") && err.contains(" |       json.scanner\n"), "{err}");
    assert_eq!(status, Some(0));
    let (_, err, _) = shell("PYTHONPROFILEIMPORTTIME=1 \"$PY\" -c pass");
    assert!(err.is_empty() || err.starts_with("import time: "), "{err}");
    let (_, err, _) = shell("\"$PY\" -v -c 'import colorsys'");
    assert!(err.lines().any(|line| line.starts_with("import 'colorsys' # <")), "{err}");
}

#[test]
fn an_encoding_that_is_not_given() {
    let (_, err, status) = shell("\"$PY\" -X warn_default_encoding -c 'open(\"/dev/null\").close()'");
    let warning = "<string>:1: EncodingWarning: 'encoding' argument not specified\n";
    assert!(err.starts_with(warning), "{err}");
    assert_eq!(status, Some(0));
    assert_eq!(shell("PYTHONWARNDEFAULTENCODING=1 \"$PY\" -c 'open(\"/dev/null\", encoding=\"utf-8\").close()'").1, "");
}

#[test]
fn frames_of_importlib_are_not_shown() {
    // A folder without `__init__.py` has the library's own finders look.
    let program = "import sys, os, tempfile; sys.dont_write_bytecode = True; folder = tempfile.mkdtemp(); sys.path.insert(0, folder)\n\
                   os.makedirs(folder + '/outer/inner')\n\
                   with open(folder + '/outer/inner/part.py', 'w') as file: file.write('1 / 0')\n\
                   for name in 'outer.inner.part', 'outer.none', 'none.other':\n\
                   \x20   try: __import__(name)\n\
                   \x20   except Exception as error:\n\
                   \x20       at = error.__traceback__\n\
                   \x20       while at: print(at.tb_frame.f_code.co_filename.replace(folder, '~')); at = at.tb_next\n\
                   \x20       print(error)\n";
    let output = Command::new(STITCH).args(["-c", program]).output().expect("stitch starts");
    let (out, err, _) = shown(output);
    let expected = "<string>\n~/outer/inner/part.py\ndivision by zero\n<string>\nNo module named 'outer.none'\n<string>\n\
                    No module named 'none'\n";
    assert_eq!((out.as_str(), err.as_str()), (expected, ""));
}

#[test]
fn what_is_made_of_the_flags() {
    for (kind, part) in [
        ("man", ".TH STITCH 1"),
        ("complete-bash", "complete -o filenames -F _stitch stitch"),
        ("complete-zsh", "#compdef stitch"),
        ("complete-fish", "complete -c stitch -l jit -x -a 'off uops stencil cranelift'"),
    ] {
        let (out, err, status) = shell(&format!("\"$PY\" --generate={kind}"));
        assert!(out.contains(part) && err.is_empty() && status == Some(0), "{kind}: {out}{err}");
    }
    let (_, _, status) = shell("\"$PY\" --generate=complete-bash | bash -n");
    assert_eq!(status, Some(0));
    assert_eq!(shell("\"$PY\" --generate=poem").2, Some(2));
}
