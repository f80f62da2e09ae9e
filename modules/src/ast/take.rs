//! The tree that objects make, their fields checked one by one.

use super::PLACES;
use super::grammar::{Constructor, Field, Kind, Many, SHAPES, Type};
use super::objects::class_of;
use super::tree::{Content, NodeIdx, Place, Tree};
use stitch_runtime::object::argument::This;
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::object::layout::{BytesObject, StrObject, TupleObject};
use stitch_runtime::object::typed::FrozenSetObject;
use stitch_runtime::{PyResult, Value, Vm};

/// The tree under a root of the constructor that is wanted.
pub fn take(vm: &mut Vm, root: Value, wanted: Constructor) -> PyResult<Tree> {
    let class = class_of(vm, wanted);
    if !vm.is_instance(root, class) {
        let message = format!("expected {} node, got {}", wanted.shape().name, vm.class_name(root));
        return Err(vm.raise_type(&message));
    }
    let mut tree = Tree::default();
    take_node(vm, &mut tree, root, Kind::named("mod"))?;
    Ok(tree)
}

/// A node of a kind; none where None stands for one.
fn take_node(vm: &mut Vm, tree: &mut Tree, value: Value, kind: &'static Kind) -> PyResult<Option<NodeIdx>> {
    vm.check_native_stack()?;
    if value.is_none() && !kind.is_product() && !kind.is_enumeration() {
        return Ok(None);
    }
    // Of a product the fields come first.
    let is_product = kind.is_product();
    let mut place = if kind.has_places && !is_product { Some(take_place(vm, value, kind)?) } else { None };
    let constructor = if is_product { kind.constructors[0] } else { constructor_of(vm, value, kind)? };
    let mut fields = Vec::with_capacity(constructor.shape().fields.len());
    for field in &constructor.shape().fields {
        let content = take_field(vm, tree, value, constructor, field)?;
        fields.push(content);
    }
    if kind.has_places && is_product {
        place = Some(take_place(vm, value, kind)?);
    }
    for (field, content) in constructor.shape().fields.iter().zip(&fields) {
        if field.many == Many::One && matches!(content, Content::Absent) && field.ty != Type::Constant {
            let message = format!("field '{}' is required for {}", field.name, constructor.shape().name);
            return Err(vm.raise_value(&message));
        }
    }
    Ok(Some(tree.add(constructor, place, fields)))
}

fn constructor_of(vm: &mut Vm, value: Value, kind: &Kind) -> PyResult<Constructor> {
    for &constructor in kind.constructors {
        let class = class_of(vm, constructor);
        if vm.is_instance(value, class) {
            return Ok(constructor);
        }
    }
    let shown = vm.repr(value)?;
    let message = format!("expected some sort of {}, but got {}", kind.name, vm.string_of(shown));
    Err(vm.raise_type(&message))
}

fn take_place(vm: &mut Vm, value: Value, kind: &Kind) -> PyResult<Place> {
    let mut numbers = [0; 4];
    for (at, name) in PLACES.into_iter().enumerate() {
        let attribute = vm.intern(name);
        let number = vm.get_attr_opt(value, attribute)?;
        numbers[at] = match number {
            // An end that is not known is the start.
            None if at >= 2 => numbers[at - 2],
            Some(none) if at >= 2 && none.is_none() => numbers[at - 2],
            None => {
                let message = format!("required field \"{name}\" missing from {}", kind.name);
                return Err(vm.raise_type(&message));
            }
            Some(number) => take_int(vm, number)? as i32,
        };
    }
    let [line, col, end_line, end_col] = numbers;
    Ok(Place { line, col, end_line, end_col })
}

fn take_int(vm: &mut Vm, value: Value) -> PyResult<i64> {
    if !vm.is_int_like(value) {
        let shown = vm.repr(value)?;
        let message = format!("invalid integer value: {}", vm.string_of(shown));
        return Err(vm.raise_value(&message));
    }
    match vm.int_to_i64(value).filter(|&int| i32::try_from(int).is_ok()) {
        Some(int) => Ok(int),
        None => Err(vm.raise_overflow("Python int too large to convert to C int")),
    }
}

fn take_field(
    vm: &mut Vm,
    tree: &mut Tree,
    owner: Value,
    constructor: Constructor,
    field: &'static Field,
) -> PyResult<Content> {
    let name = vm.intern(field.name);
    let value = vm.get_attr_opt(owner, name)?;
    match (field.many, value) {
        (Many::List, None) => Ok(empty(field)),
        (Many::List, Some(list)) => take_list(vm, tree, list, constructor, field),
        (Many::Optional, None) => Ok(Content::Absent),
        (Many::Optional, Some(value)) if value.is_none() && field.ty != Type::Constant => Ok(Content::Absent),
        (Many::One, None) => {
            let message = format!("required field \"{}\" missing from {}", field.name, constructor.shape().name);
            Err(vm.raise_type(&message))
        }
        (_, Some(value)) => take_one(vm, tree, value, field),
    }
}

fn empty(field: &Field) -> Content {
    match field.ty {
        Type::Identifier => Content::Names(Vec::new()),
        _ => Content::Nodes(Vec::new()),
    }
}

fn take_one(vm: &mut Vm, tree: &mut Tree, value: Value, field: &Field) -> PyResult<Content> {
    match field.ty {
        Type::Int => take_int(vm, value).map(Content::Int),
        Type::Constant => match vm.constant_of(value)? {
            Some(constant) => Ok(Content::Constant(constant)),
            None => {
                let culprit = no_constant(vm, value)?;
                let message = format!("got an invalid type in Constant: {}", vm.class_name(culprit));
                Err(vm.raise_type(&message))
            }
        },
        Type::Identifier | Type::Text if value.is_none() => Ok(Content::Absent),
        Type::Identifier => take_name(vm, value).map(Content::Text),
        Type::Text => {
            let is_text = vm.is_exactly::<StrObject>(value) || vm.is_exactly::<BytesObject>(value);
            if !is_text {
                return Err(vm.raise_type("AST string must be of type str"));
            }
            let text = vm.str(value)?;
            Ok(Content::Text(vm.string_of(text)))
        }
        Type::Node(kind) => Ok(take_node(vm, tree, value, Kind::named(kind))?.into()),
    }
}

/// What in a value is no constant, the value not being one.
fn no_constant(vm: &mut Vm, value: Value) -> PyResult {
    vm.check_native_stack()?;
    if !vm.is_exactly::<TupleObject>(value) && !vm.is_exactly::<FrozenSetObject>(value) {
        return Ok(value);
    }
    let items = vm.collect(value)?;
    let mut at = 0;
    while let Some(&item) = This::<ListObject>::expect(vm, items).items().get(at) {
        at += 1;
        if vm.constant_of(item)?.is_none() {
            return no_constant(vm, item);
        }
    }
    Ok(value)
}

fn take_name(vm: &mut Vm, value: Value) -> PyResult<String> {
    if !vm.is_exactly::<StrObject>(value) {
        return Err(vm.raise_type("AST identifier must be of type str"));
    }
    Ok(vm.string_of(value))
}

fn take_list(vm: &mut Vm, tree: &mut Tree, list: Value, constructor: Constructor, field: &Field) -> PyResult<Content> {
    let owner = constructor.shape().name;
    if !vm.is_a::<ListObject>(list) {
        let message = format!("{owner} field \"{}\" must be a list, not a {}", field.name, vm.class_name(list));
        return Err(vm.raise_type(&message));
    }
    let n_items = This::<ListObject>::expect(vm, list).items().len();
    let mut content = empty(field);
    for at in 0..n_items {
        let Some(&item) = This::<ListObject>::expect(vm, list).items().get(at) else { break };
        match (&mut content, field.ty) {
            (Content::Names(names), _) => names.push(take_name(vm, item)?),
            // Where CPython would read what is not there.
            (Content::Nodes(_), Type::Node(kind @ ("excepthandler" | "pattern" | "type_ignore" | "type_param")))
                if item.is_none() =>
            {
                constructor_of(vm, item, Kind::named(kind))?;
            }
            (Content::Nodes(nodes), Type::Node(kind)) => nodes.push(take_node(vm, tree, item, Kind::named(kind))?),
            _ => {}
        }
        if This::<ListObject>::expect(vm, list).items().len() != n_items {
            let message = format!("{owner} field \"{}\" changed size during iteration", field.name);
            return Err(vm.raise_runtime(&message));
        }
    }
    Ok(content)
}

/// Is it a node of any kind?
pub fn is_tree(vm: &mut Vm, value: Value) -> bool {
    let root = vm.type_of_spec(&super::node::AST);
    !SHAPES.is_empty() && vm.is_instance(value, root)
}
