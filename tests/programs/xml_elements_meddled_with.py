# Not under gc: it makes too much.
"""Trees that are changed by what is called while they are: where CPython 3.14 reads memory that is gone, or calls itself without end."""
import copy
import xml.etree.ElementTree as tree
from xml.etree.ElementTree import Element, SubElement


def grown(n):
    root = Element("root")
    for number in range(n):
        SubElement(root, "child", number=str(number))
    return root


class Tag(str):
    """Changes the tree before it says whether it is equal."""

    def __eq__(self, other):
        self.change()
        return str.__eq__(self, other)

    __hash__ = None


for change in (lambda: root.clear(), lambda: root.__delitem__(0), lambda: SubElement(root, "new"),
               lambda: root.insert(0, Element("new"))):
    for ask in (lambda tag: root.find(tag), lambda tag: root.findall(tag), lambda tag: root.findtext(tag),
                lambda tag: list(root.iter(tag))):
        root = grown(3)
        limit = [20]

        def limited():
            limit[0] -= 1
            if limit[0] > 0 and len(root):
                change()

        try:
            tag = Tag("child")
            tag.change = limited
            found = ask(tag)
            print(type(found).__name__, len(found) if isinstance(found, list) else None, len(root))
        except Exception as error:
            print(type(error).__name__, error)


class Equal(Element):
    def __eq__(self, other):
        root.clear()
        return True

    __hash__ = None


root = grown(3)
try:
    root.remove(Equal("child"))
except ValueError as error:
    print(error)
print(len(root))


class Source:
    def __iter__(self):
        root.clear()
        yield Element("one")
        root.clear()
        yield Element("two")


root = grown(3)
root[1:2] = Source()
print([element.tag for element in root])
root.extend(Source())
print([element.tag for element in root])


class Copied:
    def __deepcopy__(self, memo):
        root.clear()
        memo.clear()
        return "copied"


root = grown(3)
root[1].text = Copied()
print(tree.tostring(copy.deepcopy(root)), len(root))
root.append(root)
try:
    copy.deepcopy(root)
except RecursionError:
    print("RecursionError")

fed = []


class Queue:
    def append(self, event):
        print(event[0], event[1].tag)
        if event[1].tag == "b" and not fed:
            fed.append(1)
            parser.feed("<more/>")


parser = tree.XMLParser()
parser._setevents(Queue(), ("start",))
try:
    parser.feed("<a><b/><c/></a>")
except tree.ParseError:
    print("ParseError")

deep = root = Element("deep")
for _ in range(100_000):
    deep = SubElement(deep, "x")
print(sum(1 for _ in root.iter()))
try:
    copy.deepcopy(root)
except RecursionError:
    # The native stack may be too small for that.
    pass
del root, deep
