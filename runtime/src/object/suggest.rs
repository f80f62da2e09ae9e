//! What a name that is not there may have been meant to be.

/// What it costs to add, drop or change a character; to change its case alone.
const CHANGE: usize = 2;
const CHANGE_CASE: usize = 1;
/// Longer names are not compared.
const LONGEST: usize = 40;

/// The name that takes the least to be made of another one, if it takes less than to write a third of both.
pub fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let mut best: Option<(usize, &str)> = None;
    for name in names.filter(|&name| name != wrong && name.len().max(wrong.len()) <= LONGEST) {
        let most = (wrong.len() + name.len() + 3) * CHANGE / 6;
        let cost = cost(wrong.as_bytes(), name.as_bytes());
        if cost <= most && best.is_none_or(|(least, _)| cost < least) {
            best = Some((cost, name));
        }
    }
    best.map(|(_, name)| name)
}

/// The least cost of the changes that make one of the other.
fn cost(from: &[u8], to: &[u8]) -> usize {
    // Of each start of `to`: what it costs to make it of what of `from` was gone through.
    let mut row: Vec<usize> = (0..=to.len()).map(|n| n * CHANGE).collect();
    for &was in from {
        let mut diagonal = row[0];
        row[0] += CHANGE;
        for (at, &wanted) in to.iter().enumerate() {
            let change = match (was, wanted) {
                (was, wanted) if was == wanted => 0,
                (was, wanted) if was.eq_ignore_ascii_case(&wanted) => CHANGE_CASE,
                _ => CHANGE,
            };
            let least = (diagonal + change).min(row[at] + CHANGE).min(row[at + 1] + CHANGE);
            diagonal = std::mem::replace(&mut row[at + 1], least);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn names_that_are_near_are_found() {
        let names = ["sep", "end", "file", "flush"];
        let meant = |wrong| nearest(wrong, names.into_iter());
        assert_eq!(meant("sepp"), Some("sep"));
        assert_eq!(meant("Flush"), Some("flush"));
        assert_eq!(meant("nothing"), None);
        assert_eq!(meant(""), None);
    }
}
