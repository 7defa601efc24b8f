"""What a report says of a row, in the language of the table it is about and not of the page that shows it."""

from bank.documents.records import Language, Problem, Verdict

OUTCOMES = {"new": ("新增", "new"), "there": ("已存在", "already there"), "refused": ("有问题", "refused")}
REPORT_TITLES = {"zh": ("行", "内容", "结果", "说明"), "en": ("Row", "About", "Outcome", "Why")}

_SENTENCES = {
    "value_missing": ("请填写这一项。", "Fill in this column."),
    "unknown_choice": ("只能填：%(choices)s。", "Write one of: %(choices)s."),
    "bad_day": ("日期请写成 2026-10-15 的样子。", "Write a day as 2026-10-15."),
    "bad_name": ("姓名应为 2 到 50 个字，不含数字、符号和表情。", "A name has 2 to 50 letters, no digits, signs or pictures."),
    "bad_phone": ("手机号应为 11 位数字，以 13 到 19 开头。", "A phone number has 11 digits and begins with 13 to 19."),
    "bad_birth_date": ("出生日期应在 1900 年到今天之间。", "A birth date lies between 1900 and today."),
    "bad_note": ("文字太长，或含有特殊符号。", "The text is too long, or holds signs that cannot be kept."),
    "contact_missing": (
        "手机号、其他联系方式、监护人至少要填一样。",
        "One of these is needed: a phone, another contact, a guardian.",
    ),
    "bad_guardian": (
        "监护人要填姓名和本人的手机号。",
        "A guardian needs a name and a phone number other than the child's.",
    ),
    "guardian_needed": ("不满 14 岁要填监护人。", "A child under 14 needs a guardian."),
    "person_not_found": (
        "没有找到用这个手机号的储户，或不归您管。",
        "There is no member with this phone number, or not for you.",
    ),
    "phone_of_another": ("这个手机号已经属于另一个姓名的人。", "This phone number belongs to somebody of another name."),
    "same_name_in_unit": (
        "同一单位已有同名的人，手机号不同，可能是同一个人。",
        "Somebody of this name is in this unit with another phone number, perhaps the same person.",
    ),
    "unit_not_found": ("没有找到这个单位，或不归您管。", "There is no such unit, or not for you."),
    "ambiguous_unit": (
        "有几个单位叫这个名字，请连上级单位一起写，用“ / ”隔开。",
        "Several units have this name: write the one above as well, parted by “ / ”.",
    ),
    "bad_unit": ("这一类单位不能放在这里。", "A unit of this kind cannot stand there."),
    "bad_unit_name": ("名称应为 2 到 100 个字，不含表情和特殊符号。", "A name has 2 to 100 characters, no pictures."),
    "unit_name_taken": ("这里已有同名的单位，类别不同。", "A unit of this name stands there, of another kind."),
}


def outcome(verdict: Verdict, language: Language) -> str:
    """What becomes of a row, in a word."""
    return OUTCOMES[verdict.outcome][_place(language)]


def sentence(problem: Problem, language: Language) -> str:
    """Which column is wrong, and why."""
    mark = "：" if language == "zh" else ": "
    details = {name: each[_place(language)] if isinstance(each, tuple) else each for name, each in problem.details.items()}
    return problem.column.title(language) + mark + _SENTENCES[problem.code][_place(language)] % details


def report_row(verdict: Verdict, language: Language) -> tuple[int, str, str, str]:
    """A verdict as a row of the report, under REPORT_TITLES."""
    why = " ".join(sentence(each, language) for each in verdict.problems)
    return verdict.row, verdict.label, outcome(verdict, language), why


def _place(language: Language) -> int:
    return 0 if language == "zh" else 1
