//! A type and a module as a native module defines them: own layout, finalizer, state, and classes of Python that derive from it.

use super::argument::{Class, Rest, This, method};
use super::header::Header;
use super::module::{Constant, ModuleSpec, ModuleState};
use super::slots::Slots;
use super::spec::{Layout, Object, TypeSpec, getter};
use crate::value::Value;
use crate::vm::{PyResult, Vm, VmConfig};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Two values, then raw words.
#[repr(C)]
struct Pair {
    header: Header,
    first: Value,
    second: Value,
    sum: i64,
    #[expect(clippy::redundant_allocation, reason = "something that only a finalizer frees")]
    live: Box<&'static AtomicUsize>,
}

static LIVE: AtomicUsize = AtomicUsize::new(0);

static PAIR: TypeSpec = TypeSpec {
    name: "Pair",
    module: "pairs",
    doc: "Two values.",
    layout: Some(Layout::of::<Pair>(2).finalized_by(|object| {
        // SAFETY: a dead pair, whose box is its own.
        unsafe {
            let live = std::ptr::read(&raw const (*object.cast::<Pair>()).live);
            live.fetch_sub(1, Ordering::Relaxed);
        }
    })),
    is_base: true,
    slots: Slots { len: Some(|_, _| Ok(2)), ..Slots::NONE },
    new: Some(method("__new__", "($type, /, *args)", new).doc("A new pair.")),
    methods: &[method("swap", "($self, /)", |vm: &mut Vm, mut this: This<Pair>| {
        let pair = &mut *this;
        std::mem::swap(&mut pair.first, &mut pair.second);
        vm.barrier(this.pointer());
    })
    .doc("Swaps both.")],
    getters: &[
        getter("first", |vm, value| Ok(This::<Pair>::of(vm, value).expect("a pair").first)).doc("The first."),
        getter("second", |vm, value| Ok(This::<Pair>::of(vm, value).expect("a pair").second)).doc("The second."),
    ],
    ..TypeSpec::NEW
};

// SAFETY: `#[repr(C)]` with the header first.
unsafe impl Object for Pair {
    const SPEC: &'static TypeSpec = &PAIR;
}

#[derive(Default)]
struct Made {
    last: Option<Value>,
    count: usize,
}

impl ModuleState for Made {
    fn visit(&self, visit: &mut dyn FnMut(Value)) {
        self.last.into_iter().for_each(visit);
    }
}

static MODULE: ModuleSpec = ModuleSpec {
    name: "pairs",
    doc: "Pairs.",
    functions: &[method("last", "()", |vm: &mut Vm| vm.module_state::<Made>(&MODULE).and_then(|made| made.last))
        .doc("The pair that was made last.")],
    constants: &[("limit", Constant::Int(7)), ("word", Constant::Str("text"))],
    types: &[&PAIR],
    state: Some(|| Box::new(Made::default())),
    ..ModuleSpec::NEW
};

fn new(vm: &mut Vm, class: Class, args: Rest) -> PyResult<Value> {
    let [first, second] = *args.items() else { return Err(vm.raise_type("two are wanted")) };
    let pair = vm.new_object(class.0, |header| Pair { header, first, second, sum: 5, live: Box::new(&LIVE) })?;
    LIVE.fetch_add(1, Ordering::Relaxed);
    if let Some(made) = vm.module_state::<Made>(&MODULE) {
        made.last = Some(pair);
        made.count += 1;
    }
    Ok(pair)
}

const PROGRAM: &str = "
import pairs

class Own(pairs.Pair):
    __slots__ = ('label', '__dict__')

    def swap(self):
        super().swap()
        self.swapped = [self.first]

kept = []
for i in range(40):
    own = Own([i], [i + 1])
    own.label = ['label', i]
    own.swap()
    if i % 4 == 0:
        kept.append(own)
del own
assert [(o.first, o.second, o.label[1], o.swapped) for o in kept] == [([i + 1], [i], i, [[i + 1]]) for i in range(0, 40, 4)]
assert pairs.last().label == ['label', 39] and len(kept[0]) == 2 and pairs.limit == 7 and pairs.word == 'text'
assert pairs.__doc__ == 'Pairs.' and pairs.Pair.__doc__ == 'Two values.' and pairs.Pair.__module__ == 'pairs'
try:
    pairs.Pair.swap(3)
except TypeError as error:
    assert 'pairs.Pair' in str(error), error
else:
    raise AssertionError
try:
    class Both(pairs.Pair, list):
        pass
except TypeError as error:
    assert 'lay-out' in str(error), error
else:
    raise AssertionError
";

static MODULES: &[&ModuleSpec] = &[&MODULE];

#[test]
fn a_module_defines_a_type_that_python_classes_derive_from() {
    for stress in [false, true] {
        let mut config = VmConfig::default();
        config.heap.stress = stress;
        let mut vm = Vm::new(config);
        vm.set_native_stack(crate::gc::native_stack_pointer() + 64, 1 << 20);
        vm.native_modules.push(MODULES);
        run(&mut vm);
        assert_eq!(vm.module_state::<Made>(&MODULE).map(|made| made.count), Some(40));
        vm.collect_garbage(true);
        if stress {
            assert!(LIVE.load(Ordering::Relaxed) < 40, "dead pairs are finalized");
        }
        drop(vm);
        assert_eq!(LIVE.load(Ordering::Relaxed), 0, "every pair was finalized once");
    }
}

fn run(vm: &mut Vm) {
    let globals = vm.new_dict();
    let code = vm.compile(PROGRAM.as_bytes(), "pairs.py", &Default::default()).expect("it compiles");
    if vm.run_code(code, globals, globals).is_err() {
        let exception = vm.take_exception();
        panic!("{}: {:?}", vm.class_name(exception), vm.repr_string(exception));
    }
}
