//! The notices of the licences of others name what the binary is built with.

use std::collections::BTreeSet;

const LOCK: &str = include_str!("../Cargo.lock");
const NOTICES: &str = include_str!("../NOTICES.txt");

#[test]
fn the_notices_name_the_crates_of_the_lock_file() {
    let field = |package: &str, name: &str| {
        let start = format!("{name} = \"");
        package.lines().find_map(|line| Some(line.strip_prefix(start.as_str())?.trim_end_matches('"').to_owned()))
    };
    let locked: BTreeSet<String> = LOCK
        .split("[[package]]")
        .filter(|package| field(package, "source").is_some())
        .filter_map(|package| Some(format!("{} {}", field(package, "name")?, field(package, "version")?)))
        .collect();
    let list = NOTICES.split("\n\n").nth(1).expect("the list is behind the title");
    let named: BTreeSet<String> = list.lines().filter_map(|row| Some(row.split_once(": ")?.0.to_owned())).collect();
    let differences: Vec<&String> = locked.symmetric_difference(&named).collect();
    assert!(differences.is_empty(), "run docs/notices.py: {differences:?}");
}
