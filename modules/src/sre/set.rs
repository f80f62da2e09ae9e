//! Sets of characters: a bit for each of the first 256, and a list of rules for all others.

use super::character::{Category, Fold, ascii_upper, unicode_upper};
use super::opcode;

/// One rule; the first that a character obeys decides.
#[derive(Debug)]
pub enum Rule {
    /// From here on, what obeys is not in the set.
    Negate,
    Literal(u32),
    Range(u32, u32),
    /// As a range, or its upper case is in it.
    CasedRange(u32, u32),
    Category(Category),
    /// Of the first 256.
    Bitmap(Box<[u32; 8]>),
    /// Of the first 65536: the number of the bitmap for each 256 of them.
    Blocks(Box<[u8; 256]>, Vec<[u32; 8]>),
}

#[derive(Debug)]
pub struct Set {
    /// The answers for the first 256.
    low: [u64; 4],
    rules: Vec<Rule>,
    fold: Fold,
    /// What the rules say is the contrary.
    is_contrary: bool,
}

fn bit(bitmap: &[u32; 8], point: u32) -> bool {
    bitmap[(point as usize / 32) & 7] >> (point & 31) & 1 == 1
}

impl Set {
    pub fn new(rules: Vec<Rule>, fold: Fold, is_contrary: bool) -> Set {
        let mut set = Set { low: [0; 4], rules, fold, is_contrary };
        for point in 0..256 {
            set.low[point as usize / 64] |= (set.ask(point) as u64) << (point & 63);
        }
        set
    }

    #[inline(always)]
    pub fn has(&self, point: u32) -> bool {
        if point < 256 { self.low[point as usize >> 6] >> (point & 63) & 1 == 1 } else { self.ask(point) }
    }

    fn ask(&self, point: u32) -> bool {
        let lower = self.fold.lower(point);
        let mut answer = self.obeys(lower);
        if self.fold == Fold::Locale {
            let upper = ascii_upper(point);
            answer |= upper != lower && self.obeys(upper);
        }
        answer != self.is_contrary
    }

    fn obeys(&self, point: u32) -> bool {
        let mut answer = true;
        for rule in &self.rules {
            let obeys = match rule {
                Rule::Negate => {
                    answer = !answer;
                    false
                }
                Rule::Literal(literal) => point == *literal,
                Rule::Range(low, high) => (*low..=*high).contains(&point),
                Rule::CasedRange(low, high) => {
                    let range = *low..=*high;
                    range.contains(&point) || range.contains(&unicode_upper(point))
                }
                Rule::Category(category) => category.has(point),
                Rule::Bitmap(bitmap) => point < 256 && bit(bitmap, point),
                Rule::Blocks(blocks, bitmaps) => {
                    point < 65536 && bit(&bitmaps[blocks[point as usize >> 8] as usize], point & 255)
                }
            };
            if obeys {
                return answer;
            }
        }
        !answer
    }

    /// The category that it is, if it is one.
    pub fn category(&self) -> Option<Category> {
        match *self.rules.as_slice() {
            [Rule::Category(category)] if self.fold == Fold::Exact && !self.is_contrary => Some(category),
            _ => None,
        }
    }

    /// The rules in a pattern's code, which end with the code; `None`: these are none.
    pub fn rules(mut codes: &[u32]) -> Option<Vec<Rule>> {
        let mut rules = Vec::new();
        loop {
            let (&op, rest) = codes.split_first()?;
            let (rule, n) = match (op, rest) {
                (opcode::FAILURE, rest) => return rest.is_empty().then_some(rules),
                (opcode::NEGATE, _) => (Rule::Negate, 0),
                (opcode::LITERAL, &[literal, ..]) => (Rule::Literal(literal), 1),
                (opcode::RANGE, &[low, high, ..]) => (Rule::Range(low, high), 2),
                (opcode::RANGE_UNI_IGNORE, &[low, high, ..]) => (Rule::CasedRange(low, high), 2),
                (opcode::CATEGORY, &[code, ..]) => (Rule::Category(Category::of(code)?), 1),
                (opcode::CHARSET, rest) => (Rule::Bitmap(Box::new(*rest.first_chunk()?)), 8),
                (opcode::BIGCHARSET, &[count, ref rest @ ..]) => {
                    let (numbers, bitmaps) = rest.split_at_checked(64)?;
                    let mut blocks = Box::new([0; 256]);
                    for (place, number) in blocks.chunks_exact_mut(4).zip(numbers) {
                        place.copy_from_slice(&number.to_ne_bytes());
                    }
                    let n_words = (count as usize).checked_mul(8)?;
                    let bitmaps: Vec<[u32; 8]> = bitmaps.get(..n_words)?.as_chunks().0.to_vec();
                    if blocks.iter().any(|&block| block as u32 >= count) {
                        return None;
                    }
                    (Rule::Blocks(blocks, bitmaps), 1 + 64 + n_words)
                }
                _ => return None,
            };
            rules.push(rule);
            codes = &rest[n..];
        }
    }
}
