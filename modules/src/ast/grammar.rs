//! The abstract syntax of Python 3.14: sums of constructors, and products, each as it is written down in the language's grammar.

use std::sync::LazyLock;

/// One kind of node: a sum of constructors, or a product, which is its only one and has its name.
pub struct Kind {
    pub name: &'static str,
    /// Have its nodes places in the source?
    pub has_places: bool,
    pub constructors: &'static [Constructor],
}

/// A constructor as the grammar has it.
pub struct Shape {
    pub name: &'static str,
    /// `Name(type field, type? optional, type* many)`.
    pub text: &'static str,
    pub fields: Vec<Field>,
}

pub struct Field {
    pub name: &'static str,
    pub ty: Type,
    pub many: Many,
}

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Identifier,
    Text,
    Int,
    Constant,
    Node(&'static str),
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Many {
    One,
    Optional,
    List,
}

macro_rules! has_places {
    (sum) => {
        false
    };
    (placed) => {
        true
    };
}

macro_rules! grammar {
    ($($how:ident $kind:ident { $($constructor:ident $fields:literal,)* })*) => {
        /// A constructor of some kind of node.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[expect(non_camel_case_types, reason = "they are Python's names")]
        pub enum Constructor {
            $($($constructor,)*)*
        }

        pub static KINDS: &[Kind] = &[$(Kind {
            name: stringify!($kind),
            has_places: has_places!($how),
            constructors: &[$(Constructor::$constructor,)*],
        },)*];

        /// Each constructor with its text.
        const TEXTS: &[&str] = &[$($(concat!(stringify!($constructor), $fields),)*)*];
    };
}

grammar! {
    sum mod {
        Module "(stmt* body, type_ignore* type_ignores)",
        Interactive "(stmt* body)",
        Expression "(expr body)",
        FunctionType "(expr* argtypes, expr returns)",
    }
    placed stmt {
        FunctionDef "(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)",
        AsyncFunctionDef "(identifier name, arguments args, stmt* body, expr* decorator_list, expr? returns, string? type_comment, type_param* type_params)",
        ClassDef "(identifier name, expr* bases, keyword* keywords, stmt* body, expr* decorator_list, type_param* type_params)",
        Return "(expr? value)",
        Delete "(expr* targets)",
        Assign "(expr* targets, expr value, string? type_comment)",
        TypeAlias "(expr name, type_param* type_params, expr value)",
        AugAssign "(expr target, operator op, expr value)",
        AnnAssign "(expr target, expr annotation, expr? value, int simple)",
        For "(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)",
        AsyncFor "(expr target, expr iter, stmt* body, stmt* orelse, string? type_comment)",
        While "(expr test, stmt* body, stmt* orelse)",
        If "(expr test, stmt* body, stmt* orelse)",
        With "(withitem* items, stmt* body, string? type_comment)",
        AsyncWith "(withitem* items, stmt* body, string? type_comment)",
        Match "(expr subject, match_case* cases)",
        Raise "(expr? exc, expr? cause)",
        Try "(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)",
        TryStar "(stmt* body, excepthandler* handlers, stmt* orelse, stmt* finalbody)",
        Assert "(expr test, expr? msg)",
        Import "(alias* names)",
        ImportFrom "(identifier? module, alias* names, int? level)",
        Global "(identifier* names)",
        Nonlocal "(identifier* names)",
        Expr "(expr value)",
        Pass "",
        Break "",
        Continue "",
    }
    placed expr {
        BoolOp "(boolop op, expr* values)",
        NamedExpr "(expr target, expr value)",
        BinOp "(expr left, operator op, expr right)",
        UnaryOp "(unaryop op, expr operand)",
        Lambda "(arguments args, expr body)",
        IfExp "(expr test, expr body, expr orelse)",
        Dict "(expr* keys, expr* values)",
        Set "(expr* elts)",
        ListComp "(expr elt, comprehension* generators)",
        SetComp "(expr elt, comprehension* generators)",
        DictComp "(expr key, expr value, comprehension* generators)",
        GeneratorExp "(expr elt, comprehension* generators)",
        Await "(expr value)",
        Yield "(expr? value)",
        YieldFrom "(expr value)",
        Compare "(expr left, cmpop* ops, expr* comparators)",
        Call "(expr func, expr* args, keyword* keywords)",
        FormattedValue "(expr value, int conversion, expr? format_spec)",
        Interpolation "(expr value, constant str, int conversion, expr? format_spec)",
        JoinedStr "(expr* values)",
        TemplateStr "(expr* values)",
        Constant "(constant value, string? kind)",
        Attribute "(expr value, identifier attr, expr_context ctx)",
        Subscript "(expr value, expr slice, expr_context ctx)",
        Starred "(expr value, expr_context ctx)",
        Name "(identifier id, expr_context ctx)",
        List "(expr* elts, expr_context ctx)",
        Tuple "(expr* elts, expr_context ctx)",
        Slice "(expr? lower, expr? upper, expr? step)",
    }
    sum expr_context {
        Load "",
        Store "",
        Del "",
    }
    sum boolop {
        And "",
        Or "",
    }
    sum operator {
        Add "",
        Sub "",
        Mult "",
        MatMult "",
        Div "",
        Mod "",
        Pow "",
        LShift "",
        RShift "",
        BitOr "",
        BitXor "",
        BitAnd "",
        FloorDiv "",
    }
    sum unaryop {
        Invert "",
        Not "",
        UAdd "",
        USub "",
    }
    sum cmpop {
        Eq "",
        NotEq "",
        Lt "",
        LtE "",
        Gt "",
        GtE "",
        Is "",
        IsNot "",
        In "",
        NotIn "",
    }
    sum comprehension {
        comprehension "(expr target, expr iter, expr* ifs, int is_async)",
    }
    placed excepthandler {
        ExceptHandler "(expr? type, identifier? name, stmt* body)",
    }
    sum arguments {
        arguments "(arg* posonlyargs, arg* args, arg? vararg, arg* kwonlyargs, expr* kw_defaults, arg? kwarg, expr* defaults)",
    }
    placed arg {
        arg "(identifier arg, expr? annotation, string? type_comment)",
    }
    placed keyword {
        keyword "(identifier? arg, expr value)",
    }
    placed alias {
        alias "(identifier name, identifier? asname)",
    }
    sum withitem {
        withitem "(expr context_expr, expr? optional_vars)",
    }
    sum match_case {
        match_case "(pattern pattern, expr? guard, stmt* body)",
    }
    placed pattern {
        MatchValue "(expr value)",
        MatchSingleton "(constant value)",
        MatchSequence "(pattern* patterns)",
        MatchMapping "(expr* keys, pattern* patterns, identifier? rest)",
        MatchClass "(expr cls, pattern* patterns, identifier* kwd_attrs, pattern* kwd_patterns)",
        MatchStar "(identifier? name)",
        MatchAs "(pattern? pattern, identifier? name)",
        MatchOr "(pattern* patterns)",
    }
    sum type_ignore {
        TypeIgnore "(int lineno, string tag)",
    }
    placed type_param {
        TypeVar "(identifier name, expr? bound, expr? default_value)",
        ParamSpec "(identifier name, expr? default_value)",
        TypeVarTuple "(identifier name, expr? default_value)",
    }
}

/// The constructors, in the order of the enumeration.
pub static SHAPES: LazyLock<Vec<Shape>> = LazyLock::new(|| TEXTS.iter().map(|text| Shape::parse(text)).collect());

impl Shape {
    fn parse(text: &'static str) -> Shape {
        let (name, fields) = text.split_once('(').unwrap_or((text, ""));
        let fields = fields.trim_end_matches(')').split(", ").filter_map(|field| field.split_once(' '));
        let fields = fields.map(|(ty, name)| {
            let (ty, many) = match (ty.strip_suffix('?'), ty.strip_suffix('*')) {
                (Some(ty), _) => (ty, Many::Optional),
                (_, Some(ty)) => (ty, Many::List),
                _ => (ty, Many::One),
            };
            let ty = match ty {
                "identifier" => Type::Identifier,
                "string" => Type::Text,
                "int" => Type::Int,
                "constant" => Type::Constant,
                kind => Type::Node(kind),
            };
            Field { name, ty, many }
        });
        Shape { name, text, fields: fields.collect() }
    }
}

impl Constructor {
    pub fn shape(self) -> &'static Shape {
        &SHAPES[self as usize]
    }
}

impl Kind {
    pub fn named(name: &str) -> &'static Kind {
        KINDS.iter().find(|kind| kind.name == name).expect("a kind of the grammar")
    }

    /// A product is its own only constructor.
    pub fn is_product(&self) -> bool {
        matches!(self.constructors, [one] if one.shape().name == self.name)
    }

    /// Constructors without fields and places have one node each.
    pub fn is_enumeration(&self) -> bool {
        !self.has_places && !self.is_product() && self.constructors.iter().all(|one| one.shape().fields.is_empty())
    }

    pub fn doc(&self) -> String {
        let texts: Vec<&str> = self.constructors.iter().map(|constructor| constructor.shape().text).collect();
        if self.is_product() {
            return texts[0].to_string();
        }
        let has_fields = texts.iter().any(|text| text.contains('('));
        let between = if has_fields { format!("\n{}| ", " ".repeat(self.name.len() + 1)) } else { " | ".to_string() };
        format!("{} = {}", self.name, texts.join(&between))
    }
}
