-- One row per member who counts with a contribution base or taxed income; key member_id. Amounts in 分 a month.
-- The wage is the larger of the two, so that one job is never counted twice. Several insurances of a month
-- state the same base: the largest speaks. Taxed income is spread over its months, rounded down.
-- `sure` leaves out a base at the floor that no taxed income bears out. `counted` and `sure_counted` are the wage
-- and the sure part of it less what working costs.
WITH insured AS (
    SELECT
        h.household_id,
        h.member_id,
        max(c.base) AS base,
        list_concat(list(h.record), list(h.match_id)) AS evidence
    FROM held AS h
    JOIN current_contribution AS c ON c.record_id = h.record
    WHERE h.table_name = 'contribution'
    GROUP BY h.household_id, h.member_id
),

-- The same row delivered twice counts once.
stated AS (
    SELECT
        h.household_id,
        h.member_id,
        t.amount,
        t.months,
        list_concat(list(h.record), list(h.match_id)) AS evidence
    FROM held AS h
    JOIN current_taxed_income AS t ON t.record_id = h.record
    WHERE h.table_name = 'taxed_income'
    GROUP BY
        h.household_id, h.member_id, t.income_kind, t.agent, t.period_start, t.period_end, t.amount, t.months
),

-- Payments over equally many months add up before they are divided.
by_length AS (
    SELECT household_id, member_id, sum(amount) // months AS monthly, flatten(list(evidence)) AS evidence
    FROM stated
    GROUP BY household_id, member_id, months
),

taxed AS (
    SELECT
        household_id,
        member_id,
        sum(monthly)::BIGINT AS monthly,
        flatten(list(evidence)) AS evidence
    FROM by_length
    GROUP BY household_id, member_id
),

both_sides AS (
    SELECT
        coalesce(i.household_id, t.household_id) AS household_id,
        coalesce(i.member_id, t.member_id) AS member_id,
        coalesce(i.base, 0) AS base,
        coalesce(t.monthly, 0) AS taxed_monthly,
        list_sort(list_concat(coalesce(i.evidence, []), coalesce(t.evidence, []))) AS evidence
    FROM insured AS i
    FULL JOIN taxed AS t ON t.member_id = i.member_id
),

weighed AS (
    SELECT
        b.*,
        greatest(b.base, b.taxed_monthly, 0)::BIGINT AS wage,
        CASE
            WHEN b.base <= t.income_base_floor THEN greatest(b.taxed_monthly, 0)
            ELSE greatest(b.base, b.taxed_monthly, 0)
        END::BIGINT AS sure,
        t.income_employment_cost_rate AS rate,
        p.standard * t.income_employment_cost_standard_share // t.whole AS share,
        t.income_employment_cost_cap AS cap,
        t.whole
    FROM both_sides AS b
    JOIN household AS h ON h.record_id = b.household_id
    JOIN programme_standard AS p ON p.programme = h.programme
    CROSS JOIN term AS t
)

SELECT
    * EXCLUDE (rate, share, cap, whole),
    (wage - least(wage, cap, greatest(wage * rate // whole, share, 0)))::BIGINT AS counted,
    (sure - least(sure, cap, greatest(sure * rate // whole, share, 0)))::BIGINT AS sure_counted
FROM weighed
ORDER BY member_id
