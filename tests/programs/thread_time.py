import time

thread, process = time.thread_time(), time.process_time()
total = 0
for i in range(300_000):
    total += i
spent = time.thread_time() - thread
print(total, spent > 0, spent <= time.process_time() - process + 0.02)
print(time.thread_time_ns() >= int(thread * 1e9))
thread = time.thread_time()
time.sleep(0.05)
print(time.thread_time() - thread < 0.04)
