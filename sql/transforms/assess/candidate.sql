-- One row per person or household that may be owed help it does not have (应保未保); key (kind, household_id, subject).
-- Found only in what was lawfully asked already: nothing new is looked up before the family agrees. A payment under
-- review, a registry that was not checked and a household over a limit give no candidate.
WITH asked AS (
    SELECT household_id, programme, checked
    FROM household_fact
    WHERE list_contains(checked, 'other_payments')
),

person AS (
    SELECT
        a.programme AS own_programme,
        a.checked,
        c.household_id,
        c.member_id,
        c.is_covered,
        m.birth_date,
        m.birth_date + to_years(t.elder_age::INTEGER) AS of_age,
        [m.record_id] AS listed
    FROM counting_member AS c
    JOIN asked AS a ON a.household_id = c.household_id
    JOIN household_member AS m ON m.record_id = c.member_id
    CROSS JOIN basis AS t
    WHERE c.counts
),

-- What a person has this month, or might have: a pair under review is no absence.
has AS (
    SELECT member_id, programme FROM current_payment
    UNION
    SELECT r.member_id, p.programme
    FROM linked_review AS r
    JOIN programme_payment AS p ON p.record_id = r.record
),

certificate AS (
    SELECT
        m.member_id,
        bool_or(list_contains(t.disability_care_levels, d."level")) AS is_severe,
        min(d."level") AS "level",
        list_sort(list_concat(list(m.record), list(m.record_id))) AS evidence
    FROM linked_match AS m
    JOIN disability AS d ON d.record_id = m.record
    CROSS JOIN basis AS t
    WHERE m.table_name = 'disability' AND d.state = 'valid'
    GROUP BY m.member_id
),

minors AS (
    SELECT
        c.household_id,
        c.member_id,
        date_sub('year', m.birth_date, $last_day) AS years,
        c.counts,
        c.is_dead,
        c.is_held
    FROM counting_member AS c
    JOIN household_member AS m ON m.record_id = c.member_id
),

left_alone AS (
    SELECT
        household_id,
        bool_or((is_dead OR is_held) AND years >= t.child_age) AS has_lost,
        bool_or(counts AND coalesce(years >= t.child_age, true)) AS has_grown
    FROM minors
    CROSS JOIN basis AS t
    GROUP BY household_id
),

found AS (
    SELECT
        'elder_allowance_due' AS kind,
        p.household_id,
        p.member_id AS subject,
        ($last_day - p.of_age::DATE)::BIGINT AS value,
        'days' AS unit,
        to_json({'age': t.elder_age, 'of_age': p.of_age::DATE::VARCHAR})::VARCHAR AS detail,
        p.listed AS evidence
    FROM person AS p
    CROSS JOIN basis AS t
    ANTI JOIN has ON has.member_id = p.member_id AND has.programme = 'elder_allowance'
    WHERE p.of_age <= $last_day
    UNION ALL
    SELECT
        'disability_living_due' AS kind,
        p.household_id,
        p.member_id AS subject,
        1 AS value,
        'count' AS unit,
        to_json({'level': c."level"})::VARCHAR AS detail,
        c.evidence
    FROM person AS p
    JOIN certificate AS c ON c.member_id = p.member_id
    CROSS JOIN basis AS t
    ANTI JOIN has ON has.member_id = p.member_id AND has.programme = 'disability_living'
    WHERE p.is_covered
        AND list_contains(p.checked, 'disability')
        AND NOT list_contains(t.stacking_forbidden, p.own_programme || '+disability_living')
    UNION ALL
    SELECT
        'disability_care_due' AS kind,
        p.household_id,
        p.member_id AS subject,
        1 AS value,
        'count' AS unit,
        to_json({'level': c."level"})::VARCHAR AS detail,
        c.evidence
    FROM person AS p
    JOIN certificate AS c ON c.member_id = p.member_id AND c.is_severe
    CROSS JOIN basis AS t
    ANTI JOIN has ON has.member_id = p.member_id AND has.programme = 'disability_care'
    WHERE list_contains(p.checked, 'disability')
        AND NOT (p.is_covered AND list_contains(t.stacking_forbidden, p.own_programme || '+disability_care'))
    UNION ALL
    SELECT
        'orphan_of_fact' AS kind,
        m.household_id,
        m.member_id AS subject,
        m.years AS value,
        'years' AS unit,
        to_json({'child_age': t.child_age})::VARCHAR AS detail,
        [m.member_id] AS evidence
    FROM minors AS m
    JOIN left_alone AS a ON a.household_id = m.household_id
    CROSS JOIN basis AS t
    WHERE m.counts AND m.years < t.child_age AND a.has_lost AND NOT a.has_grown
    UNION ALL
    SELECT
        'recent_exit' AS kind,
        b.household_id,
        '' AS subject,
        b.counted_income AS value,
        'fen_per_month' AS unit,
        to_json({'members': b.counting_members, 'standard': b.standard})::VARCHAR AS detail,
        [b.household_id] AS evidence
    FROM household_before AS b
    ANTI JOIN household AS h ON h.record_id = b.household_id
)

SELECT
    'C-' || upper(left(sha256(concat_ws('|', f.household_id, $month, f.kind, f.subject)), $id_length)) AS record_id,
    f.kind,
    f.household_id,
    f.subject,
    f.value,
    f.unit,
    f.detail,
    b.parameter,
    b.valid_from,
    b.citation,
    -- Whoever is not on a list any more has to agree before anything is looked up again.
    CASE WHEN f.kind = 'recent_exit' THEN 'ask' ELSE 'on_file' END AS consent,
    list_sort(list_distinct(list_append(f.evidence, f.household_id))) AS derived_from
FROM found AS f
JOIN kind_basis AS b ON b.kind = f.kind
ORDER BY f.kind, f.household_id, f.subject
