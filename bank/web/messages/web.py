"""What to say about every refusal of the web face, and of each kind that has no sentence of its own."""

from flask_babel import lazy_gettext as _

from bank.web.messages.words import ASK_ADMIN, CHECK_AND_SEND, GO_BACK, RELOAD, Message

MESSAGES = {
    "metrics_closed": Message(_("监控数据只给本机，或带令牌的程序。"), _("请在本机读取，或设置 BANK_METRICS_TOKEN。")),
    # The four kinds, for whatever has no sentence of its own.
    "bank_error": Message(_("这件事没有办成。"), GO_BACK),
    "invalid": Message(_("填写的内容有误。"), _("请按提示修改后再提交。")),
    "not_found": Message(_("没有找到这一页或这条记录。"), GO_BACK),
    "not_allowed": Message(_("您不能在这里做这件事。"), ASK_ADMIN),
    "conflict": Message(_("现在的情况不允许这样做。"), RELOAD),
    # What only the web face itself refuses.
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
    "outcome_unknown": Message(
        _("系统没有确认这件事是否已经办成。"), _("请返回上一页，原样再提交一次；已经办成的不会重复。"), is_final=False
    ),
    "export_too_large": Message(_("这张表超过 5 万行，一个文件放不下。"), _("请缩小范围后再导出。")),
    "bad_cursor": Message(_("翻页的标记无效。"), _("请从第一页重新开始。")),
}  # fmt: skip
