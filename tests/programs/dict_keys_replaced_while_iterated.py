# A dict that gets as many keys as it loses while it is gone through: at more keys than there were, the iteration fails.
def gone_through(view, at, n_keys=6):
    table = dict.fromkeys(range(n_keys))
    seen = []
    try:
        for item in view(table):
            key = item[0] if type(item) is tuple else item
            seen.append(key)
            if key == at:
                del table[key]
                table[100] = 1
    except RuntimeError as error:
        seen.append(str(error))
    return seen

for at in range(5):
    print(gone_through(iter, at))
print(gone_through(dict.items, 2), gone_through(iter, 50))

def total():
    n = 0
    for i in range(300):
        n += len(gone_through(iter, i % 4))
        n += len(gone_through(dict.keys, 7))
    return n

print(total(), total())
