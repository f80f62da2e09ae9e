//! Type parameters in type arguments: which there are, and what they are replaced by.

use super::{attribute, is_class, items_of, new_items};
use crate::object::argument::This;
use crate::object::layout::{ListObject, TupleObject};
use crate::value::Value;
use crate::vm::{PyResult, Vm};

fn is_sequence(vm: &Vm, value: Value) -> bool {
    vm.exact_items(value).is_some()
}

/// The type parameters in a tuple of arguments, as a tuple without doubles.
pub fn parameters_in(vm: &mut Vm, arguments: Value) -> PyResult {
    let found = new_items(vm)?;
    add_parameters(vm, found, arguments)?;
    Ok(vm.new_tuple(found.items()))
}

fn add_parameters(vm: &mut Vm, found: This<ListObject>, arguments: Value) -> PyResult<()> {
    vm.check_native_stack()?;
    let arguments = vm.collect_tuple(arguments)?;
    for &argument in items_of(vm, arguments) {
        if is_class(vm, argument) {
            continue;
        }
        if attribute(vm, argument, "__typing_subst__")?.is_some() {
            add_once(vm, found, argument)?;
        } else if is_sequence(vm, argument) {
            add_parameters(vm, found, argument)?;
        } else if let Some(inner) = attribute(vm, argument, "__parameters__")? {
            for &parameter in items_of(vm, inner) {
                add_once(vm, found, parameter)?;
            }
        }
    }
    Ok(())
}

fn add_once(vm: &mut Vm, found: This<ListObject>, parameter: Value) -> PyResult<()> {
    if found.items().contains(&parameter) { Ok(()) } else { vm.list_push(found.pointer(), parameter) }
}

/// What is given for the parameters of `generic`, with tuples that have a star before them taken apart.
fn flattened(vm: &mut Vm, item: Value) -> PyResult {
    let given = if vm.is_exactly::<TupleObject>(item) { item } else { vm.new_tuple(&[item]) };
    let flat = new_items(vm)?;
    for &one in items_of(vm, given) {
        let inner = if is_class(vm, one) { None } else { attribute(vm, one, "__typing_unpacked_tuple_args__")? };
        match inner {
            Some(inner)
                if vm.is_exactly::<TupleObject>(inner)
                    && items_of(vm, inner).last().is_none_or(|&last| last != vm.ellipsis) =>
            {
                for &part in items_of(vm, inner) {
                    vm.list_push(flat.pointer(), part)?;
                }
            }
            _ => vm.list_push(flat.pointer(), one)?,
        }
    }
    Ok(vm.new_tuple(flat.items()))
}

/// The arguments of `generic` with its parameters replaced by what `generic[item]` gives.
pub fn substituted(vm: &mut Vm, generic: Value, arguments: Value, parameters: Value, item: Value) -> PyResult {
    let n_parameters = items_of(vm, parameters).len();
    if n_parameters == 0 {
        let shown = vm.repr_string(generic)?;
        return Err(vm.raise_type(&format!("{shown} is not a generic class")));
    }
    let mut given = flattened(vm, item)?;
    for &parameter in items_of(vm, parameters) {
        if let Some(prepare) = attribute(vm, parameter, "__typing_prepare_subst__")?
            && !prepare.is_none()
        {
            let prepared = vm.call(prepare, &[generic, given])?;
            let is_tuple = vm.is_a::<TupleObject>(prepared);
            given = if is_tuple { prepared } else { vm.new_tuple(&[prepared]) };
        }
    }
    let n_given = items_of(vm, given).len();
    if n_given != n_parameters {
        let (which, shown) = (if n_given > n_parameters { "many" } else { "few" }, vm.repr_string(generic)?);
        let message = format!("Too {which} arguments for {shown}; actual {n_given}, expected {n_parameters}");
        return Err(vm.raise_type(&message));
    }
    replaced(vm, arguments, parameters, given)
}

/// The arguments with each parameter replaced by the one of `given` at its place.
fn replaced(vm: &mut Vm, arguments: Value, parameters: Value, given: Value) -> PyResult {
    vm.check_native_stack()?;
    let result = new_items(vm)?;
    for &argument in items_of(vm, arguments) {
        if is_class(vm, argument) {
            vm.list_push(result.pointer(), argument)?;
            continue;
        }
        if is_sequence(vm, argument) {
            let is_tuple = vm.is_exactly::<TupleObject>(argument);
            let inner = vm.collect_tuple(argument)?;
            let mut inner = replaced(vm, inner, parameters, given)?;
            if !is_tuple {
                inner = vm.collect(inner)?;
            }
            vm.list_push(result.pointer(), inner)?;
            continue;
        }
        let is_unpacked = match attribute(vm, argument, "__typing_is_unpacked_typevartuple__")? {
            Some(flag) => vm.is_true(flag)?,
            None => false,
        };
        let replacement = match attribute(vm, argument, "__typing_subst__")? {
            Some(substitute) => {
                let at = items_of(vm, parameters).iter().position(|&parameter| parameter == argument);
                let value = at.map_or(argument, |at| items_of(vm, given)[at]);
                vm.call(substitute, &[value])?
            }
            None => inside(vm, argument, parameters, given)?,
        };
        if is_unpacked && vm.is_a::<TupleObject>(replacement) {
            for &part in items_of(vm, replacement) {
                vm.list_push(result.pointer(), part)?;
            }
        } else {
            vm.list_push(result.pointer(), replacement)?;
        }
    }
    Ok(vm.new_tuple(result.items()))
}

/// A generic argument with the parameters that are inside of it replaced.
fn inside(vm: &mut Vm, argument: Value, parameters: Value, given: Value) -> PyResult {
    let Some(inner) = attribute(vm, argument, "__parameters__")? else { return Ok(argument) };
    if items_of(vm, inner).is_empty() {
        return Ok(argument);
    }
    let values = new_items(vm)?;
    for &parameter in items_of(vm, inner) {
        let at = items_of(vm, parameters).iter().position(|&other| other == parameter);
        let value = at.map_or(parameter, |at| items_of(vm, given)[at]);
        let is_many = vm.slots_of(parameter).iter.is_some() && vm.is_a::<TupleObject>(value);
        if is_many {
            for &part in items_of(vm, value) {
                vm.list_push(values.pointer(), part)?;
            }
        } else {
            vm.list_push(values.pointer(), value)?;
        }
    }
    let values = vm.new_tuple(values.items());
    vm.get_item(argument, values)
}
