"""A network namespace of its own for a Dask worker: it reaches this machine by one address, over a cable of two ends."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import subprocess
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class Network:
    """A namespace with a virtual cable to this machine; both ends have addresses of a network of two.

    Raises:
        subprocess.CalledProcessError: this user may make none, or the system has none.
    """

    def __init__(self) -> None:
        number = os.getpid() % 250
        self.name = f"aml{os.getpid()}"
        self.here, self.there = f"10.213.{number}.1", f"10.213.{number}.2"
        near, far = f"{self.name}a", f"{self.name}b"
        _ip("netns", "add", self.name)
        try:
            _ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", self.name)
            _ip("address", "add", f"{self.here}/30", "dev", near)
            _ip("link", "set", near, "up")
            _ip("-n", self.name, "address", "add", f"{self.there}/30", "dev", far)
            _ip("-n", self.name, "link", "set", far, "up")
            _ip("-n", self.name, "link", "set", "lo", "up")
        except subprocess.CalledProcessError:
            self.close()
            raise

    @property
    def prefix(self) -> tuple[str, ...]:
        """What starts a command in it."""
        return "ip", "netns", "exec", self.name

    def close(self) -> None:
        """Remove it, and the cable with it."""
        _ip("netns", "delete", self.name)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)


class Relay:
    """Gives a service of 127.0.0.1 another address of this machine."""

    def __init__(self, host: str, port: int) -> None:
        self._port = port
        self._server = socket.create_server((host, 0))
        self.address = f"{host}:{self._server.getsockname()[1]}"
        self._is_open = True
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        """End its connections."""
        self._is_open = False
        self._thread.join()

    def _serve(self) -> None:
        other: dict[socket.socket, socket.socket] = {}
        with selectors.DefaultSelector() as ready, self._server:
            ready.register(self._server, selectors.EVENT_READ)
            while self._is_open:
                for key, _ in ready.select(0.1):
                    if key.fileobj is self._server:
                        pair = (
                            self._server.accept()[0],
                            socket.create_connection(("127.0.0.1", self._port)),
                        )
                        for one, to in (pair, pair[::-1]):
                            other[one] = to
                            ready.register(one, selectors.EVENT_READ)
                    elif key.fileobj in other and not _passed(key.fileobj, other[key.fileobj]):
                        for one in (key.fileobj, other.pop(key.fileobj)):
                            other.pop(one, None)
                            ready.unregister(one)
                            one.close()
            for one in other:
                one.close()


def _passed(source: socket.socket, target: socket.socket) -> bool:
    """Pass on what has come; False at the end."""
    with contextlib.suppress(OSError):
        if data := source.recv(1 << 16):
            target.sendall(data)
            return True
    return False


def certificates(folder: Path) -> dict[str, str]:
    """An authority and a certificate for all, made as the README makes them."""
    for line in (
        "req -x509 -newkey rsa:3072 -nodes -days 365 -subj /CN=dask-ca -keyout ca.key -out ca.pem",
        "req -newkey rsa:3072 -nodes -subj /CN=dask -keyout key.pem -out dask.csr",
        "x509 -req -days 365 -in dask.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out cert.pem",
    ):
        subprocess.run(["openssl", *line.split()], check=True, cwd=folder, capture_output=True)
    names = {"tls_ca_file": "ca.pem", "tls_client_cert": "cert.pem", "tls_client_key": "key.pem"}
    return {name: str(folder / file) for name, file in names.items()}
