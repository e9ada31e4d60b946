"""Plain words for parameters, units and values, in Chinese and English: for the rule book and the terminal."""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.policy.catalogue import Unit
from pipelines.policy.stated import Formula, Step

_FEN = 100
_M2 = 100

NAMES: Mapping[str, tuple[str, str]] = {
    "income.standard.urban": ("城镇低保标准", "Urban subsistence standard"),
    "income.standard.rural": ("农村低保标准", "Rural subsistence standard"),
    "income.floor.urban": ("省定城镇最低标准", "Provincial floor of the urban standard"),
    "income.floor.rural": ("省定农村最低标准", "Provincial floor of the rural standard"),
    "income.disposable.urban": ("城镇居民人均可支配收入", "Disposable income of an urban resident"),
    "income.disposable.rural": ("农村居民人均可支配收入", "Disposable income of a rural resident"),
    "income.resident_pension_disregard": (
        "城乡居民养老金不计入的部分",
        "Part of a resident pension that does not count",
    ),
    "income.taxed_months": ("上年纳税收入按几个月平均", "Months over which a year's taxed income is spread"),
    "income.sources": ("核对收入需要的数据来源", "Registries the income test needs"),
    "income.employment_cost.rate": ("就业成本占工资的比例", "Employment cost, share of the wage"),
    "income.employment_cost.standard_share": (
        "就业成本占低保标准的比例",
        "Employment cost, share of the standard",
    ),
    "income.employment_cost.cap": ("就业成本扣减上限", "Employment cost, at most"),
    "income.base_floor": ("缴费基数下限", "Least contribution base"),
    "income.clearly_above": ("明显超出标准的界线", "Clearly above the standard"),
    "income.not_counted": ("不计入收入的项目", "Payments that do not count as income"),
    "assets.vehicles.limit": ("机动车数量上限", "Motor vehicles allowed"),
    "assets.vehicles.exempt_types": ("不计的车辆类型", "Vehicle types that do not count"),
    "assets.vehicles.exempt_plate_types": ("不计的号牌种类", "Plate types that do not count"),
    "assets.vehicles.gone_status": ("视为已不存在的车辆状态", "Vehicle states that mean it is gone"),
    "assets.vehicles.sources": ("核对车辆需要的数据来源", "Registries the vehicle test needs"),
    "assets.dwellings.limit": ("住房套数上限", "Dwellings allowed"),
    "assets.dwellings.limit_by_area": (
        "人均面积较小时的住房套数上限",
        "Dwellings allowed where they are small",
    ),
    "assets.dwellings.area_per_head": ("人均住房面积界线", "Dwelling area for each member"),
    "assets.dwellings.sources": ("核对住房需要的数据来源", "Registries the dwelling test needs"),
    "assets.non_residential.limit": ("非居住用房数量上限", "Non-residential properties allowed"),
    "assets.non_residential.sources": ("核对非居住用房需要的数据来源", "Registries that test needs"),
    "assets.businesses.limit": ("市场主体数量上限", "Businesses allowed"),
    "assets.businesses.capital": ("计入的认缴资本起点", "Registered capital from which a business counts"),
    "assets.businesses.roles": ("计入的任职与出资身份", "Posts and shares that count"),
    "assets.businesses.kiosk_capital": (
        "可能属于家庭小卖部的资本上限",
        "Capital up to which it may be a family kiosk",
    ),
    "assets.businesses.sources": ("核对市场主体需要的数据来源", "Registries the business test needs"),
    "assets.financial.months": ("人均金融资产相当于几个月标准", "Financial assets, months of the standard"),
    "assets.financial.not_counted": ("不计入的金融资产种类", "Kinds of holdings that are no assets"),
    "assets.financial.sources": ("核对金融资产需要的数据来源", "Registries the financial test needs"),
    "amount.materiality": ("金额差异达到多少才核实", "Difference from which an amount is looked at"),
    "amount.hysteresis": ("金额疑点关闭的界线", "Share of it below which a question closes"),
    "amount.review_months": ("金额复核月份", "Months in which amounts are reviewed"),
    "amount.between_reviews": ("两次复核之间的差异界线", "Difference between reviews"),
    "amount.sources": ("核对金额需要的数据来源", "Registries the amount test needs"),
    "deaths.sources": ("核对死亡信息的数据来源", "Registries of deaths"),
    "deaths.late_months": (
        "死亡后单位仍可缴费的月数",
        "Months after a death in which an employer may still contribute",
    ),
    "deaths.tolerance": ("各部门死亡日期可相差天数", "Days by which registries may differ on a death"),
    "custody.sources": ("核对在押信息的数据来源", "Registries of custody"),
    "custody.states": (
        "不计入家庭成员的在押状态",
        "States of custody that take a person out of the household",
    ),
    "population.sources": ("核对人口变动的数据来源", "Registries of hukou and marriage"),
    "population.marriage_age": ("可能为配偶的最低年龄", "Least age of a spouse"),
    "stacking.once": ("同一人可列入的户数", "Households that may list one person"),
    "stacking.forbidden": ("不得叠加的待遇", "Benefits that may not be had together"),
    "stacking.sources": ("核对待遇叠加的数据来源", "Registries of other benefits"),
    "pay_list.monthly": ("按月发放、死亡次月停发的待遇", "Monthly payments that end with the month of death"),
    "pay_list.sources": ("核对发放名单的数据来源", "Registries of pay lists"),
    "disability.care_levels": (
        "可享受护理补贴的残疾等级",
        "Levels of disability that carry the care subsidy",
    ),
    "disability.sources": ("核对残疾人补贴的数据来源", "Registries for the disability subsidies"),
    "elder.age": ("高龄津贴起始年龄", "Age of the allowance for the very old"),
    "elder.sources": ("核对高龄津贴的数据来源", "Registries for the allowance for the very old"),
    "candidates.kinds": ("应保未保线索类别", "Kinds of people who may be owed help"),
    "candidates.child_age": ("儿童年龄上限", "Age below which somebody is a child"),
    "support.basic": ("特困人员基本生活标准", "Basic living in destitute support"),
    "support.care_most": ("照料护理标准（全护理）", "Care allowance, full care"),
    "support.floor": ("特困基本生活最低标准", "Floor of basic living in destitute support"),
    "supplement.aged.from": ("老年人分类施保起始年龄", "Supplement for the aged, from"),
    "supplement.aged.amount": ("老年人分类施保金额", "Supplement for the aged"),
    "supplement.child.below": ("儿童分类施保年龄上限", "Supplement for children, below"),
    "supplement.child.amount": ("儿童分类施保金额", "Supplement for children"),
    "supplement.disabled.levels": ("分类施保的残疾等级", "Supplement for disability, levels"),
    "supplement.disabled.amount": ("残疾人分类施保金额", "Supplement for disability"),
    "supplement.price": ("价格临时补贴", "Temporary price subsidy"),
    "tiers.marginal": ("低保边缘家庭收入线", "Income line of marginal households"),
    "tiers.rigid": ("刚性支出困难家庭收入线", "Income line of households in need by rigid spending"),
    "tiers.single.levels": ("可单人申请的残疾等级", "Disability levels that may apply alone"),
    "tiers.single.mental_levels": (
        "可单人申请的智力、精神残疾等级",
        "Levels of intellectual or mental disability that may apply alone",
    ),
    "exit.gradual_months": ("渐退期", "Gradual exit"),
    "retention.raw": ("原始数据保存期限", "How long raw data stays"),
    "retention.flagged": ("预警及其证据保存期限", "How long flags and their evidence stay"),
}

_UNITS: Mapping[Unit, tuple[str, str]] = {
    Unit.FEN: ("元", "yuan"),
    Unit.FEN_PER_MONTH: ("元/月", "yuan a month"),
    Unit.FEN_PER_PERSON_MONTH: ("元/人月", "yuan per person and month"),
    Unit.FEN_PER_PERSON_QUARTER: ("元/人季", "yuan per person and quarter"),
    Unit.FEN_PER_PERSON_YEAR: ("元/人年", "yuan per person and year"),
    Unit.COUNT: ("", ""),
    Unit.MONTHS: ("个月", "months"),
    Unit.CODES: ("", ""),
    Unit.PERCENT: ("%", "%"),
    Unit.YEARS: ("岁", "years of age"),
    Unit.DAYS: ("天", "days"),
    Unit.HUNDREDTH_M2_PER_PERSON: ("平方米/人", "m² per person"),
}
_ROUNDINGS = {
    "up": ("向上取整到", "rounded up to whole"),
    "down": ("向下取整到", "rounded down to whole"),
    "half_up": ("四舍五入到", "rounded to whole"),
}
_NOTHING = {"zh": "（已停止）", "en": "(ended)"}
_NONE = {"zh": "（无）", "en": "(none)"}


_PROGRAMMES = {
    "dibao_urban": ("城市低保", "Urban dibao"),
    "dibao_rural": ("农村低保", "Rural dibao"),
    "tekun": ("特困人员救助供养", "Destitute support (tekun)"),
}


def programme_name(programme: str, lang: str) -> str:
    """A programme in words; its code where it has none yet."""
    return _pick(lang, _PROGRAMMES.get(programme, (programme, programme)))


def _pick(lang: str, pair: tuple[str, str]) -> str:
    return pair[0] if lang == "zh" else pair[1]


def name_of(path: str, lang: str) -> str:
    """A parameter's name in words; its path where it has none yet."""
    return _pick(lang, NAMES.get(path, (path, path)))


def shown(value: int | tuple[str, ...] | None, unit: str, lang: str) -> str:
    """A value with its unit as a citizen reads it: money in 元."""
    if value is None:
        return _NOTHING[lang]
    if not isinstance(value, int):
        return ("、" if lang == "zh" else ", ").join(value) or _NONE[lang]
    known = Unit(unit)
    number = _decimal(value, _FEN) if "fen" in unit else str(value)
    number = _decimal(value, _M2) if known is Unit.HUNDREDTH_M2_PER_PERSON else number
    word = _pick(lang, _UNITS[known])
    return f"{number}{'' if word in ('', '%') else ' '}{word}"


def step_shown(step: Step, lang: str) -> str:
    """What a dated value says, a formula in words."""
    if not isinstance(step.value, Formula):
        return shown(step.value, step.unit, lang)
    formula = step.value
    grain = f"{_decimal(formula.to, _FEN)} {_pick(lang, ('元', 'yuan'))}"
    rounded = f"{_pick(lang, _ROUNDINGS[formula.rounding])} {grain}"
    if lang == "zh":
        return f"“{name_of(formula.of, lang)}”的 {formula.percent}%，{rounded}"
    return f"{formula.percent}% of “{name_of(formula.of, lang)}”, {rounded}"


def _decimal(value: int, hundred: int) -> str:
    whole, rest = divmod(value, hundred)
    return f"{whole:,}.{rest:02d}" if rest else f"{whole:,}"
