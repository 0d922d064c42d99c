"""What is shipped: every package and nothing else, complete from a source distribution to an installed program."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FLOORS = ("corpus", "indexer", "retriever", "generator", "evidence")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Imports every module of the installed package and says where each came from.
_WALK = """
import importlib, pkgutil
import evidence

for module in pkgutil.walk_packages(evidence.__path__, "evidence."):
    if module.name != "evidence.__main__" and (module.name != "evidence.generator.writing.llama" or {llama}):
        print(importlib.import_module(module.name).__file__)
"""


def _run(*command: str | Path, cwd: Path, path: Path | None = None) -> str:
    """Standard output of a command that knows no project but the one at `path`."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("EVIDENCE", "PYTHON"))}
    if path is not None:
        environment["PYTHONPATH"] = str(path)
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _copy_of_the_project(target: Path) -> Path:
    """A copy as a checkout is after work: with byte code and a module of yesterday in `build`."""
    ignored = shutil.ignore_patterns(
        ".*", "build", "dist", "*.egg-info", "__pycache__", "evidence-index", "demo-index"
    )
    shutil.copytree(ROOT, target, symlinks=True, ignore=ignored)
    shutil.copytree(ROOT / ".ci", target / ".ci")
    for folder in (target / "corpus" / "__pycache__", target / "corpus" / "sample" / "__pycache__"):
        folder.mkdir()
        (folder / "stale.cpython-311.pyc").write_bytes(b"stale")
    (target / "build" / "lib" / "evidence").mkdir(parents=True)
    (target / "build" / "lib" / "evidence" / "yesterday.py").touch()
    return target


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    project = _copy_of_the_project(folder / "project")
    _run(sys.executable, "-m", "build", "--sdist", "--no-isolation", "-o", folder, project, cwd=folder)
    (path,) = folder.glob("*.tar.gz")
    return path


@pytest.fixture(scope="module")
def unpacked(sdist: Path) -> Path:
    with tarfile.open(sdist) as archive:
        archive.extractall(sdist.parent / "unpacked", filter="data")
    (folder,) = (sdist.parent / "unpacked").iterdir()
    return folder


@pytest.fixture(scope="module")
def site(unpacked: Path) -> Path:
    """A folder into which the wheel that was built from the source distribution is installed."""
    target = unpacked.parent.parent
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", target, unpacked, cwd=target)
    (wheel,) = target.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--no-deps", "--no-index"]
    _run(*pip, "--target", target / "site", wheel, cwd=target)
    return target / "site"


def _files(folder: Path) -> set[str]:
    """The files below a folder; byte code is Python's own affair."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in found if "__pycache__" not in path.parts}


def _expected() -> set[str]:
    """What an installation holds, by the checkout: modules, the sample, and the files that modules read."""
    wanted = {f"corpus/sample/{name}" for name in _files(ROOT / "corpus" / "sample")}
    wanted |= {"corpus/models.toml", "corpus/entities.toml"}
    for floor in FLOORS[:-1]:
        wanted |= {f"{floor}/{name}" for name in _files(ROOT / floor) if name.endswith(".py")}
    return wanted | {
        name
        for name in _files(ROOT / "evidence")
        if name.endswith((".py", "py.typed", ".toml", ".schema.json", ".j2", ".css"))
    }


def test_every_package_on_the_disk_is_listed_and_lies_where_it_is_said_to() -> None:
    found = {}
    for floor in FLOORS:
        for path in (ROOT / floor).rglob("__init__.py"):
            folder = path.parent.relative_to(ROOT)
            parts = folder.parts if floor == "evidence" else ("evidence", *folder.parts)
            found[".".join(parts)] = folder.as_posix()
    setuptools = PROJECT["tool"]["setuptools"]
    assert setuptools["package-dir"] == found
    assert sorted(setuptools["packages"]) == sorted(found)


def test_every_folder_with_modules_is_a_package() -> None:
    folders = {path.parent for floor in FLOORS for path in (ROOT / floor).rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_what_the_bench_compares_with_is_no_dependency_and_is_pinned() -> None:
    lines = (ROOT / "bench" / "peers" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    peers = [line for line in lines if not line.startswith("#")]
    assert peers
    assert [line for line in peers if not re.fullmatch(r"[a-z0-9-]+==[a-z0-9.]+", line)] == []
    project = PROJECT["project"]
    listed = [line for group in project["optional-dependencies"].values() for line in group]
    installed = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    every = [*project["dependencies"], *listed, *installed]
    names = {re.split(r"[^\w.-]", line)[0].lower().replace("_", "-") for line in every}
    assert {line.partition("==")[0] for line in peers} & names == set()


def test_the_source_distribution_is_the_whole_project(unpacked: Path) -> None:
    top = "Makefile LICENSE README.md ARCHITECTURE.md CHANGELOG.md constraints.txt requirements-models.txt"
    wanted = {*top.split(), "pyproject.toml"}
    wanted |= {f"{folder}{name}.toml" for folder in ("", "corpus/") for name in ("models", "entities")}
    for folder in ("tests", "bench", ".ci"):
        wanted |= {f"{folder}/{name}" for name in _files(ROOT / folder)}
    assert wanted - _files(unpacked) == set()
    assert [path for path in unpacked.rglob("*") if path.suffix == ".pyc" or path.name == "yesterday.py"] == []
    assert [name for name in ("models", "entities") if (unpacked / "corpus" / f"{name}.toml").is_symlink()] == []
    assert os.access(unpacked / ".ci" / "run", os.X_OK)


def test_a_wheel_of_a_checkout_in_use_holds_no_byte_code(sdist: Path) -> None:
    project = sdist.parent / "project"
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", project / "dist", project, cwd=project)
    (wheel,) = (project / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert [name for name in archive.namelist() if name.endswith(".pyc")] == []


def test_only_evidence_is_at_the_top_of_an_installation(site: Path) -> None:
    version = PROJECT["project"]["version"]
    names = {path.name for path in site.iterdir()}
    assert names == {"evidence", f"evidence_search-{version}.dist-info", "bin"}


def test_an_installation_holds_every_module_and_the_whole_sample_and_nothing_else(site: Path) -> None:
    assert _files(site / "evidence") == _expected()
    for name in ("models.toml", "entities.toml"):
        assert (site / "evidence" / "corpus" / name).read_bytes() == (ROOT / name).read_bytes()
    for name in _files(ROOT / "corpus" / "sample"):
        shipped = site / "evidence" / "corpus" / "sample" / name
        assert shipped.read_bytes() == (ROOT / "corpus" / "sample" / name).read_bytes(), name


def test_every_module_is_imported_from_the_installation(site: Path, tmp_path: Path) -> None:
    walk = _WALK.format(llama=find_spec("llama_cpp") is not None)
    files = _run(sys.executable, "-c", walk, cwd=tmp_path, path=site).split()
    assert len(files) > 60
    assert [file for file in files if not file.startswith(f"{site}/evidence/")] == []


def test_the_installed_program_runs(site: Path, tmp_path: Path) -> None:
    assert _run(sys.executable, "-m", "evidence", "--version", cwd=tmp_path, path=site).startswith(
        "evidence, version "
    )
    listed = _run(sys.executable, site / "bin" / "evidence", "models", cwd=tmp_path, path=site)
    assert listed.startswith(f"{site}/evidence/corpus/models.toml\n")


def test_the_checkout_is_left_as_it_was(site: Path) -> None:
    assert site.is_dir()
    assert not (ROOT / "build" / "lib").exists()
    assert not (ROOT / "dist").exists()
