# Not under gc: it compiles long sources.
"""Classes of many methods, which are compiled in parts, are as those that are compiled in one piece."""
import dis
import traceback

N = 600


def make(head, method, n=N, end=''):
    return head + ''.join(method.format(i=i) for i in range(n)) + end


def run(source):
    names = {'__name__': 'made'}
    exec(compile(source, 'made.py', 'exec'), names)
    return names


METHOD = '''
    def m{i}(self, a, b={i}):
        """The method {i}, of which the text makes the source long enough."""
        self.x{i} = a
        return a + b + {i}
'''

# Plain, with a docstring, a decorator and a base class.
names = run(make('''
def mark(cls):
    cls.marked = True
    return cls

class Base: pass

@mark
class C(Base):
    """The class."""
    limit = 3
''', METHOD, end='    last = limit + 1\nafter = C\n'))
C = names['C']
print(C.__name__, C.__qualname__, C.__module__, C.__doc__, C.__firstlineno__, C.marked, C.__bases__[0].__name__)
print(C.limit, C.last, names['after'] is C, len([name for name in vars(C) if name[0] == 'm' and name[1:].isdigit()]))
print(C().m7(1), C().m599(2), C.m300.__qualname__, C.m300.__code__.co_firstlineno, C.m500.__doc__[:16])
print(len(C.__static_attributes__), list(C.__static_attributes__) == sorted(C.__static_attributes__))
print(list(vars(C))[:6], list(vars(C))[-4:])

# super() and __class__ in one part alone: the first, one between, the last.
for at in (10, 400, N - 1):
    source = make('class Base:\n    def f(self): return 41\nclass C(Base):\n', METHOD)
    place = source.index(f'    def m{at}(')
    source = source[:place] + '    def f(self):\n        return super().f() + 1, __class__.__name__\n' + source[place:]
    C = run(source)['C']
    print(at, C().f(), C().m3(0), C().m598(0), C.f.__code__.co_freevars)

# Annotations of methods, private names, closures over the class's names, handlers and branches in between.
source = make('class C:\n    __secret = 5\n', METHOD, 300)
source += '''
    try:
        missing
    except NameError as error:
        caught = str(error)
    def typed(self, a: int, b: "C" = None) -> limit: return self.__secret
    limit = 9
    if limit > 3:
        big = [x * 2 for x in range(4)]
    else:
        big = None
'''
source += make('', METHOD.replace('m{i}', 'n{i}'), 300)
source += '    while limit > 5:\n        limit -= 1\n    def end(self): return self.limit\n'
C = run(source)['C']
print(C.caught, C.big, C.limit, C().typed(1), C().end(), C.typed.__annotations__['a'], C.typed.__annotations__['return'])
print(C().n299(1), C().m299(1), C._C__secret)

# What ends in a branch, what declares a global, and nested classes.
C = run(make('class C:\n', METHOD, end='    if m1:\n        z = 1\n    else:\n        z = 2\n'))['C']
print(C.z, C().m400(1))
names = run(make('class C:\n    global made\n', METHOD, end='    made = 7\n'))
print(names['made'], hasattr(names['C'], 'made'))
names = run(make('class C:\n', METHOD, end='    def f(self):\n        global made\n        made = 8\nmade = 1\nC().f()\n'))
print(names['made'])
names = run(make('class C:\n', '    class K{i}:\n        """A class of a few lines, which says little, but what it says makes the source long."""\n        y = {i}\n'))
print(names['C'].K3.y, names['C'].K500.__qualname__)

# Lines of errors, and of all instructions.
names = run(make('class C:\n', METHOD, end='    def fail(self):\n        return 1 / 0\n'))
try:
    names['C']().fail()
except ZeroDivisionError as error:
    print([(frame.lineno, frame.name) for frame in traceback.extract_tb(error.__traceback__)][1:])
source = make('class C:\n', METHOD)
code = next(const for const in compile(source, 'made.py', 'exec').co_consts if hasattr(const, 'co_code'))
lines = [line for _, _, line in code.co_lines() if line is not None]
print(code.co_name, min(lines), max(lines), lines == sorted(lines), code.co_cellvars, code.co_flags)
print([one.opname for one in dis.get_instructions(code)][:12], [one.opname for one in dis.get_instructions(code)][-6:])
try:
    run(make('class C:\n', METHOD, end='    boom\n'))
except NameError as error:
    print(error, [(frame.lineno, frame.name) for frame in traceback.extract_tb(error.__traceback__)][1:])
try:
    compile(make('class C:\n', METHOD, end='    def g(self): return = 3\n'), 'made.py', 'exec')
except SyntaxError as error:
    print(error.msg, error.lineno)
