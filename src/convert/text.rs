//! Text and bytes.

use stitch_runtime::object::buffer::copied_bytes;

use super::{FromPython, ToPython, misfit};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::object::Object;

impl ToPython for &str {
    fn to_python(self, context: &Context) -> Result<Object> {
        context.run_to_object(|vm| Ok(vm.new_str(self)))
    }
}

impl ToPython for String {
    fn to_python(self, context: &Context) -> Result<Object> {
        self.as_str().to_python(context)
    }
}

impl ToPython for &String {
    fn to_python(self, context: &Context) -> Result<Object> {
        self.as_str().to_python(context)
    }
}

impl ToPython for char {
    fn to_python(self, context: &Context) -> Result<Object> {
        self.encode_utf8(&mut [0; 4]).to_python(context)
    }
}

impl ToPython for &mut str {
    fn to_python(self, context: &Context) -> Result<Object> {
        (&*self).to_python(context)
    }
}

impl FromPython for String {
    fn from_python(object: &Object) -> Result<String> {
        let text = object.context().run(|vm| {
            let value = object.value();
            Ok(vm.is_str(value).then(|| String::from_utf8(vm.str_of(value).view().to_wtf8())))
        })?;
        match text {
            Some(Ok(text)) => Ok(text),
            Some(Err(_)) => Err(Error::value_error("the str has surrogates, which no String can have")),
            None => Err(misfit(object, "str")),
        }
    }
}

impl FromPython for char {
    fn from_python(object: &Object) -> Result<char> {
        let text = String::from_python(object)?;
        let mut all = text.chars();
        match (all.next(), all.next()) {
            (Some(character), None) => Ok(character),
            _ => Err(Error::value_error("expected one character")),
        }
    }
}

/// Bytes: a `Vec<u8>` by itself is a list of ints.
///
/// ```
/// use stitch::Bytes;
///
/// let machine = stitch::Machine::new()?;
/// machine.set("data", Bytes(vec![1, 2, 255]))?;
/// assert_eq!(machine.eval("data[::-1]")?.extract::<Bytes>()?, Bytes(vec![255, 2, 1]));
/// assert_eq!(machine.eval("list(data)")?.extract::<Vec<u8>>()?, [1, 2, 255]);
/// # Ok::<(), stitch::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bytes(pub Vec<u8>);

impl ToPython for Bytes {
    fn to_python(self, context: &Context) -> Result<Object> {
        context.run_to_object(|vm| vm.new_bytes(&self.0))
    }
}

impl FromPython for Bytes {
    fn from_python(object: &Object) -> Result<Bytes> {
        object.context().run(|vm| copied_bytes(vm, object.value())).map(Bytes)
    }
}
