//! Each executor, with its exits and all its forms.

use super::{Report, advice, escape};
use crate::debug::places::CodePlace;
use crate::exec::Executor;
use crate::uop::ExitIdx;
use std::fmt::Write as _;

impl Report<'_> {
    pub fn write_executor(&mut self, id: usize) {
        let executor = &*self.vm.jit.executors[id];
        let (gone, state) = if executor.valid == 0 { (" gone", ", gone") } else { ("", "") };
        let place = self.place(executor.place());
        let share = self.share(executor);
        let (function, _) = self.vm.function_and_file(executor.place()).unwrap_or_default();
        let line = executor.place().line().map_or(String::new(), |line| format!(":{line}"));
        let of = escape(&format!("{function}{line}"));
        let mut html = String::new();
        _ = writeln!(
            html,
            "<details class=\"executor{gone}\" id=\"x{id}\"><summary>{id}: {:?} {of}{state}, {share:.1} %, {} runs</summary>\n<p>{place}",
            executor.kind, executor.runs
        );
        if let Some((parent, exit)) = executor.parent {
            _ = write!(html, ", from {exit} of <a href=\"#x{parent}\">{parent}</a>");
        }
        if executor.root != executor.id && (executor.root as usize) < self.vm.jit.executors.len() {
            _ = write!(html, ", in the tree of <a href=\"#x{0}\">{0}</a>", executor.root);
        }
        if let Some(next) = executor.replaced_by {
            _ = write!(html, ", replaced by <a href=\"#x{next}\">{next}</a>");
        }
        html.push_str("</p>\n");
        if let Some(why) = &executor.taken_out {
            _ = writeln!(html, "<p>Taken out: {}.</p>", escape(&why.to_string()));
        }
        self.write_exits(&mut html, executor);
        fold(&mut html, "Bytecode", &bytecode(executor.place()));
        for (pass, text) in &executor.passes {
            fold(&mut html, &format!("Micro-ops after: {pass}"), text);
        }
        fold(&mut html, "Micro-ops, with their time", &self.timed_uops(executor));
        if let Some(text) = executor.compiled.as_ref().and_then(|compiled| compiled.text.as_ref()) {
            fold(&mut html, "Cranelift IR", &text.ir);
            fold(&mut html, "Machine code", &text.assembly);
        }
        html.push_str("</details>\n");
        self.html.push_str(&html);
    }

    fn write_exits(&self, html: &mut String, executor: &Executor) {
        if executor.exits.is_empty() || executor.superblock.exits.is_empty() {
            return;
        }
        html.push_str(
            "<details><summary>Exits</summary><table><tr><th></th><th>kind</th><th>check</th><th>taken</th><th>to</th><th></th></tr>\n",
        );
        for (at, exit) in executor.exits.iter().enumerate() {
            let idx = ExitIdx(at as u32);
            let uop = executor.superblock.uops.iter().find(|uop| uop.exit == Some(idx));
            let why = uop.map_or("", |uop| uop.op.name());
            let target = exit.target.map_or(String::new(), |id| format!("<a href=\"#x{id}\">{id}</a>, "));
            let advice = if exit.taken > 0 { advice::on_exit(exit.kind, why, executor.place_of_exit(idx)) } else { "" };
            _ = writeln!(
                html,
                "<tr><td>{idx}</td><td>{:?}</td><td>{why}</td><td>{}</td><td>{target}{}</td><td class=\"advice\">{}</td></tr>",
                exit.kind,
                exit.taken,
                self.place(executor.place_of_exit(idx)),
                escape(advice)
            );
        }
        html.push_str("</table></details>\n");
    }

    fn timed_uops(&self, executor: &Executor) -> String {
        let profile = self.vm.sampler.as_ref().map(|sampler| &sampler.profile);
        let n_uops = executor.superblock.uops.len();
        let mut text = String::new();
        for (at, line) in executor.superblock.to_string().lines().enumerate() {
            let n =
                profile.and_then(|profile| profile.uops.get(&(executor.id, Some(at as u32)))).filter(|_| at < n_uops);
            let share = n.and_then(|n| profile.map(|profile| format!("{:5.1} %", profile.share(*n))));
            _ = writeln!(text, "{:8} {line}", share.unwrap_or_default());
        }
        text
    }
}

/// A form that is shown when it is asked for; nothing of one that there is not.
fn fold(html: &mut String, title: &str, text: &str) {
    if !text.is_empty() {
        _ = writeln!(html, "<details><summary>{}</summary><pre>{}</pre></details>", escape(title), escape(text));
    }
}

/// Where an executor starts is marked.
fn bytecode(place: CodePlace) -> String {
    let Some(code) = place.decoded() else { return String::new() };
    let mut text = String::new();
    for (at, instruction) in code.original.iter().enumerate() {
        let mark = if at == place.ip as usize { ">" } else { " " };
        let line = code.positions().get(at).map_or(-1, |position| position.line);
        let (offset, name) = (code.byte_of(at), instruction.opcode.name());
        _ = writeln!(text, "{mark} {line:4} {offset:5} {name:28} {}", instruction.arg);
    }
    text
}
