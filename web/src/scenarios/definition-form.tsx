'use client'
import type { ScenarioDefinition, ScenarioStep } from '@skein/schemas/scenario'
import { useTranslations } from 'next-intl'
import { type ReactNode, useId } from 'react'
import { useServices } from '../api/questions.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

interface FormProps {
  definition: ScenarioDefinition
  onChange: (definition: ScenarioDefinition) => void
}

const INPUT = 'h-7 w-full min-w-0 rounded-2 border border-ctl bg-surface px-2 text-t1'

/** Name, key, length and steps of a scenario, each with a label. */
export function DefinitionForm({ definition, onChange }: FormProps) {
  const t = useTranslations('scenarios')
  const services = useServices()
  const serviceNames = useId()
  const set = (part: Partial<ScenarioDefinition>) => onChange({ ...definition, ...part })
  const setStep = (at: number, step: ScenarioStep) => set(withStep(definition, at, step))
  return (
    <div className="flex flex-col gap-3 px-3">
      <div className="grid gap-2 phone:grid-cols-[2fr_1fr_90px]">
        <Field label={t('field.name')}>
          <input className={INPUT} value={definition.name} onChange={(event) => set({ name: event.target.value })} />
        </Field>
        <Field label={t('field.key')}>
          <input className={INPUT} list={`${serviceNames}-keys`} value={definition.key} onChange={(event) => set({ key: event.target.value })} />
        </Field>
        <Field label={t('field.within')}>
          <input className={INPUT} value={definition.within} onChange={(event) => set({ within: event.target.value })} />
        </Field>
      </div>
      <datalist id={`${serviceNames}-keys`}>
        {['session', 'user', 'trace', 'attribute:'].map((key) => (
          <option key={key} value={key} />
        ))}
      </datalist>
      <datalist id={serviceNames}>
        {[...new Set(services.data?.services.map(({ name }) => name))].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {definition.steps.map((step, at) => (
        // steps have no identity but their place
        <StepFields
          key={at}
          step={step}
          at={at}
          services={serviceNames}
          onChange={(next) => setStep(at, next)}
          {...(definition.steps.length === 1 ? {} : { onRemove: () => set({ steps: definition.steps.toSpliced(at, 1) }) })}
        />
      ))}
      <div className="flex flex-wrap items-end gap-2">
        <Button onClick={() => set({ steps: [...definition.steps, { name: '', match: { kind: 'span' } }] })}>
          <Icon name="plus" size={12} />
          {t('addStep')}
        </Button>
        <Field label={t('field.success')}>
          <select className={INPUT} value={definition.success} onChange={(event) => set({ success: event.target.value })}>
            {!definition.steps.some(({ name }) => name === definition.success) && <option value={definition.success}>–</option>}
            {definition.steps.map(({ name }, at) => (
              <option key={at} value={name}>
                {name}
              </option>
            ))}
          </select>
        </Field>
      </div>
    </div>
  )
}

/** A renamed step stays the success it was; the last step is success as long as none was chosen. */
function withStep(definition: ScenarioDefinition, at: number, step: ScenarioStep): Partial<ScenarioDefinition> {
  const before = definition.steps[at]
  return { steps: definition.steps.with(at, step), ...(before?.name === definition.success ? { success: step.name } : {}) }
}

function Field({ label, children }: { label: string; children: ReactNode }) {
  return (
    <label className="flex min-w-0 flex-col gap-0.5 text-11 text-t3">
      {label}
      {children}
    </label>
  )
}

interface StepFieldsProps {
  step: ScenarioStep
  at: number
  /** Id of the list of services. */
  services: string
  onChange: (step: ScenarioStep) => void
  onRemove?: () => void
}

function StepFields({ step, at, services, onChange, onRemove }: StepFieldsProps) {
  const t = useTranslations('scenarios')
  const { match } = step
  /** An empty field is none. */
  const text = (field: 'service' | 'operation' | 'event' | 'where') => (
    <Field label={t(`field.${field}`)}>
      <input
        className={INPUT}
        value={match[field] ?? ''}
        {...(field === 'service' ? { list: services } : {})}
        onChange={(event) => onChange({ ...step, match: { ...without(match, field), ...(event.target.value === '' ? {} : { [field]: event.target.value }) } })}
      />
    </Field>
  )
  return (
    <fieldset className="m-0 min-w-0 rounded-2 border border-line p-2">
      <legend className="px-1 text-11 font-semibold text-t2">{t('stepNumber', { number: at + 1 })}</legend>
      <div className="grid gap-2 phone:grid-cols-2 wide:grid-cols-3">
        <Field label={t('field.name')}>
          <input className={INPUT} value={step.name} onChange={(event) => onChange({ ...step, name: event.target.value })} />
        </Field>
        <Field label={t('field.kind')}>
          <select
            className={INPUT}
            value={match.kind}
            onChange={(event) => onChange({ ...step, match: { kind: event.target.value === 'device' ? 'device' : 'span' } })}
          >
            <option value="span">{t('kind.span')}</option>
            <option value="device">{t('kind.device')}</option>
          </select>
        </Field>
        {text('service')}
        {text(match.kind === 'span' ? 'operation' : 'event')}
        {text('where')}
        <SlowField step={step} onChange={onChange} />
      </div>
      <div className="mt-2 flex items-center gap-3">
        {at > 0 && (
          <label className="flex items-center gap-1.5 text-t2">
            <input
              type="checkbox"
              checked={step.optional === true}
              onChange={(event) => onChange({ ...without(step, 'optional'), ...(event.target.checked ? { optional: true } : {}) })}
            />
            {t('field.optional')}
          </label>
        )}
        {onRemove !== undefined && (
          <Button look="ghost" small className="ml-auto" onClick={onRemove}>
            {t('removeStep', { number: at + 1 })}
          </Button>
        )}
      </div>
    </fieldset>
  )
}

function SlowField({ step, onChange }: Pick<StepFieldsProps, 'step' | 'onChange'>) {
  const t = useTranslations('scenarios')
  return (
    <Field label={t('field.slowMs')}>
      <input
        className={INPUT}
        inputMode="numeric"
        value={step.slowMs ?? ''}
        onChange={(event) => {
          const slowMs = Number(event.target.value)
          onChange({ ...without(step, 'slowMs'), ...(event.target.value === '' || Number.isNaN(slowMs) ? {} : { slowMs }) })
        }}
      />
    </Field>
  )
}

function without<T extends object, K extends keyof T>(object: T, key: K): Omit<T, K> {
  const { [key]: _left, ...rest } = object
  return rest
}
