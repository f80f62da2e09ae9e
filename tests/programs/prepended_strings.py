"""A string that is prepended to keeps its value while others grow from it, at both ends; so do bytes."""


def check(text, expected):
    assert text == expected and len(text) == len(expected), (len(text), len(expected))
    assert hash(text) == hash(expected)
    assert {expected: 1}[text] == 1 and {text: 1}[expected] == 1
    assert list(text[:3]) == list(expected[:3]) and list(text[-3:]) == list(expected[-3:])


def grow(piece, count):
    text = piece[:0]
    for _ in range(count):
        text = piece + text
    return text


# Every intermediate value kept.
for make in (str, str.encode):
    kept = []
    text = make('')
    for i in range(160):
        text = make(chr(97 + i % 26)) + text
        kept.append(text)
    whole = make('').join(make(chr(97 + i % 26)) for i in reversed(range(160)))
    for i, one in enumerate(kept):
        check(one, whole[-i - 1:])
print(len(kept), kept[-1][:30])

# Two that grow from the same one, in turns, and at both ends.
for a, b, base in (('L', 'R', grow('ab', 80)), (b'L', b'R', grow(b'ab', 80))):
    left = right = both = base
    for i in range(30):
        left = a + left
        right = b + right
        both = a + both + b
    check(base, grow(base[:2], 80))
    check(left, a * 30 + base)
    check(right, b * 30 + base)
    check(both, a * 30 + base + b * 30)
    check(base + b, base + b)
    again = a + base
    check(again, a + base)
    check(base, grow(base[:2], 80))
    # By turns of some length, at one end and at the other.
    text, expected = base, base
    for i in range(6):
        for j in range(7):
            text = a * j + text if i % 2 else text + b * j
        expected = a * 21 + expected if i % 2 else expected + b * 21
        check(text, expected)
    doubled = text
    for _ in range(4):
        doubled = doubled + doubled
    check(doubled, text * 16)
print(len(doubled))

# Widths: wider pieces, narrower pieces, back and forth.
pieces = ['a', '\xe9', '\u0416', 'b', '\U0001f600', 'c', '\u0416']
text = ''
expected = []
states = []
for i in range(140):
    piece = pieces[i // 20 % len(pieces)]
    text = f'{piece}{text}' if i % 3 else piece + text
    expected.insert(0, piece)
    states.append(text)
for i in range(0, 140, 9):
    check(states[i], ''.join(expected[139 - i:]))
print([ascii(state[0]) for state in states[::20]])


class Text(str):
    pass


# Of a class that derives from str, and pieces longer than what they come before.
text = Text('x' * 200)
for i in range(8):
    text = 'y' + text
check(text, 'y' * 8 + 'x' * 200)
text = 'z'
for i in range(8):
    text = 'w' * len(text) * 2 + text
check(text, 'w' * (3 ** 8 - 1) + 'z')

# Slices, searches and joins of what has grown.
text = grow('ab,', 200)
print(text.count(','), text.find('b,a'), text.index('a', 5), len(text.split(',')), text[3:9], text.upper()[:6])
data = grow(b'ab,', 200)
print(data.count(b','), data.find(b'b,a'), len(data.split(b',')), data[3:9], bytes(reversed(data))[:4], bytearray(data)[:3])
print(len(bytearray(b'x') + data), len(memoryview(data)))
