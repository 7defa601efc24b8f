"""The proof of an entry convinces somebody who has neither the bank nor its database."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bank.db import db
from bank.ledger import proof, queries, seal
from bank.ledger.prove import NotSealedYet, prove
from tests.ledger.conftest import Books

CHECK = (
    "import sys; sys.path.insert(0, '.'); from proof import is_proved; print(is_proved(open('proof.json').read(), sys.argv[1]))"
)


def published(path: Path, number: int) -> str:
    return dict(seal.read_anchors(path.read_text()))[number]


def changed(value: object) -> Iterator[object]:
    """The same JSON with one value of it changed, for every value."""
    if isinstance(value, dict | list):
        for place in value if isinstance(value, dict) else range(len(value)):
            for other in changed(value[place]):
                copy = value.copy()
                copy[place] = other
                yield copy
    elif isinstance(value, str):
        yield value[:-1] + ("0" if value[-1:] != "0" else "1")
    else:
        yield (value or 0) + 1


def test_every_entry_of_a_seal_is_proved(books: Books, outside: Path) -> None:
    posted = books.post(*(books.deposit(f"entry-{number}") for number in range(7)))
    seal.seal_all(published=outside, at=books.at)
    assert all(proof.is_proved(prove(each.entry_id), published(outside, 1)) for each in posted)


def test_a_proof_is_checked_without_the_bank(sealed: dict[str, int], outside: Path, tmp_path: Path) -> None:
    (tmp_path / "proof.json").write_text(prove(sealed["three"]))
    (tmp_path / "proof.py").write_text(Path(proof.__file__).read_text())
    command = [sys.executable, "-I", "-S", "-c", CHECK]
    for number, answer in ((2, "True"), (1, "False")):
        done = subprocess.run([*command, published(outside, number)], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == answer


def test_a_changed_proof_fails(sealed: dict[str, int], outside: Path) -> None:
    genuine = json.loads(prove(sealed["two"]))
    own_hash = genuine["seal"].pop("hash")
    assert own_hash == published(outside, 1)
    assert proof.is_proved(json.dumps(genuine), own_hash)
    forgeries = list(changed(genuine))
    assert len(forgeries) > 40
    assert not any(proof.is_proved(json.dumps(each), own_hash) for each in forgeries)


def test_a_proof_without_a_transfer_fails(sealed: dict[str, int], outside: Path) -> None:
    genuine = json.loads(prove(sealed["two"]))
    genuine["transfers"].pop()
    assert not proof.is_proved(json.dumps(genuine), published(outside, 1))


def test_the_proof_is_the_same_on_both_databases_but_for_the_accounts(sealed: dict[str, int], books: Books) -> None:
    entry = json.loads(prove(sealed["one"]))["entry"]
    assert (entry["recorded_at"], entry["effective_on"]) == ("2026-10-15 01:00:00.000000", "2026-10-05")


def test_a_new_entry_is_not_sealed_yet(sealed: dict[str, int], books: Books) -> None:
    entry_id = books.post(books.deposit("new"))[0].entry_id
    with pytest.raises(NotSealedYet):
        prove(entry_id)
    db.session.rollback()


def test_there_is_no_proof_of_nothing(sealed: dict[str, int]) -> None:
    with pytest.raises(queries.NoSuchEntry):
        prove(9999)
