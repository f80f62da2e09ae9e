class Custom(Exception):
    pass

def low(i):
    if i == 3456:
        raise KeyError("low")
    return i

def mid():
    t = 0
    for i in range(4000):
        t += low(i)

def high():
    try:
        mid()
    except KeyError as e:
        raise Custom("high", 1) from e

def top():
    try:
        high()
    except Custom:
        [][5]

top()
