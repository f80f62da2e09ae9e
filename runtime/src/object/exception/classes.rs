//! The classes of the built-in exceptions: one table.

use crate::builtins::exception::NEW;
use crate::builtins::exception_fields::*;
use crate::builtins::specs::BASE_EXCEPTION;
use crate::object::class::class_ref;
use crate::object::header::Header;
use crate::object::layout::TypeObject;
use crate::object::spec::{Object, TypeSpec};
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::Vm;

/// All built-in exceptions but their base: what each derives from, what it is for, and what more there is to its specification.
macro_rules! for_each_exception {
    ($apply:ident) => {
        $apply! {
            Exception(BaseException): "The base of all exceptions that programs are meant to handle.";
            GeneratorExit(BaseException): "Raised inside a generator that is being closed.";
            KeyboardInterrupt(BaseException): "The user interrupted the program.";
            SystemExit(BaseException): "A request to end the program.", SYSTEM_EXIT;
            BaseExceptionGroup(BaseException): "Several exceptions together.", BASE_EXCEPTION_GROUP;
            ExceptionGroup(BaseExceptionGroup): "Several exceptions together, each of them an Exception.";
            ArithmeticError(Exception): "The base of arithmetic errors.";
            FloatingPointError(ArithmeticError): "A floating-point operation failed.";
            OverflowError(ArithmeticError): "A result is too large to be had.";
            ZeroDivisionError(ArithmeticError): "A division by zero.";
            AssertionError(Exception): "An assertion does not hold.";
            AttributeError(Exception): "There is no such attribute.", ATTRIBUTE_ERROR;
            BufferError(Exception): "A buffer cannot be had or changed.";
            EOFError(Exception): "The input ended where more was wanted.";
            ImportError(Exception): "A module, or a name in it, cannot be imported.", IMPORT_ERROR;
            ModuleNotFoundError(ImportError): "There is no such module.";
            LookupError(Exception): "The base of errors of looking something up.";
            IndexError(LookupError): "An index is out of range.";
            KeyError(LookupError): "There is no such key.", KEY_ERROR;
            MemoryError(Exception): "There is no memory left.";
            NameError(Exception): "There is no variable of that name.", NAME_ERROR;
            UnboundLocalError(NameError): "A local variable has no value yet.";
            OSError(Exception): "A call into the operating system failed.", OS_ERROR;
            BlockingIOError(OSError): "An operation would have to wait.";
            ChildProcessError(OSError): "An operation on a child process failed.";
            ConnectionError(OSError): "The base of errors of connections.";
            BrokenPipeError(ConnectionError): "Nobody reads from the pipe or socket any more.";
            ConnectionAbortedError(ConnectionError): "A connection was aborted.";
            ConnectionRefusedError(ConnectionError): "A connection was refused.";
            ConnectionResetError(ConnectionError): "A connection was reset.";
            FileExistsError(OSError): "The file exists already.";
            FileNotFoundError(OSError): "There is no such file.";
            InterruptedError(OSError): "A signal interrupted the call.";
            IsADirectoryError(OSError): "A file was wanted, and it is a directory.";
            NotADirectoryError(OSError): "A directory was wanted, and it is none.";
            PermissionError(OSError): "The permission for it is missing.";
            ProcessLookupError(OSError): "There is no such process.";
            TimeoutError(OSError): "Time ran out.";
            ReferenceError(Exception): "The object of a weak reference is gone.";
            RuntimeError(Exception): "An error of no other kind.";
            NotImplementedError(RuntimeError): "A method is for subclasses to define.";
            PythonFinalizationError(RuntimeError): "Too late: the interpreter is shutting down.";
            RecursionError(RuntimeError): "Calls are nested too deeply.";
            StopIteration(Exception): "An iterator has no more items.", STOP_ITERATION;
            StopAsyncIteration(Exception): "An asynchronous iterator has no more items.";
            SyntaxError(Exception): "The source is not valid.", SYNTAX_ERROR;
            IndentationError(SyntaxError): "The indentation is not valid.";
            TabError(IndentationError): "Tabs and spaces are mixed in a way that can be read differently.";
            _IncompleteInputError(SyntaxError): "More lines could mend the source.";
            SystemError(Exception): "An error inside the interpreter.";
            TypeError(Exception): "A value of another type was wanted.";
            ValueError(Exception): "A value of the right type, but not a fitting one.";
            UnicodeError(ValueError): "The base of errors of encoding and decoding text.";
            UnicodeDecodeError(UnicodeError): "Bytes cannot be decoded.", UNICODE_DECODE_ERROR;
            UnicodeEncodeError(UnicodeError): "Text cannot be encoded.", UNICODE_ENCODE_ERROR;
            UnicodeTranslateError(UnicodeError): "Text cannot be translated.", UNICODE_TRANSLATE_ERROR;
            Warning(Exception): "The base of warnings.";
            BytesWarning(Warning): "A warning about bytes and text being mixed.";
            DeprecationWarning(Warning): "A warning about what will go away.";
            EncodingWarning(Warning): "A warning about encodings.";
            FutureWarning(Warning): "A warning about what will mean something else.";
            ImportWarning(Warning): "A warning about imports.";
            PendingDeprecationWarning(Warning): "A warning about what will be deprecated.";
            ResourceWarning(Warning): "A warning about how resources are used.";
            RuntimeWarning(Warning): "A warning about doubtful behaviour at run time.";
            SyntaxWarning(Warning): "A warning about doubtful syntax.";
            UnicodeWarning(Warning): "A warning about text.";
            UserWarning(Warning): "A warning of a program's own.";
        }
    };
}

/// A row's own part of the specification, or nothing.
macro_rules! own_part {
    () => {
        TypeSpec::NEW
    };
    ($own:expr) => {
        $own
    };
}

macro_rules! kinds {
    ($($name:ident($base:ident): $doc:literal $(, $own:expr)?;)*) => {
        /// A specification for each exception, and under the same name the memory of its objects, for receivers:
        /// `This<OSError>`.
        #[expect(non_upper_case_globals, reason = "the names are Python's")]
        pub mod kinds {
            use super::*;
            pub use crate::builtins::specs::BASE_EXCEPTION as BaseException;

            /// Any exception.
            #[repr(C)]
            pub struct BaseException {
                header: Header,
            }

            // SAFETY: every object begins with a header.
            unsafe impl Object for BaseException {
                const SPEC: &'static TypeSpec = &BASE_EXCEPTION;
            }

            $(
                #[doc = $doc]
                pub static $name: TypeSpec = TypeSpec {
                    name: stringify!($name),
                    doc: $doc,
                    base: Some(&$base),
                    is_base: true,
                    has_dict: true,
                    ..own_part!($($own)?)
                };

                #[doc = $doc]
                #[repr(C)]
                pub struct $name {
                    header: Header,
                }

                // SAFETY: every object begins with a header.
                unsafe impl Object for $name {
                    const SPEC: &'static TypeSpec = &$name;
                }
            )*
        }

        /// The built-in exception classes.
        #[expect(non_snake_case, reason = "the names are Python's")]
        #[derive(Clone, Copy)]
        pub struct ExceptionClasses { pub BaseException: *mut TypeObject, $(pub $name: *mut TypeObject,)* }

        impl ExceptionClasses {
            pub const fn unset() -> ExceptionClasses {
                ExceptionClasses { BaseException: std::ptr::null_mut(), $($name: std::ptr::null_mut(),)* }
            }
            /// All, with their specifications.
            pub fn all(&self) -> Vec<(&'static TypeSpec, *mut TypeObject)> {
                vec![(&BASE_EXCEPTION, self.BaseException), $((&kinds::$name, self.$name),)*]
            }
        }

        impl Vm {
            pub(crate) fn make_exception_classes(&mut self) {
                self.exceptions.BaseException = self.make_base_exception();
                $(self.exceptions.$name = self.make_exception_class(&kinds::$name, self.exceptions.$base);)*
            }
        }
    };
}

for_each_exception! { kinds }

impl Vm {
    fn make_exception_class(&mut self, spec: &'static TypeSpec, base: *mut TypeObject) -> *mut TypeObject {
        let name = self.intern(spec.name);
        let namespace = self.new_dict();
        let bases: &[Value] = if base == self.exceptions.BaseExceptionGroup {
            &[Value::object(base), Value::object(self.exceptions.Exception)]
        } else {
            &[Value::object(base)]
        };
        let class =
            self.new_class(self.class(BuiltinType::Type), name, bases, namespace).expect("exception classes are sound");
        self.forget_instance_members(class, true);
        let object = class_ref(class);
        object.flags = TypeObject::EXCEPTION | TypeObject::IMMUTABLE | TypeObject::HAS_DICT;
        object.spec = spec;
        self.roots.push(Value::object(class));
        self.classes_of_specs.insert(std::ptr::from_ref(spec) as usize, class);
        if let Some(fields) = &spec.fields {
            self.add_fields(class, fields);
        }
        class
    }

    /// Gives the exception classes what their specifications say.
    pub(in crate::object) fn finish_exception_classes(&mut self) {
        for (spec, class) in self.exceptions.all() {
            if class == self.exceptions.BaseException {
                continue;
            }
            self.fill_class(class, spec);
            // Those that add nothing have a `__new__` of their own, and so have the errors of encodings.
            let adds_nothing = class_ref(class).solid == self.exceptions.BaseException && spec.slots.str.is_none();
            let has_own =
                class != self.exceptions.UnicodeError && self.is_subclass(class, self.exceptions.UnicodeError);
            if adds_nothing || has_own {
                self.add_new(class, NEW);
            }
        }
        let group = class_ref(self.exceptions.ExceptionGroup).dict;
        let module = self.intern("builtins");
        self.dict_set_name(group, self.names.__module__, module);
    }
}
