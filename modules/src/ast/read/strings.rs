//! Strings with expressions in them.

use super::{C, Content, NodeIdx, Reader};
use ruff_python_ast as ast;
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustpython_codegen::{interpolated_string_literal_value, interpolation_debug_text, string_literal_part_value};
use rustpython_wtf8::Wtf8Buf;
use stitch_runtime::bytecode::RawConst;

/// What a string consists of: constants, those that touch joined, and interpolations.
#[derive(Default)]
struct Pieces {
    nodes: Vec<NodeIdx>,
    text: Wtf8Buf,
    range: Option<TextRange>,
}

impl Pieces {
    fn push_text(&mut self, text: &Wtf8Buf, range: TextRange) {
        self.text.push_wtf8(text);
        self.range = Some(self.range.map_or(range, |before| before.cover(range)));
    }

    fn finish(mut self, reader: &mut Reader<'_>) -> Content {
        self.flush(reader);
        self.nodes.into()
    }

    fn flush(&mut self, reader: &mut Reader<'_>) {
        let (text, range) = (std::mem::take(&mut self.text), self.range.take());
        if let Some(range) = range.filter(|_| !text.is_empty()) {
            let node = reader.constant(range, RawConst::Str(text.into_bytes().into()), None);
            self.nodes.push(node);
        }
    }
}

/// Is it a template's, whose interpolations know their source?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    Joined,
    Template,
}

impl Reader<'_> {
    pub fn joined_string(&mut self, it: &ast::ExprFString) -> NodeIdx {
        if let Some(values) = &it.runtime_joined_str {
            let values = self.expressions(values);
            return self.add(C::JoinedStr, it.range, vec![values]);
        }
        let mut pieces = Pieces::default();
        for part in &it.value {
            match part {
                ast::FStringPart::Literal(literal) => {
                    pieces.push_text(&string_literal_part_value(self.source, literal), literal.range);
                }
                ast::FStringPart::FString(part) => {
                    self.elements(&mut pieces, &part.elements, part.flags.into(), Of::Joined);
                }
            }
        }
        let values = pieces.finish(self);
        self.add(C::JoinedStr, it.range, vec![values])
    }

    pub fn template_string(&mut self, it: &ast::ExprTString) -> NodeIdx {
        let mut pieces = Pieces::default();
        for part in &it.value {
            self.elements(&mut pieces, &part.elements, part.flags.into(), Of::Template);
        }
        let values = pieces.finish(self);
        self.add(C::TemplateStr, it.range, vec![values])
    }

    fn elements(
        &mut self,
        pieces: &mut Pieces,
        elements: &ast::InterpolatedStringElements,
        flags: ast::AnyStringFlags,
        of: Of,
    ) {
        for element in elements {
            match element {
                ast::InterpolatedStringElement::Literal(literal) => {
                    let text = interpolated_string_literal_value(self.source, literal, flags);
                    pieces.push_text(&text, literal.range);
                }
                ast::InterpolatedStringElement::Interpolation(it) => {
                    if let Some(debug) = &it.debug_text {
                        let (text, range) = interpolation_debug_text(self.source, debug, it.expression.range());
                        pieces.push_text(&Wtf8Buf::from(text), range);
                    }
                    pieces.flush(self);
                    let node = self.interpolation(it, flags, of);
                    pieces.nodes.push(node);
                }
            }
        }
    }

    fn interpolation(&mut self, it: &ast::InterpolatedElement, flags: ast::AnyStringFlags, of: Of) -> NodeIdx {
        let value = self.expression(&it.expression).into();
        let is_shown_as_source =
            it.debug_text.is_some() && it.conversion == ast::ConversionFlag::None && it.format_spec.is_none();
        let conversion = if is_shown_as_source { ast::ConversionFlag::Repr } else { it.conversion };
        let conversion = Content::Int(i64::from(conversion as i8));
        let format = it.format_spec.as_deref().map(|format| self.format(format, flags)).into();
        if of == Of::Joined {
            return self.add(C::FormattedValue, it.range, vec![value, conversion, format]);
        }
        // From the brace to the expression's end.
        let start = (it.range.start() + TextSize::new(1)).min(it.expression.start());
        let text = &self.source.source_text()[usize::from(start)..usize::from(it.expression.end())];
        let text = RawConst::Str(text.as_bytes().into());
        self.add(C::Interpolation, it.range, vec![value, Content::Constant(text), conversion, format])
    }

    /// A format; it starts at its colon.
    fn format(&mut self, it: &ast::InterpolatedStringFormatSpec, flags: ast::AnyStringFlags) -> NodeIdx {
        let mut pieces = Pieces::default();
        self.elements(&mut pieces, &it.elements, flags, Of::Joined);
        let start = usize::from(it.range.start());
        let follows_colon = start > 0 && self.source.source_text().as_bytes()[start - 1] == b':';
        let range = if follows_colon { Self::starting_before(it.range, 1) } else { it.range };
        let values = pieces.finish(self);
        self.add(C::JoinedStr, range, vec![values])
    }
}
