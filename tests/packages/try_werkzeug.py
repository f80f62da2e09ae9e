# needs: werkzeug markupsafe
from werkzeug.datastructures import Headers, MultiDict
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule
from werkzeug.security import check_password_hash, generate_password_hash
from werkzeug.test import Client
from werkzeug.utils import secure_filename
from werkzeug.wrappers import Request, Response

routes = Map([Rule("/", endpoint="home"), Rule("/item/<int:n>", endpoint="item"), Rule("/p/<path:rest>", endpoint="path")])


@Request.application
def application(request):
    adapter = routes.bind_to_environ(request.environ)
    try:
        endpoint, values = adapter.match()
    except NotFound as error:
        return error
    return Response(f"{endpoint} {values} {request.args.get('q')} {request.form.to_dict()}", mimetype="text/plain")


client = Client(application)
for path in ("/", "/item/5?q=x", "/p/a/b", "/item/x"):
    answer = client.get(path)
    print(answer.status, answer.text[:60], answer.headers["Content-Type"])
print(client.post("/", data={"a": "1"}).text)
print(MultiDict([("a", 1), ("a", 2)]).getlist("a"), Headers({"X": "1"}).get("x"), secure_filename("../../etc/pass wd"))
print(check_password_hash(generate_password_hash("pw", method="pbkdf2:sha256:1000"), "pw"), routes.bind("h").build("item", {"n": 3}))
