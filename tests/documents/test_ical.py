"""A calendar that other programs read: folded, escaped, in UTC."""

from datetime import datetime, timedelta, timezone

from bank.documents.ical import Event, calendar, folded

AT = datetime(2026, 10, 17, 9, 30, tzinfo=timezone(timedelta(hours=8)))


def written(**changes: object) -> str:
    values = {
        "uid": "activity-1@x", "name": "清扫楼道", "place": "3 号楼", "text": "带手套", "url": "http://x/activities/1",
        "starts_at": AT, "ends_at": AT + timedelta(hours=2), "changed_at": AT,
    } | changes  # fmt: skip
    return calendar("向阳社区", [Event(**values)], zone="Asia/Shanghai").decode()  # type: ignore[arg-type]


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def test_times_are_utc() -> None:
    assert {"DTSTART:20261017T013000Z", "DTEND:20261017T033000Z"} <= set(unfolded(written()))


def test_every_line_ends_in_crlf_and_has_75_octets_at_most() -> None:
    text = written(text="清" * 500, name="x" * 300)
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) == 75
    assert f"DESCRIPTION:{'清' * 500}" in unfolded(text)


def test_a_character_is_never_cut() -> None:
    for start in range(4):
        pieces = list(folded("x" * start + "🧹清" * 60))
        assert all(len(each.encode()) <= 75 for each in pieces)
        assert pieces[0] + "".join(each[1:] for each in pieces[1:]) == "x" * start + "🧹清" * 60


def test_what_has_a_meaning_is_escaped() -> None:
    lines = unfolded(written(text="一,二;三\\四\r\n五\nEND:VEVENT"))
    assert "DESCRIPTION:一\\,二\\;三\\\\四\\n五\\nEND:VEVENT" in lines
    assert lines.count("END:VEVENT") == 1


def test_what_was_called_off_says_so() -> None:
    assert "STATUS:CANCELLED" in unfolded(written(is_cancelled=True))
