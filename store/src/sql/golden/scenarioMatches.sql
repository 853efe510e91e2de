SELECT
  key_hash AS `keys`,
  toFloat64(at_ns - {p0:Int64} * 1000000) AS `at`,
  toUInt8(step * 2 + erred) AS `code`,
  toFloat64(took) AS `took`,
  trace_id AS `trace`,
  span_id AS `span`
FROM (SELECT
  key_hash AS `key_hash`,
  toUnixTimestamp64Nano(ts) AS `at_ns`,
  step AS `step`,
  error AS `erred`,
  duration AS `took`,
  trace_id AS `trace_id`,
  span_id AS `span_id`
FROM `scenario_steps`
WHERE (tenant = {p1:String}) AND (scenario = {p2:String}) AND (version = {p3:UInt32}) AND (bucket >= toDateTime({p4:UInt32})) AND (bucket < toDateTime({p5:UInt32})) AND (toUnixTimestamp64Nano(ts) >= {p0:Int64} * 1000000) AND (toUnixTimestamp64Nano(ts) < {p6:Int64} * 1000000))
WHERE (NOT (key_hash = 0)) AND (key_hash <= {p7:UInt64})
LIMIT {p8:UInt32}
-- p0 Int64 1767299970000
-- p1 String "acme"
-- p2 String "sc"
-- p3 UInt32 2
-- p4 UInt32 1767299670
-- p5 UInt32 1767303660
-- p6 Int64 1767303660000
-- p7 UInt64 "4611686018427387903"
-- p8 UInt32 10
