//! Every code object of the test programs and benchmarks decodes, with positions for every instruction.

use std::path::{Path, PathBuf};

use stitch_runtime::bytecode::{CompileOptions, Origin, Tables, compile, decode, dump, positions_of};

#[test]
fn all_programs_decode() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut n_codes = 0;
    // `STITCH_DECODE` names one more folder, such as CPython's library.
    let more = std::env::var_os("STITCH_DECODE").map(PathBuf::from);
    for folder in [root.join("tests/programs"), root.join("benches/programs")].into_iter().chain(more) {
        for entry in std::fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("a readable entry").path();
            if path.extension().is_some_and(|extension| extension == "py") {
                n_codes += check(&path);
            }
        }
    }
    assert!(n_codes > 1000, "{n_codes}");
}

/// How many code objects the file has.
fn check(path: &Path) -> usize {
    let source = std::fs::read(path).expect("readable");
    let options = CompileOptions { origin: Origin::File, ..CompileOptions::default() };
    let Ok(module) = compile(&source, &path.to_string_lossy(), &options) else {
        assert!(path.to_string_lossy().contains("syntax"), "{} does not compile", path.display());
        return 0;
    };
    let mut n_codes = 0;
    module.for_each_nested(&mut |code| {
        let decoded =
            decode(&Tables::of(code)).unwrap_or_else(|error| panic!("{}: {}: {error}", path.display(), code.qualname));
        let n_units = code.co_code.len() / 2;
        let positions = positions_of(&decoded.instructions, &code.linetable, code.first_line, n_units);
        assert_eq!(positions.len(), decoded.instructions.len(), "{}", code.qualname);
        assert!(decoded.handlers.iter().all(|handler| handler.depth <= code.stack_size));
        n_codes += 1;
    });
    assert!(dump::dump(&module).lines().count() > n_codes);
    n_codes
}
