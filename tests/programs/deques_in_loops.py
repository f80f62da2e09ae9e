# Both ends of deques, items and iterators, in loops that get hot: what the methods do, inline.
from collections import deque


def queue(n):
    line, total = deque(), 0
    for i in range(n):
        line.append(i)
        if i % 3:
            total += line.popleft()
    return total, len(line), line[0], line[-1]


print(queue(3000))


def stack(n):
    line, total = deque([1, 2, 3]), 0
    for i in range(n):
        line.appendleft(i)
        line.append(-i)
        total += line.pop() * 2 + line[1] + line[-1]
    return total, len(line), list(line)[:4]


print(stack(2000))


def bounded(n, most):
    line, total = deque(maxlen=most), 0
    for i in range(n):
        line.append(i)
        total += len(line)
        if i % 5 == 4:
            line.appendleft(-i)
    return total, list(line), line


for most in 0, 1, 3, 8:
    print(bounded(1000, most))


def drained(n):
    total = rounds = 0
    for i in range(n):
        line = deque(range(i % 7))
        while line:
            total += line.popleft() if i % 2 else line.pop()
            rounds += 1
    return total, rounds


print(drained(500))


def empty(n):
    line, raised = deque(), 0
    for i in range(n):
        try:
            line.popleft() if i % 2 else line.pop()
        except IndexError as error:
            raised += 1
            text = str(error)
        if i % 10 == 0:
            line.append(i)
    return raised, text, len(line)


print(empty(1000))


def items(n):
    line = deque(range(10))
    line.rotate(3)
    for i in range(n):
        line[i % 10] = line[-1 - i % 10] + 1
    return list(line)


print(items(1000))


def out_of_range(n):
    line, raised = deque([5]), 0
    for i in range(n):
        try:
            line[i % 3] += 1
        except IndexError as error:
            raised += 1
            text = str(error)
    return line, raised, text


print(out_of_range(300))


def iterated(n):
    line, total = deque(range(20)), 0
    line.rotate(5)
    for i in range(n):
        for item in line:
            total += item
        for item in reversed(line):
            total = total * 3 % 1000003 + item
        for nth, item in enumerate(line):
            total += nth * item
    return total


print(iterated(200))


def changed(n):
    line, raised = deque(range(6)), 0
    for i in range(n):
        try:
            for item in line:
                if i % 4 == 3 and item == line[-1]:
                    line.append(line.popleft())
        except RuntimeError as error:
            raised += 1
            text = str(error)
    return raised, text, list(line)


print(changed(400))


class Line(deque):
    n_added = 0

    def append(self, item):
        self.n_added += 1
        super().append(item * 2)


def derived(n):
    line, total = Line(), 0
    for i in range(n):
        line.append(i)
        total += line.popleft() + len(line) + bool(line)
    return total, line.n_added


print(derived(800))


class Counted(deque):
    def __len__(self):
        return 7

    def __getitem__(self, index):
        return 100


def overridden(n):
    line, total = Counted([1]), 0
    for i in range(n):
        line.append(i)
        total += len(line) + line[0] + line.popleft()
    return total


print(overridden(500))


def mixed(n):
    total = 0
    for i in range(n):
        line = [deque([i]), [i], Line([i])][i % 3]
        line.append(i)
        total += line.pop() + len(line) + line[0]
    return total


print(mixed(900))


def grown(n):
    line = deque()
    for i in range(n):
        line.append([i])
        line.appendleft((i,))
        if i % 100 == 99:
            for _ in range(50):
                line.popleft()
    return len(line), line[0], line[-1], sum(item[0] for item in line)


print(grown(3000))
