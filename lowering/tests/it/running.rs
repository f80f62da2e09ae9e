//! Superblocks compiled, entered, stitched and left.

use crate::machine::{self, Machine, Writer};
use std::ffi::c_void;
use stitch_lowering::Choice;
use stitch_runtime::backend::arena::is_patched_at_once;
use stitch_runtime::backend::{Backend, Status};
use stitch_runtime::uop::{ExitIdx, Field, Helper, Kind, Op, Superblock};
use stitch_runtime::value::Value;

for_both! {
    a_loop_runs_and_leaves_with_its_state_in_the_homes,
    an_exit_is_stitched_to_a_side_trace_and_made_cold_again,
    jumps_to_executors_say_which_until_they_are_joined,
    chains_of_stitched_traces_do_not_grow_the_stack,
    jump_entry_reads_the_frame_again,
    a_fused_side_trace_is_a_branch,
    polls_validity_and_the_stack_are_checked,
    calls_pass_their_arguments_and_leave_when_they_raised,
    slices_and_copies_pass_machine_words,
    objects_are_allocated_inline_and_slowly,
    ranges_and_functions_hold_their_parts,
    ints_in_the_heap_are_the_same_where_their_values_are,
    a_list_with_room_is_appended_to_without_a_call,
    stores_into_old_objects_are_remembered_once,
    slow_calls_keep_all_registers,
    a_full_code_cache_is_an_error_and_can_be_freed,
    exits_are_patched_while_others_run_the_code,
}

fn exit(index: u32) -> Status {
    Status::Exit(ExitIdx(index))
}

/// `for i in range(limit): total += i`, from slot 0 (the limit) to homes 0 (i) and 1 (total).
pub fn sum_loop() -> Superblock {
    let mut w = Writer::new(3);
    let boxed = w.op(Op::LoadFrame { slot: 0 }, &[]);
    w.guard(Op::GuardInt {}, &[boxed], 0);
    let limit = w.op(Op::UnboxInt {}, &[boxed]);
    let (zero, one) = (w.int(0), w.int(1));
    w.op(Op::LoopStart {}, &[]);
    let i = w.op(Op::Phi { slot: 1, kind: Kind::Int }, &[zero]);
    let total = w.op(Op::Phi { slot: 2, kind: Kind::Int }, &[zero]);
    w.keep(i, 0);
    w.keep(total, 1);
    let more = w.op(Op::IntLt {}, &[i, limit]);
    w.guard(Op::GuardTrue {}, &[more], 1);
    let sum = w.guard(Op::IntAdd {}, &[total, i], 2);
    let next = w.guard(Op::IntAdd {}, &[i, one], 2);
    w.op(Op::JumpLoop {}, &[next, sum]);
    w.superblock
}

fn a_loop_runs_and_leaves_with_its_state_in_the_homes(choice: Choice) {
    let mut machine = Machine::with(choice);
    machine.frame[0] = Value::small_int(1000).0;
    assert_eq!(machine.run(&sum_loop()), exit(1));
    assert_eq!(machine.homes[..2], [1000, 499_500]);
    assert_eq!(machine.thread.current_executor, &raw const *machine.executor as u64);
    machine.frame[0] = Value::float(1.0).0;
    assert_eq!(machine.run(&sum_loop()), exit(0));
}

fn an_exit_is_stitched_to_a_side_trace_and_made_cold_again(choice: Choice) {
    let mut machine = Machine::with(choice);
    let root = machine.compile(&sum_loop());
    let mut w = Writer::new(1);
    let total = w.load_home(1, Kind::Int);
    let boxed = w.op(Op::BoxInt {}, &[total]);
    w.op(Op::FinishReturn {}, &[boxed]);
    let side = machine.compile(&w.superblock);
    machine.frame[0] = Value::small_int(10).0;

    assert_eq!(machine.enter(&root), exit(1));
    machine.backend.patch_exit(&root, ExitIdx(1), Some(side.entry));
    assert_eq!(machine.enter(&root), Status::Returned);
    assert_eq!(Value(machine.thread.result).as_int(), 45);
    machine.backend.patch_exit(&root, ExitIdx(1), None);
    assert_eq!(machine.enter(&root), exit(1));
    let used = machine.backend.used_bytes();
    machine.backend.free(side);
    machine.backend.free(root);
    assert!(machine.backend.used_bytes() < used);
}

fn jumps_to_executors_say_which_until_they_are_joined(choice: Choice) {
    let mut machine = Machine::with(choice);
    let mut w = Writer::new(1);
    let one = w.op(Op::ConstValue { bits: Value::small_int(1).0 }, &[]);
    w.op(Op::StoreFrame { slot: 3 }, &[one]);
    w.op(Op::JumpExecutor { executor: 77 }, &[]);
    let from = machine.compile(&w.superblock);
    assert_eq!(machine.enter(&from), Status::Jump(77));
    assert_eq!(machine.frame[3], Value::small_int(1).0);

    let mut w = Writer::new(1);
    let value = w.op(Op::LoadFrame { slot: 3 }, &[]);
    w.op(Op::FinishReturn {}, &[value]);
    let to = machine.compile(&w.superblock);
    machine.backend.patch_jump(&from, 77, Some(to.entry));
    assert_eq!(machine.enter(&from), Status::Returned);
    assert_eq!(machine.thread.result, Value::small_int(1).0);
    machine.backend.patch_jump(&from, 77, None);
    assert_eq!(machine.enter(&from), Status::Jump(77));
}

fn chains_of_stitched_traces_do_not_grow_the_stack(choice: Choice) {
    // Two traces that jump to each other, a million times.
    let mut machine = Machine::with(choice);
    let trace = |other: u32| {
        let mut w = Writer::new(2);
        let boxed = w.op(Op::LoadFrame { slot: 0 }, &[]);
        w.guard(Op::GuardInt {}, &[boxed], 0);
        w.guard(Op::GuardIsNot { bits: Value::small_int(0).0 }, &[boxed], 1);
        let integer = w.op(Op::UnboxInt {}, &[boxed]);
        let one = w.int(1);
        let less = w.guard(Op::IntSub {}, &[integer, one], 0);
        let boxed = w.op(Op::BoxInt {}, &[less]);
        w.op(Op::StoreFrame { slot: 0 }, &[boxed]);
        w.op(Op::JumpExecutor { executor: other }, &[]);
        w.superblock
    };
    let (a, b) = (machine.compile(&trace(2)), machine.compile(&trace(1)));
    machine.backend.patch_jump(&a, 2, Some(b.entry));
    machine.backend.patch_jump(&b, 1, Some(a.entry));
    machine.frame[0] = Value::small_int(1_000_000).0;
    assert_eq!(machine.enter(&a), exit(1));
    assert_eq!(machine.frame[0], Value::small_int(0).0);
}

fn jump_entry_reads_the_frame_again(choice: Choice) {
    let mut machine = Machine::with(choice);
    let mut w = Writer::new(2);
    let boxed = w.op(Op::LoadFrame { slot: 0 }, &[]);
    w.guard(Op::GuardInt {}, &[boxed], 0);
    let integer = w.op(Op::UnboxInt {}, &[boxed]);
    let limit = w.int(5);
    let less = w.op(Op::IntLt {}, &[integer, limit]);
    w.guard(Op::GuardTrue {}, &[less], 1);
    let one = w.int(1);
    let next = w.guard(Op::IntAdd {}, &[integer, one], 0);
    let boxed = w.op(Op::BoxInt {}, &[next]);
    w.op(Op::StoreFrame { slot: 0 }, &[boxed]);
    w.op(Op::JumpEntry {}, &[]);
    machine.frame[0] = Value::small_int(0).0;
    assert_eq!(machine.run(&w.superblock), exit(1));
    assert_eq!(machine.frame[0], Value::small_int(5).0);
}

fn a_fused_side_trace_is_a_branch(choice: Choice) {
    // total += i if i is even, else total -= i (in the fused side trace).
    let mut machine = Machine::with(choice);
    let mut w = Writer::new(5);
    let (zero, one, two, limit) = (w.int(0), w.int(1), w.int(2), w.int(11));
    w.op(Op::LoopStart {}, &[]);
    let i = w.op(Op::Phi { slot: 0, kind: Kind::Int }, &[zero]);
    let total = w.op(Op::Phi { slot: 1, kind: Kind::Int }, &[zero]);
    w.keep(total, 0);
    let more = w.op(Op::IntLt {}, &[i, limit]);
    w.guard(Op::GuardTrue {}, &[more], 4);
    let low = w.guard(Op::IntMod {}, &[i, two], 3);
    let even = w.op(Op::IntEq {}, &[low, zero]);
    w.guard(Op::GuardTrue {}, &[even], 1);
    let sum = w.guard(Op::IntAdd {}, &[total, i], 2);
    let next = w.guard(Op::IntAdd {}, &[i, one], 2);
    w.op(Op::JumpLoop {}, &[next, sum]);
    w.op(Op::SideEntry { exit: ExitIdx(1) }, &[]);
    let difference = w.guard(Op::IntSub {}, &[total, i], 2);
    let next = w.guard(Op::IntAdd {}, &[i, one], 2);
    w.op(Op::JumpLoop {}, &[next, difference]);
    let code = machine.compile(&w.superblock);
    assert!(code.sites.iter().all(|site| site.target != stitch_runtime::backend::SiteTarget::Exit(ExitIdx(1))));
    assert_eq!(machine.enter(&code), exit(4));
    assert_eq!(machine.homes[0] as i64, 5);
}

fn polls_validity_and_the_stack_are_checked(choice: Choice) {
    let mut machine = Machine::with(choice);
    let mut w = Writer::new(4);
    w.guard(Op::Poll {}, &[], 0);
    w.guard(Op::GuardValid {}, &[], 1);
    w.guard(Op::GuardStack {}, &[], 2);
    w.leave(3);
    let code = machine.compile(&w.superblock);
    assert_eq!(machine.enter(&code), exit(3));
    machine.thread.stack_limit = u64::MAX;
    assert_eq!(machine.enter(&code), exit(2));
    machine.executor.valid = 0;
    assert_eq!(machine.enter(&code), exit(1));
    machine.thread.pending = 1;
    assert_eq!(machine.enter(&code), exit(0));
}

fn calls_pass_their_arguments_and_leave_when_they_raised(choice: Choice) {
    let mut machine = Machine::with(choice);
    let mut w = Writer::new(6);
    let a = w.op(Op::LoadFrame { slot: 0 }, &[]);
    let b = w.op(Op::LoadFrame { slot: 1 }, &[]);
    let operator = w.op(Op::ConstInt { value: 13 }, &[]);
    let sum = w.guard(Op::CallHelper { helper: Helper::BinaryOp }, &[a, b, operator], 1);
    let map = w.guard(Op::CallHelper { helper: Helper::BuildMap }, &[a, sum, b, b], 2);
    let native = w.guard(Op::CallNative { binding: 0xBEEF }, &[map], 3);
    let called = w.guard(Op::CallValue {}, &[native, a, b], 4);
    let truth = w.guard(Op::CallTest { helper: Helper::Contains }, &[called, b], 5);
    w.keep(truth, 0);
    w.leave(0);
    let code = machine.compile(&w.superblock);
    machine.frame[..2].copy_from_slice(&[Value::small_int(1).0, Value::TRUE.0]);

    let answers = [Value::small_int(3).0, Value::small_int(4).0, Value::small_int(5).0, 0, 1];
    machine.thread.answers = answers.iter().rev().copied().collect();
    assert_eq!(machine.enter(&code), exit(0));
    assert_eq!(machine.homes[0], 1);
    assert_eq!(
        machine.thread.calls,
        [
            "helper [1, true, object@d]",
            "helper [1, 3, true, true]",
            "call_native beef [4] x3",
            "call_value 5 [1, true] x4",
            "helper [unbound, true]"
        ]
    );

    machine.thread.exception = 1;
    for (n_good, expected) in (0..4).zip(1..) {
        machine.thread.answers = std::iter::once(0).chain(std::iter::repeat_n(Value::NONE.0, n_good)).collect();
        assert_eq!(machine.enter(&code), exit(expected));
        assert_eq!(machine.thread.exit_index, expected);
    }
    machine.thread.answers = [2].into_iter().chain(std::iter::repeat_n(Value::NONE.0, 4)).collect();
    assert_eq!(machine.enter(&code), exit(5));
}

fn slices_and_copies_pass_machine_words(choice: Choice) {
    let mut machine = Machine::with(choice);
    let mut w = Writer::new(1);
    let list = w.op(Op::LoadFrame { slot: 0 }, &[]);
    let [one, three] = [1, 3].map(|value| w.op(Op::ConstInt { value }, &[]));
    let slice = w.op(Op::ListSlice { step: -1 }, &[list, three, one]);
    w.op(Op::CopyElements { step: 1 }, &[slice, one, list, three, one]);
    w.op(Op::CopyElements { step: -1 }, &[list, one, slice, three, one]);
    w.keep(slice, 0);
    w.leave(0);
    let code = machine.compile(&w.superblock);
    machine.frame[0] = Value::small_int(7).0;
    machine.thread.answers = vec![Value::small_int(9).0];
    assert_eq!(machine.enter(&code), exit(0));
    assert_eq!(machine.thread.calls, ["list_slice 7 3 1 -1", "copy 9 1 7 3 1 1", "copy 7 1 9 3 1 -1"]);
}

fn objects_are_allocated_inline_and_slowly(choice: Choice) {
    let mut machine = Machine::with(choice);
    let mut w = Writer::new(1);
    let a = w.op(Op::LoadFrame { slot: 0 }, &[]);
    let b = w.op(Op::LoadFrame { slot: 1 }, &[]);
    let list = w.op(Op::NewList {}, &[a, b]);
    let tuple = w.op(Op::NewTuple {}, &[a, b, list]);
    let instance = w.op(Op::NewInstance { shape: 500, slots: 3 }, &[]);
    w.op(Op::StoreSlot { slot: 1 }, &[instance, tuple]);
    w.op(Op::AddSlot { slot: 2, shape: 501 }, &[instance, b]);
    w.guard(Op::GuardShape { shape: 501 }, &[instance], 0);
    let cell = w.op(Op::NewCell {}, &[instance]);
    let method = w.op(Op::NewBoundMethod {}, &[a, cell]);
    w.op(Op::FinishReturn {}, &[method]);
    let code = machine.compile(&w.superblock);
    machine.frame[..2].copy_from_slice(&[Value::small_int(1).0, Value::TRUE.0]);
    let word = |address: u64, index: usize| {
        // SAFETY: the addresses below are those of objects that the code has just made in the machine's memory.
        unsafe { *(address as *const u64).add(index) }
    };
    for inline in [true, false] {
        if !inline {
            machine.thread.limit = machine.thread.cursor;
        }
        machine.thread.calls.clear();
        assert_eq!(machine.enter(&code), Status::Returned);
        assert_eq!(machine.thread.calls.is_empty(), inline);
        let method = machine.thread.result;
        assert_eq!(word(method, 0) as u32, machine::SHAPES.bound_method);
        assert_eq!(word(method, 1), machine.frame[0]);
        let cell = word(method, 2);
        let instance = word(cell, 1);
        assert_eq!((word(instance, 0) as u32, word(instance, 1), word(instance, 2)), (501, 0, 0));
        assert_eq!(word(instance, 4), machine.frame[1]);
        let tuple = word(instance, 3);
        let items: Vec<u64> = (2..5).map(|index| word(tuple, index)).collect();
        assert_eq!(items, [3, machine.frame[0], machine.frame[1]]);
        assert_eq!(word(tuple, 0) >> 48, 48);
        let list = word(tuple, 5);
        assert_eq!((word(list, 0) as u32, word(list, 1), word(list, 3)), (machine::SHAPES.list, 0, 2));
        let array: Vec<u64> = (1..4).map(|index| word(word(list, 2), index)).collect();
        assert_eq!(array, [2, machine.frame[0], machine.frame[1]]);
    }
}

fn ranges_and_functions_hold_their_parts(choice: Choice) {
    let mut machine = Machine::with(choice);
    let mut w = Writer::new(0);
    let parts = [3, 9, 2].map(|value| w.op(Op::ConstInt { value }, &[]));
    let iterator = w.op(Op::NewRangeIter {}, &parts);
    let values = [3, 9, 2, 4].map(|value| w.op(Op::ConstValue { bits: Value::small_int(value).0 }, &[]));
    let range = w.op(Op::NewRange {}, &values);
    let function = w.op(Op::NewFunction { code: 0x500 }, &[values[0], values[1], range, iterator]);
    w.op(Op::FinishReturn {}, &[function]);
    let code = machine.compile(&w.superblock);
    assert_eq!(machine.enter(&code), Status::Returned);
    let words = |address: u64, count: usize| -> Vec<u64> {
        // SAFETY: the addresses below are those of objects that the code has just made in the machine's memory.
        (0..count).map(|index| unsafe { *(address as *const u64).add(index) }).collect()
    };
    let [three, nine, two, four] = [3, 9, 2, 4].map(|value| Value::small_int(value).0);
    let function = words(machine.thread.result, 5);
    assert_eq!((function[0] as u32, &function[1..3]), (machine::SHAPES.function, &[three, nine][..]));
    let (range, iterator) = (words(function[3], 5), words(function[4], 4));
    assert_eq!((range[0] as u32, &range[1..]), (machine::SHAPES.range, &[three, nine, two, four][..]));
    assert_eq!((iterator[0] as u32, &iterator[1..]), (machine::SHAPES.range_iter, &[3, 9, 2][..]));
}

fn ints_in_the_heap_are_the_same_where_their_values_are(choice: Choice) {
    let mut machine = Machine::with(choice);
    let mut w = Writer::new(1);
    let (lhs, rhs) = (w.op(Op::LoadFrame { slot: 0 }, &[]), w.op(Op::LoadFrame { slot: 1 }, &[]));
    let same = w.op(Op::IsSame {}, &[lhs, rhs]);
    w.keep(same, 0);
    w.leave(0);
    let code = machine.compile(&w.superblock);
    let base = machine.heap.as_mut_ptr() as u64;
    let int = u64::from(machine::SHAPES.int);
    // Two ints of one value, one of another, and two tuples that look as they do.
    let objects = [[int, 1 << 50], [int, 1 << 50], [int, 1 << 51], [1, 1 << 50], [1, 1 << 50]];
    machine.heap[512..522].copy_from_slice(objects.as_flattened());
    let mut words: Vec<u64> = (0..5).map(|object| base + 8 * (512 + 2 * object)).collect();
    words.extend([Value::UNBOUND, Value::NONE, Value::TRUE, Value::small_int(3), Value::float(0.5)].map(Value::bits));
    for (i, &left) in words.iter().enumerate() {
        for (j, &right) in words.iter().enumerate() {
            machine.frame[..2].copy_from_slice(&[left, right]);
            assert_eq!(machine.enter(&code), exit(0));
            assert_eq!(machine.homes[0] != 0, i == j || i + j == 1, "{i} and {j}");
        }
    }
}

fn a_list_with_room_is_appended_to_without_a_call(choice: Choice) {
    let mut machine = Machine::with(choice);
    let (list, array) = (512, 520);
    let base = machine.heap.as_mut_ptr() as u64;
    let address = |word: usize| base + 8 * word as u64;
    // Room for three, two of which are in use.
    machine.heap[array..array + 6].copy_from_slice(&[5, 3, 11, 12, 0, 99]);
    machine.heap[list..list + 4].copy_from_slice(&[2, 0, address(array), 2]);
    let mut w = Writer::new(1);
    let (owner, item) = (w.op(Op::LoadFrame { slot: 0 }, &[]), w.op(Op::LoadFrame { slot: 1 }, &[]));
    w.guard(Op::GuardShape { shape: machine::SHAPES.list }, &[owner], 0);
    let result = w.guard(Op::CallHelper { helper: Helper::ListAppend }, &[owner, item], 0);
    w.op(Op::FinishReturn {}, &[result]);
    let code = machine.compile(&w.superblock);
    machine.frame[..2].copy_from_slice(&[address(list), Value::small_int(7).0]);
    assert_eq!(machine.enter(&code), Status::Returned);
    assert_eq!((Value(machine.thread.result), machine.thread.calls.len()), (Value::NONE, 0));
    assert_eq!(machine.heap[array..array + 6], [5, 3, 11, 12, Value::small_int(7).0, 99]);
    assert_eq!(machine.heap[list + 3], 3);

    machine.thread.answers = vec![Value::NONE.0];
    assert_eq!(machine.enter(&code), Status::Returned);
    assert_eq!(machine.thread.calls.len(), 1);
    assert_eq!((machine.heap[list + 3], machine.heap[array + 5]), (3, 99));
}

fn stores_into_old_objects_are_remembered_once(choice: Choice) {
    let mut machine = Machine::with(choice);
    let owner = machine.heap.as_mut_ptr() as u64 + 4096;
    let index_of = |offset: usize| 512 + offset / 8;
    machine.heap[512] = 300 | u64::from(machine::UNLOGGED) << 32;
    machine.heap[513] = 0;
    let mut w = Writer::new(2);
    let object = w.op(Op::LoadFrame { slot: 0 }, &[]);
    let value = w.op(Op::LoadFrame { slot: 1 }, &[]);
    w.guard(Op::GuardShape { shape: 300 }, &[object], 1);
    let three = w.int(3);
    let float = w.op(Op::ConstFloat { bits: 1.5f64.to_bits() }, &[]);
    let float = w.op(Op::BoxFloat {}, &[float]);
    w.op(Op::StoreElement { field: Field::ArrayElement }, &[object, three, float]);
    w.op(Op::StoreElement { field: Field::ArrayElement }, &[object, three, value]);
    w.op(Op::StoreSlot { slot: 0 }, &[object, value]);
    w.op(Op::StoreWord { field: Field::ListLen }, &[object, three]);
    let length = w.op(Op::LoadWord { field: Field::ListLen }, &[object]);
    let loaded = w.op(Op::LoadElement { field: Field::ArrayElement }, &[object, length]);
    w.op(Op::FinishReturn {}, &[loaded]);
    machine.frame[..2].copy_from_slice(&[owner, Value::NONE.0]);
    assert_eq!(machine.run(&w.superblock), Status::Returned);
    assert_eq!(machine.thread.result, Value::NONE.0);
    assert_eq!(machine.thread.calls, ["barrier"]);
    assert_eq!(machine.heap[index_of(16)], Value::NONE.0);
    machine.frame[0] = Value::float(0.0).0;
    assert_eq!(machine.run(&w.superblock), exit(1));
    for other in [Value::NONE, Value::UNBOUND, Value::TRUE, Value::small_int(7), Value::float(5e-324)] {
        machine.frame[0] = other.0;
        assert_eq!(machine.run(&w.superblock), exit(1), "{other:?}");
    }
}

fn slow_calls_keep_all_registers(choice: Choice) {
    // Many live values of both kinds across a boxing that goes to the heap.
    let mut machine = Machine::with(choice);
    let mut w = Writer::new(1);
    let ints: Vec<_> = (0..20).map(|home| w.load_home(home, Kind::Int)).collect();
    let floats: Vec<_> = (20..40).map(|home| w.load_home(home, Kind::Float)).collect();
    let boxed = w.op(Op::BoxInt {}, &[ints[0]]);
    for (index, &value) in ints.iter().chain(&floats).enumerate() {
        let copy = if index < 20 {
            let zero = w.int(0);
            w.op(Op::IntOr {}, &[value, zero])
        } else {
            let negated = w.op(Op::FloatNeg {}, &[value]);
            w.op(Op::FloatNeg {}, &[negated])
        };
        w.keep(copy, 100 + index as u16);
    }
    w.op(Op::FinishReturn {}, &[boxed]);
    machine.homes[0] = 1 << 60;
    for home in 1..20 {
        machine.homes[home] = 1000 + home as u64;
    }
    for home in 20..40 {
        machine.homes[home] = (home as f64).to_bits();
    }
    assert_eq!(machine.run(&w.superblock), Status::Returned);
    assert_eq!(machine.homes[..40].to_vec(), machine.homes[100..140].to_vec());
    // SAFETY: the result is the mock's heap int.
    assert_eq!(unsafe { *(machine.thread.result as *const i64).add(1) }, 1 << 60);
}

fn a_full_code_cache_is_an_error_and_can_be_freed(choice: Choice) {
    use stitch_runtime::backend::{BackendError, CompileRequest, Wanted};
    let mut backend = stitch_lowering::CraneliftBackend::with(choice, 64 << 10);
    let superblock = sum_loop();
    let request =
        CompileRequest { superblock: &superblock, executor: 16, layout: &machine::LAYOUT, wanted: Wanted::default() };
    let mut codes = Vec::new();
    let error = loop {
        match backend.compile(&request) {
            Ok(code) => codes.push(code),
            Err(error) => break error,
        }
    };
    assert_eq!(error, BackendError::CodeCacheFull);
    assert!(codes.len() > 20);
    backend.free(codes.swap_remove(3));
    assert!(backend.compile(&request).is_ok());
}

fn exits_are_patched_while_others_run_the_code(choice: Choice) {
    const N_GUARDS: u32 = 16;
    let mut machine = Machine::with(choice);
    // Guards one after the other, of which only the last fails.
    let mut w = Writer::new(N_GUARDS as usize);
    let value = w.op(Op::LoadFrame { slot: 0 }, &[]);
    for at in 0..N_GUARDS - 1 {
        w.guard(Op::GuardIsNot { bits: Value::small_int(at.into()).0 }, &[value], at);
    }
    w.leave(N_GUARDS - 1);
    let root = machine.compile(&w.superblock);
    // The rel32 of each exit lies in one block of eight bytes, wherever the code had it.
    assert!(root.sites.len() >= N_GUARDS as usize);
    assert!(root.sites.iter().all(|site| is_patched_at_once(site.offset)), "{:?}", root.sites);
    let sides = [1, 2].map(|number| {
        let mut w = Writer::new(1);
        let number = w.op(Op::ConstValue { bits: Value::small_int(number).0 }, &[]);
        w.op(Op::FinishReturn {}, &[number]);
        machine.compile(&w.superblock)
    });

    let Machine { backend, thread, homes, frame, .. } = &mut machine;
    let (mut seen, mut n_patches) = ([0; 3], 0);
    for at in 0..N_GUARDS {
        frame[0] = Value::small_int(at.into()).0;
        let shim = backend.shim().unwrap();
        let words = [(&raw mut **thread) as usize, homes.as_mut_ptr() as usize, frame.as_mut_ptr() as usize];
        let entry = root.entry;
        let runner = std::thread::spawn(move || {
            let [thread, homes, frame] = words.map(|word| word as *mut c_void);
            let mut seen = [0; 3];
            for _ in 0..50_000 {
                // SAFETY: the code and the machine outlive this thread, and nothing else uses the machine meanwhile.
                let word = unsafe { shim(entry, thread, homes.cast(), frame) };
                let result = match Status::from_word(word) {
                    Status::Returned => {
                        // SAFETY: as above.
                        Value(unsafe { (*thread.cast::<machine::Thread>()).result }).as_int() as usize
                    }
                    status => {
                        assert_eq!(status, exit(at));
                        0
                    }
                };
                seen[result] += 1;
            }
            seen
        });
        while !runner.is_finished() {
            for target in [Some(sides[0].entry), Some(sides[1].entry), None] {
                backend.patch_exit(&root, ExitIdx(at), target);
                n_patches += 1;
            }
        }
        let of_this = runner.join().expect("the code was left by one of three ways");
        seen = [0, 1, 2].map(|way| seen[way] + of_this[way]);
        backend.patch_exit(&root, ExitIdx(at), None);
    }
    assert!(seen.iter().all(|&n| n > 0), "{seen:?} in {n_patches} patches");
}

#[test]
fn compilers_work_on_other_threads() {
    use stitch_runtime::backend::{CompileRequest, Wanted};
    let mut machine = Machine::new();
    let mut compiler = machine.backend.compiler(&machine::LAYOUT)().unwrap();
    let code = std::thread::spawn(move || {
        let superblock = sum_loop();
        let request = CompileRequest {
            superblock: &superblock,
            executor: 16,
            layout: &machine::LAYOUT,
            wanted: Wanted { text: true, ..Wanted::default() },
        };
        compiler.compile(&request).unwrap()
    });
    let code = machine.backend.install(&code.join().unwrap()).unwrap();
    machine.frame[0] = Value::small_int(5).0;
    assert_eq!(machine.enter(&code), exit(1));
    assert_eq!(machine.homes[1], 10);
    let text = code.text.unwrap();
    assert!(text.ir.contains("return_call") && text.assembly.contains("jmp"));
}
