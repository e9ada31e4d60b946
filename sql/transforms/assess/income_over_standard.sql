-- One row per household: counted income of its members who count against standard × their number, 分 a month.
-- Exactly at the standard is within here: "exceeded" is what is certainly over, and clearly so where the pack says
-- what that is. Over it by less, or by a wage that only a contribution base at the floor states: to be confirmed.
SELECT
    f.household_id,
    '' AS subject,
    f.counted_income AS value,
    f.income_limit AS "limit",
    CASE
        WHEN f.certain_income * t.whole > f.income_limit * t.income_clearly_above THEN 'exceeded'
        WHEN f.counted_income > f.income_limit THEN 'to_confirm'
        ELSE 'within'
    END AS finding,
    to_json({
        'base': f.base,
        'benefit': f.benefit,
        'certain': f.certain_income,
        'clearly': f.income_limit * t.income_clearly_above // t.whole,
        'cost': f.wage - f.wage_counted,
        'counting': f.counting,
        'disregard': t.disregard,
        'employee': f.employee,
        'resident': f.resident,
        'resident_counted': f.resident_counted,
        'standard': f.standard,
        'taxed': f.taxed,
        'wage': f.wage
    })::VARCHAR AS detail,
    f.income_evidence AS evidence
FROM household_fact AS f
CROSS JOIN term AS t
