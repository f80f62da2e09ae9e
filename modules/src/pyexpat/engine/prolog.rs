//! The grammar of declarations: which word may stand where, and what it means there.

use super::character::public_id;
use super::dtd::{AttributeType, Entity, Text};
use super::event::{Event, Kind};
use super::model::{Model, ModelKind};
use super::scan::{Repeat, Word};
use super::state::{ParameterEntities, Stage};
use super::{ErrorCode, Fail, State, Telling};
use std::rc::Rc;

/// Where in the grammar the last word was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum At {
    Start,
    BeforeDoctype,
    AfterDoctype,
    DoctypeName,
    DoctypeIds,
    DoctypePublic,
    DoctypeSystem,
    DoctypeSubset,
    DoctypeEnd,
    InternalSubset,
    ExternalStart,
    ExternalSubset,
    EntityName,
    ParameterName,
    EntityValue,
    EntityPublic,
    EntitySystem,
    EntityEnd,
    EntityNotation,
    NotationName,
    NotationIds,
    NotationPublic,
    NotationSystem,
    NotationOptionalSystem,
    AttlistElement,
    AttlistName,
    AttlistType,
    AttlistValue,
    AttlistValueEnd,
    AttlistNotations,
    AttlistDefault,
    AttlistFixed,
    ElementName,
    ElementContent,
    ElementFirst,
    ElementMixed,
    ElementMixedName,
    ElementMixedNext,
    ElementPart,
    ElementNext,
    Section,
    SectionIncluded,
    SectionIgnored,
    /// The declaration is complete but for its end.
    Close,
}

/// What a declaration is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum About {
    Nothing,
    Doctype,
    Entity,
    Notation,
    Attributes,
    Element,
}

/// The declarations so far, and the one that is being read.
pub(super) struct Prolog {
    at: At,
    about: About,
    n_sections: usize,
    doctype: Option<Vec<u8>>,
    doctype_system_id: Option<Vec<u8>>,
    doctype_public_id: Option<Vec<u8>>,
    /// Of a notation.
    public_id: Option<Vec<u8>>,
    /// `None`: it was declared before, or does not count.
    entity: Option<Entity>,
    is_parameter: bool,
    /// Of a notation, or of the element that attributes are declared of.
    name: Vec<u8>,
    attribute: Vec<u8>,
    kind: Vec<u8>,
    model: Model,
    /// The sign between the parts of each group that is open.
    connectors: Vec<Option<Connector>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Connector {
    Sequence,
    Choice,
}

impl Prolog {
    pub fn new() -> Prolog {
        Prolog {
            at: At::Start,
            about: About::Nothing,
            n_sections: 0,
            doctype: None,
            doctype_system_id: None,
            doctype_public_id: None,
            public_id: None,
            entity: None,
            is_parameter: false,
            name: Vec::new(),
            attribute: Vec::new(),
            kind: Vec::new(),
            model: Model::default(),
            connectors: Vec::new(),
        }
    }
    pub fn of_external() -> Prolog {
        Prolog { at: At::ExternalStart, ..Prolog::new() }
    }
}

const ATTRIBUTE_TYPES: [&[u8]; 8] =
    [b"CDATA", b"ID", b"IDREF", b"IDREFS", b"ENTITY", b"ENTITIES", b"NMTOKEN", b"NMTOKENS"];

impl State {
    fn keeps(&self) -> bool {
        self.dtd.borrow().keeps_processing
    }

    /// Is what the declaration says told of as a whole, and not word by word?
    fn is_told(&self, telling: &Telling<'_>) -> bool {
        let wants = |kind| telling.listener.wants(kind);
        match self.prolog.about {
            About::Nothing => false,
            About::Doctype => wants(Kind::StartDoctypeDecl),
            About::Entity => self.keeps() && wants(Kind::EntityDecl),
            About::Notation => wants(Kind::NotationDecl),
            About::Attributes => self.keeps() && wants(Kind::AttlistDecl),
            About::Element => wants(Kind::ElementDecl),
        }
    }

    /// Does what a word before the root element asks for, which begins at `start`.
    pub(super) fn declaration(
        &mut self,
        telling: &mut Telling<'_>,
        text: &[u8],
        start: usize,
        word: Word,
    ) -> Result<(), Fail> {
        let at = self.prolog.at;
        if at == At::ExternalStart && !matches!(word, Word::XmlDecl(_)) {
            self.prolog.at = At::ExternalSubset;
            return self.declaration(telling, text, start, word);
        }
        if let Word::Space = word {
            if at == At::Start {
                self.prolog.at = At::BeforeDoctype;
            }
            if !self.is_told(telling) {
                telling.default();
            }
            return Ok(());
        }
        let is_between =
            matches!(at, At::Start | At::BeforeDoctype | At::AfterDoctype | At::InternalSubset | At::ExternalSubset);
        match word {
            Word::Pi(pi) if is_between => {
                self.processing_instruction(telling, text, pi);
                return self.left_start(at);
            }
            Word::Comment(comment) if is_between => {
                self.comment(telling, &text[comment]);
                return self.left_start(at);
            }
            Word::XmlDecl(data) => {
                let is_first = start == 0 || text[..start] == *"\u{FEFF}".as_bytes();
                return match at {
                    At::Start if is_first || telling.scene.place.byte <= 3 => {
                        self.prolog.at = At::BeforeDoctype;
                        self.xml_declaration(telling, &text[data.clone()], data.start, false)
                    }
                    At::ExternalStart => {
                        self.prolog.at = At::ExternalSubset;
                        self.xml_declaration(telling, &text[data.clone()], data.start, true)
                    }
                    _ => Err(ErrorCode::MisplacedXmlPi.into()),
                };
            }
            Word::ParameterRef(name) => {
                let may_stand = matches!(at, At::InternalSubset | At::ExternalSubset);
                if !may_stand && !self.is_parameter_entity {
                    return Err(ErrorCode::ParamEntityRef.into());
                }
                return self.parameter_ref(telling, &text[name], may_stand);
            }
            Word::Instance if matches!(at, At::Start | At::BeforeDoctype | At::AfterDoctype) => {
                return self.instance(telling);
            }
            _ => {}
        }
        self.step_of(telling, text, at, &word)
    }

    fn left_start(&mut self, at: At) -> Result<(), Fail> {
        if at == At::Start {
            self.prolog.at = At::BeforeDoctype;
        }
        Ok(())
    }

    /// One step of the grammar.
    fn step_of(&mut self, telling: &mut Telling<'_>, text: &[u8], at: At, word: &Word) -> Result<(), Fail> {
        let syntax = Err(ErrorCode::Syntax.into());
        let plain: Option<&[u8]> = match word {
            Word::Name(range, Repeat::Once) => Some(&text[range.clone()]),
            _ => None,
        };
        let literal: Option<&[u8]> = match word {
            Word::Literal(range) => Some(&text[range.clone()]),
            _ => None,
        };
        let next = match (at, word) {
            (At::Start | At::BeforeDoctype, Word::Open(name)) if &text[name.clone()] == b"DOCTYPE" => {
                self.prolog.about = About::Doctype;
                At::DoctypeName
            }
            (At::InternalSubset | At::ExternalSubset, Word::Open(name)) => {
                let (about, next) = match &text[name.clone()] {
                    b"ENTITY" => (About::Entity, At::EntityName),
                    b"ATTLIST" => (About::Attributes, At::AttlistElement),
                    b"ELEMENT" => (About::Element, At::ElementName),
                    b"NOTATION" => (About::Notation, At::NotationName),
                    _ => return syntax,
                };
                self.prolog.public_id = None;
                self.prolog.about = about;
                next
            }
            (At::InternalSubset, Word::CloseBracket) => {
                self.prolog.about = About::Doctype;
                At::DoctypeEnd
            }
            (At::ExternalSubset, Word::SectionOpen) => At::Section,
            (At::ExternalSubset, Word::SectionClose) if self.prolog.n_sections > 0 => {
                self.prolog.n_sections -= 1;
                At::ExternalSubset
            }
            (At::Section, _) if plain == Some(b"INCLUDE") => At::SectionIncluded,
            (At::Section, _) if plain == Some(b"IGNORE") => At::SectionIgnored,
            (At::SectionIncluded, Word::OpenBracket) => {
                self.prolog.n_sections += 1;
                At::ExternalSubset
            }
            (At::SectionIgnored, Word::OpenBracket) => {
                self.stage = Stage::IgnoredSection;
                At::ExternalSubset
            }
            (At::Close, Word::Close) => return self.close(telling),
            _ => {
                return match self.prolog.about {
                    About::Doctype => self.doctype_word(telling, at, word, plain, literal),
                    About::Entity => self.entity_word(telling, text, at, word, plain),
                    About::Notation => self.notation_word(telling, at, word, plain, literal),
                    About::Attributes => self.attribute_word(telling, text, at, word, plain),
                    About::Element => self.element_word(telling, text, at, word),
                    About::Nothing => syntax,
                };
            }
        };
        self.prolog.at = next;
        if !self.is_told(telling) {
            telling.default();
        }
        Ok(())
    }

    /// The word was understood; the grammar goes on from there.
    fn go_on(&mut self, telling: &mut Telling<'_>, next: At) -> Result<(), Fail> {
        self.prolog.at = next;
        if !self.is_told(telling) {
            telling.default();
        }
        Ok(())
    }

    fn between(&self) -> At {
        if self.is_parameter_entity { At::ExternalSubset } else { At::InternalSubset }
    }

    fn close(&mut self, telling: &mut Telling<'_>) -> Result<(), Fail> {
        if !self.is_told(telling) {
            telling.default();
        }
        self.prolog.about = About::Nothing;
        self.prolog.at = self.between();
        Ok(())
    }

    fn doctype_word(
        &mut self,
        telling: &mut Telling<'_>,
        at: At,
        word: &Word,
        plain: Option<&[u8]>,
        literal: Option<&[u8]>,
    ) -> Result<(), Fail> {
        let is_told = telling.listener.wants(Kind::StartDoctypeDecl);
        let next = match (at, word, plain, literal) {
            (At::DoctypeName, _, Some(name), _) => {
                if is_told {
                    self.prolog.doctype = Some(name.to_vec());
                }
                At::DoctypeIds
            }
            (At::DoctypeIds, _, Some(b"SYSTEM"), _) => At::DoctypeSystem,
            (At::DoctypeIds, _, Some(b"PUBLIC"), _) => At::DoctypePublic,
            (At::DoctypePublic, Word::Literal(range), _, Some(id)) => {
                let id = public_id(id).map_err(|bad| Fail::at(ErrorCode::PublicId, range.start + bad))?;
                self.shared.settings.uses_foreign_dtd.set(false);
                self.prolog.doctype_public_id = Some(id);
                At::DoctypeSystem
            }
            (At::DoctypeSystem, _, _, Some(id)) => {
                self.shared.settings.uses_foreign_dtd.set(false);
                self.prolog.doctype_system_id = Some(id.to_vec());
                self.dtd.borrow_mut().has_parameter_refs = true;
                if self.shared.settings.parameter_entities.get() == ParameterEntities::Never {
                    self.check_standalone(telling)?;
                }
                At::DoctypeSubset
            }
            (At::DoctypeIds | At::DoctypeSubset, Word::OpenBracket, ..) => {
                self.start_doctype(telling, true);
                if !is_told {
                    telling.default();
                }
                self.prolog.about = About::Nothing;
                self.prolog.at = At::InternalSubset;
                return Ok(());
            }
            (At::DoctypeIds | At::DoctypeSubset | At::DoctypeEnd, Word::Close, ..) => {
                return self.end_doctype(telling, is_told);
            }
            _ => return Err(ErrorCode::Syntax.into()),
        };
        self.go_on(telling, next)
    }

    fn start_doctype(&mut self, telling: &mut Telling<'_>, has_internal_subset: bool) -> bool {
        let Some(name) = self.prolog.doctype.take() else { return false };
        let system_id = self.prolog.doctype_system_id.as_deref();
        let public_id = self.prolog.doctype_public_id.as_deref();
        let event = Event::StartDoctypeDecl { name: &name, system_id, public_id, has_internal_subset };
        telling.tell(Kind::StartDoctypeDecl, event)
    }

    fn end_doctype(&mut self, telling: &mut Telling<'_>, is_told: bool) -> Result<(), Fail> {
        let at_end = self.prolog.at == At::DoctypeEnd;
        let mut is_handled = self.start_doctype(telling, false) || at_end && is_told;
        let system_id = self.prolog.doctype_system_id.take();
        if system_id.is_some() || self.shared.settings.uses_foreign_dtd.get() {
            let public_id = self.prolog.doctype_public_id.clone();
            self.external_subset(telling, system_id, public_id)?;
        }
        is_handled |= telling.tell(Kind::EndDoctypeDecl, Event::EndDoctypeDecl);
        if !is_handled {
            telling.default();
        }
        self.prolog.about = About::Nothing;
        self.prolog.at = At::AfterDoctype;
        Ok(())
    }

    fn external_subset(
        &mut self,
        telling: &mut Telling<'_>,
        system_id: Option<Vec<u8>>,
        public_id: Option<Vec<u8>>,
    ) -> Result<(), Fail> {
        let had_refs = std::mem::replace(&mut self.dtd.borrow_mut().has_parameter_refs, true);
        let reads = self.shared.settings.parameter_entities.get() != ParameterEntities::Never;
        if reads && telling.listener.wants(Kind::ExternalEntityRef) {
            self.dtd.borrow_mut().was_read = false;
            let base = telling.listener.base();
            let event = Event::ExternalEntityRef {
                context: None,
                base: base.as_deref(),
                system_id: system_id.as_deref(),
                public_id: public_id.as_deref(),
            };
            if !telling.listener.hear(&telling.scene, event) {
                return Err(ErrorCode::ExternalEntityHandling.into());
            }
            if self.dtd.borrow().was_read {
                self.check_standalone(telling)?;
            } else if system_id.is_none() {
                self.dtd.borrow_mut().has_parameter_refs = had_refs;
            }
        }
        self.shared.settings.uses_foreign_dtd.set(false);
        Ok(())
    }

    /// What is not standalone may be told of, and refused.
    fn check_standalone(&mut self, telling: &mut Telling<'_>) -> Result<(), Fail> {
        let is_standalone = self.dtd.borrow().is_standalone;
        if !is_standalone
            && telling.listener.wants(Kind::NotStandalone)
            && !telling.listener.hear(&telling.scene, Event::NotStandalone)
        {
            return Err(ErrorCode::NotStandalone.into());
        }
        Ok(())
    }

    fn instance(&mut self, telling: &mut Telling<'_>) -> Result<(), Fail> {
        if self.shared.settings.uses_foreign_dtd.get() {
            self.external_subset(telling, None, None)?;
        }
        self.stage = Stage::Content;
        self.may_be_declared = false;
        Ok(())
    }

    fn entity_word(
        &mut self,
        telling: &mut Telling<'_>,
        text: &[u8],
        at: At,
        word: &Word,
        plain: Option<&[u8]>,
    ) -> Result<(), Fail> {
        let next = match (at, word, plain) {
            (At::EntityName, Word::Percent, _) => At::ParameterName,
            (At::EntityName | At::ParameterName, _, Some(name)) => {
                self.name_entity(telling, name, at == At::ParameterName);
                At::EntityValue
            }
            (At::EntityValue, _, Some(b"SYSTEM")) => At::EntitySystem,
            (At::EntityValue, _, Some(b"PUBLIC")) => At::EntityPublic,
            (At::EntityValue, Word::Literal(range), _) => {
                if self.keeps() {
                    let value = self.entity_value(&text[range.clone()], range.start)?;
                    if let Some(mut entity) = self.prolog.entity.take() {
                        entity.text = Some(Text::from(value));
                        self.add_entity(telling, entity, true);
                    }
                }
                At::Close
            }
            (At::EntityPublic, Word::Literal(range), _) => {
                let id =
                    public_id(&text[range.clone()]).map_err(|bad| Fail::at(ErrorCode::PublicId, range.start + bad))?;
                if let Some(entity) = &mut self.prolog.entity {
                    entity.public_id = Some(id);
                }
                At::EntitySystem
            }
            (At::EntitySystem, Word::Literal(range), _) => {
                let base = telling.listener.base();
                if let Some(entity) = &mut self.prolog.entity {
                    entity.system_id = Some(text[range.clone()].to_vec());
                    entity.base = base;
                }
                At::EntityEnd
            }
            (At::EntityEnd, Word::Close, _) => {
                if let Some(entity) = self.prolog.entity.take() {
                    self.add_entity(telling, entity, true);
                }
                return self.close(telling);
            }
            (At::EntityEnd, _, Some(b"NDATA")) if !self.prolog.is_parameter => At::EntityNotation,
            (At::EntityNotation, _, Some(notation)) => {
                if let Some(mut entity) = self.prolog.entity.take() {
                    entity.notation = Some(notation.to_vec());
                    let is_told = telling.listener.wants(Kind::UnparsedEntityDecl);
                    if is_told {
                        telling.tell(Kind::UnparsedEntityDecl, Event::UnparsedEntityDecl(&entity));
                    }
                    self.add_entity(telling, entity, !is_told);
                    if is_told {
                        self.prolog.at = At::Close;
                        return Ok(());
                    }
                }
                At::Close
            }
            _ => return Err(ErrorCode::Syntax.into()),
        };
        self.go_on(telling, next)
    }

    fn name_entity(&mut self, telling: &mut Telling<'_>, name: &[u8], is_parameter: bool) {
        self.prolog.is_parameter = is_parameter;
        self.prolog.entity = None;
        let is_predefined = !is_parameter && super::attributes::predefined(name).is_some();
        let is_known = {
            let dtd = self.dtd.borrow();
            !dtd.keeps_processing
                || if is_parameter { dtd.parameters.contains_key(name) } else { dtd.entities.contains_key(name) }
        };
        if !is_predefined && !is_known {
            let is_internal = self.is_in_document();
            self.prolog.entity = Some(Entity { name: name.to_vec(), is_internal, ..Entity::default() });
        }
        debug_assert!(!telling.token.is_empty());
    }

    fn add_entity(&mut self, telling: &mut Telling<'_>, entity: Entity, is_told: bool) {
        let is_parameter = self.prolog.is_parameter;
        if is_told {
            telling.tell(Kind::EntityDecl, Event::EntityDecl { entity: &entity, is_parameter });
        }
        let mut dtd = self.dtd.borrow_mut();
        let entities = if is_parameter { &mut dtd.parameters } else { &mut dtd.entities };
        entities.insert(entity.name.clone(), Rc::new(entity));
    }

    fn notation_word(
        &mut self,
        telling: &mut Telling<'_>,
        at: At,
        word: &Word,
        plain: Option<&[u8]>,
        literal: Option<&[u8]>,
    ) -> Result<(), Fail> {
        let next = match (at, word, plain, literal) {
            (At::NotationName, _, Some(name), _) => {
                self.prolog.name = name.to_vec();
                At::NotationIds
            }
            (At::NotationIds, _, Some(b"SYSTEM"), _) => At::NotationSystem,
            (At::NotationIds, _, Some(b"PUBLIC"), _) => At::NotationPublic,
            (At::NotationPublic, Word::Literal(range), _, Some(id)) => {
                let id = public_id(id).map_err(|bad| Fail::at(ErrorCode::PublicId, range.start + bad))?;
                self.prolog.public_id = Some(id);
                At::NotationOptionalSystem
            }
            (At::NotationSystem | At::NotationOptionalSystem, _, _, Some(id)) => {
                self.tell_notation(telling, Some(id));
                At::Close
            }
            (At::NotationOptionalSystem, Word::Close, ..) => {
                self.tell_notation(telling, None);
                return self.close(telling);
            }
            _ => return Err(ErrorCode::Syntax.into()),
        };
        self.go_on(telling, next)
    }

    fn tell_notation(&mut self, telling: &mut Telling<'_>, system_id: Option<&[u8]>) {
        let public_id = self.prolog.public_id.take();
        let event = Event::NotationDecl { name: &self.prolog.name, system_id, public_id: public_id.as_deref() };
        telling.tell(Kind::NotationDecl, event);
    }

    fn attribute_word(
        &mut self,
        telling: &mut Telling<'_>,
        text: &[u8],
        at: At,
        word: &Word,
        plain: Option<&[u8]>,
    ) -> Result<(), Fail> {
        let next = match (at, word, plain) {
            (At::AttlistElement, _, Some(name)) => {
                self.prolog.name = name.to_vec();
                At::AttlistName
            }
            (At::AttlistName, Word::Close, _) => return self.close(telling),
            (At::AttlistName, _, Some(name)) => {
                self.prolog.attribute = name.to_vec();
                self.prolog.kind.clear();
                At::AttlistType
            }
            (At::AttlistType, _, Some(b"NOTATION")) => {
                self.prolog.kind.extend_from_slice(b"NOTATION");
                At::AttlistNotations
            }
            (At::AttlistType, _, Some(kind)) if ATTRIBUTE_TYPES.contains(&kind) => {
                self.prolog.kind.extend_from_slice(kind);
                At::AttlistDefault
            }
            (At::AttlistType | At::AttlistNotations, Word::OpenParen, _) => {
                self.prolog.kind.push(b'(');
                At::AttlistValue
            }
            (At::AttlistValue, Word::Name(range, Repeat::Once) | Word::NameToken(range), _) => {
                self.prolog.kind.extend_from_slice(&text[range.clone()]);
                At::AttlistValueEnd
            }
            (At::AttlistValueEnd, Word::Or, _) => {
                self.prolog.kind.push(b'|');
                At::AttlistValue
            }
            (At::AttlistValueEnd, Word::CloseParen(Repeat::Once), _) => {
                self.prolog.kind.push(b')');
                At::AttlistDefault
            }
            (At::AttlistDefault, Word::Pound(range), _) => match &text[range.clone()] {
                b"IMPLIED" => return self.define_attribute(telling, None, false),
                b"REQUIRED" => return self.define_attribute(telling, None, true),
                b"FIXED" => At::AttlistFixed,
                _ => return Err(ErrorCode::Syntax.into()),
            },
            (At::AttlistDefault | At::AttlistFixed, Word::Literal(range), _) => {
                let mut value = Vec::new();
                if self.keeps() {
                    let is_cdata = self.prolog.kind == b"CDATA";
                    let failed = |fail: Fail| Fail { at: fail.at.map(|at| at + range.start), ..fail };
                    self.append_value(&text[range.clone()], is_cdata, &mut value).map_err(failed)?;
                }
                return self.define_attribute(telling, Some(value), at == At::AttlistFixed);
            }
            _ => return Err(ErrorCode::Syntax.into()),
        };
        self.go_on(telling, next)
    }

    fn define_attribute(
        &mut self,
        telling: &mut Telling<'_>,
        default: Option<Vec<u8>>,
        is_required: bool,
    ) -> Result<(), Fail> {
        if self.keeps() {
            let prolog = &self.prolog;
            let is_known = self.dtd.borrow().attribute(&prolog.name, &prolog.attribute).is_some();
            if !is_known {
                let attribute = AttributeType {
                    name: prolog.attribute.clone(),
                    is_cdata: prolog.kind == b"CDATA",
                    default: default.as_deref().map(Text::from),
                };
                self.dtd.borrow_mut().attributes.entry(prolog.name.clone()).or_default().push(attribute);
            }
            let event = Event::AttlistDecl {
                element: &prolog.name,
                name: &prolog.attribute,
                kind: &prolog.kind,
                default: default.as_deref(),
                is_required,
            };
            telling.tell(Kind::AttlistDecl, event);
        }
        self.go_on(telling, At::AttlistName)
    }

    fn element_word(&mut self, telling: &mut Telling<'_>, text: &[u8], at: At, word: &Word) -> Result<(), Fail> {
        let prolog = &mut self.prolog;
        let next = match (at, word) {
            (At::ElementName, Word::Name(range, Repeat::Once)) => {
                prolog.name = text[range.clone()].to_vec();
                At::ElementContent
            }
            (At::ElementContent, Word::Name(range, Repeat::Once)) => {
                let kind = match &text[range.clone()] {
                    b"EMPTY" => ModelKind::Empty,
                    b"ANY" => ModelKind::Any,
                    _ => return Err(ErrorCode::Syntax.into()),
                };
                prolog.model = Model::of(kind);
                self.tell_element(telling);
                At::Close
            }
            (At::ElementContent, Word::OpenParen) => {
                prolog.model.clear();
                prolog.connectors.clear();
                prolog.model.open_group();
                prolog.connectors.push(None);
                At::ElementFirst
            }
            (At::ElementFirst, Word::Pound(range)) if &text[range.clone()] == b"PCDATA" => {
                prolog.model.set_kind(ModelKind::Mixed);
                At::ElementMixed
            }
            (At::ElementMixed, Word::CloseParen(repeat @ (Repeat::Once | Repeat::Any)))
            | (At::ElementMixedNext, Word::CloseParen(repeat @ Repeat::Any)) => {
                prolog.model.close_group(*repeat);
                prolog.connectors.pop();
                self.tell_element(telling);
                At::Close
            }
            (At::ElementMixed | At::ElementMixedNext, Word::Or) => At::ElementMixedName,
            (At::ElementMixedName, Word::Name(range, Repeat::Once)) => {
                prolog.model.add(ModelKind::Name, Repeat::Once, &text[range.clone()]);
                At::ElementMixedNext
            }
            (At::ElementFirst | At::ElementPart, Word::OpenParen) => {
                prolog.model.open_group();
                prolog.connectors.push(None);
                At::ElementPart
            }
            (At::ElementFirst | At::ElementPart, Word::Name(range, repeat)) => {
                prolog.model.add(ModelKind::Name, *repeat, &text[range.clone()]);
                At::ElementNext
            }
            (At::ElementNext, Word::CloseParen(repeat)) => {
                prolog.model.close_group(*repeat);
                prolog.connectors.pop();
                if prolog.model.depth() == 0 {
                    self.tell_element(telling);
                    At::Close
                } else {
                    At::ElementNext
                }
            }
            (At::ElementNext, Word::Comma | Word::Or) => {
                let (connector, kind) = match word {
                    Word::Comma => (Connector::Sequence, ModelKind::Sequence),
                    _ => (Connector::Choice, ModelKind::Choice),
                };
                match prolog.connectors.last_mut() {
                    Some(last) if last.is_none_or(|last| last == connector) => *last = Some(connector),
                    _ => return Err(ErrorCode::Syntax.into()),
                }
                prolog.model.set_kind(kind);
                At::ElementPart
            }
            _ => return Err(ErrorCode::Syntax.into()),
        };
        self.go_on(telling, next)
    }

    fn tell_element(&mut self, telling: &mut Telling<'_>) {
        let event = Event::ElementDecl { name: &self.prolog.name, model: &self.prolog.model };
        telling.tell(Kind::ElementDecl, event);
    }

    /// The text of declarations ends. `true`: there is more behind it.
    pub(super) fn end_of_declarations(&mut self, _: &mut Telling<'_>, is_entity: bool) -> Result<bool, Fail> {
        let is_between = matches!(self.prolog.at, At::InternalSubset | At::ExternalSubset | At::ExternalStart);
        if is_entity {
            if let Some(open) = self.open.pop() {
                self.open_names.remove(&super::parameters::key(&open.entity.name));
                if open.is_between && !is_between {
                    return Err(ErrorCode::IncompletePe.into());
                }
            }
            return Ok(true);
        }
        if !self.is_parameter_entity {
            return Err(ErrorCode::NoElements.into());
        }
        if is_between && self.prolog.n_sections == 0 { Ok(false) } else { Err(ErrorCode::IncompletePe.into()) }
    }
}
