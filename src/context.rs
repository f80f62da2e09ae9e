//! What can be done with a machine, from wherever it is known.

use std::fmt;
use std::rc::Rc;

use stitch_runtime::bytecode::{CompileMode, CompileOptions, Origin};
use stitch_runtime::embed::keeper::Keeper;
use stitch_runtime::object::layout::{DictObject, ModuleObject};
use stitch_runtime::{PyResult, Value, Vm};

use crate::class::ClassBuilder;
use crate::convert::ToPython;
use crate::error::{Error, Result};
use crate::function::{Closure, Function};
use crate::module::ModuleBuilder;
use crate::object::Object;

/// A way to a machine. It does not keep the machine: once that is dropped, everything here is an error of the kind
/// [`ErrorKind::Gone`](crate::ErrorKind::Gone). Closures that need the machine take one as a parameter, or own one.
///
/// ```
/// use stitch::{Context, Machine, Object};
///
/// let machine = Machine::new()?;
/// machine.function("twice", |context: Context, text: String| context.eval(&text).and_then(|_| context.eval(&text)))?;
/// machine.exec("n = 0\ndef count():\n    global n\n    n += 1\ntwice('count()')")?;
/// assert_eq!(machine.get("n")?.extract::<i32>()?, 2);
/// # Ok::<(), stitch::Error>(())
/// ```
#[derive(Clone)]
pub struct Context(pub(crate) Rc<Keeper>);

impl Context {
    /// The value of an expression, whose names are those of the program `__main__`.
    pub fn eval(&self, source: &str) -> Result<Object> {
        self.run_source(source, "<string>", CompileMode::Eval, None)
    }

    /// Likewise with the names of a dict, in which builtins are found too.
    pub fn eval_in(&self, source: &str, globals: &Object) -> Result<Object> {
        self.run_source(source, "<string>", CompileMode::Eval, Some(globals))
    }

    /// Runs statements in the program `__main__`.
    pub fn exec(&self, source: &str) -> Result<()> {
        self.run_source(source, "<string>", CompileMode::Exec, None).map(drop)
    }

    /// Likewise with the names of a dict.
    ///
    /// ```
    /// let machine = stitch::Machine::new()?;
    /// let names = machine.object(std::collections::HashMap::from([("x", 20)]))?;
    /// machine.exec_in("y = x + 1", &names)?;
    /// assert_eq!(names.item("y")?.extract::<i32>()?, 21);
    /// # Ok::<(), stitch::Error>(())
    /// ```
    pub fn exec_in(&self, source: &str, globals: &Object) -> Result<()> {
        self.run_source(source, "<string>", CompileMode::Exec, Some(globals)).map(drop)
    }

    /// Runs statements in the program `__main__`. Tracebacks name them so, and show their lines.
    ///
    /// ```
    /// let machine = stitch::Machine::new()?;
    /// let error = machine.exec_named("x = 1 +\n", "rules.py").unwrap_err();
    /// assert_eq!(error.class(), "SyntaxError");
    /// let error = machine.exec_named("1 / 0", "rules.py").unwrap_err();
    /// assert!(error.traceback().contains("File \"rules.py\", line 1, in <module>\n    1 / 0\n"));
    /// # Ok::<(), stitch::Error>(())
    /// ```
    pub fn exec_named(&self, source: &str, name: &str) -> Result<()> {
        self.run(|vm| {
            vm.show_source(name, source);
            Ok(())
        })?;
        self.run_source(source, name, CompileMode::Exec, None).map(drop)
    }

    fn run_source(&self, source: &str, name: &str, mode: CompileMode, globals: Option<&Object>) -> Result<Object> {
        self.check(globals)?;
        self.run_to_object(|vm| {
            let globals = match globals {
                Some(globals) => globals.value(),
                None => main_names(vm)?,
            };
            if !vm.is_a::<DictObject>(globals) {
                return Err(vm.raise_type("globals must be a dict"));
            }
            let options = CompileOptions { mode, origin: Origin::Text, ..CompileOptions::default() };
            // In front of an expression blanks mean nothing.
            let source = if mode == CompileMode::Eval { source.trim_start() } else { source };
            let code = vm.compile(source.as_bytes(), name, &options)?;
            vm.run_code(code, globals, globals)
        })
    }

    /// The module `__main__`.
    pub fn main(&self) -> Result<Object> {
        self.run_to_object(main_module)
    }

    /// A variable of the program `__main__`. NameError where it is not set.
    pub fn get(&self, name: &str) -> Result<Object> {
        self.run_to_object(|vm| {
            let globals = main_names(vm)?;
            let name = vm.intern(name);
            match vm.dict_get_name(globals, name) {
                Some(value) => Ok(value),
                None => Err(vm.raise_name(name)),
            }
        })
    }

    /// Sets a variable of the program `__main__`.
    pub fn set(&self, name: &str, value: impl ToPython) -> Result<()> {
        let value = self.object(value)?;
        self.run(|vm| {
            let globals = main_names(vm)?;
            let name = vm.intern(name);
            vm.dict_set(globals, name, value.value())
        })
    }

    /// A module, imported where it is not yet; `a.b.c` gives `c`.
    ///
    /// ```
    /// let machine = stitch::Machine::new()?;
    /// let pi: f64 = machine.import("math")?.get("pi")?.extract()?;
    /// assert_eq!(pi, std::f64::consts::PI);
    /// # Ok::<(), stitch::Error>(())
    /// ```
    pub fn import(&self, name: &str) -> Result<Object> {
        self.run_to_object(|vm| vm.import_dotted(name))
    }

    /// A built-in function, class or constant. NameError where there is none.
    pub fn builtin(&self, name: &str) -> Result<Object> {
        self.run_to_object(|vm| {
            let name = vm.intern(name);
            let found = vm.dict_get_name(vm.builtins, name);
            found.ok_or_else(|| vm.raise_name(name))
        })
    }

    /// A value as an object of this machine. Of an object of another one: an error of the kind
    /// [`ErrorKind::OtherMachine`](crate::ErrorKind::OtherMachine).
    pub fn object(&self, value: impl ToPython) -> Result<Object> {
        let object = value.to_python(self)?;
        self.check(Some(&object))?;
        Ok(object)
    }

    /// Has the program `__main__` call a closure by this name.
    pub fn function<P>(&self, name: &str, closure: impl Function<P> + 'static) -> Result<Object> {
        let function = self.new_function(name, "", closure)?;
        self.set(name, &function)?;
        Ok(function)
    }

    /// A closure as a function, with a doc text. It lives until nobody refers to it, and is dropped on this thread.
    ///
    /// Called with what its parameters do not take, it raises TypeError; what it gives is converted, and an `Err` is raised. A
    /// panic is raised as SystemError. It is only called on the machine's own thread: on others that a program started, it
    /// raises RuntimeError. As an attribute of a class it is a method.
    ///
    /// ```
    /// let machine = stitch::Machine::new()?;
    /// let halve = machine.new_function("halve", "The half of an even number.", |n: i64| match n % 2 {
    ///     0 => Ok(n / 2),
    ///     _ => Err(stitch::Error::value_error("an odd number")),
    /// })?;
    /// assert_eq!(halve.call((8,))?.extract::<i64>()?, 4);
    /// assert_eq!(halve.call((7,)).unwrap_err().class(), "ValueError");
    /// let error = halve.call(("8",)).unwrap_err();
    /// assert_eq!(error.to_string(), "TypeError: halve() argument 1: expected int, not str");
    /// # Ok::<(), stitch::Error>(())
    /// ```
    pub fn new_function<P>(&self, name: &str, doc: &str, closure: impl Function<P> + 'static) -> Result<Object> {
        let callee = Closure::new(self, name, closure);
        self.run_to_object(|vm| vm.new_host_function(name, None, doc, callee))
    }

    /// Begins a class whose objects own a Rust value of type `T`.
    pub fn class<T: 'static>(&self, name: &str) -> ClassBuilder<T> {
        ClassBuilder::new(self, name)
    }

    /// Begins a module that programs can import; dots in its name are packages.
    pub fn module(&self, name: &str) -> ModuleBuilder {
        ModuleBuilder::new(self, name)
    }

    /// What programs have written since the last time, to standard output and to standard error, where it is captured
    /// ([`MachineBuilder::capture_output`](crate::MachineBuilder::capture_output)). What they have buffered is flushed first.
    pub fn take_output(&self) -> Result<(Vec<u8>, Vec<u8>)> {
        self.run(|vm| {
            vm.flush_standard_streams();
            Ok(vm.out.take())
        })
    }

    /// Collects garbage, with the finalizers of what is found.
    pub fn collect(&self) -> Result<()> {
        self.run(|vm| {
            vm.collect_now(true);
            Ok(())
        })
    }

    /// Is the machine gone, or broken? Then everything else here is an error.
    pub fn is_over(&self) -> bool {
        self.0.is_over()
    }

    /// Does something in the VM; what it gives holds no value.
    pub(crate) fn run<R>(&self, run: impl FnOnce(&mut Vm) -> PyResult<R>) -> Result<R> {
        self.0.enter_vm(|vm| run(vm).map_err(|_| Error::take(self, vm)))?
    }

    /// Likewise; the value is kept.
    pub(crate) fn run_to_object(&self, run: impl FnOnce(&mut Vm) -> PyResult) -> Result<Object> {
        self.run(|vm| run(vm).map(|value| self.keep(value)))
    }

    /// Keeps a value; to be called where the VM has been entered.
    pub(crate) fn keep(&self, value: Value) -> Object {
        Object::new(self, value)
    }

    /// Refuses what belongs to another machine.
    pub(crate) fn check<'a>(&self, objects: impl IntoIterator<Item = &'a Object>) -> Result<()> {
        let is_own = |object: &Object| Rc::ptr_eq(&object.context().0, &self.0);
        if objects.into_iter().all(is_own) { Ok(()) } else { Err(Error::other_machine()) }
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("is_over", &self.is_over()).field("n_handles", &self.0.handles.len()).finish()
    }
}

fn main_module(vm: &mut Vm) -> PyResult {
    match vm.main_module() {
        Some(module) => Ok(module),
        None => Err(vm.raise_runtime("there is no module __main__")),
    }
}

fn main_names(vm: &mut Vm) -> PyResult {
    let module = main_module(vm)?;
    if !vm.is_a::<ModuleObject>(module) {
        return Err(vm.raise_runtime("__main__ is no module"));
    }
    Ok(vm.module_dict(module))
}
