//! `str.format`: replacement fields.

use crate::object::convert::text::Text;
use crate::object::layout::TupleObject;
use crate::object::string::View;
use crate::value::Value;
use crate::vm::{PyResult, Vm};

/// Fields may stand in the specification of a field, but no deeper.
const MAX_DEPTH: u32 = 2;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Numbering {
    Unknown,
    Automatic,
    Manual,
}

/// Where fields get their values.
struct Fields {
    positional: Value,
    keywords: Value,
    numbering: Numbering,
    next: usize,
}

/// A replacement field: ranges of code points in the template.
struct Field {
    name: (usize, usize),
    conversion: Option<char>,
    spec: (usize, usize),
    has_nested: bool,
    end: usize,
}

fn char_at(view: View<'_>, at: usize) -> char {
    char::from_u32(view.at(at)).unwrap_or('\u{FFFD}')
}

/// A whole number in decimal; `None` where it is none.
fn number(view: View<'_>, (start, end): (usize, usize)) -> Option<Result<usize, &'static str>> {
    if start == end || !(start..end).all(|i| char_at(view, i).is_ascii_digit()) {
        return None;
    }
    let value = (start..end)
        .try_fold(0usize, |value, i| value.checked_mul(10)?.checked_add(char_at(view, i).to_digit(10)? as usize));
    Some(value.filter(|&n| n <= isize::MAX as usize).ok_or("Too many decimal digits in format string"))
}

/// Reads the field whose `{` stands before `at`.
fn parse_field(view: View<'_>, mut at: usize) -> Result<Field, String> {
    let start = at;
    let mut last = '\0';
    while at < view.len() {
        last = char_at(view, at);
        at += 1;
        match last {
            '{' => return Err("unexpected '{' in field name".to_string()),
            '[' => {
                while at < view.len() && char_at(view, at) != ']' {
                    at += 1;
                }
            }
            '}' | ':' | '!' => break,
            _ => {}
        }
    }
    if !matches!(last, '}' | ':' | '!') || start == at {
        return Err("expected '}' before end of string".to_string());
    }
    let mut field = Field { name: (start, at - 1), conversion: None, spec: (at, at), has_nested: false, end: at };
    if last == '}' {
        return Ok(field);
    }
    if last == '!' {
        if at >= view.len() {
            return Err("end of string while looking for conversion specifier".to_string());
        }
        field.conversion = Some(char_at(view, at));
        at += 1;
        if at < view.len() {
            let next = char_at(view, at);
            at += 1;
            if next == '}' {
                field.end = at;
                return Ok(field);
            }
            if next != ':' {
                return Err("expected ':' after conversion specifier".to_string());
            }
        }
    }
    let spec_start = at;
    let mut depth = 1;
    while at < view.len() {
        match char_at(view, at) {
            '{' => {
                field.has_nested = true;
                depth += 1;
            }
            '}' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            field.spec = (spec_start, at - 1);
            field.end = at;
            return Ok(field);
        }
    }
    Err("unmatched '{' in format spec".to_string())
}

impl Vm {
    /// `template.format(*positional, **keywords)`; `keywords` is a dict, any mapping, or unbound.
    pub fn format_template(&mut self, template: Value, positional: Value, keywords: Value) -> PyResult {
        let mut fields = Fields { positional, keywords, numbering: Numbering::Unknown, next: 0 };
        self.expand_template(template, &mut fields, MAX_DEPTH)
    }

    fn expand_template(&mut self, template: Value, fields: &mut Fields, depth: u32) -> PyResult {
        if depth == 0 {
            return Err(self.raise_value("Max string recursion exceeded"));
        }
        self.check_native_stack()?;
        let view = self.str_of(template).view();
        let mut out = Text::new();
        let mut at = 0;
        while at < view.len() {
            let point = view.at(at);
            at += 1;
            let is_doubled = at < view.len() && view.at(at) == point;
            match char::from_u32(point) {
                Some('{' | '}') if is_doubled => {
                    out.push(point);
                    at += 1;
                }
                Some('}') => return Err(self.raise_value("Single '}' encountered in format string")),
                Some('{') if at == view.len() => {
                    return Err(self.raise_value("Single '{' encountered in format string"));
                }
                Some('{') => {
                    let field = match parse_field(view, at) {
                        Ok(field) => field,
                        Err(message) => return Err(self.raise_value(&message)),
                    };
                    at = field.end;
                    self.expand_field(&mut out, template, &field, fields, depth)?;
                }
                _ => out.push(point),
            }
        }
        Ok(out.finish(self))
    }

    fn expand_field(
        &mut self,
        out: &mut Text,
        template: Value,
        field: &Field,
        fields: &mut Fields,
        depth: u32,
    ) -> PyResult<()> {
        let mut value = self.field_value(template, field.name, fields)?;
        if let Some(conversion) = field.conversion {
            value = match conversion {
                'r' => self.repr(value)?,
                's' => self.str(value)?,
                'a' => self.ascii(value)?,
                other => {
                    let message = if (other as u32) > 32 && (other as u32) < 127 {
                        format!("Unknown conversion specifier {other}")
                    } else {
                        format!("Unknown conversion specifier \\x{:x}", other as u32)
                    };
                    return Err(self.raise_value(&message));
                }
            };
        }
        let mut spec = self.str_slice(template, field.spec.0, field.spec.1);
        if field.has_nested {
            spec = self.expand_template(spec, fields, depth - 1)?;
        }
        let formatted = self.format(value, spec)?;
        out.push_view(self.str_of(formatted).view());
        Ok(())
    }

    /// The value that a field's name stands for: `name(.attribute|[item])*`.
    fn field_value(&mut self, template: Value, name: (usize, usize), fields: &mut Fields) -> PyResult {
        let view = self.str_of(template).view();
        let (start, end) = name;
        let first_end = (start..end).find(|&i| matches!(char_at(view, i), '.' | '[')).unwrap_or(end);
        let mut value = self.first_value(template, (start, first_end), fields)?;
        let mut at = first_end;
        while at < end {
            let is_attribute = match char_at(view, at) {
                '.' => true,
                '[' => false,
                _ => return Err(self.raise_value("Only '.' or '[' may follow ']' in format field specifier")),
            };
            at += 1;
            let key_start = at;
            let is_end = |c: char| if is_attribute { matches!(c, '.' | '[') } else { c == ']' };
            while at < end && !is_end(char_at(view, at)) {
                at += 1;
            }
            if !is_attribute && at == end {
                return Err(self.raise_value("Missing ']' in format string"));
            }
            let key = (key_start, at);
            if key_start == at {
                return Err(self.raise_value("Empty attribute in format string"));
            }
            let text = self.str_slice(template, key.0, key.1);
            if is_attribute {
                let attribute = self.name_from(text);
                value = self.get_attr(value, attribute)?;
                continue;
            }
            at += 1;
            let key = match number(view, key) {
                Some(Ok(index)) => self.new_int_from_usize(index),
                Some(Err(message)) => return Err(self.raise_value(message)),
                None => text,
            };
            value = self.get_item(value, key)?;
        }
        Ok(value)
    }

    fn first_value(&mut self, template: Value, name: (usize, usize), fields: &mut Fields) -> PyResult {
        let view = self.str_of(template).view();
        let index = match number(view, name) {
            Some(Ok(index)) => Some(index),
            Some(Err(message)) => return Err(self.raise_value(message)),
            None if name.0 == name.1 => None,
            None => {
                let key = self.str_slice(template, name.0, name.1);
                if fields.keywords.is_unbound() {
                    return Err(self.raise_key(key));
                }
                return self.get_item(fields.keywords, key);
            }
        };
        let wanted = if index.is_some() { Numbering::Manual } else { Numbering::Automatic };
        if fields.numbering != Numbering::Unknown && fields.numbering != wanted {
            return Err(self.raise_value(match wanted {
                Numbering::Manual => "cannot switch from automatic field numbering to manual field specification",
                _ => "cannot switch from manual field specification to automatic field numbering",
            }));
        }
        fields.numbering = wanted;
        let index = index.unwrap_or_else(|| {
            fields.next += 1;
            fields.next - 1
        });
        if fields.positional.is_unbound() || !self.is_a::<TupleObject>(fields.positional) {
            return Err(self.raise_value("Format string contains positional fields"));
        }
        // SAFETY: the layout was checked; tuples do not change.
        match unsafe { (*fields.positional.as_ptr::<TupleObject>()).items() }.get(index) {
            Some(&value) => Ok(value),
            None => {
                let message = format!("Replacement index {index} out of range for positional args tuple");
                Err(self.raise_index(&message))
            }
        }
    }
}
