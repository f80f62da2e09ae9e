# One code object, run with different globals: what was compiled for one namespace must not serve another.

code = compile("t = 0\nfor i in range(3000):\n    t += G\n", "loop", "exec")
one, two = {"G": 1}, {"G": 2}
for namespace in (one, two, one):
    exec(code, namespace)
print(one["t"], two["t"])

source = compile(
    """
def loop(n):
    t = 0
    for i in range(n):
        t += G
    return t

def small():
    return G

def numbers(n):
    for i in range(n):
        yield G

def maker():
    return lambda x: x + G
""",
    "functions",
    "exec",
)


def call_often(function):
    t = 0
    for i in range(3000):
        t += function()
    return t


def use(namespace):
    loop, small = namespace["loop"], namespace["small"]
    numbers, maker = namespace["numbers"], namespace["maker"]
    closures = 0
    for i in range(2000):
        closures += maker()(i)
    return loop(3000), call_often(small), sum(numbers(3000)), sum([g for g in numbers(2000)]), closures


exec(source, one)
for i in range(3):
    print(use(one))
exec(source, two)
for i in range(3):
    print(use(two), use(one))


# A function's code is replaced by that of a function elsewhere.
def own():
    return G


G = 1000
print(call_often(own))
three = {"G": 3, "__builtins__": {"len": lambda _: 7}}
exec(source, three)
own.__code__ = three["small"].__code__
print(call_often(own), call_often(three["small"]), call_often(own))

# The same globals, but other builtins.
counting = compile("def count(n):\n    t = 0\n    for i in n:\n        t += len(n)\n    return t\n", "count", "exec")
four = {}
exec(counting, four)
first = four["count"]
print(first(list(range(2000))))
four["__builtins__"] = {"len": lambda _: 7}
exec(counting, four)
print(four["count"](list(range(2000))), first(list(range(2000))))
