"""A public service on this machine, which answers what a test tells it to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

type Answer = Callable[["Asked"], None]


class Asked(BaseHTTPRequestHandler):
    """One request; what it is answered is the next of the server's answers."""

    server: "Service"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        self.server.asked.append(self)
        self.server.answer(self)

    do_POST = do_GET  # noqa: N815 (the library calls it so)

    def log_message(self, format: str, *args: Any) -> None:
        """The test says what matters."""

    def give(self, body: bytes, status: int = 200, cut: int | None = None, **headers: str) -> None:
        """An answer; cut: only so many bytes of it, then the connection is closed."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if cut is None else body[:cut])
        self.wfile.flush()
        if cut is not None:
            self.close_connection = True


class Service(ThreadingHTTPServer):
    """A public service on this machine."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.asked: list[Asked] = []
        self.answer: Answer = lambda asked: asked.give(b"", 404)
        self.address = f"http://127.0.0.1:{self.server_address[1]}/service"

    def in_turn(self, *answers: Answer) -> None:
        """Give these answers one after the other, the last of them for ever."""
        left = list(answers)
        self.answer = lambda asked: (left.pop(0) if len(left) > 1 else left[0])(asked)


@contextmanager
def running() -> Iterator[Service]:
    """The service, as long as it is needed."""
    server = Service()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
