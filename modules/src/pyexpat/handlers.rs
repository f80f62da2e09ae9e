//! The table of handlers: an attribute for each kind of event.

use super::engine::Kind;
use super::parser::XmlParser;
use stitch_runtime::object::argument::This;
use stitch_runtime::object::spec::{GetSetRow, field};
use stitch_runtime::{PyResult, Raised, Value, Vm};

pub const N_HANDLERS: usize = 22;

macro_rules! handlers {
    ($($kind:ident $name:literal;)*) => {
        pub const ROWS: [GetSetRow; N_HANDLERS] = [$(
            field($name, |this: This<XmlParser>| this.handlers[Kind::$kind as usize])
                .set_by(|vm: &mut Vm, this: This<XmlParser>, handler: Option<Value>| set(vm, this, Kind::$kind, handler))
                .doc("Is called at each event of its kind; None: nobody is."),
        )*];
    };
}

handlers! {
    StartElement "StartElementHandler";
    EndElement "EndElementHandler";
    ProcessingInstruction "ProcessingInstructionHandler";
    CharacterData "CharacterDataHandler";
    UnparsedEntityDecl "UnparsedEntityDeclHandler";
    NotationDecl "NotationDeclHandler";
    StartNamespaceDecl "StartNamespaceDeclHandler";
    EndNamespaceDecl "EndNamespaceDeclHandler";
    Comment "CommentHandler";
    StartCdataSection "StartCdataSectionHandler";
    EndCdataSection "EndCdataSectionHandler";
    Default "DefaultHandler";
    DefaultExpand "DefaultHandlerExpand";
    NotStandalone "NotStandaloneHandler";
    ExternalEntityRef "ExternalEntityRefHandler";
    StartDoctypeDecl "StartDoctypeDeclHandler";
    EndDoctypeDecl "EndDoctypeDeclHandler";
    EntityDecl "EntityDeclHandler";
    XmlDecl "XmlDeclHandler";
    ElementDecl "ElementDeclHandler";
    AttlistDecl "AttlistDeclHandler";
    SkippedEntity "SkippedEntityHandler";
}

/// For attributes that cannot be deleted.
pub fn given(vm: &mut Vm, value: Option<Value>) -> Result<Value, Raised> {
    value.ok_or_else(|| vm.raise_runtime("Cannot delete attribute"))
}

fn set(vm: &mut Vm, mut this: This<XmlParser>, kind: Kind, handler: Option<Value>) -> PyResult<()> {
    let handler = given(vm, handler)?;
    if kind == Kind::CharacterData {
        // What was read so far is for the old handler.
        XmlParser::flush(vm, this)?;
    }
    this.handlers[kind as usize] = handler;
    if matches!(kind, Kind::Default | Kind::DefaultExpand) {
        this.default_kind = if handler.is_none() { None } else { Some(kind) };
        this.expands_entities = kind == Kind::DefaultExpand;
    }
    vm.barrier(this.pointer());
    Ok(())
}
