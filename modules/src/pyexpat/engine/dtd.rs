//! What the declarations of a document say.

use std::collections::HashMap;
use std::rc::Rc;

pub type Text = Rc<[u8]>;

/// An entity: its text, or where that is found.
#[derive(Default)]
pub struct Entity {
    pub name: Vec<u8>,
    pub text: Option<Text>,
    pub system_id: Option<Vec<u8>>,
    pub public_id: Option<Vec<u8>>,
    pub base: Option<Vec<u8>>,
    /// It is no XML.
    pub notation: Option<Vec<u8>>,
    /// Declared in the document itself, and not by way of another entity.
    pub is_internal: bool,
}

/// What a declaration says of an attribute.
#[derive(Clone)]
pub struct AttributeType {
    pub name: Vec<u8>,
    /// Any text, whose spaces count.
    pub is_cdata: bool,
    pub default: Option<Text>,
}

#[derive(Clone)]
pub struct Dtd {
    pub entities: HashMap<Vec<u8>, Rc<Entity>>,
    pub parameters: HashMap<Vec<u8>, Rc<Entity>>,
    /// Attributes by element.
    pub attributes: HashMap<Vec<u8>, Vec<AttributeType>>,
    /// Declarations still count: nothing was left out that might have come before them.
    pub keeps_processing: bool,
    pub has_parameter_refs: bool,
    pub is_standalone: bool,
    /// An external entity was read.
    pub was_read: bool,
}

impl Default for Dtd {
    fn default() -> Dtd {
        Dtd {
            entities: HashMap::new(),
            parameters: HashMap::new(),
            attributes: HashMap::new(),
            keeps_processing: true,
            has_parameter_refs: false,
            is_standalone: false,
            was_read: false,
        }
    }
}

impl Dtd {
    pub fn attribute(&self, element: &[u8], name: &[u8]) -> Option<&AttributeType> {
        self.attributes.get(element)?.iter().find(|attribute| attribute.name == name)
    }
}
