/** What can be recognised without being told how it looks. */
export const REDACTION_PRESETS = ['phone', 'chinese_id', 'bank_card', 'email', 'ip', 'jwt', 'cloud_key'] as const
