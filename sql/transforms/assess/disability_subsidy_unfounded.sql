-- One row per member with a disability subsidy in its latest month and no certificate that carries it; value: subsidies.
-- Certificates are read only where the registry of them was checked for the household.
WITH certified AS (
    SELECT
        m.member_id,
        bool_or(d.state = 'valid') AS is_valid,
        bool_or(d.state = 'valid' AND list_contains($care_levels, d."level")) AS is_severe,
        list_concat(list(m.record), list(m.record_id)) AS evidence
    FROM linked_match AS m
    JOIN disability AS d ON d.record_id = m.record
    WHERE m.table_name = 'disability'
    GROUP BY m.member_id
),

judged AS (
    SELECT
        l.household_id,
        l.member_id,
        p.programme,
        p.record,
        p.match_id,
        coalesce(c.evidence, []) AS evidence,
        CASE
            WHEN c.member_id IS NULL THEN 'no_certificate'
            WHEN NOT c.is_valid THEN 'not_valid'
            WHEN p.programme = 'disability_care' AND NOT c.is_severe THEN 'level'
        END AS kind
    FROM counting_member AS l
    JOIN current_payment AS p ON p.member_id = l.member_id
    JOIN household_fact AS f ON f.household_id = l.household_id
    LEFT JOIN certified AS c ON c.member_id = l.member_id
    WHERE l.counts
        AND p.programme IN ('disability_living', 'disability_care')
        AND list_contains(f.checked, 'disability')
)

SELECT
    household_id,
    member_id AS subject,
    count(DISTINCT programme) AS value,
    0::BIGINT AS "limit",
    CASE WHEN bool_and(kind = 'no_certificate') THEN 'to_confirm' ELSE 'exceeded' END AS finding,
    to_json({
        'kind': min(kind),
        'programmes': list(DISTINCT programme ORDER BY programme)
    })::VARCHAR AS detail,
    list_distinct(flatten([list(record), list(match_id), flatten(list(evidence))])) AS evidence
FROM judged
WHERE kind IS NOT NULL
GROUP BY household_id, member_id
