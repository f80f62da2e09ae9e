# Ints that grow past what a word's payload holds, and past a word, where the loop asks for their type.
def grows(n, start, factor):
    y = start
    for i in range(n):
        for q in 'k':
            y *= factor
        if type(y) is str:
            print('no')
    return y


def adds(n, start, step):
    y = start
    for i in range(n):
        y += step
        if type(y) is not int:
            print('no')
        if y.__class__ is str:
            print('no')
    return y


def wide(n):
    x = 2**47
    seen = 0
    for i in range(n):
        y = x * 3 + i
        if type(y) is str:
            print('no')
        seen ^= y
    return seen


def there_and_back(n):
    y = 1
    top = 0
    for i in range(n):
        y = y * 2 if i % 140 < 70 else y // 2
        if isinstance(y, float):
            print('no')
        if type(y) is bool:
            print('no')
        top = y if y > top else top
    return y, top


print(grows(60, -2**31, 2), grows(3000, -2**31, 2) == -2**3031, grows(200, 3, 3) == 3**201)
print(adds(3000, 2**48 - 1500, 1), adds(3000, 2**63 - 1500, 1), adds(3000, -2**63 + 10, -7))
print(wide(3000), there_and_back(3000))
