SELECT
  count() AS `lines`
FROM `logs`
WHERE (tenant = {p0:String}) AND (received >= fromUnixTimestamp64Milli({p1:Int64})) AND (((seq >= {p2:UInt64}) AND (seq < {p3:UInt64})) OR ((seq >= {p4:UInt64}) AND (seq < {p5:UInt64})))
-- p0 String "acme"
-- p1 Int64 1767299430000
-- p2 UInt64 "216172782122172416"
-- p3 UInt64 "216172782124269568"
-- p4 UInt64 "288230376151711744"
-- p5 UInt64 "288230376152760320"
