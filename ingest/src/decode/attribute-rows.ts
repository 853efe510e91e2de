/** The attributes of the rows of a batch: what makes columns `items` and `rest` of them reads no more than this. */
export interface AttributeRows {
  /** All payloads of the batch, one after the other. */
  bytes: Buffer
  /** Rows. */
  length: number
  /** Row → range of `attributes` (in tuples). */
  attributeFrom: Int32Array
  attributeTo: Int32Array
  /** Five numbers a tuple: key start, key end, AnyValue field number (0 = empty), value start, value end. Varint, bool and double values are their wire bytes. */
  attributes: Int32Array
  /** Attribute tuple → number of its key, below `keyCount`; the same bytes are the same number within a batch. */
  attributeKey: Int32Array
  keyCount: number
  /** Tuples. */
  attributeCount: number
}
