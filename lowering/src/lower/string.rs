//! Strings: what is short is done inline, the rest by helpers.

use super::{Lowering, MEMORY, block_args};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use stitch_runtime::uop::{ExitIdx, Field, Helper, UopIdx};

impl Lowering<'_> {
    /// A character below 256 of a string that has only such, and its text in itself, is one of a table.
    pub fn str_index(&mut self, arguments: &[UopIdx], exit: ExitIdx) -> Value {
        let (string, index) = (self.value(arguments[0]), self.value(arguments[1]));
        let layout = self.layout.string;
        let [narrow, own, fast] = std::array::from_fn(|_| self.builder.create_block());
        let (slow, join, result) = self.slow_path(true);
        let len = self.builder.ins().load(types::I64, MEMORY, string, self.layout.field(Field::StrLen));
        let inside = self.builder.ins().icmp(IntCC::UnsignedLessThan, index, len);
        self.builder.ins().brif(inside, narrow, &[], slow, &[]);

        self.builder.switch_to_block(narrow);
        let width = self.builder.ins().uload8(types::I32, MEMORY, string, layout.width as i32);
        let is_narrow = self.builder.ins().icmp_imm_u(IntCC::Equal, width, 1);
        self.builder.ins().brif(is_narrow, own, &[], slow, &[]);

        self.builder.switch_to_block(own);
        let trace = self.builder.ins().uload8(types::I32, MEMORY, string, layout.trace as i32);
        let is_elsewhere = self.builder.ins().icmp_imm_u(IntCC::Equal, trace, i64::from(layout.trace_elsewhere));
        self.builder.ins().brif(is_elsewhere, slow, &[], fast, &[]);

        self.builder.switch_to_block(fast);
        let place = self.builder.ins().iadd(string, index);
        let point = self.builder.ins().uload8(types::I64, MEMORY, place, layout.text as i32);
        let distance = self.builder.ins().ishl_imm_u(point, 3);
        let place = self.builder.ins().iadd(self.thread, distance);
        let character = self.builder.ins().load(types::I64, MEMORY, place, layout.characters as i32);
        self.builder.ins().jump(join, &block_args([character]));

        self.builder.switch_to_block(slow);
        let word = self.helper_word(Helper::StrIndex, arguments, exit);
        self.leave_if_raised(word, exit);
        self.builder.ins().jump(join, &block_args([word]));
        self.builder.switch_to_block(join);
        result.expect("asked for")
    }

    /// The same object, other lengths and single characters are told apart inline. (A text of one character is never
    /// elsewhere.)
    pub fn str_eq(&mut self, arguments: &[UopIdx], exit: ExitIdx) -> Value {
        let [lhs, rhs] = [0, 1].map(|place: usize| self.value(arguments[place]));
        let layout = self.layout.string;
        let [other, as_long, single, narrow, slow, join] = std::array::from_fn(|_| self.builder.create_block());
        self.builder.set_cold_block(slow);
        let result = self.builder.append_block_param(join, types::I8);
        let [no, yes] = [0, 1].map(|truth| self.builder.ins().iconst(types::I8, truth));
        let is_same = self.builder.ins().icmp(IntCC::Equal, lhs, rhs);
        self.builder.ins().brif(is_same, join, &block_args([yes]), other, &[]);

        self.builder.switch_to_block(other);
        let len_offset = self.layout.field(Field::StrLen);
        let [len, other_len] = [lhs, rhs].map(|string| self.builder.ins().load(types::I64, MEMORY, string, len_offset));
        let differ = self.builder.ins().icmp(IntCC::NotEqual, len, other_len);
        self.builder.ins().brif(differ, join, &block_args([no]), as_long, &[]);

        self.builder.switch_to_block(as_long);
        let is_single = self.builder.ins().icmp_imm_u(IntCC::Equal, len, 1);
        self.builder.ins().brif(is_single, single, &[], slow, &[]);

        self.builder.switch_to_block(single);
        let width = |lowering: &mut Self, string| {
            lowering.builder.ins().uload8(types::I32, MEMORY, string, layout.width as i32)
        };
        let (width, other_width) = (width(self, lhs), width(self, rhs));
        let widths = self.builder.ins().bor(width, other_width);
        let are_narrow = self.builder.ins().icmp_imm_u(IntCC::Equal, widths, 1);
        self.builder.ins().brif(are_narrow, narrow, &[], slow, &[]);

        self.builder.switch_to_block(narrow);
        let [point, other_point] =
            [lhs, rhs].map(|string| self.builder.ins().uload8(types::I32, MEMORY, string, layout.text as i32));
        let equal = self.builder.ins().icmp(IntCC::Equal, point, other_point);
        self.builder.ins().jump(join, &block_args([equal]));

        self.builder.switch_to_block(slow);
        let truth = self.call_test_helper(Helper::StrEq, arguments, exit);
        self.builder.ins().jump(join, &block_args([truth]));
        self.builder.switch_to_block(join);
        result
    }
}
