"""The objects of the world that random superblocks run in. Those whose names start with p_ are put back after each run."""


from array import array


class Plain:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __repr__(self):
        return "Plain"

    def method(self, *arguments):
        self.x = arguments
        return self.y


class Grown:
    def __repr__(self):
        return "Grown"


class Meddler:
    """Its special methods change other objects, and some raise."""

    def __init__(self, seed):
        self.seed = seed

    def meddle(self):
        global p_global
        self.seed = seed = self.seed * 5 % 7 + 1
        if seed == 1:
            p_plain.x = p_list
        elif seed == 2:
            p_list.append(seed)
        elif seed == 3:
            p_dict["a"] = p_plain.y
        elif seed == 4:
            set_cell(seed)
        elif seed == 5:
            p_plain.new = 1
            p_global = seed
        elif seed == 6:
            del p_long[:]
        else:
            raise ValueError("meddled")
        return seed

    def __repr__(self):
        return "Meddler"

    def __add__(self, other):
        self.meddle()
        return other

    def __radd__(self, other):
        return self.meddle()

    def __neg__(self):
        return self.meddle()

    def __getitem__(self, key):
        self.meddle()
        if isinstance(key, int) and key < 4:
            return key
        raise IndexError(key)

    def __setitem__(self, key, value):
        self.meddle()

    def __contains__(self, item):
        return self.meddle() > 3

    def __bool__(self):
        return self.meddle() > 2

    def __eq__(self, other):
        return self.meddle() == 3

    __hash__ = None

    def __lt__(self, other):
        return self.meddle()

    def __len__(self):
        return self.meddle()

    def __str__(self):
        return str(self.meddle())

    def __format__(self, spec):
        return spec + str(self.meddle())

    def __call__(self, *arguments):
        self.meddle()
        return arguments

    def __getattr__(self, name):
        if self.meddle() == 2:
            raise AttributeError(name)
        return name


class Child(Plain):
    pass


def make_cell():
    content = None

    def get(*arguments):
        return content

    def set(value):
        nonlocal content
        content = value

    return get, set


get_cell, set_cell = make_cell()


def caller(function):
    return function()


def callee(first, second, third=None):
    whole = (first, second, third)
    return whole


def other_callee(first, second=1, *rest, **names):
    if first is second:
        raise KeyError(first)
    return rest


def counting(first, second):
    got = yield first
    for _ in range(4):
        got = yield got
        second = yield (first, second)


def finite(first, second):
    for number in range(3):
        first = yield number
    return second


def advanced(generator, steps):
    for _ in range(steps):
        next(generator)
    return generator


p_global = 0
p_plain = Plain(7, 0.5)
p_child = Child(p_plain, "b")
p_grown = Grown()
p_meddler = Meddler(1)
p_second_meddler = Meddler(4)
p_list = [1, 2.5, "a", None, p_plain, True]
p_long = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
p_empty_list = []
p_bytes_array = array("B", range(8))
p_short_array = array("h", range(-4, 4))
p_word_array = array("Q", range(8))
p_single_array = array("f", [0.5] * 8)
p_float_array = array("d", [1.5, -0.0, 2.5, 3.0, 0.25, 1e300, 5.0, 6.0])
p_tuple = (3, p_list, "ab")
p_pair = ("a", p_plain)
p_names = ("second",)
p_dict = {"a": 1, "b": p_list, "x": None}
p_int_dict = {1: 2, 3.5: "x", True: 0, "k": 5, None: 6, 10: 7, 11: 8, 12: 9, 13: 10}
p_keywords = {"second": 4}
p_set = {1, "a", 2.5}
p_other_set = {1, 2, 3, "a"}
p_string = "text"
p_wide_string = "t\u00e9\u4e00\U0001f600"
p_digit_string = "12"
p_bytes = b"bytes"
p_range = range(2, 20, 3)
p_slice = slice(1, 4)
p_range_iter = iter(range(3, 100, 7))
p_list_iter = iter(p_long)
p_tuple_iter = iter(p_tuple)
p_dict_iter = iter(p_dict)
p_set_iter = iter(p_set)
p_enumerate = enumerate(p_long, 5)
p_created = counting(1, 2)
p_counting = advanced(counting(p_list, 4), 1)
p_counting_on = advanced(counting(5, "s"), 2)
p_finite = advanced(finite(1, p_tuple), 2)
p_finished = finite(1, 2)
for _ in p_finished:
    pass
p_big = 1 << 60
p_negative_big = -(1 << 62)
p_huge = 1 << 100
p_method = p_plain.method
p_native_method = p_list.append
p_counter = iter(range(6))
