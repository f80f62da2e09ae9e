//! What stands between tags, and the tags.

use super::attributes::predefined;
use super::character::{is_space, push_character, with_plain_line_ends};
use super::event::{Event, Kind};
use super::input::Encoding;
use super::scan::{AttributeSpan, Content, Pi, Word};
use super::state::{Open, Stage, Tag};
use super::{ErrorCode, Fail, State, Telling};

/// Text in other encodings than UTF-8 is told of in pieces of so many bytes.
const PIECE: usize = 1024;

impl State {
    /// Does what a token of content asks for.
    pub(super) fn content(
        &mut self,
        telling: &mut Telling<'_>,
        text: &[u8],
        token: Content,
        spans: &[AttributeSpan],
    ) -> Result<(), Fail> {
        let may_be_declared = std::mem::take(&mut self.may_be_declared);
        match token {
            Content::StartTag { name, is_empty } => self.start_tag(telling, text, &text[name], is_empty, spans)?,
            Content::EndTag { name } => {
                let start = name.start;
                self.end_tag(telling, &text[name]).map_err(|code| Fail::at(code, start))?;
            }
            Content::EntityRef { name } => self.entity_ref(telling, &text[name])?,
            Content::CharRef(None) => return Err(ErrorCode::BadCharRef.into()),
            Content::CharRef(Some(number)) => {
                let mut character = Vec::new();
                push_character(&mut character, number);
                telling.tell_or_default(Kind::CharacterData, Event::CharacterData(&character));
            }
            Content::Newline => telling.tell_or_default(Kind::CharacterData, Event::CharacterData(b"\n")),
            Content::Data => {
                let data = telling.token;
                self.data(telling, data);
            }
            Content::CdataOpen => {
                telling.tell_or_default(Kind::StartCdataSection, Event::StartCdataSection);
                self.stage = Stage::Cdata;
            }
            Content::CdataClose => {
                telling.tell_or_default(Kind::EndCdataSection, Event::EndCdataSection);
                self.stage = Stage::Content;
            }
            Content::Pi(pi) => self.processing_instruction(telling, text, pi),
            Content::XmlDecl(data) if may_be_declared && self.is_external && self.open.is_empty() => {
                self.xml_declaration(telling, &text[data.clone()], data.start, true)?;
            }
            Content::XmlDecl(_) => return Err(ErrorCode::MisplacedXmlPi.into()),
            Content::Comment(comment) => self.comment(telling, &text[comment]),
        }
        Ok(())
    }

    fn data(&mut self, telling: &mut Telling<'_>, data: &[u8]) {
        if matches!(telling.encoding, Encoding::Utf8) || data.len() <= PIECE {
            return telling.tell_or_default(Kind::CharacterData, Event::CharacterData(data));
        }
        let mut rest = data;
        while !rest.is_empty() {
            let mut len = rest.len().min(PIECE);
            while len < rest.len() && rest[len] & 0xC0 == 0x80 {
                len -= 1;
            }
            let (piece, after) = rest.split_at(len);
            if !telling.tell(Kind::CharacterData, Event::CharacterData(piece)) {
                telling.default_of(piece);
            }
            rest = after;
        }
    }

    pub(super) fn comment(&mut self, telling: &mut Telling<'_>, comment: &[u8]) {
        if telling.listener.wants(Kind::Comment) {
            telling.tell(Kind::Comment, Event::Comment(&with_plain_line_ends(comment)));
        } else {
            telling.default();
        }
    }

    pub(super) fn processing_instruction(&mut self, telling: &mut Telling<'_>, text: &[u8], pi: Pi) {
        if telling.listener.wants(Kind::ProcessingInstruction) {
            let data = with_plain_line_ends(&text[pi.data]);
            let target = &text[pi.target];
            telling.tell(Kind::ProcessingInstruction, Event::ProcessingInstruction { target, data: &data });
        } else {
            telling.default();
        }
    }

    fn start_tag(
        &mut self,
        telling: &mut Telling<'_>,
        text: &[u8],
        name: &[u8],
        is_empty: bool,
        spans: &[AttributeSpan],
    ) -> Result<(), Fail> {
        let n_declared = self.namespaces.as_ref().map_or(0, |namespaces| namespaces.n_declared());
        let n_specified = match self.read_attributes(telling, text, name, spans) {
            Ok(n_specified) => n_specified,
            Err(fail) => {
                if is_empty {
                    self.unbind(telling, n_declared);
                }
                return Err(fail);
            }
        };
        let start = self.names.len();
        self.names.extend_from_slice(name);
        let raw_len = name.len();
        let expanded = match &self.namespaces {
            Some(namespaces) => {
                namespaces.expand(name, false, &mut self.names)?;
                start + raw_len
            }
            None => start,
        };
        self.tags.push(Tag { start, raw_len, n_declared });
        let name = &self.names[expanded..];
        let event = Event::StartElement { name, attributes: &self.attributes, n_specified };
        let is_told = telling.tell(Kind::StartElement, event);
        if !is_empty {
            if !is_told {
                telling.default();
            }
            return Ok(());
        }
        if telling.listener.wants(Kind::EndElement) {
            if is_told {
                telling.move_to_end();
            }
            telling.tell(Kind::EndElement, Event::EndElement(name));
        } else if !is_told {
            telling.default();
        }
        self.pop_tag(telling);
        Ok(())
    }

    fn end_tag(&mut self, telling: &mut Telling<'_>, name: &[u8]) -> Result<(), ErrorCode> {
        if self.tags.len() == self.n_outer_tags() {
            return Err(ErrorCode::AsyncEntity);
        }
        let Some(tag) = self.tags.last() else { return Err(ErrorCode::AsyncEntity) };
        let raw = &self.names[tag.start..tag.start + tag.raw_len];
        if raw != name {
            return Err(ErrorCode::TagMismatch);
        }
        let expanded = if self.namespaces.is_some() { &self.names[tag.start + tag.raw_len..] } else { raw };
        telling.tell_or_default(Kind::EndElement, Event::EndElement(expanded));
        self.pop_tag(telling);
        Ok(())
    }

    /// Ends the namespaces that were declared behind so many.
    fn unbind(&mut self, telling: &mut Telling<'_>, n_declared: usize) {
        let Some(namespaces) = &mut self.namespaces else { return };
        while namespaces.n_declared() > n_declared {
            let prefix = namespaces.unbind();
            let prefix = (!prefix.is_empty()).then_some(&prefix[..]);
            telling.tell(Kind::EndNamespaceDecl, Event::EndNamespaceDecl(prefix));
        }
    }

    fn pop_tag(&mut self, telling: &mut Telling<'_>) {
        let Some(tag) = self.tags.pop() else { return };
        self.names.truncate(tag.start);
        self.unbind(telling, tag.n_declared);
        if self.tags.is_empty() && !self.is_external && self.open.is_empty() {
            self.stage = Stage::Epilog;
        }
    }

    fn entity_ref(&mut self, telling: &mut Telling<'_>, name: &[u8]) -> Result<(), Fail> {
        if let Some(character) = predefined(name) {
            telling.tell_or_default(Kind::CharacterData, Event::CharacterData(&[character]));
            return Ok(());
        }
        let (entity, is_strict) = {
            let dtd = self.dtd.borrow();
            (dtd.entities.get(name).cloned(), !dtd.has_parameter_refs || dtd.is_standalone)
        };
        let Some(entity) = entity else {
            if is_strict {
                return Err(ErrorCode::UndefinedEntity.into());
            }
            telling.tell_or_default(Kind::SkippedEntity, Event::SkippedEntity { name, is_parameter: false });
            return Ok(());
        };
        if is_strict && !entity.is_internal {
            return Err(ErrorCode::EntityDeclaredInPe.into());
        }
        if self.open_names.contains(name) {
            return Err(ErrorCode::RecursiveEntityRef.into());
        }
        if entity.notation.is_some() {
            return Err(ErrorCode::BinaryEntityRef.into());
        }
        if let Some(text) = entity.text.clone() {
            if !telling.listener.expands_entities() {
                telling.tell_or_default(Kind::SkippedEntity, Event::SkippedEntity { name, is_parameter: false });
                return Ok(());
            }
            self.count_indirect(text.len())?;
            self.open_names.insert(name.to_vec());
            let n_tags = self.tags.len();
            self.open.push(Open { entity, text, at: 0, n_tags, is_between: true });
            return Ok(());
        }
        if !telling.listener.wants(Kind::ExternalEntityRef) {
            telling.default();
            return Ok(());
        }
        let mut parts = self.namespaces.as_ref().map_or(Vec::new(), |namespaces| namespaces.context());
        parts.extend(self.open_names.iter().cloned());
        parts.push(name.to_vec());
        let context = parts.join(&0x0C);
        let event = Event::ExternalEntityRef {
            context: Some(&context),
            base: entity.base.as_deref(),
            system_id: entity.system_id.as_deref(),
            public_id: entity.public_id.as_deref(),
        };
        if telling.listener.hear(&telling.scene, event) {
            Ok(())
        } else {
            Err(ErrorCode::ExternalEntityHandling.into())
        }
    }

    /// The text ends: that of an entity, or the document. `true`: there is more behind it.
    pub(super) fn end(&mut self, telling: &mut Telling<'_>, is_entity: bool) -> Result<bool, Fail> {
        if self.stage == Stage::Cdata {
            return Err(ErrorCode::UnclosedCdataSection.into());
        }
        if self.stage == Stage::Prolog {
            return self.end_of_declarations(telling, is_entity);
        }
        if is_entity {
            if let Some(open) = self.open.pop() {
                self.open_names.remove(&open.entity.name);
                if self.tags.len() != open.n_tags {
                    return Err(ErrorCode::AsyncEntity.into());
                }
            }
            return Ok(true);
        }
        match self.stage {
            Stage::Content if self.is_external && self.tags.is_empty() => Ok(false),
            Stage::Content if self.is_external => Err(ErrorCode::AsyncEntity.into()),
            Stage::Content => Err(ErrorCode::NoElements.into()),
            Stage::IgnoredSection => Err(ErrorCode::Syntax.into()),
            _ => Ok(false),
        }
    }

    /// Does what a token behind the root element asks for.
    pub(super) fn epilog(&mut self, telling: &mut Telling<'_>, text: &[u8], word: Word) -> Result<(), Fail> {
        match word {
            Word::Space => telling.default(),
            Word::Pi(pi) => self.processing_instruction(telling, text, pi),
            Word::Comment(comment) => self.comment(telling, &text[comment]),
            _ => return Err(ErrorCode::JunkAfterDocElement.into()),
        }
        debug_assert!(telling.token.first().is_some_and(|&byte| byte == b'<' || is_space(byte)));
        Ok(())
    }
}
