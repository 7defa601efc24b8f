"""Who may do what, read from what every view says of itself, so that the table cannot differ from the program."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import current_app

from bank.people.models import ROLES

OF_EVERYBODY = ("public", "member")


@dataclass(frozen=True)
class Permission:
    """A page or call: what it does, where, and who is let in: "public", "member" or roles."""

    sentence: str
    method: str
    path: str
    who: tuple[str, ...]

    @property
    def is_change(self) -> bool:
        """Whether it changes something."""
        return self.method != "GET"

    def lets_in(self, role: str) -> bool:
        """Whether somebody with this role, and no other, is let in."""
        return role in self.who or "public" in self.who or (role != "public" and "member" in self.who)


@dataclass(frozen=True)
class Part:
    """A part of the bank, as its pages and calls."""

    name: str
    permissions: list[Permission]

    def reach(self, role: str) -> str:
        """How far this role alone leads here, beyond what every member may: "change", "read" or "none"."""
        own = [each for each in self.permissions if role in each.who]
        return "change" if any(each.is_change for each in own) else "read" if own else "none"


def table(names: Mapping[str, str]) -> list[Part]:
    """Every page and call, those of one name together and in the order of the names, then the rest under their own."""
    parts: dict[str, list[Permission]] = {str(name): [] for name in names.values()}
    for part, permission in _all():
        parts.setdefault(str(names.get(part, part)), []).append(permission)
    in_order = {name: sorted(each, key=lambda one: (one.path, one.method)) for name, each in parts.items()}
    return [Part(name, each) for name, each in in_order.items() if each]


def _all() -> Iterator[tuple[str, Permission]]:
    for rule in current_app.url_map.iter_rules():
        view = current_app.view_functions[rule.endpoint]
        of_class = getattr(view, "view_class", None)
        for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"}):
            function = getattr(of_class, method.lower()) if of_class else view
            who = getattr(function, "access", None)
            if who is not None:
                sentence = (function.__doc__ or "").strip().partition("\n")[0]
                part = rule.endpoint.rpartition(".")[0].removeprefix("api_")
                yield part, Permission(sentence, method, rule.rule, _ordered(who))


def _ordered(who: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in (*OF_EVERYBODY, *ROLES) if each in who)
