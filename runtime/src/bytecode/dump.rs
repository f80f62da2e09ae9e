//! Bytecode as text, for `--dump=b`.

use std::fmt::Write as _;

use super::decode::{Decoded, DecodedCode, Tables, decode, positions_of};
use super::instruction::{
    BINARY_OPERATORS, COMMON_CONSTANTS, COMPARE_OPERATORS, FUNCTION_ATTRIBUTES, INTRINSICS_1, INTRINSICS_2, Operand,
    SPECIAL_METHODS,
};
use super::raw::{RawCode, RawConst};

/// `code` and the code objects among its constants, one instruction a line.
pub fn dump(code: &RawCode) -> String {
    let mut out = String::new();
    code.for_each_nested(&mut |code| dump_one(&mut out, code));
    out
}

fn dump_one(out: &mut String, code: &RawCode) {
    _ = writeln!(out, "; {} ({}:{}), stack {}", code.qualname, code.filename, code.first_line, code.stack_size);
    let decoded = match decode(&Tables::of(code)) {
        Ok(decoded) => decoded,
        Err(error) => {
            _ = writeln!(out, ";   {error}\n");
            return;
        }
    };
    let is_target = jump_targets(&decoded);
    let positions = positions_of(&decoded.instructions, &code.linetable, code.first_line, code.co_code.len() / 2);
    let mut line = -1;
    for (index, instruction) in decoded.instructions.iter().enumerate() {
        let now = positions.get(index).map_or(-1, |position| position.line);
        let shown_line = if now != line && now > 0 { now.to_string() } else { String::new() };
        line = now;
        let mark = if is_target[index] { ">>" } else { "" };
        let name = instruction.opcode.name();
        let row = format!("{shown_line:>5} {mark:2} {index:>4}  {name:<32}{}", operand_text(code, instruction));
        _ = writeln!(out, "{}", row.trim_end());
    }
    for handler in &decoded.handlers {
        let lasti = if handler.lasti { " lasti" } else { "" };
        let (start, end, target) = (handler.start, handler.end, handler.target);
        _ = writeln!(out, ";   {start}..{end} -> {target} depth {}{lasti}", handler.depth);
    }
    out.push('\n');
}

fn jump_targets(decoded: &DecodedCode) -> Vec<bool> {
    let mut is_target = vec![false; decoded.instructions.len()];
    for instruction in &decoded.instructions {
        if instruction.opcode.jump().is_some() {
            is_target[instruction.arg as usize] = true;
        }
    }
    for handler in &decoded.handlers {
        is_target[handler.target as usize] = true;
    }
    is_target
}

/// What the argument stands for. `decode` has checked every index.
fn operand_text(code: &RawCode, instruction: &Decoded) -> String {
    let arg = instruction.arg as usize;
    let local = |slot: usize| code.localsplus_names[slot].as_str();
    match instruction.opcode.operand() {
        Operand::None => String::new(),
        Operand::Plain => arg.to_string(),
        Operand::Const => const_text(&code.consts[arg]),
        Operand::Name => code.names[arg].clone(),
        Operand::AttrName if arg & 1 == 1 => format!("{} + null or self", code.names[arg >> 1]),
        Operand::GlobalName if arg & 1 == 1 => format!("{} + null", code.names[arg >> 1]),
        Operand::AttrName | Operand::GlobalName => code.names[arg >> 1].clone(),
        Operand::SuperName if arg & 1 == 1 => format!("{} + null or self", code.names[arg >> 2]),
        Operand::SuperName => code.names[arg >> 2].clone(),
        Operand::Local => local(arg).to_owned(),
        Operand::LocalPair => format!("{}, {}", local(arg >> 4), local(arg & 15)),
        Operand::Forward | Operand::Backward => format!("to {arg}"),
        Operand::Binary => BINARY_OPERATORS[arg].to_owned(),
        Operand::Compare if arg & 16 != 0 => format!("bool({})", COMPARE_OPERATORS[arg >> 5]),
        Operand::Compare => COMPARE_OPERATORS[arg >> 5].to_owned(),
        Operand::Contains => ["in", "not in"][arg].to_owned(),
        Operand::Is => ["is", "is not"][arg].to_owned(),
        Operand::Convert => ["", "str", "repr", "ascii"][arg].to_owned(),
        Operand::Intrinsic1 => INTRINSICS_1[arg].to_owned(),
        Operand::Intrinsic2 => INTRINSICS_2[arg].to_owned(),
        Operand::Special => SPECIAL_METHODS[arg].to_owned(),
        Operand::CommonConstant => COMMON_CONSTANTS[arg].to_owned(),
        Operand::FunctionAttribute => FUNCTION_ATTRIBUTES[arg.trailing_zeros() as usize].to_owned(),
    }
}

fn const_text(constant: &RawConst) -> String {
    let list = |elements: &[RawConst]| elements.iter().map(const_text).collect::<Vec<_>>().join(", ");
    match constant {
        RawConst::None => "None".into(),
        RawConst::True => "True".into(),
        RawConst::False => "False".into(),
        RawConst::Ellipsis => "Ellipsis".into(),
        RawConst::Int(value) => value.to_string(),
        RawConst::BigInt { negative, magnitude } => format!("{}{magnitude:#x}", if *negative { "-" } else { "" }),
        RawConst::Float(value) => format!("{value:?}"),
        RawConst::Complex { real, imag } => format!("({real:?}{imag:+?}j)"),
        RawConst::Str(value) => format!("{:?}", String::from_utf8_lossy(value)),
        RawConst::Bytes(value) => format!("b\"{}\"", value.escape_ascii()),
        RawConst::Tuple(elements) => format!("({})", list(elements)),
        RawConst::FrozenSet(elements) => format!("frozenset({{{}}})", list(elements)),
        RawConst::Slice(parts) => format!("slice({})", list(&parts[..])),
        RawConst::Code(code) => format!("<code {}>", code.qualname),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CompileOptions, compile};

    #[test]
    fn a_function() {
        let source = b"def f(a):\n    return a.b + 1\n";
        let code = compile(source, "t.py", &CompileOptions::default()).unwrap();
        let text = super::dump(&code);
        let expected = "; f (t.py:1), stack 2\n    1       0  RESUME                          0
    2       1  LOAD_FAST_BORROW                a
            2  LOAD_ATTR                       b
            3  LOAD_SMALL_INT                  1
            4  BINARY_OP                       +
            5  RETURN_VALUE\n\n";
        assert!(text.ends_with(expected), "{text}");
    }
}
