//! The layout of the VM's own objects, as compiled code sees it.

use super::{AllocKind, FormWord, FrameLayout, FrameSlots, Functions, Layout, ObjectForm, StringLayout, ThreadLayout};
use crate::debug::stress::ForcedExit;
use crate::exec::ReturnPoint;
use crate::gc;
use crate::interp::code::Instruction;
use crate::interp::frame::Frame;
use crate::object::header::Header;
use crate::object::layout::{
    BoundMethod, BytesObject, CellObject, CodeObject, DictIter, DictObject, EnumerateObject, FunctionObject,
    GeneratorObject, Instance, IntObject, ListObject, NativeFunction, RangeIter, RangeObject, SeqIter, SliceObject,
    StrObject, TupleObject, ValueArray,
};
use crate::object::raw::RawSequence;
use crate::object::types::BuiltinType;
use crate::thread::Thread;
use crate::uop::Field;
use crate::value::Value;
use crate::vm::Vm;
use std::mem::offset_of;

/// Above this, allocation is a call: the code would grow for nothing.
const MAX_INLINE_ALLOC_BYTES: u32 = 1024;

/// The layout, given the functions and where an executor's validity (a u32) lies.
pub const fn vm_layout(functions: Functions, executor_valid: u32) -> Layout {
    Layout {
        shape: offset_of!(Header, shape) as u32,
        int_shape: BuiltinType::Int.shape(),
        gc_flags: offset_of!(Header, gc) as u32,
        unlogged_mask: Header::UNLOGGED,
        field_offsets: field_offsets(),
        instance_slots: offset_of!(Instance, slots) as u32,
        generator_slots: (offset_of!(GeneratorObject, frame) + size_of::<Frame>()) as u32,
        generator_sp: (offset_of!(GeneratorObject, frame) + offset_of!(Frame, sp)) as u32,
        array_capacity: offset_of!(ValueArray, capacity) as u32,
        raw_data: size_of::<BytesObject>() as u32,
        list_bytes: size_of::<ListObject>() as u32,
        thread: ThreadLayout {
            bump_cursor: (offset_of!(Vm, bump) + offset_of!(gc::Bump, cursor)) as u32,
            bump_limit: (offset_of!(Vm, bump) + offset_of!(gc::Bump, limit)) as u32,
            current_executor: thread_field(offset_of!(Thread, current_executor)),
            pending: offset_of!(Vm, pending) as u32,
            stack_limit: thread_field(offset_of!(Thread, native_stack_limit)),
            result: thread_field(offset_of!(Thread, result)),
            exit_index: thread_field(offset_of!(Thread, exit_index)),
            exception: thread_field(offset_of!(Thread, exception)),
            forced_exit_countdown: (offset_of!(Vm, forced_exit) + offset_of!(ForcedExit, countdown)) as u32,
            forced_exit_period: (offset_of!(Vm, forced_exit) + offset_of!(ForcedExit, period)) as u32,
            executor_steps: offset_of!(Vm, executor_steps) as u32,
            // The result of a whole executor and that of a slow path are never on their way at once.
            slow_result: thread_field(offset_of!(Thread, result)),
            frame: thread_field(offset_of!(Thread, frame)),
            data_top: thread_field(offset_of!(Thread, data_top)),
            data_end: thread_field(offset_of!(Thread, data_end)),
            depth: thread_field(offset_of!(Thread, depth)),
            recursion_limit: offset_of!(Vm, recursion_limit) as u32,
        },
        frame: FrameLayout {
            previous: offset_of!(Frame, previous) as u32,
            code_object: offset_of!(Frame, code_object) as u32,
            code: offset_of!(Frame, code) as u32,
            function: offset_of!(Frame, function) as u32,
            globals: offset_of!(Frame, globals) as u32,
            builtins: offset_of!(Frame, builtins) as u32,
            locals: offset_of!(Frame, locals) as u32,
            ip: offset_of!(Frame, ip) as u32,
            sp: offset_of!(Frame, sp) as u32,
            generator: offset_of!(Frame, generator) as u32,
            flags: offset_of!(Frame, flags) as u32,
            flag_init: Frame::INIT,
            flags_of: Frame::flags_of,
            return_point: offset_of!(Instruction, cache) as u32,
            return_entry: offset_of!(ReturnPoint, entry) as u32,
        },
        executor_valid,
        frame_slots: FrameSlots::Inline(size_of::<Frame>() as u32),
        max_inline_alloc_bytes: MAX_INLINE_ALLOC_BYTES,
        string: StringLayout {
            width: offset_of!(StrObject, width) as u32,
            trace: offset_of!(Header, trace) as u32,
            trace_elsewhere: Header::TRACE_APPENDED,
            text: size_of::<StrObject>() as u32,
            characters: offset_of!(Vm, characters) as u32,
        },
        header,
        generator,
        function,
        functions,
    }
}

/// Where a field of the running thread lies in the VM.
const fn thread_field(offset: usize) -> u32 {
    (offset_of!(Vm, thread) + offset) as u32
}

/// As `Vm::new_generator` makes it.
fn generator(code: u64, shape: u32, ip: i64, is_awaited: bool) -> ObjectForm {
    const FRAME: usize = offset_of!(GeneratorObject, frame);
    // SAFETY: the code object of a superblock that makes generators is kept alive. Only words that never change are read:
    // this may be another thread than the one that runs the code.
    let (tier1_code, n_localsplus, stack_size, is_finalized) = unsafe {
        let code = (*(code as *const CodeObject)).code;
        (code as u64, (*code).n_localsplus, (*code).stack_size, (*code).is_finalized(is_awaited))
    };
    let size_bytes = size_of::<GeneratorObject>() + (n_localsplus + stack_size) * 8;
    let sp = FRAME + size_of::<Frame>() + n_localsplus * 8;
    let words = [
        (offset_of!(GeneratorObject, name), FormWord::OfInput(0, offset_of!(FunctionObject, name) as u32)),
        (offset_of!(GeneratorObject, qualname), FormWord::OfInput(0, offset_of!(FunctionObject, qualname) as u32)),
        (offset_of!(GeneratorObject, caller_handled), FormWord::Constant(Value::NONE.bits())),
        (offset_of!(GeneratorObject, origin), FormWord::Constant(Value::NONE.bits())),
        (FRAME + offset_of!(Frame, code_object), FormWord::Constant(code)),
        (FRAME + offset_of!(Frame, code), FormWord::Constant(tier1_code)),
        (FRAME + offset_of!(Frame, function), FormWord::Input(0)),
        (FRAME + offset_of!(Frame, globals), FormWord::OfInput(0, offset_of!(FunctionObject, globals) as u32)),
        (FRAME + offset_of!(Frame, builtins), FormWord::OfInput(0, offset_of!(FunctionObject, builtins) as u32)),
        (FRAME + offset_of!(Frame, ip), FormWord::Constant(ip as u64)),
        (FRAME + offset_of!(Frame, sp), FormWord::Within(sp as u32)),
        (FRAME + offset_of!(Frame, generator), FormWord::Within(0)),
    ];
    let finalizable = if is_finalized { Header::FINALIZABLE_WORD } else { 0 };
    ObjectForm {
        is_registered: is_finalized,
        header: Header::word(shape, Header::TRACE_GENERATOR, size_bytes) | finalizable,
        size_bytes: size_bytes as u32,
        words: words.into_iter().map(|(offset, word)| (offset as u32, word)).collect(),
    }
}

/// As `Vm::new_function_of` makes it.
fn function(code: u64) -> ObjectForm {
    // SAFETY: as in `generator`.
    let (name, qualname, doc) = unsafe {
        let code = &*(code as *const CodeObject);
        (code.name, code.qualname, code.doc())
    };
    let constant = |value: Value| FormWord::Constant(value.bits());
    let words = [
        (offset_of!(FunctionObject, code), FormWord::Constant(code)),
        (offset_of!(FunctionObject, globals), FormWord::Input(0)),
        (offset_of!(FunctionObject, builtins), FormWord::Input(1)),
        (offset_of!(FunctionObject, module), FormWord::Input(2)),
        (offset_of!(FunctionObject, closure), FormWord::Input(3)),
        (offset_of!(FunctionObject, name), constant(name)),
        (offset_of!(FunctionObject, qualname), constant(qualname)),
        (offset_of!(FunctionObject, doc), constant(doc)),
        (offset_of!(FunctionObject, defaults), constant(Value::NONE)),
        (offset_of!(FunctionObject, kwdefaults), constant(Value::NONE)),
        (offset_of!(FunctionObject, annotate), constant(Value::NONE)),
    ];
    let size_bytes = size_of::<FunctionObject>();
    ObjectForm {
        is_registered: false,
        header: Header::word(BuiltinType::Function.shape(), BuiltinType::Function.trace(), size_bytes),
        size_bytes: size_bytes as u32,
        words: words.into_iter().map(|(offset, word)| (offset as u32, word)).collect(),
    }
}

const fn field_offsets() -> [u16; Field::ALL.len()] {
    let mut offsets = [0; Field::ALL.len()];
    let mut index = 0;
    while index < offsets.len() {
        offsets[index] = field_offset(Field::ALL[index]) as u16;
        index += 1;
    }
    offsets
}

const fn field_offset(field: Field) -> usize {
    match field {
        Field::ListItems => offset_of!(ListObject, items),
        Field::ListLen => offset_of!(ListObject, len),
        Field::ArrayCapacity => offset_of!(ValueArray, capacity),
        Field::ArrayElement => offset_of!(ValueArray, elements),
        Field::RawStorage => offset_of!(RawSequence, storage),
        Field::RawLen => offset_of!(RawSequence, len),
        Field::RawKind => offset_of!(RawSequence, kind),
        Field::TupleLen => offset_of!(TupleObject, len),
        Field::TupleElement => offset_of!(TupleObject, items),
        Field::StrLen => offset_of!(StrObject, len),
        Field::IntForm => offset_of!(IntObject, form),
        Field::IntWord => offset_of!(IntObject, word),
        Field::IntHigh => offset_of!(IntObject, rest),
        Field::CellContent => offset_of!(CellObject, content),
        Field::FunctionCode => offset_of!(FunctionObject, code),
        Field::FunctionClosure => offset_of!(FunctionObject, closure),
        Field::FunctionGlobals => offset_of!(FunctionObject, globals),
        Field::FunctionBuiltins => offset_of!(FunctionObject, builtins),
        Field::FunctionDefaults => offset_of!(FunctionObject, defaults),
        Field::SliceStart => offset_of!(SliceObject, start),
        Field::NativeBinding => offset_of!(NativeFunction, binding),
        Field::NativeOwner => offset_of!(NativeFunction, owner),
        Field::MethodFunction => offset_of!(BoundMethod, function),
        Field::MethodOwner => offset_of!(BoundMethod, owner),
        Field::RangeStart => offset_of!(RangeObject, start),
        Field::RangeStop => offset_of!(RangeObject, stop),
        Field::RangeStep => offset_of!(RangeObject, step),
        Field::RangeLen => offset_of!(RangeObject, len),
        Field::RangeIterNext => offset_of!(RangeIter, next),
        Field::RangeIterStep => offset_of!(RangeIter, step),
        Field::RangeIterRemaining => offset_of!(RangeIter, remaining),
        Field::SeqIterSequence => offset_of!(SeqIter, sequence),
        Field::SeqIterIndex => offset_of!(SeqIter, index),
        Field::EnumerateIter => offset_of!(EnumerateObject, iterator),
        Field::EnumerateCount => offset_of!(EnumerateObject, count),
        Field::GeneratorState => offset_of!(GeneratorObject, state),
        Field::GeneratorIp => offset_of!(GeneratorObject, frame) + offset_of!(Frame, ip),
        Field::GeneratorHandled => offset_of!(GeneratorObject, handled),
        Field::DictLen => offset_of!(DictObject, len),
        Field::DictEntries => offset_of!(DictObject, entries),
        Field::DictUsed => offset_of!(DictObject, used),
        Field::DictKeysVersion => offset_of!(DictObject, keys_version),
        Field::DictIterDict => offset_of!(DictIter, dict),
        Field::DictIterIndex => offset_of!(DictIter, index),
        Field::DictIterExpected => offset_of!(DictIter, expected_len),
        Field::DictIterLimit => offset_of!(DictIter, limit),
        Field::InstanceOverflow => offset_of!(Instance, attributes),
        Field::OwnValue(offset) | Field::OwnWord(offset) => offset as usize,
    }
}

/// The header of a fresh object. An instance's values are its `attributes` and its slots, which is all of it.
fn header(kind: AllocKind, shape: u32, size_bytes: u32) -> u64 {
    let builtin = |ty: BuiltinType| (ty.shape(), ty.trace());
    let (shape, trace) = match kind {
        AllocKind::Tuple => builtin(BuiltinType::Tuple),
        AllocKind::List => builtin(BuiltinType::List),
        AllocKind::Array => builtin(BuiltinType::Array),
        AllocKind::Cell => builtin(BuiltinType::Cell),
        AllocKind::BoundMethod => builtin(BuiltinType::BoundMethod),
        AllocKind::Slice => builtin(BuiltinType::Slice),
        AllocKind::Range => builtin(BuiltinType::Range),
        AllocKind::RangeIter => builtin(BuiltinType::RangeIter),
        AllocKind::Instance => (shape, (size_bytes / 8 - 1) as u8),
    };
    Header::word(shape, trace, size_bytes as usize)
}
