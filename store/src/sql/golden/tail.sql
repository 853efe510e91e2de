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
  rest AS `rest`,
  toUnixTimestamp64Milli(received) AS `receivedMs`
FROM `logs`
WHERE (tenant = {p0:String}) AND (received >= fromUnixTimestamp64Milli({p1:Int64})) AND (((seq >= {p2:UInt64}) AND (seq < {p3:UInt64})) OR ((seq >= {p4:UInt64}) AND (seq < {p5:UInt64})))
ORDER BY received, ts, seq
LIMIT {p6:UInt32}
-- p0 String "acme"
-- p1 Int64 1767299430000
-- p2 UInt64 "216172782122172416"
-- p3 UInt64 "216172782124269568"
-- p4 UInt64 "288230376151711744"
-- p5 UInt64 "288230376152760320"
-- p6 UInt32 10
