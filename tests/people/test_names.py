"""Names in one spelling, masked for others, and in the order of a Chinese directory."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bank.people.names import sort_name
from bank.people.rules import BadName, clean_name, mask_name, mask_phone
from bank.units.rules import BadUnitName, clean_unit_name


@pytest.mark.parametrize(
    ("name", "masked"),
    [("张三", "张*"), ("王小明", "王**"), ("欧阳修", "欧阳*"), ("尉迟敬德", "尉迟**"), ("欧阳", "欧*"),
     ("爱新觉罗·玄烨", "爱新觉罗***"),
     ("𬭎国强", "𬭎**"), ("Anna Li", "A******"), ("迪丽热巴·迪力木拉提", "迪*********")],
)  # fmt: skip
def test_a_mask_keeps_the_surname_and_a_compound_one_whole(name, masked):
    assert mask_name(name) == masked


def test_a_mask_of_a_phone_keeps_three_and_four_digits():
    assert mask_phone("13812341234") == "138****1234"


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "张",
        "张😀",
        "张\0三",
        "张\n三",
        "张\u200b三",
        "张\u202e三",
        "\ud800张三",
        "张三1",
        "<b>张三</b>",
        "ㅤㅤ",
        "·张三",
        "张" * 51,
        "张\ue000",
    ],
)
def test_signs_pictures_and_controls_are_no_names(name):
    with pytest.raises(BadName):
        clean_name(name)


@pytest.mark.parametrize("name", ["䶮阳", "𬭎国", "㛃玉", "\U0003134f安", "O'Brien", "Anne-Marie", "买买提·艾力"])
def test_rare_characters_and_all_scripts_are_names(name):
    assert clean_name(name) == name


def test_one_name_has_one_spelling():
    assert clean_name("　张　三 \n") == "张 三"
    assert {clean_name(f"买买提{dot}艾力") for dot in "·•‧・"} == {"买买提·艾力"}


def test_surnames_are_sorted_by_how_they_are_read_as_surnames():
    names = ["曾国", "单雄", "仇英", "解缙", "查良镛", "盖叫天", "尉迟恭", "朴树", "任贤", "区志", "乐正子", "万俟卨", "单于夫"]
    syllables = "zeng shan qiu xie zha ge yu piao ren ou yue mo chan".split()
    assert [sort_name(name).startswith(each) for name, each in zip(names, syllables, strict=True)] == [True] * len(names)


def test_one_surname_stays_together_and_short_names_come_first():
    names = ["林一", "李安", "黎明", "李白", "李", "王五", "Anna", "𱍏安"]
    assert sorted(names, key=sort_name) == ["Anna", "黎明", "李", "李安", "李白", "林一", "王五", "𱍏安"]


def test_the_same_name_has_the_same_key_however_often_it_is_asked():
    assert [sort_name("乐正子春") for _ in range(3)] == [sort_name("乐正子春")] * 3


@given(st.text(min_size=1, max_size=60))
@example("A\U00031e04")
def test_no_text_breaks_names(text):
    try:
        name = clean_name(text)
    except BadName:
        return
    assert clean_name(name) == name
    assert re.fullmatch("[a-z0-9]+", sort_name(name))
    assert len(mask_name(name)) == len(name)


@pytest.mark.parametrize("name", ["x", "社区😀", "社\0区", "a" * 101, "\ud800社区"])
def test_units_have_names_that_can_be_printed(name):
    with pytest.raises(BadUnitName):
        clean_unit_name(name)
