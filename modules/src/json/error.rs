//! What is wrong with a JSON text.

use stitch_runtime::{Raised, Value, Vm};

pub enum Failure {
    /// JSONDecodeError: this, there.
    At(&'static str, usize),
    /// There is no value at this place, which callers tell by StopIteration.
    NoValue(usize),
    Raised,
}

impl From<Raised> for Failure {
    fn from(_: Raised) -> Failure {
        Failure::Raised
    }
}

impl Failure {
    pub fn raise(self, vm: &mut Vm, text: Value) -> Raised {
        match self {
            Failure::Raised => Raised,
            Failure::NoValue(at) => {
                let at = vm.new_int_from_usize(at);
                vm.raise_stop_iteration(at)
            }
            Failure::At(message, at) => raise_decode_error(vm, message, text, at).unwrap_or_else(|raised| raised),
        }
    }
}

fn raise_decode_error(vm: &mut Vm, message: &str, text: Value, at: usize) -> Result<Raised, Raised> {
    let module = vm.import_dotted("json.decoder")?;
    let name = vm.intern("JSONDecodeError");
    let class = vm.get_attr(module, name)?;
    let (message, at) = (vm.new_str(message), vm.new_int_from_usize(at));
    let error = vm.call(class, &[message, text, at])?;
    if !vm.is_exception(error) {
        return Err(vm.raise_type("exceptions must derive from BaseException"));
    }
    Ok(vm.raise_value_object(error))
}
