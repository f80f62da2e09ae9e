//! Building strings of a width that is not known beforehand.

use crate::object::string::View;
use crate::value::Value;
use crate::vm::Vm;
use smallvec::SmallVec;

/// Text that is shorter than this needs no memory of its own.
const SHORT: usize = 104;

/// Starts narrow and widens at the first code point above 255.
pub enum StrBuilder {
    Narrow(SmallVec<[u8; SHORT]>),
    Wide(Vec<u32>),
}

impl StrBuilder {
    pub fn new() -> StrBuilder {
        StrBuilder::Narrow(SmallVec::new())
    }

    fn widen(&mut self) -> &mut Vec<u32> {
        if let StrBuilder::Narrow(data) = self {
            *self = StrBuilder::Wide(data.iter().map(|&byte| byte as u32).collect());
        }
        match self {
            StrBuilder::Wide(data) => data,
            StrBuilder::Narrow(_) => unreachable!("it was made wide above"),
        }
    }

    pub fn push(&mut self, point: u32) {
        match self {
            StrBuilder::Narrow(data) if point < 256 => data.push(point as u8),
            _ => self.widen().push(point),
        }
    }

    pub fn push_view(&mut self, view: View<'_>) {
        match (&mut *self, view) {
            (StrBuilder::Narrow(data), View::One(more)) => data.extend_from_slice(more),
            _ => {
                let data = self.widen();
                match view {
                    View::One(more) => data.extend(more.iter().map(|&p| p as u32)),
                    View::Two(more) => data.extend(more.iter().map(|&p| p as u32)),
                    View::Four(more) => data.extend_from_slice(more),
                }
            }
        }
    }

    pub fn push_part(&mut self, view: View<'_>, start: usize, end: usize) {
        self.push_view(slice(view, start, end));
    }

    pub fn repeat(&mut self, point: u32, n: usize) {
        match self {
            StrBuilder::Narrow(data) if point < 256 => data.resize(data.len() + n, point as u8),
            _ => {
                let data = self.widen();
                data.resize(data.len() + n, point);
            }
        }
    }

    pub fn finish(self, vm: &mut Vm) -> Value {
        match self {
            StrBuilder::Narrow(data) => vm.str_from_latin1(&data),
            StrBuilder::Wide(data) => vm.str_from_code_points(&data),
        }
    }
}

impl Default for StrBuilder {
    fn default() -> Self {
        StrBuilder::new()
    }
}

/// Code points `start..end` of a view.
pub fn slice(view: View<'_>, start: usize, end: usize) -> View<'_> {
    match view {
        View::One(data) => View::One(&data[start..end]),
        View::Two(data) => View::Two(&data[start..end]),
        View::Four(data) => View::Four(&data[start..end]),
    }
}
