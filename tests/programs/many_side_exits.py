def collatz_like(n):
    t = 0
    for i in range(1, n):
        x = i
        while x > 1:
            if x % 2 == 0:
                x //= 2
            elif x % 3 == 0:
                x //= 3
            elif x % 5 == 0:
                x = x // 5 + 1
            else:
                x += 1
            t += x & 3
    return t

def state_machine(n):
    state = "start"
    counts = {"start": 0, "run": 0, "wait": 0, "done": 0}
    x = 7
    for i in range(n):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        r = x >> 16 & 7
        counts[state] += 1
        if state == "start":
            state = "run" if r > 2 else "start"
        elif state == "run":
            state = "wait" if r < 2 else "done" if r == 7 else "run"
        elif state == "wait":
            state = "run" if r & 1 else "wait"
        else:
            state = "start"
    return counts, state

def rare(n):
    a = b = c = d = 0
    for i in range(n):
        a += 1
        if i % 97 == 0:
            b += 1
            if i % 2 == 0:
                c += 1
                if i % 3 == 0:
                    d += a
        elif i % 89 == 5:
            b -= 2
    return a, b, c, d

def rotating(n):
    out = [0] * 8
    for i in range(n):
        k = i * i % 8 if i < 2500 else i % 8
        if k == 0: out[0] += 1
        elif k == 1: out[1] += i
        elif k == 2: out[2] -= i
        elif k == 3: out[3] ^= i
        elif k == 4: out[4] = i
        elif k == 5: out[5] += 0.5
        elif k == 6: out[6] = str(i)
        else: out[7] = None
    return out

def bubble(n):
    a = [(i * 7919) % 211 for i in range(n)]
    swaps = 0
    for i in range(len(a)):
        for j in range(len(a) - 1 - i):
            if a[j] > a[j + 1]:
                a[j], a[j + 1] = a[j + 1], a[j]
                swaps += 1
    return swaps, a[:3]

def inner_trip_counts(n):
    t = 0
    for i in range(n):
        j = 0
        while j < i % 5:
            k = 0
            while k < j:
                t += k
                k += 1
            j += 1
    return t

print(collatz_like(400), state_machine(5000), rare(6000), rotating(5000), bubble(100), inner_trip_counts(4000))
