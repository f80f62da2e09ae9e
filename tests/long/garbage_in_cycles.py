# Not under gc: what each allocation collects, no later collection counts.
import gc
import weakref

log = []


class Node:
    pass


class Finalized:
    def __del__(self):
        log.append("del")


class Resurrected:
    def __del__(self):
        kept.append(self)


kept = []


def generator(value):
    try:
        yield value
    finally:
        log.append("closed")


def list_in_itself():
    values = []
    values.append(values)


def dict_in_itself():
    values = {}
    values["self"] = values


def tuple_and_list():
    values = []
    values.append((values,))


def what_hangs_on_a_cycle():
    values = []
    values.append(values)
    values.append([[[1]]])


def no_cycle():
    return [[[], {}], {"a": [(), []]}]


def nodes():
    first, second = Node(), Node()
    first.other, second.other = second, first


def class_alone():
    class Alone:
        pass


def finalized():
    first, second = Finalized(), Finalized()
    first.other, second.other = second, first
    return weakref.ref(first)


def resurrected():
    one = Resurrected()
    one.me = one
    return weakref.ref(one), weakref.ref(one, lambda _: log.append("callback"))


def generator_in_dict():
    it = generator({})
    next(it)["it"] = it


def generator_in_its_value():
    it = generator({})
    value = next(it)
    value["it"] = it


def generator_returned():
    def returns():
        return Finalized()
        yield

    try:
        next(returns())
    except StopIteration as stop:
        stop.value.me = stop.value


gc.collect()
for function in (list_in_itself, dict_in_itself, tuple_and_list, what_hangs_on_a_cycle, no_cycle, nodes):
    function()
    print(function.__name__, gc.collect(), gc.collect())
class_alone()
print(gc.collect() > 0, gc.collect())

reference = finalized()
print(gc.collect() >= 2, reference() is None, log, gc.collect())

references = resurrected()
print(gc.collect(), [reference() is None for reference in references], len(kept), log)
kept.clear()
print(gc.collect(), len(kept))

for function in (generator_in_dict, generator_in_its_value, generator_returned):
    log.clear()
    function()
    gc.collect()
    print(function.__name__, log)

gc.set_debug(gc.DEBUG_SAVEALL)
list_in_itself()
no_cycle()
found = gc.collect()
gc.set_debug(0)
print(found, len(gc.garbage), gc.garbage[0][0] is gc.garbage[0])
gc.garbage.clear()
print(gc.collect())

told = []
gc.callbacks.append(lambda phase, info: told.append((phase, info["generation"], info["collected"])))
list_in_itself()
gc.collect()
gc.callbacks.clear()
print(told)
print(gc.is_tracked(bytearray(3)), gc.is_tracked([]))
