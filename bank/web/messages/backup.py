"""What to say about every refusal of `bank.backup`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import Message

MESSAGES = {
    "backup_failed": Message(_("备份没有写成：%(reason)s"), _("请检查磁盘空间和文件夹权限；以前的备份都还在。"), is_final=False),
    "restore_failed": Message(_("备份没有恢复：%(reason)s"), _("请检查磁盘空间和文件夹权限，再恢复一次。"), is_final=False),
    "backup_damaged": Message(_("这个文件不是完整的备份。"), _("请换一份备份。")),
    "place_not_empty": Message(_("这里已有一家银行：%(place)s"), _("请恢复到空的文件夹或空的数据库。")),
    "backup_too_new": Message(_("这份备份来自更新的版本。"), _("请先升级软件。")),
    "other_database": Message(
        _("这份备份属于另一种数据库或另一个架构：%(kind)s %(schema)s"), _("请改用对应的数据库地址和 BANK_SCHEMA。")
    ),
    "tool_missing": Message(
        _("这台机器上没有 %(version)s 版或更新的 %(tool)s。"), _("请安装 postgresql-client %(version)s，或在数据库服务器上备份。")
    ),
}  # fmt: skip
