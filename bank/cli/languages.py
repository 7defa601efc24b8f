"""Commands speak Chinese and English, for nobody is signed in whose language would be known."""

from collections.abc import Callable, Sequence

import click
from flask_babel import force_locale

from bank.errors import BankError
from bank.web.errors import refusal_in_words
from bank.web.messages.words import GO_BACK, RELOAD

OF_PAGES = (GO_BACK, RELOAD)  # Next steps that nobody can take in a shell.


def in_both(text: Callable[..., object], *about: object, between: str = "\n") -> str:
    """What `text(*about)` answers in both languages, Chinese first; once where it is the same."""
    chinese, english = (_in(locale, text, about) for locale in ("zh_Hans_CN", "en"))
    return chinese if chinese == english else f"{chinese}{between}{english}"


def refused(error: BankError) -> click.ClickException:
    """What was refused and what to do next, with the code for whoever is asked for help."""
    return click.ClickException(f"{in_both(_sentences, error)}\n({error.code})")


def _sentences(error: BankError) -> str:
    words = refusal_in_words(error)
    wrong = (f"{name}: {'; '.join(map(str, texts))}" for name, texts in words["errors"].items())
    steps = [words["next"]] if words["next"] not in map(str, OF_PAGES) else []
    return "\n".join([words["sentence"], *steps, *wrong])


def _in(locale: str, text: Callable[..., object], about: Sequence[object]) -> str:
    with force_locale(locale):
        return str(text(*about))
