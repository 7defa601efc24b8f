"""What a scan or a few typed keys mean at the desk, told from the text and from what the desk has at hand already."""

import re
from dataclasses import dataclass

from bank.rewards.rules import QUANTITY_MAX, BadQuantity, scanned

TIMES = r"[*xX×✕]"


@dataclass(frozen=True, kw_only=True)
class Scan:
    """What was meant: `nothing`, a `card` (or phone number), a `pick_up` code, a `reward`, a `quantity`, or a `search`.

    `text` is the number or the words; `quantity` is None where none was said.
    """

    kind: str
    text: str = ""
    quantity: int | None = None


def read(text: str, *, has_member: bool, has_reward: bool = False) -> Scan:
    """What a scan means where a member, and perhaps a reward, is at hand; numbers are told apart by their length.

    `3*101` is three pieces of reward 101, and `*3` three of the reward at hand, as at a till. Raises BadQuantity.
    """
    plain = scanned(text)
    if not plain:
        return Scan(kind="nothing")
    if re.fullmatch(r"[0-9]{10,11}", plain):
        return Scan(kind="card", text=plain)
    if has_reward and (times := re.fullmatch(rf"(?:{TIMES}([0-9]+)|([0-9]))", plain)):
        return Scan(kind="quantity", quantity=_quantity(times[1] or times[2]))
    if has_member and (many := re.fullmatch(rf"([0-9]+){TIMES}([0-9]{{2,8}})", plain)):
        return Scan(kind="reward", text=many[2], quantity=_quantity(many[1]))
    if has_member and re.fullmatch(r"[0-9]{2,7}", plain):
        return Scan(kind="reward", text=plain)
    return Scan(kind="pick_up" if re.fullmatch(r"[0-9]{8}", plain) else "search", text=plain)


def _quantity(digits: str) -> int:
    quantity = int(digits) if len(digits) <= 2 else 0
    if quantity == 0:
        raise BadQuantity(most=QUANTITY_MAX)
    return quantity
