//! Objects of a tree.

use super::grammar::{Constructor, SHAPES};
use super::tree::{Content, Node, Place, Tree};
use super::{MODULE, PLACES};
use stitch_runtime::object::argument::This;
use stitch_runtime::object::layout::{ListObject, TupleObject, TypeObject};
use stitch_runtime::object::module::ModuleState;
use stitch_runtime::{PyResult, Value, Vm};

/// The classes, one for each constructor, and the only nodes of the enumerations.
#[derive(Default)]
pub struct Classes {
    pub of_constructors: Vec<Value>,
    /// Unbound where the constructor has nodes of its own.
    pub singles: Vec<Value>,
}

impl ModuleState for Classes {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.of_constructors.iter().chain(&self.singles).for_each(|&value| visit(value));
    }
}

pub fn classes(vm: &mut Vm) -> &mut Classes {
    vm.module_state::<Classes>(&MODULE).expect("the specification makes it")
}

pub fn class_of(vm: &mut Vm, constructor: Constructor) -> *mut TypeObject {
    classes(vm).of_constructors[constructor as usize].as_ptr()
}

/// The root's object. Nothing recurs, as children come before their parents.
pub fn make(vm: &mut Vm, tree: &Tree) -> PyResult {
    // Made nodes, in the tree's order.
    let made = vm.new_list_with_capacity(tree.nodes.len())?;
    let places = PLACES.map(|name| vm.intern(name));
    let field_names = field_names(vm)?;
    for node in &tree.nodes {
        vm.answer_interrupt()?;
        let object = make_node(vm, node, made, &places, field_names)?;
        vm.list_push(made.as_ptr(), object)?;
    }
    This::<ListObject>::expect(vm, made).items().last().copied().map_or_else(|| Err(vm.raise_value("empty tree")), Ok)
}

/// For each constructor a tuple of its fields' names.
fn field_names(vm: &mut Vm) -> PyResult {
    let all = vm.new_list_with_capacity(SHAPES.len())?;
    for shape in SHAPES.iter() {
        let names: Vec<&str> = shape.fields.iter().map(|field| field.name).collect();
        let names = super::names(vm, &names)?;
        vm.list_push(all.as_ptr(), names)?;
    }
    Ok(all)
}

fn make_node(vm: &mut Vm, node: &Node, made: Value, places: &[Value; 4], field_names: Value) -> PyResult {
    let index = node.constructor as usize;
    let single = classes(vm).singles[index];
    if !single.is_unbound() {
        return Ok(single);
    }
    let class = class_of(vm, node.constructor);
    let object = vm.new_instance(class)?;
    let names = This::<TupleObject>::expect(vm, This::<ListObject>::expect(vm, field_names).items()[index]);
    let names = names.items();
    for (&name, content) in names.iter().zip(&node.fields) {
        let value = make_content(vm, content, made)?;
        vm.set_attr(object, name, value)?;
    }
    if let Some(Place { line, col, end_line, end_col }) = node.place {
        for (&name, number) in places.iter().zip([line, col, end_line, end_col]) {
            vm.set_attr(object, name, Value::small_int(number.into()))?;
        }
    }
    Ok(object)
}

fn make_content(vm: &mut Vm, content: &Content, made: Value) -> PyResult {
    Ok(match content {
        Content::Absent => Value::NONE,
        Content::Node(at) => This::<ListObject>::expect(vm, made).items()[at.0 as usize],
        Content::Nodes(nodes) => {
            let list = vm.new_list_with_capacity(nodes.len())?;
            for node in nodes {
                let value = node.map_or(Value::NONE, |at| This::<ListObject>::expect(vm, made).items()[at.0 as usize]);
                vm.list_push(list.as_ptr(), value)?;
            }
            list
        }
        Content::Text(text) => vm.intern(text),
        Content::Names(names) => {
            let list = vm.new_list_with_capacity(names.len())?;
            for name in names {
                let name = vm.intern(name);
                vm.list_push(list.as_ptr(), name)?;
            }
            list
        }
        Content::Int(int) => vm.new_int(*int),
        Content::Constant(constant) => vm.constant(constant)?,
    })
}
