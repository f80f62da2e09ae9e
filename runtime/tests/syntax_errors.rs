//! What the front end says about wrong programs, against what CPython 3.14 says.
//!
//! `syntax_errors.txt` holds one case a block: the source, escaped, on the first line, then what is printed.

use stitch_runtime::bytecode::{CompileOptions, compile, format_syntax_error};

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    let code_point = |chars: &mut std::str::Chars<'_>, n_digits: usize| {
        let digits: String = chars.by_ref().take(n_digits).collect();
        char::from_u32(u32::from_str_radix(&digits, 16).expect("hex digits")).expect("a code point")
    };
    while let Some(char) = chars.next() {
        if char != '\\' {
            out.push(char);
            continue;
        }
        match chars.next().expect("an escape") {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            'x' => out.push(code_point(&mut chars, 2)),
            'u' => out.push(code_point(&mut chars, 4)),
            other => out.push(other),
        }
    }
    out
}

#[test]
fn worded_and_placed_as_cpython_does() {
    let mut failures = String::new();
    let mut n_failures = 0;
    for block in include_str!("syntax_errors.txt").split("%%\n") {
        let (escaped, expected) = block.trim_matches('\n').split_once('\n').expect("a source and an output");
        let source = unescape(escaped);
        let got = match compile(source.as_bytes(), "t.py", &CompileOptions::default()) {
            Ok(_) => "OK\n".to_owned(),
            Err(error) => format_syntax_error(&error),
        };
        if got.trim_end() != expected.trim_end() {
            n_failures += 1;
            failures += &format!("{escaped}\n--- expected\n{expected}\n--- got\n{got}\n");
        }
    }
    assert!(n_failures == 0, "{n_failures} differ:\n{failures}");
}
