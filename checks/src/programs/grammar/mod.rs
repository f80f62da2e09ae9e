//! The grammar of the programs: tables of templates, a nonterminal a row.
//!
//! A template is Python text in which `$name` stands for an expansion of the nonterminal `name`: a row of one of the tables,
//! or one of the `Scope`'s variables. An expansion of several lines is indented as the line that it begins in.

mod changes;
mod classes;
mod containers;
mod expand;
mod frames;
mod functions;
mod numbers;
mod statements;

pub use expand::{Expander, Rule, Scope};

/// All tables.
pub(crate) const TABLES: &[&[Rule]] = &[
    numbers::RULES,
    containers::RULES,
    classes::RULES,
    changes::RULES,
    frames::RULES,
    functions::RULES,
    statements::RULES,
];
