"""Words for the codes of orders: kinds, ways, colours, states, and what an asker is told at each."""

from flask_babel import lazy_gettext as _

KIND_NAMES = {"wish": _("微心愿"), "service": _("服务"), "project": _("项目"), "matter": _("找社区办事")}
LEVEL_NAMES = {"basic": _("基础项目"), "key": _("重点项目"), "flagship": _("精品项目")}
WAY_NAMES = {"spot": _("现场"), "home": _("上门"), "behalf": _("代办"), "appointment": _("预约")}
COLOUR_NAMES = {"red": _("红·急且重"), "yellow": _("黄·急或重"), "green": _("绿·一般")}
COLOUR_ICONS = {"red": "exclamation-triangle-fill", "yellow": "exclamation-circle-fill", "green": "check-circle-fill"}
STATE_NAMES = {
    "asked": _("刚提交"), "looked_at": _("已查看"), "dispatched": _("已派单"), "hung": _("挂在心愿树"), "accepted": _("已接单"),
    "under_way": _("服务中"), "done": _("做完待评"), "rated": _("已评待销号"), "posted": _("已销号"), "answered": _("已答复"),
    "refused": _("办不了"), "cancelled": _("已取消"), "not_met": _("没能实现"), "repeated": _("重复提交"),
}  # fmt: skip
STATE_KINDS = {
    "posted": "done", "rated": "done", "answered": "done", "refused": "refused", "cancelled": "refused", "not_met": "refused",
    "repeated": "note", "asked": "waiting", "looked_at": "waiting", "dispatched": "waiting", "hung": "waiting",
}  # fmt: skip
STEP_NAMES = {
    "asked": _("点单"), "looked_at": _("查看定级"), "dispatched": _("派单"), "hung": _("挂上心愿树"), "accepted": _("接单"),
    "claimed": _("单位认领"), "given_back": _("退回"), "started": _("开始服务"), "finished": _("做完"), "rated": _("评单"),
    "posted": _("销号"), "answered": _("答复"), "refused": _("不予受理"), "cancelled": _("取消"), "not_met": _("没能实现"),
    "repeated": _("并入先前的单"), "escalated": _("超时上报"),
}  # fmt: skip
# What the asker reads, and what to do or wait for.
FOLLOW_WORDS = {
    "asked": (_("社区已收到"), _("工作人员很快会看，请留意电话。")),
    "looked_at": (_("社区已经看过"), _("正在安排，请留意电话。")),
    "dispatched": (_("已经派单"), _("等志愿者接单；接了会和您联系。")),
    "hung": (_("已挂上心愿树"), _("等志愿者认领；认领了会和您联系。")),
    "accepted": (_("有人接单了"), _("志愿者会和您联系。到了以后，请把下面的“开始码”告诉他。")),
    "under_way": (_("正在服务"), _("做完以后，请把下面的“结束码”告诉志愿者。")),
    "done": (_("服务做完了，您满意吗？"), _("点一排星星就好。")),
    "rated": (_("谢谢您！"), _("您的评价已经收到。")),
    "posted": (_("已经办结"), _("谢谢您的信任，需要帮忙随时再来。")),
    "answered": (_("社区已答复"), _("还有疑问，请给社区打电话或到服务大厅。")),
    "refused": (_("很抱歉，这件事办不了"), _("请看下面的说明；需要别的帮助，请再提一个或给社区打电话。")),
    "cancelled": (_("已经取消"), _("还需要的话，请再提一个。")),
    "not_met": (_("很抱歉，这次没能实现"), _("请看下面的说明；用积分兑换的，积分已原样退回。")),
    "repeated": (_("您先前已经提过"), _("请用先前的查询码看进展。")),
}
LIST_KIND_NAMES = {"need": _("需求清单"), "problem": _("问题清单"), "service": _("服务清单")}
LIST_STATE_NAMES = {"open": _("待认领"), "claimed": _("已认领"), "met": _("已办成"), "unmet": _("没办成")}
