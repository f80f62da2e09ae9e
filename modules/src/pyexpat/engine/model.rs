//! Content models: what an element may contain.

use super::scan::Repeat;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum ModelKind {
    Empty = 1,
    Any,
    Mixed,
    Name,
    Choice,
    Sequence,
}

/// One part of a content model. Its children are linked in order.
pub struct Part {
    pub kind: ModelKind,
    pub repeat: Repeat,
    pub name: Vec<u8>,
    pub first_child: Option<usize>,
    pub next: Option<usize>,
    last_child: Option<usize>,
}

/// A content model; its first part is the whole.
#[derive(Default)]
pub struct Model {
    pub parts: Vec<Part>,
    /// Groups that are open.
    open: Vec<usize>,
}

impl Model {
    pub fn of(kind: ModelKind) -> Model {
        let mut model = Model::default();
        model.add(kind, Repeat::Once, &[]);
        model
    }
    pub fn clear(&mut self) {
        self.parts.clear();
        self.open.clear();
    }
    pub fn depth(&self) -> usize {
        self.open.len()
    }
    /// Adds a part to the group that is open.
    pub fn add(&mut self, kind: ModelKind, repeat: Repeat, name: &[u8]) -> usize {
        let part = self.parts.len();
        self.parts.push(Part { kind, repeat, name: name.to_vec(), first_child: None, next: None, last_child: None });
        if let Some(&group) = self.open.last() {
            match self.parts[group].last_child.replace(part) {
                Some(before) => self.parts[before].next = Some(part),
                None => self.parts[group].first_child = Some(part),
            }
        }
        part
    }
    pub fn open_group(&mut self) {
        let group = self.add(ModelKind::Sequence, Repeat::Once, &[]);
        self.open.push(group);
    }
    pub fn close_group(&mut self, repeat: Repeat) {
        if let Some(group) = self.open.pop() {
            self.parts[group].repeat = repeat;
        }
    }
    /// The group that is open is of this kind.
    pub fn set_kind(&mut self, kind: ModelKind) {
        if let Some(&group) = self.open.last() {
            self.parts[group].kind = kind;
        }
    }
}
