//! What is made of the table of flags for others to read: the page of the manual, and what shells complete.

use std::fmt::Write as _;

use stitch_runtime::config::python_version;

use crate::flags::{Effect, FLAGS, Flag};

/// Makes a text.
type Make = fn() -> String;

/// What can be made, by the name that is asked for.
pub const KINDS: [(&str, Make); 4] =
    [("man", man), ("complete-bash", complete_bash), ("complete-zsh", complete_zsh), ("complete-fish", complete_fish)];

/// The forms of a flag with their dashes.
fn names(flag: &Flag) -> impl Iterator<Item = String> {
    let longs = (!flag.long.is_empty()).then(|| format!("--{}", flag.long));
    flag.short.chars().map(|letter| format!("-{letter}")).chain(longs)
}

/// What its value is called, where it takes one.
fn value_of(flag: &Flag) -> Option<&'static str> {
    match flag.effect {
        Effect::Value(value, _) => Some(value),
        Effect::Switch(_) => None,
    }
}

/// The values there are, where they are all in the table.
fn choices(flag: &Flag) -> Option<Vec<&'static str>> {
    value_of(flag).filter(|value| value.contains('|')).map(|value| value.split('|').collect())
}

/// Does its value name a file?
fn takes_file(flag: &Flag) -> bool {
    value_of(flag) == Some("file")
}

/// Text as troff reads it.
fn troff(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

fn man() -> String {
    let ours = env!("CARGO_PKG_VERSION");
    let mut out = format!(
        ".TH STITCH 1 \"\" \"stitch {ours}\" \"User Commands\"\n\
         .SH NAME\nstitch \\- runs Python {} programs, compiling what is hot\n\
         .SH SYNOPSIS\n.B stitch\n[\\fIoption\\fR ...] [\\fB\\-c\\fR \\fIcmd\\fR | \\fB\\-m\\fR \\fImod\\fR | \\fIfile\\fR | \
         \\fB\\-\\fR] [\\fIarg\\fR ...]\n\
         .SH DESCRIPTION\nThe program is a command, a module, a file, or what is read from standard input. The arguments behind it \
         are in \\fBsys.argv\\fR.\n\
         .SH OPTIONS\n",
        python_version()
    );
    for flag in FLAGS {
        let mut heading = names(flag).map(|name| format!("\\fB{}\\fR", troff(&name))).collect::<Vec<_>>().join(", ");
        if let Some(value) = value_of(flag) {
            let joint = if flag.long.is_empty() { ' ' } else { '=' };
            _ = write!(heading, "{joint}\\fI{}\\fR", troff(value));
        }
        _ = writeln!(out, ".TP\n{heading}\n{}", troff(flag.help));
    }
    out + ".SH EXIT STATUS\nThat of the program; 2 where the options are wrong or the program cannot be read, 120 where what it wrote \
           could not be written.\n"
}

fn complete_bash() -> String {
    let words: Vec<String> = FLAGS.iter().flat_map(names).collect();
    let mut cases = String::new();
    for flag in FLAGS {
        let forms = names(flag).collect::<Vec<_>>().join("|");
        if let Some(choices) = choices(flag) {
            _ = writeln!(
                cases,
                "    {forms}) COMPREPLY=($(compgen -W '{}' -- \"$word\")); return ;;",
                choices.join(" ")
            );
        } else if !takes_file(flag) && value_of(flag).is_some() {
            _ = writeln!(cases, "    {forms}) return ;;");
        }
    }
    format!(
        "_stitch() {{\n  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}}\n  \
         if [[ $before == = ]]; then before=${{COMP_WORDS[COMP_CWORD-2]}}; fi\n  if [[ $word == = ]]; then word=; fi\n  \
         case $before in\n{cases}  esac\n  \
         if [[ $word == -* ]]; then COMPREPLY=($(compgen -W '{}' -- \"$word\")); return; fi\n  \
         COMPREPLY=($(compgen -f -- \"$word\"))\n}}\ncomplete -o filenames -F _stitch stitch\n",
        words.join(" ")
    )
}

/// Between single quotes.
fn quoted(text: &str) -> String {
    text.replace('\'', "'\\''")
}

fn complete_zsh() -> String {
    let mut out = String::from("#compdef stitch\n_arguments -S \\\n");
    for flag in FLAGS {
        // What stands in brackets ends at a bracket, and a name at a colon.
        let help = quoted(flag.help).replace('[', "\\[").replace(']', "\\]").replace(':', "\\:");
        let value = match (value_of(flag), choices(flag)) {
            (None, _) => String::new(),
            (Some(_), Some(choices)) => format!(":value:({})", choices.join(" ")),
            (Some(value), None) if takes_file(flag) => format!(":{value}:_files"),
            (Some(value), None) => format!(":{value}:"),
        };
        for name in names(flag) {
            // The value stands behind a sign, or in the next word.
            let joint = if value.is_empty() || !name.starts_with("--") { "" } else { "=" };
            _ = writeln!(out, "  '{name}{joint}[{help}]{value}' \\");
        }
    }
    out + "  '1:program:_files' '*:argument:_files'\n"
}

fn complete_fish() -> String {
    let mut out = String::new();
    for flag in FLAGS {
        out.push_str("complete -c stitch");
        for letter in flag.short.chars() {
            _ = write!(out, " -s '{letter}'");
        }
        if !flag.long.is_empty() {
            _ = write!(out, " -l {}", flag.long);
        }
        match (value_of(flag), choices(flag)) {
            (None, _) => {}
            (Some(_), Some(choices)) => _ = write!(out, " -x -a '{}'", choices.join(" ")),
            (Some(_), None) if takes_file(flag) => out.push_str(" -r"),
            (Some(_), None) => out.push_str(" -x"),
        }
        _ = writeln!(out, " -d '{}'", flag.help.replace('\\', "\\\\").replace('\'', "\\'"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_is_in_all_of_them() {
        for (kind, make) in KINDS {
            let text = make();
            for flag in FLAGS {
                for name in names(flag) {
                    let shown = match kind {
                        "man" => troff(&name),
                        "complete-fish" => match name.strip_prefix("--") {
                            Some(long) => format!("-l {long}"),
                            None => format!("-s '{}'", &name[1..]),
                        },
                        _ => name,
                    };
                    assert!(text.contains(&shown), "{kind}: {shown}");
                }
            }
        }
    }
}
