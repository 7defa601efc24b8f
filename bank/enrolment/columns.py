"""The columns of the tables in which units and persons come and go, and what may stand in those with few choices."""

from bank.documents.records import Column, Language

Choices = dict[str, tuple[str, str]]

UNIT_KINDS: Choices = {
    "street": ("街道", "street"),
    "community": ("社区", "community"),
    "grid": ("网格", "grid"),
    "building": ("楼栋", "building"),
    "home_unit": ("所在单位", "home unit"),
    "team": ("志愿服务队", "team"),
}
PERSON_KINDS: Choices = {
    "volunteer": ("志愿者", "volunteer"),
    "resident": ("居民", "resident"),
    "in_service": ("在职党员", "in-service member"),
}
SEXES: Choices = {"female": ("女", "female"), "male": ("男", "male")}
RELATIONS: Choices = {"parent": ("父母", "parent"), "grandparent": ("祖父母", "grandparent"), "other": ("其他", "other")}

UNITS = (
    Column("name", "名称", "Name", is_required=True, example=("第一网格", "First Grid")),
    Column("kind", "类别", "Kind", is_required=True, example=UNIT_KINDS["grid"]),
    Column("parent", "上级单位", "Parent unit", example=("和平街道 / 向阳社区", "Peace Street / Sunny Community")),
)
PERSONS = (
    Column("name", "姓名", "Name", is_required=True, example=("张小兰", "Zhang Xiaolan")),
    Column("phone", "手机号", "Phone", example=("13900000000", "13900000000")),
    Column("unit", "所属社区", "Community", is_required=True, example=("向阳社区 / 第一网格", "Sunny Community / First Grid")),
    Column("kind", "类别", "Kind", example=PERSON_KINDS["volunteer"]),
    Column("sex", "性别", "Sex", example=SEXES["female"]),
    Column("born_on", "出生日期", "Birth date", example=("1990-05-01", "1990-05-01")),
    Column("contact", "其他联系方式", "Other contact"),
    Column("area", "居住区域", "Area of residence"),
    Column("skills", "专业技能", "Skills", example=("理发", "hairdressing")),
    Column("service_kinds", "服务类别", "Kinds of service", example=("助老", "help for the old")),
    Column("home_unit", "所在单位", "Home unit"),
    Column("host_unit", "报到社区", "Host community"),
    Column("teams", "志愿服务队", "Teams"),
    Column("household", "同户手机号", "Phone in the household"),
    Column("guardian_name", "监护人姓名", "Guardian"),
    Column("guardian_phone", "监护人手机号", "Guardian's phone"),
    Column("relation", "监护关系", "Relation"),
)


def choice(text: str, choices: Choices) -> str | None:
    """Which of the choices a text in either language means, or None."""
    return next((each for each, names in choices.items() if text.casefold() in names), None)


def word(value: str, choices: Choices, language: Language) -> str:
    """What a choice is called in a language."""
    return choices[value][0 if language == "zh" else 1]
