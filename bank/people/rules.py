"""Decisions about persons and roles, made from plain values only."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bank.errors import Conflict, Invalid, NotAllowed, NotFound
from bank.units.rules import MARKS, is_name_character

ADULT_YEARS = 18
SEARCH_MAX = 50

COMPOUND_SURNAMES = frozenset(
    "欧阳 司马 上官 诸葛 夏侯 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 司空 司寇 轩辕 端木 百里 东郭 东门 "
    "南宫 南门 西门 独孤 呼延 公羊 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 赫连 拓跋 万俟 "
    "闻人 第五 梁丘 左丘 谷梁 乐正 公良 公西 漆雕 巫马 壤驷 夹谷 宰父 亓官 羊舌 微生 子车 颛孙 纳兰 完颜 叶赫 爱新觉罗".split()
)


class BadName(Invalid):
    """A name has 2 to 50 letters or characters of any script; no signs, pictures or control characters."""


class BadPhone(Invalid):
    """A phone number has 11 digits and begins with 13 to 19."""


class BadBirthDate(Invalid):
    """A birth date lies between 1900 and today."""


class BadRole(Invalid):
    """There is no such role."""


class SearchTooShort(Invalid):
    """A search names two Chinese characters or four letters or digits, so that nobody leafs through all members."""


class PhoneTaken(Conflict):
    """Another member has this phone number."""


class PersonNotFound(NotFound):
    """There is no such person, or not for the one who asks."""


class GrantNotFound(NotFound):
    """There is no such grant of a role, or not for the one who asks."""


class RoleMissing(NotAllowed):
    """This needs a role that the one who asks does not hold here."""


class OnlyForYourself(NotAllowed):
    """Consents and tokens are decided by the person they belong to."""


@dataclass(frozen=True, kw_only=True)
class NewPerson:
    """What is known of a person who is enrolled; `unit_id` is the community, grid or building that enrols."""

    name: str
    phone: str
    unit_id: int
    born_on: date | None = None
    is_in_service: bool = False
    home_unit_id: int | None = None


def clean_name(name: str, *, length_min: int = 2, length_max: int = 50) -> str:
    """A name in one spelling: width and spaces made equal. Raises BadName; rare Chinese characters are fine."""
    clean = re.sub("[•‧・]", "·", unicodedata.normalize("NFKC", name)).strip()
    clean = re.sub(" +", " ", clean)
    if not length_min <= len(clean) <= length_max or not all(map(is_name_character, clean)):
        raise BadName()
    if clean[0] in MARKS or unicodedata.category(clean[0]).startswith("M"):
        raise BadName()
    return clean


def clean_phone(phone: str) -> str:
    """The 11 digits of a mobile phone number, however it was typed. Raises BadPhone."""
    digits = re.sub(r"[\s\-‐‑‒–—().]", "", unicodedata.normalize("NFKC", phone))
    digits = re.sub(r"^(\+86|0086|86(?=1[0-9]{10}$))", "", digits)
    if not re.fullmatch("1[3-9][0-9]{9}", digits):
        raise BadPhone()
    return digits


def clean_login(login: str) -> str:
    """A phone or card number as it is stored, or the empty text when it can be neither."""
    digits = re.sub(r"\s", "", unicodedata.normalize("NFKC", login))
    if re.fullmatch("[0-9]{10}", digits):
        return digits
    try:
        return clean_phone(login)
    except BadPhone:
        return ""


def check_birth_date(born_on: date | None, *, on: date) -> None:
    """Refuse with BadBirthDate what cannot be a living person's birth date on the day `on`."""
    if born_on is not None and not date(1900, 1, 1) <= born_on <= on:
        raise BadBirthDate()


def card_number(number: int) -> str:
    """The card number of a nine-digit number: its digits and a check digit (ISO 7064, MOD 11,10)."""
    assert 100_000_000 <= number <= 999_999_999, "a card number has nine digits before the check digit"
    remainder = 10
    for digit in str(number):
        total = (remainder + int(digit)) % 10 or 10
        remainder = 2 * total % 11
    return f"{number}{(11 - remainder) % 10}"


def is_card_number(text: str) -> bool:
    """Whether ten digits end in their own check digit; a slip of one digit never does."""
    return bool(re.fullmatch("[1-9][0-9]{9}", text)) and card_number(int(text[:9])) == text


def mask_name(name: str) -> str:
    """Surname and one `*` per further character; a two-character surname is kept whole."""
    length = surname_length(name)
    return name[:length] + "*" * (len(name) - length)


def surname_length(name: str) -> int:
    """How many characters of a name are its surname; of a name that is nothing but a compound surname, one."""
    for length in (4, 2):
        if len(name) > length and name[:length] in COMPOUND_SURNAMES:
            return length
    return 1


def mask_phone(phone: str | None) -> str:
    """First three and last four digits: `138****1234`; nothing for somebody without one."""
    return "" if phone is None else f"{phone[:3]}****{phone[-4:]}"


def may_act(grants: Iterable[tuple[str, str]], *, role: str, path: str) -> bool:
    """Whether one of the grants (role, path of its unit) is this role at the path's unit or above it."""
    return any(granted == role and path.startswith(above) for granted, above in grants)


def years_old(born_on: date, *, on: date) -> int:
    """Full years of age on a day; who was born on 29 February has the birthday on 1 March of a common year."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def search_text(text: str) -> str:
    """What a search looks for, in one spelling. Raises SearchTooShort below two Chinese characters or four others."""
    clean = " ".join(unicodedata.normalize("NFKC", text).split())
    clean = "".join(each for each in clean if each.isprintable())
    wide = sum(ord(each) >= 0x2E80 for each in clean)
    if wide < 2 and sum(each.isalnum() for each in clean) < 4:
        raise SearchTooShort()
    return clean[:SEARCH_MAX]
