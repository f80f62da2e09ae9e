"""Parses and evaluates expressions: characters, tuples, exceptions."""


class Bad(Exception):
    pass


def tokens(text):
    i = 0
    while i < len(text):
        c = text[i]
        if c.isdigit():
            j = i
            while j < len(text) and text[j].isdigit():
                j += 1
            yield ("num", int(text[i:j]))
            i = j
        elif c in "+-*()":
            yield (c, None)
            i += 1
        elif c == " ":
            i += 1
        else:
            raise Bad(c)
    yield ("end", None)


class Parser:
    def __init__(self, text):
        self.source = tokens(text)
        self.kind, self.value = next(self.source)

    def advance(self):
        value = self.value
        self.kind, self.value = next(self.source)
        return value

    def atom(self):
        if self.kind == "num":
            return self.advance()
        if self.kind == "(":
            self.advance()
            inner = self.total()
            self.advance()
            return inner
        raise Bad(self.kind)

    def term(self):
        value = self.atom()
        while self.kind == "*":
            self.advance()
            value *= self.atom()
        return value

    def total(self):
        value = self.term()
        while self.kind in ("+", "-"):
            if self.kind == "+":
                self.advance()
                value += self.term()
            else:
                self.advance()
                value -= self.term()
        return value


def main():
    total = bad = 0
    texts = ["1 + 2 * (3 + 4) - 5", "12 * (7 - 3) * 2 + (1)", "8 - ? 3", "((2 + 3) * (4 + 5)) - 100 * 2"]
    for i in range(4000):
        try:
            total += Parser(texts[i % 4]).total()
        except Bad:
            bad += 1
    return total, bad


if __name__ == "__main__":
    import sys
    import time

    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 8):
        started = time.perf_counter()
        result = main()
        print("round", time.perf_counter() - started)
    print("result", result)
