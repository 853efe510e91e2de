SELECT
  intDiv(toUnixTimestamp(minute), {p0:UInt32}) AS `timeMs`,
  if(has({p1:Array(String)}, arrayStringConcat(array(toString(service), multiIf(key_1 = {p2:String}, toString(value_1), key_2 = {p2:String}, toString(value_2), '')), {p3:String})), array(toString(service), multiIf(key_1 = {p2:String}, toString(value_1), key_2 = {p2:String}, toString(value_2), '')), arrayResize(emptyArrayString(), {p4:UInt32}, {p5:String})) AS `values`,
  sum(lines) AS `lines`,
  sumIf(lines, NOT has({p1:Array(String)}, arrayStringConcat(array(toString(service), multiIf(key_1 = {p2:String}, toString(value_1), key_2 = {p2:String}, toString(value_2), '')), {p3:String}))) + sumIf(folded, has({p1:Array(String)}, arrayStringConcat(array(toString(service), multiIf(key_1 = {p2:String}, toString(value_1), key_2 = {p2:String}, toString(value_2), '')), {p3:String}))) AS `folded`,
  sum(missing) AS `missing`,
  sum(no_number) AS `noNumber`,
  sum(toFloat64(whole)) + sum(toFloat64(nano)) / 1e9 AS `sum`,
  toString(min(least)) AS `least`,
  toString(max(most)) AS `most`,
  (mapKeys(sumMap(buckets)), mapValues(sumMap(buckets))) AS `histogram`
FROM `log_metrics`
WHERE (tenant = {p6:String}) AND ((minute >= toDateTime({p7:UInt32})) AND (minute < toDateTime({p8:UInt32}))) AND (metric = {p9:String})
GROUP BY intDiv(toUnixTimestamp(minute), {p0:UInt32}), if(has({p1:Array(String)}, arrayStringConcat(array(toString(service), multiIf(key_1 = {p2:String}, toString(value_1), key_2 = {p2:String}, toString(value_2), '')), {p3:String})), array(toString(service), multiIf(key_1 = {p2:String}, toString(value_1), key_2 = {p2:String}, toString(value_2), '')), arrayResize(emptyArrayString(), {p4:UInt32}, {p5:String}))
ORDER BY intDiv(toUnixTimestamp(minute), {p0:UInt32}), if(has({p1:Array(String)}, arrayStringConcat(array(toString(service), multiIf(key_1 = {p2:String}, toString(value_1), key_2 = {p2:String}, toString(value_2), '')), {p3:String})), array(toString(service), multiIf(key_1 = {p2:String}, toString(value_1), key_2 = {p2:String}, toString(value_2), '')), arrayResize(emptyArrayString(), {p4:UInt32}, {p5:String}))
-- p0 UInt32 60
-- p1 Array(String) ["tv\u001f/play"]
-- p2 String "http.route"
-- p3 String "\u001f"
-- p4 UInt32 2
-- p5 String "other"
-- p6 String "acme"
-- p7 UInt32 1767300000
-- p8 UInt32 1767303600
-- p9 String "orders"
