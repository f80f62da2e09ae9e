# Not under gc: it makes and drops many elements.
"""Elements: made, asked, changed, copied, pickled; and the words of what is refused."""
import copy
import gc
import pickle
import re
import warnings
import weakref
import xml.etree.ElementTree as tree
from xml.etree.ElementTree import Element, SubElement


def shown(value):
    return re.sub(r"0x[0-9a-f]+", "0x…", repr(value))


def attempt(function, *arguments, **named):
    try:
        print(shown(function(*arguments, **named)))
    except BaseException as error:
        print(type(error).__name__, shown(str(error)))


class Derived(Element):
    note = "derived"


print("made")
for arguments, named in [
    ((), {}), (("a",), {}), ((), {"tag": "a"}), (("a", {"k": "v"}), {}), (("a", {"k": "v"}), {"k": "w", "l": "x"}),
    (("a",), {"attrib": {"k": "v"}, "l": "x"}), (("a", 3), {}), (("a", None), {}), (("a",), {"attrib": 3}),
    (("a", {}, {}), {}),
]:
    attempt(lambda: Element(*arguments, **named).attrib)
parent = Element("parent")
attempt(SubElement)
attempt(SubElement, parent)
attempt(SubElement, 3, "a")
attempt(SubElement, parent, "a", 3)
attempt(SubElement, parent, "a", attrib=3)
attempt(SubElement, parent, tag="a")
attempt(SubElement, parent, "a", {"k": "v"}, l="x")
attempt(SubElement, parent, "b")
attempt(list, parent)
attempt(Element.__new__, Element)
attempt(lambda: Derived("d").makeelement("e", {"k": 1}).attrib)
given = {"k": "v"}
element = Element("a", given)
given["k"] = "changed"
print(element.attrib, SubElement.__module__, Element.__module__, type(Element.__init__).__name__)

print("attributes")
attempt(element.get, "k")
attempt(element.get, "none")
attempt(element.get, "none", 7)
attempt(element.get, key="none", default=8)
attempt(element.get, [])
attempt(element.set, "n", 1)
attempt(element.set, [], 1)
attempt(element.keys)
attempt(element.items)
attempt(setattr, element, "attrib", 3)
attempt(setattr, element, "attrib", {"q": "r"})
attempt(element.items)
attempt(setattr, element, "more", 3)
attempt(getattr, element, "more")
for name in ("tag", "text", "tail", "attrib"):
    attempt(delattr, element, name)
    print(name, getattr(element, name))


class Forgetful:
    def __hash__(self):
        element.attrib = {}
        return 13


attempt(element.get, Forgetful())
attempt(lambda: Derived("x").__dict__)
derived = Derived("x")
derived.more = 4
print(derived.more, derived.note, shown(derived))

print("children")
root = Element("root")
children = [SubElement(root, f"c{n}") for n in range(6)]
tags = lambda: [child.tag for child in root]
print(tags(), len(root), root[2].tag, root[-1].tag, [c.tag for c in root[1:5:2]], [c.tag for c in root[::-1]])
attempt(lambda: root[6])
attempt(lambda: root[-7])
attempt(lambda: root["a"])
attempt(lambda: root[10**30])
attempt(root.__setitem__, 6, root)
attempt(root.__setitem__, "a", root)
attempt(root.__setitem__, 0, 4)
attempt(root.__setitem__, slice(None), 4)
attempt(root.__setitem__, slice(None), [4])
attempt(root.__setitem__, slice(None, None, 2), [root])
attempt(root.__setitem__, slice(None, None, 0), [root])
attempt(root.__delitem__, 6)
attempt(root.__delitem__, "a")
root[0] = Element("first")
root[1:3] = [Element("second"), Element("third"), Element("more")]
print(tags())
root[::2] = reversed(root[::2])
print(tags())
del root[0], root[-1]
print(tags())
del root[::-2]
print(tags())
del root[5:]
root[1:1] = (Element(tag) for tag in "xyz")
print(tags())
root.insert(0, Element("front"))
root.insert(-1, Element("nearly"))
root.insert(100, Element("end"))
root.insert(-100, Element("start"))
print(tags())
attempt(root.insert, 0)
attempt(root.insert, "a", root)
attempt(root.insert, 0, 0)
attempt(root.append, 3)
attempt(root.append, None)
attempt(root.extend, 4)
attempt(root.extend, [Element("before"), 4, Element("behind")])
attempt(root.remove, 0)
attempt(root.remove, Element("none"))
root.remove(root[1])
root.extend([Element("e")] * 2)
print(tags(), root[-1] is root[-2])


class Equal(Element):
    def __eq__(self, other):
        return True

    __hash__ = None


root.remove(Equal("any"))
print(tags())
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(bool(root), bool(Element("a")), not root)
print(len(caught), caught[0].category.__name__, caught[0].message)
root.text, root.tail = "text", "tail"
root.clear()
print(len(root), root.text, root.tail, root.attrib)
print(shown(iter(root)), hasattr(root, "__iter__"), shown(root), shown(Element(3)))
looped = Element("looped")
looped.tag = looped
attempt(repr, looped)

print("found")
document = tree.fromstring(
    "<r><a i='1'>one<b>b1</b></a>tail1<a>two</a><c><a>deep</a><n:a xmlns:n='uri'>space</n:a></c><d/></r>")
for path in ("a", "c", "none", "c/a", "*", "./a", "a[@i]", "{uri}a", "c/{uri}a", "{*}a", ".//a", "d", ".", "c/*", b"a"):
    attempt(document.find, path)
    attempt(document.findtext, path)
    attempt(document.findtext, path, "default")
    attempt(document.findall, path)
    attempt(lambda: list(document.iterfind(path)))
attempt(document.find, "c/n:a", {"n": "uri"})
attempt(document.findall, "n:a", namespaces={"n": "uri"})
attempt(document.findtext, "n:a", None, {"n": "uri"})
attempt(document.find)
attempt(document.find, 3)
attempt(document.find, "/a")
attempt(lambda: [e.tag for e in document.iter()])
attempt(lambda: [e.tag for e in document.iter("a")])
attempt(lambda: [e.tag for e in document.iter("*")])
attempt(lambda: [e.tag for e in document.iter(b"*")])
attempt(lambda: [e.tag for e in document.iter(tag="{uri}a")])
attempt(document.iter, "a", "b")
attempt(lambda: list(document.itertext()))
attempt(lambda: "".join(document[0].itertext()))
document[0].append(tree.Comment("said"))
attempt(lambda: list(document.itertext()))
steps = document.iter("a")
print(shown(steps), iter(steps) is steps, next(steps).text)
attempt(type(steps))

print("copied")
document.attrib["k"] = "v"
other = copy.copy(document)
print(other is document, other.attrib is document.attrib, other[0] is document[0], other.text, len(other))
other = copy.deepcopy(document)
print(other.attrib is document.attrib, other[0] is document[0], tree.tostring(other) == tree.tostring(document))
shared = Element("shared", {"k": "v"})
pair = Element("pair")
pair[:] = [shared, shared]
other = copy.deepcopy(pair)
print(other[0] is other[1], other[0] is shared, other[0].attrib)
special = Element("special")
special.text = ["a", ["b"]]
special.set("list", [1])
other = copy.deepcopy(special)
print(other.text, other.text is special.text, other.get("list") is special.get("list"))
print(type(copy.deepcopy(Derived("d"))).__name__, type(copy.copy(Derived("d"))).__name__)
attempt(document.__deepcopy__, 3)


class Uncopied:
    def __deepcopy__(self, memo):
        raise ValueError("not this")


special.tail = Uncopied()
attempt(copy.deepcopy, special)
for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
    other = pickle.loads(pickle.dumps(document, protocol))
    print(tree.tostring(other) == tree.tostring(document), type(other).__name__)
attempt(pickle.dumps, document, 0)
print(shown(Element("a", k="v").__getstate__()))
blank = Element.__new__(Element)
for state in (
    3, {}, {"tag": 2, "x": 3}, {"tag": 2, 3: 3}, {"tag": 2, "_children": 3}, {"tag": 2, "_children": [3]},
    {"tag": "t", "attrib": {"k": "v"}, "text": "x", "tail": "y", "_children": [Element("child")]}, {"tag": 2},
):
    attempt(blank.__setstate__, state)
print(blank.tag, blank.text, blank.tail, blank.attrib, len(blank))

print("kept and forgotten")
gone = []
element = Element("gone")
watch = weakref.ref(element, gone.append)
element.append(element)
del element
gc.collect()
print(watch() is None, len(gone))
deep = root = Element("deep")
for _ in range(500):
    deep = SubElement(deep, "x")
del deep
print(sum(1 for _ in root.iter()))
del root


class Meddler:
    def __del__(self):
        parent.text, parent.tail
        parent.clear()


for _ in range(3):
    parent.text = Meddler()
    parent.tail = Meddler()
    parent.clear()
    parent.__setstate__({"tag": 42})
gc.collect()
for class_ in (Element, tree.TreeBuilder, tree.XMLParser):
    attempt(setattr, class_, "more", 1)
