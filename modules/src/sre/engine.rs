//! The matching of a program against a text, by backtracking.
//!
//! ```text
//!   stack:  │ Try │ Mark │ Greedy │ Barrier ║ Mark │ Try │      what to undo, and where else to go on
//!                                     └ of an inner match: atomic group, assertion, possessive loop;
//!                                       its places to go on are dropped when it has matched
//!   loops:  │ count, last place, enclosing loop │ …             those that were begun and not taken back
//! ```
//!
//! Where an operation does not match, the stack is taken back to the last place where there is another way.

use super::opcode::MAXREPEAT;
use super::program::{At, Bounds, Inner, One, Op, Program};
use crate::unit::Unit;
use smallvec::SmallVec;
use stitch_runtime::{PyResult, Vm};

/// A mark that is not set.
pub const UNSET: usize = usize::MAX;
/// No loop, no barrier.
const NONE: usize = usize::MAX;
/// So many steps are made between two looks for an interrupt.
const STEPS: u32 = 4096;
/// So many iterations of a loop without progress count as all that are wanted.
const ENOUGH: u32 = 100;

#[derive(Clone, Copy)]
enum Frame {
    /// Go on there.
    Try { pc: u32, of_loop: u32, at: usize },
    /// A greedy run of one character that can give characters back.
    Greedy { pc: u32, of_loop: u32, at: usize, low: usize },
    /// A lazy run of one character that can take so many more.
    Lazy { pc: u32, of_loop: u32, at: usize, left: usize },
    /// A mark that was set.
    Mark { mark: u32, last_index: u32, old: usize },
    /// A loop that was begun.
    Begun,
    /// An iteration that was begun; without it the loop may be left here.
    Iteration { pc: u32, of_loop: u32, at: usize, last: usize },
    /// As that, and there is no other way.
    Counted { of_loop: u32, last: usize },
    /// A lazy loop that was left, and may go on here.
    Left { pc: u32, of_loop: u32, at: usize },
    /// The beginning of an inner match.
    Barrier { pc: u32, of_loop: u32, at: usize, outer: usize },
}

struct Loop {
    count: u32,
    /// Where the last iteration began.
    last: usize,
    enclosing: u32,
}

pub struct Engine<'a, U> {
    pub program: &'a Program,
    /// Up to where it may be looked at.
    pub text: &'a [U],
    pub marks: SmallVec<[usize; 16]>,
    /// The group that was closed last; 0: none.
    pub last_index: u32,
    stack: SmallVec<[Frame; 12]>,
    loops: Vec<Loop>,
    /// The innermost loop.
    of_loop: u32,
    /// Where in the stack the innermost inner match begins.
    barrier: usize,
    steps: u32,
    /// A match has to end at the end.
    pub is_full: bool,
    /// A match must not end here.
    pub forbidden_end: Option<usize>,
}

impl<'a, U: Unit> Engine<'a, U> {
    pub fn new(program: &'a Program, text: &'a [U]) -> Engine<'a, U> {
        Engine {
            program,
            text,
            marks: smallvec::smallvec![UNSET; 2 * program.n_groups],
            last_index: 0,
            stack: SmallVec::new(),
            loops: Vec::new(),
            of_loop: NONE as u32,
            barrier: NONE,
            steps: STEPS,
            is_full: false,
            forbidden_end: None,
        }
    }

    /// Where the match that begins at `at` ends, if there is one.
    pub fn run(&mut self, vm: &mut Vm, pc: usize, at: usize) -> PyResult<Option<usize>> {
        self.marks.fill(UNSET);
        self.last_index = 0;
        self.stack.clear();
        self.loops.clear();
        (self.of_loop, self.barrier) = (NONE as u32, NONE);
        let (mut pc, mut at) = (pc, at);
        loop {
            let next = match self.program.ops[pc] {
                Op::Literal(literal) => self.step(pc, at, |unit| unit == literal),
                Op::One(one) => {
                    let program = self.program;
                    self.step(pc, at, |unit| program.takes(one, unit))
                }
                Op::Match if self.may_end(at) => return Ok(Some(at)),
                Op::Fail | Op::Match => None,
                Op::At(place) => self.is_at(place, at).then_some((pc + 1, at)),
                Op::Mark(mark) => {
                    self.set_mark(vm, mark, at)?;
                    Some((pc + 1, at))
                }
                Op::Jump(to) => Some((to as usize, at)),
                Op::Try { otherwise, guard } => {
                    if self.passes(guard, at) {
                        self.push(vm, Frame::Try { pc: otherwise, of_loop: self.of_loop, at })?;
                        Some((pc + 1, at))
                    } else {
                        Some((otherwise as usize, at))
                    }
                }
                Op::Greedy { one, bounds, guard } => self.greedy(vm, pc, at, (one, bounds, guard))?,
                Op::Lazy { one, bounds, guard } => self.lazy(vm, pc, at, (one, bounds, guard))?,
                Op::Possessive { one, bounds } => self.run_of(one, bounds, at).map(|n| (pc + 1, at + n)),
                Op::Group { group, fold } => self.again(group, at, |unit| fold.lower(unit)).map(|end| (pc + 1, end)),
                Op::IfGroup { group, otherwise } => {
                    let is_set = self.group(group).is_some();
                    Some((if is_set { pc + 1 } else { otherwise as usize }, at))
                }
                Op::Loop { end } => {
                    self.begin_loop(vm)?;
                    Some((end as usize, at))
                }
                Op::GreedyEnd { body, bounds } => self.greedy_end(vm, pc, at, body, bounds)?,
                Op::LazyEnd { body, bounds } => self.lazy_end(vm, pc, at, body, bounds)?,
                Op::Inner { inner, back, after } => self.begin_inner(vm, pc, at, (inner, back, after))?,
                Op::InnerEnd => self.end_inner(vm, at)?,
            };
            (pc, at) = match next {
                Some(next) => next,
                None => match self.backtrack(vm)? {
                    Some(next) => next,
                    None => return Ok(None),
                },
            };
        }
    }

    #[inline(always)]
    fn step(&self, pc: usize, at: usize, takes: impl Fn(u32) -> bool) -> Option<(usize, usize)> {
        self.text.get(at).is_some_and(|unit| takes(unit.point())).then_some((pc + 1, at + 1))
    }

    fn may_end(&self, at: usize) -> bool {
        !(self.is_full && at != self.text.len()) && self.forbidden_end != Some(at)
    }

    #[inline(always)]
    fn passes(&self, guard: Option<One>, at: usize) -> bool {
        match guard {
            None => true,
            Some(one) => self.text.get(at).is_some_and(|unit| self.program.takes(one, unit.point())),
        }
    }

    #[inline(always)]
    fn push(&mut self, vm: &mut Vm, frame: Frame) -> PyResult<()> {
        if self.stack.len() == self.stack.capacity() && self.stack.try_reserve(16).is_err() {
            return Err(vm.raise_memory());
        }
        self.stack.push(frame);
        Ok(())
    }

    /// Counts a step of what may take long.
    #[inline(always)]
    pub fn count_step(&mut self, vm: &mut Vm) -> PyResult<()> {
        self.steps -= 1;
        if self.steps == 0 {
            self.steps = STEPS;
            vm.answer_interrupt()?;
        }
        Ok(())
    }

    fn set_mark(&mut self, vm: &mut Vm, mark: u32, at: usize) -> PyResult<()> {
        let old = std::mem::replace(&mut self.marks[mark as usize], at);
        let last_index = self.last_index;
        if mark & 1 == 1 {
            self.last_index = mark / 2 + 1;
        }
        // Without another way there is nothing to take it back for.
        if self.stack.is_empty() { Ok(()) } else { self.push(vm, Frame::Mark { mark, last_index, old }) }
    }

    /// Where a group of the program has matched.
    pub fn group(&self, group: u32) -> Option<(usize, usize)> {
        let (start, end) = (self.marks[2 * group as usize], self.marks[2 * group as usize + 1]);
        (start != UNSET && end != UNSET && start <= end).then_some((start, end))
    }

    /// The end of a group's text standing at `at` once more.
    fn again(&self, group: u32, at: usize, fold: impl Fn(u32) -> u32) -> Option<usize> {
        let (start, end) = self.group(group)?;
        let there = self.text.get(at..at + (end - start))?;
        let mut pairs = self.text[start..end].iter().zip(there);
        pairs.all(|(a, b)| fold(a.point()) == fold(b.point())).then_some(at + (end - start))
    }

    fn is_at(&self, place: At, at: usize) -> bool {
        let len = self.text.len();
        let is_line_feed = |at: usize| self.text[at].point() == 0x0A;
        match place {
            At::Beginning => at == 0,
            At::BeginningOfLine => at == 0 || is_line_feed(at - 1),
            At::End => at == len || at + 1 == len && is_line_feed(at),
            At::EndOfLine => at == len || is_line_feed(at),
            At::EndOfText => at == len,
            At::Boundary(words) | At::NoBoundary(words) => {
                let before = at > 0 && words.has(self.text[at - 1].point());
                let behind = at < len && words.has(self.text[at].point());
                (before != behind) == matches!(place, At::Boundary(_))
            }
        }
    }

    /// How many characters a run takes at the most; `None`: fewer than it has to.
    #[inline(always)]
    fn run_of(&self, one: One, bounds: Bounds, at: usize) -> Option<usize> {
        let rest = &self.text[at..];
        let most = if bounds.high == MAXREPEAT { rest.len() } else { rest.len().min(bounds.high as usize) };
        if most < bounds.low as usize {
            return None;
        }
        let n = self.program.count(one, &rest[..most]);
        (n >= bounds.low as usize).then_some(n)
    }

    #[inline(always)]
    fn greedy(
        &mut self,
        vm: &mut Vm,
        pc: usize,
        at: usize,
        (one, bounds, guard): (One, Bounds, Option<One>),
    ) -> PyResult<Option<(usize, usize)>> {
        let Some(n) = self.run_of(one, bounds, at) else { return Ok(None) };
        self.give_back(vm, pc, at + n, at + bounds.low as usize, guard)
    }

    /// Goes on behind a run of characters, at the last place from `low` to `at` that what follows may begin at.
    #[inline(always)]
    fn give_back(
        &mut self,
        vm: &mut Vm,
        pc: usize,
        at: usize,
        low: usize,
        guard: Option<One>,
    ) -> PyResult<Option<(usize, usize)>> {
        let mut at = at;
        if let Some(one) = guard
            && !self.passes(guard, at)
        {
            let Some(found) = self.program.rfind(one, &self.text[low..at]) else { return Ok(None) };
            at = low + found;
        }
        if at > low {
            self.push(vm, Frame::Greedy { pc: pc as u32, of_loop: self.of_loop, at, low })?;
        }
        Ok(Some((pc + 1, at)))
    }

    fn lazy(
        &mut self,
        vm: &mut Vm,
        pc: usize,
        at: usize,
        (one, bounds, guard): (One, Bounds, Option<One>),
    ) -> PyResult<Option<(usize, usize)>> {
        let low = bounds.low as usize;
        if self.run_of(one, Bounds { low: bounds.low, high: bounds.low }, at).is_none() {
            return Ok(None);
        }
        let left = if bounds.high == MAXREPEAT { usize::MAX } else { bounds.high as usize - low };
        self.take_more(vm, pc, at + low, left, (one, guard))
    }

    /// Goes on behind a run of characters, at the first place from `at` on that what follows may begin at.
    fn take_more(
        &mut self,
        vm: &mut Vm,
        pc: usize,
        at: usize,
        left: usize,
        (one, guard): (One, Option<One>),
    ) -> PyResult<Option<(usize, usize)>> {
        let mut n = 0;
        if let Some(wanted) = guard {
            let rest = &self.text[at..];
            let room = &rest[..rest.len().min(left.saturating_add(1))];
            let found = if one == One::Any {
                self.program.find(wanted, room)
            } else {
                let ends =
                    |unit: &U| self.program.takes(wanted, unit.point()) || !self.program.takes(one, unit.point());
                room.iter().position(ends).filter(|&found| self.program.takes(wanted, room[found].point()))
            };
            let Some(found) = found else { return Ok(None) };
            n = found;
        }
        if n < left {
            self.push(vm, Frame::Lazy { pc: pc as u32, of_loop: self.of_loop, at: at + n, left: left - n })?;
        }
        Ok(Some((pc + 1, at + n)))
    }

    fn begin_loop(&mut self, vm: &mut Vm) -> PyResult<()> {
        if self.loops.len() == self.loops.capacity() && self.loops.try_reserve(4).is_err() {
            return Err(vm.raise_memory());
        }
        self.push(vm, Frame::Begun)?;
        self.loops.push(Loop { count: 0, last: UNSET, enclosing: self.of_loop });
        self.of_loop = self.loops.len() as u32 - 1;
        Ok(())
    }

    /// Begins a further iteration of the innermost loop at `at`; gives where the one before it began. Of those that there have
    /// to be the place does not count: an empty one may be followed by others.
    fn iterate(&mut self, bounds: Bounds, at: usize) -> usize {
        let this = &mut self.loops[self.of_loop as usize];
        let last = this.last;
        if this.count >= bounds.low.min(ENOUGH) {
            this.last = at;
        }
        this.count = this.count.saturating_add(1);
        last
    }

    /// Is one more iteration of the innermost loop needed?
    fn is_short(&self, bounds: Bounds, at: usize) -> bool {
        let Loop { count, last, .. } = self.loops[self.of_loop as usize];
        count < bounds.low && !(count >= ENOUGH && last == at)
    }

    fn may_iterate(&self, bounds: Bounds, at: usize) -> bool {
        let Loop { count, last, .. } = self.loops[self.of_loop as usize];
        (bounds.high == MAXREPEAT || count < bounds.high) && last != at
    }

    fn greedy_end(
        &mut self,
        vm: &mut Vm,
        pc: usize,
        at: usize,
        body: u32,
        bounds: Bounds,
    ) -> PyResult<Option<(usize, usize)>> {
        self.count_step(vm)?;
        let of_loop = self.of_loop;
        if self.is_short(bounds, at) {
            let last = self.iterate(bounds, at);
            self.push(vm, Frame::Counted { of_loop, last })?;
            return Ok(Some((body as usize, at)));
        }
        if self.may_iterate(bounds, at) {
            let last = self.iterate(bounds, at);
            self.push(vm, Frame::Iteration { pc: pc as u32, of_loop, at, last })?;
            return Ok(Some((body as usize, at)));
        }
        self.of_loop = self.loops[of_loop as usize].enclosing;
        Ok(Some((pc + 1, at)))
    }

    fn lazy_end(
        &mut self,
        vm: &mut Vm,
        pc: usize,
        at: usize,
        body: u32,
        bounds: Bounds,
    ) -> PyResult<Option<(usize, usize)>> {
        self.count_step(vm)?;
        let of_loop = self.of_loop;
        if self.is_short(bounds, at) {
            let last = self.iterate(bounds, at);
            self.push(vm, Frame::Counted { of_loop, last })?;
            return Ok(Some((body as usize, at)));
        }
        if self.may_iterate(bounds, at) {
            self.push(vm, Frame::Left { pc: pc as u32, of_loop, at })?;
        }
        self.of_loop = self.loops[of_loop as usize].enclosing;
        Ok(Some((pc + 1, at)))
    }

    fn begin_inner(
        &mut self,
        vm: &mut Vm,
        pc: usize,
        at: usize,
        (inner, back, after): (Inner, u32, u32),
    ) -> PyResult<Option<(usize, usize)>> {
        let Some(start) = at.checked_sub(back as usize) else {
            return Ok((inner == Inner::NotAhead).then_some((after as usize, at)));
        };
        if let Inner::Possessive(bounds) = inner {
            self.begin_loop(vm)?;
            if bounds.high == 0 {
                self.of_loop = self.loops[self.of_loop as usize].enclosing;
                return Ok(Some((after as usize, at)));
            }
        }
        self.raise_barrier(vm, pc, at)?;
        Ok(Some((pc + 1, start)))
    }

    fn raise_barrier(&mut self, vm: &mut Vm, pc: usize, at: usize) -> PyResult<()> {
        let frame = Frame::Barrier { pc: pc as u32, of_loop: self.of_loop, at, outer: self.barrier };
        self.barrier = self.stack.len();
        self.push(vm, frame)
    }

    /// The innermost inner match has ended at `at`.
    fn end_inner(&mut self, vm: &mut Vm, at: usize) -> PyResult<Option<(usize, usize)>> {
        self.count_step(vm)?;
        let height = self.barrier;
        let Frame::Barrier { pc, of_loop, at: begin, outer } = self.stack[height] else {
            unreachable!("the barrier is where it was raised")
        };
        let Op::Inner { inner, after, .. } = self.program.ops[pc as usize] else {
            unreachable!("inner matches raise barriers")
        };
        (self.of_loop, self.barrier) = (of_loop, outer);
        if inner == Inner::NotAhead {
            self.take_back(height);
            return Ok(None);
        }
        self.keep_marks(height);
        match inner {
            Inner::Ahead => Ok(Some((after as usize, begin))),
            Inner::Possessive(bounds) => {
                self.iterate(bounds, begin);
                if self.is_short(bounds, at) || self.may_iterate(bounds, at) {
                    self.raise_barrier(vm, pc as usize, at)?;
                    return Ok(Some((pc as usize + 1, at)));
                }
                self.of_loop = self.loops[of_loop as usize].enclosing;
                Ok(Some((after as usize, at)))
            }
            _ => Ok(Some((after as usize, at))),
        }
    }

    /// Drops the barrier and the places to go on above it; what has to be undone stays.
    fn keep_marks(&mut self, height: usize) {
        let mut kept = height;
        for at in height + 1..self.stack.len() {
            let frame = self.stack[at];
            if let Frame::Iteration { of_loop, last, .. } = frame {
                self.stack[kept] = Frame::Counted { of_loop, last };
                kept += 1;
            } else if matches!(frame, Frame::Mark { .. } | Frame::Begun | Frame::Counted { .. }) {
                self.stack[kept] = frame;
                kept += 1;
            }
        }
        self.stack.truncate(kept);
    }

    /// Undoes what stands above a height of the stack.
    fn take_back(&mut self, height: usize) {
        while self.stack.len() > height {
            let frame = self.stack.pop().expect("it is higher");
            self.undo(frame);
        }
    }

    #[inline(always)]
    fn undo(&mut self, frame: Frame) {
        match frame {
            Frame::Mark { mark, last_index, old } => {
                self.marks[mark as usize] = old;
                self.last_index = last_index;
            }
            Frame::Begun => {
                self.loops.pop();
            }
            Frame::Counted { of_loop, last } | Frame::Iteration { of_loop, last, .. } => {
                let this = &mut self.loops[of_loop as usize];
                this.count -= 1;
                this.last = last;
            }
            Frame::Try { .. }
            | Frame::Greedy { .. }
            | Frame::Lazy { .. }
            | Frame::Left { .. }
            | Frame::Barrier { .. } => {}
        }
    }

    /// Goes back to the last other way.
    fn backtrack(&mut self, vm: &mut Vm) -> PyResult<Option<(usize, usize)>> {
        self.count_step(vm)?;
        while let Some(frame) = self.stack.pop() {
            self.undo(frame);
            let next = match frame {
                Frame::Mark { .. } | Frame::Begun | Frame::Counted { .. } => None,
                Frame::Try { pc, of_loop, at } => {
                    self.of_loop = of_loop;
                    Some((pc as usize, at))
                }
                Frame::Greedy { pc, of_loop, at, low } => {
                    self.of_loop = of_loop;
                    let Op::Greedy { guard, .. } = self.program.ops[pc as usize] else { unreachable!("its frame") };
                    self.give_back(vm, pc as usize, at - 1, low, guard)?
                }
                Frame::Lazy { pc, of_loop, at, left } => {
                    self.of_loop = of_loop;
                    let Op::Lazy { one, guard, .. } = self.program.ops[pc as usize] else { unreachable!("its frame") };
                    if self.passes(Some(one), at) {
                        self.take_more(vm, pc as usize, at + 1, left - 1, (one, guard))?
                    } else {
                        None
                    }
                }
                Frame::Iteration { pc, of_loop, at, .. } => {
                    self.of_loop = self.loops[of_loop as usize].enclosing;
                    Some((pc as usize + 1, at))
                }
                Frame::Left { pc, of_loop, at } => {
                    self.of_loop = of_loop;
                    let Op::LazyEnd { body, bounds } = self.program.ops[pc as usize] else { unreachable!("its frame") };
                    let last = self.iterate(bounds, at);
                    self.push(vm, Frame::Counted { of_loop, last })?;
                    Some((body as usize, at))
                }
                Frame::Barrier { pc, of_loop, at, outer } => {
                    self.barrier = outer;
                    self.inner_failed(pc, of_loop, at)
                }
            };
            if next.is_some() {
                return Ok(next);
            }
        }
        Ok(None)
    }

    /// An inner match has failed that began at `at`: where to go on nevertheless.
    fn inner_failed(&mut self, pc: u32, of_loop: u32, at: usize) -> Option<(usize, usize)> {
        let Op::Inner { inner, after, .. } = self.program.ops[pc as usize] else {
            unreachable!("inner matches raise barriers")
        };
        self.of_loop = of_loop;
        match inner {
            Inner::NotAhead => Some((after as usize, at)),
            Inner::Possessive(bounds) if !self.is_short(bounds, at) => {
                self.of_loop = self.loops[of_loop as usize].enclosing;
                Some((after as usize, at))
            }
            _ => None,
        }
    }
}
