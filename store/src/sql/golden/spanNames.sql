SELECT
  name AS `name`,
  kind AS `kind`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32})) AND (service = {p3:String})
GROUP BY name, kind
ORDER BY count() DESC, name, kind
LIMIT {p4:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767299130
-- p2 UInt32 1767304500
-- p3 String "tv"
-- p4 UInt32 100
