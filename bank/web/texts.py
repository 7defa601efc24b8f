"""Words for codes that pages of several slices show: kinds of service, and why time or points were cut."""

from flask_babel import lazy_gettext as _

CATEGORY_NAMES = {
    "environment": _("环境清洁"),
    "elder_care": _("敬老助老"),
    "child_care": _("关爱儿童"),
    "disability_help": _("助残扶弱"),
    "safety_patrol": _("平安巡逻"),
    "civility": _("文明劝导"),
    "teaching": _("科普宣讲"),
    "health": _("健康义诊"),
    "repairs": _("便民维修"),
    "culture": _("文体服务"),
    "mediation": _("邻里调解"),
    "emergency": _("应急救助"),
    "community_event": _("社区活动保障"),
    "other": _("其他服务"),
    "meeting": _("会议"),
    "staff_training": _("内部培训"),
    "paid_duty": _("有偿值班"),
    "team_building": _("团建"),
    "tour": _("参观旅游"),
}
ACCOUNT_NAMES = {
    "issued": _("发放"),
    "served": _("服务时长"),
    "redeemed": _("已兑换"),
    "reserved": _("冻结中"),
    "expired": _("已失效"),
    "pool": _("公益积分池"),
    "shortfall": _("冲正差额"),
    "member": _("储户"),
}
MARK_NAMES = {5: _("非常满意"), 4: _("满意"), 3: _("一般"), 2: _("不太满意"), 1: _("不满意")}
MARK_ROLE_NAMES = {"recipient": _("服务对象评分"), "leader": _("负责人评分"), "completion": _("完成情况")}
MARK_WAY_NAMES = {"signed_in": _("登录评分"), "code": _("扫码评分"), "call_back": _("电话回访"), "withdrawal": _("撤回")}
WITHDRAWAL_REASON_NAMES = {
    "slip": _("点错了"),
    "wrong_record": _("评到了别人名下"),
    "under_pressure": _("受人要求或代点"),
    "not_from_recipient": _("不是服务对象本人评的"),
    "involved": _("评分人与志愿者是一家人或有利害关系"),
}
RELATION_NAMES = {"parent": _("父母"), "grandparent": _("祖父母、外祖父母"), "other": _("其他")}
