"""The one module that knows llama.cpp: a prompt and a grammar to text, the same text every time."""

from functools import cached_property
from pathlib import Path
from typing import Any

from llama_cpp import Llama
from llama_cpp.llama_grammar import LlamaGrammar

from evidence.corpus.errors import GeneratorError
from evidence.corpus.model_entries import Chat
from evidence.generator.prompt import Prompt


class LlamaGenerator:
    """A GGUF model at temperature 0, loaded when it is first asked. Its digest must have been checked before."""

    def __init__(self, name: str, digest: str, chat: Chat, weights: Path, context: int) -> None:
        self.name = name
        self.digest = digest
        self.chat = chat
        self._weights = weights
        self._context = context

    @cached_property
    def _model(self) -> Any:
        try:
            return Llama(str(self._weights), n_ctx=self._context, logits_all=False, verbose=False)
        except (ValueError, RuntimeError, OSError, AssertionError) as error:
            raise GeneratorError(
                f"model {self.name} cannot be loaded: {error}", "--no-llm answers without it"
            ) from error

    def write(self, prompt: Prompt, grammar: str, max_tokens: int, seed: int) -> str:
        tokens = self._tokens(prompt)
        if len(tokens) + max_tokens > self._context:
            raise GeneratorError(
                f"the prompt has {len(tokens)} tokens; with {max_tokens} to write that is over the context "
                f"of {self._context}",
                "raise `context` in models.toml if the model allows it",
            )
        # a cache left by an earlier prompt would change the last bits of the arithmetic
        self._model.reset()
        try:
            answer = self._model.create_completion(
                tokens,
                max_tokens=max_tokens,
                temperature=0.0,
                seed=seed,
                grammar=LlamaGrammar.from_string(grammar, verbose=False),
            )
        except (ValueError, RuntimeError, AssertionError) as error:
            raise GeneratorError(f"model {self.name} failed: {error}", "--no-llm answers without it") from error
        return str(answer["choices"][0]["text"])

    def _tokens(self, prompt: Prompt) -> list[int]:
        """Only the template's own text may be read as special tokens."""
        tokens = (
            [self._model.token_bos()] if self._model.metadata.get("tokenizer.ggml.add_bos_token") == "true" else []
        )
        for piece in prompt:
            tokens += self._model.tokenize(piece.text.encode(), add_bos=False, special=piece.control)
        return tokens
