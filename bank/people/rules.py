"""Decisions about persons and roles, made from plain values only."""

import hmac
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bank.errors import Conflict, Invalid, NotAllowed, NotFound
from bank.units.rules import MARKS, is_name_character

ADULT_YEARS = 18
CHILD_YEARS = 14
RELATIONS = ("parent", "grandparent", "other")
SEXES = ("female", "male")
KINDS = ("volunteer", "resident", "in_service")
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


class ContactMissing(Invalid):
    """A person has a phone, another contact, or a guardian who has one."""


class BadNote(Invalid):
    """A note is a short text without control characters."""


class BadIdNumber(Invalid):
    """An identity number has 18 places, the last of which follows from the others (GB 11643)."""


class IdNumberDiffers(Invalid):
    """An identity number says another birth date or sex than was entered."""


class BadGuardian(Invalid):
    """A guardian has a name and a phone of his own, and says how he is related; nobody is his own guardian."""


class SamePerson(Invalid):
    """This needs two persons."""


class GuardianNeeded(Invalid):
    """A child under 14 is enrolled with a guardian (PIPL, art. 31)."""


class BadBirthDate(Invalid):
    """A birth date lies between 1900 and today."""


class BadRole(Invalid):
    """There is no such role."""


class SearchTooShort(Invalid):
    """A search names two Chinese characters or four letters or digits, so that nobody leafs through all members."""


class PhoneTaken(Conflict):
    """Another member has this phone number."""


class IdNumberTaken(Conflict):
    """Another member has this identity number."""


class PersonClosed(Conflict):
    """This member's account is closed."""


class PersonNotFound(NotFound):
    """There is no such person, or not for the one who asks."""


class GrantNotFound(NotFound):
    """There is no such grant of a role, or not for the one who asks."""


class RoleMissing(NotAllowed):
    """This needs a role that the one who asks does not hold here."""


class OnlyForYourself(NotAllowed):
    """Consents and tokens are decided by the person they belong to."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The basic data of Order 67, art. 5; all but name and a contact may be missing. `id_number` is hashed and not kept."""

    name: str
    phone: str | None = None
    contact: str | None = None
    sex: str | None = None
    born_on: date | None = None
    area: str | None = None
    skills: str | None = None
    service_kinds: str | None = None
    is_volunteer: bool = True
    is_in_service: bool = False
    id_number: str | None = None
    is_id_verified: bool = False


@dataclass(frozen=True, kw_only=True)
class NewPerson(Facts):
    """A person who is enrolled; `unit_id` is the community, grid or building that enrols.

    An in-service member works in the home unit and serves in the host community, where it is another than `unit_id`.
    """

    unit_id: int
    home_unit_id: int | None = None
    host_unit_id: int | None = None
    guardian: "NewGuardian | None" = None


@dataclass(frozen=True)
class Post:
    """The one counter at which a clerk acts, with the name under which it is recorded."""

    counter_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class NewGuardian:
    """Who answers for a minor; a member is known by the phone."""

    name: str
    phone: str
    relation: str = "parent"


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


def clean_note(text: str | None, *, length_max: int) -> str | None:
    """A short text in one line, or None for an empty one. Raises BadNote."""
    clean = " ".join(unicodedata.normalize("NFC", text or "").split())
    if len(clean) > length_max or not clean.isprintable():
        raise BadNote()
    return clean or None


def clean_id_number(number: str) -> str:
    """The 18 places of an identity number, with a large X. Raises BadIdNumber when its day or last place is wrong."""
    clean = re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper()
    if not re.fullmatch("[1-9][0-9]{16}[0-9X]", clean):
        raise BadIdNumber()
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(digit) for weight, digit in zip(weights, clean, strict=False))
    if clean[17] != "10X98765432"[total % 11]:
        raise BadIdNumber()
    try:
        date.fromisoformat(f"{clean[6:10]}-{clean[10:12]}-{clean[12:14]}")
    except ValueError:
        raise BadIdNumber() from None
    return clean


def check_id_number(number: str, *, born_on: date | None, sex: str | None) -> None:
    """Refuse with IdNumberDiffers an identity number of another birth date or sex; what is not known cannot differ."""
    says_born_on = date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}")
    says_sex = "male" if int(number[16]) % 2 else "female"
    if born_on not in (None, says_born_on) or sex not in (None, says_sex):
        raise IdNumberDiffers()


def id_hash(number: str, *, key: bytes) -> str:
    """What is kept of an identity number: it tells two alike, and without the key nobody can try all there are."""
    return hmac.digest(key, number.encode(), "sha256").hex()


def is_child(born_on: date | None, *, on: date) -> bool:
    """Whether somebody is known to be under 14 on a day, so that a guardian decides (PIPL, art. 31)."""
    return born_on is not None and years_old(born_on, on=on) < CHILD_YEARS


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
