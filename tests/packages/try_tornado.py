# needs: tornado
import asyncio
from tornado import escape, template, httputil, gen, locks

print(escape.xhtml_escape("<&>"), escape.json_encode({"a": "</x>"}), escape.linkify("see http://x.y"), escape.url_escape("a b"))
print(template.Template("{% for x in xs %}{{ x }};{% end %}{% if a %}{% raw a %}{% end %}").generate(xs=["<", 2], a="<b>"))
print(httputil.parse_qs_bytes(b"a=1&a=2"), dict(httputil.HTTPHeaders.parse("A: 1\r\nB-c: 2\r\n")), httputil.url_concat("/x?a=1", {"b": "2"}))


async def main():
    lock = locks.Lock()
    async with lock:
        await gen.sleep(0.001)
    return await gen.multi([one(), one()])


async def one():
    await asyncio.sleep(0)
    return 1


print(asyncio.run(main()))
