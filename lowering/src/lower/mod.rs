//! Micro-ops to Cranelift IR.
//!
//! A superblock becomes one function `fn(thread, homes, frame) -> status` of the Tail convention. Every micro-op is
//! lowered by itself, in order: what could be shared, hoisted or dropped, the optimizer has dealt with. So the IR is kept
//! small, for compilation time goes with its size, and it is written for `opt_level=none`: constants are made where
//! they are used and comparisons are folded into the branches on them, both by Cranelift's instruction selection.
//!
//! A guard is a `brif` to the block of its exit: a cold one, which tail-calls the exit's target with the function's own
//! three arguments, or the `side_entry` of a fused side trace. Results that have a home are stored there at once.

mod bits;
mod call;
mod control;
mod facts;
mod float;
mod frame;
mod homes;
mod int;
mod memory;
mod string;
mod value;

use crate::process::ThunkAddresses;
use cranelift_codegen::ir::{
    Block, BlockArg, Function, InstBuilder, MemFlagsData, SigRef, SourceLoc, StackSlot, StackSlotData, StackSlotKind,
    Type, Value, types,
};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use std::borrow::Cow;
use stitch_runtime::backend::{CompileRequest, FrameSlots, Layout, ObjectForm};
use stitch_runtime::uop::{ExitIdx, Field, Kind, Op, Superblock, Uop, UopIdx};

pub use facts::{fits_small_int, is_immediate, object_behind};

/// Namespace of names that stand for cold exits, by index.
pub const EXIT_NAMESPACE: u32 = 0;
/// Namespace of names that stand for other executors, by id.
pub const JUMP_NAMESPACE: u32 = 1;

/// Lowers the request's superblock into `function`, whose signature is set.
pub fn lower(
    request: &CompileRequest<'_>,
    thunks: &ThunkAddresses,
    config: TargetFrontendConfig,
    function: &mut Function,
    builder_context: &mut FunctionBuilderContext,
) {
    let CompileRequest { superblock, executor, layout, wanted } = *request;
    let builder = FunctionBuilder::new(function, builder_context);
    let mut lowering = Lowering::new(superblock, executor, layout, thunks, builder);
    lowering.boxed_at_store = facts::boxed_at_store(superblock);
    lowering.enter();
    lowering.lower_all(config, wanted.offsets);
}

/// A few micro-ops that stand for themselves, as stencils are cut from.
pub struct Snippet {
    pub superblock: Superblock,
    pub executor: u64,
    /// They come first in the executor.
    pub is_entry: bool,
    /// A frame has been pushed before.
    pub has_pushed: bool,
    /// What is known of values.
    pub objects: Vec<UopIdx>,
    pub immediates: Vec<UopIdx>,
    /// What the micro-op makes.
    pub form: Option<ObjectForm>,
}

/// Lowers a snippet into `function`, whose signature is set.
pub fn lower_snippet(
    snippet: &Snippet,
    layout: &'static Layout,
    thunks: &ThunkAddresses,
    config: TargetFrontendConfig,
    function: &mut Function,
    builder_context: &mut FunctionBuilderContext,
) {
    let builder = FunctionBuilder::new(function, builder_context);
    let mut lowering = Lowering::new(&snippet.superblock, snippet.executor, layout, thunks, builder);
    if snippet.is_entry {
        lowering.enter();
    }
    if snippet.has_pushed {
        lowering.pushed = Some(lowering.load_thread(layout.thread.frame));
    }
    lowering.form = snippet.form.as_ref();
    lowering.known.objects.clone_from(&snippet.objects);
    lowering.known.immediates.clone_from(&snippet.immediates);
    lowering.lower_all(config, false);
}

/// Memory accesses of compiled code: they never trap and are naturally aligned.
const MEMORY: MemFlagsData = MemFlagsData::trusted();

/// The Cranelift type of a kind.
fn clif_type(kind: Kind) -> Type {
    match kind {
        Kind::Int | Kind::Value => types::I64,
        Kind::Float => types::F64,
        Kind::Bool => types::I8,
        Kind::Any => unreachable!("only rows of the table have it"),
    }
}

struct Lowering<'a> {
    builder: FunctionBuilder<'a>,
    superblock: &'a Superblock,
    layout: &'static Layout,
    thunks: &'a ThunkAddresses,
    executor: u64,
    /// The function's parameters.
    thread: Value,
    homes: Value,
    frame: Value,
    /// The frame that was pushed last in this block, for those it jumps to.
    pushed: Option<Value>,
    /// Address and offset of slot 0 of the root frame.
    slots: (Value, i32),
    /// Where `jump_entry` goes: behind what happens once.
    entry: Block,
    /// The head of the loop, once it was lowered.
    loop_head: Option<Block>,
    /// Per micro-op: its result.
    values: Vec<Option<Value>>,
    /// Per micro-op: it boxes an integer for one store, next to which it is done. (Of snippets none: what is boxed there is a
    /// piece by itself.)
    boxed_at_store: Vec<bool>,
    /// Per exit: the block that guards branch to, once one does.
    exits: Vec<Option<Block>>,
    /// Exits of which `exits` has a cold block, which is still empty.
    cold_exits: Vec<(ExitIdx, Block)>,
    /// Where arguments are put that are passed as an array.
    arguments: Option<StackSlot>,
    /// Signatures of System V functions from n words to one, by n.
    word_functions: Vec<Option<SigRef>>,
    /// What is known since the last label.
    known: Known,
    /// Index of the `loop_start`; behind the end where there is none.
    loop_start: usize,
    /// Exits of `guard_valid`, and those by which an executor that was told to leave leaves there.
    left_by_other: Vec<(ExitIdx, ExitIdx)>,
    /// What a snippet makes.
    form: Option<&'a ObjectForm>,
}

/// Facts about values that hold in the straight line of code since the last label.
#[derive(Default)]
struct Known {
    /// Heap objects.
    objects: Vec<UopIdx>,
    /// Values that are none, beside those that are seen not to be.
    immediates: Vec<UopIdx>,
    /// Guards of truth values that were passed already.
    truths: Vec<UopIdx>,
    /// There is room above the root frame for so many frames and so many of their words.
    room: (u16, u32),
    /// Float words whose offset has been taken off.
    float_bits: Vec<(UopIdx, Value)>,
    /// What stands in homes, of the loop's values.
    in_homes: Vec<(UopIdx, u16)>,
}

impl<'a> Lowering<'a> {
    fn new(
        superblock: &'a Superblock,
        executor: u64,
        layout: &'static Layout,
        thunks: &'a ThunkAddresses,
        mut builder: FunctionBuilder<'a>,
    ) -> Self {
        let prologue = builder.create_block();
        builder.append_block_params_for_function_params(prologue);
        builder.switch_to_block(prologue);
        let [thread, homes, frame] = *builder.block_params(prologue) else { unreachable!("the executors' signature") };
        let slots = match layout.frame_slots {
            FrameSlots::Inline(offset) => (frame, offset as i32),
            FrameSlots::Pointer(offset) => (builder.ins().load(types::I64, MEMORY, frame, offset as i32), 0),
        };
        let entry = builder.create_block();
        let mut lowering = Lowering {
            builder,
            superblock,
            layout,
            thunks,
            executor,
            thread,
            homes,
            frame,
            pushed: None,
            slots,
            entry,
            loop_head: None,
            values: vec![None; superblock.uops.len()],
            boxed_at_store: vec![false; superblock.uops.len()],
            exits: vec![None; superblock.exits.len()],
            cold_exits: Vec::new(),
            arguments: None,
            word_functions: Vec::new(),
            known: Known::default(),
            loop_start: superblock.loop_start().unwrap_or(usize::MAX),
            left_by_other: Vec::new(),
            form: None,
        };
        lowering.declare_side_entries();
        lowering.declare_arguments();
        lowering
    }

    /// What happens once.
    fn enter(&mut self) {
        let executor = self.word(self.executor);
        self.store_at(executor, self.thread, self.layout.thread.current_executor);
        self.builder.ins().jump(self.entry, &[]);
        self.builder.switch_to_block(self.entry);
    }

    /// Lowers every micro-op, and finishes the function.
    fn lower_all(mut self, config: TargetFrontendConfig, tells_uops: bool) {
        for index in 0..self.superblock.uops.len() {
            if self.superblock.sunk.get(index) != Some(&true) {
                if tells_uops {
                    self.builder.set_srcloc(SourceLoc::new(index as u32));
                }
                self.lower_uop(UopIdx(index as u32));
            }
        }
        self.builder.set_srcloc(SourceLoc::default());
        self.emit_cold_exits();
        self.builder.seal_all_blocks();
        self.builder.finalize(config);
    }

    /// Guards that come before a side entry already branch to it.
    fn declare_side_entries(&mut self) {
        for uop in &self.superblock.uops {
            if let Op::SideEntry { exit } = uop.op {
                self.exits[exit.index()] = Some(self.builder.create_block());
            }
        }
    }

    /// One stack slot serves all calls.
    fn declare_arguments(&mut self) {
        let passes_array = |uop: &&Uop| match uop.op {
            Op::CallHelper { helper } | Op::CallTest { helper } => helper.arity().is_none(),
            Op::CallNative { .. } | Op::CallValue {} => true,
            Op::NewTuple {} => self.inline_bytes(Field::TupleElement, uop.inputs.len()).is_none(),
            Op::NewList {} => self.inline_bytes(Field::ArrayElement, uop.inputs.len()).is_none(),
            _ => false,
        };
        let calls = self.superblock.uops.iter().filter(passes_array);
        if let Some(most) = calls.map(|uop| uop.inputs.len()).max() {
            let slot = StackSlotData::new(StackSlotKind::ExplicitSlot, 8 * most.max(1) as u32, 3);
            self.arguments = Some(self.builder.create_sized_stack_slot(slot));
        }
    }

    /// A dispatcher: each arm is one call, or one instruction.
    fn lower_uop(&mut self, idx: UopIdx) {
        let superblock = self.superblock;
        let uop = superblock.uop(idx);
        let input = |index: usize| uop.inputs[index];
        let exit = || uop.exit.expect("the verifier has seen it");
        let result = match uop.op {
            // They are made where they are used.
            Op::ConstValue { .. } | Op::ConstInt { .. } | Op::ConstBool { .. } => return self.write_home(idx),
            Op::ConstFloat { bits } => Some(self.builder.ins().f64const(f64::from_bits(bits))),

            Op::LoadFrame { slot } => Some(self.load_frame(slot)),
            Op::StoreFrame { slot } => self.store_frame(slot, input(0)),
            Op::LoadHome { home, kind } => Some(self.load_home(home, kind)),
            Op::LoopStart {} => self.loop_start(idx),
            // The label has made it.
            Op::Phi { .. } => return,
            Op::JumpLoop {} => self.jump_loop(&uop.inputs),
            Op::JumpEntry {} => self.jump_entry(),
            Op::JumpExecutor { executor } => self.jump_executor(executor),
            Op::LeaveAtCall { call, top } => self.leave_at_call(call, top),
            Op::ExitTrace {} => self.exit_trace(exit()),
            Op::FinishGenerator {} => self.finish_generator(input(0)),
            Op::FinishReturn {} => self.finish_return(input(0)),
            Op::SideEntry { exit } => self.side_entry(exit),
            Op::Poll {} => self.poll(exit()),
            Op::GuardValid {} => self.guard_valid(idx, exit()),
            Op::GuardStack {} => self.guard_stack(exit()),
            Op::ForceExit {} => self.force_exit(exit()),
            Op::CountSteps { steps } => self.count_steps(steps),
            Op::GuardFrames { .. } => self.guard_frames(idx, exit()),
            Op::PushFrame { .. } => self.push_frame(uop),

            Op::GuardInt {} => self.guard_int(input(0), exit()),
            Op::GuardFloat {} => self.guard_float(input(0), exit()),
            Op::GuardBool {} => self.guard_bool(idx, exit()),
            Op::GuardShape { shape } => self.guard_shape(input(0), shape, exit()),
            Op::GuardIs { bits } => self.guard_is(input(0), bits, exit()),
            Op::GuardIsNot { bits } => self.guard_is_not(input(0), bits, exit()),
            // It was asked together with whether it is a truth value.
            Op::GuardTrue {} | Op::GuardFalse {} if self.known.truths.contains(&idx) => None,
            Op::GuardTrue {} => self.guard_true(input(0), exit()),
            Op::GuardFalse {} => self.guard_false(input(0), exit()),

            Op::UnboxInt {} => Some(self.unbox_int(input(0))),
            Op::UnboxWord {} => Some(self.unbox_word(input(0), exit())),
            Op::UnboxFloat {} => Some(self.unbox_float(input(0))),
            // The guard of its value has made it.
            Op::UnboxBool {} if self.values[idx.index()].is_some() => return,
            Op::UnboxBool {} => Some(self.unbox_bool(input(0))),
            Op::LowBits {} => Some(self.low_bits(input(0), exit())),
            Op::UnsignedBits {} => Some(self.unsigned_bits(input(0), exit())),
            Op::BoxUnsigned {} => Some(self.box_unsigned(input(0))),
            Op::BitsAdd {} => Some(self.bits(input(0), input(1), |ins, x, y| ins.iadd(x, y))),
            Op::BitsSub {} => Some(self.bits(input(0), input(1), |ins, x, y| ins.isub(x, y))),
            Op::BitsMul {} => Some(self.bits(input(0), input(1), |ins, x, y| ins.imul(x, y))),
            Op::BitsShl {} => Some(self.bits(input(0), input(1), |ins, x, y| ins.ishl(x, y))),
            Op::BitsShr {} => Some(self.bits(input(0), input(1), |ins, x, y| ins.ushr(x, y))),
            Op::IntBinary { operator } => Some(self.int_binary(operator, input(0), input(1), exit())),
            // The store boxes it.
            Op::BoxInt {} if self.boxed_at_store[idx.index()] => return,
            Op::BoxInt {} => Some(self.box_int(input(0))),
            Op::BoxSmallInt {} => Some(self.box_small_int(input(0))),
            Op::BoxFloat {} => Some(self.box_float(input(0))),
            Op::BoxBool {} => Some(self.box_bool(input(0))),
            Op::IntToFloat {} => Some(self.int_to_float(input(0))),
            Op::FloatToInt {} => Some(self.float_to_int(input(0), exit())),
            Op::IntToFloatExact {} => Some(self.int_to_float_exact(input(0), exit())),
            Op::BoolToInt {} => Some(self.bool_to_int(input(0))),

            Op::IntAdd {} => Some(self.int_add(input(0), input(1), exit())),
            Op::IntSub {} => Some(self.int_sub(input(0), input(1), exit())),
            Op::IntMul {} => Some(self.int_mul(input(0), input(1), exit())),
            Op::IntAddWrap {} => Some(self.int_add_wrap(input(0), input(1))),
            Op::IntSubWrap {} => Some(self.int_sub_wrap(input(0), input(1))),
            Op::IntMulWrap {} => Some(self.int_mul_wrap(input(0), input(1))),
            Op::IntFloorDiv {} => Some(self.int_floor_div(input(0), input(1), exit())),
            Op::IntMod {} => Some(self.int_mod(input(0), input(1), exit())),
            Op::IntShl {} => Some(self.int_shl(input(0), input(1), exit())),
            Op::IntShr {} => Some(self.int_shr(input(0), input(1), exit())),
            Op::IntAnd {} => Some(self.int_and(input(0), input(1))),
            Op::IntOr {} => Some(self.int_or(input(0), input(1))),
            Op::IntXor {} => Some(self.int_xor(input(0), input(1))),
            Op::IntLt {} => Some(self.int_lt(input(0), input(1))),
            Op::IntLe {} => Some(self.int_le(input(0), input(1))),
            Op::IntEq {} => Some(self.int_eq(input(0), input(1))),
            Op::IntNe {} => Some(self.int_ne(input(0), input(1))),
            Op::IntUlt {} => Some(self.int_ult(input(0), input(1))),

            Op::FloatAdd {} => Some(self.float_add(input(0), input(1))),
            Op::FloatSub {} => Some(self.float_sub(input(0), input(1))),
            Op::FloatMul {} => Some(self.float_mul(input(0), input(1))),
            Op::FloatDiv {} => Some(self.float_div(input(0), input(1), exit())),
            Op::FloatNeg {} => Some(self.float_neg(input(0))),
            Op::FloatAbs {} => Some(self.float_abs(input(0))),
            Op::FloatSqrt {} => Some(self.float_sqrt(input(0), exit())),
            Op::FloatLt {} => Some(self.float_lt(input(0), input(1))),
            Op::FloatLe {} => Some(self.float_le(input(0), input(1))),
            Op::FloatEq {} => Some(self.float_eq(input(0), input(1))),
            Op::FloatNe {} => Some(self.float_ne(input(0), input(1))),
            Op::FloatCall1 { function } => Some(self.float_call(function, &uop.inputs, exit())),
            Op::FloatCall2 { function } => Some(self.float_call(function, &uop.inputs, exit())),

            Op::BoolNot {} => Some(self.bool_not(input(0))),
            Op::BoolEq {} => Some(self.bool_eq(input(0), input(1))),
            Op::ValueIs {} => Some(self.value_is(input(0), input(1))),
            Op::IsSame {} => Some(self.is_same(input(0), input(1))),

            Op::LoadField { field } => Some(self.load_field(input(0), field)),
            Op::LoadWord { field } => Some(self.load_word(input(0), field)),
            Op::StoreField { field } => self.store_field(input(0), field, input(1)),
            Op::StoreWord { field } => self.store_word(input(0), field, input(1)),
            Op::LoadSlot { slot } => Some(self.load_slot(input(0), slot)),
            Op::StoreSlot { slot } => self.store_slot(input(0), slot, input(1)),
            Op::AddSlot { slot, shape } => self.add_slot(input(0), slot, shape, input(1)),
            Op::LoadGeneratorSlot { slot } => Some(self.load_generator_slot(input(0), slot)),
            Op::StoreGeneratorSlot { slot } => self.store_generator_slot(input(0), slot, input(1)),
            Op::Suspend { top } => self.suspend(input(0), top, input(1)),
            Op::LoadElement { field } => Some(self.load_element(input(0), field, input(1))),
            Op::StoreElement { field } => self.store_element(input(0), field, input(1), input(2)),
            Op::LoadRawInt { element } => Some(self.load_raw_int(input(0), element, input(1))),
            Op::LoadRawFloat { element } => Some(self.load_raw_float(input(0), element, input(1))),
            Op::StoreRawInt { element } => self.store_raw_int(input(0), element, input(1), input(2)),
            Op::StoreRawFloat { element } => self.store_raw_float(input(0), element, input(1), input(2)),
            Op::CopyElements { step } => self.copy_elements(&uop.inputs, step),

            Op::NewTuple {} => Some(self.new_tuple(&uop.inputs)),
            Op::NewList {} => Some(self.new_list(&uop.inputs)),
            Op::NewDict {} => Some(self.new_dict()),
            Op::ListSlice { step } => Some(self.list_slice(&uop.inputs, step)),
            Op::NewSlice {} => Some(self.new_slice(&uop.inputs)),
            Op::NewInstance { shape, slots } => Some(self.new_instance(shape, slots, &uop.inputs)),
            Op::NewCell {} => Some(self.new_cell(input(0))),
            Op::NewGenerator { .. } => Some(self.new_generator(uop.op, &uop.inputs)),
            Op::NewFunction { .. } => Some(self.new_function(uop.op, &uop.inputs)),
            Op::NewRange {} => Some(self.new_range(&uop.inputs)),
            Op::NewRangeIter {} => Some(self.new_range_iter(&uop.inputs)),
            Op::NewBoundMethod {} => Some(self.new_bound_method(input(0), input(1))),

            Op::CallHelper { helper } => Some(self.call_helper(helper, &uop.inputs, exit())),
            Op::CallTest { helper } => Some(self.call_test(helper, &uop.inputs, exit())),
            Op::CallNative { binding } => Some(self.call_native(binding, &uop.inputs, exit())),
            Op::CallValue {} => Some(self.call_value(&uop.inputs, exit())),
        };
        if result.is_some() {
            self.values[idx.index()] = result;
            self.write_home(idx);
        }
        self.known.objects.extend(facts::object_behind(superblock, idx));
    }

    /// What an op makes that asks the runtime for the form.
    fn form(&self, op: Op) -> Cow<'a, ObjectForm> {
        let asked = || form_of(self.layout, op).expect("the op makes a generator or a function");
        self.form.map_or_else(|| Cow::Owned(asked()), Cow::Borrowed)
    }

    /// The value that `idx` defined. A constant of words is made anew for each use: one that is made once would hold a register,
    /// or be spilled, from there to its last use.
    fn value(&mut self, idx: UopIdx) -> Value {
        match self.superblock.uop(idx).op {
            Op::ConstValue { bits } => self.word(bits),
            Op::ConstInt { value } => self.word(value as u64),
            Op::ConstBool { value } => self.builder.ins().iconst(types::I8, i64::from(value)),
            _ => self.values[idx.index()].expect("defined before it is used: the verifier has seen it"),
        }
    }

    /// A word constant.
    fn word(&mut self, bits: u64) -> Value {
        self.builder.ins().iconst(types::I64, bits as i64)
    }

    /// The integer of a constant micro-op.
    fn const_int(&self, idx: UopIdx) -> Option<i64> {
        facts::const_int(self.superblock, idx)
    }

    /// The block that leaves by `exit`.
    fn exit_block(&mut self, exit: ExitIdx) -> Block {
        if let Some(block) = self.exits[exit.index()] {
            return block;
        }
        let block = self.builder.create_block();
        self.builder.set_cold_block(block);
        self.exits[exit.index()] = Some(block);
        self.cold_exits.push((exit, block));
        block
    }

    /// Leaves by `exit` if `failed`, and goes on in a fresh block.
    fn exit_if(&mut self, failed: Value, exit: ExitIdx) {
        let leave = self.exit_block(exit);
        let on = self.builder.create_block();
        self.builder.ins().brif(failed, leave, &[], on, &[]);
        self.builder.switch_to_block(on);
    }

    /// Leaves by `exit` unless `holds`. (At `opt_level=none` the order of a branch's targets means nothing, and an inverted
    /// condition would be one instruction more.)
    fn exit_unless(&mut self, holds: Value, exit: ExitIdx) {
        let leave = self.exit_block(exit);
        let on = self.builder.create_block();
        self.builder.ins().brif(holds, on, &[], leave, &[]);
        self.builder.switch_to_block(on);
    }

    /// A cold block for a slow path, and the block in which both paths meet, which has a parameter where the paths
    /// give a word.
    fn slow_path(&mut self, gives_word: bool) -> (Block, Block, Option<Value>) {
        let slow = self.builder.create_block();
        self.builder.set_cold_block(slow);
        let join = self.builder.create_block();
        let word = gives_word.then(|| self.builder.append_block_param(join, types::I64));
        (slow, join, word)
    }

    /// Signature of a System V function from `n_params` words to one.
    fn word_function(&mut self, n_params: usize) -> SigRef {
        if self.word_functions.len() <= n_params {
            self.word_functions.resize(n_params + 1, None);
        }
        if let Some(signature) = self.word_functions[n_params] {
            return signature;
        }
        let signature = self.builder.import_signature(crate::isa::words(CallConv::SystemV, n_params, 1));
        self.word_functions[n_params] = Some(signature);
        signature
    }

    /// Calls a thunk: all registers survive it. It is passed copies, for an argument has to be in a certain register at the call,
    /// and the allocator would want the value itself to be there.
    fn call_thunk(&mut self, thunk: usize, arguments: &[Value]) {
        let arguments: Vec<Value> =
            arguments.iter().map(|&argument| self.builder.ins().iadd_imm_s(argument, 0)).collect();
        let signature = crate::isa::words(CallConv::PreserveAll, arguments.len(), 0);
        let signature = self.builder.import_signature(signature);
        let thunk = self.word(thunk as u64);
        self.builder.ins().call_indirect(signature, thunk, &arguments);
    }

    /// The result of the thunk that was just called.
    fn thunk_result(&mut self) -> Value {
        self.builder.ins().load(types::I64, MEMORY, self.thread, self.layout.thread.slow_result as i32)
    }
}

/// What an op makes whose form depends on its code object.
pub fn form_of(layout: &Layout, op: Op) -> Option<ObjectForm> {
    match op {
        Op::NewGenerator { code, shape, ip, awaited } => Some((layout.generator)(code, shape, ip, awaited)),
        Op::NewFunction { code } => Some((layout.function)(code)),
        _ => None,
    }
}

/// Arguments of a jump.
fn block_args(values: impl IntoIterator<Item = Value>) -> Vec<BlockArg> {
    values.into_iter().map(BlockArg::Value).collect()
}
