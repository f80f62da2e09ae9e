"""What several kernels work on."""

WORDS = "the quick brown fox jumps over the lazy dog while naïve élèves read 42 books, 3.5 pages a minute".split()
TEXT = " ".join(WORDS * 40)


class Record:
    def __init__(self, name, number):
        self.name = name
        self.number = number
        self.tags = ["a", "b", str(number)]


def rows_of_data():
    return [{"id": i, "name": f"row {i}", "score": i * 1.5, "tags": ["x", "y"], "ok": i % 2 == 0} for i in range(60)]
