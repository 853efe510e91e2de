SELECT
  leftPad(lower(hex(fp)), 16, '0') AS `fingerprint`
FROM `resources`
WHERE (tenant = {p0:String}) AND (day >= toDate({p1:UInt16})) AND (day <= toDate({p2:UInt16}))
GROUP BY fp
ORDER BY max(day) DESC, fp
LIMIT {p3:UInt32}
-- p0 String "acme"
-- p1 UInt16 20453
-- p2 UInt16 20455
-- p3 UInt32 10000
