"""Paper says what the data says, runs nothing of it, and is the same bytes each time."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
import zxingcpp
from PIL import Image
from typst import Compiler, Fonts

from bank import config
from bank.documents import codes, pdf
from bank.documents.pdf import FontMissing
from tests.cast import AT
from tests.server import ROOT

NUMBER = "1234567895"


def cards(*names: str, **more: Any) -> dict[str, Any]:
    one = {"unit": "向阳社区", "number": NUMBER, "shown_number": "1234 567 895", "qr": codes.qr(NUMBER)}
    made = [{**one, "code128": codes.code128(NUMBER), "name": name} for name in names]
    group = {"name": "第一网格", "count": "1 人", "cards": made}
    return {"bank": "道德银行", "title": "储户卡", "hint": "沿虚线剪开", "groups": [group], **more}


def text_of(paper: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages)


@pytest.mark.parametrize("name", ["张三", "欧阳𬭎", "䶮㛃", "买买提·阿卜杜拉", "O’Brien"])
def test_names_can_be_read_and_copied(name: str) -> None:
    assert name in text_of(pdf.pdf("cards", cards(name), at=AT))


@pytest.mark.parametrize("name", ['#read("/etc/passwd")', "*张* _三_ $x^2$", "\\#panic()", "@preview/x:1", "<label>", "]#x["])
def test_markup_in_the_data_is_printed_and_not_run(name: str) -> None:
    assert name in text_of(pdf.pdf("cards", cards(name), at=AT))


def test_the_same_data_gives_the_same_bytes() -> None:
    first, later = (pdf.pdf("cards", cards("张三"), at=AT + timedelta(hours=hours)) for hours in (0, 1))
    assert first == pdf.pdf("cards", cards("张三"), at=AT)
    assert first != later


def test_the_present_instant_has_a_fraction_of_a_second() -> None:
    assert pdf.pdf("cards", cards("张三"), at=AT.replace(microsecond=5)) == pdf.pdf("cards", cards("张三"), at=AT)


def test_threads_do_not_disturb_each_other() -> None:
    alone = {name: pdf.pdf("cards", cards(name), at=AT) for name in ("张三", "李四", "王五")}
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda name: pdf.pdf("cards", cards(name), at=AT), list(alone) * 8))
    assert together == list(alone.values()) * 8


def test_paper_is_made_for_the_archive() -> None:
    metadata = pypdf.PdfReader(io.BytesIO(pdf.pdf("cards", cards("张三"), at=AT))).xmp_metadata
    assert metadata is not None
    assert (metadata.pdfaid_part, metadata.pdfaid_conformance) == ("2", "B")


@pytest.mark.parametrize("name", ["张\U0001f600", "张\x07", "张\U0003fffd"])
def test_a_character_that_no_font_has_leaves_a_box_but_stops_nothing(name: str) -> None:
    assert "张" in text_of(pdf.pdf("cards", cards(name), at=AT))


def test_a_broken_template_is_our_mistake_and_not_hidden(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "broken.typ").write_text("#no-such-thing")
    monkeypatch.setattr(pdf, "TEMPLATES", tmp_path)
    with pytest.raises(Exception, match="no-such-thing"):
        pdf.pdf("broken", {}, at=AT)


def test_a_template_reads_nothing_outside_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "curious.typ").write_text('#read("../secret")')
    monkeypatch.setattr(pdf, "TEMPLATES", tmp_path)
    with pytest.raises(Exception, match="escape"):
        pdf.pdf("curious", {}, at=AT)


def test_the_eleventh_card_goes_onto_a_second_sheet() -> None:
    paper = pdf.pdf("cards", cards(*["张三"] * 11), at=AT)
    assert len(pypdf.PdfReader(io.BytesIO(paper)).pages) == 2


def test_a_card_is_scanned_from_the_sheet_by_both_kinds_of_gun() -> None:
    fonts, family = pdf._fonts("")
    inputs = {"font": family, "data": json.dumps(cards("张三"))}
    drawn = Compiler(font_paths=fonts, root=str(pdf.TEMPLATES)).compile(
        input=str(pdf.TEMPLATES / "cards.typ"), format="png", ppi=150, sys_inputs=inputs
    )
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawn)))
    assert {(each.format.name, each.text) for each in found} == {("QRCode", NUMBER), ("Code128", NUMBER)}


def test_a_code_stands_in_a_page_without_a_head() -> None:
    for svg in (codes.qr("https://bank.test/行"), codes.code128(NUMBER)):
        assert svg.startswith("<svg viewBox=")
        assert "DOCTYPE" not in svg


def test_without_any_chinese_font_the_refusal_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "FAMILIES", ("No Such Family",))
    pdf._fonts.cache_clear()
    with pytest.raises(FontMissing):
        pdf.pdf("cards", cards("张三"), at=AT)
    pdf._fonts.cache_clear()


def test_the_folder_of_the_setting_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(pdf.typst, "Fonts", lambda **place: asked.append(place) or Fonts(**place))
    monkeypatch.setenv("BANK_FONTS", str(tmp_path))
    pdf._fonts.cache_clear()
    pdf.pdf("cards", cards("张三"), at=AT)
    pdf._fonts.cache_clear()
    assert asked[0]["font_paths"] == [str(tmp_path)]
    assert len(asked) == 2  # That folder is empty, so the installed font is taken.


def test_a_folder_of_fonts_that_is_not_there_stops_the_start() -> None:
    with pytest.raises(config.BadSetting, match="BANK_FONTS"):
        config.load({"BANK_FONTS": str(ROOT / "nowhere")})
