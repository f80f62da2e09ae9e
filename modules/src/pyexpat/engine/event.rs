//! What a parser tells of, and to whom.

use super::dtd::Entity;
use super::input::{Encoding, Place};
use super::model::Model;
use std::ops::Range;

/// The kinds of events, each with a handler of its own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    StartElement,
    EndElement,
    ProcessingInstruction,
    CharacterData,
    UnparsedEntityDecl,
    NotationDecl,
    StartNamespaceDecl,
    EndNamespaceDecl,
    Comment,
    StartCdataSection,
    EndCdataSection,
    Default,
    DefaultExpand,
    NotStandalone,
    ExternalEntityRef,
    StartDoctypeDecl,
    EndDoctypeDecl,
    EntityDecl,
    XmlDecl,
    ElementDecl,
    AttlistDecl,
    SkippedEntity,
}

/// The attributes of an element: names and values in one buffer.
#[derive(Default)]
pub struct Attributes {
    pub bytes: Vec<u8>,
    pub spans: Vec<(Range<usize>, Range<usize>)>,
}

impl Attributes {
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.spans.clear();
    }
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        self.spans.iter().map(|(name, value)| (&self.bytes[name.clone()], &self.bytes[value.clone()]))
    }
}

pub enum Event<'a> {
    StartElement {
        name: &'a [u8],
        attributes: &'a Attributes,
        /// So many of them stand in the tag; the others are defaults.
        n_specified: usize,
    },
    EndElement(&'a [u8]),
    ProcessingInstruction {
        target: &'a [u8],
        data: &'a [u8],
    },
    CharacterData(&'a [u8]),
    UnparsedEntityDecl(&'a Entity),
    NotationDecl {
        name: &'a [u8],
        system_id: Option<&'a [u8]>,
        public_id: Option<&'a [u8]>,
    },
    StartNamespaceDecl {
        prefix: Option<&'a [u8]>,
        uri: Option<&'a [u8]>,
    },
    EndNamespaceDecl(Option<&'a [u8]>),
    Comment(&'a [u8]),
    StartCdataSection,
    EndCdataSection,
    Default(&'a [u8]),
    NotStandalone,
    ExternalEntityRef {
        context: Option<&'a [u8]>,
        base: Option<&'a [u8]>,
        system_id: Option<&'a [u8]>,
        public_id: Option<&'a [u8]>,
    },
    StartDoctypeDecl {
        name: &'a [u8],
        system_id: Option<&'a [u8]>,
        public_id: Option<&'a [u8]>,
        has_internal_subset: bool,
    },
    EndDoctypeDecl,
    EntityDecl {
        entity: &'a Entity,
        is_parameter: bool,
    },
    XmlDecl {
        version: Option<&'a [u8]>,
        encoding: Option<&'a [u8]>,
        standalone: i32,
    },
    ElementDecl {
        name: &'a [u8],
        model: &'a Model,
    },
    AttlistDecl {
        element: &'a [u8],
        name: &'a [u8],
        kind: &'a [u8],
        default: Option<&'a [u8]>,
        is_required: bool,
    },
    SkippedEntity {
        name: &'a [u8],
        is_parameter: bool,
    },
}

impl Event<'_> {
    pub fn kind(&self) -> Kind {
        match self {
            Event::StartElement { .. } => Kind::StartElement,
            Event::EndElement(_) => Kind::EndElement,
            Event::ProcessingInstruction { .. } => Kind::ProcessingInstruction,
            Event::CharacterData(_) => Kind::CharacterData,
            Event::UnparsedEntityDecl(_) => Kind::UnparsedEntityDecl,
            Event::NotationDecl { .. } => Kind::NotationDecl,
            Event::StartNamespaceDecl { .. } => Kind::StartNamespaceDecl,
            Event::EndNamespaceDecl(_) => Kind::EndNamespaceDecl,
            Event::Comment(_) => Kind::Comment,
            Event::StartCdataSection => Kind::StartCdataSection,
            Event::EndCdataSection => Kind::EndCdataSection,
            Event::Default(_) => Kind::Default,
            Event::NotStandalone => Kind::NotStandalone,
            Event::ExternalEntityRef { .. } => Kind::ExternalEntityRef,
            Event::StartDoctypeDecl { .. } => Kind::StartDoctypeDecl,
            Event::EndDoctypeDecl => Kind::EndDoctypeDecl,
            Event::EntityDecl { .. } => Kind::EntityDecl,
            Event::XmlDecl { .. } => Kind::XmlDecl,
            Event::ElementDecl { .. } => Kind::ElementDecl,
            Event::AttlistDecl { .. } => Kind::AttlistDecl,
            Event::SkippedEntity { .. } => Kind::SkippedEntity,
        }
    }
}

/// Who is told. What it is told of may have it ask the parser's owner, but not the parser, which is at work.
pub trait Listener {
    fn wants(&self, kind: Kind) -> bool;
    /// Are references to internal entities followed though somebody listens to what nobody else does?
    fn expands_entities(&self) -> bool;
    /// Tells it; `false`, of what asks for an answer: no.
    fn hear(&mut self, scene: &Scene<'_>, event: Event<'_>) -> bool;
    /// What system identifiers are relative to.
    fn base(&mut self) -> Option<Vec<u8>>;
    /// An encoding that is not built in.
    fn encoding(&mut self, name: &[u8]) -> Option<Encoding>;
}

/// Where an event happens.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    pub place: Place,
    /// The text from there on.
    pub rest: &'a [u8],
}
