//! `_sre`: what is native under the package `re`: patterns that its compiler has made code of, and the engine that matches them.
//!
//! ```text
//!   re._compiler ─ code ─► decode ─► Program ─► search ─► engine      one for each width of text
//!                          (checked)            └ where a match may begin
//! ```

mod character;
mod decode;
mod engine;
mod matched;
mod opcode;
mod pattern;
mod program;
mod runs;
mod scanner;
mod search;
mod set;
mod subject;
mod substitute;
mod template;

use pattern::Pattern;
use stitch_runtime::object::argument::{Index, This, method};
use stitch_runtime::object::layout::IntObject;
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_sre",
    doc: "The engine under the package re.",
    functions: &[
        method("compile", "(pattern, flags, code, groups, groupindex, indexgroup)", compile)
            .doc("A pattern of the code that its compiler made."),
        method("template", "(pattern, template, /)", template::new).doc("A template of texts and groups in turn."),
        method("getcodesize", "()", || CODE_BYTES).doc("How many bytes a word of code has."),
        method("ascii_iscased", "(character, /)", |point: Index| character::is_ascii_cased(point.0 as u32))
            .doc("Is there another case of the ASCII character?"),
        method("unicode_iscased", "(character, /)", |point: Index| character::is_unicode_cased(point.0 as u32))
            .doc("Is there another case of the character?"),
        method("ascii_tolower", "(character, /)", |point: Index| i64::from(character::ascii_lower(point.0 as u32)))
            .doc("The lower case of the ASCII character."),
        method("unicode_tolower", "(character, /)", |point: Index| i64::from(character::unicode_lower(point.0 as u32)))
            .doc("The lower case of the character."),
    ],
    constants: &[
        ("MAGIC", Constant::Int(opcode::MAGIC)),
        ("CODESIZE", Constant::Int(CODE_BYTES)),
        ("MAXREPEAT", Constant::Int(opcode::MAXREPEAT as i64)),
        ("MAXGROUPS", Constant::Int(opcode::MAXGROUPS as i64)),
    ],
    ..ModuleSpec::NEW
};

const CODE_BYTES: i64 = size_of::<u32>() as i64;

fn compile(
    vm: &mut Vm,
    source: Value,
    flags: Index,
    code: Value,
    groups: Index,
    group_index: Value,
    index_group: Value,
) -> PyResult {
    for (name, wanted, value, ty) in [
        ("code", "list", code, BuiltinType::List),
        ("groupindex", "dict", group_index, BuiltinType::Dict),
        ("indexgroup", "tuple", index_group, BuiltinType::Tuple),
    ] {
        if !vm.has_layout(value, ty) {
            let message = format!("compile() argument '{name}' must be {wanted}, not {}", vm.class_name(value));
            return Err(vm.raise_type(&message));
        }
    }
    let mut codes = Vec::new();
    if codes.try_reserve_exact(This::<ListObject>::expect(vm, code).items().len()).is_err() {
        return Err(vm.raise_memory());
    }
    let mut at = 0;
    while let Some(&word) = This::<ListObject>::expect(vm, code).items().get(at) {
        codes.push(code_word(vm, word)?);
        at += 1;
    }
    let n_groups = match usize::try_from(groups.0) {
        Ok(n) if n <= opcode::MAXGROUPS && n <= codes.len() => n,
        _ => return Err(vm.raise_runtime("invalid SRE code")),
    };
    if !source.is_none() && !vm.is_str(source) && !vm.is_bytes_like(source) {
        let message = format!("expected string or bytes-like object, got '{}'", vm.class_name(source));
        return Err(vm.raise_type(&message));
    }
    let program = decode::decode(vm, codes, n_groups)?;
    Pattern::make(vm, program, flags.0, [source, group_index, index_group])
}

fn code_word(vm: &mut Vm, word: Value) -> PyResult<u32> {
    if !word.is_int() && !vm.is_a::<IntObject>(word) {
        return Err(vm.raise_type("an integer is required"));
    }
    match vm.int_to_i64(word).and_then(|word| u32::try_from(word).ok()) {
        Some(word) => Ok(word),
        None => Err(raise_size(vm)),
    }
}

fn raise_size(vm: &mut Vm) -> Raised {
    vm.raise_overflow("regular expression code size limit exceeded")
}
