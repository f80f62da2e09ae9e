# needs: flask werkzeug jinja2 markupsafe itsdangerous click blinker
from flask import Flask, abort, jsonify, redirect, render_template_string, request, session, url_for

app = Flask(__name__)
app.secret_key = "key"


@app.route("/")
def home():
    return render_template_string("<p>{{ name }}</p>", name="<x>")


@app.route("/add/<int:a>/<int:b>")
def add(a, b):
    return jsonify(sum=a + b, args=request.args.to_dict())


@app.route("/login", methods=["POST"])
def login():
    session["user"] = request.form["user"]
    return redirect(url_for("who"))


@app.route("/who")
def who():
    if "user" not in session:
        abort(401)
    return session["user"]


@app.errorhandler(404)
def missing(error):
    return "nothing here", 404


client = app.test_client()
print(client.get("/").text, client.get("/add/2/3?x=1").json, client.get("/no").text, client.get("/who").status_code)
print(client.post("/login", data={"user": "ann"}).status_code, client.get("/who").text)
with app.test_request_context("/add/1/2"):
    print(request.path, url_for("add", a=5, b=6))
print(sorted(rule.rule for rule in app.url_map.iter_rules()))
