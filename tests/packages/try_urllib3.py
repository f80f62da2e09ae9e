# needs: urllib3
import urllib3
from urllib3.util import Retry, Timeout, parse_url
from urllib3.fields import RequestField
from urllib3.filepost import encode_multipart_formdata

print(parse_url("http://user:pw@Example.COM:8080/a/../b?q=1#frag"))
print(parse_url("https://[::1]:443/x").host, parse_url("/only/path").path)
retry = Retry(total=3, backoff_factor=0.5, status_forcelist=[500])
print(retry, retry.increment("GET", "/").total, retry.is_retry("GET", 500))
print(Timeout(connect=2.0, read=7.0))
headers = urllib3.HTTPHeaderDict({"A": "1"})
headers.add("a", "2")
print(headers, headers["A"], list(headers.items()), "a" in headers)
body, kind = encode_multipart_formdata([("name", "value"), RequestField.from_tuples("file", ("f.txt", b"data"))], boundary="xx")
print(body, kind)
manager = urllib3.PoolManager(num_pools=2)
print(type(manager.connection_from_url("http://localhost:1")).__name__)
