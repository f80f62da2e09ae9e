//! How the generator finds inputs: of a kind, of a type, as `needs` asks for them.

use super::generate::{Defined, Generator, Like, MASK};
use super::needs::Ask;
use super::world::{N_SLOTS, Suspended};
use stitch_runtime::object::types::BuiltinType;
use stitch_runtime::uop::{ExitKind, Field, Helper, Kind, Op, UopIdx};
use stitch_runtime::value::{SMALL_INT_MAX, SMALL_INT_MIN, Value};

const INTS: [i64; 24] = [
    0,
    1,
    -1,
    2,
    3,
    -2,
    7,
    8,
    -7,
    10,
    63,
    64,
    1000,
    1 << 31,
    1 << 32,
    SMALL_INT_MAX,
    SMALL_INT_MIN,
    SMALL_INT_MAX + 1,
    SMALL_INT_MIN - 1,
    (1 << 53) + 1,
    i64::MAX,
    i64::MIN,
    i64::MAX / 3,
    -1_000_003,
];
const FLOATS: [f64; 14] =
    [0.0, -0.0, 0.5, 1.0, -1.5, 2.0, 3.0, 1e300, 1e-300, 5e-324, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN];

impl Generator<'_> {
    pub fn any_int_constant(&mut self) -> i64 {
        let most = if self.choices.one_in(3) && !self.is_narrow { INTS.len() } else { 10 };
        INTS[self.choices.below(most)]
    }

    pub fn any_float_constant(&mut self) -> f64 {
        FLOATS[self.choices.below(FLOATS.len())]
    }

    /// A recent value that fits.
    fn recent(&mut self, fits: impl Fn(&Defined) -> bool) -> Option<UopIdx> {
        let fitting: Vec<UopIdx> =
            self.values.iter().rev().filter(|value| fits(value)).take(7).map(|value| value.idx).collect();
        (!fitting.is_empty()).then(|| fitting[self.choices.below(fitting.len())])
    }

    /// Any value of this kind.
    pub fn any(&mut self, kind: Kind) -> UopIdx {
        if matches!(kind, Kind::Value | Kind::Any) {
            return self.any_value();
        }
        let choice = self.choices.below(5);
        if choice < 3
            && let Some(known) = self.recent(|value| value.kind == kind)
        {
            return known;
        }
        let made = match (kind, choice) {
            (Kind::Int, 0..=3) => {
                let value = self.any_int_constant();
                self.const_int(value)
            }
            (Kind::Float, 0..=3) => {
                let bits = self.any_float_constant().to_bits();
                self.push(Op::ConstFloat { bits }, &[], None)
            }
            (Kind::Bool, 0..=1) => {
                let value = self.choices.below(2) == 1;
                self.push(Op::ConstBool { value }, &[], None)
            }
            (Kind::Bool, 2..=3) => {
                let (lhs, rhs) = (self.any(Kind::Int), self.any(Kind::Int));
                let op = self.choices.pick(&[Op::IntLt {}, Op::IntLe {}, Op::IntEq {}, Op::IntUlt {}]);
                self.push(op, &[lhs, rhs], None)
            }
            _ => return self.unboxed(kind),
        };
        self.define(made, Like::Unknown)
    }

    /// A boxed value behind its guard, unboxed.
    pub fn unboxed(&mut self, kind: Kind) -> UopIdx {
        let (like, first_slot) = match kind {
            Kind::Float => (Like::Float, 2),
            Kind::Bool => (Like::Bool, 3),
            Kind::Int | Kind::Value | Kind::Any => (Like::Int, 0),
        };
        let slots = if kind == Kind::Int { 2 } else { 1 };
        let value = match self.choices.below(3) {
            0 => self.recent(|value| value.like == like),
            _ => None,
        };
        let value = match value {
            Some(value) => value,
            None => {
                let slot = first_slot + self.choices.below(slots) as u16;
                self.slot(slot)
            }
        };
        // A constant says by itself what it is: no guard makes another of it. What a side trace starts with may be one, or not.
        let is_other = match self.trace.uop(value).op {
            _ if self.at_start.contains(&Some(value)) => false,
            Op::ConstValue { bits } => match kind {
                Kind::Float => !Value(bits).is_float(),
                Kind::Bool => !Value(bits).is_bool(),
                Kind::Int | Kind::Value | Kind::Any => !Value(bits).is_int(),
            },
            _ => false,
        };
        if is_other {
            return self.define_constant(kind);
        }
        self.emit(kind.guard_op().expect("an unboxed kind"), &[value]);
        let unboxed = self.push(kind.unbox_op().expect("as above"), &[value], None);
        self.define(unboxed, Like::Unknown)
    }

    fn define_constant(&mut self, kind: Kind) -> UopIdx {
        let constant = self.push(
            match kind {
                Kind::Float => Op::ConstFloat { bits: 0.5f64.to_bits() },
                Kind::Bool => Op::ConstBool { value: true },
                Kind::Int | Kind::Value | Kind::Any => Op::ConstInt { value: 3 },
            },
            &[],
            None,
        );
        self.define(constant, Like::Unknown)
    }

    /// An integer between 0 and `MASK`.
    pub fn small(&mut self) -> UopIdx {
        if self.choices.below(3) > 0
            && let Some(known) = self.recent(|value| value.is_small)
        {
            return known;
        }
        let wide = self.any(Kind::Int);
        let mask = self.const_int(MASK);
        let small = self.push(Op::IntAnd {}, &[wide, mask], None);
        self.define(small, Like::Unknown);
        self.values.last_mut().expect("just defined").is_small = true;
        small
    }

    /// A boxed value that is bound.
    pub fn any_value(&mut self) -> UopIdx {
        match self.choices.below(6) {
            0 | 1 => {
                let slot = self.choices.below(usize::from(N_SLOTS)) as u16;
                self.slot(slot)
            }
            2 => self.world_value(|_| true),
            3 => {
                let kind = self.choices.pick(&[Kind::Int, Kind::Float, Kind::Bool, Kind::Int]);
                let unboxed = self.any(kind);
                self.boxed(unboxed)
            }
            _ => match self.recent(|value| value.kind == Kind::Value) {
                Some(value) => value,
                None => self.slot(4),
            },
        }
    }

    /// A constant of the world whose shape fits.
    fn world_value(&mut self, fits: impl Fn(Option<u32>) -> bool) -> UopIdx {
        let fitting: Vec<Value> =
            self.world.values.iter().filter(|known| fits(known.shape)).map(|known| known.value).collect();
        assert!(!fitting.is_empty(), "the world has one of each");
        let value = self.choices.pick(&fitting);
        self.constant(value)
    }

    /// A value that is of one of these shapes, behind a guard. Now and then the guard fails.
    pub fn of_shape(&mut self, shapes: &[u32]) -> UopIdx {
        let is_it = |like: Like| matches!(like, Like::Shape(shape) if shapes.contains(&shape));
        let found = match self.choices.below(5) {
            0..=2 => self.recent(|value| value.kind == Kind::Value && is_it(value.like)),
            _ => None,
        };
        let value = match found {
            Some(value) => value,
            None if self.choices.one_in(40) => self.any_value(),
            None => self.world_value(|shape| shape.is_some_and(|shape| shapes.contains(&shape))),
        };
        let like = self.values.iter().rev().find(|known| known.idx == value).map(|known| known.like);
        let shape = match like {
            Some(Like::Shape(shape)) if shapes.contains(&shape) => shape,
            _ => shapes[0],
        };
        self.emit(Op::GuardShape { shape }, &[value]);
        value
    }

    pub fn of_types(&mut self, types: &[BuiltinType]) -> UopIdx {
        let shapes: Vec<u32> = types.iter().map(|ty| ty.shape()).collect();
        self.of_shape(&shapes)
    }

    /// A generator of the world, guarded to be where it is suspended.
    pub fn guarded_generator(&mut self, suspended: Suspended) -> UopIdx {
        let generator = self.constant(suspended.generator);
        self.emit(Op::GuardShape { shape: BuiltinType::Generator.shape() }, &[generator]);
        for (field, expected) in [(Field::GeneratorState, suspended.state), (Field::GeneratorIp, suspended.ip)] {
            let word = self.push(Op::LoadWord { field }, &[generator], None);
            let expected = self.const_int(expected);
            let is_same = self.push(Op::IntEq {}, &[word, expected], None);
            self.emit(Op::GuardTrue {}, &[is_same]);
        }
        generator
    }

    /// A list with its length and its array, behind a check that there are so many elements at least.
    pub fn list_of_at_least(&mut self, n: i64) -> (UopIdx, UopIdx) {
        let list = self.of_types(&[BuiltinType::List]);
        let len = self.push(Op::LoadWord { field: Field::ListLen }, &[list], None);
        let least = self.const_int(n);
        let has_room = self.push(Op::IntLe {}, &[least, len], None);
        self.emit(Op::GuardTrue {}, &[has_room]);
        let array = self.push(Op::LoadField { field: Field::ListItems }, &[list], None);
        (list, array)
    }

    /// What a helper asks for.
    pub fn asked(&mut self, ask: Ask) -> UopIdx {
        match ask {
            Ask::Any => self.any_value(),
            Ask::OneOf(types) => self.of_types(types),
            Ask::Small(low, high) => {
                let value = low + self.choices.below((high - low + 1) as usize) as i64;
                self.const_int(value)
            }
            Ask::Int => self.any(Kind::Int),
            Ask::SmallOrNone => {
                let value = if self.choices.one_in(3) {
                    Value::NONE
                } else {
                    Value::small_int(self.choices.below(9) as i64 - 4)
                };
                self.constant(value)
            }
            Ask::Element => match self.choices.below(3) {
                0 => self.asked(Ask::Name),
                1 => self.asked(Ask::SmallOrNone),
                _ => {
                    let value = self.any(Kind::Int);
                    self.boxed(value)
                }
            },
            Ask::Items => {
                const ITEMS: [BuiltinType; 6] = [
                    BuiltinType::List,
                    BuiltinType::Tuple,
                    BuiltinType::Str,
                    BuiltinType::Dict,
                    BuiltinType::Set,
                    BuiltinType::Range,
                ];
                self.n_items += 1;
                self.of_types(if self.n_items < 3 { &ITEMS } else { &ITEMS[1..] })
            }
            Ask::Name => {
                let name = self.choices.pick(&self.world.names);
                self.constant(name)
            }
            Ask::GlobalName => {
                let name = self.choices.pick(&self.world.global_names);
                self.constant(name)
            }
            Ask::Class => {
                let class = self.choices.pick(&self.world.classes);
                self.push(Op::ConstValue { bits: class.bits() }, &[], None)
            }
            Ask::Owner => {
                let shapes = [
                    self.world.plain_shape,
                    self.world.growth.shapes[0],
                    BuiltinType::Function.shape(),
                    BuiltinType::List.shape(),
                ];
                self.of_shape(&shapes)
            }
            Ask::Globals => self.push(Op::ConstValue { bits: self.world.globals.bits() }, &[], None),
            Ask::Builtins => self.push(Op::ConstValue { bits: self.world.builtins.bits() }, &[], None),
            Ask::Keywords => {
                let (key, value) = (self.asked(Ask::Name), self.any_value());
                let exit = self.error_exit();
                self.push(Op::CallHelper { helper: Helper::BuildMap }, &[key, value], Some(exit))
            }
            Ask::PlainCode => {
                let code = self.choices.pick(&self.world.plain_code);
                self.push(Op::ConstValue { bits: code }, &[], None)
            }
        }
    }

    /// An exit by which an exception leaves.
    pub fn error_exit(&mut self) -> stitch_runtime::uop::ExitIdx {
        self.new_exit(ExitKind::Error)
    }
}
