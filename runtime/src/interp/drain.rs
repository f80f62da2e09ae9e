//! Draining generators: natives that take all items of an iterable run a Python loop over a generator, whose body is
//! then inlined into the compiled loop. Each generator's code has loops of its own, so that they see one code only.

use super::code::{CO_HIDDEN, Code};
use crate::bytecode::{CompileOptions, RawCode, RawConst, compile};
use crate::object::argument::method;
use crate::object::layout::GeneratorObject;
use crate::object::native::NativeRow;
use crate::object::types::BuiltinType;
use crate::trace::{NativeCall, Traced};
use crate::value::Value;
use crate::vm::{PyResult, Vm};
use hashbrown::HashMap;

/// So many loops are made at most; then generators share one of each.
const MAX_LOOPS: usize = 512;

macro_rules! drains {
    ($($(#[$doc:meta])* $name:ident = $function:literal;)*) => {
        /// A loop over a generator, by the function of `drain.py` that it is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Drain { $($(#[$doc])* $name,)* }
        impl Drain {
            fn name(self) -> &'static str { match self { $(Drain::$name => $function,)* } }
        }
    };
}

drains! {
    /// Appends all items to an exact list.
    Extend = "extend";
    /// Adds all items to an exact set.
    Update = "update";
    /// The sum of the items, from an int on.
    AddUp = "add_up";
    /// The largest item, or the argument where there is none.
    Largest = "largest";
    Smallest = "smallest";
    AllTrue = "all_true";
    AnyTrue = "any_true";
}

/// What the loops use.
const NATIVES: &[NativeRow] = &[
    method("is_int", "(item, /)", |item: Value| item.is_int()).traced(trace_is_int).doc("Is it an int of a word?"),
    method("add_up_rest", "(items, total, item, /)", |vm: &mut Vm, items: Value, total: Value, item: Value| {
        let total = vm.binary_op(crate::object::operate::op::ADD, total, item)?;
        vm.add_up(items, total)
    })
    .doc("A total, an item, and all items that are left, added up."),
];

fn trace_is_int(call: &mut NativeCall<'_>) -> Traced {
    let &[item] = call.arguments() else { return Ok(None) };
    Ok(call.int(item)?.map(|_| call.constant(Value::TRUE)))
}

/// The loops that were made.
#[derive(Default)]
pub struct Drains {
    source: Option<Box<RawCode>>,
    /// By kind and address of the generator's code (0: shared): where among the VM's roots the function is.
    functions: HashMap<(Drain, u64), usize>,
    /// Likewise: the namespace that all have.
    globals: Option<usize>,
}

impl Vm {
    /// Runs a loop over `items`, if that is a generator; `None` where it is not.
    pub(crate) fn drain(&mut self, drain: Drain, items: Value, argument: Option<Value>) -> PyResult<Option<Value>> {
        if !self.is_exact(items, BuiltinType::Generator) {
            return Ok(None);
        }
        // SAFETY: an exact generator.
        let code = unsafe { (*items.as_ptr::<GeneratorObject>()).frame.code };
        let function = match self.drains.functions.get(&(drain, code as u64)) {
            Some(&place) => self.roots[place],
            None => self.new_drain(drain, code as u64)?,
        };
        // Who calls is one level up, as with a native.
        let hidden = u32::from(self.depth > 0);
        self.depth -= hidden;
        let result = match argument {
            Some(argument) => self.call(function, &[items, argument]),
            None => self.call(function, &[items]),
        };
        self.depth += hidden;
        result.map(Some)
    }

    #[cold]
    fn new_drain(&mut self, drain: Drain, code: u64) -> PyResult {
        let is_shared = self.drains.functions.len() >= MAX_LOOPS;
        if is_shared && let Some(&place) = self.drains.functions.get(&(drain, 0)) {
            return Ok(self.roots[place]);
        }
        let source = match self.drains.source.take() {
            Some(source) => source,
            None => match compile(include_bytes!("drain.py"), "<drain>", &CompileOptions::default()) {
                Ok(source) => Box::new(source),
                Err(info) => return Err(self.raise_syntax(&info)),
            },
        };
        let function = self.function_of(&source, drain);
        self.drains.source = Some(source);
        let function = function?;
        let place = self.add_root(function);
        self.drains.functions.insert((drain, if is_shared { 0 } else { code }), place);
        Ok(function)
    }

    fn function_of(&mut self, source: &RawCode, drain: Drain) -> PyResult {
        let raw = source.consts.iter().find_map(|constant| match constant {
            RawConst::Code(code) if code.name == drain.name() => Some(code),
            _ => None,
        });
        let mut raw = raw.expect("`drain.py` has a function for each row").clone();
        raw.flags |= CO_HIDDEN;
        let code = self.new_code(&raw)?;
        let globals = match self.drains.globals {
            Some(place) => self.roots[place],
            None => {
                let globals = self.new_dict();
                self.add_functions(globals, "builtins", NATIVES);
                self.drains.globals = Some(self.add_root(globals));
                globals
            }
        };
        Ok(self.new_function(code, globals))
    }

    /// Keeps a value alive for good; its place among the roots.
    fn add_root(&mut self, value: Value) -> usize {
        self.roots.push(value);
        self.roots.len() - 1
    }
}

impl Code {
    /// Its frames are not seen by Python code.
    pub fn is_hidden(&self) -> bool {
        self.flags & CO_HIDDEN != 0
    }
}
