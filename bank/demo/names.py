"""Made-up Chinese names: surnames by how common they are, given names by generation, now and then a rare character."""

import random
from dataclasses import dataclass

# Per ten thousand people, after the police's published counts; 马 stands higher, as it does in the northwest.
SURNAMES = {
    surname: int(weight)
    for surname, weight in (
        pair.split("=")
        for pair in (
            "王=715 李=719 张=683 刘=538 陈=453 杨=308 黄=223 赵=229 吴=205 周=212 徐=166 孙=151 马=240 朱=140 "
            "胡=131 郭=127 何=118 林=110 高=115 罗=95 郑=93 梁=94 谢=72 宋=78 唐=73 许=71 韩=68 邓=64 "
            "冯=62 曹=60 彭=59 曾=52 肖=54 田=58 董=54 潘=45 袁=50 蔡=47 蒋=44 余=46 于=48 杜=49 "
            "叶=43 程=42 魏=50 苏=44 吕=42 丁=43 任=46 卢=41 姚=38 沈=39 钟=36 姜=38 崔=37 谭=37 "
            "陆=34 范=35 汪=34 廖=33 石=38 金=31 韦=32 贾=35 夏=31 付=30 方=31 邹=30 熊=29 白=36 "
            "孟=28 秦=29 邱=27 侯=29 江=27 尹=26 薛=30 闫=29 段=28 雷=28 龙=25 黎=24 史=27 陶=25 "
            "贺=25 毛=24 郝=26 顾=23 龚=23 邵=22 万=24 覃=18 武=24 钱=21 戴=22 严=21 莫=18 孔=18 "
            "向=18 常=20 汤=18 康=18 易=16 乔=16 文=16 牛=15 樊=12 葛=13 单=9 安=12 翟=10 解=8 "
            "仇=5 查=4 柴=8 车=7 郎=4 桑=3 鲜=2 哈=2 欧阳=9 上官=3 司马=2 诸葛=2 皇甫=3 尉迟=2 "
            "慕容=2 令狐=3 夏侯=1 亓=1 昝=1 缑=1 逄=1 仉=1 佘=2 甯=1 麴=1"
        ).split()
    )
}


@dataclass(frozen=True)
class Generation:
    """What children born up to a year were called: whole given names, and characters that were put together in twos."""

    until: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    women_pairs: tuple[str, str]
    men_pairs: tuple[str, str]


GENERATIONS = (
    Generation(
        until=1958,
        women=tuple(
            "秀英 桂兰 玉兰 秀兰 淑珍 桂英 玉珍 凤英 素珍 淑兰 秀珍 桂珍 月英 玉梅 兰英 凤兰 翠兰 春兰 金兰 惠芳".split()
        ),
        men=tuple("建国 德福 国庆 玉山 长贵 福生 志忠 文斌 占魁 永福 世昌 生荣 万林 振华 保国 德胜 有才 富贵 希望 学义".split()),
        women_pairs=("秀桂玉淑凤素月金翠春", "英兰珍芳琴莲香梅花云"),
        men_pairs=("德国文志永世长玉振学", "福生山林忠义华荣成祥"),
    ),
    Generation(
        until=1974,
        women=tuple("红 红梅 丽萍 秀芳 建华 玉霞 晓燕 春梅 爱萍 小红 静 淑芳 秋霞 美玲 卫红 桂芳 亚琴 敏 艳萍 金凤".split()),
        men=tuple("建军 卫东 军 勇 建平 志强 国强 红军 永军 建华 文革 卫国 爱国 保平 学军 海军 立新 志刚 跃进 宏伟".split()),
        women_pairs=("红丽秀玉春爱晓桂美亚", "萍霞芳华燕玲琴梅英凤"),
        men_pairs=("建国卫志永学立宏海保", "军平强东华明刚伟林忠"),
    ),
    Generation(
        until=1990,
        women=tuple("丽娜 静 娟 艳 婷婷 丽 燕 晓丽 敏 海燕 芳 倩 雪梅 莉 霞 娜 亚楠 璐 晶晶 蓉".split()),
        men=tuple("涛 磊 鹏 超 伟 强 斌 军 凯 海龙 鹏飞 亮 波 建伟 晓东 旭 龙 浩 峰 彦军".split()),
        women_pairs=("晓丽海雪亚文婷玉小春", "燕娜娟婷丽芳萍静琳敏"),
        men_pairs=("海晓志建文小鹏俊永彦", "涛龙峰军飞伟东明鹏超"),
    ),
    Generation(
        until=2005,
        women=tuple("雨欣 佳怡 思雨 欣怡 雪 佳琪 梦瑶 婷 颖 嘉欣 雅琪 晨曦 文静 思琪 雨婷 悦 佳慧 梦洁 若彤 雪莹".split()),
        men=tuple("子豪 浩然 宇轩 文博 嘉豪 俊杰 天宇 志远 鑫 博文 晨阳 泽宇 家豪 思远 宇航 佳豪 昊 少杰 振宇 雨泽".split()),
        women_pairs=("雨佳思欣梦嘉雅晨文若", "欣怡琪瑶婷涵慧洁彤莹"),
        men_pairs=("子浩宇文嘉俊天志博泽", "豪然轩博杰宇远阳航涛"),
    ),
    Generation(
        until=2100,
        women=tuple(
            "梓涵 一诺 欣妍 沐晴 语桐 可馨 诗涵 依诺 雨桐 若溪 子萱 芮嘉 思妍 静姝 梓萱 艺涵 书瑶 乐怡 苡沫 佳音".split()
        ),
        men=tuple("浩宇 梓轩 沐宸 宇辰 奕辰 子墨 俊熙 铭泽 一鸣 睿 景行 承泽 博涵 皓轩 子睿 昊天 嘉树 知远 亦凡 佑宁".split()),
        women_pairs=("梓欣语诗雨若子思沐芮", "涵妍桐馨萱溪彤瑶晴琪"),
        men_pairs=("浩梓沐宇奕俊铭承皓知", "宇轩宸辰泽熙睿远铭霖"),
    ),
)
RARE_GIVEN = tuple("赟 翀 堃 喆 淼 彧 犇 垚 頔 祎 昶 旻 甦 䶮 𬭎 𫖯".split())
# Names without a surname: first part, what stands between the parts, last part.
OTHER_PEOPLES = (
    (tuple("扎西 才让 索南 旦增 央金 拉毛 贡布 洛桑".split()), "", tuple("东珠 顿珠 卓玛 次仁 多杰 吉 措 加".split())),
    (tuple("阿依古丽 迪丽努尔 古丽娜尔 艾力 吐尔逊 热娜".split()), "·", tuple("买买提 艾尼 肉孜 艾合买提 吐尔逊".split())),
)


def name(chance: random.Random, *, born_year: int, is_woman: bool) -> str:
    """A name as somebody born in that year may have it."""
    if chance.random() < 0.004:
        return "".join(each if isinstance(each, str) else chance.choice(each) for each in chance.choice(OTHER_PEOPLES))
    [surname] = chance.choices(_SURNAMES, cum_weights=_CUMULATED)
    return surname + _given(chance, born_year, is_woman)


def _given(chance: random.Random, born_year: int, is_woman: bool) -> str:
    if chance.random() < 0.004:
        return chance.choice(RARE_GIVEN)
    generation = next(each for each in GENERATIONS if born_year <= each.until)
    if chance.random() < 0.55:
        return chance.choice(generation.women if is_woman else generation.men)
    first, second = generation.women_pairs if is_woman else generation.men_pairs
    return chance.choice(first) + chance.choice(second)


_SURNAMES = tuple(SURNAMES)
_CUMULATED = tuple(sum(tuple(SURNAMES.values())[: number + 1]) for number in range(len(SURNAMES)))
