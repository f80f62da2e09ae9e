import sys


def shown():
    return sys._getframe(1).f_locals


def virtual(i):
    x = [i]
    p = (i, x)
    y = shown()
    return y["x"] is x and y["p"] is p and p[1] is x


def by_key(x):
    return -x if sys._getframe().f_back.f_locals["t"][0] is x else x


def sorting(i):
    t = [i, (1 << 50) + i]
    return sorted(t, key=by_key)[0] is t[0]


def hot(function, n):
    good = 0
    for i in range(n):
        good += function(i)
    return good


print(hot(virtual, 1200), hot(sorting, 300))
