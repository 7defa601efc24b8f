"""What points can be given for at a counter: community services, honours and goods."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One reward: price in hundredths, stock when first received (None: does not run out); small counters offer basic ones."""

    name: str
    kind: str
    points: int
    stock: int | None
    is_basic: bool = False


ITEMS = (
    Item("抽纸(3包)", "goods", 300, 120, is_basic=True),
    Item("肥皂(2块)", "goods", 200, 100, is_basic=True),
    Item("牙膏牙刷套装", "goods", 350, 80),
    Item("洗洁精(1瓶)", "goods", 400, 80, is_basic=True),
    Item("洗衣液(2升)", "goods", 900, 60),
    Item("毛巾(1条)", "goods", 300, 100),
    Item("垃圾袋(3卷)", "goods", 250, 100),
    Item("食盐(2袋)", "goods", 150, 120),
    Item("挂面(1千克)", "goods", 400, 90, is_basic=True),
    Item("大米(5千克)", "goods", 1500, 50, is_basic=True),
    Item("菜籽油(1.8升)", "goods", 1800, 40),
    Item("鸡蛋(30枚)", "goods", 1200, 40),
    Item("保温杯", "goods", 2000, 20),
    Item("雨伞", "goods", 1200, 30),
    Item("儿童绘本", "goods", 800, 40),
    Item("中性笔(10支)", "goods", 300, 60),
    Item("羊毛袜(2双)", "goods", 600, 60),
    Item("电热水壶", "goods", 3500, 8),
    Item("家电清洗一次", "service", 3000, 20),
    Item("家政保洁2小时", "service", 2500, None, is_basic=True),
    Item("水电维修上门一次", "service", 1500, None, is_basic=True),
    Item("义务理发一次", "service", 500, None, is_basic=True),
    Item("中医推拿体验一次", "service", 1000, 30),
    Item("血压血糖上门检测", "service", 600, None),
    Item("文艺汇演门票(2张)", "service", 800, 50),
    Item("羽毛球馆1小时", "service", 1000, 40),
    Item("家庭合影冲印", "service", 700, None),
    Item("社区之星荣誉证书", "honour", 3000, None, is_basic=True),
    Item("最美家庭推荐", "honour", 5000, None),
    Item("志愿服务纪念章", "honour", 2000, 60),
    Item("荣誉墙展示一个月", "honour", 4000, None),
)
