//! The interactive interpreter: on a terminal the library's line editor, elsewhere a plain loop of prompts and statements.

use crate::object::argument::Str;
use crate::object::exception::TRACEBACK;
use crate::object::native::Arguments;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// What statements are called in tracebacks.
const FILENAME: &str = "<stdin>";
const INVITATION: &str = "Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.";

/// A code object, and the text that it was made of.
struct Statement {
    code: Value,
    text: String,
}

impl Vm {
    /// Writes which Python this is.
    pub fn write_banner(&mut self, invites: bool) {
        let parts = ["version", "platform"].map(|name| {
            let key = self.intern(name);
            self.sys_entry(key).map_or_else(String::new, |value| self.string_of(value))
        });
        let invitation = if invites { format!("{INVITATION}\n") } else { String::new() };
        self.write_error(&format!("Python {} on {}\n{invitation}", parts[0], parts[1]));
    }

    /// Runs the file that `PYTHONSTARTUP` names in the namespace of `__main__`. Err: its SystemExit.
    pub fn run_startup_file(&mut self, path: &str, namespace: Value) -> PyResult<()> {
        let result = (|| {
            let tokenize = self.import_dotted("tokenize")?;
            let (open, path_value) = (self.intern("open"), self.new_str(path));
            let file = self.call_method(tokenize, open, &[path_value])?;
            let (read, close) = (self.intern("read"), self.intern("close"));
            let text = self.call_method(file, read, &[])?;
            self.call_method(file, close, &[])?;
            let text = self.string_of(text);
            let options = crate::bytecode::CompileOptions { optimize: self.optimize, ..Default::default() };
            let code = self.compile(text.as_bytes(), path, &options)?;
            self.run_code(code, namespace, namespace)
        })();
        match result {
            Ok(_) => Ok(()),
            Err(Raised) => self.tell_unless_exit(),
        }
    }

    /// The module `__main__`.
    pub fn main_module(&mut self) -> Option<Value> {
        let key = self.intern("__main__");
        self.dict_get_name(self.modules, key)
    }

    /// Calls what `site` has set up for interactive use.
    pub fn run_interactive_hook(&mut self) -> PyResult<()> {
        let name = self.intern("__interactivehook__");
        let Some(hook) = self.sys_entry(name) else { return Ok(()) };
        match self.call(hook, &[]) {
            Ok(_) => Ok(()),
            Err(Raised) => self.tell_unless_exit(),
        }
    }

    /// The library's line editor, with `__main__`'s namespace.
    pub fn edit_interactively(&mut self, main: Value) -> PyResult<()> {
        let editor = self.import_dotted("_pyrepl.main")?;
        let name = self.intern("interactive_console");
        let console = self.get_attr(editor, name)?;
        self.call(console, &[main]).map(drop)
    }

    /// Prompts on `sys.stderr`, reads statements from `sys.stdin` and runs each in the namespace, until the input ends. Err:
    /// the SystemExit of one of them.
    pub fn interact(&mut self, namespace: Value) -> PyResult<()> {
        let sys = self.import_dotted("sys")?;
        for (name, prompt) in [("ps1", ">>> "), ("ps2", "... ")] {
            let key = self.intern(name);
            if self.sys_entry(key).is_none() {
                let prompt = self.new_str(prompt);
                self.set_module_entry(sys, name, prompt);
            }
        }
        let compiler = {
            let codeop = self.import_dotted("codeop")?;
            let name = self.intern("CommandCompiler");
            self.call_method(codeop, name, &[])?
        };
        loop {
            match self.next_statement(compiler) {
                Ok(None) => return Ok(()),
                Ok(Some(statement)) => {
                    if let Err(Raised) = self.run_statement(&statement, namespace) {
                        self.tell_unless_exit()?;
                    }
                }
                Err(Raised) => self.tell_of_input()?,
            }
        }
    }

    /// Reads lines until they are a statement. None: there are no more.
    fn next_statement(&mut self, compiler: Value) -> PyResult<Option<Statement>> {
        let mut text = String::new();
        loop {
            let line = match self.prompted_line(if text.is_empty() { "ps1" } else { "ps2" }) {
                Ok(line) => line,
                Err(Raised) if self.is_instance(self.exception, self.exceptions.KeyboardInterrupt) => {
                    return Err(Raised);
                }
                // Nothing can be read from there: the next attempt would fail as well.
                Err(Raised) => {
                    self.tell_unless_exit()?;
                    return Ok(None);
                }
            };
            let is_end = line.is_empty();
            if is_end {
                self.write_error("\n");
                if text.is_empty() {
                    return Ok(None);
                }
            }
            text.push_str(&line);
            let code = self.compile_lines(compiler, &text, is_end)?;
            if !code.is_none() {
                return Ok(Some(Statement { code, text }));
            }
        }
    }

    /// None where more lines are wanted. The library's compiler knows that, and keeps the features imported from `__future__`.
    fn compile_lines(&mut self, compiler: Value, text: &str, is_end: bool) -> PyResult {
        // It takes lines as they are typed, the last without its end.
        let lines = text.strip_suffix('\n').filter(|_| !is_end).unwrap_or(text);
        let (lines, filename, mode) = (self.new_str(lines), self.new_str(FILENAME), self.new_str("single"));
        if !is_end {
            return self.call(compiler, &[lines, filename, mode]);
        }
        let (compiler_name, option) = (self.intern("compiler"), self.intern("incomplete_input"));
        let compiler = self.get_attr(compiler, compiler_name)?;
        let names = self.new_tuple(&[option]);
        self.call_with(compiler, Arguments { values: &[lines, filename, mode, Value::FALSE], names })
    }

    /// Writes a prompt and reads a line with its end; empty at the end of the input.
    fn prompted_line(&mut self, prompt: &str) -> PyResult<String> {
        let key = self.intern(prompt);
        if let Some(prompt) = self.sys_entry(key) {
            let text = match self.str(prompt) {
                Ok(text) => self.string_of(text),
                Err(Raised) => {
                    self.clear_exception();
                    String::new()
                }
            };
            self.write_error(&text);
        }
        let Some(input) = self.standard_stream("stdin")? else { return Ok(String::new()) };
        let name = self.intern("readline");
        let line = self.call_method(input, name, &[])?;
        if Str::of(self, line).is_none() {
            return Err(self.raise_type("object.readline() returned non-string"));
        }
        Ok(self.string_of(line))
    }

    fn run_statement(&mut self, &Statement { code, ref text }: &Statement, namespace: Value) -> PyResult<()> {
        // So that tracebacks show the lines.
        let cache = self.import_dotted("linecache")?;
        let (name, text, filename) = (self.intern("_register_code"), self.new_str(text), self.new_str(FILENAME));
        self.call_method(cache, name, &[code, text, filename])?;
        self.run_code(code, namespace, namespace).map(drop)
    }

    /// Tells what kept lines from being a statement.
    fn tell_of_input(&mut self) -> PyResult<()> {
        if self.is_instance(self.exception, self.exceptions.KeyboardInterrupt) {
            self.clear_exception();
            self.write_error("\nKeyboardInterrupt\n");
            return Ok(());
        }
        if self.is_instance(self.exception, self.exceptions.SyntaxError) {
            // Where the compiler was called is of no interest.
            self.set_exception_slot(self.exception, TRACEBACK, Value::NONE);
        }
        self.tell_unless_exit()
    }

    /// Tells of the pending exception; Err: it is SystemExit, and pending still.
    fn tell_unless_exit(&mut self) -> PyResult<()> {
        let exception = self.take_exception();
        let exit = match self.is_instance(exception, self.exceptions.SystemExit) {
            true => Some(exception),
            false => self.tell_of_uncaught(exception),
        };
        exit.map_or(Ok(()), |exit| Err(self.raise_value_object(exit)))
    }
}
