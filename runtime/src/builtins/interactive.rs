//! The interactive interpreter: on a terminal the library's line editor, elsewhere a plain loop of prompts and statements.

use crate::object::argument::Str;
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

/// What statements are called in tracebacks.
const FILENAME: &str = "<stdin>";
const INVITATION: &str = "Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.";

/// What the loop is to do next.
enum Step {
    /// To run this code object, made of this text.
    Run(Value, String),
    /// The input has ended; the text that it left begun, if any, has been turned into code.
    End(Option<(Value, String)>),
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
    pub fn main_module(&mut self) -> PyResult {
        let key = self.intern("__main__");
        match self.dict_get_name(self.modules, key) {
            Some(main) => Ok(main),
            None => Err(self.raise_runtime("lost __main__")),
        }
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
            let (step, is_last) = match self.next_statement(compiler) {
                Ok(Step::Run(code, text)) => (Some((code, text)), false),
                Ok(Step::End(rest)) => (rest, true),
                Err(Raised) => {
                    self.tell_of_interactive()?;
                    continue;
                }
            };
            if let Some((code, text)) = step
                && self.run_statement(code, &text, namespace).is_err()
            {
                self.tell_of_interactive()?;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    /// Lines until they are a statement.
    fn next_statement(&mut self, compiler: Value) -> PyResult<Step> {
        let mut source = String::new();
        loop {
            let line = self.prompted_line(if source.is_empty() { "ps1" } else { "ps2" })?;
            let is_end = line.is_empty();
            if is_end {
                self.write_error("\n");
                if source.is_empty() {
                    return Ok(Step::End(None));
                }
            }
            source.push_str(line.trim_end_matches('\n'));
            source.push('\n');
            // The compiler of the library knows what is unfinished, and keeps the features imported from `__future__`.
            let (text, filename, mode) = (self.new_str(&source), self.new_str(FILENAME), self.new_str("single"));
            let code = self.call(compiler, &[text, filename, mode])?;
            match (code.is_none(), is_end) {
                (true, false) => {}
                (true, true) => return Ok(Step::End(None)),
                (false, true) => return Ok(Step::End(Some((code, source)))),
                (false, false) => return Ok(Step::Run(code, source)),
            }
        }
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

    fn run_statement(&mut self, code: Value, text: &str, namespace: Value) -> PyResult<()> {
        // So that tracebacks show the lines.
        let cache = self.import_dotted("linecache")?;
        let (name, text, filename) = (self.intern("_register_code"), self.new_str(text), self.new_str(FILENAME));
        self.call_method(cache, name, &[code, text, filename])?;
        self.run_code(code, namespace, namespace).map(drop)
    }

    /// Tells of the pending exception, and goes on; Err: it is SystemExit, and pending still.
    fn tell_of_interactive(&mut self) -> PyResult<()> {
        let exception = self.take_exception();
        if self.is_instance(exception, self.exceptions.KeyboardInterrupt) {
            self.write_error("\nKeyboardInterrupt\n");
            return Ok(());
        }
        self.tell_or_leave(exception)
    }

    fn tell_unless_exit(&mut self) -> PyResult<()> {
        let exception = self.take_exception();
        self.tell_or_leave(exception)
    }

    fn tell_or_leave(&mut self, exception: Value) -> PyResult<()> {
        let exit = match self.is_instance(exception, self.exceptions.SystemExit) {
            true => Some(exception),
            false => self.tell_of_uncaught(exception),
        };
        exit.map_or(Ok(()), |exit| Err(self.raise_value_object(exit)))
    }
}
