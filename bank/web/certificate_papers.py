"""A certificate of service in words, from what was kept of it and nothing else."""

from typing import Any

from flask import Response
from flask_babel import gettext as _

from bank.certificates.models import Certificate
from bank.certificates.rules import Part
from bank.documents import codes
from bank.documents.pdf import pdf
from bank.statements.paper import shown_code
from bank.web.filters import day, minutes
from bank.web.language import current
from bank.web.links import public_url


def paper(certificate: Certificate) -> Response:
    """The certificate as a PDF, the same bytes whenever it is asked for in one language."""
    return Response(pdf("certificate", told(certificate), at=certificate.issued_at), mimetype="application/pdf")


def title(certificate: Certificate) -> str:
    """Only a designated system gives out what the law calls a certificate (Order 67, art. 14)."""
    return str(_("志愿服务记录证明") if certificate.is_designated else _("服务记录"))


def told(certificate: Certificate) -> dict[str, Any]:
    """All that the paper says, as plain data."""
    parts = [Part.from_json(each) for each in certificate.parts]
    length = minutes(certificate.minutes)
    return {
        "bank": certificate.bank_name,
        "title": title(certificate),
        "text": _("%(name)s参加志愿服务 %(count)s 次，共 %(time)s。", name=certificate.holder, count=len(parts), time=length),
        "facts": [
            (_("服务时间"), _("%(first)s至%(last)s", first=day(certificate.starts_on), last=day(certificate.ends_on))),
            (_("记录单位"), f"{certificate.bank_name} · {certificate.unit_name}"),
        ],
        "head": [_("日期"), _("服务内容"), _("组织单位"), _("时长")],
        "rows": [[each.served_on.isoformat(), each.name, each.unit, minutes(each.minutes)] for each in parts],
        "total": [_("合计"), length],
        "unit": certificate.unit_name,
        "stamp": _("（盖章）"),
        "day": day(certificate.issued_at),
        "number": _("编号 %(number)s", number=certificate.number),
        "code_label": _("查验码"),
        "code": shown_code(certificate.code),
        "check": _("扫码可查是否有效。本证明免费。"),
        "qr": codes.qr(public_url("certificates.verify", code=certificate.code)),
        "language": current(),
    }
