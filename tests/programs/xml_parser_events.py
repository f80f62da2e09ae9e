# What the parser of XML tells of, in which pieces, and where; what it refuses.
from xml.parsers import expat

HANDLERS = [name for name in dir(expat.ParserCreate()) if name.endswith("Handler") or name == "DefaultHandlerExpand"]


def events(*pieces, skip=(), options=(), returns=None, **arguments):
    parser = expat.ParserCreate(**arguments)
    for name, value in options:
        setattr(parser, name, value)

    def tell(name):
        def handler(*values):
            print("   ", parser.CurrentLineNumber, parser.CurrentColumnNumber, parser.CurrentByteIndex, name, values)
            return (returns or {}).get(name, 1)
        return handler
    for name in HANDLERS:
        if name not in skip:
            setattr(parser, name, tell(name))
    try:
        for i, piece in enumerate(pieces):
            parser.Parse(piece, i == len(pieces) - 1)
    except expat.ExpatError as e:
        print("    error", e, e.code, e.lineno, e.offset)


NO_DEFAULT = ("DefaultHandler", "DefaultHandlerExpand")
DOCUMENT = b"""<?xml version="1.0" encoding="iso-8859-1" standalone="no"?>
<?style href="a.css"?>
<!-- a comment -->
<!DOCTYPE quotations SYSTEM "q.dtd" [
<!ELEMENT root (a|(b,c?)+)*>
<!ELEMENT m (#PCDATA|x|y)*>
<!ELEMENT e EMPTY>
<!ATTLIST root one CDATA #REQUIRED two NMTOKENS " a  b " three (x|y) #IMPLIED four CDATA #FIXED "v&#33;">
<!NOTATION n SYSTEM "n.jpg">
<!NOTATION p PUBLIC "-//X  Y//">
<!ENTITY acirc "&#226;">
<!ENTITY ext SYSTEM "ext.xml">
<!ENTITY raw PUBLIC "pub" "raw.bin" NDATA n>
%unknown;
]>
<root one="1&acirc;
2" five=' x '>
<m>text &amp; more &acirc; ]] &#x41;</m><e/>
<![CDATA[a < b]]>&ext;&skipped;
\xe9</root>
<!-- end -->
"""
print("all")
events(DOCUMENT, skip=NO_DEFAULT)
print("by default alone")
events(DOCUMENT, skip=[name for name in HANDLERS if name != "DefaultHandler"])
print("expanded by default alone")
events(DOCUMENT, skip=[name for name in HANDLERS if name != "DefaultHandlerExpand"])
print("in pieces")
events(b"<a>te", b"xt<", b"b", b" c='d", b"e'/", b"></", b"a", b">", b"", skip=NO_DEFAULT)
print("namespaces")
NAMES = b"""<a xmlns="u:d" xmlns:p="u:p" q="1" p:q="2"><p:b xmlns=""><c/></p:b></a>"""
events(NAMES, skip=NO_DEFAULT, namespace_separator=" ")
events(NAMES, skip=NO_DEFAULT, namespace_separator="", options=[("namespace_prefixes", True)])
events(NAMES, skip=NO_DEFAULT, namespace_separator="!", options=[("namespace_prefixes", True)])
print("ordered, specified")
events(DOCUMENT, skip=[name for name in HANDLERS if name != "StartElementHandler"],
       options=[("ordered_attributes", True), ("specified_attributes", True)])
print("buffered")
events(b"<a>one\ntwo&amp;three<b/>x\r\ny\rz</a>", skip=NO_DEFAULT, options=[("buffer_text", True)])
print("refused")
events(DOCUMENT, skip=NO_DEFAULT, returns={"NotStandaloneHandler": 0})
events(b"<!DOCTYPE a [<!ENTITY e SYSTEM 's'>]><a>&e;</a>", skip=NO_DEFAULT, returns={"ExternalEntityRefHandler": 0})

WRONG = [
    b"", b" ", b"x", b"<", b"<a", b"<a>", b"<a>text", b"<a></b>", b"<a></a", b"</a>", b"<a/><b/>", b"<a/>x", b"<a/><?xml version='1.0'?>",
    b"<a b>", b"<a b=>", b"<a b=c>", b"<a b='1' b='2'/>", b"<a b='1'c='2'/>", b"<a b='<'/>", b"<a b='&x;'/>", b"<a b='&'/>",
    b"<a>&x;</a>", b"<a>&;</a>", b"<a>&#0;</a>", b"<a>&#xFFFF;</a>", b"<a>&#99999999999;</a>", b"<a>&#x;</a>", b"<a>]]></a>",
    b"<a>\x00</a>", b"<a>\x01</a>", b"<a>\xff</a>", b"<a>\xc3", b"<a>\xe2\x82</a>", b"<a><!-- -- --></a>", b"<a><!--", b"<a><![CDATA[x",
    b"<a><![CDAT[x]]></a>", b"<a><?xml?></a>", b"<a><?XML x?></a>", b"<a><?p", b"<a><?p x?</a>", b"<1/>", b"<a.-:_1/>", b"<a", b"< a/>",
    b"<?xml?><a/>", b"<?xml version='1.0' encoding='x y'?><a/>", b"<?xml encoding='utf-8'?><a/>", b"<?xml version='1.0' standalone='maybe'?><a/>",
    b"<?xml version='1.0' encoding='utf-16'?><a/>", b"<?xml version='1.0' encoding='nonsense-8'?><a/>", b" <?xml version='1.0'?><a/>",
    b"<!DOCTYPE><a/>", b"<!DOCTYPE a", b"<!DOCTYPE a [", b"<!DOCTYPE a [<!ELEMENT a (b,c|d)>]><a/>", b"<!DOCTYPE a [<!ELEMENT a>]><a/>",
    b"<!DOCTYPE a [<!ENTITY e '%p;'>]><a/>", b"<!DOCTYPE a [<!ENTITY e '&#x1;'>]><a/>", b"<!DOCTYPE a [<!ENTITY e '&e;'>]><a>&e;</a>",
    b"<!DOCTYPE a [<!ENTITY e '&f;'><!ENTITY f '&e;'>]><a b='&e;'/>", b"<!DOCTYPE a [<!ENTITY e '<b>'>]><a>&e;</a>",
    b"<!DOCTYPE a [<!ENTITY e '</a>'>]><a>&e;", b"<!DOCTYPE a [<!ENTITY e '<'>]><a>&e;</a>", b"<!DOCTYPE a [<!ENTITY e '<b/>'>]><a x='&e;'/>",
    b"<!DOCTYPE a [<!ENTITY e SYSTEM 's'>]><a x='&e;'/>", b"<!DOCTYPE a [<!ENTITY e SYSTEM 's' NDATA n>]><a>&e;</a>",
    b"<!DOCTYPE a PUBLIC 'a\x7fb' 's'><a/>", b"<!DOCTYPE a [<!ATTLIST a b FOO 'x'>]><a/>", b"<!DOCTYPE a [<!FOO>]><a/>", b"<!DOCTYPE a []]><a/>",
    b"<!DOCTYPE a [%]><a/>", b"<!DOCTYPE a [<![INCLUDE[]]>]><a/>", b"\xef\xbb\xbf<a>\xff</a>", b"\xff\xfe<\x00a\x00/\x00>\x00", b"\xfe\xff\x00<\x00a\x00>",
]
for document in WRONG:
    print(document)
    events(document, skip=[name for name in HANDLERS if name not in ("StartElementHandler", "EndElementHandler", "CharacterDataHandler")]) if b"nonsense" not in document else None
for document in (b"<p:a/>", b"<a p:b='1'/>", b"<a xmlns:p=''/>", b"<a xmlns:xml='x'/>", b"<a xmlns:xmlns='x'/>", b"<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
                 b"<:a/>", b"<a:/>", b"<a:b:c/>", b"<a xmlns:p='u' xmlns:q='u' p:x='1' q:x='2'/>", b"<a xml:lang='en'/>"):
    print(document)
    events(document, skip=NO_DEFAULT, namespace_separator=" ")
print("entities that grow")
laughs = b"<!DOCTYPE a [<!ENTITY e0 'lollollollol'>" + b"".join(
    b"<!ENTITY e%d '%s'>" % (i + 1, b"&e%d;" % i * 10) for i in range(9)) + b"]><a>&e9;</a>"
parser = expat.ParserCreate()
try:
    parser.Parse(laughs, True)
except expat.ExpatError as e:
    print(e.code, str(e).split(":")[0])


class Failure(Exception):
    pass


print("handlers that raise")
parser = expat.ParserCreate()
seen = []


def start(name, attributes):
    seen.append(name)
    raise Failure(name)


parser.StartElementHandler = start
parser.EndElementHandler = seen.append
try:
    parser.Parse(b"<a><b/></a>", True)
except Failure as e:
    print("raised", e, seen, parser.StartElementHandler)

print("external entities")
parser = expat.ParserCreate()
parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS)
FILES = {"a.dtd": b"<?xml encoding='utf-8'?><!ELEMENT a ANY><![INCLUDE[<!ENTITY e '<b>in</b>'>]]><![IGNORE[ <![x[ ]]> ]]><!ATTLIST a d CDATA 'def'>",
         "t.xml": b"<?xml encoding='utf-8'?>text<c/>"}


def external(context, base, system, public):
    print("external", context, base, system, public)
    return parser.ExternalEntityParserCreate(context).Parse(FILES[system], True)


parser.ExternalEntityRefHandler = external
parser.SetBase("base")
for name in ("StartElementHandler", "EndElementHandler", "CharacterDataHandler", "EntityDeclHandler"):
    setattr(parser, name, lambda *values, name=name: print("   ", name, values))
parser.Parse(b"<!DOCTYPE a SYSTEM 'a.dtd' [<!ENTITY t SYSTEM 't.xml'>]><a>&e;&t;</a>", True)
print(parser.GetBase(), parser.ErrorCode, sorted(map(str, parser.intern)))
