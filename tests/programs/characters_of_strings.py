# Characters of strings and their comparison, in hot loops.


def scan(text, wanted):
    n = 0
    for i in range(len(text)):
        if text[i] == wanted:
            n += i
        if text[-i - 1] != wanted:
            n += 1
    return n


texts = ["abcabc" * 50, "a\u00e9b\u00ffa" * 40, "a\u20acb\u0416a" * 40, "a\U0001f600b" * 40, "", "a"]
for text in texts:
    print([scan(text, wanted) for wanted in ("a", "\u00e9", "\u20ac", "\U0001f600", "", "ab", "a" * 3)])

# A text that was made by appending lies elsewhere.
text = ""
for i in range(2000):
    text += "xyz"[i % 3]
print(scan(text, "y"), text[1999], text[-2000], text == "xyz" * 666 + "xy", text != text[:1999] + "y")
wide = text + "\u20ac"
for i in range(300):
    wide += "\u20ac" if i % 2 else "b"
print(scan(wide, "b"), scan(wide, "\u20ac"))


def beyond(text, n):
    total = 0
    for i in range(n):
        try:
            total += ord(text[i])
        except IndexError as error:
            return total, i, str(error)
    return total


print(beyond("ab" * 700, 2000), beyond("\u20ac" * 700, 2000))


def backwards(text, n):
    total = 0
    for i in range(1, n):
        try:
            total += ord(text[-i])
        except IndexError as error:
            return total, i, str(error)
    return total


print(backwards("ab" * 700, 2000))


class Text(str):
    def __getitem__(self, index):
        return "!"

    def __eq__(self, other):
        return True

    __hash__ = str.__hash__


def mixed(texts, n):
    equal = 0
    for i in range(n):
        text = texts[i % len(texts)]
        if text[0] == "a":
            equal += 1
        if text == "abc":
            equal += 100
    return equal


print(mixed(["abc", "abd", "a", "\u0101bc"], 2000), mixed(["abc", Text("xyz"), "ab"], 2000))
print(mixed([["a"], "abc", ("b",), {0: "a"}], 2000))


# Characters that are made in other ways are the same to `==`.
def made(n):
    found = 0
    for i in range(n):
        made = [chr(97 + i % 3), "abc"[i % 3], "abc"[i % 3 : i % 3 + 1], b"abc"[i % 3 : i % 3 + 1].decode(), "%c" % (97 + i % 3)]
        made += ["".join([made[0]]), made[1].upper().lower(), f"{made[2]}", (made[3] + "z")[:1]]
        found += sum(one == two for one in made for two in made)
        found += 1000 * sum(one == "a" for one in made)
    return found


print(made(600))
