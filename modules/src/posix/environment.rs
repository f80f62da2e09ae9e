//! The environment, random bytes, and texts about the system.

use super::{OrRaise, raise_errno};
use stitch_runtime::host::{HostError, process};
use stitch_runtime::object::argument::{Index, method};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

pub const FUNCTIONS: &[NativeRow] = &[
    method("putenv", "(name, value, /)", |vm: &mut Vm, name: Value, value: Value| {
        let (name, value) = (vm.fs_c_string(name)?, vm.fs_c_string(value)?);
        if name.as_bytes().contains(&b'=') {
            return Err(vm.raise_value("illegal environment variable name"));
        }
        process::set_variable(&name, &value).or_raise(vm)
    })
    .doc("Sets a variable of the environment."),
    method("unsetenv", "(name, /)", |vm: &mut Vm, name: Value| {
        let name = vm.fs_c_string(name)?;
        process::remove_variable(&name).or_raise(vm)
    })
    .doc("Removes a variable of the environment."),
    method("_create_environ", "()", environ).doc("The environment as it is now."),
    method("urandom", "(size, /)", |vm: &mut Vm, size: Index| {
        let Ok(size) = usize::try_from(size.0) else { return Err(vm.raise_value("negative argument not allowed")) };
        let mut filled = Ok(());
        let bytes = vm.new_bytes_with(size, |buffer| filled = process::fill_with_random(buffer))?;
        filled.or_raise(vm)?;
        Ok(bytes)
    })
    .doc("So many bytes that nobody can foretell."),
    method("getrandom", "(size, flags=0)", |vm: &mut Vm, size: Index, flags: Option<i32>| {
        if size.0 < 0 {
            return Err(raise_errno(vm, libc::EINVAL));
        }
        let flags = flags.unwrap_or(0) as u32;
        super::descriptors::read_up_to(vm, size.0, |buffer| process::random_into(buffer, flags))
    })
    .doc("At most so many random bytes."),
    method("strerror", "(code, /)", |code: i32| HostError::of(code).message).doc("What an error number means."),
];

/// Names and values in bytes.
pub fn environ(vm: &mut Vm) -> PyResult {
    let dict = vm.new_dict();
    for (name, value) in process::environment_bytes() {
        let (name, value) = (vm.new_bytes(&name)?, vm.new_bytes(&value)?);
        vm.dict_set(dict, name, value)?;
    }
    Ok(dict)
}
