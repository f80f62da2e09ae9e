//! Functions in functions. The compiler copies the code of a function, and of all that is in it, into that of the function around it,
//! some times over: its time grows with the third power of how deep they nest. Only lambdas nest so deep that it counts.

use super::compile::{CompileOptions, parser_mode};
use super::syntax_error::{SyntaxErrorInfo, SyntaxErrorKind};
use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, Mod};
use ruff_python_parser as parser;

/// CPython's parser gives up on some 2,700.
const MOST: usize = 1000;

/// The error of a source whose lambdas nest deeper than is compiled.
pub(super) fn refuse_deep_lambdas(text: &str, filename: &str, options: &CompileOptions) -> Result<(), SyntaxErrorInfo> {
    if memchr::memmem::find_iter(text.as_bytes(), "lambda").nth(MOST).is_none() {
        return Ok(());
    }
    // What cannot be parsed is refused by others.
    let Ok(parsed) = parser::parse(text, parser::ParseOptions::from(parser_mode(options.mode))) else { return Ok(()) };
    let mut depth = Depth::default();
    match parsed.syntax() {
        Mod::Module(module) => depth.visit_body(&module.body),
        Mod::Expression(expression) => depth.visit_expr(&expression.body),
    }
    if depth.most <= MOST {
        return Ok(());
    }
    let message = "Parser stack overflowed - Python source too complex to parse".to_owned();
    Err(SyntaxErrorInfo::without_place(message, filename).of_kind(SyntaxErrorKind::MemoryError))
}

#[derive(Default)]
struct Depth {
    now: usize,
    most: usize,
}

impl<'a> Visitor<'a> for Depth {
    fn visit_expr(&mut self, expression: &'a Expr) {
        let is_function = usize::from(expression.is_lambda_expr());
        self.now += is_function;
        self.most = self.most.max(self.now);
        walk_expr(self, expression);
        self.now -= is_function;
    }
}
