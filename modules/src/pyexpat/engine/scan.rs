//! Finds tokens in text. Each function looks at one place and gives where the token there ends.

use super::character::{after_character, after_name_characters, after_name_start, is_space, n_plain};
use std::ops::Range;

/// Why there is no token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stop {
    /// The text ends within it.
    Partial,
    /// What stands there is not allowed.
    Invalid(usize),
}

pub type Scan<T> = Result<T, Stop>;

/// An attribute of a tag: where its name is, and its value without the quotes.
#[derive(Clone)]
pub struct AttributeSpan {
    pub name: Range<usize>,
    pub value: Range<usize>,
}

#[derive(Clone, PartialEq, Debug)]
pub enum Content {
    StartTag {
        name: Range<usize>,
        is_empty: bool,
    },
    EndTag {
        name: Range<usize>,
    },
    EntityRef {
        name: Range<usize>,
    },
    /// With the number, if it is one of a character.
    CharRef(Option<u32>),
    Data,
    /// A line end.
    Newline,
    CdataOpen,
    CdataClose,
    Pi(Pi),
    XmlDecl(Range<usize>),
    Comment(Range<usize>),
}

#[derive(Clone, PartialEq, Debug)]
pub struct Pi {
    pub target: Range<usize>,
    pub data: Range<usize>,
}

pub struct Scanner<'a> {
    pub text: &'a [u8],
    pub at: usize,
    /// Have names prefixes?
    pub namespaces: bool,
    /// Does nothing come behind the text?
    pub is_last: bool,
}

impl Scanner<'_> {
    fn peek(&self) -> Scan<u8> {
        self.text.get(self.at).copied().ok_or(Stop::Partial)
    }
    fn invalid<T>(&self) -> Scan<T> {
        Err(Stop::Invalid(self.at))
    }
    /// As `peek`, for a token that is complete if nothing comes any more.
    fn peek_behind(&self) -> Scan<u8> {
        match self.peek() {
            Err(Stop::Partial) if self.is_last => Ok(b' '),
            found => found,
        }
    }
    /// Goes over a byte that has to be there.
    fn expect(&mut self, byte: u8) -> Scan<()> {
        if self.peek()? != byte {
            return self.invalid();
        }
        self.at += 1;
        Ok(())
    }
    fn spaces(&mut self) {
        while self.text.get(self.at).is_some_and(|&byte| is_space(byte)) {
            self.at += 1;
        }
    }
    fn name(&mut self) -> Scan<Range<usize>> {
        let start = self.at;
        let first = after_name_start(self.text, start)?;
        self.at = after_name_characters(self.text, first);
        Ok(start..self.at)
    }
    /// The name of an element or attribute, with a prefix at most.
    fn qualified_name(&mut self) -> Scan<Range<usize>> {
        if self.namespaces && self.peek()? == b':' {
            return self.invalid();
        }
        let start = self.at;
        let first = after_name_start(self.text, start)?;
        self.at = after_name_characters(self.text, first);
        if self.namespaces {
            let mut colons = (start..self.at).filter(|&at| self.text[at] == b':');
            if let Some(colon) = colons.next() {
                let second = colons.next();
                let local = colon + 1;
                if second == Some(local) || local < self.at && after_name_start(self.text, local).is_err() {
                    return Err(Stop::Invalid(local));
                }
                if let Some(second) = second {
                    return Err(Stop::Invalid(second));
                }
                if local == self.at {
                    self.peek()?;
                    return self.invalid();
                }
            }
        }
        self.peek()?;
        Ok(start..self.at)
    }

    /// What stands in an element's content.
    pub fn content(&mut self, attributes: &mut Vec<AttributeSpan>) -> Scan<Content> {
        match self.peek()? {
            b'<' => {
                self.at += 1;
                self.markup(attributes)
            }
            b'&' => {
                self.at += 1;
                self.reference()
            }
            b'\r' | b'\n' => self.newline(),
            _ => self.data(false),
        }
    }

    fn newline(&mut self) -> Scan<Content> {
        if self.peek()? == b'\r' {
            self.at += 1;
            if self.peek_behind()? != b'\n' {
                return Ok(Content::Newline);
            }
        }
        self.at += 1;
        Ok(Content::Newline)
    }

    /// Characters up to what means something.
    fn data(&mut self, in_cdata: bool) -> Scan<Content> {
        let start = self.at;
        loop {
            self.at += n_plain(&self.text[self.at..]);
            let Some(&byte) = self.text.get(self.at) else { break };
            match byte {
                b'\n' | b'\r' => break,
                b'<' | b'&' if !in_cdata => break,
                b']' if in_cdata => {
                    if self.text.get(self.at..self.at + 3) == Some(b"]]>") || self.at + 3 > self.text.len() {
                        break;
                    }
                    self.at += 1;
                }
                b']' => match self.text.get(self.at + 1..) {
                    Some([b']', b'>', ..]) if self.at > start => break,
                    Some([b']', b'>', ..]) => return Err(Stop::Invalid(self.at + 2)),
                    Some([] | [b']']) if self.is_last => self.at = self.text.len(),
                    Some([] | [b']']) => break,
                    _ => self.at += 1,
                },
                _ => match after_character(self.text, self.at) {
                    Ok(end) => self.at = end,
                    Err(_) if self.at > start => break,
                    Err(stop) => return Err(stop),
                },
            }
        }
        if self.at == start { Err(Stop::Partial) } else { Ok(Content::Data) }
    }

    /// What stands in a CDATA section.
    pub fn cdata(&mut self) -> Scan<Content> {
        match self.peek()? {
            b'\r' | b'\n' => self.newline(),
            b']' if self.text[self.at..].starts_with(b"]]>") => {
                self.at += 3;
                Ok(Content::CdataClose)
            }
            b']' if b"]]>".starts_with(&self.text[self.at..]) => Err(Stop::Partial),
            _ => self.data(true),
        }
    }

    fn markup(&mut self, attributes: &mut Vec<AttributeSpan>) -> Scan<Content> {
        match self.peek()? {
            b'/' => {
                self.at += 1;
                let name = self.qualified_name()?;
                self.spaces();
                self.expect(b'>')?;
                Ok(Content::EndTag { name })
            }
            b'!' => {
                self.at += 1;
                match self.peek()? {
                    b'-' => self.comment().map(Content::Comment),
                    b'[' => {
                        for &byte in b"[CDATA[" {
                            self.expect(byte)?;
                        }
                        Ok(Content::CdataOpen)
                    }
                    _ => self.invalid(),
                }
            }
            b'?' => self.processing_instruction(),
            _ => self.start_tag(attributes),
        }
    }

    fn start_tag(&mut self, attributes: &mut Vec<AttributeSpan>) -> Scan<Content> {
        attributes.clear();
        let name = self.qualified_name()?;
        loop {
            let before = self.at;
            self.spaces();
            match self.peek()? {
                b'>' => {
                    self.at += 1;
                    return Ok(Content::StartTag { name, is_empty: false });
                }
                b'/' => {
                    self.at += 1;
                    self.expect(b'>')?;
                    return Ok(Content::StartTag { name, is_empty: true });
                }
                _ if before == self.at => return self.invalid(),
                _ => {}
            }
            let attribute = self.qualified_name()?;
            self.spaces();
            self.expect(b'=')?;
            self.spaces();
            let quote = self.peek()?;
            if quote != b'"' && quote != b'\'' {
                return self.invalid();
            }
            self.at += 1;
            let start = self.at;
            loop {
                self.at += n_plain(&self.text[self.at..]);
                match self.peek()? {
                    byte if byte == quote => break,
                    b'<' => return self.invalid(),
                    b'&' => {
                        self.at += 1;
                        self.reference()?;
                    }
                    _ => self.at = after_character(self.text, self.at)?,
                }
            }
            attributes.push(AttributeSpan { name: attribute, value: start..self.at });
            self.at += 1;
            self.peek()?;
        }
    }

    /// Behind `&`.
    pub fn reference(&mut self) -> Scan<Content> {
        if self.peek()? != b'#' {
            let name = self.name()?;
            self.expect(b';')?;
            return Ok(Content::EntityRef { name });
        }
        self.at += 1;
        let radix = if self.peek()? == b'x' {
            self.at += 1;
            16
        } else {
            10
        };
        let mut number = Some(0u32);
        let start = self.at;
        loop {
            let byte = self.peek()?;
            match (byte as char).to_digit(radix) {
                Some(digit) => {
                    let next = number.and_then(|number| number.checked_mul(radix)?.checked_add(digit));
                    number = next.filter(|&number| number <= 0x10FFFF);
                }
                None if byte == b';' && self.at > start => break,
                None => return self.invalid(),
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(Content::CharRef(number.filter(|&number| super::character::is_character(number))))
    }

    /// Behind `<!`, at a hyphen.
    pub fn comment(&mut self) -> Scan<Range<usize>> {
        self.expect(b'-')?;
        self.expect(b'-')?;
        let start = self.at;
        loop {
            self.at += n_plain(&self.text[self.at..]);
            if self.peek()? == b'-' {
                self.at += 1;
                if self.peek()? == b'-' {
                    self.at += 1;
                    self.expect(b'>')?;
                    return Ok(start..self.at - 3);
                }
            } else {
                self.at = after_character(self.text, self.at)?;
            }
        }
    }

    /// Behind `<`, at a question mark.
    pub fn processing_instruction(&mut self) -> Scan<Content> {
        self.expect(b'?')?;
        let target = self.name()?;
        let name = &self.text[target.clone()];
        let is_declaration = name == b"xml";
        if !is_declaration && name.eq_ignore_ascii_case(b"xml") || self.namespaces && name.contains(&b':') {
            return self.invalid();
        }
        let mut start = self.at;
        match self.peek()? {
            byte if is_space(byte) => {
                self.spaces();
                start = self.at;
            }
            b'?' => {
                self.at += 1;
                self.expect(b'>')?;
                let data = start..start;
                return Ok(if is_declaration { Content::XmlDecl(data) } else { Content::Pi(Pi { target, data }) });
            }
            _ => return self.invalid(),
        }
        loop {
            self.at += n_plain(&self.text[self.at..]);
            if self.peek()? == b'?' {
                self.at += 1;
                if self.peek()? == b'>' {
                    self.at += 1;
                    let data = start..self.at - 2;
                    return Ok(if is_declaration { Content::XmlDecl(data) } else { Content::Pi(Pi { target, data }) });
                }
            } else {
                self.at = after_character(self.text, self.at)?;
            }
        }
    }

    /// What stands in a declaration or between declarations.
    pub fn declaration(&mut self) -> Scan<Word> {
        let byte = self.peek()?;
        if is_space(byte) {
            self.spaces();
            return Ok(Word::Space);
        }
        self.at += 1;
        let word = match byte {
            b'<' => return self.declaration_markup(),
            b'"' | b'\'' => return self.literal(byte),
            b'[' => Word::OpenBracket,
            b']' => match self.text.get(self.at..) {
                Some([b']', b'>', ..]) => {
                    self.at += 2;
                    Word::SectionClose
                }
                Some([] | [b']']) | None if !self.is_last => return Err(Stop::Partial),
                _ => Word::CloseBracket,
            },
            b'(' => Word::OpenParen,
            b')' => {
                let mark = self.peek_behind()?;
                match mark {
                    b'*' | b'?' | b'+' => self.at += 1,
                    b',' | b'>' | b'|' | b')' => {}
                    byte if is_space(byte) => {}
                    _ => return self.invalid(),
                }
                Word::CloseParen(Repeat::of(mark))
            }
            b'|' => Word::Or,
            b',' => Word::Comma,
            b'>' => Word::Close,
            b'%' => {
                let next = self.peek_behind()?;
                if is_space(next) || next == b'%' {
                    return Ok(Word::Percent);
                }
                let name = self.name()?;
                self.expect(b';')?;
                return Ok(Word::ParameterRef(name));
            }
            b'#' => {
                let name = self.name()?;
                match self.peek_behind()? {
                    b')' | b'>' | b'%' | b'|' => {}
                    byte if is_space(byte) => {}
                    _ => return self.invalid(),
                }
                return Ok(Word::Pound(name));
            }
            _ => {
                self.at -= 1;
                return self.word();
            }
        };
        Ok(word)
    }

    fn declaration_markup(&mut self) -> Scan<Word> {
        match self.peek()? {
            b'!' => {
                self.at += 1;
                match self.peek()? {
                    b'-' => self.comment().map(Word::Comment),
                    b'[' => {
                        self.at += 1;
                        Ok(Word::SectionOpen)
                    }
                    byte if byte.is_ascii_alphabetic() => {
                        let start = self.at;
                        while self.peek()?.is_ascii_alphabetic() {
                            self.at += 1;
                        }
                        match self.peek()? {
                            b'%' => {
                                let next = *self.text.get(self.at + 1).ok_or(Stop::Partial)?;
                                if is_space(next) || next == b'%' {
                                    return self.invalid();
                                }
                            }
                            byte if is_space(byte) => {}
                            _ => return self.invalid(),
                        }
                        Ok(Word::Open(start..self.at))
                    }
                    _ => self.invalid(),
                }
            }
            b'?' => Ok(match self.processing_instruction()? {
                Content::XmlDecl(data) => Word::XmlDecl(data),
                Content::Pi(pi) => Word::Pi(pi),
                _ => return self.invalid(),
            }),
            _ => {
                after_name_start(self.text, self.at)?;
                self.at -= 1;
                Ok(Word::Instance)
            }
        }
    }

    fn literal(&mut self, quote: u8) -> Scan<Word> {
        let start = self.at;
        loop {
            match self.peek()? {
                byte if byte == quote => break,
                _ => self.at = after_character(self.text, self.at)?,
            }
        }
        let inner = start..self.at;
        self.at += 1;
        match self.peek_behind()? {
            b'>' | b'%' | b'[' => Ok(Word::Literal(inner)),
            byte if is_space(byte) => Ok(Word::Literal(inner)),
            _ => self.invalid(),
        }
    }

    fn word(&mut self) -> Scan<Word> {
        let start = self.at;
        let is_name = after_name_start(self.text, start).is_ok() && !(self.namespaces && self.text[start] == b':');
        self.at = after_name_characters(self.text, start);
        if self.at == start {
            after_character(self.text, start)?;
            return self.invalid();
        }
        let range = start..self.at;
        let mark = self.peek_behind()?;
        match mark {
            b'*' | b'?' | b'+' if is_name => self.at += 1,
            b'>' | b')' | b',' | b'|' | b'[' | b'%' => {}
            byte if is_space(byte) => {}
            _ => return self.invalid(),
        }
        Ok(if is_name { Word::Name(range, Repeat::of(mark)) } else { Word::NameToken(range) })
    }

    /// The end of a section that is ignored: sections within it are gone over.
    pub fn ignored_section(&mut self) -> Scan<()> {
        let mut depth = 0;
        loop {
            let rest = &self.text[self.at..];
            if rest.starts_with(b"<![") {
                depth += 1;
                self.at += 3;
            } else if rest.starts_with(b"]]>") {
                self.at += 3;
                if depth == 0 {
                    return Ok(());
                }
                depth -= 1;
            } else if rest.len() < 3 && (b"<![".starts_with(rest) || b"]]>".starts_with(rest)) {
                return Err(Stop::Partial);
            } else {
                self.at = after_character(self.text, self.at)?;
            }
        }
    }
}

/// How often something in a content model may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Repeat {
    Once,
    Optional,
    Any,
    Many,
}

impl Repeat {
    fn of(mark: u8) -> Repeat {
        match mark {
            b'?' => Repeat::Optional,
            b'*' => Repeat::Any,
            b'+' => Repeat::Many,
            _ => Repeat::Once,
        }
    }
}

/// A token of declarations.
#[derive(Clone, PartialEq, Debug)]
pub enum Word {
    Space,
    /// `<!NAME`
    Open(Range<usize>),
    /// `>`
    Close,
    Name(Range<usize>, Repeat),
    NameToken(Range<usize>),
    /// Without its quotes.
    Literal(Range<usize>),
    /// `#NAME`, without the `#`.
    Pound(Range<usize>),
    Percent,
    ParameterRef(Range<usize>),
    OpenBracket,
    CloseBracket,
    OpenParen,
    CloseParen(Repeat),
    Or,
    Comma,
    /// `<![` and `]]>`
    SectionOpen,
    SectionClose,
    Pi(Pi),
    XmlDecl(Range<usize>),
    Comment(Range<usize>),
    /// The root element begins.
    Instance,
}
