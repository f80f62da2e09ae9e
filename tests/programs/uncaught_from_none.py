def f():
    for i in range(4000):
        try:
            {}[i]
        except KeyError:
            if i == 3500:
                raise RuntimeError("replaced") from None

f()
