//! Parameter entities: references among declarations and in the values of entities.

use super::character::push_character;
use super::dtd::{Entity, Text};
use super::event::{Event, Kind};
use super::scan::{Content, Scanner, Word};
use super::state::{Open, ParameterEntities};
use super::{ErrorCode, Fail, State, Telling};
use std::rc::Rc;

/// The name of a parameter entity among the names of all open entities: no name begins so.
pub fn key(name: &[u8]) -> Vec<u8> {
    [b"%", name].concat()
}

/// A piece of an entity's value.
struct Piece {
    text: Text,
    at: usize,
    entity: Option<Rc<Entity>>,
}

impl State {
    /// A reference among declarations, or (not `is_between`) in one.
    pub(super) fn parameter_ref(
        &mut self,
        telling: &mut Telling<'_>,
        name: &[u8],
        is_between: bool,
    ) -> Result<(), Fail> {
        let is_standalone = {
            let mut dtd = self.dtd.borrow_mut();
            dtd.has_parameter_refs = true;
            dtd.is_standalone
        };
        if self.shared.settings.parameter_entities.get() == ParameterEntities::Never {
            self.dtd.borrow_mut().keeps_processing = is_standalone;
            telling.default();
            return self.refuse_unless_standalone(telling);
        }
        let entity = self.dtd.borrow().parameters.get(name).cloned();
        let is_strict = !self.is_external && is_standalone && self.open.is_empty();
        let entity = match entity {
            None if is_strict => return Err(ErrorCode::UndefinedEntity.into()),
            None => {
                self.dtd.borrow_mut().keeps_processing = is_standalone;
                let event = Event::SkippedEntity { name, is_parameter: true };
                if !is_between || !telling.tell(Kind::SkippedEntity, event) {
                    telling.default();
                }
                return Ok(());
            }
            Some(entity) if is_strict && !entity.is_internal => return Err(ErrorCode::EntityDeclaredInPe.into()),
            Some(entity) => entity,
        };
        if self.open_names.contains(&key(name)) {
            return Err(ErrorCode::RecursiveEntityRef.into());
        }
        if let Some(text) = entity.text.clone() {
            self.count_indirect(text.len())?;
            self.open_names.insert(key(name));
            let n_tags = self.tags.len();
            self.open.push(Open { entity, text, at: 0, n_tags, is_between });
            return Ok(());
        }
        if !telling.listener.wants(Kind::ExternalEntityRef) {
            self.dtd.borrow_mut().keeps_processing = is_standalone;
            telling.default();
            return Ok(());
        }
        self.dtd.borrow_mut().was_read = false;
        let event = Event::ExternalEntityRef {
            context: None,
            base: entity.base.as_deref(),
            system_id: entity.system_id.as_deref(),
            public_id: entity.public_id.as_deref(),
        };
        if !telling.listener.hear(&telling.scene, event) {
            return Err(ErrorCode::ExternalEntityHandling.into());
        }
        if !self.dtd.borrow().was_read {
            self.dtd.borrow_mut().keeps_processing = is_standalone;
            return Ok(());
        }
        self.refuse_unless_standalone(telling)
    }

    fn refuse_unless_standalone(&mut self, telling: &mut Telling<'_>) -> Result<(), Fail> {
        let is_standalone = self.dtd.borrow().is_standalone;
        let is_asked = !is_standalone && telling.listener.wants(Kind::NotStandalone);
        if is_asked && !telling.listener.hear(&telling.scene, Event::NotStandalone) {
            return Err(ErrorCode::NotStandalone.into());
        }
        Ok(())
    }

    /// The text of an entity whose value is this, which stands at `start`.
    pub(super) fn entity_value(&mut self, value: &[u8], start: usize) -> Result<Vec<u8>, Fail> {
        let takes_parameters = self.is_parameter_entity || !self.open.is_empty();
        let mut out = Vec::with_capacity(value.len());
        let mut pieces = vec![Piece { text: Text::from(value), at: 0, entity: None }];
        let mut first_at = 0;
        let mut opened = Vec::new();
        let result = loop {
            let Some(piece) = pieces.last_mut() else { break Ok(()) };
            let (text, at) = (piece.text.clone(), piece.at);
            if piece.entity.is_none() {
                first_at = at;
            }
            let Some(&byte) = text.get(at) else {
                if let Some(Piece { entity: Some(entity), .. }) = pieces.pop() {
                    self.open_names.remove(&key(&entity.name));
                }
                continue;
            };
            let namespaces = self.namespaces.is_some();
            let mut scanner = Scanner { text: &text, at, namespaces, is_last: true };
            match byte {
                b'&' => {
                    scanner.at += 1;
                    match scanner.reference() {
                        Ok(Content::CharRef(Some(number))) => push_character(&mut out, number),
                        Ok(Content::CharRef(None)) => break Err(ErrorCode::BadCharRef),
                        Ok(_) => out.extend_from_slice(&text[at..scanner.at]),
                        Err(_) => break Err(ErrorCode::InvalidToken),
                    }
                    piece.at = scanner.at;
                }
                b'%' => {
                    let Ok(Word::ParameterRef(name)) = scanner.declaration() else {
                        break Err(ErrorCode::InvalidToken);
                    };
                    piece.at = scanner.at;
                    if !takes_parameters {
                        break Err(ErrorCode::ParamEntityRef);
                    }
                    let name = &text[name];
                    let entity = self.dtd.borrow().parameters.get(name).cloned();
                    match entity.map(|entity| (entity.text.clone(), entity)) {
                        _ if self.open_names.contains(&key(name)) => break Err(ErrorCode::RecursiveEntityRef),
                        Some((Some(text), entity)) => {
                            if let Err(code) = self.count_indirect(text.len()) {
                                break Err(code);
                            }
                            self.open_names.insert(key(name));
                            opened.push(key(name));
                            pieces.push(Piece { text, at: 0, entity: Some(entity) });
                        }
                        _ => {
                            let mut dtd = self.dtd.borrow_mut();
                            dtd.keeps_processing = dtd.is_standalone;
                        }
                    }
                }
                b'\r' => {
                    out.push(b'\n');
                    piece.at += if text.get(at + 1) == Some(&b'\n') { 2 } else { 1 };
                }
                _ => {
                    out.push(byte);
                    piece.at += 1;
                }
            }
        };
        if let Err(code) = result {
            opened.iter().for_each(|name| {
                self.open_names.remove(name);
            });
            return Err(Fail::at(code, start + first_at));
        }
        Ok(out)
    }
}
