"""Languages: told from the text where that is sure, from the page's word where it is not, and never guessed."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidence.corpus.language import MIN_BYTES, choose_language, identify

TEXTS = {
    "en": "The company said on Tuesday that its backlog had grown again, and that lead times were longer.",
    "de": "Das Unternehmen teilte am Dienstag mit, dass der Auftragsbestand wieder gewachsen sei und reiche.",
    "fr": "La société a indiqué mardi que son carnet de commandes avait encore augmenté depuis le mois de mai.",
    "es": "La empresa dijo el martes que su cartera de pedidos había vuelto a crecer y que no hay retrasos.",
    "pt": "A empresa disse na terça-feira que a sua carteira de encomendas voltou a crescer e que não há atrasos.",
    "pl": "Spółka poinformowała we wtorek, że portfel zamówień znów wzrósł, a terminy dostaw są dłuższe.",
    "ru": "Компания сообщила во вторник, что портфель заказов снова вырос, а сроки поставки стали длиннее.",
    "uk": "Компанія повідомила у вівторок, що портфель замовлень знову зріс, а строки поставки стали довшими.",
    "tr": "Şirket salı günü yaptığı açıklamada sipariş defterinin yeniden büyüdüğünü söyledi.",
    "zh": "公司周二表示，积压订单再次增长，交货时间比五月份更长。该公司将在第三季度安装更多的先进封装设备。",
    "ja": "同社は火曜日、受注残高が再び増加し、納期が五月よりも長くなったと発表した。装置の設置は来年になる。",
    "ko": "회사는 화요일 수주 잔고가 다시 늘어났으며 납기가 오월보다 길어졌다고 밝혔다.",
    "ar": "قالت الشركة يوم الثلاثاء إن حجم الطلبيات المتراكمة نما مرة أخرى وإن مهل التسليم أصبحت أطول.",
    "sv": "Bolaget uppgav på tisdagen att orderstocken åter har vuxit och att leveranstiderna är längre än i maj.",
}  # fmt: skip


@pytest.mark.parametrize("code", TEXTS)
def test_a_text_says_its_language(code: str) -> None:
    assert identify(TEXTS[code]) == code


@pytest.mark.parametrize("text", ["", "Orders rose.", "12,345 " * 40, "K&S ASMPT BESI", "\n" * 500, "\ud800" * 5])
def test_what_is_short_or_no_language_is_left_open(text: str) -> None:
    assert identify(text) is None


@pytest.mark.parametrize(
    ("text", "stated", "language"),
    [
        (TEXTS["de"], "en", "de"),
        (TEXTS["de"], None, "de"),
        ("Orders rose.", "en-GB", "en"),
        ("Orders rose.", "EN_us", "en"),
        ("Orders rose.", "english", None),
        ("Orders rose.", "x-default", None),
        ("Orders rose.", None, None),
        ("Orders rose.", "", None),
    ],
)
def test_the_text_goes_before_what_its_page_says(text: str, stated: str | None, language: str | None) -> None:
    assert choose_language(text, stated) == language


def test_a_huge_text_costs_no_more_than_its_start() -> None:
    assert identify(TEXTS["en"] * 60 + TEXTS["zh"] * 100_000) == "en"
    assert len(TEXTS["zh"].encode()) > MIN_BYTES


def test_the_model_is_loaded_for_the_first_text_and_not_before() -> None:
    code = "from evidence.corpus import language as l; print(l._identifier.cache_info().currsize)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "0"


# What a country's pages are written in, and the publishers that write otherwise.
_OF_COUNTRY = {
    "at": "de", "au": "en", "ca": "en", "ch": "de", "cn": "zh", "cz": "cs", "de": "de", "dk": "da", "es": "es",
    "fr": "fr", "gl": "da", "id": "id", "it": "it", "jp": "ja", "kr": "ko", "lb": "ar", "ls": "en", "lt": "lt",
    "lu": "de", "mx": "en", "my": "en", "na": "en", "no": "no", "pt": "en", "ru": "ru", "se": "sv", "tr": "tr",
    "tw": "en", "tz": "en", "uk": "en", "us": "en", "za": "en",
}  # fmt: skip
_OF_PUBLISHER = {"MallorcaMagazin": "de", "MallorcaZeitung": "de", "Dizindaba": "xh", "EyethuNews": "zu"}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        for inner in value.values() if isinstance(value, dict) else value or ():
            yield from _strings(inner)


@pytest.mark.parametrize(("size", "least_told"), [(60, 0.65), (200, 0.93), (4000, 0.99)])
def test_articles_of_many_countries_are_told_and_none_is_told_wrong(
    shared_data: Path, size: int, least_told: float
) -> None:
    folder = shared_data / "fundus_news"
    told, wrong, total = 0, [], 0
    for line in (folder / "pairs.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        language = _OF_PUBLISHER.get(row["publisher"]) or _OF_COUNTRY.get(row["country"])
        if language is None:
            continue
        body = json.loads((folder / row["gold"]).read_text(encoding="utf-8"))[row["version"]]["body"]
        text = "\n\n".join(_strings(body))
        found = identify(text.encode()[len(text) // 2 :][:size].decode("utf-8", "ignore"))
        total, told = total + 1, told + (found is not None)
        wrong += [(row["html"], found)] if found not in {None, language} else []
    assert wrong == []
    assert told >= least_told * total
