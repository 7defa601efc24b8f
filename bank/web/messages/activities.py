"""What to say about every refusal of `bank.activities`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import Message

MESSAGES = {
    "bad_activity": Message(
        _("活动的资料有误。"),
        _("名称、地点、内容不能空；时长 1 分钟到 24 小时，休息要短于活动，名额 1 到 100000 人。"),
    ),
    "activity_in_past": Message(_("活动要在开始以前发布。"), _("请把开始时间改到现在以后。")),
    "activity_not_found": Message(_("没有这项活动。"), _("请回到活动列表。")),
    "bad_series": Message(_("这样重复不行。"), _("每 1 到 8 周一次，共 2 到 60 次，截止日期在一年以内。")),
    "draft_not_found": Message(_("没有这份草稿。"), _("它可能已经发布或删除了，请回到活动列表。")),
    "begun_or_over": Message(_("活动已经开始或取消，计划不能再改。"), _("时长有出入的，结束后补录或提出异议。")),
    "activity_cancelled": Message(_("这项活动已经取消。"), _("请在活动列表里看看别的活动。")),
}  # fmt: skip
