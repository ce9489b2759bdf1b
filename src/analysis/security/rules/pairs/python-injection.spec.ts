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
];

describePairs('Python injection', PAIRS, (text) => analyzeFile('app.py', text).findings);
