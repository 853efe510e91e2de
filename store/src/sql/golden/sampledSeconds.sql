SELECT
  toString(toUnixTimestamp64Nano(ts)) AS `timeNs`,
  toString(seq) AS `seq`,
  severity AS `severity`,
  severity_text AS `severityText`,
  service AS `service`,
  scope AS `scope`,
  leftPad(lower(hex(resource_fp)), 16, '0') AS `resource`,
  if(trace_id = toFixedString('', 16), '', lower(hex(trace_id))) AS `traceId`,
  if(span_id = toFixedString('', 8), '', lower(hex(span_id))) AS `spanId`,
  if(pattern = 0, '', leftPad(lower(hex(pattern)), 16, '0')) AS `pattern`,
  body AS `body`,
  body_kind AS `bodyKind`,
  items AS `items`,
  rest AS `rest`
FROM `logs`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket <= toDateTime({p2:UInt32})) AND (ts >= fromUnixTimestamp64Nano(toInt64({p3:UInt64}))) AND (intHash64(toUnixTimestamp(toDateTime(ts))) % {p4:UInt32} = 0) AND (intHash64(seq) % {p5:UInt32} = 0)
ORDER BY ts, seq
LIMIT {p6:UInt32}
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303300
-- p3 UInt64 "1767300030000000000"
-- p4 UInt32 63
-- p5 UInt32 16
-- p6 UInt32 100
