"""A line to the server that can be cut: a TCP relay on a port of its own."""
import socket
import threading


class Line:
    """What one person's browser is connected through."""

    def __init__(self, port):
        self.to = port
        self.whole = True
        self.lock = threading.Lock()
        self.pairs = set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def cut(self):
        """Ends every connection at once and refuses new ones."""
        with self.lock:
            self.whole = False
            pairs, self.pairs = self.pairs, set()
        for pair in pairs:
            self._end(pair)

    def mend(self):
        with self.lock:
            self.whole = True

    def close(self):
        self.cut()
        self.listener.close()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.to), timeout=10)
                far.settimeout(None)
            except OSError:
                near.close()
                continue
            pair = (near, far)
            with self.lock:
                if self.whole:
                    self.pairs.add(pair)
                else:
                    pair = None
            if pair is None:
                self._end((near, far))
                continue
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self._carry, args=(source, sink, pair), daemon=True).start()

    def _carry(self, source, sink, pair):
        try:
            while True:
                data = source.recv(65_536)
                if not data:
                    break
                sink.sendall(data)
        except OSError:
            pass
        with self.lock:
            self.pairs.discard(pair)
        self._end(pair)

    @staticmethod
    def _end(pair):
        for one in pair:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()
