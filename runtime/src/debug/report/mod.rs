//! A report of what the JIT did, as one file that a browser shows: the source with where the time went, each executor with all
//! its forms, the trees of traces.

mod advice;
mod executors;
mod source;
mod tree;

use crate::exec::Executor;
use crate::vm::Vm;
use std::fmt::Write as _;

/// What a report is made from.
struct Report<'v> {
    vm: &'v Vm,
    html: String,
    files: Vec<source::File>,
}

impl Vm {
    /// The report as HTML. It refers to nothing outside of itself.
    pub fn report(&self) -> String {
        let mut report = Report { vm: self, html: String::new(), files: source::files(self) };
        report.write();
        report.html
    }
}

impl Report<'_> {
    fn write(&mut self) {
        self.html.push_str(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>What the JIT did</title>\n",
        );
        _ = writeln!(self.html, "<style>\n{}</style></head><body>", include_str!("style.css"));
        self.html.push_str("<h1>What the JIT did</h1>\n");
        self.write_summary();
        self.write_files();
        self.html.push_str("<h2>Trees of traces</h2>\n");
        self.write_trees();
        self.html.push_str("<h2>Executors</h2>\n");
        for id in 0..self.vm.jit.executors.len() {
            self.write_executor(id);
        }
        _ = writeln!(self.html, "<script>\n{}</script></body></html>", include_str!("script.js"));
    }

    fn write_summary(&mut self) {
        let Report { vm, html, files } = self;
        if let Some(sampler) = &vm.sampler {
            _ = writeln!(html, "<p>{}</p>", escape(sampler.profile.summary().trim_start_matches("where").trim()));
        }
        _ = writeln!(
            html,
            "<details><summary>Counters</summary><pre>{}</pre></details>",
            escape(&vm.jit.stats.to_string())
        );
        html.push_str("<ul>");
        for (at, file) in files.iter().enumerate() {
            _ = write!(html, "<li><a href=\"#f{at}\">{}</a></li>", escape(&file.name));
        }
        html.push_str("</ul>\n");
    }

    /// A link to a line, where it is shown; else its text alone.
    fn place(&self, executor_place: super::places::CodePlace) -> String {
        let text = escape(&self.vm.describe_place(executor_place));
        let line = executor_place.line().and_then(|line| usize::try_from(line).ok());
        let file = self.vm.function_and_file(executor_place).and_then(|(_, name)| {
            let at = self.files.iter().position(|file| file.name == name)?;
            line.filter(|&line| (1..=self.files[at].lines.len()).contains(&line)).map(|line| (at, line))
        });
        match file {
            Some((at, line)) => format!("<a href=\"#f{at}l{line}\">{text}</a>"),
            None => text,
        }
    }

    /// Samples of an executor, in percent.
    fn share(&self, executor: &Executor) -> f64 {
        let profile = self.vm.sampler.as_ref().map(|sampler| &sampler.profile);
        profile.map_or(0.0, |profile| profile.share(profile.of_executor(executor.id)))
    }
}

/// Text as HTML shows it, in elements and in attributes.
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            // Not allowed in HTML, however they are written.
            '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\x7F' => html.push('\u{FFFD}'),
            letter => html.push(letter),
        }
    }
    html
}
