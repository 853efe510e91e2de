/** Height of a row of the waterfall, however it is drawn. */
export const ROW_PX = 26
/** Deeper rows stay at this indent and say their depth. */
export const MAX_INDENT = 11
