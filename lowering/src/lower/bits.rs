//! The lowest 64 bits of ints of any size.

use super::{Lowering, MEMORY, block_args};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use cranelift_frontend::FuncInstBuilder;
use stitch_runtime::object::layout::IntForm;
use stitch_runtime::uop::{ExitIdx, Field, Helper, UopIdx};
use stitch_runtime::value::{INT_TAG, SMALL_INT_MAX};

impl Lowering<'_> {
    /// A machine operation that neither leaves nor looks at anything but its words.
    pub fn bits(
        &mut self,
        lhs: UopIdx,
        rhs: UopIdx,
        operation: impl FnOnce(FuncInstBuilder<'_, '_>, Value, Value) -> Value,
    ) -> Value {
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        operation(self.builder.ins(), lhs, rhs)
    }

    pub fn low_bits(&mut self, value: UopIdx, exit: ExitIdx) -> Value {
        let word = self.value(value);
        let (join, bits) = self.split_int(word, exit, |_, _| ());
        let form = self.builder.ins().load(types::I64, MEMORY, word, self.layout.field(Field::IntForm));
        let is_big = self.builder.ins().icmp_imm_u(IntCC::Equal, form, IntForm::Big as i64);
        self.exit_if(is_big, exit);
        let low = self.builder.ins().load(types::I64, MEMORY, word, self.layout.field(Field::IntWord));
        self.builder.ins().jump(join, &block_args([low]));
        self.builder.switch_to_block(join);
        bits
    }

    pub fn unsigned_bits(&mut self, value: UopIdx, exit: ExitIdx) -> Value {
        let word = self.value(value);
        let (join, bits) = self.split_int(word, exit, |lowering, payload| {
            let is_negative = lowering.builder.ins().icmp_imm_s(IntCC::SignedLessThan, payload, 0);
            lowering.exit_if(is_negative, exit);
        });
        let form = self.builder.ins().load(types::I64, MEMORY, word, self.layout.field(Field::IntForm));
        let is_big = self.builder.ins().icmp_imm_u(IntCC::Equal, form, IntForm::Big as i64);
        self.exit_if(is_big, exit);
        let low = self.builder.ins().load(types::I64, MEMORY, word, self.layout.field(Field::IntWord));
        let stored = self.builder.ins().load(types::I64, MEMORY, word, self.layout.field(Field::IntHigh));
        let is_wide = self.builder.ins().icmp_imm_u(IntCC::Equal, form, IntForm::Wide as i64);
        let sign = self.builder.ins().sshr_imm_u(low, 63);
        let high = self.builder.ins().select(is_wide, stored, sign);
        let is_outside = self.builder.ins().icmp_imm_s(IntCC::NotEqual, high, 0);
        self.exit_if(is_outside, exit);
        self.builder.ins().jump(join, &block_args([low]));
        self.builder.switch_to_block(join);
        bits
    }

    pub fn box_unsigned(&mut self, bits: UopIdx) -> Value {
        let bits = self.value(bits);
        let most = self.word(SMALL_INT_MAX as u64);
        let is_large = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, bits, most);
        let small = self.builder.create_block();
        let (slow, join, word) = self.slow_path(true);
        self.builder.ins().brif(is_large, slow, &[], small, &[]);

        self.builder.switch_to_block(small);
        let tag = self.word(INT_TAG);
        let boxed = self.builder.ins().bor(bits, tag);
        self.builder.ins().jump(join, &block_args([boxed]));

        self.builder.switch_to_block(slow);
        let function = (self.layout.functions.helper)(Helper::BoxUnsigned);
        let boxed = self.call_words(function, &[self.thread, bits]);
        self.builder.ins().jump(join, &block_args([boxed]));

        self.builder.switch_to_block(join);
        word.expect("asked for")
    }

    pub fn int_binary(&mut self, operator: u16, lhs: UopIdx, rhs: UopIdx, exit: ExitIdx) -> Value {
        let (lhs, rhs, operator) = (self.value(lhs), self.value(rhs), self.word(u64::from(operator)));
        let function = (self.layout.functions.helper)(Helper::IntBinary);
        let result = self.call_words(function, &[self.thread, lhs, rhs, operator]);
        let has_none = self.builder.ins().icmp_imm_s(IntCC::Equal, result, 0);
        self.exit_if(has_none, exit);
        result
    }
}
