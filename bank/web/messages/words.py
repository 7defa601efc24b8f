"""What a message is made of, and the next steps that many share."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _


@dataclass(frozen=True)
class Message:
    """What to say about one code."""

    sentence: LazyString
    next: LazyString
    is_final: bool = True


CHECK_AND_SEND = _("请检查后再提交。")
GO_BACK = _("请返回上一页，或回到首页。")
ASK_ADMIN = _("如有需要，请联系管理员。")
RELOAD = _("请刷新页面，看看现在的情况。")
