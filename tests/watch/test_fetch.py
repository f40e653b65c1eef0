"""What a mission fetches is what it promised, or nothing; a web server of our own."""

import threading
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.watch.missions import REPORTS, small_mission
from trucewatch.collect.delivery import Delivery
from trucewatch.store.reader import view
from trucewatch.watch.cli import code
from trucewatch.watch.run import KINDS

RAW = REPORTS.encode()
PROMISED = sha256(RAW).hexdigest()


class Pages(BaseHTTPRequestHandler):
    """The reports at one address and everywhere under /up/; altered at another."""

    pages = {"/data/reports%20of%20may.csv?v=1": RAW, "/altered.csv": RAW + b"1\n"}

    def do_GET(self):
        body = RAW if self.path.startswith("/up/") else self.pages.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def host():
    """The address of a server on this machine, gone after the test."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    serving.join(timeout=5)


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def run(tmp_path, capsys):
    """Run the small mission with its reports fetched from an address."""

    def run(address, promised=PROMISED):
        path = small_mission(tmp_path / "mission")
        fetched = f"fetch: '{address}', sha256: '{promised}'"
        path.write_text(path.read_text().replace("files: reports.csv", fetched))
        left = code(["run", str(path), "--out", str(tmp_path / "out")])
        return left, capsys.readouterr().err

    return run


def deliveries(tmp_path):
    with view(tmp_path / "out/ledger", KINDS) as ledger:
        return {one.name: one.sha256 for one in ledger.records(Delivery)}


def test_what_was_promised_is_fetched_once_and_keeps_its_name(host, run, tmp_path):
    address = f"{host}/data/reports%20of%20may.csv?v=1"
    assert run(address)[0] == 0
    assert deliveries(tmp_path)["reports of may.csv"] == PROMISED
    assert run("http://127.0.0.1:9/data/reports%20of%20may.csv?v=1")[0] == 0


def test_what_was_altered_is_refused_and_not_kept(host, run, tmp_path):
    left, told = run(f"{host}/altered.csv")
    assert left == 2
    assert f"{host}/altered.csv could not be fetched" in told
    assert PROMISED in told
    assert sha256(RAW + b"1\n").hexdigest() in told
    assert not deliveries(tmp_path)
    assert not [one for one in (tmp_path / "cache").glob("**/*") if one.is_file()]


def test_an_address_with_nothing_behind_it_is_named(host, run):
    left, told = run(f"{host}/nothing.csv")
    assert (left, "nothing.csv could not be fetched: 404" in told) == (2, True)


def test_a_server_that_is_not_there_is_named(host, run):
    left, told = run("http://127.0.0.1:9/reports.csv")
    assert left == 2
    assert "http://127.0.0.1:9/reports.csv could not be fetched" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "reports.csv", "ftp://x/y.csv", "https:///x", "http://["],
)
def test_only_addresses_of_the_web_are_fetched(address, run):
    left, told = run(address)
    assert left == 2
    assert f"{address} could not be fetched" in told


@pytest.mark.parametrize("name", ["", "..%2f..", "%2e%2e%2f%2e%2e%2fx.csv", "..."])
def test_an_address_cannot_choose_where_the_file_is_kept(name, host, run, tmp_path):
    assert run(f"{host}/up/{name}")[0] == 0
    (kept,) = (one for one in (tmp_path / "cache").glob("**/*") if one.is_file())
    assert kept.parent.name == PROMISED
    assert kept.name in ("fetched", "up", "x.csv")


def test_a_sha256_of_digits_only_is_still_a_sha256(host, run):
    left, told = run(f"{host}/altered.csv", "1" * 64)
    assert (left, "1" * 64 in told) == (2, True)


def test_an_address_without_its_sha256_is_refused(host, run):
    left, told = run(f"{host}/altered.csv", "")
    assert (left, "needs the `sha256`" in told) == (2, True)
