-- One row per household and live business its members who count have a counted post or share in.
-- Two members of one business, or one member in two posts, are one business.
SELECT
    h.household_id,
    c.business_no,
    bool_or(c.counts) AS counts,
    min({
        'capital': c.capital,
        'established': c.established_date::VARCHAR,
        'kind': c.business_kind
    }) AS shown,
    list(DISTINCT c.role ORDER BY c.role) AS roles,
    list_concat(
        list(h.record),
        list(h.match_id),
        coalesce(list(c.business_record) FILTER (WHERE c.business_record IS NOT NULL), [])
    ) AS evidence
FROM held AS h
JOIN counted_role AS c ON c.record_id = h.record
WHERE h.table_name = 'business_role'
GROUP BY h.household_id, c.business_no
ORDER BY h.household_id, c.business_no
