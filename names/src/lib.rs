//! The names of characters as `\N{…}` and `unicodedata.lookup` take them.
//!
//! It stands in for an older version of the crate whose table it reads, which the parser asks for, so that the binary has one such table.

use rustpython_unicode::data::{character_name, lookup_character};

/// The names that are made of a character's number or of its parts; they are taken in capitals alone.
const MADE: [&str; 2] = ["HANGUL SYLLABLE ", "CJK UNIFIED IDEOGRAPH-"];

/// The character of a name or of an alias, in capitals or not.
pub fn character(name: &str) -> Option<char> {
    let is_wanted = |found: char| match table::name(found).map(|name| name.to_string()) {
        Some(own) if MADE.iter().any(|made| own.starts_with(made)) => own == name,
        Some(own) if own.eq_ignore_ascii_case(name) => true,
        // The table passes over blanks and hyphens, which Python does not, and so do the aliases of one word in it.
        own => !name.contains(is_passed_over) && own.is_none_or(|own| !is_but_for_blanks(&own, name)),
    };
    match table::character(name) {
        Some(found) => Some(found).filter(|&found| is_wanted(found)),
        // An alias, unless it is a name that only this database has.
        None => lookup_character(name)
            .filter(|&found| character_name(found).is_none_or(|own| !own.eq_ignore_ascii_case(name))),
    }
}

fn is_passed_over(c: char) -> bool {
    matches!(c, '_' | '-') || c.is_ascii_whitespace()
}

fn is_but_for_blanks(own: &str, name: &str) -> bool {
    own.chars().filter(|&c| !is_passed_over(c)).eq(name.chars().map(|c| c.to_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::character;

    #[test]
    fn names_are_exact_but_for_capitals() {
        let known = [
            ("low line", '_'),
            ("HYPHEN-MINUS", '-'),
            ("Tibetan Letter -A", '\u{F60}'),
            ("HANGUL SYLLABLE GA", '가'),
            ("lf", '\n'),
            ("Latin small letter gha", '\u{1A3}'),
        ];
        for (name, expected) in known {
            assert_eq!(character(name), Some(expected), "{name}");
        }
        let unknown = [
            "low_line",
            "l o w line",
            "lowline",
            "HYPHEN MINUS",
            "tibetanletter - a",
            "l f",
            "cjk unified ideograph-4e00",
            "",
        ];
        for name in unknown {
            assert_eq!(character(name), None, "{name}");
        }
    }
}
