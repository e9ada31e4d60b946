-- One row per household; key household_id. Sizes, income and entitlement in 分 a month.
-- Unknown income can only raise counted_income, so entitlement is the most it can be; the floor of the share
-- of the covered keeps it in whole 分. A payment that is there proves that the payment list came.
-- fixed, least: what each covered person gets at most and at least where income does not matter (特困), else empty.
-- counted_income has every wage, certain_income only what is sure; owed is the entitlement without supplements.
-- income_missing: sources of income that were not checked.
WITH people AS (
    SELECT
        household_id,
        count(*) FILTER (WHERE counts) AS counting,
        count(*) FILTER (WHERE counts AND is_covered) AS covered
    FROM counting_member
    GROUP BY household_id
),

-- Each kind of income names its own columns; what it does not name is empty.
earned AS (
    SELECT household_id, employee, resident, resident_counted, evidence
    FROM member_pension
    UNION ALL BY NAME
    SELECT household_id, base, taxed_monthly AS taxed, wage, counted, sure_counted, evidence
    FROM member_wage
    UNION ALL BY NAME
    SELECT household_id, benefit, evidence
    FROM member_benefit
),

income AS (
    SELECT
        household_id,
        sum(employee)::BIGINT AS employee,
        sum(resident)::BIGINT AS resident,
        sum(resident_counted)::BIGINT AS resident_counted,
        sum(base)::BIGINT AS base,
        sum(taxed)::BIGINT AS taxed,
        sum(wage)::BIGINT AS wage,
        sum(counted)::BIGINT AS wage_counted,
        sum(sure_counted)::BIGINT AS wage_sure,
        sum(benefit)::BIGINT AS benefit,
        list_sort(flatten(list(evidence))) AS evidence
    FROM earned
    GROUP BY household_id
),

added AS (
    SELECT household_id, sum(supplement)::BIGINT AS supplement, sum(price)::BIGINT AS price
    FROM member_supplement
    GROUP BY household_id
),

checked AS (
    SELECT household_id, list(source ORDER BY source) AS sources
    FROM source_status
    WHERE status IN ('matched', 'no_record')
    GROUP BY household_id
),

sized AS (
    SELECT
        h.record_id AS household_id,
        h.programme,
        h.category,
        h.listed_amount,
        h.paid_amount,
        coalesce(p.counting, 0) AS counting,
        coalesce(p.covered, 0) AS covered,
        coalesce(i.employee, 0) AS employee,
        coalesce(i.resident, 0) AS resident,
        coalesce(i.resident_counted, 0) AS resident_counted,
        coalesce(i.base, 0) AS base,
        coalesce(i.taxed, 0) AS taxed,
        coalesce(i.wage, 0) AS wage,
        coalesce(i.wage_counted, 0) AS wage_counted,
        coalesce(i.benefit, 0) AS benefit,
        coalesce(i.employee, 0) + coalesce(i.resident_counted, 0) + coalesce(i.benefit, 0) AS other_income,
        other_income + coalesce(i.wage_counted, 0) AS counted_income,
        other_income + coalesce(i.wage_sure, 0) AS certain_income,
        coalesce(a.supplement, 0) AS supplement,
        coalesce(a.price, 0) AS price,
        coalesce(i.evidence, []) AS income_evidence,
        s.standard,
        s.fixed,
        s.least,
        list_concat(
            coalesce(c.sources, []),
            CASE WHEN h.paid_amount IS NULL THEN [] ELSE ['payment'] END
        ) AS checked
    FROM household AS h
    JOIN programme_standard AS s ON s.programme = h.programme
    LEFT JOIN people AS p ON p.household_id = h.record_id
    LEFT JOIN income AS i ON i.household_id = h.record_id
    LEFT JOIN added AS a ON a.household_id = h.record_id
    LEFT JOIN checked AS c ON c.household_id = h.record_id
),

limited AS (
    SELECT
        s.* EXCLUDE (other_income),
        standard * counting AS income_limit,
        list_filter(t.income_sources, lambda source: NOT list_contains(s.checked, source)) AS income_missing,
        CASE
            WHEN counting = 0 OR fixed IS NOT NULL THEN 0
            ELSE greatest(standard * counting - certain_income, 0) * covered // counting
        END AS owed
    FROM sized AS s
    CROSS JOIN term AS t
)

SELECT
    *,
    CASE
        WHEN fixed IS NOT NULL THEN fixed * covered + price
        WHEN certain_income > income_limit THEN 0
        ELSE owed + supplement + price
    END AS entitlement
FROM limited
ORDER BY household_id
