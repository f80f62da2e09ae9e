"""Tasks that pass messages through a small kernel: classes, queues, polymorphic calls."""


class Task:
    def __init__(self, name):
        self.name, self.inbox, self.done = name, [], 0

    def run(self, kernel):
        raise NotImplementedError


class Counter(Task):
    def run(self, kernel):
        if self.inbox:
            self.done += self.inbox.pop()
        kernel.send((self.name + 1) % len(kernel.tasks), self.done % 5 + 1)


class Relay(Task):
    def run(self, kernel):
        while self.inbox:
            kernel.send((self.name * 7 + self.done) % len(kernel.tasks), self.inbox.pop() + 1)
            self.done += 1
            if self.done % 3 == 0:
                break


class Sink(Task):
    def run(self, kernel):
        for message in self.inbox:
            self.done = (self.done * 31 + message) % 1000003
        self.inbox.clear()


class Kernel:
    def __init__(self):
        kinds = (Counter, Relay, Sink, Relay)
        self.tasks = [kinds[i % 4](i) for i in range(12)]
        self.sent = 0

    def send(self, to, message):
        self.sent += 1
        self.tasks[to].inbox.append(message)

    def run(self, rounds):
        for _ in range(rounds):
            for task in self.tasks:
                task.run(self)
        return self.sent, sum(task.done for task in self.tasks)


def main():
    return Kernel().run(6000)


if __name__ == "__main__":
    import sys
    import time

    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 8):
        started = time.perf_counter()
        result = main()
        print("round", time.perf_counter() - started)
    print("result", result)
