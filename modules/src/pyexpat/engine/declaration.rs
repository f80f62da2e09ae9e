//! The declaration at the beginning of a document or of an external entity.

use super::character::is_space;
use super::event::{Event, Kind};
use super::input::Encoding;
use super::state::ParameterEntities;
use super::{ErrorCode, Fail, State, Telling};

/// What is read of a declaration: `name="value"` after `name="value"`.
struct Pairs<'a> {
    text: &'a [u8],
    at: usize,
}

/// A name, a value, and where the value stands.
type Pair<'a> = (&'a [u8], &'a [u8], usize);

impl<'a> Pairs<'a> {
    fn spaces(&mut self) -> usize {
        let n = self.text[self.at..].iter().take_while(|&&byte| is_space(byte)).count();
        self.at += n;
        n
    }

    /// The next pair, `None` at the end; an error is where something else stands.
    fn next(&mut self, is_first: bool) -> Result<Option<Pair<'a>>, usize> {
        let n_spaces = self.spaces();
        if self.at == self.text.len() {
            return Ok(None);
        }
        if n_spaces == 0 && !is_first {
            return Err(self.at);
        }
        let rest = &self.text[self.at..];
        let name_len = rest.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
        let name = &rest[..name_len];
        self.at += name_len;
        self.spaces();
        if name.is_empty() || self.text.get(self.at) != Some(&b'=') {
            return Err(self.at);
        }
        self.at += 1;
        self.spaces();
        let quote = match self.text.get(self.at) {
            Some(&quote @ (b'"' | b'\'')) => quote,
            _ => return Err(self.at),
        };
        self.at += 1;
        let start = self.at;
        let is_value = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_".contains(byte);
        self.at += self.text[start..].iter().take_while(|&byte| is_value(byte)).count();
        if self.text.get(self.at) != Some(&quote) {
            return Err(self.at);
        }
        let value = &self.text[start..self.at];
        self.at += 1;
        Ok(Some((name, value, start)))
    }
}

#[derive(Default)]
struct Declared<'a> {
    version: Option<&'a [u8]>,
    encoding: Option<(&'a [u8], usize)>,
    standalone: Option<bool>,
}

fn read<'a>(text: &'a [u8], is_text: bool) -> Result<Declared<'a>, usize> {
    let mut pairs = Pairs { text, at: 0 };
    let mut declared = Declared::default();
    let mut next = pairs.next(true)?;
    match next {
        Some((b"version", version, _)) => {
            declared.version = Some(version);
            next = pairs.next(false)?;
        }
        _ if !is_text => return Err(0),
        _ => {}
    }
    if let Some((b"encoding", encoding, at)) = next {
        if !encoding.first().is_some_and(u8::is_ascii_alphabetic) {
            return Err(at);
        }
        declared.encoding = Some((encoding, at));
        next = pairs.next(false)?;
    } else if is_text {
        return Err(pairs.at);
    }
    if let Some((b"standalone", value, at)) = next {
        declared.standalone = match value {
            _ if is_text => return Err(at),
            b"yes" => Some(true),
            b"no" => Some(false),
            _ => return Err(at),
        };
        next = pairs.next(false)?;
    }
    if next.is_some() { Err(pairs.at) } else { Ok(declared) }
}

impl State {
    /// `at` is where in the text its content begins; `is_text`: it is that of an external entity.
    pub(super) fn xml_declaration(
        &mut self,
        telling: &mut Telling<'_>,
        content: &[u8],
        at: usize,
        is_text: bool,
    ) -> Result<(), Fail> {
        let wrong = if is_text { ErrorCode::TextDecl } else { ErrorCode::XmlDecl };
        let declared = read(content, is_text).map_err(|bad| Fail::at(wrong, at + bad))?;
        if !is_text && declared.standalone == Some(true) {
            self.dtd.borrow_mut().is_standalone = true;
            let parameters = &self.shared.settings.parameter_entities;
            if parameters.get() == ParameterEntities::UnlessStandalone {
                parameters.set(ParameterEntities::Never);
            }
        }
        let (version, encoding) = (declared.version, declared.encoding.map(|(name, _)| name));
        let standalone = declared.standalone.map_or(-1, i32::from);
        telling.tell_or_default(Kind::XmlDecl, Event::XmlDecl { version, encoding, standalone });
        self.new_encoding = Some(None);
        if let Some((name, name_at)) = declared.encoding
            && !self.is_encoding_given
        {
            let current = telling.encoding;
            let named = Encoding::named(&String::from_utf8_lossy(name));
            let new = match named {
                Some(_) if name.eq_ignore_ascii_case(b"utf-16") && current.is_wide() => None,
                Some(Encoding::Utf16 { is_big }) => match current {
                    &Encoding::Utf16 { is_big: is_now } if is_now == is_big => None,
                    _ => return Err(Fail::at(ErrorCode::IncorrectEncoding, at + name_at)),
                },
                Some(_) if current.is_wide() => {
                    return Err(Fail::at(ErrorCode::IncorrectEncoding, at + name_at));
                }
                Some(encoding) => Some(encoding),
                None => match telling.listener.encoding(name) {
                    Some(encoding) => Some(encoding),
                    None => return Err(Fail::at(ErrorCode::UnknownEncoding, at + name_at)),
                },
            };
            self.new_encoding = Some(new);
        }
        Ok(())
    }
}
