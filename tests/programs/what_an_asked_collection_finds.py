# An asked collection finds all that is dead, whatever earlier calls have left on the native stack.
import gc
import weakref


class Node:
    def __init__(self, name):
        self.name = name
        self.self = self

    def __del__(self):
        print("del", self.name)


Node("dropped")
gc.collect()
node = Node("deleted")
del node
gc.collect()


def build(name):
    made = [Node(name), {"node": Node(name + " in a dict")}]
    return weakref.ref(made[0])


reference = build("local")
gc.collect()
print(reference())
kept = [Node("operand"), gc.collect(), gc.collect(generation=2)]
print(kept[0].name, kept[1:])
print([len(list(map(gc.collect, [0, 1, 2]))), Node("beside").name])
gc.collect()


class Index:
    def __index__(self):
        inner = Node("in a conversion")
        del inner
        gc.collect()
        return 2


gc.collect(Index())


def key(value):
    Node(f"key {value}")
    gc.collect()
    return -value


print(sorted([1, 2], key=key))
kept.clear()
gc.collect()
print("end")
