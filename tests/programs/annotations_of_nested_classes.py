# Annotations under conditions, of classes in classes, in methods of classes, in functions.
class A:
    class C:
        if True:
            y: int
        else:
            n: str
        for i in range(2):
            w: list
    def f(self):
        class C:
            "Its doc."
            if True:
                y: int
            if not self:
                z: str
            class D:
                try:
                    v: list
                finally:
                    u: set
        return C
def g():
    class A:
        class C:
            with open('/dev/null'):
                y: int
    return A.C
print(A().f().__annotations__, A().f().D.__annotations__, A().f().__doc__)
print(A.C.__annotations__, A.__annotations__, g().__annotations__)
print(sorted(name for name in vars(A.C) if not name.startswith('__')), '__conditional_annotations__' in vars(A.C))
exec('from __future__ import annotations\nclass A:\n class C:\n  if 1:x:nowhere\nprint(A.C.__annotations__)')
# Views of items that cannot be hashed.
a, b = {1: [], 2: {}}, {2: {}, 1: []}
print(a.items() == b.items(), a.items() <= b.items(), a.items() != {1: []}.items(), a.items() > {1: []}.items())
print(a.items() == {(1, 2)}, {1: 2}.items() == {(1, 2)}, {(1, 2)} >= {1: 2}.items(), a.items() == 3)
