"""safetensors: a model's arrays, mapped from its file and never copied.

The format is a length of 8 bytes, that much JSON which names each tensor's type, shape and bytes, and the bytes.
The library of that name copies what it reads, which for one query is most of the memory of the process.
"""

import json
import mmap
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence.corpus.errors import ConfigError

Weights = dict[str, NDArray[np.float32]]

_LENGTH_BYTES = 8
# The format's own bound.
_MAX_HEADER_BYTES = 100_000_000


def map_weights(path: Path) -> Weights:
    """The tensors of single precision by their names, read-only; a model of another precision has none.

    Raises ConfigError for a file that is not of the format, or names bytes that it does not hold.
    """
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        start = _LENGTH_BYTES + int.from_bytes(data[:_LENGTH_BYTES], "little")
        if not _LENGTH_BYTES < start <= min(len(data), _MAX_HEADER_BYTES):
            raise ValueError("its header is longer than the file")
        header = json.loads(data[_LENGTH_BYTES:start])
        tensors = {name: row for name, row in header.items() if name != "__metadata__" and row["dtype"] == "F32"}
        return {name: _view(data, start, row) for name, row in tensors.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigError(f"{path} is not a safetensors file: {error}", "restore the model's folder") from error


def _view(data: mmap.mmap, start: int, row: dict[str, Any]) -> NDArray[np.float32]:
    first, last = row["data_offsets"]
    shape = tuple(row["shape"])
    count = prod(shape)
    if min(shape, default=1) < 0 or last - first != count * np.float32().itemsize:
        raise ValueError(f"a tensor of shape {shape} does not lie in bytes {first} to {last}")
    if not 0 <= first <= last <= len(data) - start:
        raise ValueError(f"bytes {first} to {last} are not in the file")
    return np.frombuffer(data, np.float32, count, start + first).reshape(shape)
