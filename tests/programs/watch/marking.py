# What is watched changes while code runs, waits, or was never run.
import sys

told = []


def note(frame, event, argument):
    told.append((event, frame.f_code.co_name, frame.f_lineno - frame.f_code.co_firstlineno))
    return note


def off_and_show(what):
    sys.settrace(None)
    sys.setprofile(None)
    print(what, *(f'{event}:{name}:{line}' for event, name, line in told if name not in SILENT))
    told.clear()


SILENT = {'off_and_show', 'trace_here'}


def trace_here():
    sys.settrace(note)
    sys._getframe(1).f_trace = note


def plain(x):
    y = x + 1
    return y


def counting():
    try:
        yield 1
        yield 2
    except KeyError:
        yield 3


def in_the_middle():
    a = plain(1)
    trace_here()
    b = plain(2)
    sys.settrace(None)
    c = plain(3)
    return a + b + c


for _ in range(300):
    plain(1)
for _ in range(3):
    print(in_the_middle())
    off_and_show('middle')

# Generators that wait, and go on by next, throw and close.
waiting = counting()
next(waiting)
sys.settrace(note)
next(waiting)
off_and_show('next')
sys.settrace(note)
waiting.throw(KeyError)
off_and_show('throw')
other = counting()
next(other)
sys.settrace(note)
other.close()
off_and_show('close')
sys.settrace(note)
list(counting())
off_and_show('list')

# Code that is made while it is watched; and code that was watched, and is no more.
sys.settrace(note)
exec('def made(x):\n    return x * 2\nmade(1)')
off_and_show('made')
for _ in range(300):
    plain(1)
print(told)


def deep(n):
    if n:
        return deep(n - 1) + 1
    trace_here()
    return 0


deep(3)
off_and_show('deep')

# Both kinds, and switching often.
sys.setprofile(note)
plain(1)
off_and_show('profile')
for _ in range(2000):
    sys.settrace(note)
    sys.settrace(None)
told.clear()
sys.settrace(note)
plain(1)
off_and_show('after')

# Tools: places that a tool wants to hear no more of, and does again; events of one code alone.
E = sys.monitoring.events
sys.monitoring.use_tool_id(3, 'marking')


def line(code, number):
    told.append(('line', code.co_name, number - code.co_firstlineno))
    return sys.monitoring.DISABLE


def looping(n):
    total = 0
    for i in range(n):
        total += i
    return total


sys.monitoring.register_callback(3, E.LINE, line)
sys.monitoring.set_events(3, E.LINE)
looping(400)
looping(400)
sys.monitoring.restart_events()
looping(3)
sys.monitoring.set_events(3, 0)
looping(3)
off_and_show('tool')
sys.monitoring.set_local_events(3, plain.__code__, E.LINE)
plain(1)
looping(1)
sys.monitoring.set_local_events(3, plain.__code__, 0)
plain(1)
off_and_show('local')
sys.monitoring.set_local_events(3, plain.__code__, E.PY_START)
sys.monitoring.register_callback(3, E.PY_START, lambda code, offset: told.append(('start', code.co_name, 0)))
plain(1)
sys.monitoring.free_tool_id(3)
plain(1)
off_and_show('freed')
