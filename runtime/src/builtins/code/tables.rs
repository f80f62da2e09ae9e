//! What the tables of a code object say, for tools that read it: lines, positions and branches.

use super::code_of;
use crate::bytecode::{Opcode, Position, decode_line_table};
use crate::object::argument::This;
use crate::object::layout::{CodeObject, ListObject};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Bytes of a unit of code.
const UNIT: usize = 2;

/// One position a unit; none when the table is malformed.
fn positions(this: This<CodeObject>) -> Vec<Position> {
    let code = code_of(this);
    decode_line_table(&code.linetable, code.first_line, code.co_code.len() / UNIT).unwrap_or_default()
}

fn known(vm: &mut Vm, number: i32) -> Value {
    if number < 0 { Value::NONE } else { vm.new_int(number.into()) }
}

/// `(start, end, line)` of each stretch of code on one line, in bytes.
pub fn lines(vm: &mut Vm, this: This<CodeObject>) -> PyResult {
    let positions = positions(this);
    let list = vm.new_list(&[])?;
    let mut start = 0;
    for stretch in positions.chunk_by(|a, b| a.line == b.line) {
        let end = start + stretch.len();
        let line = known(vm, stretch[0].line);
        let row = [Value::small_int((start * UNIT) as i64), Value::small_int((end * UNIT) as i64), line];
        push(vm, list, &row)?;
        start = end;
    }
    vm.get_iter(list)
}

/// `(line, end line, column, end column)` of each unit of code.
pub fn all_positions(vm: &mut Vm, this: This<CodeObject>) -> PyResult {
    let list = vm.new_list(&[])?;
    for Position { line, end_line, col, end_col } in positions(this) {
        let row = [line, end_line, col, end_col].map(|number| known(vm, number));
        push(vm, list, &row)?;
    }
    vm.get_iter(list)
}

/// `(branch, next, target)` of each instruction that branches: where it stands, where the code goes on if it is not taken, and
/// where if it is, in bytes.
pub fn branches(vm: &mut Vm, this: This<CodeObject>) -> PyResult {
    let code = code_of(this);
    let list = vm.new_list(&[])?;
    let starts: Vec<usize> = code.original.iter().map(|instruction| instruction.offset as usize).collect();
    let start_of = |index: usize| starts.get(index).copied().unwrap_or(code.co_code.len() / UNIT);
    for (index, instruction) in code.original.iter().enumerate() {
        let target = start_of(instruction.arg as usize);
        let (next, target) = match instruction.opcode {
            // The NOT_TAKEN that follows is left out, and what ends the loop.
            Opcode::PopJumpIfFalse | Opcode::PopJumpIfTrue | Opcode::PopJumpIfNone | Opcode::PopJumpIfNotNone => {
                (start_of(index + 2), target)
            }
            Opcode::ForIter => (start_of(index + 1), start_of(instruction.arg as usize + 2)),
            // Told by what ends the loop.
            Opcode::EndAsyncFor => {
                let from = instruction.arg as usize;
                let row = [start_of(from), start_of(from + 2), start_of(index + 1)];
                push(vm, list, &row.map(|unit| Value::small_int((unit * UNIT) as i64)))?;
                continue;
            }
            _ => continue,
        };
        let row = [instruction.offset as usize, next, target].map(|unit| Value::small_int((unit * UNIT) as i64));
        push(vm, list, &row)?;
    }
    vm.get_iter(list)
}

fn push(vm: &mut Vm, list: Value, row: &[Value]) -> PyResult<()> {
    let tuple = vm.new_tuple(row);
    vm.list_push(This::<ListObject>::expect(vm, list).pointer(), tuple)
}

/// Pairs of how many bytes of code and how many lines to go on by, as before line tables had columns.
pub fn old_line_table(vm: &mut Vm, this: This<CodeObject>) -> PyResult {
    vm.warn(vm.exceptions.DeprecationWarning, "co_lnotab is deprecated, use co_lines instead.")?;
    let mut out = Vec::new();
    let (mut line, mut from) = (code_of(this).first_line as i32, 0);
    let positions = positions(this);
    let mut unit = 0;
    for stretch in positions.chunk_by(|a, b| a.line == b.line) {
        let start = unit;
        unit += stretch.len();
        let here = stretch[0].line;
        if here < 0 || here == line {
            continue;
        }
        let (mut bytes, mut by) = ((start - from) * UNIT, here - line);
        while bytes > 255 {
            out.extend([255, 0]);
            bytes -= 255;
        }
        while !(-128..=127).contains(&by) {
            let step = by.clamp(-128, 127);
            out.extend([bytes as u8, step as i8 as u8]);
            bytes = 0;
            by -= step;
        }
        out.extend([bytes as u8, by as i8 as u8]);
        (line, from) = (here, start);
    }
    vm.new_bytes(&out)
}
