import math

def nbody(n):
    x, y, vx, vy = 1.0, 0.0, 0.0, 1.0
    dt = 0.001
    for i in range(n):
        r2 = x * x + y * y
        r3 = r2 * math.sqrt(r2)
        ax, ay = -x / r3, -y / r3
        vx += ax * dt
        vy += ay * dt
        x += vx * dt
        y += vy * dt
    return x, y, 0.5 * (vx * vx + vy * vy) - 1 / math.sqrt(x * x + y * y)

def mandel(w, h, limit):
    count = 0
    for py in range(h):
        for px in range(w):
            cx, cy = 3.0 * px / w - 2.0, 2.0 * py / h - 1.0
            x = y = 0.0
            i = 0
            while i < limit and x * x + y * y <= 4.0:
                x, y = x * x - y * y + cx, 2.0 * x * y + cy
                i += 1
            count += i
    return count

def logistic(n):
    x = 0.5
    lo, hi = 1.0, 0.0
    for i in range(n):
        x = 3.99 * x * (1.0 - x)
        if x < lo:
            lo = x
        if x > hi:
            hi = x
    return x, lo, hi

print(nbody(5000))
print(mandel(40, 30, 50))
print(logistic(6000))
print(sum(math.sin(i) * math.cos(i) for i in range(3000)))
