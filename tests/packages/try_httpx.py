# needs: httpx httpcore h11 anyio idna sniffio certifi
import httpx


def answer(request):
    return httpx.Response(200 if request.url.path != "/no" else 404, json={"path": request.url.path, "query": dict(request.url.params), "body": request.content.decode()})


with httpx.Client(transport=httpx.MockTransport(answer), base_url="http://test") as client:
    print(client.get("/a", params={"x": 1}).json(), client.post("/b", json={"k": 1}).json())
    try:
        client.get("/no").raise_for_status()
    except httpx.HTTPStatusError as error:
        print(str(error).splitlines()[0])
url = httpx.URL("https://user@ex\u00e4mple.com:81/p q?a=1#f")
print(url, url.host, url.port, url.copy_with(path="/z"), httpx.Headers({"A": "b"})["a"])
