"""HTTP to a server on loopback, for everything in Python that drives a running house."""
import http.client
import json


def raw(port, method, path, body=None, headers=None, limit=30):
    """One call with a body of bytes, as the server's own page would make it: (status, bytes, headers)."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=limit)
    try:
        line.request(method, path, body, {"Origin": f"http://127.0.0.1:{port}", **(headers or {})})
        answer = line.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        line.close()


def call(port, method, path, body=None, headers=None, limit=30):
    """One call with a body of JSON: (status, JSON or None, headers)."""
    given = dict(headers or {})
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        given = {"Content-Type": "application/json", **given}
    status, text, back = raw(port, method, path, data, given, limit)
    try:
        value = json.loads(text) if text else None
    except ValueError:
        value = None
    return status, value, back
