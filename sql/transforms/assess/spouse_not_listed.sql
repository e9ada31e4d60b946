-- One row per member whose latest marriage stands with somebody who is no member; value: the day of the marriage.
-- The other party stands in the other slot of the same row. Nothing is said where the pair is linked or under review
-- in the household, or where another member of the other sex and of age is not known to be another's spouse: that may
-- be the one, whose entry bears no number or another certificate.
WITH events AS (
    SELECT
        l.household_id,
        l.member_id,
        a.event,
        a.event_date,
        m.record,
        m.record_id AS match_id,
        regexp_replace(m.record, '\.[0-9]+$', '') AS entry
    FROM counting_member AS l
    JOIN linked_match AS m ON m.member_id = l.member_id AND m.table_name = 'marriage'
    JOIN marriage AS a ON a.record_id = m.record
    WHERE l.counts AND a.event_date <= $last_day
),

latest AS (
    SELECT *
    FROM events
    QUALIFY row_number() OVER (
        PARTITION BY member_id
        ORDER BY event_date DESC, event IN ('divorce', 'annulled') DESC, record
    ) = 1
),

married AS (
    SELECT l.*, p.sex
    FROM latest AS l
    JOIN household_member AS p ON p.record_id = l.member_id
    WHERE l.event IN ('marriage', 'reissued')
),

other_party AS (
    SELECT member_id, record FROM linked_match WHERE table_name = 'marriage'
    UNION ALL
    SELECT member_id, record FROM linked_review WHERE source IN (SELECT source FROM marriage)
),

-- Two members of one birth date may bear one number by mistake: sex and age are then perhaps another's.
doubtful AS (
    SELECT p.record_id
    FROM household_member AS p
    JOIN household_member AS q
        ON q.household_id = p.household_id AND q.record_id <> p.record_id AND q.birth_date = p.birth_date
),

-- Members whose own spouse is known, and is another member.
settled AS (
    SELECT DISTINCT b.member_id
    FROM married AS b
    JOIN other_party AS o
        ON regexp_replace(o.record, '\.[0-9]+$', '') = b.entry AND o.member_id <> b.member_id
)

SELECT
    a.household_id,
    a.member_id AS subject,
    (a.event_date - DATE '1970-01-01')::BIGINT AS value,
    NULL::BIGINT AS "limit",
    'to_confirm' AS finding,
    to_json({'event': a.event})::VARCHAR AS detail,
    [a.record, a.match_id] AS evidence
FROM married AS a
WHERE NOT EXISTS (
    SELECT 1
    FROM other_party AS o
    JOIN household_member AS p ON p.record_id = o.member_id
    WHERE p.household_id = a.household_id
        AND o.member_id <> a.member_id
        AND regexp_replace(o.record, '\.[0-9]+$', '') = a.entry
)
AND NOT EXISTS (
    SELECT 1
    FROM linked_review AS r
    JOIN marriage AS d ON d.record_id = r.record
    WHERE r.member_id = a.member_id
        AND d.event IN ('divorce', 'annulled')
        AND d.event_date BETWEEN a.event_date AND $last_day
)
AND NOT EXISTS (
    SELECT 1
    FROM household_member AS p
    WHERE p.household_id = a.household_id
        AND p.record_id <> a.member_id
        AND (p.sex IS DISTINCT FROM a.sex OR p.record_id IN (SELECT record_id FROM doubtful))
        AND (
            coalesce(date_sub('year', p.birth_date, $last_day) >= $least_age, true)
            OR p.record_id IN (SELECT record_id FROM doubtful)
        )
        AND p.record_id NOT IN (SELECT member_id FROM settled)
)
