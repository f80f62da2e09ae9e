//! Closures as functions.

use std::any::Any;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use stitch_runtime::embed::hosted::HostCall;
use stitch_runtime::object::native::Arguments;
use stitch_runtime::{PyResult, Vm};

use crate::arguments::{FromArguments, Given};
use crate::context::Context;
use crate::convert::ToPython;
use crate::error::{Error, Result};
use crate::object::Object;

/// A closure that can be a Python function: one of up to eight parameters that are [`FromArguments`], whose result is
/// [`IntoResult`]. `P` is told by the closure.
pub trait Function<P> {
    /// Calls it with what was given.
    fn call_with(&self, context: &Context, given: Given) -> Result<Object>;
}

/// What a closure may give: a value that is [`ToPython`], or a `Result` of one.
pub trait IntoResult {
    /// As an object of the machine.
    fn into_object(self, context: &Context) -> Result<Object>;
}

impl<T: ToPython> IntoResult for T {
    fn into_object(self, context: &Context) -> Result<Object> {
        context.object(self)
    }
}

impl<T: ToPython, E: Into<Error>> IntoResult for Result<T, E> {
    fn into_object(self, context: &Context) -> Result<Object> {
        context.object(self.map_err(Into::into)?)
    }
}

macro_rules! functions {
    ($(($($name:ident $variable:ident),*))*) => {$(
        impl<F, R, $($name),*> Function<fn($($name),*) -> R> for F
        where
            F: Fn($($name),*) -> R,
            R: IntoResult,
            $($name: FromArguments),*
        {
            fn call_with(&self, context: &Context, mut given: Given) -> Result<Object> {
                let given = &mut given;
                $(let $variable = $name::take(given)?;)*
                given.end()?;
                self($($variable),*).into_object(context)
            }
        }
    )*};
}

functions! {
    ()
    (A a)
    (A a, B b)
    (A a, B b, C c)
    (A a, B b, C c, D d)
    (A a, B b, C c, D d, E e)
    (A a, B b, C c, D d, E e, F1 f)
    (A a, B b, C c, D d, E e, F1 f, G g)
    (A a, B b, C c, D d, E e, F1 f, G g, H h)
}

/// A closure whose parameters' types are forgotten.
type Call = dyn Fn(&Context, Given) -> Result<Object>;

/// What a function object owns.
pub(crate) struct Closure {
    context: Context,
    name: String,
    call: Box<Call>,
}

impl Closure {
    pub fn new<P>(context: &Context, name: &str, closure: impl Function<P> + 'static) -> Rc<Closure> {
        let call = Box::new(move |context: &Context, given: Given| closure.call_with(context, given));
        Rc::new(Closure { context: context.clone(), name: name.to_owned(), call })
    }
}

impl HostCall for Closure {
    fn call(&self, vm: &mut Vm, arguments: Arguments<'_>) -> PyResult {
        let context = &self.context;
        let (positional, named) = arguments.values.split_at(arguments.n_positional());
        let positional: Vec<Object> = positional.iter().map(|&value| context.keep(value)).collect();
        let names = arguments.keyword_names().iter().map(|&name| vm.string_of(name));
        let keywords: HashMap<_, _> = names.zip(named.iter().map(|&value| context.keep(value))).collect();
        let given = Given::new(context.clone(), &self.name, positional, keywords);
        let run = AssertUnwindSafe(|| (self.call)(context, given));
        let result = context.0.leave(vm, || catch_unwind(run).unwrap_or_else(|panic| Err(told(&self.name, &*panic))));
        // Handles are given back, and the last look at one is here.
        match result {
            Ok(object) if context.check(Some(&object)).is_ok() => Ok(object.value()),
            Ok(_) => Err(Error::other_machine().raise(context, vm)),
            Err(error) => Err(error.raise(context, vm)),
        }
    }

    fn bury(self: Rc<Closure>) {
        let keeper = self.context.0.clone();
        keeper.bury(self);
    }
}

/// A panic of a closure.
fn told(name: &str, panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().map(|text| text.to_string());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
    Error::new("SystemError", format!("{name}() panicked: {text}"))
}
