"""What to say about every refusal of `bank.counter`."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import GO_BACK, RELOAD, Message

MESSAGES = {
    "bad_consent": Message(
        _("请写明核对了什么证件或如何认出本人，最多 60 个字。"), _("例如：身份证、社保卡、熟人当面确认。")
    ),
    "bad_appointment": Message(_("约定的时间或承办人有误。"), _("时间应在今后一年以内；承办人请写名字，最多 60 个字。")),
    "consent_missing": Message(
        _("还没有本人同意。"), _("请储户出示手机上的动态码，或输入密码，或由您核对身份并写明。")
    ),
    "consent_expired": Message(
        _("本人同意已经超过 5 分钟，或是别的柜员取得的。"), _("请再扫一次动态码、再输一次密码或再核对一次。")
    ),
    "member_code_wrong": Message(
        _("这个动态码已经失效，或不是动态码。"), _("请储户打开“我的码”，扫屏幕上现在的码。"), is_final=False
    ),
    "pin_refused": Message(
        _("密码不对，或这位储户还没有密码。"), _("请再输一次，或改用动态码，或核对身份并写明。"), is_final=False
    ),
    "not_for_yourself": Message(_("不能给自己或家人兑换、撤销或审批。"), _("请另一位工作人员来办。")),
    "not_of_household": Message(_("来人不在这位储户登记的家庭里。"), _("请先在储户名册登记家庭成员，或请本人来。")),
    "served_by_order": Message(
        _("这项服务由志愿者接单上门，不在柜台领取或取消。"), _("请看服务单的进展；不想要了，在服务单页面取消，积分原样退回。")
    ),
    "redemption_not_found": Message(_("没有这笔兑换，或不在您的兑换点。"), GO_BACK),
    "pickup_code_unknown": Message(
        _("没有这个领取码的预留，或不在您的兑换点。"), _("请核对 8 位数字，或扫储户手机上的领取码。")
    ),
    "appointment_not_found": Message(_("没有这个服务约定，或不在您的兑换点。"), GO_BACK),
    "undo_too_late": Message(
        _("兑换点只能在 15 分钟以内撤销；这笔是 %(handed_over_at)s 兑换的。"), _("请找管理员撤销，或登记退货。")
    ),
    "already_undone": Message(_("这笔兑换已经在 %(undone_at)s 撤销过了。"), RELOAD),
    "already_handed_over": Message(_("这笔预留已经领走了，只能领一次，也不能再取消。"), _("如果领错了，请撤销或登记退货。")),
    "hold_ended": Message(_("这笔预留已经取消或过期，积分已经退回；最后领取日是%(hold_ends_on)s。"), _("请重新兑换。")),
    "other_counter": Message(_("这笔预留要在%(place)s领取。"), _("请储户到那里领取，或取消后在这里重新兑换。")),
    "not_handed_over": Message(_("这笔兑换现在不能撤销或退货。"), RELOAD),
    "return_not_asked": Message(_("这笔兑换没有等待审批的退货。"), RELOAD),
    "return_needs_second": Message(_("登记退货的人不能自己审批。"), _("请另一位管理员审批。")),
    "appointment_settled": Message(_("这个服务约定已经结束。"), RELOAD),
    "day_closed": Message(_("这个兑换点今天已经在 %(closed_at)s 日终结账。"), _("确有需要请写明原因重新开启，办完再结账。")),
    "day_open": Message(_("这个兑换点今天还没有结账。"), RELOAD),
    "count_missing": Message(_("还有 %(missing)s 种物品今天动过没有盘点：%(names)s。"), _("请盘点后再结账。")),
}  # fmt: skip
