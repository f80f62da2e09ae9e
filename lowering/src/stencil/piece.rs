//! One micro-op by itself: what a stencil is chosen by, and the numbers that fill its holes.

use crate::lower::{self, Snippet};
use smallvec::SmallVec;
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    Nothing,
    IsObject,
    IsImmediate,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// In a home.
    Home { home: u16, kind: Kind, fact: Fact },
    /// A constant whose word is a hole.
    Constant { kind: Kind, word: u64 },
    /// A constant on which the form of the code depends.
    Literal { kind: Kind, word: u64 },
}

/// A micro-op with its places. With blank numbers it is the key of its stencil.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Piece {
    /// `None`: what an executor does first, which is to make itself known.
    pub op: Option<Op>,
    pub inputs: SmallVec<[Input; 3]>,
    /// The home of the result; `None` where nobody wants it.
    pub result: Option<u16>,
    pub exit: Option<ExitIdx>,
    /// Of those that look at it.
    pub executor: Option<u64>,
    /// A frame was pushed before.
    pub has_pushed: bool,
    /// Of what it makes, where the runtime says that.
    pub form: Option<Box<ObjectForm>>,
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
    /// Stands for all numbers of the class.
    fn blank(self) -> u64 {
        match self {
            Class::Object => 1 << 20,
            Class::Positive => 1,
            Class::Negative => u64::MAX,
            _ => 0,
        }
    }

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

impl Piece {
    /// What writes a word to a home.
    pub fn store(word: Input, home: u16) -> Piece {
        let (op, inputs) = match word {
            Input::Home { home, .. } => (Op::LoadHome { home, kind: Kind::Int }, SmallVec::new()),
            Input::Constant { word, .. } | Input::Literal { word, .. } => {
                (Op::ConstInt { value: word as i64 }, SmallVec::new())
            }
        };
        Piece { op: Some(op), inputs, result: Some(home), exit: None, executor: None, has_pushed: false, form: None }
    }

    /// What an executor begins with.
    pub fn entry(executor: u64) -> Piece {
        Piece {
            op: None,
            inputs: SmallVec::new(),
            result: None,
            exit: None,
            executor: Some(executor),
            has_pushed: false,
            form: None,
        }
    }

    /// Calls `visit` with every number that is a hole, and puts what it gives in its place.
    fn visit(&mut self, mut visit: impl FnMut(Class, u64) -> u64) {
        let op = self.op;
        if let Some(op) = &mut self.op {
            visit_op(op, &mut visit);
        }
        for input in &mut self.inputs {
            match input {
                Input::Home { home, .. } => *home = visit(Class::Short, u64::from(*home)) as u16,
                Input::Constant { kind, word } => *word = visit(class_of(op, *kind, *word), *word),
                Input::Literal { .. } => {}
            }
        }
        if let Some(home) = &mut self.result {
            *home = visit(Class::Short, u64::from(*home)) as u16;
        }
        if let Some(executor) = &mut self.executor {
            *executor = visit(Class::Word, *executor);
        }
        if let Some(form) = &mut self.form {
            form.header = visit(Class::Word, form.header);
            for (_, word) in &mut form.words {
                if let FormWord::Constant(word) = word {
                    *word = visit(Class::Word, *word);
                }
            }
        }
        if let Some(exit) = &mut self.exit {
            exit.0 = visit(Class::Exit, u64::from(exit.0)) as u32;
        }
    }

    /// Makes the piece the key of its stencil; `numbers` gets what the holes are filled with.
    pub fn take_numbers(&mut self, numbers: &mut SmallVec<[u64; 8]>) {
        self.visit(|class, number| {
            numbers.push(number);
            class.blank()
        });
    }

    /// The classes of a key's holes.
    pub fn classes(&self) -> Vec<Class> {
        let mut classes = Vec::new();
        self.clone().visit(|class, blank| {
            classes.push(class);
            blank
        });
        classes
    }

    /// What a key's stencil is cut from, with the samples of this number in the holes: loads of the inputs, the micro-op, which
    /// has a home, and the jump to what follows.
    pub fn snippet(&self, which: usize) -> Snippet {
        let mut piece = self.clone();
        let mut place = 0;
        piece.visit(|class, _| {
            place += 1;
            class.samples(place - 1)[which]
        });
        let mut snippet = Snippet {
            superblock: Superblock::default(),
            executor: piece.executor.unwrap_or_default(),
            is_entry: piece.op.is_none(),
            has_pushed: piece.has_pushed,
            objects: Vec::new(),
            immediates: Vec::new(),
            form: piece.form.map(|form| *form),
        };
        let superblock = &mut snippet.superblock;
        // Exits go by index.
        let exit = Exit { kind: ExitKind::Side, snapshot: SnapshotIdx(0) };
        superblock.exits = vec![exit; piece.exit.map_or(0, |exit| exit.index() + 1)];
        let mut push = |op: Op, inputs: &[UopIdx], exit, home| {
            superblock.uops.push(Uop { op, inputs: inputs.into(), exit });
            superblock.homes.push(home);
            UopIdx(superblock.uops.len() as u32 - 1)
        };
        let mut inputs: SmallVec<[UopIdx; 3]> = SmallVec::new();
        for input in &piece.inputs {
            let (op, fact) = match *input {
                Input::Home { home, kind, fact } => (Op::LoadHome { home, kind }, fact),
                Input::Constant { kind, word } | Input::Literal { kind, word } => (constant(kind, word), Fact::Nothing),
            };
            let idx = push(op, &[], None, None);
            match fact {
                Fact::Nothing => {}
                Fact::IsObject => snippet.objects.push(idx),
                Fact::IsImmediate => snippet.immediates.push(idx),
            }
            inputs.push(idx);
        }
        if let Some(op) = piece.op {
            let op = if matches!(op, Op::JumpExecutor { .. }) { Op::JumpExecutor { executor: ELSEWHERE } } else { op };
            push(op, &inputs, piece.exit, piece.result);
        }
        if piece.op.is_none_or(|op| !op.is_terminator()) {
            push(Op::JumpExecutor { executor: NEXT }, &[], None, None);
        }
        snippet
    }
}

/// Of a constant input's word: what the lowering tells apart.
fn class_of(op: Option<Op>, kind: Kind, word: u64) -> Class {
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
fn is_literal(op: Op, place: usize, kind: Kind, word: u64) -> bool {
    match op {
        Op::IntFloorDiv {} | Op::IntMod {} | Op::IntShl {} | Op::IntShr {} | Op::BitsShl {} | Op::BitsShr {} => {
            place == 1
        }
        // It has no negative.
        Op::IntSub {} => word as i64 == i64::MIN,
        _ => kind == Kind::Bool,
    }
}

/// A constant that is an input.
pub fn constant_input(op: Op, place: usize, kind: Kind, word: u64) -> Input {
    if is_literal(op, place, kind, word) { Input::Literal { kind, word } } else { Input::Constant { kind, word } }
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
pub fn plain_op(superblock: &Superblock, idx: UopIdx) -> Op {
    let uop = superblock.uop(idx);
    match uop.op {
        Op::BoxInt {} if lower::fits_small_int(superblock, uop.inputs[0]) => Op::BoxSmallInt {},
        op => op,
    }
}
