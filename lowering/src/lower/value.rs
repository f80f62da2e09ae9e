//! Guards on boxed words, and the way between words and machine types. The word's layout is drawn in `value`.

use super::{Lowering, MEMORY, block_args, facts, fits_small_int};
use cranelift_codegen::ir::condcodes::{FloatCC, IntCC};
use cranelift_codegen::ir::{Block, InstBuilder, MemFlagsData, Value, types};
use stitch_runtime::object::layout::IntForm;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::uop::sem::{INT_LIMIT, MAX_EXACT_FLOAT};
use stitch_runtime::uop::{ExitIdx, Field, UopIdx};
use stitch_runtime::value::{self, CANONICAL_NAN, FLOAT_OFFSET, FRESH_NAN, INT_TAG, NAN_LIMIT, NAN_TAG};

/// Bits that a small int leaves free at the top of a word.
const INT_SHIFT: i64 = 15;
/// Words below are no addresses.
const FIRST_ADDRESS: u64 = 0x1_0000;

impl Lowering<'_> {
    pub fn guard_int(&mut self, value: UopIdx, exit: ExitIdx) -> Option<Value> {
        let word = self.value(value);
        let tag = self.word(INT_TAG);
        let failed = self.builder.ins().icmp(IntCC::UnsignedLessThan, word, tag);
        self.exit_if(failed, exit);
        None
    }

    pub fn guard_float(&mut self, value: UopIdx, exit: ExitIdx) -> Option<Value> {
        let bits = self.float_bits(value);
        let first_above = self.word(INT_TAG - FLOAT_OFFSET);
        let failed = self.builder.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, bits, first_above);
        self.exit_if(failed, exit);
        None
    }

    /// Where it is asked at once which of the two it is, one compare tells both.
    pub fn guard_bool(&mut self, idx: UopIdx, exit: ExitIdx) -> Option<Value> {
        let value = self.superblock.uop(idx).inputs[0];
        let word = self.value(value);
        if let Some((unboxing, guard, expected)) = facts::truth_asked_for(self.superblock, idx) {
            let unboxed = self.unbox_bool(value);
            self.values[unboxing.index()] = Some(unboxed);
            self.write_home(unboxing);
            let other = self.superblock.uop(guard).exit.expect("the verifier has seen it");
            let [expected, unexpected] = [expected, !expected].map(|truth| value::Value::bool(truth).0 as i64);
            let (not_expected, on, _) = self.slow_path(false);
            let is_expected = self.builder.ins().icmp_imm_u(IntCC::Equal, word, expected);
            self.builder.ins().brif(is_expected, on, &[], not_expected, &[]);
            self.builder.switch_to_block(not_expected);
            let [leave, leave_at_guard] = [exit, other].map(|exit| self.exit_block(exit));
            let is_unexpected = self.builder.ins().icmp_imm_u(IntCC::Equal, word, unexpected);
            self.builder.ins().brif(is_unexpected, leave_at_guard, &[], leave, &[]);
            self.builder.switch_to_block(on);
            self.known.truths.push(guard);
            return None;
        }
        let either = self.builder.ins().bor_imm_u(word, 1);
        let failed = self.builder.ins().icmp_imm_u(IntCC::NotEqual, either, value::Value::TRUE.0 as i64);
        self.exit_if(failed, exit);
        None
    }

    pub fn guard_shape(&mut self, value: UopIdx, shape: u32, exit: ExitIdx) -> Option<Value> {
        let word = self.value(value);
        if !self.known.objects.contains(&value) {
            let above = self.builder.ins().iadd_imm_s(word, -(FIRST_ADDRESS as i64));
            let n_addresses = self.word(FLOAT_OFFSET - FIRST_ADDRESS);
            let failed = self.builder.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, above, n_addresses);
            self.exit_if(failed, exit);
        }
        let found = self.builder.ins().load(types::I32, MEMORY, word, self.layout.shape as i32);
        let failed = self.builder.ins().icmp_imm_u(IntCC::NotEqual, found, i64::from(shape));
        self.exit_if(failed, exit);
        None
    }

    pub fn guard_is(&mut self, value: UopIdx, bits: u64, exit: ExitIdx) -> Option<Value> {
        let word = self.value(value);
        let failed = self.builder.ins().icmp_imm_s(IntCC::NotEqual, word, bits as i64);
        self.exit_if(failed, exit);
        None
    }

    pub fn guard_is_not(&mut self, value: UopIdx, bits: u64, exit: ExitIdx) -> Option<Value> {
        let word = self.value(value);
        let failed = self.builder.ins().icmp_imm_s(IntCC::Equal, word, bits as i64);
        self.exit_if(failed, exit);
        None
    }

    pub fn guard_true(&mut self, condition: UopIdx, exit: ExitIdx) -> Option<Value> {
        let condition = self.value(condition);
        self.exit_unless(condition, exit);
        None
    }

    pub fn guard_false(&mut self, condition: UopIdx, exit: ExitIdx) -> Option<Value> {
        let condition = self.value(condition);
        self.exit_if(condition, exit);
        None
    }

    pub fn unbox_int(&mut self, value: UopIdx) -> Value {
        let word = self.value(value);
        let high = self.builder.ins().ishl_imm_u(word, INT_SHIFT);
        self.builder.ins().sshr_imm_u(high, INT_SHIFT)
    }

    pub fn unbox_word(&mut self, value: UopIdx, exit: ExitIdx) -> Value {
        let word = self.value(value);
        let (join, integer) = self.split_int(word, exit, |_, _| ());
        let form = self.builder.ins().load(types::I64, MEMORY, word, self.layout.field(Field::IntForm));
        let is_wider = self.builder.ins().icmp_imm_u(IntCC::NotEqual, form, IntForm::Word as i64);
        self.exit_if(is_wider, exit);
        let loaded = self.builder.ins().load(types::I64, MEMORY, word, self.layout.field(Field::IntWord));
        self.builder.ins().jump(join, &block_args([loaded]));
        self.builder.switch_to_block(join);
        integer
    }

    /// Leaves where a word is no int. A small one's payload goes to the block that is given, as its parameter, once it was
    /// looked at; the block that is filled from here on is that of ints in the heap.
    pub fn split_int(&mut self, word: Value, exit: ExitIdx, look_at: impl FnOnce(&mut Self, Value)) -> (Block, Value) {
        let tag = self.word(INT_TAG);
        let is_large = self.builder.ins().icmp(IntCC::UnsignedLessThan, word, tag);
        let small = self.builder.create_block();
        let (large, join, integer) = self.slow_path(true);
        self.builder.ins().brif(is_large, large, &[], small, &[]);

        self.builder.switch_to_block(small);
        let high = self.builder.ins().ishl_imm_u(word, INT_SHIFT);
        let payload = self.builder.ins().sshr_imm_u(high, INT_SHIFT);
        look_at(self, payload);
        self.builder.ins().jump(join, &block_args([payload]));

        self.builder.switch_to_block(large);
        let above = self.builder.ins().iadd_imm_s(word, -(FIRST_ADDRESS as i64));
        let n_addresses = self.word(FLOAT_OFFSET - FIRST_ADDRESS);
        let is_no_object = self.builder.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, above, n_addresses);
        self.exit_if(is_no_object, exit);
        let shape = self.builder.ins().load(types::I32, MEMORY, word, self.layout.shape as i32);
        let is_no_int = self.builder.ins().icmp_imm_u(IntCC::NotEqual, shape, i64::from(BuiltinType::Int.shape()));
        self.exit_if(is_no_int, exit);
        (join, integer.expect("asked for"))
    }

    pub fn unbox_float(&mut self, value: UopIdx) -> Value {
        let bits = self.float_bits(value);
        self.builder.ins().bitcast(types::F64, MemFlagsData::new(), bits)
    }

    /// A float's bits, which the guard and the unboxing share.
    fn float_bits(&mut self, value: UopIdx) -> Value {
        if let Some(&(_, bits)) = self.known.float_bits.iter().find(|known| known.0 == value) {
            return bits;
        }
        let word = self.value(value);
        let bits = self.builder.ins().iadd_imm_s(word, FLOAT_OFFSET.wrapping_neg() as i64);
        self.known.float_bits.push((value, bits));
        bits
    }

    pub fn unbox_bool(&mut self, value: UopIdx) -> Value {
        let word = self.value(value);
        let low = self.builder.ins().ireduce(types::I8, word);
        self.builder.ins().band_imm_u(low, 1)
    }

    pub fn box_int(&mut self, integer: UopIdx) -> Value {
        if fits_small_int(self.superblock, integer) {
            return self.box_small_int(integer);
        }
        let (integer, slow) = self.split_wide(integer);
        let join = self.builder.create_block();
        let word = self.builder.append_block_param(join, types::I64);
        let tag = self.word(INT_TAG);
        let boxed = self.builder.ins().bor(integer, tag);
        self.builder.ins().jump(join, &block_args([boxed]));

        self.builder.switch_to_block(slow);
        self.call_thunk(self.thunks.box_int_slow, &[self.thread, integer]);
        let boxed = self.thunk_result();
        self.builder.ins().jump(join, &block_args([boxed]));

        self.builder.switch_to_block(join);
        word
    }

    /// An integer, and the cold block for one that 49 bits do not hold; others go on in a fresh block.
    pub fn split_wide(&mut self, integer: UopIdx) -> (Value, Block) {
        let integer = self.value(integer);
        let high = self.builder.ins().ishl_imm_u(integer, INT_SHIFT);
        let payload = self.builder.ins().sshr_imm_u(high, INT_SHIFT);
        let is_wide = self.builder.ins().icmp(IntCC::NotEqual, payload, integer);
        let [wide, small] = std::array::from_fn(|_| self.builder.create_block());
        self.builder.set_cold_block(wide);
        self.builder.ins().brif(is_wide, wide, &[], small, &[]);
        self.builder.switch_to_block(small);
        (integer, wide)
    }

    pub fn box_small_int(&mut self, integer: UopIdx) -> Value {
        let integer = self.value(integer);
        let tag = self.word(INT_TAG);
        self.builder.ins().bor(integer, tag)
    }

    pub fn box_float(&mut self, float: UopIdx) -> Value {
        let float = self.value(float);
        let bits = self.builder.ins().bitcast(types::I64, MemFlagsData::new(), float);
        let limit = self.word(NAN_LIMIT);
        let has_no_word = self.builder.ins().icmp(IntCC::UnsignedGreaterThanOrEqual, bits, limit);
        let nan = self.word(CANONICAL_NAN);
        let bits = self.builder.ins().select(has_no_word, nan, bits);
        let offset = self.word(FLOAT_OFFSET);
        self.builder.ins().iadd(bits, offset)
    }

    /// A float for memory that other machines may see: see `value::without_identity`.
    pub fn without_identity(&mut self, float: Value) -> Value {
        let is_nan = self.builder.ins().fcmp(FloatCC::Unordered, float, float);
        let (slow, join, _) = self.slow_path(false);
        let result = self.builder.append_block_param(join, types::F64);
        self.builder.ins().brif(is_nan, slow, &[], join, &[float.into()]);
        self.builder.switch_to_block(slow);
        let bits = self.builder.ins().bitcast(types::I64, MemFlagsData::new(), float);
        let (tag, fresh, canonical) = (self.word(NAN_TAG), self.word(FRESH_NAN), self.word(CANONICAL_NAN));
        let sign = self.word(1 << 63);
        let tagged = self.builder.ins().band(bits, tag);
        let has_identity = self.builder.ins().icmp(IntCC::Equal, tagged, fresh);
        let sign = self.builder.ins().band(bits, sign);
        let plain = self.builder.ins().bor(sign, canonical);
        let bits = self.builder.ins().select(has_identity, plain, bits);
        let nan = self.builder.ins().bitcast(types::F64, MemFlagsData::new(), bits);
        self.builder.ins().jump(join, &[nan.into()]);
        self.builder.switch_to_block(join);
        result
    }

    pub fn box_bool(&mut self, truth: UopIdx) -> Value {
        let truth = self.value(truth);
        let bit = self.builder.ins().uextend(types::I64, truth);
        self.builder.ins().bor_imm_u(bit, value::Value::FALSE.0 as i64)
    }

    pub fn int_to_float(&mut self, integer: UopIdx) -> Value {
        let integer = self.value(integer);
        self.builder.ins().fcvt_from_sint(types::F64, integer)
    }

    pub fn int_to_float_exact(&mut self, integer: UopIdx, exit: ExitIdx) -> Value {
        let word = self.value(integer);
        let from_least = self.builder.ins().iadd_imm_s(word, MAX_EXACT_FLOAT);
        let width = self.word(2 * MAX_EXACT_FLOAT as u64);
        let inexact = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, from_least, width);
        self.exit_if(inexact, exit);
        self.builder.ins().fcvt_from_sint(types::F64, word)
    }

    pub fn float_to_int(&mut self, float: UopIdx, exit: ExitIdx) -> Value {
        let float = self.value(float);
        let magnitude = self.builder.ins().fabs(float);
        let limit = self.builder.ins().f64const(INT_LIMIT);
        let does_not_fit = self.builder.ins().fcmp(FloatCC::UnorderedOrGreaterThanOrEqual, magnitude, limit);
        self.exit_if(does_not_fit, exit);
        self.builder.ins().fcvt_to_sint_sat(types::I64, float)
    }

    pub fn bool_to_int(&mut self, truth: UopIdx) -> Value {
        let truth = self.value(truth);
        self.builder.ins().uextend(types::I64, truth)
    }

    pub fn bool_not(&mut self, truth: UopIdx) -> Value {
        let truth = self.value(truth);
        self.builder.ins().bxor_imm_u(truth, 1)
    }

    pub fn bool_eq(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        self.int_compare(IntCC::Equal, lhs, rhs)
    }

    pub fn value_is(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        self.int_compare(IntCC::Equal, lhs, rhs)
    }

    /// Words that differ are the same value only where both are heap ints, which a call finds out where one is.
    pub fn is_same(&mut self, lhs: UopIdx, rhs: UopIdx) -> Value {
        let is_object = [lhs, rhs].map(|value| self.known.objects.contains(&value));
        let looked_at = self.value(if is_object[1] { rhs } else { lhs });
        let (lhs, rhs) = (self.value(lhs), self.value(rhs));
        let [differ, object, join] = std::array::from_fn(|_| self.builder.create_block());
        let int = self.builder.create_block();
        self.builder.set_cold_block(int);
        let result = self.builder.append_block_param(join, types::I8);
        let [no, yes] = [0, 1].map(|truth| self.builder.ins().iconst(types::I8, truth));
        let is_word = self.builder.ins().icmp(IntCC::Equal, lhs, rhs);
        self.builder.ins().brif(is_word, join, &block_args([yes]), differ, &[]);

        self.builder.switch_to_block(differ);
        if is_object.contains(&true) {
            self.builder.ins().jump(object, &[]);
        } else {
            let above = self.builder.ins().iadd_imm_s(looked_at, -(FIRST_ADDRESS as i64));
            let n_addresses = self.word(FLOAT_OFFSET - FIRST_ADDRESS);
            let is_address = self.builder.ins().icmp(IntCC::UnsignedLessThan, above, n_addresses);
            self.builder.ins().brif(is_address, object, &[], join, &block_args([no]));
        }

        self.builder.switch_to_block(object);
        let shape = self.builder.ins().load(types::I32, MEMORY, looked_at, self.layout.shape as i32);
        let is_int = self.builder.ins().icmp_imm_u(IntCC::Equal, shape, i64::from(self.layout.int_shape));
        self.builder.ins().brif(is_int, int, &[], join, &block_args([no]));

        self.builder.switch_to_block(int);
        let word = self.call_words(self.layout.functions.are_one_int as usize, &[lhs, rhs]);
        let truth = self.builder.ins().ireduce(types::I8, word);
        self.builder.ins().jump(join, &block_args([truth]));
        self.builder.switch_to_block(join);
        result
    }
}
