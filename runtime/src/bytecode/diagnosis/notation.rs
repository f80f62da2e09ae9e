//! The notation of the grammar, read into what the parser goes by.
//!
//! A rule is its name, marks, and a colon, then an alternative a line, indented. `memo` marks a rule whose results are
//! kept, `left` one that begins with itself, `plain` one within which nothing is a mistake. In an alternative:
//!
//! ```text
//!   'x' "x" NAME rule   a token or keyword, a word that is no keyword, a kind of token, another rule
//!   (a | b) a? a* a+    choice, option, repetitions
//!   s%a+                some, with separators
//!   &a !a &&'x' ~       lookahead, its contrary, a token that must come, no other alternative any more
//!   x=a  $a             a name for what an action says of it; what the alternative is
//!   => Kind             an action: the node is of that kind
//!   => x "…"            an error at x; also x..y, from x to y, and x.., to the last token read
//!   => last "…"         an error at the last token; next: at the next one; indent: an IndentationError
//!   => do name x y      a judgement that is a function
//! ```

use super::token::Kind;

pub type RuleIdx = u16;

pub enum Item {
    Token(Kind),
    Word(&'static str),
    AnyWord,
    Rule(RuleIdx),
    Maybe(Box<Item>),
    Many(Box<Item>),
    Some(Box<Item>),
    Separated(Box<Item>, Box<Item>),
    Ahead(Box<Item>),
    NotAhead(Box<Item>),
    Forced(Kind),
    Choice(Vec<Alternative>),
    Cut,
}

/// An item, the name that it has for the action, and whether it is what the alternative is.
pub struct Part {
    pub item: Item,
    pub label: Option<u8>,
    pub is_result: bool,
}

/// Where an error is.
pub enum Spot {
    At(u8),
    Range(u8, u8),
    From(u8),
    Last,
    Next,
    Indent,
}

pub enum Action {
    Group,
    Node(&'static str),
    Error(Spot, &'static str),
    Judge(&'static str, Vec<u8>),
}

pub struct Alternative {
    pub parts: Vec<Part>,
    pub action: Action,
    /// Refers it to a rule for mistakes, so that it counts only where these are looked for?
    pub is_for_mistakes: bool,
}

pub struct Rule {
    pub name: &'static str,
    pub is_kept: bool,
    pub is_left_recursive: bool,
    /// Are mistakes not looked for within?
    pub is_plain: bool,
    pub alternatives: Vec<Alternative>,
}

pub struct Grammar {
    pub rules: Vec<Rule>,
}

impl Grammar {
    pub fn read(texts: &[&'static str]) -> Grammar {
        let lines =
            || texts.iter().flat_map(|text| text.lines()).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let headings = lines().filter(|line| !line.starts_with(' '));
        let names: Vec<&'static str> = headings.map(|line| line.split([' ', ':']).next().unwrap_or_default()).collect();
        let mut grammar = Grammar { rules: Vec::with_capacity(names.len()) };
        for line in lines() {
            if let Some(body) = line.strip_prefix("    ") {
                let mut reader = Reader { text: body, names: &names, is_for_mistakes: false };
                let alternative = reader.alternative();
                debug_assert!(reader.text.is_empty(), "{line}");
                if let Some(rule) = grammar.rules.last_mut() {
                    rule.alternatives.push(alternative);
                }
            } else {
                let name = line.split([' ', ':']).next().unwrap_or_default();
                grammar.rules.push(Rule {
                    name,
                    is_kept: line.contains(" memo"),
                    is_left_recursive: line.contains(" left"),
                    is_plain: line.contains(" plain"),
                    alternatives: Vec::new(),
                });
            }
        }
        grammar
    }

    pub fn rule(&self, name: &str) -> RuleIdx {
        self.rules.iter().position(|rule| rule.name == name).unwrap_or_default() as RuleIdx
    }
}

struct Reader<'n> {
    text: &'static str,
    names: &'n [&'static str],
    is_for_mistakes: bool,
}

impl Reader<'_> {
    fn skip(&mut self) {
        self.text = self.text.trim_start();
    }

    fn take(&mut self, start: &str) -> bool {
        self.skip();
        let rest = self.text.strip_prefix(start);
        self.text = rest.unwrap_or(self.text);
        rest.is_some()
    }

    fn word(&mut self) -> &'static str {
        let is_of_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let end = self.text.find(|c| !is_of_word(c)).unwrap_or(self.text.len());
        let (word, rest) = self.text.split_at(end);
        self.text = rest;
        word
    }

    fn quoted(&mut self, quote: char) -> &'static str {
        let (quoted, rest) = self.text[1..].split_once(quote).unwrap_or((&self.text[1..], ""));
        self.text = rest;
        quoted
    }

    fn alternative(&mut self) -> Alternative {
        self.is_for_mistakes = false;
        self.parts()
    }

    fn parts(&mut self) -> Alternative {
        let outer = std::mem::take(&mut self.is_for_mistakes);
        let mut parts = Vec::new();
        let mut action = Action::Group;
        loop {
            self.skip();
            if self.text.is_empty() || self.text.starts_with([')', '|']) {
                break;
            }
            if self.take("=>") {
                action = self.action();
                continue;
            }
            parts.push(self.part());
        }
        let is_for_mistakes = self.is_for_mistakes;
        self.is_for_mistakes |= outer;
        Alternative { parts, action, is_for_mistakes }
    }

    fn part(&mut self) -> Part {
        let mut label = None;
        if let [name @ b'a'..=b'z', b'=', ..] = self.text.as_bytes() {
            label = Some(*name);
            self.text = &self.text[2..];
        }
        let is_result = self.take("$");
        Part { item: self.item(), label, is_result }
    }

    fn item(&mut self) -> Item {
        if self.take("&&") {
            return match self.atom() {
                Item::Token(kind) => Item::Forced(kind),
                other => other,
            };
        }
        if self.take("&") {
            return Item::Ahead(Box::new(self.item()));
        }
        if self.take("!") {
            return Item::NotAhead(Box::new(self.item()));
        }
        if self.take("~") {
            return Item::Cut;
        }
        let atom = Box::new(self.atom());
        match self.text.as_bytes().first() {
            Some(b'?') => {
                self.text = &self.text[1..];
                Item::Maybe(atom)
            }
            Some(b'*') => {
                self.text = &self.text[1..];
                Item::Many(atom)
            }
            Some(b'+') => {
                self.text = &self.text[1..];
                Item::Some(atom)
            }
            Some(b'%') => {
                self.text = &self.text[1..];
                let element = Box::new(self.atom());
                self.text = self.text.strip_prefix('+').unwrap_or(self.text);
                Item::Separated(atom, element)
            }
            _ => *atom,
        }
    }

    fn atom(&mut self) -> Item {
        self.skip();
        match self.text.as_bytes().first() {
            Some(b'\'') => {
                let text = self.quoted('\'').as_bytes();
                Item::Token(Kind::of_operator(text).or(Kind::of_keyword(text)).unwrap_or(Kind::FAULT))
            }
            Some(b'"') => Item::Word(self.quoted('"')),
            Some(b'(') => {
                self.text = &self.text[1..];
                let mut alternatives = vec![self.parts()];
                while self.take("|") {
                    alternatives.push(self.parts());
                }
                let is_closed = self.take(")");
                debug_assert!(is_closed, "{}", self.text);
                Item::Choice(alternatives)
            }
            _ => self.named(),
        }
    }

    fn named(&mut self) -> Item {
        let name = self.word();
        debug_assert!(!name.is_empty(), "{}", self.text);
        if name == "WORD" {
            return Item::AnyWord;
        }
        if let Some(kind) = Kind::named(name) {
            return Item::Token(kind);
        }
        self.is_for_mistakes |= name.starts_with("wrong_");
        let at = self.names.iter().position(|known| *known == name);
        debug_assert!(at.is_some(), "no rule {name}");
        Item::Rule(at.unwrap_or_default() as RuleIdx)
    }

    fn action(&mut self) -> Action {
        self.skip();
        let word = self.word();
        if word == "do" {
            self.skip();
            let name = self.word();
            let mut labels = Vec::new();
            loop {
                self.skip();
                let &[label, ..] = self.word().as_bytes() else { break };
                labels.push(label);
            }
            return Action::Judge(name, labels);
        }
        let first = word.as_bytes()[0];
        let spot = match word {
            "last" => Spot::Last,
            "next" => Spot::Next,
            "indent" => Spot::Indent,
            _ if word.len() > 1 => return Action::Node(word),
            _ if self.text.starts_with("..") => {
                self.text = &self.text[2..];
                self.word().bytes().next().map_or(Spot::From(first), |last| Spot::Range(first, last))
            }
            _ => Spot::At(first),
        };
        self.skip();
        let message = self.text.trim().trim_start_matches('"');
        let message = message.strip_suffix('"').unwrap_or(message);
        self.text = "";
        Action::Error(spot, message)
    }
}
