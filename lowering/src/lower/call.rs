//! Calls into the runtime.

use super::{Lowering, MEMORY, block_args};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use stitch_runtime::uop::{ExitIdx, Field, Helper, HelperEffect, UopIdx};

/// What `call_test` helpers give where they raised.
const TEST_RAISED: i64 = 2;

impl Lowering<'_> {
    pub fn call_helper(&mut self, helper: Helper, arguments: &[UopIdx], exit: ExitIdx) -> Value {
        match helper {
            Helper::ListAppend => return self.list_append(arguments, exit),
            Helper::StrIndex => return self.str_index(arguments, exit),
            _ => {}
        }
        let result = self.helper_word(helper, arguments, exit);
        self.leave_if_raised(result, exit);
        result
    }

    /// Where the list's array has room, the item is stored; else the helper is called.
    fn list_append(&mut self, arguments: &[UopIdx], exit: ExitIdx) -> Value {
        let (list, item) = (self.value(arguments[0]), self.value(arguments[1]));
        let items_offset = self.layout.field(Field::ListItems);
        let len_offset = self.layout.field(Field::ListLen);
        let array = self.builder.ins().load(types::I64, MEMORY, list, items_offset);
        let len = self.builder.ins().load(types::I64, MEMORY, list, len_offset);
        let capacity = self.builder.ins().load(types::I64, MEMORY, array, self.layout.array_capacity as i32);
        let has_room = self.builder.ins().icmp(IntCC::UnsignedLessThan, len, capacity);
        let (slow, join, result) = self.slow_path(true);
        let fast = self.builder.create_block();
        self.builder.ins().brif(has_room, fast, &[], slow, &[]);

        self.builder.switch_to_block(fast);
        let distance = self.builder.ins().ishl_imm_u(len, 3);
        let place = self.builder.ins().iadd(array, distance);
        self.builder.ins().store(MEMORY, item, place, self.layout.field(Field::ArrayElement));
        let after = self.builder.ins().iadd_imm_s(len, 1);
        self.builder.ins().store(MEMORY, after, list, len_offset);
        self.barrier(array, arguments[1]);
        let none = self.word(stitch_runtime::value::Value::NONE.bits());
        self.builder.ins().jump(join, &block_args([none]));

        self.builder.switch_to_block(slow);
        let word = self.helper_word(Helper::ListAppend, arguments, exit);
        self.leave_if_raised(word, exit);
        self.builder.ins().jump(join, &block_args([word]));
        self.builder.switch_to_block(join);
        result.expect("asked for")
    }

    pub fn call_test(&mut self, helper: Helper, arguments: &[UopIdx], exit: ExitIdx) -> Value {
        if helper == Helper::StrEq {
            return self.str_eq(arguments, exit);
        }
        self.call_test_helper(helper, arguments, exit)
    }

    pub(super) fn call_test_helper(&mut self, helper: Helper, arguments: &[UopIdx], exit: ExitIdx) -> Value {
        let word = self.helper_word(helper, arguments, exit);
        let raised = self.builder.ins().icmp_imm_s(IntCC::Equal, word, TEST_RAISED);
        self.exit_if(raised, exit);
        self.builder.ins().ireduce(types::I8, word)
    }

    pub fn call_native(&mut self, binding: u64, arguments: &[UopIdx], exit: ExitIdx) -> Value {
        let callee = self.word(binding);
        self.call_callee(self.layout.functions.call_native as usize, callee, arguments, exit)
    }

    pub fn call_value(&mut self, inputs: &[UopIdx], exit: ExitIdx) -> Value {
        let callee = self.value(inputs[0]);
        self.call_callee(self.layout.functions.call_value as usize, callee, &inputs[1..], exit)
    }

    fn call_callee(&mut self, function: usize, callee: Value, arguments: &[UopIdx], exit: ExitIdx) -> Value {
        self.write_homes_at_call(exit);
        self.announce(exit);
        let (array, n_arguments) = self.argument_array(arguments);
        let result = self.call_words(function, &[self.thread, callee, array, n_arguments]);
        self.leave_if_raised(result, exit);
        result
    }

    pub(super) fn helper_word(&mut self, helper: Helper, arguments: &[UopIdx], exit: ExitIdx) -> Value {
        if helper.effect() == HelperEffect::Escapes {
            self.write_homes_at_call(exit);
        }
        self.announce(exit);
        let function = (self.layout.functions.helper)(helper);
        if helper.arity().is_none() {
            return self.call_variadic(function, arguments);
        }
        let mut words = vec![self.thread];
        words.extend(arguments.iter().map(|&argument| self.value(argument)));
        self.call_words(function, &words)
    }

    /// Calls a function that takes its arguments as an array.
    pub fn call_variadic(&mut self, function: usize, arguments: &[UopIdx]) -> Value {
        let (array, n_arguments) = self.argument_array(arguments);
        self.call_words(function, &[self.thread, array, n_arguments])
    }

    pub fn call_words(&mut self, function: usize, words: &[Value]) -> Value {
        let signature = self.word_function(words.len());
        let function = self.word(function as u64);
        let call = self.builder.ins().call_indirect(signature, function, words);
        self.builder.inst_results(call)[0]
    }

    /// Makes known by which exit's snapshot the frames can be rebuilt while the call runs.
    fn announce(&mut self, exit: ExitIdx) {
        let index = self.builder.ins().iconst(types::I32, i64::from(exit.0));
        self.builder.ins().store(MEMORY, index, self.thread, self.layout.thread.exit_index as i32);
    }

    /// Puts values into the stack slot: its address and their number.
    fn argument_array(&mut self, arguments: &[UopIdx]) -> (Value, Value) {
        let slot = self.arguments.expect("declared by `declare_arguments`");
        for (index, &argument) in arguments.iter().enumerate() {
            let value = self.value(argument);
            self.builder.ins().stack_store(types::I64, value, slot, 8 * index as i32);
        }
        let array = self.builder.ins().stack_addr(types::I64, slot, 0);
        (array, self.word(arguments.len() as u64))
    }

    /// 0 with an exception pending leaves; 0 without one is a result.
    pub(super) fn leave_if_raised(&mut self, result: Value, exit: ExitIdx) {
        let (doubtful, join, _) = self.slow_path(false);
        self.builder.ins().brif(result, join, &[], doubtful, &[]);
        self.builder.switch_to_block(doubtful);
        let exception = self.layout.thread.exception as i32;
        let exception = self.builder.ins().load(types::I64, MEMORY, self.thread, exception);
        let leave = self.exit_block(exit);
        self.builder.ins().brif(exception, leave, &[], join, &[]);
        self.builder.switch_to_block(join);
    }
}
