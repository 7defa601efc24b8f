"""What to say about every refusal of `bank.people`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, GO_BACK, Message

MESSAGES = {
    "bad_name": Message(_("姓名应为 2 到 50 个字，不含数字、符号和表情。"), _("请照身份证上的写法填写；生僻字可以直接输入。")),
    "bad_phone": Message(_("手机号应为 11 位数字，以 13 到 19 开头。"), _("请核对手机号；空格、横线和 +86 都可以有。")),
    "bad_birth_date": Message(_("出生日期应在 1900 年到今天之间。"), CHECK_AND_SEND),
    "bad_role": Message(_("没有这个岗位。"), CHECK_AND_SEND),
    "search_too_short": Message(_("请至少输入两个汉字，或四个字母或数字。"), _("请输入得更详细一些，再查一次。")),
    "phone_taken": Message(_("这个手机号已经开过户。"), _("请先查找这位储户；每人要用自己的手机号。")),
    "person_not_found": Message(_("没有找到这位储户，或不归您的单位管。"), _("请核对卡号或手机号。")),
    "grant_not_found": Message(_("没有找到这项岗位。"), GO_BACK),
    "only_for_yourself": Message(_("这件事只能由本人决定。"), GO_BACK),
    "contact_missing": Message(_("至少要有一种联系方式。"), _("请填写手机号；没有手机的，填写其他联系方式或监护人。")),
    "bad_note": Message(_("文字太长，或有不能用的字符。"), CHECK_AND_SEND),
    "bad_id_number": Message(_("身份证号码不对。"), _("请核对 18 位号码，最后一位可能是 X。")),
    "id_number_differs": Message(_("身份证号码和填写的出生日期或性别不一致。"), _("请照身份证核对这几项。")),
    "id_number_taken": Message(_("这个身份证号码已经开过户。"), _("请先查找这位储户，一人只开一户。")),
    "bad_guardian": Message(_("监护人的资料有误。"), _("请填写监护人的姓名和他自己的手机号。")),
    "guardian_needed": Message(_("未满 14 岁的孩子要有监护人。"), _("请填写监护人的姓名和手机号，并请监护人签同意书。")),
    "same_person": Message(_("这里要两个不同的人。"), CHECK_AND_SEND),
    "person_closed": Message(_("这位储户已经销户。"), _("销户后不能再改动；需要时请重新开户。")),
}  # fmt: skip
