"""The one module that knows llama.cpp: a prompt to text of a grammar, or to the weight of given answers.

One context is kept. A prompt is read in stretches, each up to a piece that is `kept`, and stretches that the
context holds from the prompt before are not read again: the cache is rewound in place. A stretch is always a
batch of its own, reused or not, so that the answer is the same to the last bit whatever was asked before.
Between two tokens Python has the word: an interrupt waits for one batch at most.
"""

import ctypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import accumulate, pairwise, takewhile
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
from numpy.typing import NDArray

from evidence.corpus.errors import GeneratorError
from evidence.corpus.model_entries import Chat
from evidence.generator.writing.interrupts import interrupts_wait
from evidence.generator.writing.prompt import Piece, Prompt
from evidence.generator.writing.skills import NO_SKILLS, Skills

# Tokens read at once. An interrupt waits for them: two seconds of a model with half a billion parameters.
BATCH = 256
# The likeliest tokens that a grammar is asked about before it is asked about all: its time goes with their number.
LIKELIEST = 64

_CANDIDATE = np.dtype([("id", np.intc), ("logit", np.single), ("p", np.single)])

Stretch = tuple[int, ...]


class LlamaGenerator:
    """A GGUF model at temperature 0, loaded when it is first asked. Its digest must have been checked before.

    `tokens` counts what it has read and written.
    """

    def __init__(
        self,
        name: str,
        digest: str,
        chat: Chat,
        weights: Path,
        context: int,
        *,
        threads: int | None = None,
        skills: Skills = NO_SKILLS,
    ) -> None:
        self.name = name
        self.digest = digest
        self.chat = chat
        self.skills = skills
        self.tokens = 0
        self._weights = weights
        self._context = context
        self._threads = threads
        self._held: list[Stretch] = []

    @cached_property
    def _model(self) -> Any:
        try:
            # while it loads, the library tells of each tensor by a callback
            with interrupts_wait():
                return llama_cpp.Llama(
                    str(self._weights),
                    n_ctx=self._context,
                    n_batch=BATCH,
                    n_threads=self._threads,
                    n_threads_batch=self._threads,
                    verbose=False,
                )
        except (ValueError, RuntimeError, OSError, AssertionError) as error:
            raise GeneratorError(
                f"model {self.name} cannot be loaded: {error}", "--no-llm answers without it"
            ) from error

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> str:
        """The likeliest text of the grammar, token by token; `seed` changes nothing at temperature 0."""
        with self._asked(prompt, max_tokens), self._compiled(grammar) as sampler:
            written: list[int] = []
            while len(written) < max_tokens and (token := self._likeliest(sampler)) is not None:
                llama_cpp.llama_sampler_accept(sampler, token)
                written.append(token)
                if len(written) < max_tokens:
                    self._eval([token])
            return str(self._model.detokenize(written).decode("utf-8", "ignore"))

    def weigh(self, prompt: Prompt, answers: Sequence[str]) -> list[float]:
        """The log-probability of each answer after the prompt. Answers of one token cost nothing more."""
        spelled = [self._spelled(Piece(answer)) for answer in answers]
        weights = []
        with self._asked(prompt, max(map(len, spelled))):
            first = self._log_probabilities()
            for answer in spelled:
                weight = float(first[answer[0]])
                if answer[1:]:
                    self._read(self._stretches(prompt))
                for token, following in pairwise(answer):
                    self._eval([token])
                    weight += float(self._log_probabilities()[following])
                weights.append(weight)
        return weights

    @contextmanager
    def _asked(self, prompt: Prompt, max_tokens: int) -> Iterator[None]:
        """The prompt read, with room for as many tokens; the library's errors become ours."""
        stretches = self._stretches(prompt)
        length = sum(map(len, stretches))
        if length + max_tokens > self._context:
            raise GeneratorError(
                f"the prompt has {length} tokens; with {max_tokens} to write that is over the context "
                f"of {self._context}",
                "raise `context` in models.toml if the model allows it",
            )
        try:
            self._read(stretches)
            yield
        except (ValueError, RuntimeError, AssertionError) as error:
            self._held = []
            raise GeneratorError(f"model {self.name} failed: {error}", "--no-llm answers without it") from error

    def _read(self, stretches: Sequence[Stretch]) -> None:
        """Reads what the context does not hold; the last stretch always, for what follows it is asked for."""
        pairs = zip(self._held, stretches[:-1], strict=False)
        kept = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
        places = [0, *accumulate(map(len, stretches))]
        # an interrupt from here on leaves a context of which nothing is known
        held, self._held = list(stretches), []
        if kept == 0 or not self._model._ctx.kv_cache_seq_rm(-1, places[kept], -1):
            # models with a recurrent state cannot go back
            kept = 0
            self._model.reset()
        self._model.n_tokens = places[kept]
        for stretch in stretches[kept:]:
            self._eval(stretch)
        self._held = held

    def _eval(self, tokens: Sequence[int]) -> None:
        self._model.eval(list(tokens))
        self.tokens += len(tokens)

    def _likeliest(self, sampler: Any) -> int | None:
        """The token that the grammar allows and the model likes best; None where the text is at its end."""
        logits = self._logits()
        for count in (LIKELIEST, len(logits)):
            ids = np.argpartition(logits, -count)[-count:]
            allowed = _allowed(sampler, ids, logits[ids])
            if len(allowed):
                best = allowed[np.lexsort((allowed["id"], -allowed["logit"]))[0]]
                token = int(best["id"])
                return None if llama_cpp.llama_vocab_is_eog(self._model._model.vocab, token) else token
        return None

    def _logits(self) -> NDArray[np.single]:
        pointer = self._model._ctx.get_logits_ith(-1)
        return np.ctypeslib.as_array(pointer, shape=(self._model.n_vocab(),))

    def _log_probabilities(self) -> NDArray[np.double]:
        logits = self._logits().astype(np.double)
        logits -= logits.max()
        return np.asarray(logits - np.log(np.exp(logits).sum()))

    @contextmanager
    def _compiled(self, grammar: str) -> Iterator[Any]:
        # the binding does not look whether its library could read a grammar, and crashes on what it could not
        sampler = llama_cpp.llama_sampler_init_grammar(self._model._model.vocab, grammar.encode(), b"root")
        if not sampler:
            raise GeneratorError(f"model {self.name} cannot read the grammar", "--no-llm answers without it")
        try:
            yield sampler
        finally:
            llama_cpp.llama_sampler_free(sampler)

    def _stretches(self, prompt: Prompt) -> list[Stretch]:
        """The prompt's tokens, cut after every piece that is kept."""
        begun = self._model.metadata.get("tokenizer.ggml.add_bos_token") == "true"
        stretches: list[Stretch] = []
        open_end: list[int] = [self._model.token_bos()] if begun else []
        for piece in prompt:
            open_end += self._spelled(piece)
            if piece.kept:
                stretches.append(tuple(open_end))
                open_end = []
        return [stretch for stretch in (*stretches, tuple(open_end)) if stretch]

    def _spelled(self, piece: Piece) -> list[int]:
        """Only the template's own text may be read as special tokens."""
        tokens: list[int] = self._model.tokenize(piece.text.encode(), add_bos=False, special=piece.control)
        return tokens


def _allowed(sampler: Any, ids: NDArray[np.intp], logits: NDArray[np.single]) -> NDArray[np.void]:
    """The candidates that the grammar does not refuse."""
    candidates = np.zeros(len(ids), dtype=_CANDIDATE)
    candidates["id"], candidates["logit"] = ids, logits
    array = llama_cpp.llama_token_data_array(
        data=candidates.ctypes.data_as(llama_cpp.llama_token_data_p), size=len(ids), selected=-1, sorted=False
    )
    llama_cpp.llama_sampler_apply(sampler, ctypes.byref(array))
    return candidates[candidates["logit"] > -np.inf]
