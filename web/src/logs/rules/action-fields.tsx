'use client'
import { REDACTION_PRESETS } from '@skein/schemas/redaction'
import type { RuleError } from '@skein/schemas/rules/read-rule'
import { useTranslations } from 'next-intl'
import { useState } from 'react'
import { Field, INPUT_CLASS } from '../../ui/field.tsx'
import { faultWordsAt } from '../../ui/failure-words.ts'
import { ACTION_FIELDS, type DraftAction, errorsAt, type FieldSpec, typedOf, withField } from './draft.ts'

export interface ActionFieldsProps {
  action: DraftAction
  /** Path of the action in the definition. */
  path: string
  errors: readonly RuleError[]
  onChange: (action: DraftAction) => void
}

/** What can be said of one action, each with its faults below it. */
export function ActionFields({ action, path, errors, onChange }: ActionFieldsProps) {
  const t = useTranslations('logs.rules')
  const words = useTranslations()
  const specs = ACTION_FIELDS[action.type].filter(({ when }) => when?.(action) ?? true)
  if (specs.length === 0) return <p className="text-t2">{t('about.drop')}</p>
  return (
    <>
      <p className="mb-1.5 text-11 text-t3">{t(`about.${action.type}`)}</p>
      <div className="grid gap-2 phone:grid-cols-2 min-[1400px]:grid-cols-3">
        {specs.map((spec) => (
          <Field
            key={spec.name}
            label={t(`field.${spec.name}`)}
            errors={errorsAt(errors, `${path}.${spec.name}`).map((error) => faultWordsAt(words, { ...error, path: '' }))}
            className={spec.kind === 'presets' || spec.kind === 'rows' ? 'phone:col-span-2' : ''}
          >
            {(props) => <Input {...props} spec={spec} action={action} onChange={onChange} />}
          </Field>
        ))}
      </div>
    </>
  )
}

interface InputProps {
  id: string
  'aria-invalid': boolean
  'aria-describedby'?: string
  spec: FieldSpec
  action: DraftAction
  onChange: (action: DraftAction) => void
}

function Input({ spec, action, onChange, ...props }: InputProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const held = typedOf(action, spec)
  const take = (text: string) => {
    setTyped(text)
    onChange(withField(action, spec, text))
  }
  // `a, ` is on the way to `a, b`: what is typed stays until the field is left
  const own = {
    ...props,
    value: typed ?? held,
    onBlur: () => setTyped(null),
    className: `${INPUT_CLASS} ${spec.kind === 'text' || spec.kind === 'list' ? 'mono' : ''}`,
  }
  if (spec.kind === 'presets') return <Presets id={props.id} action={action} onChange={onChange} />
  if (spec.kind === 'rows')
    return <textarea {...own} rows={2} spellCheck={false} className={`${own.className} mono py-1`} onChange={({ target }) => take(target.value)} />
  if (spec.kind === 'choice') {
    return (
      <select {...own} onChange={({ target }) => take(target.value)}>
        {(spec.options ?? []).map((option) => (
          <option key={option} value={option}>
            {option === '' ? '–' : option}
          </option>
        ))}
      </select>
    )
  }
  return (
    <input
      {...own}
      type="text"
      spellCheck={false}
      autoComplete="off"
      {...(spec.kind === 'number' ? { inputMode: 'decimal' } : {})}
      onChange={({ target }) => take(target.value)}
    />
  )
}

function Presets({ id, action, onChange }: { id: string; action: DraftAction; onChange: (action: DraftAction) => void }) {
  const t = useTranslations('logs.rules.preset')
  const chosen = Array.isArray(action['presets']) ? action['presets'].map(String) : []
  return (
    <div id={id} className="flex flex-wrap gap-x-3 gap-y-1 py-1">
      {REDACTION_PRESETS.map((preset) => (
        <label key={preset} className="flex items-center gap-1.5 text-t1">
          <input
            type="checkbox"
            checked={chosen.includes(preset)}
            onChange={({ target }) => onChange({ ...action, presets: target.checked ? [...chosen, preset] : chosen.filter((each) => each !== preset) })}
          />
          {t(preset)}
        </label>
      ))}
    </div>
  )
}
