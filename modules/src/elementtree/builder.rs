//! `TreeBuilder`: makes elements of starts, ends and texts.

use super::copy::join;
use super::element::{Element, new_element};
use super::{LIBRARY, arguments, state};
use stitch_runtime::object::argument::{ClassOf, Keywords, Rest, This, method};
use stitch_runtime::object::header::Header;
use stitch_runtime::object::layout::{ListObject, TypeObject};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::object::operate::op;
use stitch_runtime::object::spec::{Layout, Object, TypeSpec};
use stitch_runtime::{PyResult, Value, Vm};

/// What a parser tells of, as the names of events have it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Told {
    Start,
    End,
    StartNamespace,
    EndNamespace,
    Comment,
    Pi,
}

pub const EVENTS: [(&str, Told); 6] = [
    ("start", Told::Start),
    ("end", Told::End),
    ("start-ns", Told::StartNamespace),
    ("end-ns", Told::EndNamespace),
    ("comment", Told::Comment),
    ("pi", Told::Pi),
];

const N_VALUES: u8 = 10 + EVENTS.len() as u8;

#[repr(C)]
pub struct TreeBuilder {
    header: Header,
    /// The first element; unbound: there was none yet.
    root: Value,
    /// The element that is open, or None.
    open: Value,
    /// A list of those around it.
    around: Value,
    /// The element that started or ended last, or None.
    last: Value,
    /// What text is the tail of; unbound: it is that within the last element.
    last_for_tail: Value,
    /// Text that has not come to its element yet: one piece, or a list of them; unbound: there is none.
    data: Value,
    /// What makes elements; unbound: they are plain ones.
    element_factory: Value,
    /// What makes comments and processing instructions; unbound: nothing does.
    comment_factory: Value,
    pi_factory: Value,
    /// What is called with events; unbound: nobody wants to know.
    append_event: Value,
    /// By kind, what an event begins with; unbound: nobody wants to know of it.
    events: [Value; EVENTS.len()],
    has_list: bool,
    inserts_comments: bool,
    inserts_pis: bool,
}

pub type ThisBuilder = This<TreeBuilder>;

// SAFETY: `#[repr(C)]` with the header first; all that derive from the type begin with it.
unsafe impl Object for TreeBuilder {
    const SPEC: &'static TypeSpec = &TREE_BUILDER;
}

pub static TREE_BUILDER: TypeSpec = TypeSpec {
    name: "TreeBuilder",
    module: LIBRARY,
    doc: "Makes elements of starts, ends and texts.",
    layout: Some(Layout::of::<TreeBuilder>(N_VALUES)),
    is_base: true,
    new: Some(
        method(
            "__new__",
            "($type, *args, **kwargs)",
            |vm: &mut Vm, class: ClassOf<TreeBuilder>, _: Rest, _: Keywords| make(vm, class.class),
        )
        .doc("A new one, which has seen nothing."),
    ),
    methods: METHODS,
    ..TypeSpec::NEW
};

const METHODS: &[NativeRow] = &[
    method(
        "__init__",
        "($self, /, element_factory=None, *, comment_factory=None, pi_factory=None, insert_comments=False, insert_pis=False)",
        init,
    )
    .called("TreeBuilder")
    .doc("Takes what makes elements, comments and processing instructions, and whether the latter two become children."),
    method("start", "($self, tag, attrs, /)", |vm: &mut Vm, this: ThisBuilder, tag: Value, attributes: Value| {
        arguments::check_dict(vm, attributes, "start() argument 2")?;
        TreeBuilder::start(vm, this, tag, attributes)
    })
    .doc("Opens an element, and gives it."),
    method("end", "($self, tag, /)", |vm: &mut Vm, this: ThisBuilder, _: Value| TreeBuilder::end(vm, this))
        .doc("Closes the element that is open, and gives it."),
    method("data", "($self, data, /)", |vm: &mut Vm, this: ThisBuilder, data: Value| {
        TreeBuilder::data(vm, this, data)
    })
    .doc("Adds text to what is open."),
    method("comment", "($self, text, /)", |vm: &mut Vm, this: ThisBuilder, text: Value| {
        TreeBuilder::comment(vm, this, text)
    })
    .doc("Makes a comment, and gives it."),
    method("pi", "($self, target, text=None, /)", |vm: &mut Vm, this: ThisBuilder, target: Value, text: Option<Value>| {
        TreeBuilder::pi(vm, this, target, text.unwrap_or(Value::NONE))
    })
    .doc("Makes a processing instruction, and gives it."),
    method("close", "($self, /)", |this: ThisBuilder| this.result()).doc("The first element."),
];

fn make(vm: &mut Vm, class: *mut TypeObject) -> PyResult {
    let around = vm.new_list(&[])?;
    vm.new_object(class, |header| TreeBuilder {
        header,
        root: Value::UNBOUND,
        open: Value::NONE,
        around,
        last: Value::NONE,
        last_for_tail: Value::UNBOUND,
        data: Value::UNBOUND,
        element_factory: Value::UNBOUND,
        comment_factory: Value::UNBOUND,
        pi_factory: Value::UNBOUND,
        append_event: Value::UNBOUND,
        events: [Value::UNBOUND; EVENTS.len()],
        has_list: false,
        inserts_comments: false,
        inserts_pis: false,
    })
}

fn init(
    vm: &mut Vm,
    mut this: ThisBuilder,
    element_factory: Option<Value>,
    comment_factory: Option<Value>,
    pi_factory: Option<Value>,
    inserts_comments: Option<bool>,
    inserts_pis: Option<bool>,
) {
    let given = |factory: Option<Value>| factory.filter(|factory| !factory.is_none());
    let state = state(vm);
    let comment_factory = given(comment_factory).or(state.comment_factory);
    let pi_factory = given(pi_factory).or(state.pi_factory);
    this.inserts_comments = comment_factory.is_some() && inserts_comments.unwrap_or(false);
    this.inserts_pis = pi_factory.is_some() && inserts_pis.unwrap_or(false);
    this.element_factory = given(element_factory).unwrap_or(Value::UNBOUND);
    this.comment_factory = comment_factory.unwrap_or(Value::UNBOUND);
    this.pi_factory = pi_factory.unwrap_or(Value::UNBOUND);
    vm.barrier(this.pointer());
}

/// A builder as its class makes it of nothing.
pub fn new_builder(vm: &mut Vm) -> PyResult {
    let class = vm.type_of_spec(&TREE_BUILDER);
    let made = make(vm, class)?;
    let this = This::expect(vm, made);
    init(vm, this, None, None, None, None, None);
    Ok(made)
}

impl TreeBuilder {
    /// The first element, or None.
    pub fn result(&self) -> Value {
        if self.root.is_unbound() { Value::NONE } else { self.root }
    }

    /// Is somebody told of events of this kind?
    pub fn tells(&self, kind: Told) -> bool {
        !self.append_event.is_unbound() && !self.events[kind as usize].is_unbound()
    }

    pub fn inserts_pis(&self) -> bool {
        self.inserts_pis
    }

    /// From now on that is called with events; of which kinds is told anew.
    pub fn set_events(vm: &mut Vm, mut this: ThisBuilder, append: Value) {
        this.append_event = append;
        this.events = [Value::UNBOUND; EVENTS.len()];
        vm.barrier(this.pointer());
    }

    /// Events of this kind begin with that.
    pub fn set_event(vm: &mut Vm, mut this: ThisBuilder, kind: Told, name: Value) {
        this.events[kind as usize] = name;
        vm.barrier(this.pointer());
    }

    /// Tells of an event who wants to know.
    pub fn tell(vm: &mut Vm, this: ThisBuilder, kind: Told, what: Value) -> PyResult<()> {
        if !this.tells(kind) {
            return Ok(());
        }
        let event = vm.new_tuple(&[this.events[kind as usize], what]);
        vm.call(this.append_event, &[event]).map(|_| ())
    }

    /// Brings text to its element.
    fn flush(vm: &mut Vm, mut this: ThisBuilder) -> PyResult<()> {
        let data = this.data;
        if data.is_unbound() {
            return Ok(());
        }
        let text = if this.has_list { join(vm, data)? } else { data };
        let is_tail = !this.last_for_tail.is_unbound();
        let owner = if is_tail { this.last_for_tail } else { this.last };
        if let Some(mut element) = vm.exactly::<Element>(owner)
            && (if is_tail { element.tail } else { element.text }).is_none()
        {
            if is_tail {
                element.tail = text
            } else {
                element.text = text
            }
            vm.barrier(element.pointer());
        } else {
            let name = vm.intern(if is_tail { "tail" } else { "text" });
            let before = vm.get_attr(owner, name)?;
            let text = if before.is_none() { text } else { vm.binary_op(op::ADD, before, text)? };
            vm.set_attr(owner, name, text)?;
        }
        (this.data, this.has_list) = (Value::UNBOUND, false);
        Ok(())
    }

    fn add(vm: &mut Vm, parent: Value, child: Value) -> PyResult<()> {
        if let Some(parent) = vm.exactly::<Element>(parent) {
            super::element::expect_element(vm, child)?;
            return Element::push(vm, parent, child);
        }
        let append = vm.intern("append");
        vm.call_method(parent, append, &[child]).map(|_| ())
    }

    /// Opens an element of a tag and attributes: a dict, or unbound.
    pub fn start(vm: &mut Vm, mut this: ThisBuilder, tag: Value, attributes: Value) -> PyResult {
        TreeBuilder::flush(vm, this)?;
        let element = if this.element_factory.is_unbound() {
            new_element(vm, tag, attributes)?
        } else {
            let attributes = if attributes.is_unbound() { vm.new_dict() } else { attributes };
            vm.call(this.element_factory, &[tag, attributes])?
        };
        this.last_for_tail = Value::UNBOUND;
        let open = this.open;
        if !open.is_none() {
            TreeBuilder::add(vm, open, element)?;
        } else if this.root.is_unbound() {
            this.root = element;
        } else {
            let class = vm.type_of_spec(&super::PARSE_ERROR);
            return Err(vm.raise(class, "multiple elements on top level"));
        }
        let around: *mut ListObject = this.around.as_ptr();
        vm.list_push(around, open)?;
        (this.open, this.last) = (element, element);
        vm.barrier(this.pointer());
        TreeBuilder::tell(vm, this, Told::Start, element)?;
        Ok(element)
    }

    /// Closes the element that is open.
    pub fn end(vm: &mut Vm, mut this: ThisBuilder) -> PyResult {
        TreeBuilder::flush(vm, this)?;
        let around = This::<ListObject>::expect(vm, this.around);
        if around.len == 0 {
            return Err(vm.raise_index("pop from empty stack"));
        }
        let ended = this.open;
        this.open = vm.list_pop(around.pointer(), -1)?;
        (this.last, this.last_for_tail) = (ended, ended);
        vm.barrier(this.pointer());
        TreeBuilder::tell(vm, this, Told::End, ended)?;
        Ok(ended)
    }

    /// Adds text, which is kept until it is known where it ends.
    pub fn data(vm: &mut Vm, mut this: ThisBuilder, data: Value) -> PyResult<()> {
        if this.data.is_unbound() {
            // What stands before the first element is nobody's.
            if !this.last.is_none() {
                this.data = data;
                vm.barrier(this.pointer());
            }
            return Ok(());
        }
        if this.has_list {
            return vm.list_push(this.data.as_ptr(), data);
        }
        this.data = vm.new_list(&[this.data, data])?;
        this.has_list = true;
        vm.barrier(this.pointer());
        Ok(())
    }

    pub fn comment(vm: &mut Vm, this: ThisBuilder, text: Value) -> PyResult {
        TreeBuilder::flush(vm, this)?;
        let comment = if this.comment_factory.is_unbound() {
            text
        } else {
            let comment = vm.call(this.comment_factory, &[text])?;
            TreeBuilder::insert(vm, this, comment, this.inserts_comments)?;
            comment
        };
        TreeBuilder::tell(vm, this, Told::Comment, comment)?;
        Ok(comment)
    }

    pub fn pi(vm: &mut Vm, this: ThisBuilder, target: Value, text: Value) -> PyResult {
        TreeBuilder::flush(vm, this)?;
        let pi = if this.pi_factory.is_unbound() {
            vm.new_tuple(&[target, text])
        } else {
            let pi = vm.call(this.pi_factory, &[target, text])?;
            TreeBuilder::insert(vm, this, pi, this.inserts_pis)?;
            pi
        };
        TreeBuilder::tell(vm, this, Told::Pi, pi)?;
        Ok(pi)
    }

    /// Makes what is no element a child of what is open, if that is wanted.
    fn insert(vm: &mut Vm, mut this: ThisBuilder, child: Value, is_wanted: bool) -> PyResult<()> {
        if is_wanted && !this.open.is_none() {
            TreeBuilder::add(vm, this.open, child)?;
            this.last_for_tail = child;
            vm.barrier(this.pointer());
        }
        Ok(())
    }
}
