"""Checks of an installation: versions, models, what the kernel offers, and a question answered offline."""

import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import evidence
from evidence.corpus.errors import EvidenceError, ModelMissing
from evidence.corpus.models import Models
from evidence.corpus.sandbox import layers
from evidence.indexer.build import build_index
from evidence.loading import load_embedder, load_generator
from evidence.verifying import verify_report

_PACKAGES = (
    "evidence-search torch sentence-transformers faiss-cpu trafilatura htmldate lxml pypdfium2 FastWARC nupunkt "
    "PyStemmer pyarrow pyseccomp py3langid llama-cpp-python"
).split()

_SELF_TEST = {
    "orders.txt": "Invented Bonders booked orders of 41 million dollars in July, and lead times were 19 weeks.",
    "weather.txt": "The lake was calm in July and the ferry kept to its summer timetable.",
}
_QUESTION = "What orders did Invented Bonders book?"
_CONTAINMENT_HINT = (
    "Landlock needs Linux 5.13, seccomp the library libseccomp2: index archives you would open anyway"
)


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `evidence doctor`. `ok` is None for a fact that is neither good nor bad."""

    name: str
    ok: bool | None
    detail: str
    hint: str = ""


def examine(models: Models) -> Iterator[Check]:
    """All checks, in order, each when it is reached."""
    yield Check("python", True, f"{platform.python_version()} on {platform.platform()}")
    yield from (_package(name) for name in _PACKAGES)
    missing = False
    for model in models.all():
        check = _model(models, model.name)
        missing |= check.ok is False
        yield check
    yield _containment()
    yield _namespaces()
    if missing:
        yield Check("self-test", False, "needs the default models", "install them first")
    else:
        yield _self_test(models)


def _package(name: str) -> Check:
    try:
        return Check(name, True, version(name))
    except PackageNotFoundError:
        optional = name == "llama-cpp-python"
        hint = "without it, ask with --no-llm" if optional else f"pip install {name}"
        return Check(name, None if optional else False, "not installed", hint)


def _model(models: Models, name: str) -> Check:
    model = next(model for model in models.all() if model.name == name)
    default = name in {models.embedder, models.reranker, models.verifier, models.generator}
    try:
        return Check(f"model {name}", True, f"{model.check()}, sha256 {model.entry.sha256[:12]}...")
    except ModelMissing as error:
        return Check(f"model {name}", False if default else None, str(error), error.hint)


def _containment() -> Check:
    """What holds a parser that a document has taken over, beside its limits of time and memory."""
    if missing := layers().missing:
        return Check("containment", None, f"parsers run without {' and '.join(missing)}", _CONTAINMENT_HINT)
    return Check("containment", True, "parsers run with limits, seccomp and Landlock")


def _namespaces() -> Check:
    try:
        done = subprocess.run(["unshare", "-rn", "true"], capture_output=True, check=False)  # noqa: S607
        allowed = done.returncode == 0
    except OSError:
        allowed = False
    return Check("network namespaces", None, "allowed" if allowed else "not allowed to this user")


def _self_test(models: Models) -> Check:
    """Indexes two notes, asks, verifies, and counts the internet sockets that were opened meanwhile."""
    opened: list[str] = []

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        if event in {"socket.connect", "socket.getaddrinfo", "socket.bind"}:
            opened.append(f"{event} {arguments[1:]}")

    sys.addaudithook(audit)
    try:
        findings, sentences = _answer(models)
    except EvidenceError as error:
        return Check("self-test", False, str(error), error.hint)
    sockets = [*opened, *_internet_sockets()]
    if sockets:
        return Check("self-test", False, f"{len(sockets)} sockets were opened: {sockets[0]}")
    return Check(
        "self-test", findings > 0, f"{findings} findings, {sentences} sentences, verified; 0 sockets opened"
    )


def _answer(models: Models) -> tuple[int, int]:
    embedder = load_embedder(models)
    try:
        generator = load_generator(models)
    except ModelMissing:
        generator = None
    with tempfile.TemporaryDirectory() as folder:
        source, index = Path(folder) / "notes", Path(folder) / "index"
        source.mkdir()
        for name, text in _SELF_TEST.items():
            (source / name).write_text(text, encoding="utf-8")
            (source / f"{name}.meta.json").write_text('{"published": "2025-08-04"}', encoding="utf-8")
        build_index(index, [source], embedder)
        archive = evidence.open(index, embedder=embedder, generator=generator)
        report = archive.ask(_QUESTION, "2025-07", "2025-08", llm=generator is not None)
        problems = verify_report(report, archive.index)
    if problems:
        raise EvidenceError(f"the self-test's report does not verify: {problems[0]}")
    return len(report["findings"]), len(report["analysis"]["sentences"])


def _internet_sockets() -> list[str]:
    """Descriptors of this process that are internet sockets, native libraries' included."""
    ours = {str(entry.readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()}
    listed = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        path = Path("/proc/self/net") / table
        rows = path.read_text(encoding="ascii").splitlines()[1:] if path.exists() else []
        listed += [f"{table} inode {row.split()[9]}" for row in rows if f"socket:[{row.split()[9]}]" in ours]
    return listed
