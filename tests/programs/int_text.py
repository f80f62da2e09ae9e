print(int("12"), int("-0x1f", 16), int("0b101", 0), int("  42\n"), int("1_000"), int("z", 36), int("-0"))
for text, base in [("", 10), ("1 2", 10), ("0x", 16), ("9", 8), ("_1", 10), ("1__0", 10), ("012", 0), ("1", 37)]:
    try:
        print(int(text, base))
    except ValueError as e:
        print("ValueError:", e)
print(int(3.9), int(-3.9), int(True), int(10 ** 30 + 0.0), str(10 ** 50), repr(-10 ** 25))
for bad in (None, [], 1j):
    try:
        int(bad)
    except TypeError as e:
        print(e)
for bad in (float("inf"), float("nan")):
    try:
        int(bad)
    except (OverflowError, ValueError) as e:
        print(type(e).__name__, e)

def digits(n):
    total = 0
    for i in range(n):
        for c in str(i * 7919):
            total += int(c)
    return total

print(digits(3000))
print(2 ** 10, 2 ** 100, (-2) ** 63, 2 ** -2, pow(3, 100, 1000), pow(3, -1, 7), 0 ** 0, (-1) ** 1001)
print(round(1234, -2), round(1250, -2), round(1350, -2), round(15, -1), round(-25, -1), (5).__add__(3), (5).__add__("x"))
print(max(3, 2 ** 70, -1), min(3, -2 ** 70), sum(range(1000)), sum([2 ** 62] * 4))
try:
    int("1" * 5000)
except ValueError as e:
    print(e)
