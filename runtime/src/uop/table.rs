//! The one table of micro-ops. A row is
//!
//! ```text
//! text_name = Variant { immediate: Type, … } (input: Kind, … -- output: Kind) effect;
//! ```
//!
//! `[rest: Kind]` as the last input takes any number of them. The enum, its printer and parser, the verifier, the uop
//! interpreter's dispatch, the random generator and the documentation are derived from the rows.
//!
//! Effects:
//! - `pure`: the output depends on the inputs alone; may be shared, moved down or dropped.
//! - `guard`: pure, but leaves through its exit where the condition does not hold; a later one that a like one
//!   dominates may be dropped.
//! - `exits`: pure apart from leaving through its exit where a machine word is not the result that Python has (integer
//!   overflow and the like): Python raises nothing there, and tier 1 does it again. May be shared, moved down or dropped.
//! - `raises`: as `exits`, but Python may raise where it leaves: an earlier like one serves, but one of them stays, whether
//!   its result is used or not.
//! - `reads` / `writes`: reads or writes one `Field`, slot or element of its first input.
//! - `allocates`: makes a fresh object; may collect; writes nothing that was there before.
//! - `escapes`: may run any Python code, read and write any heap location, raise; leaves through its exit (an error
//!   exit) when it raised.
//! - `entry`: what a block starts with; never moved, dropped where nobody reads it.
//! - `check`: looks at the state that the program runs in, and leaves through its exit; never moved or dropped.
//! - `control`: labels, jumps and frame traffic, never moved or dropped.
//!
//! What is dropped follows from the effect alone (`Effect::is_droppable`), so what can raise is told apart here or nowhere.

/// Calls `$apply!` with every row of the table. Rows name the immediates' types bare: who applies it imports them.
#[macro_export]
macro_rules! for_each_uop {
    ($apply:ident) => {
        $apply! {
            // ---- constants -------------------------------------------------------------------------------------------------
            /// A boxed constant; heap constants are kept alive by the executor.
            const_value = ConstValue { bits: u64 } ( -- value: Value) pure;
            /// A machine integer constant.
            const_int = ConstInt { value: i64 } ( -- value: Int) pure;
            /// A float constant, by its bits.
            const_float = ConstFloat { bits: u64 } ( -- value: Float) pure;
            /// A truth value constant.
            const_bool = ConstBool { value: bool } ( -- value: Bool) pure;

            // ---- the executor's entry state and control --------------------------------------------------------------------
            /// Slot `slot` (locals, cells, stack, in this order) of the root frame as it was when the executor was entered.
            load_frame = LoadFrame { slot: u16 } ( -- value: Value) entry;
            /// Writes a slot of the root frame (before a jump to an executor or to the entry).
            store_frame = StoreFrame { slot: u16 } (value: Value -- ) control;
            /// Home `home` as the exit that leads here left it; side traces start with these.
            load_home = LoadHome { home: u16, kind: Kind } ( -- value: Any) entry;
            /// Head of the peeled loop; its phis follow at once.
            loop_start = LoopStart {} ( -- ) control;
            /// Loop-carried value of frame slot `slot` (`u16::MAX`: a heap location). Its back-edge values are the inputs of
            /// `jump_loop`, in the order of the phis.
            phi = Phi { slot: u16, kind: Kind } (initial: Any -- value: Any) entry;
            /// Back to `loop_start`, one input a phi.
            jump_loop = JumpLoop {} ([values: Any] -- ) control;
            /// Back to the very start of this superblock; the root frame is up to date.
            jump_entry = JumpEntry {} ( -- ) control;
            /// Goes on in another executor (by its id), which starts from the root frame, which is up to date.
            jump_executor = JumpExecutor { executor: u32 } ( -- ) control;
            /// Leaves through its exit, always.
            exit_trace = ExitTrace {} ( -- ) check;
            /// The root frame returns: goes on in the executor of the place that it returns to, where there is one. A frame that
            /// Rust waits for is left to Rust.
            finish_return = FinishReturn {} (value: Value -- ) control;
            /// The root frame, a generator's, returns: Rust sees to the rest.
            finish_generator = FinishGenerator {} (value: Value -- ) control;
            /// Pushes the frame of a call of `function`, which is the root frame from here on; its first slots are `slots`, its
            /// other locals are unbound. `code` and `start` are the addresses of its code and of the instruction it goes on at,
            /// `call` that of the caller's instruction, `live` the caller's number of slots that the call leaves, `words` the
            /// frame's size. `guard_frames` has seen that there is room. Only others of its kind and the jump follow.
            push_frame = PushFrame { code: u64, start: u64, call: u64, live: u16, words: u32, kind: CallKind }
                (function: Value, code_object: Value, globals: Value, builtins: Value, [slots: Value] -- ) control;
            /// Leaves the root frame, which is up to date, at a call (the instruction of address `call`) with its operands below slot
            /// `top`. Rust has tier 1 do it, whatever is called, and goes on in the executor that it leads to.
            leave_at_call = LeaveAtCall { call: u64, top: u16 } ( -- ) control;
            /// A fused side trace starts here; the guards that have exit `exit` branch to it.
            side_entry = SideEntry { exit: ExitIdx } ( -- ) control;
            /// Leaves through its (pending) exit if a signal, a request for the lock or a finalizer is waiting.
            poll = Poll {} ( -- ) check;
            /// Leaves through its (deopt) exit if the running executor was invalidated.
            guard_valid = GuardValid {} ( -- ) check;
            /// Leaves through its (deopt) exit unless the native stack has room for another call.
            guard_stack = GuardStack {} ( -- ) check;
            /// Stress: leaves through its exit each time that a countdown has run out.
            force_exit = ForceExit {} ( -- ) check;
            /// Adds to the count of instructions that compiled code ran. Recorded only where somebody asked for the count.
            count_steps = CountSteps { steps: u32 } ( -- ) control;
            /// Leaves through its (deopt) exit unless the data stack has room for `words` and the recursion limit for `frames`.
            guard_frames = GuardFrames { frames: u16, words: u32 } ( -- ) check;

            // ---- guards ----------------------------------------------------------------------------------------------------
            /// A small int.
            guard_int = GuardInt {} (value: Value -- ) guard;
            /// A float.
            guard_float = GuardFloat {} (value: Value -- ) guard;
            /// True or False.
            guard_bool = GuardBool {} (value: Value -- ) guard;
            /// A heap object whose shape is `shape`.
            guard_shape = GuardShape { shape: u32 } (value: Value -- ) guard;
            /// The very word `bits`.
            guard_is = GuardIs { bits: u64 } (value: Value -- ) guard;
            /// Any word but `bits`.
            guard_is_not = GuardIsNot { bits: u64 } (value: Value -- ) guard;
            /// The condition holds.
            guard_true = GuardTrue {} (condition: Bool -- ) guard;
            /// The condition does not hold.
            guard_false = GuardFalse {} (condition: Bool -- ) guard;

            // ---- representations -------------------------------------------------------------------------------------------
            /// The integer of a word for which `guard_int` holds: −2^48 … 2^48−1.
            unbox_int = UnboxInt {} (value: Value -- integer: Int) pure;
            /// The integer of an int that fits 64 bits, small or in the heap; leaves where it is none (on which the operation may
            /// raise).
            unbox_word = UnboxWord {} (value: Value -- integer: Int) raises;
            /// The float of a word for which `guard_float` holds.
            unbox_float = UnboxFloat {} (value: Value -- float: Float) pure;
            /// The truth value of a word for which `guard_bool` holds.
            unbox_bool = UnboxBool {} (value: Value -- truth: Bool) pure;
            /// A Python int; allocates where 49 bits do not hold it.
            box_int = BoxInt {} (integer: Int -- value: Value) pure;
            /// A Python int that is known to fit 49 bits.
            box_small_int = BoxSmallInt {} (integer: Int -- value: Value) pure;
            /// A Python float.
            box_float = BoxFloat {} (float: Float -- value: Value) pure;
            /// True or False.
            box_bool = BoxBool {} (truth: Bool -- value: Value) pure;
            /// The nearest float, as arithmetic with a float wants it.
            int_to_float = IntToFloat {} (integer: Int -- float: Float) pure;
            /// The float of the very same value, as comparison with a float and division of ints want it; leaves beyond ±2^53,
            /// where not every integer has one.
            int_to_float_exact = IntToFloatExact {} (integer: Int -- float: Float) exits;
            /// The integer part; leaves where 64 bits do not hold it, or it has none.
            float_to_int = FloatToInt {} (float: Float -- integer: Int) raises;
            /// 0 or 1.
            bool_to_int = BoolToInt {} (truth: Bool -- integer: Int) pure;

            // ---- integers --------------------------------------------------------------------------------------------------
            /// `lhs + rhs`; leaves on overflow of 64 bits.
            int_add = IntAdd {} (lhs: Int, rhs: Int -- sum: Int) exits;
            /// `lhs - rhs`; leaves on overflow.
            int_sub = IntSub {} (lhs: Int, rhs: Int -- difference: Int) exits;
            /// `lhs * rhs`; leaves on overflow.
            int_mul = IntMul {} (lhs: Int, rhs: Int -- product: Int) exits;
            /// `lhs + rhs`, which is known not to overflow.
            int_add_wrap = IntAddWrap {} (lhs: Int, rhs: Int -- sum: Int) pure;
            /// `lhs - rhs`, which is known not to overflow.
            int_sub_wrap = IntSubWrap {} (lhs: Int, rhs: Int -- difference: Int) pure;
            /// `lhs * rhs`, which is known not to overflow.
            int_mul_wrap = IntMulWrap {} (lhs: Int, rhs: Int -- product: Int) pure;
            /// Python's `lhs // rhs` (floors); leaves where `rhs` is 0 or the quotient overflows.
            int_floor_div = IntFloorDiv {} (lhs: Int, rhs: Int -- quotient: Int) raises;
            /// Python's `lhs % rhs` (sign of `rhs`); leaves where `rhs` is 0.
            int_mod = IntMod {} (lhs: Int, rhs: Int -- remainder: Int) raises;
            /// `lhs << rhs`; leaves where `rhs` is not in 0..64 (below, Python raises) or bits are lost.
            int_shl = IntShl {} (lhs: Int, rhs: Int -- shifted: Int) raises;
            /// `lhs >> rhs`, arithmetic, any `rhs` ≥ 0; leaves where `rhs` < 0.
            int_shr = IntShr {} (lhs: Int, rhs: Int -- shifted: Int) raises;
            /// `lhs & rhs`.
            int_and = IntAnd {} (lhs: Int, rhs: Int -- bits: Int) pure;
            /// `lhs | rhs`.
            int_or = IntOr {} (lhs: Int, rhs: Int -- bits: Int) pure;
            /// `lhs ^ rhs`.
            int_xor = IntXor {} (lhs: Int, rhs: Int -- bits: Int) pure;
            /// `lhs < rhs`.
            int_lt = IntLt {} (lhs: Int, rhs: Int -- truth: Bool) pure;
            /// `lhs <= rhs`.
            int_le = IntLe {} (lhs: Int, rhs: Int -- truth: Bool) pure;
            /// `lhs == rhs`.
            int_eq = IntEq {} (lhs: Int, rhs: Int -- truth: Bool) pure;
            /// `lhs != rhs`.
            int_ne = IntNe {} (lhs: Int, rhs: Int -- truth: Bool) pure;
            /// `lhs < rhs` as unsigned words: a bounds check in one compare.
            int_ult = IntUlt {} (lhs: Int, rhs: Int -- truth: Bool) pure;

            // ---- 64 bits of ints of any size -------------------------------------------------------------------------------
            /// The lowest 64 bits of an int that fits 128; leaves where it is none.
            low_bits = LowBits {} (value: Value -- bits: Int) raises;
            /// The bits of an int from 0 to 2^64 − 1; leaves where it is none.
            unsigned_bits = UnsignedBits {} (value: Value -- bits: Int) raises;
            /// The int from 0 to 2^64 − 1 that has these bits.
            box_unsigned = BoxUnsigned {} (bits: Int -- value: Value) allocates;
            /// The lowest 64 bits of `lhs + rhs`.
            bits_add = BitsAdd {} (lhs: Int, rhs: Int -- bits: Int) pure;
            /// The lowest 64 bits of `lhs - rhs`.
            bits_sub = BitsSub {} (lhs: Int, rhs: Int -- bits: Int) pure;
            /// The lowest 64 bits of `lhs * rhs`.
            bits_mul = BitsMul {} (lhs: Int, rhs: Int -- bits: Int) pure;
            /// The lowest 64 bits of `lhs << rhs`; the lowest six bits of `rhs` count.
            bits_shl = BitsShl {} (lhs: Int, rhs: Int -- bits: Int) pure;
            /// `lhs >> rhs` of unsigned words; the lowest six bits of `rhs` count.
            bits_shr = BitsShr {} (lhs: Int, rhs: Int -- bits: Int) pure;
            /// `lhs op rhs` of ints of any size, `op` being the oparg of BINARY_OP for `+`, `-`, `*` or `<<`; leaves where there is
            /// no room for the result. That the operands are ints was asked before, by what is kept if this is dropped.
            int_binary = IntBinary { operator: u16 } (lhs: Value, rhs: Value -- result: Value) exits;

            // ---- floats ----------------------------------------------------------------------------------------------------
            /// `lhs + rhs`.
            float_add = FloatAdd {} (lhs: Float, rhs: Float -- sum: Float) pure;
            /// `lhs - rhs`.
            float_sub = FloatSub {} (lhs: Float, rhs: Float -- difference: Float) pure;
            /// `lhs * rhs`.
            float_mul = FloatMul {} (lhs: Float, rhs: Float -- product: Float) pure;
            /// `lhs / rhs`; leaves where `rhs` is zero.
            float_div = FloatDiv {} (lhs: Float, rhs: Float -- quotient: Float) raises;
            /// `-float`.
            float_neg = FloatNeg {} (float: Float -- negated: Float) pure;
            /// `abs(float)`.
            float_abs = FloatAbs {} (float: Float -- magnitude: Float) pure;
            /// Square root of a float that is not negative; leaves where it is (NaN passes).
            float_sqrt = FloatSqrt {} (float: Float -- root: Float) raises;
            /// `lhs < rhs`.
            float_lt = FloatLt {} (lhs: Float, rhs: Float -- truth: Bool) pure;
            /// `lhs <= rhs`.
            float_le = FloatLe {} (lhs: Float, rhs: Float -- truth: Bool) pure;
            /// `lhs == rhs`.
            float_eq = FloatEq {} (lhs: Float, rhs: Float -- truth: Bool) pure;
            /// `lhs != rhs`.
            float_ne = FloatNe {} (lhs: Float, rhs: Float -- truth: Bool) pure;
            /// A function of one float, by its row in the table of float functions; leaves where Python would raise.
            float_call1 = FloatCall1 { function: FloatFunction } (float: Float -- result: Float) raises;
            /// A function of two floats; leaves where Python would raise or not give a float.
            float_call2 = FloatCall2 { function: FloatFunction } (lhs: Float, rhs: Float -- result: Float) raises;

            // ---- truth and identity ----------------------------------------------------------------------------------------
            /// Not `truth`.
            bool_not = BoolNot {} (truth: Bool -- negated: Bool) pure;
            /// Both truth values equal.
            bool_eq = BoolEq {} (lhs: Bool, rhs: Bool -- truth: Bool) pure;
            /// The same word: `lhs is rhs` where one of them is no int that 49 bits do not hold.
            value_is = ValueIs {} (lhs: Value, rhs: Value -- truth: Bool) pure;
            /// `lhs is rhs` of any values: the same word, or heap ints of one value. (An int has no identity beside its value, so
            /// that it may be boxed as often as need be.)
            is_same = IsSame {} (lhs: Value, rhs: Value -- truth: Bool) pure;

            // ---- memory ----------------------------------------------------------------------------------------------------
            /// A boxed field of a built-in object.
            load_field = LoadField { field: Field } (owner: Value -- value: Value) reads;
            /// A field of a built-in object that is a machine word.
            load_word = LoadWord { field: Field } (owner: Value -- word: Int) reads;
            /// Writes a boxed field (with the write barrier).
            store_field = StoreField { field: Field } (owner: Value, value: Value -- ) writes;
            /// Writes a machine-word field.
            store_word = StoreWord { field: Field } (owner: Value, word: Int -- ) writes;
            /// Instance slot `slot`; a shape guard dominates.
            load_slot = LoadSlot { slot: u16 } (owner: Value -- value: Value) reads;
            /// Writes instance slot `slot` (barrier); a shape guard dominates.
            store_slot = StoreSlot { slot: u16 } (owner: Value, value: Value -- ) writes;
            /// Writes a slot that is new and gives the instance its next shape (barrier).
            add_slot = AddSlot { slot: u16, shape: u32 } (owner: Value, value: Value -- ) writes;
            /// Slot `slot` (locals, cells, stack) of the frame in a generator; a shape guard and one of the place where it is
            /// suspended dominate.
            load_generator_slot = LoadGeneratorSlot { slot: u16 } (generator: Value -- value: Value) reads;
            /// Writes a slot of the frame in a generator (barrier).
            store_generator_slot = StoreGeneratorSlot { slot: u16 } (generator: Value, value: Value -- ) writes;
            /// A generator will go on at the instruction of address `ip`, with its stack's top at slot `top`.
            suspend = Suspend { top: u16 } (generator: Value, ip: Int -- ) writes;
            /// Element `index` of a value array or tuple; a bounds check dominates. `Field::ArrayElement` or `TupleElement`.
            load_element = LoadElement { field: Field } (array: Value, index: Int -- value: Value) reads;
            /// Writes element `index` of a value array (barrier); a bounds check dominates.
            store_element = StoreElement { field: Field } (array: Value, index: Int, value: Value -- ) writes;
            /// Element `index` of an array of machine integers, by its storage; a bounds check dominates.
            load_raw_int = LoadRawInt { element: ElementKind } (storage: Value, index: Int -- integer: Int) reads;
            /// Element `index` of an array of machine floats, by its storage; a bounds check dominates.
            load_raw_float = LoadRawFloat { element: ElementKind } (storage: Value, index: Int -- float: Float) reads;
            /// Writes element `index` of an array of machine integers, which has room for it; a bounds check dominates.
            store_raw_int = StoreRawInt { element: ElementKind } (storage: Value, index: Int, integer: Int -- ) writes;
            /// Writes element `index` of an array of machine floats, of a NaN what other machines see of it; a bounds check
            /// dominates.
            store_raw_float = StoreRawFloat { element: ElementKind } (storage: Value, index: Int, float: Float -- ) writes;
            /// Writes `count` elements of a value array from `at` on (barrier): those of `source` from `start` on, `step` (1 or
            /// -1) apart, as they were before, should the arrays be one. Bounds checks dominate.
            copy_elements = CopyElements { step: i64 }
                (array: Value, at: Int, source: Value, start: Int, count: Int -- ) writes;

            // ---- allocation ------------------------------------------------------------------------------------------------
            /// A tuple of its inputs.
            new_tuple = NewTuple {} ([items: Value] -- tuple: Value) allocates;
            /// A list of its inputs.
            new_list = NewList {} ([items: Value] -- list: Value) allocates;
            /// An empty dict.
            new_dict = NewDict {} ( -- dict: Value) allocates;
            /// A list of `count` items of a list from `start` on, `step` apart; bounds checks dominate.
            list_slice = ListSlice { step: i64 } (list: Value, start: Int, count: Int -- slice: Value) allocates;
            /// A slice object.
            new_slice = NewSlice {} (start: Value, stop: Value, step: Value -- slice: Value) allocates;
            /// An instance of shape `shape`, with room for `slots` slots: its inputs, then unbound. Only sunk ones have inputs.
            new_instance = NewInstance { shape: u32, slots: u16 } ([initial: Value] -- instance: Value) allocates;
            /// A cell.
            new_cell = NewCell {} (content: Value -- cell: Value) allocates;
            /// What calling a generator function gives (shape `shape`: a generator, a coroutine, …): one that will go on at the
            /// instruction of address `ip` of code object `code`, with its frame's first slots, the others unbound.
            new_generator = NewGenerator { code: u64, shape: u32, ip: i64, awaited: bool } (function: Value, [slots: Value] -- generator: Value) allocates;
            /// A Python function over code object `code`, as its making leaves it: with globals, builtins, module and closure,
            /// and nothing else that another function of this code need not have.
            new_function = NewFunction { code: u64 }
                (globals: Value, builtins: Value, module: Value, closure: Value -- function: Value) allocates;
            /// A range of `len` ints.
            new_range = NewRange {} (start: Value, stop: Value, step: Value, len: Value -- range: Value) allocates;
            /// An iterator over a range that has `remaining` ints left.
            new_range_iter = NewRangeIter {} (next: Int, step: Int, remaining: Int -- iterator: Value) allocates;
            /// A bound method.
            new_bound_method = NewBoundMethod {} (function: Value, owner: Value -- method: Value) allocates;

            // ---- calls -----------------------------------------------------------------------------------------------------
            /// One of the runtime's helpers, by its row in the table of helpers, which tells its effect.
            call_helper = CallHelper { helper: Helper } ([arguments: Value] -- result: Value) escapes;
            /// A helper that gives a truth value.
            call_test = CallTest { helper: Helper } ([arguments: Value] -- truth: Bool) escapes;
            /// A native function, by the address of its binding, called with positional arguments (the receiver first).
            call_native = CallNative { binding: u64 } ([arguments: Value] -- result: Value) escapes;
            /// Any callable, called with positional arguments, in a fresh frame.
            call_value = CallValue {} (callee: Value, [arguments: Value] -- result: Value) escapes;
        }
    };
}
