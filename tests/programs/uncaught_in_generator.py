def gen(n):
    for i in range(n):
        if i > 3200:
            raise ValueError(f"at {i}")
        yield i

def total(it):
    return sum(
        x * 2
        for x in it
    )

total(gen(4000))
