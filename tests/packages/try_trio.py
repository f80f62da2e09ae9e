# needs: trio outcome sniffio attrs sortedcontainers idna
import trio


async def child(name, delay, results):
    await trio.sleep(delay)
    results.append(name)


async def main():
    results = []
    async with trio.open_nursery() as nursery:
        nursery.start_soon(child, "b", 0.02, results)
        nursery.start_soon(child, "a", 0.001, results)
    print(results)
    with trio.move_on_after(0.01):
        await trio.sleep_forever()
    send, receive = trio.open_memory_channel(1)
    await send.send(5)
    print(await receive.receive())
    try:
        async with trio.open_nursery() as nursery:
            raise ValueError("inside")
    except* ValueError as group:
        print(group.exceptions)


trio.run(main)
