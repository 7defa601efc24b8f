"""What to say about every refusal of `bank.boards`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import Message

MESSAGES = {
    "bad_board": Message(_("没有这样的榜单。"), _("请在榜单页上点选。")),
    "not_ranked": Message(_("工作单位不排名。"), _("请选街道、社区、网格或志愿服务队。")),
}
