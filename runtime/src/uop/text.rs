//! The text form of superblocks: printer and parser, each the other's inverse.
//!
//! ```text
//! u0 = load_frame 0
//! guard_int u0 exit=x0                      immediates first, then inputs
//! u2 = unbox_int u0 home=1                  home=: the result is written to this home
//! u3 = new_tuple u0, u0 sunk                sunk: made by exits only
//! …
//! x0 = side s0
//! s0 = code@1:12 depth=1 {0: u3, 2: u4} | call u7 code@2:0 depth=0 {0: u9}
//! fact load_field list_items, u3            heap facts of the loop
//! ```
//!
//! Heap addresses are printed as `object@1`, `code@1`: numbered as they appear, so that dumps can be compared. A `;`
//! starts a comment. A parsed `u` number is a name; printing numbers by place. `sources` are made again when homes were
//! parsed.

use super::{
    CallKind, ElementKind, Exit, ExitIdx, ExitKind, Field, FloatFunction, FrameOrigin, Helper, ImmediateType,
    ImmediateValue, Kind, LoopFact, Op, Snapshot, SnapshotFrame, SnapshotIdx, Superblock, Uop, UopIdx,
};
use crate::value::Value;
use smallvec::SmallVec;
use std::fmt::{self, Write};

/// Where parsed `object@N` and `code@N` lie: addresses that no real object has.
const FAKE_OBJECTS: u64 = 0x1_0000_0000;
const FAKE_CODES: u64 = 0x2_0000_0000;
const FAKE_STEP: u64 = 16;
const MAX_FAKE: u64 = 4096;

impl ExitKind {
    pub const ALL: [ExitKind; 5] =
        [ExitKind::Side, ExitKind::Deopt, ExitKind::Error, ExitKind::Pending, ExitKind::Dynamic];

    /// Name in dumps.
    pub fn name(self) -> &'static str {
        match self {
            ExitKind::Side => "side",
            ExitKind::Deopt => "deopt",
            ExitKind::Error => "error",
            ExitKind::Pending => "pending",
            ExitKind::Dynamic => "dynamic",
        }
    }
}

/// Stable numbers for addresses, in the order of their appearance.
#[derive(Default)]
struct Names {
    objects: Vec<u64>,
    codes: Vec<u64>,
}

impl Names {
    fn number(known: &mut Vec<u64>, fake: u64, address: u64) -> u64 {
        if (fake..fake + MAX_FAKE * FAKE_STEP).contains(&address) {
            return (address - fake) / FAKE_STEP;
        }
        let position = known.iter().position(|seen| *seen == address).unwrap_or_else(|| {
            known.push(address);
            known.len() - 1
        });
        position as u64 + 1
    }

    fn value(&mut self, bits: u64) -> String {
        let value = Value(bits);
        if is_address(bits) {
            format!("object@{}", Self::number(&mut self.objects, FAKE_OBJECTS, bits))
        } else if value.is_unbound() || value.is_none() || value.is_bool() || value.is_int() || value.is_float() {
            format!("{value:?}")
        } else {
            format!("0x{bits:x}")
        }
    }

    fn code(&mut self, address: u64) -> String {
        format!("code@{}", Self::number(&mut self.codes, FAKE_CODES, address))
    }

    fn immediate(&mut self, op: &Op, immediate: ImmediateValue) -> String {
        match immediate {
            ImmediateValue::Bits(bits) if matches!(op, Op::ConstFloat { .. }) => float_text(bits),
            ImmediateValue::Bits(bits) => self.value(bits),
            ImmediateValue::Int(value) => value.to_string(),
            ImmediateValue::Half(value) => value.to_string(),
            ImmediateValue::Short(value) => value.to_string(),
            ImmediateValue::Bool(value) => value.to_string(),
            ImmediateValue::Kind(kind) => kind.name().to_string(),
            ImmediateValue::Exit(exit) => exit.to_string(),
            ImmediateValue::FloatFunction(function) => function.name().to_string(),
            ImmediateValue::Field(field) => field.to_string(),
            ImmediateValue::Helper(helper) => helper.name().to_string(),
            ImmediateValue::CallKind(kind) => kind.name().to_string(),
            ImmediateValue::Element(kind) => kind.name().to_string(),
        }
    }
}

/// A float by its value where that gives its bits back, else by its bits.
fn float_text(bits: u64) -> String {
    let float = f64::from_bits(bits);
    if float.is_nan() && bits != crate::value::CANONICAL_NAN { format!("0x{bits:x}") } else { format!("{float:?}f") }
}

impl fmt::Display for Superblock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = &mut Names::default();
        for (index, uop) in self.uops.iter().enumerate() {
            let idx = UopIdx(index as u32);
            self.print_uop(f, names, idx, uop)?;
        }
        for (index, exit) in self.exits.iter().enumerate() {
            writeln!(f, "{} = {} {}", ExitIdx(index as u32), exit.kind.name(), exit.snapshot)?;
        }
        for (index, snapshot) in self.snapshots.iter().enumerate() {
            writeln!(f, "{} = {}", SnapshotIdx(index as u32), snapshot_text(names, snapshot))?;
        }
        for fact in &self.loop_facts {
            let operands = operands_text(names, &fact.load, &[fact.owner]);
            writeln!(f, "fact {}{operands}", fact.load.name())?;
        }
        Ok(())
    }
}

impl Superblock {
    fn print_uop(&self, f: &mut fmt::Formatter<'_>, names: &mut Names, idx: UopIdx, uop: &Uop) -> fmt::Result {
        if uop.op.output_kind().is_some() {
            write!(f, "{idx} = ")?;
        }
        write!(f, "{}{}", uop.op.name(), operands_text(names, &uop.op, &uop.inputs))?;
        if let Some(exit) = uop.exit {
            write!(f, " exit={exit}")?;
        }
        if let Some(Some(home)) = self.homes.get(idx.index()) {
            write!(f, " home={home}")?;
        }
        if self.sunk.get(idx.index()) == Some(&true) {
            write!(f, " sunk")?;
        }
        writeln!(f)
    }
}

fn operands_text(names: &mut Names, op: &Op, inputs: &[UopIdx]) -> String {
    let immediates = op.immediates();
    let immediates = immediates.iter().map(|immediate| names.immediate(op, *immediate));
    let operands: Vec<String> = immediates.chain(inputs.iter().map(UopIdx::to_string)).collect();
    if operands.is_empty() { String::new() } else { format!(" {}", operands.join(", ")) }
}

fn snapshot_text(names: &mut Names, snapshot: &Snapshot) -> String {
    let mut text = String::new();
    for (index, frame) in snapshot.frames.iter().enumerate() {
        if index > 0 {
            text.push_str(" | ");
        }
        match frame.origin {
            FrameOrigin::Root => {}
            FrameOrigin::Call { function, kind } => {
                _ = write!(text, "{} {function} ", kind.name());
            }
            FrameOrigin::Resume { generator } => _ = write!(text, "resume {generator} "),
        }
        let slots: Vec<String> = frame.slots.iter().map(|(slot, value)| format!("{slot}: {value}")).collect();
        _ = write!(
            text,
            "{}:{} depth={} {{{}}}",
            names.code(frame.code),
            frame.ip,
            frame.stack_depth,
            slots.join(", ")
        );
    }
    text
}

/// What could not be parsed, with its line.
#[derive(Clone, Debug, PartialEq)]
pub struct ParseError {
    pub line: usize,
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

#[derive(Default)]
struct Parser {
    superblock: Superblock,
    /// Written name of a `u`, and its place.
    uops: Vec<(String, UopIdx)>,
    homes: Vec<Option<u16>>,
    sunk: Vec<bool>,
}

/// Parses the text form.
pub fn parse(text: &str) -> Result<Superblock, ParseError> {
    let mut parser = Parser::default();
    for (index, line) in text.lines().enumerate() {
        let line = line.split(';').next().unwrap_or_default().trim();
        if !line.is_empty() {
            parser.line(line).map_err(|message| ParseError { line: index + 1, message })?;
        }
    }
    let mut superblock = parser.superblock;
    if parser.homes.iter().any(Option::is_some) || parser.sunk.contains(&true) {
        superblock.homes = parser.homes;
        superblock.sunk = parser.sunk;
        if let Err(value) = crate::opt::homes::fill_sources(&mut superblock) {
            let message = format!("u{} is mentioned by a snapshot and has no home", value.0);
            return Err(ParseError { line: text.lines().count(), message });
        }
    }
    Ok(superblock)
}

impl Parser {
    fn line(&mut self, line: &str) -> Result<(), String> {
        let Some((name, rest)) = line.split_once('=').filter(|(name, _)| !name.trim().contains(' ')) else {
            return match line.strip_prefix("fact ") {
                Some(fact) => self.fact(fact),
                None => self.uop(None, line),
            };
        };
        let (name, rest) = (name.trim(), rest.trim());
        match name.as_bytes().first() {
            Some(b'x') => self.exit(name, rest),
            Some(b's') => self.snapshot(name, rest),
            _ => self.uop(Some(name), rest),
        }
    }

    fn uop(&mut self, name: Option<&str>, text: &str) -> Result<(), String> {
        let idx = UopIdx(self.superblock.uops.len() as u32);
        let (mut text, mut exit, mut home, mut sunk) = (text, None, None, false);
        while let Some((before, word)) = text.rsplit_once(' ') {
            if let Some(name) = word.strip_prefix("exit=") {
                exit = Some(ExitIdx(index_of(name, 'x')?));
            } else if let Some(number) = word.strip_prefix("home=") {
                home = Some(number_of(number)?);
                if home.is_some_and(|home| usize::from(home) >= crate::backend::MAX_HOMES) {
                    return Err(format!("there is no home {number}"));
                }
            } else if word == "sunk" {
                sunk = true;
            } else {
                break;
            }
            text = before.trim_end();
        }
        let (op, inputs) = self.operation(text)?;
        self.superblock.uops.push(Uop { op, inputs, exit });
        self.homes.push(home);
        self.sunk.push(sunk);
        if let Some(name) = name {
            self.uops.push((name.to_string(), idx));
        }
        Ok(())
    }

    fn operation(&self, text: &str) -> Result<(Op, SmallVec<[UopIdx; 3]>), String> {
        let (name, operands) = text.split_once(' ').unwrap_or((text, ""));
        let mut operands = operands.split(',').map(str::trim).filter(|operand| !operand.is_empty());
        let mut wrong = None;
        let op = Op::build(name, &mut |field, immediate_type| {
            let text = operands.next().unwrap_or_default();
            let parsed = immediate_of(name, immediate_type, text);
            if parsed.is_none() {
                wrong = Some(format!("{name}: `{text}` is no {field}"));
            }
            parsed
        });
        let op = op.ok_or_else(|| wrong.unwrap_or_else(|| format!("no micro-op `{name}`")))?;
        let inputs = operands.map(|operand| self.value(operand)).collect::<Result<_, _>>()?;
        Ok((op, inputs))
    }

    fn value(&self, name: &str) -> Result<UopIdx, String> {
        let found = self.uops.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, idx)| *idx).ok_or_else(|| format!("no value `{name}`"))
    }

    fn exit(&mut self, name: &str, text: &str) -> Result<(), String> {
        if index_of(name, 'x')? as usize != self.superblock.exits.len() {
            return Err(format!("exit {name} is out of order"));
        }
        let (kind, snapshot) = text.split_once(' ').ok_or("an exit is a kind and a snapshot")?;
        let kind = ExitKind::ALL.into_iter().find(|known| known.name() == kind);
        let kind = kind.ok_or_else(|| format!("no kind of exit: {text}"))?;
        self.superblock.exits.push(Exit { kind, snapshot: SnapshotIdx(index_of(snapshot.trim(), 's')?) });
        Ok(())
    }

    fn snapshot(&mut self, name: &str, text: &str) -> Result<(), String> {
        if index_of(name, 's')? as usize != self.superblock.snapshots.len() {
            return Err(format!("snapshot {name} is out of order"));
        }
        let frames = text.split('|').map(|frame| self.frame(frame.trim())).collect::<Result<_, _>>()?;
        self.superblock.snapshots.push(Snapshot { frames });
        Ok(())
    }

    fn frame(&self, text: &str) -> Result<SnapshotFrame, String> {
        let wrong = || format!("not a snapshot frame: {text}");
        let (head, slots) = text.split_once('{').ok_or_else(wrong)?;
        let mut words: SmallVec<[&str; 4]> = head.split_whitespace().collect();
        let origin = match words[..] {
            ["resume", generator, ..] => FrameOrigin::Resume { generator: self.value(generator)? },
            [word, function, ..] => match CallKind::from_name(word) {
                Some(kind) => FrameOrigin::Call { function: self.value(function)?, kind },
                None => FrameOrigin::Root,
            },
            _ => FrameOrigin::Root,
        };
        if origin != FrameOrigin::Root {
            words.drain(..2);
        }
        let [place, depth] = words[..] else { return Err(wrong()) };
        let (code, ip) = place.split_once(':').ok_or_else(wrong)?;
        let code = code.strip_prefix("code@").and_then(|number| fake_address(FAKE_CODES, number)).ok_or_else(wrong)?;
        let mut parsed = Vec::new();
        for entry in slots.trim_end_matches('}').split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            let (slot, value) = entry.split_once(':').ok_or_else(wrong)?;
            parsed.push((number_of(slot.trim())?, self.value(value.trim())?));
        }
        Ok(SnapshotFrame {
            code,
            ip: number_of(ip)?,
            origin,
            stack_depth: number_of(depth.strip_prefix("depth=").ok_or_else(wrong)?)?,
            slots: parsed,
        })
    }

    fn fact(&mut self, text: &str) -> Result<(), String> {
        let (load, inputs) = self.operation(text)?;
        let owner = *inputs.first().ok_or("a fact has an owner")?;
        self.superblock.loop_facts.push(LoopFact { load, owner });
        Ok(())
    }
}

fn number_of<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is no number"))
}

fn index_of(text: &str, prefix: char) -> Result<u32, String> {
    number_of(text.strip_prefix(prefix).ok_or_else(|| format!("`{text}` is no {prefix} index"))?)
}

fn immediate_of(op: &str, immediate_type: ImmediateType, text: &str) -> Option<ImmediateValue> {
    Some(match immediate_type {
        ImmediateType::Bits if op == "const_float" => ImmediateValue::Bits(float_of(text)?),
        ImmediateType::Bits => ImmediateValue::Bits(bits_of(text)?),
        ImmediateType::Int => ImmediateValue::Int(text.parse().ok()?),
        ImmediateType::Half => ImmediateValue::Half(text.parse().ok()?),
        ImmediateType::Short => ImmediateValue::Short(text.parse().ok()?),
        ImmediateType::Bool => ImmediateValue::Bool(text.parse().ok()?),
        ImmediateType::Kind => ImmediateValue::Kind(Kind::from_name(text)?),
        ImmediateType::Exit => ImmediateValue::Exit(ExitIdx(index_of(text, 'x').ok()?)),
        ImmediateType::FloatFunction => ImmediateValue::FloatFunction(FloatFunction::from_name(text)?),
        ImmediateType::Field => ImmediateValue::Field(Field::from_name(text)?),
        ImmediateType::Helper => ImmediateValue::Helper(Helper::from_name(text)?),
        ImmediateType::CallKind => ImmediateValue::CallKind(CallKind::from_name(text)?),
        ImmediateType::Element => ImmediateValue::Element(ElementKind::from_name(text)?),
    })
}

/// Raw bits of a float: `1.5f`, or the bits themselves.
fn float_of(text: &str) -> Option<u64> {
    if let Some(bits) = text.strip_prefix("0x") {
        return u64::from_str_radix(bits, 16).ok();
    }
    let float: f64 = text.strip_suffix('f')?.parse().ok()?;
    Some(if float.is_nan() { crate::value::CANONICAL_NAN } else { float.to_bits() })
}

/// Could these bits be an object's?
fn is_address(bits: u64) -> bool {
    Value(bits).is_object() && bits.is_multiple_of(8)
}

/// The address that a number in a text stands for.
fn fake_address(fake: u64, number: &str) -> Option<u64> {
    let number: u64 = number.parse().ok()?;
    (number < MAX_FAKE).then(|| fake + number * FAKE_STEP)
}

/// A boxed word: what `Value` prints, `object@N`, or the bits themselves.
fn bits_of(text: &str) -> Option<u64> {
    let value = match text {
        "unbound" => Value::UNBOUND,
        "None" => Value::NONE,
        "true" | "True" => Value::TRUE,
        "false" | "False" => Value::FALSE,
        _ => {
            if let Some(bits) = text.strip_prefix("0x") {
                // Objects are written by their numbers: another address would come back under one of those.
                return u64::from_str_radix(bits, 16).ok().filter(|bits| !is_address(*bits));
            }
            if let Some(number) = text.strip_prefix("object@") {
                return fake_address(FAKE_OBJECTS, number);
            }
            match text.parse::<i64>() {
                Ok(integer) => Value::try_small_int(integer)?,
                Err(_) => Value::float(text.parse().ok()?),
            }
        }
    };
    Some(value.bits())
}
