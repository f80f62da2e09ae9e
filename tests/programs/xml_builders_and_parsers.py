"""Builders and parsers of trees: targets of all kinds, events, pieces, errors, and what meddles."""
import io
import re
import warnings
import xml.etree.ElementTree as tree


def shown(value):
    return re.sub(r"0x[0-9a-f]+", "0x…", repr(value))


def attempt(function, *arguments, **named):
    try:
        print(shown(function(*arguments, **named)))
    except BaseException as error:
        print(type(error).__name__, shown(str(error)), getattr(error, "code", ""), getattr(error, "position", ""))


def outline(element):
    return [element.tag if isinstance(element.tag, str) else element.tag.__name__, element.attrib, element.text,
            element.tail, [outline(child) for child in element]]


print("builders")
attempt(tree.TreeBuilder(3).start, "a", {})
attempt(tree.TreeBuilder().start, "a", [])
attempt(tree.TreeBuilder().end, "a")
attempt(tree.TreeBuilder().close)
attempt(tree.TreeBuilder().comment, "said")
attempt(tree.TreeBuilder().pi, "target")
attempt(tree.TreeBuilder().pi, "target", "text")
builder = tree.TreeBuilder(insert_comments=True, insert_pis=True)
builder.data("nobody's")
builder.start("a", {"k": "v"})
builder.data("te")
builder.data("xt")
builder.comment("said")
builder.data("tail")
builder.pi("target", "more")
builder.data("last")
builder.start("b", {})
builder.end("whatever")
builder.data("b's tail")
builder.end("a")
builder.data("a's tail")
attempt(builder.start, "second", {})
print(outline(builder.close()))
for pieces in (["a", 3], [3, "a"], [3], [b"a", "b"]):
    builder = tree.TreeBuilder()
    builder.start("a", {})
    for piece in pieces:
        builder.data(piece)
    attempt(lambda: builder.end("a").text)


class Noted(list):
    tag, attrib, text, tail = "noted", {}, "before ", None

    def __init__(self, *arguments):
        self.arguments = arguments


builder = tree.TreeBuilder(Noted)
builder.start("a", {})
builder.data("text")
builder.start("b", {"k": "v"})
builder.data("inner")
builder.end("b")
builder.data("tail")
builder.end("a")
root = builder.close()
print(root.arguments, root.text, root[0].arguments, root[0].text, root[0].tail)
old = tree._set_factories(None, None) if hasattr(tree, "_set_factories") else None
attempt(tree.TreeBuilder().comment, "said")
attempt(tree.TreeBuilder().pi, "target", "text")
attempt(tree._set_factories, 3, None)
attempt(tree._set_factories, *old)
attempt(tree.TreeBuilder(comment_factory=len).comment, "said")

print("parsers")
attempt(tree.XMLParser, encoding=3)
attempt(tree.XMLParser, encoding="nonsense")
attempt(tree.XMLParser(encoding="nonsense").feed, "<a/>")
attempt(tree.XMLParser(encoding="nonsense").feed, b"<a/>")
attempt(tree.XMLParser(encoding="cp1251").feed, b"<a/>")
blank = tree.XMLParser.__new__(tree.XMLParser)
for call in (blank.close, blank.flush, lambda: blank.feed("a"), lambda: blank._parse_whole(3),
             lambda: blank._setevents([])):
    attempt(call)
print(blank.entity, blank.target)
parser = tree.XMLParser()
print(parser.entity, type(parser.target).__name__, parser.version[:6])
attempt(parser.feed, 3)
attempt(parser.feed, "\ud800")
attempt(parser.feed, "<a")
attempt(parser.close)
attempt(parser.feed, "<a/>")
attempt(setattr, parser, "more", {})
attempt(tree.XMLParser(target=3).feed, "<a/>")
attempt(tree.XMLParser(target=3).close)

DOCUMENT = """<?xml version="1.0"?>
<!DOCTYPE r PUBLIC "public" "system" [<!ENTITY own "<x>own</x>text"><!ATTLIST a d CDATA "default">]>
<!-- before --><?before x?>
<r xmlns="uri" xmlns:p="other" p:k="&lt;v&#65;"><a k='1'/>text<!-- said -->more<p:b>é\u20ac\U0001f600</p:b><![CDATA[<raw>]]>
&own;&amp;<?pi some data?>last<c xmlns=""/></r><!-- behind -->
"""
for make in (tree.XMLParser, lambda: tree.XMLParser(target=tree.TreeBuilder(insert_comments=True, insert_pis=True))):
    for size in (1, 7, 10_000):
        parser = make()
        for start in range(0, len(DOCUMENT), size):
            parser.feed(DOCUMENT[start:start + size])
        print(outline(parser.close()))
print(outline(tree.parse(io.StringIO(DOCUMENT)).getroot()) == outline(tree.fromstring(DOCUMENT)))
print(outline(tree.parse(io.BytesIO(DOCUMENT.encode())).getroot()) == outline(tree.fromstring(DOCUMENT.encode())))
print(tree.fromstring('<?xml version="1.0" encoding="iso-8859-1"?><a>\xe9</a>').text)
print(tree.fromstring('<?xml version="1.0" encoding="iso-8859-5"?><a>\u0436</a>'.encode("iso-8859-5")).text)
attempt(tree.parse, io.StringIO("<a>\ud800</a>"))
attempt(tree.parse, io.StringIO(""))


class Strange:
    def __init__(self, *pieces):
        self.pieces = list(pieces)

    def read(self, size):
        return self.pieces.pop(0)


attempt(tree.parse, Strange("<a>", b"</a>", 3))
attempt(tree.parse, Strange("<a>", None))
attempt(tree.parse, Strange("<a>"))


class Told:
    def __init__(self, skipped=()):
        self.told = []
        for name in skipped:
            setattr(self, name, None)

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *arguments: self.told.append((name, *arguments)) or name


target = Told()
parser = tree.XMLParser(target=target)
parser.feed(DOCUMENT)
print(parser.close())
for event in target.told:
    print(event)


class Few:
    def data(self, text):
        print("data", repr(text))

    def close(self):
        return "closed"


attempt(tree.fromstring, DOCUMENT, tree.XMLParser(target=Few()))
attempt(tree.fromstring, "<a>text</a>", tree.XMLParser(target=object()))


class Raising(tree.TreeBuilder):
    def end(self, tag):
        if tag == "b":
            raise KeyError(tag)
        return super().end(tag)


parser = tree.XMLParser(target=Raising())
attempt(parser.feed, "<a><c/><b>x</b><d/></a><a>")
attempt(parser.close)


class Asked:
    @property
    def start(self):
        raise ZeroDivisionError


attempt(tree.XMLParser, target=Asked())


class WithDoctype(tree.XMLParser):
    def doctype(self, *arguments):
        print("never")


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    tree.fromstring("<!DOCTYPE a SYSTEM 'x'><a/>", WithDoctype())
print([str(warning.message) for warning in caught])

print("entities")
for text in ("<a>&foo;</a>", "<!DOCTYPE a SYSTEM 'x'><a>&foo;</a>", "<!DOCTYPE a SYSTEM 'x'><a>\n &" + "é" * 80 + ";</a>"):
    attempt(tree.fromstring, text)
parser = tree.XMLParser()
parser.entity["foo"] = "known"
parser.feed("<!DOCTYPE a SYSTEM 'x'><a>x&foo;y</a>")
print(parser.close().text)

print("events")
for wanted in (None, (), ("start",), ("end", "start"), ("start-ns", "end-ns"), ("comment", "pi"), [b"start"]):
    parser = tree.XMLPullParser(wanted)
    parser.feed(DOCUMENT)
    print(wanted, [(kind, getattr(what, "tag", what) if kind not in ("comment", "pi") else what.text)
                   for kind, what in parser.read_events()])
parser = tree.XMLParser()
attempt(parser._setevents, 3)
attempt(parser._setevents, [], 3)
attempt(parser._setevents, [], [3])
attempt(parser._setevents, [], ["nonsense"])
attempt(tree.XMLParser(target=3)._setevents, [], ["end"])
parser = tree.XMLPullParser(("start",))
parser.feed("<a><b>")
print([what.tag for _, what in parser.read_events()])
parser.feed("<c")
parser.flush()
print([what.tag for _, what in parser.read_events()])
parser.feed("/></b><")
attempt(lambda: [what.tag for _, what in parser.read_events()])
attempt(parser.close)
print([element.tag for _, element in tree.iterparse(io.StringIO("<a><b/><c/></a>"))])
attempt(lambda: [element.tag for _, element in tree.iterparse(io.StringIO("<a><b/></c></a>"))])


print("malformed")
for text in ("", " ", "<", "<a", "<a>", "<a></b>", "</a>", "<a/><b/>", "<a b>", "<a b=c/>", "<a b='1' b='2'/>", "text",
             "<a>&#0;</a>", "<a>&#xffffff;</a>", "<a>&;</a>", "<a>]]></a>", "<a><!-- -- --></a>", "<a><?xml?></a>",
             "<p:a/>", "<a p:b=''/>", "<a xmlns:p=''/>", "<a xmlns:xml='x'/>", "<a><![CDATA[x", "<!DOCTYPE",
             "<a>\x01</a>", b"<a>\xff</a>", b"\xff\xfe<", "<!DOCTYPE a [<!ENTITY e '&e;'>]><a>&e;</a>",
             "<?xml version='1.0' encoding='nonsense'?><a/>".encode(), "<a/>junk"):
    attempt(tree.fromstring, text)
