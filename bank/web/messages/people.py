"""What to say about every refusal of `bank.people`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, GO_BACK, Message

MESSAGES = {
    "bad_name": Message(_("姓名应为 2 到 50 个字，不含数字、符号和表情。"), _("请照身份证上的写法填写；生僻字可以直接输入。")),
    "bad_unit_name": Message(_("名称应为 2 到 100 个字，不含表情和特殊符号。"), CHECK_AND_SEND),
    "bad_phone": Message(_("手机号应为 11 位数字，以 13 到 19 开头。"), _("请核对手机号；空格、横线和 +86 都可以有。")),
    "bad_birth_date": Message(_("出生日期应在 1900 年到今天之间。"), CHECK_AND_SEND),
    "bad_unit": Message(_("这一类单位不能放在这里。"), _("请换一个类别或上级单位；储户要开在社区、网格或楼栋。")),
    "bad_role": Message(_("没有这个岗位。"), CHECK_AND_SEND),
    "bad_purpose": Message(_("没有这一项同意。"), GO_BACK),
    "bad_expiry": Message(_("令牌的有效期应在一年以内。"), CHECK_AND_SEND),
    "weak_pin": Message(_("密码应为六位数字，而且不能太好猜。"), _("不要用 123456、111111 这样的数字，请换一个。")),
    "old_pin_wrong": Message(_("现在的密码不对。"), _("请再试一次；忘记密码请到社区窗口重设。")),
    "search_too_short": Message(_("请至少输入两个汉字，或四个字母或数字。"), _("请输入得更详细一些，再查一次。")),
    "phone_taken": Message(_("这个手机号已经开过户。"), _("请先查找这位储户；每人要用自己的手机号。")),
    "unit_name_taken": Message(_("这里已经有同名的单位。"), _("请换一个名称。")),
    "person_not_found": Message(_("没有找到这位储户，或不归您的单位管。"), _("请核对卡号或手机号。")),
    "unit_not_found": Message(_("没有找到这个单位。"), GO_BACK),
    "grant_not_found": Message(_("没有找到这项岗位。"), GO_BACK),
    "token_not_found": Message(_("没有找到这个令牌。"), GO_BACK),
    "only_for_yourself": Message(_("这件事只能由本人决定。"), GO_BACK),
}  # fmt: skip
