//! The tokens of a source that is diagnosed.

/// Kinds of tokens: those that have no text of their own, then operators, then keywords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind(pub u8);

impl Kind {
    pub const END: Kind = Kind(0);
    pub const NAME: Kind = Kind(1);
    pub const NUMBER: Kind = Kind(2);
    pub const STRING: Kind = Kind(3);
    pub const NEWLINE: Kind = Kind(4);
    pub const INDENT: Kind = Kind(5);
    pub const DEDENT: Kind = Kind(6);
    pub const FSTRING_START: Kind = Kind(7);
    pub const FSTRING_MIDDLE: Kind = Kind(8);
    pub const FSTRING_END: Kind = Kind(9);
    pub const TSTRING_START: Kind = Kind(10);
    pub const TSTRING_MIDDLE: Kind = Kind(11);
    pub const TSTRING_END: Kind = Kind(12);
    /// What is no token.
    pub const FAULT: Kind = Kind(13);
    /// A character that the language has no use for.
    pub const STRAY: Kind = Kind(14);

    /// By the names that the grammar has for them.
    const NAMED: [(&str, Kind); 12] = [
        ("END", Kind::END),
        ("NAME", Kind::NAME),
        ("NUMBER", Kind::NUMBER),
        ("STRING", Kind::STRING),
        ("NEWLINE", Kind::NEWLINE),
        ("INDENT", Kind::INDENT),
        ("DEDENT", Kind::DEDENT),
        ("FSTRING_START", Kind::FSTRING_START),
        ("FSTRING_MIDDLE", Kind::FSTRING_MIDDLE),
        ("FSTRING_END", Kind::FSTRING_END),
        ("TSTRING_START", Kind::TSTRING_START),
        ("TSTRING_MIDDLE", Kind::TSTRING_MIDDLE),
    ];

    pub fn named(name: &str) -> Option<Kind> {
        let other = (name == "TSTRING_END").then_some(Kind::TSTRING_END);
        Kind::NAMED.iter().find(|(known, _)| *known == name).map(|&(_, kind)| kind).or(other)
    }

    /// The operator of just these characters.
    pub fn of_operator(text: &[u8]) -> Option<Kind> {
        let at = OPERATORS.iter().position(|operator| operator.as_bytes() == text)?;
        Some(Kind(FIRST_OPERATOR + at as u8))
    }

    pub fn of_keyword(text: &[u8]) -> Option<Kind> {
        let at = KEYWORDS.iter().position(|keyword| keyword.as_bytes() == text)?;
        Some(Kind(FIRST_KEYWORD + at as u8))
    }

    /// What is written, of operators and keywords.
    pub fn text(self) -> &'static str {
        let (operator, keyword) = (self.0.wrapping_sub(FIRST_OPERATOR), self.0.wrapping_sub(FIRST_KEYWORD));
        match (KEYWORDS.get(usize::from(keyword)), OPERATORS.get(usize::from(operator))) {
            (Some(keyword), _) => keyword,
            (None, Some(operator)) => operator,
            (None, None) => "",
        }
    }

    /// Does it say where lines and blocks end, and no more?
    pub fn is_layout(self) -> bool {
        matches!(self, Kind::END | Kind::NEWLINE | Kind::INDENT | Kind::DEDENT)
    }

    /// Is it begun on a line that may not be the one where it ends?
    pub fn has_lines(self) -> bool {
        matches!(
            self,
            Kind::STRING
                | Kind::FSTRING_START
                | Kind::FSTRING_MIDDLE
                | Kind::FSTRING_END
                | Kind::TSTRING_START
                | Kind::TSTRING_MIDDLE
                | Kind::TSTRING_END
        )
    }
}

const FIRST_OPERATOR: u8 = 20;
const OPERATORS: [&str; 49] = [
    "(", ")", "[", "]", ":", ",", ";", "+", "-", "*", "/", "|", "&", "<", ">", "=", ".", "%", "{", "}", "==", "!=",
    "<=", ">=", "~", "^", "<<", ">>", "**", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "**=", "//",
    "//=", "@", "@=", "->", "...", ":=", "!", "<>",
];
const FIRST_KEYWORD: u8 = 80;
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// A token and where it is: columns in bytes from the start of the line, −1 where it has no text.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: Kind,
    pub line: u32,
    pub column: i32,
    pub end_line: u32,
    pub end_column: i32,
    /// In the source.
    pub start: usize,
    pub end: usize,
    /// So many brackets are open behind it.
    pub level: usize,
}
