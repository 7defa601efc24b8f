"""What to say about every refusal of `bank.certificates`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import CHECK_AND_SEND, GO_BACK, RELOAD, Message

MESSAGES = {
    "bad_certificate_period": Message(_("起止日期不对。"), _("请选今天或以前的日期，开始不晚于结束。")),
    "bad_revocation": Message(_("作废要写明原因。"), CHECK_AND_SEND),
    "certificate_not_found": Message(_("没有这份证明，或已经作废。"), GO_BACK),
    "already_revoked": Message(_("这份证明已经作废。"), RELOAD),
    "nothing_to_certify": Message(_("这段时间没有认定的服务时长。"), _("请换一段时间；刚做的服务要等确认以后。")),
}  # fmt: skip
