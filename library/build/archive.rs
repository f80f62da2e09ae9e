//! Archives whose members are stored as they are: all of them packed at once get smaller than each deflated by itself.

use miniz_oxide::inflate::decompress_to_vec;

/// The records of an archive, by the four bytes that each begins with, and how long their fixed parts are.
const MEMBER: (&[u8], usize) = (b"PK\x03\x04", 30);
const ENTRY: (&[u8], usize) = (b"PK\x01\x02", 46);
const END: (&[u8], usize) = (b"PK\x05\x06", 22);
/// The flag of members whose sizes stand behind their data.
const SIZES_BEHIND: u16 = 1 << 3;
const STORED: u16 = 0;

/// The archive with each member stored.
pub fn stored(archive: &[u8]) -> Vec<u8> {
    let end = archive.len() - END.1;
    assert!(archive[end..].starts_with(END.0), "the archive ends without a comment");
    let (mut data, mut directory) = (Vec::new(), Vec::new());
    let n_entries = short(archive, end + 10);
    let mut at = long(archive, end + 16);
    for _ in 0..n_entries {
        let name_length = usize::from(short(archive, at + 28));
        let length =
            ENTRY.1 + name_length + usize::from(short(archive, at + 30)) + usize::from(short(archive, at + 32));
        let entry = &archive[at..at + length];
        assert!(entry.starts_with(ENTRY.0));
        let name = &entry[ENTRY.1..ENTRY.1 + name_length];
        let member = member(archive, entry);
        // What both records say of the member: from the flags to the sum, then both sizes, then how long the name is.
        let mut said = entry[8..20].to_vec();
        put(&mut said, 0, short(entry, 8) & !SIZES_BEHIND);
        put(&mut said, 2, STORED);
        let size = u32::try_from(member.len()).expect("a small archive").to_le_bytes();
        said.extend([size, size].concat());
        said.extend(&entry[28..30]);
        let offset = u32::try_from(data.len()).expect("a small archive");
        data.extend([MEMBER.0, &entry[6..8], &said, &[0; 2], name, &member].concat());
        directory.extend([&entry[..8], &said, &[0; 4], &entry[34..42], &offset.to_le_bytes(), name].concat());
        at += length;
    }
    let places =
        [directory.len(), data.len()].map(|place| u32::try_from(place).expect("a small archive").to_le_bytes());
    [&data[..], &directory, &archive[end..end + 12], &places.concat(), &[0; 2]].concat()
}

/// The data of a member, of which the directory has this entry.
fn member(archive: &[u8], entry: &[u8]) -> Vec<u8> {
    let at = long(entry, 42);
    assert!(archive[at..].starts_with(MEMBER.0));
    let start = at + MEMBER.1 + usize::from(short(archive, at + 26)) + usize::from(short(archive, at + 28));
    let packed = &archive[start..start + long(entry, 20)];
    let data =
        if short(entry, 10) == STORED { packed.to_vec() } else { decompress_to_vec(packed).expect("it is deflated") };
    assert_eq!(data.len(), long(entry, 24), "the member is whole");
    data
}

fn short(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}
fn long(bytes: &[u8], at: usize) -> usize {
    usize::from(short(bytes, at)) | usize::from(short(bytes, at + 2)) << 16
}
fn put(bytes: &mut [u8], at: usize, number: u16) {
    bytes[at..at + 2].copy_from_slice(&number.to_le_bytes());
}
