def fails(n):
    t = 0
    for i in range(n):
        t += 100 // (3500 - i)
    return t

print("before")
fails(5000)
print("never")
