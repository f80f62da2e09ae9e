# Sums that cross the limit of small ints in both directions within one hot loop.
def climb(start, step, n):
    x = start
    hits = 0
    for i in range(n):
        x += step
        if x > 0x1000000000000:
            hits += 1
    return x, hits

edge = 1 << 48
for start, step in [(edge - 2000, 1), (-edge + 2000, -1), (edge + 2000, -1), (-edge - 2000, 1), (edge - 5, 3)]:
    print(climb(start, step, 4000))

def bounce(n):
    x = edge - 3
    seen = 0
    for i in range(n):
        if i % 7 < 3:
            x += 2
        else:
            x -= 1
        if x == edge or x == edge - 1 or x == -edge:
            seen += 1
    return x, seen

print(bounce(5000))
print(edge - 1, edge, -edge, -edge - 1, (edge - 1) + 1, -edge - 1 + 1)
print([edge + d for d in range(-2, 3)], [-edge + d for d in range(-2, 3)])
print((edge - 1) * 2, (-edge) * 2, -(-edge), abs(-edge), ~(edge - 1), edge // -1, -edge // -1)
print(edge == float(edge), hash(edge), edge in {edge}, {edge: 1}[1 << 48])
