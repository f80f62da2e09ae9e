//! The format specification mini-language.

use crate::object::string::View;

/// `[[fill]align][sign][z][#][0][width][grouping][.precision[grouping]][type]`, parsed. `'\0'` stands for "not given".
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    pub fill: u32,
    pub align: char,
    pub sign: char,
    pub coerces_zero: bool,
    pub is_alternate: bool,
    pub width: Option<usize>,
    pub separator: Option<char>,
    pub precision: Option<usize>,
    pub fraction_separator: Option<char>,
    pub ty: char,
}

pub enum SpecError {
    /// Not of the form above.
    Invalid,
    Message(String),
}

impl From<&str> for SpecError {
    fn from(message: &str) -> SpecError {
        SpecError::Message(message.to_string())
    }
}

/// The specification's code points, and the one to look at next.
struct Cursor<'a> {
    view: View<'a>,
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> char {
        self.peek_after(0)
    }
    fn peek_after(&self, n: usize) -> char {
        if self.at + n >= self.view.len() {
            '\0'
        } else {
            char::from_u32(self.view.at(self.at + n)).unwrap_or('\u{FFFD}')
        }
    }
    fn left(&self) -> usize {
        self.view.len() - self.at
    }
    fn take_if(&mut self, wanted: char) -> bool {
        let is_there = self.left() > 0 && self.peek() == wanted;
        self.at += is_there as usize;
        is_there
    }
    fn number(&mut self) -> Result<Option<usize>, SpecError> {
        let mut number = None;
        while let Some(digit) = self.peek().to_digit(10) {
            let next = number.unwrap_or(0usize).checked_mul(10).and_then(|n| n.checked_add(digit as usize));
            number =
                Some(next.filter(|&n| n <= isize::MAX as usize).ok_or("Too many decimal digits in format string")?);
            self.at += 1;
        }
        Ok(number)
    }
}

fn is_align(c: char) -> bool {
    matches!(c, '<' | '>' | '=' | '^')
}

impl Spec {
    /// Parses for a value whose default presentation type is `default_type` (`s` for strings).
    pub fn parse(view: View<'_>, default_type: char) -> Result<Spec, SpecError> {
        let mut cursor = Cursor { view, at: 0 };
        let mut spec = Spec {
            fill: ' ' as u32,
            align: '\0',
            sign: '\0',
            coerces_zero: false,
            is_alternate: false,
            width: None,
            separator: None,
            precision: None,
            fraction_separator: None,
            ty: default_type,
        };
        let mut has_fill = false;
        if cursor.left() >= 2 && is_align(cursor.peek_after(1)) {
            (spec.fill, spec.align, has_fill) = (view.at(0), cursor.peek_after(1), true);
            cursor.at = 2;
        } else if is_align(cursor.peek()) {
            spec.align = cursor.peek();
            cursor.at = 1;
        }
        if matches!(cursor.peek(), '+' | '-' | ' ') {
            spec.sign = cursor.peek();
            cursor.at += 1;
        }
        spec.coerces_zero = cursor.take_if('z');
        spec.is_alternate = cursor.take_if('#');
        if !has_fill && cursor.take_if('0') {
            spec.fill = '0' as u32;
            if spec.align == '\0' && default_type != 's' {
                spec.align = '=';
            }
        }
        spec.width = cursor.number()?;
        if cursor.take_if(',') {
            spec.separator = Some(',');
        }
        if cursor.take_if('_') {
            if spec.separator.is_some() {
                return Err("Cannot specify both ',' and '_'.".into());
            }
            spec.separator = Some('_');
        }
        if cursor.peek() == ',' && spec.separator == Some('_') {
            return Err("Cannot specify both ',' and '_'.".into());
        }
        if cursor.take_if('.') {
            spec.precision = cursor.number()?;
            for separator in [',', '_', ','] {
                let is_again = spec.fraction_separator == Some(separator);
                if !is_again && cursor.take_if(separator) {
                    if spec.fraction_separator.is_some() {
                        return Err("Cannot specify both ',' and '_'.".into());
                    }
                    spec.fraction_separator = Some(separator);
                }
            }
            if spec.precision.is_none() && spec.fraction_separator.is_none() {
                return Err("Format specifier missing precision".into());
            }
        }
        match cursor.left() {
            0 => {}
            1 => spec.ty = cursor.peek(),
            _ => return Err(SpecError::Invalid),
        }
        spec.check_separator()?;
        Ok(spec)
    }

    fn check_separator(&self) -> Result<(), SpecError> {
        let Some(separator) = self.separator else { return Ok(()) };
        match self.ty {
            'd' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' | '\0' => Ok(()),
            'b' | 'o' | 'x' | 'X' if separator == '_' => Ok(()),
            ty => Err(SpecError::Message(format!("Cannot specify '{separator}' with '{ty}'."))),
        }
    }

    pub fn sign_text(&self, is_negative: bool) -> &'static str {
        match (is_negative, self.sign) {
            (true, _) => "-",
            (false, '+') => "+",
            (false, ' ') => " ",
            _ => "",
        }
    }

    pub fn has_zero_padding(&self) -> bool {
        self.fill == '0' as u32 && self.align == '='
    }

    /// The part of a number behind its whole digits, the fraction's digits grouped where asked for.
    pub fn group_fraction(&self, rest: &str) -> String {
        let (Some(separator), Some(fraction)) = (self.fraction_separator, rest.strip_prefix('.')) else {
            return rest.to_string();
        };
        let n_digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let mut grouped = String::from(".");
        for (i, c) in fraction[..n_digits].chars().enumerate() {
            if i > 0 && i % 3 == 0 {
                grouped.push(separator);
            }
            grouped.push(c);
        }
        grouped.push_str(&fraction[n_digits..]);
        grouped
    }
}
