import sys
for i in range(3001):
    if i % 1000 == 0:
        print("out", i)
        print("err", i, file=sys.stderr)
sys.stdout.write("no newline")
sys.stderr.write("bye\n")
