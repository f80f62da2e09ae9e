import sys

def work(n):
    try:
        for i in range(n):
            if i == 3100:
                raise ValueError(i)
    finally:
        print("cleaning", i)

try:
    work(4000)
except ValueError:
    print("caught")
    sys.exit()
