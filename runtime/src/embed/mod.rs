//! The public Rust API: making a VM and running programs in it.

pub mod handles;
pub mod hosted;
mod interactive;
pub mod keeper;
pub mod limits;
mod optimizers;
mod packages;
mod traceback;

pub use crate::exec::{Executable, Reified, Reifier};
pub use crate::optimizer;
pub(crate) use traceback::{format as format_exception, format_ignored};

use crate::backend::Backend;
use crate::builtins::streams::{StreamOptions, Streams};
use crate::bytecode::source::foreign_encoding;
use crate::bytecode::{CompileOptions, Origin, RawCode, SyntaxErrorInfo, SyntaxWarning};
use crate::config::{Config, DumpStages};
use crate::exec::{JitConfig, Stats};
use crate::gc::{HeapConfig, native_stack_pointer};
use crate::interp::code_cache::{HEADER_BYTES, MAGIC};
use crate::object::layout::ListObject;
use crate::object::types::BuiltinType;
use crate::signals::Signals;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm, VmConfig};
use std::ffi::OsStr;
use std::mem::ManuallyDrop;
use std::os::unix::ffi::OsStrExt as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// Native stack that a program's thread should have, and how much of it the VM uses.
pub const NATIVE_STACK_BYTES: usize = 64 << 20;
const SMALL_STACK_BYTES: usize = 1 << 20;
/// Exit status after a bug of the VM itself (`EX_SOFTWARE`).
const PANIC_STATUS: u8 = 70;
/// Exit status where what was written to the standard streams could not get where it was to go.
const UNWRITTEN_STATUS: u8 = 120;
const BUG_TEXT: &str = "This is a bug of stitch, not of the program; please report it with the lines above.\n";

/// Whether locals lie on the native stack, where the collector looks for values. AddressSanitizer may keep them elsewhere.
pub fn locals_are_on_the_stack() -> bool {
    let stack_pointer = native_stack_pointer();
    address_of_a_local(stack_pointer / size_of::<usize>()).abs_diff(stack_pointer) < SMALL_STACK_BYTES
}

/// In functions of its own, without assembly and with an access that cannot be foreseen: no local of another kind is moved.
#[inline(never)]
fn address_of_a_local(at: usize) -> usize {
    let mut local = [0usize; 8];
    let address = write_to(&mut local, at);
    // Always 0; the local is needed until here.
    address + local[(at + 1) % 8]
}

#[inline(never)]
fn write_to(local: &mut [usize; 8], at: usize) -> usize {
    local[at % 8] = 1;
    local.as_ptr() as usize
}

/// A Python virtual machine. Its programs may start threads; what embeds it is its main one.
pub struct Machine {
    vm: ManuallyDrop<Box<Vm>>,
    stats: bool,
    report_file: Option<std::ffi::OsString>,
    /// For the module `warnings`, until something runs.
    warning_options: Vec<String>,
    stream_options: StreamOptions,
    interaction: interactive::Interaction,
}

impl Machine {
    /// A VM as the configuration says. `backend` compiles superblocks; without one the uop interpreter runs them.
    /// `stack_base` is an address in the frame of the function that owns the machine (all values that the VM and its
    /// natives hold in locals lie below it), with `usable_stack_bytes` of native stack below it.
    pub fn new(
        config: &Config,
        backend: Option<Box<dyn Backend>>,
        stack_base: usize,
        usable_stack_bytes: usize,
    ) -> Machine {
        let stress = &config.stress;
        let defaults = JitConfig::default();
        let threshold = stress.threshold.or(config.loop_threshold);
        let background = config.compile_thread.is_background(stress);
        let jit = JitConfig {
            mode: config.jit,
            loop_threshold: threshold.unwrap_or(defaults.loop_threshold),
            entry_threshold: threshold.unwrap_or(defaults.entry_threshold),
            exit_threshold: stress.threshold.or(config.exit_threshold).unwrap_or(defaults.exit_threshold),
            fuse: !config.no_fuse,
            count_steps: config.stats,
            background,
            dump: config.dump,
            report: config.report_file.is_some(),
            stress: stress.clone(),
        };
        let stack = if stress.small_stack { SMALL_STACK_BYTES } else { usable_stack_bytes };
        let seed = config.hash_seed.map_or_else(crate::host::random_seed, keys_of_seed);
        let vm_config = VmConfig {
            heap: HeapConfig { stress: stress.gc, fail_at: stress.oom, ..HeapConfig::default() },
            hash_seed: seed,
            native_stack_base: stack_base,
            native_stack_bytes: stack.min(usable_stack_bytes),
            jit,
        };
        let mut vm = Vm::new(vm_config);
        vm.jit.backend = backend;
        vm.heap.map_reserve();
        vm.apply_stress();
        vm.optimize = config.optimize;
        vm.inspects = config.interactive > 0 || config.inspect;
        vm.warns_of_bytes = config.bytes_warning > 0;
        vm.warns_of_encoding = config.warn_default_encoding;
        vm.import_watch.tells_modules = config.verbose > 0;
        vm.import_watch.tells_times = config.import_time;
        vm.checks_codecs = config.dev_mode;
        let mut machine = Machine {
            vm: ManuallyDrop::new(vm),
            stats: config.stats,
            report_file: config.report_file.clone(),
            warning_options: config.warning_options(),
            stream_options: config.stream_options(),
            interaction: interactive::Interaction::new(config),
        };
        set_arguments(&mut machine.vm, config);
        // A profiler's file that cannot be made is missed by nobody but the profiler.
        _ = machine.vm.tell_profiler(config.perf);
        if config.stats || config.dump.contains(DumpStages::PROFILE) || config.report_file.is_some() {
            // Where the system does not let it, there are no samples.
            _ = machine.vm.start_sampling();
        }
        if config.gdb {
            machine.vm.tell_debugger();
        }
        machine
    }

    /// The VM itself, for code that extends it.
    pub fn vm(&mut self) -> &mut Vm {
        &mut self.vm
    }

    /// What an interrupt handler needs: the request, and the word that has the VM look at it.
    pub fn interrupt_handle(&self) -> (Signals, *const AtomicU32) {
        (self.vm.signals.clone(), &raw const self.vm.pending)
    }

    /// Has SIGINT, and the signals that the program itself catches, interrupt this machine.
    pub fn catch_interrupts(&mut self) {
        self.vm.catch_interrupts();
    }

    pub fn stats(&self) -> &Stats {
        &self.vm.jit.stats
    }

    /// From now on what the program writes to its standard output and error is kept, for `take_output`.
    pub fn capture_output(&mut self) {
        self.vm.out.capture();
    }

    /// What was captured of standard output and of standard error since the last time.
    pub fn take_output(&mut self) -> (Vec<u8>, Vec<u8>) {
        self.vm.out.take()
    }

    /// Has tracebacks show the lines of a source that is no file.
    pub fn add_source(&mut self, filename: &str, text: String) {
        self.vm.show_source(filename, &text);
    }

    /// Makes the module `__main__`, for an embedder that runs code in it piece by piece.
    pub fn open_main(&mut self) {
        new_main_module(&mut self.vm);
    }

    /// Has `import` find these modules, too.
    pub fn add_modules(&mut self, modules: &'static [&'static crate::object::module::ModuleSpec]) {
        self.vm.native_modules.push(modules);
        self.vm.name_native_modules();
    }

    /// Opens `sys.stdin`, `sys.stdout` and `sys.stderr`, which are None until then. They are flushed at the end of a run.
    /// `Err`: a message about why they cannot be as the configuration wants them.
    pub fn open_streams(&mut self, streams: &'static dyn Streams) -> Result<(), String> {
        let options = std::mem::take(&mut self.stream_options);
        self.vm.open_streams(streams, &options).map_err(|Raised| {
            let exception = self.vm.take_exception();
            traceback::format(&mut self.vm, exception)
        })
    }

    /// Has `import` find the library's modules: its place goes to the end of `sys.path`.
    pub fn set_library(&mut self, library: &'static dyn crate::builtins::Library) {
        self.vm.set_library(library);
        let place = self.vm.library_place.to_string_lossy().into_owned();
        let shown = self.vm.new_str(&place);
        if let Ok(sys) = self.vm.import_dotted("sys") {
            self.vm.set_module_entry(sys, "_stdlib_dir", shown);
        }
        self.append_path(&place);
    }

    /// Has `import` find packages that are installed: those of the virtual environment or of the place where the program is, and,
    /// unless the configuration says otherwise, the user's own. What needs `site` (files that name further folders, a user's `sitecustomize`) runs.
    pub fn find_packages(&mut self, config: &Config) {
        packages::find(self, config);
    }

    fn append_path(&mut self, folder: impl AsRef<OsStr>) {
        self.change_path(|vm, path, folder| vm.list_push(path.as_ptr(), folder), folder.as_ref());
    }

    /// Puts a folder in front of `sys.path`.
    pub fn prepend_path(&mut self, folder: impl AsRef<OsStr>) {
        self.vm.program_folder = Some(folder.as_ref().to_owned());
        self.change_path(|vm, path, folder| vm.list_splice(path.as_ptr(), 0, 0, &[folder]), folder.as_ref());
    }

    /// Changes `sys.path`, which is a list as long as no program has run.
    fn change_path(&mut self, change: impl FnOnce(&mut Vm, Value, Value) -> PyResult<()>, folder: &OsStr) {
        let vm = &mut *self.vm;
        let name = vm.intern("path");
        if let Some(path) = vm.sys_entry(name).filter(|&path| vm.is_exactly::<ListObject>(path)) {
            let folder = vm.new_path(folder);
            let changed = change(vm, path, folder);
            debug_assert!(changed.is_ok(), "memory for one entry");
        }
    }

    /// Runs a program as `__main__`; gives the process's exit status. What goes wrong is printed as CPython prints it. A
    /// panic, which is a bug of the VM, becomes SystemError.
    pub fn run_main(&mut self, code: &RawCode, file: Option<&str>) -> u8 {
        self.run_main_with_warnings(code, &[], file.map(OsStr::new))
    }

    /// Likewise, after it has warned of what the compiler found.
    pub fn run_main_with_warnings(&mut self, code: &RawCode, warnings: &[SyntaxWarning], file: Option<&OsStr>) -> u8 {
        let code = |vm: &mut Vm| {
            vm.warn_of_syntax(&code.filename, warnings)?;
            vm.new_code(code)
        };
        self.run_guarded(|vm| run_program(vm, file, code))
    }

    /// Likewise a program whose source declares an encoding that the codecs' registry has to know; `None` where it does not.
    pub fn run_recoded(
        &mut self,
        source: &[u8],
        name: &str,
        options: &CompileOptions,
        file: Option<&OsStr>,
    ) -> Option<u8> {
        foreign_encoding(source)?;
        Some(self.run_guarded(|vm| run_program(vm, file, |vm| vm.compile(source, name, options))))
    }

    /// Tells of a program that does not compile, as of an exception that nobody catches; gives the process's exit status.
    pub fn refuse_main(&mut self, error: &SyntaxErrorInfo, warnings: &[SyntaxWarning]) -> u8 {
        self.run_guarded(|vm| {
            if vm.warn_of_syntax(&error.filename, warnings).is_ok() {
                vm.raise_syntax(error);
            }
            report(vm)
        })
    }

    /// Runs a module, or a package's `__main__`, as `-m` does: found on `sys.path`, whose name `sys.argv[0]` becomes.
    pub fn run_module(&mut self, name: &str) -> u8 {
        self.run_guarded(|vm| run_found_module(vm, name))
    }

    /// Runs the `__main__` that is in a folder or archive, whose path becomes `sys.path[0]`.
    pub fn run_importable(&mut self, path: &OsStr) -> u8 {
        self.prepend_path(path);
        self.run_guarded(|vm| run_by_library(vm, "__main__", false))
    }

    /// Runs what is in a file with compiled code.
    pub fn run_compiled(&mut self, bytes: &[u8], file: &OsStr) -> u8 {
        self.run_guarded(|vm| {
            let module = new_main_module(vm);
            vm.set_module_entry(module, "__package__", Value::NONE);
            set_file(vm, module, file);
            let result = load_compiled(vm, bytes).and_then(|code| run_as_main(vm, module, code));
            result.map_or_else(|Raised| report(vm), |_| 0)
        })
    }

    /// The program is over: what is left of it is finalized. False: not all that it wrote gets where it is to go.
    fn finalize(&mut self) -> bool {
        let finalize = AssertUnwindSafe(|| self.vm.finalize_everything());
        catch_unwind(finalize).unwrap_or_else(|_| {
            self.vm.out.write(2, format!("SystemError: stitch failed\n{BUG_TEXT}").as_bytes());
            true
        })
    }

    fn run_guarded(&mut self, run: impl FnOnce(&mut Vm) -> u8) -> u8 {
        let options = std::mem::take(&mut self.warning_options);
        let run = AssertUnwindSafe(|| match self.vm.read_warning_options(&options) {
            Ok(()) => {
                self.vm.settle_heap();
                let status = run(&mut self.vm);
                self.interaction.after_program(&mut self.vm).unwrap_or(status)
            }
            Err(Raised) => report(&mut self.vm),
        });
        let status = catch_unwind(run).unwrap_or_else(|panic| {
            let reason = panic.downcast_ref::<&str>().map(|text| text.to_string());
            let reason = reason.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            self.vm.out.write(2, format!("SystemError: stitch failed: {reason}\n{BUG_TEXT}").as_bytes());
            PANIC_STATUS
        });
        let is_written = status == PANIC_STATUS || self.finalize();
        self.vm.end_profiler();
        self.vm.drain_samples();
        if self.stats {
            self.vm.jit.stats.executor_steps = self.vm.executor_steps;
            self.vm.jit.stats.held_bytes = self.vm.jit.held_bytes();
            crate::host::write_stderr(self.vm.jit.stats.to_string().as_bytes());
            if let Some(sampler) = &self.vm.sampler {
                crate::host::write_stderr(sampler.profile.summary().as_bytes());
            }
            crate::host::write_stderr(self.vm.hottest_exits(12).as_bytes());
        }
        if self.vm.jit.config.dump.contains(DumpStages::PROFILE) {
            crate::host::write_stderr(self.vm.profile_text().as_bytes());
        }
        if let Some(file) = &self.report_file
            && let Err(error) = crate::host::replace_file(std::path::Path::new(file), self.vm.report().as_bytes())
        {
            crate::host::write_stderr(format!("stitch: no report: {}\n", error.message).as_bytes());
        }
        self.vm.sampler = None;
        if is_written { status } else { UNWRITTEN_STATUS }
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.vm.close_threads();
        self.vm.jit.stop_compiling();
        // A thread that was left behind may be in a call of the system, with memory of the heap.
        if self.vm.threads.n_others() == 0 {
            // SAFETY: not used any more.
            unsafe { ManuallyDrop::drop(&mut self.vm) };
        }
    }
}

/// The module `__main__`, made and known to `import`.
fn new_main_module(vm: &mut Vm) -> Value {
    let module = vm.new_module("__main__");
    let key = vm.intern("__main__");
    let modules = vm.modules;
    vm.dict_set_name(modules, key, module);
    module
}

fn run_program(vm: &mut Vm, file: Option<&OsStr>, code: impl FnOnce(&mut Vm) -> PyResult) -> u8 {
    let module = new_main_module(vm);
    vm.set_module_entry(module, "__package__", Value::NONE);
    if let Some(file) = file {
        set_file(vm, module, file);
    }
    let result = code(vm).and_then(|code| {
        if let Some(file) = file {
            vm.rename_to_path(code, Path::new(file));
        }
        run_as_main(vm, module, code)
    });
    result.map_or_else(|Raised| report(vm), |_| 0)
}

fn run_found_module(vm: &mut Vm, name: &str) -> u8 {
    let (full, found) = match vm.find_main_module(name) {
        Ok(found) => found,
        // What is found by others' finders, and the words for what is not found, are the library's.
        Err(true) => return run_by_library(vm, name, true),
        Err(false) => return report(vm),
    };
    let module = new_main_module(vm);
    let result = (|| {
        vm.describe_module(module, &full, &found)?;
        let filename = found.file.to_string_lossy();
        set_program_name(vm, &found.file)?;
        let options = CompileOptions { origin: Origin::File, optimize: vm.optimize, ..CompileOptions::default() };
        let text = found.text(vm)?;
        let code = vm.compile(&text, &filename, &options)?;
        vm.rename_to_path(code, &found.file);
        run_as_main(vm, module, code)
    })();
    result.map_or_else(|Raised| report(vm), |_| 0)
}

/// Has the library find a module and run it as `__main__`.
fn run_by_library(vm: &mut Vm, name: &str, sets_program_name: bool) -> u8 {
    let result = (|| {
        new_main_module(vm);
        let (runpy, function) = (vm.import_dotted("runpy")?, vm.intern("_run_module_as_main"));
        let name = vm.new_str(name);
        vm.call_method(runpy, function, &[name, Value::bool(sets_program_name)])
    })();
    result.map_or_else(|Raised| report(vm), |_| 0)
}

/// `__file__` of a program that is a file, whose code is kept nowhere else.
fn set_file(vm: &mut Vm, module: Value, file: &OsStr) {
    let file = vm.new_path(file);
    vm.set_module_entry(module, "__file__", file);
    vm.set_module_entry(module, "__cached__", Value::NONE);
}

/// The code object in the bytes of a file with compiled code.
fn load_compiled(vm: &mut Vm, bytes: &[u8]) -> PyResult {
    let Some((header, code)) = bytes.split_at_checked(HEADER_BYTES) else {
        return Err(vm.raise(vm.exceptions.EOFError, "EOF read where object expected"));
    };
    if header[..4] != MAGIC.to_le_bytes() {
        return Err(vm.raise_runtime("Bad magic number in .pyc file"));
    }
    let code = vm.unmarshal(code, true)?;
    match vm.is_exact(code, BuiltinType::Code) {
        true => Ok(code),
        false => Err(vm.raise_runtime("Bad code object in .pyc file")),
    }
}

fn run_as_main(vm: &mut Vm, module: Value, code: Value) -> PyResult {
    let dict = vm.module_dict(module);
    let result = vm.run_code(code, dict, dict)?;
    // What has arrived since the last poll is the program's yet.
    vm.answer_signals()?;
    Ok(result)
}

/// Sets `sys.argv[0]`.
fn set_program_name(vm: &mut Vm, name: &Path) -> PyResult<()> {
    let sys = vm.import_dotted("sys")?;
    let argv = vm.intern("argv");
    let argv = vm.get_attr(sys, argv)?;
    let name = vm.new_path(name);
    vm.set_item(argv, Value::small_int(0), name)
}

/// Prints the pending exception, or exits as SystemExit says.
fn report(vm: &mut Vm) -> u8 {
    let exception = vm.take_exception();
    if !vm.inspects && vm.is_instance(exception, vm.exceptions.SystemExit) {
        return exit_status(vm, exception);
    }
    if let Some(exit) = vm.tell_of_uncaught(exception) {
        return exit_status(vm, exit);
    }
    if vm.is_instance(exception, vm.exceptions.KeyboardInterrupt) {
        WAS_INTERRUPTED.store(true, Ordering::Relaxed);
        return 130;
    }
    1
}

/// The keys of hashes that a seed stands for: bytes of a linear congruential generator, as in CPython, so that hashes are the same.
fn keys_of_seed(seed: u32) -> (u64, u64) {
    let mut state = seed;
    let mut key = || {
        u64::from_le_bytes(std::array::from_fn(|_| {
            state = state.wrapping_mul(214_013).wrapping_add(2_531_011);
            (state >> 16) as u8
        }))
    };
    if seed == 0 { (0, 0) } else { (key(), key()) }
}

static WAS_INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Did a program of this process end by a KeyboardInterrupt that nothing caught? Then the process ends by the signal too, for
/// those who started it.
pub fn was_interrupted() -> bool {
    WAS_INTERRUPTED.load(Ordering::Relaxed)
}

fn set_arguments(vm: &mut Vm, config: &Config) {
    let Ok(sys) = vm.import_dotted("sys") else { return };
    let result = (|| {
        for (name, texts) in [("argv", &config.argv), ("orig_argv", &config.orig_argv), ("path", &config.search_paths)]
        {
            let list = vm.new_list(&[])?;
            for text in texts {
                let text = vm.fs_decode(text.as_bytes());
                vm.list_push(list.as_ptr(), text)?;
            }
            vm.set_module_entry(sys, name, list);
        }
        let flags = config.sys_flags().into_iter().chain(crate::builtins::HIDDEN_FLAGS.map(|(_, flag)| flag));
        let is_bool = |at| Config::FLAG_NAMES.get(at).is_some_and(|name| Config::BOOL_FLAGS.contains(name));
        let value = |(at, flag)| if is_bool(at) { Value::bool(flag != 0) } else { Value::small_int(flag) };
        // Immediate values.
        let flags: Vec<Value> = flags.enumerate().map(value).collect();
        let flags = vm.new_struct_sequence(&crate::builtins::FLAGS, &flags)?;
        vm.set_module_entry(sys, "flags", flags);
        let options = vm.new_dict();
        for option in &config.x_options {
            let (name, value) =
                option.split_once('=').map_or((option.as_str(), None), |(name, value)| (name, Some(value)));
            let (name, value) = (vm.intern(name), value.map_or(Value::TRUE, |value| vm.new_str(value)));
            vm.dict_set_name(options, name, value);
        }
        vm.set_module_entry(sys, "_xoptions", options);
        if let Some(limit) = config.int_max_str_digits {
            vm.max_str_digits = limit as usize;
        }
        vm.set_module_entry(sys, "dont_write_bytecode", Value::bool(config.dont_write_bytecode));
        if let Some(prefix) = &config.pycache_prefix {
            let prefix = vm.new_path(prefix);
            vm.set_module_entry(sys, "pycache_prefix", prefix);
        }
        Ok::<(), Raised>(())
    })();
    debug_assert!(result.is_ok(), "memory for a few strings");
}

impl Vm {
    /// Has tracebacks show the lines of a source that is no file, in place of an earlier one of that name.
    pub fn show_source(&mut self, filename: &str, text: &str) {
        self.sources.retain(|source| source.filename != filename);
        let (filename, text) = (filename.to_owned(), text.to_owned());
        self.sources.push(crate::builtins::ShownSource { filename, text, is_registered: false });
    }

    /// The exit status that a SystemExit asks for, without telling of it.
    pub fn status_of_exit(&mut self, exception: Value) -> u8 {
        let code = match self.get_attr_opt(exception, self.names.code) {
            Ok(Some(code)) => code,
            _ => Value::NONE,
        };
        self.clear_exception();
        match code {
            code if code.is_none() => 0,
            code if self.is_int_like(code) => self.int_to_i64(code).unwrap_or(-1) as u8,
            _ => 1,
        }
    }
}

fn exit_status(vm: &mut Vm, exception: Value) -> u8 {
    let code = match vm.get_attr_opt(exception, vm.names.code) {
        Ok(Some(code)) => code,
        _ => vm.stop_iteration_value(exception),
    };
    if code.is_none() {
        return 0;
    }
    if code.is_bool() {
        return code.as_bool() as u8;
    }
    if vm.is_int_like(code) {
        // As the system takes it: the lowest byte of what fits; -1 where nothing does.
        return vm.int_to_i64(code).unwrap_or(-1) as u8;
    }
    let text = vm.str(code).map_or_else(|_| String::new(), |text| vm.string_of(text));
    vm.clear_exception();
    vm.write_error(&format!("{text}\n"));
    1
}
