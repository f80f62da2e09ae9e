"""A string that is appended to keeps its value while others grow from it; so do bytes."""


def grow(piece, count):
    text = ''
    for _ in range(count):
        text += piece
    return text


def check(text, expected):
    assert text == expected and len(text) == len(expected), (len(text), len(expected))
    assert hash(text) == hash(expected)
    assert {expected: 1}[text] == 1 and {text: 1}[expected] == 1
    assert list(text[-3:]) == list(expected[-3:])


# Locals, with every intermediate value kept.
kept = []
text = ''
for i in range(600):
    text += chr(97 + i % 26)
    kept.append(text)
whole = ''.join(chr(97 + i % 26) for i in range(600))
for i, one in enumerate(kept):
    check(one, whole[:i + 1])

# Two that grow from the same string, one after the other and in turns.
base = grow('ab', 200)
left = base
right = base
for i in range(100):
    left += 'L'
    right += 'R'
check(base, 'ab' * 200)
check(left, 'ab' * 200 + 'L' * 100)
check(right, 'ab' * 200 + 'R' * 100)
again = base + 'x'
other = base + 'yy'
check(again, 'ab' * 200 + 'x')
check(other, 'ab' * 200 + 'yy')

# A string appended to itself; prefixes that grow anew.
text = grow('abc', 60)
for _ in range(5):
    text += text
check(text, 'abc' * (60 * 32))
text = grow('.', 300)
old = text
for i in range(50):
    new = old + str(i)
    check(new, '.' * 300 + str(i))
check(old, '.' * 300)

# Widths: wider pieces, narrower pieces, back and forth.
pieces = ['a', '\xe9', '\u0416', 'b', '\U0001f600', 'c', '\u0416']
text = ''
expected = []
states = []
for i in range(700):
    piece = pieces[i * i % 7] * (i % 3)
    text += piece
    expected.append(piece)
    if i % 50 == 0:
        states.append((text, ''.join(expected)))
check(text, ''.join(expected))
for one, other in states:
    check(one, other)
narrow = grow('n', 300)
wide = narrow + '\u0416'
widest = wide + '\U0001f600'
narrow += 'm'
check(narrow, 'n' * 300 + 'm')
check(wide, 'n' * 300 + '\u0416')
check(widest, 'n' * 300 + '\u0416\U0001f600')

# Methods, slices, searches and comparisons look at the string's own end.
text = grow('word ', 100)
longer = text + 'tail'
longer += 'more'
assert text.endswith('word ') and not text.endswith('tail')
assert 'tail' not in text and text.find('tail') == -1 and longer.find('tail') == 500
assert text < longer and text != longer and not text > longer
assert text.split() == ['word'] * 100
assert text[490:] == 'word word ' and text[::-1][:5] == ' drow'
assert text.upper()[-5:] == 'WORD ' and text.replace('word', 'w') == 'w ' * 100
assert text.encode() == b'word ' * 100 and repr(text)[-3:] == "d '"
assert ','.join([text, 'z']) == 'word ' * 100 + ',z'
assert sum(1 for c in text if c == 'w') == 100
assert int(grow('1', 200)) == int('1' * 200)


# Attributes, globals, cells, items.
class Holder:
    pass


def holder_loop():
    holder = Holder()
    holder.text = ''
    for i in range(2000):
        holder.text += 'ab'
    return holder.text


def cell_loop():
    text = ''

    def more():
        nonlocal text
        text += 'cd'

    for i in range(2000):
        more()
    return text


GLOBAL = ''


def global_loop():
    global GLOBAL
    for i in range(2000):
        GLOBAL += 'ef'
    return GLOBAL


def item_loop():
    items = ['', '']
    for i in range(2000):
        items[i & 1] += 'gh'
    return items


def kept_loop():
    """The string is looked at while it grows."""
    text = ''
    seen = {}
    total = 0
    for i in range(2000):
        text += 'x'
        if i % 500 == 0:
            seen[text] = i
        if text[-1] == 'x':
            total += len(text)
    return total, sorted(map(len, seen)), [seen['x' * n] for n in (1, 501, 1501)]


check(holder_loop(), 'ab' * 2000)
check(cell_loop(), 'cd' * 2000)
check(global_loop(), 'ef' * 2000)
assert item_loop() == ['gh' * 1000] * 2
print(kept_loop())

# Names: an appended string as attribute, as keyword and as a class's name.
name = grow('n', 200)
holder = Holder()
setattr(holder, name, 1)
assert getattr(holder, 'n' * 200) == 1 and vars(holder) == {'n' * 200: 1}
name += 'm'
assert not hasattr(holder, name)
assert (lambda **kw: kw)(**{name: 2}) == {'n' * 200 + 'm': 2}
assert type(name, (), {}).__name__ == name


# Subclasses have a text of their own.
class Text(str):
    pass


text = grow('s', 300)
sub = Text(text)
sub.extra = 'extra'
text += 't'
check(sub, 's' * 300)
assert type(sub) is Text and sub.extra == 'extra' and type(sub + 'u') is str
grown = sub + 'u'
for _ in range(10):
    grown += 'v'
check(grown, 's' * 300 + 'u' + 'v' * 10)
assert sub.extra == 'extra'


# Bytes.
def bytes_loop():
    data = b''
    states = []
    for i in range(2000):
        data += b'%d,' % (i % 10)
        if i % 400 == 0:
            states.append(data)
    return data, states


data, states = bytes_loop()
expected = b'0,1,2,3,4,5,6,7,8,9,' * 200
assert data == expected and hash(data) == hash(expected) and {expected: 3}[data] == 3
assert [expected.startswith(state) for state in states] == [True] * 5
assert [len(state) for state in states] == [2, 802, 1602, 2402, 3202]
left, right = data + b'left', data + b'right'
assert data == expected and left == expected + b'left' and right == expected + b'right'
assert data[-2] == ord('9') and data[::-1][:2] == b',9' and data.find(b'left') == -1
data += data
assert data == expected * 2


class Data(bytes):
    pass


sub = Data(left)
left += b'er'
assert sub == expected + b'left' and type(sub) is Data
print('all right')
