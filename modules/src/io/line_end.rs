//! What an argument `newline` says: where lines end, and what `\n` is written as.

use stitch_runtime::object::argument::Str;
use stitch_runtime::object::convert::text::Text;
use stitch_runtime::object::string::View;
use stitch_runtime::{PyResult, Value, Vm};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineEnd {
    /// None: all that is read becomes `\n`; what is written is as the system has it, which is `\n`.
    Translated,
    /// `''`: each kind ends a line, and stays what it is.
    Any,
    Lf,
    Cr,
    CrLf,
}

impl LineEnd {
    /// Of None or a str; `None` for another text.
    pub fn of(vm: &Vm, newline: Value) -> Option<LineEnd> {
        if newline.is_none() {
            return Some(LineEnd::Translated);
        }
        match Str::of(vm, newline)?.text().as_str() {
            "" => Some(LineEnd::Any),
            "\n" => Some(LineEnd::Lf),
            "\r" => Some(LineEnd::Cr),
            "\r\n" => Some(LineEnd::CrLf),
            _ => None,
        }
    }

    /// The argument that says so; `None`: None.
    pub fn text(self) -> Option<&'static str> {
        match self {
            LineEnd::Translated => None,
            LineEnd::Any => Some(""),
            LineEnd::Lf => Some("\n"),
            LineEnd::Cr => Some("\r"),
            LineEnd::CrLf => Some("\r\n"),
        }
    }

    /// Does each kind of line end count?
    pub fn is_universal(self) -> bool {
        matches!(self, LineEnd::Translated | LineEnd::Any)
    }

    /// Where the line that begins at `start` ends, its end included; `None`: no end is there. Text that was translated has
    /// `\n` alone.
    pub fn line_in(self, view: View<'_>, start: usize) -> Option<usize> {
        match view {
            View::One(data) => self.line_in_bytes(&data[start..]).map(|len| start + len),
            _ => {
                let is_at = |index: usize, wanted: u8| index < view.len() && view.at(index) == u32::from(wanted);
                match self {
                    LineEnd::Translated | LineEnd::Lf => view.position(start, |c| c == 0x0A).map(|at| at + 1),
                    LineEnd::Cr => view.position(start, |c| c == 0x0D).map(|at| at + 1),
                    LineEnd::Any => {
                        let at = view.position(start, |c| c == 0x0A || c == 0x0D)?;
                        let is_pair = is_at(at, b'\r') && is_at(at + 1, b'\n');
                        Some(at + 1 + usize::from(is_pair))
                    }
                    LineEnd::CrLf => {
                        let mut from = start;
                        loop {
                            let at = view.position(from, |c| c == 0x0D)?;
                            if is_at(at + 1, b'\n') {
                                return Some(at + 2);
                            }
                            from = at + 1;
                        }
                    }
                }
            }
        }
    }

    /// The length of the line that bytes begin with, in an encoding of which ASCII is a part.
    #[inline]
    pub fn line_in_bytes(self, data: &[u8]) -> Option<usize> {
        match self {
            LineEnd::Translated | LineEnd::Lf => memchr::memchr(b'\n', data).map(|at| at + 1),
            LineEnd::Cr => memchr::memchr(b'\r', data).map(|at| at + 1),
            LineEnd::Any => {
                let at = memchr::memchr2(b'\r', b'\n', data)?;
                Some(at + 1 + usize::from(data[at..].starts_with(b"\r\n")))
            }
            LineEnd::CrLf => {
                memchr::memchr_iter(b'\r', data).find(|&at| data[at..].starts_with(b"\r\n")).map(|at| at + 2)
            }
        }
    }

    /// What `\n` is written as, where that is something else.
    pub fn written(self) -> Option<&'static str> {
        match self {
            LineEnd::Cr => Some("\r"),
            LineEnd::CrLf => Some("\r\n"),
            _ => None,
        }
    }

    /// The text with its `\n` as they are written.
    pub fn put_into(self, vm: &mut Vm, text: Value) -> PyResult {
        let view = vm.str_of(text).view();
        let Some(written) = self.written().filter(|_| view.position(0, |c| c == 0x0A).is_some()) else {
            return Ok(text);
        };
        let mut changed = Text::new();
        for point in view.code_points() {
            if point == 0x0A { changed.push_str(written) } else { changed.push(point) }
        }
        Ok(changed.finish(vm))
    }
}
