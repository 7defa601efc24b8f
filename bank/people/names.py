"""The order of names: by surname, then given name, both in pinyin with tones."""

import re
import unicodedata
from functools import cache

from pypinyin import Style, lazy_pinyin

from bank.people.rules import surname_length
from bank.units.rules import MARKS

# Characters that are read differently as a surname than in other words.
_SURNAMES = dict(
    pair.split("=")
    for pair in (
        "单=shan4 曾=zeng1 仇=qiu2 解=xie4 查=zha1 盖=ge3 朴=piao2 任=ren2 华=hua4 区=ou1 纪=ji3 葛=ge3 召=shao4 翟=zhai2 "
        "缪=miao4 乐=yue4 员=yun4 黑=he4 折=she2 秘=bi4 卜=bu3 都=du1 隗=wei3 宁=ning4 相=xiang4 种=chong2 重=chong2 "
        "祭=zhai4 能=nai4 覃=qin2 洗=xian3 那=na1 哈=ha3 要=yao1 撒=sa4 郇=xun2 燕=yan1 过=guo1 句=gou1 於=yu1 繁=po2 "
        "佴=nai4 牟=mu4 占=zhan1 长=chang2 角=jue2 藏=zang4 阚=kan4 令=ling2 粘=nian2 便=pian2 适=kuo4 番=pan1 蔚=yu4"
    ).split()
)
_COMPOUND = {
    "宰父": ["zai3", "fu3"],
    "夹谷": ["jia2", "gu3"],
    "乐正": ["yue4", "zheng4"],
    "子车": ["zi3", "ju1"],
}
_KEY_LENGTH = 200


def sort_name(name: str) -> str:
    """The sort key of a name, of small letters and digits only, so that every database puts it in the same place.

    Each character gives its syllable, tone and code: the same surname stays together, 黎 (li2) before 李 (li3) before 林 (lin2).
    """
    length = surname_length(name)
    surname, given = name[:length], name[length:]
    first = _COMPOUND.get(surname) or ([_SURNAMES[surname]] if surname in _SURNAMES else _read(surname))
    syllables = [*first, *(_read(character)[0] for character in given)]
    parts = (_part(character, syllable) for character, syllable in zip(name, syllables, strict=True))
    return "".join(parts)[:_KEY_LENGTH]


@cache
def _read(text: str) -> list[str]:
    return lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True)


def _part(character: str, syllable: str) -> str:
    if re.fullmatch("[a-z]+[1-5]", syllable):
        return f"{syllable}{ord(character):05x}"
    letters = re.sub("[^a-z0-9]", "", unicodedata.normalize("NFKD", character).lower())
    # A space ends a word, and so comes before letters; a character without a reading goes behind all others.
    return letters or ("0" if character in MARKS else f"zz{ord(character):05x}")
