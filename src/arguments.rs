//! What calls are given: from Rust to Python, and from Python to closures.

use std::collections::HashMap;

use crate::context::Context;
use crate::convert::{FromPython, ToPython};
use crate::error::{Error, Result};
use crate::object::Object;

/// Positional arguments of a call: a tuple of values of any types, or a `Vec`, array or slice of values of one.
pub trait CallArguments {
    /// As objects of the machine.
    fn into_objects(self, context: &Context) -> Result<Vec<Object>>;
}

impl<T: ToPython> CallArguments for Vec<T> {
    fn into_objects(self, context: &Context) -> Result<Vec<Object>> {
        self.into_iter().map(|value| context.object(value)).collect()
    }
}

impl<T: ToPython, const N: usize> CallArguments for [T; N] {
    fn into_objects(self, context: &Context) -> Result<Vec<Object>> {
        self.into_iter().map(|value| context.object(value)).collect()
    }
}

impl<T: ToPython + Clone> CallArguments for &[T] {
    fn into_objects(self, context: &Context) -> Result<Vec<Object>> {
        self.iter().map(|value| context.object(value.clone())).collect()
    }
}

impl CallArguments for () {
    fn into_objects(self, _: &Context) -> Result<Vec<Object>> {
        Ok(Vec::new())
    }
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),+))*) => {$(
        impl<$($name: ToPython),+> CallArguments for ($($name,)+) {
            fn into_objects(self, context: &Context) -> Result<Vec<Object>> {
                Ok(vec![$(context.object(self.$index)?),+])
            }
        }
    )*};
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}

/// What a closure is called with, from which its parameters take theirs.
#[derive(Debug)]
pub struct Given {
    context: Context,
    function: String,
    positional: std::vec::IntoIter<Object>,
    keywords: HashMap<String, Object>,
    n_given: usize,
    n_taken: usize,
}

impl Given {
    pub(crate) fn new(
        context: Context,
        function: &str,
        positional: Vec<Object>,
        keywords: HashMap<String, Object>,
    ) -> Given {
        let n_given = positional.len();
        let (function, positional) = (function.to_owned(), positional.into_iter());
        Given { context, function, positional, keywords, n_given, n_taken: 0 }
    }

    /// The next positional argument.
    pub fn take_next(&mut self) -> Option<Object> {
        self.n_taken += 1;
        self.positional.next()
    }

    /// The receiver of a method, which messages do not count.
    pub(crate) fn receiver(&mut self) -> Option<Object> {
        self.n_given = self.n_given.saturating_sub(1);
        self.positional.next()
    }

    /// TypeError where something is left that no parameter takes.
    pub(crate) fn end(&self) -> Result<()> {
        let function = &self.function;
        if self.positional.len() > 0 {
            let n = self.n_taken;
            let (most, given) = (format!("{n} argument{}", if n == 1 { "" } else { "s" }), self.n_given);
            return Err(Error::type_error(format!("{function}() takes at most {most} ({given} given)")));
        }
        match self.keywords.keys().min() {
            Some(name) => Err(Error::type_error(format!("{function}() got an unexpected keyword argument '{name}'"))),
            None => Ok(()),
        }
    }

    fn convert<T: FromPython>(&self, argument: &Object) -> Result<T> {
        T::from_python(argument).map_err(|error| error.at(&format!("{}() argument {}", self.function, self.n_taken)))
    }
}

/// What a parameter of a closure may be: what [`FromPython`] is made for takes the next positional argument, an `Option` may be
/// left out; [`Context`] takes none, and is the machine; [`Rest`] and [`Keywords`] take what is left.
pub trait FromArguments: Sized {
    /// Takes its part. TypeError and others where it cannot.
    fn take(given: &mut Given) -> Result<Self>;
}

impl<T: FromPython> FromArguments for T {
    fn take(given: &mut Given) -> Result<T> {
        match given.take_next() {
            Some(argument) => given.convert(&argument),
            None => T::missing().ok_or_else(|| {
                let (function, place) = (&given.function, given.n_taken);
                Error::type_error(format!("{function}() missing required argument {place}"))
            }),
        }
    }
}

impl FromArguments for Context {
    fn take(given: &mut Given) -> Result<Context> {
        Ok(given.context.clone())
    }
}

/// The positional arguments that the parameters before it have left.
///
/// ```
/// let machine = stitch::Machine::new()?;
/// machine.function("total", |first: f64, rest: stitch::Rest<f64>| first + rest.0.iter().sum::<f64>())?;
/// assert_eq!(machine.eval("total(1, 2.5, 3)")?.extract::<f64>()?, 6.5);
/// # Ok::<(), stitch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest<T>(pub Vec<T>);

impl<T: FromPython> FromArguments for Rest<T> {
    fn take(given: &mut Given) -> Result<Rest<T>> {
        let mut rest = Vec::new();
        while let Some(argument) = given.take_next() {
            rest.push(given.convert(&argument)?);
        }
        Ok(Rest(rest))
    }
}

/// The keyword arguments, by name.
///
/// ```
/// let machine = stitch::Machine::new()?;
/// machine.function("names", |keywords: stitch::Keywords<i64>| keywords.0.len())?;
/// assert_eq!(machine.eval("names(a=1, b=2)")?.extract::<i64>()?, 2);
/// # Ok::<(), stitch::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keywords<T>(pub HashMap<String, T>);

impl<T: FromPython> FromArguments for Keywords<T> {
    fn take(given: &mut Given) -> Result<Keywords<T>> {
        let keywords = std::mem::take(&mut given.keywords);
        let convert = |(name, object): (String, Object)| match T::from_python(&object) {
            Ok(value) => Ok((name, value)),
            Err(error) => Err(error.at(&format!("{}() argument '{name}'", given.function))),
        };
        keywords.into_iter().map(convert).collect::<Result<_>>().map(Keywords)
    }
}
