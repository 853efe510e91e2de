import { QueryLimitError, RejectedBlockError, StoreUnavailableError, StoreVersionError } from './errors.ts'

/** Codes of ClickHouse that mean the block itself is at fault: the same bytes would fail again. */
const REJECTED = new Set([
  6, // CANNOT_PARSE_TEXT
  7, // INCORRECT_NUMBER_OF_COLUMNS
  8, // THERE_IS_NO_COLUMN
  9, // SIZES_OF_COLUMNS_DOESNT_MATCH
  10, // NOT_FOUND_COLUMN_IN_BLOCK
  16, // NO_SUCH_COLUMN_IN_TABLE
  20, // NUMBER_OF_COLUMNS_DOESNT_MATCH
  26, // CANNOT_PARSE_QUOTED_STRING
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  32, // ATTEMPT_TO_READ_AFTER_EOF
  33, // CANNOT_READ_ALL_DATA
  34, // TOO_MANY_ARGUMENTS_FOR_FUNCTION
  47, // UNKNOWN_IDENTIFIER
  49, // LOGICAL_ERROR
  50, // UNKNOWN_TYPE
  53, // TYPE_MISMATCH
  69, // ARGUMENT_OUT_OF_BOUND
  70, // CANNOT_CONVERT_TYPE
  117, // INCORRECT_DATA
  128, // TOO_LARGE_ARRAY_SIZE
  131, // TOO_LARGE_STRING_SIZE
  190, // SIZES_OF_ARRAYS_DONT_MATCH
  261, // UNKNOWN_BLOCK_INFO_FIELD
  321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  349, // CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN
  407, // DECIMAL_OVERFLOW
  636, // CANNOT_EXTRACT_TABLE_STRUCTURE
])

const QUERY_LIMITS: ReadonlyMap<number, QueryLimitError['limit']> = new Map([
  [159, 'time'], // TIMEOUT_EXCEEDED
  [160, 'time'], // TOO_SLOW
  [394, 'time'], // QUERY_WAS_CANCELLED
  [241, 'memory'], // MEMORY_LIMIT_EXCEEDED
  [158, 'rows'], // TOO_MANY_ROWS
  [307, 'rows'], // TOO_MANY_BYTES
  [396, 'rows'], // TOO_MANY_ROWS_OR_BYTES
  [202, 'concurrency'], // TOO_MANY_SIMULTANEOUS_QUERIES
])

/** Faults of the block that share their code with faults of others: a type's name that is none, and too many days in one block. */
const REJECTED_TEXT = /Syntax error \(data type\)|too many partitions for single insert block/i

/** The ClickHouse code of an error of either driver, undefined when the engine did not answer. */
export function clickhouseCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const code = 'code' in error ? Number(error.code) : Number.NaN
  if (Number.isInteger(code)) return code
  const found = 'message' in error ? /Code: (\d+)\. DB::Exception/.exec(String(error.message))?.[1] : undefined
  return found === undefined ? undefined : Number(found)
}

/** What a failed insert means. Everything that is not known to be the block's fault may pass later: full disk, memory, network, start. */
export function insertError(error: unknown): Error {
  const code = clickhouseCode(error)
  const message = messageOf(error)
  if (code !== undefined && (REJECTED.has(code) || REJECTED_TEXT.test(message))) return new RejectedBlockError(message, { cause: error })
  return new StoreUnavailableError(message, { cause: error })
}

/** What a failed question means. A statement the engine does not understand is our own mistake and stays what it is. */
export function queryError(error: unknown): Error {
  if (isOurs(error)) return error
  const code = clickhouseCode(error)
  const message = messageOf(error)
  const limit = code === undefined ? undefined : QUERY_LIMITS.get(code)
  if (limit !== undefined) return new QueryLimitError(limit, message)
  if (code !== undefined && REJECTED.has(code)) return error instanceof Error ? error : new Error(message)
  return new StoreUnavailableError(message, { cause: error })
}

function isOurs(error: unknown): error is Error {
  return error instanceof QueryLimitError || error instanceof StoreUnavailableError || error instanceof StoreVersionError
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
