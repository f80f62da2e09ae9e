//! One micro-op by itself: what a stencil is chosen by, and the numbers that fill its holes.

use crate::lower::{self, Snippet};
use smallvec::SmallVec;
use std::fmt;
use std::hash::{Hash, Hasher};
use stitch_runtime::backend::{FormWord, ObjectForm};
use stitch_runtime::uop::{Exit, ExitIdx, ExitKind, Kind, Op, SnapshotIdx, Superblock, Uop, UopIdx};
use stitch_runtime::value::{INT_TAG, Value};

/// The executor that a stencil's end jumps to: the next stencil.
pub const NEXT: u32 = u32::MAX;
/// The executor that a stencil of a `jump_executor` jumps to.
pub const ELSEWHERE: u32 = 0;
/// Most holes of a stencil, before exits are counted.
pub const MAX_NUMBERS: usize = 250;

/// What is known of a value that is an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    Nothing,
    IsObject,
    IsImmediate,
}

/// An input, as the linker knows it.
#[derive(Clone, Copy, Debug)]
pub enum Input {
    Home { home: u16, kind: Kind, fact: Fact },
    Constant { kind: Kind, word: u64 },
}

/// What a stencil knows of an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum InputForm {
    /// In a home, which is a hole.
    Home { kind: Kind, fact: Fact },
    /// A constant whose word is a hole.
    Constant { kind: Kind, class: Class },
    /// A constant on which the form of the code depends.
    Literal { kind: Kind, word: u64 },
}

/// A micro-op without its numbers: what a stencil is chosen by, and cut from. The numbers are in a list beside it, in the order in
/// which [`Piece::classes`] tells of them.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Piece {
    /// `None`: what an executor does first, which is to make itself known.
    op: Option<Op>,
    /// Most that there is to know beside it, packed.
    ///
    /// ```text
    ///   63      60 59          54 …  5      0
    ///   │  flags  │ input 9      …  input 0  │   an input: 6 bits, 0 for none, which is also what `more` has
    /// ```
    packed: u64,
    /// What is rare.
    more: Option<Box<More>>,
}

const FLAG_RESULT: u64 = 1 << 63;
const FLAG_EXECUTOR: u64 = 1 << 62;
const FLAG_EXIT: u64 = 1 << 61;
/// A frame was pushed before.
const FLAG_PUSHED: u64 = 1 << 60;
const BITS_PER_INPUT: usize = 6;
const MAX_PACKED: usize = 10;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct More {
    /// All, where one of them cannot be packed.
    inputs: Vec<InputForm>,
    /// Of what it makes, where the runtime says that.
    form: Option<ObjectForm>,
}

impl Hash for More {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.inputs.len());
    }
}

impl InputForm {
    /// As six bits, none of which all are 0.
    fn pack(self) -> u64 {
        match self {
            InputForm::Home { kind, fact } => 1 + (fact as u64 * 4 + kind as u64),
            InputForm::Constant { kind, class } => 1 + 12 + (class as u64 * 4 + kind as u64),
            InputForm::Literal { .. } => unreachable!("it has a word"),
        }
    }

    fn unpack(packed: u64) -> InputForm {
        let number = packed as usize - 1;
        let (kind, rest) = (Kind::CONCRETE[number % 4], number / 4);
        match [Fact::Nothing, Fact::IsObject, Fact::IsImmediate].get(rest) {
            Some(&fact) => InputForm::Home { kind, fact },
            None => InputForm::Constant { kind, class: Class::ALL[rest - 3] },
        }
    }
}

/// What a micro-op has beside its op and inputs.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rest<'a> {
    /// The home of the result, where somebody wants it.
    pub result: Option<u16>,
    /// Of those that look at it.
    pub executor: Option<u64>,
    pub exit: Option<ExitIdx>,
    /// A frame was pushed before.
    pub has_pushed: bool,
    pub form: Option<&'a ObjectForm>,
}

/// What numbers a hole may be filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A home, or a slot: at most 16 bits.
    Short,
    /// 31 bits.
    Half,
    /// Any word.
    Word,
    /// The word of a heap object.
    Object,
    /// A word that is none.
    Immediate,
    /// An integer that is not negative.
    Positive,
    Negative,
    /// An exit's index.
    Exit,
}

impl Class {
    const ALL: [Class; 8] = [
        Class::Short,
        Class::Half,
        Class::Word,
        Class::Object,
        Class::Immediate,
        Class::Positive,
        Class::Negative,
        Class::Exit,
    ];

    /// A number of the class for the hole at `place`, and another. All fill the longest form of their instruction, and
    /// no two holes' differences are alike, be it in steps of one or of eight.
    pub fn samples(self, place: usize) -> [u64; 2] {
        let place = place as u64;
        let (first, difference) = match self {
            Class::Short => (0x1000 + place, 0x0801 + 2 * place),
            Class::Half => (0x0100_0001 + (place << 12), 0x0010_0101 + (place << 9)),
            Class::Word => (0x5A17_C0DE_0000_0011, 0x0123_4567_89AB_CD01 + (place << 36)),
            Class::Object => (0x1A17_C0DE_0010 + (place << 20), 0x0123_4567_8910 + (place << 24)),
            Class::Immediate => (INT_TAG | 0x0A17_C0DE_0001, 0x0123_4567_8901 + (place << 32)),
            Class::Positive => (0x1A17_C0DE_0000_0011, 0x0123_4567_89AB_CD03 + (place << 36)),
            Class::Negative => (0xDA17_C0DE_0000_0011, 0x0123_4567_89AB_CD07 + (place << 36)),
            Class::Exit => (100, 187),
        };
        [first, first.wrapping_add(difference)]
    }

    /// Whether a hole takes a whole word.
    pub fn is_word(self) -> bool {
        !matches!(self, Class::Short | Class::Half | Class::Exit)
    }
}

/// Calls `visit` with every number of an op that may be a hole, and puts what it gives in its place.
fn visit_op(op: &mut Op, visit: &mut impl FnMut(Class, u64) -> u64) {
    let mut short = |number: &mut u16| *number = visit(Class::Short, u64::from(*number)) as u16;
    match op {
        Op::LoadFrame { slot }
        | Op::StoreFrame { slot }
        | Op::LoadSlot { slot }
        | Op::StoreSlot { slot }
        | Op::LoadGeneratorSlot { slot }
        | Op::StoreGeneratorSlot { slot }
        | Op::Suspend { top: slot }
        | Op::IntBinary { operator: slot }
        | Op::LoadHome { home: slot, .. } => short(slot),
        Op::AddSlot { slot, shape } => {
            short(slot);
            *shape = visit(Class::Half, u64::from(*shape)) as u32;
        }
        Op::GuardShape { shape } | Op::NewInstance { shape, .. } | Op::CountSteps { steps: shape } => {
            *shape = visit(Class::Half, u64::from(*shape)) as u32;
        }
        Op::LeaveAtCall { call, top } => {
            short(top);
            *call = visit(Class::Word, *call);
        }
        Op::GuardFrames { frames, words } => {
            short(frames);
            *words = visit(Class::Half, u64::from(*words)) as u32;
        }
        Op::ConstValue { bits }
        | Op::ConstFloat { bits }
        | Op::GuardIs { bits }
        | Op::GuardIsNot { bits }
        | Op::CallNative { binding: bits } => *bits = visit(Class::Word, *bits),
        // The form has what there is to know of them.
        Op::NewGenerator { code, shape, ip, awaited } => (*code, *shape, *ip, *awaited) = (0, 0, 0, false),
        Op::NewFunction { code } => *code = 0,
        Op::ConstInt { value } => *value = visit(Class::Word, *value as u64) as i64,
        Op::PushFrame { code, start, call, live, words, .. } => {
            short(live);
            *words = visit(Class::Half, u64::from(*words)) as u32;
            for word in [code, start, call] {
                *word = visit(Class::Word, *word);
            }
        }
        _ => {}
    }
}

/// The same with the numbers of what is made.
fn visit_form(form: &mut ObjectForm, visit: &mut impl FnMut(Class, u64) -> u64) {
    form.header = visit(Class::Word, form.header);
    for (_, word) in &mut form.words {
        if let FormWord::Constant(word) = word {
            *word = visit(Class::Word, *word);
        }
    }
}

impl Piece {
    /// Makes this that of a micro-op, whose numbers are put into `numbers`. (In place: what was written in parts is not read as a
    /// whole at once.)
    pub fn become_that_of(
        &mut self,
        op: Option<&Op>,
        inputs: impl Iterator<Item = Input>,
        rest: Rest<'_>,
        numbers: &mut Vec<u64>,
    ) {
        numbers.clear();
        let mut take = |_, number| {
            numbers.push(number);
            0
        };
        let flag = |is_set: bool, flag: u64| if is_set { flag } else { 0 };
        self.op = op.copied();
        self.more = None;
        self.packed = flag(rest.result.is_some(), FLAG_RESULT)
            | flag(rest.executor.is_some(), FLAG_EXECUTOR)
            | flag(rest.exit.is_some(), FLAG_EXIT)
            | flag(rest.has_pushed, FLAG_PUSHED);
        if let Some(op) = &mut self.op {
            visit_op(op, &mut take);
        }
        for (place, input) in inputs.enumerate() {
            let form = match input {
                Input::Home { home, kind, fact } => {
                    take(Class::Short, u64::from(home));
                    InputForm::Home { kind, fact }
                }
                Input::Constant { kind, word } if is_literal(op, place, kind, word) => {
                    InputForm::Literal { kind, word }
                }
                Input::Constant { kind, word } => {
                    let class = class_of(op, kind, word);
                    take(class, word);
                    InputForm::Constant { kind, class }
                }
            };
            self.push_input(place, form);
        }
        if let Some(home) = rest.result {
            take(Class::Short, u64::from(home));
        }
        if let Some(executor) = rest.executor {
            take(Class::Word, executor);
        }
        if let Some(form) = rest.form {
            let mut form = form.clone();
            visit_form(&mut form, &mut take);
            self.more.get_or_insert_default().form = Some(form);
        }
        if let Some(exit) = rest.exit {
            take(Class::Exit, u64::from(exit.0));
        }
    }

    fn has(&self, flag: u64) -> bool {
        self.packed & flag != 0
    }

    fn push_input(&mut self, place: usize, form: InputForm) {
        let is_small = place < MAX_PACKED && !matches!(form, InputForm::Literal { .. });
        if is_small && self.more.is_none() {
            self.packed |= form.pack() << (BITS_PER_INPUT * place);
            return;
        }
        let packed: Vec<InputForm> = self.packed_inputs().collect();
        let more = self.more.get_or_insert_default();
        more.inputs.extend(packed);
        more.inputs.push(form);
        self.packed &= !((1 << (BITS_PER_INPUT * MAX_PACKED)) - 1);
    }

    fn packed_inputs(&self) -> impl Iterator<Item = InputForm> + use<> {
        let packed = self.packed;
        let input = move |place: usize| packed >> (BITS_PER_INPUT * place) & ((1 << BITS_PER_INPUT) - 1);
        (0..MAX_PACKED).map(input).take_while(|input| *input != 0).map(InputForm::unpack)
    }

    fn inputs(&self) -> impl Iterator<Item = InputForm> + '_ {
        self.packed_inputs().chain(self.more.iter().flat_map(|more| more.inputs.iter().copied()))
    }

    /// What writes a word to a home.
    pub fn become_store(&mut self, word: Input, home: u16, numbers: &mut Vec<u64>) {
        let op = match word {
            Input::Home { home, .. } => Op::LoadHome { home, kind: Kind::Int },
            Input::Constant { word, .. } => Op::ConstInt { value: word as i64 },
        };
        let rest = Rest { result: Some(home), ..Rest::default() };
        self.become_that_of(Some(&op), std::iter::empty(), rest, numbers);
    }

    /// What an executor begins with.
    pub fn become_entry(&mut self, executor: u64, numbers: &mut Vec<u64>) {
        let rest = Rest { executor: Some(executor), ..Rest::default() };
        self.become_that_of(None, std::iter::empty(), rest, numbers);
    }

    /// The classes of its numbers.
    pub fn classes(&self) -> Vec<Class> {
        let mut classes = Vec::new();
        self.fill(|class| {
            classes.push(class);
            0
        });
        classes
    }

    /// What its stencil is cut from, with the samples of this number in the holes: loads of the inputs, the micro-op, which
    /// has a home, and the jump to what follows.
    pub fn snippet(&self, which: usize) -> Snippet {
        let mut place = 0;
        self.fill(|class| {
            place += 1;
            class.samples(place - 1)[which]
        })
    }

    /// The snippet with the numbers that `next` gives.
    fn fill(&self, mut next: impl FnMut(Class) -> u64) -> Snippet {
        let mut fill = |class, _| next(class);
        let mut op = self.op;
        if let Some(op) = &mut op {
            visit_op(op, &mut fill);
        }
        let inputs: Vec<(Op, Fact)> = self
            .inputs()
            .map(|input| match input {
                InputForm::Home { kind, fact } => (Op::LoadHome { home: fill(Class::Short, 0) as u16, kind }, fact),
                InputForm::Constant { kind, class } => (constant(kind, fill(class, 0)), Fact::Nothing),
                InputForm::Literal { kind, word } => (constant(kind, word), Fact::Nothing),
            })
            .collect();
        let result = self.has(FLAG_RESULT).then(|| fill(Class::Short, 0) as u16);
        let executor = self.has(FLAG_EXECUTOR).then(|| fill(Class::Word, 0));
        let mut form = self.more.as_ref().and_then(|more| more.form.clone());
        if let Some(form) = &mut form {
            visit_form(form, &mut fill);
        }
        let exit = self.has(FLAG_EXIT).then(|| ExitIdx(fill(Class::Exit, 0) as u32));

        let mut snippet = Snippet {
            superblock: Superblock::default(),
            executor: executor.unwrap_or_default(),
            is_entry: op.is_none(),
            has_pushed: self.has(FLAG_PUSHED),
            objects: Vec::new(),
            immediates: Vec::new(),
            form,
        };
        let superblock = &mut snippet.superblock;
        // Exits go by index.
        let some_exit = Exit { kind: ExitKind::Side, snapshot: SnapshotIdx(0) };
        superblock.exits = vec![some_exit; exit.map_or(0, |exit| exit.index() + 1)];
        let mut push = |op: Op, inputs: &[UopIdx], exit, home| {
            superblock.uops.push(Uop { op, inputs: inputs.into(), exit });
            superblock.homes.push(home);
            UopIdx(superblock.uops.len() as u32 - 1)
        };
        let mut input_uops: SmallVec<[UopIdx; 3]> = SmallVec::new();
        for (op, fact) in inputs {
            let idx = push(op, &[], None, None);
            match fact {
                Fact::Nothing => {}
                Fact::IsObject => snippet.objects.push(idx),
                Fact::IsImmediate => snippet.immediates.push(idx),
            }
            input_uops.push(idx);
        }
        if let Some(op) = op {
            push(op, &input_uops, exit, result);
        }
        if op.is_none_or(|op| !op.is_terminator()) {
            push(Op::JumpExecutor { executor: NEXT }, &[], None, None);
        }
        snippet
    }
}

/// For dumps.
impl fmt::Debug for Piece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.op, self.inputs().collect::<Vec<_>>())?;
        self.has(FLAG_PUSHED).then(|| f.write_str(" pushed")).transpose()?;
        self.more.iter().try_for_each(|more| write!(f, " {:?}", more.form))
    }
}

/// Of a constant input's word: what the lowering tells apart.
fn class_of(op: Option<&Op>, kind: Kind, word: u64) -> Class {
    let is_negative = match op {
        Some(Op::IntAdd {}) => (word as i64) < 0,
        // It adds the negated.
        Some(Op::IntSub {}) => word as i64 <= 0,
        _ => false,
    };
    match kind {
        Kind::Value if Value(word).is_object() => Class::Object,
        Kind::Value => Class::Immediate,
        Kind::Int if is_negative => Class::Negative,
        Kind::Int => Class::Positive,
        _ => Class::Word,
    }
}

/// Whether the code for an op depends on more of a constant input than its class.
fn is_literal(op: Option<&Op>, place: usize, kind: Kind, word: u64) -> bool {
    match op {
        Some(Op::IntFloorDiv {} | Op::IntMod {} | Op::IntShl {} | Op::IntShr {} | Op::BitsShl {} | Op::BitsShr {}) => {
            place == 1
        }
        // It has no negative.
        Some(Op::IntSub {}) => word as i64 == i64::MIN,
        _ => kind == Kind::Bool,
    }
}

fn constant(kind: Kind, word: u64) -> Op {
    match kind {
        Kind::Int => Op::ConstInt { value: word as i64 },
        Kind::Float => Op::ConstFloat { bits: word },
        Kind::Bool => Op::ConstBool { value: word != 0 },
        Kind::Value | Kind::Any => Op::ConstValue { bits: word },
    }
}

/// The micro-op that a stencil serves in place of this one, since the form of the code depends on more than its inputs'
/// kinds.
pub fn plain_op(superblock: &Superblock, idx: UopIdx) -> &Op {
    let uop = superblock.uop(idx);
    match &uop.op {
        Op::BoxInt {} if lower::fits_small_int(superblock, uop.inputs[0]) => &Op::BoxSmallInt {},
        Op::JumpExecutor { .. } => &Op::JumpExecutor { executor: ELSEWHERE },
        op => op,
    }
}

#[cfg(test)]
mod tests;
