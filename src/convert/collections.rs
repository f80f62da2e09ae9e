//! Lists, tuples, dicts and sets.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use stitch_runtime::Value;
use stitch_runtime::object::layout::{BytesObject, DictObject};
use stitch_runtime::object::typed::AnySet;

use super::{FromPython, ToPython, misfit};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::object::Object;

fn objects<T: ToPython>(context: &Context, values: impl IntoIterator<Item = T>) -> Result<Vec<Object>> {
    values.into_iter().map(|value| context.object(value)).collect()
}

fn list<T: ToPython>(context: &Context, values: impl IntoIterator<Item = T>) -> Result<Object> {
    let objects = objects(context, values)?;
    context.run_to_object(|vm| {
        let list = vm.new_list_with_capacity(objects.len())?;
        for object in &objects {
            vm.list_push(list.as_ptr(), object.value())?;
        }
        Ok(list)
    })
}

/// The items of what can be iterated over, but for text and bytes.
fn items(object: &Object, wanted: &str) -> Result<Vec<Object>> {
    let context = object.context();
    let items = context.run(|vm| {
        let value = object.value();
        if vm.is_str(value) || vm.is_a::<BytesObject>(value) || !vm.is_iterable(value) {
            return Ok(None);
        }
        let list = vm.collect(value)?;
        Ok(Some(vm.items_of(list).iter().map(|&item| context.keep(item)).collect::<Vec<_>>()))
    })?;
    items.ok_or_else(|| misfit(object, wanted))
}

impl<T: ToPython> ToPython for Vec<T> {
    fn to_python(self, context: &Context) -> Result<Object> {
        list(context, self)
    }
}

impl<T: ToPython, const N: usize> ToPython for [T; N] {
    fn to_python(self, context: &Context) -> Result<Object> {
        list(context, self)
    }
}

impl<T: ToPython + Clone> ToPython for &[T] {
    fn to_python(self, context: &Context) -> Result<Object> {
        list(context, self.iter().cloned())
    }
}

impl<T: FromPython> FromPython for Vec<T> {
    fn from_python(object: &Object) -> Result<Vec<T>> {
        items(object, "a sequence")?.iter().map(Object::extract).collect()
    }
}

impl<T: FromPython, const N: usize> FromPython for [T; N] {
    fn from_python(object: &Object) -> Result<[T; N]> {
        let items: Vec<T> = Vec::from_python(object)?;
        let n = items.len();
        items.try_into().map_err(|_| Error::value_error(format!("expected {N} items, not {n}")))
    }
}

macro_rules! tuples {
    ($($n:literal ($($name:ident $index:tt),+))*) => {$(
        impl<$($name: ToPython),+> ToPython for ($($name,)+) {
            fn to_python(self, context: &Context) -> Result<Object> {
                let objects = [$(context.object(self.$index)?),+];
                context.run_to_object(|vm| {
                    let values: [Value; $n] = std::array::from_fn(|i| objects[i].value());
                    Ok(vm.new_tuple(&values))
                })
            }
        }

        impl<$($name: FromPython),+> FromPython for ($($name,)+) {
            fn from_python(object: &Object) -> Result<($($name,)+)> {
                let items = items(object, "a tuple")?;
                match items.len() {
                    $n => Ok(($(items[$index].extract()?,)+)),
                    n => Err(Error::value_error(format!("expected {} items, not {n}", $n))),
                }
            }
        }
    )*};
}

tuples! {
    1 (A 0)
    2 (A 0, B 1)
    3 (A 0, B 1, C 2)
    4 (A 0, B 1, C 2, D 3)
    5 (A 0, B 1, C 2, D 3, E 4)
    6 (A 0, B 1, C 2, D 3, E 4, F 5)
    7 (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    8 (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
}

fn dict<K: ToPython, V: ToPython>(context: &Context, entries: impl IntoIterator<Item = (K, V)>) -> Result<Object> {
    let convert = |(key, value)| Ok((context.object(key)?, context.object(value)?));
    let entries: Vec<(Object, Object)> = entries.into_iter().map(convert).collect::<Result<_>>()?;
    context.run_to_object(|vm| {
        let dict = vm.new_dict();
        for (key, value) in &entries {
            vm.dict_set(dict, key.value(), value.value())?;
        }
        Ok(dict)
    })
}

fn entries<K: FromPython, V: FromPython, C: FromIterator<(K, V)>>(object: &Object) -> Result<C> {
    let context = object.context();
    let entries = context.run(|vm| {
        let value = object.value();
        let keep = |(key, value)| (context.keep(key), context.keep(value));
        Ok(vm
            .is_a::<DictObject>(value)
            .then(|| vm.table(value).iter().map(|entry| keep((entry.key, entry.value))).collect::<Vec<_>>()))
    })?;
    let Some(entries) = entries else { return Err(misfit(object, "dict")) };
    entries.iter().map(|(key, value)| Ok((key.extract()?, value.extract()?))).collect()
}

fn set<T: ToPython>(context: &Context, values: impl IntoIterator<Item = T>) -> Result<Object> {
    let list = list(context, values)?;
    context.builtin("set")?.call((list,))
}

fn elements<T: FromPython, C: FromIterator<T>>(object: &Object) -> Result<C> {
    if !object.context().run(|vm| Ok(vm.is_a::<AnySet>(object.value())))? {
        return Err(misfit(object, "set"));
    }
    items(object, "set")?.iter().map(Object::extract).collect()
}

impl<K: ToPython, V: ToPython, S> ToPython for HashMap<K, V, S> {
    fn to_python(self, context: &Context) -> Result<Object> {
        dict(context, self)
    }
}

impl<K: FromPython + Eq + Hash, V: FromPython, S: BuildHasher + Default> FromPython for HashMap<K, V, S> {
    fn from_python(object: &Object) -> Result<HashMap<K, V, S>> {
        entries(object)
    }
}

impl<K: ToPython, V: ToPython> ToPython for BTreeMap<K, V> {
    fn to_python(self, context: &Context) -> Result<Object> {
        dict(context, self)
    }
}

impl<K: FromPython + Ord, V: FromPython> FromPython for BTreeMap<K, V> {
    fn from_python(object: &Object) -> Result<BTreeMap<K, V>> {
        entries(object)
    }
}

impl<T: ToPython, S> ToPython for HashSet<T, S> {
    fn to_python(self, context: &Context) -> Result<Object> {
        set(context, self)
    }
}

impl<T: FromPython + Eq + Hash, S: BuildHasher + Default> FromPython for HashSet<T, S> {
    fn from_python(object: &Object) -> Result<HashSet<T, S>> {
        elements(object)
    }
}

impl<T: ToPython> ToPython for BTreeSet<T> {
    fn to_python(self, context: &Context) -> Result<Object> {
        set(context, self)
    }
}

impl<T: FromPython + Ord> FromPython for BTreeSet<T> {
    fn from_python(object: &Object) -> Result<BTreeSet<T>> {
        elements(object)
    }
}
