//! Reducer: equal computations are shared, loads find what was loaded or stored before, stores of what is there
//! already are left out; and what each micro-op does to what is known of the heap.

use super::emitter::{Emitter, Reduced, Reduction};
use super::facts::{Content, HeapFact, Location, Place, location};
use crate::object::layout::{CodeObject, GeneratorState};
use crate::uop::{Effect, Field, Helper, Op, Superblock, Uop, UopIdx};
use crate::value::Value;
use smallvec::{SmallVec, smallvec};

/// The result is a function of the inputs (and fixed fields): an earlier one serves, wherever it stands.
pub fn depends_on_inputs_alone(op: &Op) -> bool {
    match *op {
        Op::LoadField { field } | Op::LoadWord { field } | Op::LoadElement { field } => field.is_immutable(),
        _ => op.effect().is_function_of_inputs(),
    }
}

/// Looks a value up in a dict, set or sequence: an earlier like one serves as long as none of these changes.
fn looks_up(op: &Op) -> bool {
    matches!(
        *op,
        Op::CallHelper { helper: Helper::SimpleGet | Helper::SimpleGetOr }
            | Op::CallTest { helper: Helper::SimpleContains }
    )
}

/// May change what a dict, set or sequence holds.
fn changes_items(op: &Op) -> bool {
    let is_store = matches!(op, Op::StoreElement { .. } | Op::CopyElements { .. });
    is_store || op.clobbers_heap() || op.changes_list() || op.changes_table()
}

pub fn reduce(emitter: &mut Emitter, op: &Op, inputs: &[UopIdx]) -> Reduction {
    if depends_on_inputs_alone(op) {
        let known = emitter.facts.results.get(&emitter.superblock.uops, op, inputs);
        return Ok(known.map_or(Reduced::Keep, Reduced::To));
    }
    if looks_up(op) {
        let known = emitter.facts.lookups.get(&emitter.superblock.uops, op, inputs);
        return Ok(known.map_or(Reduced::Keep, Reduced::To));
    }
    let Some(place) = location(op, inputs) else { return Ok(Reduced::Keep) };
    let Some(fact) = emitter.facts.heap.get(&place).copied() else { return Ok(Reduced::Keep) };
    Ok(match op.effect() {
        Effect::Reads => {
            emitter.rely_on(*op, place.owner, fact.since);
            match fact.content {
                Content::Value(value) => Reduced::To(value),
                Content::Int(value) => Reduced::To(emitter.const_int(value)),
                Content::Constant(value) => Reduced::To(emitter.const_value(value)),
            }
        }
        Effect::Writes if !matches!(op, Op::AddSlot { .. }) => {
            let stored = inputs[inputs.len() - 1];
            let same = match fact.content {
                Content::Value(known) => emitter.resolve(known) == stored,
                Content::Int(known) => *emitter.op(stored) == (Op::ConstInt { value: known }),
                Content::Constant(known) => *emitter.op(stored) == (Op::ConstValue { bits: known.bits() }),
            };
            if same {
                emitter.rely_on(*op, place.owner, fact.since);
                Reduced::To(UopIdx::NONE)
            } else {
                Reduced::Keep
            }
        }
        _ => Reduced::Keep,
    })
}

/// What is known of the heap after a micro-op. `idx` is its place.
pub fn learn(emitter: &mut Emitter, idx: UopIdx, op: &Op, inputs: &[UopIdx]) {
    let since = idx.0;
    leak(emitter, op, inputs);
    if changes_items(op) {
        emitter.facts.lookups.clear();
    } else if looks_up(op) {
        emitter.facts.lookups.insert(&emitter.superblock.uops, op, inputs, idx);
    }
    if op.clobbers_heap() {
        emitter.facts.clobber();
        return;
    }
    if op.changes_list() || op.changes_table() {
        stored_locations(op, inputs).iter().for_each(|stored| kill(emitter, stored));
        emitter.facts.valid &= !op.changes_table();
        return;
    }
    match op.effect() {
        Effect::Reads => {
            if let Some(place) = location(op, inputs).filter(|place| !place.place.is_immutable()) {
                emitter.facts.heap.insert(place, HeapFact { content: Content::Value(idx), since });
            }
        }
        Effect::Writes => {
            let Some(place) = location(op, inputs) else { return };
            kill(emitter, &place);
            if let Op::CopyElements { .. } = op {
                return;
            }
            let content = Content::Value(inputs[inputs.len() - 1]);
            emitter.facts.heap.insert(place, HeapFact { content, since });
            if let Op::AddSlot { shape, .. } = *op {
                kill_shapes(emitter, place.owner);
                emitter.facts.of_mut(place.owner).shape = Some((shape, since));
            }
        }
        Effect::Allocates => learn_new(emitter, idx, op, inputs),
        Effect::Pure
        | Effect::Guard
        | Effect::Exits
        | Effect::Raises
        | Effect::Escapes
        | Effect::Entry
        | Effect::Check
        | Effect::Control => {}
    }
}

/// Values that go where other values may be read from.
fn leak(emitter: &mut Emitter, op: &Op, inputs: &[UopIdx]) {
    let leaking = match op.effect() {
        Effect::Writes => &inputs[inputs.len() - 1..],
        Effect::Allocates | Effect::Escapes | Effect::Entry | Effect::Control => inputs,
        Effect::Pure | Effect::Guard | Effect::Exits | Effect::Raises | Effect::Reads | Effect::Check => &[],
    };
    for value in leaking {
        if emitter.facts_of(*value).fresh {
            emitter.facts.of_mut(*value).leaked = true;
        }
    }
}

fn learn_new(emitter: &mut Emitter, idx: UopIdx, op: &Op, inputs: &[UopIdx]) {
    let since = idx.0;
    let shapes = emitter.shapes;
    let mut know = |place: Place, content: Content| {
        emitter.facts.heap.insert(Location { place, owner: idx, index: None }, HeapFact { content, since });
    };
    let shape = match *op {
        Op::NewTuple {} => shapes.tuple,
        Op::NewList {} => {
            know(Place::Field(Field::ListLen), Content::Int(inputs.len() as i64));
            shapes.list
        }
        Op::NewDict {} => {
            know(Place::Field(Field::DictLen), Content::Int(0));
            shapes.dict
        }
        Op::ListSlice { .. } => {
            know(Place::Field(Field::ListLen), Content::Value(inputs[2]));
            shapes.list
        }
        Op::NewCell {} => {
            know(Place::Field(Field::CellContent), Content::Value(inputs[0]));
            shapes.cell
        }
        Op::NewGenerator { shape, ip, .. } => {
            know(Place::Field(Field::GeneratorState), Content::Int(GeneratorState::Created as i64));
            know(Place::Field(Field::GeneratorHandled), Content::Constant(Value::UNBOUND));
            know(Place::Field(Field::GeneratorIp), Content::Int(ip));
            for (slot, value) in inputs[1..].iter().enumerate() {
                know(Place::GeneratorSlot(slot as u16), Content::Value(*value));
            }
            shape
        }
        Op::NewFunction { code } => {
            know(Place::Field(Field::FunctionCode), Content::Constant(Value::object(code as *mut CodeObject)));
            shapes.function
        }
        Op::NewRange {} => shapes.range,
        Op::NewRangeIter {} => {
            know(Place::Field(Field::RangeIterNext), Content::Value(inputs[0]));
            know(Place::Field(Field::RangeIterRemaining), Content::Value(inputs[2]));
            shapes.range_iter
        }
        Op::NewBoundMethod {} => shapes.bound_method,
        Op::NewInstance { shape, slots } => {
            for slot in 0..slots {
                let content =
                    inputs.get(slot as usize).map_or(Content::Constant(Value::UNBOUND), |value| Content::Value(*value));
                know(Place::Slot(slot), content);
            }
            shape
        }
        _ => return,
    };
    let facts = emitter.facts.of_mut(idx);
    facts.shape = Some((shape, since));
    facts.fresh = true;
}

/// Forgets what a store to `stored` may overwrite.
fn kill(emitter: &mut Emitter, stored: &Location) {
    let mut heap = std::mem::take(&mut emitter.facts.heap);
    heap.retain(|known, _| known.place != stored.place || are_apart(emitter, known, stored));
    emitter.facts.heap = heap;
}

/// Forgets the shapes of instances that `owner`, whose shape changes, may be.
fn kill_shapes(emitter: &mut Emitter, owner: UopIdx) {
    let affected: Vec<UopIdx> =
        emitter.facts.instances().filter(|other| *other != owner && !are_distinct(emitter, *other, owner)).collect();
    for value in affected {
        emitter.facts.of_mut(value).shape = None;
    }
}

/// The two locations, of one place, are surely not the same.
fn are_apart(emitter: &Emitter, known: &Location, stored: &Location) -> bool {
    if stored.owner == UopIdx::NONE {
        return false;
    }
    if known.owner != stored.owner {
        return are_distinct(emitter, known.owner, stored.owner);
    }
    match (known.index, stored.index) {
        (Some(known), Some(stored)) => {
            let ((base, offset), (other_base, other_offset)) = (linear(emitter, known), linear(emitter, stored));
            base == other_base && offset != other_offset
        }
        _ => false,
    }
}

/// An index as a base (none: a constant) and an offset. Sums are known not to wrap: they would have left.
fn linear(emitter: &Emitter, index: UopIdx) -> (Option<UopIdx>, i64) {
    let constant = |value: UopIdx| match *emitter.op(value) {
        Op::ConstInt { value } => Some(value),
        _ => None,
    };
    if let Some(value) = constant(index) {
        return (None, value);
    }
    if let [base, offset] = *emitter.inputs(index)
        && let Some(offset) = constant(offset)
    {
        match emitter.op(index) {
            Op::IntAdd {} | Op::IntAddWrap {} => return (Some(base), offset),
            Op::IntSub {} | Op::IntSubWrap {} => return (Some(base), offset.wrapping_neg()),
            _ => {}
        }
    }
    (Some(index), 0)
}

/// The locations that a micro-op may write, if it is one that writes just some; `UopIdx::NONE` owns those of any owner.
pub fn stored_locations(op: &Op, inputs: &[UopIdx]) -> SmallVec<[Location; 5]> {
    let of = |place: Place, owner: UopIdx| Location { place, owner, index: None };
    let elements = of(Place::Element(Field::ArrayElement), UopIdx::NONE);
    if op.changes_list() {
        let [items, len] = [Field::ListItems, Field::ListLen].map(|field| of(Place::Field(field), inputs[0]));
        return smallvec![items, len, elements];
    }
    if op.changes_table() {
        let fields = [Field::DictLen, Field::DictUsed, Field::DictEntries, Field::DictKeysVersion];
        let fields = fields.map(|field| of(Place::Field(field), inputs[0]));
        return fields.into_iter().chain([elements]).collect();
    }
    if op.effect() == Effect::Writes { location(op, inputs).into_iter().collect() } else { SmallVec::new() }
}

/// The two values are surely not the same object.
pub fn are_distinct(emitter: &Emitter, a: UopIdx, b: UopIdx) -> bool {
    if a == b {
        return false;
    }
    let (facts_a, facts_b) = (emitter.facts_of(a), emitter.facts_of(b));
    let is_constant = |value: UopIdx| emitter.op(value).is_constant();
    if is_constant(a) && is_constant(b) || facts_a.fresh && facts_b.fresh {
        return true;
    }
    // An object that nobody was told of is no value but itself; nor is it one that was there before it.
    let only_itself = |new: UopIdx, other: UopIdx| {
        let facts = emitter.facts_of(new);
        facts.fresh && (!facts.leaked || other < new || is_constant(other))
    };
    if only_itself(a, b) || only_itself(b, a) {
        return true;
    }
    matches!((facts_a.shape, facts_b.shape), (Some((a, _)), Some((b, _))) if a != b)
}

/// Forgets what an iteration of the loop whose first copy is `body` may change, given values that are the same in
/// each iteration.
pub fn forget_changed_by(emitter: &mut Emitter, body: &[Uop], is_invariant: &dyn Fn(UopIdx) -> bool) {
    for uop in body {
        if uop.op.clobbers_heap() {
            emitter.facts.clobber();
        }
        emitter.facts.valid &= !uop.op.changes_table();
        if changes_items(&uop.op) {
            emitter.facts.lookups.clear();
        }
        for stored in stored_locations(&uop.op, &uop.inputs) {
            // An object made in the body is another one in each iteration: nothing known at the loop's start is of it.
            if emitter.facts_of(stored.owner).fresh {
                continue;
            }
            if stored.owner != UopIdx::NONE && is_invariant(stored.owner) {
                let owner = stored.owner;
                let mut heap = std::mem::take(&mut emitter.facts.heap);
                heap.retain(|known, _| known.place != stored.place || are_distinct(emitter, known.owner, owner));
                emitter.facts.heap = heap;
            } else {
                emitter.facts.heap.retain(|known, _| known.place != stored.place);
            }
            if matches!(uop.op, Op::AddSlot { .. }) {
                emitter.facts.forget_instance_shapes();
            }
        }
    }
}

/// Forgets what code that jumps to the loop from elsewhere may change.
pub fn forget_changed_elsewhere(emitter: &mut Emitter, elsewhere: &Superblock) {
    for uop in &elsewhere.uops {
        if uop.op.clobbers_heap() {
            emitter.facts.clobber();
        }
        emitter.facts.valid &= !uop.op.changes_table();
        if changes_items(&uop.op) {
            emitter.facts.lookups.clear();
        }
        for stored in stored_locations(&uop.op, &uop.inputs) {
            if stored.owner == UopIdx::NONE || !Emitter::allocates(&elsewhere.uop(stored.owner).op) {
                emitter.facts.heap.retain(|known, _| known.place != stored.place);
                if matches!(uop.op, Op::AddSlot { .. }) {
                    emitter.facts.forget_instance_shapes();
                }
            }
        }
    }
}
