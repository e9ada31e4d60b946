-- One row per post or share that would count in a business that is live; key record_id.
-- `counts` is empty where the capital, or the business itself, is not known: silence is not zero.
WITH registered AS (
    SELECT *
    FROM business
    QUALIFY row_number() OVER (PARTITION BY business_no ORDER BY record_id) = 1
)

SELECT
    r.record_id,
    r.business_no,
    r.role,
    b.record_id AS business_record,
    b.business_kind,
    b.capital,
    b.established_date,
    b.capital >= $capital AS counts
FROM business_role AS r
LEFT JOIN registered AS b ON b.business_no = r.business_no
WHERE list_contains($roles::VARCHAR[], r.role)
    AND coalesce(b.state, 'live') = 'live'
ORDER BY r.record_id
