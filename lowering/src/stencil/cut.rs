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
use std::ops::Range;
use stitch_runtime::backend::{Relocatable, Site, SiteTarget};

/// Machine code of a snippet, and where its blocks begin.
pub struct Sample {
    pub code: Relocatable,
    pub blocks: Vec<u32>,
    /// From block to block.
    pub edges: Vec<(u32, u32)>,
    /// What data behind the code wants.
    pub align: u32,
}

/// Code with holes.
#[derive(Debug, PartialEq)]
pub struct Stencil {
    pub hot: Part,
    pub cold: Part,
    /// What it needs of the executor's frame.
    pub frame_bytes: u32,
    /// How far behind a multiple of 16 bytes it has to begin, if there is data in it that wants that.
    pub skew: Option<u32>,
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

impl Stencil {
    /// Fills in the jumps that stay within a part, wherever that goes.
    fn settle(&mut self) {
        let next = self.hot.bytes.len() as u32;
        for is_cold in [false, true] {
            let Part { bytes, jumps, .. } = if is_cold { &mut self.cold } else { &mut self.hot };
            jumps.retain(|jump| {
                let to = match jump.to {
                    Target::Hot(to) if !is_cold => to,
                    Target::Cold(to) if is_cold => to,
                    Target::Next if !is_cold => next,
                    _ => return true,
                };
                x64::write_i32(bytes, jump.at as usize, to as i32 - (jump.at as i32 + 4));
                false
            });
        }
    }
}

impl Hole {
    /// Fills the hole of a copy; `false`: the number is too large for it.
    pub fn fill(&self, copy: &mut [u8], numbers: &[u64]) -> bool {
        let word = numbers[self.number as usize].wrapping_mul(i64::from(self.scale) as u64).wrapping_add(self.bias);
        let at = self.at as usize;
        if self.is_word {
            copy[at..at + 8].copy_from_slice(&word.to_le_bytes());
            return true;
        }
        copy[at..at + 4].copy_from_slice(&(word as u32).to_le_bytes());
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
    let holes = holes(samples.map(|sample| &sample.code.bytes[..]), classes)?;
    let (start, frame_bytes) = x64::prologue(&samples[0].code.bytes).ok_or("no prologue")?;
    // What is known of blocks is not always all: branches into the middle of one are seen, and the code is left as it is.
    let stencil = in_blocks(samples[0], &holes, start, frame_bytes);
    let mut stencil = stencil.or_else(|_| in_one(samples[0], &holes, start, frame_bytes))?;
    stencil.settle();
    Ok(stencil)
}

/// All of the code as it stands, but for the prologue and where it leaves.
fn in_one(sample: &Sample, holes: &[Hole], start: usize, frame_bytes: u32) -> Result<Stencil, Uncut> {
    let code = &sample.code.bytes[..];
    let mut hot = Part { bytes: code[start..].to_vec(), ..Part::default() };
    hot.holes.extend(holes_within(holes, start..code.len(), 0));
    for site in &sample.code.sites {
        let to = target_of(site)?;
        let opcode = site.offset as usize - 1;
        if code[opcode] != x64::JUMP {
            return Err("a site that is no jump".into());
        }
        let length = match to {
            Target::Elsewhere => 0,
            _ => x64::epilogue(&code[..opcode], frame_bytes).ok_or("no epilogue")?,
        };
        let at = opcode - length - start;
        hot.bytes[at] = x64::JUMP;
        hot.jumps.push(Jump { at: at as u32 + 1, to });
    }
    let skew = (sample.align > 8).then_some(start as u32 % 16);
    Ok(Stencil { hot, cold: Part::default(), frame_bytes, skew })
}

/// Block by block.
fn in_blocks(sample: &Sample, holes: &[Hole], start: usize, frame_bytes: u32) -> Result<Stencil, Uncut> {
    if sample.align > 8 {
        return Err("data that has to be aligned".into());
    }
    let code = &sample.code.bytes[..];
    let last_block = sample.blocks.iter().max().map_or(0, |start| *start as usize);
    let references: Vec<(usize, usize)> = x64::pool_references(code, last_block).collect();
    let pool = pool_of(code, &references)?;
    let (blocks, hot_blocks) = blocks(sample, &code[..pool], start, frame_bytes)?;

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
        part.holes.extend(holes_within(holes, block.start..block.end, at));
    }
    let pool_at = parts[1].bytes.len() as u32;
    parts[1].bytes.extend_from_slice(&code[pool..]);
    parts[1].holes.extend(holes_within(holes, pool..code.len(), pool_at));
    for (block, place) in blocks.iter().zip(&places) {
        let (part, at) = match place {
            None => continue,
            Some(Target::Cold(at)) => (1, *at),
            Some(Target::Hot(at)) => (0, *at),
            Some(_) => unreachable!("blocks are put into parts"),
        };
        for &(old, word) in references.iter().filter(|(old, _)| (block.start..block.end).contains(old)) {
            let to = Target::Cold((word - pool) as u32 + pool_at);
            parts[part].jumps.push(Jump { at: (old - block.start) as u32 + at, to });
        }
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
    Ok(Stencil { hot, cold, frame_bytes, skew: None })
}

/// The holes in a piece of the sample, which goes to `to`.
fn holes_within(holes: &[Hole], piece: Range<usize>, to: u32) -> impl Iterator<Item = Hole> + '_ {
    let start = piece.start as u32;
    let within = holes.iter().filter(move |hole| piece.contains(&(hole.at as usize)));
    within.map(move |hole| Hole { at: hole.at - start + to, ..*hole })
}

/// Where the words behind the code begin, which instructions refer to.
fn pool_of(code: &[u8], references: &[(usize, usize)]) -> Result<usize, Uncut> {
    let start = references.iter().map(|(_, word)| *word).min().unwrap_or(code.len());
    let is_used = |word: usize| references.iter().any(|reference| reference.1 == word);
    let mut words = (start..code.len()).step_by(8);
    if words.all(is_used) { Ok(start) } else { Err("data that is not of words".into()) }
}

/// The blocks, and how many of them are hot: those up to the one that goes on to what follows.
fn blocks(sample: &Sample, code: &[u8], prologue_bytes: usize, frame_bytes: u32) -> Result<(Vec<Block>, usize), Uncut> {
    let mut starts: Vec<usize> = sample.blocks.iter().map(|start| *start as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    if starts.first().is_none_or(|start| *start < prologue_bytes) {
        return Err(format!("the first block is at {:?}, not behind {prologue_bytes}", starts.first()));
    }
    let mut blocks = Vec::new();
    let mut hot_blocks = None;
    for (index, &start) in starts.iter().enumerate() {
        let mut end = starts.get(index + 1).copied().unwrap_or(code.len());
        // Registers are saved in front of the first block.
        let first = if index == 0 { prologue_bytes } else { start };
        let falls = sample.edges.contains(&(start as u32, end as u32));
        if index + 1 == starts.len() {
            // There may be padding in front of what is behind the code.
            end =
                (end.saturating_sub(7)..=end).rev().find(|end| x64::ends(&code[..*end])).ok_or("no end of the code")?;
        }
        let mut block = Block { start: first, end, jumps: Vec::new(), only_leaves: false, falls };
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
                block.only_leaves = target == Target::Exit && opcode - length == first;
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
            // An empty block goes on in one that begins where it does.
            if to_see.iter().any(|target| *target != end && *target != start) {
                let bytes = &code[start..end];
                return Err(format!("branches of the block at {start} that are not seen: {to_see:?} {bytes:x?}"));
            }
            if !falls && !x64::ends(&code[..end]) {
                return Err(format!("data behind the code: {:x?}", &code[start..]));
            }
        }
        // Where a block that begins in the middle of this one is not told of, its branches might lead out.
        for (at, target) in x64::maybe_branches(code, block.start..block.end) {
            let is_within = (block.start..block.end).contains(&target);
            if !is_within && target <= code.len() && block.jumps.iter().all(|jump| jump.0 != at) {
                return Err(format!("what may be a branch at {at}"));
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
