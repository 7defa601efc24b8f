"""A barcode gun at a page: its keys come at the gun's own pace, as the page reads it, however slow the machine is.

Each key carries the time it was pressed, as the keys of a real gun do; keys sent singly would get the time they arrive.
"""

import time
from datetime import timedelta

from playwright.sync_api import CDPSession, Page

GAP = timedelta(milliseconds=25)  # Between two keys.
ENDS = {
    "Enter": {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": "\r"},
    "Tab": {"key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9},
}
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
BEHIND = {"key": "Process", "windowsVirtualKeyCode": 229}  # An input method has taken the key.


def shoot(page: Page, text: str, *ends: str) -> None:
    """Type digits wherever the focus is, and what ends the scan: Enter, or the keys that are named."""
    keys = page.context.new_cdp_session(page)
    start = time.time()
    digits = [{"key": each, "code": f"Digit{each}", "windowsVirtualKeyCode": ord(each), "text": each} for each in text]
    for place, key in enumerate([*digits, *(ENDS[each] for each in ends or ("Enter",))]):
        _press(keys, start + place * GAP.total_seconds(), key)
    keys.detach()


def shoot_through_input_method(page: Page, text: str) -> None:
    """The same with a Chinese input method on: each key is hidden behind a composition, whose text ends up full-width."""
    keys = page.context.new_cdp_session(page)
    start = time.time()
    for place, digit in enumerate(text):
        at, key = start + place * GAP.total_seconds(), {**BEHIND, "code": f"Digit{digit}"}
        keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "timestamp": at, **key})
        composed = text[: place + 1].translate(WIDE)
        keys.send("Input.imeSetComposition", {"text": composed, "selectionStart": place + 1, "selectionEnd": place + 1})
        keys.send("Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": at, **key})
    at, enter = start + len(text) * GAP.total_seconds(), {**BEHIND, "code": "Enter"}
    keys.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "timestamp": at, **enter})
    keys.send("Input.insertText", {"text": text.translate(WIDE)})
    keys.send("Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": at, **enter})
    keys.detach()


def _press(keys: CDPSession, at: float, key: dict[str, object]) -> None:
    down = "keyDown" if "text" in key else "rawKeyDown"
    keys.send("Input.dispatchKeyEvent", {"type": down, "timestamp": at, **key})
    keys.send("Input.dispatchKeyEvent", {"type": "keyUp", "timestamp": at, **{name: key[name] for name in key if name != "text"}})
