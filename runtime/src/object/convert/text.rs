//! Text being put together: one byte a code point until a wider one comes.

use crate::object::string::View;
use crate::value::Value;
use crate::vm::Vm;
use smallvec::SmallVec;

/// Text that is shorter than this needs no memory of its own.
const SHORT: usize = 104;

pub enum Text {
    Narrow(SmallVec<[u8; SHORT]>),
    Wide(Vec<u32>),
}

impl Default for Text {
    fn default() -> Self {
        Text::new()
    }
}

impl Text {
    pub fn new() -> Text {
        Text::Narrow(SmallVec::new())
    }
    pub fn len(&self) -> usize {
        match self {
            Text::Narrow(data) => data.len(),
            Text::Wide(data) => data.len(),
        }
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    fn widen(&mut self) -> &mut Vec<u32> {
        if let Text::Narrow(data) = self {
            *self = Text::Wide(data.iter().map(|&byte| byte as u32).collect());
        }
        match self {
            Text::Wide(data) => data,
            Text::Narrow(_) => unreachable!("it was widened"),
        }
    }
    #[inline]
    pub fn push(&mut self, point: u32) {
        match self {
            Text::Narrow(data) if point < 0x100 => data.push(point as u8),
            _ => self.widen().push(point),
        }
    }
    pub fn push_str(&mut self, text: &str) {
        match self {
            Text::Narrow(data) if text.is_ascii() => data.extend_from_slice(text.as_bytes()),
            _ => text.chars().for_each(|c| self.push(c as u32)),
        }
    }
    pub fn push_view(&mut self, view: View<'_>) {
        match (&mut *self, view) {
            (Text::Narrow(to), View::One(from)) => to.extend_from_slice(from),
            _ => {
                let to = self.widen();
                to.extend(view.code_points());
            }
        }
    }
    pub fn push_repeated(&mut self, point: u32, count: usize) {
        match self {
            Text::Narrow(data) if point < 0x100 => data.resize(data.len() + count, point as u8),
            _ => {
                let data = self.widen();
                data.resize(data.len() + count, point);
            }
        }
    }
    pub fn view(&self) -> View<'_> {
        match self {
            Text::Narrow(data) => View::One(data),
            Text::Wide(data) => View::Four(data),
        }
    }
    pub fn finish(self, vm: &mut Vm) -> Value {
        match self {
            Text::Narrow(data) => vm.str_from_latin1(&data),
            Text::Wide(data) => vm.str_from_code_points(&data),
        }
    }
}
