"""What to say about every refusal of `bank.ledger`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import ASK_ADMIN, CHECK_AND_SEND, GO_BACK, RELOAD, Message

MESSAGES = {
    "bad_entry": Message(_("这笔凭证不能成立。"), CHECK_AND_SEND),
    "key_reused": Message(_("这个编号已经用于另一个请求。"), _("请刷新页面，重新提交。")),
    "balance_too_low": Message(_("可用积分不够。"), _("可以换一件积分更少的，或参加活动攒够以后再来。")),
    "account_closed": Message(_("这个账户已经销户。"), ASK_ADMIN),
    "month_closed": Message(_("这个月已经结账。"), _("请记入还没有结账的月份。")),
    "already_reversed": Message(_("这笔凭证已经冲正过了。"), RELOAD),
    "month_not_over": Message(_("这个月还没有过完，不能结账。"), _("请到下个月 1 日再结账。")),
    "day_not_over": Message(_("这一天还没有过完，积分还不能到期。"), _("请到第二天再办。")),
    "no_such_entry": Message(_("没有这张凭证。"), GO_BACK),
    "no_such_account": Message(_("没有这个账户。"), GO_BACK),
    "second_person_needed": Message(_("冲正要写明原因，并由另一个人同意。"), _("请填写原因，并请另一位工作人员确认。")),
    "not_sealed_yet": Message(_("这张凭证还没有封存。"), _("封存每天进行一次，请明天再来。"), is_final=False),
    "no_such_seal": Message(_("没有这个封存。"), GO_BACK),
    "seals_differ": Message(_("账本与已公布的封存不符。"), _("请联系管理员，用 bank verify 核对账本。")),
    "bad_anchor": Message(_("这不是封存记录的文件。"), _("每行应以封存编号开头，以其散列值结尾。")),
    "bad_journal": Message(
        _("这不是完整的凭证导出文件（第 %(line)s 行）。"), _("请用 bank export journal --format csv 重新导出，不要改动。")
    ),
}  # fmt: skip
