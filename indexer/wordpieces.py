"""The one module that knows tokenizers: a text's wordpieces, by the model's own tokenizer.json."""

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from evidence.corpus.errors import ConfigError


class Wordpieces:
    """A tokenizer.json, told nothing of lengths: the file itself may ask for truncation and padding at 128."""

    def __init__(self, path: Path) -> None:
        """Raises ConfigError."""
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # the library raises nothing narrower
            raise ConfigError(f"no tokenizer in {path}: {error}", "restore the model's folder") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def count(self, texts: Sequence[str]) -> list[int]:
        """How many pieces each text is, without the model's own marks."""
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    def spans(self, text: str) -> list[tuple[int, int]]:
        """The pieces of a text as spans of code points."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def ids(self, texts: Sequence[str], context: int) -> list[list[int]]:
        """The model's input for each text: its marks and its pieces, at most `context` of them together."""
        self._tokenizer.enable_truncation(context)
        encodings = self._tokenizer.encode_batch_fast(list(texts))
        self._tokenizer.no_truncation()
        return [encoding.ids for encoding in encodings]
