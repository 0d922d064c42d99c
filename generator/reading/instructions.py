"""Whether a page speaks to a model instead of a reader: orders, roles, a template's own marks. Pure.

A flag for the reader and nothing more: what keeps such a page from doing harm is that the model has no tools and no
say over window, ids, links or form, and that a sentence of its own must stand on quotes. Plain requests ("Explain
the theory of relativity.") are what people write, too, and are not told from them.
"""

import re

from evidence.corpus.values import Document

FLAG_INSTRUCTIONS = "instructions"

# A command stands where a sentence begins, or behind a word that turns to somebody.
_START = r"(?:^|[.!?:;\"“'‘(>*\]-]\s*|\b(?:please|now|then|also|must|should|always|instead)[ ,]+)"
_MODEL = (
    r"(?:(?:large )?language models?|llms?|chat ?bots?|chatgpt|gpt-?[345]\w*|claude|gemini|copilot|"
    r"ai (?:assistants?|models?|systems?|agents?|readers?|summari[sz]ers?)|ai)"
)
_ANSWER = r"(?:answers?|responses?|repl(?:y|ies)|outputs?|summar(?:y|ies)|messages?|completions?)"
# Inside of one sentence: a full stop in an address ends none, nor does what a quotation closes with.
_WITHIN = r"(?:[^.!?\n]|\.(?=\w)|[.!?](?=[\"'”’]))"
_SHAPING = (
    r"add|anagram|answer|append|augment|avoid|begin|combine|conclude|convert|end|enhance|ensure|finish|format|group|"
    r"include|incorporate|insert|integrate|introduce|jumble|limit|make|mention|misspell|modify|output|prepend|print|"
    r"provide|put|rearrange|remove|render|repeat|replace|respond|reverse|scramble|start|state|substitute|suggest|"
    r"translate|use|write"
)
# The words without which a pattern finds nothing, then the pattern; of lower-case text, in the order of how plainly
# they speak to a model. A filing of 400,000 characters holds few of the words: 20 ms instead of 400.
_RULES = (
    # marks of chat templates, which no prose has
    (
        ("<|",),
        r"<\|(?:im_start|im_end|im_sep|system|user|assistant|endoftext|end|eot_id|(?:start|end)_header_id"
        r"|begin_of_text)\|>",
    ),
    (("[inst", "[/inst", "sys>>", "_of_turn>"), r"\[/?inst\]|<</?sys>>|</?(?:start|end)_of_turn>"),
    (("##",), r"^#{2,3} ?(?:instructions?|response|system|assistant|human)\b ?:?$"),
    (("system ", "assistant "), r"^(?:system|assistant) (?:prompt|message|instructions?) ?:"),
    # orders that other orders be forgotten
    (
        ("ignore", "disregard", "forget", "override", "bypass", "discard"),
        _START + r"(?:ignore|disregard|forget|override|bypass|discard)\b[^.!?\n]{0,40}"
        r"\b(?:previous|prior|above|earlier|preceding|foregoing|your)\b[^.!?\n]{0,20}"
        r"\b(?:instructions?|prompts?|directions?|directives?|guidelines?|commands?|rules|context|programming)\b",
    ),
    (
        ("instruction",),
        r"\b(?:new|updated|hidden|secret|additional|special) instructions? (?:for|to) "
        rf"(?:the |any |all )?{_MODEL}\b",
    ),
    # a role is given
    (
        ("you are", "you're", "act as", "behave as", "respond as", "pretend"),
        r"\b(?:you are|you're|act as|behave as|respond as|pretend (?:to be|you are|you're)) (?:now )?"
        rf"(?:an? |the |my )(?:\w+ ){{0,2}}?(?:{_MODEL}|(?:helpful|virtual|digital|personal) assistant)\b",
    ),
    (
        ("if you", "attention", "dear", "note to", "message"),
        r"\b(?:if you are|if you're|attention:?,?|dear|note to|message (?:to|for)) "
        rf"(?:an? |the |any |all )?{_MODEL}\b",
    ),
    (
        ("system prompt", "your instructions", "your prompt"),
        r"\b(?:reveal|print|repeat|output|show|leak|disclose)\b[^.!?\n]{0,20}"
        r"\b(?:system prompt|your (?:instructions|prompt))",
    ),
    (
        ("user",),
        r"\b(?:do not|don't|never) (?:tell|inform|alert|notify|warn) (?:the |your )users?\b|"
        + _START
        + r"(?:tell|inform|assure|convince|remind) (?:the |your )users? (?:that|to)\b",
    ),
    # the answer is shaped
    (
        ("your ", "the model's "),
        _START + rf"(?:{_SHAPING})\b{_WITHIN}{{0,160}}?\b(?:your|the model's) (?:\w+ ){{0,2}}?{_ANSWER}\b"
        r"(?! (?:card|form|key|rate|sheet|time))",
    ),
    (
        ("in your ",),
        rf"\bin your (?:next |final )?{_ANSWER},? (?:please )?(?:{_SHAPING}|tease|encourage|hint|promote)\b",
    ),
    (
        (" only ", " exclusively ", " solely "),
        _START + r"(?:respond|reply|answer) (?:only|exclusively|solely) (?:with|in)\b",
    ),
    # code is handed over to be passed on
    (
        (" code ",),
        r"\b(?:following|subsequent|below|this|ensuing) code (?:section|block|snippet|excerpt|segment|fragment)\b",
    ),
    # work is ordered that no article asks of its reader
    (
        ("translate ",),
        _START + r"translate (?:the following|this) (?:\w+ )?(?:to|into|sentence|text|phrase|paragraph)\b",
    ),
    (
        ("poem", "essay", "haiku", "limerick", "sonnet", "short story", "function", "script"),
        _START + r"(?:write|compose|draft|generate|create|provide|give) (?:me |us )?an? (?:\w+ ){0,2}?"
        r"(?:poem|essay|haiku|limerick|sonnet|short story|python function|function|script) "
        r"(?:that|about|on|based|to|for)\b",
    ),
    (("i say", "you say"), r"\bhow do (?:i|you) say [\"'“‘][^\"'”’\n]{1,60}[\"'”’] in \w+"),
)
_COMPILED = tuple((needles, re.compile(pattern, re.MULTILINE)) for needles, pattern in _RULES)


def carries_instructions(text: str) -> bool:
    """Whether any of it reads like an order to a model. `bench/hostile flag` prints what it finds and misses."""
    lowered = text.lower()
    return any(
        pattern.search(lowered) for needles, pattern in _COMPILED if any(needle in lowered for needle in needles)
    )


def document_flags(document: Document) -> list[str]:
    """What a reader of a quote should know of its page: the archive's flags, and whether it carries orders."""
    stated = (document.title, document.publisher, document.text)
    found = any(carries_instructions(said) for said in stated if said)
    return [*document.flags, *([FLAG_INSTRUCTIONS] if found else [])]
