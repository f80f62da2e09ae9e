//! Classes and functions: by module and name.

use super::opcode::*;
use super::pickler::{Pickler, ThisPickler};
use super::save::save;
use super::{Kind, python, raise};
use stitch_runtime::object::argument::Str;
use stitch_runtime::{PyResult, Value, Vm};

pub fn save_global(vm: &mut Vm, mut this: ThisPickler, object: Value, name: Option<Value>) -> PyResult<()> {
    let name = match name {
        Some(name) => name,
        None => {
            let qualified = vm.intern("__qualname__");
            match vm.get_attr_opt(object, qualified)?.filter(|name| !name.is_none()) {
                Some(name) => name,
                None => {
                    let plain = vm.intern("__name__");
                    vm.get_attr(object, plain)?
                }
            }
        }
    };
    let module = module_of(vm, object, name)?;
    if this.protocol >= 2 && save_extension(vm, this, module, name)? {
        return Ok(());
    }
    if this.protocol >= 4 {
        save(vm, this, module, true)?;
        save(vm, this, name, true)?;
        this.out.byte(STACK_GLOBAL);
        return Pickler::memoize(this, vm, object);
    }
    let Some(text) = Str::of(vm, name).map(Str::text) else {
        return Err(vm.raise_type("a name must be a str"));
    };
    let Some((first, rest)) = text.split_once('.') else {
        write_name(vm, this, module, name)?;
        return Pickler::memoize(this, vm, object);
    };
    // An attribute of an attribute: `getattr` is called for each.
    let getattr = vm.builtin("getattr");
    for _ in rest.split('.') {
        save(vm, this, getattr, true)?;
        if this.protocol < 2 {
            this.out.byte(MARK);
        }
    }
    let first = vm.new_str(first);
    write_name(vm, this, module, first)?;
    for attribute in rest.split('.') {
        let attribute = vm.intern(attribute);
        save(vm, this, attribute, true)?;
        let pair = if this.protocol < 2 { TUPLE } else { TUPLE2 };
        this.out.write(&[pair, REDUCE]);
    }
    Pickler::memoize(this, vm, object)
}

/// The name of the module in which the object is found under this name; PicklingError where it is not.
fn module_of(vm: &mut Vm, object: Value, name: Value) -> PyResult {
    // Most are where they say that they are.
    let module_name = vm.intern("__module__");
    if let Ok(Some(module_name)) = vm.get_attr_opt(object, module_name)
        && vm.is_str(module_name)
        && let Some(text) = Str::of(vm, name)
        && text.view().position(0, |point| point == '.' as u32).is_none()
        && let Some(module) = vm.dict_get(vm.modules, module_name)?
        && let Ok(Some(found)) = {
            let name = vm.name_from(name);
            vm.get_attr_opt(module, name)
        }
        && found == object
    {
        return Ok(module_name);
    }
    vm.clear_exception();
    let which = python(vm, "whichmodule")?;
    vm.call(which, &[object, name])
}

/// By a number that was agreed upon, if there is one.
fn save_extension(vm: &mut Vm, mut this: ThisPickler, module: Value, name: Value) -> PyResult<bool> {
    let registry = super::copyreg(vm, "_extension_registry")?;
    let key = vm.new_tuple(&[module, name]);
    let Some(code) = vm.dict_get(registry, key)? else { return Ok(false) };
    let Some(code) = vm.int_to_i64(code).filter(|&code| (1..=0x7FFF_FFFF).contains(&code)) else {
        return Err(vm.raise_runtime("extension code is out of range"));
    };
    let bytes = (code as u32).to_le_bytes();
    match code {
        0..=0xFF => this.out.write(&[EXT1, bytes[0]]),
        0x100..=0xFFFF => this.out.write(&[EXT2, bytes[0], bytes[1]]),
        _ => {
            this.out.byte(EXT4);
            this.out.write(&bytes);
        }
    }
    Ok(true)
}

fn write_name(vm: &mut Vm, mut this: ThisPickler, module: Value, name: Value) -> PyResult<()> {
    let (mut module, mut name) = (module, name);
    if this.fixes_imports {
        (module, name) = old_name(vm, module, name)?;
    }
    let mut line = vec![GLOBAL];
    for (what, part) in [("module", module), ("global", name)] {
        let text = Str::of(vm, part).map(|text| text.view().to_wtf8()).unwrap_or_default();
        if this.protocol < 3 && !text.is_ascii() {
            let shown = vm.repr_string(part)?;
            let protocol = this.protocol;
            let message = format!("can't pickle {what} identifier {shown} using pickle protocol {protocol}");
            return Err(raise(vm, Kind::Pickling, &message));
        }
        line.extend_from_slice(&text);
        line.push(b'\n');
    }
    this.out.write(&line);
    Ok(())
}

/// How Python 2 calls something.
fn old_name(vm: &mut Vm, module: Value, name: Value) -> PyResult<(Value, Value)> {
    let names = super::compatible(vm, "REVERSE_NAME_MAPPING")?;
    let key = vm.new_tuple(&[module, name]);
    if let Some(pair) = vm.dict_get(names, key)? {
        let [module, name] = vm.unpack_pair(pair)?;
        return Ok((module, name));
    }
    let modules = super::compatible(vm, "REVERSE_IMPORT_MAPPING")?;
    let module = vm.dict_get(modules, module)?.unwrap_or(module);
    Ok((module, name))
}
