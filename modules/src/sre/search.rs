//! Looking for a match: from the places at which one may begin.

use super::engine::Engine;
use super::program::{One, Prefix, Start};
use crate::unit::Unit;
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Vm};

/// Where a match begins and ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl<U: Unit> Engine<'_, U> {
    /// The match that begins at `start`.
    pub fn match_at(&mut self, vm: &mut Vm, start: usize) -> PyResult<Option<Span>> {
        if start > self.text.len() || self.text.len() - start < self.program.min_width {
            return Ok(None);
        }
        let end = self.run(vm, 0, start)?;
        Ok(end.map(|end| Span { start, end }))
    }

    /// The first match that begins at `start` or behind it.
    pub fn search(&mut self, vm: &mut Vm, start: usize) -> PyResult<Option<Span>> {
        let Some(last) = self.text.len().checked_sub(self.program.min_width) else { return Ok(None) };
        if start > last {
            return Ok(None);
        }
        match &self.program.start {
            Start::Beginning => self.match_at(vm, start),
            Start::Prefix(prefix) => self.search_prefix(vm, prefix, start),
            Start::One(one) => self.search_one(vm, *one, start, last),
            Start::Anywhere => {
                for at in start..=last {
                    if let Some(end) = self.run(vm, 0, at)? {
                        return Ok(Some(Span { start: at, end }));
                    }
                    // It is about the first place that was looked at.
                    self.forbidden_end = None;
                    self.count_step(vm)?;
                }
                Ok(None)
            }
        }
    }

    fn search_one(&mut self, vm: &mut Vm, one: One, start: usize, last: usize) -> PyResult<Option<Span>> {
        let (program, text) = (self.program, self.text);
        let room = text.len().min(last + 1);
        let mut at = start;
        while let Some(found) = text.get(at..room).and_then(|rest| program.find(one, rest)) {
            at += found;
            if let Some(end) = self.run(vm, 0, at)? {
                return Ok(Some(Span { start: at, end }));
            }
            at += 1;
            self.count_step(vm)?;
        }
        Ok(None)
    }

    fn search_prefix(&mut self, vm: &mut Vm, prefix: &Prefix, start: usize) -> PyResult<Option<Span>> {
        let mut at = start;
        while let Some(found) = find_prefix(prefix, &self.text[at..]) {
            at += found;
            if prefix.is_all {
                return Ok(Some(Span { start: at, end: at + prefix.text.len() }));
            }
            if let Some(end) = self.run(vm, prefix.n_ops, at + prefix.n_ops)? {
                return Ok(Some(Span { start: at, end }));
            }
            at += 1;
            self.count_step(vm)?;
        }
        Ok(None)
    }
}

fn find_prefix<U: Unit>(prefix: &Prefix, text: &[U]) -> Option<usize> {
    let first = U::of(prefix.text[0])?;
    if prefix.text.len() == 1 {
        return U::find(text, first);
    }
    if let (Some(bytes), Some(finder)) = (U::bytes(text), &prefix.finder) {
        return finder.find(bytes);
    }
    let mut at = 0;
    while let Some(found) = U::find(&text[at..], first) {
        at += found;
        let there = text.get(at..at + prefix.text.len())?;
        if there.iter().zip(&prefix.text).all(|(unit, &point)| unit.point() == point) {
            return Some(at);
        }
        at += 1;
    }
    None
}

/// An engine for the width that a text has.
pub enum Matcher<'a> {
    One(Engine<'a, u8>),
    Two(Engine<'a, u16>),
    Four(Engine<'a, u32>),
}

macro_rules! with_engine {
    ($matcher:expr, $engine:ident => $body:expr) => {
        match $matcher {
            Matcher::One($engine) => $body,
            Matcher::Two($engine) => $body,
            Matcher::Four($engine) => $body,
        }
    };
}

/// What a match has to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Anywhere from a place on.
    Search,
    /// At the place.
    Match,
    /// At the place, and to the end.
    Full,
}

impl<'a> Matcher<'a> {
    pub fn new(program: &'a super::program::Program, text: View<'a>, end: usize) -> Matcher<'a> {
        match text {
            View::One(text) => Matcher::One(Engine::new(program, &text[..end])),
            View::Two(text) => Matcher::Two(Engine::new(program, &text[..end])),
            View::Four(text) => Matcher::Four(Engine::new(program, &text[..end])),
        }
    }

    /// `must_advance`: an empty match at `start` is none.
    pub fn find(&mut self, vm: &mut Vm, mode: Mode, start: usize, must_advance: bool) -> PyResult<Option<Span>> {
        vm.answer_interrupt()?;
        with_engine!(self, engine => {
            engine.is_full = mode == Mode::Full;
            engine.forbidden_end = must_advance.then_some(start);
            if mode == Mode::Search { engine.search(vm, start) } else { engine.match_at(vm, start) }
        })
    }

    /// Where a group has matched in the last match, counted from 0.
    pub fn group(&self, group: usize) -> Option<Span> {
        with_engine!(self, engine => engine.group(group as u32).map(|(start, end)| Span { start, end }))
    }

    /// The group that was closed last; 0: none.
    pub fn last_index(&self) -> u32 {
        with_engine!(self, engine => engine.last_index)
    }
}
