//! An object file in memory for a piece of code that lies elsewhere: its symbol, its lines, how frames are unwound.

use super::Symbol;
use super::dwarf;

/// The processor, in the numbers of object files.
pub const MACHINE: u16 = 62;

const HEADER_BYTES: usize = 64;
const SECTION_BYTES: u16 = 64;
const SYMBOL_BYTES: u64 = 24;

const PROGBITS: u32 = 1;
const SYMTAB: u32 = 2;
const STRTAB: u32 = 3;
const NOBITS: u32 = 8;
const ALLOCATED: u64 = 2;
const EXECUTABLE: u64 = 4;

#[derive(Default)]
struct Section {
    name: &'static str,
    kind: u32,
    flags: u64,
    address: u64,
    /// Of sections without content.
    size_bytes: u64,
    content: Vec<u8>,
    link: u32,
    info: u32,
    entry_bytes: u64,
}

/// Index of the section of names.
const STRINGS: u32 = 2;

/// The file.
pub fn object_file(symbol: &Symbol) -> Vec<u8> {
    let (address, size_bytes) = (symbol.address as u64, symbol.code.len() as u64);
    let with_content = |name, kind, content| Section { name, kind, content, ..Section::default() };
    let mut sections = vec![
        Section {
            name: ".text",
            kind: NOBITS,
            flags: ALLOCATED | EXECUTABLE,
            address,
            size_bytes,
            ..Section::default()
        },
        with_content(".strtab", STRTAB, strings(&symbol.name)),
        Section {
            link: STRINGS,
            info: 1,
            entry_bytes: SYMBOL_BYTES,
            ..with_content(".symtab", SYMTAB, symbols(size_bytes))
        },
    ];
    if let Some(unwinding) = dwarf::unwinding(symbol) {
        sections.push(Section { flags: ALLOCATED, ..with_content(".eh_frame", PROGBITS, unwinding) });
    }
    if let Some(lines) = dwarf::Lines::of(symbol) {
        sections.push(with_content(".debug_abbrev", PROGBITS, lines.abbreviations));
        sections.push(with_content(".debug_info", PROGBITS, lines.info));
        sections.push(with_content(".debug_line", PROGBITS, lines.program));
    }
    sections.push(with_content(".shstrtab", STRTAB, Vec::new()));
    assemble(sections)
}

/// An empty name, then the symbol's.
fn strings(name: &str) -> Vec<u8> {
    let name = name.bytes().filter(|&byte| byte != 0);
    std::iter::once(0).chain(name).chain(std::iter::once(0)).collect()
}

/// No symbol, then a global function at the start of section 1.
fn symbols(size_bytes: u64) -> Vec<u8> {
    let mut table = vec![0; SYMBOL_BYTES as usize];
    table.extend(1u32.to_le_bytes());
    table.extend([0x12, 0]);
    table.extend(1u16.to_le_bytes());
    table.extend(0u64.to_le_bytes());
    table.extend(size_bytes.to_le_bytes());
    table
}

/// Lays sections out, the last of which gets the names of all.
fn assemble(mut sections: Vec<Section>) -> Vec<u8> {
    let mut names = vec![0u8];
    let mut name_offsets = Vec::new();
    for section in &sections {
        name_offsets.push(names.len() as u32);
        names.extend(section.name.bytes().chain([0]));
    }
    let n_sections = sections.len() as u16 + 1;
    if let Some(last) = sections.last_mut() {
        last.content = names;
    }
    let mut file = vec![0; HEADER_BYTES];
    let mut offsets = Vec::new();
    for section in &sections {
        file.resize(file.len().next_multiple_of(8), 0);
        offsets.push(file.len() as u64);
        file.extend(&section.content);
    }
    file.resize(file.len().next_multiple_of(8), 0);
    let table = file.len() as u64;
    file.resize(file.len() + usize::from(SECTION_BYTES), 0);
    for (at, section) in sections.iter().enumerate() {
        let size_bytes = if section.kind == NOBITS { section.size_bytes } else { section.content.len() as u64 };
        file.extend(name_offsets[at].to_le_bytes());
        file.extend(section.kind.to_le_bytes());
        for word in [section.flags, section.address, offsets[at], size_bytes] {
            file.extend(word.to_le_bytes());
        }
        file.extend(section.link.to_le_bytes());
        file.extend(section.info.to_le_bytes());
        file.extend(8u64.to_le_bytes());
        file.extend(section.entry_bytes.to_le_bytes());
    }
    write_header(&mut file, table, n_sections);
    file
}

fn write_header(file: &mut [u8], table: u64, n_sections: u16) {
    let mut header = Vec::with_capacity(HEADER_BYTES);
    // 64 bits, little endian, version 1, System V.
    header.extend(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0");
    // Relocatable: symbols count from their section's start.
    header.extend(1u16.to_le_bytes());
    header.extend(MACHINE.to_le_bytes());
    header.extend(1u32.to_le_bytes());
    for word in [0, 0, table] {
        header.extend(u64::to_le_bytes(word));
    }
    header.extend(0u32.to_le_bytes());
    for half in [HEADER_BYTES as u16, 0, 0, SECTION_BYTES, n_sections, n_sections - 1] {
        header.extend(half.to_le_bytes());
    }
    file[..HEADER_BYTES].copy_from_slice(&header);
}

#[cfg(test)]
mod tests {
    use super::super::CodeLine;
    use super::*;

    fn number(bytes: &[u8], at: usize, n_bytes: usize) -> u64 {
        bytes[at..at + n_bytes].iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte))
    }

    #[test]
    fn sections_lie_where_the_table_says() {
        let line = |offset, line| CodeLine { offset, file: "a.py".into(), line };
        let symbol = Symbol {
            name: "f:1".into(),
            address: 0x1234_5000,
            code: vec![0x55, 0x48, 0x89, 0xE5, 0xC3],
            lines: vec![line(0, 1), line(4, 300)],
        };
        let file = object_file(&symbol);
        let (table, n_sections, names) = (number(&file, 40, 8), number(&file, 60, 2), number(&file, 62, 2));
        let field = |section: u64, at: u64, n_bytes| number(&file, (table + 64 * section + at) as usize, n_bytes);
        let sections: Vec<(String, u64, &[u8])> = (1..n_sections)
            .map(|section| {
                let name = (field(names, 24, 8) + field(section, 0, 4)) as usize;
                let name = file[name..].split(|&byte| byte == 0).next().unwrap();
                let (start, size) = (field(section, 24, 8) as usize, field(section, 32, 8) as usize);
                let content = if field(section, 4, 4) == u64::from(NOBITS) { &[] } else { &file[start..start + size] };
                (String::from_utf8(name.to_vec()).unwrap(), field(section, 16, 8), content)
            })
            .collect();
        let shown: Vec<&str> = sections.iter().map(|section| &*section.0).collect();
        let expected =
            [".text", ".strtab", ".symtab", ".eh_frame", ".debug_abbrev", ".debug_info", ".debug_line", ".shstrtab"];
        assert_eq!(shown, expected);
        assert_eq!((sections[0].1, sections[1].2), (0x1234_5000, &b"\0f:1\0"[..]));
        for section in &sections[5..7] {
            assert_eq!(number(section.2, 0, 4) as usize + 4, section.2.len(), "{}", section.0);
        }
        // To the second row: 4 bytes on, file 1, 299 lines on.
        let program = sections[6].2;
        assert!(program.windows(9).any(|window| window == [2, 4, 4, 1, 3, 0xAB, 2, 1, 2]), "{program:?}");
    }
}
