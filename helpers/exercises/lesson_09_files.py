"""The folder that learners of lesson 09 are given: {path: text}.

It holds no comments, so that a translation of the lesson shares it.
"""

from __future__ import annotations

SIGN_TOKEN = "qV3-plum-8064-stone"
SAFE = {"token.txt": f"{SIGN_TOKEN}\n"}
# How a program of either folder comes to the engine.
_ENGINE = """\
class Engine(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect("/engine.sock")
"""
_SERVERS = "from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer"
BURGLAR = {
    "Dockerfile": 'FROM python:3.13-slim\nCOPY ask.py /\nCMD ["python", "/ask.py"]\n',
    "ask.py": f"import http.client, json, socket\n\n{_ENGINE}"
    """
def ask(method, path, body=None):
    engine = Engine("engine")
    engine.request(method, path, json.dumps(body), {"Content-Type": "application/json"})
    return engine.getresponse().read()

guest = {"Image": "busybox:1.37", "Cmd": ["head", "-n", "1", "/machine/passwd"], "Tty": True,
         "HostConfig": {"Binds": ["/etc:/machine:ro"]}}
box = json.loads(ask("POST", "/containers/create", guest))["Id"]
ask("POST", f"/containers/{box}/start")
ask("POST", f"/containers/{box}/wait")
print(ask("GET", f"/containers/{box}/logs?stdout=1").decode().strip())
ask("DELETE", f"/containers/{box}")
""",
}
GATE = {
    "Dockerfile": 'FROM python:3.13-slim\nCOPY gate.py /\nCMD ["python", "/gate.py"]\n',
    "gate.py": f"import http.client, socket\n{_SERVERS}\n\n{_ENGINE}"
    """
class Gate(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path != "/containers/json":
            return self.send_error(403)
        engine = Engine("engine")
        engine.request("GET", self.path)
        listed = engine.getresponse().read()
        self.send_response(200)
        self.send_header("Content-Length", str(len(listed)))
        self.end_headers()
        self.wfile.write(listed)

    def do_POST(self):
        self.send_error(403)

ThreadingHTTPServer(("", 80), Gate).serve_forever()
""",
}
FOLDERS = {"safe": SAFE, "burglar": BURGLAR, "gate": GATE}
