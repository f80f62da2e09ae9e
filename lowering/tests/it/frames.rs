//! Frames that compiled code pushes and pops.

use crate::machine::{FLAG_INIT, FRAME_WORDS, HEADER_WORD, Machine, Writer};
use stitch_lowering::Choice;
use stitch_runtime::backend::{Backend, Compiled, Status};
use stitch_runtime::uop::{CallKind, ExitIdx, Op};
use stitch_runtime::value::Value;

for_both! {
    a_call_pushes_a_frame_and_its_return_goes_on_behind_it,
    a_frame_of_an_init_leaves_the_instance_and_one_that_rust_waits_for_to_rust,
    no_frame_is_pushed_where_there_is_no_room,
}

/// Words of a frame's header, as the mock's layout has them.
const PREVIOUS: usize = HEADER_WORD;
const CODE: usize = HEADER_WORD + 2;
const FUNCTION: usize = HEADER_WORD + 3;
const IP: usize = HEADER_WORD + 7;
const SP: usize = HEADER_WORD + 8;
const FLAGS: usize = HEADER_WORD + 10;

const CALLEE: u32 = 7;

/// A machine with a data stack, and code that calls: the callee's frame has 5 in slot 0 and 6 in slot 1.
struct World {
    machine: Machine,
    /// The caller's instruction: its second word points to the return point.
    call: Box<[u64; 3]>,
    stack: Box<[u64; 4 * FRAME_WORDS]>,
}

impl World {
    fn new(choice: Choice) -> World {
        let mut machine = Machine::with(choice);
        let mut stack = Box::new([0; 4 * FRAME_WORDS]);
        machine.thread.data_top = stack.as_mut_ptr() as u64;
        machine.thread.data_end = machine.thread.data_top + 8 * 4 * FRAME_WORDS as u64;
        machine.thread.recursion_limit = 10;
        World { machine, call: Box::new([0; 3]), stack }
    }

    fn caller(&mut self, kind: CallKind) -> Compiled {
        let mut w = Writer::new(1);
        let words = FRAME_WORDS as u32;
        w.guard(Op::GuardFrames { frames: 1, words }, &[], 0);
        let known = |value: i64| Op::ConstValue { bits: Value::small_int(value).0 };
        let inputs = [1, 2, 3, 4, 5, 6].map(|value| w.op(known(value), &[]));
        let call = self.call.as_ptr() as u64;
        w.op(Op::PushFrame { code: 0x50, start: 0x60, call, live: 3, words, kind }, &inputs);
        w.op(Op::JumpExecutor { executor: CALLEE }, &[]);
        self.machine.compile(&w.superblock)
    }

    /// Code that returns the sum of slots 0 and 1.
    fn callee(&mut self) -> Compiled {
        let mut w = Writer::new(1);
        let slots = [0, 1].map(|slot| w.op(Op::LoadFrame { slot }, &[]));
        let numbers = slots.map(|slot| {
            w.guard(Op::GuardInt {}, &[slot], 0);
            w.op(Op::UnboxInt {}, &[slot])
        });
        let sum = w.guard(Op::IntAdd {}, &numbers, 0);
        let sum = w.op(Op::BoxInt {}, &[sum]);
        w.op(Op::FinishReturn {}, &[sum]);
        self.machine.compile(&w.superblock)
    }

    fn root(&self) -> u64 {
        self.machine.frame.as_ptr() as u64
    }
}

fn a_call_pushes_a_frame_and_its_return_goes_on_behind_it(choice: Choice) {
    let mut world = World::new(choice);
    let (caller, callee) = (world.caller(CallKind::Plain), world.callee());
    let machine = &mut world.machine;
    assert_eq!(machine.enter(&caller), Status::Jump(CALLEE));
    let frame = world.stack.as_ptr() as u64;
    assert_eq!((machine.thread.frame, machine.thread.depth), (frame, 1));
    assert_eq!(machine.thread.data_top, frame + 8 * FRAME_WORDS as u64);
    let root = machine.frame.as_ptr() as u64;
    assert_eq!((machine.frame[IP], machine.frame[SP]), (world.call.as_ptr() as u64, root + 8 * 3));
    assert_eq!(world.stack[..2], [5, 6].map(|value| Value::small_int(value).0));
    assert_eq!((world.stack[PREVIOUS], world.stack[CODE], world.stack[IP]), (root, 0x50, 0x60));
    assert_eq!((world.stack[FUNCTION], world.stack[FLAGS]), (Value::small_int(1).0, 0));

    // To a place without a return point, to one without code, and to one with code.
    machine.thread.data_top = frame;
    machine.thread.depth = 0;
    machine.backend.patch_jump(&caller, CALLEE, Some(callee.entry));
    let mut point = Box::new(0);
    let mut w = Writer::new(2);
    w.leave(1);
    let behind = machine.compile(&w.superblock);
    for (call, entry, status) in [
        (0, 0, Status::Caller),
        (&raw mut *point as u64, 0, Status::Caller),
        (&raw mut *point as u64, behind.entry as u64, Status::Exit(ExitIdx(1))),
    ] {
        world.call[1] = call;
        *point = entry;
        machine.frame[3] = 0;
        assert_eq!(machine.enter(&caller), status);
        assert_eq!(Value(machine.frame[3]).as_int(), 11);
        assert_eq!((machine.thread.frame, machine.thread.data_top, machine.thread.depth), (root, frame, 0));
    }
}

fn a_frame_of_an_init_leaves_the_instance_and_one_that_rust_waits_for_to_rust(choice: Choice) {
    let mut world = World::new(choice);
    let (caller, callee) = (world.caller(CallKind::Init), world.callee());
    let root = world.root();
    let machine = &mut world.machine;
    machine.backend.patch_jump(&caller, CALLEE, Some(callee.entry));
    // The sum is not None.
    assert_eq!(machine.enter(&caller), Status::Returned);
    assert_eq!(world.stack[FLAGS], FLAG_INIT);
    assert_eq!((machine.thread.frame, Value(machine.thread.result).as_int()), (world.stack.as_ptr() as u64, 11));
    assert_ne!(machine.thread.frame, root);

    let mut w = Writer::new(0);
    let none = w.op(Op::ConstValue { bits: Value::NONE.0 }, &[]);
    w.op(Op::FinishReturn {}, &[none]);
    let callee = machine.compile(&w.superblock);
    machine.backend.patch_jump(&caller, CALLEE, Some(callee.entry));
    machine.thread.data_top = world.stack.as_ptr() as u64;
    machine.frame[3] = 42;
    assert_eq!(machine.enter(&caller), Status::Caller);
    assert_eq!((machine.thread.frame, machine.frame[3]), (root, 42));
}

fn no_frame_is_pushed_where_there_is_no_room(choice: Choice) {
    let mut world = World::new(choice);
    let caller = world.caller(CallKind::Plain);
    let machine = &mut world.machine;
    machine.thread.depth = machine.thread.recursion_limit;
    assert_eq!(machine.enter(&caller), Status::Exit(ExitIdx(0)));
    machine.thread.depth = 0;
    machine.thread.data_top = machine.thread.data_end - 8 * (FRAME_WORDS as u64 - 1);
    assert_eq!(machine.enter(&caller), Status::Exit(ExitIdx(0)));
    assert_eq!(machine.thread.frame, 0);
    machine.thread.data_top -= 8;
    assert_eq!(machine.enter(&caller), Status::Jump(CALLEE));
}
