"""What to say about every refusal of `bank.joining`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import RELOAD, Message

MESSAGES = {
    "too_young": Message(_("未满 6 岁的孩子不能作为志愿者参加。"), _("可以由家长带来旁观。")),
    "not_of_team": Message(_("名单里有人不是这支队伍的。"), _("请先把他加入队伍，或请他自己报名。")),
    "over_already": Message(_("这项活动已经结束或取消，不能报名。"), _("请在活动列表里看看别的活动。")),
    "begun_already": Message(_("活动已经开始，不能再退出。"), _("来不了的话，请告诉组织者。")),
    "needs_guardians_consent": Message(_("未满 14 岁，要有监护人同意才能参加。"), _("请监护人到社区服务台签同意书。")),
    "needs_company": Message(_("未满 10 岁，要有家里的大人一起参加。"), _("请同住的大人或监护人先报名。")),
    "workplace_not_asked": Message(_("这项活动在上班时间。"), _("请先征得单位同意，再勾选“单位已同意”报名。")),
    "capacity_taken": Message(_("已经有 %(joined)s 人报名，名额不能少于这个数。"), RELOAD),
}  # fmt: skip
