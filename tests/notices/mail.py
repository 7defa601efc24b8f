"""A real SMTP server and a real HTTP server for tests, each on a port of its own."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, HTTPServer


class Smtp(socketserver.StreamRequestHandler):
    """Speaks as much SMTP as a letter needs; the server's `rcpt` answers recipients, `is_cut` hangs up after the letter."""

    def handle(self):
        """Take letters until the client leaves."""
        self.say("220 here")
        for line in self.rfile:
            verb = line[:4].upper().strip()
            if verb == b"RCPT":
                self.say(self.server.rcpt)
            elif verb == b"DATA":
                self.say("354 go on")
                if not self.take():
                    return
            else:
                self.say("221 bye" if verb == b"QUIT" else "250 fine")

    def take(self):
        """Read the letter, and answer, or hang up."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))
        if self.server.is_cut:
            return False
        self.say("250 taken")
        return True

    def say(self, text):
        """Answer a line."""
        self.wfile.write(f"{text}\r\n".encode())


class Robot(BaseHTTPRequestHandler):
    """Takes what is posted and answers with the server's status, or not at all when that is 0."""

    def do_POST(self):
        """Keep the body."""
        self.server.bodies.append((self.path, self.rfile.read(int(self.headers["Content-Length"])).decode()))
        if self.server.status:
            self.send_response(self.server.status)
            self.send_header("Content-Length", str(len(self.server.answer)))
            self.end_headers()
            self.wfile.write(self.server.answer)

    def log_message(self, *_):
        """Say nothing."""


@contextmanager
def serving(server) -> Iterator[str]:
    """Let a server answer from a thread while the test runs; its address."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def smtp_server():
    """An SMTP server with an empty box."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Smtp)
    server.daemon_threads, server.letters, server.rcpt, server.is_cut = True, [], "250 fine", False
    return server


def robot_server():
    """An HTTP server that has been told nothing."""
    server = HTTPServer(("127.0.0.1", 0), Robot)
    server.bodies, server.status, server.answer = [], 200, b'{"errcode": 0, "errmsg": "ok", "code": 0, "msg": "success"}'
    return server
