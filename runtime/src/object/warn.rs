//! What the VM itself warns of, through the native module `_warnings`: nobody warns where an embedder left that out.

use super::layout::TypeObject;
use crate::bytecode::{SyntaxErrorInfo, SyntaxWarning, literals};
use crate::object::layout::{ComplexObject, FloatObject, IntObject};
use crate::value::Value;
use crate::vm::{PyResult, Raised, Vm};

const MODULE: &str = "_warnings";

impl Vm {
    /// The module that knows who is told of what.
    fn warnings_module(&mut self) -> PyResult<Option<Value>> {
        match self.import_dotted(MODULE) {
            Ok(module) => Ok(Some(module)),
            Err(Raised) if self.take_module_not_found(MODULE) => Ok(None),
            Err(raised) => Err(raised),
        }
    }

    /// Warns of what the running frame does.
    pub fn warn(&mut self, class: *mut TypeObject, message: &str) -> PyResult<()> {
        self.warn_at(class, message, 1)
    }

    /// Likewise, as if so many frames further out, less one.
    pub fn warn_at(&mut self, class: *mut TypeObject, message: &str, level: i64) -> PyResult<()> {
        let Some(module) = self.warnings_module()? else { return Ok(()) };
        let (name, message) = (self.intern("warn"), self.new_str(message));
        self.call_method(module, name, &[message, Value::object(class), Value::small_int(level)]).map(|_| ())
    }

    /// Warns that an encoding is not given, where that is asked for.
    pub fn warn_of_encoding(&mut self, level: i64) -> PyResult<()> {
        if !self.warns_of_encoding {
            return Ok(());
        }
        self.warn_at(self.exceptions.EncodingWarning, "'encoding' argument not specified", level)
    }

    /// Warns of a mixture of bytes and text, where the command line asks for that.
    pub fn warn_of_bytes(&mut self, message: &str) -> PyResult<()> {
        if self.warns_of_bytes { self.warn(self.exceptions.BytesWarning, message) } else { Ok(()) }
    }

    /// Likewise, of bytes that are compared with text or a number.
    pub fn warn_of_comparison(&mut self, bytes: &str, other: Value) -> PyResult<()> {
        if !self.warns_of_bytes {
            return Ok(());
        }
        let other = match other {
            _ if self.is_str(other) => "string",
            _ if self.is_int_like(other) => "int",
            _ => return Ok(()),
        };
        self.warn_of_bytes(&format!("Comparison between {bytes} and {other}"))
    }

    /// Warns of a conversion whose method gave an object of a class that derives from the one that is wanted.
    pub fn warn_of_derived(&mut self, result: Value, method: &str, wanted: &str) -> PyResult<()> {
        let is_exact = match wanted {
            "int" => !result.is_bool() && (result.is_int() || self.is_exactly::<IntObject>(result)),
            "complex" => self.is_exactly::<ComplexObject>(result),
            _ => result.is_float() || self.is_exactly::<FloatObject>(result),
        };
        if is_exact {
            return Ok(());
        }
        let given = self.class_name(result);
        let message = format!(
            "{method} returned non-{wanted} (type {given}).  The ability to return an instance of a strict subclass of {wanted} is deprecated, and may be removed in a future version of Python."
        );
        self.warn(self.exceptions.DeprecationWarning, &message)
    }

    /// Warns of a coroutine that dies and never ran.
    pub(crate) fn warn_of_unawaited(&mut self, coroutine: Value) -> PyResult<()> {
        let name = self.intern("_warn_unawaited_coroutine");
        match self.import_dotted("warnings") {
            Ok(warnings) => self.call_method(warnings, name, &[coroutine]).map(|_| ()),
            Err(Raised) if self.take_module_not_found("warnings") => {
                let name = self.get_attr(coroutine, self.names.__qualname__)?;
                let name = self.str_string(name)?;
                self.warn(self.exceptions.RuntimeWarning, &format!("coroutine '{name}' was never awaited"))
            }
            Err(raised) => Err(raised),
        }
    }

    /// Warns of what the compiler found in a source; where that is to be an error, it is a SyntaxError.
    pub fn warn_of_syntax(&mut self, filename: &str, warnings: &[SyntaxWarning]) -> PyResult<()> {
        if warnings.is_empty() {
            return Ok(());
        }
        let Some(module) = self.warnings_module()? else { return Ok(()) };
        let (name, file) = (self.intern("warn_explicit"), self.new_str(filename));
        for warning in warnings {
            let message = self.new_str(&warning.message);
            let class = self.exceptions.SyntaxWarning;
            let arguments = [message, Value::object(class), file, Value::small_int(warning.line.into())];
            if let Err(raised) = self.call_method(module, name, &arguments) {
                if !self.exception_matches(class) {
                    return Err(raised);
                }
                self.clear_exception();
                let mut info = SyntaxErrorInfo::without_place(warning.message.replace(literals::FUTURE, ""), filename);
                info.lineno = Some(warning.line);
                info.offset = Some(warning.column as i32);
                return Err(self.raise_syntax(&info));
            }
        }
        Ok(())
    }

    /// Has the module `warnings` read the options of the command line, where there are any.
    pub fn read_warning_options(&mut self, options: &[String]) -> PyResult<()> {
        let sys = self.import_dotted("sys")?;
        let list = self.new_list(&[])?;
        for option in options {
            let option = self.new_str(option);
            self.list_push(list.as_ptr(), option)?;
        }
        self.set_module_entry(sys, "warnoptions", list);
        if options.is_empty() { Ok(()) } else { self.import_dotted("warnings").map(|_| ()) }
    }
}
