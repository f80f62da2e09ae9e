//! Calls the handlers of a parser.

use super::engine::{Encoding, Event, Kind, Listener, Scene};
use super::parser::XmlParser;
use super::values::{model, name, name_or_none, text, text_or_none};
use stitch_runtime::object::argument::{Str, This};
use stitch_runtime::{PyResult, Value, Vm};

/// Who is told of events on behalf of a parser object.
pub struct Bridge<'v> {
    pub vm: &'v mut Vm,
    pub this: This<XmlParser>,
}

impl Listener for Bridge<'_> {
    fn wants(&self, kind: Kind) -> bool {
        match kind {
            Kind::Default => self.this.default_kind.is_some(),
            kind => !self.this.handlers[kind as usize].is_none(),
        }
    }

    fn expands_entities(&self) -> bool {
        self.this.expands_entities
    }

    fn hear(&mut self, scene: &Scene<'_>, event: Event<'_>) -> bool {
        self.this.place = scene.place;
        self.this.rest = (scene.rest.as_ptr(), scene.rest.len());
        let result = call(self.vm, self.this, &event);
        self.this.rest = (std::ptr::null(), 0);
        result.unwrap_or_else(|_| {
            self.keep_exception();
            false
        })
    }

    fn base(&mut self) -> Option<Vec<u8>> {
        Str::of(self.vm, self.this.base).map(|base| base.view().to_wtf8())
    }

    fn encoding(&mut self, name: &[u8]) -> Option<Encoding> {
        match encoding(self.vm, name) {
            Ok(encoding) => encoding,
            Err(_) => {
                self.keep_exception();
                None
            }
        }
    }
}

impl Bridge<'_> {
    /// The parser goes on to the end of what it was given, and tells nobody any more; then the exception is raised.
    fn keep_exception(&mut self) {
        let exception = self.vm.take_exception();
        if self.this.raised.is_none() {
            self.this.raised = exception;
        }
        self.this.handlers.fill(Value::NONE);
        self.this.default_kind = None;
        self.this.buffered.clear();
        self.vm.barrier(self.this.pointer());
    }
}

/// The encoding of a codec that makes one character of each byte; `None`: not one in which markup can be read.
pub fn encoding(vm: &mut Vm, name: &[u8]) -> PyResult<Option<Encoding>> {
    let bytes: [u8; 256] = std::array::from_fn(|byte| byte as u8);
    let (data, name, errors) = (vm.new_bytes(&bytes)?, text(vm, name), vm.new_str("replace"));
    let decode = vm.intern("decode");
    let decoded = vm.call_method(data, decode, &[name, errors])?;
    let decoded = Str::of(vm, decoded).map(Str::view).filter(|view| view.len() == 256);
    let Some(view) = decoded else { return Err(vm.raise_value("multi-byte encodings are not supported")) };
    let table: Box<[Option<char>; 256]> =
        Box::new(std::array::from_fn(|byte| char::from_u32(view.at(byte)).filter(|&c| c != '\u{FFFD}')));
    let means_something = |byte: u8| match byte {
        b'\t' | b'\n' | b'\r' => true,
        b' '..=b'~' => !b"$@\\^`{}~".contains(&byte),
        _ => false,
    };
    // Nothing else may stand for what means something either.
    let is_fit = (0..=255).all(|byte: u8| {
        let c = table[byte as usize];
        let is_own = c == Some(byte as char);
        let means = |point: u32| u8::try_from(point).is_ok_and(|byte| byte < 128 && means_something(byte));
        is_own || !means(byte.into()) && !c.is_some_and(|c| means(c.into()))
    });
    Ok(is_fit.then_some(Encoding::Table(table)))
}

fn call(vm: &mut Vm, mut this: This<XmlParser>, event: &Event<'_>) -> PyResult<bool> {
    if let Event::CharacterData(data) = *event {
        return character_data(vm, this, data).map(|()| true);
    }
    XmlParser::flush(vm, this)?;
    let mut kind = event.kind();
    if kind == Kind::Default {
        kind = this.default_kind.unwrap_or(kind);
    }
    let handler = this.handlers[kind as usize];
    if handler.is_none() {
        return Ok(true);
    }
    let arguments: [Value; 7];
    let n;
    macro_rules! arguments {
        ($($value:expr),*) => {{
            let values = [$($value),*];
            let mut all = [Value::NONE; 7];
            all[..values.len()].copy_from_slice(&values);
            n = values.len();
            arguments = all;
        }};
    }
    match *event {
        Event::CharacterData(_) => return Ok(true),
        Event::StartElement { name: element, attributes, n_specified } => {
            let n_told = if this.is_specified_alone { n_specified } else { attributes.spans.len() };
            let told = attributes.iter().take(n_told);
            let container = if this.is_ordered { vm.new_list(&[])? } else { vm.new_dict() };
            for (attribute, value) in told {
                let attribute = name(vm, this, attribute)?;
                let value = text(vm, value);
                if this.is_ordered {
                    vm.list_push(container.as_ptr(), attribute)?;
                    vm.list_push(container.as_ptr(), value)?;
                } else {
                    vm.dict_set(container, attribute, value)?;
                }
            }
            let element = name(vm, this, element)?;
            arguments!(element, container)
        }
        Event::EndElement(element) => arguments!(name(vm, this, element)?),
        Event::ProcessingInstruction { target, data } => arguments!(name(vm, this, target)?, text(vm, data)),
        Event::UnparsedEntityDecl(entity) => arguments!(
            name(vm, this, &entity.name)?,
            name_or_none(vm, this, entity.base.as_deref())?,
            name_or_none(vm, this, entity.system_id.as_deref())?,
            name_or_none(vm, this, entity.public_id.as_deref())?,
            name_or_none(vm, this, entity.notation.as_deref())?
        ),
        Event::NotationDecl { name: notation, system_id, public_id } => arguments!(
            name(vm, this, notation)?,
            this.base,
            name_or_none(vm, this, system_id)?,
            name_or_none(vm, this, public_id)?
        ),
        Event::StartNamespaceDecl { prefix, uri } => {
            arguments!(name_or_none(vm, this, prefix)?, name_or_none(vm, this, uri)?)
        }
        Event::EndNamespaceDecl(prefix) => arguments!(name_or_none(vm, this, prefix)?),
        Event::Comment(comment) => arguments!(text(vm, comment)),
        Event::Default(data) => arguments!(text(vm, data)),
        Event::StartCdataSection | Event::EndCdataSection | Event::NotStandalone | Event::EndDoctypeDecl => {
            arguments!()
        }
        Event::ExternalEntityRef { context, base, system_id, public_id } => arguments!(
            text_or_none(vm, context),
            name_or_none(vm, this, base)?,
            name_or_none(vm, this, system_id)?,
            name_or_none(vm, this, public_id)?
        ),
        Event::StartDoctypeDecl { name: doctype, system_id, public_id, has_internal_subset } => arguments!(
            name(vm, this, doctype)?,
            name_or_none(vm, this, system_id)?,
            name_or_none(vm, this, public_id)?,
            Value::small_int(has_internal_subset.into())
        ),
        Event::EntityDecl { entity, is_parameter } => arguments!(
            name(vm, this, &entity.name)?,
            Value::small_int(is_parameter.into()),
            text_or_none(vm, entity.text.as_deref()),
            name_or_none(vm, this, entity.base.as_deref())?,
            name_or_none(vm, this, entity.system_id.as_deref())?,
            name_or_none(vm, this, entity.public_id.as_deref())?,
            name_or_none(vm, this, entity.notation.as_deref())?
        ),
        Event::XmlDecl { version, encoding, standalone } => {
            arguments!(text_or_none(vm, version), text_or_none(vm, encoding), Value::small_int(standalone.into()))
        }
        Event::ElementDecl { name: element, model: content } => {
            arguments!(name(vm, this, element)?, model(vm, this, content)?)
        }
        Event::AttlistDecl { element, name: attribute, kind, default, is_required } => arguments!(
            name(vm, this, element)?,
            name(vm, this, attribute)?,
            text(vm, kind),
            text_or_none(vm, default),
            Value::small_int(is_required.into())
        ),
        Event::SkippedEntity { name: entity, is_parameter } => {
            arguments!(name(vm, this, entity)?, Value::small_int(is_parameter.into()))
        }
    }
    this.is_in_callback = true;
    let result = vm.call(handler, &arguments[..n]);
    this.is_in_callback = false;
    let result = result?;
    if matches!(kind, Kind::NotStandalone | Kind::ExternalEntityRef) {
        return Ok(vm.index_i64(result)? != 0);
    }
    Ok(true)
}

fn character_data(vm: &mut Vm, mut this: This<XmlParser>, data: &[u8]) -> PyResult<()> {
    let Some(limit) = this.buffer_limit else { return XmlParser::tell_text(vm, this, data) };
    if this.buffered.len() + data.len() > limit {
        XmlParser::flush(vm, this)?;
    }
    if data.len() > limit {
        return XmlParser::tell_text(vm, this, data);
    }
    this.buffered.extend_from_slice(data);
    Ok(())
}
