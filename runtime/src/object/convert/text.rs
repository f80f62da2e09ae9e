//! Text being put together: one byte a code point until a wider one comes, then two, then four.

use crate::object::points::Unit;
use crate::object::string::View;
use crate::object::utf8::push_points;
use crate::value::Value;
use crate::vm::Vm;
use smallvec::SmallVec;

/// Text that is shorter than this needs no memory of its own.
const SHORT: usize = 104;

pub enum Text {
    One(SmallVec<[u8; SHORT]>),
    Two(Vec<u16>),
    Four(Vec<u32>),
}

impl Default for Text {
    fn default() -> Self {
        Text::new()
    }
}

fn widened<A: Unit, B: From<A>>(data: &[A]) -> Vec<B> {
    // More will come.
    let mut wide = Vec::with_capacity(data.len() + data.len() / 2 + 16);
    wide.extend(data.iter().map(|&point| B::from(point)));
    wide
}

impl Text {
    pub fn new() -> Text {
        Text::One(SmallVec::new())
    }

    /// Room for so many code points, if they are as narrow as those that there are.
    pub fn reserve(&mut self, n_points: usize) {
        match self {
            Text::One(data) => data.reserve(n_points),
            Text::Two(data) => data.reserve(n_points),
            Text::Four(data) => data.reserve(n_points),
        }
    }

    pub fn len(&self) -> usize {
        match self {
            Text::One(data) => data.len(),
            Text::Two(data) => data.len(),
            Text::Four(data) => data.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// From now on there is room for code points of so many bytes.
    fn widen(&mut self, width: u8) {
        match (&*self, width) {
            (Text::One(data), 2) => *self = Text::Two(widened(data)),
            (Text::One(data), 4) => *self = Text::Four(widened(data)),
            (Text::Two(data), 4) => *self = Text::Four(widened(data)),
            _ => {}
        }
    }

    #[inline]
    pub fn push(&mut self, point: u32) {
        match self {
            Text::One(data) if point < 0x100 => data.push(point as u8),
            Text::Two(data) if point < 0x1_0000 => data.push(point as u16),
            Text::Four(data) => data.push(point),
            _ => self.push_wider(point),
        }
    }

    #[cold]
    #[inline(never)]
    fn push_wider(&mut self, point: u32) {
        self.widen(if point < 0x1_0000 { 2 } else { 4 });
        self.push(point);
    }

    pub fn push_str(&mut self, text: &str) {
        match self {
            Text::One(data) if text.is_ascii() => data.extend_from_slice(text.as_bytes()),
            Text::One(_) => {
                let (_, width) = crate::object::utf8::measure(text);
                self.widen(width);
                match self {
                    Text::One(data) => data.extend(text.chars().map(|c| c as u8)),
                    Text::Two(data) => push_points(text, data, |point| point as u16),
                    Text::Four(data) => push_points(text, data, |point| point),
                }
            }
            Text::Two(data) if crate::object::utf8::measure(text).1 <= 2 => {
                push_points(text, data, |point| point as u16);
            }
            Text::Two(_) => {
                self.widen(4);
                self.push_str(text);
            }
            Text::Four(data) => push_points(text, data, |point| point),
        }
    }

    pub fn push_view(&mut self, view: View<'_>) {
        if view.is_empty() {
            return;
        }
        self.widen(view.width());
        match (self, view) {
            (Text::One(to), View::One(from)) => to.extend_from_slice(from),
            (Text::Two(to), View::One(from)) => to.extend(from.iter().map(|&point| u16::from(point))),
            (Text::Two(to), View::Two(from)) => to.extend_from_slice(from),
            (Text::Four(to), View::One(from)) => to.extend(from.iter().map(|&point| u32::from(point))),
            (Text::Four(to), View::Two(from)) => to.extend(from.iter().map(|&point| u32::from(point))),
            (Text::Four(to), View::Four(from)) => to.extend_from_slice(from),
            (to, from) => from.code_points().for_each(|point| to.push(point)),
        }
    }

    /// Code points `start..end` of a view.
    pub fn push_part(&mut self, view: View<'_>, start: usize, end: usize) {
        // What is narrow enough in a wide text is no reason to be as wide.
        match view.part(start, end) {
            part @ View::Two(_) if matches!(self, Text::One(_)) => self.push_each(part),
            part @ View::Four(_) if !matches!(self, Text::Four(_)) => self.push_each(part),
            part => self.push_view(part),
        }
    }

    fn push_each(&mut self, view: View<'_>) {
        let width = match view {
            View::One(data) => crate::object::points::all_bits(data),
            View::Two(data) => crate::object::points::all_bits(data),
            View::Four(data) => crate::object::points::all_bits(data),
        };
        self.widen(crate::object::points::width_of(width));
        match (self, view) {
            (Text::One(to), View::Two(from)) => to.extend(from.iter().map(|&point| point as u8)),
            (Text::One(to), View::Four(from)) => to.extend(from.iter().map(|&point| point as u8)),
            (Text::Two(to), View::Four(from)) => to.extend(from.iter().map(|&point| point as u16)),
            (to, from) => to.push_view(from),
        }
    }

    pub fn push_repeated(&mut self, point: u32, count: usize) {
        if count == 0 {
            return;
        }
        self.widen(crate::object::points::width_of(point));
        match self {
            Text::One(data) => data.resize(data.len() + count, point as u8),
            Text::Two(data) => data.resize(data.len() + count, point as u16),
            Text::Four(data) => data.resize(data.len() + count, point),
        }
    }

    /// Sees to room for so many more code points, those of the view among them.
    pub fn has_room(&mut self, view: View<'_>, more: usize) -> bool {
        let n_all = self.len().saturating_add(more);
        match (self, view) {
            (Text::One(data), View::One(_)) => data.try_reserve(more).is_ok(),
            (Text::Two(data), View::One(_) | View::Two(_)) => data.try_reserve(more).is_ok(),
            (Text::Four(data), _) => data.try_reserve(more).is_ok(),
            (Text::One(_) | Text::Two(_), _) => Vec::<u32>::new().try_reserve(n_all).is_ok(),
        }
    }

    /// Puts a text where another is, from a place on, and at the end what is behind that.
    pub fn overwrite(&mut self, at: usize, view: View<'_>) {
        let inside = view.len().min(self.len() - at);
        if inside > 0 {
            self.widen(view.width());
        }
        let points = view.code_points().take(inside);
        match self {
            Text::One(data) => data[at..].iter_mut().zip(points).for_each(|(to, point)| *to = point as u8),
            Text::Two(data) => data[at..].iter_mut().zip(points).for_each(|(to, point)| *to = point as u16),
            Text::Four(data) => data[at..].iter_mut().zip(points).for_each(|(to, point)| *to = point),
        }
        self.push_view(view.part(inside, view.len()));
    }

    pub fn truncate(&mut self, len: usize) {
        match self {
            Text::One(data) => data.truncate(len),
            Text::Two(data) => data.truncate(len),
            Text::Four(data) => data.truncate(len),
        }
    }

    pub fn view(&self) -> View<'_> {
        match self {
            Text::One(data) => View::One(data),
            Text::Two(data) => View::Two(data),
            Text::Four(data) => View::Four(data),
        }
    }

    pub fn finish(self, vm: &mut Vm) -> Value {
        match self {
            Text::One(data) => vm.str_from_latin1(&data),
            Text::Two(data) => vm.str_from_units(&data),
            Text::Four(data) => vm.str_from_code_points(&data),
        }
    }
}
