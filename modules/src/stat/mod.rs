//! `_stat`: what the mode of a file says, under the module `stat`.

use stitch_runtime::object::argument::method;
use stitch_runtime::object::module::{Constant, ModuleSpec};
use stitch_runtime::object::native::NativeRow;
use stitch_runtime::{PyResult, Value, Vm};

/// Of a mode: bits of a C `mode_t`.
const S_IFMT: u32 = 0o170_000;

macro_rules! kinds {
    ($($function:ident $constant:ident $number:literal $letter:literal $doc:literal;)*) => {
        const KINDS: &[(u32, char)] = &[$(($number, $letter)),*];
        const KIND_CONSTANTS: &[(&str, Constant)] = &[$((stringify!($constant), Constant::Int($number))),*];
        const FUNCTIONS: &[NativeRow] = &[
            $(
                method(stringify!($function), "(mode, /)", |vm: &mut Vm, mode: Value| -> PyResult<bool> {
                    Ok($number != 0 && mode_of(vm, mode)? & S_IFMT == $number)
                })
                .doc($doc),
            )*
            method("S_IMODE", "(mode, /)", |vm: &mut Vm, mode: Value| -> PyResult<i64> {
                Ok((mode_of(vm, mode)? & 0o7777).into())
            })
            .doc("The part of a mode that chmod sets."),
            method("S_IFMT", "(mode, /)", |vm: &mut Vm, mode: Value| -> PyResult<i64> {
                Ok((mode_of(vm, mode)? & S_IFMT).into())
            })
            .doc("The part of a mode that says what it is."),
            method("filemode", "(mode, /)", |vm: &mut Vm, mode: Value| -> PyResult<String> {
                Ok(text_of(mode_of(vm, mode)?))
            })
            .doc("A mode as text: -rwxr-xr-x."),
        ];
    };
}

kinds! {
    S_ISDIR S_IFDIR 0o040_000 'd' "Is it a directory?";
    S_ISCHR S_IFCHR 0o020_000 'c' "Is it a device of characters?";
    S_ISBLK S_IFBLK 0o060_000 'b' "Is it a device of blocks?";
    S_ISREG S_IFREG 0o100_000 '-' "Is it a regular file?";
    S_ISFIFO S_IFIFO 0o010_000 'p' "Is it a pipe?";
    S_ISLNK S_IFLNK 0o120_000 'l' "Is it a symbolic link?";
    S_ISSOCK S_IFSOCK 0o140_000 's' "Is it a socket?";
    S_ISDOOR S_IFDOOR 0 'D' "Is it a door? There are none.";
    S_ISPORT S_IFPORT 0 'P' "Is it an event port? There are none.";
    S_ISWHT S_IFWHT 0 'w' "Is it a whiteout? There are none.";
}

macro_rules! constants {
    ($($name:ident $number:literal)*) => {
        const CONSTANTS: &[(&str, Constant)] = &[$((stringify!($name), Constant::Int($number))),*];
    };
}

constants! {
    S_ISUID 0o4000 S_ISGID 0o2000 S_ISVTX 0o1000
    S_IRWXU 0o700 S_IRUSR 0o400 S_IWUSR 0o200 S_IXUSR 0o100
    S_IRWXG 0o070 S_IRGRP 0o040 S_IWGRP 0o020 S_IXGRP 0o010
    S_IRWXO 0o007 S_IROTH 0o004 S_IWOTH 0o002 S_IXOTH 0o001
    S_ENFMT 0o2000 S_IREAD 0o400 S_IWRITE 0o200 S_IEXEC 0o100
    UF_SETTABLE 0x0000_ffff UF_NODUMP 0x1 UF_IMMUTABLE 0x2 UF_APPEND 0x4 UF_OPAQUE 0x8 UF_NOUNLINK 0x10
    UF_COMPRESSED 0x20 UF_TRACKED 0x40 UF_DATAVAULT 0x80 UF_HIDDEN 0x8000
    SF_SETTABLE 0xffff_0000 SF_ARCHIVED 0x1_0000 SF_IMMUTABLE 0x2_0000 SF_APPEND 0x4_0000 SF_NOUNLINK 0x10_0000
    SF_SNAPSHOT 0x20_0000 SF_FIRMLINK 0x80_0000 SF_DATALESS 0x4000_0000
    ST_MODE 0 ST_INO 1 ST_DEV 2 ST_NLINK 3 ST_UID 4 ST_GID 5 ST_SIZE 6 ST_ATIME 7 ST_MTIME 8 ST_CTIME 9
}

pub static MODULE: ModuleSpec = ModuleSpec {
    name: "_stat",
    doc: "What the mode of a file says.",
    functions: FUNCTIONS,
    constants: CONSTANTS,
    exec: Some(|vm, module| {
        for &(name, constant) in KIND_CONSTANTS {
            if let Constant::Int(number) = constant {
                vm.set_module_entry(module, name, Value::small_int(number));
            }
        }
        Ok(())
    }),
    ..ModuleSpec::NEW
};

fn mode_of(vm: &mut Vm, mode: Value) -> PyResult<u32> {
    let int = vm.index(mode)?;
    match vm.int_to_i64(int) {
        Some(word) if word < 0 => Err(vm.raise_overflow("can't convert negative value to unsigned int")),
        Some(word) => u32::try_from(word).map_err(|_| vm.raise_overflow("mode out of range")),
        None => Err(vm.raise_overflow("Python int too large to convert to C unsigned long")),
    }
}

fn text_of(mode: u32) -> String {
    let kind = KINDS.iter().find(|(kind, _)| *kind != 0 && mode & S_IFMT == *kind);
    let mut text = String::from(kind.map_or('?', |(_, letter)| *letter));
    for (shift, special, letter) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
        let bits = mode >> shift;
        text.push(if bits & 4 != 0 { 'r' } else { '-' });
        text.push(if bits & 2 != 0 { 'w' } else { '-' });
        text.push(match (bits & 1 != 0, mode & special != 0) {
            (true, true) => letter,
            (false, true) => letter.to_ascii_uppercase(),
            (true, false) => 'x',
            (false, false) => '-',
        });
    }
    text
}
