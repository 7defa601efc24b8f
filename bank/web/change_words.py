"""What stands on pages for the names in the record of changes: what was done, to which field, and the value."""

from flask_babel import lazy_gettext as _

from bank.web.pages.consents import PURPOSE_NAMES
from bank.web.pages.devices import SCOPE_NAMES
from bank.web.pages.hour_rules import NAMES as RULE_NAMES
from bank.web.pages.people import ROLE_NAMES
from bank.web.pages.units import KIND_NAMES
from bank.web.texts import RELATION_NAMES
from bank.wording import points

WHAT_NAMES = {
    "add": _("添加"),
    "rename": _("改名"),
    "move": _("调动"),
    "close": _("停用或销户"),
    "reopen": _("恢复使用"),
    "enrol": _("开户"),
    "edit": _("修改资料"),
    "grant_role": _("设岗位"),
    "revoke_role": _("收回岗位"),
    "consent_on_paper": _("登记纸质同意"),
    "set_home_unit": _("改所在单位"),
    "set_host_unit": _("改报到社区"),
    "join_team": _("加入服务队"),
    "leave_team": _("离开服务队"),
    "join_household": _("加入家庭"),
    "leave_household": _("离开家庭"),
    "set_guardian": _("登记监护人"),
    "erase": _("删除个人资料"),
    "set_pin": _("重设密码"),
    "change_to_pin": _("改密码"),
    "change_to_password": _("改用长密码"),
    "award_star": _("评定星级"),
    "withdraw_star": _("取消星级"),
    "refuse_proposal": _("不同意评星提议"),
    "invite": _("发激活码"),
    "revoke_invitation": _("作废激活码"),
    "activate": _("激活"),
    "turn_on_second_step": _("开启两步验证"),
    "turn_off_second_step": _("关闭两步验证"),
    "reset_second_step": _("代为关闭两步验证"),
    "renew_recovery_codes": _("换备用码"),
    "revoke_token": _("停用接口令牌"),
    "add_device": _("添加设备"),
    "revoke_device": _("停用设备"),
    "give_address": _("大屏换网址"),
    "add_reward": _("上架物品"),
    "change_reward": _("改物品"),
    "offer": _("上架"),
    "hide": _("下架"),
    "set_picture": _("换图片"),
    "set_places": _("改兑换地点"),
    "open_counter": _("开设兑换点"),
    "close_counter": _("停用兑换点"),
    "add_rating_rules": _("改评星规则"),
    "add_rule_set": _("改计分规则"),
    "moderate": _("处理评语"),
}
FIELD_NAMES = {
    **RULE_NAMES,
    "name": _("名称或姓名"),
    "parent": _("上级单位"),
    "unit": _("单位"),
    "team": _("服务队"),
    "role": _("岗位"),
    "phone": _("手机号"),
    "contact": _("其他联系方式"),
    "sex": _("性别"),
    "born_on": _("出生日期"),
    "area": _("居住区域"),
    "skills": _("专业技能"),
    "service_kinds": _("服务类别"),
    "is_volunteer": _("志愿者"),
    "is_in_service": _("在职党员"),
    "id_number": _("身份证号码"),
    "kind": _("类别"),
    "purpose": _("同意事项"),
    "is_given": _("同意"),
    "is_by_guardian": _("监护人代签"),
    "household": _("家庭"),
    "guardian_name": _("监护人姓名"),
    "guardian_phone": _("监护人手机号"),
    "relation": _("关系"),
    "closed_at": _("停用时间"),
    "erased_at": _("删除时间"),
    "about": _("说明"),
    "points": _("积分"),
    "monthly_limit": _("每月限兑"),
    "offered_from": _("开始兑换"),
    "offered_until": _("兑换到"),
    "stars_min": _("至少几星"),
    "age_min": _("年龄从"),
    "age_max": _("年龄到"),
    "scope": _("用途"),
    "counters": _("兑换点"),
    "bytes": _("图片大小（字节）"),
    "until": _("有效到"),
    "begins": _("令牌开头"),
    "version": _("版本"),
    "starts_on": _("从哪天起"),
}
WORDS = {**KIND_NAMES, **PURPOSE_NAMES, **ROLE_NAMES, **SCOPE_NAMES}


def word(name: str, value: object) -> object:
    """What stands for the value of a field: a code and a truth value as words, points with their hundredths apart."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name == "points" and isinstance(value, int):
        return points(value)
    if name == "relation":
        return RELATION_NAMES.get(str(value), value)
    return WORDS.get(value, value) if isinstance(value, str) else value
