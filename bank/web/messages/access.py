"""What to say about every refusal of `bank.access`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, GO_BACK, Message

ASK_AT_DESK = _("请到社区窗口再领一张激活单。")

MESSAGES = {
    "bad_expiry": Message(_("令牌的有效期应在一年以内。"), CHECK_AND_SEND),
    "bad_scope": Message(_("令牌至少要开放一项用途。"), CHECK_AND_SEND),
    "weak_pin": Message(_("密码应为六位数字，而且不能太好猜。"), _("不要用 123456、111111 这样的数字，请换一个。")),
    "weak_password": Message(
        _("长密码应有 10 到 128 个字符，不能只是数字，也不能含自己的姓名和号码。"),
        _("请用几个不相干的词连起来，或换成六位数字密码。"),
    ),
    "pins_differ": Message(_("两次输入的密码不一样。"), _("请再输入一次，两次要相同。")),
    "old_pin_wrong": Message(_("现在的密码不对。"), _("请再试一次；忘记密码请到社区窗口重设。")),
    "code_wrong": Message(_("验证码不对，或已经用过。"), _("请等手机上出现新的验证码再输入；也可以用一个备用码。")),
    "second_step_missing": Message(_("没有开启两步验证。"), GO_BACK),
    "too_many_tries": Message(
        _("试错次数太多，请等 %(seconds)s 秒。"),
        _("等待后再试；用过的手机或电脑不受别人试错的影响。忘记密码请到社区窗口重设。"),
        is_final=False,
    ),
    "invitation_not_found": Message(_("没有这个激活码。"), _("请核对激活单上的 12 位激活码，或重新扫码。")),
    "invitation_over": Message(_("这个激活码已经用过、作废或过期。"), ASK_AT_DESK),
    "by_another": Message(_("自己的密码不能在这里重设。"), _("请在“登录与安全”里用现在的密码修改；忘记了请另一位管理员重设。")),
    "token_not_found": Message(_("没有找到这个令牌。"), GO_BACK),
    "scope_missing": Message(_("这个令牌没有开放这项用途。"), _("请新建一个勾选了这项用途的令牌。")),
    "already_shown": Message(_("这个请求已经办好，其中的密钥或代码只显示一次。"), _("请停用刚才建好的那一个，再新建一个。")),
}  # fmt: skip
