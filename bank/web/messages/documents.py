"""What to say about every refusal of `bank.documents`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import Message

MESSAGES = {
    "font_missing": Message(
        _("这台电脑上没有中文字体，做不出 PDF。"), _("请先用浏览器打印网页；管理员装上 fonts-noto-cjk 或设好 BANK_FONTS 后即可。")
    ),
}
