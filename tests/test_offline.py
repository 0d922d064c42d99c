"""Nothing leaves the machine: the program's verbs, with the real embedder, reach for no network."""

import json
import os
import subprocess
import sys
from pathlib import Path

# trafilatura brings urllib3, which asks the kernel for IPv6 when it is imported: it binds a socket to this
# machine's own address, connects to nothing and closes it.
_URLLIB3_PROBE = ["socket.bind", "('::1', 0)"]

# Runs in a process of its own, for a hook cannot be taken away. It records more than it should have to see.
_PROGRAM = r"""
import json, socket, sys

opened = []

def record(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.bind", "socket.sendto"}:
        opened.append([event, str(arguments[-1])])

sys.addaudithook(record)
from evidence.cli import run

source, index, address = sys.argv[1:]
window = ["--since", "2025-08", "--until", "2025-08", "-i", index]
codes = [
    run(["index", source, "-i", index]),
    run(["search", "lead times", *window]),
    run(["ask", "lead times", "--no-llm", *window]),
]
seen = list(opened)
with socket.socket(socket.AF_UNIX) as probe:
    probe.bind(address)
print(json.dumps({"codes": codes, "seen": seen, "probe": opened[len(seen):]}))
"""


def test_index_search_and_ask_connect_to_nothing_and_ask_for_no_name(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    # a page that asks for more from the network, and a note
    (source / "page.html").write_text(
        "<!doctype html><html><head><title>Orders</title><base href='http://a.example/'>"
        "<link rel=stylesheet href='style.css'><meta property='article:published_time' content='2025-08-04'></head>"
        "<body><img src='http://a.example/a.png'><article><p>Invented Bonders booked orders of 41 million dollars, "
        "and its lead times were 19 weeks for all new tools of the year.</p></article></body></html>"
    )
    (source / "note.txt").write_text("Lead times were 19 weeks.")
    # as on a machine whose owner has never heard of that variable
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "TRANSFORMERS_"))}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, str(source), str(tmp_path / "index"), str(tmp_path / "probe")],
        capture_output=True,
        text=True,
        env={**environment, "HF_HOME": str(tmp_path / "cache")},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["codes"] == [0, 0, 0]
    assert [event for event in told["seen"] if event != _URLLIB3_PROBE] == []
    assert told["probe"] == [["socket.bind", str(tmp_path / "probe")]]
    assert not list((tmp_path / "cache").rglob("*.safetensors"))
