"""Hands one message to a mail server or a robot of WeCom, DingTalk or Feishu, and says for certain what became of it.

`Sent` is said by returning; `NotSent` means that it certainly did not leave and may be tried again; `Refused` that
trying again is of no use; `Uncertain` that nobody can tell, so that it must not be sent again.
"""

import json
import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

import requests
from apprise.exception import AppriseException
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

TIMEOUT_SECONDS = 20
LOCAL = {"localhost", "127.0.0.1", "::1"}
PERMANENT = range(500, 600)


@dataclass(frozen=True)
class Robot:
    """A kind of robot: the library's class for it and what that calls the key, a text as it wants it, where its verdict is."""

    plugin: Callable[..., Any]
    key: str
    said: Callable[[str], dict[str, object]]
    verdict: str


def _plain(text: str) -> dict[str, object]:
    return {"msgtype": "text", "text": {"content": text}}


# The three classes alone: the library's own loader imports over a hundred others. We speak with the servers ourselves, for
# the library takes every answer of WeCom and DingTalk with status 200 for a success.
ROBOTS = {
    "wecom": Robot(NotifyWeComBot, "key", _plain, "errcode"),
    "dingtalk": Robot(NotifyDingTalk, "token", _plain, "errcode"),
    "feishu": Robot(NotifyFeishu, "token", lambda text: {"msg_type": "text", "content": {"text": text}}, "code"),
}


class NotSent(Exception):
    """It certainly did not leave; it may be tried again."""


class Refused(Exception):
    """It was refused for good."""


class Uncertain(Exception):
    """It may have arrived or not."""


@dataclass(frozen=True)
class Message:
    """What is sent: `name` is the same whenever this very message is meant."""

    name: str
    title: str
    body: str


def send(channel: str, address: str, message: Message, settings: Mapping[str, object]) -> None:
    """Send a message by a channel. Raises NotSent, Refused, Uncertain."""
    if channel == "email":
        _mail(address, message, str(settings["MAIL_URL"]), str(settings["MAIL_FROM"]))
    else:
        _tell_robot(channel, address, message)


def _mail(address: str, message: Message, url: str, sender: str) -> None:
    if not url:
        raise NotSent("no mail server is set (BANK_MAIL_URL)")
    letter = _letter(address, message, sender)
    try:
        server = _connected(url)
    except (OSError, smtplib.SMTPException) as error:  # Nothing of the letter has been said yet.
        raise NotSent(_first_line(error)) from error
    try:
        _hand_over(server, letter)
    finally:
        with suppress(OSError, smtplib.SMTPException):  # It was taken or refused before; how we part says nothing.
            server.quit()


def _letter(address: str, message: Message, sender: str) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = " ".join(message.title.split())
    letter["From"], letter["To"] = sender, address
    letter["Date"] = formatdate(usegmt=True)
    letter["Message-ID"] = f"<{message.name}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"  # Nobody's holiday answer shall come back.
    letter.set_content(message.body, charset="utf-8", cte="base64")
    return letter


def _connected(url: str) -> smtplib.SMTP:
    parts = urlsplit(url)
    host, context = parts.hostname or "", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    try:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        if parts.username:
            if parts.scheme == "smtp" and not isinstance(server.sock, ssl.SSLSocket) and host not in LOCAL:
                raise smtplib.SMTPException("the server offers no TLS, and a password is not sent in clear")
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        server.close()
        raise
    return server


def _hand_over(server: smtplib.SMTP, letter: EmailMessage) -> None:
    try:
        server.send_message(letter)
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise (Refused if code in PERMANENT else NotSent)(f"{code} {said!r}") from error
    except smtplib.SMTPResponseException as error:
        raise (Refused if error.smtp_code in PERMANENT else NotSent)(f"{error.smtp_code} {error.smtp_error!r}") from error
    except smtplib.SMTPNotSupportedError as error:
        raise Refused(_first_line(error)) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Uncertain(_first_line(error)) from error


def _tell_robot(channel: str, key: str, message: Message) -> None:
    robot = ROBOTS[channel]
    try:
        plugin = robot.plugin(**{robot.key: key})  # The library checks the key and knows where its robots listen.
    except AppriseException as error:
        raise Refused(type(error).__name__) from error
    url = plugin.notify_url.format(**{robot.key: key})
    # Not as \u escapes, which double the size of Chinese, and these servers take little.
    said = json.dumps(robot.said(f"{message.title}\n{message.body}"), ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    try:
        answer = requests.post(url, data=said, headers=headers, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise (NotSent if _never_left(error) else Uncertain)(type(error).__name__) from error
    _check(answer, robot.verdict)


def _check(answer: requests.Response, verdict: str) -> None:
    """Raise unless the robot took the message: these servers refuse with status 200 and an error number beside it."""
    if answer.status_code != requests.codes.ok:
        raise NotSent(f"the robot's server answered {answer.status_code}")
    try:
        number = answer.json()[verdict]
    except (ValueError, TypeError, KeyError) as error:
        raise Uncertain("the robot's server answered in words of its own") from error
    if number != 0:
        raise NotSent(f"the robot's server refused it: {verdict} {str(number)[:20]}")


def _never_left(error: BaseException) -> bool:
    """Whether an error arose before anything could be said to the server."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    early = (ConnectTimeoutError, NameResolutionError, NewConnectionError)
    return isinstance(error, requests.exceptions.SSLError | requests.exceptions.ConnectTimeout) or isinstance(reason, early)


def _first_line(error: BaseException) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
