"""Settings of a server, each tried on one in this process over the running stand-in's PostgreSQL."""

import asyncio
import os
import struct
import tempfile
import threading
import unittest
from pathlib import Path

from emulators.redshift.standin.batches import Invoker
from emulators.redshift.standin.protocol import Message, cstring, response_fields
from emulators.redshift.standin.session import Session, Settings
from emulators.redshift.wire_client import WireClient


class Server:
    """Serves on `port` in a thread, until the end of the test."""

    def __init__(self, test: unittest.TestCase, **settings):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        large_strings = settings.get("large_strings", False)
        invoker = Invoker(os.environ["REDSHIFT_LOCAL_LAMBDA_ENDPOINT"], 2, large_strings, Path(folder.name) / "log")
        test.addCleanup(invoker.close)
        socket = f"{os.environ['REDSHIFT_LOCAL_POSTGRES_HOST']}/.s.PGSQL.5432"
        values = Settings(**{"socket": socket, "large_strings": False, "password": None, **settings})
        started = threading.Event()

        async def connected(reader, writer):
            await Session(reader, writer, values, invoker).run()

        async def serve():
            stop = asyncio.Event()
            self._stop = lambda loop=asyncio.get_running_loop(): loop.call_soon_threadsafe(stop.set)
            async with await asyncio.start_server(connected, "127.0.0.1", 0) as server:
                self.port = server.sockets[0].getsockname()[1]
                started.set()
                await stop.wait()

        thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        thread.start()
        test.assertTrue(started.wait(10))
        test.addCleanup(thread.join)
        test.addCleanup(self._stop)


class Password(unittest.TestCase):
    def answer(self, port: int, password: str) -> list[Message]:
        with WireClient(port=port, connect=False) as client:
            client.send_startup(os.environ["PGUSER"], os.environ["PGDATABASE"])
            asked = client.receive()
            self.assertEqual((asked.type, asked.body), ("R", struct.pack("!I", 3)))
            client.send(Message("p", cstring(password)))
            return client.started()

    def test_right_and_wrong(self):
        port = Server(self, password="séc ret").port
        self.assertEqual(self.answer(port, "séc ret")[-1].type, "Z")
        for wrong in ("", "séc re", "séc ret "):
            error = response_fields(self.answer(port, wrong)[-1])
            self.assertEqual((error["C"], error["S"]), ("28P01", "FATAL"))
            self.assertNotIn("séc", str(error))


class LargeStrings(unittest.TestCase):
    def test_on(self):
        with WireClient(port=Server(self, large_strings=True).port) as client:
            self.assertEqual(client.value("SELECT is_large_string_enabled()"), "t")

    def test_off(self):
        with WireClient(port=Server(self).port) as client:
            self.assertEqual(client.value("SELECT is_large_string_enabled()"), "f")


if __name__ == "__main__":
    unittest.main()
