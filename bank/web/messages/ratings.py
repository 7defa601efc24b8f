"""What to say about every refusal of `bank.ratings` and `bank.communities`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import ASK_ADMIN, GO_BACK, Message

MESSAGES = {
    "bad_rating_rules": Message(
        _("星级规则有误。"), _("每一行要填满五个整数，后一颗星不低于前一颗；评分和百分比不超过 100，时长不能是 0。")
    ),
    "rules_begin_too_early": Message(
        _("新规则要从明天或以后开始。"), _("请把开始日期改到 %(today_on)s 以后；已经评过的不会重评。")
    ),
    "rules_begin_twice": Message(_("%(starts_on)s 已经有一版规则开始。"), _("请换一个开始日期。")),
    "year_not_over": Message(_("%(year)s 年还不能定级。"), _("全年的结果在第二年 1 月 31 日确定。"), is_final=False),
    "not_rated": Message(_("没有这份星级评价，或不归您查看。"), GO_BACK),
    "no_rating_rules": Message(_("这一天还没有生效的星级规则。"), ASK_ADMIN),
}  # fmt: skip
