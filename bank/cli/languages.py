"""Commands speak Chinese and English, for nobody is signed in whose language would be known."""

from collections.abc import Callable, Sequence

from flask_babel import force_locale


def in_both(text: Callable[..., object], *about: object, between: str = "\n") -> str:
    """What `text(*about)` answers in both languages, Chinese first; once where it is the same."""
    chinese, english = (_in(locale, text, about) for locale in ("zh_Hans_CN", "en"))
    return chinese if chinese == english else f"{chinese}{between}{english}"


def _in(locale: str, text: Callable[..., object], about: Sequence[object]) -> str:
    with force_locale(locale):
        return str(text(*about))
