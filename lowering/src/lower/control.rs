//! Frames, homes, labels, jumps and exits.

use super::{EXIT_NAMESPACE, JUMP_NAMESPACE, Known, Lowering, MEMORY, block_args, clif_type};
use crate::isa::executor_signature;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{ExtFuncData, ExternalName, InstBuilder, SigRef, UserExternalName, Value, types};
use stitch_runtime::uop::{ExitIdx, Kind, Op, UopIdx};

impl Lowering<'_> {
    pub fn load_frame(&mut self, slot: u16) -> Value {
        let (base, offset) = self.slots;
        self.builder.ins().load(types::I64, MEMORY, base, offset + 8 * i32::from(slot))
    }

    pub fn store_frame(&mut self, slot: u16, value: UopIdx) -> Option<Value> {
        let (base, offset) = self.slots;
        let value = self.value(value);
        self.builder.ins().store(MEMORY, value, base, offset + 8 * i32::from(slot));
        None
    }

    pub fn load_home(&mut self, home: u16, kind: Kind) -> Value {
        // A Bool's home is a whole word, 0 or 1: its first byte is the value.
        self.builder.ins().load(clif_type(kind), MEMORY, self.homes, 8 * i32::from(home))
    }

    /// The label and the phis that follow it, which are the block's parameters.
    pub fn loop_start(&mut self, label: UopIdx) -> Option<Value> {
        let head = self.builder.create_block();
        let mut initial = Vec::new();
        for (index, uop) in self.superblock.uops.iter().enumerate().skip(label.index() + 1) {
            let Op::Phi { kind, .. } = uop.op else { break };
            initial.push(uop.inputs[0]);
            self.values[index] = Some(self.builder.append_block_param(head, clif_type(kind)));
        }
        let arguments = block_args(initial.iter().map(|&value| self.value(value)));
        self.builder.ins().jump(head, &arguments);
        self.builder.switch_to_block(head);
        self.loop_head = Some(head);
        self.known = Known::default();
        None
    }

    pub fn jump_loop(&mut self, values: &[UopIdx]) -> Option<Value> {
        let head = self.loop_head.expect("a loop_start stands before: the verifier has seen it");
        let arguments = block_args(values.iter().map(|&value| self.value(value)));
        self.builder.ins().jump(head, &arguments);
        None
    }

    pub fn jump_entry(&mut self) -> Option<Value> {
        self.builder.ins().jump(self.entry, &[]);
        None
    }

    pub fn jump_executor(&mut self, executor: u32) -> Option<Value> {
        let signature = self.builder.import_signature(executor_signature());
        let frame = self.pushed.unwrap_or(self.frame);
        self.tail_call(signature, JUMP_NAMESPACE, executor, frame);
        None
    }

    pub fn exit_trace(&mut self, exit: ExitIdx) -> Option<Value> {
        let block = self.exit_block(exit);
        self.builder.ins().jump(block, &[]);
        None
    }

    pub fn side_entry(&mut self, exit: ExitIdx) -> Option<Value> {
        let block = self.exits[exit.index()].expect("declared by `declare_side_entries`");
        self.builder.switch_to_block(block);
        self.known = Known::default();
        self.pushed = None;
        None
    }

    pub fn poll(&mut self, exit: ExitIdx) -> Option<Value> {
        let pending = self.builder.ins().load(types::I32, MEMORY, self.thread, self.layout.thread.pending as i32);
        let pending = self.builder.ins().icmp_imm_u(IntCC::NotEqual, pending, 0);
        self.exit_if(pending, exit);
        None
    }

    pub fn guard_valid(&mut self, at: UopIdx, exit: ExitIdx) -> Option<Value> {
        self.note_guard_valid(at, exit);
        let executor = self.word(self.executor);
        let valid = self.builder.ins().load(types::I32, MEMORY, executor, self.layout.executor_valid as i32);
        let invalid = self.builder.ins().icmp_imm_u(IntCC::Equal, valid, 0);
        self.exit_if(invalid, exit);
        None
    }

    pub fn guard_stack(&mut self, exit: ExitIdx) -> Option<Value> {
        let limit = self.builder.ins().load(types::I64, MEMORY, self.thread, self.layout.thread.stack_limit as i32);
        let pointer = self.builder.ins().get_stack_pointer(types::I64);
        let exhausted = self.builder.ins().icmp(IntCC::UnsignedLessThan, pointer, limit);
        self.exit_if(exhausted, exit);
        None
    }

    pub fn force_exit(&mut self, exit: ExitIdx) -> Option<Value> {
        let (countdown, period) =
            (self.layout.thread.forced_exit_countdown as i32, self.layout.thread.forced_exit_period as i32);
        let left = self.builder.ins().load(types::I32, MEMORY, self.thread, countdown);
        let one = self.builder.ins().iconst(types::I32, 1);
        let left = self.builder.ins().isub(left, one);
        let again = self.builder.ins().load(types::I32, MEMORY, self.thread, period);
        let is_due = self.builder.ins().icmp_imm_u(IntCC::Equal, left, 0);
        let next = self.builder.ins().select(is_due, again, left);
        self.builder.ins().store(MEMORY, next, self.thread, countdown);
        self.exit_if(is_due, exit);
        None
    }

    pub fn count_steps(&mut self, steps: u32) -> Option<Value> {
        let offset = self.layout.thread.executor_steps as i32;
        let count = self.builder.ins().load(types::I64, MEMORY, self.thread, offset);
        let count = self.builder.ins().iadd_imm_u(count, i64::from(steps));
        self.builder.ins().store(MEMORY, count, self.thread, offset);
        None
    }

    /// Fills the blocks of exits: each leaves by one patchable tail call.
    pub fn emit_cold_exits(&mut self) {
        let cold_exits = std::mem::take(&mut self.cold_exits);
        if cold_exits.is_empty() {
            return;
        }
        let signature = self.builder.import_signature(executor_signature());
        for (exit, block) in cold_exits {
            self.builder.switch_to_block(block);
            self.write_homes_at_exit(exit);
            self.tail_call(signature, EXIT_NAMESPACE, exit.0, self.frame);
        }
    }

    /// Leaves for another function of the executors' signature, by a rel32 that can be patched.
    fn tail_call(&mut self, signature: SigRef, namespace: u32, index: u32, frame: Value) {
        let name = self.builder.func.declare_imported_user_function(UserExternalName { namespace, index });
        let target = self.builder.import_function(ExtFuncData {
            name: ExternalName::User(name),
            signature,
            colocated: true,
            patchable: false,
        });
        self.builder.ins().return_call(target, &[self.thread, self.homes, frame]);
    }
}
