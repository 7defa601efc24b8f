"""What to say about every refusal of `bank.devices`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, GO_BACK, Message

MESSAGES = {
    "bad_device_scope": Message(_("设备的用途应为签到、兑换柜台或大屏。"), CHECK_AND_SEND),
    "device_not_found": Message(_("没有找到这台设备，或不归您的单位管。"), GO_BACK),
    "device_revoked": Message(_("这台设备已经停用。"), _("请重新添加一台设备。")),
    "join_code_not_found": Message(
        _("没有设备在等这个加入码。"), _("加入码十分钟内有效，只能用一次；请让管理员换一个新的加入码。")
    ),
}  # fmt: skip
