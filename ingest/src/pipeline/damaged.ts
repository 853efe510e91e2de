/** Records whose envelope cannot be read belong to nobody who can be named: they count for the platform's own tenant. */
export const NO_TENANT = 'system'
