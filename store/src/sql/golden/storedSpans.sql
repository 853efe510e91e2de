SELECT
  lower(hex(trace_id)) AS `traceId`,
  toUnixTimestamp64Milli(ts) + greatest(toInt64(late), 60) * 1000 AS `arrivedByMs`,
  weight AS `weight`,
  lower(hex(span_id)) AS `spanId`,
  lower(hex(reinterpretAsFixedString(parent_lo))) AS `parentLow`,
  lower(hex(reinterpretAsFixedString(parent_hi))) AS `parentHigh`,
  name AS `name`,
  kind AS `kind`,
  status AS `status`,
  message AS `message`,
  service AS `service`,
  scope AS `scope`,
  toString(toUnixTimestamp64Nano(ts)) AS `startNs`,
  toString(duration) AS `durationNs`,
  leftPad(lower(hex(resource_fp)), 16, '0') AS `resource`,
  base64Encode(events) AS `events`,
  base64Encode(links) AS `links`,
  items AS `items`,
  rest AS `rest`
FROM `spans`
WHERE (tenant = {p0:String}) AND (bucket >= toDateTime({p1:UInt32})) AND (bucket <= toDateTime({p2:UInt32})) AND (trace_id IN (toFixedString(unhex({p3:String}), 16))) AND (toUnixTimestamp64Milli(ts) + greatest(toInt64(late), 60) * 1000 < {p4:Int64})
ORDER BY trace_id, ts, span_id
LIMIT {p5:UInt32} BY trace_id
-- p0 String "acme"
-- p1 UInt32 1767300000
-- p2 UInt32 1767303600
-- p3 String "0123456789abcdef0123456789abcdef"
-- p4 Int64 1767303600000
-- p5 UInt32 1000
