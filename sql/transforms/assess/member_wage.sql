-- One row per living member with a contribution base or taxed income; key member_id. Amounts in 分 a month.
-- The wage is the larger of the two, so that one job is never counted twice. Several insurances of a month
-- state the same base: the largest speaks. Taxed income is spread over $taxed_months, rounded down.
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
        list_concat(list(h.record), list(h.match_id)) AS evidence
    FROM held AS h
    JOIN current_taxed_income AS t ON t.record_id = h.record
    WHERE h.table_name = 'taxed_income'
    GROUP BY h.household_id, h.member_id, t.income_kind, t.agent, t.period_start, t.period_end, t.amount
),

taxed AS (
    SELECT
        household_id,
        member_id,
        sum(amount)::BIGINT AS taxed,
        flatten(list(evidence)) AS evidence
    FROM stated
    GROUP BY household_id, member_id
),

both_sides AS (
    SELECT
        coalesce(i.household_id, t.household_id) AS household_id,
        coalesce(i.member_id, t.member_id) AS member_id,
        coalesce(i.base, 0) AS base,
        coalesce(t.taxed, 0) AS taxed,
        coalesce(t.taxed, 0) // $taxed_months AS taxed_monthly,
        list_sort(list_concat(coalesce(i.evidence, []), coalesce(t.evidence, []))) AS evidence
    FROM insured AS i
    FULL JOIN taxed AS t ON t.member_id = i.member_id
)

SELECT
    *,
    greatest(base, taxed_monthly, 0)::BIGINT AS wage
FROM both_sides
ORDER BY member_id
