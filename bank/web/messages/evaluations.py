"""What to say about every refusal of `bank.evaluations`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, GO_BACK, RELOAD, Message

MESSAGES = {
    "bad_mark": Message(_("评分应为 1 到 5 的整数。"), CHECK_AND_SEND),
    "bad_comment": Message(_("文字应为 1 到 %(most)s 个字。"), CHECK_AND_SEND),
    "bad_withdrawal_reason": Message(_("请选择撤回的原因。"), CHECK_AND_SEND),
    "rating_code_unknown": Message(_("这个评价链接无效，或已经换了新的。"), _("请用最新收到的链接，或请社区工作人员电话回访。")),
    "rating_code_too_old": Message(
        _("这个评价链接已经过期。"), _("链接 14 天内有效；请向社区要新的链接，或请工作人员电话回访。")
    ),
    "rating_code_used": Message(_("这项服务已经评价过了。"), _("每项服务只评一次；点错了请告诉社区工作人员。")),
    "service_record_not_found": Message(_("没有这条服务记录，或不归您管。"), GO_BACK),
    "evaluation_not_found": Message(_("没有这条评价，或不归您管。"), GO_BACK),
    "mark_is_final": Message(_("时长已经入账，评分不能直接改。"), _("请申请撤回，由另一位工作人员同意以后再重新评。")),
    "mark_not_in_force": Message(_("这个评分已经改过或撤回了。"), RELOAD),
    "mark_of_another": Message(_("这个评分是别人给的，您不能改。"), _("如果有误，请申请撤回。")),
    "withdrawal_asked": Message(_("已经有人申请撤回，正等另一位工作人员同意。"), RELOAD),
    "withdrawal_needs_second": Message(_("撤回要由另一个人同意。"), _("请另一位组织者或管理员来办。")),
    "evaluation_decided": Message(_("这一条已经处理过了。"), RELOAD),
    "comment_too_late": Message(_("现在不能再写意见了。"), _("意见在评分后一小时内可以写一次；有话要说请找社区工作人员。")),
    "not_your_own_rating": Message(
        _("不能评价自己或家里人的服务。"), _("请用服务对象自己的手机打开链接，或请社区工作人员电话回访。")
    ),
    "one_side_only": Message(_("负责人一方和服务对象一方不能由同一个人来评。"), _("请另一位工作人员来办。")),
}  # fmt: skip
