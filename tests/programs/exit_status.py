import sys
t = 0
for i in range(4000):
    t += i
    if t > 7000000:
        print("leaving", i)
        sys.exit(42)
