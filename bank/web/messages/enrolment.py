"""What to say about tables of units and persons; about single rows see `bank.enrolment.words`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, Message

MESSAGES = {
    "import_refused": Message(
        _("有 %(refused)s 行不能导入，所以一行也没有导入。"), _("请先核对，按每一行的说明改好表格后再导入。")
    ),
    "value_missing": Message(_("请填写这一项。"), CHECK_AND_SEND),
    "unknown_choice": Message(_("这一项只能填几个固定的词。"), CHECK_AND_SEND),
    "bad_day": Message(_("日期请写成 2026-10-15 的样子。"), CHECK_AND_SEND),
    "ambiguous_unit": Message(_("有几个单位叫这个名字。"), _("请连上级单位一起写，用“ / ”隔开。")),
    "phone_of_another": Message(_("这个手机号已经属于另一个姓名的人。"), CHECK_AND_SEND),
    "same_name_in_unit": Message(_("同一单位已有同名的人，手机号不同。"), _("请核对是不是同一个人。")),
}  # fmt: skip
