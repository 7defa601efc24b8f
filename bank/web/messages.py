"""The sentence and the next step for every code that a person may meet; each slice adds its own below its name.

`%(name)s` stands for a detail the refusal carries: names that end in `points` are shown as points, `_at` as the time of
day, `_on` as a day. A sentence blames nobody and tells no internals. Not final means: the same, sent again, may succeed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from bank.web import filters


@dataclass(frozen=True)
class Message:
    """What to say about one code."""

    sentence: LazyString
    next: LazyString
    is_final: bool = True


@dataclass(frozen=True)
class Words:
    """A message in the reader's language, with its details filled in."""

    title: str
    sentence: str
    next: str
    is_final: bool


CHECK_AND_SEND = _("请检查后再提交。")
GO_BACK = _("请返回上一页，或回到首页。")
ASK_ADMIN = _("如有需要，请联系管理员。")
RELOAD = _("请刷新页面，看看现在的情况。")

MESSAGES: dict[str, Message] = {
    # The four kinds, for whatever has no sentence of its own.
    "bank_error": Message(_("这件事没有办成。"), GO_BACK),
    "invalid": Message(_("填写的内容有误。"), _("请按提示修改后再提交。")),
    "not_found": Message(_("没有找到这一页或这条记录。"), GO_BACK),
    "not_allowed": Message(_("您不能在这里做这件事。"), ASK_ADMIN),
    "conflict": Message(_("现在的情况不允许这样做。"), RELOAD),
    # Web
    "sign_in_needed": Message(_("请先登录。"), _("请用手机号或卡号和密码登录；程序请使用访问令牌。")),
    "role_missing": Message(_("这需要您在这里没有的岗位权限。"), ASK_ADMIN),
    "sign_in_refused": Message(_("手机号、卡号或密码不对。"), _("请再试一次；忘记密码请到社区窗口重设。")),
    "idempotency_key_missing": Message(_("请求没有带上它的编号。"), _("请刷新页面再提交；程序请发送 Idempotency-Key 请求头。")),
    "idempotency_key_malformed": Message(_("请求的编号格式不对。"), _("编号应为 1 到 80 个可见的英文字符。")),
    "constraint_broken": Message(_("别人刚刚做了同样的事，或这与账本不符。"), RELOAD),
    "form_expired": Message(_("这张表单打开太久，已经失效。"), _("请返回并刷新页面，再提交一次。"), is_final=False),
    "bad_request": Message(_("这个请求看不懂。"), CHECK_AND_SEND),
    "method_not_allowed": Message(_("这个地址不能这样使用。"), GO_BACK),
    "too_large": Message(_("提交的内容太大。"), _("请缩小后再提交。")),
    "media_type_not_supported": Message(_("请求的内容不是所要求的 JSON。"), CHECK_AND_SEND),
    "too_many_requests": Message(_("尝试次数太多。"), _("请等一分钟再试。"), is_final=False),
    "our_mistake": Message(_("系统出了差错，什么都没有改变。"), _("请稍后再试；如果还是这样，请告诉管理员。"), is_final=False),
    "busy": Message(_("系统正忙，什么都没有改变。"), _("请稍等几秒再试一次。"), is_final=False),
    "bad_cursor": Message(_("翻页的标记无效。"), _("请从第一页重新开始。")),
    # Ledger
    "bad_entry": Message(_("这笔凭证不能成立。"), CHECK_AND_SEND),
    "key_reused": Message(_("这个编号已经用于另一个请求。"), _("请刷新页面，重新提交。")),
    "balance_too_low": Message(_("可用积分不够。"), _("可以换一件积分更少的，或参加活动攒够以后再来。")),
    "account_closed": Message(_("这个账户已经销户。"), ASK_ADMIN),
    "month_closed": Message(_("这个月已经结账。"), _("请记入还没有结账的月份。")),
    "already_reversed": Message(_("这笔凭证已经冲正过了。"), RELOAD),
    "month_not_over": Message(_("这个月还没有过完，不能结账。"), _("请到下个月 1 日再结账。")),
    "day_not_over": Message(_("这一天还没有过完，积分还不能到期。"), _("请到第二天再办。")),
    "no_such_entry": Message(_("没有这张凭证。"), GO_BACK),
    "no_such_account": Message(_("没有这个账户。"), GO_BACK),
    "second_person_needed": Message(_("冲正要写明原因，并由另一个人同意。"), _("请填写原因，并请另一位工作人员确认。")),
    "not_sealed_yet": Message(_("这张凭证还没有封存。"), _("封存每天进行一次，请明天再来。"), is_final=False),
    "no_such_seal": Message(_("没有这个封存。"), GO_BACK),
    "seals_differ": Message(_("账本与已公布的封存不符。"), _("请联系管理员，用 bank verify 核对账本。")),
    "bad_anchor": Message(_("这不是封存记录的文件。"), _("每行应以封存编号开头，以其散列值结尾。")),
    # People
    "bad_name": Message(_("姓名应为 2 到 50 个字，不含数字、符号和表情。"), _("请照身份证上的写法填写；生僻字可以直接输入。")),
    "bad_unit_name": Message(_("名称应为 2 到 100 个字，不含表情和特殊符号。"), CHECK_AND_SEND),
    "bad_phone": Message(_("手机号应为 11 位数字，以 13 到 19 开头。"), _("请核对手机号；空格、横线和 +86 都可以有。")),
    "bad_birth_date": Message(_("出生日期应在 1900 年到今天之间。"), CHECK_AND_SEND),
    "bad_unit": Message(_("这一类单位不能放在这里。"), _("请换一个类别或上级单位；储户要开在社区、网格或楼栋。")),
    "bad_role": Message(_("没有这个岗位。"), CHECK_AND_SEND),
    "bad_purpose": Message(_("没有这一项同意。"), GO_BACK),
    "bad_expiry": Message(_("令牌的有效期应在一年以内。"), CHECK_AND_SEND),
    "weak_pin": Message(_("密码应为六位数字，而且不能太好猜。"), _("不要用 123456、111111 这样的数字，请换一个。")),
    "old_pin_wrong": Message(_("现在的密码不对。"), _("请再试一次；忘记密码请到社区窗口重设。")),
    "search_too_short": Message(_("请至少输入两个汉字，或四个字母或数字。"), _("请输入得更详细一些，再查一次。")),
    "phone_taken": Message(_("这个手机号已经开过户。"), _("请先查找这位储户；每人要用自己的手机号。")),
    "unit_name_taken": Message(_("这里已经有同名的单位。"), _("请换一个名称。")),
    "person_not_found": Message(_("没有找到这位储户，或不归您的单位管。"), _("请核对卡号或手机号。")),
    "unit_not_found": Message(_("没有找到这个单位。"), GO_BACK),
    "grant_not_found": Message(_("没有找到这项岗位。"), GO_BACK),
    "token_not_found": Message(_("没有找到这个令牌。"), GO_BACK),
    "only_for_yourself": Message(_("这件事只能由本人决定。"), GO_BACK),
    # Hours
    "no_rule_set": Message(_("这一天还没有生效的计分规则。"), ASK_ADMIN),
    "bad_rule_set": Message(_("计分规则有误。"), ASK_ADMIN),
    "bad_service": Message(_("这项服务的资料不全或有误。"), CHECK_AND_SEND),
    "category_unknown": Message(_("没有这种服务类别。"), _("请从列表中选择。")),
    "category_banned": Message(_("会议、内部培训、有偿值班、团建和参观不是志愿服务。"), _("请选择真正的服务类别，或不要发布。")),
    "service_in_future": Message(_("服务还没有结束，不能记录时长。"), _("请在结束以后再来。"), is_final=False),
    "person_twice": Message(_("同一个人在一项服务里只能有一条记录。"), CHECK_AND_SEND),
    "supplement_needs_reason": Message(_("补录时长要写明原因，并由另一个人同意。"), _("请填写原因，并请另一位工作人员同意。")),
    "supplement_needs_second": Message(_("不能给自己补录，记录人也不能同时是同意的人。"), _("请另一位工作人员来办。")),
    "source_reused": Message(_("这项服务已经记录过，而且内容不同。"), RELOAD),
    # Activities
    "bad_activity": Message(
        _("活动的资料有误。"),
        _("名称、地点、内容不能空；时长 1 分钟到 24 小时，休息要短于活动，名额 1 到 100000 人。"),
    ),
    "activity_in_past": Message(_("活动要在开始以前发布。"), _("请把开始时间改到现在以后。")),
    "activity_not_found": Message(_("没有这项活动。"), _("请回到活动列表。")),
    "activity_cancelled": Message(_("这项活动已经取消。"), _("请在活动列表里看看别的活动。")),
    "activity_full": Message(_("名额已满。"), _("请找现场的组织者。")),
    "code_unknown": Message(_("这个码不对。"), _("请扫现场屏幕上的码，或重新输入屏幕上的 6 位签到码。")),
    "code_expired": Message(_("这个码已经过时，没有签上。"), _("屏幕上的码每 15 秒换一次，请再扫一次现在的码。")),
    "code_of_another": Message(_("这是另一项活动的码。"), _("请扫这项活动屏幕上的码。")),
    "check_in_not_open": Message(_("还没到时间，%(opens_at)s 起可以签到。"), _("请到时再扫。"), is_final=False),
    "check_in_closed": Message(_("签到、签退已在 %(closed_at)s 结束。"), _("请找现场的组织者说明情况。")),
    "already_checked_in": Message(_("您已经签到了"), _("不用再签。离开时请扫码签退。")),
    "already_checked_out": Message(_("您已经签退了"), _("不用再签。负责人确认后，时长会记入您的存折。")),
    "not_checked_in": Message(_("还没有签到，不能签退。"), _("请先扫码签到。")),
    "too_many_stays": Message(_("一项活动最多进出 %(stays_max)s 次。"), _("请找现场的组织者。")),
    "not_your_own_card": Message(_("不能用自己的卡给自己签到、签退。"), _("请和大家一样扫屏幕上的码。")),
    "own_hours_need_other": Message(_("不能确认自己的时长。"), _("请另一位组织者或管理员来确认。")),
    "confirm_too_early": Message(
        _("还有人可以签退，%(earliest_at)s 起才能确认。"), _("所有人都签退以后，活动一结束就可以确认。"), is_final=False
    ),
    "already_confirmed": Message(_("这项活动的时长已经确认，不能再改。"), RELOAD),
    "nobody_to_confirm": Message(_("还没有人既签到又签退，没有时长可以确认。"), _("请检查签到名单。")),
    "somebody_came": Message(_("已经有人签到，活动不能取消。"), _("请在结束后确认时长。")),
    # Rewards
    "bad_reward": Message(_("这件物品的资料有误。"), _("编号为 2 到 8 位数字；名称、积分、库存、每月限量请逐项核对。")),
    "bad_quantity": Message(_("数量应为 1 到 %(most)s 的整数。"), CHECK_AND_SEND),
    "reason_missing": Message(_("请写明原因，最多 %(most)s 个字。"), CHECK_AND_SEND),
    "reward_not_found": Message(_("没有这件物品。"), _("请核对物品编号，或在列表中点选。")),
    "redemption_not_found": Message(_("没有这笔兑换，或不在您的兑换点。"), GO_BACK),
    "number_taken": Message(_("编号 %(number)s 已经用于另一件物品。"), _("请换一个编号，或留空由系统编号。")),
    "out_of_stock": Message(_("库存不够，只剩 %(stock)s 件。"), _("请减少数量或换一件；到货后请管理员登记入库。")),
    "monthly_limit_reached": Message(
        _("本月限兑 %(limit)s 件，已经兑了 %(taken)s 件。"), _("请减少数量，或换一件，或下个月再来。")
    ),
    "reward_not_offered": Message(_("这件物品现在不兑换。"), _("请换一件，或请管理员重新上架。")),
    "stock_not_counted": Message(_("这件物品不计库存。"), _("服务和荣誉类物品不用登记入库。")),
    "undo_too_late": Message(
        _("只有经手的柜员能撤销，而且要在 15 分钟以内；这笔是 %(handed_over_at)s 兑换的。"), _("请找管理员撤销。")
    ),
    "already_undone": Message(_("这笔兑换已经在 %(undone_at)s 撤销过了。"), RELOAD),
    "not_for_yourself": Message(_("不能给自己兑换或撤销。"), _("请另一位柜员来办。")),
    "not_served_here": Message(_("这位储户属于%(unit)s，这件物品不对那里兑换。"), _("请到储户所在社区的兑换点，或换一件。")),
    # Statements
    "bad_mark": Message(_("评分应为 1 到 5 的整数。"), CHECK_AND_SEND),
    "lease_lost": Message(_("这次运行超时，已由另一个进程接手。"), _("请稍后看看运行记录。"), is_final=False),
    "statement_not_found": Message(_("没有这份账单。"), _("每月 5 日出上个月的账单，请在存折里点选。")),
    "bad_period": Message(_("时间段写得不对。"), _("月份写成 2026-10，季度 2026-Q4，半年 2026-H2，全年 2026。")),
    "nothing_booked": Message(_("那时账上还没有任何记录。"), _("有了第一笔存入的月份才有账单。")),
}  # fmt: skip


def explain(codes: Sequence[str], details: Mapping[str, object]) -> Words:
    """Words for the first of the codes that has a message; the codes go from the particular to the kind."""
    message = next(MESSAGES[code] for code in (*codes, "bank_error") if code in MESSAGES)
    shown = defaultdict(str, {name: _shown(name, value) for name, value in details.items()})
    kind = next((MESSAGES[code] for code in reversed(codes[:-1]) if code in MESSAGES), message)
    return Words(
        title=str(kind.sentence) % shown,
        sentence=str(message.sentence) % shown,
        next=str(message.next) % shown,
        is_final=message.is_final,
    )


def _shown(name: str, value: object) -> str:
    if isinstance(value, datetime):
        return filters.clock_time(value)
    if isinstance(value, date):
        return filters.day(value)
    if name.endswith("points") and isinstance(value, int):
        return filters.points(value)
    return str(value)
