"""Paper of the counter: receipts, certificates of honour and the price list, from plain data in the reader's language."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import Response, current_app
from flask_babel import gettext as _

from bank import clock
from bank.counter import queries
from bank.counter.models import Redemption
from bank.counter.rules import STATES, NotHandedOver
from bank.documents.codes import code128
from bank.documents.pdf import pdf
from bank.people.rules import mask_name
from bank.rewards.models import Counter, Reward
from bank.web.filters import day, moment, points
from bank.web.language import current


def receipt(redemption: Redemption) -> dict[str, Any]:
    """What stands on a receipt, the same on screen and on paper; the member's name is masked, as paper is left lying about."""
    handed_over_by = redemption.handed_over_by
    lines = [
        (_("单号"), f"{redemption.id:08}"),
        (_("兑换点"), f"{redemption.counter.unit.name} {redemption.counter.name}"),
        (_("时间"), moment(redemption.handed_over_at or redemption.made_at)),
        (_("储户"), f"{mask_name(redemption.person.name)} {redemption.person.card_number}"),
        (_("经手人"), handed_over_by.name if handed_over_by else ""),
        (_("同意方式"), consent_in_words(redemption)),
        (_("凭证号"), " → ".join(str(each) for each in _entries(redemption))),
    ]
    return {
        "bank": current_app.config["NAME"],
        "title": _("兑换凭条") if redemption.state != "reserved" else _("预留凭条"),
        "state": state_in_words(redemption.state),
        "item": redemption.reward.name,
        "number": redemption.reward.number,
        "quantity": redemption.quantity,
        "each": points(redemption.points // redemption.quantity),
        "total": points(redemption.points),
        "total_label": _("合计积分"),
        "lines": [each for each in lines if each[1]],
        "foot": _("服务存进来，温暖取出去。"),
        "language": current(),
    }


def receipt_pdf(redemption: Redemption) -> Response:
    """The receipt as a PDF as wide as a receipt printer's paper."""
    return _answer("receipt", receipt(redemption), at=redemption.handed_over_at or redemption.made_at)


def honour_pdf(redemption: Redemption) -> Response:
    """The certificate of an honour. Raises NotHandedOver for anything else."""
    honoured_at = redemption.handed_over_at
    found = queries.honour(redemption, clock.local_day(honoured_at)) if honoured_at else None
    if found is None or honoured_at is None:
        raise NotHandedOver()
    data = {
        "bank": current_app.config["NAME"],
        "title": _("荣誉证书"),
        "greeting": _("%(name)s：", name=found.name),
        "text": _("您热心志愿服务，存下善行，现授予"),
        "honour": found.honour,
        "closing": _("特发此证，以资鼓励。"),
        "unit": found.unit,
        "day": day(found.honoured_on),
        "number": _("编号 %(number)s", number=found.number),
        "language": current(),
    }
    return _answer("honour", data, at=honoured_at)


def price_list_pdf(counter: Counter, rewards: Sequence[Reward], *, at: datetime) -> Response:
    """What a counter offers, with a bar code for each reward: for the wall, and for the gun."""
    kinds = {"goods": _("实物"), "service": _("社区服务"), "honour": _("荣誉")}
    groups = [
        {"name": name, "items": [_item(each) for each in rewards if each.kind == kind]} for kind, name in kinds.items()
    ]  # fmt: skip
    data = {
        "bank": current_app.config["NAME"],
        "title": _("积分兑换价目表"),
        "place": f"{counter.unit.name} {counter.name}",
        "as_of": _("%(day)s 起", day=day(at)),
        "unit": _("分"),
        "groups": [each for each in groups if each["items"]],
        "hint": _("柜台扫条码，或报编号。积分只能来自志愿服务，不能买卖。"),
        "language": current(),
    }
    return _answer("price_list", data, at=at)


def state_in_words(state: str) -> str:
    """What a redemption is now, in a word or two."""
    words = (_("待领取"), _("已领取"), _("退货待批"), _("已取消"), _("逾期释放"), _("已撤销"), _("已退货"))
    return str(dict(zip(STATES, words, strict=True))[state])


def consent_in_words(redemption: Redemption) -> str:
    """How the member agreed, and who came instead."""
    words = {
        "phone": _("手机动态码"), "pin": _("储户密码"), "checked": _("柜员核对身份"), "pickup_code": _("领取码"),
    }  # fmt: skip
    parts = [words[redemption.consent] if redemption.consent else "", redemption.consent_note or ""]
    if redemption.fetched_by:
        parts.append(_("由家人 %(name)s 代领", name=mask_name(redemption.fetched_by.name)))
    return "，".join(each for each in parts if each) if current() == "zh" else ", ".join(each for each in parts if each)


def _entries(redemption: Redemption) -> list[int]:
    ids = (redemption.entry_id, redemption.hand_over_entry_id, redemption.undo_entry_id)
    return [each for each in ids if each is not None]


def _item(reward: Reward) -> dict[str, str]:
    limit = _("每人每月限 %(limit)s 件", limit=reward.monthly_limit) if reward.monthly_limit else ""
    code = code128(reward.number)
    return {"number": reward.number, "name": reward.name, "points": points(reward.points), "note": limit, "code": code}


def _answer(template: str, data: dict[str, Any], *, at: datetime) -> Response:
    return Response(pdf(template, data, at=at.replace(microsecond=0)), content_type="application/pdf")
