//! Machine code to a stencil.
//!
//! Two compilations of a snippet differ in its holes and nowhere else, and what a hole's bytes are follows from its number:
//! this number in steps of one or eight (or the negated), and something that is always the same. Which number it is, the
//! difference tells.
//!
//! Then the code is taken apart at its blocks: the prologue is the executor's, which has one for all its stencils, and the jump
//! to what follows is left out; cold blocks are put apart; those that do nothing but leave are not needed, since
//! branches lead to the exit themselves.

use super::piece::{Class, NEXT};
use super::x64;
use stitch_runtime::backend::{Relocatable, Site, SiteTarget};

/// Machine code of a snippet, and where its blocks begin.
pub struct Sample {
    pub code: Relocatable,
    pub blocks: Vec<u32>,
    /// From block to block.
    pub edges: Vec<(u32, u32)>,
}

/// Code with holes.
#[derive(Debug, PartialEq)]
pub struct Stencil {
    pub hot: Part,
    pub cold: Part,
    /// What it needs of the executor's frame.
    pub frame_bytes: u32,
}

#[derive(Debug, Default, PartialEq)]
pub struct Part {
    pub bytes: Vec<u8>,
    pub holes: Vec<Hole>,
    pub jumps: Vec<Jump>,
}

/// Bytes that are `number × scale + bias`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hole {
    pub at: u32,
    pub is_word: bool,
    /// Which of the piece's numbers.
    pub number: u8,
    pub scale: i8,
    pub bias: u64,
}

/// A rel32.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Jump {
    pub at: u32,
    pub to: Target,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    Hot(u32),
    Cold(u32),
    /// The piece's exit.
    Exit,
    /// Behind the stencil.
    Next,
    /// Another executor.
    Elsewhere,
}

/// Why no stencil can be cut.
pub type Uncut = String;

/// Finds the holes: bytes in which the codes differ.
fn holes(samples: [&[u8]; 2], classes: &[Class]) -> Result<Vec<Hole>, Uncut> {
    let [first, second] = samples;
    if first.len() != second.len() {
        return Err(format!("{} and {} bytes", first.len(), second.len()));
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < first.len() {
        if first[at] == second[at] {
            at += 1;
            continue;
        }
        let hole = classes.iter().enumerate().find_map(|(number, class)| hole_of(samples, at, number, *class));
        let hole = hole.ok_or_else(|| format!("what differs at {at} is of no number: {first:x?} {second:x?}"))?;
        at += if hole.is_word { 8 } else { 4 };
        found.push(hole);
    }
    Ok(found)
}

/// The hole at `at`, if it is of this number.
fn hole_of(samples: [&[u8]; 2], at: usize, number: usize, class: Class) -> Option<Hole> {
    let numbers = class.samples(number);
    let width = if class.is_word() { 8 } else { 4 };
    let mask = u64::MAX >> (64 - 8 * width);
    let mut read = [0; 2];
    for (value, code) in read.iter_mut().zip(samples) {
        let mut bytes = [0; 8];
        bytes[..width].copy_from_slice(code.get(at..at + width)?);
        *value = u64::from_le_bytes(bytes);
    }
    let scaled = |scale: i8, number: u64| number.wrapping_mul(i64::from(scale) as u64);
    let scale = [1i8, 8, -1].into_iter().find(|&scale| {
        read[1].wrapping_sub(read[0]) & mask == scaled(scale, numbers[1].wrapping_sub(numbers[0])) & mask
    })?;
    let bias = read[0].wrapping_sub(scaled(scale, numbers[0])) & mask;
    // Four bytes are a number with its sign.
    let bias = if width == 4 { bias as u32 as i32 as u64 } else { bias };
    Some(Hole { at: at as u32, is_word: width == 8, number: number as u8, scale, bias })
}

impl Hole {
    /// Fills the hole of a copy that begins at `start`; `false`: the number is too large for it.
    pub fn fill(&self, code: &mut [u8], start: usize, numbers: &[u64]) -> bool {
        let word = numbers[self.number as usize].wrapping_mul(i64::from(self.scale) as u64).wrapping_add(self.bias);
        let at = start + self.at as usize;
        if self.is_word {
            code[at..at + 8].copy_from_slice(&word.to_le_bytes());
            return true;
        }
        code[at..at + 4].copy_from_slice(&(word as u32).to_le_bytes());
        i32::try_from(word as i64).is_ok()
    }
}

/// A block of the sample's code.
#[derive(Debug)]
struct Block {
    start: usize,
    /// Behind what is kept of it.
    end: usize,
    /// rel32s in it, and where they lead.
    jumps: Vec<(usize, To)>,
    /// It does nothing but leave.
    only_leaves: bool,
    /// It may go on in the block behind it.
    falls: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum To {
    /// The block that begins there.
    Block(usize),
    Site(Target),
}

/// Cuts a stencil from two samples whose holes have numbers of these classes.
pub fn cut(samples: [&Sample; 2], classes: &[Class]) -> Result<Stencil, Uncut> {
    let sample = samples[0];
    let code = &sample.code.bytes[..];
    let holes = holes(samples.map(|sample| &sample.code.bytes[..]), classes)?;
    let (start, frame_bytes) = x64::prologue(code).ok_or("no prologue")?;
    let (blocks, hot_blocks) = blocks(sample, start, frame_bytes)?;

    // Where blocks go.
    let mut places: Vec<Option<Target>> = Vec::new();
    let mut parts = [Part::default(), Part::default()];
    for (index, block) in blocks.iter().enumerate() {
        if block.only_leaves && index > 0 && !blocks[index - 1].falls {
            places.push(None);
            continue;
        }
        let is_cold = index >= hot_blocks;
        let part = &mut parts[usize::from(is_cold)];
        let at = part.bytes.len() as u32;
        places.push(Some(if is_cold { Target::Cold(at) } else { Target::Hot(at) }));
        part.bytes.extend_from_slice(&code[block.start..block.end]);
        let moved = |old: usize| (old - block.start) as u32 + at;
        let within = holes.iter().filter(|hole| (block.start..block.end).contains(&(hole.at as usize)));
        part.holes.extend(within.map(|hole| Hole { at: moved(hole.at as usize), ..*hole }));
    }
    for (block, place) in blocks.iter().zip(&places) {
        let (part, at) = match place {
            None => continue,
            Some(Target::Cold(at)) => (1, *at),
            Some(Target::Hot(at)) => (0, *at),
            Some(_) => unreachable!("blocks are put into parts"),
        };
        for &(old, to) in &block.jumps {
            let at = (old - block.start) as u32 + at;
            let to = match to {
                To::Site(target) => {
                    parts[part].bytes[at as usize - 1] = x64::JUMP;
                    target
                }
                To::Block(start) => {
                    let index = blocks.iter().position(|block| block.start == start).ok_or("a jump into a block")?;
                    places[index].unwrap_or(Target::Exit)
                }
            };
            parts[part].jumps.push(Jump { at, to });
        }
    }
    let [mut hot, cold] = parts;
    // What is next comes next.
    if let Some(last) = hot.jumps.last()
        && last.to == Target::Next
        && last.at as usize + 4 == hot.bytes.len()
    {
        hot.bytes.truncate(last.at as usize - 1);
        hot.jumps.pop();
    }
    Ok(Stencil { hot, cold, frame_bytes })
}

/// The blocks, and how many of them are hot: those up to the one that goes on to what follows.
fn blocks(sample: &Sample, prologue_bytes: usize, frame_bytes: u32) -> Result<(Vec<Block>, usize), Uncut> {
    let code = &sample.code.bytes[..];
    let mut starts: Vec<usize> = sample.blocks.iter().map(|start| *start as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    if starts.first() != Some(&prologue_bytes) {
        return Err(format!("the first block is at {:?}, not {prologue_bytes}", starts.first()));
    }
    let mut blocks = Vec::new();
    let mut hot_blocks = None;
    for (index, &start) in starts.iter().enumerate() {
        let end = starts.get(index + 1).copied().unwrap_or(code.len());
        let falls = sample.edges.contains(&(start as u32, end as u32));
        let mut block = Block { start, end, jumps: Vec::new(), only_leaves: false, falls };
        if let Some(site) = sample.code.sites.iter().find(|site| (start..end).contains(&(site.offset as usize))) {
            let target = target_of(site)?;
            let opcode = site.offset as usize - 1;
            if code[opcode] != x64::JUMP || opcode + x64::JUMP_BYTES != end {
                return Err("a site that does not end its block".into());
            }
            if target == Target::Elsewhere {
                block.jumps.push((opcode + 1, To::Site(target)));
            } else {
                // The frame stays: the jump takes the epilogue's place.
                let length = x64::epilogue(&code[..opcode], frame_bytes).ok_or("no epilogue")?;
                block.end = opcode - length + x64::JUMP_BYTES;
                block.jumps.push((opcode - length + 1, To::Site(target)));
                block.only_leaves = target == Target::Exit && opcode - length == start;
            }
            if target == Target::Next && hot_blocks.replace(index + 1).is_some() {
                return Err("two ways on".into());
            }
        } else {
            let mut to_see: Vec<usize> =
                sample.edges.iter().filter(|edge| edge.0 as usize == start).map(|edge| edge.1 as usize).collect();
            for at in x64::branches(&code[start..end]) {
                let at = start + at;
                let target = (at as i64 + 4 + i64::from(x64::read_i32(code, at))) as usize;
                if !starts.contains(&target) {
                    break;
                }
                block.jumps.push((at, To::Block(target)));
                to_see.retain(|seen| *seen != target);
            }
            // The branches were found from the end.
            block.jumps.reverse();
            if to_see.iter().any(|target| *target != end) {
                return Err(format!("branches of the block at {start} that are not seen: {to_see:?}"));
            }
            if !falls && !x64::ends(&code[..end]) {
                return Err("data behind the code".into());
            }
        }
        blocks.push(block);
    }
    let n_blocks = blocks.len();
    Ok((blocks, hot_blocks.unwrap_or(n_blocks)))
}

fn target_of(site: &Site) -> Result<Target, Uncut> {
    match site.target {
        SiteTarget::Exit(_) => Ok(Target::Exit),
        SiteTarget::Jump { executor: NEXT } => Ok(Target::Next),
        SiteTarget::Jump { .. } => Ok(Target::Elsewhere),
    }
}
