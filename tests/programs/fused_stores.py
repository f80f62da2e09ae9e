# A side trace of a fused loop that leaves several changed variables to the loop, some of them unboxed.


def least(rows):
    lowest, index, ties, odd = 10**6, -1, 0, 0
    for i in range(len(rows)):
        if len(rows[i]) & 1:
            odd += 1
            ties += len(rows[i])
            index = i
            continue
        if len(rows[i]) < lowest:
            lowest = len(rows[i])
    return lowest, index, ties, odd


def nested(rows):
    total, last, count = 0, 0, 0
    for row in rows:
        for value in row:
            if value & 3 == 1:
                total += value
                last = value
                count += 1
            elif value & 3 == 2:
                count += 2
                last = count
    return total, last, count


rows = [[0] * (1 + (i * 7) % 13) for i in range(3000)]
for _ in range(8):
    print(least(rows))
numbers = [list(range(i % 17)) for i in range(2000)]
for _ in range(4):
    print(nested(numbers))
