//! Dates and times out of ISO 8601's text. Any character may stand between date and time.

use super::civil::{Civil, DateFault, IsoDay};
use smallvec::SmallVec;
use stitch_runtime::object::string::View;

/// Text as bytes; a character that is not ASCII is as many that fit nowhere as UTF-8 has for it.
pub type Ascii = SmallVec<[u8; 48]>;

const FOREIGN: u8 = 0xFF;
const FOREIGN_TOO: u8 = 0xFE;

pub fn ascii_of(text: View<'_>) -> Ascii {
    if let View::One(bytes) = text
        && bytes.is_ascii()
    {
        return Ascii::from_slice(bytes);
    }
    let mut ascii = Ascii::new();
    for point in text.code_points() {
        match u8::try_from(point) {
            Ok(byte) if byte.is_ascii() => ascii.push(byte),
            _ => {
                ascii.push(FOREIGN);
                let n_bytes = char::from_u32(point).map_or(1, char::len_utf8);
                ascii.extend(std::iter::repeat_n(FOREIGN_TOO, n_bytes - 1));
            }
        }
    }
    ascii
}

/// The parts of a date; of those written by month and day not looked at yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DateParts {
    pub year: i64,
    pub month: i64,
    pub day: i64,
}

/// The parts of a time, not looked at yet.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ClockParts {
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub microsecond: i64,
}

impl ClockParts {
    pub fn all(self) -> [i64; 4] {
        [self.hour, self.minute, self.second, self.microsecond]
    }
}

/// The parts of a time and of its offset from UTC.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct TimeParts {
    pub clock: ClockParts,
    pub offset: Option<Offset>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Offset {
    pub seconds: i64,
    pub microseconds: i64,
}

/// Text of which the front was read.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }
    fn is_at_digit(&self) -> bool {
        self.peek().is_some_and(|byte| byte.is_ascii_digit())
    }
    fn take(&mut self, wanted: u8) -> Option<()> {
        (self.peek()? == wanted).then(|| self.rest = &self.rest[1..])
    }
    fn digits(&mut self, n_digits: usize) -> Option<i64> {
        let (digits, rest) = self.rest.split_at_checked(n_digits)?;
        self.rest = rest;
        digits.iter().try_fold(0, |number, digit| match digit {
            b'0'..=b'9' => Some(number * 10 + i64::from(digit - b'0')),
            _ => None,
        })
    }
}

/// `2020-01-02`, `20200102`, `2020-W01-4`, `2020W014`, or a week without a day; and whether nothing stands behind it.
pub fn date(text: &[u8]) -> Option<(DateParts, bool)> {
    let mut reader = Reader { rest: text };
    let year = reader.digits(4)?;
    let is_extended = reader.take(b'-').is_some();
    let parts = if reader.take(b'W').is_some() {
        let week = reader.digits(2)?;
        let mut weekday = 1;
        if reader.peek().is_some() {
            if is_extended {
                reader.take(b'-')?;
            }
            weekday = reader.digits(1)?;
        }
        match Civil::from_iso(IsoDay { year, week, weekday }) {
            Ok(civil) => DateParts { year: civil.year(), month: civil.month(), day: civil.day() },
            // A week of the last year that goes on in the next one.
            Err(DateFault::Year(beyond)) if beyond > year => DateParts { year: beyond, month: 1, day: 1 },
            Err(_) => return None,
        }
    } else {
        let month = reader.digits(2)?;
        if is_extended {
            reader.take(b'-')?;
        }
        DateParts { year, month, day: reader.digits(2)? }
    };
    Some((parts, reader.rest.is_empty()))
}

/// `03`, `03:04`, `0304`, `03:04:05`, `030405`, and a fraction of the last after a point or comma, of which six digits count. What
/// was not read of it is given, too: one character behind any of them, or what stands behind six digits.
fn clock(text: &[u8]) -> Option<(ClockParts, &[u8])> {
    let mut reader = Reader { rest: text };
    let mut parts = ClockParts { hour: reader.digits(2)?, ..ClockParts::default() };
    let is_extended = reader.peek() == Some(b':');
    for is_second in [false, true] {
        if reader.rest.len() <= 1 {
            return Some((parts, reader.rest));
        }
        if is_extended {
            reader.take(b':')?;
        }
        let number = reader.digits(2)?;
        if is_second {
            parts.second = number;
        } else {
            parts.minute = number;
        }
    }
    if reader.rest.len() <= 1 {
        return Some((parts, reader.rest));
    }
    match reader.peek()? {
        b'.' | b',' => reader.rest = &reader.rest[1..],
        _ if is_extended => return None,
        _ => {}
    }
    let n_digits = reader.rest.len().min(6);
    parts.microsecond = reader.digits(n_digits)? * 10i64.pow(6 - n_digits as u32);
    while reader.is_at_digit() {
        reader.rest = &reader.rest[1..];
    }
    Some((parts, reader.rest))
}

/// A time, and behind it maybe `Z` or an offset.
pub fn time(text: &[u8]) -> Option<TimeParts> {
    let sign_at = text.iter().position(|byte| matches!(byte, b'+' | b'-' | b'Z'));
    let Some(sign_at) = sign_at else {
        let (clock, rest) = clock(text)?;
        return rest.is_empty().then_some(TimeParts { clock, offset: None });
    };
    let (clock_text, zone) = text.split_at(sign_at);
    // CPython does not mind what is left over in front of an offset, but for a point without a fraction.
    let (parts, rest) = clock(clock_text)?;
    if matches!(rest, b"." | b",") {
        return None;
    }
    let (sign, offset_text) = zone.split_first()?;
    if *sign == b'Z' {
        return offset_text.is_empty().then_some(TimeParts { clock: parts, offset: Some(Offset::default()) });
    }
    let (offset, rest) = clock(offset_text)?;
    if !rest.is_empty() {
        return None;
    }
    let sign = if *sign == b'-' { -1 } else { 1 };
    let seconds = sign * ((offset.hour * 60 + offset.minute) * 60 + offset.second);
    let offset = Offset { seconds, microseconds: sign * offset.microsecond };
    Some(TimeParts { clock: parts, offset: Some(offset) })
}

/// Where the date of a date and time ends; `None`: it is neither.
fn end_of_date(text: &[u8]) -> Option<usize> {
    let is_digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
    match text.len() {
        0..7 => return None,
        7 => return Some(7),
        _ => {}
    }
    Some(match (text[4], text[5]) {
        // A weekday follows, or a hyphen that is the separator already.
        (b'-', b'W') => match (text.get(8), text.len()) {
            (Some(b'-'), 9) => return None,
            (Some(b'-'), _) if !is_digit(10) => 10,
            _ => 8,
        },
        (b'-', _) => 10,
        (b'W', _) => {
            let end = (7..text.len()).find(|&at| !is_digit(at)).unwrap_or(text.len());
            match end {
                // All that follow the week may be digits: a weekday and pairs of them, or pairs alone.
                9.. => 7 + end % 2,
                _ => end,
            }
        }
        _ => 8,
    })
}

/// A date, and behind any character maybe a time.
pub fn moment(text: &[u8]) -> Option<(DateParts, TimeParts)> {
    let end = end_of_date(text)?;
    let (date, true) = date(text.get(..end)?)? else { return None };
    let Some((_, rest)) = text[end..].split_first() else { return Some((date, TimeParts::default())) };
    let n_foreign = rest.iter().take_while(|&&byte| byte == FOREIGN_TOO).count();
    Some((date, time(&rest[n_foreign..])?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_weeks() {
        let parts = |year, month, day| Some(DateParts { year, month, day });
        for (text, wanted) in [
            ("2020-01-02", parts(2020, 1, 2)),
            ("20200102", parts(2020, 1, 2)),
            ("2020-W10", parts(2020, 3, 2)),
            ("2020W107", parts(2020, 3, 8)),
            ("2020-W10-7", parts(2020, 3, 8)),
            ("2020-W54", None),
            ("2020-W1", None),
            ("2020-0102", None),
            ("", None),
        ] {
            assert_eq!(date(text.as_bytes()).map(|(parts, _)| parts), wanted, "{text}");
        }
    }

    #[test]
    fn nothing_that_is_no_time_is_one() {
        for text in ["", "1", "01:0203", "01:02:03.", "01:02:03+", "+05", "01:02:03Z5", "01:02:03:+0"] {
            assert_eq!(time(text.as_bytes()), None, "{text}");
        }
        let parts = time(b"01:02:03,1234567-05:30").expect("a time");
        assert_eq!(parts.clock, ClockParts { hour: 1, minute: 2, second: 3, microsecond: 123_456 });
        assert_eq!(parts.offset, Some(Offset { seconds: -19_800, microseconds: 0 }));
    }
}
