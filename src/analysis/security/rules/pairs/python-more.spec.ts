import { analyzeFile } from '../../analyze-security.js';
import { describePairs, type Pair } from './pair.fixture.js';

const FLASK = 'from flask import Flask, request, Response, abort\napp = Flask(__name__)\n';

const PAIRS: readonly Pair[] = [
  {
    rule: 'header-injection',
    name: 'a header from the query',
    flawed: `${FLASK}@app.route("/a")
def a():
    response = Response("ok")
    response.headers["X-Mode"] = request.args["mode"]
    return response`,
    corrected: `${FLASK}@app.route("/a")
def a():
    response = Response("ok")
    mode = request.args["mode"]
    if mode not in ("dark", "light"):
        abort(400)
    response.headers["X-Mode"] = mode
    return response`,
  },
  {
    rule: 'open-redirect',
    name: 'the Location header by hand',
    flawed: `${FLASK}@app.route("/a")
def a():
    response = Response("", 302)
    response.headers["Location"] = request.args["next"]
    return response`,
    corrected: `${FLASK}@app.route("/a")
def a():
    response = Response("", 302)
    response.headers["Location"] = "/home"
    return response`,
  },
  {
    rule: 'log-injection',
    name: 'an argument of the format',
    flawed: `${FLASK}@app.route("/a")
def a():
    app.logger.error("user %s", request.args["u"])
    return "ok"`,
    corrected: `${FLASK}@app.route("/a")
def a():
    name = request.args["u"].replace("\\n", "").replace("\\r", "")
    app.logger.error("user %s", name)
    return "ok"`,
  },
  {
    rule: 'unsafe-reflection',
    name: 'an attribute by name',
    flawed: `${FLASK}import actions
@app.route("/a")
def a():
    return str(len(getattr(actions, request.args["do"])()))`,
    corrected: `${FLASK}import actions
ACTIONS = {"start": actions.start, "stop": actions.stop}
@app.route("/a")
def a():
    return str(len(ACTIONS[request.args["do"]]()))`,
  },
  {
    rule: 'fixed-salt',
    name: 'pbkdf2 with a salt from the source',
    flawed: `import hashlib
def store(key):
    return hashlib.pbkdf2_hmac("sha256", key, b"pepper", 600000)`,
    corrected: `import hashlib, os
def store(key):
    return hashlib.pbkdf2_hmac("sha256", key, os.urandom(16), 600000)`,
  },
  {
    rule: 'fixed-initialisation-vector',
    name: 'zeros',
    flawed: `from Crypto.Cipher import AES
def encrypt(key, data):
    iv = b"\\x00" * 16
    return AES.new(key, AES.MODE_CBC, iv).encrypt(data)`,
    corrected: `import os
from Crypto.Cipher import AES
def encrypt(key, data):
    iv = os.urandom(16)
    return AES.new(key, AES.MODE_CBC, iv).encrypt(data)`,
  },
  {
    rule: 'cheap-password-hash',
    name: 'one round of SHA-256 over password and salt',
    flawed: `import hashlib
def store(password, salt):
    return hashlib.sha256(password + salt).hexdigest()`,
    corrected: `import hashlib, os
def store(password):
    return hashlib.scrypt(password, salt=os.urandom(16), n=2**14, r=8, p=1)`,
  },
  {
    rule: 'assertion-guards-access',
    name: 'an assertion about the user',
    flawed: `def remove(user, page):
    assert user.is_admin
    page.delete()`,
    corrected: `def remove(user, page):
    if not user.is_admin:
        raise PermissionError()
    page.delete()`,
  },
  {
    rule: 'missing-timeout',
    name: 'a request that may wait for ever',
    isLow: true,
    flawed: `import requests
def status():
    return requests.get("https://example.com/status").ok`,
    corrected: `import requests
def status():
    return requests.get("https://example.com/status", timeout=5).ok`,
  },
  {
    rule: 'weak-randomness',
    name: 'a value kept in the session',
    flawed: `import random
def remember(session, cookie):
    value = str(random.getrandbits(32))
    session[cookie] = value`,
    corrected: `import secrets
def remember(session, cookie):
    value = secrets.token_hex(16)
    session[cookie] = value`,
  },
  {
    rule: 'unencrypted-protocol',
    name: 'a password over HTTP',
    flawed: `import requests
def load(user, key):
    return requests.get("http://api.example.com/me", auth=(user, key), timeout=5)`,
    corrected: `import requests
def load(user, key):
    return requests.get("https://api.example.com/me", auth=(user, key), timeout=5)`,
  },
  {
    rule: 'old-tls-version',
    name: 'wrap_socket',
    flawed: `import socket, ssl
def connect():
    return ssl.wrap_socket(socket.socket())`,
    corrected: `import socket, ssl
def connect(host):
    return ssl.create_default_context().wrap_socket(socket.socket(), server_hostname=host)`,
  },
  {
    rule: 'command-injection',
    name: 'through a function that is not here, and a list',
    flawed: `${FLASK}import os
import lib
@app.route("/a")
def a():
    parts = ["safe"]
    parts.append(lib.shorten(request.args["p"]))
    os.system("echo " + parts[1])
    return "ok"`,
    corrected: `${FLASK}import os
import lib
@app.route("/a")
def a():
    parts = ["safe"]
    parts.append(lib.shorten(request.args["p"]))
    os.system("echo " + parts[0])
    return "ok"`,
  },
  {
    rule: 'command-injection',
    name: 'a branch that is always taken',
    flawed: `import os
def run(name):
    count = 10
    command = name if count > 5 else "date"
    os.system(command)`,
    corrected: `import os
def run(name):
    count = 10
    command = "date" if count > 5 else name
    os.system(command)`,
  },
  {
    rule: 'path-traversal',
    name: 'a value that a loop leaves with',
    flawed: `${FLASK}@app.route("/a")
def a():
    path = ""
    for name in request.form.keys():
        if name.endswith(".txt"):
            path = name
            break
    return str(len(open("files/" + path).read()))`,
    corrected: `${FLASK}from werkzeug.utils import secure_filename
@app.route("/a")
def a():
    path = ""
    for name in request.form.keys():
        if name.endswith(".txt"):
            path = secure_filename(name)
            break
    return str(len(open("files/" + path).read()))`,
  },
  {
    rule: 'xpath-injection',
    name: 'a quote that is refused',
    flawed: `${FLASK}import lxml.etree
@app.route("/a")
def a():
    tree = lxml.etree.parse("people.xml")
    name = request.args["n"]
    return str(len(tree.xpath("//person[@name='" + name + "']")))`,
    corrected: `${FLASK}import lxml.etree
@app.route("/a")
def a():
    tree = lxml.etree.parse("people.xml")
    name = request.args["n"]
    if "'" in name:
        abort(400)
    return str(len(tree.xpath("//person[@name='" + name + "']")))`,
  },
];

describePairs('Python', PAIRS, (text) => analyzeFile('app.py', text).findings);
