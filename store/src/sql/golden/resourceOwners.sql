SELECT
  leftPad(lower(hex(fp)), 16, '0') AS `fingerprint`
FROM `resources`
WHERE (tenant = {p0:String}) AND (day >= toDate({p1:UInt16})) AND (day <= toDate({p2:UInt16})) AND (arrayExists(run -> position(attributes, unhex(run)) > 0, {p3:Array(String)}))
GROUP BY fp
ORDER BY max(day) DESC, fp
LIMIT {p4:UInt32}
-- p0 String "acme"
-- p1 UInt16 20453
-- p2 UInt16 20455
-- p3 Array(String) ["0a0c6b38732e706f642e6e616d6512060a0474762d31"]
-- p4 UInt32 10000
