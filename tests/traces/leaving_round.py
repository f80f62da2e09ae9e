# A loop that is left in its second round each time: what is recorded at first is how it is left. Once a side trace has come back
# to its head, it is recorded again, as a loop.


def rounds(n):
    i = 0
    while i < n:
        i += 1
    return i


for _ in range(60):
    rounds(1)
for _ in range(60):
    rounds(3)
