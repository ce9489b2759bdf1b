import { analyzeFile } from '../../analyze-security.js';
import { describePairs, type Pair } from './pair.fixture.js';

const PAIRS: readonly Pair[] = [
  {
    rule: 'weak-hash',
    name: 'md5 of a password',
    flawed:
      'import hashlib\ndef digest(password):\n    return hashlib.md5(password.encode()).hexdigest()\n',
    corrected: 'import hashlib\ndef digest(data):\n    return hashlib.sha256(data).hexdigest()\n',
  },
  {
    rule: 'weak-hash',
    name: 'by name, through a constant',
    flawed: 'import hashlib\nALGORITHM = "sha1"\nh = hashlib.new(ALGORITHM)\n',
    corrected: 'import hashlib\nALGORITHM = "sha256"\nh = hashlib.new(ALGORITHM)\n',
  },
  {
    rule: 'weak-cipher',
    name: 'AES in ECB mode',
    flawed:
      'from Crypto.Cipher import AES\ndef seal(key, data):\n    return AES.new(key, AES.MODE_ECB).encrypt(data)\n',
    corrected:
      'from Crypto.Cipher import AES\ndef seal(key, data):\n    return AES.new(key, AES.MODE_GCM).encrypt_and_digest(data)\n',
  },
  {
    rule: 'weak-cipher',
    name: 'triple DES of cryptography',
    flawed:
      'from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\ndef make(key, iv):\n    return Cipher(algorithms.TripleDES(key), modes.CBC(iv))\n',
    corrected:
      'from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\ndef make(key, iv):\n    return Cipher(algorithms.AES(key), modes.GCM(iv))\n',
  },
  {
    rule: 'fixed-initialisation-vector',
    name: 'constant vector',
    flawed:
      'from Crypto.Cipher import AES\ndef seal(key, data):\n    return AES.new(key, AES.MODE_CBC, b"0123456789abcdef").encrypt(data)\n',
    corrected:
      'import os\nfrom Crypto.Cipher import AES\ndef seal(key, data):\n    return AES.new(key, AES.MODE_CBC, os.urandom(16)).encrypt(data)\n',
  },
  {
    rule: 'small-key',
    name: 'RSA of 1024 bits',
    flawed:
      'from cryptography.hazmat.primitives.asymmetric import rsa\nkey = rsa.generate_private_key(public_exponent=65537, key_size=1024)\n',
    corrected:
      'from cryptography.hazmat.primitives.asymmetric import rsa\nkey = rsa.generate_private_key(public_exponent=65537, key_size=3072)\n',
  },
  {
    rule: 'weak-randomness',
    name: 'token from random',
    flawed:
      'import random\nimport string\ndef make_token():\n    return "".join(random.choice(string.ascii_letters) for _ in range(32))\n',
    corrected: 'import secrets\ndef make_token():\n    return secrets.token_urlsafe(32)\n',
  },
  {
    rule: 'tls-verification-off',
    name: 'requests without verification',
    flawed: 'import requests\nrequests.get("https://api.example.com", verify=False, timeout=3)\n',
    corrected: 'import requests\nrequests.get("https://api.example.com", timeout=3)\n',
  },
  {
    rule: 'tls-verification-off',
    name: 'context without verification',
    flawed:
      'import ssl\ncontext = ssl.create_default_context()\ncontext.check_hostname = False\ncontext.verify_mode = ssl.CERT_NONE\n',
    corrected: 'import ssl\ncontext = ssl.create_default_context()\n',
  },
  {
    rule: 'tls-verification-off',
    name: 'unknown host keys',
    flawed:
      'import paramiko\nclient = paramiko.SSHClient()\nclient.set_missing_host_key_policy(paramiko.AutoAddPolicy())\n',
    corrected:
      'import paramiko\nclient = paramiko.SSHClient()\nclient.load_system_host_keys()\nclient.set_missing_host_key_policy(paramiko.RejectPolicy())\n',
  },
  {
    rule: 'old-tls-version',
    name: 'TLS 1.0',
    flawed: 'import ssl\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLSv1)\n',
    corrected: 'import ssl\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)\n',
  },
  {
    rule: 'unencrypted-protocol',
    name: 'FTP',
    flawed: 'import ftplib\nserver = ftplib.FTP("files.example.com")\n',
    corrected: 'import ftplib\nserver = ftplib.FTP_TLS("files.example.com")\n',
  },
  {
    rule: 'jwt-not-verified',
    name: 'signature check off',
    flawed:
      'import jwt\ndef claims(token):\n    return jwt.decode(token, options={"verify_signature": False})\n',
    corrected:
      'import jwt\ndef claims(token, key):\n    return jwt.decode(token, key, algorithms=["HS256"])\n',
  },
  {
    rule: 'jwt-expiry-ignored',
    name: 'expiry check off',
    flawed:
      'import jwt\ndef claims(token, key):\n    return jwt.decode(token, key, algorithms=["HS256"], options={"verify_exp": False})\n',
    corrected:
      'import jwt\ndef claims(token, key):\n    return jwt.decode(token, key, algorithms=["HS256"])\n',
  },
  {
    rule: 'jwt-hard-coded-key',
    name: 'key in the source',
    flawed:
      'import jwt\ndef sign(claims):\n    return jwt.encode(claims, "hunter2hunter2", algorithm="HS256")\n',
    corrected:
      'import os\nimport jwt\ndef sign(claims):\n    return jwt.encode(claims, os.environ["JWT_KEY"], algorithm="HS256")\n',
  },
  {
    rule: 'insecure-cookie',
    name: 'session cookie without flags',
    flawed:
      'from flask import make_response\ndef login(value):\n    response = make_response("ok")\n    response.set_cookie("session", value)\n    return response\n',
    corrected:
      'from flask import make_response\ndef login(value):\n    response = make_response("ok")\n    response.set_cookie("session", value, secure=True, httponly=True, samesite="Lax")\n    return response\n',
  },
  {
    rule: 'cors-any-origin',
    name: 'middleware for all origins',
    flawed:
      'from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\napp = FastAPI()\napp.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)\n',
    corrected:
      'from fastapi import FastAPI\nfrom fastapi.middleware.cors import CORSMiddleware\napp = FastAPI()\napp.add_middleware(CORSMiddleware, allow_origins=["https://app.example.com"])\n',
  },
  {
    rule: 'csrf-protection-off',
    name: 'csrf_exempt',
    flawed:
      'from django.views.decorators.csrf import csrf_exempt\n@csrf_exempt\ndef pay(request):\n    return transfer(request.user)\n',
    corrected:
      'from django.views.decorators.csrf import csrf_protect\n@csrf_protect\ndef pay(request):\n    return transfer(request.user)\n',
  },
  {
    rule: 'debug-on',
    name: 'Flask debugger',
    flawed:
      'from flask import Flask\napp = Flask(__name__)\nif __name__ == "__main__":\n    app.run(debug=True)\n',
    corrected:
      'from flask import Flask\napp = Flask(__name__)\nif __name__ == "__main__":\n    app.run()\n',
  },
  {
    rule: 'bind-all-addresses',
    name: 'uvicorn on every network',
    flawed: 'import uvicorn\nuvicorn.run("app:app", host="0.0.0.0", port=8000)\n',
    corrected: 'import uvicorn\nuvicorn.run("app:app", host="127.0.0.1", port=8000)\n',
  },
  {
    rule: 'world-writable-file',
    name: 'chmod 777',
    flawed: 'import os\nos.chmod("data.db", 0o777)\n',
    corrected: 'import os\nos.chmod("data.db", 0o600)\n',
  },
  {
    rule: 'framework-protection-off',
    name: 'Jinja without escaping',
    flawed:
      'from jinja2 import Environment, FileSystemLoader\nenv = Environment(loader=FileSystemLoader("views"), autoescape=False)\n',
    corrected:
      'from jinja2 import Environment, FileSystemLoader\nenv = Environment(loader=FileSystemLoader("views"), autoescape=True)\n',
  },
  {
    rule: 'insecure-temp-file',
    name: 'mktemp',
    flawed: 'import tempfile\nname = tempfile.mktemp()\n',
    corrected: 'import tempfile\nhandle, name = tempfile.mkstemp()\n',
  },
  {
    rule: 'archive-extraction',
    name: 'tar unpacked unfiltered',
    flawed:
      'import tarfile\ndef unpack(path, target):\n    with tarfile.open(path) as archive:\n        archive.extractall(target)\n',
    corrected:
      'import tarfile\ndef unpack(path, target):\n    with tarfile.open(path) as archive:\n        archive.extractall(target, filter="data")\n',
  },
  {
    rule: 'hard-coded-secret',
    name: 'a fallback by or',
    flawed: "import os\nSECRET_KEY = os.environ.get('SECRET_KEY') or 'you-will-never-guess'\n",
    corrected: "import os\nSECRET_KEY = os.environ['SECRET_KEY']\n",
  },
  {
    rule: 'hard-coded-secret',
    name: 'digits in their order',
    flawed: "API_KEY = '7f3a9c01d2e8b6457f3a9c01d2e8b645'\n",
    corrected: "API_KEY = '0123456789abcdef0123456789abcdef'\n",
  },
  {
    rule: 'hard-coded-secret',
    name: 'password in a variable',
    flawed: 'DB_PASSWORD = "Tr0ub4dor&3"\n',
    corrected: 'import os\nDB_PASSWORD = os.environ["DB_PASSWORD"]\n',
  },
  {
    rule: 'hard-coded-secret',
    name: 'password as an argument',
    flawed: 'import psycopg2\nc = psycopg2.connect(host="db", user="app", password="s3cr3t-9Kd")\n',
    corrected:
      'import os\nimport psycopg2\nc = psycopg2.connect(host="db", user="app", password=os.environ["PGPASSWORD"])\n',
  },
  {
    rule: 'regex-backtracking',
    name: 'repetition in a repetition',
    flawed: 'import re\nNAME = re.compile(r"^(\\w+)+$")\n',
    corrected: 'import re\nNAME = re.compile(r"^\\w+$")\n',
  },
  {
    rule: 'cheap-password-hash',
    name: 'a thousand rounds',
    flawed:
      'import hashlib\ndef digest(word, salt):\n    return hashlib.pbkdf2_hmac("sha256", word, salt, 1000)\n',
    corrected:
      'import hashlib\ndef digest(word, salt):\n    return hashlib.pbkdf2_hmac("sha256", word, salt, 600_000)\n',
  },
  {
    rule: 'logged-credentials',
    name: 'password in a log line',
    flawed:
      'import logging\ndef login(name, password):\n    logging.info(f"login {name} {password}")\n',
    corrected: 'import logging\ndef login(name, password):\n    logging.info(f"login {name}")\n',
  },
  {
    rule: 'error-details-sent',
    name: 'stack trace as the answer',
    flawed:
      'import traceback\nfrom flask import Flask\napp = Flask(__name__)\n@app.route("/")\ndef home():\n    try:\n        return run()\n    except Exception:\n        return traceback.format_exc(), 500\n',
    corrected:
      'import logging\nfrom flask import Flask\napp = Flask(__name__)\n@app.route("/")\ndef home():\n    try:\n        return run()\n    except Exception:\n        logging.exception("home")\n        return "internal error", 500\n',
  },
  {
    rule: 'any-host-header',
    name: 'ALLOWED_HOSTS',
    flawed: 'ALLOWED_HOSTS = ["*"]\n',
    corrected: 'ALLOWED_HOSTS = ["app.example.com"]\n',
  },
  {
    rule: 'cors-reflected-origin',
    name: 'origin of the request',
    flawed:
      'from flask import Flask, request\napp = Flask(__name__)\n@app.after_request\ndef headers(response):\n    response.headers["Access-Control-Allow-Origin"] = request.headers["Origin"]\n    return response\n',
    corrected:
      'from flask import Flask, request\napp = Flask(__name__)\nORIGINS = {"https://app.example.com"}\n@app.after_request\ndef headers(response):\n    origin = request.headers["Origin"]\n    if origin in ORIGINS:\n        response.headers["Access-Control-Allow-Origin"] = origin\n    return response\n',
  },
  {
    rule: 'archive-entry-path',
    name: 'zip entries written by their names',
    flawed:
      'import os\nimport zipfile\ndef unpack(path, target):\n    with zipfile.ZipFile(path) as archive:\n        for name in archive.namelist():\n            with open(os.path.join(target, name), "wb") as out:\n                out.write(archive.read(name))\n',
    corrected:
      'import zipfile\ndef unpack(path, target):\n    with zipfile.ZipFile(path) as archive:\n        archive.extractall(target)\n',
  },
];

describePairs('Python configuration', PAIRS, (text) => analyzeFile('app.py', text).findings);
