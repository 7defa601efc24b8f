"""What to say about every refusal of `bank.hours`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import ASK_ADMIN, CHECK_AND_SEND, RELOAD, Message

MESSAGES = {
    "no_rule_set": Message(_("这一天还没有生效的计分规则。"), ASK_ADMIN),
    "bad_rule_set": Message(_("计分规则有误。"), ASK_ADMIN),
    "rules_begin_early": Message(_("新规则要从以后的一天开始，而且那天没有别的规则开始。"), _("请选明天以后、两年以内的一天。")),
    "bad_service": Message(_("这项服务的资料不全或有误。"), CHECK_AND_SEND),
    "category_unknown": Message(_("没有这种服务类别。"), _("请从列表中选择。")),
    "category_banned": Message(_("会议、内部培训、有偿值班、团建和参观不是志愿服务。"), _("请选择真正的服务类别，或不要发布。")),
    "service_in_future": Message(_("服务还没有结束，不能记录时长。"), _("请在结束以后再来。"), is_final=False),
    "person_twice": Message(_("同一个人在一项服务里只能有一条记录。"), CHECK_AND_SEND),
    "supplement_needs_reason": Message(_("补录时长要写明原因，并由另一个人同意。"), _("请填写原因，并请另一位工作人员同意。")),
    "supplement_needs_second": Message(_("不能给自己补录，记录人也不能同时是同意的人。"), _("请另一位工作人员来办。")),
    "source_reused": Message(_("这项服务已经记录过，而且内容不同。"), RELOAD),
}  # fmt: skip
