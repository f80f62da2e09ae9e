# needs: requests urllib3 idna certifi charset-normalizer
import requests
from requests.adapters import BaseAdapter
from requests.models import Response


class Local(BaseAdapter):
    def send(self, request, **kwargs):
        response = Response()
        response.status_code = 404 if "missing" in request.url else 200
        response.request, response.url = request, request.url
        response.headers["Content-Type"] = "application/json; charset=utf-8"
        response._content = ('{"method": "%s", "url": "%s", "body": %d}' % (request.method, request.url, len(request.body or ""))).encode()
        return response

    def close(self):
        pass


session = requests.Session()
session.mount("http://local", Local())
session.headers["X-Test"] = "1"
answer = session.get("http://local/a path", params={"q": ["1", "\u00fc"], "n": 5})
print(answer.status_code, answer.ok, answer.json(), answer.encoding)
answer = session.post("http://local/form", data={"a": 1, "b": "two words"})
print(answer.request.body, answer.request.headers["Content-Type"], answer.request.headers["X-Test"])
print(session.post("http://local/json", json={"k": [1, None]}).request.body)
missing = session.get("http://local/missing")
try:
    missing.raise_for_status()
except requests.HTTPError as error:
    print(error)
try:
    requests.get("nonsense")
except requests.exceptions.MissingSchema as error:
    print(error)
prepared = requests.Request("GET", "http://user:pw@local/x#f", cookies={"c": "1"}).prepare()
print(prepared.url, prepared.headers)
