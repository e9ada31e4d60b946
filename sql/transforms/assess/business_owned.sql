-- One row per household: live businesses with capital at or above the pack's amount, 分 of registered capital.
-- A business whose capital nobody knows could be one of them: then nothing can be called within. What may be a kiosk
-- without employees (小卖部), by kind and capital, is to be confirmed on a visit.
WITH summed AS (
    SELECT
        household_id,
        count(*) FILTER (WHERE counts) AS businesses,
        count(*) FILTER (
            WHERE counts AND shown.kind = 'individual' AND shown.capital <= t.assets_businesses_kiosk_capital
        ) AS kiosks,
        count(*) FILTER (WHERE counts IS NULL) AS unknown,
        list({
            'capital': shown.capital,
            'established': shown.established,
            'kind': shown.kind,
            'roles': roles
        } ORDER BY business_no) FILTER (WHERE counts) AS shown,
        flatten(list(evidence)) AS evidence
    FROM held_business
    CROSS JOIN term AS t
    WHERE counts IS DISTINCT FROM false
    GROUP BY household_id
)

SELECT
    f.household_id,
    '' AS subject,
    coalesce(s.businesses, 0) AS value,
    $limit::BIGINT AS "limit",
    CASE
        WHEN coalesce(s.businesses - s.kiosks, 0) > $limit THEN 'exceeded'
        WHEN coalesce(s.businesses, 0) > $limit THEN 'to_confirm'
        WHEN coalesce(s.businesses + s.unknown, 0) > $limit THEN 'cannot_verify'
        ELSE 'within'
    END AS finding,
    to_json({
        'businesses': coalesce(s.shown, []),
        'capital_from': $capital::BIGINT,
        'kiosks': coalesce(s.kiosks, 0),
        'unknown_capital': coalesce(s.unknown, 0)
    })::VARCHAR AS detail,
    coalesce(s.evidence, []) AS evidence
FROM household_fact AS f
LEFT JOIN summed AS s ON s.household_id = f.household_id
