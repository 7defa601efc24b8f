"""Made-up streets, communities, home units and teams, in the numbers of Jinchang: 6 streets, 33 communities, 385 grids."""

STREETS = {
    "朝阳路街道": "朝阳社区 文昌社区 桃园社区 新华里社区 和顺社区 翠湖社区",
    "广场街道": "广场东社区 广场西社区 金水社区 滨河社区 锦园社区 常青社区",
    "工业街道": "机械厂社区 铁路里社区 新建社区 团结社区 建设路社区 光明社区",
    "北城街道": "北苑社区 泰安社区 祥云社区 龙泉社区 永宁社区",
    "南湖街道": "南湖社区 湖滨社区 紫荆社区 丁香社区 阳光社区",
    "东关街道": "东关社区 鼓楼社区 书院社区 古槐社区 兴隆社区",
}
GRIDS = 385  # In all communities together; the first ones have one more than the last.
GRIDS_SMALL = 6

HOME_UNITS = (
    "第三中学 实验小学 区人民医院 中医医院 供热公司 自来水公司 公交公司 税务局 市场监管局 城市管理局 图书馆 文化馆 "
    "司法局 疾控中心 消防救援站 农业银行支行 电力公司 环境卫生中心 档案馆 融媒体中心"
).split()

TEAM_NAMES = "银龄志愿服务队 红马甲志愿服务队 邻里守望志愿服务队 巧手志愿服务队 护苗志愿服务队 平安巡逻志愿服务队".split()
CITY_TEAMS = ("医护志愿服务总队", "法律志愿服务总队", "应急救援志愿服务总队", "文艺志愿服务总队")


def grid_counts(communities: int, grids: int) -> list[int]:
    """How many grids each community has, as even as can be."""
    return [grids // communities + (number < grids % communities) for number in range(communities)]
