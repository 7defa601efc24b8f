"""What to say about every refusal of `bank.statements`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import Message

MESSAGES = {
    "statement_not_found": Message(_("没有这份账单。"), _("每月 5 日出上个月的账单，请在存折里点选。")),
    "bad_period": Message(_("时间段写得不对。"), _("周写成 2026-W43，月份 2026-10，季度 2026-Q4，半年 2026-H2，全年 2026。")),
    "too_many_to_print": Message(
        _("一次最多在网页上打印 300 份。"), _("请选下面的网格，或请维护人员运行 bank statements print。")
    ),
    "statements_differ": Message(
        _("%(month)s 的账对不上：期初加当月变动不等于下月期初，所以没有出账单。"), _("请运行 bank verify 查清，并通知审计员。")
    ),
    "nothing_booked": Message(_("那时账上还没有任何记录。"), _("有了第一笔存入的月份才有账单。")),
}  # fmt: skip
