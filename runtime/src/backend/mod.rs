//! What turns finished superblocks into machine code, as the VM sees it.
//!
//! Compiling and installing are apart: a `Compiler` makes position-independent bytes and may run on any thread; the
//! `Backend`, which owns the code memory, installs them, joins exits to their targets and takes code back.
//!
//! ```text
//!   Rust ── shim (System V → Tail) ──► executor A: fn(thread, homes, frame) -> status
//!                                        │ exit x3: jmp rel32 ──► cold exit 3: status = 3, back to Rust   (at first)
//!                                        └─ exit x3: jmp rel32 ──► executor B, same three arguments        (stitched)
//! ```
//!
//! Who leaves says so in `thread.current_executor`, which each executor writes as it is entered.

pub mod arena;
pub mod layout;
pub mod uops;

use crate::uop::{CallKind, ExitIdx, Field, Helper, Superblock, UopIdx};
use arena::{ArenaError, CodeBlock};
use std::ffi::c_void;
use std::time::Duration;

/// Exit indices are below this; for each there is one cold exit.
pub const MAX_EXITS: usize = 512;
/// Words in a window of homes.
pub const MAX_HOMES: usize = 1024;

/// Status: the root frame is done and its result is in `thread.result`; the frame is still there.
pub const STATUS_RETURNED: u64 = 1 << 32;
/// Status: go on in the executor whose id is in the low half; the root frame is up to date.
pub const STATUS_JUMP: u64 = 1 << 33;
/// Status: the root frame has returned, its result is on the stack of `thread.frame`, which goes on behind its call.
pub const STATUS_CALLER: u64 = 1 << 34;
/// Status: the root frame, `thread.frame`, is up to date and stands at a call that is to be done.
pub const STATUS_CALL: u64 = 1 << 35;

/// How compiled code came back to Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// `thread.current_executor` left through this exit, which is cold.
    Exit(ExitIdx),
    /// The root frame is done; its result is in `thread.result`.
    Returned,
    /// To be continued in this executor.
    Jump(u32),
    /// The root frame has returned to a place that no executor is known for.
    Caller,
    /// The root frame stands at a call.
    Call,
}

impl Status {
    /// Reads the word that compiled code returns.
    pub fn from_word(word: u64) -> Status {
        if word & STATUS_RETURNED != 0 {
            Status::Returned
        } else if word & STATUS_JUMP != 0 {
            Status::Jump(word as u32)
        } else if word & STATUS_CALLER != 0 {
            Status::Caller
        } else if word & STATUS_CALL != 0 {
            Status::Call
        } else {
            Status::Exit(ExitIdx(word as u32))
        }
    }
}

/// The shim: enters `code` with the VM's thread, the thread's window of homes and the root frame.
pub type Shim = unsafe extern "C" fn(code: usize, thread: *mut c_void, homes: *mut u64, frame: *mut c_void) -> u64;

/// Kinds of object that compiled code allocates inline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllocKind {
    Tuple,
    List,
    /// What holds a list's items.
    Array,
    Instance,
    Cell,
    BoundMethod,
    Slice,
    Range,
    RangeIter,
}

/// Where the slots of a frame (locals, cells, stack) are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameSlots {
    /// In the frame, from this offset on.
    Inline(u32),
    /// Where the pointer at this offset of the frame points to; it does not change while compiled code runs.
    Pointer(u32),
}

/// Byte offsets in the VM's thread structure of what compiled code uses.
#[derive(Clone, Copy, Debug)]
pub struct ThreadLayout {
    /// u64: where the next object goes.
    pub bump_cursor: u32,
    /// u64: `cursor + size` may not be above.
    pub bump_limit: u32,
    /// u64: address of the executor that was entered last.
    pub current_executor: u32,
    /// u32: not zero when something waits to be handled.
    pub pending: u32,
    /// u64: `guard_stack` leaves when the stack pointer is below.
    pub stack_limit: u32,
    /// u64: the value of `finish_return`.
    pub result: u32,
    /// u32: index of the exit whose snapshot describes the frames; written before each call that may look at them.
    pub exit_index: u32,
    /// u64: not zero when an exception is pending.
    pub exception: u32,
    /// u32 each: what `force_exit` counts down, and from where it then starts again.
    pub forced_exit_countdown: u32,
    pub forced_exit_period: u32,
    /// u64: what `count_steps` adds to.
    pub executor_steps: u32,
    /// u64: result of `alloc_slow` and `box_int_slow` on its way through a thunk.
    pub slow_result: u32,
    /// u64: the running frame.
    pub frame: u32,
    /// u64: where the next frame goes.
    pub data_top: u32,
    /// u64: `data_top + size` may not be above.
    pub data_end: u32,
    /// u32: number of frames.
    pub depth: u32,
    /// u32: `depth` may not be above.
    pub recursion_limit: u32,
}

/// Byte offsets in strings.
#[derive(Clone, Copy, Debug)]
pub struct StringLayout {
    /// u8: bytes a code point.
    pub width: u32,
    /// u8, which is `trace_elsewhere` where the text does not follow the object's fixed part.
    pub trace: u32,
    pub trace_elsewhere: u8,
    /// Where the text begins that follows the fixed part.
    pub text: u32,
    /// In the VM's thread structure: 256 strings of one code point, by code point.
    pub characters: u32,
}

/// What compiled code writes when it pushes a frame and reads when it pops one: byte offsets of a frame's words.
#[derive(Clone, Copy, Debug)]
pub struct FrameLayout {
    pub previous: u32,
    pub code_object: u32,
    pub code: u32,
    pub function: u32,
    pub globals: u32,
    pub builtins: u32,
    pub locals: u32,
    /// Of a caller: the instruction that calls.
    pub ip: u32,
    /// Of a caller: where the result goes.
    pub sp: u32,
    pub generator: u32,
    /// Zero, or only `flag_init`: who called it is the frame below, not Rust.
    pub flags: u32,
    /// It runs an `__init__`: the instance waits where the result would go.
    pub flag_init: u64,
    /// The flags of a call of this kind.
    pub flags_of: fn(CallKind) -> u64,
    /// Offset in the instruction that calls of a pointer to its return point, or null.
    pub return_point: u32,
    /// Offset in a return point of the code to go on in, or null.
    pub return_entry: u32,
}

/// A function that gets `n_arguments` values from `arguments` and gives a word; 0 means that it raised.
pub type VariadicFn = unsafe extern "C" fn(thread: *mut c_void, arguments: *const u64, n_arguments: u64) -> u64;
/// `VariadicFn` with the word of a callee.
pub type CalleeFn =
    unsafe extern "C" fn(thread: *mut c_void, callee: u64, arguments: *const u64, n_arguments: u64) -> u64;

/// Copies `count` elements of the value array `source` from `start` on to `array` from `at` on.
pub type CopyFn =
    unsafe extern "C" fn(thread: *mut c_void, array: u64, at: i64, source: u64, start: i64, count: i64) -> u64;

/// Functions of the runtime that compiled code calls. All are of the C calling convention and never unwind.
#[derive(Clone, Copy)]
pub struct Functions {
    /// An object of `size_bytes` (whole granules) whose first word is `header` and whose other words are zero,
    /// collecting first if need be. Never null: where memory is out it makes the error pending and gives memory from a
    /// reserve.
    pub alloc_slow: unsafe extern "C" fn(thread: *mut c_void, header: u64, size_bytes: u64) -> u64,
    /// Remembers `owner`, an old object that has been stored into.
    pub barrier: unsafe extern "C" fn(thread: *mut c_void, owner: u64),
    /// Whether two values, of which one is an object, are heap ints of one value: 0 or 1.
    pub are_one_int: unsafe extern "C" fn(lhs: u64, rhs: u64) -> u64,
    /// The heap int for an integer that 49 bits do not hold.
    pub box_int_slow: unsafe extern "C" fn(thread: *mut c_void, integer: i64) -> u64,
    /// Does the call that the running frame stands at, if it is of a function whose code is compiled and nothing waits: gives that
    /// code, for the frame that is the running one then. 0: it did nothing.
    pub enter_callee: unsafe extern "C" fn(thread: *mut c_void) -> u64,
    /// A tuple of the values. Used where it is too large to be made inline.
    pub new_tuple: VariadicFn,
    /// A list of the values. Used where it is too large to be made inline, or empty.
    pub new_list: VariadicFn,
    /// An empty dict.
    pub new_dict: unsafe extern "C" fn(thread: *mut c_void) -> u64,
    /// The list of `count` items of a list from `start` on, `step` apart.
    pub list_slice: unsafe extern "C" fn(thread: *mut c_void, list: u64, start: i64, count: i64, step: i64) -> u64,
    /// Copies elements between value arrays, with the barrier; see the micro-op.
    pub copy_elements: CopyFn,
    /// The same, backwards from `start`.
    pub copy_reversed: CopyFn,
    /// Calls a native function by its binding.
    pub call_native: CalleeFn,
    /// Calls anything, in a fresh frame.
    pub call_value: CalleeFn,
    /// Address of a helper: `extern "C" fn(thread, its arguments…) -> u64`, or a `VariadicFn` where its arity is open.
    /// 0 means "raised" if `thread.exception` is set, else it is the result (unbound). One that gives a truth value
    /// (`call_test`) gives 0 or 1, or 2 for "raised".
    pub helper: fn(Helper) -> usize,
}

/// All that compiled code knows of the runtime's objects.
#[derive(Clone, Copy)]
pub struct Layout {
    /// Offset of the u32 shape.
    pub shape: u32,
    /// The shape of exact ints in the heap.
    pub int_shape: u32,
    /// Offset of the byte of collector flags.
    pub gc_flags: u32,
    /// The collector flag of old objects that no barrier has remembered yet.
    pub unlogged_mask: u8,
    /// Offset of each `Field`; for elements, that of element 0.
    pub field_offsets: [u16; Field::ALL.len()],
    /// Offset of instance slot 0.
    pub instance_slots: u32,
    /// Offset of slot 0 of the frame in a generator.
    pub generator_slots: u32,
    /// Offset of the address of that frame's stack top.
    pub generator_sp: u32,
    /// Offset of a value array's capacity, a word.
    pub array_capacity: u32,
    /// Where the data of raw storage begins.
    pub raw_data: u32,
    pub thread: ThreadLayout,
    pub frame: FrameLayout,
    /// Offset in the executor of its u32 that is not zero while it is valid.
    pub executor_valid: u32,
    pub frame_slots: FrameSlots,
    /// Objects above this size are not allocated inline.
    pub max_inline_alloc_bytes: u32,
    pub string: StringLayout,
    /// Size in bytes of a list object, not counting its array.
    pub list_bytes: u32,
    /// The header word of a fresh object, whose size is not rounded yet; `shape` counts for instances only. Fresh memory
    /// is zero, so that unbound slots need not be written.
    pub header: fn(kind: AllocKind, shape: u32, size_bytes: u32) -> u64,
    /// What a fresh generator of this code object, shape and start holds, awaited as it is made or not.
    pub generator: fn(code: u64, shape: u32, ip: i64, is_awaited: bool) -> ObjectForm,
    /// What a fresh function over this code object holds.
    pub function: fn(code: u64) -> ObjectForm,
    pub functions: Functions,
}

/// A fresh object, but for the slots of a frame that is in it; words that are not mentioned are zero.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ObjectForm {
    /// The runtime makes it, since it has to know of it.
    pub is_registered: bool,
    pub header: u64,
    pub size_bytes: u32,
    /// By offset.
    pub words: Vec<(u32, FormWord)>,
}

/// A word of a fresh object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FormWord {
    Constant(u64),
    /// The address of this offset of the object itself.
    Within(u32),
    /// An input of the micro-op.
    Input(u8),
    /// What that has at this offset.
    OfInput(u8, u32),
}

impl Layout {
    /// Offset of a field.
    pub fn field(&self, field: Field) -> i32 {
        i32::from(field.place().map_or_else(|offset| offset, |row| self.field_offsets[row]))
    }
}

/// One compilation.
pub struct CompileRequest<'a> {
    /// Finished: homes and sources are assigned.
    pub superblock: &'a Superblock,
    /// Address of the executor's object, which the code makes known as it is entered.
    pub executor: u64,
    pub layout: &'static Layout,
    pub wanted: Wanted,
}

/// What is kept beside the code, for who looks at it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The backend's text forms.
    pub text: bool,
    /// Which micro-op which byte is for.
    pub offsets: bool,
    /// The superblock after each pass, as text.
    pub passes: bool,
}

/// From this offset on, code is for this micro-op.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UopOffset {
    pub offset: u32,
    pub uop: UopIdx,
}

/// Code that lies beside that of superblocks.
pub struct CodePart {
    pub name: &'static str,
    pub address: usize,
    pub code: Vec<u8>,
}

/// What a rel32 in compiled code jumps to until it is patched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteTarget {
    /// The cold exit of this index.
    Exit(ExitIdx),
    /// The stub of a `jump_executor`.
    Jump { executor: u32 },
}

/// A rel32 in compiled code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Of the four bytes; the jump is relative to their end.
    pub offset: u32,
    pub target: SiteTarget,
}

/// Text forms of compiled code, for dumps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CodeText {
    /// The backend's intermediate language.
    pub ir: String,
    pub assembly: String,
}

/// Machine code that is not in its place yet.
#[derive(Clone, Debug)]
pub struct Relocatable {
    pub bytes: Vec<u8>,
    pub align: u32,
    pub sites: Vec<Site>,
    /// In order; empty where nobody asked.
    pub offsets: Box<[UopOffset]>,
    pub text: Option<Box<CodeText>>,
    /// Homes that it writes, those of the superblock and its own.
    pub n_homes: u16,
    pub made: Made,
}

/// How machine code was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    /// The superblock was compiled as a whole.
    Whole,
    /// It was linked from stencils.
    Linked(Linking),
    /// It was compiled as a whole, since there is no stencil for something in it.
    GivenOver,
}

/// What linking from stencils took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linking {
    pub n_uops: u32,
    /// Stencils that were cut for this.
    pub n_cut: u32,
    pub cutting_time: Duration,
    /// Without that.
    pub linking_time: Duration,
}

/// Machine code in its place. `Backend::free` takes it back; dropping it leaks the memory until the backend goes.
#[derive(Debug)]
pub struct Compiled {
    /// What `enter` and `patch_exit` take.
    pub entry: usize,
    pub size_bytes: u32,
    pub block: CodeBlock,
    /// Offsets are the arena's.
    pub sites: Box<[Site]>,
    /// Per `jump_executor` target: the stub's address.
    pub jump_stubs: Box<[(u32, usize)]>,
    pub offsets: Box<[UopOffset]>,
    pub text: Option<Box<CodeText>>,
}

impl Compiled {
    /// The code as it is now.
    pub fn code(&self) -> Vec<u8> {
        // SAFETY: code lies at its entry, readable, until `free` takes the value; nobody patches it meanwhile, for the VM's
        // lock is held.
        unsafe { std::slice::from_raw_parts(self.entry as *const u8, self.size_bytes as usize) }.to_vec()
    }
}

/// Why there is no machine code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BackendError {
    /// Free some executors and try again, or go on without.
    CodeCacheFull,
    /// More exits or homes than there are places for.
    TooLarge,
    /// The machine or the system cannot do it.
    Unavailable(String),
    /// A bug in the superblock or the lowering; the text says where.
    Rejected(String),
}

impl std::fmt::Display for BackendError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            BackendError::CodeCacheFull => f.write_str("the code cache is full"),
            BackendError::TooLarge => f.write_str("too many exits or homes"),
            BackendError::Unavailable(why) => write!(f, "no code generation: {why}"),
            BackendError::Rejected(why) => write!(f, "not compiled: {why}"),
        }
    }
}

impl std::error::Error for BackendError {}

impl From<ArenaError> for BackendError {
    fn from(error: ArenaError) -> Self {
        match error {
            ArenaError::CodeCacheFull => BackendError::CodeCacheFull,
            ArenaError::System(errno) => BackendError::Unavailable(errno.to_string()),
        }
    }
}

/// Makes machine code. Touches neither the heap nor the code memory.
pub trait Compiler: Send {
    fn compile(&mut self, request: &CompileRequest<'_>) -> Result<Relocatable, BackendError>;
}

/// Makes a compiler, and what its code needs, on the thread that calls it.
pub type CompilerStart = Box<dyn FnOnce() -> Result<Box<dyn Compiler>, BackendError> + Send>;

/// Owns the machine code of one VM. Making one must be cheap; what costs is made at the first compilation.
pub trait Backend: Send {
    /// What makes a compiler, for another thread to call. Only what came from that compiler may be installed then, or
    /// from others once something of it was.
    fn compiler(&mut self, layout: &'static Layout) -> CompilerStart;

    /// Compiles and installs.
    fn compile(&mut self, request: &CompileRequest<'_>) -> Result<Compiled, BackendError>;

    /// Puts code in its place, with all its exits cold.
    fn install(&mut self, code: &Relocatable) -> Result<Compiled, BackendError>;

    /// The shim, once something has been compiled.
    fn shim(&self) -> Option<Shim>;

    /// Runs compiled code.
    ///
    /// # Safety
    /// `code` is the entry of something installed and not freed; `thread` and `frame` are of the layout it was compiled
    /// for; `homes` has room for `MAX_HOMES` words; the VM's lock is held.
    unsafe fn enter(&self, code: usize, thread: *mut c_void, homes: *mut u64, frame: *mut c_void) -> u64;

    /// Joins an exit to the entry of a side trace, which may read all homes that the exit's snapshot names; `None`
    /// makes it cold again. Holds for those who run `code` already.
    fn patch_exit(&mut self, code: &Compiled, exit: ExitIdx, target: Option<usize>);

    /// Joins the `jump_executor`s to `executor` to its entry; `None` makes them return `STATUS_JUMP` again.
    fn patch_jump(&mut self, code: &Compiled, executor: u32, target: Option<usize>);

    /// Takes the code back. No thread runs it or will return to it, and nothing jumps to it.
    fn free(&mut self, code: Compiled);

    /// The code that all superblocks use, once there is some.
    fn parts(&self) -> Vec<CodePart> {
        Vec::new()
    }

    /// Bytes of code memory in use.
    fn used_bytes(&self) -> usize;

    /// To be called in the child after `fork`, before compiled code runs: gives it code memory of its own.
    fn after_fork_in_child(&mut self) -> Result<(), BackendError>;
}
