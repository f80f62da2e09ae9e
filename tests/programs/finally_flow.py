def f(kind):
    log = []
    for i in range(3):
        try:
            log.append(i)
            if kind == "continue" and i == 1:
                continue
            if kind == "break" and i == 1:
                break
            if kind == "return" and i == 1:
                return log, "returned"
            if kind == "raise" and i == 1:
                raise ValueError("x")
        except ValueError:
            log.append("except")
        else:
            log.append("else")
        finally:
            log.append("finally")
    else:
        log.append("loop else")
    return log

for kind in ("none", "continue", "break", "return", "raise"):
    print(kind, f(kind))

def ret_value():
    x = 1
    try:
        return x
    finally:
        x = 2

def nested(n):
    order = []
    try:
        try:
            if n == 1:
                raise ValueError("in")
            order.append("body")
        finally:
            order.append("f1")
            if n == 2:
                raise KeyError("from finally")
    except (ValueError, KeyError) as e:
        order.append(repr(e))
    finally:
        order.append("f2")
    return order

print(ret_value(), nested(0), nested(1), nested(2))

def hot(n):
    a = b = c = 0
    for i in range(n):
        try:
            if i % 4 == 0:
                continue
            if i % 4 == 1:
                raise ValueError
            a += 1
        except ValueError:
            b += 1
        finally:
            c += 1
    return a, b, c

def hot_return(n):
    done = [0]
    def one(i):
        try:
            if i % 2:
                return i
            return -i
        finally:
            done[0] += 1
    t = 0
    for i in range(n):
        t += one(i)
    return t, done

def hot_while(n):
    i = 0
    log = 0
    while True:
        try:
            i += 1
            if i > n:
                break
        finally:
            log += i & 1
    return i, log

print(hot(4000), hot_return(4000), hot_while(4000))
