//! What the generator does in a step: a row of the table with all that it needs, or a change of what the frames hold.

use super::generate::{Generator, Like, MASK};
use super::needs::{self, Ask, Stored};
use super::world::N_ITERATIONS;
use std::sync::LazyLock;
use stitch_runtime::object::layout::GeneratorState;
use stitch_runtime::object::operate::op as operation;
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::uop::{
    CallKind, Effect, ElementKind, ExitIdx, ExitKind, Field, FloatFunction, Helper, ImmediateType, ImmediateValue,
    Kind, Op, ROWS, Storage, UopIdx,
};
use stitch_runtime::value::Value;

/// An op of each row that a step can be, as often as it is to be chosen.
static STEPS: LazyLock<Vec<Op>> = LazyLock::new(|| {
    let mut steps = Vec::new();
    for op in ROWS.iter().map(|row| representative(row.name)).filter(|op| !needs::is_structure(op)) {
        let weight = match op {
            Op::CallHelper { .. } => 40,
            Op::CallTest { .. } => 10,
            // Half of them leave.
            Op::GuardTrue {} | Op::GuardFalse {} => 1,
            Op::FloatCall1 { .. } | Op::FloatCall2 { .. } | Op::ForceExit {} => 5,
            _ => match op.effect() {
                Effect::Pure | Effect::Check | Effect::Entry | Effect::Control => 2,
                Effect::Guard | Effect::Exits | Effect::Raises | Effect::Allocates => 3,
                Effect::Reads | Effect::Writes | Effect::Escapes => 5,
            },
        };
        steps.extend(std::iter::repeat_n(op, weight));
    }
    steps
});

/// An op of the row with any immediates.
pub fn representative(name: &str) -> Op {
    let first = |_: &'static str, ty: ImmediateType| {
        Some(match ty {
            ImmediateType::Bits => ImmediateValue::Bits(0),
            ImmediateType::Int => ImmediateValue::Int(0),
            ImmediateType::Half => ImmediateValue::Half(0),
            ImmediateType::Short => ImmediateValue::Short(0),
            ImmediateType::Bool => ImmediateValue::Bool(false),
            ImmediateType::Kind => ImmediateValue::Kind(Kind::Int),
            ImmediateType::Exit => ImmediateValue::Exit(ExitIdx(0)),
            ImmediateType::FloatFunction => ImmediateValue::FloatFunction(FloatFunction::ALL[0]),
            ImmediateType::Field => ImmediateValue::Field(Field::ALL[0]),
            ImmediateType::Helper => ImmediateValue::Helper(Helper::ALL[0]),
            ImmediateType::CallKind => ImmediateValue::CallKind(CallKind::Plain),
            ImmediateType::Element => ImmediateValue::Element(ElementKind::ALL[0]),
        })
    };
    Op::build(name, &mut { first }).expect("a row of the table")
}

/// Immediates that are to be chosen among all that fit.
fn all_fields(fits: impl Fn(Field) -> bool) -> Vec<Field> {
    Field::ALL.iter().copied().filter(|field| fits(*field)).collect()
}

impl Generator<'_> {
    pub fn step(&mut self) {
        match self.choices.below(16) {
            0..=3 => self.assign(),
            4 | 5 if self.is_narrow => self.branch(),
            4 => match self.choices.below(4) {
                0 => self.call_inlined(),
                1 => self.resume_inlined(),
                _ => self.return_inlined(),
            },
            _ => {
                let step = STEPS[self.choices.below(STEPS.len())];
                self.row(step);
            }
        }
    }

    /// A guard that fails in a later iteration.
    fn branch(&mut self) {
        let (_, count) = self.iterations_left();
        let when = 1 + self.choices.below(N_ITERATIONS as usize - 1) as i64;
        let when = self.const_int(when);
        let is_now = self.push(Op::IntEq {}, &[count, when], None);
        self.emit(Op::GuardFalse {}, &[is_now]);
    }

    /// A micro-op of this op's row, with immediates and inputs as they may be.
    fn row(&mut self, row: Op) {
        if needs::is_plain(&row) {
            return self.plain(row);
        }
        match row.effect() {
            Effect::Entry | Effect::Check | Effect::Control => self.control(row),
            Effect::Pure | Effect::Exits | Effect::Raises | Effect::Guard => self.guarded(row),
            Effect::Reads => self.read(row),
            Effect::Writes => self.write(row),
            Effect::Allocates => self.allocate(row),
            Effect::Escapes => self.call(row),
        }
    }

    /// Inputs of the row's kinds, and any immediates.
    fn plain(&mut self, row: Op) {
        let mut inputs: Vec<UopIdx> = row.input_kinds().iter().map(|kind| self.any(*kind)).collect();
        let op = match row {
            Op::ConstValue { .. } => {
                self.any_value();
                return;
            }
            Op::GuardShape { .. } => return self.guard_shape(),
            Op::GuardIs { .. } | Op::GuardIsNot { .. } => return self.guard_is(row),
            Op::GuardInt {} | Op::GuardFloat {} | Op::GuardBool {} if !self.choices.one_in(8) => {
                let kind = Kind::CONCRETE.into_iter().find(|kind| kind.guard_op() == Some(row));
                self.unboxed(kind.expect("a guard of a kind"));
                return;
            }
            _ => self.with_immediates(row),
        };
        if matches!(op, Op::GuardTrue {} | Op::GuardFalse {}) && self.choices.one_in(2) {
            // One that is likely to hold: a check of what is small.
            let (small, limit) = (self.small(), self.const_int(1 << 20));
            let inside = self.push(Op::IntUlt {}, &[small, limit], None);
            inputs = vec![if op == (Op::GuardTrue {}) { inside } else { self.push(Op::BoolNot {}, &[inside], None) }];
        }
        let value = self.emit(op, &inputs);
        let like = match op {
            Op::BoxInt {} => Like::Int,
            Op::BoxFloat {} => Like::Float,
            Op::BoxBool {} => Like::Bool,
            _ => Like::Unknown,
        };
        let value = if op.is_constant() { value } else { self.narrowed(value) };
        self.define(value, like);
    }

    /// A small integer, where no integer is to be another.
    fn narrowed(&mut self, value: UopIdx) -> UopIdx {
        if !self.is_narrow || self.trace.kind(value) != Some(Kind::Int) {
            return value;
        }
        let mask = self.const_int(MASK);
        self.push(Op::IntAnd {}, &[value, mask], None)
    }

    /// The row with immediates of their types.
    fn with_immediates(&mut self, row: Op) -> Op {
        let n_inputs = row.input_kinds().len();
        Op::build(row.name(), &mut |_, ty| {
            Some(match ty {
                ImmediateType::Int => ImmediateValue::Int(self.any_int_constant()),
                ImmediateType::Bits => ImmediateValue::Bits(self.any_float_constant().to_bits()),
                ImmediateType::Bool => ImmediateValue::Bool(self.choices.below(2) == 1),
                ImmediateType::FloatFunction => {
                    let fitting: Vec<FloatFunction> =
                        FloatFunction::ALL.iter().copied().filter(|it| it.arity() == n_inputs).collect();
                    ImmediateValue::FloatFunction(self.choices.pick(&fitting))
                }
                ImmediateType::Half
                | ImmediateType::Short
                | ImmediateType::Kind
                | ImmediateType::Exit
                | ImmediateType::Field
                | ImmediateType::Helper
                | ImmediateType::CallKind
                | ImmediateType::Element => unreachable!("{}: its needs are to be stated", row.name()),
            })
        })
        .expect("a row of the table")
    }

    fn guard_shape(&mut self) {
        let value = self.any_value();
        let like = self.values.iter().rev().find(|known| known.idx == value).map(|known| known.like);
        let shape = match like {
            Some(Like::Shape(shape)) if !self.choices.one_in(8) => shape,
            _ => self.world.plain_shape,
        };
        self.emit(Op::GuardShape { shape }, &[value]);
    }

    /// Of what is known now, mostly, so that it holds.
    fn guard_is(&mut self, row: Op) {
        let known: Vec<(UopIdx, Value)> =
            self.values.iter().rev().filter_map(|value| Some((value.idx, value.now?))).take(7).collect();
        let other = self.choices.pick(&self.world.values).value;
        let (value, now) = match known.is_empty() {
            true => (self.slot(5), self.start.slots[5]),
            false => self.choices.pick(&known),
        };
        let is_right = !self.choices.one_in(8);
        let op = match row {
            Op::GuardIs { .. } => Op::GuardIs { bits: if is_right { now } else { other }.bits() },
            _ => Op::GuardIsNot { bits: if is_right { other } else { now }.bits() },
        };
        self.emit(op, &[value]);
    }

    fn control(&mut self, row: Op) {
        match row {
            Op::LoadFrame { .. } => {
                let slot = self.choices.below(12) as u16;
                self.slot(slot);
            }
            Op::CountSteps { .. } => {
                let steps = self.choices.below(9) as u32;
                self.push(Op::CountSteps { steps }, &[], None);
            }
            Op::Poll {} => {
                let exit = self.new_exit(ExitKind::Pending);
                self.push(row, &[], Some(exit));
            }
            Op::GuardValid {} | Op::GuardStack {} => {
                let exit = self.new_exit(ExitKind::Deopt);
                self.push(row, &[], Some(exit));
            }
            Op::GuardFrames { .. } => {
                let exit = self.new_exit(ExitKind::Deopt);
                let op = Op::GuardFrames { frames: 1 + self.choices.below(3) as u16, words: 64 };
                self.push(op, &[], Some(exit));
            }
            Op::ForceExit {} if self.start.forced_exit > 0 => {
                let exit = self.new_exit(ExitKind::Side);
                self.push(row, &[], Some(exit));
            }
            Op::ForceExit {} => {}
            other => unreachable!("{}: its needs are to be stated", other.name()),
        }
    }

    /// Pure micro-ops that are right only behind a guard.
    fn guarded(&mut self, row: Op) {
        match row {
            Op::UnboxInt {} | Op::UnboxFloat {} | Op::UnboxBool {} => {
                self.unboxed(row.unboxed_kind().expect("it unboxes"))
            }
            Op::BoxSmallInt {} => {
                let small = self.small();
                let boxed = self.push(row, &[small], None);
                self.define(boxed, Like::Int)
            }
            Op::IntAddWrap {} | Op::IntSubWrap {} | Op::IntMulWrap {} => {
                let inputs = [self.small(), self.small()];
                let result = self.push(row, &inputs, None);
                self.define(result, Like::Unknown)
            }
            // Sums alone: products in a loop would grow without end.
            Op::IntBinary { .. } => {
                let op = Op::IntBinary { operator: self.choices.pick(&[0, 10]) };
                let integer = self.any(Kind::Int);
                let other = if self.choices.one_in(4) { self.any_value() } else { self.any(Kind::Int) };
                let inputs = [self.boxed(integer), self.boxed(other)];
                // As the recorder does it: it may be dropped, and leaves no other way.
                self.emit(Op::LowBits {}, &inputs[1..]);
                let result = self.emit(op, &inputs);
                self.define(result, Like::Unknown)
            }
            Op::ValueIs {} => {
                let singleton = self.choices.pick(&[Value::NONE, Value::TRUE, self.start.slots[5]]);
                let is_number = singleton.is_int() || singleton.is_float();
                let lhs = if is_number { self.constant(Value::NONE) } else { self.constant(singleton) };
                let inputs = [self.any_value(), lhs];
                let result = self.push(row, &inputs, None);
                self.define(result, Like::Unknown)
            }
            other => unreachable!("{}: its needs are to be stated", other.name()),
        };
    }

    /// Makes a result that may be unbound a value, by a guard.
    fn bound(&mut self, value: UopIdx, like: Like) {
        if needs::may_be_unbound(&self.trace.uop(value).op) {
            self.emit(Op::GuardIsNot { bits: Value::UNBOUND.bits() }, &[value]);
        }
        self.define(value, like);
    }

    fn read(&mut self, row: Op) {
        let (value, is_internal) = match row {
            Op::LoadField { .. } => {
                let fields = all_fields(|it| it.storage() == Storage::Value && !is_element(it));
                let field = self.choices.pick(&fields);
                let owner = self.owner(field);
                (self.push(Op::LoadField { field }, &[owner], None), needs::is_internal(field))
            }
            Op::LoadWord { .. } => {
                let fields = all_fields(|it| it.storage() != Storage::Value);
                let field = self.choices.pick(&fields);
                let owner = self.owner(field);
                // Addresses are no numbers to reckon with.
                let is_internal = matches!(
                    field,
                    Field::NativeBinding | Field::GeneratorIp | Field::DictKeysVersion | Field::IntHigh
                );
                (self.push(Op::LoadWord { field }, &[owner], None), is_internal)
            }
            Op::LoadSlot { .. } => {
                let owner = self.of_shape(&[self.world.plain_shape]);
                let slot = self.choices.below(2) as u16;
                (self.push(Op::LoadSlot { slot }, &[owner], None), false)
            }
            Op::LoadGeneratorSlot { .. } => {
                let suspended = self.choices.pick(&self.world.generators);
                let generator = self.guarded_generator(suspended);
                let slot = self.choices.below(usize::from(suspended.n_locals)) as u16;
                (self.push(Op::LoadGeneratorSlot { slot }, &[generator], None), false)
            }
            Op::LoadElement { .. } => (self.load_element(), false),
            Op::LoadRawInt { .. } => {
                let (storage, index, element) = self.raw_element(false);
                (self.push(Op::LoadRawInt { element }, &[storage, index], None), false)
            }
            Op::LoadRawFloat { .. } => {
                let (storage, index, element) = self.raw_element(true);
                (self.push(Op::LoadRawFloat { element }, &[storage, index], None), false)
            }
            other => unreachable!("{}: its needs are to be stated", other.name()),
        };
        if !is_internal {
            let value = self.narrowed(value);
            self.bound(value, Like::Unknown);
        }
    }

    fn owner(&mut self, field: Field) -> UopIdx {
        match needs::owners(field) {
            [BuiltinType::Object] => self.of_shape(&[self.world.plain_shape]),
            [BuiltinType::Array] => {
                let list = self.of_types(&[BuiltinType::List]);
                self.push(Op::LoadField { field: Field::ListItems }, &[list], None)
            }
            [BuiltinType::Native] => self.of_shape(&[self.world.shapes[&self.world.arrays[0].0.bits()]]),
            types => self.of_types(types),
        }
    }

    fn load_element(&mut self) -> UopIdx {
        let is_list = self.choices.below(2) == 0;
        let (ty, field, len) = match is_list {
            true => (BuiltinType::List, Field::ArrayElement, Field::ListLen),
            false => (BuiltinType::Tuple, Field::TupleElement, Field::TupleLen),
        };
        let sequence = self.of_types(&[ty]);
        let index = match self.choices.below(3) {
            0 => self.any(Kind::Int),
            1 => self.unboxed(Kind::Int),
            _ => {
                let index = self.choices.below(4) as i64;
                self.const_int(index)
            }
        };
        let len = self.push(Op::LoadWord { field: len }, &[sequence], None);
        let inside = self.push(Op::IntUlt {}, &[index, len], None);
        self.emit(Op::GuardTrue {}, &[inside]);
        let array =
            if is_list { self.push(Op::LoadField { field: Field::ListItems }, &[sequence], None) } else { sequence };
        self.push(Op::LoadElement { field }, &[array, index], None)
    }

    /// The storage of an array of numbers, and the place of an element.
    fn raw_element(&mut self, is_float: bool) -> (UopIdx, UopIdx, ElementKind) {
        let fitting = self.world.arrays.iter().copied().filter(|(_, element)| element.is_float() == is_float);
        let (array, element) = self.choices.pick(&fitting.collect::<Vec<_>>());
        let owner = self.constant(array);
        let shape = self.world.shapes[&array.bits()];
        self.emit(Op::GuardShape { shape }, &[owner]);
        let kind = self.push(Op::LoadWord { field: Field::RawKind }, &[owner], None);
        let wanted = self.const_int(element as i64);
        let is_wanted = self.push(Op::IntEq {}, &[kind, wanted], None);
        self.emit(Op::GuardTrue {}, &[is_wanted]);
        let index = match self.choices.below(3) {
            0 => self.any(Kind::Int),
            _ => {
                let index = self.choices.below(8) as i64;
                self.const_int(index)
            }
        };
        let len = self.push(Op::LoadWord { field: Field::RawLen }, &[owner], None);
        let inside = self.push(Op::IntUlt {}, &[index, len], None);
        self.emit(Op::GuardTrue {}, &[inside]);
        (self.push(Op::LoadField { field: Field::RawStorage }, &[owner], None), index, element)
    }

    fn write(&mut self, row: Op) {
        match row {
            Op::StoreField { .. } => {
                let fields = all_fields(|it| {
                    it.storage() == Storage::Value && !is_element(it) && needs::stored(it) != Stored::Nothing
                });
                let field = self.choices.pick(&fields);
                let owner = self.owner(field);
                let value = match needs::stored(field) {
                    Stored::Unbound => self.push(Op::ConstValue { bits: Value::UNBOUND.bits() }, &[], None),
                    _ => self.any_value(),
                };
                self.push(Op::StoreField { field }, &[owner, value], None);
            }
            Op::StoreWord { .. } => self.store_word(),
            Op::StoreSlot { .. } => {
                let owner = self.of_shape(&[self.world.plain_shape]);
                let slot = self.choices.below(2) as u16;
                let value = self.any_value();
                self.push(Op::StoreSlot { slot }, &[owner, value], None);
            }
            Op::AddSlot { .. } => self.grow(),
            Op::StoreGeneratorSlot { .. } => {
                let suspended = self.choices.pick(&self.world.generators);
                let generator = self.guarded_generator(suspended);
                let slot = self.choices.below(usize::from(suspended.n_locals)) as u16;
                let value = self.any_value();
                self.push(Op::StoreGeneratorSlot { slot }, &[generator, value], None);
            }
            Op::Suspend { .. } => {
                let suspended = self.choices.pick(&self.world.generators);
                let generator = self.guarded_generator(suspended);
                let ip = self.const_int(suspended.ip);
                self.push(Op::Suspend { top: suspended.top }, &[generator, ip], None);
            }
            Op::StoreElement { .. } => {
                let (_, array) = self.list_of_at_least(3);
                let index = self.choices.below(3) as i64;
                let (index, value) = (self.const_int(index), self.any_value());
                self.push(Op::StoreElement { field: Field::ArrayElement }, &[array, index, value], None);
            }
            Op::StoreRawInt { .. } => {
                let (storage, index, element) = self.raw_element(false);
                let integer = self.any(Kind::Int);
                self.push(Op::StoreRawInt { element }, &[storage, index, integer], None);
            }
            Op::StoreRawFloat { .. } => {
                let (storage, index, element) = self.raw_element(true);
                let float = self.any(Kind::Float);
                self.push(Op::StoreRawFloat { element }, &[storage, index, float], None);
            }
            Op::CopyElements { .. } => {
                let ((_, array), (_, source)) = (self.list_of_at_least(5), self.list_of_at_least(5));
                let count = self.choices.below(4) as i64;
                let step = self.choices.pick(&[1, -1]);
                let at = self.choices.below((6 - count) as usize) as i64;
                let first = self.choices.below((6 - count) as usize) as i64;
                let start = if step < 0 { (first + count - 1).max(0) } else { first };
                let [at, start, count] = [at, start, count].map(|value| self.const_int(value));
                self.push(Op::CopyElements { step }, &[array, at, source, start, count], None);
            }
            other => unreachable!("{}: its needs are to be stated", other.name()),
        }
        self.wrote();
    }

    fn store_word(&mut self) {
        let fields = all_fields(|it| it.storage() != Storage::Value && needs::stored(it) != Stored::Nothing);
        let field = self.choices.pick(&fields);
        let owner = self.owner(field);
        let word = match needs::stored(field) {
            Stored::Word => self.any(Kind::Int),
            Stored::State => {
                let state = self.choices.pick(&[GeneratorState::Running, GeneratorState::Finished]);
                self.const_int(state as i64)
            }
            _ => self.small(),
        };
        self.push(Op::StoreWord { field }, &[owner, word], None);
    }

    /// An instance that gets its slots one by one.
    fn grow(&mut self) {
        let growth = self.world.growth.clone();
        let new = Op::NewInstance { shape: growth.shapes[0], slots: growth.inline_slots };
        let instance = self.push(new, &[], None);
        let n_slots = 1 + self.choices.below(growth.shapes.len() - 1);
        for (slot, shape) in (0..).zip(growth.shapes[1..].iter().copied()).take(n_slots) {
            let value = self.any_value();
            self.push(Op::AddSlot { slot, shape }, &[instance, value], None);
            self.wrote();
        }
        self.define(instance, Like::Shape(growth.shapes[n_slots]));
        if self.choices.below(2) == 0 {
            self.emit(Op::GuardShape { shape: growth.shapes[n_slots] }, &[instance]);
            let slot = self.choices.below(n_slots) as u16;
            let loaded = self.push(Op::LoadSlot { slot }, &[instance], None);
            self.bound(loaded, Like::Unknown);
        }
    }

    fn items(&mut self) -> Vec<UopIdx> {
        let n = self.choices.below(4);
        (0..n).map(|_| self.any_value()).collect()
    }

    fn allocate(&mut self, row: Op) {
        let world = self.world;
        let (op, inputs, like) = match row {
            Op::NewTuple {} => (row, self.items(), Like::exact(BuiltinType::Tuple)),
            Op::NewList {} => (row, self.items(), Like::exact(BuiltinType::List)),
            Op::NewDict {} => (row, Vec::new(), Like::exact(BuiltinType::Dict)),
            Op::ListSlice { .. } => {
                let (list, _) = self.list_of_at_least(4);
                let step = self.choices.pick(&[1, -1, 2]);
                let (start, count) = match step {
                    1 => (self.choices.below(3) as i64, self.choices.below(3) as i64),
                    -1 => (3, self.choices.below(5) as i64),
                    _ => (self.choices.below(2) as i64, self.choices.below(3) as i64),
                };
                let inputs = vec![list, self.const_int(start), self.const_int(count)];
                (Op::ListSlice { step }, inputs, Like::exact(BuiltinType::List))
            }
            Op::NewSlice {} => {
                let parts = (0..3).map(|_| self.any_value()).collect();
                (row, parts, Like::exact(BuiltinType::Slice))
            }
            Op::NewInstance { .. } => {
                let shape = world.growth.shapes[0];
                (Op::NewInstance { shape, slots: world.growth.inline_slots }, Vec::new(), Like::Shape(shape))
            }
            Op::NewCell {} => (row, vec![self.any_value()], Like::exact(BuiltinType::Cell)),
            Op::NewGenerator { .. } => {
                let created = world.generators[0];
                let mut inputs = vec![self.constant(created.function)];
                inputs.extend((0..2).map(|_| self.any_value()));
                let shape = BuiltinType::Generator.shape();
                let op = Op::NewGenerator { code: created.code_object, shape, ip: created.ip, awaited: false };
                (op, inputs, Like::exact(BuiltinType::Generator))
            }
            Op::NewFunction { .. } => {
                let code = self.choices.pick(&world.plain_code);
                let constant = |bits: u64| Op::ConstValue { bits };
                let inputs = [world.globals, world.builtins, Value::NONE, Value::NONE];
                let inputs = inputs.map(|value| self.push(constant(value.bits()), &[], None));
                (Op::NewFunction { code }, inputs.to_vec(), Like::exact(BuiltinType::Function))
            }
            Op::BoxUnsigned {} => (row, vec![self.any(Kind::Int)], Like::Int),
            Op::NewRange {} => {
                let parts = self.choices.pick(&[[0, 10, 2, 5], [3, 3, 1, 0], [9, 0, -3, 3]]);
                let parts = parts.map(|part| self.constant(Value::small_int(part)));
                (row, parts.to_vec(), Like::exact(BuiltinType::Range))
            }
            Op::NewRangeIter {} => {
                let inputs = vec![self.any(Kind::Int), self.small(), self.small()];
                (row, inputs, Like::exact(BuiltinType::RangeIter))
            }
            Op::NewBoundMethod {} => {
                let function = self.of_types(&[BuiltinType::Function]);
                let inputs = vec![function, self.any_value()];
                (row, inputs, Like::exact(BuiltinType::BoundMethod))
            }
            other => unreachable!("{}: its needs are to be stated", other.name()),
        };
        let object = self.push(op, &inputs, None);
        self.define(object, like);
    }

    fn call(&mut self, row: Op) {
        match row {
            Op::CallHelper { .. } => {
                // That one is only for a function that was just made.
                let fits = |it: &Helper| !is_test(*it) && *it != Helper::SetFunctionAttribute;
                let helpers: Vec<Helper> = Helper::ALL.iter().copied().filter(fits).collect();
                let helper = self.choices.pick(&helpers);
                let arguments = self.helper_arguments(helper);
                let exit = self.error_exit();
                let result = self.push(Op::CallHelper { helper }, &arguments, Some(exit));
                self.wrote();
                if helper == Helper::MakeFunction {
                    self.set_function_attribute(result);
                }
                self.bound(result, Like::Unknown);
            }
            Op::CallTest { .. } => {
                let helpers: Vec<Helper> = Helper::ALL.iter().copied().filter(|it| is_test(*it)).collect();
                let helper = self.choices.pick(&helpers);
                let arguments = self.helper_arguments(helper);
                let exit = self.error_exit();
                let result = self.push(Op::CallTest { helper }, &arguments, Some(exit));
                self.define(result, Like::Unknown);
            }
            Op::CallNative { .. } => {
                let (_, binding) = self.choices.pick(&self.world.natives);
                let arguments = self.items();
                let exit = self.error_exit();
                let result = self.push(Op::CallNative { binding }, &arguments, Some(exit));
                self.define(result, Like::Unknown);
            }
            Op::CallValue {} => {
                let mut inputs = vec![self.callable()];
                inputs.extend(self.items());
                let exit = self.error_exit();
                let result = self.push(row, &inputs, Some(exit));
                self.define(result, Like::Unknown);
            }
            other => unreachable!("{}: its needs are to be stated", other.name()),
        }
        self.wrote();
    }

    fn callable(&mut self) -> UopIdx {
        let callables = [BuiltinType::Function, BuiltinType::BoundMethod, BuiltinType::NativeFunction];
        match self.choices.below(5) {
            0..=2 => self.of_types(&callables),
            3 => self.asked(Ask::Class),
            _ => self.any_value(),
        }
    }

    /// A fresh function's defaults.
    fn set_function_attribute(&mut self, function: UopIdx) {
        let value = self.of_types(&[BuiltinType::Tuple]);
        let which = self.asked(Ask::Small(1, 1));
        let exit = self.error_exit();
        let op = Op::CallHelper { helper: Helper::SetFunctionAttribute };
        self.push(op, &[function, value, which], Some(exit));
    }

    fn helper_arguments(&mut self, helper: Helper) -> Vec<UopIdx> {
        let asks = needs::of_helper(helper);
        match helper {
            Helper::BinaryOp => self.binary_operation(),
            Helper::BuildMap => {
                let n = self.choices.below(3);
                (0..2 * n).map(|_| self.any_value()).collect()
            }
            Helper::SimpleMap => {
                let n = self.choices.below(3) as i64;
                let item = |place: i64| [self.constant(Value::small_int(place)), self.any_value()];
                (0..n).flat_map(item).collect()
            }
            Helper::BuildSet | Helper::BuildString => {
                let n = self.choices.below(4);
                (0..n).map(|_| self.asked(asks[0])).collect()
            }
            Helper::CallKeywords => {
                let callee = self.callable();
                let names = self.constant(self.world.keyword_names);
                let n = 1 + self.choices.below(2);
                [callee, names].into_iter().chain((0..n).map(|_| self.any_value())).collect()
            }
            _ => asks.iter().map(|ask| self.asked(*ask)).collect(),
        }
    }

    /// The slow ones get small numbers.
    fn binary_operation(&mut self) -> Vec<UopIdx> {
        let choice = self.choices.below(27) as u32;
        let is_slow =
            matches!(choice % operation::INPLACE, operation::POWER | operation::LEFT_SHIFT | operation::MULTIPLY);
        let [lhs, rhs] = match is_slow {
            true => [(-3, 9), (-2, 3)].map(|(low, high)| {
                let small = self.asked(Ask::Small(low, high));
                self.boxed(small)
            }),
            // A list to which an iterator over it is added grows without end.
            false if choice == operation::INPLACE + operation::ADD => [self.any_value(), self.asked(Ask::Items)],
            false => [self.any_value(), self.any_value()],
        };
        vec![lhs, rhs, self.const_int(choice.into())]
    }
}

/// A helper that gives a truth value.
pub fn is_test(helper: Helper) -> bool {
    matches!(
        helper,
        Helper::CompareTest
            | Helper::Contains
            | Helper::IsTrue
            | Helper::IsInstance
            | Helper::SimpleContains
            | Helper::SimpleSubset
            | Helper::StrEq
    )
}

fn is_element(field: Field) -> bool {
    matches!(field, Field::ArrayElement | Field::TupleElement)
}
