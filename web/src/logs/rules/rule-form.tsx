'use client'
import type { FilterError } from '@skein/schemas/filter'
import type { RuleError } from '@skein/schemas/rules/read-rule'
import type { ActionType } from '@skein/schemas/log-rule'
import { useTranslations } from 'next-intl'
import { Button } from '../../ui/button.tsx'
import { Field, INPUT_CLASS } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { QueryBar } from '../../search/query-bar.tsx'
import { faultWords, faultWordsAt } from '../../ui/failure-words.ts'
import { readLogQuery } from '../url.ts'
import { useSuggestions } from '../use-suggestions.ts'
import { ActionFields } from './action-fields.tsx'
import { moved } from './moved.ts'
import { ACTION_TYPES, type DraftAction, errorsAt, NEW_ACTIONS, type RuleDraft } from './draft.ts'

export interface RuleFormProps {
  draft: RuleDraft
  errors: readonly RuleError[]
  onChange: (draft: RuleDraft) => void
}

/** Name, match and actions of a rule. */
export function RuleForm({ draft, errors, onChange }: RuleFormProps) {
  const t = useTranslations('logs.rules')
  const { actions } = draft
  const setActions = (next: DraftAction[]) => onChange({ ...draft, actions: next })
  const words = useTranslations()
  const messages = (path: string) => errorsAt(errors, path).map((error) => faultWords(words, error))
  return (
    <div className="flex flex-col gap-3 p-3">
      <div className="grid items-start gap-3 phone:grid-cols-[minmax(0,1fr)_auto]">
        <Field label={t('name')} errors={messages('name')}>
          {(props) => (
            <input {...props} type="text" value={draft.name} className={INPUT_CLASS} onChange={({ target }) => onChange({ ...draft, name: target.value })} />
          )}
        </Field>
        <label className="flex h-7 items-center gap-1.5 phone:mt-[18px]">
          <input type="checkbox" checked={draft.enabled} onChange={({ target }) => onChange({ ...draft, enabled: target.checked })} />
          {t('enabled')}
        </label>
      </div>
      <Match match={draft.match} errors={messages('match')} onChange={(match) => onChange({ ...draft, match })} />
      {actions.map((action, at) => (
        // actions have no identity but their place
        <fieldset key={`${at} ${action.type}`} className="m-0 min-w-0 rounded-2 border border-line p-2.5">
          <legend className="flex items-center gap-1 px-1">
            <span className="text-11 font-semibold text-t2">{t('actionNumber', { number: at + 1 })}</span>
            <TypePicker action={action} onPick={(type) => setActions(actions.with(at, NEW_ACTIONS[type]))} />
            <Moves at={at} count={actions.length} onMove={(to) => setActions(moved(actions, at, to))} onRemove={() => setActions(actions.toSpliced(at, 1))} />
          </legend>
          <ActionFields action={action} path={`actions.${at}`} errors={errors} onChange={(next) => setActions(actions.with(at, next))} />
          <Faults messages={errors.filter(({ path }) => path === `actions.${at}` || path === `actions.${at}.type`).map((error) => faultWords(words, error))} />
        </fieldset>
      ))}
      <Faults messages={errors.filter(({ path }) => path === 'actions' || path === '').map((error) => faultWordsAt(words, error))} />
      <p>
        <Button onClick={() => setActions([...actions, NEW_ACTIONS.drop])}>
          <Icon name="plus" size={12} />
          {t('addAction')}
        </Button>
      </p>
    </div>
  )
}

function Match({ match, errors, onChange }: { match: string; errors: readonly string[]; onChange: (match: string) => void }) {
  const t = useTranslations('logs.rules')
  const words = useTranslations()
  const { suggest, onType } = useSuggestions()
  const said = (wrong: FilterError) => words('logs.query.fault', { column: wrong.column, detail: faultWords(words, wrong) })
  const read = readLogQuery(match)
  // a rule that is not whole yet is not read further; its search can be wrong all the same
  const faults = errors.length > 0 || read.ok ? errors : [said(read)]
  return (
    <div className="flex flex-col gap-0.5">
      <span className="text-11 text-t3">{t('match')}</span>
      <QueryBar
        label={t('match')}
        placeholder={t('matchPlaceholder')}
        text={match}
        read={readLogQuery}
        suggest={suggest}
        onType={(text, caret) => {
          onType(text, caret)
          onChange(text)
        }}
        fault={said}
        onSearch={(_read, text) => onChange(text)}
      />
      {faults.length === 0 ? <p className="text-11 text-t3">{match.trim() === '' ? t('matchAll') : t('matchHint')}</p> : <Faults messages={faults} />}
    </div>
  )
}

function TypePicker({ action, onPick }: { action: DraftAction; onPick: (type: ActionType) => void }) {
  const t = useTranslations('logs.rules')
  return (
    <select
      aria-label={t('action')}
      value={action.type}
      onChange={({ target }) => onPick(target.value as ActionType)}
      className="h-6 rounded-2 border border-ctl bg-surface px-1 font-medium text-t1"
    >
      {ACTION_TYPES.map((type) => (
        <option key={type} value={type}>
          {t(`type.${type}`)}
        </option>
      ))}
    </select>
  )
}

function Moves({ at, count, onMove, onRemove }: { at: number; count: number; onMove: (to: number) => void; onRemove: () => void }) {
  const t = useTranslations('logs.rules')
  const number = at + 1
  return (
    <>
      {at > 0 && (
        <Button look="ghost" small square aria-label={t('actionUp', { number })} title={t('actionUp', { number })} onClick={() => onMove(at - 1)}>
          <Icon name="down" size={12} className="rotate-180" />
        </Button>
      )}
      {at < count - 1 && (
        <Button look="ghost" small square aria-label={t('actionDown', { number })} title={t('actionDown', { number })} onClick={() => onMove(at + 1)}>
          <Icon name="down" size={12} />
        </Button>
      )}
      {count > 1 && (
        <Button look="ghost" small square aria-label={t('removeAction', { number })} title={t('removeAction', { number })} onClick={onRemove}>
          <Icon name="close" size={12} />
        </Button>
      )}
    </>
  )
}

function Faults({ messages }: { messages: readonly string[] }) {
  return messages.map((message) => (
    <p key={message} className="text-11 text-bad-text">
      {message}
    </p>
  ))
}
