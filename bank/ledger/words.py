"""What differs in the books, in words: it is told and kept by code and details, and worded when somebody reads it."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _

SENTENCES = {
    "guard_missing": _("数据库里少了守护规则 %(name)s。"),
    "guard_changed": _("守护规则 %(name)s 不是本行写的样子。"),
    "trigger_strange": _("触发器 %(name)s 不是本行的。"),
    "constraint_missing": _("数据库里少了约束 %(name)s。"),
    "rule_strange": _("%(table)s 上的规则 %(name)s 不是本行的。"),
    "table_inherits": _("表 %(name)s 把自己的行混进了 %(table)s。"),
    "rules_broken": _("%(table)s 有 %(count)s 行违反它的约束。"),
    "accounts_lost": _("%(count)s 条分录的两边不是该单位的两个账户。"),
    "months_out_of_order": _("已结账的月份没有前后相接。"),
    "opening_too_early": _("有 %(month)s 的期初，但前一个月还没有结账。"),
    "accounts_of_another": _("储户 %(person)s 的账户不是他本人的。"),
    "issues_from_another": _("单位 %(unit)s 发放积分的账户不是它自己的。"),
    "record_differs": _(
        "服务记录 %(record)s 写的是 %(minutes)s 分钟、%(points)s（百分之一积分），"
        "凭证存入的却是 %(paid_minutes)s 和 %(paid_points)s。"
    ),
    "entry_incomplete": _("凭证 %(entry)s 应有 %(expected)s 条分录，却有 %(found)s 条。"),
    "entry_changed": _("凭证 %(entry)s 不是当初按它的键记下的样子。"),
    "dates_differ": _("凭证 %(entry)s 的分录日期不都与凭证一致。"),
    "balance_differs": _("账户 %(account)s（%(code)s，%(unit)s）存的余额是 %(stored)s，分录合计却是 %(derived)s。"),
    "opening_differs": _("账户 %(account)s 在 %(month)s 的期初存的是 %(stored)s，凭证推出的是 %(derived)s。"),
    "sum_not_zero": _("%(unit)s 的账合计不是零，而是 %(total)s。"),
    "seals_missing": _("封存 %(before)s 与 %(number)s 之间少了封存。"),
    "seal_not_following": _("封存 %(number)s 没有接着前一个封存。"),
    "seal_not_adjoining": _("封存 %(number)s 的起点不是前一个封存的终点。"),
    "seal_changed": _("封存 %(number)s 不是当初封存的样子。"),
    "seal_count_differs": _("封存 %(number)s 应有 %(expected)s 张凭证，却有 %(found)s 张。"),
    "sealed_entries_changed": _("封存 %(number)s 里第 %(first)s 到 %(last)s 位的凭证不是当初封存的样子。"),
    "entries_loose": _("%(count)s 张凭证记为已封存，却没有封存包含它们。"),
    "published_seal_missing": _("封存 %(number)s 公布过，数据库里却没有。"),
    "published_seal_differs": _("封存 %(number)s 公布的是 %(published)s，数据库里却是 %(stored)s。"),
}


@dataclass(frozen=True)
class Difference:
    """One thing in the books that is not as it should be; as text, a sentence in the reader's language."""

    code: str
    details: dict[str, Any]

    def __str__(self) -> str:
        return str(SENTENCES[self.code]) % self.details


def difference(code: str, /, **details: Any) -> Difference:
    """A difference by its code and what its sentence names."""
    return Difference(code, details)
