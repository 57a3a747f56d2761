"""Thousands of sockets of one buyer, opened all at once by one thread."""
import resource
import selectors
import socket
import struct
import time

from nodes import Failed, call


def frame(text):
    """A text frame as a client sends it, masked."""
    mask = b"\x01\x02\x03\x04"
    size = len(text)
    head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else struct.pack(
        "!BBH", 0x81, 0x80 | 126, size)
    return head + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(text))


def room_for(sockets):
    """As many open files as they need, for this process and for the servers that it starts from now on."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = sockets + 1_000
    if soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            raise Failed(f"{sockets} sockets need {wanted} open files, allowed are {hard} (ulimit -Hn)")
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Arrival:
    """One socket on its way in: connected, upgraded, greeted, live."""

    def __init__(self, port, token, receive):
        self.port, self.token, self.heard, self.greeted = port, token, b"", False
        self.line = socket.socket()
        if receive:
            self.line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        self.line.setblocking(False)
        self.line.connect_ex(("127.0.0.1", port))

    def ask(self):
        self.line.send((
            f"GET /v1/socket HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Origin: http://127.0.0.1:{self.port}\r\n"
            f"Sec-WebSocket-Protocol: qinke.v1, bearer.{self.token}\r\n\r\n").encode())

    def hear(self):
        """Whether it is live now."""
        part = self.line.recv(65_536)
        if not part:
            raise OSError("closed")
        self.heard += part
        if not self.greeted and b"\r\n\r\n" in self.heard:
            first = self.heard.split(b"\r\n")[0]
            if b" 101 " not in first:
                raise OSError(first.decode(errors="replace"))
            self.line.send(frame(b'{"type":"hello"}'))
            self.greeted = True
        return self.greeted and b'"type":"live"' in self.heard


class Crowd:
    """So many sockets of one buyer, all live."""

    def __init__(self, port):
        status, session, _ = call(port, "POST", "/v1/buyer/sessions", {"shop": "test", "name": "crowd"})
        if status >= 300:
            raise Failed(f"a buyer may not come in: {status} {session}")
        self.token = session["token"]
        self.lines = []

    def come(self, ports, count, receive=None, limit=120):
        """All at once; who is refused comes again. Seconds until the last of them was live."""
        room_for(count)
        began, last, trouble = time.monotonic(), time.monotonic(), None
        with selectors.DefaultSelector() as all_of_them:
            def enters(port):
                one = Arrival(port, self.token, receive)
                all_of_them.register(one.line, selectors.EVENT_WRITE, one)

            for place in range(count):
                enters(ports[place % len(ports)])
            while all_of_them.get_map():
                if time.monotonic() - began > limit:
                    here = count - len(all_of_them.get_map())
                    for key in list(all_of_them.get_map().values()):
                        key.fileobj.close()
                    raise Failed(f"only {here} of {count} sockets were live within {limit} s; "
                                 f"the last that was refused: {trouble}")
                for key, events in all_of_them.select(1):
                    one = key.data
                    try:
                        if events & selectors.EVENT_WRITE:
                            one.ask()
                            all_of_them.modify(one.line, selectors.EVENT_READ, one)
                        elif one.hear():
                            all_of_them.unregister(one.line)
                            self.lines.append(one.line)
                            last = time.monotonic()
                    except OSError as error:
                        trouble = error
                        all_of_them.unregister(one.line)
                        one.line.close()
                        enters(one.port)
        return last - began

    def tries(self, ports, count):
        """As `come`, for a server that may not be able to."""
        try:
            self.come(ports, count, limit=10)
        except Failed:
            pass
        return self

    def leave(self):
        for line in self.lines:
            line.close()
        self.lines = []
