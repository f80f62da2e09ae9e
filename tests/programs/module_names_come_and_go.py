# Names of a module that are deleted in hot loops, by `del`, by the end of an `except` and by functions.
total = 0
for i in range(3000):
    try:
        total += 1 // (i % 2)
    except ZeroDivisionError as e:
        total += len(e.args)
print(total, 'e' in globals())
for i in range(60):
    tmp = i
    for j in range(60):
        total += j ^ tmp
    del tmp
print(total, 'tmp' in globals())
def drop():
    global made, kept
    made = 1
    kept = made + 1
    del made
    return kept
for i in range(3000):
    total += drop()
print(total, 'made' in globals(), kept)
missing = 0
for i in range(3000):
    if i % 3:
        here = i
    try:
        del here
    except NameError as error:
        missing += error.name == 'here'
print(missing)
import types
module = types.ModuleType('m')
module.base = 2
def through(n):
    t = 0
    for i in range(n):
        module.x = i
        t += module.x + module.base
        del module.x
        if i == n - 5:
            module.base = 40
    return t
print(through(2000), hasattr(module, 'x'))
# Another name takes the place of one that is gone.
first = 1
second = 2
def reads():
    return second
def swap(n):
    global first, second, third
    t = 0
    for i in range(n):
        t += reads() * 3
        if i == n // 2:
            del first, second
            third = 7
            second = 5
            first = 9
    return t
print(swap(2000), first, second, third)
def loop(n):
    t = 0
    for i in range(n):
        try:
            t += value
        except NameError:
            t += 100
        if i == n - 50:
            globals()['value'] = 3
        elif i == n - 20:
            del globals()['value']
    return t
print(loop(2000))
