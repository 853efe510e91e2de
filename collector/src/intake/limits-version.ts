/** Which reading of the limits measured a request, for whoever cuts it later. Grows when what a limit means changes. */
export const LIMITS_VERSION = 1
