//! Long classes in parts: each part is compiled as a class of that name, and their code is joined.
//!
//! ```text
//!   MAKE_CELL …  RESUME __module__ __qualname__ __firstlineno__ __classdict__ │ body │ __static_attributes__ … RETURN_VALUE
//!   `- of all -´ `------------------- of the first ------------------------´  `each´ `----------- written anew ----------´
//! ```

use ruff_python_ast::{AtomicNodeIndex, ModModule, Stmt, StmtClassDef};
use ruff_source_file::SourceFile;
use std::collections::BTreeSet;

use super::decode::{DecodedCode, Tables, decode};
use super::instruction::Opcode;
use super::join::{Joiner, Kept};
use super::parts::{Obstacle, annotates, declares_globals, ends_of_parts, module_of};
use super::raw::{LocalKind, RawCode, RawConst};

/// What was cut off a class of a module.
pub(super) struct CutClass {
    name: String,
    first_line: u32,
    /// Modules of a class each.
    rest: Vec<ModModule>,
}

/// Cuts the long ones among a module's classes, whose first parts stay. A class that declares globals, annotates or has type
/// parameters is not cut: that is so in all of it.
pub(super) fn cut_classes(module: &mut ModModule, file: &SourceFile, n_statements: usize) -> Vec<CutClass> {
    let range = module.range;
    let mut cut = Vec::new();
    for statement in &mut module.body {
        let Stmt::ClassDef(class) = statement else { continue };
        let ends = ends_of_parts(&class.body, n_statements);
        if ends.is_empty() || class.type_params.is_some() || annotates(&class.body) || declares_globals(class) {
            continue;
        }
        let mut statements = std::mem::take(&mut class.body).into_iter();
        class.body = statements.by_ref().take(ends[0]).collect();
        let of_part = |(at, &start): (usize, &usize)| {
            let n = ends.get(at + 1).map_or(usize::MAX, |end| end - start);
            let part = StmtClassDef {
                node_index: AtomicNodeIndex::NONE,
                range: class.range,
                decorator_list: Default::default(),
                name: class.name.clone(),
                type_params: None,
                arguments: None,
                body: statements.by_ref().take(n).collect(),
                runtime_decorator_list: None,
                runtime_body: None,
            };
            module_of([Stmt::ClassDef(part)], range)
        };
        let rest = ends.iter().enumerate().map(of_part).collect();
        let first_line = file.to_source_code().line_index(class.range.start()).get() as u32;
        cut.push(CutClass { name: class.name.to_string(), first_line, rest });
    }
    cut
}

impl CutClass {
    /// Puts the code of the whole class in place of its first part's in a module's code.
    pub(super) fn rejoin(
        self,
        module: &mut RawCode,
        mut compile: impl FnMut(ModModule) -> Result<RawCode, Obstacle>,
    ) -> Result<(), Obstacle> {
        let is_it = |code: &RawCode| code.name == self.name && code.first_line == self.first_line;
        let mut classes = module.consts.iter_mut().filter_map(|constant| match constant {
            RawConst::Code(code) if is_it(code) => Some(code),
            _ => None,
        });
        let (Some(place), None) = (classes.next(), classes.next()) else { return Err(Obstacle::Apart) };
        let mut parts = vec![(**place).clone()];
        for part in self.rest {
            let consts = compile(part)?.consts.into_vec();
            let class = consts.into_iter().find_map(|constant| match constant {
                RawConst::Code(code) if code.name == self.name => Some(*code),
                _ => None,
            });
            parts.push(class.ok_or(Obstacle::Apart)?);
        }
        **place = join_class(parts).ok_or(Obstacle::Apart)?;
        Ok(())
    }
}

const CELLS: [&str; 2] = ["__class__", "__classdict__"];

/// Where in the code of a class its body lies, and what is behind.
struct Outline {
    resume: usize,
    body: usize,
    end: usize,
    return_value: usize,
    static_attributes: BTreeSet<Box<[u8]>>,
}

impl Outline {
    /// `None` where it ends in more than one way, or is not as it is thought to be.
    fn of(part: &RawCode, decoded: &DecodedCode) -> Option<Outline> {
        let instructions = &decoded.instructions;
        let name = |at: usize| part.names.get(instructions[at].arg as usize).map(String::as_str);
        let stores = |at: usize, what: &str| instructions[at].opcode == Opcode::StoreName && name(at) == Some(what);
        let resume = instructions.iter().position(|it| it.opcode != Opcode::MakeCell)?;
        let is_begun = instructions[resume].opcode == Opcode::Resume
            && instructions.len() > resume + 8
            && stores(resume + 2, "__module__")
            && stores(resume + 4, "__qualname__")
            && stores(resume + 6, "__firstlineno__");
        let has_dict = instructions[resume + 7].opcode == Opcode::LoadLocals;
        let mut returns = (0..instructions.len()).filter(|&at| instructions[at].opcode == Opcode::ReturnValue);
        let (return_value, None) = (returns.next()?, returns.next()) else { return None };
        let end = (1..return_value).rfind(|&at| stores(at, "__static_attributes__"))? - 1;
        let Some(RawConst::Tuple(names)) = part.consts.get(instructions[end].arg as usize) else { return None };
        let of_name = |name: &RawConst| match name {
            RawConst::Str(name) => Some(name.clone()),
            _ => None,
        };
        let static_attributes = names.iter().map(of_name).collect::<Option<_>>()?;
        let body = if has_dict { resume + 9 } else { resume + 7 };
        (is_begun && body <= end).then_some(Outline { resume, body, end, return_value, static_attributes })
    }
}

/// The code of a class whose parts these are, in order. `None` where they cannot be joined.
fn join_class(parts: Vec<RawCode>) -> Option<RawCode> {
    let cells: Vec<&str> = CELLS.into_iter().filter(|cell| parts.iter().any(|part| has_cell(part, cell))).collect();
    let [class_cell, dict_cell] = CELLS.map(|cell| cells.iter().position(|&other| other == cell));
    let mut joiner = Joiner::default();
    (0..cells.len()).for_each(|cell| joiner.push(Opcode::MakeCell, cell));
    let mut static_attributes = BTreeSet::new();
    let mut whole: Option<RawCode> = None;
    for mut part in parts {
        let slot_of = |name: &String| cells.iter().position(|cell| cell == name).map(|slot| slot as u32);
        let slots: Vec<u32> = part.localsplus_names.iter().map(slot_of).collect::<Option<_>>()?;
        if dict_cell.is_some() != has_cell(&part, CELLS[1]) {
            return None;
        }
        let decoded = decode(&Tables::of(&part)).ok()?;
        let outline = Outline::of(&part, &decoded)?;
        static_attributes.extend(outline.static_attributes);
        let start = if whole.is_none() { outline.resume } else { outline.body };
        let tail = outline.return_value + 1..decoded.instructions.len();
        let kept = Kept { main: start..outline.end, tail, is_left: true };
        joiner.add(&mut part, decoded, kept, &slots, false)?;
        match &mut whole {
            None => whole = Some(part),
            Some(whole) if whole.flags == part.flags => whole.stack_size = whole.stack_size.max(part.stack_size),
            Some(_) => return None,
        }
    }
    joiner.push_constant(RawConst::Tuple(static_attributes.into_iter().map(RawConst::Str).collect()));
    joiner.push_name(Opcode::StoreName, "__static_attributes__");
    if let Some(cell) = dict_cell {
        joiner.push(Opcode::LoadFastBorrow, cell);
        joiner.push_name(Opcode::StoreName, "__classdictcell__");
    }
    match class_cell {
        Some(cell) => {
            joiner.push(Opcode::LoadFastBorrow, cell);
            joiner.push(Opcode::Copy, 1);
            joiner.push_name(Opcode::StoreName, "__classcell__");
        }
        None => joiner.push_constant(RawConst::None),
    }
    joiner.push(Opcode::ReturnValue, 0);
    let names: Box<[String]> = cells.iter().map(|&cell| cell.to_owned()).collect();
    joiner.finish(RawCode {
        cellvars: names.clone(),
        localsplus_kinds: vec![LocalKind::CELL; names.len()].into(),
        localsplus_names: names,
        ..whole?
    })
}

fn has_cell(part: &RawCode, cell: &str) -> bool {
    part.localsplus_names.iter().any(|name| name == cell)
}
