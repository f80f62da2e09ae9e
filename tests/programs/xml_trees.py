# Not under gc: it imports much of the library.
# The library's readers of XML above the parser: trees, documents, streams of events, property lists, remote calls.
import datetime
import io
import plistlib
import xml.dom.minidom
import xml.dom.pulldom
import xml.etree.ElementTree as ET
import xml.sax
import xml.sax.handler

TEXT = """<?xml version="1.0"?>
<!-- data -->
<data xmlns:x="urn:x">
  <country name="Liechtenstein"><rank>1</rank><x:neighbor name="Austria" direction="E"/></country>
  <country name="Singapore"><rank>4</rank>tail &lt;&amp;&#233;</country>
</data>
"""
root = ET.fromstring(TEXT)
print(root.tag, [child.attrib for child in root], [rank.text for rank in root.iter("rank")])
print(root.find("country[@name='Singapore']").find("rank").tail, root.findall(".//{urn:x}neighbor")[0].attrib)
print(ET.tostring(root, encoding="unicode"))
print([(event, element.tag) for event, element in ET.iterparse(io.StringIO(TEXT), events=("start", "end", "start-ns"))
       if event != "start-ns"])
pull = ET.XMLPullParser(("start", "end"))
for piece in (TEXT[:50], TEXT[50:120], TEXT[120:]):
    pull.feed(piece)
    pull.flush()
    print([(event, element.tag) for event, element in pull.read_events()])
pull.close()
for wrong in ("<a>", "<a>&nbsp;</a>", "<a></b>", "", "<a b='1' b='2'/>"):
    try:
        ET.fromstring(wrong)
    except ET.ParseError as e:
        print(e, e.code, e.position)

document = xml.dom.minidom.parseString(TEXT)
print(document.documentElement.tagName, document.getElementsByTagName("rank")[1].firstChild.data)
print(document.toxml())
doctype = xml.dom.minidom.parseString("<!DOCTYPE a [<!ENTITY e 'x'><!ELEMENT a (#PCDATA)>]><a b='1'>&e;<![CDATA[<>]]><?p q?></a>")
print(doctype.toxml(), doctype.doctype.internalSubset, doctype.documentElement.getAttribute("b"))


class Handler(xml.sax.handler.ContentHandler):
    def startElementNS(self, name, qname, attributes):
        print("start", name, qname, sorted(attributes.items()), self._locator.getLineNumber(), self._locator.getColumnNumber())

    def endElementNS(self, name, qname):
        print("end", name, qname)

    def characters(self, content):
        if content.strip():
            print("characters", repr(content))

    def startPrefixMapping(self, prefix, uri):
        print("prefix", prefix, uri)

    def startElement(self, name, attributes):
        print("plain", name, dict(attributes))


reader = xml.sax.make_parser()
reader.setFeature(xml.sax.handler.feature_namespaces, True)
reader.setContentHandler(Handler())
reader.parse(io.BytesIO(TEXT.encode()))
xml.sax.parseString("<a b='c'/>", Handler())
try:
    xml.sax.parseString("<a><b></a>", Handler())
except xml.sax.SAXParseException as e:
    print(e)
for event, node in xml.dom.pulldom.parseString("<a><b c='d'>e</b></a>"):
    print(event, node.nodeName)

value = {"a": [1, 2.5, True, "x&y", b"data", datetime.datetime(2024, 1, 2, 3, 4, 5)], "b": {"c": -1}}
text = plistlib.dumps(value)
print(text.decode())
print(plistlib.loads(text) == value)
