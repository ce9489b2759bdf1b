import { analyzeFile } from '../../analyze-security.js';
import { describePairs, type Pair } from './pair.fixture.js';

const FLASK =
  'from flask import Flask, request, redirect, render_template, make_response, send_file, abort\napp = Flask(__name__)\n';

const PAIRS: readonly Pair[] = [
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
