//! Ctrl-C is answered soon, whatever is at work.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Long work, begun when the program has said that it is ready. None of it takes less than a second.
const PROGRAMS: [&str; 22] = [
    "ready()\n3 ** 10**8",
    "x = (1 << 400_000_000) - 1; y = x - 5; ready()\nx * y",
    "x = (1 << 100_000_000) - 1; y = (1 << 50_000_000) - 3; ready()\nwhile True: x // y",
    "x = (1 << 100_000_000) - 1; y = (1 << 50_000_000) - 3; ready()\nwhile True: divmod(x, y)",
    "x = (1 << 60_000_000) - 1; ready()\nstr(x)",
    "x = '7' * 20_000_000; ready()\nint(x)",
    "x = (1 << 40_000) - 1; ready()\npow(x - 7, x - 3, x)",
    "import math; x = (1 << 200_000_000) - 1; ready()\nmath.isqrt(x)",
    "import math; ready()\nmath.factorial(10_000_000)",
    "import math; ready()\nmath.comb(40_000_000, 20_000_000)",
    "import math; x = (1 << 20_000_000) - 1; y = (3 << 19_000_000) - 5; ready()\nmath.gcd(x, y)",
    "x = [i * 7919 % 1_000_003 for i in range(3_000_000)]; ready()\nwhile True: sorted(x)",
    "x = [i * 7919 % 1_000_003 / 7 for i in range(3_000_000)]; ready()\nwhile True: sorted(x)",
    "x = [str(i * 7919 % 1_000_003) for i in range(1_000_000)]; ready()\nwhile True: sorted(x)",
    "x = [(i * 7919 % 1_000_003,) for i in range(1_000_000)]; ready()\nwhile True: sorted(x)",
    "ready()\nsum(range(2**60))",
    "x = [1] * 50_000_000; ready()\nwhile True: x.count(2)",
    "x = [1] * 50_000_000; ready()\nwhile True: 2 in x",
    "import re; ready()\nre.match('(a+)+$', 'a' * 60 + 'b')",
    "import re; x = 'ab' * 20_000_000; ready()\nwhile True: re.sub('b', '', x)",
    "import time; ready()\ntime.sleep(100)",
    "import os; reader, writer = os.pipe(); ready()\nos.read(reader, 1)",
];

/// What the tests' other work on the machine may take from it.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Has children end by SIGINT again: a shell that runs this in the background has it ignored, and children inherit that.
fn heed_interrupts() {
    unsafe extern "C" {
        fn signal(number: i32, handler: usize) -> usize;
    }
    // SAFETY: `signal` of the C library, with SIGINT and the default handler.
    unsafe { signal(2, 0) };
}

#[test]
fn long_work_is_given_up() {
    heed_interrupts();
    let prelude = "import os, sys\nif hasattr(sys, 'set_int_max_str_digits'): sys.set_int_max_str_digits(0)\n\
                   def ready(): os.write(1, b'ready\\n')\n";
    for (nth, program) in PROGRAMS.into_iter().enumerate() {
        let jit = ["--jit=cranelift", "--jit=off", "--jit=uops", "--jit=stencil"][nth % 4];
        let indented: String = program.lines().map(|line| format!("    {line}\n")).collect();
        let caught =
            format!("{prelude}try:\n{indented}except KeyboardInterrupt:\n    os.write(1, b'caught\\n')\n    raise\n");
        let mut child = Command::new(env!("CARGO_BIN_EXE_stitch"))
            .args([jit, "-c", &caught])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("stitch starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        assert_eq!(lines.next().expect("a line").expect("text"), "ready", "{program}");
        std::thread::sleep(Duration::from_millis(150));
        assert!(child.try_wait().expect("it is a child").is_none(), "over already: {program}");
        let sent = Instant::now();
        let status = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
        assert!(status.success());
        assert_eq!(lines.next().expect("a line").expect("text"), "caught", "{program}");
        assert!(sent.elapsed() < PATIENCE, "{:?}: {program}", sent.elapsed());
        assert_eq!(child.wait().expect("stitch ends").signal(), Some(2), "{program}");
    }
}
