import { analyzeFile } from '../../analyze-security.js';
import { describePairs, type Pair } from './pair.fixture.js';

const FLASK =
  'from flask import Flask, request, redirect, render_template, make_response, send_file, abort\napp = Flask(__name__)\n';

const PAIRS: readonly Pair[] = [
  {
    rule: 'sql-injection',
    name: 'f-string in sqlite3',
    flawed: `${FLASK}import sqlite3
@app.route("/user")
def user():
    name = request.args.get("name")
    db = sqlite3.connect("app.db")
    return str(db.execute(f"SELECT id FROM users WHERE name = '{name}'").fetchone())`,
    corrected: `${FLASK}import sqlite3
@app.route("/user")
def user():
    name = request.args.get("name")
    db = sqlite3.connect("app.db")
    return str(db.execute("SELECT id FROM users WHERE name = ?", (name,)).fetchone())`,
  },
  {
    rule: 'sql-injection',
    name: 'plain parameter, percent formatting',
    flawed: `def find(cursor, name):
    query = "SELECT * FROM users WHERE name = '%s'" % name
    cursor.execute(query)
    return cursor.fetchall()`,
    corrected: `def find(cursor, name):
    cursor.execute("SELECT * FROM users WHERE name = %s", (name,))
    return cursor.fetchall()`,
  },
  {
    rule: 'sql-injection',
    name: 'format in a Django raw query',
    flawed: `from django.http import JsonResponse
from .models import Person
def people(request):
    rows = Person.objects.raw("SELECT * FROM person WHERE last = '{}'".format(request.GET["last"]))
    return JsonResponse({"n": len(list(rows))})`,
    corrected: `from django.http import JsonResponse
from .models import Person
def people(request):
    rows = Person.objects.raw("SELECT * FROM person WHERE last = %s", [request.GET["last"]])
    return JsonResponse({"n": len(list(rows))})`,
  },
  {
    rule: 'sql-injection',
    name: 'order by without a list of columns',
    flawed: `from fastapi import FastAPI
from sqlalchemy import text
app = FastAPI()
@app.get("/items")
async def items(sort: str, db=None):
    return db.execute(text("SELECT * FROM items ORDER BY " + sort)).all()`,
    corrected: `from fastapi import FastAPI
from sqlalchemy import text
app = FastAPI()
COLUMNS = {"name", "price"}
@app.get("/items")
async def items(sort: str, db=None):
    if sort not in COLUMNS:
        sort = "name"
    return db.execute(text("SELECT * FROM items ORDER BY " + sort)).all()`,
  },
  {
    rule: 'command-injection',
    name: 'os.system',
    flawed: `${FLASK}import os
@app.route("/ping")
def ping():
    os.system("ping -c 1 " + request.args["host"])
    return "done"`,
    corrected: `${FLASK}import subprocess
@app.route("/ping")
def ping():
    subprocess.run(["ping", "-c", "1", request.args["host"]], check=True)
    return "done"`,
  },
  {
    rule: 'command-injection',
    name: 'shell=True with a plain parameter',
    flawed: `import subprocess
def archive(folder):
    subprocess.check_call(f"tar czf out.tgz {folder}", shell=True)`,
    corrected: `import shlex
import subprocess
def archive(folder):
    subprocess.check_call(f"tar czf out.tgz {shlex.quote(folder)}", shell=True)`,
  },
  {
    rule: 'command-injection',
    name: 'popen with input()',
    flawed: `import os
name = input("file: ")
print(os.popen("wc -l %s" % name).read())`,
    corrected: `import subprocess
name = input("file: ")
print(subprocess.run(["wc", "-l", name], capture_output=True).stdout)`,
  },
  {
    rule: 'code-injection',
    name: 'eval of a query parameter',
    flawed: `${FLASK}
@app.route("/sum")
def total():
    return str(eval(request.args["expression"]))`,
    corrected: `${FLASK}import ast
@app.route("/sum")
def total():
    return str(len(ast.literal_eval(request.args["expression"])))`,
  },
  {
    rule: 'code-injection',
    name: 'exec of a plain parameter',
    flawed: 'def run(source):\n    exec(source)\n',
    corrected: 'ACTIONS = {"start": print}\ndef run(name):\n    ACTIONS[name]()\n',
  },
  {
    rule: 'path-traversal',
    name: 'open below a folder',
    flawed: `${FLASK}import os
@app.route("/read")
def read():
    path = os.path.join("/srv/files", request.args["name"])
    with open(path) as file:
        return file.read()`,
    corrected: `${FLASK}import os
@app.route("/read")
def read():
    path = os.path.realpath(os.path.join("/srv/files", request.args["name"]))
    if not path.startswith("/srv/files/"):
        abort(404)
    with open(path) as file:
        return file.read()`,
  },
  {
    rule: 'path-traversal',
    name: 'upload saved under its own name',
    flawed: `${FLASK}import os
@app.route("/upload", methods=["POST"])
def upload():
    file = request.files["file"]
    file.save(os.path.join("uploads", file.filename))
    return "ok"`,
    corrected: `${FLASK}import os
from werkzeug.utils import secure_filename
@app.route("/upload", methods=["POST"])
def upload():
    file = request.files["file"]
    file.save(os.path.join("uploads", secure_filename(file.filename)))
    return "ok"`,
  },
  {
    rule: 'path-traversal',
    name: 'FastAPI path and pathlib',
    flawed: `from pathlib import Path
from fastapi import FastAPI
app = FastAPI()
BASE = Path("/srv/docs")
@app.get("/docs/{name:path}")
def document(name: str):
    return (BASE / name).read_text()`,
    corrected: `from pathlib import Path
from fastapi import FastAPI, HTTPException
app = FastAPI()
BASE = Path("/srv/docs")
@app.get("/docs/{name:path}")
def document(name: str):
    target = (BASE / name).resolve()
    if not target.is_relative_to(BASE):
        raise HTTPException(404)
    return target.read_text()`,
  },
  {
    rule: 'ssrf',
    name: 'requests with a URL of the caller',
    flawed: `${FLASK}import requests
@app.route("/fetch")
def fetch():
    answer = requests.get(request.args["url"], timeout=5)
    return {"status": answer.status_code}`,
    corrected: `${FLASK}import requests
from urllib.parse import urlparse
HOSTS = {"api.example.com"}
@app.route("/fetch")
def fetch():
    url = request.args["url"]
    if urlparse(url).hostname not in HOSTS:
        abort(400)
    answer = requests.get(url, timeout=5)
    return {"status": answer.status_code}`,
  },
  {
    rule: 'ssrf',
    name: 'host in an f-string, httpx',
    flawed: `import httpx
from fastapi import FastAPI
app = FastAPI()
@app.get("/proxy")
async def proxy(host: str):
    async with httpx.AsyncClient() as client:
        return (await client.get(f"http://{host}/status")).json()`,
    corrected: `import httpx
from fastapi import FastAPI
app = FastAPI()
@app.get("/proxy")
async def proxy(number: int):
    async with httpx.AsyncClient() as client:
        return (await client.get(f"http://status.internal/{number}")).json()`,
  },
  {
    rule: 'xss',
    name: 'Flask answer in an f-string',
    flawed: `${FLASK}
@app.route("/hello")
def hello():
    name = request.args.get("name", "")
    return f"<h1>Hello {name}</h1>"`,
    corrected: `${FLASK}from markupsafe import escape
@app.route("/hello")
def hello():
    name = request.args.get("name", "")
    return f"<h1>Hello {escape(name)}</h1>"`,
  },
  {
    rule: 'xss',
    name: 'Django HttpResponse',
    flawed: `from django.http import HttpResponse
def hello(request):
    return HttpResponse("<p>" + request.GET.get("q", "") + "</p>")`,
    corrected: `from django.http import HttpResponse
from django.utils.html import escape
def hello(request):
    return HttpResponse("<p>" + escape(request.GET.get("q", "")) + "</p>")`,
  },
  {
    rule: 'template-injection',
    name: 'render_template_string',
    flawed: `${FLASK}from flask import render_template_string
@app.route("/hi")
def hi():
    return render_template_string("Hi " + request.args["name"])`,
    corrected: `${FLASK}from flask import render_template_string
@app.route("/hi")
def hi():
    return render_template_string("Hi {{ name }}", name=request.args["name"])`,
  },
  {
    rule: 'open-redirect',
    name: 'next parameter',
    flawed: `${FLASK}
@app.route("/login")
def login():
    return redirect(request.args.get("next", "/"))`,
    corrected: `${FLASK}TARGETS = {"home": "/", "account": "/account"}
@app.route("/login")
def login():
    return redirect(TARGETS.get(request.args.get("next"), "/"))`,
  },
  {
    rule: 'unsafe-deserialisation',
    name: 'pickle from a cookie',
    flawed: `${FLASK}import base64
import pickle
@app.route("/state")
def state():
    return str(pickle.loads(base64.b64decode(request.cookies["state"])).keys())`,
    corrected: `${FLASK}import base64
import json
from markupsafe import escape
@app.route("/state")
def state():
    return escape(str(json.loads(base64.b64decode(request.cookies["state"])).keys()))`,
  },
  {
    rule: 'unsafe-yaml-load',
    name: 'yaml.load without a safe loader',
    flawed: 'import yaml\ndef read(stream):\n    return yaml.load(stream, Loader=yaml.Loader)\n',
    corrected:
      'import yaml\ndef read(stream):\n    return yaml.load(stream, Loader=yaml.SafeLoader)\n',
  },
  {
    rule: 'xml-external-entities',
    name: 'lxml parser that resolves entities',
    flawed:
      'from lxml import etree\ndef read(path):\n    return etree.parse(path, etree.XMLParser(resolve_entities=True))\n',
    corrected:
      'from lxml import etree\ndef read(path):\n    return etree.parse(path, etree.XMLParser(resolve_entities=False))\n',
  },
  {
    rule: 'xml-from-outside',
    name: 'lxml on a request body',
    flawed: `${FLASK}from lxml import etree
@app.route("/xml", methods=["POST"])
def xml():
    return {"tag": etree.fromstring(request.data).tag}`,
    corrected: `${FLASK}from defusedxml.ElementTree import fromstring
@app.route("/xml", methods=["POST"])
def xml():
    return {"tag": fromstring(request.data).tag}`,
  },
  {
    rule: 'nosql-injection',
    name: 'pymongo filter from JSON',
    flawed: `${FLASK}from pymongo import MongoClient
users = MongoClient().app.users
@app.route("/login", methods=["POST"])
def login():
    body = request.get_json()
    user = users.find_one({"name": body["name"], "password": body["password"]})
    return {"ok": user is not None}`,
    corrected: `${FLASK}from pymongo import MongoClient
users = MongoClient().app.users
@app.route("/login", methods=["POST"])
def login():
    body = request.get_json()
    user = users.find_one({"name": str(body["name"])})
    return {"ok": user is not None}`,
  },
  {
    rule: 'ldap-injection',
    name: 'filter in an f-string',
    flawed: `${FLASK}import ldap
@app.route("/who")
def who():
    directory = ldap.initialize("ldaps://ldap.example.com")
    found = directory.search_s("dc=example,dc=com", ldap.SCOPE_SUBTREE, f"(uid={request.args['uid']})")
    return {"found": len(found)}`,
    corrected: `${FLASK}import ldap
from ldap.filter import escape_filter_chars
@app.route("/who")
def who():
    directory = ldap.initialize("ldaps://ldap.example.com")
    uid = escape_filter_chars(request.args["uid"])
    found = directory.search_s("dc=example,dc=com", ldap.SCOPE_SUBTREE, f"(uid={uid})")
    return {"found": len(found)}`,
  },
  {
    rule: 'xpath-injection',
    name: 'expression in an f-string',
    flawed: `${FLASK}from lxml import etree
tree = etree.parse("users.xml")
@app.route("/user")
def user():
    return {"n": len(tree.xpath(f"//user[@name='{request.args['name']}']"))}`,
    corrected: `${FLASK}from lxml import etree
tree = etree.parse("users.xml")
@app.route("/user")
def user():
    return {"n": len(tree.xpath("//user[@name=$name]", name=request.args["name"]))}`,
  },
  {
    rule: 'log-injection',
    name: 'user name in a log line',
    isLow: true,
    flawed: `${FLASK}import logging
@app.route("/login")
def login():
    logging.info("login of " + request.args["name"])
    return "ok"`,
    corrected: `${FLASK}import logging
@app.route("/login")
def login():
    logging.info("login of %d", int(request.args["number"]))
    return "ok"`,
  },
  {
    rule: 'regex-injection',
    name: 'pattern from a request',
    flawed: `${FLASK}import re
@app.route("/search")
def search():
    return {"hit": bool(re.search(request.args["q"], "text"))}`,
    corrected: `${FLASK}import re
@app.route("/search")
def search():
    return {"hit": bool(re.search(re.escape(request.args["q"]), "text"))}`,
  },
  {
    rule: 'mass-assignment',
    name: 'setattr with keys of the request',
    flawed: `${FLASK}
@app.route("/me", methods=["POST"])
def me():
    user = load()
    for key, value in request.get_json().items():
        setattr(user, key, value)
    return {"ok": True}`,
    corrected: `${FLASK}
@app.route("/me", methods=["POST"])
def me():
    user = load()
    body = request.get_json()
    for key in ("name", "email"):
        setattr(user, key, body[key])
    return {"ok": True}`,
  },
];

describePairs('Python injection', PAIRS, (text) => analyzeFile('app.py', text).findings);
