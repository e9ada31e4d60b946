-- One row per member paid for a month after that of the death; value: days from the death to the end of the last such month.
SELECT
    l.household_id,
    l.member_id AS subject,
    max(last_day((p.pay_month || '-01')::DATE) - d.latest_date)::BIGINT AS value,
    0::BIGINT AS "limit",
    CASE WHEN l.is_dead THEN 'exceeded' ELSE 'to_confirm' END AS finding,
    to_json({
        'died': d.latest_date::VARCHAR,
        'last_month': max(p.pay_month),
        'programmes': list(DISTINCT p.programme ORDER BY p.programme)
    })::VARCHAR AS detail,
    list_concat(any_value(d.evidence), list_concat(list(m.record), list(m.record_id))) AS evidence
FROM counting_member AS l
JOIN recorded_death AS d ON d.member_id = l.member_id
JOIN linked_match AS m ON m.member_id = l.member_id AND m.table_name = 'programme_payment'
JOIN programme_payment AS p ON p.record_id = m.record
WHERE list_contains($monthly, p.programme) AND (p.pay_month || '-01')::DATE > d.latest_date
GROUP BY l.household_id, l.member_id, l.is_dead, d.latest_date
