def check(x):
    assert x < 3600, f"too big: {x}"

for i in range(4000):
    check(i)
