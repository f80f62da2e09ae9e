//! One VM: its heap, classes, names and thread state. No state outlives or is shared between VMs.

mod roots;

use crate::debug::sampler::{Activity, Sampler};
use crate::debug::stress::ForcedExit;
use crate::gc::{self, Fill, Heap, HeapConfig, Object, RootSource};
use crate::interp::frame::Frame;
use crate::interp::import_watch::ImportWatch;
use crate::object::class::MethodCache;
use crate::object::exception::ExceptionClasses;
use crate::object::header::Header;
use crate::object::layout::*;
use crate::object::native::NativeBinding;
use crate::object::shape::Shapes;
use crate::object::string::{Interner, Names};
use crate::object::types::BuiltinType;
use crate::thread::{Thread, Threads};
use crate::value::Value;
use std::ffi::OsString;
use std::sync::atomic::{AtomicU32, Ordering};

/// A Python exception is in `Vm::exception`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raised;

pub type PyResult<T = Value> = Result<T, Raised>;

/// Slots beyond `Thread::data_end`: an exit that rebuilds the frames of inlined calls must have room for them.
pub const DATA_STACK_RESERVE_WORDS: usize = 256 << 10;

/// What the threads of a VM share, and the one of them that runs. Compiled code reaches the first fields by offset.
#[repr(C)]
pub struct Vm {
    pub bump: gc::Bump,
    /// Nonzero: signals, requests or finalizers wait.
    pub pending: AtomicU32,
    pub recursion_limit: u32,
    /// The thread that has the lock, while one has.
    pub(crate) thread: Thread,
    /// Stress: when the next guard's exit is taken though the guard holds.
    pub forced_exit: ForcedExit,
    /// Instructions that ran inside executors, where that is counted.
    pub executor_steps: u64,

    /// What the running thread does.
    pub(crate) activity: Activity,
    /// Natives note that they run.
    pub(crate) times_natives: bool,
    pub(crate) sampler: Option<Box<Sampler>>,
    pub threads: Threads,
    pub heap: Heap,
    pub shapes: Shapes,
    pub names: Names,
    pub interner: Interner,
    /// Strings of one code point below 256.
    pub characters: [Value; 256],
    pub empty_tuple: Value,
    /// An array without room, for all that have nothing to keep in one.
    pub empty_array: Value,
    pub ellipsis: Value,
    pub not_implemented: Value,
    pub exceptions: ExceptionClasses,
    /// So many NaNs have an identity of their own.
    pub(crate) n_nans: u64,
    pub method_cache: MethodCache,
    /// By the address of the specification.
    pub(crate) classes_of_specs: hashbrown::HashMap<usize, *mut TypeObject>,
    pub(crate) slot_names: crate::object::slots::SlotNames,
    pub attribute_cache: crate::interp::attribute_cache::AttributeCache,
    pub next_version: u32,
    /// The last that `dict_keys_version` has given.
    pub(crate) last_keys_version: u32,
    pub bindings: Vec<Box<NativeBinding>>,
    pub(crate) constructors: crate::builtins::Constructors,
    pub builtins: Value,
    pub modules: Value,
    pub roots: Vec<Value>,
    /// Those that an embedder keeps.
    pub handles: std::rc::Rc<crate::embed::handles::HandleTable>,
    /// The built-in `all` and `any`, whatever the names say by now.
    pub(crate) quantifiers: [Value; 2],
    pub(crate) drains: crate::interp::drain::Drains,
    /// Where what is written to the standard descriptors goes.
    pub out: crate::host::Output,
    /// What makes the standard streams; `None`: there are none.
    pub streams: Option<&'static dyn crate::builtins::streams::Streams>,
    pub hash_seed: (u64, u64),
    /// Decimal digits that an int may have when it is converted to or from text; 0: any number.
    pub max_str_digits: usize,
    pub signals: crate::signals::Signals,
    pub on_signal: crate::signals::OnSignal,
    /// SIGINT raises KeyboardInterrupt and does nothing else.
    pub interrupt_raises: bool,
    pub jit: crate::exec::Jit,
    /// Frame objects whose frames run.
    pub(crate) frame_objects: Vec<crate::builtins::LiveFrame>,
    /// Sources that are no files, for tracebacks.
    pub sources: Vec<crate::builtins::ShownSource>,
    /// An allocation that cannot raise took the last memory: MemoryError at the next poll.
    pub memory_ran_out: bool,
    /// The program is over, and what is left of it is being finalized.
    pub is_finalizing: bool,
    /// `-O`: 1 leaves out assertions, 2 docstrings too.
    pub optimize: u8,
    /// `-i`: the interactive interpreter comes after the program, so that SystemExit is told of like any other exception.
    pub inspects: bool,
    /// Names of encodings and of error handlers are looked up also where nothing is encoded.
    pub checks_codecs: bool,
    /// `-b`: is a str made of bytes, or compared with them, worth a warning?
    pub warns_of_bytes: bool,
    /// Is to be warned of an encoding that is not given?
    pub warns_of_encoding: bool,
    /// What was put in front of `sys.path` for the program.
    pub program_folder: Option<OsString>,
    pub(crate) import_watch: ImportWatch,
    /// Native modules, by table.
    pub native_modules: Vec<&'static [&'static crate::object::module::ModuleSpec]>,
    /// What `compile` does with syntax trees; the module `_ast` sets it.
    pub syntax_trees: Option<&'static dyn crate::interp::compile::SyntaxTrees>,
    /// Where modules are looked for last.
    pub library: Option<&'static dyn crate::builtins::Library>,
    /// Where it is to programs: see `interp::library_place`.
    pub library_place: std::path::PathBuf,
    /// What the program has asked to be called at its end: function, arguments, keywords.
    pub exit_functions: Vec<[Value; 3]>,
    /// Who is told of what runs.
    pub(crate) watchers: crate::watch::Watchers,
    /// What ends the program early.
    pub(crate) limits: crate::embed::limits::Limits,
    /// By the address of the specification.
    pub(crate) module_states: hashbrown::HashMap<usize, Box<dyn crate::object::module::ModuleState>>,
}

/// Options of a VM.
#[derive(Clone, Debug)]
pub struct VmConfig {
    pub heap: HeapConfig,
    pub hash_seed: (u64, u64),
    /// All values in native locals lie below this address; 0: below the caller's frame, more or less.
    pub native_stack_base: usize,
    /// How much of the native stack the VM may use.
    pub native_stack_bytes: usize,
    pub jit: crate::exec::JitConfig,
}

impl Default for VmConfig {
    fn default() -> Self {
        VmConfig {
            heap: HeapConfig::default(),
            hash_seed: (0, 0),
            native_stack_base: 0,
            native_stack_bytes: 7 << 20,
            jit: crate::exec::JitConfig::default(),
        }
    }
}

impl Vm {
    /// The class of a built-in type.
    pub fn class(&self, ty: BuiltinType) -> *mut TypeObject {
        self.shapes.get(ty.shape()).class
    }

    /// Memory for an object of `size_bytes` with its header; the rest is zero (unbound). Panics when the machine is out of
    /// memory: sizes that a program chooses go through `try_allocate`.
    #[inline(always)]
    pub fn allocate(&mut self, shape: u32, trace: u8, size_bytes: usize) -> Object {
        let rounded = (size_bytes + 15) & !15;
        let at = self.bump.cursor;
        if rounded <= gc::LARGE_BYTES && at + rounded <= self.bump.limit {
            self.bump.cursor = at + rounded;
            let object = at as Object;
            // SAFETY: the bump region is free, mapped and aligned memory.
            unsafe { object.cast::<u64>().write(Header::word(shape, trace, rounded)) };
            return object;
        }
        match self.allocate_slow(shape, trace, rounded) {
            Some(object) => object,
            None => self.allocate_from_reserve(shape, trace, rounded),
        }
    }

    /// Memory for an allocation that cannot raise: what a full collection frees, or the reserve. MemoryError follows at the
    /// next poll.
    #[cold]
    #[inline(never)]
    fn allocate_from_reserve(&mut self, shape: u32, trace: u8, rounded: usize) -> Object {
        let on_purpose = self.heap.failed_on_purpose();
        self.collect_garbage(true);
        let object = self.allocate_slow(shape, trace, rounded);
        if let Some(object) = object
            && !on_purpose
        {
            return object;
        }
        self.raise_memory_later();
        if let Some(object) = object {
            return object;
        }
        if self.heap.begin_grace()
            && let Some(object) = self.allocate_slow(shape, trace, rounded)
        {
            return object;
        }
        self.heap.open_reserve();
        self.allocate_slow(shape, trace, rounded).expect("out of memory, the reserve included")
    }

    fn raise_memory_later(&mut self) {
        self.memory_ran_out = true;
        self.pending.store(1, Ordering::Release);
    }

    /// To be called where MemoryError was just raised by what cannot raise: lets it be tried again with the reserve, once,
    /// and raises MemoryError at the next poll.
    #[cold]
    pub(crate) fn put_off_memory_error(&mut self) {
        self.exception = Value::UNBOUND;
        self.collect_garbage(true);
        self.heap.open_reserve();
        self.raise_memory_later();
    }

    /// Whether `allocate` finds so much room without looking for more.
    pub fn has_bump_room(&self, size_bytes: usize) -> bool {
        size_bytes <= gc::LARGE_BYTES && self.bump.cursor + size_bytes.next_multiple_of(16) <= self.bump.limit
    }

    /// Makes the newest object larger by zeroed memory, if there is room behind it; whoever asks changes what it says of its
    /// contents.
    #[inline]
    pub(crate) fn grow_newest(&mut self, object: Object, size_bytes: usize) -> bool {
        let rounded = (size_bytes + 15) & !15;
        // SAFETY: callers pass a live object.
        let old_bytes = unsafe { (*object).size_granules } as usize * gc::GRANULE;
        let end = object as usize + rounded;
        if object as usize + old_bytes != self.bump.cursor || end > self.bump.limit || old_bytes == 0 {
            return false;
        }
        self.heap.grow_newest(object, &mut self.bump, rounded)
    }

    /// As `allocate`, raising MemoryError where there is no room and none can be made.
    #[inline]
    pub fn allocate_or_raise(&mut self, shape: u32, trace: u8, size_bytes: usize) -> PyResult<Object> {
        if self.has_bump_room(size_bytes) {
            return Ok(self.allocate(shape, trace, size_bytes));
        }
        self.try_allocate(shape, trace, size_bytes)
    }

    /// As `allocate`, by the slow path, raising MemoryError.
    pub fn try_allocate(&mut self, shape: u32, trace: u8, size_bytes: usize) -> PyResult<Object> {
        if size_bytes > isize::MAX as usize / 2 {
            return Err(self.raise_memory());
        }
        self.or_raise_memory(|vm| vm.allocate_slow(shape, trace, (size_bytes + 15) & !15))
    }

    /// As `allocate_or_raise`, for text: what of it is large is not zeroed, and the caller sets every word that the collector
    /// or a reader looks at.
    pub fn allocate_text(&mut self, shape: u32, trace: u8, size_bytes: usize) -> PyResult<Object> {
        if self.has_bump_room(size_bytes) {
            return Ok(self.allocate(shape, trace, size_bytes));
        }
        if size_bytes <= gc::LARGE_BYTES || size_bytes > isize::MAX as usize / 2 {
            return self.try_allocate(shape, trace, size_bytes);
        }
        self.or_raise_memory(|vm| {
            if vm.heap.wants_collection() {
                vm.collect_garbage(false);
            }
            if vm.heap.fails_on_purpose() {
                return None;
            }
            let object = vm.heap.allocate_large(size_bytes, Fill::Nothing)?;
            // SAFETY: fresh memory of at least a header.
            unsafe { *object = Header { shape, gc: 0, trace, size_granules: 0 } };
            Some(object)
        })
    }

    fn or_raise_memory(&mut self, allocate: impl Fn(&mut Vm) -> Option<Object>) -> PyResult<Object> {
        if let Some(object) = allocate(self) {
            return Ok(object);
        }
        // What a limit is in the way of may have room when the garbage is gone.
        if !self.heap.failed_on_purpose() && self.heap.is_limited() {
            self.collect_garbage(true);
            if let Some(object) = allocate(self) {
                return Ok(object);
            }
        }
        Err(self.raise_memory())
    }

    #[inline(never)]
    pub fn allocate_slow(&mut self, shape: u32, trace: u8, rounded: usize) -> Option<Object> {
        if self.heap.wants_collection() {
            self.collect_garbage(false);
        }
        if self.heap.fails_on_purpose() {
            return None;
        }
        if rounded > gc::LARGE_BYTES {
            let object = self.heap.allocate_large(rounded, Fill::Zeros)?;
            // SAFETY: fresh memory of at least a header.
            unsafe { *object = Header { shape, gc: 0, trace, size_granules: 0 } };
            return Some(object);
        }
        if self.bump.cursor + rounded > self.bump.limit && !self.heap.refill(&mut self.bump, rounded) {
            return None;
        }
        let object = self.bump.cursor as Object;
        self.bump.cursor += rounded;
        if self.heap.sees_every_allocation() {
            // Every allocation takes the slow path under stress.
            self.bump.limit = self.bump.cursor;
        }
        // SAFETY: the bump region is free memory.
        unsafe { object.cast::<u64>().write(Header::word(shape, trace, rounded)) };
        Some(object)
    }

    pub fn collect_garbage(&mut self, full: bool) {
        self.drain_samples();
        let before = self.begin(Activity::Collecting);
        let mut bump = std::mem::replace(&mut self.bump, gc::Bump { cursor: 0, limit: 0 });
        let mut heap = std::mem::replace(&mut self.heap, Heap::new(HeapConfig::default()));
        heap.collect(&mut bump, self, full);
        self.heap = heap;
        self.bump = bump;
        self.interner.forget_young();
        self.shapes.forget_young();
        let unreached = self.heap.was_full.then(|| self.heap.take_unreached());
        if self.heap.was_full {
            self.forget_dead_classes();
        }
        self.forget_what_executors_kept(unreached);
        self.request_farewells();
        self.activity = before;
    }

    /// All objects that there are get old: the program is about to begin.
    pub(crate) fn settle_heap(&mut self) {
        let mut bump = std::mem::replace(&mut self.bump, gc::Bump { cursor: 0, limit: 0 });
        let mut heap = std::mem::replace(&mut self.heap, Heap::new(HeapConfig::default()));
        heap.settle(&mut bump, self);
        self.heap = heap;
        self.bump = bump;
        self.interner.forget_young();
        self.shapes.forget_young();
    }

    /// Clears what lies above the operands of frames that tier 1 runs, so that no collection takes it for alive.
    pub(crate) fn clear_dead_operands(&mut self) {
        let mut frame = self.frame;
        if self.current_executor != 0 {
            return;
        }
        while !frame.is_null() {
            // SAFETY: linked frames are live. Handlers save their state, with all operands, before they call what may get
            // here, and before they push a frame, without them; above, up to the frame's end, is nothing that is read
            // before it is written. Where a frame was pushed for more than a call, what its caller needs may lie there.
            unsafe {
                let end = Frame::slot(frame, (*(*frame).code).frame_slots());
                let mut at = (*frame).sp;
                if at < Frame::stack_base(frame) {
                    return;
                }
                while at < end {
                    *at = Value::UNBOUND;
                    at = at.add(1);
                }
                if (*frame).flags & (Frame::INIT | Frame::OPERATOR) != 0 || !self.runs.is_null() {
                    return;
                }
                frame = (*frame).previous;
            }
        }
    }

    /// A new object of a built-in type, from its header.
    #[inline(always)]
    pub fn make<T>(&mut self, ty: BuiltinType, with: impl FnOnce(Header) -> T) -> Value {
        let object = self.allocate(ty.shape(), ty.trace(), size_of::<T>());
        // SAFETY: `object` has room for a `T`, whose first field is the header that was just written.
        unsafe {
            let header = *object;
            object.cast::<T>().write(with(header));
        }
        Value::object(object)
    }

    /// To be called after `value` was stored into `owner`.
    #[inline(always)]
    pub fn barrier<T>(&mut self, owner: *const T) {
        let owner = owner as Object;
        // SAFETY: `owner` is a live object.
        if unsafe { (*owner).gc } & Header::UNLOGGED != 0 {
            self.heap.remember(owner);
        }
    }

    #[inline(always)]
    pub fn shape_of(&self, object: Value) -> u32 {
        debug_assert!(object.is_object());
        // SAFETY: the value is a live object.
        unsafe { (*object.as_ptr::<Header>()).shape }
    }

    /// The built-in layout of any value.
    #[inline]
    pub fn layout_of(&self, value: Value) -> BuiltinType {
        if value.is_object() {
            let shape = self.shape_of(value);
            return self.shapes.get(shape).layout;
        }
        immediate_type(value)
    }

    /// The class of any value.
    #[inline]
    pub fn class_of(&self, value: Value) -> *mut TypeObject {
        if value.is_object() {
            let shape = self.shape_of(value);
            return self.shapes.get(shape).class;
        }
        self.class(immediate_type(value))
    }

    /// Is it an exact instance of the built-in type?
    #[inline(always)]
    pub fn is_exact(&self, value: Value, ty: BuiltinType) -> bool {
        value.is_object() && self.shape_of(value) == ty.shape()
    }

    /// Has the value this built-in layout (the type or a subclass of it)?
    #[inline(always)]
    pub fn has_layout(&self, value: Value, ty: BuiltinType) -> bool {
        value.is_object() && (self.shape_of(value) == ty.shape() || self.shapes.get(self.shape_of(value)).layout == ty)
    }

    /// RecursionError when the native stack is nearly used up. What recurs may do so for long: KeyboardInterrupt when it is
    /// asked for.
    #[inline(always)]
    pub fn check_native_stack(&mut self) -> PyResult<()> {
        if gc::native_stack_pointer() < self.native_stack_limit {
            return Err(self.raise_recursion());
        }
        self.answer_interrupt()
    }

    /// Bytes of the native stack that what is called from here may use; 0 where that is not known.
    pub fn native_stack_left(&self) -> usize {
        match self.native_stack_limit {
            0 => 0,
            limit => gc::native_stack_pointer().saturating_sub(limit),
        }
    }

    /// What natives that may take long ask now and then. All else that waits is left to the next poll between instructions.
    #[inline(always)]
    pub fn answer_interrupt(&mut self) -> PyResult<()> {
        if self.pending.load(Ordering::Relaxed) != 0 { self.raise_interrupt() } else { Ok(()) }
    }

    pub fn request_pending(&self) {
        self.pending.store(1, Ordering::Release);
    }
}

fn immediate_type(value: Value) -> BuiltinType {
    if value.is_int() {
        BuiltinType::Int
    } else if value.is_float() {
        BuiltinType::Float
    } else if value.is_bool() {
        BuiltinType::Bool
    } else {
        BuiltinType::NoneType
    }
}

impl Vm {
    /// A VM with its built-in classes, functions and modules. The native stack is the calling thread's.
    pub fn new(config: VmConfig) -> Box<Vm> {
        let mut vm = Box::new(Vm {
            bump: gc::Bump { cursor: 0, limit: 0 },
            pending: AtomicU32::new(0),
            recursion_limit: 1000,
            activity: Activity::Program,
            times_natives: false,
            sampler: None,
            thread: Thread::main(),
            threads: Threads::new(),
            forced_exit: ForcedExit::default(),
            executor_steps: 0,
            heap: Heap::new(HeapConfig { stress: false, ..config.heap }),
            shapes: Shapes::new(),
            names: Names::unset(),
            interner: Interner::default(),
            characters: [Value::UNBOUND; 256],
            empty_tuple: Value::UNBOUND,
            empty_array: Value::UNBOUND,
            ellipsis: Value::UNBOUND,
            not_implemented: Value::UNBOUND,
            exceptions: ExceptionClasses::unset(),
            n_nans: 0,
            method_cache: MethodCache::new(),
            classes_of_specs: Default::default(),
            slot_names: Default::default(),
            attribute_cache: Default::default(),
            next_version: 0,
            last_keys_version: 0,
            bindings: Vec::new(),
            constructors: Default::default(),
            builtins: Value::UNBOUND,
            modules: Value::UNBOUND,
            roots: Vec::new(),
            handles: Default::default(),
            quantifiers: [Value::UNBOUND; 2],
            drains: Default::default(),
            out: crate::host::Output::default(),
            streams: None,
            hash_seed: config.hash_seed,
            max_str_digits: crate::object::integer::DEFAULT_MAX_STR_DIGITS,
            signals: crate::signals::Signals::default(),
            on_signal: crate::signals::interrupt_alone,
            interrupt_raises: true,
            jit: crate::exec::Jit::new(&config),
            frame_objects: Vec::new(),
            sources: Vec::new(),
            memory_ran_out: false,
            is_finalizing: false,
            optimize: 0,
            inspects: false,
            checks_codecs: false,
            warns_of_bytes: false,
            warns_of_encoding: false,
            program_folder: None,
            import_watch: ImportWatch::default(),
            native_modules: vec![crate::builtins::MODULES],
            syntax_trees: None,
            library: None,
            library_place: std::path::PathBuf::new(),
            exit_functions: Vec::new(),
            watchers: crate::watch::Watchers::default(),
            limits: Default::default(),
            module_states: Default::default(),
        });
        let base =
            if config.native_stack_base == 0 { gc::native_stack_pointer() + 4096 } else { config.native_stack_base };
        vm.set_native_stack(base, config.native_stack_bytes);
        vm.empty_array = vm.new_array(0).expect("an empty array needs little memory");
        vm.names = Names::intern(&mut vm);
        for i in 0..=255 {
            let one = vm.str_from_latin1(&[i]);
            vm.characters[i as usize] = vm.intern_value(one);
        }
        vm.empty_tuple = vm.new_tuple(&[]);
        vm.make_builtin_classes();
        vm.ellipsis = vm.make(BuiltinType::Ellipsis, |header| header);
        vm.not_implemented = vm.make(BuiltinType::NotImplemented, |header| header);
        vm.make_exception_classes();
        vm.modules = vm.new_dict();
        vm.builtins = vm.new_dict();
        crate::builtins::install(&mut vm);
        vm.finish_builtin_classes();
        crate::builtins::install_constructors(&mut vm);
        let builtins = vm.builtins;
        vm.add_functions(builtins, "builtins", crate::interp::compile::FUNCTIONS);
        vm.shapes.make_permanent();
        vm.heap.set_config(config.heap);
        vm
    }

    /// Does what waits: compiled code, signals, other threads, finalizers.
    #[inline(never)]
    pub fn handle_pending(&mut self) -> PyResult<()> {
        self.pending.store(u32::from(self.jit.config.stress.signals), Ordering::Release);
        self.install_finished();
        self.drain_samples();
        if std::mem::take(&mut self.memory_ran_out) {
            self.heap.end_grace();
            gc::clear_dead_stack();
            return Err(self.raise_memory());
        }
        self.check_limits()?;
        self.answer_signals()?;
        self.poll_threads()?;
        self.run_farewells();
        self.tell_observers();
        Ok(())
    }

    /// SyntaxError (or its kin) of a source that does not compile.
    pub fn raise_syntax(&mut self, info: &crate::bytecode::SyntaxErrorInfo) -> Raised {
        let class_name = info.kind.exception_name();
        let class = self
            .exceptions
            .all()
            .into_iter()
            .find(|(spec, _)| spec.name == class_name)
            .map_or(self.exceptions.SyntaxError, |(_, class)| class);
        if !self.is_subclass(class, self.exceptions.SyntaxError) {
            return self.raise(class, &info.msg);
        }
        let has_text = !info.after_parsing || crate::host::file_stamp(info.filename.as_ref()).is_some();
        let text = info.text.as_deref().filter(|_| has_text).map_or(Value::NONE, |text| self.new_str(text));
        let filename = self.new_str(&info.filename);
        let message = self.new_str(&info.msg);
        let number = |n: Option<i64>| n.map_or(Value::NONE, Value::small_int);
        let place = [
            filename,
            number(info.lineno.map(i64::from)),
            number(info.offset.map(i64::from)),
            text,
            number(info.end_lineno.map(i64::from)),
            number(info.end_offset.map(i64::from)),
        ];
        // What is of the source as a whole has no end.
        let has_end = info.lineno != Some(0) || info.end_lineno.is_some();
        let place = self.new_tuple(if has_end { &place } else { &place[..4] });
        let raised = self.raise_with(class, &[message, place]);
        if let Some((line, source)) = info.parsed.as_deref()
            && self.is_instance(self.exception, class)
        {
            let source = self.new_str(source);
            let statement = self.new_tuple(&[Value::small_int((*line).into()), Value::small_int(0), source]);
            self.set_exception_field(self.exception, crate::builtins::exception_fields::STATEMENT, statement);
        }
        raised
    }
}

impl Drop for Vm {
    fn drop(&mut self) {
        // The compile thread writes the pending word.
        self.jit.stop_compiling();
        self.forget_signals();
        self.forget_watch();
        for object in self.heap.drain_finalizable() {
            self.finalize(object);
        }
    }
}
