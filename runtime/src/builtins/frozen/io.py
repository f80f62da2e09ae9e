class StringIO:
    def __init__(self, s=""): self.parts = [s]
    def write(self, s):
        self.parts.append(s); return len(s)
    def getvalue(self): return "".join(self.parts)
    def flush(self): pass
