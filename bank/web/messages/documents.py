"""What to say about every refusal of `bank.documents`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import Message

MESSAGES = {
    "font_missing": Message(
        _("这台电脑上没有中文字体，做不出 PDF。"), _("请先用浏览器打印网页；管理员装上 fonts-noto-cjk 或设好 BANK_FONTS 后即可。")
    ),
    "picture_unreadable": Message(_("这个文件不是能用的图片，或者太大。"), _("请用手机拍一张，或换成 JPG、PNG 图片再上传。")),
    "broken_table": Message(
        _("这个文件读不出来：它不是 .xlsx 或 .csv 表格，或者已经损坏。"), _("请用表格软件打开它，另存为 .xlsx 后再试。")
    ),
    "old_table": Message(_("旧格式（.xls）或加了密码的表格读不出来。"), _("请另存为不带密码的 .xlsx 后再试。")),
    "table_too_large": Message(_("表格太大：最多 5 万行、100 列，文件最大 16 MB。"), _("请删去多余的行和列，或分成几个文件。")),
    "formula_not_calculated": Message(_("单元格 %(cell)s 是公式，没有结果或出错。"), _("请把这一格改成“粘贴为数值”后再试。")),
    "number_too_long": Message(
        _("单元格 %(cell)s 的数字超过 15 位，后几位已被表格软件改掉。"), _("请把这一列设为“文本”，重新填写后再试。")
    ),
    "text_too_long": Message(_("单元格 %(cell)s 的文字太长。"), _("请缩短后再试。")),
    "header_missing": Message(_("表格里没有找到表头。"), _("表头要有这几列：%(columns)s；可以先下载模板。")),
    "column_twice": Message(_("表头里有两列都叫“%(column)s”。"), _("请改掉其中一列的名称后再试。")),
}
