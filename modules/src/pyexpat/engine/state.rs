//! The parser and the loop that goes from token to token.

use super::ErrorCode;
use super::dtd::{Dtd, Entity, Text};
use super::event::{Attributes, Event, Kind, Listener, Scene};
use super::input::{Encoding, Input, Place, advanced};
use super::namespace::Namespaces;
use super::prolog::Prolog;
use super::scan::{AttributeSpan, Scanner, Stop};
use hashbrown::HashSet;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// An error, and where in the text: by default, where the token begins.
pub struct Fail {
    pub code: ErrorCode,
    pub at: Option<usize>,
}

impl Fail {
    pub fn at(code: ErrorCode, at: usize) -> Fail {
        Fail { code, at: Some(at) }
    }
}

impl From<ErrorCode> for Fail {
    fn from(code: ErrorCode) -> Fail {
        Fail { code, at: None }
    }
}

/// Are parameter entities that lie elsewhere read?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ParameterEntities {
    Never,
    UnlessStandalone,
    Always,
}

/// What its owner may ask for while the parser is at work.
pub struct Settings {
    /// A token that is not complete is looked at again only when there is twice as much.
    pub defers: Cell<bool>,
    pub parameter_entities: Cell<ParameterEntities>,
    pub uses_foreign_dtd: Cell<bool>,
}

/// How much text came in, and how much more entities made of it.
pub struct Accounting {
    direct: Cell<u64>,
    indirect: Cell<u64>,
    /// From so many bytes on it counts.
    pub threshold: Cell<u64>,
    pub max_factor: Cell<f64>,
}

/// What parsers of one document have in common.
#[derive(Clone)]
pub struct Shared {
    pub settings: Rc<Settings>,
    pub accounting: Rc<Accounting>,
    dtd: Rc<RefCell<Dtd>>,
    /// Between the parts of names, where there are namespaces.
    separator: Option<Option<u8>>,
}

impl Shared {
    pub fn new(separator: Option<Option<u8>>) -> Shared {
        Shared {
            settings: Rc::new(Settings {
                defers: Cell::new(true),
                parameter_entities: Cell::new(ParameterEntities::Never),
                uses_foreign_dtd: Cell::new(false),
            }),
            accounting: Rc::new(Accounting {
                direct: Cell::new(0),
                indirect: Cell::new(0),
                threshold: Cell::new(8 << 20),
                max_factor: Cell::new(100.0),
            }),
            dtd: Rc::default(),
            separator,
        }
    }

    /// For a parser of an external entity: of one in the content of the document, or (no context) of declarations.
    pub fn for_external(&self, has_context: bool) -> Shared {
        let dtd = if has_context { Rc::new(RefCell::new(self.dtd.borrow().clone())) } else { self.dtd.clone() };
        let settings = Settings {
            defers: self.settings.defers.clone(),
            parameter_entities: self.settings.parameter_entities.clone(),
            uses_foreign_dtd: Cell::new(false),
        };
        Shared { settings: Rc::new(settings), dtd, accounting: self.accounting.clone(), separator: self.separator }
    }
}

/// What the parser is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stage {
    Prolog,
    Content,
    Cdata,
    IgnoredSection,
    Epilog,
}

/// An entity whose text is being read.
pub(super) struct Open {
    pub entity: Rc<Entity>,
    pub text: Text,
    pub at: usize,
    /// How many elements were open before it.
    pub n_tags: usize,
    /// It began between declarations.
    pub is_between: bool,
}

/// An element that is open; its names are in `State::names`.
pub(super) struct Tag {
    pub start: usize,
    pub raw_len: usize,
    pub n_declared: usize,
}

pub(super) struct State {
    pub stage: Stage,
    pub open: Vec<Open>,
    pub open_names: HashSet<Vec<u8>>,
    pub tags: Vec<Tag>,
    /// The names of open elements: as they are written, then expanded.
    pub names: Vec<u8>,
    pub namespaces: Option<Namespaces>,
    pub attributes: Attributes,
    pub dtd: Rc<RefCell<Dtd>>,
    pub shared: Shared,
    /// It reads an entity of another parser's document.
    pub is_external: bool,
    pub is_parameter_entity: bool,
    /// The encoding was given from outside.
    pub is_encoding_given: bool,
    pub new_encoding: Option<Option<Encoding>>,
    pub may_be_declared: bool,
    pub prolog: Prolog,
}

impl State {
    pub fn count_indirect(&self, n_bytes: usize) -> Result<(), ErrorCode> {
        let accounting = &self.shared.accounting;
        let indirect = accounting.indirect.get() + n_bytes as u64;
        accounting.indirect.set(indirect);
        let all = accounting.direct.get() + indirect;
        let factor = all as f64 / (accounting.direct.get().max(1)) as f64;
        if all >= accounting.threshold.get() && factor > accounting.max_factor.get() {
            return Err(ErrorCode::AmplificationLimitBreach);
        }
        Ok(())
    }
    /// How many elements were open where the text began that is being read.
    pub fn n_outer_tags(&self) -> usize {
        self.open.last().map_or(0, |open| open.n_tags)
    }
    pub fn is_in_document(&self) -> bool {
        !self.is_external && self.open.is_empty()
    }
}

/// Tells a listener of what happens at one place.
pub(super) struct Telling<'t> {
    pub listener: &'t mut dyn Listener,
    pub scene: Scene<'t>,
    pub encoding: &'t Encoding,
    pub token: &'t [u8],
}

impl Telling<'_> {
    /// Tells of it who wants to know; `false`: nobody does.
    pub fn tell(&mut self, kind: Kind, event: Event<'_>) -> bool {
        let is_wanted = self.listener.wants(kind);
        if is_wanted {
            self.listener.hear(&self.scene, event);
        }
        is_wanted
    }
    /// Tells of the token as it stands who wants to know of all that nobody else does.
    pub fn default(&mut self) {
        let token = self.token;
        self.default_of(token);
    }
    pub fn default_of(&mut self, text: &[u8]) {
        if self.listener.wants(Kind::Default) {
            self.listener.hear(&self.scene, Event::Default(text));
        }
    }
    pub fn tell_or_default(&mut self, kind: Kind, event: Event<'_>) {
        if !self.tell(kind, event) {
            self.default();
        }
    }
    /// The place becomes the end of the token.
    pub fn move_to_end(&mut self) {
        self.scene.place = advanced(self.scene.place, self.token, self.encoding);
    }
}

enum Step {
    More,
    Wait,
}

pub struct Parser {
    input: Input,
    state: State,
    /// Of the last token, or error.
    place: Place,
    failed: Option<ErrorCode>,
    has_finished: bool,
    /// So much there was when a token was found to be incomplete.
    n_deferred: usize,
    spans: Vec<AttributeSpan>,
}

impl Parser {
    /// `encoding`: given from outside.
    pub fn new(shared: &Shared, encoding: Option<Encoding>) -> Parser {
        let mut input = Input::new();
        let is_encoding_given = encoding.is_some();
        input.is_encoding_given = is_encoding_given;
        input.encoding = encoding.unwrap_or(Encoding::Unknown);
        Parser {
            input,
            state: State {
                stage: Stage::Prolog,
                open: Vec::new(),
                open_names: HashSet::new(),
                tags: Vec::new(),
                names: Vec::new(),
                namespaces: shared.separator.map(Namespaces::new),
                attributes: Attributes::default(),
                dtd: shared.dtd.clone(),
                shared: shared.clone(),
                is_external: false,
                is_parameter_entity: false,
                is_encoding_given,
                new_encoding: None,
                may_be_declared: true,
                prolog: Prolog::new(),
            },
            place: Place::START,
            failed: None,
            has_finished: false,
            n_deferred: 0,
            spans: Vec::new(),
        }
    }

    /// One of an external entity; `context` is what its event had.
    pub fn of_external(shared: &Shared, context: Option<&[u8]>, encoding: Option<Encoding>) -> Parser {
        let mut parser = Parser::new(shared, encoding);
        let state = &mut parser.state;
        state.is_external = true;
        let Some(context) = context else {
            state.is_parameter_entity = true;
            state.prolog = Prolog::of_external();
            return parser;
        };
        state.stage = Stage::Content;
        for part in context.split(|&byte| byte == 0x0C).filter(|part| !part.is_empty()) {
            match (memchr::memchr(b'=', part), &mut state.namespaces) {
                (Some(equals), Some(namespaces)) => namespaces.bind_context(&part[..equals], &part[equals + 1..]),
                _ => {
                    state.open_names.insert(part.to_vec());
                }
            }
        }
        parser
    }

    /// Where the parser is: at the token that is told of, or at the error.
    pub fn place(&self) -> Place {
        self.place
    }
    pub fn has_begun(&self) -> bool {
        self.input.has_input()
    }
    /// The encoding is this, whatever the document says.
    pub fn set_encoding(&mut self, encoding: Encoding) {
        self.input.encoding = encoding;
        self.input.is_encoding_given = true;
        self.state.is_encoding_given = true;
    }
    /// Are prefixes parts of expanded names?
    pub fn set_triplets(&mut self, has_triplets: bool) {
        if let Some(namespaces) = &mut self.state.namespaces {
            namespaces.has_triplets = has_triplets;
        }
    }

    /// Reads more of the document.
    pub fn parse(&mut self, data: &[u8], is_final: bool, listener: &mut dyn Listener) -> Result<(), ErrorCode> {
        if let Some(code) = self.failed {
            return Err(code);
        }
        if self.has_finished {
            return Err(ErrorCode::Finished);
        }
        self.input.push(data, is_final);
        self.has_finished = is_final;
        if self.state.is_parameter_entity {
            self.state.dtd.borrow_mut().was_read = true;
        }
        let n_available = self.input.available();
        if self.state.shared.settings.defers.get() && !is_final && n_available < 2 * self.n_deferred {
            return Ok(());
        }
        let start = self.input.at;
        loop {
            match self.step(listener) {
                Ok(Step::More) => {}
                Ok(Step::Wait) => break,
                Err(fail) => {
                    if let Some(at) = fail.at.filter(|&at| self.state.open.is_empty() && at > self.input.start) {
                        let passed = &self.input.text[self.input.start..at];
                        self.place = advanced(self.place, passed, &self.input.encoding);
                    }
                    self.failed = Some(fail.code);
                    return Err(fail.code);
                }
            }
        }
        self.n_deferred = if self.input.at == start { n_available } else { 0 };
        Ok(())
    }

    fn step(&mut self, listener: &mut dyn Listener) -> Result<Step, Fail> {
        let state = &mut self.state;
        let entity_text;
        let is_entity = !state.open.is_empty();
        let (text, start, is_last): (&[u8], usize, bool) = match state.open.last() {
            Some(open) => {
                entity_text = open.text.clone();
                (&entity_text, open.at, true)
            }
            None => {
                self.place = self.input.place_of(self.input.at);
                self.input.start = self.input.at;
                (&self.input.text, self.input.at, self.input.is_last())
            }
        };
        let is_at_end = start == text.len();
        if is_at_end && !is_entity {
            if let Some(code) = self.input.error_at_end() {
                return Err(code.into());
            }
            if !is_last {
                return Ok(Step::Wait);
            }
        }
        let place = self.place;
        let mut telling = Telling {
            listener,
            scene: Scene { place, rest: if is_entity { &[] } else { &text[start..] } },
            encoding: &self.input.encoding,
            token: &[],
        };
        if is_at_end {
            return match state.end(&mut telling, is_entity)? {
                true => Ok(Step::More),
                false => Ok(Step::Wait),
            };
        }
        let namespaces = state.namespaces.is_some();
        let mut scanner = Scanner { text, at: start, namespaces, is_last };
        if text[start..].starts_with("\u{FEFF}".as_bytes()) && !is_entity && self.place.byte == 0 {
            self.input.at += 3;
            return Ok(Step::More);
        }
        let stage = state.stage;
        let (mut content, mut word) = (None, None);
        let scanned = match stage {
            Stage::Content => scanner.content(&mut self.spans).map(|token| content = Some(token)),
            Stage::Cdata => scanner.cdata().map(|token| content = Some(token)),
            Stage::IgnoredSection => scanner.ignored_section(),
            Stage::Prolog | Stage::Epilog => scanner.declaration().map(|token| word = Some(token)),
        };
        match scanned {
            Ok(()) => {}
            Err(Stop::Invalid(at)) => return Err(Fail::at(ErrorCode::InvalidToken, at)),
            Err(Stop::Partial) if is_last && stage == Stage::Cdata => {
                return Err(ErrorCode::UnclosedCdataSection.into());
            }
            Err(Stop::Partial) if is_last => return Err(ErrorCode::UnclosedToken.into()),
            Err(Stop::Partial) => match self.input.error_at_end() {
                Some(ErrorCode::InvalidToken) => return Err(Fail::at(ErrorCode::InvalidToken, text.len())),
                Some(code) => return Err(code.into()),
                None => return Ok(Step::Wait),
            },
        }
        let end = scanner.at;
        match state.open.last_mut() {
            Some(open) => open.at = end,
            None => {
                self.input.at = end;
                let direct = &state.shared.accounting.direct;
                direct.set(direct.get() + (end - start) as u64);
            }
        }
        telling.token = &text[start..end];
        match (content, word) {
            (Some(token), _) => state.content(&mut telling, text, token, &self.spans)?,
            (_, Some(word)) if stage == Stage::Epilog => state.epilog(&mut telling, text, word)?,
            (_, Some(word)) => state.declaration(&mut telling, text, start, word)?,
            _ => {
                telling.default();
                state.stage = Stage::Prolog;
            }
        }
        if state.stage == Stage::Content && stage == Stage::Prolog {
            // The root's tag is looked at again, as content.
            self.input.at = start;
            let direct = &state.shared.accounting.direct;
            direct.set(direct.get() - (end - start) as u64);
        }
        if let Some(encoding) = state.new_encoding.take() {
            self.input.release(encoding);
        } else if self.input.is_waiting() && self.input.at == self.input.text.len() {
            self.input.release(None);
        }
        Ok(Step::More)
    }
}
