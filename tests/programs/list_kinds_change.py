# A list of ints gets floats, strings and None while a hot loop reads it.
def total(data, n):
    t = 0
    for i in range(n):
        x = data[i % len(data)]
        if x is None:
            t += 1
        elif isinstance(x, str):
            t += len(x)
        else:
            t += x
        if i == 2500:
            data[3] = 0.5
        elif i == 3000:
            data[4] = "word"
        elif i == 3300:
            data[5] = None
        elif i == 3600:
            data[6] = 2 ** 80
        elif i == 3900:
            data[:] = [1, 2]
    return t

print(total(list(range(10)), 4200))

def overwrite(n):
    data = [0] * 16
    for i in range(n):
        data[i & 15] = i if i < 3000 else i / 2 if i < 3500 else str(i)
    return data

print(overwrite(2900), overwrite(3300), overwrite(4000))

def out_of_range(data, n):
    done = 0
    for i in range(n):
        try:
            done += data[i]
        except IndexError as e:
            return done, i, str(e)

print(out_of_range(list(range(3500)), 5000))

def negative(data, n):
    t = 0
    i = 0
    for _ in range(n):
        t += data[i]
        i -= 1
        if i < -len(data):
            i = len(data) - 1
    return t

print(negative(list(range(7)), 4000))
