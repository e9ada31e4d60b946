-- One row per case of this month: raised now, or open the month before and no longer raised; key case_id.
-- A case that is no longer raised is closed only when that could be seen: its household is off the list, its
-- member is, the rule's line says "within", or every registry that once spoke was heard again. Else it is kept
-- with what is missing: silence is not zero. A household without a line of the rule is asked something else.
WITH open_before AS (
    SELECT * FROM previous WHERE state IN ('opened', 'kept')
),

gone AS (
    SELECT
        b.*,
        l.record_id AS line_id,
        l.missing_sources AS line_missing,
        l.verdict,
        a.household_id IS NULL AS is_household_gone,
        b.subject <> '' AS is_about_member,
        NOT EXISTS (SELECT 1 FROM member AS m WHERE m.record_id = b.subject) AS is_member_gone,
        list_filter(
            coalesce(a.missing_sources, []),
            lambda source: list_contains(coalesce((b.detail->'$.sources')::VARCHAR[], []), source)
        ) AS unheard
    FROM open_before AS b
    LEFT JOIN raised AS r ON r.case_id = b.case_id
    LEFT JOIN assessed_household AS a ON a.household_id = b.household_id
    LEFT JOIN assessed_line AS l
        ON l.household_id = b.household_id AND l.rule = b.code AND l.subject = b.subject
        AND NOT l.is_shadow
    WHERE r.case_id IS NULL
),

judged AS (
    SELECT
        *,
        CASE
            WHEN is_household_gone THEN 'closed'
            WHEN is_about_member AND (is_member_gone OR len(unheard) = 0) THEN 'closed'
            WHEN is_about_member OR verdict = 'cannot_verify' THEN 'kept'
            ELSE 'closed'
        END AS state_now
    FROM gone
)

SELECT
    r.case_id,
    r.household_id,
    r.household_no,
    r.programme,
    r.town,
    r.village,
    r.code,
    r.track,
    r.subject,
    CASE WHEN b.case_id IS NULL THEN 'opened' ELSE 'kept' END AS state,
    coalesce(b.first_month, $month) AS first_month,
    r.value,
    r."limit",
    r.unit,
    r.detail,
    r.missing_sources,
    r.derived_from
FROM raised AS r
LEFT JOIN open_before AS b ON b.case_id = r.case_id
UNION ALL
SELECT
    case_id,
    household_id,
    household_no,
    programme,
    town,
    village,
    code,
    track,
    subject,
    state_now AS state,
    first_month,
    value,
    "limit",
    unit,
    detail,
    CASE WHEN state_now = 'closed' THEN [] WHEN is_about_member THEN unheard ELSE line_missing END
        AS missing_sources,
    CASE
        WHEN state_now = 'closed' OR line_id IS NULL THEN [record_id]
        ELSE list_sort([record_id, line_id])
    END AS derived_from
FROM judged
ORDER BY case_id
