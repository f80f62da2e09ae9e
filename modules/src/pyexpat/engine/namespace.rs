//! Namespaces: what prefixes are bound to.

use super::ErrorCode;
use super::dtd::Text;
use hashbrown::HashMap;

const XML: &[u8] = b"http://www.w3.org/XML/1998/namespace";
const XMLNS: &[u8] = b"http://www.w3.org/2000/xmlns/";

/// What names are bound to, and how expanded names are written.
#[derive(Clone)]
pub struct Namespaces {
    /// Between the parts of a name; `None`: nothing.
    pub separator: Option<u8>,
    /// The prefix is part of an expanded name.
    pub has_triplets: bool,
    /// By prefix (the default's is empty), the innermost last. An empty URI: it is bound to none.
    bound: HashMap<Vec<u8>, Vec<Text>>,
    /// The prefixes in the order of their declarations.
    order: Vec<Vec<u8>>,
}

impl Namespaces {
    pub fn new(separator: Option<u8>) -> Namespaces {
        let bound = HashMap::from([(b"xml".to_vec(), vec![Text::from(XML)])]);
        Namespaces { separator, has_triplets: false, bound, order: Vec::new() }
    }

    pub fn n_declared(&self) -> usize {
        self.order.len()
    }

    /// Binds a prefix.
    pub fn bind(&mut self, prefix: &[u8], uri: &[u8]) -> Result<(), ErrorCode> {
        let is_xml = uri == XML;
        match prefix {
            b"xmlns" => return Err(ErrorCode::ReservedPrefixXmlns),
            b"xml" if !is_xml => return Err(ErrorCode::ReservedPrefixXml),
            b"xml" => {}
            _ if is_xml || uri == XMLNS => return Err(ErrorCode::ReservedNamespaceUri),
            [_, ..] if uri.is_empty() => return Err(ErrorCode::UndeclaringPrefix),
            _ => {}
        }
        if let Some(separator) = self.separator
            && uri.contains(&separator)
            && !is_uri_character(separator)
        {
            return Err(ErrorCode::Syntax);
        }
        self.bound.entry(prefix.to_vec()).or_default().push(Text::from(uri));
        self.order.push(prefix.to_vec());
        Ok(())
    }

    /// Ends the last declaration; gives its prefix.
    pub fn unbind(&mut self) -> Vec<u8> {
        let prefix = self.order.pop().unwrap_or_default();
        if let Some(uris) = self.bound.get_mut(&prefix) {
            uris.pop();
        }
        prefix
    }

    fn uri(&self, prefix: &[u8]) -> Option<&Text> {
        self.bound.get(prefix)?.last().filter(|uri| !uri.is_empty())
    }

    /// Appends the expanded form of a name; of an attribute without a prefix that is the name itself.
    pub fn expand(&self, name: &[u8], is_attribute: bool, out: &mut Vec<u8>) -> Result<(), ErrorCode> {
        let colon = memchr::memchr(b':', name);
        let (prefix, local) = match colon {
            Some(colon) => (&name[..colon], &name[colon + 1..]),
            None => (&name[..0], name),
        };
        let uri = if colon.is_none() && is_attribute { None } else { self.uri(prefix) };
        match uri {
            Some(uri) => {
                out.extend_from_slice(uri);
                out.extend(self.separator);
                out.extend_from_slice(local);
                if self.has_triplets && !prefix.is_empty() && self.separator.is_some() {
                    out.extend(self.separator);
                    out.extend_from_slice(prefix);
                }
            }
            None if colon.is_some() => return Err(ErrorCode::UnboundPrefix),
            None => out.extend_from_slice(name),
        }
        Ok(())
    }

    /// What is bound, as the context of an entity has it.
    pub fn context(&self) -> Vec<Vec<u8>> {
        let mut prefixes: Vec<&Vec<u8>> = self.bound.keys().filter(|prefix| self.uri(prefix).is_some()).collect();
        prefixes.sort();
        prefixes.iter().map(|prefix| [prefix, &self.uri(prefix).expect("it was asked for")[..]].join(&b'=')).collect()
    }

    /// Binds what a context says.
    pub fn bind_context(&mut self, prefix: &[u8], uri: &[u8]) {
        if prefix != b"xml" {
            self.bound.entry(prefix.to_vec()).or_default().push(Text::from(uri));
        }
    }
}

fn is_uri_character(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte)
}
