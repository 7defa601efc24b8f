"""What marshmallow says of a field, in the reader's language."""

import re
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

PATTERNS: tuple[tuple[str, LazyString], ...] = (
    (r"Missing data for required field\.", _("请填写这一项。")),
    (r"Field may not be null\.", _("请填写这一项。")),
    (r"Shorter than minimum length 1\.", _("请填写这一项。")),
    (r"Not a valid (?:integer|number)\.", _("请填写整数。")),
    (r"Not a valid string\.", _("请填写文字，不含特殊符号。")),
    (r"Not a valid boolean\.", _("请填写“是”或“否”。")),
    (r"Not a valid date\.", _("请填写日期，例如 2026-10-15。")),
    (r"Not a valid (?:aware )?datetime\.", _("请填写日期和时间，并注明时区。")),
    (r"Must be greater than or equal to (?P<low>-?\d+) and less than or equal to (?P<high>-?\d+)\.",
     _("请填写 %(low)s 到 %(high)s 之间的数。")),
    (r"Must be greater than or equal to (?P<low>-?\d+)\.", _("不能小于 %(low)s。")),
    (r"Must be less than or equal to (?P<high>-?\d+)\.", _("不能大于 %(high)s。")),
    (r"Length must be between (?P<low>\d+) and (?P<high>\d+)\.", _("长度应为 %(low)s 到 %(high)s 个字。")),
    (r"Shorter than minimum length (?P<low>\d+)\.", _("至少 %(low)s 个字。")),
    (r"Longer than maximum length (?P<high>\d+)\.", _("最多 %(high)s 个字。")),
    (r"Must be one of: (?P<choices>.*)\.", _("请从这些里选一个：%(choices)s。")),
    (r"Unknown field\.", _("没有这一项。")),
    (r"Invalid (?:input type|JSON body)\.?", _("请求的内容不是所要求的 JSON。")),
    (r"Only a clerk stands at one counter\.", _("只有兑换员可以只在一个兑换点。")),
    (r"Invalid value\.", _("这一项填写有误。")),
)  # fmt: skip
OTHER = _("这一项填写有误。")


def in_words(errors: Any) -> Any:
    """The same tree of field names with each English message in words of the reader's language."""
    if isinstance(errors, dict):
        return {str(name): in_words(each) for name, each in errors.items()}
    if isinstance(errors, list):
        return [in_words(each) for each in errors]
    return _translate(str(errors))


def _translate(message: str) -> str:
    for pattern, words in PATTERNS:
        if found := re.fullmatch(pattern, message):
            return str(words) % found.groupdict()
    return message if not message.isascii() else str(OTHER)
