"""All statements of a community in one file, made by the command."""

from datetime import date

import pypdf
import pytest

from bank.cli.statements import statements
from bank.statements import batch

SEPTEMBER = date(2026, 9, 1)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_each_community_has_a_file_of_all_its_statements_or_several(app, alice, charlie, serve, issue, tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "FILE_MAX", 3)
    for person in (alice, charlie):
        serve(person, 60, date(2026, 9, 3))
    issue(SEPTEMBER)
    done = app.test_cli_runner().invoke(statements, ["print", "--month", "2026-09", "--to", str(tmp_path)])
    assert (done.exit_code, "6 statements in 3 files" in done.output) == (0, True), done.output
    files = sorted(tmp_path.glob("*.pdf"))
    assert sorted(len(pypdf.PdfReader(each).pages) for each in files) == [1, 2, 3]
    said = "".join(page.extract_text() for each in files for page in pypdf.PdfReader(each).pages)
    assert alice.card_number[6:] in said and charlie.card_number[6:] in said
