//! The attributes of a tag: their values as declarations want them, defaults, namespaces.

use super::character::{is_space, push_character};
use super::dtd::{Dtd, Entity, Text};
use super::event::{Attributes, Event, Kind};
use super::scan::{AttributeSpan, Content, Scanner};
use super::{ErrorCode, Fail, State, Telling};
use hashbrown::HashSet;
use std::ops::Range;
use std::rc::Rc;

/// The character that a name stands for which everybody knows.
pub fn predefined(name: &[u8]) -> Option<u8> {
    Some(match name {
        b"lt" => b'<',
        b"gt" => b'>',
        b"amp" => b'&',
        b"quot" => b'"',
        b"apos" => b'\'',
        _ => return None,
    })
}

/// A piece of a value that is being read.
struct Piece {
    text: Text,
    at: usize,
    entity: Option<Rc<Entity>>,
}

impl State {
    /// Reads the attributes of an element into `self.attributes`; gives how many stand in the tag.
    pub(super) fn read_attributes(
        &mut self,
        telling: &mut Telling<'_>,
        text: &[u8],
        element: &[u8],
        spans: &[AttributeSpan],
    ) -> Result<usize, Fail> {
        let dtd = self.dtd.clone();
        let mut attributes = std::mem::take(&mut self.attributes);
        attributes.clear();
        let mut names: HashSet<&[u8]> = HashSet::new();
        let is_large = spans.len() > 8;
        for (i, span) in spans.iter().enumerate() {
            let name = &text[span.name.clone()];
            let is_double = if is_large {
                !names.insert(name)
            } else {
                spans[..i].iter().any(|other| text[other.name.clone()] == *name)
            };
            if is_double {
                return Err(Fail::at(ErrorCode::DuplicateAttribute, span.name.start));
            }
            let is_cdata = dtd.borrow().attribute(element, name).is_none_or(|attribute| attribute.is_cdata);
            let start = attributes.bytes.len();
            let failed = |fail: Fail| Fail { at: fail.at.map(|at| at + span.value.start), ..fail };
            self.append_value(&text[span.value.clone()], is_cdata, &mut attributes.bytes).map_err(failed)?;
            let end = attributes.bytes.len();
            self.add_attribute(telling, &mut attributes, name, start..end)?;
        }
        let mut n_specified = attributes.spans.len();
        let defaults: Vec<(Vec<u8>, Text)> = match dtd.borrow().attributes.get(element) {
            None => Vec::new(),
            Some(declared) => {
                let is_given = |name: &[u8]| spans.iter().any(|span| text[span.name.clone()] == *name);
                let missing = declared.iter().filter(|attribute| !is_given(&attribute.name));
                missing.filter_map(|one| Some((one.name.clone(), one.default.clone()?))).collect()
            }
        };
        for (name, value) in defaults {
            let start = attributes.bytes.len();
            attributes.bytes.extend_from_slice(&value);
            let end = attributes.bytes.len();
            self.add_attribute(telling, &mut attributes, &name, start..end)?;
        }
        if self.namespaces.is_some() {
            n_specified = self.expand_attributes(&mut attributes, n_specified)?;
        }
        self.attributes = attributes;
        Ok(n_specified)
    }

    /// Adds one, or the namespace that it declares.
    fn add_attribute(
        &mut self,
        telling: &mut Telling<'_>,
        attributes: &mut Attributes,
        name: &[u8],
        value: Range<usize>,
    ) -> Result<(), ErrorCode> {
        if let Some(namespaces) = &mut self.namespaces {
            let prefix = match name {
                b"xmlns" => Some(&name[..0]),
                _ => name.strip_prefix(b"xmlns:"),
            };
            if let Some(prefix) = prefix {
                let uri = &attributes.bytes[value.clone()];
                namespaces.bind(prefix, uri)?;
                let (prefix, uri) = ((!prefix.is_empty()).then_some(prefix), (!uri.is_empty()).then_some(uri));
                telling.tell(Kind::StartNamespaceDecl, Event::StartNamespaceDecl { prefix, uri });
                attributes.bytes.truncate(value.start);
                return Ok(());
            }
        }
        let start = attributes.bytes.len();
        attributes.bytes.extend_from_slice(name);
        let end = attributes.bytes.len();
        attributes.spans.push((start..end, value));
        Ok(())
    }

    /// Gives the names their expanded forms, once all namespaces are known.
    fn expand_attributes(&mut self, attributes: &mut Attributes, n_specified: usize) -> Result<usize, ErrorCode> {
        let Some(namespaces) = &self.namespaces else { return Ok(n_specified) };
        let mut expanded: HashSet<Vec<u8>> = HashSet::new();
        for i in 0..attributes.spans.len() {
            let name = attributes.bytes[attributes.spans[i].0.clone()].to_vec();
            if !name.contains(&b':') {
                continue;
            }
            let start = attributes.bytes.len();
            namespaces.expand(&name, true, &mut attributes.bytes)?;
            let end = attributes.bytes.len();
            if !expanded.insert(attributes.bytes[start..end].to_vec()) {
                return Err(ErrorCode::DuplicateAttribute);
            }
            attributes.spans[i].0 = start..end;
        }
        Ok(n_specified)
    }

    /// Appends the value that text stands for.
    pub(super) fn append_value(&mut self, value: &[u8], is_cdata: bool, out: &mut Vec<u8>) -> Result<(), Fail> {
        let start = out.len();
        if !value.iter().any(|&byte| byte == b'&' || byte < b' ') {
            out.extend_from_slice(value);
        } else {
            self.expand_value(value, out)?;
        }
        if !is_cdata {
            let words: Vec<&[u8]> = out[start..].split(|&byte| byte == b' ').filter(|word| !word.is_empty()).collect();
            let normal = words.join(&b' ');
            out.truncate(start);
            out.extend_from_slice(&normal);
        }
        Ok(())
    }

    fn expand_value(&mut self, value: &[u8], out: &mut Vec<u8>) -> Result<(), Fail> {
        let mut pieces = vec![Piece { text: Text::from(value), at: 0, entity: None }];
        let mut first_at = 0;
        let result = loop {
            let Some(piece) = pieces.last_mut() else { break Ok(()) };
            let (text, at) = (piece.text.clone(), piece.at);
            if piece.entity.is_none() {
                first_at = at;
            }
            let Some(&byte) = text.get(at) else {
                if let Some(Piece { entity: Some(entity), .. }) = pieces.pop() {
                    self.open_names.remove(&entity.name);
                }
                continue;
            };
            match byte {
                b'&' => {
                    let mut scanner =
                        Scanner { text: &text, at: at + 1, namespaces: self.namespaces.is_some(), is_last: true };
                    let token = scanner.reference();
                    piece.at = scanner.at;
                    match token {
                        Ok(Content::CharRef(Some(number))) => push_character(out, number),
                        Ok(Content::CharRef(None)) => break Err(ErrorCode::BadCharRef),
                        Ok(Content::EntityRef { name }) => match self.value_entity(&text[name]) {
                            Err(code) => break Err(code),
                            Ok(Referred::Character(byte)) => out.push(byte),
                            Ok(Referred::Nothing) => {}
                            Ok(Referred::Entity(entity, text)) => {
                                if let Err(code) = self.count_indirect(text.len()) {
                                    break Err(code);
                                }
                                self.open_names.insert(entity.name.clone());
                                pieces.push(Piece { text, at: 0, entity: Some(entity) });
                            }
                        },
                        _ => break Err(ErrorCode::InvalidToken),
                    }
                    continue;
                }
                b'<' => break Err(ErrorCode::InvalidToken),
                b'\r' if piece.entity.is_none() && text.get(at + 1) == Some(&b'\n') => piece.at += 1,
                _ => {}
            }
            out.push(if is_space(byte) { b' ' } else { byte });
            piece.at += 1;
        };
        // What is wrong within an entity is told of at the tag, as is that there is none.
        let is_told_there = pieces.last().is_some_and(|piece| piece.entity.is_none());
        for piece in pieces {
            if let Some(entity) = piece.entity {
                self.open_names.remove(&entity.name);
            }
        }
        result.map_err(|code| match code {
            ErrorCode::UndefinedEntity | ErrorCode::EntityDeclaredInPe => code.into(),
            code if is_told_there => Fail::at(code, first_at),
            code => code.into(),
        })
    }

    /// What a reference in a value refers to.
    fn value_entity(&self, name: &[u8]) -> Result<Referred, ErrorCode> {
        if let Some(byte) = predefined(name) {
            return Ok(Referred::Character(byte));
        }
        let dtd: &Dtd = &self.dtd.borrow();
        let Some(entity) = dtd.entities.get(name) else {
            let may_be_unknown = dtd.has_parameter_refs && !dtd.is_standalone;
            return if may_be_unknown { Ok(Referred::Nothing) } else { Err(ErrorCode::UndefinedEntity) };
        };
        if (!dtd.has_parameter_refs || dtd.is_standalone) && !entity.is_internal {
            return Err(ErrorCode::EntityDeclaredInPe);
        }
        if self.open_names.contains(name) {
            return Err(ErrorCode::RecursiveEntityRef);
        }
        if entity.notation.is_some() {
            return Err(ErrorCode::BinaryEntityRef);
        }
        match &entity.text {
            Some(text) => Ok(Referred::Entity(entity.clone(), text.clone())),
            None => Err(ErrorCode::AttributeExternalEntityRef),
        }
    }
}

enum Referred {
    Character(u8),
    Entity(Rc<Entity>, Text),
    Nothing,
}
