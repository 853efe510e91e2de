SELECT
  countIf(NOT (key_hash = 0)) AS `keyed`,
  countIf(key_hash = 0) AS `withoutKey`
FROM (SELECT
  key_hash AS `key_hash`
FROM `scenario_steps`
WHERE (tenant = {p0:String}) AND (scenario = {p1:String}) AND (version = {p2:UInt32}) AND (bucket >= toDateTime({p3:UInt32})) AND (bucket < toDateTime({p4:UInt32})))
WHERE (key_hash <= {p5:UInt64})
-- p0 String "acme"
-- p1 String "sc"
-- p2 UInt32 2
-- p3 UInt32 1767299670
-- p4 UInt32 1767303660
-- p5 UInt64 "288230376151711743"
