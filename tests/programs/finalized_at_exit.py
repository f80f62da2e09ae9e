class F:
    def __init__(self, name): self.name = name
    def __del__(self): print('del', self.name, known)
known = 'a global is still there'
a = F('a')
b = F('b')
b.me = b
def gen():
    try: yield 1
    finally: print('closed', known)
a.gen = gen(); next(a.gen)
print('end')
