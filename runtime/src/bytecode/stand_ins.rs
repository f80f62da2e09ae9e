//! Stand-ins for the constants of long functions, classes and modules.
//!
//! The compiler's crate compares a new constant with all that its code object has, so that its time grows with the square of their
//! number. It compares none that is not a number, for those are equal to nothing. So where a body has many constants, each gets a NaN
//! with a number of its own for a stand-in before the tree is compiled, and its place back in the code. What stands for something is
//! true, as NaN is, and stands where the compiler does not calculate with it.

use std::cell::{Cell, RefCell};

use ruff_python_ast::visitor::transformer::{Transformer, walk_expr, walk_pattern, walk_stmt};
use ruff_python_ast::{
    Arguments, AtomicNodeIndex, CmpOp, Expr, ExprNumberLiteral, Mod, Number, Operator, Parameters, Pattern, Stmt,
    TypeParams,
};
use ruff_text_size::Ranged;

use super::join::renumber_constants;
use super::raw::{RawCode, RawConst};

/// A body with fewer constants is left alone.
const MIN_CONSTANTS: usize = 1000;
/// The bits of a NaN above those that are the number of a stand-in. No arithmetic gives it.
const MARK: u64 = 0x7FFC_A17E;

/// The constants that something stands for.
#[derive(Default)]
pub(super) struct StandIns {
    constants: Vec<RawConst>,
}

impl StandIns {
    /// Puts stand-ins into a tree, where it has bodies with many constants.
    pub(super) fn put(tree: &mut Mod) -> StandIns {
        let mut walk = Walk::default();
        walk.tree(tree);
        if walk.n_of_bodies.borrow().iter().any(|&n| n >= MIN_CONSTANTS) {
            walk.is_replacing = true;
            walk.tree(tree);
        }
        StandIns { constants: walk.constants.into_inner() }
    }

    /// The code with the constants that its stand-ins stand for.
    pub(super) fn take_back(&self, code: RawCode) -> RawCode {
        if self.constants.is_empty() { code } else { self.code(code) }
    }

    fn code(&self, mut code: RawCode) -> RawCode {
        let is_changed = Cell::new(false);
        let consts = std::mem::take(&mut code.consts).into_vec();
        code.consts = consts.into_iter().map(|constant| self.constant(constant, &is_changed)).collect();
        // What was written twice stood there twice.
        if is_changed.get() { renumber_constants(code) } else { code }
    }

    fn constant(&self, constant: RawConst, is_changed: &Cell<bool>) -> RawConst {
        let each = |items: Box<[RawConst]>| items.into_vec().into_iter().map(|item| self.constant(item, is_changed));
        match constant {
            RawConst::Float(float) if float.to_bits() >> 32 == MARK => {
                is_changed.set(true);
                self.constants[float.to_bits() as u32 as usize].clone()
            }
            RawConst::Tuple(items) => RawConst::Tuple(each(items).collect()),
            RawConst::FrozenSet(items) => RawConst::FrozenSet(without_doubles(each(items))),
            RawConst::Slice(items) => RawConst::Slice(Box::new(items.map(|item| self.constant(item, is_changed)))),
            RawConst::Code(code) => RawConst::Code(Box::new(self.code(*code))),
            other => other,
        }
    }
}

fn without_doubles(items: impl Iterator<Item = RawConst>) -> Box<[RawConst]> {
    let mut seen = std::collections::HashSet::new();
    items.filter(|item| super::join::Key::of(item).is_none_or(|key| seen.insert(key))).collect()
}

/// Goes through a tree twice: it counts the constants of each body, and then replaces those of bodies that have many.
#[derive(Default)]
struct Walk {
    is_replacing: bool,
    /// In the order in which the bodies begin.
    n_of_bodies: RefCell<Vec<usize>>,
    n_begun: Cell<usize>,
    body: Cell<usize>,
    constants: RefCell<Vec<RawConst>>,
}

impl Walk {
    fn tree(&self, tree: &mut Mod) {
        self.n_begun.set(0);
        self.body(|| match tree {
            Mod::Module(module) => self.visit_body(&mut module.body),
            Mod::Expression(expression) => self.visit_expr(&mut expression.body),
        });
    }

    fn body(&self, walk: impl FnOnce()) {
        let outer = self.body.replace(self.n_begun.get());
        self.n_begun.set(self.n_begun.get() + 1);
        if !self.is_replacing {
            self.n_of_bodies.borrow_mut().push(0);
        }
        walk();
        self.body.set(outer);
    }

    /// An expression that something may stand for, if it is a constant.
    fn place(&self, expression: &mut Expr) {
        let Some(constant) = constant_of(expression) else { return };
        let n_of_body = &mut self.n_of_bodies.borrow_mut()[self.body.get()];
        if !self.is_replacing {
            *n_of_body += 1;
            return;
        }
        let mut constants = self.constants.borrow_mut();
        let Ok(number) = u32::try_from(constants.len()) else { return };
        if *n_of_body < MIN_CONSTANTS {
            return;
        }
        constants.push(constant);
        let value = Number::Float(f64::from_bits(MARK << 32 | u64::from(number)));
        let range = expression.range();
        *expression = Expr::NumberLiteral(ExprNumberLiteral { node_index: AtomicNodeIndex::NONE, range, value });
    }
}

/// What the compiler makes of a literal that is true, if it is plain.
fn constant_of(expression: &Expr) -> Option<RawConst> {
    match expression {
        Expr::NumberLiteral(number) => match &number.value {
            // Small ones are arguments of instructions.
            Number::Int(int) => int.as_i64().filter(|&int| int > 256).map(RawConst::Int),
            Number::Float(float) => (*float != 0.0).then_some(RawConst::Float(*float)),
            Number::Complex { .. } => None,
        },
        Expr::StringLiteral(string) => {
            let text = string.value.to_str();
            // Where a lone surrogate was written, the parser has that character.
            let is_plain = !text.is_empty() && !text.contains(char::REPLACEMENT_CHARACTER);
            is_plain.then(|| RawConst::Str(text.as_bytes().into()))
        }
        Expr::BytesLiteral(bytes) => {
            let bytes: Box<[u8]> = bytes.value.bytes().collect();
            (!bytes.is_empty()).then_some(RawConst::Bytes(bytes))
        }
        _ => None,
    }
}

/// Is it nothing that the compiler could know the value of?
fn is_unknown(expression: &Expr) -> bool {
    match expression {
        Expr::Name(name) => name.id != "__debug__",
        Expr::Call(_) | Expr::Attribute(_) | Expr::Await(_) => true,
        _ => false,
    }
}

impl Transformer for Walk {
    fn visit_stmt(&self, statement: &mut Stmt) {
        match statement {
            Stmt::FunctionDef(function) => {
                function.decorator_list.iter_mut().for_each(|decorator| self.visit_decorator(decorator));
                self.visit_parameters(&mut function.parameters);
                self.body(|| self.visit_body(&mut function.body));
                return;
            }
            Stmt::ClassDef(class) => {
                class.decorator_list.iter_mut().for_each(|decorator| self.visit_decorator(decorator));
                if let Some(arguments) = &mut class.arguments {
                    self.visit_arguments(arguments);
                }
                self.body(|| self.visit_body(&mut class.body));
                return;
            }
            Stmt::TypeAlias(_) => return,
            Stmt::Assign(it) => self.place(&mut it.value),
            Stmt::AugAssign(it) => self.place(&mut it.value),
            Stmt::AnnAssign(it) => it.value.iter_mut().for_each(|value| self.place(value)),
            Stmt::Return(it) => it.value.iter_mut().for_each(|value| self.place(value)),
            Stmt::Assert(it) => it.msg.iter_mut().for_each(|message| self.place(message)),
            _ => {}
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&self, expression: &mut Expr) {
        match expression {
            // What stands in them may be wanted as it was written.
            Expr::FString(_) | Expr::TString(_) => return,
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &mut lambda.parameters {
                    self.visit_parameters(parameters);
                }
                self.body(|| {
                    self.place(&mut lambda.body);
                    self.visit_expr(&mut lambda.body);
                });
                return;
            }
            Expr::Tuple(it) => it.elts.iter_mut().for_each(|item| self.place(item)),
            Expr::List(it) => it.elts.iter_mut().for_each(|item| self.place(item)),
            Expr::Set(it) => it.elts.iter_mut().for_each(|item| self.place(item)),
            Expr::Dict(it) => {
                for item in &mut it.items {
                    item.key.iter_mut().for_each(|key| self.place(key));
                    self.place(&mut item.value);
                }
            }
            // Of what is one and the same as a literal, the compiler warns.
            Expr::Compare(it) if !it.ops.iter().any(|op| matches!(op, CmpOp::Is | CmpOp::IsNot)) => {
                self.place(&mut it.left);
                it.comparators.iter_mut().for_each(|side| self.place(side));
            }
            Expr::BinOp(it) => {
                if is_unknown(&it.left) {
                    self.place(&mut it.right);
                } else if is_unknown(&it.right) && it.op != Operator::Mod {
                    self.place(&mut it.left);
                }
            }
            Expr::Subscript(it) if is_unknown(&it.value) => self.place(&mut it.slice),
            Expr::BoolOp(it) => it.values.iter_mut().for_each(|value| self.place(value)),
            Expr::Named(it) => self.place(&mut it.value),
            Expr::If(it) => {
                self.place(&mut it.body);
                self.place(&mut it.orelse);
            }
            Expr::Yield(it) => it.value.iter_mut().for_each(|value| self.place(value)),
            _ => {}
        }
        walk_expr(self, expression);
    }

    fn visit_arguments(&self, arguments: &mut Arguments) {
        for argument in &mut arguments.args {
            self.place(argument);
            self.visit_expr(argument);
        }
        for keyword in &mut arguments.keywords {
            self.place(&mut keyword.value);
            self.visit_expr(&mut keyword.value);
        }
    }

    fn visit_parameters(&self, parameters: &mut Parameters) {
        let each = parameters.posonlyargs.iter_mut().chain(&mut parameters.args).chain(&mut parameters.kwonlyargs);
        for default in each.filter_map(|parameter| parameter.default.as_mut()) {
            self.place(default);
            self.visit_expr(default);
        }
    }

    fn visit_pattern(&self, pattern: &mut Pattern) {
        if let Pattern::MatchValue(it) = pattern {
            self.place(&mut it.value);
        }
        walk_pattern(self, pattern);
    }

    // Annotations may be wanted as they were written.
    fn visit_annotation(&self, _: &mut Expr) {}

    fn visit_type_params(&self, _: &mut TypeParams) {}
}
