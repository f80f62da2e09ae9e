# Not under gc: what it imports takes long already.
# asyncio beside threads.
import asyncio
import concurrent.futures
import contextvars
import threading
import time

name = contextvars.ContextVar("name", default="nobody")


def blocking(n):
    time.sleep(0.01)
    return n, name.get(), threading.current_thread() is threading.main_thread()


async def count(log):
    for n in range(3):
        log.append(n)
        await asyncio.sleep(0.001)


async def main():
    name.set("main task")
    print(await asyncio.to_thread(blocking, 1))
    print(await asyncio.gather(*(asyncio.to_thread(blocking, n) for n in range(4))))
    loop = asyncio.get_running_loop()
    print(await loop.run_in_executor(None, blocking, 2))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        print(await asyncio.gather(*(loop.run_in_executor(pool, blocking, n) for n in range(3))))
    log = []
    await asyncio.gather(count(log), asyncio.to_thread(time.sleep, 0.02), count(log))
    print(sorted(log))

    async def answer():
        return threading.current_thread() is threading.main_thread()

    def ask():
        return asyncio.run_coroutine_threadsafe(answer(), loop).result(5)

    print(await asyncio.to_thread(ask))
    event = asyncio.Event()
    threading.Timer(0.01, lambda: loop.call_soon_threadsafe(event.set)).start()
    await asyncio.wait_for(event.wait(), 5)
    print("set from a thread")
    try:
        await asyncio.wait_for(asyncio.sleep(10), 0.01)
    except TimeoutError:
        print("timed out")

    def fail():
        raise KeyError("in a thread")

    try:
        await asyncio.to_thread(fail)
    except KeyError as error:
        print(repr(error))
    queue = asyncio.Queue()

    async def produce():
        for n in range(5):
            await queue.put(n)
        await queue.put(None)

    async def consume():
        return [item async for item in items()]

    async def items():
        while (item := await queue.get()) is not None:
            yield item

    print((await asyncio.gather(produce(), consume()))[1])


asyncio.run(main())


# A loop in each thread.
def own(n):
    async def body():
        await asyncio.sleep(0.005)
        return n
    return asyncio.run(body())


with concurrent.futures.ThreadPoolExecutor(3) as pool:
    print(list(pool.map(own, range(5))))


async def served():
    async def handle(reader, writer):
        while line := await reader.readline():
            writer.write(line.upper())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]

    def client():
        import socket
        with socket.create_connection(("127.0.0.1", port)) as connection:
            file = connection.makefile("rw")
            answers = []
            for word in ("one", "two"):
                file.write(word + "\n")
                file.flush()
                answers.append(file.readline())
            return answers

    print(await asyncio.gather(asyncio.to_thread(client), asyncio.to_thread(client)))
    server.close()
    process = await asyncio.create_subprocess_exec("cat", stdin=-1, stdout=-1)
    print(await process.communicate(b"through cat"))


asyncio.run(served())
