"""What to say about every refusal of `bank.access`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, GO_BACK, Message

MESSAGES = {
    "bad_expiry": Message(_("令牌的有效期应在一年以内。"), CHECK_AND_SEND),
    "weak_pin": Message(_("密码应为六位数字，而且不能太好猜。"), _("不要用 123456、111111 这样的数字，请换一个。")),
    "old_pin_wrong": Message(_("现在的密码不对。"), _("请再试一次；忘记密码请到社区窗口重设。")),
    "token_not_found": Message(_("没有找到这个令牌。"), GO_BACK),
}  # fmt: skip
