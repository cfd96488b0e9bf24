"""Callers that do one thing after the other."""

from __future__ import annotations

import http.client
import threading
import time


class Worker:
    """One keep-alive connection."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._token = token

    def call(self, method: str, members: str) -> bytes:
        """Call a method with a JSON body; gives the answer's bytes."""
        body = f'{{"auth":"{self._token}",{members}}}'
        headers = {"Content-Type": "application/json"}
        self._connection.request("POST", f"/rest/{method}", body, headers)
        answer = self._connection.getresponse()
        read = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {read[:200]!r}")
        return read

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def reserve_and_confirm(port: int, token: str, threads: int = 4) -> float:
    """Reserve 50 and confirm them until the queue is empty; seconds that it took."""
    begun = time.perf_counter()
    running = [threading.Thread(target=_until_empty, args=(port, token)) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return time.perf_counter() - begun


def _until_empty(port: int, token: str) -> None:
    worker = Worker(port, token)
    while True:
        taken = worker.call("event.offline.get", '"clear":0')
        if b'"events":[]' in taken:
            break
        process_id = taken.partition(b'"process_id":"')[2].partition(b'"')[0].decode()
        worker.call("event.offline.clear", f'"process_id":"{process_id}"')
    worker.close()


def first_answer(port: int, seconds: float = 30) -> None:
    """Ask until somebody answers."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/rest/server.time")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.002)
        else:
            return
        finally:
            connection.close()
    raise TimeoutError(f"no answer on port {port}")
