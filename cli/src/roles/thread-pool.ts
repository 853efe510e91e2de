/** Writers insert, readers answer questions, the rest is file work: each holds a thread of libuv's pool. */
export const THREAD_POOL_SIZE = 16
