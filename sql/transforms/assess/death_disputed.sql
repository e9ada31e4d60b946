-- One row per member whose recorded death another record contradicts; value: days apart.
SELECT
    l.household_id,
    l.member_id AS subject,
    (d.latest_date - d.first_date)::BIGINT AS value,
    $tolerance::BIGINT AS "limit",
    'to_confirm' AS finding,
    to_json({
        'first': d.first_date::VARCHAR,
        'kind': CASE WHEN d.is_disputed THEN 'alive' ELSE 'days' END,
        'latest': d.latest_date::VARCHAR,
        'signs': d.signs
    })::VARCHAR AS detail,
    d.evidence
FROM counting_member AS l
JOIN recorded_death AS d ON d.member_id = l.member_id
WHERE d.is_disputed OR d.latest_date - d.first_date > $tolerance
