//! From a nonterminal to text.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::TABLES;
use crate::programs::choices::{Choices, Random};

/// What a nonterminal may become. At the depth limit it becomes one of `leaves`, the first when the choices are used up.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub name: &'static str,
    /// Those that end, or nearly so.
    pub leaves: &'static [&'static str],
    pub nodes: &'static [&'static str],
    /// Its templates are whole lines, whose expressions may be as deep as the depth limit allows.
    pub is_statement: bool,
}

impl Rule {
    pub const fn expression(
        name: &'static str,
        leaves: &'static [&'static str],
        nodes: &'static [&'static str],
    ) -> Rule {
        Rule { name, leaves, nodes, is_statement: false }
    }

    pub const fn statement(
        name: &'static str,
        leaves: &'static [&'static str],
        nodes: &'static [&'static str],
    ) -> Rule {
        Rule { name, leaves, nodes, is_statement: true }
    }
}

/// The variables that may be named at a place in the program, by nonterminal.
#[derive(Debug)]
pub struct Scope {
    pub variables: &'static [(&'static str, &'static [&'static str])],
}

static RULES: LazyLock<HashMap<&str, &Rule>> =
    LazyLock::new(|| TABLES.iter().flat_map(|table| table.iter()).map(|rule| (rule.name, rule)).collect());

/// How deep expressions and blocks may nest.
const EXPRESSION_DEPTH: usize = 3;
/// After so many expansions only leaves are taken.
const MAX_EXPANSIONS: usize = 900;

/// Nonterminals that some programs have no template of: each is a kind of fault by itself, and hides the others.
const FAMILIES: [&str; 10] = [
    "zero",
    "risky",
    "dropped",
    "guarded",
    "super",
    "frame",
    "builtinchange",
    "globalchange",
    "classchange",
    "objectop",
];

/// The templates of a rule that a program uses.
struct Kept {
    leaves: Vec<&'static str>,
    nodes: Vec<&'static str>,
}

impl Kept {
    fn of(rule: &Rule, density: u64, left_out: usize, random: &mut Random) -> Kept {
        let families = (0..FAMILIES.len()).filter(|at| left_out >> at & 1 == 1).map(|at| FAMILIES[at]);
        let families: Vec<&str> = families.collect();
        let mut some = |templates: &[&'static str]| {
            let kept = templates
                .iter()
                .copied()
                .filter(|template| random.below(16) < density && !names(template).any(|name| families.contains(&name)));
            kept.collect::<Vec<_>>()
        };
        let mut kept = Kept { leaves: some(rule.leaves), nodes: some(rule.nodes) };
        if kept.leaves.is_empty() && !rule.leaves.is_empty() {
            kept.leaves.push(rule.leaves[random.below(rule.leaves.len() as u64) as usize]);
        } else if kept.leaves.is_empty() && kept.nodes.is_empty() {
            kept.nodes.push(rule.nodes[random.below(rule.nodes.len() as u64) as usize]);
        }
        kept
    }
}

/// Nonterminals of a template.
fn names(template: &str) -> impl Iterator<Item = &str> {
    template.split('$').skip(1).map(|part| {
        let end = part.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(part.len());
        &part[..end]
    })
}

/// Turns nonterminals into text. A program has some of the templates and none of the others, so that it uses those again
/// and again, and a fault that most programs would show hides no other one.
pub struct Expander<'c, 'b> {
    pub choices: &'c mut Choices<'b>,
    n_expansions: usize,
    /// How many sixteenths of the templates are kept.
    density: u64,
    /// Families that are left out, a bit each.
    left_out: usize,
    random: Random,
    kept: HashMap<&'static str, Kept>,
}

impl<'c, 'b> Expander<'c, 'b> {
    pub fn new(choices: &'c mut Choices<'b>) -> Expander<'c, 'b> {
        let density = choices.pick(&[16, 8, 10, 5, 3]);
        // Each family in five of eight programs.
        let mut any = || choices.below(1 << 16);
        let left_out = any() | any() & any();
        let random = Random::new(choices.below(1 << 16) as u64);
        Expander { choices, n_expansions: 0, density, left_out, random, kept: HashMap::new() }
    }

    /// The text of a template.
    pub fn expand(&mut self, template: &str, scope: &Scope) -> String {
        self.fill(template, scope, 2, true)
    }

    fn fill(&mut self, template: &str, scope: &Scope, depth: usize, is_statement: bool) -> String {
        let mut text = String::with_capacity(template.len() * 2);
        let mut rest = template;
        while let Some(at) = rest.find('$') {
            text.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(rest.len());
            let expansion = self.nonterminal(&rest[..end], scope, depth, is_statement);
            rest = &rest[end..];
            if expansion.contains('\n') {
                let line = &text[text.rfind('\n').map_or(0, |at| at + 1)..];
                let indent = &line[..line.len() - line.trim_start_matches(' ').len()];
                text.push_str(&expansion.replace('\n', &format!("\n{indent}")));
            } else {
                text.push_str(&expansion);
            }
        }
        text.push_str(rest);
        text
    }

    fn nonterminal(&mut self, name: &str, scope: &Scope, depth: usize, in_statement: bool) -> String {
        if let Some((_, variables)) = scope.variables.iter().find(|row| row.0 == name) {
            return self.choices.pick(variables).to_owned();
        }
        let rule = *RULES.get(name).unwrap_or_else(|| panic!("no rule ${name}"));
        let depth = match (in_statement, rule.is_statement) {
            (true, false) => EXPRESSION_DEPTH,
            _ => depth,
        };
        self.n_expansions += 1;
        let may_grow = depth > 0 && self.n_expansions < MAX_EXPANSIONS && !self.choices.is_used_up();
        let template = self.choose(rule, may_grow);
        self.fill(template, scope, depth.saturating_sub(1), rule.is_statement)
    }

    /// Leaves are taken in about two of five cases, so that most expressions are small.
    fn choose(&mut self, rule: &'static Rule, may_grow: bool) -> &'static str {
        let (density, left_out, random) = (self.density, self.left_out, &mut self.random);
        let kept = self.kept.entry(rule.name);
        let Kept { leaves, nodes } = kept.or_insert_with(|| Kept::of(rule, density, left_out, random));
        if !may_grow || nodes.is_empty() {
            return self.choices.pick(if leaves.is_empty() { nodes } else { leaves });
        }
        let weight = (nodes.len() * 2).div_ceil(leaves.len().max(1) * 3).max(1);
        let n_leaves = leaves.len() * weight;
        let at = self.choices.below(n_leaves + nodes.len());
        if at < n_leaves { leaves[at / weight] } else { nodes[at - n_leaves] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programs::program::SCOPES;

    #[test]
    fn what_templates_name_is_there() {
        let rules: Vec<&Rule> = TABLES.iter().flat_map(|table| table.iter()).collect();
        for rule in &rules {
            assert_eq!(rules.iter().filter(|other| other.name == rule.name).count(), 1, "{}", rule.name);
            for template in rule.leaves.iter().chain(rule.nodes) {
                for name in names(template) {
                    let is_variable = SCOPES.iter().all(|scope| scope.variables.iter().any(|row| row.0 == name));
                    assert!(is_variable || RULES.contains_key(name), "${name} in {template}");
                }
            }
        }
    }
}
