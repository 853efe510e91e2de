SELECT
  leftPad(lower(hex(key_hash)), 16, '0') AS `hash`,
  any(run_key) AS `key`
FROM (SELECT
  key_hash AS `key_hash`,
  key AS `run_key`
FROM `scenario_steps`
WHERE (tenant = {p0:String}) AND (scenario = {p1:String}) AND (version = {p2:UInt32}) AND (bucket >= toDateTime({p3:UInt32})) AND (bucket < toDateTime({p4:UInt32})))
WHERE (key_hash IN ({p5:Array(UInt64)}))
GROUP BY key_hash
-- p0 String "acme"
-- p1 String "sc"
-- p2 UInt32 2
-- p3 UInt32 1767299730
-- p4 UInt32 1767300031
-- p5 Array(UInt64) ["81985529216486895"]
