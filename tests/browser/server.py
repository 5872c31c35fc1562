"""A Streamlit script served on a free port of this machine, with all that it prints kept in a file."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class App:
    """A running app: its address, and the file that holds all that it printed."""

    url: str
    log: Path


@contextmanager
def serve(script: str, log: Path, **environment: str) -> Iterator[App]:
    """Run `script`, named from the project's folder, until the block ends."""
    app = App(url=f"http://127.0.0.1:{free_port()}", log=log)
    options = [
        "--server.headless=true",
        "--server.fileWatcherType=none",
        "--server.address=127.0.0.1",
        f"--server.port={app.url.split(':')[-1]}",
    ]
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, *options],
            cwd=ROOT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"} | environment,
            stdout=output,
            stderr=output,
        )
    try:
        wait_until_healthy(app, server)
        yield app
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:  # it has a page to finish, on a busy machine
            server.kill()
            server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(app: App, server: subprocess.Popen[bytes], seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while server.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{app.url}/_stcore/health", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the app did not start:\n{app.log.read_text()}")
