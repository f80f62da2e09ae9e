//! The source, line by line: how much of the time, in which tier, what starts there, what leaves there and why.

use super::advice;
use super::{Report, escape};
use crate::debug::places::CodePlace;
use crate::exec::ExecutorKind;
use crate::uop::ExitIdx;
use crate::vm::Vm;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

pub struct File {
    pub name: String,
    /// Empty: the source is not there.
    pub lines: Vec<Line>,
}

#[derive(Clone, Default)]
pub struct Line {
    text: String,
    /// Samples in executors, and in tier 1.
    n_compiled: u64,
    n_tier1: u64,
    /// Executors that start here, and what was given up, as HTML.
    starts: Vec<String>,
    failures: Vec<String>,
    /// How often executors were left for here, and which, by the micro-op that left and what one could do about it.
    exits: BTreeMap<(&'static str, &'static str), (u64, BTreeSet<u32>)>,
}

/// The files in which something was compiled, tried, or sampled.
pub fn files(vm: &Vm) -> Vec<File> {
    let places = vm.jit.executors.iter().map(|executor| executor.place());
    let lines = vm.sampler.iter().flat_map(|sampler| sampler.profile.lines.keys());
    let sampled = lines.map(|&(code_object, ip)| CodePlace { code_object, ip });
    let names: BTreeSet<String> =
        places.chain(sampled).filter_map(|place| vm.function_and_file(place)).map(|(_, file)| file).collect();
    let mut files: Vec<File> = names
        .into_iter()
        .map(|name| {
            let lines =
                source_of(vm, &name).lines().map(|text| Line { text: text.to_owned(), ..Line::default() }).collect();
            File { name, lines }
        })
        .collect();
    count_samples(vm, &mut files);
    note_executors(vm, &mut files);
    note_failures(vm, &mut files);
    files
}

fn source_of(vm: &Vm, name: &str) -> String {
    match vm.sources.iter().find(|source| source.filename == name) {
        Some(source) => source.text.clone(),
        None => {
            crate::host::read_file(name).map_or_else(|_| String::new(), |bytes| String::from_utf8_lossy(&bytes).into())
        }
    }
}

fn line_at<'f>(vm: &Vm, files: &'f mut [File], place: CodePlace) -> Option<&'f mut Line> {
    let (_, name) = vm.function_and_file(place)?;
    let line = usize::try_from(place.line()?).ok()?.checked_sub(1)?;
    files.iter_mut().find(|file| file.name == name)?.lines.get_mut(line)
}

fn count_samples(vm: &Vm, files: &mut [File]) {
    let Some(sampler) = &vm.sampler else { return };
    for (&(code_object, ip), n) in &sampler.profile.lines {
        if let Some(line) = line_at(vm, files, CodePlace { code_object, ip }) {
            line.n_tier1 += n;
        }
    }
    for executor in &vm.jit.executors {
        let places = executor.places_of_uops();
        for (&(_, uop), n) in sampler.profile.uops.iter().filter(|((id, _), _)| *id == executor.id) {
            let place = uop.and_then(|uop| places.get(uop as usize).copied()).unwrap_or_else(|| executor.place());
            if let Some(line) = line_at(vm, files, place) {
                line.n_compiled += n;
            }
        }
    }
}

fn note_executors(vm: &Vm, files: &mut [File]) {
    for executor in &vm.jit.executors {
        let (id, kind) = (executor.id, format!("{:?}", executor.kind).to_lowercase());
        let gone = if executor.valid == 0 { ", gone" } else { "" };
        if let Some(line) = line_at(vm, files, executor.place()) {
            line.starts.push(format!("<a href=\"#x{id}\">{kind} {id}</a>{gone}"));
        }
        for (at, exit) in executor.exits.iter().enumerate().filter(|(_, exit)| exit.taken > 0) {
            let uop = executor.superblock.uops.iter().find(|uop| uop.exit == Some(ExitIdx(at as u32)));
            let why = uop.map_or("", |uop| uop.op.name());
            let place = executor.place_of_exit(ExitIdx(at as u32));
            let advice = advice::on_exit(exit.kind, why, place);
            if let Some(line) = line_at(vm, files, place) {
                let (taken, executors) = line.exits.entry((why, advice)).or_default();
                *taken += exit.taken;
                executors.insert(id);
            }
        }
    }
}

/// Each code object that something was compiled of was looked at; others are not known any more.
fn note_failures(vm: &Vm, files: &mut [File]) {
    let mut seen = BTreeSet::new();
    for executor in &vm.jit.executors {
        let place = executor.place();
        let Some(code) = place.decoded().filter(|_| executor.kind != ExecutorKind::External) else { continue };
        if !seen.insert(place.code_object) {
            continue;
        }
        for (ip, failures, is_final) in vm.jit.failures_of(code) {
            let left = if is_final { ", left alone" } else { "" };
            let (message, advice) = (failures.last.message(), advice::on_abort(failures.last));
            if let Some(line) = line_at(vm, files, CodePlace { ip, ..place }) {
                line.failures.push(format!(
                    "{} × given up: {}{left} <span class=\"advice\">{}</span>",
                    failures.n,
                    escape(message),
                    escape(advice)
                ));
            }
        }
    }
}

impl Line {
    /// As HTML.
    fn notes(&self) -> String {
        let mut notes = Vec::new();
        if !self.starts.is_empty() {
            notes.push(self.starts.join(", "));
        }
        for ((why, advice), (taken, executors)) in &self.exits {
            let links: Vec<String> = executors.iter().map(|id| format!("<a href=\"#x{id}\">{id}</a>")).collect();
            let (links, advice) = (links.join(", "), escape(advice));
            notes.push(format!("{taken} × {why} left {links} <span class=\"advice\">{advice}</span>"));
        }
        notes.extend(self.failures.iter().cloned());
        notes.join("<br>")
    }
}

impl Report<'_> {
    pub fn write_files(&mut self) {
        let n_samples = self.vm.sampler.as_ref().map_or(0, |sampler| sampler.profile.n_samples).max(1);
        let Report { html, files, .. } = self;
        for (at, file) in files.iter().enumerate() {
            _ = writeln!(html, "<h2 id=\"f{at}\">{}</h2>", escape(&file.name));
            if file.lines.is_empty() {
                html.push_str("<p>The source is not there.</p>\n");
                continue;
            }
            html.push_str("<table class=\"source\">\n");
            for (number, line) in file.lines.iter().enumerate() {
                let n = line.n_compiled + line.n_tier1;
                let share = 100.0 * n as f64 / n_samples as f64;
                let (class, tier) = match n {
                    0 => ("", ""),
                    _ if line.n_compiled >= line.n_tier1 => (" class=\"compiled\"", "compiled"),
                    _ => ("", "tier 1"),
                };
                let bar = match n {
                    0 => String::new(),
                    _ => format!("<span class=\"bar\" style=\"width:{:.0}px\"></span>{share:.1} %", share * 0.6),
                };
                let number = number + 1;
                _ = writeln!(
                    html,
                    "<tr id=\"f{at}l{number}\"{class}><td class=\"number\">{number}</td><td class=\"share\">{bar}</td><td class=\"tier\">{tier}</td>\
                     <td class=\"code\">{}</td><td class=\"notes\">{}</td></tr>",
                    escape(&line.text),
                    line.notes()
                );
            }
            html.push_str("</table>\n");
        }
    }
}
