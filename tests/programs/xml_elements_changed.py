# Not under gc: it makes and drops many elements.
"""Trees that are changed while somebody goes through them, and by what compares their tags."""
import xml.etree.ElementTree as tree
from xml.etree.ElementTree import Element, SubElement


def grown(n):
    root = Element("root")
    for number in range(n):
        child = SubElement(root, "child", number=str(number))
        child.text = f"text {number}"
        child.tail = f"tail {number}"
        SubElement(child, "leaf").text = "leaf"
    return root


root = grown(5)
seen = []
for element in root.iter():
    seen.append(element.tag)
    if element.tag == "child" and len(root) < 8:
        SubElement(root, "more")
print(seen)

root = grown(5)
seen = []
for element in root.iter():
    seen.append((element.tag, element.get("number")))
    if element.get("number") == "1":
        del root[:2]
print(seen)

root = grown(4)
for element in root:
    root.remove(element)
print([element.get("number") for element in root])

root = grown(4)
texts = []
for text in root.itertext():
    texts.append(text)
    root.clear()
print(texts)

root = grown(3)
steps = root.iter()
print([next(steps).tag for _ in range(3)])
root.clear()
print([element.tag for element in steps])


class Index:
    def __init__(self, at):
        self.at = at

    def __index__(self):
        root.clear()
        return self.at


for key in (Index(1), slice(Index(0), Index(2)), slice(None, None, Index(2))):
    for act in (lambda: root[key], lambda: root.__setitem__(key, [Element("new")]), lambda: root.__delitem__(key)):
        root = grown(3)
        try:
            print(act(), [element.tag for element in root])
        except Exception as error:
            print(type(error).__name__, error)


# Hot: what the loop knows of the elements changes.
total = 0
for turn in range(300):
    root = grown(4)
    if turn % 50 == 49:
        root[2].text = None
        root.insert(1, tree.Comment("said"))
    for element in root:
        if element.text is not None and element.tail:
            total += len(element.text) + len(element.tail) + len(element.attrib)
        element.tail = element.text
        element.tag = "new"
    total += len(root.findall("new")) + len(list(root.iter("leaf"))) + len("".join(root.itertext()))
print(total)
