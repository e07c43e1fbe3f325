"""The pages that people read: what they say, that they hold up to hostile values, and that everyone can use them."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from tests.notices.people import alice, contact, erased, table

from belofte.notices.answer import Row, StoreAnswer, store_heads
from belofte.notices.letters import erasure_letter
from belofte.notices.page import access_page, erasure_page, letter_page

LANGUAGES = ["nl", "fr", "en"]
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


class Outline(HTMLParser):
    """What a page is made of: tags with attributes, in order, and the text of its body."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._skip = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._skip += tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._skip -= tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def access_text(language: str = "en") -> str:
    answer = alice(language)
    return "".join(access_page(answer, heads=tuple(store_heads(answer.stores, 25))))


def pages(language: str) -> list[str]:
    return [
        access_text(language),
        "".join(erasure_page(erased(language))),
        "".join(letter_page(erasure_letter(erased(language)))),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_usable_by_everyone(language: str):
    for page in pages(language):
        outline = Outline(page)
        assert outline.all("html")[0]["lang"] == language
        assert len(outline.all("h1")) == 1
        assert outline.all("main")
        assert outline.all("title")
        assert all("scope" in attributes for attributes in outline.all("th"))
        levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
        assert all(after - before <= 1 for before, after in pairwise(levels)), levels
        ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
        assert len(ids) == len(set(ids))
        for _, attributes in outline.tags:
            if "aria-labelledby" in attributes:
                assert attributes["aria-labelledby"] in ids
            if (target := attributes.get("href") or "").startswith("#"):
                assert target[1:] in ids
            if attributes.get("tabindex"):
                assert attributes.get("role") == "region"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_needs_nothing_from_elsewhere_and_runs_nothing(language: str):
    for page in pages(language):
        outline = Outline(page)
        assert not {tag for tag, _ in outline.tags} & {"script", "img", "iframe", "link", "form", "object", "base"}
        assert not any(name.startswith("on") or name == "style" for _, found in outline.tags for name in found)
        assert "url(" not in page
        assert "@import" not in page
        (policy,) = [a["content"] for a in outline.all("meta") if a.get("http-equiv") == "Content-Security-Policy"]
        style = page.split("<style>")[1].split("</style>")[0]
        digest = b64encode(sha256(style.encode()).digest()).decode()
        assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def test_hostile_values_are_only_text():
    answer = replace(alice(), stores=(StoreAnswer(HOSTILE, (contact(name=HOSTILE),), title=HOSTILE),))
    answer = replace(answer, case=replace(answer.case, request=HOSTILE))
    page = "".join(access_page(answer, heads=tuple(store_heads(answer.stores, 25))))
    outline = Outline(page)
    assert not outline.all("script")
    assert not outline.all("img")
    assert outline.text.count("<script>alert(1)</script>") >= 3


def test_an_address_that_would_run_code_is_no_link():
    answer = alice()
    answer = replace(answer, transfers=(replace(answer.transfers[0], copy_at="javascript:alert(1)"),))
    page = "".join(access_page(answer))
    assert "javascript:alert(1)" in page
    assert 'href="javascript' not in page


def test_each_datum_carries_its_reason():
    page = access_text()
    assert (
        '<tr><th scope="row">Interest <code>interest</code></th><td class="text">rain gear</td>'
        '<td class="why"><span class="tag none"><span class="vh">reason </span>C</span></td></tr>'
    ) in page
    assert "Nothing justifies this any more. It is due to be erased." in page
    assert "Used for: Carrying out your orders and Accounting." in page


def test_an_empty_value_is_no_datum_and_has_no_reason():
    assert (
        '<td class="empty"><span class="empty" aria-hidden="true">–</span><span class="vh">empty</span></td>'
        '<td class="why"></td>'
    ) in access_text()


def test_a_column_about_someone_else_is_left_out():
    assert Outline(access_text()).text.count("left out: about someone else") == 25


def test_a_long_table_shows_its_first_rows_and_says_how_many_more():
    answer = alice()
    heads = tuple(store_heads(answer.stores, 10))
    page = "".join(access_page(answer, heads=heads, files={("crm", "invoice"): "crm/invoice.csv"}))
    assert "Only the first 10 are shown here. 30 more records are in this file:" in Outline(page).text
    assert '<a href="crm/invoice.csv">crm/invoice.csv</a>' in page


def test_a_table_too_wide_for_paper_is_laid_out_record_by_record():
    names = [(f"c{number}", None) for number in range(12)]
    rows = iter([Row(tuple(range(12)), (-1,) * 12) for _ in range(5)])
    answer = replace(alice(), stores=(StoreAnswer("crm", (table("wide", names, rows),)),))
    page = "".join(access_page(answer))
    assert page.count('<table class="record">') == 5
    assert '<table class="grid' not in page


def test_a_store_that_did_not_answer_is_never_said_to_hold_nothing():
    for page in (access_text(), "".join(erasure_page(erased()))):
        text = Outline(page).text
        assert "the system did not answer; we will try again" in text
        assert "Nothing about you here." not in text


def test_every_item_of_article_15_is_there():
    text = Outline(access_text()).text
    for words in (
        "Werkgoed NV",
        "Charlie Maes",
        "A law obliges us: WER III.86 (GDPR, art. 6(1)(c))",
        "Who you are Name, E-mail and Telephone You gave it to us",
        "Postduif Inc. (United States) 1 Feb 2026 e-mail News and offers by e-mail",
        "7 years, counted from: the date of the invoice",
        "Have data erased. (GDPR, art. 17)",
        "Data Protection Authority (Belgium)",
        "We worked it out from other data",
        "A computer makes a profile of you here. It does not decide by itself.",
        "Standard contract clauses of the European Commission",
        "2 May 2024 You gave consent (web) News and offers by e-mail no longer holds",
        "archive: This is not in a database. Someone looks through it by hand. We do this by 1 April 2026.",
    ):
        assert words in text


def test_without_overview_the_stores_are_read_while_the_page_is_written():
    answer = alice()
    text = Outline("".join(access_page(answer))).text
    assert "In short" not in text
    assert "40 records" in text


def test_an_open_erasure_never_says_that_all_is_done():
    text = Outline("".join(erasure_page(erased()))).text
    assert "Not everything is done yet" in text
    assert "Everything is done" not in text
    assert "crm call note 2" in text
    assert "the end of the contract is not recorded" in text
    assert "17(3)(b) 31 Jan 2033" in text
    assert "Traces can stay in the files of the database" in text


def test_a_finished_erasure_says_so_and_still_names_the_backups():
    text = Outline("".join(erasure_page(erased(open_=False)))).text
    assert "Everything is done, in every system." in text
    assert "Your data may still be in backup copies." in text
    assert "is gone from the files of the database too" in text


def test_a_long_address_stays_on_a_narrow_page():
    style = access_text().split("<style>")[1].split("</style>")[0]
    assert "p, li { overflow-wrap: break-word; }" in style


def test_text_is_readable_in_light_dark_and_print():
    style = access_text().split("<style>")[1].split("</style>")[0]
    roots = re.findall(r":root \{([^}]*)\}", style)
    assert len(roots) == 3
    for root in roots:
        colours = {name: _luminance(value) for name, value in re.findall(r"--([\w-]+): (#\w+);", root)}
        for ground in ("paper", "card", "head"):
            for text in ("ink", "muted", "link"):
                assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
        for name in ("used", "kept", "held", "paused", "none", "unsure"):
            assert _contrast(colours[f"{name}-ink"], colours[name]) >= 4.5, name


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
