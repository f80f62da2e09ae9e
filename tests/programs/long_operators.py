# As long_loops: operators leave nothing on the native stack.
def search(n, items):
    found = 0
    for i in range(n):
        if i & 7 in items:
            found += 1
        if i & 7 not in items:
            found -= 1
    return found


def negate(n):
    total = 0
    for i in range(n):
        total += -i ^ ~i
    return total


print(search(400_000, (1, 2, 3)), search(400_000, [1]), search(400_000, {1: 2}), search(400_000, {5, 6}))
print(negate(400_000))
