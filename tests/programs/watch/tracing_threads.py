# Each thread has a trace function of its own.
import sys
import threading

seen = {}


def tracer(frame, event, arg):
    name = threading.current_thread().name
    if frame.f_code.co_name in ("work", "callee"):
        seen.setdefault(name, []).append((frame.f_code.co_name, event))
        return tracer


def callee(x):
    return x + 1


def work(n):
    total = 0
    for i in range(n):
        total += callee(i)
    return total


def run(name, n):
    thread = threading.Thread(target=work, args=(n,), name=name)
    thread.start()
    thread.join()


run("before", 3)
print(seen)
threading.settrace(tracer)
run("traced", 2)
print(sys.gettrace(), threading.gettrace() is tracer)
threading.settrace(None)
run("after", 2)
print(seen)
seen.clear()
print(work(3000), seen)

# One that runs already is traced when all are.
ready, go, done = threading.Event(), threading.Event(), []


def waiting():
    ready.set()
    go.wait()
    done.append(work(2))


thread = threading.Thread(target=waiting, name="running")
thread.start()
ready.wait()
threading.settrace_all_threads(tracer)
go.set()
thread.join()
threading.settrace_all_threads(None)
print(done, {name: len(events) for name, events in seen.items() if name == "running"})
seen.clear()

# Tools are told of all threads.
M = sys.monitoring
started = []
M.use_tool_id(1, "threads")
M.register_callback(1, M.events.PY_START, lambda code, offset: started.append(threading.current_thread().name))
M.set_local_events(1, callee.__code__, M.events.PY_START)
run("first", 2)
run("second", 1)
work(1)
M.set_local_events(1, callee.__code__, 0)
M.free_tool_id(1)
work(1)
print(started)
print(sys.gettrace(), work(3000))
