//! Type parameters (PEP 695).

use super::receiver::tuple_of;
use crate::object::types::BuiltinType;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

impl Vm {
    /// Type parameters and aliases, by the number of the intrinsic that makes them: objects of the module `typing`.
    pub fn type_parameter(&mut self, intrinsic: usize, value: Value) -> PyResult {
        let typing = self.import_dotted("typing")?;
        let name = match intrinsic {
            7 => "TypeVar",
            8 => "ParamSpec",
            9 => "TypeVarTuple",
            10 => "Generic",
            _ => "TypeAliasType",
        };
        let name = self.intern(name);
        let class = self.get_attr(typing, name)?;
        match intrinsic {
            7..=9 => {
                let parameter = self.call(class, &[value])?;
                let name = self.intern("__infer_variance__");
                self.set_attr(parameter, name, Value::TRUE)?;
                Ok(parameter)
            }
            10 => self.get_item(class, value),
            _ => {
                if !self.is_exact(value, BuiltinType::Tuple) || tuple_of(value).len != 3 {
                    return Err(self.raise_type("a type alias takes a name, its parameters and its value"));
                }
                let parts = tuple_of(value).items();
                let of_function = self.intern("_of_function");
                self.call_method(class, of_function, parts)
            }
        }
    }
}
