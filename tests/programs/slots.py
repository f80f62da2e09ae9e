class S:
    __slots__ = ("a", "b")
    def __init__(self, a):
        self.a = a

s = S(1)
s.b = 2
print(s.a, s.b, hasattr(s, "__dict__"), S.__slots__, type(S.a).__name__)
del s.b
for f in (lambda: s.b, lambda: setattr(s, "c", 1), lambda: delattr(s, "b"), lambda: S.a.__get__(5)):
    try:
        f()
    except (AttributeError, TypeError) as e:
        print(type(e).__name__, e)

class S2(S):
    __slots__ = ("c",)
class S3(S):
    pass

x, y = S2(1), S3(1)
x.c = 3
y.anything = 4
print(x.a, x.c, y.__dict__, hasattr(x, "anything"))

class Node:
    __slots__ = ("value", "next")
    def __init__(self, value, next):
        self.value = value
        self.next = next

def linked(n):
    head = None
    for i in range(n):
        head = Node(i, head)
    t = 0
    while head is not None:
        t = (t * 3 + head.value) % 1000003
        head = head.next
    return t

def kinds(n):
    node = Node(0, None)
    for i in range(n):
        node.value = i if i < 2000 else i / 2 if i < 3000 else str(i) if i < 3500 else 2 ** 70
        node.next = node if i % 2 else None
    return node.value, node.next is node

def unset(n):
    node = Node(1, 2)
    t = 0
    for i in range(n):
        if i == 3500:
            del node.value
        try:
            t += node.value
        except AttributeError:
            return t, i

print(linked(4000), kinds(2500), kinds(3400), kinds(3600), unset(4000))
