SELECT
  count() AS `parts`
FROM `traces`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket < toDateTime({p2:UInt32}))
-- p0 String "acme"
-- p1 UInt32 1767299100
-- p2 UInt32 1767304500
