# Precisions and widths beyond what is reasonable are refused before anything is made.
def attempt(make):
    try:
        text = make()
    except (ValueError, OverflowError, MemoryError) as error:
        return f"{type(error).__name__}: {error}"
    return text if len(text) < 40 else len(text)


HUGE = 2147483648
for kind in "efgEFGn%":
    print(kind, attempt(lambda: format(1.5, f".{HUGE}{kind}")), attempt(lambda: format(0.0, f"10.{HUGE * 5}{kind}")))
for value in 1.5, float("inf"), 2 - 1j, 7, True:
    print(value, attempt(lambda: format(value, f".{HUGE}")), attempt(lambda: format(value, f".{HUGE}f")))
for kind in "efgdsr":
    print(kind, attempt(lambda: f"%.{HUGE}{kind}" % 3))
for spec in f".{HUGE}", f".{HUGE}s", f"5.{HUGE}s", f".{'9' * 30}":
    print(attempt(lambda: format("text", spec)), attempt(lambda: "{:{}}".format("text", spec)))
print(attempt(lambda: format(1.5, ".1200f")), attempt(lambda: "%.1200e" % 1.5), attempt(lambda: format(1.5, ".1200g")))


def hot(rounds):
    refused = 0
    for i in range(rounds):
        try:
            format(i + 0.5, f".{HUGE if i % 2 else 3}f")
        except ValueError:
            refused += 1
    return refused


print(hot(3000))
