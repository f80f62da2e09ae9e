# Bodies with many constants: each stands where it was written, whatever is done with it.
def check(lines, result="out", **names):
    source = "\n".join(lines)
    namespace = {"out": [], **names}
    code = compile(source, "<many>", "exec")
    exec(code, namespace)
    return code, namespace[result]


N = 300
# Of each kind, in a module and in a function.
for indent, head in (("", []), ("    ", ["def f(x, y=0):"])):
    lines = list(head or ["y = 0"]) + [indent + "global z" for _ in head]
    for i in range(N):
        lines.append(f"{indent}out.append({i * 3}); out.append('text {i % 1000}'); out.append(({i}.25, b'{i}', 'é{i}', {-i}))")
        lines.append(f"{indent}z = {i} if out else 'never {i}'; out.append(z or 'default {i}')")
        lines.append(f"{indent}out.append([{i}, {i + 1}000, 'a{i}']); out.append({{'k{i}': {i + 1}777, 'l': 'v{i}'}})")
        lines.append(f"{indent}out.append((z, {i + 1}001)); out.append(y + {i + 1}001); out.append({i + 1}002 * 2); out.append('%s {i}' % z); out.append(f'{{z}} {i} {{\"s{i}\"}}')")
        lines.append(f"{indent}out.append(z == {i} and '{i}' in {{'{i}', '{i}', 'x'}}); out.append('abc{i}'[-1]); out.append(-{i + 1}003)")
        lines.append(f"{indent}out.append((lambda a='d{i}': (a, 'r{i}'))()); out.append('a{i}' 'b{i}')")
    if head:
        lines.append("f(1)")
    code, out = check(lines)
    total = 0
    for value in out:
        total = (total * 31 + len(repr(value)) + sum(map(ord, repr(value)))) % 1_000_000_007
    print(len(out), total, out[:20], out[-15:])
    function = next((c for c in code.co_consts if hasattr(c, "co_consts") and c.co_name == "f"), code)
    kinds = {}
    for constant in function.co_consts:
        kinds[type(constant).__name__] = kinds.get(type(constant).__name__, 0) + 1
    keys = [(type(c), repr(c)) for c in function.co_consts if not hasattr(c, "co_consts")]
    print(sorted(kinds), len(keys) == len(set(keys)), any(c != c for c in function.co_consts))

# What is false, not a number or written as something else.
lines = ["out.append((0.0, -0.0, '', b'', 1e999, 0, 257, 256, 0x1ff, 10 ** 3, 2j, None, True, ...))"]
lines += [f"out.append({i}.5)" for i in range(N)]
lines += ["out.append('' or 'x'); out.append(5000 and 6000); out.append(not 5000); out.append(0.0 or b'' or 7000)"]
lines += ["if 5000: out.append('yes')", "while 'endless': break", "out.append('\\ud800\\ufffd')", "out.append('a' if 5000.5 else 'b')"]
lines += ["out.append(3000 + 4000); out.append((1000, 2000)[1]); out.append('abcdefg'[2]); out.append(-5000); out.append(~5000)"]
lines += ["out.append((1000, 2000) + (3000,)); out.append(5000 < 6000 < 7000); out.append(1000 in (1000, 2000)); out.append([*range(1000)][999:])"]
lines += ["match 5000:", "    case 4000 | 'x': out.append('no')", "    case 5000: out.append('matched')"]
lines += ["match {'key': 'value', 'k': 6000}:", "    case {'key': 'value', 'k': 6000 as found}: out.append(found)"]
lines += ["assert out, 'message'", "try:", "    assert not out, 'message'", "except AssertionError as error: out.append(str(error))"]
lines += ["def g(a, b='default', *, c=5000.25): 'documented'; return a, b, c", "out.append(g(1)); out.append(g.__doc__)"]
lines += ["class C:", "    'also documented'", "    x: 'annotation' = 'value'", "    y = 'value'"]
lines += ["out.append((C.__doc__, C.x, C.y, C.__annotations__))"]
code, out = check(lines)
print(out[0], out[N + 1:])

# In classes, in tables, and with names that are global in places.
lines = ["class Big:"]
for i in range(N):
    lines.append(f"    a{i} = 'attribute {i}'")
    if i % 10 == 0:
        lines += [f"    def m{i}(self, a='default {i}'):", f"        '''doc {i}'''", f"        return self.a{i}, a, {i}.125, super().__str__ is not None"]
lines.append(f"it = Big(); out += [it.m0(), it.m10(), it.m{N - 10}(), Big.m20.__doc__, Big.a{N - 1}, Big.m30.__qualname__]")
code, out = check(lines)
print(out)
lines = ["import sys", "counter = 0"]
for i in range(900):
    lines += [f"def f{i}(a, b='b{i}'):", "    global counter, last", f"    counter += {i}; last = 'last {i}'", f"    return a, b, {i}.5", f"value{i} = f{i}('a{i}')"]
lines.append("out.append((counter, last, value0, value899)); del last; out.append('last' in globals())")
code, out = check(lines)
print(out)
other = {"out": []}
exec(code, other, {})
print(other["counter"], other["out"], "value0" in other)
lines = ["table = ["] + [f"    ('name{i}', {i}.5, [{i}, 'x{i}'], {{'k': 'v{i}'}})," for i in range(N)] + ["]", "out = table"]
code, out = check(lines)
print(len(out), out[0], out[-1], out[N - 200])
lines = [f"out.append({i}); x{i}: int = {i + 1}000; out.append('y{i}')" for i in range(2000)] + ["out.append([i for i in range(2000, 2003)])"]
code, out = check(lines)
print(len(out), out[-3:], code.co_flags)


# Lines of tracebacks.
lines = ["def f(n):"] + [f"    if n == {i}: raise ValueError('at {i}', {i}.5)" for i in range(N)]
code, f = check(lines, "f")
for n in (0, 5, N - 1):
    try:
        f(n)
    except ValueError as error:
        print(error, error.__traceback__.tb_next.tb_lineno, list(code.co_consts[0].co_positions())[-3:][0][0])
