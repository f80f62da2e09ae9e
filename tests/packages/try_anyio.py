# needs: anyio idna sniffio
import anyio


async def child(number, results):
    await anyio.sleep(0.001 * number)
    results.append(number)


async def main():
    results = []
    async with anyio.create_task_group() as group:
        for number in (3, 1, 2):
            group.start_soon(child, number, results)
    print(results)
    with anyio.move_on_after(0.01) as scope:
        await anyio.sleep(5)
    print(scope.cancelled_caught)
    send, receive = anyio.create_memory_object_stream(2)
    async with send, receive:
        await send.send("x")
        print(await receive.receive())
    print(await anyio.to_thread.run_sync(lambda: 7))


anyio.run(main)
