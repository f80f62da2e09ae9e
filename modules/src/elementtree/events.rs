//! What the parser tells of, brought to its target: a plain builder directly, others by their methods.

use super::builder::{Told, TreeBuilder};
use super::parser::{Handler, ThisParser, raise_undefined};
use crate::pyexpat::{Attributes, Encoding, Event, Kind, Listener, Scene, encoding};
use stitch_runtime::object::argument::This;
use stitch_runtime::object::layout::ListObject;
use stitch_runtime::{PyResult, Value, Vm};

/// Text that the builder has not got yet.
#[derive(Default)]
pub struct Texts(Vec<u8>);

/// Who is told of events on behalf of a parser object.
pub struct Events<'v> {
    pub vm: &'v mut Vm,
    pub this: ThisParser,
    pub texts: Texts,
}

impl Listener for Events<'_> {
    fn wants(&self, kind: Kind) -> bool {
        if !self.this.raised.is_none() {
            return false;
        }
        match kind {
            Kind::StartElement | Kind::EndElement | Kind::CharacterData | Kind::Default | Kind::StartDoctypeDecl => {
                true
            }
            Kind::StartNamespaceDecl | Kind::EndNamespaceDecl => self.this.wants_namespaces,
            Kind::Comment => self.this.wants_comments,
            Kind::ProcessingInstruction => self.this.wants_pis,
            Kind::UnparsedEntityDecl
            | Kind::NotationDecl
            | Kind::StartCdataSection
            | Kind::EndCdataSection
            | Kind::DefaultExpand
            | Kind::NotStandalone
            | Kind::ExternalEntityRef
            | Kind::EndDoctypeDecl
            | Kind::EntityDecl
            | Kind::XmlDecl
            | Kind::ElementDecl
            | Kind::AttlistDecl
            | Kind::SkippedEntity => false,
        }
    }

    fn expands_entities(&self) -> bool {
        true
    }

    fn hear(&mut self, scene: &Scene<'_>, event: Event<'_>) -> bool {
        let result = self.tell(scene, &event);
        self.kept(result)
    }

    fn base(&mut self) -> Option<Vec<u8>> {
        None
    }

    fn encoding(&mut self, name: &[u8]) -> Option<Encoding> {
        match encoding(self.vm, name) {
            Ok(encoding) => encoding,
            Err(raised) => {
                self.kept(Err(raised));
                None
            }
        }
    }
}

impl Events<'_> {
    /// Brings the rest of the text to the builder.
    pub fn finish(mut self) {
        let result = self.flush();
        self.kept(result);
    }

    /// The parser goes on to the end of what it was given, and tells nobody any more; then the exception is raised.
    fn kept(&mut self, result: PyResult<()>) -> bool {
        if result.is_err() {
            let exception = self.vm.take_exception();
            if self.this.raised.is_none() {
                self.this.raised = exception;
                self.vm.barrier(self.this.pointer());
            }
        }
        result.is_ok()
    }

    fn builder(&self) -> Option<This<TreeBuilder>> {
        self.vm.exactly::<TreeBuilder>(self.this.target)
    }

    fn flush(&mut self) -> PyResult<()> {
        if self.texts.0.is_empty() {
            return Ok(());
        }
        let text = self.vm.str_from_wtf8(&self.texts.0);
        self.texts.0.clear();
        match self.builder() {
            Some(builder) => TreeBuilder::data(self.vm, builder, text),
            None => Ok(()),
        }
    }

    /// Calls a method of the target, if it has it.
    fn call(&mut self, handler: Handler, arguments: &[Value]) -> PyResult<()> {
        let method = self.this.handlers[handler as usize];
        if method.is_unbound() { Ok(()) } else { self.vm.call(method, arguments).map(|_| ()) }
    }

    fn has(&self, handler: Handler) -> bool {
        !self.this.handlers[handler as usize].is_unbound()
    }

    fn text(&mut self, bytes: &[u8]) -> Value {
        self.vm.str_from_wtf8(bytes)
    }

    /// A name as the one str of it that the parser gives out: with its namespace in braces, if it has one.
    fn name(&mut self, bytes: &[u8]) -> PyResult {
        let mut this = self.this;
        let names = This::<ListObject>::expect(self.vm, this.names);
        if let Some(&place) = this.places.get(bytes)
            && let Some(&known) = names.items().get(place)
        {
            return Ok(known);
        }
        let name = if bytes.contains(&b'}') {
            let whole = [b"{", bytes].concat();
            self.vm.str_from_wtf8(&whole)
        } else {
            self.vm.str_from_wtf8(bytes)
        };
        let name = self.vm.intern_value(name);
        this.places.insert(bytes.to_vec(), names.len);
        self.vm.list_push(names.pointer(), name)?;
        Ok(name)
    }

    fn attributes(&mut self, attributes: &Attributes) -> PyResult {
        let dict = self.vm.new_dict();
        for (name, value) in attributes.iter() {
            let name = self.name(name)?;
            let value = self.text(value);
            self.vm.dict_set(dict, name, value)?;
        }
        Ok(dict)
    }

    fn tell(&mut self, scene: &Scene<'_>, event: &Event<'_>) -> PyResult<()> {
        if !self.this.raised.is_none() {
            return Ok(());
        }
        if let Event::CharacterData(data) = *event {
            if self.builder().is_some() {
                self.texts.0.extend_from_slice(data);
                return Ok(());
            }
            if !self.has(Handler::Data) {
                return Ok(());
            }
            let text = self.text(data);
            return self.call(Handler::Data, &[text]);
        }
        self.flush()?;
        match self.builder() {
            Some(builder) => self.tell_builder(builder, scene, event),
            None => self.tell_target(scene, event),
        }
    }

    fn tell_builder(&mut self, builder: This<TreeBuilder>, scene: &Scene<'_>, event: &Event<'_>) -> PyResult<()> {
        match *event {
            Event::StartElement { name, attributes, .. } => {
                let tag = self.name(name)?;
                let attributes =
                    if attributes.spans.is_empty() { Value::UNBOUND } else { self.attributes(attributes)? };
                TreeBuilder::start(self.vm, builder, tag, attributes).map(|_| ())
            }
            Event::EndElement(_) => TreeBuilder::end(self.vm, builder).map(|_| ()),
            Event::StartNamespaceDecl { prefix, uri } if builder.tells(Told::StartNamespace) => {
                let (prefix, uri) = (self.text(prefix.unwrap_or_default()), self.text(uri.unwrap_or_default()));
                let both = self.vm.new_tuple(&[prefix, uri]);
                TreeBuilder::tell(self.vm, builder, Told::StartNamespace, both)
            }
            Event::EndNamespaceDecl(_) => TreeBuilder::tell(self.vm, builder, Told::EndNamespace, Value::NONE),
            Event::Comment(comment) => {
                let comment = self.text(comment);
                TreeBuilder::comment(self.vm, builder, comment).map(|_| ())
            }
            Event::ProcessingInstruction { target, data } if builder.tells(Told::Pi) || builder.inserts_pis() => {
                let (target, data) = (self.text(target), self.text(data));
                TreeBuilder::pi(self.vm, builder, target, data).map(|_| ())
            }
            Event::Default(data) => match self.entity(scene, data)? {
                Some(text) => TreeBuilder::data(self.vm, builder, text),
                None => Ok(()),
            },
            Event::StartDoctypeDecl { name, system_id, public_id, .. } => self.doctype(name, system_id, public_id),
            _ => Ok(()),
        }
    }

    fn tell_target(&mut self, scene: &Scene<'_>, event: &Event<'_>) -> PyResult<()> {
        match *event {
            Event::StartElement { name, attributes, .. } if self.has(Handler::Start) => {
                let tag = self.name(name)?;
                let attributes = self.attributes(attributes)?;
                self.call(Handler::Start, &[tag, attributes])
            }
            Event::EndElement(name) if self.has(Handler::End) => {
                let tag = self.name(name)?;
                self.call(Handler::End, &[tag])
            }
            Event::StartNamespaceDecl { prefix, uri } => {
                let (prefix, uri) = (self.text(prefix.unwrap_or_default()), self.text(uri.unwrap_or_default()));
                self.call(Handler::StartNamespace, &[prefix, uri])
            }
            Event::EndNamespaceDecl(prefix) => {
                let prefix = self.text(prefix.unwrap_or_default());
                self.call(Handler::EndNamespace, &[prefix])
            }
            Event::Comment(comment) => {
                let comment = self.text(comment);
                self.call(Handler::Comment, &[comment])
            }
            Event::ProcessingInstruction { target, data } => {
                let (target, data) = (self.text(target), self.text(data));
                self.call(Handler::Pi, &[target, data])
            }
            Event::Default(data) => match self.entity(scene, data)? {
                Some(text) => self.call(Handler::Data, &[text]),
                None => Ok(()),
            },
            Event::StartDoctypeDecl { name, system_id, public_id, .. } => self.doctype(name, system_id, public_id),
            _ => Ok(()),
        }
    }

    /// The text of an entity that the document refers to and does not declare; `None` where it is no such reference.
    fn entity(&mut self, scene: &Scene<'_>, data: &[u8]) -> PyResult<Option<Value>> {
        let [b'&', name @ .., _] = data else { return Ok(None) };
        let name = self.text(name);
        match self.vm.dict_get(self.this.entity, name)? {
            Some(text) => Ok(Some(text)),
            None => Err(raise_undefined(self.vm, data, [scene.place.line as u64, scene.place.column as u64])),
        }
    }

    fn doctype(&mut self, name: &[u8], system_id: Option<&[u8]>, public_id: Option<&[u8]>) -> PyResult<()> {
        if self.has(Handler::Doctype) {
            let name = self.name(name)?;
            let [public, system] = [public_id, system_id].map(|id| id.map_or(Value::NONE, |id| self.text(id)));
            return self.call(Handler::Doctype, &[name, public, system]);
        }
        let method = self.vm.intern("doctype");
        if self.vm.get_attr_opt(self.this.value(), method)?.is_some() {
            let message =
                "The doctype() method of XMLParser is ignored.  Define doctype() method on the TreeBuilder target.";
            self.vm.warn(self.vm.exceptions.RuntimeWarning, message)?;
        }
        Ok(())
    }
}
