//! Integer ranges: overflow checks that cannot fail go, comparisons that are decided become constants (and guards on
//! them go), integers that fit 49 bits are boxed without a check.
//!
//! One walk in the order of the micro-ops finds ranges, narrowed by the guards passed. What phis are is assumed first
//! (their initial range), and widened until every jump agrees; then a last walk rewrites.

use super::dead;
use crate::uop::sem::MAX_EXACT_FLOAT;
use crate::uop::{ExitIdx, Field, Op, Superblock, Uop, UopIdx};
use crate::value::{SMALL_INT_MAX, SMALL_INT_MIN};

/// More elements than memory has room for.
const MAX_LEN: i64 = 1 << 44;

/// Inclusive bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Range {
    low: i64,
    high: i64,
}

impl Range {
    const FULL: Range = Range { low: i64::MIN, high: i64::MAX };
    const SMALL: Range = Range { low: SMALL_INT_MIN, high: SMALL_INT_MAX };
    const EXACT_FLOAT: Range = Range { low: -MAX_EXACT_FLOAT, high: MAX_EXACT_FLOAT };

    fn new(low: i64, high: i64) -> Range {
        Range { low, high }
    }

    fn contains(self, other: Range) -> bool {
        self.low <= other.low && other.high <= self.high
    }

    /// Bounds in wider arithmetic, and whether they fit a word.
    fn of_wide(low: i128, high: i128) -> (Range, bool) {
        let clamp = |bound: i128| bound.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        let range = Range::new(clamp(low), clamp(high));
        (range, range.low as i128 == low && range.high as i128 == high)
    }

    fn add(self, other: Range) -> (Range, bool) {
        Range::of_wide(self.low as i128 + other.low as i128, self.high as i128 + other.high as i128)
    }

    fn sub(self, other: Range) -> (Range, bool) {
        Range::of_wide(self.low as i128 - other.high as i128, self.high as i128 - other.low as i128)
    }

    fn mul(self, other: Range) -> (Range, bool) {
        let products = [self.low, self.high].map(|a| [other.low, other.high].map(|b| a as i128 * b as i128));
        let [[a, b], [c, d]] = products;
        Range::of_wide(a.min(b).min(c).min(d), a.max(b).max(c).max(d))
    }

    /// What has no more bits than these have, and no sign if they have none.
    fn widest_bits(self, other: Range) -> Range {
        let most = [self.low, self.high, other.low, other.high].map(|bound| bound ^ (bound >> 63));
        let high = u64::MAX.unbounded_shr(most.into_iter().fold(0, |all, bits| all | bits).leading_zeros()) as i64;
        let low = if self.low >= 0 && other.low >= 0 { 0 } else { !high };
        Range::new(low, high)
    }

    /// The decided result of a comparison, if it is.
    fn less(self, other: Range) -> Option<bool> {
        if self.high < other.low {
            Some(true)
        } else if self.low >= other.high {
            Some(false)
        } else {
            None
        }
    }
}

struct Walk {
    ranges: Vec<Range>,
    /// Assumed of phis, in their order.
    assumed: Vec<Range>,
    /// Ranges at the first guard with an exit that a side entry continues.
    at_exit: Vec<Option<Vec<Range>>>,
}

/// Narrows the superblock's integer operations.
pub fn narrow(superblock: &mut Superblock) {
    let mut assumed = initial_assumption(superblock);
    loop {
        let mut walk = Walk::new(superblock, assumed.clone());
        let mut widened = false;
        for idx in 0..superblock.uops.len() {
            if superblock.uops[idx].op == (Op::JumpLoop {}) {
                widened |= walk.widen(&superblock.uops[idx], &mut assumed);
            }
            walk.step(superblock, idx);
        }
        if !widened {
            break;
        }
    }
    rewrite(superblock, assumed);
}

/// Phis start out as their initial value is, in a walk that does not look beyond.
fn initial_assumption(superblock: &Superblock) -> Vec<Range> {
    let Some(start) = superblock.loop_start() else { return Vec::new() };
    let mut walk = Walk::new(superblock, Vec::new());
    (0..start).for_each(|idx| walk.step(superblock, idx));
    let phis = superblock.uops[start + 1..].iter().take_while(|uop| matches!(uop.op, Op::Phi { .. }));
    phis.map(|phi| walk.range(phi.inputs[0])).collect()
}

fn rewrite(superblock: &mut Superblock, assumed: Vec<Range>) {
    let mut walk = Walk::new(superblock, assumed);
    let mut keep = vec![true; superblock.uops.len()];
    let mut ways_in = WaysIn::of(superblock);
    for (idx, kept) in keep.iter_mut().enumerate() {
        let uop = &superblock.uops[idx];
        let decided = |truth: bool| (Op::ConstBool { value: truth }, false);
        let (op, keeps_inputs) = match (uop.op, walk.verdict(uop)) {
            (Op::IntAdd {}, Some(true)) => (Op::IntAddWrap {}, true),
            (Op::IntSub {}, Some(true)) => (Op::IntSubWrap {}, true),
            (Op::IntMul {}, Some(true)) => (Op::IntMulWrap {}, true),
            (Op::BoxInt {}, Some(true)) => (Op::BoxSmallInt {}, true),
            (Op::IntToFloatExact {}, Some(true)) => (Op::IntToFloat {}, true),
            (Op::IntLt {} | Op::IntLe {} | Op::IntEq {} | Op::IntNe {} | Op::IntUlt {}, Some(truth)) => decided(truth),
            (op, _) => (op, true),
        };
        let op = if uop.exit.is_some() && !op.needs_exit() && !ways_in.give_up(uop.exit) { uop.op } else { op };
        walk.step(superblock, idx);
        let condition = superblock.uops[idx].inputs.first().map(|input| superblock.uops[input.index()].op);
        match (op, condition) {
            (Op::GuardTrue {}, Some(Op::ConstBool { value: true }))
            | (Op::GuardFalse {}, Some(Op::ConstBool { value: false })) => {
                *kept = !ways_in.give_up(superblock.uops[idx].exit);
            }
            _ => {}
        }
        let uop = &mut superblock.uops[idx];
        uop.op = op;
        uop.exit.take_if(|_| !op.needs_exit());
        if !keeps_inputs {
            uop.inputs.clear();
        }
    }
    if keep.contains(&false) {
        dead::retain(superblock, &keep);
    }
}

/// How many micro-ops lead to each of the side entries, by exit. One has to stay.
struct WaysIn(Vec<u32>);

impl WaysIn {
    fn of(superblock: &Superblock) -> WaysIn {
        let mut ways = vec![u32::MAX; superblock.exits.len()];
        for uop in &superblock.uops {
            if let Op::SideEntry { exit } = uop.op {
                ways[exit.index()] = superblock.uops.iter().filter(|uop| uop.exit == Some(exit)).count() as u32;
            }
        }
        WaysIn(ways)
    }

    /// Whether a micro-op that never leaves may do without its exit.
    fn give_up(&mut self, exit: Option<ExitIdx>) -> bool {
        let Some(exit) = exit else { return true };
        match &mut self.0[exit.index()] {
            1 => return false,
            &mut u32::MAX => {}
            n => *n -= 1,
        }
        true
    }
}

impl Walk {
    fn new(superblock: &Superblock, assumed: Vec<Range>) -> Walk {
        let mut at_exit = vec![None; superblock.exits.len()];
        for uop in &superblock.uops {
            if let Op::SideEntry { exit } = uop.op {
                at_exit[exit.index()] = Some(Vec::new());
            }
        }
        Walk { ranges: vec![Range::FULL; superblock.uops.len()], assumed, at_exit }
    }

    fn range(&self, value: UopIdx) -> Range {
        self.ranges[value.index()]
    }

    /// Widens what is assumed of phis where a jump's values exceed it.
    fn widen(&self, jump: &Uop, assumed: &mut [Range]) -> bool {
        let mut widened = false;
        for (value, phi) in jump.inputs.iter().zip(assumed) {
            let range = self.range(*value);
            if range.low < phi.low {
                phi.low = if range.low >= 0 { 0 } else { i64::MIN };
                widened = true;
            }
            if range.high > phi.high {
                phi.high = i64::MAX;
                widened = true;
            }
        }
        widened
    }

    /// Finds the range of a result, and what a guard teaches.
    fn step(&mut self, superblock: &Superblock, idx: usize) {
        let uop = &superblock.uops[idx];
        if let Some(Some(saved)) = uop.exit.map(|exit| &mut self.at_exit[exit.index()])
            && saved.is_empty()
        {
            saved.clone_from(&self.ranges);
        }
        match uop.op {
            Op::SideEntry { exit } => {
                if let Some(saved) = self.at_exit[exit.index()].take() {
                    self.ranges = saved;
                }
            }
            Op::GuardTrue {} => self.learn(superblock, uop.inputs[0], true),
            Op::GuardFalse {} => self.learn(superblock, uop.inputs[0], false),
            Op::Phi { .. } => self.ranges[idx] = self.phi(superblock, idx),
            _ => self.ranges[idx] = self.result(uop),
        }
    }

    fn phi(&self, superblock: &Superblock, idx: usize) -> Range {
        let start = superblock.loop_start().unwrap_or(idx);
        self.assumed.get(idx - start - 1).copied().unwrap_or(Range::FULL)
    }

    fn result(&self, uop: &Uop) -> Range {
        let of = |place: usize| self.range(uop.inputs[place]);
        match uop.op {
            Op::ConstInt { value } => Range::new(value, value),
            Op::UnboxInt {} => Range::SMALL,
            Op::BoolToInt {} => Range::new(0, 1),
            Op::IntAdd {} | Op::IntAddWrap {} => of(0).add(of(1)).0,
            Op::IntSub {} | Op::IntSubWrap {} => of(0).sub(of(1)).0,
            Op::IntMul {} | Op::IntMulWrap {} => of(0).mul(of(1)).0,
            Op::IntFloorDiv {} if of(1).low > 0 => {
                let (lhs, rhs) = (of(0), of(1));
                Range::new(
                    lhs.low.div_euclid(if lhs.low < 0 { rhs.low } else { rhs.high }),
                    lhs.high.div_euclid(if lhs.high < 0 { rhs.high } else { rhs.low }),
                )
            }
            Op::IntMod {} if of(1).low > 0 => Range::new(0, of(1).high - 1),
            Op::IntMod {} if of(1).high < 0 => Range::new(of(1).low + 1, 0),
            // What is negative goes up, to -1 at most, and what is not goes down, to 0.
            Op::IntShr {} => {
                let (lhs, [least, most]) = (of(0), [of(1).low, of(1).high].map(|amount| amount.clamp(0, 63)));
                Range::new(
                    lhs.low >> if lhs.low < 0 { least } else { most },
                    lhs.high >> if lhs.high < 0 { most } else { least },
                )
            }
            Op::IntAnd {} => match (of(0).low >= 0, of(1).low >= 0) {
                (true, true) => Range::new(0, of(0).high.min(of(1).high)),
                (true, false) => Range::new(0, of(0).high),
                (false, true) => Range::new(0, of(1).high),
                (false, false) => of(0).widest_bits(of(1)),
            },
            Op::IntOr {} | Op::IntXor {} => of(0).widest_bits(of(1)),
            Op::LoadRawInt { element } => element.bounds().map_or(Range::FULL, |(low, high)| Range::new(low, high)),
            Op::LoadWord { field } => match field {
                Field::ListLen
                | Field::ArrayCapacity
                | Field::TupleLen
                | Field::RawLen
                | Field::StrLen
                | Field::DictLen
                | Field::DictUsed
                | Field::DictIterIndex
                | Field::SeqIterIndex => Range::new(0, MAX_LEN),
                Field::RangeIterRemaining => Range::new(0, i64::MAX),
                _ => Range::FULL,
            },
            _ => Range::FULL,
        }
    }

    /// What a condition's truth says of what it compares.
    fn learn(&mut self, superblock: &Superblock, condition: UopIdx, truth: bool) {
        let uop = superblock.uop(condition);
        let [a, b] = uop.inputs[..] else { return };
        match (uop.op, truth) {
            (Op::IntLt {}, true) => self.is_below(a, b, 1),
            (Op::IntLt {}, false) => self.is_below(b, a, 0),
            (Op::IntLe {}, true) => self.is_below(a, b, 0),
            (Op::IntLe {}, false) => self.is_below(b, a, 1),
            (Op::IntEq {}, true) | (Op::IntNe {}, false) => {
                self.is_below(a, b, 0);
                self.is_below(b, a, 0);
            }
            (Op::IntUlt {}, true) if self.range(b).low >= 0 => {
                let high = self.range(b).high.saturating_sub(1);
                self.narrow(a, Range::new(0, high));
            }
            _ => {}
        }
    }

    /// `a + gap <= b`.
    fn is_below(&mut self, a: UopIdx, b: UopIdx, gap: i64) {
        let (range_a, range_b) = (self.range(a), self.range(b));
        self.narrow(a, Range::new(i64::MIN, range_b.high.saturating_sub(gap)));
        self.narrow(b, Range::new(range_a.low.saturating_add(gap), i64::MAX));
    }

    /// An empty range means that this is never reached: it stays as it was.
    fn narrow(&mut self, value: UopIdx, by: Range) {
        let range = &mut self.ranges[value.index()];
        let narrowed = Range::new(range.low.max(by.low), range.high.min(by.high));
        if narrowed.low <= narrowed.high {
            *range = narrowed;
        }
    }

    /// Whether a check can be left out, or how a comparison comes out.
    fn verdict(&self, uop: &Uop) -> Option<bool> {
        let of = |place: usize| self.range(uop.inputs[place]);
        match uop.op {
            Op::IntAdd {} => of(0).add(of(1)).1.then_some(true),
            Op::IntSub {} => of(0).sub(of(1)).1.then_some(true),
            Op::IntMul {} => of(0).mul(of(1)).1.then_some(true),
            Op::BoxInt {} => Range::SMALL.contains(of(0)).then_some(true),
            Op::IntToFloatExact {} => Range::EXACT_FLOAT.contains(of(0)).then_some(true),
            Op::IntLt {} => of(0).less(of(1)),
            Op::IntLe {} => of(1).less(of(0)).map(|truth| !truth),
            Op::IntEq {} | Op::IntNe {} => {
                let apart = of(0).less(of(1)) == Some(true) || of(1).less(of(0)) == Some(true);
                apart.then_some(uop.op == (Op::IntNe {}))
            }
            Op::IntUlt {} if of(0).low >= 0 && of(1).low >= 0 => of(0).less(of(1)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uop::sem::{Outcome, evaluate};
    use smallvec::smallvec;

    /// Every pair of ranges of small numbers, with every pair of numbers in them.
    #[test]
    fn results_lie_in_their_ranges() {
        const MOST: i64 = 5;
        let ranges: Vec<Range> =
            (-MOST..=MOST).flat_map(|low| (low..=MOST).map(move |high| Range::new(low, high))).collect();
        let arithmetic = [
            Op::IntAdd {},
            Op::IntSub {},
            Op::IntMul {},
            Op::IntFloorDiv {},
            Op::IntMod {},
            Op::IntShl {},
            Op::IntShr {},
            Op::IntAnd {},
            Op::IntOr {},
            Op::IntXor {},
        ];
        let comparisons = [Op::IntLt {}, Op::IntLe {}, Op::IntEq {}, Op::IntNe {}, Op::IntUlt {}];
        for op in arithmetic.into_iter().chain(comparisons) {
            let uop = Uop { op, inputs: smallvec![UopIdx(0), UopIdx(1)], exit: None };
            for (&a, &b) in ranges.iter().flat_map(|a| ranges.iter().map(move |b| (a, b))) {
                let walk = Walk { ranges: vec![a, b], assumed: Vec::new(), at_exit: Vec::new() };
                let (result, verdict) = (walk.result(&uop), walk.verdict(&uop));
                for (x, y) in (a.low..=a.high).flat_map(|x| (b.low..=b.high).map(move |y| (x, y))) {
                    let Outcome::Word(word) = evaluate(&op, &[x as u64, y as u64]) else { continue };
                    if op.output_kind() == Some(crate::uop::Kind::Bool) {
                        assert!(verdict.is_none_or(|truth| truth == (word != 0)), "{op:?} {x} {y} in {a:?} {b:?}");
                    } else {
                        let word = word as i64;
                        assert!(result.low <= word && word <= result.high, "{op:?} {x} {y} in {a:?} {b:?}: {result:?}");
                    }
                }
            }
        }
    }
}
