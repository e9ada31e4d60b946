-- One row per household; key household_id. Sizes, income and entitlement in 分 a month.
-- Unknown income can only raise counted_income, so entitlement is the most it can be; the floor of the share
-- of the covered keeps it in whole 分. A payment that is there proves that the payment list came.
-- fixed: what each covered person gets at most where income does not matter (特困), else empty.
WITH people AS (
    SELECT
        household_id,
        count(*) FILTER (WHERE is_living) AS living,
        count(*) FILTER (WHERE is_living AND is_covered) AS covered
    FROM living_member
    GROUP BY household_id
),

earned AS (
    SELECT household_id, employee, resident, resident_counted, 0 AS base, 0 AS taxed, 0 AS wage, evidence
    FROM member_pension
    UNION ALL
    SELECT household_id, 0, 0, 0, base, taxed_monthly, wage, evidence
    FROM member_wage
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
        list_sort(flatten(list(evidence))) AS evidence
    FROM earned
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
        h.listed_amount,
        h.paid_amount,
        coalesce(p.living, 0) AS living,
        coalesce(p.covered, 0) AS covered,
        coalesce(i.employee, 0) AS employee,
        coalesce(i.resident, 0) AS resident,
        coalesce(i.resident_counted, 0) AS resident_counted,
        coalesce(i.base, 0) AS base,
        coalesce(i.taxed, 0) AS taxed,
        coalesce(i.wage, 0) AS wage,
        coalesce(i.employee + i.resident_counted + i.wage, 0) AS counted_income,
        coalesce(i.evidence, []) AS income_evidence,
        s.standard,
        s.fixed,
        list_concat(
            coalesce(c.sources, []),
            CASE WHEN h.paid_amount IS NULL THEN [] ELSE ['payment'] END
        ) AS checked
    FROM household AS h
    JOIN programme_standard AS s ON s.programme = h.programme
    LEFT JOIN people AS p ON p.household_id = h.record_id
    LEFT JOIN income AS i ON i.household_id = h.record_id
    LEFT JOIN checked AS c ON c.household_id = h.record_id
)

SELECT
    *,
    standard * living AS income_limit,
    CASE
        WHEN living = 0 THEN 0
        WHEN fixed IS NOT NULL THEN fixed * covered
        ELSE greatest(standard * living - counted_income, 0) * covered // living
    END AS entitlement
FROM sized
ORDER BY household_id
