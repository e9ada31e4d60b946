-- One row per registry record and household member with the same valid id number (18-digit form).
SELECT
    record.row AS record,
    member.row AS member
FROM record
INNER JOIN member USING (id18)
ORDER BY record, member
