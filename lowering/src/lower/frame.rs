//! Frames that compiled code pushes and pops, as tier 1's calls and returns do.

use super::{Lowering, MEMORY};
use crate::isa::executor_signature;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{InstBuilder, Value, types};
use stitch_runtime::backend::{FrameSlots, STATUS_CALL, STATUS_CALLER, STATUS_RETURNED};
use stitch_runtime::uop::{ExitIdx, Op, Uop, UopIdx};
use stitch_runtime::value::Value as Word;

impl Lowering<'_> {
    pub(super) fn load_thread(&mut self, offset: u32) -> Value {
        self.builder.ins().load(types::I64, MEMORY, self.thread, offset as i32)
    }

    pub(super) fn store_at(&mut self, value: Value, base: Value, offset: u32) {
        self.builder.ins().store(MEMORY, value, base, offset as i32);
    }

    fn store_word_at(&mut self, word: u64, base: Value, offset: u32) {
        let word = self.word(word);
        self.store_at(word, base, offset);
    }

    /// Asks at once for as much room as all ask for that follow before the next label.
    pub fn guard_frames(&mut self, idx: UopIdx, exit: ExitIdx) -> Option<Value> {
        let Op::GuardFrames { frames, words } = self.superblock.uop(idx).op else { unreachable!("by the caller") };
        if self.known.room.0 >= frames && self.known.room.1 >= words {
            return None;
        }
        let rest = self.superblock.uops[idx.index()..].iter();
        let straight = rest.take_while(|uop| !matches!(uop.op, Op::LoopStart {} | Op::SideEntry { .. }));
        let (frames, words) = straight.fold((frames, words), |most, uop| match uop.op {
            Op::GuardFrames { frames, words } => (most.0.max(frames), most.1.max(words)),
            _ => most,
        });
        self.known.room = (frames, words);
        let thread = self.layout.thread;
        // The frames that there are have room.
        if words > 0 {
            let top = self.load_thread(thread.data_top);
            let top = self.builder.ins().iadd_imm_s(top, 8 * i64::from(words));
            let end = self.load_thread(thread.data_end);
            let full = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, top, end);
            self.exit_if(full, exit);
        }
        let depth = self.builder.ins().load(types::I32, MEMORY, self.thread, thread.depth as i32);
        let depth = self.builder.ins().iadd_imm_s(depth, i64::from(frames));
        let limit = self.builder.ins().load(types::I32, MEMORY, self.thread, thread.recursion_limit as i32);
        let too_deep = self.builder.ins().icmp(IntCC::UnsignedGreaterThan, depth, limit);
        self.exit_if(too_deep, exit);
        None
    }

    pub fn push_frame(&mut self, uop: &Uop) -> Option<Value> {
        let Op::PushFrame { code, start, call, live, words, kind } = uop.op else { unreachable!("by the caller") };
        let (layout, thread) = (self.layout.frame, self.layout.thread);
        let FrameSlots::Inline(slots) = self.layout.frame_slots else {
            unreachable!("frames that are pushed hold slots")
        };
        let caller = self.pushed.unwrap_or(self.frame);
        let frame = self.load_thread(thread.data_top);
        let top = self.builder.ins().iadd_imm_s(frame, 8 * i64::from(words));
        self.store_at(top, self.thread, thread.data_top);
        self.store_word_at(call, caller, layout.ip);
        let result = self.builder.ins().iadd_imm_s(caller, i64::from(slots) + 8 * i64::from(live));
        self.store_at(result, caller, layout.sp);
        self.store_at(caller, frame, layout.previous);
        self.store_word_at(code, frame, layout.code);
        self.store_word_at(start, frame, layout.ip);
        self.store_word_at(Word::UNBOUND.bits(), frame, layout.locals);
        self.store_word_at(0, frame, layout.generator);
        self.store_word_at((layout.flags_of)(kind), frame, layout.flags);
        let fields = [layout.function, layout.code_object, layout.globals, layout.builtins];
        let slots = (0..).map(|slot| slots + 8 * slot);
        for (&value, offset) in uop.inputs.iter().zip(fields.into_iter().chain(slots)) {
            let value = self.value(value);
            self.store_at(value, frame, offset);
        }
        self.store_at(frame, self.thread, thread.frame);
        let depth = self.builder.ins().load(types::I32, MEMORY, self.thread, thread.depth as i32);
        let depth = self.builder.ins().iadd_imm_s(depth, 1);
        self.builder.ins().store(MEMORY, depth, self.thread, thread.depth as i32);
        self.pushed = Some(frame);
        None
    }

    pub fn leave_at_call(&mut self, call: u64, top: u16) -> Option<Value> {
        let layout = self.layout.frame;
        let frame = self.pushed.unwrap_or(self.frame);
        let (base, offset) = match self.layout.frame_slots {
            FrameSlots::Inline(offset) => (frame, offset as i32),
            FrameSlots::Pointer(_) => self.slots,
        };
        self.store_word_at(call, frame, layout.ip);
        let top = self.builder.ins().iadd_imm_s(base, i64::from(offset) + 8 * i64::from(top));
        self.store_at(top, frame, layout.sp);
        let [go_on, to_tier1] = std::array::from_fn(|_| self.builder.create_block());
        self.builder.set_cold_block(to_tier1);
        let code = self.call_words(self.layout.functions.enter_callee as usize, &[self.thread]);
        self.builder.ins().brif(code, go_on, &[], to_tier1, &[]);
        self.builder.switch_to_block(go_on);
        let callee = self.load_thread(self.layout.thread.frame);
        let signature = self.builder.import_signature(executor_signature());
        self.builder.ins().return_call_indirect(signature, code, &[self.thread, self.homes, callee]);

        self.builder.switch_to_block(to_tier1);
        self.leave_with(STATUS_CALL);
        None
    }

    /// ```text
    ///   flags? ─ none ──────────────► result to the caller's stack ─┐
    ///          ├ init, None ────────────────────────────────────────┴► pop ─► return point? ─ yes ─► its code
    ///          └ other: Rust returns                                                         └ no: Rust goes on
    /// ```
    pub fn finish_return(&mut self, value: UopIdx) -> Option<Value> {
        let value = self.value(value);
        let (layout, thread) = (self.layout.frame, self.layout.thread);
        let [plain, flagged, maybe_init, to_rust, pop, has_point, go_on, no_code] =
            std::array::from_fn(|_| self.builder.create_block());
        [flagged, maybe_init, to_rust, no_code].into_iter().for_each(|block| self.builder.set_cold_block(block));
        let flags = self.builder.ins().load(types::I64, MEMORY, self.frame, layout.flags as i32);
        let caller = self.builder.ins().load(types::I64, MEMORY, self.frame, layout.previous as i32);
        self.builder.ins().brif(flags, flagged, &[], plain, &[]);

        self.builder.switch_to_block(plain);
        let result = self.builder.ins().load(types::I64, MEMORY, caller, layout.sp as i32);
        self.builder.ins().store(MEMORY, value, result, 0);
        self.builder.ins().jump(pop, &[]);

        self.builder.switch_to_block(flagged);
        let is_init = self.builder.ins().icmp_imm_u(IntCC::Equal, flags, layout.flag_init as i64);
        self.builder.ins().brif(is_init, maybe_init, &[], to_rust, &[]);
        self.builder.switch_to_block(maybe_init);
        let is_none = self.builder.ins().icmp_imm_u(IntCC::Equal, value, Word::NONE.bits() as i64);
        self.builder.ins().brif(is_none, pop, &[], to_rust, &[]);

        self.builder.switch_to_block(to_rust);
        self.store_at(value, self.thread, thread.result);
        self.leave_with(STATUS_RETURNED);

        self.builder.switch_to_block(pop);
        self.store_at(self.frame, self.thread, thread.data_top);
        self.store_at(caller, self.thread, thread.frame);
        let depth = self.builder.ins().load(types::I32, MEMORY, self.thread, thread.depth as i32);
        let depth = self.builder.ins().iadd_imm_s(depth, -1);
        self.builder.ins().store(MEMORY, depth, self.thread, thread.depth as i32);
        let call = self.builder.ins().load(types::I64, MEMORY, caller, layout.ip as i32);
        let point = self.builder.ins().load(types::I64, MEMORY, call, layout.return_point as i32);
        self.builder.ins().brif(point, has_point, &[], no_code, &[]);
        self.builder.switch_to_block(has_point);
        let code = self.builder.ins().load(types::I64, MEMORY, point, layout.return_entry as i32);
        self.builder.ins().brif(code, go_on, &[], no_code, &[]);
        self.builder.switch_to_block(go_on);
        let signature = self.builder.import_signature(executor_signature());
        self.builder.ins().return_call_indirect(signature, code, &[self.thread, self.homes, caller]);

        self.builder.switch_to_block(no_code);
        self.leave_with(STATUS_CALLER);
        None
    }

    pub fn finish_generator(&mut self, value: UopIdx) -> Option<Value> {
        let value = self.value(value);
        self.store_at(value, self.thread, self.layout.thread.result);
        self.leave_with(STATUS_RETURNED);
        None
    }

    fn leave_with(&mut self, status: u64) {
        let status = self.word(status);
        self.builder.ins().return_(&[status]);
    }
}
