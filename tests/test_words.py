"""Index words: names stay whole, numbers and accents have one spelling, questions lose their grammar."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.indexer.standin import HashingEmbedder
from evidence.indexer.store import Index
from evidence.indexer.words import FUNCTION_WORDS, fold, index_words, query_words, surface_words
from evidence.retriever.search import search
from evidence.retriever.window import parse_window

QUESTION = "BESI/ASMPT/K&S order backlogs tagged to CoWoS/die-attach tools for ASE/Amkor; lead times to install."
ON_TOPIC = [
    "BE Semiconductor Industries (BESI) said hybrid bonding orders lifted its backlog.",
    "ASMPT booked TCB tools for CoWoS lines, its bookings show.",
    "K&S quoted longer lead times for die-attach tools.",
    "Kulicke & Soffa counts packaging houses among those who wait for an installation.",
    "ASE Technology will install more advanced packaging lines.",
    "Amkor named tool deliveries as its bottleneck.",
]
OFF_TOPIC = (
    "wheat copper opera rugby tulips ferries salmon glaciers chess violins olives camels bridges tides comets"
)
WINDOW = parse_window("2025-08", "2025-08", today=date(2026, 1, 15))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("K&S", "k&s"),
        ("AT&T Inc.", "at&t inc"),
        ("S&P 500", "s&p 500"),
        ("BESI/ASMPT/K&S", "besi asmpt k&s"),
        ("Kulicke & Soffa", "kulicke soffa"),
        ("die-attach", "die attach"),
        ("$1,540 and 12,345,678.90", "1540 and 12345678.90"),
        ("6.09% of 10.1.2", "6.09 of 10.1.2"),
        ("the U.S. and Besi N.V.", "the us and besi nv"),
        ("Nestlé, Zürich, Řež", "nestle zurich rez"),
        ("STRASSE Straße", "strasse strasse"),
        ("Ｋ＆Ｓ ﬁnance", "k&s finance"),
        ("Nvidia's and TSMC’s", "nvidia and tsmc"),
        ("AT&T's and K&S’s", "at&t and k&s"),
        ("MI300X H100", "mi300x h100"),
        ("ASML.com q2/2025", "asml com q2 2025"),
        ("日本", "日本"),
        ("TSMC的先进封装", "tsmc 的先 先进 进封 封装"),
        ("（ＴＳＭＣ）2025年第2季", "tsmc 2025 年第 2 季"),
        ("株", "株"),
        ("ﾊｲﾌﾞﾘｯﾄﾞ・がん", "ハイ イブ ブリ リッ ッド がん"),
        ("삼성전자가 HBM4를", "삼성 성전 전자 자가 hbm4 를"),
        ("กรุงเทพ จำกัด", "กร รุ ุง งเ เท ทพ จํ ํา าก กั ัด"),
        ("bac\u200bklog or\u00adders \u202eK&S\u202c", "backlog orders k&s"),
        ("??? … —", ""),
        ("", ""),
    ],
)
def test_names_numbers_and_accents_have_one_spelling(text: str, words: str) -> None:
    assert surface_words(text) == words.split()


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("backlogs", "backlog"),
        ("orders were tagged", "order tag"),
        ("Installing tools", "installed tool"),
        ("CoWoS", "cowos"),
        ("1,540", "1540"),
        ("U.S.", "US"),
        ("Nestlé's", "nestle"),
    ],
)
def test_inflected_words_meet(written: str, asked: str) -> None:
    assert set(query_words(asked)) <= set(index_words(written))


@pytest.mark.parametrize("name", ["k&s", "at&t", "mi300x", "6.09", "ps5s"])
def test_names_are_not_stemmed(name: str) -> None:
    assert index_words(name) == [name]


def test_a_text_repeats_its_words_and_a_query_does_not() -> None:
    assert index_words("orders, order, ordering") == ["order", "order", "order"]
    assert query_words("orders, order, ordering") == ["order"]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("What is the backlog of BESI?", ["backlog", "besi"]),
        ("why did it do that", ["whi", "did", "it", "do", "that"]),
        ("To be or not to be", ["to", "be", "or", "not"]),
        ("The Who", ["the", "who"]),
        ("???", []),
        ("", []),
    ],
)
def test_a_query_is_about_its_content_words_unless_it_has_none(question: str, words: list[str]) -> None:
    assert query_words(question) == words


def test_function_words_are_spelt_as_texts_are_folded() -> None:
    assert all(surface_words(word) == [word] for word in FUNCTION_WORDS)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("先进封装", "台积电计划在2025年扩大先进封装产能。"),
        ("積体電路", "台湾積体電路製造は火曜日に発表した。"),
        ("ハイブリッド", "同社はハイブリッドボンディング装置を受注した。"),
        ("삼성전자", "삼성전자가 수주를 발표했다."),
        ("กรุงเทพ", "ธนาคารกรุงเทพรายงานผลประกอบการ"),
    ],
)
def test_a_name_is_found_inside_a_sentence_without_spaces(query: str, text: str) -> None:
    assert set(query_words(query)) <= set(index_words(text))


@given(st.text(max_size=80))
@settings(derandomize=True, deadline=None)
def test_any_text_has_words_without_white_space_that_fold_to_themselves(text: str) -> None:
    words = surface_words(text)
    assert all(word and not any(character.isspace() for character in word) for word in words)
    assert all(fold(word) == word for word in words)
    assert len(index_words(text)) == len(words)


def index_texts(write_folder: Callable[..., Path], build: Callable[..., Index], texts: list[str]) -> Index:
    rows = [{"text": text, "date": "2025-08-01"} for text in texts]
    return build(write_folder({"export.jsonl": "\n".join(map(json.dumps, rows))}))


def test_a_question_full_of_names_finds_every_text_by_its_words(
    write_folder: Callable[..., Path], build: Callable[..., Index], embedder: HashingEmbedder
) -> None:
    others = [
        f"{verb} {noun} this week, a visitor said." for verb in ("Old", "Costly") for noun in OFF_TOPIC.split()
    ]
    hits = search(index_texts(write_folder, build, [*others, *ON_TOPIC]), embedder, QUESTION, WINDOW, 10)
    assert {hit.text for hit in hits if hit.lexical is not None and hit.lexical <= 10} >= set(ON_TOPIC)


@pytest.mark.parametrize("query", ["", "???", 'AT&T "x', "to be", "NOT (a OR", "\0\n", "日本", "x" * 5000])
def test_any_query_has_an_answer(
    write_folder: Callable[..., Path], build: Callable[..., Index], embedder: HashingEmbedder, query: str
) -> None:
    assert len(search(index_texts(write_folder, build, ON_TOPIC), embedder, query, WINDOW, 3)) == 3


def test_a_question_in_chinese_finds_the_text_with_its_words(
    write_folder: Callable[..., Path], build: Callable[..., Index], embedder: HashingEmbedder
) -> None:
    texts = ["台积电计划扩大先进封装产能。", "今天天气很好，我们去公园。", "公司宣布新的董事会成员。", *ON_TOPIC]
    hits = search(index_texts(write_folder, build, texts), embedder, "先进封装", WINDOW, 10)
    assert [hit.text for hit in hits if hit.lexical == 1] == texts[:1]
