class Thing:
    def __init__(self):
        self.value = 1
    def use(self, n):
        for i in range(n):
            self.value += self.missing.deeper if i == 3999 else 1

Thing().use(5000)
