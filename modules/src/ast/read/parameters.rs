//! Parameters, type parameters and keywords.

use super::{C, Content, NodeIdx, Reader, optional_text, text};
use ruff_python_ast as ast;
use ruff_text_size::TextRange;

impl Reader<'_> {
    pub fn parameters(&mut self, it: &ast::Parameters) -> NodeIdx {
        let list = |reader: &mut Self, parameters: &[ast::ParameterWithDefault]| -> Content {
            let nodes: Vec<NodeIdx> = parameters.iter().map(|one| reader.parameter(&one.parameter)).collect();
            nodes.into()
        };
        let (positional_only, positional) = (list(self, &it.posonlyargs), list(self, &it.args));
        let rest = self.optional_parameter(it.vararg.as_deref());
        let keyword_only = list(self, &it.kwonlyargs);
        let keyword_defaults =
            it.kwonlyargs.iter().map(|one| one.default.as_deref().map(|it| self.expression(it))).collect();
        let keywords = self.optional_parameter(it.kwarg.as_deref());
        let with_defaults = it.posonlyargs.iter().chain(&it.args).filter_map(|one| one.default.as_deref());
        let defaults: Vec<NodeIdx> = with_defaults.map(|default| self.expression(default)).collect();
        let fields = vec![
            positional_only,
            positional,
            rest,
            keyword_only,
            Content::Nodes(keyword_defaults),
            keywords,
            defaults.into(),
        ];
        self.tree.add(C::arguments, None, fields)
    }

    /// Those of a function that has none.
    pub fn no_parameters(&mut self) -> NodeIdx {
        let none = || Content::Nodes(Vec::new());
        let fields = vec![none(), none(), Content::Absent, none(), none(), Content::Absent, none()];
        self.tree.add(C::arguments, None, fields)
    }

    fn parameter(&mut self, it: &ast::Parameter) -> NodeIdx {
        let annotation = self.optional(it.annotation.as_deref());
        self.add(C::arg, it.range, vec![text(&it.name).into(), annotation, Content::Absent])
    }

    /// One with a star, which is no part of it.
    fn optional_parameter(&mut self, parameter: Option<&ast::Parameter>) -> Content {
        let node = parameter.map(|parameter| {
            let node = self.parameter(parameter);
            self.tree.nodes[node.0 as usize].place =
                self.place(TextRange::new(parameter.name.range.start(), parameter.range.end()));
            node
        });
        node.into()
    }

    pub fn type_parameters(&mut self, parameters: Option<&ast::TypeParams>) -> Content {
        let parameters = parameters.map_or(&[][..], |parameters| &parameters.type_params);
        let nodes: Vec<NodeIdx> = parameters.iter().map(|one| self.type_parameter(one)).collect();
        nodes.into()
    }

    fn type_parameter(&mut self, parameter: &ast::TypeParam) -> NodeIdx {
        match parameter {
            ast::TypeParam::TypeVar(it) => {
                let (bound, default) = (self.optional(it.bound.as_deref()), self.optional(it.default.as_deref()));
                self.add(C::TypeVar, it.range, vec![text(&it.name).into(), bound, default])
            }
            ast::TypeParam::ParamSpec(it) => {
                let default = self.optional(it.default.as_deref());
                self.add(C::ParamSpec, it.range, vec![text(&it.name).into(), default])
            }
            ast::TypeParam::TypeVarTuple(it) => {
                let default = self.optional(it.default.as_deref());
                self.add(C::TypeVarTuple, it.range, vec![text(&it.name).into(), default])
            }
        }
    }

    pub fn keywords(&mut self, keywords: &[ast::Keyword]) -> Content {
        let mut keyword = |it: &ast::Keyword| {
            let value = self.expression(&it.value).into();
            self.add(C::keyword, it.range, vec![optional_text(it.arg.as_ref()), value])
        };
        let nodes: Vec<NodeIdx> = keywords.iter().map(&mut keyword).collect();
        nodes.into()
    }
}
